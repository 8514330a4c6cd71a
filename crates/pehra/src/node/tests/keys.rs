//! Persons' own keys, causes that come late, revocations and forks.

use super::*;
use pehra_domain::{StationId, risk::RiskClass};
use pehra_ledger::{
    Cosignature,
    certificate::{RevocationBody, Statement},
    header::entry_hash,
    statement::{ACTOR, Said},
};
use pehra_ops::official_class::{self, ClassRecord};

const PLANNER: &str = "planner";
const SECOND: &str = "second";

fn person(name: &str) -> PersonId {
    PersonId::try_new(name).unwrap()
}

fn personal(node: &Node, name: &str, key: &SigningKey, roles: &[&str]) -> CertificateBody {
    CertificateBody {
        election: node.ledger_election(),
        subject: Subject::PERSON,
        key: key.public(),
        name: name.to_owned(),
        area: "pk".to_owned(),
        roles: roles.iter().map(|&role| role.to_owned()).collect(),
        not_before_ms: ledger_ms(now()),
        not_after_ms: ledger_ms(now()) + 1_000_000,
        sealing: None,
    }
}

fn certify(node: &Node, name: &str, key: &SigningKey, roles: &[&str]) {
    // A key holds from a later moment than what was done before it.
    let before = now();
    while now() == before {
        std::hint::spin_loop();
    }
    node.enrol(node.certify(personal(node, name, key, roles)).unwrap()).unwrap();
}

/// Signs what an act waits for, as a browser would: from the headers alone.
fn sign(node: &Node, to_sign: &ToSign, key: &SigningKey) {
    let signature = |part: &SignPart| {
        Cosignature::sign(key, part.part, &entry_hash(&part.header)).unwrap().signature
    };
    let signatures = to_sign.parts.iter().map(signature).collect();
    assert!(node.deposit(&to_sign.person, &to_sign.draft, signatures));
}

/// Gives an act again until it is done, signing what it waits for; answers how many rounds that took.
pub(super) fn act_with_key(
    node: &Node,
    actor: &pehra_ops::Actor,
    command: &Command,
    key: &SigningKey,
) -> u32 {
    for round in 0..5 {
        match node.execute(actor, command.clone()) {
            Ok(_) => return round,
            Err(NodeError::Unsigned(to_sign)) => sign(node, &to_sign, key),
            Err(other) => panic!("{other}"),
        }
    }
    panic!("not done after five rounds")
}

pub(super) fn pending(state: &State) -> Vec<EventRef> {
    let all = state.official_classes.proposals().map(|(at, _)| at);
    all.filter(|&at| state.official_classes.phase(at) == official_class::Phase::Proposed).collect()
}

/// An act about something else.
fn other_parameter() -> Event {
    Event::Parameter(parameter::Event::Set {
        key: key("risk.weight.T1"),
        parameter: Parameter { value: Value::Text("0.5".to_owned()), source: "there".to_owned() },
        reason: "apart".to_owned(),
    })
}

fn a_class() -> Command {
    Command::OfficialClass(official_class::Command::Propose {
        area: AreaId::nation(),
        record: ClassRecord {
            station: StationId::try_new("NA-200-1").unwrap(),
            constituency: None,
            class: RiskClass::Most,
            source: "letter of the authority".to_owned(),
            as_of: Date(29_900),
            reason: "to see".to_owned(),
        },
    })
}

#[test]
fn once_a_person_has_a_key_the_node_does_not_stand_in() {
    let dir = tempfile::tempdir().unwrap();
    let node = open(&dir);
    let actor = node.console("parameter.edit").unwrap();
    node.execute(&actor, Command::Parameter(set("55"))).unwrap();
    let key = SigningKey::from_seed([41; 32]);
    certify(&node, CONSOLE, &key, &["PEC", "SYSADMIN"]);
    assert!(
        node.withheld().is_empty(),
        "what was attested before the key's first day still counts"
    );
    let entries = node.info().entries;
    let command = Command::Parameter(set("60"));
    let unsigned = node.execute(&actor, command.clone()).unwrap_err();
    let NodeError::Unsigned(to_sign) = unsigned else { panic!("{unsigned}") };
    assert_eq!(to_sign.parts.len(), 1);
    assert_eq!(node.info().entries, entries, "nothing was kept without the key");
    let stranger = SigningKey::from_seed([42; 32]);
    sign(&node, &to_sign, &stranger);
    assert!(node.execute(&actor, command.clone()).is_err(), "another key does not do");
    assert_eq!(act_with_key(&node, &actor, &command, &key), 1);
    assert!((node.risk_model().unwrap().thresholds.most - 60.0).abs() < 1e-9);
}

#[test]
fn an_act_that_lost_its_place_is_signed_anew() {
    let dir = tempfile::tempdir().unwrap();
    let node = open(&dir);
    node.first_account(PLANNER, "a planner", &["PEC"]).unwrap();
    let key = SigningKey::from_seed([41; 32]);
    certify(&node, PLANNER, &key, &["PEC"]);
    let planner = node.acting(&person(PLANNER), "parameter.edit").unwrap();
    let command = Command::Parameter(set("60"));
    let Err(NodeError::Unsigned(to_sign)) = node.execute(&planner, command.clone()) else {
        panic!()
    };
    let console = node.console("parameter.edit").unwrap();
    node.execute(&console, Command::Parameter(set("57"))).unwrap();
    sign(&node, &to_sign, &key);
    let again = node.execute(&planner, command.clone()).unwrap_err();
    let NodeError::Unsigned(again) = again else { panic!("{again}") };
    assert_ne!(again.parts, to_sign.parts);
    sign(&node, &again, &key);
    node.execute(&planner, command).unwrap();
    assert!((node.risk_model().unwrap().thresholds.most - 60.0).abs() < 1e-9);
    let report = node.verify(&mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!((report.damages, report.withheld.len()), (0, 0));
}

#[test]
fn two_persons_two_keys_one_header() {
    let dir = tempfile::tempdir().unwrap();
    let node = open(&dir);
    node.first_account(PLANNER, "a planner", &["POL-SP"]).unwrap();
    node.first_account(SECOND, "a second person", &["PEC"]).unwrap();
    let (one, two) = (SigningKey::from_seed([41; 32]), SigningKey::from_seed([42; 32]));
    certify(&node, PLANNER, &one, &["POL-SP"]);
    let planner = node.acting(&person(PLANNER), "class.propose").unwrap();
    let second = node.acting(&person(SECOND), "class.approve").unwrap();
    assert_eq!(act_with_key(&node, &planner, &a_class(), &one), 1);
    let proposal = *node.ops(pending).first().unwrap();
    let approve =
        Command::OfficialClass(official_class::Command::Approve { proposal, second: None });
    let refused = node.execute(&second, approve.clone()).unwrap_err();
    assert!(
        matches!(&refused, NodeError::Refused(r) if r.code == RefusalCode::OwnKeyNeeded),
        "without a key of their own nobody is a second person any more: {refused}"
    );
    certify(&node, SECOND, &two, &["PEC"]);
    assert_eq!(act_with_key(&node, &second, &approve, &two), 2, "the first header, then the own");
    assert!(node.ops(pending).is_empty());
    drop(node);
    let node = open(&dir);
    assert!(node.ops(pending).is_empty());
    assert!(node.withheld().is_empty(), "{:?}", node.withheld());
}

#[test]
fn a_held_key_signs_by_itself() {
    let dir = tempfile::tempdir().unwrap();
    let node = open(&dir);
    let key = SigningKey::from_seed([41; 32]);
    certify(&node, CONSOLE, &key, &["PEC", "SYSADMIN"]);
    node.hold(person(CONSOLE), SigningKey::from_seed([41; 32]));
    let actor = node.console("parameter.edit").unwrap();
    let refs = node.execute(&actor, Command::Parameter(set("60"))).unwrap();
    let place = convert::place(*refs.first().unwrap());
    let stored = node.writer().store.entry(place).unwrap().unwrap();
    let signed: Vec<_> =
        stored.entry.cosignatures().iter().map(|c| (c.key, c.part.clone())).collect();
    assert_eq!(signed, [(key.public(), ACTOR.to_owned())]);
    assert_eq!(stored.entry.header().cosigners, [key.id()]);
}

#[test]
fn a_list_waits_for_its_signature_and_can_be_given_up() {
    let dir = tempfile::tempdir().unwrap();
    let node = open(&dir);
    let key = SigningKey::from_seed([41; 32]);
    certify(&node, CONSOLE, &key, &["PEC", "SYSADMIN"]);
    let actor = node.operator().unwrap();
    let draft = || {
        let chunks = crate::dataset::write_figures(Vec::new());
        DatasetDraft::generated(DatasetKind::Figures, "nothing", chunks, &[("rows", 0)])
    };
    let given_up =
        node.commit_dataset_watched(&actor, draft(), &mut |_| ControlFlow::Break(())).unwrap_err();
    assert!(matches!(given_up, NodeError::Cancelled(_)), "{given_up}");
    assert!(node.unsigned(&person(CONSOLE)).is_empty());
    let mut signed = false;
    let mut watch = |_| {
        for to_sign in node.unsigned(&person(CONSOLE)) {
            sign(&node, &to_sign, &key);
            signed = true;
        }
        ControlFlow::Continue(())
    };
    node.commit_dataset_watched(&actor, draft(), &mut watch).unwrap();
    assert!(signed);
}

#[test]
fn what_follows_from_something_waits_for_it() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let nodes = [open(&here), open(&there)];
    let [node, second] = &nodes;
    let (mut a, mut b) = (Other::new(node, 7), Other::new(node, 8));
    for one in &nodes {
        for other in [&a, &b] {
            // The same statement on both nodes: signed once, by the first, which both take for their root here.
            let certificate = one.certify(other.certificate(&["PEC"], "pk")).unwrap();
            one.enrol(certificate).unwrap();
        }
    }
    let first = a.says("PEC", &parameter_event("60"));
    let first_entry = Entry::decode(&first).unwrap();
    let follows = b.says_after("PEC", &parameter_event("70"), &[first_entry.reference()]);
    let later = b.says("PEC", &other_parameter());
    assert_eq!(
        node.receive(&[follows.clone(), later.clone()]).unwrap().verdicts,
        [Verdict::Waits, Verdict::Waits]
    );
    assert_eq!(node.withheld().len(), 2, "shown while they wait");
    assert_eq!(node.receive(std::slice::from_ref(&first)).unwrap().verdicts, [Verdict::Effective]);
    second.receive(&[first, follows, later]).unwrap();
    for one in &nodes {
        assert!((one.risk_model().unwrap().thresholds.most - 70.0).abs() < 1e-9);
        assert!(one.withheld().is_empty(), "{:?}", one.withheld());
        assert!(one.ops(|state| state.conflicts().is_empty()));
    }
}

#[test]
fn a_certificate_and_what_it_covers_may_come_in_one_delivery() {
    let dir = tempfile::tempdir().unwrap();
    let node = open(&dir);
    let (mut office, mut phone) = (Other::new(&node, 7), Other::new(&node, 8));
    node.enrol(node.certify(office.certificate(&["PEC"], "pk")).unwrap()).unwrap();
    let certificate = node.certify(phone.certificate(&["PEC"], "pk")).unwrap();
    let said = Said::Certificate(certificate);
    let delivery = [
        phone.says("PEC", &parameter_event("63")),
        office.says_bytes("", said.kind(), &said.body()),
    ];
    let received = node.receive(&delivery).unwrap();
    assert_eq!(received.verdicts, [Verdict::Effective, Verdict::Effective]);
    drop(node);
    let node = open(&dir);
    assert!((node.risk_model().unwrap().thresholds.most - 63.0).abs() < 1e-9);
}

#[test]
fn a_revoked_device_is_believed_up_to_the_named_entry_and_no_further() {
    let dir = tempfile::tempdir().unwrap();
    let node = open(&dir);
    let mut other = Other::new(&node, 7);
    node.enrol(node.certify(other.certificate(&["PEC"], "pk")).unwrap()).unwrap();
    let good = other.says("PEC", &parameter_event("60"));
    let last = Entry::decode(&good).unwrap();
    let bad = other.says_after("PEC", &parameter_event("80"), &[last.reference()]);
    node.receive(&[good, bad]).unwrap();
    assert!((node.risk_model().unwrap().thresholds.most - 80.0).abs() < 1e-9);
    let body = RevocationBody {
        election: node.ledger_election(),
        key: other.key.id(),
        last: vec![pehra_ledger::certificate::LastAccepted { epoch: 0, seq: 0, hash: last.hash() }],
        at_ms: ledger_ms(now()),
        reason: "stolen".to_owned(),
        witnessed_before_ms: None,
    };
    let revocation = Statement::sign(body, &[&node.inner.key]).unwrap();
    node.revoke(revocation).unwrap();
    assert!((node.risk_model().unwrap().thresholds.most - 60.0).abs() < 1e-9);
    assert_eq!(node.withheld().len(), 1);
}

#[test]
fn a_fork_takes_the_effect_from_both_sides_and_from_all_that_follows() {
    let dir = tempfile::tempdir().unwrap();
    let node = open(&dir);
    let mut other = Other::new(&node, 7);
    node.enrol(node.certify(other.certificate(&["PEC"], "pk")).unwrap()).unwrap();
    let common = other.says("PEC", &parameter_event("60"));
    let mut twin =
        Other { key: SigningKey::from_seed([7; 32]), next: other.next, election: other.election };
    let before = [Entry::decode(&common).unwrap().reference()];
    let left = other.says_after("PEC", &parameter_event("65"), &before);
    let after = other.says("PEC", &other_parameter());
    let right = twin.says_after("PEC", &parameter_event("70"), &before);
    node.receive(&[common, left]).unwrap();
    assert!((node.risk_model().unwrap().thresholds.most - 65.0).abs() < 1e-9);
    let received = node.receive(&[right]).unwrap();
    assert!(matches!(&received.verdicts[..], [Verdict::Forked(_)]), "{received:?}");
    assert!((node.risk_model().unwrap().thresholds.most - 60.0).abs() < 1e-9);
    let received = node.receive(&[after]).unwrap();
    assert!(matches!(&received.verdicts[..], [Verdict::WithoutEffect(_)]), "{received:?}");
    drop(node);
    let node = open(&dir);
    assert!((node.risk_model().unwrap().thresholds.most - 60.0).abs() < 1e-9);
    assert_eq!(node.withheld().len(), 2);
}

#[test]
fn a_node_that_joined_an_election_does_not_act_before_it_is_enrolled() {
    let dir = tempfile::tempdir().unwrap();
    let root = SigningKey::from_seed([1; 32]);
    let genesis = Genesis::try_new("TEST-1", vec![root.public()], 1).unwrap();
    join(dir.path(), &genesis).unwrap();
    let node = open(&dir);
    let actor = node.console("parameter.edit").unwrap();
    let refused = node.execute(&actor, Command::Parameter(set("60"))).unwrap_err();
    assert!(matches!(refused, NodeError::Refused(r) if r.code == RefusalCode::DeviceNotCovered));
    let request = node.request("district desk", &AreaId::nation(), &["PEC".to_owned()]).unwrap();
    assert!(request.is_own());
    let grant = pehra_ledger::request::Grant {
        area: "pk".to_owned(),
        roles: vec!["PEC".to_owned()],
        not_before_ms: 0,
        not_after_ms: ledger_ms(now()) + 1_000_000,
    };
    let forged = grant.clone().sign(&request, &[&SigningKey::from_seed([2; 32])]).unwrap();
    node.enrol(forged).unwrap();
    assert!(
        node.execute(&actor, Command::Parameter(set("60"))).is_err(),
        "not by a stranger's word"
    );
    node.enrol(grant.sign(&request, &[&root]).unwrap()).unwrap();
    assert_eq!(
        node.device_standing(&AreaId::nation(), "PEC"),
        pehra_ledger::roster::Standing::Good
    );
    node.execute(&actor, Command::Parameter(set("60"))).unwrap();
    assert_eq!(node.roster_epoch().statements, 2);
    drop(node);
    let stranger = SigningKey::from_seed([9; 32]);
    let other = Genesis::try_new("TEST-1", vec![stranger.public()], 1).unwrap();
    assert!(matches!(join(dir.path(), &other), Err(NodeError::OtherElection { .. })));
}
