//! A district node, two neighbours who witness it, and a phone that is stolen.

use super::*;
use pehra_ledger::{
    Hash,
    certificate::{Certificate, LastAccepted, Revocation, RevocationBody},
    checkpoint::{Checkpoint, Origin, Published},
    genesis::Genesis,
    proof::Proof,
    roster::{Roster, Standing},
    statement::{self, Said},
};
use tempfile::TempDir;

struct Ground {
    root: SigningKey,
    genesis: Genesis,
    dirs: Vec<TempDir>,
    nodes: Vec<Node>,
}

/// Three nodes of one election: the first with a district's roles, the others as witnesses.
fn ground() -> Ground {
    let root = SigningKey::from_seed([99; 32]);
    let genesis = Genesis::try_new("TEST-1", vec![root.public()], 1).unwrap();
    let dirs: Vec<TempDir> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    let nodes: Vec<Node> = dirs
        .iter()
        .map(|dir| {
            join(dir.path(), &genesis).unwrap();
            open(dir)
        })
        .collect();
    let ground = Ground { root, genesis, dirs, nodes };
    let roles: [&[&str]; 3] = [&["PEC"], &[WITNESS_ROLE], &[WITNESS_ROLE]];
    for (node, roles) in ground.nodes.iter().zip(roles) {
        let said = Said::Certificate(ground.certificate(node.public_key(), roles));
        for each in &ground.nodes {
            each.learn(vec![said.clone()]).unwrap();
        }
    }
    ground
}

impl Ground {
    fn certificate(&self, key: pehra_ledger::PublicKey, roles: &[&str]) -> Certificate {
        let body = CertificateBody {
            election: self.genesis.election_name(),
            subject: Subject::DEVICE,
            key,
            name: format!("node {}", key.id()),
            area: "pk".to_owned(),
            roles: roles.iter().map(|&role| role.to_owned()).collect(),
            not_before_ms: 0,
            not_after_ms: ledger_ms(now()) + 1_000_000,
            sealing: None,
        };
        Certificate::sign(body, &[&self.root]).unwrap()
    }

    /// Carries everything that one node holds to another.
    fn carry(&self, from: usize, to: usize) {
        let mut all = Vec::new();
        let store = &self.nodes[from].writer().store;
        let mut visit = |stored: pehra_store::Stored| {
            all.push(stored.entry.encode());
            ControlFlow::Continue(())
        };
        store.entries_received(pehra_store::Receipt(0), &mut visit).unwrap();
        self.nodes[to].receive(&all).unwrap();
    }

    fn carry_all(&self) {
        for (from, to) in [(0, 1), (0, 2), (1, 0), (2, 0), (0, 1), (0, 2)] {
            self.carry(from, to);
        }
    }

    /// A check with the public root alone.
    fn stranger(&self) -> Roster {
        Roster::new(self.genesis.election_name(), self.genesis.root())
    }
}

/// How many of a device's entries have no effect on a node.
fn withheld(node: &Node, device: pehra_ledger::DeviceId) -> usize {
    node.withheld().iter().filter(|one| one.place.device == device).count()
}

fn place_of(bytes: &[u8]) -> pehra_ledger::Place {
    Entry::decode(bytes).unwrap().header().place
}

/// Waits until the clock shows a later second: cosignatures count in seconds.
fn next_second() -> u64 {
    let second = now().0 / 1_000;
    while now().0 / 1_000 == second {
        std::thread::yield_now();
    }
    ledger_ms(now())
}

#[test]
fn a_checkpoint_is_cosigned_by_neighbours_and_proves_an_entry_to_a_stranger() {
    let ground = ground();
    ground.carry_all();
    let district = &ground.nodes[0];
    let mut phone = Other::new(district, 7);
    let said = Said::Certificate(ground.certificate(phone.key.public(), &["PEC"]));
    district.learn(vec![said]).unwrap();
    let act = phone.says("PEC", &parameter_event("60"));
    district.receive(std::slice::from_ref(&act)).unwrap();
    let note = district.checkpoint().unwrap().unwrap();
    assert_eq!(note.signatures().len(), 1);
    assert!(district.checkpoint().unwrap().is_none(), "nothing new");
    ground.carry_all();
    let report = district.tree_report().unwrap();
    assert_eq!(report.newest.unwrap().signatures().len(), 3, "two neighbours signed");
    assert!(district.checkpoint().unwrap().is_none(), "their words are no news");
    let proof = district.prove(place_of(&act)).unwrap();
    let proof = Proof::decode(&proof.encode()).unwrap();
    let proven = proof.verify(&ground.stranger()).unwrap();
    assert_eq!((proven.standing, proven.log_stands), (Standing::Good, true));
    assert_eq!((proven.witnesses.len(), proven.other_cosignatures), (2, 0));
    assert_eq!(proven.hash, Entry::decode(&act).unwrap().hash());
    // An act that no checkpoint covers yet gets one of its own, which nobody has witnessed.
    let later = phone.says("PEC", &parameter_event("61"));
    district.receive(std::slice::from_ref(&later)).unwrap();
    let proven = district.prove(place_of(&later)).unwrap().verify(&ground.stranger()).unwrap();
    assert_eq!(proven.witnesses.len(), 0);
    let nowhere = district.prove(pehra_ledger::Place::default());
    assert!(matches!(nowhere, Err(NodeError::NoEntry(_))));
}

#[test]
fn a_witness_signs_no_second_history_and_keeps_the_proof() {
    let ground = ground();
    let neighbour = &ground.nodes[1];
    let mut liar = Other::new(neighbour, 7);
    let said = Said::Certificate(ground.certificate(liar.key.public(), &["PEC"]));
    neighbour.learn(vec![said]).unwrap();
    let origin = Origin { election: liar.election, device: liar.key.id(), epoch: 0 };
    let mut publish = |size, fill: u8, old, path| {
        let checkpoint = Checkpoint { origin, size, root: Hash([fill; 32]) };
        let note = checkpoint.sign(&liar.key).unwrap();
        let body = Published { note, old, path }.encode();
        let entry = liar.says_bytes("", statement::CHECKPOINT, &body);
        neighbour.receive(&[entry]).unwrap();
        neighbour.reader().cosigned(&origin.name()).unwrap()
    };
    let first = publish(5, 1, 0, Vec::new());
    assert_eq!(first.unwrap().root, Hash([1; 32]));
    assert_eq!(publish(5, 2, 0, Vec::new()), first, "another root for the same size");
    assert_eq!(publish(4, 3, 0, Vec::new()), first, "a smaller tree");
    assert_eq!(publish(9, 4, 5, vec![Hash([7; 32])]), first, "not proven to grow out of it");
    let report = neighbour.tree_report().unwrap();
    assert_eq!(report.forked, [origin.name()]);
    let fork = neighbour.reader().tree_forks().unwrap().remove(0);
    assert!(Checkpoint::of_note(&fork.held, liar.key.public()).is_ok());
    assert!(Checkpoint::of_note(&fork.other, liar.key.public()).is_ok());
    drop(ground.dirs);
}

#[test]
fn what_a_stolen_phone_wrote_counts_everywhere_if_it_was_witnessed_in_time_and_only_then() {
    let ground = ground();
    let district = &ground.nodes[0];
    let mut phone = Other::new(district, 7);
    let said = Said::Certificate(ground.certificate(phone.key.public(), &["PEC"]));
    district.learn(vec![said.clone()]).unwrap();
    let honest = phone.says("PEC", &parameter_event("60"));
    district.receive(std::slice::from_ref(&honest)).unwrap();
    district.checkpoint().unwrap().unwrap();
    ground.carry_all();
    // The thief writes in the name of the phone, and it arrives before anybody noticed.
    let before_ms = next_second();
    let reference = Entry::decode(&honest).unwrap().reference();
    let thief = phone.says_after("PEC", &parameter_event("80"), &[reference]);
    district.receive(std::slice::from_ref(&thief)).unwrap();
    assert!((district.risk_model().unwrap().thresholds.most - 80.0).abs() < 1e-9);
    let last = Entry::decode(&thief).unwrap();
    let body = RevocationBody {
        election: ground.genesis.election_name(),
        key: phone.key.id(),
        // The office has seen both and cannot tell them apart; the witnesses can.
        last: vec![LastAccepted { epoch: 0, seq: 1, hash: last.hash() }],
        at_ms: ledger_ms(now()),
        reason: "stolen".to_owned(),
        witnessed_before_ms: Some(before_ms),
    };
    let revocation = Revocation::sign(body, &[&ground.root]).unwrap();
    district.revoke(revocation.clone()).unwrap();
    assert!((district.risk_model().unwrap().thresholds.most - 60.0).abs() < 1e-9);
    assert_eq!(withheld(district, phone.key.id()), 1);
    // A node that hears only of the revocation believes nothing; with the published receipt it comes to the same.
    let far = tempfile::tempdir().unwrap();
    join(far.path(), &ground.genesis).unwrap();
    let far = open(&far);
    far.learn(vec![said, Said::Revocation(revocation)]).unwrap();
    far.receive(&[honest, thief]).unwrap();
    assert_eq!(withheld(&far, phone.key.id()), 2);
    ground.carry_all();
    for node in &ground.nodes {
        assert!((node.risk_model().unwrap().thresholds.most - 60.0).abs() < 1e-9);
    }
    let receipts = receipts(district);
    assert_eq!(receipts.len(), 1);
    far.learn(receipts).unwrap();
    assert_eq!(withheld(&far, phone.key.id()), 1);
    assert!((far.risk_model().unwrap().thresholds.most - 60.0).abs() < 1e-9);
}

/// What arrives at the district, in some order.
#[derive(Clone, Copy)]
enum Arrival {
    Theft,
    WordOf(usize),
}

#[test]
fn in_whatever_order_a_theft_and_the_words_of_witnesses_arrive_the_proof_is_made_once() {
    use Arrival::{Theft, WordOf};
    for order in [
        [Theft, WordOf(1), WordOf(2)],
        [WordOf(2), Theft, WordOf(1)],
        [WordOf(1), WordOf(2), Theft],
    ] {
        let ground = ground();
        let district = &ground.nodes[0];
        let mut phone = Other::new(district, 7);
        let said = Said::Certificate(ground.certificate(phone.key.public(), &["PEC"]));
        district.learn(vec![said]).unwrap();
        let honest = phone.says("PEC", &parameter_event("60"));
        district.receive(std::slice::from_ref(&honest)).unwrap();
        district.checkpoint().unwrap().unwrap();
        // Both neighbours sign, and the district does not hear of it yet.
        ground.carry(0, 1);
        ground.carry(0, 2);
        let before_ms = next_second();
        let last = Entry::decode(&honest).unwrap();
        let body = RevocationBody {
            election: ground.genesis.election_name(),
            key: phone.key.id(),
            last: vec![LastAccepted { epoch: 0, seq: 0, hash: last.hash() }],
            at_ms: ledger_ms(now()),
            reason: "stolen".to_owned(),
            witnessed_before_ms: Some(before_ms),
        };
        let revocation = Revocation::sign(body, &[&ground.root]).unwrap();
        let (mut words, mut stolen) = (0, false);
        for arrival in order {
            match arrival {
                Theft => {
                    district.revoke(revocation.clone()).unwrap();
                    stolen = true;
                }
                WordOf(neighbour) => {
                    ground.carry(neighbour, 0);
                    words += 1;
                }
            }
            let believed = !stolen || words == 2;
            assert_eq!(withheld(district, phone.key.id()), usize::from(!believed));
            assert_eq!(receipts(district).len(), usize::from(stolen && words == 2));
        }
        ground.carry_all();
        district.checkpoint().unwrap();
        ground.carry_all();
        assert_eq!(receipts(district).len(), 1, "what is proven is not proven again");
        for node in &ground.nodes {
            assert!((node.risk_model().unwrap().thresholds.most - 60.0).abs() < 1e-9);
        }
    }
}

fn receipts(node: &Node) -> Vec<Said> {
    let all = node.roster(|roster| roster.statements().collect::<Vec<_>>());
    all.into_iter().filter(|said| matches!(said, Said::Receipt(_))).collect()
}
