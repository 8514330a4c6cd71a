use super::*;
use pehra_domain::member::Modules;
use std::ops::ControlFlow;

fn go_on(_: pehra_domain::progress::Step) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn venues(csv: &str) -> Imported<Venue> {
    let (options, context) = (ImportOptions::default(), Context::default());
    import_venues(&mut csv.as_bytes(), &options, &context, &mut go_on).unwrap()
}

fn trainers(csv: &str) -> Imported<Trainer> {
    let (options, context) = (ImportOptions::default(), Context::default());
    import_trainers(&mut csv.as_bytes(), &options, &context, &mut go_on).unwrap()
}

const VENUE: &str = "id,name,district,lat,lon,seats,hours,open,closed\n";

fn open(open: &str, closed: &str) -> Vec<String> {
    let row = format!("{VENUE}V-1,,pk/sindh/thatta,24.7,67.9,30,6,\"{open}\",\"{closed}\"\n");
    let read = venues(&row);
    read.values.iter().flat_map(|one| &one.open).map(ToString::to_string).collect()
}

#[test]
fn days_are_single_ones_ranges_and_what_is_closed_of_them() {
    for (days, closed, expected) in [
        ("2024-01-05", "", &["2024-01-05"][..]),
        ("5/1/2024; 7 January 2024", "", &["2024-01-05", "2024-01-07"]),
        ("2024-01-05..2024-01-08", "", &["2024-01-05", "2024-01-06", "2024-01-07", "2024-01-08"]),
        ("2024-01-05..2024-01-08", "Friday, Sun", &["2024-01-06", "2024-01-08"]),
        ("2024-01-05..2024-01-08", "جمعہ", &["2024-01-06", "2024-01-07", "2024-01-08"]),
        ("2024-01-05..2024-01-08", "2024-01-06..2024-01-07", &["2024-01-05", "2024-01-08"]),
        ("2024-01-05, soon", "", &["2024-01-05"]),
        ("2024-01-08..2024-01-05", "", &[]),
        ("2024-01-05..2034-01-05", "", &[]),
        ("2024-01-05", "Fri", &[]),
    ] {
        assert_eq!(open(days, closed), expected, "{days:?} less {closed:?}");
    }
}

#[test]
fn venues_are_read_and_what_is_wrong_is_told() {
    let read = venues(&format!(
        "{VENUE}\
         V-2,Police lines,pk/sindh/thatta,24.7,67.9,40,,2024-01-05,\n\
         V-1,,pk/sindh/thatta,24.7,67.9,many,99,2024-01-05; soon,\n\
         V-1,,pk/sindh/thatta,24.7,67.9,30,6,2024-01-05,\n\
         ,,pk/sindh/thatta,24.7,67.9,30,6,2024-01-05,\n\
         V-3,,,,,30,6,2024-01-05,\n\
         V-4,,pk/sindh/thatta,24.7,67.9,30,6,,\n\
         V-5,,pk/sindh/thatta,24.7,67.9,9999,6,2024-01-05,Someday\n"
    ));
    let told: Vec<(&str, &str, u32, u8)> = read
        .values
        .iter()
        .map(|one| (one.id.as_str(), one.name.as_str(), one.seats, one.hours_day))
        .collect();
    let expected = [("V-1", "V-1", 0, 6), ("V-2", "Police lines", 40, 6), ("V-5", "V-5", 9_999, 6)];
    assert_eq!(told, expected);
    for (code, count) in [
        ("number-invalid", 2),
        ("number-implausible", 1),
        ("date-invalid", 2),
        ("id-duplicate", 1),
        ("id-invalid", 1),
        ("place-unknown", 1),
        ("window-missing", 1),
    ] {
        assert_eq!(read.counts.get(code), Some(&count), "{code}: {:?}", read.counts);
    }
    let tally = read.tally;
    assert_eq!((tally.rows, tally.accepted, tally.repaired, tally.quarantined), (7, 1, 2, 4));
}

#[test]
fn trainers_are_read_and_what_is_wrong_is_told() {
    let read = trainers(
        "Service No,Gender,District,lat,lon,Qualified,Hours,Available,CNIC\n\
         T-2,Female,pk/sindh/thatta,24.7,67.9,M1 M4 M99,4,2024-01-05,\n\
         T-1,,pk/sindh/thatta,24.7,67.9,\"1, 2, ۳\",,,\n\
         T-3,x,pk/sindh/thatta,24.7,67.9,M1,,,\n\
         T-4,m,pk/sindh/thatta,24.7,67.9,M1,,always,\n\
         T-5,m,pk/sindh/thatta,24.7,67.9,M1,,,42101-1234567-1\n",
    );
    let told: Vec<(&str, bool, Modules, u8, usize)> = read
        .values
        .iter()
        .map(|one| (one.number.as_str(), one.woman, one.modules, one.hours_day, one.free.len()))
        .collect();
    let expected =
        [("T-1", false, Modules::of(&[1, 2, 3]), 6, 0), ("T-2", true, Modules::of(&[1, 4]), 4, 1)];
    assert_eq!(told, expected);
    for code in
        ["module-unknown", "sex-unknown", "date-invalid", "window-missing", "identity-number"]
    {
        assert_eq!(read.counts.get(code), Some(&1), "{code}: {:?}", read.counts);
    }
    assert!(read.findings.iter().all(|finding| !finding.was.contains("42101")));
}

#[test]
fn seats_of_an_earlier_timetable_are_read_back() {
    let csv = "number,date,begins,venue,module,trainer\n\
        B-2,2024-01-05,2,V-1,M2,T-1\n\
        B-1,2024-01-05,0,V-1,M1,T-1\n\
        B-1,someday,0,V-1,M1,T-1\n\
        B-1,2024-01-05,0,V-1,M44,T-1\n\
        ,2024-01-05,0,V-1,M1,T-1\n\
        B-1,2024-01-05,0,V-1,M1,\n";
    let read = import_seats(&mut csv.as_bytes(), &ImportOptions::default(), &mut go_on).unwrap();
    let told: Vec<(&str, u8)> =
        read.values.iter().map(|one| (one.number.as_str(), one.module)).collect();
    assert_eq!(told, [("B-1", 1), ("B-2", 2)]);
    assert_eq!(read.tally.quarantined, 4);
    let columns: Vec<&str> = read
        .findings
        .iter()
        .filter(|finding| finding.code == "id-invalid")
        .map(|finding| finding.column.as_str())
        .collect();
    assert_eq!(columns, ["number", "trainer"]);
}
