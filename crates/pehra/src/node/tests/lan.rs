//! Real nodes, each on its own folder and disk, that speak over real sockets on this machine.

use super::*;
use crate::lan::Presence;
use pehra_lan::{
    admission::Limits,
    frame::Patience,
    watch::{Pace, PathState},
};
use pehra_ledger::{
    Hash,
    certificate::{Certificate, Revocation, RevocationBody},
    genesis::Genesis,
    statement::Said,
};
use std::{net::SocketAddr, time::Duration};

const ELECTION: &str = "TEST-1";

fn root() -> SigningKey {
    SigningKey::from_seed([99; 32])
}

/// A node of the election, not yet enrolled.
pub(super) fn member(dir: &tempfile::TempDir) -> Node {
    let genesis = Genesis::try_new(ELECTION, vec![root().public()], 1).unwrap();
    join(dir.path(), &genesis).unwrap();
    open(dir)
}

pub(super) fn certificate(node: &Node, area: &str) -> Said {
    certificate_for(node, area, &["DRO", "PEC", "SYSADMIN"])
}

fn certificate_for(node: &Node, area: &str, roles: &[&str]) -> Said {
    let body = CertificateBody {
        election: node.ledger_election(),
        subject: Subject::DEVICE,
        key: node.public_key(),
        name: area.to_owned(),
        area: area.to_owned(),
        roles: roles.iter().map(|&role| role.to_owned()).collect(),
        not_before_ms: ledger_ms(now()) - 1_000,
        not_after_ms: ledger_ms(now()) + 1_000_000_000,
        sealing: None,
    };
    by_root(body)
}

pub(super) fn by_root(body: CertificateBody) -> Said {
    Said::Certificate(Certificate::sign(body, &[&root()]).unwrap())
}

pub(super) fn presence(node: &Node, peers: &[SocketAddr]) -> Presence {
    let at = "127.0.0.1:0".parse().unwrap();
    Presence::begin(node, Some(at), peers, false, pace()).unwrap()
}

/// Quick, so that a test does not wait.
pub(super) fn pace() -> Pace {
    let patience = Patience { begin: Duration::from_secs(30), whole: Duration::from_secs(30) };
    Pace {
        soon: Duration::from_millis(20),
        calm: Duration::from_millis(200),
        late: Duration::from_millis(200),
        patience,
        limits: Limits { per_device: 10_000, ..Limits::default() },
        ..Pace::default()
    }
}

/// Waits until something holds; what does not come in two minutes never does.
pub(super) fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..12_000 {
        if holds() {
            return;
        }
        std::thread::park_timeout(Duration::from_millis(10));
    }
    panic!("it never came to this: {what}");
}

fn path(presence: &Presence) -> PathState {
    presence.watch().paths().into_values().next().unwrap_or_default()
}

fn heads(node: &Node) -> Vec<(pehra_ledger::Place, Hash)> {
    node.reader().heads().unwrap().iter().map(|head| (head.place, head.hash)).collect()
}

fn threshold(node: &Node, value: &str) {
    let actor = node.console("parameter.edit").unwrap();
    node.execute(&actor, Command::Parameter(set(value))).unwrap();
}

fn most(node: &Node) -> f64 {
    node.risk_model().unwrap().thresholds.most
}

#[test]
fn what_is_done_at_one_node_holds_at_the_others_also_after_a_partition() {
    let dirs = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let nodes = dirs.each_ref().map(member);
    for node in &nodes {
        node.learn(vec![certificate(node, "pk")]).unwrap();
    }
    let [one, two, three] = &nodes;
    let third = presence(three, &[]);
    let second = presence(two, &[third.watch().address().unwrap()]);
    let _first = presence(one, &[second.watch().address().unwrap()]);
    let equal = || heads(one) == heads(two) && heads(two) == heads(three);
    until("all hold the same", || equal() && heads(one).len() == 3);
    threshold(one, "61");
    until("all know it", || nodes.iter().all(|node| (most(node) - 61.0).abs() < 1e-9));
    drop(second);
    threshold(three, "63");
    let entries = one.info().entries;
    let _again = presence(two, &[third.watch().address().unwrap()]);
    until("two knows it", || (most(two) - 63.0).abs() < 1e-9);
    assert_eq!(one.info().entries, entries, "nobody tells one");
    let actor = three.operator().unwrap();
    let chunks = crate::dataset::write_figures(Vec::new());
    let draft = DatasetDraft::generated(DatasetKind::Figures, "nothing", chunks, &[("rows", 0)]);
    three.commit_dataset(&actor, draft).unwrap();
    until("the list is there", || two.world().figures.is_some());
    // What was kept opens again, and every signature holds.
    let report = two.verify(&mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!((report.damages, report.unsigned), (0, 0));
}

#[test]
fn a_district_holds_its_own_and_a_revoked_device_is_turned_away() {
    let dirs = [(); 4].map(|()| tempfile::tempdir().unwrap());
    let nodes = dirs.each_ref().map(member);
    let [nation, sukkur, multan, lost] = &nodes;
    for (node, area) in [
        (nation, "pk"),
        (sukkur, "pk/sindh/sukkur"),
        (multan, "pk/punjab/multan"),
        (lost, "pk/sindh"),
    ] {
        node.learn(vec![certificate(node, area)]).unwrap();
    }
    let revocation = RevocationBody {
        election: nation.ledger_election(),
        key: lost.public_key().id(),
        last: Vec::new(),
        at_ms: ledger_ms(now()),
        reason: "lost".to_owned(),
        witnessed_before_ms: None,
    };
    let revocation = Said::Revocation(Revocation::sign(revocation, &[&root()]).unwrap());
    nation.learn(vec![certificate(lost, "pk/sindh"), revocation]).unwrap();
    let hub = presence(nation, &[]);
    let peers = [hub.watch().address().unwrap()];
    let (near, far, turned) =
        (presence(sukkur, &peers), presence(multan, &peers), presence(lost, &peers));
    until("both districts are equal with the nation", || {
        path(&near).equal_ms.is_some() && path(&far).equal_ms.is_some() && heads(nation).len() == 3
    });
    until("the lost device hears why", || {
        path(&turned).trouble.is_some_and(|it| it.contains("revoked"))
    });
    until("the district has the nation's log", || heads(sukkur).len() == 2);
    let of = |node: &Node, author: &Node| {
        heads(node).iter().any(|(place, _)| place.device == author.public_key().id())
    };
    assert!(of(sukkur, nation) && of(nation, sukkur) && of(nation, multan));
    assert!(!of(sukkur, multan) && !of(multan, sukkur));
    assert!(!of(nation, lost) && !of(lost, nation));
}

#[test]
fn who_witnesses_and_no_longer_does_is_known_in_every_district_and_who_serves_there_is_not() {
    let dirs = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let nodes = dirs.each_ref().map(member);
    let [nation, sukkur, multan] = &nodes;
    let witness = certificate_for(sukkur, "pk/sindh/sukkur", &["DRO", WITNESS_ROLE]);
    nation.learn(vec![certificate(nation, "pk"), witness.clone()]).unwrap();
    multan.learn(vec![certificate(multan, "pk/punjab/multan")]).unwrap();
    // Another device of Sukkur, and its revocation: nobody's business in Multan.
    let phone = Other::new(nation, 7);
    let Said::Certificate(template) = certificate(sukkur, "pk/sindh/sukkur") else { return };
    let body = CertificateBody { key: phone.key.public(), ..template.body };
    let phones = Said::Certificate(Certificate::sign(body, &[&root()]).unwrap());
    nation.learn(vec![phones.clone()]).unwrap();
    let taken_away = |key| {
        let body = RevocationBody {
            election: nation.ledger_election(),
            key,
            last: Vec::new(),
            at_ms: ledger_ms(now()),
            reason: "lost".to_owned(),
            witnessed_before_ms: None,
        };
        Revocation::sign(body, &[&root()]).unwrap()
    };
    nation.revoke(taken_away(phone.key.id())).unwrap();
    let hub = presence(nation, &[]);
    let _far = presence(multan, &[hub.watch().address().unwrap()]);
    let (id, at_ms) = (sukkur.public_key().id(), ledger_ms(now()));
    let counts = || multan.roster(|roster| roster.is_witness(id, at_ms));
    until("Multan knows the witness of Sukkur", counts);
    nation.revoke(taken_away(id)).unwrap();
    until("Multan knows that it is none any more", || !counts());
    multan.roster(|roster| {
        assert!(roster.knows(&witness) && !roster.knows(&phones));
        assert_eq!(roster.revoked(phone.key.id()).count(), 0);
    });
}
