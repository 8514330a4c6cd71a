//! What must hold whatever stands in a file.

use super::*;
use proptest::prelude::*;

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[0-9]{0,4}",
        3 => "(NA|PS|PK)-[1-3]",
        2 => "2[4-7]\\.[0-9]{1,4}",
        2 => "6[7-9][.,][0-9]{1,4}",
        2 => "(GPS|GGPS|Govt High School) [A-C](hak)? (\\(Male\\)|\\(F\\)|PS-II)?",
        1 => "[0-9]{5}-[0-9]{7}-[0-9]",
        1 => "[a-z ,\"\n;©?]{0,8}",
        1 => ".{0,6}",
    ]
}

/// A row that is likely to be usable.
fn station() -> impl Strategy<Value = String> {
    let seat =
        prop_oneof![Just("Sindh,NA-1"), Just("Sindh,PS-1"), Just("Sindh,PS-2"), Just("KP,PK-1")];
    let name = prop_oneof![
        Just("GPS Lakhi (Male)"),
        Just("Govt Primary School Lakhi"),
        Just("GPS Lakhy PS-II"),
        Just("GGPS Miani (Female)"),
        Just("GHS Khar No.1"),
        Just("GHS Khar No.2"),
    ];
    let place = prop_oneof![
        Just(",".to_owned()),
        (0_u32..8, 0_u32..8).prop_map(|(a, b)| format!("26.500{a},68.500{b}")),
        (0_u32..9).prop_map(|a| format!("2{a}.1,68.5")),
    ];
    (seat, 1_u32..6, name, 0_u32..3, 0_u32..3, 0_u32..3, 0_u32..3, place).prop_map(
        |(seat, no, name, mb, fb, mv, fv, place)| {
            format!("{seat},{no},{name},{mb},{fb},{},{mv},{fv},{},{place}", mb + fb, mv + fv)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_row_of_random_cells_is_accounted_for(rows in proptest::collection::vec(
        proptest::collection::vec(cell(), 0..14), 0..12)) {
        let mut text = format!("{HEAD}\n");
        for row in &rows {
            text.push_str(&row.join(","));
            text.push('\n');
        }
        let mut input = text.as_bytes();
        let result = import(
            &mut input, &StationOptions::default(), &Context::default(),
            &mut |_| ControlFlow::Continue(()));
        if let Ok(result) = result {
            let tally = result.tally;
            prop_assert_eq!(tally.accepted + tally.repaired + tally.quarantined, tally.rows);
            let contests: usize = result.stations.iter().map(|s| s.contests.len()).sum();
            prop_assert_eq!(u64::try_from(contests).unwrap(), tally.accepted + tally.repaired);
            for finding in &result.findings {
                for text in [&finding.was, &finding.now, &finding.text, &finding.column] {
                    prop_assert!(!crate::identity::holds_identity_number(text));
                }
            }
            for station in &result.stations {
                prop_assert!(!crate::identity::holds_identity_number(&station.name));
            }
        }
    }

    #[test]
    fn random_bytes_never_stop_an_import(bytes in proptest::collection::vec(any::<u8>(), 0..1500)) {
        let mut file = format!("{HEAD}\n").into_bytes();
        file.extend_from_slice(&bytes);
        for input in [&bytes, &file] {
            let mut input = input.as_slice();
            let result = import(
                &mut input, &StationOptions::default(), &Context::default(),
                &mut |_| ControlFlow::Continue(()));
            if let Ok(result) = result {
                let tally = result.tally;
                prop_assert_eq!(tally.accepted + tally.repaired + tally.quarantined, tally.rows);
            }
        }
    }

    #[test]
    fn the_order_of_rows_changes_neither_stations_nor_buildings(
        rows in proptest::collection::vec(station(), 1..25), turn in 0_usize..25) {
        let lines: Vec<&str> = rows.iter().map(String::as_str).collect();
        let mut turned = lines.clone();
        turned.rotate_left(turn % lines.len());
        turned.reverse();
        let (one, other) = (list(&lines), list(&turned));
        prop_assert!(diff::diff(&one.stations, &other.stations).is_empty(),
            "{:?}", diff::diff(&one.stations, &other.stations));
        prop_assert_eq!(&one.buildings, &other.buildings);
        prop_assert_eq!(one.ambiguous, other.ambiguous);
        for building in &one.buildings {
            let lowest = building.stations.iter().min().unwrap();
            prop_assert_eq!(building.id.as_str(), format!("B-{lowest}"));
        }
        let housed: usize = one.buildings.iter().map(|building| building.stations.len()).sum();
        prop_assert_eq!(housed, one.stations.len());
    }
}
