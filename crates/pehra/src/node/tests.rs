mod absent;
mod batch;
mod camera;
mod deletion;
mod forge;
mod fork;
mod keys;
mod lan;
mod order;
mod paths;
mod thin;
mod tree;

use super::*;
use pehra_domain::{AreaId, Date, PersonId, UnixMs};
use pehra_ledger::{
    ClockQuality, Draft, Entry, EntryRef, Hlc, Payload, SigningKey,
    certificate::{CertificateBody, Subject},
    draft::Next,
    header::Cause,
};
use pehra_ops::{
    Command, EventRef, RefusalCode,
    dataset::{DatasetKey, DatasetKind},
    event::Event,
    parameter::{self, Parameter, ParameterKey, Value},
};
use std::ops::ControlFlow;

fn open(dir: &tempfile::TempDir) -> Node {
    Node::open(dir.path(), &OpenOptions::of("TEST-1", "a test", Date(30_000))).unwrap()
}

fn key(name: &str) -> ParameterKey {
    ParameterKey { area: AreaId::nation(), key: name.to_owned() }
}

fn set(value: &str) -> parameter::Command {
    parameter::Command::Set {
        key: key("risk.threshold.most"),
        parameter: Parameter { value: Value::Text(value.to_owned()), source: "a test".to_owned() },
        reason: "to see".to_owned(),
    }
}

#[test]
fn what_was_signed_is_there_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let before = {
        let node = open(&dir);
        let actor = node.console("parameter.edit").unwrap();
        node.execute(&actor, Command::Parameter(set("55"))).unwrap();
        node.ops(|state| state.encode())
    };
    let node = open(&dir);
    assert_eq!(node.ops(|state| state.encode()), before);
    assert!((node.risk_model().unwrap().thresholds.most - 55.0).abs() < 1e-9);
    let report = node.verify(&mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!((report.damages, report.unsigned), (0, 0));
    assert_eq!(report.entries, 3);
}

#[test]
fn a_person_without_the_right_is_refused_and_nothing_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let node = open(&dir);
    let entries = node.info().entries;
    let mut actor = node.console("parameter.edit").unwrap();
    actor.role = pehra_domain::role::Role::try_new("SYSADMIN").unwrap();
    let refused = node.execute(&actor, Command::Parameter(set("55"))).unwrap_err();
    assert!(matches!(refused, NodeError::Refused(r) if r.code == RefusalCode::RoleLacksPermission));
    actor.person = PersonId::try_new("stranger").unwrap();
    actor.role = pehra_domain::role::Role::try_new("PEC").unwrap();
    let refused = node.execute(&actor, Command::Parameter(set("55"))).unwrap_err();
    assert!(matches!(refused, NodeError::Refused(r) if r.code == RefusalCode::RoleNotHeld));
    assert_eq!(node.info().entries, entries);
}

#[test]
fn a_second_node_on_the_same_folder_is_told_who_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let _first = open(&dir);
    let second = Node::open(dir.path(), &OpenOptions::default());
    let text = second.err().map(|error| error.to_string()).unwrap();
    assert!(text.contains("another pehra") && text.contains("uses this folder"), "{text}");
}

#[test]
fn a_parameter_that_breaks_the_model_is_refused_before_it_is_signed() {
    let dir = tempfile::tempdir().unwrap();
    let node = open(&dir);
    let person = PersonId::try_new(CONSOLE).unwrap();
    let entries = node.info().entries;
    let error =
        node.set_parameter(&person, "risk.threshold.most", 10.0, "test", "test").unwrap_err();
    assert!(error.to_string().contains("risk.threshold.most cannot be 10"), "{error}");
    assert!(node.set_parameter(&person, "no.such", 1.0, "test", "test").is_err());
    assert_eq!(node.info().entries, entries);
    node.set_parameter(&person, "risk.weight.T1", 0.5, "test", "test").unwrap();
    let model = node.risk_model().unwrap();
    let threat: f64 = model.factors.iter().take(6).map(|f| f.weight).sum();
    assert!((threat - 1.0).abs() < 1e-9);
    node.set_parameter(&person, "norms.PK-2024-SINDH.most.men.inner", 9.0, "test", "test").unwrap();
    let book = node.norm_book().unwrap();
    let row = book.fallback.rows.iter().find(|row| {
        row.class == pehra_domain::risk::RiskClass::Most
            && row.kind == pehra_domain::station::StationKind::Men
    });
    assert_eq!(row.unwrap().inner_per_station, 9);
}

/// A device of another office that signs entries of its own.
struct Other {
    key: SigningKey,
    next: Next,
    election: [u8; 16],
}

impl Other {
    fn new(node: &Node, seed: u8) -> Self {
        Self {
            key: SigningKey::from_seed([seed; 32]),
            next: Next::FIRST,
            election: node.ledger_election(),
        }
    }

    fn certificate(&self, roles: &[&str], area: &str) -> CertificateBody {
        CertificateBody {
            election: self.election,
            subject: Subject::DEVICE,
            key: self.key.public(),
            name: "another office".to_owned(),
            area: area.to_owned(),
            roles: roles.iter().map(|&role| role.to_owned()).collect(),
            not_before_ms: 0,
            not_after_ms: u64::try_from(now().0).unwrap() + 1_000_000,
            sealing: None,
        }
    }

    fn says(&mut self, role: &str, event: &Event) -> Vec<u8> {
        self.says_bytes(role, event.kind(), &event.encode())
    }

    fn says_bytes(&mut self, role: &str, kind: u32, body: &[u8]) -> Vec<u8> {
        self.says_all(role, kind, body, Vec::new())
    }

    fn says_after(&mut self, role: &str, event: &Event, earlier: &[EntryRef]) -> Vec<u8> {
        let causes = earlier.iter().copied().map(convert::supersedes).collect();
        self.says_all(role, event.kind(), &event.encode(), causes)
    }

    fn says_all(&mut self, role: &str, kind: u32, body: &[u8], causes: Vec<Cause>) -> Vec<u8> {
        self.says_of("pk", role, kind, body, causes)
    }

    fn says_of(
        &mut self,
        area: &str,
        role: &str,
        kind: u32,
        body: &[u8],
        causes: Vec<Cause>,
    ) -> Vec<u8> {
        let draft = Draft {
            election: self.election,
            clock: Hlc { ms: ledger_ms(now()), counter: 0 },
            clock_quality: ClockQuality::UNKNOWN,
            area: area.to_owned(),
            kind,
            person: "other".to_owned(),
            role: role.to_owned(),
            causes,
            cosigners: Vec::new(),
            extras: Vec::new(),
            payload: Payload::try_new([9; 32], body).unwrap(),
        };
        let entry = Entry::seal(&self.key, &draft, self.next).unwrap();
        self.next = Next { epoch: self.next.epoch, seq: self.next.seq + 1, previous: entry.hash() };
        entry.encode()
    }
}

fn parameter_event(value: &str) -> Event {
    Event::Parameter(parameter::Event::Set {
        key: key("risk.threshold.most"),
        parameter: Parameter { value: Value::Text(value.to_owned()), source: "there".to_owned() },
        reason: "apart".to_owned(),
    })
}

#[test]
fn a_remote_act_takes_effect_only_under_a_certificate_that_covers_it() {
    let dir = tempfile::tempdir().unwrap();
    let node = open(&dir);
    let mut other = Other::new(&node, 7);
    let first = other.says("PEC", &parameter_event("60"));
    let unknown = node.receive(std::slice::from_ref(&first)).unwrap();
    assert!(matches!(&unknown.verdicts[..], [Verdict::Refused(_)]), "{unknown:?}");
    node.enrol(node.certify(other.certificate(&["PEC"], "pk")).unwrap()).unwrap();
    assert_eq!(node.receive(std::slice::from_ref(&first)).unwrap().verdicts, [Verdict::Effective]);
    assert_eq!(node.receive(std::slice::from_ref(&first)).unwrap().verdicts, [Verdict::Known]);
    assert!((node.risk_model().unwrap().thresholds.most - 60.0).abs() < 1e-9);
    let beyond = other.says("POL-SP", &parameter_event("70"));
    let judged = node.receive(&[beyond]).unwrap();
    assert!(matches!(&judged.verdicts[..], [Verdict::WithoutEffect(_)]), "{judged:?}");
    assert_eq!(node.withheld().len(), 1);
    assert!((node.risk_model().unwrap().thresholds.most - 60.0).abs() < 1e-9);
    drop(node);
    let node = open(&dir);
    assert_eq!(node.withheld().len(), 1, "kept and shown after reopening");
    assert!((node.risk_model().unwrap().thresholds.most - 60.0).abs() < 1e-9);
}

#[test]
fn a_kind_of_a_newer_version_is_kept_and_shown_until_an_upgrade() {
    let dir = tempfile::tempdir().unwrap();
    let node = open(&dir);
    let mut other = Other::new(&node, 9);
    node.enrol(node.certify(other.certificate(&["PEC"], "pk")).unwrap()).unwrap();
    let newer = other.says_bytes("PEC", 990_000, &[0x80]);
    let after = other.says("PEC", &parameter_event("61"));
    let received = node.receive(&[newer, after]).unwrap();
    assert!(
        matches!(&received.verdicts[..], [Verdict::WithoutEffect(why), Verdict::Effective] if why.contains("newer")),
        "{received:?}"
    );
    drop(node);
    let node = open(&dir);
    assert_eq!(node.withheld().len(), 1);
    assert!((node.risk_model().unwrap().thresholds.most - 61.0).abs() < 1e-9);
}

#[test]
fn two_nodes_that_decide_apart_make_a_conflict_and_not_a_winner() {
    let dir = tempfile::tempdir().unwrap();
    let node = open(&dir);
    let mut other = Other::new(&node, 8);
    node.enrol(node.certify(other.certificate(&["PEC"], "pk")).unwrap()).unwrap();
    let actor = node.console("parameter.edit").unwrap();
    node.execute(&actor, Command::Parameter(set("55"))).unwrap();
    node.receive(&[other.says("PEC", &parameter_event("60"))]).unwrap();
    assert_eq!(node.ops(|state| state.conflicts().len()), 1);
    node.execute(&actor, Command::Parameter(set("57"))).unwrap();
    assert_eq!(
        node.ops(|state| state.conflicts().len()),
        0,
        "a later act names both and settles it"
    );
    assert!((node.risk_model().unwrap().thresholds.most - 57.0).abs() < 1e-9);
}

#[test]
fn a_restored_backup_goes_on_in_a_new_epoch_with_the_same_state() {
    let dir = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    let copy = other.path().join("copy.pehra");
    let into = other.path().join("restored");
    let (epoch, state) = {
        let node = open(&dir);
        let actor = node.console("parameter.edit").unwrap();
        node.execute(&actor, Command::Parameter(set("55"))).unwrap();
        backup(dir.path(), &copy, &mut |_| ControlFlow::Continue(())).unwrap();
        (node.info().epoch, node.ops(|state| state.encode()))
    };
    let next = restore(&copy, &into).unwrap();
    assert!(next > epoch);
    let node = Node::open(&into, &OpenOptions::default()).unwrap();
    assert_eq!(node.ops(|s| s.encode()), state);
    assert_eq!(node.info().epoch, next);
    let actor = node.console("parameter.edit").unwrap();
    let refs = node.execute(&actor, Command::Parameter(set("56"))).unwrap();
    assert!(matches!(refs[..], [EventRef { epoch, seq: 0, .. }] if epoch == next));
}

#[test]
fn a_safety_copy_is_made_while_the_room_is_open() {
    let dir = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    let node = open(&dir);
    let actor = node.console("parameter.edit").unwrap();
    node.execute(&actor, Command::Parameter(set("55"))).unwrap();
    let copy = other.path().join("copy.pehra");
    let report = backup(dir.path(), &copy, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(report.entries, node.info().entries);
    node.execute(&actor, Command::Parameter(set("56"))).unwrap();
    let nowhere = backup(&other.path().join("none"), &copy, &mut |_| ControlFlow::Continue(()));
    assert!(matches!(nowhere, Err(NodeError::NoNode(_))));
}

#[test]
fn the_same_list_signed_twice_is_one_entry() {
    let dir = tempfile::tempdir().unwrap();
    let node = open(&dir);
    let actor = node.operator().unwrap();
    let draft = || {
        let chunks = crate::dataset::write_figures(Vec::new());
        DatasetDraft::generated(DatasetKind::Figures, "nothing", chunks, &[("rows", 0)])
    };
    node.commit_dataset(&actor, draft()).unwrap();
    let entries = node.info().entries;
    node.commit_dataset(&actor, draft()).unwrap();
    assert_eq!(node.info().entries, entries);
    let named = DatasetKey {
        kind: DatasetKind::Figures,
        area: AreaId::nation(),
        name: "current".to_owned(),
    };
    assert!(node.ops(|state| state.datasets.current(&named).is_some()));
    assert!(UnixMs(0) < node.now());
}

#[test]
fn who_looks_does_not_wait_for_who_writes() {
    let dir = tempfile::tempdir().unwrap();
    let node = open(&dir);
    let entries = node.info().entries;
    let (tell, told) = std::sync::mpsc::channel();
    let writing = node.writer();
    let looking = node.clone();
    let thread = std::thread::spawn(move || tell.send(looking.info().entries));
    // A patience, not a measure: the answer comes at once, or never.
    let seen = told.recv_timeout(std::time::Duration::from_secs(30));
    drop(writing);
    assert_eq!(seen, Ok(entries));
    thread.join().unwrap().unwrap();
}
