use super::*;
use pehra_domain::building::BuildingKind;

const SINDH: &str = include_str!("../../../../data/norms/pk-2024-sindh.csv");
const KP: &str = include_str!("../../../../data/norms/pk-2024-kp.csv");
const PLACES: &str = include_str!("../../../../data/norms/pk-2024-places.csv");

fn station(class: RiskClass, kind: StationKind, booths: u32) -> StationDue {
    StationDue { class, kind, booths }
}

#[test]
fn the_built_in_profiles_are_the_files() {
    assert_eq!(profile_from_csv(SINDH), Ok(builtin_sindh()));
    assert_eq!(profile_from_csv(KP), Ok(builtin_kp()));
    assert_eq!(places_from_csv(PLACES), Ok(builtin_places()));
}

#[test]
fn the_published_totals_of_sindh_give_the_published_need() {
    let stations = [5_657, 6_550, 6_801];
    let buildings = [4_720, 4_834, 4_498];
    let shared = need_of_totals(&builtin_sindh(), stations, buildings);
    let flat = need_flat(&builtin_sindh(), stations);
    assert_eq!(shared, 97_799);
    assert_eq!(flat, 116_336);
    assert_eq!(in_ten_thousandths(shared, 95_400), 10_251);
    assert_eq!(in_ten_thousandths(flat, 95_400), 12_195);
    let nation = [44_610, 27_628, 18_437];
    assert_eq!(need_flat(&builtin_sindh(), nation), 491_704);
    assert_eq!(need_flat(&builtin_kp(), nation), 336_527);
}

/// Rounded half up.
fn in_ten_thousandths(part: u64, whole: u64) -> u64 {
    (part * 10_000 + whole / 2) / whole
}

#[test]
#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn every_norms_vector_is_met() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/domain/golden_vectors.json");
    #[expect(clippy::disallowed_methods, reason = "a test reads the shared vectors")]
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("shared data absent: skipped");
        return;
    };
    let norms = text.split_once("\"norms\"").unwrap().1;
    let value = |key: &str| -> f64 {
        let rest = norms.split_once(&format!("\"{key}\":")).unwrap().1;
        rest.split([',', '}']).next().unwrap().trim().parse().unwrap()
    };
    let near = |key: &str, got: f64, digits: f64| {
        assert!((value(key) - got).abs() <= 0.5 / digits, "{key}: {} and {got}", value(key));
    };
    let (sindh, kp) = (builtin_sindh(), builtin_kp());
    let stations = [5_657, 6_550, 6_801];
    let nation = [44_610, 27_628, 18_437];
    let as_f64 = |whole: u64| f64::from(u32::try_from(whole).unwrap());
    let shared = as_f64(need_of_totals(&sindh, stations, [4_720, 4_834, 4_498]));
    let flat = as_f64(need_flat(&sindh, stations));
    near("sindh_inner_outer", shared, 1e6);
    near("ratio", shared / value("sindh_reported"), 1e4);
    near("sindh_flat_per_station", flat, 1e6);
    near("sindh_flat_ratio", flat / value("sindh_reported"), 1e4);
    near("national_flat_sindh_norm", as_f64(need_flat(&sindh, nation)), 1e6);
    near("national_flat_kp_norm", as_f64(need_flat(&kp, nation)), 1e6);
    // 106,942 quick-reaction people in 7,800 teams for 90,675 stations; 23,940 fixed at 6,000 selected ones.
    near("qrf_team", 106_942.0 / 7_800.0, 10.0);
    near("stations_per_qrf", 90_675.0 / 7_800.0, 10.0);
    near("static_per_selected", 23_940.0 / 6_000.0, 100.0);
    let reserve = ReserveNorm::PROPOSED;
    assert!(f64::from(reserve.people_per_team) >= value("qrf_team"));
    assert!(f64::from(reserve.stations_per_team) >= value("stations_per_qrf"));
    let due = need(&sindh, &[station(RiskClass::Most, StationKind::Men, 1)], true);
    assert!((f64::from(due.static_outside) - value("static_per_selected")).abs() < 0.5);
}

#[test]
fn a_building_shares_one_ring_and_takes_the_highest_class() {
    use RiskClass::{Most, Normal, Sensitive};
    use StationKind::{Combined, Men, Women};
    // stations, selected → police, women, outer, static
    let table: [(&[StationDue], bool, [u32; 4]); 9] = [
        (&[], true, [0, 0, 0, 0]),
        (&[station(Normal, Men, 4)], false, [4, 0, 2, 0]),
        (&[station(Normal, Men, 5)], false, [4, 0, 2, 0]),
        (&[station(Normal, Men, 6)], false, [5, 0, 2, 0]),
        (&[station(Normal, Women, 9)], false, [6, 2, 2, 0]),
        (&[station(Sensitive, Women, 2), station(Sensitive, Men, 2)], false, [9, 2, 3, 0]),
        (&[station(Normal, Combined, 2), station(Most, Men, 2)], false, [10, 1, 5, 0]),
        (&[station(Most, Women, 2)], true, [8, 3, 5, 4]),
        (&[station(Sensitive, Combined, 2)], true, [6, 1, 3, 0]),
    ];
    for (stations, selected, [police, women, outer, static_outside]) in table {
        let due = need(&builtin_sindh(), stations, selected);
        let got = [due.police(), due.women(), due.outer, due.static_outside];
        assert_eq!(got, [police, women, outer, static_outside], "{stations:?}");
        assert_eq!(due.capped, (0, 0));
    }
}

#[test]
fn a_cap_clips_static_people_first_and_says_so() {
    let mut profile = builtin_sindh();
    profile.visible_armed_max = [Some(1), Some(3), Some(7)];
    let due = |class, selected| need(&profile, &[station(class, StationKind::Men, 1)], selected);
    assert_eq!(
        (due(RiskClass::Normal, false).outer, due(RiskClass::Normal, false).capped),
        (1, (1, 0))
    );
    assert_eq!(due(RiskClass::Sensitive, false).capped, (0, 0));
    let most = due(RiskClass::Most, true);
    assert_eq!((most.outer, most.static_outside, most.capped), (5, 2, (0, 2)));
}

#[test]
fn the_deepest_area_names_the_profile() {
    let mut book = NormBook::builtin();
    let kp = AreaId::nation().below("Khyber Pakhtunkhwa");
    let tank = kp.below("Tank");
    assert_eq!(book.profile(&tank).name, "PK-2024-KP");
    assert_eq!(
        book.profile(&AreaId::nation().below("Punjab").below("Lahore")).name,
        "PK-2024-SINDH"
    );
    let own = NormProfile { name: "TANK".to_owned(), ..builtin_kp() };
    book.by_area.insert(0, (tank.clone(), own));
    assert_eq!(book.profile(&tank).name, "TANK");
    assert_eq!(book.profile(&kp).name, "PK-2024-KP");
}

#[test]
fn a_broken_file_is_named_by_line() {
    let line = |text: String| profile_from_csv(&text).unwrap_err();
    assert_eq!(line(String::new()).line, 1);
    assert_eq!(line(SINDH.replace("normal,men,2", "normal,men,two")).line, 5);
    assert_eq!(line(SINDH.replace("normal,men", "ordinary,men")).line, 5);
    assert_eq!(line(SINDH.replace("normal,men", "normal,mixed")).line, 5);
    assert_eq!(line(SINDH.replace("booth_rule", "boot_rule")).line, 4);
    assert_eq!(
        line(SINDH.replace("name,,,,,,,PK-2024-SINDH\n", "")).kind,
        NormFileErrorKind::NoName
    );
    assert!(matches!(
        line(SINDH.replace("station,normal,men,2,2,0,0,\n", "")).kind,
        NormFileErrorKind::Unsound(NormError::Missing { .. })
    ));
    assert!(matches!(
        line(SINDH.replace("station,normal,women,2,2,2", "station,normal,women,2,2,3")).kind,
        NormFileErrorKind::Unsound(NormError::WomenAboveInner { .. })
    ));
    assert!(matches!(
        line(SINDH.replace("station,normal,men,2,2,0,0,", "station,normal,men,2,2,0,1,")).kind,
        NormFileErrorKind::Unsound(NormError::StaticBelowMost { .. })
    ));
    assert!(matches!(
        line(SINDH.replace("station,normal,women,", "station,normal,men,")).kind,
        NormFileErrorKind::Unsound(NormError::Double { .. })
    ));
    assert_eq!(places_from_csv("place\n").unwrap_err().line, 1);
    assert_eq!(
        places_from_csv(&PLACES.replace("store,normal", "shop,normal")).unwrap_err().line,
        5
    );
}

#[test]
fn every_other_place_has_a_norm_in_every_class() {
    let places = builtin_places();
    for class in RiskClass::ALL {
        assert_eq!(places.iter().filter(|norm| norm.class == class).count(), 8);
    }
    assert!(places.iter().all(|norm| norm.police > 0 && norm.women_min <= norm.police));
    assert_eq!(PlaceNorm::class_unless_assessed(BuildingKind::ReturningOffice), RiskClass::Most);
    assert_eq!(PlaceNorm::class_unless_assessed(BuildingKind::Store), RiskClass::Sensitive);
}
