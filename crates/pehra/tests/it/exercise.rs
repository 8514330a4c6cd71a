//! An exercise and a real election never mix: every door is tried from both sides, with one root and devices that are
//! enrolled in both, so that nothing but the election's own name stands between them.

use crate::{
    client::Browser,
    command::{done, run},
    house::House,
    sample,
};
use pehra::{
    lan::Presence,
    node::{
        CONSOLE, Node, NodeError, OpenOptions, Verdict, backup, bundle::BundleError, join, restore,
    },
};
use pehra_domain::{AreaId, Date, PersonId};
use pehra_lan::watch::Pace;
use pehra_ledger::{
    ClockQuality, Draft, Entry, Hlc, Payload, SigningKey,
    armour::Piece,
    certificate::{Certificate, CertificateBody, Subject},
    draft::Next,
    genesis::Genesis,
    statement::Said,
};
use pehra_link::broadcast::Broadcast;
use pehra_ops::{
    Event,
    election::{self, Election, Nature},
};
use serde_json::json;
use std::{fs, ops::ControlFlow, path::PathBuf, time::Duration};
use tempfile::TempDir;

const REAL: &str = "TEST-1";
const EXERCISE: &str = "EX-TEST-1";

fn root() -> SigningKey {
    SigningKey::from_seed([41; 32])
}

fn genesis(id: &str) -> Genesis {
    Genesis::try_new(id, vec![root().public()], 1).unwrap()
}

/// One side of the wall.
struct Side {
    folder: TempDir,
    node: Node,
}

impl Side {
    fn new(id: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("node");
        join(&data, &genesis(id)).unwrap();
        // Whatever a command line calls the election: who joined a founding belongs to it.
        let node = Node::open(&data, &OpenOptions::of("PK-X", "a name", Date(30_000))).unwrap();
        assert_eq!(node.info().election.unwrap().id, id);
        Self { folder, node }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("node")
    }

    fn enrol(&self, of: &Node) {
        let body = CertificateBody {
            election: self.node.ledger_election(),
            subject: Subject::DEVICE,
            key: of.public_key(),
            name: "office".to_owned(),
            area: "pk".to_owned(),
            roles: vec!["ECP-NAT".to_owned(), "PEC".to_owned(), "SYSADMIN".to_owned()],
            not_before_ms: 0,
            not_after_ms: u64::MAX >> 12,
            sealing: None,
        };
        let certificate = Certificate::sign(body, &[&root()]).unwrap();
        assert_eq!(self.node.learn(vec![Said::Certificate(certificate)]).unwrap(), 1);
    }

    fn acts(&self) {
        let person = PersonId::try_new(CONSOLE).unwrap();
        self.node.set_parameter(&person, "risk.weight.T1", 0.5, "a test", "to see").unwrap();
    }

    fn entries(&self) -> Vec<Vec<u8>> {
        self.node.sealed_after(0, 1_000).unwrap().into_iter().map(|sealed| sealed.bytes).collect()
    }
}

/// A real election and its exercise; every device is enrolled on both sides.
fn both() -> [Side; 2] {
    let sides = [REAL, EXERCISE].map(Side::new);
    for side in &sides {
        for other in &sides {
            side.enrol(&other.node);
        }
        side.acts();
    }
    sides
}

/// Runs a story from each side to the other.
fn both_ways(story: impl Fn(&Side, &Side)) {
    let [real, exercise] = both();
    for (from, to) in [(&exercise, &real), (&real, &exercise)] {
        let before = (to.entries(), to.node.ops(Clone::clone));
        story(from, to);
        assert!(before == (to.entries(), to.node.ops(Clone::clone)), "something came through");
    }
}

#[test]
fn no_entry_crosses_even_from_a_device_that_is_enrolled_on_both_sides() {
    both_ways(|from, to| {
        let entries = from.entries();
        assert!(entries.len() >= 3);
        let verdicts = to.node.receive(&entries).unwrap().verdicts;
        assert!(verdicts.iter().all(|it| matches!(it, Verdict::Refused(_))), "{verdicts:?}");
        assert!(entries.iter().all(|entry| !to.node.may_come_later(entry)));
    });
}

#[test]
fn no_certificate_and_no_founding_crosses() {
    both_ways(|from, to| {
        let said: Vec<Said> = from.node.roster(|roster| roster.statements().collect());
        assert!(!said.is_empty());
        assert_eq!(to.node.learn(said).unwrap(), 0);
        let founding = from.node.genesis().unwrap();
        let alone = tempfile::tempdir().unwrap();
        join(alone.path(), to.node.genesis().unwrap()).unwrap();
        assert!(matches!(join(alone.path(), founding), Err(NodeError::OtherElection { .. })));
    });
}

#[test]
fn no_bundle_crosses_and_nobody_seals_one_to_the_other_side() {
    both_ways(|from, to| {
        let address = to.node.address().unwrap();
        assert!(matches!(from.node.recipient(&address), Err(BundleError::OtherElection(_))));
        // Sealed to its own side, and to the very key that the other side holds.
        let own = from.node.recipient(&from.node.address().unwrap()).unwrap();
        let (file, _) = from.node.export_bundle(&[own], false).unwrap();
        let taken = to.node.import_bundle(&file).unwrap();
        assert_eq!((taken.entries_new, taken.statements_new, taken.chunks), (0, 0, 0));
        assert!(taken.damage[0].contains("another election"), "{taken:?}");
        assert!(taken.opened.is_empty() && taken.carried.is_empty(), "not even carried");
    });
}

#[test]
fn no_frame_of_a_thin_channel_crosses() {
    both_ways(|from, to| {
        let content = from.entries().concat();
        let (made, expires) = (0, u64::MAX >> 12);
        let election = from.node.ledger_election();
        let broadcast =
            Broadcast::sign(&root(), election, "pk", content, made, expires).unwrap().object();
        let (object, symbols) = from.node.show(&broadcast, 200).unwrap();
        let mut whole = 0;
        for frame in from.node.shown(object, 0..symbols + 4).unwrap() {
            if let pehra::node::carriers::Frame::Whole { brought: Some(brought), .. } =
                to.node.hear_frame("radio", &frame).unwrap()
            {
                assert_eq!((brought.entries_new, brought.statements_new), (0, 0));
                whole += 1;
            }
        }
        assert_eq!(whole, 1, "the object was heard whole and brought nothing");
    });
}

#[test]
fn two_nodes_on_one_cable_exchange_nothing() {
    both_ways(|from, to| {
        let pace = Pace {
            soon: Duration::from_millis(20),
            late: Duration::from_millis(50),
            ..Pace::default()
        };
        let here = Some("127.0.0.1:0".parse().unwrap());
        let listening = Presence::begin(&to.node, here, &[], false, pace).unwrap();
        let peer = listening.watch().address().unwrap();
        let dialling = Presence::begin(&from.node, here, &[peer], false, pace).unwrap();
        let state = loop {
            let state = dialling.watch().paths().into_values().next().unwrap_or_default();
            if state.trouble.is_some() || state.talked_ms.is_some() {
                break state;
            }
            std::thread::park_timeout(Duration::from_millis(10));
        };
        assert!(state.talked_ms.is_none() && state.taken + state.given == 0, "{state:?}");
    });
}

#[test]
fn a_backup_is_not_put_over_the_other_side_and_stays_what_it_was() {
    both_ways(|from, to| {
        let file = from.folder.path().join(format!("{}.backup", from.data().exists()));
        backup(&from.data(), &file, &mut |_| ControlFlow::Continue(())).unwrap();
        assert!(restore(&file, &to.data()).is_err(), "the folder holds a node");
        let fresh = tempfile::tempdir().unwrap();
        let into = fresh.path().join("again");
        restore(&file, &into).unwrap();
        let again = Node::open(&into, &OpenOptions::of("PK-X", "a name", Date(30_000))).unwrap();
        assert_eq!(again.ledger_election(), from.node.ledger_election());
        assert_eq!(again.exercise(), from.node.exercise());
        fs::remove_file(&file).unwrap();
    });
}

#[test]
fn an_enrolled_device_cannot_call_the_election_something_else() {
    let [_, exercise] = both();
    let device = SigningKey::from_seed([77; 32]);
    let election = exercise.node.ledger_election();
    let body = CertificateBody {
        election,
        subject: Subject::DEVICE,
        key: device.public(),
        name: "liar".to_owned(),
        area: "pk".to_owned(),
        roles: vec!["ECP-NAT".to_owned()],
        not_before_ms: 0,
        not_after_ms: u64::MAX >> 12,
        sealing: None,
    };
    let certificate = Certificate::sign(body, &[&root()]).unwrap();
    exercise.node.learn(vec![Said::Certificate(certificate)]).unwrap();
    let mut next = Next::FIRST;
    for (id, nature) in [(REAL, Nature::Real), (EXERCISE, Nature::Real), ("EX-2", Nature::Exercise)]
    {
        let (id, name) = (id.to_owned(), "said so".to_owned());
        let opened = Election { id, name, date: Date(30_000), nature };
        let event = Event::Election(election::Event::Opened(opened));
        let draft = Draft {
            election,
            clock: Hlc { ms: u64::try_from(exercise.node.now().0).unwrap(), counter: 0 },
            clock_quality: ClockQuality::UNKNOWN,
            area: "pk".to_owned(),
            kind: event.kind(),
            person: "liar".to_owned(),
            role: "ECP-NAT".to_owned(),
            causes: Vec::new(),
            cosigners: Vec::new(),
            extras: Vec::new(),
            payload: Payload::try_new([9; 32], &event.encode()).unwrap(),
        };
        let entry = Entry::seal(&device, &draft, next).unwrap();
        next = Next { epoch: 0, seq: next.seq + 1, previous: entry.hash() };
        let received = exercise.node.receive(&[entry.encode()]).unwrap();
        assert!(
            matches!(&received.verdicts[..], [Verdict::WithoutEffect(_)]),
            "{:?}",
            received.verdicts
        );
    }
    assert_eq!(exercise.node.info().election.unwrap().id, EXERCISE);
}

/// A list as an exercise's room gives it out.
fn exported(browser: &Browser, path: &str) -> Vec<u8> {
    let answer = browser.get(path);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.headers["x-pehra-exercise"], EXERCISE);
    answer.body
}

#[test]
fn what_an_exercise_gives_out_is_marked_and_a_real_room_does_not_take_it() {
    let options = OpenOptions::of(EXERCISE, "an exercise", Date(30_000));
    let exercise = House::open(&options, |_| {});
    sample::fill(&exercise.node);
    let chief = exercise.first();
    let node = chief.get("/api/node").json();
    assert_eq!((&node["exercise"], &node["watermark"]), (&json!(true), &json!("EXERCISE · مشق")));
    assert_eq!(chief.get("/api/setup").json()["exercise"], true, "said before anybody signs in");
    let csv = exported(&chief, "/api/stations.csv");
    assert!(String::from_utf8_lossy(&csv).lines().next().unwrap().contains("EXERCISE · مشق"));
    let real = House::empty();
    let first = real.first();
    assert_eq!(first.get("/api/node").json()["exercise"], false);
    assert!(!first.get("/api/setup").headers.contains_key("x-pehra-exercise"));
    for (name, bytes) in [("list.csv", csv), ("list.xlsx", exported(&chief, "/api/stations.xlsx"))]
    {
        let up =
            first.send("POST", &format!("/api/imports?kind=stations&name={name}"), &[], &bytes);
        let import = up.json();
        let id = import["id"].as_str().unwrap_or_else(|| panic!("{import}"));
        let job = first.post(&format!("/api/imports/{id}/check"), &json!({})).json();
        let ended = first.wait_for(&job);
        assert_eq!(ended["state"], "failed", "{name}: {ended}");
        assert!(ended.to_string().contains("exercise"), "{ended}");
    }
    assert_eq!(first.get("/api/stations").status, 409, "nothing was taken");
    // A list that bears the mark is taken by its own side, and by no real one.
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list.csv");
    let rows = "Province,Constituency,PS No,Name of Polling Station,Male Voters,Female Voters\n\
        Sindh,NA-200,1,Primary School 1,500,400\n";
    fs::write(&list, format!("EXERCISE · مشق\n{rows}")).unwrap();
    let import = ["plan", "import", "stations", list.to_str().unwrap()];
    let said = run(&folder.path().join("real"), &import);
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    let own = [&import[..], &["--election", "EX-TEST-2"]].concat();
    let said = done(&folder.path().join("exercise"), &own);
    assert!(said.err.starts_with("EXERCISE · مشق · EX-TEST-2"), "{}", said.err);
}

#[test]
fn a_request_to_be_enrolled_in_the_exercise_is_not_kept_by_the_real_room() {
    let exercise = Side::new(EXERCISE);
    let request = exercise.node.request("office", &AreaId::nation(), &["PEC".to_owned()]).unwrap();
    let real = House::empty();
    let first = real.first();
    let officer = real.person(&first, "officer", &["SECOFF"], "pk");
    let carried = json!({ "text": Piece::new(pehra_ledger::request::PIECE, request.encode()).to_text("a remark") });
    let answer = officer.post("/api/trust/requests/carried", &carried);
    assert_eq!(answer.status, 422, "{}", answer.text());
    assert!(real.node.requests().is_empty());
}
