//! The small files of `fixtures/import`.

use super::*;
use crate::mapping::Mapping;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../../../fixtures/import/", $name)).as_slice()
    };
}

#[test]
fn the_small_list_shows_the_common_findings() {
    let result = import_bytes(fixture!("stations_small.csv"), &Context::default());
    let counts: Vec<(&str, u64)> =
        result.counts.iter().map(|(code, count)| (code.as_str(), *count)).collect();
    assert_eq!(
        counts,
        [
            ("contest-merged", 1),
            ("coordinate-decimal-comma", 1),
            ("coordinate-missing", 1),
            ("coordinate-out-of-area", 1),
            ("coordinate-swapped", 1),
            ("duplicate-station", 1),
            ("identity-number", 1),
            ("name-empty", 1),
            ("number-invalid", 1),
            ("party-or-votes-column", 1),
            ("sum-mismatch", 1),
            ("text-garbled", 1),
        ]
    );
    let tally = result.tally;
    assert_eq!((tally.rows, tally.accepted, tally.repaired, tally.quarantined), (11, 3, 6, 2));
    assert_eq!((result.stations.len(), result.buildings.len()), (8, 7));
}

#[test]
fn urdu_lists_are_read_in_utf16_and_windows_1256() {
    let result = import_bytes(fixture!("stations_urdu_utf16.tsv"), &Context::default());
    let seen: Vec<_> =
        result.stations.iter().map(|s| (s.id.as_str(), s.kind, s.voters.total())).collect();
    assert_eq!(
        seen,
        [("PS-301-11", StationKind::Men, 700), ("PS-301-12", StationKind::Women, 650)]
    );
    let result = import_bytes(fixture!("stations_windows1256.csv"), &Context::default());
    assert_eq!(result.stations[0].name, "مدرسة البنات");
}

#[test]
fn half_a_file_keeps_its_whole_rows() {
    let result = import_bytes(fixture!("stations_cut.csv"), &Context::default());
    assert_eq!(finding(&result, "row-cut").row, 3);
    assert_eq!((result.stations.len(), result.tally.quarantined), (1, 1));
}

#[test]
fn the_small_mapping_and_the_small_units_are_read() {
    let text = std::str::from_utf8(fixture!("mapping_small.toml")).unwrap();
    let mapping = Mapping::from_toml(text).unwrap();
    assert_eq!(mapping.columns["D"], "voters-men");
    let mut input = fixture!("forces_small.csv");
    let options = ImportOptions::default();
    let units = crate::forces::import(&mut input, &options, &Context::default(), &mut |_| {
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!((units.values.len(), units.tally.accepted), (2, 2));
}
