//! Identity by the command line alone: what a stranger would type, from the founding to the lost phone.

use crate::command::{Said, assert_whole, pehra};
use pehra::node::{Node, OpenOptions};
use pehra_domain::Date;
use pehra_store::Store;
use serde_json::Value;
use std::{fs, path::PathBuf};

const PASSPHRASE: &str = "seven quiet stones by the river";
const DURESS: &str = "the other way across the river";

/// A folder with files that people carry, and nodes.
pub(crate) struct Ground {
    dir: tempfile::TempDir,
}

impl Ground {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// `pehra --data NODE run trust …`; names of files in the ground are written as `@name`.
    fn trust(&self, node: &str, line: &str) -> Said {
        self.pehra(node, &format!("run trust {line}"))
    }

    pub(crate) fn pehra(&self, node: &str, line: &str) -> Said {
        self.with(node, line, &[("PEHRA_PASSPHRASE", PASSPHRASE)])
    }

    fn with(&self, node: &str, line: &str, variables: &[(&str, &str)]) -> Said {
        let words: Vec<String> = line
            .split(' ')
            .map(|word| match word.strip_prefix('@') {
                Some(name) => self.path(name).to_str().unwrap().to_owned(),
                None => word.replace('_', " "),
            })
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut command = pehra(&self.path(node), &words);
        let output = command.envs(variables.iter().copied()).output().unwrap();
        Said {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    fn done(&self, node: &str, line: &str) -> Said {
        let said = self.trust(node, line);
        assert_eq!(said.code, Some(0), "{line}: {}{}", said.out, said.err);
        said
    }

    fn refused(&self, node: &str, line: &str, why: &str) {
        let said = self.trust(node, line);
        assert_ne!(said.code, Some(0), "{line}: {}", said.out);
        assert!(said.err.contains(why), "{line}: {}", said.err);
    }

    /// A key file and its card.
    fn key(&self, name: &str) {
        let said = self.done("nobody", &format!("new-key @{name}.key --name {name}"));
        fs::write(self.path(&format!("{name}.card")), said.out).unwrap();
    }

    fn show(&self, node: &str) -> Value {
        self.done(node, "show --json").json()
    }

    /// An act of the person at the keyboard: records that a poll was ordered.
    pub(crate) fn acts(&self, node: &str, seat: u16, keys: &str) -> Said {
        self.pehra(node, &order(seat, keys))
    }

    /// A root of one key, an office under it, and the founding file.
    pub(crate) fn founded(&self) {
        self.key("root");
        self.key("office");
        self.done("nobody", "found --election PK-GE-2024 --need 1 @root.card --to @founding");
        self.enrolled_office(&["root"]);
    }

    fn enrolled_office(&self, roots: &[&str]) {
        self.done(
            "nobody",
            "request --for office --founding @founding --key @office.key --to @office.request",
        );
        let keys: String = roots.iter().map(|root| format!(" --key @{root}.key")).collect();
        self.done("nobody", &format!("grant @office.request{keys} --to @office.certificate"));
    }

    /// A node that joined and was enrolled by the office.
    pub(crate) fn enrolled(&self, node: &str) {
        self.done(node, "join @founding");
        self.done(
            node,
            &format!("request --name {node} --role PEC --role SYSADMIN --to @{node}.request"),
        );
        self.done(
            "nobody",
            &format!("grant @{node}.request --key @office.key --to @{node}.certificate"),
        );
        self.done(node, &format!("take @office.certificate @{node}.certificate"));
    }
}

fn order(seat: u16, keys: &str) -> String {
    format!(
        "plan poll schedule NA-{seat} 2024-02-08 --authority the_commission --instrument F.2(3) --dated 2023-12-15{keys}"
    )
}

fn certificate(trust: &Value, name: &str) -> Value {
    let all = trust["certificates"].as_array().unwrap();
    all.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("{trust}")).clone()
}

#[test]
fn two_of_three_found_an_election_and_enrol_an_office_a_node_and_a_person() {
    let ground = Ground::new();
    for root in ["root-1", "root-2", "root-3", "office", "console"] {
        ground.key(root);
    }
    let founded = ground.done(
        "nobody",
        "found --election PK-GE-2024 --need 2 @root-1.card @root-2.card @root-3.card --to @founding",
    );
    let joined = ground.done("desk", "join @founding");
    let digits = founded.err.split("compare: ").nth(1).unwrap().trim();
    assert!(joined.out.contains(digits), "{} against {}", joined.out, founded.err);

    let refused = ground.acts("desk", 1, "");
    assert_eq!(refused.code, Some(3), "before it is enrolled a node does not act: {}", refused.err);
    ground.enrolled_office(&["root-1"]);
    ground.enrolled("desk");
    assert_eq!(certificate(&ground.show("desk"), "office")["stands"], false, "one of two signed");
    assert_eq!(ground.acts("desk", 1, "").code, Some(3));
    ground.done("nobody", "sign @office.certificate --key @root-3.key --to @office.whole");
    ground.done("desk", "take @office.whole");
    let trust = ground.show("desk");
    assert_eq!(certificate(&trust, "desk")["issued_by"][0], "office");
    assert_eq!(certificate(&trust, "desk")["stands"], true, "{trust}");
    let acted = ground.acts("desk", 1, "");
    assert_eq!(acted.code, Some(0), "{}", acted.err);

    ground.done(
        "desk",
        "request --for person --role PEC --role SYSADMIN --key @console.key --to @console.request",
    );
    ground
        .done("desk", "grant @console.request --key @office.key --here --to @console.certificate");
    let unsigned = ground.acts("desk", 2, "");
    assert_eq!(unsigned.code, Some(3), "once a person has a key the node does not stand in");
    assert!(unsigned.err.contains("console must sign this with their own key"), "{}", unsigned.err);
    let strange = ground.acts("desk", 2, " --key @office.key");
    assert_ne!(strange.code, Some(0), "an office is nobody who acts");
    let signed = ground.acts("desk", 2, " --key @console.key");
    assert_eq!(signed.code, Some(0), "{}", signed.err);
    let report = assert_whole(&ground.path("desk"));
    assert_eq!(report["withheld"], serde_json::json!([]), "{report}");
}

#[test]
fn a_lost_phone_is_taken_back_by_courier_and_comes_back_with_a_new_key() {
    let ground = Ground::new();
    ground.founded();
    ground.enrolled("desk");
    ground.enrolled("phone");
    assert_eq!(ground.acts("phone", 1, "").code, Some(0));
    // The desk knows the phone by its certificate alone.
    ground.done("desk", "take @phone.certificate");
    let lost = ground.show("phone")["device"].as_str().unwrap().to_owned();
    ground.done(
        "desk",
        "revoke phone --reason left_in_a_bus --believe-held --key @office.key --to @lost",
    );
    assert_eq!(certificate(&ground.show("desk"), "phone")["stands"], true, "not taken in yet");
    for node in ["desk", "phone"] {
        // A file that somebody carries is enough, wherever it arrives, and twice does no harm.
        assert!(ground.done(node, "take @lost").out.starts_with("1 statements"));
        assert!(ground.done(node, "take @lost").out.starts_with("0 statements"));
        let shown = certificate(&ground.show(node), "phone");
        assert_eq!(shown["stands"], false);
        assert_eq!(shown["revoked"][0]["reason"], "left in a bus");
    }
    assert_eq!(ground.acts("phone", 2, "").code, Some(3), "it acts no more");

    let rotated = ground.done("phone", "rotate --to @again.request");
    assert!(rotated.err.contains(&lost), "{}", rotated.err);
    ground.done("nobody", "grant @again.request --key @office.key --to @again.certificate");
    ground.done("phone", "take @again.certificate");
    assert_ne!(ground.show("phone")["device"].as_str(), Some(lost.as_str()));
    let acted = ground.acts("phone", 2, "");
    assert_eq!(acted.code, Some(0), "{}", acted.err);
    let report = assert_whole(&ground.path("phone"));
    assert_eq!(report["withheld"], serde_json::json!([]), "what it wrote itself stays: {report}");
    let twice = ground.acts("phone", 1, "");
    assert_eq!(twice.code, Some(3), "the order from before the loss is still on record");
}

#[test]
fn a_spare_made_before_the_day_works_without_any_office_at_hand() {
    let ground = Ground::new();
    ground.founded();
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let until = Date(i32::try_from(since.as_secs() / 86_400).unwrap() + 90);
    ground.done(
        "nobody",
        &format!("spare --count 2 --name sukkur --area pk --role PEC --role SYSADMIN --until {until} --founding @founding --key @office.key --into @envelopes"),
    );
    ground.done("broken", "join @founding");
    ground.refused(
        "broken",
        "adopt @envelopes/sukkur-1.key @envelopes/sukkur-2.certificate",
        "none of the certificates",
    );
    ground.done(
        "broken",
        "adopt @envelopes/sukkur-1.key @envelopes/sukkur-1.certificate @office.certificate",
    );
    let acted = ground.acts("broken", 1, "");
    assert_eq!(acted.code, Some(0), "{}", acted.err);
    assert_eq!(certificate(&ground.show("broken"), "sukkur-1")["own_device"], true);
    let lone = ground.acts("lone", 1, "");
    assert_eq!(lone.code, Some(0), "{}", lone.err);
    ground.refused("lone", "rotate", "stands alone");
}

#[test]
fn a_restored_backup_begins_a_new_log_under_a_new_key_and_asks_to_be_enrolled() {
    let ground = Ground::new();
    ground.founded();
    ground.enrolled("desk");
    assert_eq!(ground.acts("desk", 1, "").code, Some(0));
    assert_eq!(ground.pehra("desk", "run backup @copy").code, Some(0));
    let restored = ground.pehra("again", "run restore @copy");
    assert_eq!(restored.code, Some(0), "{}", restored.err);
    assert!(restored.out.contains("log epoch"), "{}", restored.out);
    let was = ground.show("desk")["device"].clone();
    let is = ground.show("again")["device"].clone();
    assert_ne!(was, is, "the old machine may still be running");
    assert_eq!(ground.acts("again", 2, "").code, Some(3), "not before it is enrolled");
    let request = restored.out.split_once("pehra-request-1").unwrap().1;
    fs::write(ground.path("again.request"), format!("pehra-request-1{request}")).unwrap();
    ground.done("nobody", "grant @again.request --key @office.key --to @again.certificate");
    ground.done("again", "take @again.certificate");
    let acted = ground.acts("again", 2, "");
    assert_eq!(acted.code, Some(0), "{}", acted.err);
    let report = assert_whole(&ground.path("again"));
    assert_eq!(report["withheld"], serde_json::json!([]), "{report}");
    let same = ground.pehra("same", "run restore @copy --same-key");
    assert_eq!(same.code, Some(0), "{}", same.err);
    assert_eq!(ground.show("same")["device"], was);
    assert_eq!(ground.acts("same", 3, "").code, Some(0), "its certificate still holds");
}

#[test]
fn a_key_under_a_passphrase_is_nowhere_in_the_folder_or_its_backup() {
    let ground = Ground::new();
    assert_eq!(ground.acts("desk", 1, "").code, Some(0));
    let seed = {
        let store = Store::open(&ground.path("desk")).unwrap();
        store.secret("device-key").unwrap().unwrap()
    };
    let holds = |name: &str| {
        let mut all = Vec::new();
        let path = ground.path(name);
        let files = if path.is_dir() {
            fs::read_dir(path).unwrap().map(|file| file.unwrap().path()).collect()
        } else {
            vec![path]
        };
        for file in files {
            all.extend(fs::read(file).unwrap());
        }
        all.windows(seed.len()).any(|part| part == seed)
    };
    assert!(holds("desk"), "a plain key lies in the folder");
    ground.done("desk", "lock");
    assert!(!holds("desk"), "not in the database, not in its log");
    assert_eq!(ground.pehra("desk", "run backup @copy").code, Some(0), "a copy needs no key");
    assert!(!holds("copy"));
    let shut = ground.acts("desk", 2, "");
    assert_ne!(shut.code, Some(0));
    assert!(shut.err.contains("--node-passphrase-file"), "it says what to do: {}", shut.err);
    let wrong = [("PEHRA_NODE_PASSPHRASE", "seven quiet stones by the sea")];
    assert_ne!(ground.with("desk", &order(2, ""), &wrong).code, Some(0));
    let right = [("PEHRA_NODE_PASSPHRASE", PASSPHRASE)];
    let opened = ground.with("desk", &order(2, ""), &right);
    assert_eq!(opened.code, Some(0), "{}", opened.err);
    fs::write(ground.path("line"), format!("{PASSPHRASE}\n")).unwrap();
    let by_file = ground.pehra("desk", &order(3, " --node-passphrase-file @line"));
    assert_eq!(by_file.code, Some(0), "{}", by_file.err);
    assert_eq!(ground.with("desk", "run trust unlock", &right).code, Some(0));
    assert!(holds("desk") && ground.acts("desk", 4, "").code == Some(0));
}

#[test]
fn an_act_under_duress_looks_like_any_other_but_to_whoever_holds_the_watch() {
    let ground = Ground::new();
    for name in ["duty", "stranger"] {
        ground.key(name);
    }
    fs::write(ground.path("both"), format!("{PASSPHRASE}\n{DURESS}\n")).unwrap();
    ground.done(
        "desk-not-yet",
        "new-key @console.key --name console --duress --watch-for @duty.card --watch @console.watch --passphrase-file @both",
    );
    assert_eq!(ground.acts("desk", 1, "").code, Some(0));
    ground.done(
        "desk",
        "request --role PEC --role SYSADMIN --key @console.key --to @console.request",
    );
    ground.done("desk", "grant @console.request --to @console.certificate");
    let act = |seat: u16, passphrase: &str| {
        let variables = [("PEHRA_PASSPHRASE", passphrase)];
        let said = ground.with("desk", &order(seat, " --key @console.key"), &variables);
        assert_eq!(said.code, Some(0), "{}", said.err);
        (said.out, said.err)
    };
    assert_eq!(act(2, PASSPHRASE), act(3, DURESS), "nothing on the screen tells");
    let read = ground.done("desk", "watch @console.watch --key @duty.key --json").json();
    assert_eq!((&read["own"], &read["duress"]), (&1.into(), &1.into()), "{read}");
    ground.refused("desk", "watch @console.watch --key @stranger.key", "no recipient");
    let report = assert_whole(&ground.path("desk"));
    assert_eq!(report["withheld"], serde_json::json!([]), "both acts take effect: {report}");
}

#[test]
fn the_sick_officers_credential_is_released_by_two_on_record_and_by_nobody_alone() {
    const OFFICER: &str = "ro-na-220";
    let ground = Ground::new();
    {
        let node = Node::open(&ground.path("desk"), &OpenOptions::default()).unwrap();
        node.first_account(OFFICER, "Returning officer, NA-220", &["PEC"]).unwrap();
    }
    for name in [OFFICER, "commissioner", "judge", "deputy"] {
        ground.key(name);
    }
    ground.done("desk", "request --role PEC --key @ro-na-220.key --to @ro.request");
    ground.done("desk", "grant @ro.request --to @ro.certificate");
    ground.done(
        "desk",
        "deposit --need 2 @commissioner.card @judge.card --key @ro-na-220.key --to @deposit",
    );
    fs::remove_file(ground.path("ro-na-220.key")).unwrap();
    ground.refused(
        "desk",
        "contribute @deposit --to-card @deputy.card --key @deputy.key --to @part-0",
        "none of the deposit's custodians",
    );
    for (n, custodian) in ["commissioner", "judge"].iter().enumerate() {
        ground.done(
            "desk",
            &format!(
                "contribute @deposit --to-card @deputy.card --key @{custodian}.key --to @part-{}",
                n + 1
            ),
        );
    }
    let release = |parts: &str, key: &str| {
        format!("release @deposit {parts} --reason in_hospital --key @{key}.key --to @released.key")
    };
    ground.refused("desk", &release("@part-1", "deputy"), "1 of 2 custodians");
    ground.refused("desk", &release("@part-1 @part-1", "deputy"), "contributed twice");
    ground.refused("desk", &release("@part-1 @part-2", "judge"), "wrong");
    assert_eq!(ground.show("desk")["deposits"][0]["released"], serde_json::json!([]));
    assert!(!ground.path("released.key").exists());
    ground.done("desk", &release("@part-1 @part-2", "deputy"));

    let deposit = &ground.show("desk")["deposits"][0];
    assert_eq!(deposit["name"], OFFICER);
    assert_eq!(deposit["released"][0]["person"], "deputy");
    assert_eq!(deposit["released"][0]["reason"], "in hospital");
    assert_eq!(deposit["contributions"].as_array().unwrap().len(), 2, "{deposit}");
    let acted = ground.acts("desk", 220, " --key @released.key");
    assert_eq!(acted.code, Some(0), "the deputy acts in the officer's name: {}", acted.err);
    assert_whole(&ground.path("desk"));
}

#[test]
fn a_text_that_was_changed_on_its_way_is_refused_with_its_line() {
    let ground = Ground::new();
    ground.founded();
    ground.done("desk", "join @founding");
    let text = fs::read_to_string(ground.path("office.certificate")).unwrap();
    let at = text.lines().position(|line| line.len() == 64).unwrap();
    // One digit less on the first full line.
    let cut = |(n, line): (usize, &str)| {
        let kept = line.len() - usize::from(n == at) * 2;
        format!("{}\n", line.chars().take(kept).collect::<String>())
    };
    let slip: String = text.lines().enumerate().map(cut).collect();
    fs::write(ground.path("slip"), slip).unwrap();
    ground.refused("desk", "take @slip", "check sum does not fit");
}
