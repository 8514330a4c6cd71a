//! The convoys' story: planned seat by seat into a folder, stopped, gone on with, and repeated.

use crate::house::House;
use pehra::work::{
    WorkError,
    convoys::{Options, SeatFile, Summary, run},
};
use std::{fs, ops::ControlFlow, path::Path};

fn options(folder: &Path) -> Options {
    Options {
        workbooks: true,
        runs: 20,
        effort_permille: 50,
        improve: true,
        ..Options::into(folder.to_owned())
    }
}

fn plan(house: &House, options: &Options) -> (Summary, Vec<SeatFile>) {
    let mut files = Vec::new();
    let mut go_on = |_| ControlFlow::Continue(());
    let summary =
        run(&house.node, options, &mut go_on, &mut |file| files.push(file.clone())).unwrap();
    files.sort_by(|a, b| a.seat.cmp(&b.seat));
    (summary, files)
}

#[test]
fn a_run_that_goes_on_keeps_what_is_written_and_makes_the_rest_again() {
    let house = House::planned();
    let place = tempfile::tempdir().unwrap();
    let (first, files) = plan(&house, &options(place.path()));
    assert_eq!((first.seats, first.kept, first.unserved, first.double_booked), (3, 0, 0, 0));
    assert_eq!(
        files.iter().map(|file| file.seat.as_str()).collect::<Vec<_>>(),
        ["NA-10", "NA-11", "NA-12"]
    );
    for file in &files {
        assert!(file.estimated && file.outcome.stations == 2 && file.outcome.runs == 20);
        for planned in [&file.eve, &file.night] {
            assert!(planned.plan.bound.is_some_and(|bound| bound <= planned.plan.objective));
            let bags: Vec<(u32, u32)> = planned
                .calls
                .iter()
                .flatten()
                .map(|call| (call.bag_from, call.bag_until))
                .collect();
            assert_eq!(bags, [(1, 1), (2, 2)]);
        }
        assert_eq!(file.improvements.len(), 6);
    }
    let one = place.path().join("NA-11.json");
    let whole = fs::read(&one).unwrap();
    fs::write(&one, &whole[..whole.len() / 2]).unwrap();
    let (second, _) = plan(&house, &options(place.path()));
    assert_eq!((second.seats, second.kept), (3, 2));
    assert_eq!(fs::read(&one).unwrap(), whole, "the same inputs give the same bytes");
    let more = Options { runs: 30, ..options(place.path()) };
    assert_eq!(plan(&house, &more).0.kept, 0);
    assert!(fs::read(place.path().join("NA-12.xlsx")).unwrap().starts_with(b"PK"));
    let table = fs::read_to_string(place.path().join("calls.csv")).unwrap();
    assert_eq!(table.lines().filter(|line| line.contains(",eve,")).count(), 6);
}

#[test]
fn another_sealed_seed_is_another_folder_and_a_spoilt_one_is_refused() {
    let house = House::planned();
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let departs = |files: &[SeatFile]| -> Vec<u32> {
        files.iter().flat_map(|file| &file.eve.plan.convoys).map(|convoy| convoy.depart_s).collect()
    };
    let first = departs(&plan(&house, &options(one.path())).1);
    assert_ne!(first, departs(&plan(&house, &options(other.path())).1));
    fs::write(one.path().join("sealed-seed.hex"), "not a seed").unwrap();
    let mut go_on = |_| ControlFlow::Continue(());
    let refused = run(&house.node, &options(one.path()), &mut go_on, &mut |_| {}).unwrap_err();
    assert!(refused.to_string().contains("64 hexadecimal digits"), "{refused}");
}

#[test]
fn a_person_stops_the_run_and_a_node_without_stations_says_so() {
    let house = House::planned();
    let place = tempfile::tempdir().unwrap();
    let mut stop = |_| ControlFlow::Break(());
    let stopped = run(&house.node, &options(place.path()), &mut stop, &mut |_| {}).unwrap_err();
    assert!(matches!(stopped, WorkError::Cancelled(_)));
    let empty = House::empty();
    let mut go_on = |_| ControlFlow::Continue(());
    let missing = run(&empty.node, &options(place.path()), &mut go_on, &mut |_| {}).unwrap_err();
    assert!(matches!(missing, WorkError::Missing(_)));
}
