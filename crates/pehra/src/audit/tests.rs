use super::{sample::*, *};
use pehra_ledger::draft::Next;
use std::{fs, ops::ControlFlow};
use tempfile::TempDir;

struct Ground {
    dir: TempDir,
    election: Election,
    logs: Vec<Vec<Written>>,
}

impl Ground {
    /// Twelve phones that wrote twenty entries each.
    fn new() -> Self {
        let election = Election::new(12, 3);
        let logs = election.logs(20);
        Self { dir: tempfile::tempdir().unwrap(), election, logs }
    }

    fn path(&self, node: usize) -> PathBuf {
        self.dir.path().join(format!("node-{node}.pehra"))
    }

    /// Three nodes that received everything, in three orders.
    fn export_all(&self) -> Vec<PathBuf> {
        let orders =
            [in_turn(&self.logs, false), one_by_one(&self.logs), in_turn(&self.logs, true)];
        for (node, order) in orders.into_iter().enumerate() {
            self.election.export(&self.path(node), node, order.into_iter(), 100);
        }
        (0..3).map(|node| self.path(node)).collect()
    }

    fn audit(&self, paths: &[PathBuf]) -> AuditReport {
        let root = Some(self.election.genesis.clone());
        let options = Options { root, threads: 2, seed: [9; 32] };
        verify(paths, &options, &mut |_| ControlFlow::Continue(())).unwrap()
    }
}

fn alter(path: &Path, at: u64, by: u8) -> u8 {
    let mut bytes = fs::read(path).unwrap();
    let slot = &mut bytes[usize::try_from(at).unwrap()];
    let was = *slot;
    *slot ^= by;
    fs::write(path, bytes).unwrap();
    was
}

#[test]
fn three_exports_that_agree_are_whole() {
    let ground = Ground::new();
    let report = ground.audit(&ground.export_all());
    assert!(report.is_whole(), "{report:#?}");
    assert_eq!((report.entries, report.logs), (720, 12));
    for file in &report.files {
        assert_eq!((file.entries, file.witnessed_size, file.complete), (240, 100, true));
        assert_eq!(file.standings.get("good"), Some(&240));
    }
}

#[test]
fn under_another_root_nothing_counts() {
    let ground = Ground::new();
    let paths = ground.export_all();
    let key = pehra_ledger::SigningKey::from_seed([77; 32]).public();
    let root = Some(Genesis::try_new("STORY-9", vec![key], 1).unwrap());
    let options = Options { root, threads: 1, seed: [9; 32] };
    let report = verify(&paths, &options, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(report.files[0].standings.get("notchained"), Some(&240));
    assert_eq!(report.files[0].witnessed_size, 0);
}

#[test]
fn any_altered_byte_of_any_record_is_named() {
    let ground = Ground::new();
    let paths = ground.export_all();
    let whole = fs::read(&paths[1]).unwrap();
    let length = u64::try_from(whole.len()).unwrap();
    let mut parts = BTreeSet::new();
    // Uneven steps through the whole file; the magic and the lengths of frames are among them.
    let mut at = 3;
    while at < length {
        let was = alter(&paths[1], at, 1 + u8::try_from(at % 255).unwrap());
        let report = ground.audit(&paths[1..2]);
        if at >= 16 {
            assert!(!report.is_whole(), "byte {at} of {length}");
            let damage = &report.damages[0];
            assert_eq!(damage.byte_offset, Some(at), "{damage:?}");
            assert_eq!(damage.should_be, Some(was));
            parts.insert(damage.belongs_to.clone());
        }
        fs::write(&paths[1], &whole).unwrap();
        at += length / 8 + 7;
    }
    assert!(parts.len() >= 2, "{parts:?}");
}

#[test]
fn an_altered_frame_is_named_and_harms_no_other_record() {
    let ground = Ground::new();
    let paths = ground.export_all();
    let whole = fs::read(&paths[0]).unwrap();
    // The frame of the second entry: after the first one's bytes.
    let first = &ground.logs[0][0].wire;
    let at = whole.windows(first.len()).position(|window| window == *first).unwrap() + first.len();
    for (byte, by) in [(0, 0x20), (1, 1), (2, 0x40), (3, 2), (4, 0x11)] {
        let place = u64::try_from(at + byte).unwrap();
        alter(&paths[0], place, by);
        let report = ground.audit(&paths[..1]);
        assert_eq!(report.damages[0].byte_offset, Some(place), "{:?}", report.damages);
        assert_eq!(report.damages[0].belongs_to, "the frame of a record");
        assert_eq!(report.files[0].entries, 239, "{:?}", report.gaps);
        assert!(report.gaps.is_empty(), "{:?}", report.gaps);
        fs::write(&paths[0], &whole).unwrap();
    }
}

#[test]
fn two_altered_bytes_are_found_by_another_files_copy() {
    let ground = Ground::new();
    let paths = ground.export_all();
    let wire = &ground.logs[3][7].wire;
    let whole = fs::read(&paths[2]).unwrap();
    let begin = whole.windows(wire.len()).position(|window| window == *wire).unwrap();
    let (one, two) = (begin + wire.len() - 9, begin + wire.len() - 3);
    alter(&paths[2], u64::try_from(one).unwrap(), 1);
    alter(&paths[2], u64::try_from(two).unwrap(), 1);
    let report = ground.audit(&paths);
    let damage = &report.damages[0];
    assert_eq!(damage.byte_offset, u64::try_from(one).ok());
    assert_eq!(damage.proven_by, Some("copy"));
    assert_eq!(damage.belongs_to, "the content of an entry");
}

#[test]
fn a_planted_fork_is_found_between_files_and_its_first_place_named() {
    let mut ground = Ground::new();
    ground.export_all();
    // Phone 5 writes from its ninth entry on a second history, which the third node received.
    let mut next = Next { epoch: 0, seq: 9, previous: ground.logs[5][8].hash };
    let other: Vec<Written> = (9..20)
        .map(|n| ground.election.write(5, &mut next, &format!("another report {n}")))
        .collect();
    ground.logs[5].truncate(9);
    ground.logs[5].extend(other);
    let order = in_turn(&ground.logs, true);
    ground.election.export(&ground.path(2), 2, order.into_iter(), 100);
    let paths: Vec<PathBuf> = (0..3).map(|node| ground.path(node)).collect();
    let report = ground.audit(&paths);
    let place = format!("{}/0/9", ground.election.phones[5].id());
    assert_eq!(report.forks.len(), 1, "{:?}", report.forks);
    assert_eq!(report.forks[0].place, place);
    assert_eq!(report.forks[0].sides.len(), 2);
    assert!(report.damages.is_empty() && report.gaps.is_empty());
    // Each file by itself is sound.
    assert!(ground.audit(&paths[2..]).is_whole());
}

#[test]
fn gaps_hidden_entries_and_cut_files_are_told_apart() {
    let ground = Ground::new();
    let paths = ground.export_all();
    // Node 0 leaves three entries of phone 4 out and says nothing: its own tree convicts it.
    let all = in_turn(&ground.logs, false);
    let out: Vec<Hash> = ground.logs[4][6..9].iter().map(|one| one.hash).collect();
    let shown: Vec<_> = all.iter().copied().filter(|(hash, _)| !out.contains(hash)).collect();
    ground.election.export(&paths[0], 0, shown.into_iter(), 300);
    let report = ground.audit(&paths);
    let log = format!("{}/0", ground.election.phones[4].id());
    let gap = Gap { file: paths[0].display().to_string(), log, from: 6, to: 8, elsewhere: true };
    assert_eq!(report.gaps, [gap]);
    // With hashes in their place it is no gap, and the others explain the hashes.
    let hidden: Vec<_> =
        all.iter().map(|&(hash, wire)| (hash, wire.filter(|_| !out.contains(hash)))).collect();
    ground.election.export(&paths[0], 0, hidden.into_iter(), 100);
    assert!(ground.audit(&paths).is_whole());
    let alone = ground.audit(&paths[..1]);
    assert_eq!(alone.withheld[0].entries, Some(3), "{alone:?}");
    // A file that was cut lacks its exporter's signature.
    let bytes = fs::read(&paths[1]).unwrap();
    fs::write(&paths[1], &bytes[..bytes.len() - 150]).unwrap();
    let cut = ground.audit(&paths[1..2]);
    assert!(!cut.files[0].complete && !cut.is_whole());
}

#[test]
fn an_exporter_that_rewrites_its_order_is_convicted_by_its_checkpoint() {
    let ground = Ground::new();
    let paths = ground.export_all();
    // A second export of node 0 in another order, signed at the same size.
    let order = one_by_one(&ground.logs);
    ground.election.export(&paths[1], 0, order.into_iter(), 100);
    let report = ground.audit(&paths[..2]);
    assert_eq!(report.trees.len(), 1, "{:?}", report.trees);
    assert_eq!(report.trees[0].size, 100);
}

#[test]
fn a_check_stops_when_it_is_told_to() {
    let ground = Ground::new();
    let paths = ground.export_all();
    let options = Options { root: None, threads: 2, seed: [9; 32] };
    let stopped = verify(&paths, &options, &mut |step| {
        if step.stage == "verify" { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(matches!(stopped, Err(AuditError::Cancelled(_))));
    fs::write(&paths[0], "this is a letter to the commission").unwrap();
    let refused = verify(&paths, &options, &mut |_| ControlFlow::Continue(()));
    assert!(matches!(refused, Err(AuditError::NotAnExport(_))));
}
