//! The court bundle: from a lived record to a stranger who has the public root and one command.

use crate::{
    after_action::{SECRET, events, lived},
    command::{done, run},
};
use pehra::{
    audit::court::{self, Content, Contents, SIGNED, SUMS},
    node::{backup, restore},
};
use pehra_ledger::Hash;
use pehra_ops::Event;
use std::{
    collections::BTreeMap,
    fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

/// Every file below a folder by its name in the bundle.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for (prefix, at) in [("", folder.to_owned()), ("entries/", folder.join("entries"))] {
        for entry in fs::read_dir(at).unwrap().map(Result::unwrap) {
            if entry.path().is_file() {
                let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
                all.insert(name, fs::read(entry.path()).unwrap());
            }
        }
    }
    all
}

fn contents(folder: &Path) -> Contents {
    serde_json::from_slice(&fs::read(folder.join("contents.json")).unwrap()).unwrap()
}

/// The names of the files that the check finds at fault.
fn faults(folder: &Path) -> Vec<String> {
    court::check(folder, None).faults.into_iter().map(|fault| fault.file).collect()
}

struct Case {
    _folder: tempfile::TempDir,
    data: PathBuf,
    elsewhere: PathBuf,
    root: PathBuf,
    at: PathBuf,
}

impl Case {
    fn bundle(&self, name: &str, about: [&str; 2]) -> PathBuf {
        let out = self.at.join(name);
        let [option, id] = about;
        done(&self.data, &["prove", "bundle", option, id, "--out", out.to_str().unwrap()]);
        out
    }

    fn verify(&self, folder: &Path) -> crate::command::Said {
        let (folder, root) = (folder.to_str().unwrap(), self.root.to_str().unwrap());
        run(&self.elsewhere, &["prove", "verify", folder, "--root", root])
    }
}

fn case(node: &pehra::node::Node) -> Case {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().to_owned();
    let (copy, data, root) = (at.join("copy"), at.join("node"), at.join("published.txt"));
    backup(node.dir(), &copy, &mut |_| ControlFlow::Continue(())).unwrap();
    restore(&copy, &data).unwrap();
    fs::write(&root, done(&data, &["prove", "root"]).out).unwrap();
    Case { _folder: folder, data, elsewhere: at.join("stranger"), root, at }
}

#[test]
fn a_stranger_checks_everything_about_a_station_with_the_public_root_and_one_command() {
    let (house, _first) = lived();
    let case = case(&house.node);
    let station = "NA-11-2";
    let folder = case.bundle("station", ["--station", station]);
    let said = case.verify(&folder);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("nothing is missing or added"), "{}", said.out);
    assert!(!case.elsewhere.exists(), "a check needs no folder of its own");

    // Every entry that names the station is in it, and each says what it says.
    let told = contents(&folder);
    let named = events(&house.node)
        .iter()
        .filter(|event| matches!(event, Event::CheckIn(_) | Event::Incident(_)))
        .filter(|event| event.names().contains(&station))
        .count();
    let of = |kinds: std::ops::Range<u32>| {
        told.entries.iter().filter(|line| kinds.contains(&line.kind)).count()
    };
    assert!(named > 10, "{named}");
    assert!(of(1_200..1_400) >= named, "{} of {named}", of(1_200..1_400));
    assert!(told.entries.iter().all(|line| line.content == Content::Here));
    assert!(
        told.entries
            .iter()
            .filter(|line| line.kind == 1_300)
            .any(|line| line.says.contains(station))
    );
    // What was done about an incident there came along, although it does not name the station.
    assert!(told.entries.iter().any(|line| line.kind_name == "incident.acknowledged"));

    // One byte anywhere is noticed, and the file is named.
    let all = files(&folder);
    for (name, bytes) in &all {
        let mut bent = bytes.clone();
        let middle = bent.len() / 2;
        bent[middle] ^= 1;
        fs::write(folder.join(name), &bent).unwrap();
        let found = faults(&folder);
        let named = found.contains(name) || (name == SUMS && found.iter().any(|it| it == SIGNED));
        assert!(named, "byte {middle} of {name}: {found:?}");
        fs::write(folder.join(name), bytes).unwrap();
    }
    assert_eq!(faults(&folder), Vec::<String>::new(), "everything stands as it was");
    let (entry, _) = all.iter().find(|(name, _)| name.ends_with(".entry")).unwrap();
    let mut bent = all[entry].clone();
    let middle = bent.len() / 2;
    bent[middle] ^= 1;
    fs::write(folder.join(entry), &bent).unwrap();
    let said = case.verify(&folder);
    assert_eq!(said.code, Some(1));
    assert!(said.out.contains(&format!("altered: {entry}")), "{}", said.out);
    fs::write(folder.join(entry), &all[entry]).unwrap();

    // Something taken away and something added.
    fs::remove_file(folder.join(entry)).unwrap();
    assert!(faults(&folder).contains(entry));
    fs::write(folder.join(entry), &all[entry]).unwrap();
    fs::write(folder.join("entries/99999.entry"), b"more").unwrap();
    assert!(faults(&folder).contains(&"entries/99999.entry".to_owned()));
}

#[test]
fn whoever_rewrites_the_list_of_hashes_too_is_found_out_by_the_signatures() {
    let (house, _first) = lived();
    let case = case(&house.node);
    let folder = case.bundle("seat", ["--constituency", "NA-11"]);
    assert_eq!(case.verify(&folder).code, Some(0));
    let all = files(&folder);
    // The list of hashes made anew for whatever lies there now.
    let again = |folder: &Path| {
        let listed = files(folder).into_iter().filter(|(name, _)| name != SUMS && name != SIGNED);
        let sums: String =
            listed.map(|(name, bytes)| format!("{}  {name}\n", Hash::of(&bytes))).collect();
        fs::write(folder.join(SUMS), sums).unwrap();
    };
    again(&folder);
    assert_eq!(faults(&folder), Vec::<String>::new(), "the same list");
    let mut bent = contents(&folder);
    bent.entries[0].says = "nothing happened".to_owned();
    fs::write(folder.join("contents.json"), serde_json::to_string(&bent).unwrap()).unwrap();
    again(&folder);
    let found = faults(&folder);
    assert!(found.contains(&SIGNED.to_owned()), "{found:?}");
    assert!(found.contains(&"entries/00001.entry".to_owned()), "{found:?}");
    // One entry less, with its line.
    fs::write(folder.join("contents.json"), &all["contents.json"]).unwrap();
    let mut less = contents(&folder);
    let last = less.entries.pop().unwrap();
    for name in court::file_names(last.number) {
        fs::remove_file(folder.join(name)).unwrap();
    }
    fs::write(folder.join("contents.json"), serde_json::to_string(&less).unwrap()).unwrap();
    again(&folder);
    assert_eq!(faults(&folder), [SIGNED.to_owned()], "the node signed how many there are");
}

#[test]
fn a_complaint_about_those_who_guard_stays_withheld_and_is_listed_so() {
    let (house, _first) = lived();
    let case = case(&house.node);
    let complaint = house.node.ops(|state| {
        let of = |(key, _): (&pehra_ops::incident::Key, _)| {
            (key.matter == pehra_ops::incident::Matter::Complaint).then(|| key.incident.to_string())
        };
        state.incidents.all().find_map(of).unwrap()
    });
    let folder = case.bundle("complaint", ["--incident", &complaint]);
    let told = contents(&folder);
    assert!(!told.entries.is_empty());
    assert!(told.entries.iter().all(|it| it.content == Content::Withheld && !it.why.is_empty()));
    for (name, bytes) in files(&folder) {
        let holds = bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
        assert!(!holds, "{name} holds what was complained");
    }
    let said = case.verify(&folder);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains(&format!("{} withheld", told.entries.len())), "{}", said.out);
    // What nobody recorded has no bundle, and a folder that holds something is left alone.
    let out = case.at.join("none");
    let nothing = ["prove", "bundle", "--incident", "I-NOTHING", "--out", out.to_str().unwrap()];
    assert!(run(&case.data, &nothing).err.contains("nothing is on record"));
    let full = ["prove", "bundle", "--station", "NA-11-2", "--out", folder.to_str().unwrap()];
    assert!(run(&case.data, &full).err.contains("is not empty"));
    assert_eq!(run(&case.data, &["prove", "bundle", "--out", "x"]).code, Some(2), "about what?");
}
