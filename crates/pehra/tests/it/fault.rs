//! Bad input and faults: each ends in a clear message and an intact ledger.
#![expect(clippy::print_stdout, reason = "a skipped test says so")]

use crate::command::{assert_whole, done, run, start};
use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

const HEADER: &str = "Province,Constituency,PS No,Name of Polling Station,Latitude,Longitude,Male Voters,Female Voters,Male Booths,Female Booths";

/// A sound list of `count` stations over ten constituencies of Sindh.
fn list(count: u32) -> String {
    let mut text = format!("{HEADER}\n");
    for n in 0..count {
        let seat = 196 + n % 10;
        let number = n / 10 + 1;
        let (lat, lon) = (27.0 + f64::from(n % 97) / 300.0, 68.0 + f64::from(n % 89) / 300.0);
        text.push_str(&format!(
            "Sindh,NA-{seat},{number},Primary School {n},{lat:.5},{lon:.5},{},{},2,1\n",
            500 + n % 300,
            400 + n % 200
        ));
    }
    text
}

fn write(dir: &Path, name: &str, bytes: &[u8]) -> String {
    let path = dir.join(name);
    fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

struct Ground {
    _dir: tempfile::TempDir,
    files: PathBuf,
    data: PathBuf,
}

fn ground() -> Ground {
    let dir = tempfile::tempdir().unwrap();
    let files = dir.path().join("files");
    fs::create_dir(&files).unwrap();
    Ground { files, data: dir.path().join("node"), _dir: dir }
}

#[test]
fn half_a_file_keeps_its_whole_rows_and_names_the_cut_one() {
    let ground = ground();
    let whole = list(50);
    let cut = whole.len() - 40;
    let file = write(&ground.files, "half.csv", &whole.as_bytes()[..cut]);
    let summary = done(&ground.data, &["plan", "import", "stations", &file, "--json"]).json();
    assert_eq!(summary["rows"], 50, "{summary}");
    assert_eq!(summary["findings"]["row-cut"], 1, "{summary}");
    assert_whole(&ground.data);
}

#[test]
fn the_same_list_in_four_encodings_is_one_list() {
    let ground = ground();
    let text = format!("{HEADER}\nSindh,NA-200,1,گورنمنٹ پرائمری سکول,27.1,68.2,500,400,2,1\n");
    let utf16: Vec<u8> =
        [0xfeff_u16].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let with_bom = ["\u{feff}".as_bytes(), text.as_bytes()].concat();
    let windows = encoding_rs::WINDOWS_1256.encode(&text.replace('ی', "ي")).0.into_owned();
    let mut names = Vec::new();
    for (n, bytes) in [text.as_bytes().to_vec(), with_bom, utf16, windows].iter().enumerate() {
        let file = write(&ground.files, &format!("{n}.csv"), bytes);
        let data = ground.data.join(n.to_string());
        let summary = done(&data, &["plan", "import", "stations", &file, "--json"]).json();
        assert_eq!(summary["stations"], 1, "{n}: {summary}");
        let node = pehra::node::Node::open(&data, &pehra::node::OpenOptions::default()).unwrap();
        names.push(node.world().stations.as_ref().unwrap().stations[0].name.clone());
    }
    assert_eq!(names[0], "گورنمنٹ پرائمری سکول");
    assert_eq!(names[0], names[1]);
    assert_eq!(names[0], names[2]);
    assert_eq!(names[3].replace('ي', "ی"), names[0]);
}

#[test]
fn a_file_of_two_gigabytes_ends_in_a_sentence_and_not_in_the_memory() {
    let ground = ground();
    let path = ground.files.join("huge.csv");
    let mut file = File::create(&path).unwrap();
    file.write_all(list(1_000).as_bytes()).unwrap();
    file.set_len(2 << 30).unwrap();
    let said = run(&ground.data, &["plan", "import", "stations", path.to_str().unwrap()]);
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    assert!(said.err.starts_with("pehra: ") && said.err.contains("row"), "{}", said.err);
    assert_whole(&ground.data);
}

#[test]
fn a_bomb_in_a_workbook_is_measured_and_refused() {
    let ground = ground();
    let path = ground.files.join("bomb.xlsx");
    let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated);
    zip.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..700 {
        zip.write_all(&zeros).unwrap();
    }
    zip.finish().unwrap();
    let said = run(&ground.data, &["plan", "import", "stations", path.to_str().unwrap()]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.to_lowercase().contains("unpack"), "{}", said.err);
    assert_whole(&ground.data);
}

#[test]
fn coordinates_on_the_moon_are_told_and_the_station_is_planned_in_its_constituency() {
    let ground = ground();
    let mut text = list(30);
    text.push_str("Sindh,NA-196,900,School on the moon,384400.0,68.2,500,400,2,1\n");
    text.push_str("Sindh,NA-196,901,School at sea,-3.0,-120.0,500,400,2,1\n");
    let file = write(&ground.files, "moon.csv", text.as_bytes());
    let summary = done(&ground.data, &["plan", "import", "stations", &file, "--json"]).json();
    assert_eq!(summary["stations"], 32, "{summary}");
    assert_eq!(summary["findings"]["coordinate-out-of-area"], 2, "{summary}");
}

#[test]
fn a_second_program_on_the_same_folder_is_told_and_harms_nothing() {
    let ground = ground();
    let file = write(&ground.files, "list.csv", list(20).as_bytes());
    done(&ground.data, &["plan", "import", "stations", &file]);
    let node = pehra::node::Node::open(&ground.data, &pehra::node::OpenOptions::default()).unwrap();
    let said = run(&ground.data, &["plan", "assess"]);
    assert_eq!(said.code, Some(1));
    assert!(
        said.err.contains("another pehra") && said.err.contains("stop it first"),
        "{}",
        said.err
    );
    drop(node);
    done(&ground.data, &["plan", "assess", "--draws", "10"]);
    assert_whole(&ground.data);
}

/// Kills the program without warning once `ready` holds, and waits for its end.
fn kill_when(mut child: std::process::Child, ready: impl Fn() -> bool) {
    while child.try_wait().unwrap().is_none() {
        if ready() {
            child.kill().unwrap();
            break;
        }
        std::thread::yield_now();
    }
    child.wait().unwrap();
}

/// Hundredths of a second that a process has computed, as the kernel counts them.
fn processor_ticks(stat: &str) -> u64 {
    let text = fs::read_to_string(stat).unwrap_or_default();
    let after_name = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    after_name.split_whitespace().nth(11).and_then(|ticks| ticks.parse().ok()).unwrap_or(0)
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |file| file.len())
}

#[test]
fn a_kill_in_the_middle_of_an_import_leaves_the_old_list_or_the_new_one() {
    let ground = ground();
    let small = write(&ground.files, "small.csv", list(100).as_bytes());
    let large = write(&ground.files, "large.csv", list(8_000).as_bytes());
    done(&ground.data, &["plan", "import", "stations", &small]);
    let log = ground.data.join("pehra.db-wal");
    for grown in [0_u64, 1, 60_000, 400_000, 1_200_000] {
        let child = start(&ground.data, &["plan", "import", "stations", &large]);
        kill_when(child, || length(&log) > grown);
        assert_whole(&ground.data);
        let node =
            pehra::node::Node::open(&ground.data, &pehra::node::OpenOptions::default()).unwrap();
        let count = node.world().stations.as_ref().unwrap().stations.len();
        assert!(count == 100 || count == 8_000, "{count} stations after a kill at {grown} bytes");
    }
    done(&ground.data, &["plan", "import", "stations", &large]);
}

#[test]
fn a_kill_in_the_middle_of_a_solve_loses_the_solve_and_nothing_else() {
    let ground = ground();
    let file = write(&ground.files, "list.csv", list(3_000).as_bytes());
    done(&ground.data, &["plan", "import", "stations", &file]);
    let before = assert_whole(&ground.data)["entries"].clone();
    let child = start(&ground.data, &["plan", "assess", "--draws", "100000"]);
    let times = format!("/proc/{}/stat", child.id());
    kill_when(child, || processor_ticks(&times) > 50);
    assert_eq!(assert_whole(&ground.data)["entries"], before);
    done(&ground.data, &["plan", "assess", "--draws", "20"]);
}

#[test]
fn a_full_disk_is_said_and_what_was_there_stays() {
    let ground = ground();
    fs::create_dir(&ground.data).unwrap();
    let folder = ground.data.to_str().unwrap().to_owned();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=2m", "tmpfs", &folder])
        .status()
        .is_ok_and(|status| status.success());
    if !mounted {
        println!("no right to mount a small disk here: skipped");
        return;
    }
    let small = write(&ground.files, "small.csv", list(50).as_bytes());
    let large = write(&ground.files, "large.csv", list(20_000).as_bytes());
    let first = run(&ground.data, &["plan", "import", "stations", &small]);
    let second = run(&ground.data, &["plan", "import", "stations", &large]);
    let report = run(&ground.data, &["prove", "verify", "--json"]);
    let unmounted = Command::new("umount").arg(&folder).status().unwrap().success();
    assert!(unmounted);
    assert_eq!(first.code, Some(0), "{}", first.err);
    assert_eq!(second.code, Some(1), "{}", second.out);
    assert!(second.err.contains("the disk is full"), "{}", second.err);
    assert_eq!(report.code, Some(0), "{}", report.err);
    assert_eq!(report.json()["damages"], 0);
}
