//! The commission's own 2018 list, end to end.

use super::*;

/// Counts of the file as published, without boundaries or towns beside it.
const COUNTS: &[(&str, u64)] = &[
    ("contest-ambiguous", 234),
    ("contest-merged", 8640),
    ("coordinate-decimal-comma", 10),
    ("coordinate-far", 23),
    ("coordinate-from-twin", 295),
    ("coordinate-missing", 1156),
    ("coordinate-out-of-area", 11),
    ("coordinate-shared", 1362),
    ("duplicate-station", 137),
    ("kind-contradicted", 122),
    ("text-garbled", 136),
];

#[test]
fn the_real_list_goes_in_and_every_row_is_accounted_for() {
    let Some(bytes) = crate::shared_data("stations/pk2018_sindh_kp_raw.csv") else { return };
    let result = import_bytes(&bytes, &Context::default());
    let summary = result.summary();
    let counts: Vec<(&str, u64)> =
        summary.findings.iter().map(|(code, count)| (code.as_str(), *count)).collect();
    assert_eq!(counts, COUNTS);
    assert_eq!(summary.rows, 29_766);
    assert_eq!((summary.accepted, summary.repaired, summary.quarantined), (28_302, 1327, 137));
    let contests: usize = result.stations.iter().map(|station| station.contests.len()).sum();
    assert_eq!(contests, 29_766 - 137, "each usable row is one contest of one station");
}
