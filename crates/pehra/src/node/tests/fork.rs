//! What a node makes of a fork of which it hears before it holds anything of that log, or with one side alone.

use super::{
    lan::{by_root, certificate, member},
    *,
};
use pehra_ledger::fork::{ForkProof, SignedHeader};

/// Two histories of one device that part at once, of two entries each, and a node that knows the device.
fn parted() -> (tempfile::TempDir, Node, [Vec<Vec<u8>>; 2]) {
    let dir = tempfile::tempdir().unwrap();
    let node = member(&dir);
    let sides = ["60", "61"].map(|first| {
        let mut side = Other::new(&node, 7);
        [first, "62"].map(|value| side.says("PEC", &parameter_event(value))).to_vec()
    });
    let paper = by_root(Other::new(&node, 7).certificate(&["PEC"], "pk"));
    node.learn(vec![certificate(&node, "pk"), paper]).unwrap();
    (dir, node, sides)
}

/// The proof that their second entries make.
fn proof([one, two]: &[Vec<Vec<u8>>; 2]) -> (Entry, ForkProof) {
    let [held, other] = [one, two].map(|side| Entry::decode(&side[1]).unwrap());
    let proof = ForkProof { held: SignedHeader::of(&held), other: SignedHeader::of(&other) };
    (other, proof)
}

/// Where the fork begins, by the node's mark and by a proof that it keeps.
fn begins(node: &Node) -> (Vec<u64>, Option<u64>) {
    let marks = node.reader().forked_logs().unwrap().into_values().collect();
    let proven = node.reader().forks().unwrap().into_iter().filter_map(|it| {
        let key = node.reader().device_key(it.entry.header().place.device).unwrap()?;
        Some(it.proof.verify(&key)?.place.seq)
    });
    (marks, proven.min())
}

#[test]
fn what_comes_after_a_fork_that_was_heard_of_first_has_no_effect() {
    let (dir, node, sides) = parted();
    let usual = node.risk_model().unwrap().thresholds.most;
    let (other, proof) = proof(&sides);
    assert_eq!(node.receive_fork(other, proof).unwrap(), Some(true));
    assert_eq!(begins(&node), (vec![1], Some(1)));
    let received = node.receive(&sides[0]).unwrap();
    let without = |verdict: &Verdict| matches!(verdict, Verdict::WithoutEffect(_));
    assert!(received.verdicts.iter().all(without), "{received:?}");
    assert_eq!(begins(&node), (vec![0], Some(0)), "the other side points back to another entry");
    drop(node);
    let node = open(&dir);
    assert_eq!(node.risk_model().unwrap().thresholds.most.to_bits(), usual.to_bits());
}

#[test]
fn a_proof_of_a_later_place_shows_that_what_is_held_before_it_is_not_what_all_were_told() {
    for side in 0..2 {
        let (_dir, node, sides) = parted();
        node.receive(&sides[side][..1]).unwrap();
        let (other, proof) = proof(&sides);
        assert_eq!(node.receive_fork(other, proof).unwrap(), Some(true));
        assert_eq!(begins(&node), (vec![0], Some(0)), "whoever holds side {side}");
        let stored = node.reader().forks().unwrap();
        assert!(stored.iter().all(|it| it.entry.header().place.seq == 1));
    }
}
