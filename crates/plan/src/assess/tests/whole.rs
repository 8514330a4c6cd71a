use super::world::World;
use crate::assess::model::{Model, ModelError};
use crate::assess::score::{Points, classify, score};
use crate::assess::{Inputs, Prepared, assess};
use pehra_domain::{
    PersonId, UnixMs,
    override_record::{OverrideCode, OverrideRecord},
    plan::BuildingNeed,
    risk::{FACTOR_COUNT, Factor, FactorBasis, RiskClass, StationAssessment},
};
use proptest::prelude::*;
use std::ops::ControlFlow;

fn run(inputs: &Inputs<'_>, threads: usize) -> Vec<StationAssessment> {
    let model = Model::default_pk2024();
    assess(&model, inputs, 7, 200, threads, &mut |_| ControlFlow::Continue(())).unwrap()
}

#[test]
fn the_file_is_the_default_model() {
    let text = include_str!("../../../../../data/risk_model.toml");
    assert_eq!(Model::parse(text).unwrap(), Model::default_pk2024());
}

#[test]
fn a_model_that_breaks_a_rule_is_refused_with_the_rule() {
    let text = Model::default_pk2024().to_toml().unwrap();
    let bad = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        Model::parse(&text.replacen(from, to, 1)).unwrap_err()
    };
    assert!(matches!(
        bad("weight = 0.22", "weight = 0.32"),
        ModelError::Weights { part: "threat", .. }
    ));
    assert_eq!(bad("most = 50.0", "most = 20.0"), ModelError::Thresholds);
    assert!(matches!(bad("threat = 0.45", "threat = 0.5"), ModelError::Exponents(_)));
    assert!(matches!(
        bad("code = \"T2\"", "code = \"T1\""),
        ModelError::Order { expected: "T2", .. }
    ));
    assert!(matches!(bad("floor = 5.0", "flor = 5.0"), ModelError::Syntax(_)));
    assert!(matches!(
        bad("[0.8, 0.12, 0.05, 0.02, 0.01]", "[1.0, 0.0, 0.0, 0.0, 0.0]"),
        ModelError::Prior("T1")
    ));
    assert!(matches!(bad("floor = 5.0", "floor = nan"), ModelError::Range { field: "floor", .. }));
    assert!(bad("weight = 0.22", "weight = 0.32").to_string().contains("make them sum to 1"));
}

#[test]
fn every_station_is_assessed_in_order_and_holds_together() {
    let world = World::new(600, 3);
    let all = run(&world.inputs(), 2);
    assert_eq!(all.len(), 600);
    let model = Model::default_pk2024();
    for (station, found) in world.stations.iter().zip(&all) {
        assert_eq!(station.id, found.station);
        assert_eq!(found.factors.len(), FACTOR_COUNT);
        assert!(found.p10_centi <= found.p50_centi && found.p50_centi <= found.p90_centi);
        assert_eq!(found.class_permille.iter().sum::<u16>(), 1_000);
        assert_eq!(found.class, model.class_of(found.inherent_centi));
        assert_eq!(found.provisional, found.completeness_pct < 50);
        assert_eq!(found.residual_centi, None);
    }
    let classes: std::collections::BTreeSet<RiskClass> = all.iter().map(|a| a.class).collect();
    assert!(classes.len() > 1, "a world of one class tests little");
}

#[test]
fn threads_and_order_change_nothing() {
    let world = World::new(3_000, 3);
    let one = run(&world.inputs(), 1);
    assert_eq!(one, run(&world.inputs(), 2));
    assert_eq!(one, run(&world.inputs(), 7));
    let mut turned = World::new(3_000, 3);
    turned.stations.reverse();
    turned.buildings.reverse();
    turned.incidents.reverse();
    turned.surveys.reverse();
    turned.units.reverse();
    let mut back = run(&turned.inputs(), 2);
    back.reverse();
    assert_eq!(one, back);
}

#[test]
fn another_seed_moves_the_draws_and_not_the_score() {
    let world = World::new(300, 3);
    let model = Model::default_pk2024();
    let go = |seed| {
        assess(&model, &world.inputs(), seed, 200, 2, &mut |_| ControlFlow::Continue(())).unwrap()
    };
    let (a, b) = (go(1), go(2));
    assert!(a.iter().zip(&b).all(|(x, y)| x.inherent_centi == y.inherent_centi));
    assert!(a.iter().zip(&b).any(|(x, y)| x.p90_centi != y.p90_centi));
}

#[test]
fn nothing_known_means_the_prior_and_provisional_never_zero() {
    let mut world = World::new(50, 3);
    world.incidents.clear();
    world.surveys.clear();
    world.units.clear();
    for station in &mut world.stations {
        station.voters = Default::default();
        station.booths = Default::default();
    }
    let all = run(&world.inputs(), 1);
    for found in &all {
        assert!(found.provisional, "{}", found.completeness_pct);
        for factor in [Factor::T1, Factor::T2, Factor::T3, Factor::V2, Factor::C1] {
            let value = found.factors[factor.index()];
            assert_eq!(value.basis, FactorBasis::Prior, "{factor:?}");
            assert!(value.centi > 0);
        }
        assert!(found.p90_centi > found.p10_centi, "not knowing is wide");
    }
}

#[test]
fn a_missing_factor_is_drawn_from_its_own_district_first() {
    let mut world = World::new(400, 3);
    let (poor, rich) = (world.districts[0].clone(), world.districts[1].clone());
    for station in &mut world.stations {
        if station.district == poor {
            station.voters.men = 5_000;
        } else if station.district == rich {
            station.voters.men = 100;
            station.voters.women = 50;
        }
    }
    let first_in = |world: &World, district| {
        world.stations.iter().position(|s| s.district == district).unwrap()
    };
    let (a, b) = (first_in(&world, poor), first_in(&world, rich));
    world.stations[a].voters = Default::default();
    world.stations[b].voters = Default::default();
    let all = run(&world.inputs(), 1);
    let c1 = |at: usize| all[at].factors[Factor::C1.index()];
    assert_eq!((c1(a).basis, c1(b).basis), (FactorBasis::District, FactorBasis::District));
    assert!(c1(a).centi > 300 && c1(b).centi < 20, "{} {}", c1(a).centi, c1(b).centi);
}

#[test]
fn overrides_raise_the_class_until_they_expire() {
    let world = World::new(60, 3);
    let base = run(&world.inputs(), 1);
    let quiet = base.iter().position(|a| a.class == RiskClass::Normal).unwrap();
    let signed = |code, expires| OverrideRecord {
        station: world.stations[quiet].id.clone(),
        code,
        reason: "graded B2".to_owned(),
        signed_by: PersonId::try_new("dpo").unwrap(),
        expires: UnixMs(expires),
    };
    let now = world.as_of.0;
    let class = |records: &[OverrideRecord]| {
        let inputs = Inputs { overrides: records, ..world.inputs() };
        let found = run(&inputs, 1).swap_remove(quiet);
        assert_eq!(found.inherent_centi, base[quiet].inherent_centi, "the score stays");
        (found.class, found.overrides)
    };
    assert_eq!(
        class(&[signed(OverrideCode::O1, now + 1)]),
        (RiskClass::Most, vec![OverrideCode::O1])
    );
    assert_eq!(class(&[signed(OverrideCode::O3, now + 1)]).0, RiskClass::Sensitive);
    assert_eq!(class(&[signed(OverrideCode::O2, now)]), (RiskClass::Normal, vec![]));
}

#[test]
fn a_plan_lowers_the_residual_and_leaves_the_inherent_score() {
    let world = World::new(200, 3);
    let base = run(&world.inputs(), 1);
    let needs: Vec<BuildingNeed> = world
        .buildings
        .iter()
        .map(|building| BuildingNeed {
            building: building.id.clone(),
            kind: pehra_domain::force::StaffKind::PoliceMan,
            need: 8,
            minimum: 2,
            posted: 8,
        })
        .collect();
    let planned = run(&Inputs { coverage: Some(&needs), ..world.inputs() }, 1);
    for (before, after) in base.iter().zip(&planned) {
        assert_eq!(before.inherent_centi, after.inherent_centi);
        assert!(after.residual_centi.unwrap() < after.inherent_centi);
    }
}

#[test]
fn the_official_class_stands_beside_ours_and_wins_for_forces() {
    let mut world = World::new(100, 3);
    let base = run(&world.inputs(), 1);
    let quiet = base.iter().position(|a| a.class == RiskClass::Normal).unwrap();
    world.stations[quiet].official.push(pehra_domain::station::OfficialClass {
        class: RiskClass::Most,
        source: "commission".to_owned(),
        as_of: None,
        approved_by: None,
    });
    let found = run(&world.inputs(), 1).swap_remove(quiet);
    assert_eq!(found.class, RiskClass::Normal);
    assert_eq!(found.force_class(), RiskClass::Most);
    assert!(found.disagrees());
}

#[test]
fn the_watcher_stops_the_work() {
    let world = World::new(3_000, 3);
    let model = Model::default_pk2024();
    let mut asked = 0;
    let result = assess(&model, &world.inputs(), 7, 10, 1, &mut |_| {
        asked += 1;
        if asked > 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(result.is_err());
    assert_eq!(asked, 4);
}

#[test]
fn events_after_the_day_of_assessment_change_nothing() {
    let mut world = World::new(300, 3);
    let before = run(&world.inputs(), 1);
    let later: Vec<_> = world.incidents.iter().take(40).cloned().collect();
    for (mut incident, n) in later.into_iter().zip(0..) {
        incident.id = format!("later:{n}");
        incident.date = pehra_domain::Date::of_pkt(world.as_of).plus_days(1 + n);
        incident.date_end = incident.date;
        world.incidents.push(incident);
    }
    assert_eq!(before, run(&world.inputs(), 1));
}

#[test]
fn events_that_end_years_before_leave_the_recent_threat_missing_not_zero() {
    let mut world = World::new(50, 3);
    for incident in &mut world.incidents {
        incident.date = incident.date.plus_days(-3_650);
        incident.date_end = incident.date;
    }
    let inputs = world.inputs();
    let model = Model::default_pk2024();
    let prepared = Prepared::new(&model, &inputs);
    let derived = prepared.derive(&world.stations[0]);
    assert_eq!(derived[Factor::T2.index()].value, None);
}

fn points() -> impl Strategy<Value = Points> {
    proptest::collection::vec(0.0..=4.0_f64, FACTOR_COUNT)
        .prop_map(|v| std::array::from_fn(|i| v[i]))
}

proptest! {
    #[test]
    fn raising_any_factor_never_lowers_score_or_class(
        base in points(), index in 0..FACTOR_COUNT, more in 0.0..=4.0_f64,
    ) {
        let model = Model::default_pk2024();
        let mut raised = base;
        raised[index] = (base[index] + more).min(4.0);
        prop_assert!(score(&model, &raised) >= score(&model, &base) - 1e-12);
        prop_assert!(classify(&model, &raised) >= classify(&model, &base));
    }

    #[test]
    fn the_score_lies_between_the_floor_and_a_hundred(base in points()) {
        let model = Model::default_pk2024();
        let found = score(&model, &base);
        prop_assert!((model.floor - 1e-9..=100.0 + 1e-9).contains(&found));
    }
}
