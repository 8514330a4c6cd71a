//! The commission's own 2018 list, end to end.

use super::*;
use crate::boundaries::{self, BoundaryIndex};
use pehra_domain::AreaId;
use pehra_domain::gazetteer::District;
use pehra_domain::station::{DistrictBasis, PlaceBasis};
use std::collections::BTreeSet;

/// Counts of the file as published, without boundaries or districts beside it.
const COUNTS: &[(&str, u64)] = &[
    ("contest-ambiguous", 232),
    ("contest-merged", 8642),
    ("coordinate-contradicted", 106),
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

fn raw() -> Option<Vec<u8>> {
    crate::shared_data("stations/pk2018_sindh_kp_raw.csv")
}

#[test]
fn the_real_list_goes_in_and_every_row_is_accounted_for() {
    let Some(bytes) = raw() else { return };
    let result = import_bytes(&bytes, &Context::default());
    let summary = result.summary();
    let counts: Vec<(&str, u64)> =
        summary.findings.iter().map(|(code, count)| (code.as_str(), *count)).collect();
    assert_eq!(counts, COUNTS);
    assert_eq!(summary.rows, 29_766);
    assert_eq!((summary.accepted, summary.repaired, summary.quarantined), (28_302, 1327, 137));
    assert_eq!((summary.stations, summary.buildings), (20_987, 17_354));
    assert_eq!((summary.booths, summary.voters), (64_009, 25_722_769));
    let contests: usize = result.stations.iter().map(|station| station.contests.len()).sum();
    assert_eq!(contests, 29_766 - 137, "each usable row is one contest of one station");
    // Row 7469 gives 65.27 N 60.70 E, rows 18856 and 21944 give 0 0, row 20421 the southern ocean.
    let outside: Vec<u32> = result
        .findings
        .iter()
        .filter(|finding| finding.code == "coordinate-out-of-area")
        .map(|finding| finding.row)
        .collect();
    assert_eq!(
        outside,
        [7469, 13_928, 14_001, 18_486, 18_487, 18_508, 18_509, 18_856, 20_421, 20_422, 21_944]
    );
}

#[test]
fn the_real_list_imported_twice_changes_nothing() {
    let Some(bytes) = raw() else { return };
    let one = import_bytes(&bytes, &Context::default());
    let again = import_bytes(&bytes, &Context::default());
    assert!(diff::diff(&one.stations, &again.stations).is_empty());
    assert_eq!(one.buildings, again.buildings);
    assert_eq!(one.findings, again.findings);
}

/// The same stations as somebody else cleaned them: what differs has a reason (docs/formats/import.md).
#[test]
fn the_cleaned_twin_agrees_but_for_reasons_we_know() {
    let (Some(bytes), Some(twin)) =
        (raw(), crate::shared_data("stations/pk2018_sindh_kp_clean.csv"))
    else {
        return;
    };
    let ours = import_bytes(&bytes, &Context::default());
    let twin = import_bytes(&twin, &Context::default());
    assert_eq!(twin.tally.rows, 20_035);
    let mut by_contest = BTreeMap::new();
    for station in &ours.stations {
        for contest in &station.contests {
            by_contest.insert((contest.constituency.clone(), contest.station_no.clone()), station);
        }
    }
    let mut met: BTreeMap<&StationId, u32> = BTreeMap::new();
    let (mut unknown, mut moved) = (0, 0);
    for station in &twin.stations {
        for contest in &station.contests {
            let key = (contest.constituency.clone(), contest.station_no.clone());
            match by_contest.get(&key) {
                Some(own) => {
                    *met.entry(&own.id).or_default() += 1;
                    let apart = own.point.distance_m(station.point);
                    moved += u32::from(apart > 2_000.0 && own.place_basis != PlaceBasis::Estimated);
                }
                None => unknown += 1,
            }
        }
    }
    assert_eq!(unknown, 38, "the twin renamed seats after wrong points: NA-261, PP-266, PB-1 …");
    assert_eq!(
        moved, 59,
        "58 of them are repeated rows of NA-47 whose points contradict each other"
    );
    let missing: Vec<&Station> =
        ours.stations.iter().filter(|station| !met.contains_key(&station.id)).collect();
    let placed =
        missing.iter().filter(|station| station.place_basis != PlaceBasis::Estimated).count();
    assert!(
        missing.len() > 700 && missing.len() - placed > 700,
        "the twin drops what has no point"
    );
    let offered: BTreeSet<&StationId> =
        ours.ambiguous.iter().flat_map(|pair| [&pair.national, &pair.provincial]).collect();
    let unexplained = missing
        .iter()
        .filter(|s| s.place_basis != PlaceBasis::Estimated && !offered.contains(&s.id))
        .count();
    assert!(placed < 320 && unexplained < 90, "{placed} {unexplained}");
}

fn gazetteer(csv: &[u8]) -> Gazetteer {
    let text = String::from_utf8(csv.to_vec()).unwrap();
    let mut gazetteer = Gazetteer::default();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        gazetteer.districts.push(District {
            area: AreaId::nation().below(cells[2]).below(cells[0]),
            name: cells[0].to_owned(),
            province: cells[2].to_owned(),
            name_ur: String::new(),
            province_ur: String::new(),
            division: cells[1].to_owned(),
            adults: cells[4].parse().unwrap(),
            adult_men: 0,
            adult_women: 0,
            adult_urban: 0,
            centre: Point::try_from_degrees(cells[8].parse().unwrap(), cells[9].parse().unwrap())
                .unwrap(),
            area_km2: cells[10].parse().unwrap(),
        });
    }
    gazetteer
}

#[test]
fn districts_come_from_boundaries_and_nearly_so_from_centres() {
    let parts = (
        raw(),
        crate::shared_data("boundaries/pk_districts_osm_2026.geojson"),
        crate::shared_data("facts/districts.csv"),
    );
    let (Some(bytes), Some(outlines), Some(districts)) = parts else { return };
    let mut input = outlines.as_slice();
    let outlines = boundaries::import(&mut input, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(outlines.counts["ring-crossing"], 3);
    let index = BoundaryIndex::new(outlines.boundaries);
    let gazetteer = gazetteer(&districts);
    let context = Context { gazetteer: Some(&gazetteer), boundaries: Some(&index) };
    let exact = import_bytes(&bytes, &context);
    assert_eq!(exact.counts["coordinate-out-of-area"], 21, "ten more lie in another province");
    let by = |basis: DistrictBasis| {
        exact.stations.iter().filter(|station| station.district_basis == basis).count()
    };
    assert!(by(DistrictBasis::Boundary) > 20_100 && by(DistrictBasis::Unknown) == 0);
    let near = import_bytes(&bytes, &Context { gazetteer: Some(&gazetteer), boundaries: None });
    let truth: BTreeMap<&StationId, &Station> =
        exact.stations.iter().map(|station| (&station.id, station)).collect();
    let (mut asked, mut right) = (0_u32, 0_u32);
    for station in &near.stations {
        let Some(known) = truth.get(&station.id) else { continue };
        if known.district_basis == DistrictBasis::Boundary {
            asked += 1;
            right += u32::from(known.district == station.district);
        }
    }
    assert!(right * 100 > asked * 88, "{right} of {asked}");
}
