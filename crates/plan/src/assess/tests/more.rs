use super::world::World;
use crate::assess::place::assess_places;
use crate::assess::proposal::propose_overrides;
use crate::assess::quota::{count_classes, fit_thresholds};
use crate::assess::{Evidence, Inputs, Model, Prepared, ThreatPosterior, ThreatSubject, assess};
use pehra_domain::{
    BuildingId, Date,
    building::{Building, BuildingKind},
    override_record::OverrideCode,
    risk::{Factor, FactorBasis, RiskClass, StationAssessment},
    seed::Seed,
    station::PlaceBasis,
    survey::{SurveyAnswer, SurveySubject},
};
use proptest::prelude::*;
use std::ops::ControlFlow;

fn run(inputs: &Inputs<'_>) -> Vec<StationAssessment> {
    let model = Model::default_pk2024();
    assess(&model, inputs, 7, 100, 2, &mut |_| ControlFlow::Continue(())).unwrap()
}

fn shuffled<T>(items: &mut [T], chance: &mut Seed) {
    for last in (1..items.len()).rev() {
        let other = usize::try_from(chance.below(last as u64 + 1)).unwrap();
        items.swap(last, other);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_order_of_any_input_and_no_number_of_threads_changes_a_station(
        seed in any::<u64>(), threads in 1_usize..6,
    ) {
        let world = World::new(90, 3);
        let mut expected = run(&world.inputs());
        let mut mixed = World::new(90, 3);
        let mut chance = Seed::new(seed);
        shuffled(&mut mixed.stations, &mut chance);
        shuffled(&mut mixed.buildings, &mut chance);
        shuffled(&mut mixed.incidents, &mut chance);
        shuffled(&mut mixed.surveys, &mut chance);
        shuffled(&mut mixed.units, &mut chance);
        let model = Model::default_pk2024();
        let mut found =
            assess(&model, &mixed.inputs(), 7, 100, threads, &mut |_| ControlFlow::Continue(())).unwrap();
        expected.sort_by(|a, b| a.station.cmp(&b.station));
        found.sort_by(|a, b| a.station.cmp(&b.station));
        prop_assert_eq!(expected, found);
    }
}

#[test]
fn thresholds_can_be_fitted_to_the_authoritys_counts() {
    let world = World::new(800, 3);
    let all = run(&world.inputs());
    let mut model = Model::default_pk2024();
    model.thresholds = fit_thresholds(&all, 160, 240).unwrap();
    model.validate().unwrap();
    let fitted =
        assess(&model, &world.inputs(), 7, 100, 2, &mut |_| ControlFlow::Continue(())).unwrap();
    let [normal, sensitive, most] = count_classes(&fitted);
    assert!((160..=168).contains(&most), "{most}");
    assert!((395..=410).contains(&(most + sensitive)), "{sensitive}");
    assert_eq!(normal + sensitive + most, 800);
    assert!(fit_thresholds(&all, 800, 1).is_none());
}

#[test]
fn intelligence_counts_where_it_covers_and_is_missing_elsewhere() {
    let world = World::new(60, 3);
    let subject = ThreatSubject::Area(world.districts[0].clone());
    let posteriors = [
        ThreatPosterior { subject, permille: 90 },
        ThreatPosterior {
            subject: ThreatSubject::Station(world.stations[0].id.clone()),
            permille: 600,
        },
    ];
    let all = run(&Inputs { posteriors: &posteriors, ..world.inputs() });
    let t3 = |at: usize| all[at].factors[Factor::T3.index()];
    assert_eq!(
        (t3(0).centi, t3(0).basis),
        (400, FactorBasis::Observed),
        "its own, above the district's"
    );
    let neighbour = (1..60).find(|n| world.stations[*n].district == world.districts[0]).unwrap();
    assert_eq!((t3(neighbour).centi, t3(neighbour).basis), (200, FactorBasis::Observed));
    let elsewhere = (1..60).find(|n| world.stations[*n].district == world.districts[7]).unwrap();
    assert_ne!(t3(elsewhere).basis, FactorBasis::Observed);
}

#[test]
fn a_station_with_an_estimated_place_knows_less_and_shows_it() {
    let mut world = World::new(400, 3);
    let before = run(&world.inputs()).swap_remove(0);
    world.stations[0].place_basis = PlaceBasis::Estimated;
    let after = run(&world.inputs()).swap_remove(0);
    assert!(after.completeness_pct < before.completeness_pct);
    assert_ne!(after.factors[Factor::T1.index()].basis, FactorBasis::Observed);
    let t2 = Factor::T2.index();
    assert!(after.factors[t2].confidence_pct < before.factors[t2].confidence_pct);
}

#[test]
fn offices_are_assessed_like_stations_and_weigh_more() {
    let mut world = World::new(400, 3);
    let home = world.gazetteer.districts[0].clone();
    world.buildings.push(Building {
        id: BuildingId::try_new("RO-1").unwrap(),
        kind: BuildingKind::ReturningOffice,
        name: "Office".to_owned(),
        district: home.area.clone(),
        point: home.centre,
        place_basis: PlaceBasis::Given,
        stations: Vec::new(),
        window: None,
        line: Vec::new(),
    });
    let model = Model::default_pk2024();
    let places =
        assess_places(&model, &world.inputs(), 7, 100, 2, &mut |_| ControlFlow::Continue(()))
            .unwrap();
    assert_eq!(places.len(), 1);
    let (id, office) = &places[0];
    assert_eq!((id.as_str(), office.station.as_str()), ("RO-1", "RO-1"));
    for factor in [Factor::C1, Factor::C2, Factor::C4] {
        assert_eq!(office.factors[factor.index()].centi, 400, "{factor:?}");
    }
    assert_eq!(office.factors[Factor::V1.index()].basis, FactorBasis::District);
    let stations = run(&world.inputs());
    let near = stations.iter().zip(&world.stations).filter(|(_, s)| s.district == home.area);
    let mean = near.clone().map(|(a, _)| u32::from(a.inherent_centi)).sum::<u32>()
        / u32::try_from(near.count()).unwrap();
    assert!(u32::from(office.inherent_centi) > mean);
}

#[test]
fn overrides_are_proposed_where_the_records_call_for_them_and_nowhere_else() {
    let mut world = World::new(60, 3);
    world.incidents.clear();
    world.units.clear();
    let quiet = world.inputs();
    let model = Model::default_pk2024();
    assert_eq!(propose_overrides(&Prepared::new(&model, &quiet)), vec![]);

    let base = World::new(60, 3);
    for (n, (date, precision)) in
        (0..).zip([("2018-07-25", 1), ("2013-05-10", 2), ("2012-12-01", 1), ("2020-01-01", 1)])
    {
        let mut incident = base.incidents[0].clone();
        incident.id = format!("ucdp:8{n}");
        incident.date = Date::parse(date).unwrap();
        incident.date_end = incident.date;
        incident.deaths_best = 3;
        incident.place_precision = precision;
        incident.point = world.stations[usize::try_from(n).unwrap()].point;
        world.incidents.push(incident);
    }
    let mut far = base.units[1].clone();
    far.reserve = 14;
    world.units.push(far);
    let lonely = world.stations.iter().position(|s| s.district == world.districts[6]).unwrap();
    world.surveys = vec![SurveyAnswer {
        subject: SurveySubject::Building(world.stations[lonely].building.clone()),
        question: "radio-test".to_owned(),
        centi: 400,
        factor: None,
        on: Date::parse("2024-01-20").unwrap(),
        surveyor_role: "sector officer".to_owned(),
        note: String::new(),
    }];
    let inputs = world.inputs();
    let found = propose_overrides(&Prepared::new(&model, &inputs));
    let told: Vec<(&str, OverrideCode)> =
        found.iter().map(|p| (p.station.as_str(), p.code)).collect();
    let shot = &world.stations[0];
    let expected: Vec<(&str, OverrideCode)> = world
        .stations
        .iter()
        .flat_map(|s| {
            let o2 = (s.building == shot.building).then_some((s.id.as_str(), OverrideCode::O2));
            let o3 = (s.building == world.stations[lonely].building)
                .then_some((s.id.as_str(), OverrideCode::O3));
            [o2, o3]
        })
        .flatten()
        .collect();
    assert_eq!(told, expected);
    assert!(matches!(found[0].evidence, Evidence::EarlierPolls { fatal: 1, .. }));
}

#[test]
fn values_at_the_edge_of_the_possible_break_nothing() {
    let mut world = World::new(60, 3);
    let corner = |lat_e7, lon_e7| pehra_domain::Point { lat_e7, lon_e7 };
    let corners = [
        corner(900_000_000, 1_800_000_000),
        corner(-900_000_000, -1_800_000_000),
        corner(0, -1_800_000_000),
        corner(i32::MAX, i32::MIN),
    ];
    for (n, point) in corners.into_iter().enumerate() {
        world.stations[n].point = point;
        world.stations[n].voters.men = u32::MAX;
        world.stations[n].voters.women = u32::MAX;
        world.stations[n].booths.men = u32::MAX;
        world.buildings[n].point = point;
        world.units[n].point = point;
        world.incidents[n].point = point;
        world.incidents[n].date = Date(if n % 2 == 0 { i32::MIN } else { i32::MAX });
        world.incidents[n].deaths_best = u32::MAX;
        world.incidents[n].place_precision = 255;
        world.surveys[n].centi = u16::MAX;
    }
    world.gazetteer.towns.clear();
    let model = Model::default_pk2024();
    for found in run(&world.inputs()) {
        assert!(found.inherent_centi <= 10_000 && found.completeness_pct <= 100);
        assert!(found.factors.iter().all(|f| f.centi <= 400));
        assert_eq!(found.class, model.class_of(found.inherent_centi));
    }
}

#[test]
fn a_mens_station_says_nothing_about_women_staff_elsewhere() {
    let world = World::new(400, 3);
    let v5 = Factor::V5.index();
    for (station, found) in world.stations.iter().zip(run(&world.inputs())) {
        let value = found.factors[v5];
        if station.voters.women > 0 {
            assert_eq!(value.basis, FactorBasis::Prior, "{}", station.id);
            assert!(value.centi > 0);
        }
    }
}

#[test]
fn a_fuller_survey_makes_the_spread_narrower() {
    let mut world = World::new(40, 3);
    let before = run(&world.inputs()).swap_remove(0);
    let subject = SurveySubject::Building(world.stations[0].building.clone());
    for question in
        ["walls", "women-staff", "light", "radio-test", "guards-trained", "poll-day-firing"]
    {
        world.surveys.push(SurveyAnswer {
            subject: subject.clone(),
            question: question.to_owned(),
            centi: 200,
            factor: None,
            on: Date::parse("2024-01-20").unwrap(),
            surveyor_role: "sector officer".to_owned(),
            note: String::new(),
        });
    }
    let after = run(&world.inputs()).swap_remove(0);
    assert!(after.completeness_pct > before.completeness_pct);
    let width = |a: &StationAssessment| a.p90_centi - a.p10_centi;
    assert!(width(&after) < width(&before), "{} {}", width(&after), width(&before));
    assert!(RiskClass::ALL.contains(&after.class));
}
