//! A road map is taken in, asked, closed in part; and what a cut of the networks leaves is told.

use crate::{
    command::{assert_whole, done, run},
    house::House,
    sample,
};
use pehra::{
    dataset::road::{MarkEffect, RoadMark, Why},
    node::{Node, OpenOptions},
    work::{
        self,
        dispatch::{RoadsKept, round::Round},
    },
};
use pehra_domain::{
    BuildingId, PersonId, Point, UnitId,
    plan::{Plan, ShortfallReason},
};
use pehra_exchange::osm::write::Writer;
use pehra_plan::{reserve::road::Known, road::speed::Season};
use std::{
    ops::ControlFlow,
    path::{Path, PathBuf},
};

const CSV: &str = "Constituency,Station No,Name,District,Male Voters,Female Voters,Male Booths,Female Booths,Latitude,Longitude\n\
    NA-219,1,School One,Hyderabad,500,400,1,1,25.3801,68.3702\n\
    NA-219,2,School Two,Hyderabad,500,400,1,1,25.3902,68.3803\n\
    NA-219,3,School Three,Hyderabad,500,400,1,1,25.4003,68.3904\n";

/// A square of roads near Hyderabad: two ways from one corner to the other, the lower one quicker.
fn map(path: &Path) {
    let mut out = Writer::try_new(Vec::new()).unwrap();
    let point = |lat_e7, lon_e7| Point { lat_e7, lon_e7 };
    for (id, lat, lon) in [
        (1, 253_800_000, 683_700_000),
        (2, 253_800_000, 683_900_000),
        (3, 254_000_000, 683_900_000),
        (4, 254_000_000, 683_700_000),
    ] {
        out.node(id, point(lat, lon), &[]).unwrap();
    }
    for (id, refs, class) in [
        (10, [1, 2], "trunk"),
        (11, [2, 3], "trunk"),
        (12, [1, 4], "residential"),
        (13, [4, 3], "residential"),
    ] {
        out.way(id, &refs, &[("highway", class)]).unwrap();
    }
    std::fs::write(path, out.finish().unwrap()).unwrap();
}

/// A folder with a node that has stations, and with a map that it has not taken in.
fn with_stations(list: &str) -> (tempfile::TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (data, stations, file) = (at("node"), at("stations.csv"), at("map.osm.pbf"));
    map(&file);
    std::fs::write(&stations, list).unwrap();
    done(&data, &["plan", "import", "stations", stations.to_str().unwrap()]);
    (folder, data, file)
}

#[test]
fn a_map_is_taken_in_once_and_a_closed_way_is_driven_round() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("node"), folder.path().join("map.osm.pbf"));
    map(&file);
    let file = file.to_str().unwrap();
    let said = done(&data, &["plan", "import", "roads", file, "--json"]).json();
    assert_eq!((&said["junctions"], &said["stretches"]), (&4.into(), &4.into()));
    let again = done(&data, &["plan", "import", "roads", file]);
    assert!(again.err.contains("nothing was signed"), "{}", again.err);
    assert_whole(&data);
    let ask = |more: &[&str]| {
        let mut words = vec!["plan", "roads", "way", "25.38,68.37", "25.40,68.39", "--json"];
        words.extend(more);
        run(&data, &words)
    };
    let time = |more: &[&str]| ask(more).json()["time_ms"].as_u64().unwrap();
    let open = time(&[]);
    let doubled = time(&["--slow", "10=1100"]);
    let round = time(&["--close", "11"]);
    assert!(open < doubled && doubled < round, "{open} {doubled} {round}");
    // With both roads to the corner closed the way ends where the open road does, and says how far off that is.
    let off = ask(&["--close", "11", "--close", "13@25.40,68.38"]).json();
    assert!(off["off_road_m"][1].as_u64().unwrap() > 1_500, "{off}");
    assert_eq!(ask(&["--close", "99"]).code, Some(1));
    let reach =
        done(&data, &["plan", "roads", "reach", "25.38,68.37", "--minutes", "60", "--json"]).json();
    assert_eq!((&reach["junctions"], &reach["of"]), (&4.into(), &4.into()));
}

#[test]
fn a_cut_map_is_refused_with_its_finding() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("node"), folder.path().join("map.osm.pbf"));
    map(&file);
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..whole.len() - 9]).unwrap();
    let said = run(&data, &["plan", "import", "roads", file.to_str().unwrap()]);
    assert_eq!(said.code, Some(1));
    assert!(
        said.out.contains("road-file-cut") && said.err.contains("nothing of this map"),
        "{}{}",
        said.out,
        said.err
    );
    let way = run(&data, &["plan", "roads", "way", "25.38,68.37", "25.40,68.39"]);
    assert!(way.out.starts_with("estimated"), "{}", way.out);
}

#[test]
fn a_cut_of_the_networks_is_lived_through_on_paper() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file, out) =
        (folder.path().join("node"), folder.path().join("stations.csv"), folder.path().join("out"));
    let early = run(&data, &["plan", "comms"]);
    assert_eq!(early.code, Some(1));
    std::fs::write(&file, CSV).unwrap();
    done(&data, &["plan", "import", "stations", file.to_str().unwrap()]);
    let words = ["plan", "comms", "--json", "--out", out.to_str().unwrap()];
    let said = done(&data, &words).json();
    assert_eq!((&said["stations"], &said["sectors"]), (&3.into(), &1.into()));
    // No test is known: nothing counts as proved, and every station is on the list.
    assert_eq!(said["no_path"], 3);
    let planned = said["timeline_planned"].as_array().unwrap();
    assert!(planned.iter().all(|hour| hour["dark"] == serde_json::json!([0, 0, 0])));
    assert_eq!(said, done(&data, &words).json());
    let signs = std::fs::read_to_string(out.join("call_signs.csv")).unwrap();
    assert!(signs.contains("D001 S01 01") && !signs.contains("School"), "{signs}");
    for name in
        ["frequency_plan.csv", "check_ins.csv", "courier_loops.csv", "timeline.csv", "no_path.csv"]
    {
        assert!(out.join(name).exists(), "{name}");
    }
    assert_eq!(run(&data, &["plan", "comms", "--hours", "0"]).code, Some(1));
    assert_eq!(run(&data, &["plan", "comms", "--cut", "25:00"]).code, Some(1));
}

#[test]
fn convoys_drive_on_the_map_and_round_a_way_that_was_signed_as_mined() {
    let (folder, data, file) = with_stations(CSV);
    let out = folder.path().join("convoys");
    let objective = || {
        done(&data, &["plan", "convoys", "--out", out.to_str().unwrap(), "--runs", "10", "--json"]);
        let seat = std::fs::read(out.join("NA-219.json")).unwrap();
        let seat: serde_json::Value = serde_json::from_slice(&seat).unwrap();
        let legs = seat["eve"]["strips"].as_array().unwrap().iter();
        let roads = legs.flat_map(|strip| strip.as_array().unwrap());
        let on_roads = roads.filter(|leg| leg["estimated"] == false).count();
        (seat["eve"]["plan"]["objective"].as_i64().unwrap(), on_roads)
    };
    let (_, none_yet) = objective();
    assert_eq!(none_yet, 0, "without a map every leg is estimated");
    done(&data, &["plan", "import", "roads", file.to_str().unwrap()]);
    let (open, on_roads) = objective();
    assert!(on_roads > 0);
    assert_eq!(run(&data, &["plan", "roads", "close", "99", "--why", "mined"]).code, Some(1));
    done(&data, &["plan", "roads", "close", "11", "--why", "mined"]);
    let said = done(&data, &["plan", "roads", "close", "11", "--why", "mined"]);
    assert!(said.err.contains("nothing was signed"), "{}", said.err);
    let (round, _) = objective();
    assert!(round > open, "{round} against {open}");
    let said = done(&data, &["plan", "roads", "marks"]);
    assert!(said.out.contains("way 11: closed (mined)"), "{}", said.out);
    done(&data, &["plan", "roads", "open", "11"]);
    assert_eq!(objective().0, open);
    assert_eq!(run(&data, &["plan", "roads", "open", "11"]).code, Some(1));
    assert_whole(&data);
}

#[test]
fn couriers_ride_on_the_map_and_where_no_road_leads_none_is_promised() {
    let (folder, data, file) = with_stations(CSV);
    let loops = || {
        let out = folder.path().join("out");
        let said = done(&data, &["plan", "comms", "--json", "--out", out.to_str().unwrap()]).json();
        let rows = std::fs::read_to_string(out.join("courier_loops.csv")).unwrap();
        let rows: Vec<String> = rows.lines().skip(1).map(str::to_owned).collect();
        (said["courier_loops_estimated"].as_u64().unwrap(), rows)
    };
    let minutes = |row: &str| row.split(',').nth(2).unwrap().parse::<u32>().unwrap();
    let stops = |rows: &[String]| rows.join(" ").matches("NA-219-").count();
    let (estimated, before) = loops();
    assert_eq!(estimated, before.len() as u64, "without a map every ride is estimated");
    assert_eq!(stops(&before), 2, "whoever stands at the post needs no courier: {before:?}");
    done(&data, &["plan", "import", "roads", file.to_str().unwrap()]);
    // The middle of the square is a kilometre from every road: one of the three is no measured ride.
    let (_, open) = loops();
    assert_eq!(stops(&open), 2);
    // The trunk roads gone, the same round takes the lanes on the other side.
    done(&data, &["plan", "roads", "close", "11", "--why", "mined"]);
    let (_, round) = loops();
    let all = |rows: &[String]| rows.iter().map(|row| minutes(row)).sum::<u32>();
    assert!(all(&round) > all(&open), "{round:?} against {open:?}");
    // Two roads that nothing joins any more: whoever stands on the other one is promised no courier.
    done(&data, &["plan", "roads", "close", "12", "--why", "mined"]);
    let (_, apart) = loops();
    assert!(stops(&apart) < 2, "{apart:?}");
    // With no road left it is as without a map: a ride that says that nobody measured it.
    for way in ["10", "13"] {
        done(&data, &["plan", "roads", "close", way, "--why", "mined"]);
    }
    let (estimated, none) = loops();
    assert_eq!((estimated, stops(&none)), (none.len() as u64, 2));
}

#[test]
fn a_convoy_is_led_round_an_incident_on_its_road() {
    let corner = "NA-219,4,School Four,Hyderabad,500,400,1,1,25.3999,68.3702\n";
    let (_folder, data, file) = with_stations(&format!("{CSV}{corner}"));
    done(&data, &["plan", "import", "roads", file.to_str().unwrap()]);
    let node = Node::open(&data, &OpenOptions::default()).unwrap();
    let world = node.world();
    let kept = RoadsKept::default();
    let point = |lat, lon| Point::try_from_degrees(lat, lon).unwrap();
    let convoys = [vec![point(25.38, 68.37), point(25.40, 68.39)]];
    let passing = |lat, lon| {
        let round = Round::open(&node, &world, &kept, point(lat, lon)).unwrap();
        round.passings(&world, &convoys).remove(0).unwrap()
    };
    // On the trunk road's corner: the lanes over the corner across stay two kilometres away.
    let at_the_corner = passing(25.38, 68.39);
    assert!(at_the_corner.meets_it() && at_the_corner.passes_m < 50, "{at_the_corner:?}");
    let round = at_the_corner.round.unwrap();
    assert!(round.drive_s > at_the_corner.drive_s);
    assert!((4_000..4_500).contains(&round.length_m), "{round:?}");
    assert_eq!(round.via.unwrap().as_str(), "NA-219-4");
    // On the lanes: the trunk road keeps away by itself.
    let on_the_lanes = passing(25.40, 68.37);
    assert!(!on_the_lanes.meets_it() && on_the_lanes.round.is_none(), "{on_the_lanes:?}");
    assert_eq!(on_the_lanes.drive_s, at_the_corner.drive_s);
    // Where it is going: no way stays away from that.
    let at_the_end = passing(25.40, 68.389);
    assert!(at_the_end.meets_it() && at_the_end.round.is_none(), "{at_the_end:?}");
}

/// Two offices at one corner of the square, their stations at the other: the road leads by the bridge at the third, a straight
/// line does not.
#[test]
fn convoys_meet_at_a_bridge_that_the_road_leads_over() {
    let head = CSV.lines().next().unwrap();
    let row =
        |seat: &str| format!("{seat},1,School of {seat},Hyderabad,500,400,1,1,25.3999,68.3899\n");
    let (folder, data, file) =
        with_stations(&format!("{head}\n{}{}", row("NA-219"), row("NA-220")));
    let office = |seat: &str| format!("RO-{seat},RO,Office {seat},Hyderabad,25.3801,68.3701\n");
    let offices = format!(
        "id,kind,name,district,latitude,longitude\n{}{}",
        office("NA-219"),
        office("NA-220")
    );
    let places = folder.path().join("places.csv");
    std::fs::write(&places, offices).unwrap();
    done(&data, &["plan", "import", "places", places.to_str().unwrap()]);
    let meetings = |seed: u32| -> Vec<serde_json::Value> {
        let out = folder.path().join(format!("convoys-{seed}"));
        std::fs::create_dir_all(&out).unwrap();
        std::fs::write(out.join("sealed-seed.hex"), format!("{seed:064x}")).unwrap();
        let bridge = "bridge=25.38,68.39,300";
        let words =
            ["plan", "convoys", "--out", out.to_str().unwrap(), "--runs", "5", "--narrow", bridge];
        done(&data, &words);
        serde_json::from_slice(&std::fs::read(out.join("meetings.json")).unwrap()).unwrap()
    };
    // When they leave is drawn: with some seeds they come minutes after each other, with others they do not.
    assert!(
        (1..=8).all(|seed| meetings(seed).is_empty()),
        "a straight line is far from the bridge"
    );
    done(&data, &["plan", "import", "roads", file.to_str().unwrap()]);
    let found: Vec<_> = (1..=8).flat_map(meetings).collect();
    let first = found.first().expect("eight draws, and never two at once");
    assert_eq!((&first["place"], &first["first"][1]), (&"bridge".into(), &1.into()));
    assert_ne!(first["first"][0], first["second"][0], "{first}");
}

/// A road from one station of Quetta to the other and beyond.
fn road_of_quetta(path: &Path) {
    let mut out = Writer::try_new(Vec::new()).unwrap();
    let point = |lat_e7, lon_e7| Point { lat_e7, lon_e7 };
    for (id, lat, lon) in [
        (1, 301_900_000, 670_000_000),
        (2, 301_900_000, 670_200_000),
        (3, 302_100_000, 670_200_000),
        (4, 302_300_000, 670_200_000),
    ] {
        out.node(id, point(lat, lon), &[]).unwrap();
    }
    for (id, refs) in [(10, [1, 2]), (11, [2, 3]), (12, [3, 4])] {
        out.way(id, &refs, &[("highway", "secondary")]).unwrap();
    }
    std::fs::write(path, out.finish().unwrap()).unwrap();
}

#[test]
fn an_allocation_goes_by_the_roads_own_times_and_a_closed_stretch_puts_a_place_out_of_reach() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("map.osm.pbf");
    road_of_quetta(&file);
    let house = House::empty();
    sample::fill(&house.node);
    let node = &house.node;
    let actor = node.operator().unwrap();
    let person = PersonId::try_new(actor.person.as_str()).unwrap();
    node.set_parameter(&person, "rule.travel_min_max", 60.0, "a test", "to see").unwrap();
    let kept = RoadsKept::default();
    let mut go_on = |_| ControlFlow::Continue(());
    let options = work::allocate::Options::default();
    let solve = || -> Plan {
        let mut watch = |_| ControlFlow::Continue(());
        let made = work::allocate::run(node, &actor, &options, &kept, &mut watch, &mut |_| {});
        made.unwrap().allocation.plan.clone()
    };
    let told = |plan: &Plan, what: &str| plan.certificate.notes.iter().any(|it| it.contains(what));
    let far = BuildingId::try_new("B-1").unwrap();
    let there = |plan: &Plan| plan.postings.iter().filter(|it| it.building == far).count();
    let estimated = solve();
    assert!(!told(&estimated, "measured by road"));
    let checked = work::roads::check(node, &file, None, &mut go_on).unwrap();
    assert!(work::roads::sign(node, &actor, &checked).unwrap());
    let by_road = solve();
    assert!(told(&by_road, "ways of"), "{:?}", by_road.certificate.notes);
    assert!(told(&by_road, "measured by road") && told(&by_road, "are estimated"));
    assert_ne!(by_road.certificate.input_hash, estimated.certificate.input_hash);
    assert!(there(&by_road) > 0);

    // Between units and places that touch the road the times are those of the way itself; the others are not known.
    let input = work::allocate::input(node, &node.world(), &options).unwrap();
    let ways = work::allocate::roads(node, &input, &kept, &mut go_on).unwrap().unwrap();
    let country = work::roads::Country::open(node, Season::Dry, &[], &mut go_on).unwrap().unwrap();
    let mut compared = [0, 0];
    for unit in &input.units {
        for at in &input.buildings {
            let ends = country.anchor(unit.point).zip(country.anchor(at.point));
            let way = ends.and_then(|(from, to)| country.way(&from, &to));
            let want = way.map_or(Known::OffRoad, |(ms, _)| Known::Seconds(ms.div_ceil(1_000)));
            assert_eq!(ways.known(&unit.id, &at.id), want, "{} {}", unit.id, at.id);
            compared[usize::from(want == Known::OffRoad)] += 1;
        }
    }
    assert_eq!(compared, [2, 16], "one unit and two places touch the road");

    let closed = RoadMark { way: 11, near: None, effect: MarkEffect::Closed, why: Why::Other };
    assert!(work::roads::mark(node, &actor, &[closed]).unwrap());
    let cut = solve();
    assert_ne!(cut.certificate.input_hash, by_road.certificate.input_hash);
    assert_eq!(there(&cut), 0);
    let reasons: Vec<_> =
        cut.shortfalls.iter().filter(|it| it.building == far).map(|it| it.reason).collect();
    assert!(!reasons.is_empty());
    assert!(reasons.iter().all(|reason| *reason == ShortfallReason::TooLong), "{reasons:?}");
    let ways = work::allocate::roads(node, &input, &kept, &mut go_on).unwrap().unwrap();
    let quetta = UnitId::try_new("U-quetta").unwrap();
    assert_eq!(ways.known(&quetta, &far), Known::Beyond);
}
