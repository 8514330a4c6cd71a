//! The tree of all entries, kept beside them.

use crate::sample::{ELECTION, NOW_MS, Writer, all, go_on};
use pehra_ledger::checkpoint::{Checkpoint, Origin, cosign};
use pehra_ledger::tile;
use pehra_ledger::tree::{Edge, inclusion, root, verify_inclusion};
use pehra_ledger::{Place, SigningKey};
use pehra_store::{Batch, KeptCheckpoint, Store, TreeFork};

#[test]
fn the_tree_takes_up_what_was_received_and_goes_on_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let (mut one, mut two) = (Writer::new(1, "a"), Writer::new(2, "b"));
    let mut edge = Edge::default();
    let mut order = Vec::new();
    for round in [1_usize, 254, 1, 1, 300] {
        let mut store = Store::open(dir.path()).unwrap();
        let entries = [one.write_many(round), two.write_many(2)].concat();
        for entry in &entries {
            edge.push(tile::leaf(&entry.hash()));
            order.push(entry.hash());
        }
        store.append(entries, NOW_MS).unwrap();
        let before = store.tree_size().unwrap();
        assert!(before < edge.size());
        assert_eq!(store.grow_tree(&mut go_on).unwrap(), edge.size());
        assert_eq!(store.grow_tree(&mut go_on).unwrap(), edge.size());
        assert_eq!(root(&*store, edge.size()), Ok(edge.root()));
    }
    let store = Store::open(dir.path()).unwrap();
    for (index, hash) in (0_u64..).zip(&order) {
        let path = inclusion(&*store, index, edge.size()).unwrap();
        assert!(verify_inclusion(&tile::leaf(hash), index, edge.size(), &path, &edge.root()));
    }
    assert_eq!(all(&store).len(), order.len());
    // What a smaller tree held of a log.
    let last = |seq, size| {
        let at = Place { device: one.key.id(), epoch: 0, seq };
        store.last_under(at, size).unwrap().map(|place| place.seq)
    };
    assert_eq!((last(500, 1), last(500, 3), last(0, 600)), (Some(0), Some(0), Some(0)));
    assert_eq!((last(500, 4), last(500, 0), last(100, 600)), (Some(1), None, Some(100)));
}

#[test]
fn checkpoints_gather_signatures_and_what_was_cosigned_is_remembered() {
    let dir = tempfile::tempdir().unwrap();
    let (log, witness) = (SigningKey::from_seed([1; 32]), SigningKey::from_seed([2; 32]));
    let origin = Origin { election: ELECTION, device: log.id(), epoch: 0 };
    let of = |size, fill| Checkpoint { origin, size, root: pehra_ledger::Hash([fill; 32]) };
    let mut store = Store::open(dir.path()).unwrap();
    let keep = |store: &mut Store, checkpoint: Checkpoint, lines: &[SigningKey], cosigned| {
        let mut note = checkpoint.sign(&log).unwrap();
        for key in lines {
            note.add(cosign(&checkpoint, key, 1).unwrap()).unwrap();
        }
        let kept = KeptCheckpoint { checkpoint, note, cosigned };
        store.commit(&Batch { checkpoints: vec![kept], ..Batch::default() }).unwrap();
    };
    keep(&mut store, of(5, 1), &[], false);
    assert_eq!(store.cosigned(&origin.name()).unwrap(), None);
    keep(&mut store, of(5, 1), &[SigningKey::from_seed([2; 32])], true);
    keep(&mut store, of(9, 2), &[], false);
    let kept = store.checkpoints(&origin.name()).unwrap();
    let counts: Vec<_> = kept.iter().map(|(c, note)| (c.size, note.signatures().len())).collect();
    assert_eq!(counts, [(5, 2), (9, 1)]);
    assert_eq!(store.cosigned(&origin.name()).unwrap(), Some(of(5, 1)));
    assert_eq!(store.trees().unwrap(), [origin.name()]);
    let note = store.checkpoint_of_text(&of(5, 1).text()).unwrap().unwrap();
    assert!(pehra_ledger::checkpoint::cosigned(&note, ELECTION, witness.public()).is_some());
    let (held, other) = (of(9, 2).sign(&log).unwrap(), of(9, 3).sign(&log).unwrap());
    let fork = TreeFork { origin: origin.name(), found_ms: NOW_MS, held, other };
    for _again in 0..2 {
        let batch = Batch { tree_forks: vec![fork.clone()], ..Batch::default() };
        store.commit(&batch).unwrap();
    }
    assert_eq!(store.tree_forks().unwrap(), [fork]);
}
