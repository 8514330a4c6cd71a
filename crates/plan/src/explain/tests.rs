use super::*;
use crate::assess::tests::world::World;
use crate::assess::{Evidence, Inputs, Prepared, assess};
use pehra_domain::{PersonId, override_record::OverrideCode, station::OfficialClass};
use std::ops::ControlFlow;

fn all(inputs: &Inputs<'_>) -> Vec<StationAssessment> {
    assess(&Model::default_pk2024(), inputs, 7, 50, 2, &mut |_| ControlFlow::Continue(())).unwrap()
}

fn urdu(text: &str) -> bool {
    text.chars().any(|c| ('\u{600}'..'\u{700}').contains(&c))
}

#[test]
fn every_station_has_four_reasons_in_two_languages_and_a_source_for_every_factor() {
    let world = World::new(200, 3);
    let inputs = world.inputs();
    let model = Model::default_pk2024();
    let prepared = Prepared::new(&model, &inputs);
    for (station, assessment) in world.stations.iter().zip(all(&inputs)) {
        let evidence = prepared.derive(station);
        let told = explain(&model, &assessment, Some(&evidence), &[], inputs.as_of);
        assert_eq!(told.reasons.len(), 4);
        assert_eq!(told.factors.len(), FACTOR_COUNT);
        for reason in &told.factors {
            assert!(!reason.source.en.is_empty() && urdu(&reason.source.ur), "{reason:?}");
            assert!(reason.text.en.ends_with('.') && reason.text.ur.ends_with('۔'));
            assert!(!urdu(&reason.text.en), "{}", reason.text.en);
        }
        let sizes: Vec<u32> =
            told.reasons.iter().map(|r| r.contribution_centi.unsigned_abs()).collect();
        assert!(sizes.windows(2).all(|pair| pair[0] >= pair[1]), "{sizes:?}");
        let greatest =
            told.factors.iter().map(|r| r.contribution_centi.unsigned_abs()).max().unwrap();
        assert_eq!(sizes[0], greatest);
        assert!(told.missing.is_some(), "nobody surveyed everything");
        assert!(told.disagreement.is_none() && told.overrides.is_empty());
    }
}

#[test]
fn an_attack_is_told_with_number_distance_and_age() {
    let mut world = World::new(40, 3);
    let place = world.stations[0].point;
    for (n, north) in (0..).zip([189_000, 300_000, 500_000]) {
        let mut attack = world.incidents[0].clone();
        attack.id = format!("ucdp:9{n}");
        attack.place_precision = 1;
        attack.date = pehra_domain::Date::of_pkt(world.as_of).plus_days(-12 - n);
        attack.date_end = attack.date;
        attack.point = pehra_domain::Point { lat_e7: place.lat_e7 + north, ..place };
        world.incidents.push(attack);
    }
    let inputs = world.inputs();
    let model = Model::default_pk2024();
    let evidence = Prepared::new(&model, &inputs).derive(&world.stations[0]);
    let assessment = all(&inputs).swap_remove(0);
    let Evidence::Attacks { within, .. } = evidence[Factor::T2.index()].evidence else {
        panic!("attacks are known");
    };
    assert!(within >= 3);
    let told = explain(&model, &assessment, Some(&evidence), &[], inputs.as_of);
    let text = &told.factors[Factor::T2.index()].text;
    for part in
        ["attacks within 10 km in 12 months", "nearest 2.1 km", "newest 12 days ago", "of 4"]
    {
        assert!(text.en.contains(part), "{}", text.en);
    }
    assert!(text.ur.contains("حملے") && text.ur.contains("کلومیٹر"));
}

#[test]
fn a_result_without_its_inputs_is_still_explained() {
    let world = World::new(30, 3);
    let assessment = all(&world.inputs()).swap_remove(0);
    let told = explain(&Model::default_pk2024(), &assessment, None, &[], world.as_of);
    assert_eq!(told.factors[Factor::C1.index()].source.en, "observed");
    assert!(told.factors[Factor::T3.index()].source.en.contains("declared prior"));
    assert!(told.missing.unwrap().en.contains("T3"));
}

#[test]
fn an_override_and_a_differing_official_class_are_said_aloud() {
    let mut world = World::new(30, 3);
    world.stations[0].official.push(OfficialClass {
        class: RiskClass::Normal,
        source: "commission".to_owned(),
        as_of: None,
        approved_by: None,
    });
    let records = [OverrideRecord {
        station: world.stations[0].id.clone(),
        code: OverrideCode::O2,
        reason: "four killed at the gate in 2018".to_owned(),
        signed_by: PersonId::try_new("dro").unwrap(),
        expires: UnixMs(world.as_of.0 + 1),
    }];
    let inputs = Inputs { overrides: &records, ..world.inputs() };
    let assessment = all(&inputs).swap_remove(0);
    let model = Model::default_pk2024();
    let told = explain(&model, &assessment, None, &records, world.as_of);
    assert_eq!(told.class, RiskClass::Most);
    assert!(told.overrides[0].en.contains("four killed") && urdu(&told.overrides[0].ur));
    let difference = told.disagreement.unwrap();
    assert!(difference.en.contains("official class is normal, ours is most sensitive"));
    let bare = explain(&model, &assessment, None, &[], world.as_of);
    assert_eq!(bare.overrides.len(), 1, "the rule is told even without its record");
}

#[test]
fn what_if_agrees_with_the_score_and_with_itself() {
    let world = World::new(60, 3);
    let model = Model::default_pk2024();
    for assessment in all(&world.inputs()) {
        for factor in Factor::ALL {
            let now = shown(&assessment, factor).centi;
            let same = what_if(&model, &assessment, factor, now);
            assert_eq!(same.score_centi, assessment.inherent_centi);
            assert_eq!(same.class, assessment.class);
            let (none, all) = (
                what_if(&model, &assessment, factor, 0),
                what_if(&model, &assessment, factor, 9_999),
            );
            assert_eq!(all.centi, 400);
            assert!(none.score_centi <= same.score_centi && same.score_centi <= all.score_centi);
            let one = what_if(&model, &assessment, factor, 100);
            assert_eq!(one.contributions_centi[factor.index()], 0, "1 is the reference");
            let gap = i32::from(same.score_centi) - i32::from(one.score_centi);
            assert!((same.contributions_centi[factor.index()] - gap).abs() <= 1);
            assert!(urdu(&all.text.ur) && all.text.en.contains("of 4"));
        }
    }
}
