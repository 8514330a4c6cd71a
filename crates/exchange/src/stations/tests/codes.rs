//! One small list for every finding.

use super::*;
use crate::mapping::Mapping;
use pehra_domain::station::PlaceBasis;

const PLAIN: &str = "Sindh,NA-210,1,GPS Lakhi (Combined),2,1,3,500,400,900,26.5,68.5";

fn id(result: &StationImport, id: &str) -> Station {
    let found = result.stations.iter().find(|station| station.id.as_str() == id);
    found.unwrap_or_else(|| panic!("{id}")).clone()
}

#[test]
fn a_plain_row_is_accepted_without_a_word() {
    let result = list(&[PLAIN]);
    assert_eq!((result.tally.accepted, result.findings.len()), (1, 0));
    let station = id(&result, "NA-210-1");
    assert_eq!(station.kind, StationKind::Combined);
    assert_eq!((station.voters.men, station.booths.women), (500, 1));
    assert_eq!(station.contests[0].source_row, 2);
    assert_eq!(station.building.as_str(), "B-NA-210-1");
    assert_eq!(station.district.as_str(), "pk/sindh/unplaced");
    assert_eq!(result.summary().booths, 3);
}

#[test]
fn a_station_without_a_point_is_planned_at_the_median_and_marked() {
    let result = list(&[
        PLAIN,
        "Sindh,NA-210,2,GPS B,1,1,2,10,10,20,26.7,68.7",
        "Sindh,NA-210,3,GPS C,1,1,2,10,10,20,26.6,68.6",
        "Sindh,NA-210,4,GPS D,1,1,2,10,10,20,,",
        "Sindh,NA-210,5,GPS E,1,1,2,10,10,20,north,east",
        "Sindh,NA-210,6,GPS F,1,1,2,10,10,20,12.5,27.7",
        "Sindh,NA-210,7,GPS G,1,1,2,10,10,20,0,0",
    ]);
    let station = id(&result, "NA-210-4");
    assert_eq!(station.place_basis, PlaceBasis::Estimated);
    assert_eq!((station.point.lat_e7, station.point.lon_e7), (266_000_000, 686_000_000));
    assert_eq!(result.counts["coordinate-missing"], 1);
    assert_eq!(result.counts["coordinate-invalid"], 1);
    assert_eq!(result.counts["coordinate-out-of-area"], 2);
    let outside = finding(&result, "coordinate-out-of-area");
    assert_eq!((outside.row, outside.was.as_str()), (7, "12.5 27.7"));
    assert!(outside.now.starts_with("26.60000 68.60000"), "{}", outside.now);
    assert_eq!((result.tally.accepted, result.tally.repaired), (3, 4));
}

#[test]
fn points_with_one_reading_are_repaired() {
    let result = list(&[
        "Sindh,NA-210,1,GPS A,1,1,2,10,10,20,\"26,5\",\"68,5\"",
        "Sindh,NA-210,2,GPS B,1,1,2,10,10,20,68.5,26.5",
        "Sindh,NA-210,3,GPS C,1,1,2,10,10,20,26°30'0\"N,68°30'0\"E",
    ]);
    for code in ["coordinate-decimal-comma", "coordinate-swapped", "coordinate-degrees-minutes"] {
        assert_eq!(result.counts.get(code), Some(&1), "{code}");
    }
    for station in &result.stations {
        assert_eq!(station.place_basis, PlaceBasis::Repaired);
        assert_eq!((station.point.lat_e7, station.point.lon_e7), (265_000_000, 685_000_000));
    }
    assert_eq!(result.tally.repaired, 3);
}

#[test]
fn a_point_far_from_its_constituency_is_not_believed() {
    let mut lines: Vec<String> = (1..=20)
        .map(|n| format!("Sindh,NA-210,{n},GPS N{n},1,1,2,10,10,20,26.{n:02},68.5"))
        .collect();
    lines.push("Sindh,NA-210,21,GPS Far,1,1,2,10,10,20,24.8,67.0".to_owned());
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let result = list(&lines);
    assert_eq!(result.counts["coordinate-far"], 1);
    assert_eq!(id(&result, "NA-210-21").place_basis, PlaceBasis::Estimated);
    // Large constituencies are left alone: the same distance is usual there.
    let wide: Vec<String> = (1..=20)
        .map(|n| format!("Balochistan,NA-260,{n},GPS N{n},1,1,2,10,10,20,{}.5,66.5", 26 + n % 5))
        .collect();
    let wide: Vec<&str> = wide.iter().map(String::as_str).collect();
    assert!(!list(&wide).counts.contains_key("coordinate-far"));
}

#[test]
fn a_point_carrying_more_than_a_building_holds_is_told() {
    let names = ["Alpha", "Bravo", "Charlie", "Delta", "Echo"];
    let lines: Vec<String> = (0..5)
        .map(|n| format!("Sindh,NA-210,{},GPS {},1,1,2,10,10,20,26.5,68.5", n + 1, names[n]))
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let result = list(&lines);
    assert_eq!(result.counts["coordinate-shared"], 5);
    assert_eq!(result.tally.accepted, 5);
    assert_eq!(result.buildings.len(), 5, "a shared stand-in point makes no common building");
    assert!(!list(&lines[..4]).counts.contains_key("coordinate-shared"));
    // A campus: one name, many stations.
    let campus: Vec<String> = (1..=9)
        .map(|n| format!("Sindh,NA-210,{n},Govt College Lakhi PS-{n},4,0,4,10,0,10,26.5,68.5"))
        .collect();
    let campus: Vec<&str> = campus.iter().map(String::as_str).collect();
    let result = list(&campus);
    assert!(!result.counts.contains_key("coordinate-shared"));
    assert_eq!(result.buildings.len(), 1);
}

#[test]
fn a_repeated_row_is_set_aside_and_a_reused_number_keeps_both() {
    let result = list(&[
        "Sindh,NA-210,7,GPS Lakhi,1,1,2,10,10,20,,",
        "Sindh,NA-210,7,GPS Lakhi,1,1,2,10,10,20,26.5,68.5",
        "Sindh,NA-210,8,GPS Miani,1,1,2,10,10,20,26.5,68.5",
        "Sindh,NA-210,8,GHS Sarai,1,1,2,99,99,198,26.4,68.4",
    ]);
    assert_eq!(result.counts["duplicate-station"], 2);
    assert_eq!(result.counts["duplicate-differs"], 1);
    assert_eq!(result.tally.quarantined, 1);
    assert_eq!(
        id(&result, "NA-210-7").place_basis,
        PlaceBasis::Given,
        "the row with the point stays"
    );
    let apart = list(&[
        "Sindh,NA-210,7,GPS Lakhi,1,1,2,10,10,20,26.5,68.5",
        "Sindh,NA-210,7,GPS Lakhi,1,1,2,10,10,20,26.6,68.5",
    ]);
    assert_eq!(finding(&apart, "coordinate-contradicted").now, "26.50000 68.50000");
    assert_eq!(id(&result, "NA-210-8").name, "GPS Miani");
    assert_eq!(id(&result, "NA-210-8~2").name, "GHS Sarai");
}

#[test]
fn sums_and_numbers_are_checked() {
    let result = list(&[
        "Sindh,NA-210,1,GPS A,2,1,4,500,400,901,26.5,68.5",
        "Sindh,NA-210,2,GPS B,x,1,,500,-4,,26.5,68.5",
        "Sindh,NA-210,3,GPS C,2,2,4,50000,400,50400,26.5,68.5",
        "Sindh,NA-210,4,GPS D (Female),,,3,,,900,26.5,68.5",
        "Sindh,NA-210,5,GPS E,2,,3,500,,900,26.5,68.5",
    ]);
    assert_eq!(result.counts["sum-mismatch"], 2);
    assert_eq!(result.counts["number-invalid"], 2);
    assert_eq!(result.counts["number-implausible"], 2);
    assert_eq!(result.counts["split-unknown"], 2);
    assert_eq!(id(&result, "NA-210-4").voters, BySex { men: 0, women: 900 });
    assert_eq!(id(&result, "NA-210-5").voters, BySex { men: 500, women: 400 });
    let sum = finding(&result, "sum-mismatch");
    assert_eq!((sum.was.as_str(), sum.now.as_str()), ("4", "3"));
}

#[test]
fn kinds_are_settled_and_contradictions_told() {
    let result = list(&[
        "Sindh,NA-210,1,GPS A (Male),1,1,2,10,10,20,26.5,68.5",
        "Sindh,NA-210,2,GPS B,2,0,2,0,10,10,26.5,68.5",
        "Sindh,NA-210,3,GPS C,0,0,0,0,0,0,26.5,68.5",
        "Sindh,NA-210,4,GPS D (Zanana),0,0,0,0,0,0,26.5,68.5",
    ]);
    assert_eq!(result.counts["kind-contradicted"], 2);
    assert_eq!(result.counts["kind-unknown"], 1);
    assert_eq!(id(&result, "NA-210-1").kind, StationKind::Combined);
    assert_eq!(id(&result, "NA-210-2").kind, StationKind::Women);
    assert_eq!(id(&result, "NA-210-3").kind, StationKind::Combined);
    assert_eq!(id(&result, "NA-210-4").kind, StationKind::Women);
}

#[test]
fn names_keys_and_provinces_that_cannot_be_read_are_told() {
    let result = list(&[
        "Sindh,NA-210,1,,1,1,2,10,10,20,26.5,68.5",
        "Sindh,NA-210,2,Govt Pri?ary School ©,1,1,2,10,10,20,26.5,68.5",
        "Sindh,,3,GPS C,1,1,2,10,10,20,26.5,68.5",
        "Sindh,NA-210,,GPS D,1,1,2,10,10,20,26.5,68.5",
        "Narnia,NA-211,5,GPS E,1,1,2,10,10,20,26.5,68.5",
    ]);
    assert_eq!(finding(&result, "name-empty").now, "Polling station 1");
    assert_eq!(finding(&result, "text-garbled").now, "Govt Pri?ary School (C)");
    assert_eq!(result.counts["key-missing"], 2);
    assert_eq!(result.counts["province-unknown"], 1);
    assert_eq!((result.tally.rows, result.tally.quarantined), (5, 2));
}

#[test]
fn an_identity_number_keeps_the_whole_row_out_and_leaves_no_trace() {
    let text = format!(
        "{HEAD},remarks\n{PLAIN},\nx,NA-210,2,GPS B (Male),9,1,3,500,400,9,0,0,call ۴۲۱۰۱-۱۲۳۴۵۶۷-۱ now\nSindh,NA-210,3,Haji 4210112345671 School,1,1,2,10,10,20,26.5,68.5,\n"
    );
    let result = import_bytes(text.as_bytes(), &Context::default());
    assert_eq!(result.counts["identity-number"], 2);
    assert_eq!((result.tally.accepted, result.tally.quarantined), (1, 2));
    let told: Vec<(u32, &str)> =
        result.findings.iter().filter(|f| f.row > 1).map(|f| (f.row, f.column.as_str())).collect();
    assert_eq!(told, [(3, "remarks"), (4, "name")], "nothing else of these rows is told");
    let everything = format!("{result:?}");
    for part in ["42101", "1234567", "۴۲۱۰۱", "GPS B", "Haji"] {
        assert!(!everything.contains(part), "{part}");
    }
}

#[test]
fn columns_of_votes_parties_and_persons_are_dropped() {
    let text =
        format!("{HEAD},party,votes,presiding officer,colour\n{PLAIN},ABC,77123,Somebody,red\n");
    let result = import_bytes(text.as_bytes(), &Context::default());
    assert_eq!(result.counts["party-or-votes-column"], 2);
    assert_eq!(result.counts["person-column"], 1);
    assert_eq!(result.counts["column-unknown"], 1);
    let everything = format!("{result:?}");
    assert!(!everything.contains("77123") && !everything.contains("Somebody"));
}

#[test]
fn a_damaged_row_spoils_only_itself() {
    let long = "x".repeat(40_000);
    let text = format!(
        "{HEAD}\n{PLAIN}\nSindh,NA-210,2\nSindh,NA-210,3,GPS C,1,1,2,10,10,20,26.5,68.5,extra\nSindh,NA-210,4,\"GPS D,1,1,2,10,10,20,26.5,68.5\nSindh,NA-210,5,GPS\0E,1,1,2,10,10,20,26.5,68.5\nSindh,NA-210,6,{long},1,1,2,10,10,20,26.5,68.5\nSindh,NA-210,7,GPS G,1,1"
    );
    let result = import_bytes(text.as_bytes(), &Context::default());
    for (code, row) in [
        ("row-short", 3),
        ("row-long", 4),
        ("quote-unclosed", 5),
        ("nul-byte", 6),
        ("cell-too-long", 7),
        ("row-cut", 8),
    ] {
        assert_eq!(finding(&result, code).row, row, "{code}");
    }
    assert_eq!((result.tally.rows, result.tally.quarantined), (7, 3));
    let whole = format!("{HEAD}\n{PLAIN}");
    let result = import_bytes(whole.as_bytes(), &Context::default());
    assert_eq!(result.counts["file-end-open"], 1);
    assert_eq!(result.tally.accepted, 1);
}

#[test]
fn a_national_and_a_provincial_row_of_one_place_are_one_station() {
    let result = list(&[
        "Sindh,NA-210,15,Govt Primary School Lakhi (Male) PS-I,2,0,2,777,0,777,26.5,68.5",
        "Sindh,NA-210,16,GPS Miani,2,1,3,600,500,1100,,",
        "Sindh,PS-44,7,GPS Lakhi (Male) (P.S 1),3,0,3,777,0,777,26.5001,68.5",
        "Sindh,PS-44,8,GPS: Miani,2,1,3,600,500,1100,26.7,68.7",
        "Sindh,PS-44,9,GPS Sarai,2,1,3,601,500,1101,26.7,68.7",
    ]);
    assert_eq!(result.counts["contest-merged"], 2);
    assert_eq!(result.stations.len(), 3);
    let station = id(&result, "NA-210-15");
    let contests: Vec<&str> =
        station.contests.iter().map(|contest| contest.constituency.as_str()).collect();
    assert_eq!(contests, ["NA-210", "PS-44"]);
    assert_eq!((station.booths.men, station.voters.men), (3, 777));
    assert_eq!(result.counts["coordinate-from-twin"], 1);
    assert_eq!(id(&result, "NA-210-16").place_basis, PlaceBasis::Given);
    assert_eq!(id(&result, "PS-44-9").contests.len(), 1);
}

const DOUBTFUL: [&str; 4] = [
    "Sindh,NA-210,1,GPS Lakhi,2,1,3,600,500,1100,26.5,68.5",
    "Sindh,NA-210,2,GPS Miani,2,1,3,300,200,500,26.1,68.1",
    "Sindh,PS-44,1,GPS Lakhi,2,1,3,600,500,1100,26.9,68.5",
    "Sindh,PS-44,2,GPS Miani,2,1,3,310,205,515,26.1,68.1",
];

#[test]
fn doubtful_pairs_are_offered_and_a_person_decides() {
    let result = list(&DOUBTFUL);
    assert_eq!(result.counts["contest-ambiguous"], 2);
    assert_eq!(result.stations.len(), 4);
    let reasons: Vec<Doubt> = result.ambiguous.iter().map(|pair| pair.reason).collect();
    assert_eq!(reasons, [Doubt::PointsApart, Doubt::VotersDiffer]);
    let pair = &result.ambiguous[1];
    let options = StationOptions {
        joined: vec![(pair.national.clone(), pair.provincial.clone())],
        ..StationOptions::default()
    };
    let text = format!("{HEAD}\n{}\n", DOUBTFUL.join("\n"));
    let mut input = text.as_bytes();
    let decided =
        import(&mut input, &options, &Context::default(), &mut |_| ControlFlow::Continue(()))
            .unwrap();
    assert_eq!(decided.stations.len(), 3);
    assert_eq!(decided.counts["contest-merged"], 1);
}

#[test]
fn equally_good_partners_are_never_guessed() {
    let result = list(&[
        "Sindh,NA-210,1,GPS Lakhi,2,0,2,600,0,600,26.5,68.5",
        "Sindh,NA-210,2,GPS Lakhi,2,0,2,600,0,600,26.5,68.5",
        "Sindh,PS-44,1,GPS Lakhi,2,0,2,600,0,600,26.5,68.5",
    ]);
    assert!(!result.counts.contains_key("contest-merged"));
    assert_eq!(result.ambiguous.len(), 2);
    assert!(result.ambiguous.iter().all(|pair| pair.reason == Doubt::SeveralFit));
}

#[test]
fn a_class_column_gives_the_official_class() {
    let text = format!(
        "{HEAD},category,source,as of\n{PLAIN},Highly Sensitive,police,2024-01-21\nSindh,NA-210,2,GPS B,1,1,2,10,10,20,26.5,68.5,odd,,\n"
    );
    let result = import_bytes(text.as_bytes(), &Context::default());
    let station = id(&result, "NA-210-1");
    assert_eq!(station.official.len(), 1);
    assert_eq!(station.official[0].source, "police");
    assert_eq!(result.counts["class-unknown"], 1);
}

#[test]
fn importing_the_same_file_twice_changes_nothing_and_a_corrected_one_shows_what() {
    let old = list(&[PLAIN, "Sindh,NA-210,2,GPS B,1,1,2,10,10,20,26.7,68.7"]);
    let same = list(&["Sindh,NA-210,2,GPS B,1,1,2,10,10,20,26.7,68.7", PLAIN]);
    let unchanged = diff::diff(&old.stations, &same.stations);
    assert!(unchanged.is_empty() && unchanged.unchanged == 2);
    let new = list(&[
        "Sindh,NA-210,1,GPS Lakhi (Combined),2,2,4,500,410,910,26.5,68.5",
        "Sindh,NA-210,3,GPS C,1,1,2,10,10,20,26.7,68.7",
    ]);
    let difference = diff::diff(&old.stations, &new.stations);
    assert_eq!(difference.added.len(), 1);
    assert_eq!(difference.removed.len(), 1);
    assert_eq!(difference.changed[0].fields, ["booths", "voters", "contests"]);
}

#[test]
fn a_mapping_file_sets_what_names_do_not_tell() {
    let text = "a,b,c,d,e,f\n11,7,PA,12,Somewhere,77\n";
    let mapping = Mapping::from_toml(
        "kind = \"stations\"\n[columns]\na = \"province\"\nb = \"constituency\"\nc = \"assembly\"\nd = \"station-no\"\ne = \"name\"\nf = \"voters-men\"\n[provinces]\n\"11\" = \"Punjab\"\n",
    )
    .unwrap();
    let mut options = StationOptions::default();
    options.rows.mapping = Some(mapping);
    let mut input = text.as_bytes();
    let result =
        import(&mut input, &options, &Context::default(), &mut |_| ControlFlow::Continue(()))
            .unwrap();
    assert_eq!(result.stations[0].id.as_str(), "PP-7-12");
    let mut input = text.as_bytes();
    let guessed = import(&mut input, &StationOptions::default(), &Context::default(), &mut |_| {
        ControlFlow::Continue(())
    });
    let message = guessed.unwrap_err().to_string();
    assert!(message.contains("station-no") && message.contains("mapping"), "{message}");
}

#[test]
fn every_encoding_and_delimiter_gives_the_same_stations() {
    let text = format!("{HEAD}\n{PLAIN}\nSindh,NA-210,2,مدرسه البنات,1,1,2,10,10,20,26.7,68.7\n");
    let plain = import_bytes(text.as_bytes(), &Context::default()).stations;
    assert_eq!(plain.len(), 2);
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked: Vec<u8> =
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    let (arabic, _, lossy) = encoding_rs::WINDOWS_1256.encode(&text);
    assert!(!lossy);
    let tabs = text.replace(',', "\t");
    let bom = format!("\u{feff}{text}");
    for bytes in [&utf16[..], &marked[..], arabic.as_ref(), tabs.as_bytes(), bom.as_bytes()] {
        assert_eq!(import_bytes(bytes, &Context::default()).stations, plain);
    }
}

#[test]
fn the_watcher_stops_every_stage() {
    let text = format!("{HEAD}\n{PLAIN}\n");
    let run = |stop: Option<&str>| {
        let mut stages = Vec::new();
        let mut input = text.as_bytes();
        let result =
            import(&mut input, &StationOptions::default(), &Context::default(), &mut |step| {
                stages.push(step.stage);
                if stop == Some(step.stage) {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            });
        (result.is_ok(), stages)
    };
    let (whole, stages) = run(None);
    assert!(whole && stages.len() > 5);
    for stage in stages {
        assert!(!run(Some(stage)).0, "{stage}");
    }
}

#[test]
fn a_list_made_to_be_slow_is_not() {
    // Equal names, voters and points everywhere: nothing can be told apart, nothing may take quadratic time.
    let mut lines = String::new();
    for number in 1..=6_000 {
        let seat = if number % 2 == 0 { "NA-210" } else { "PS-44" };
        lines.push_str(&format!("Sindh,{seat},{number},GPS Lakhi,1,0,1,10,0,10,26.5,68.5\n"));
    }
    let result = import_bytes(format!("{HEAD}\n{lines}").as_bytes(), &Context::default());
    assert_eq!(result.stations.len(), 6_000);
    assert_eq!(result.buildings.len(), 1);
    let mut lines = String::new();
    for number in 1..=6_000 {
        let (lat, voters) = (265_000 + number % 700, number / 100);
        let seat = if number % 2 == 0 { "NA-210" } else { "PS-44" };
        lines.push_str(&format!(
            "Sindh,{seat},{number},GPS Lakhi,1,0,1,{voters},0,{voters},{}.{:04},68.5\n",
            lat / 10_000,
            lat % 10_000
        ));
    }
    let result = import_bytes(format!("{HEAD}\n{lines}").as_bytes(), &Context::default());
    let contests: usize = result.stations.iter().map(|station| station.contests.len()).sum();
    assert_eq!(contests, 6_000);
    assert!(result.ambiguous.len() <= 8 * 3_000);
}
