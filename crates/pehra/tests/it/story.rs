//! From the commission's own file to a defensible deployment, at the command line.
#![expect(clippy::print_stdout, reason = "a skipped test says so")]

use crate::command::{assert_whole, done, run};
use std::path::{Path, PathBuf};

fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(path);
    if path.exists() {
        return path.to_str().map(PathBuf::from);
    }
    println!("shared data absent: skipped");
    None
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn the_lists_of_2018_go_in_and_a_certified_plan_comes_out() {
    let Some(stations) = shared("data/stations/pk2018_sindh_kp_raw.csv") else { return };
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("node");
    let findings = dir.path().join("findings.csv");
    let import = ["plan", "import", "stations", text(&stations), "--election", "PK-GE-2018"];
    let import = [&import[..], &["--poll-date", "2018-07-25", "--json"]].concat();
    let first = done(&data, &[&import[..], &["--findings", text(&findings)]].concat());
    let summary = first.json();
    assert_eq!(summary["rows"], 29_766);
    let total: u64 = ["accepted", "repaired", "quarantined"]
        .iter()
        .map(|part| summary[part].as_u64().unwrap())
        .sum();
    assert_eq!(total, 29_766, "every row is accounted for");
    let merged = summary["findings"]["contest-merged"].as_u64().unwrap();
    assert!((7_000..9_500).contains(&merged), "{merged}");
    let told = std::fs::read_to_string(&findings).unwrap();
    assert!(told.lines().count() > 1_000);
    let entries = assert_whole(&data)["entries"].clone();
    let again = done(&data, &import);
    assert!(again.err.contains("nothing has changed"), "{}", again.err);
    assert_eq!(assert_whole(&data)["entries"], entries, "the same file twice is one act");

    let forces = dir.path().join("forces.csv");
    std::fs::write(&forces, forces_csv()).unwrap();
    done(&data, &["plan", "import", "forces", text(&forces)]);
    let assessed = done(&data, &["plan", "assess", "--draws", "50", "--json"]).json();
    assert_eq!(assessed["stations"], summary["stations"]);
    let plan = done(&data, &["plan", "allocate", "--json"]).json();
    assert_eq!(plan["gap"], 0, "{plan}");
    assert!(plan["totals"]["police_man"]["posted"].as_u64().unwrap() > 20_000, "{plan}");
    let twice = done(&data, &["plan", "allocate", "--json"]).json();
    assert_eq!(plan, twice, "the same inputs give the same plan");
    let why = done(&data, &["plan", "explain", "NA-200-1"]);
    assert!(why.out.contains("NA-200-1"), "{}", why.out);
    assert_whole(&data);
}

/// Police of the headquarters of the two provinces: figures made up for this test.
fn forces_csv() -> String {
    let mut csv = String::from("id,name,tier,district,lat,lon,men,women,vehicles,seats,reserve\n");
    let places = [
        ("Karachi East", 24.88, 67.10),
        ("Hyderabad", 25.39, 68.37),
        ("Sukkur", 27.70, 68.86),
        ("Larkana", 27.56, 68.21),
        ("Peshawar", 34.01, 71.58),
        ("Mardan", 34.20, 72.04),
        ("Swat", 34.77, 72.36),
        ("Dera Ismail Khan", 31.83, 70.90),
    ];
    for (n, (district, lat, lon)) in places.iter().enumerate() {
        csv.push_str(&format!(
            "U{n},Police {district},police,{district},{lat},{lon},9000,1200,50,600,300\n"
        ));
    }
    csv
}

#[test]
fn a_postponed_poll_leaves_the_general_plan_and_gets_one_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("node");
    let (stations, forces) = (dir.path().join("stations.csv"), dir.path().join("forces.csv"));
    std::fs::write(
        &stations,
        "Province,District,Constituency,PS No,Name of Polling Station,Latitude,Longitude,Male Voters,Female Voters,Male Booths,Female Booths\n\
         Sindh,Sukkur,NA-200,1,School A,27.70,68.86,500,400,2,1\n\
         Sindh,Sukkur,NA-200,2,School B,27.74,68.90,500,400,2,1\n\
         Sindh,Sukkur,NA-201,1,School C,27.80,68.95,500,400,2,1\n",
    )
    .unwrap();
    std::fs::write(&forces, forces_csv()).unwrap();
    let open = ["--election", "PK-GE-NEXT", "--poll-date", "2031-02-08"];
    done(&data, &[&["plan", "import", "stations", text(&stations)][..], &open].concat());
    done(&data, &["plan", "import", "forces", text(&forces)]);
    let due = |said: crate::command::Said| said.json()["totals"]["police_man"]["need"].as_u64();
    let whole = due(done(&data, &["plan", "allocate", "--json"]));
    let none = run(&data, &["plan", "allocate", "--poll", "NA-200@2031-03-08"]);
    assert!(none.err.contains("record the order first"), "{}", none.err);
    let order = ["--authority", "commission", "--instrument", "12/2031", "--dated", "2031-02-01"];
    let record = |act: &[&str]| done(&data, &[&["plan", "poll"][..], act, &order].concat());
    record(&["schedule", "NA-200", "2031-02-08"]);
    record(&["postpone", "NA-200", "2031-02-08", "--to", "2031-03-08"]);
    let listed = done(&data, &["plan", "poll", "list"]).out;
    assert!(listed.contains("Postponed") && listed.contains("2031-03-08"), "{listed}");
    let without = due(done(&data, &["plan", "allocate", "--json"]));
    let own = due(done(&data, &["plan", "allocate", "--json", "--poll", "NA-200@2031-03-08"]));
    assert!(own > without && without > Some(0), "{own:?} {without:?}");
    assert_eq!(Some(own.unwrap() + without.unwrap()), whole);
    assert_whole(&data);
}

#[test]
fn events_are_backtested_against_the_district_rate() {
    let Some(events) = shared("data/events/ucdp_ged_pakistan_1989_2014.csv") else { return };
    let dir = tempfile::tempdir().unwrap();
    done(dir.path(), &["plan", "import", "events", text(&events)]);
    let told = done(dir.path(), &["plan", "backtest", "--bootstraps", "200"]).out;
    assert!(told.contains("2008-02-18") && told.contains("2013-05-11"), "{told}");
    assert!(told.contains("district rate"), "{told}");
    assert!(told.contains("no station capture is reported"), "{told}");
}

#[test]
fn a_list_that_belongs_to_the_poll_brings_the_capture_at_stations() {
    let Some(events) = shared("data/events/ucdp_ged_pakistan_1989_2014.csv") else { return };
    let dir = tempfile::tempdir().unwrap();
    let list = dir.path().join("stations.csv");
    let mut rows = "province,district,constituency,station_no,name,male_booths,female_booths,male_voters,female_voters,lat,lon,class\n".to_owned();
    for n in 0..6 {
        let class = ["normal", "most sensitive"][n % 2];
        rows += &format!(
            "Sindh,Karachi East,NA-235,{n},School {n},1,1,500,400,24.8{n},67.1{n},{class}\n"
        );
    }
    std::fs::write(&list, rows).unwrap();
    let data = dir.path().join("node");
    done(&data, &["plan", "import", "events", text(&events)]);
    let asked = ["plan", "backtest", "--bootstraps", "50", "--poll", "2013-05-11", "--stations"];
    let early = run(&data, &asked);
    assert!(early.err.contains("no polling stations yet"), "{}", early.err);
    done(&data, &["plan", "import", "stations", text(&list)]);
    let told = done(&data, &[&asked[..], &["--previous-classes"]].concat()).out;
    assert!(told.contains(" had an event within 1 km"), "{told}");
    let rival = |line: &&str| line.starts_with("previous official class");
    assert_eq!(told.lines().filter(rival).count(), 2, "districts and stations: {told}");
    let two = run(&data, &[&asked[..], &["--poll", "2008-02-18"]].concat());
    assert!(two.err.contains("give --poll once"), "{}", two.err);
}

#[test]
fn a_person_who_types_nonsense_is_told_what_to_type() {
    let dir = tempfile::tempdir().unwrap();
    let said = run(dir.path(), &["plan", "assess"]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("import them first"), "{}", said.err);
    let said = run(dir.path(), &["plan", "import", "stations", "no-such-file.csv"]);
    assert!(said.err.contains("no-such-file.csv cannot be read"), "{}", said.err);
    let said = run(dir.path(), &["plan", "backtest", "--poll", "yesterday"]);
    assert!(said.err.contains("write 2013-05-11"), "{}", said.err);
    let form = done(dir.path(), &["plan", "form", "building", "--urdu"]).out;
    assert!(form.contains("عمارت"), "{form}");
}

#[test]
fn a_backup_is_restored_into_a_folder_that_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("node");
    let copy = dir.path().join("copy.pehra");
    let restored = dir.path().join("restored");
    let figures = dir.path().join("figures.csv");
    std::fs::write(&figures, "area,measure,value,source\nnational,stations_total,90675,gazette\n")
        .unwrap();
    done(&data, &["plan", "import", "figures", text(&figures)]);
    done(&data, &["run", "backup", text(&copy)]);
    let said = done(&restored, &["run", "restore", text(&copy)]);
    assert!(said.out.contains("log epoch"), "{}", said.out);
    let before = assert_whole(&data);
    let after = assert_whole(&restored);
    assert_eq!((&before["entries"], &before["chunks"]), (&after["entries"], &after["chunks"]));
    let said = run(&restored, &["run", "restore", text(&copy)]);
    assert_eq!(said.code, Some(1), "a folder that holds something is not overwritten");
}
