//! One file from its first byte to its last: chains, tree and findings in order, signatures on several threads.

use super::{
    AuditError,
    check::{Bad, Checked, Ground, Seen, What},
    records::{Record, Records},
    survey::Log,
};
use pehra_domain::progress::{Watch, tell};
use pehra_ledger::{
    Hash, Place,
    checkpoint::Checkpoint,
    export::{FRAME_BYTES, Kind},
    header::Cause,
    tile,
    tree::Edge,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{Mutex, mpsc},
};

/// Records checked together: enough for batches of signatures, little enough for flat memory.
const TOGETHER: usize = 2_048;
/// Batches on their way at a time, for each thread.
const AHEAD: usize = 2;
/// Findings of one sort that are kept one by one; more are counted.
pub(super) const KEPT_MAX: usize = 1_000;

/// A place of a log where another file ends: hashes must agree there, and so everything before does.
pub(super) type Points = BTreeMap<Log, Vec<(u64, Hash)>>;

/// Entries that are missing between two that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gap {
    pub(super) log: Log,
    pub(super) from: u64,
    pub(super) to: u64,
}

/// What was found in one file.
#[derive(Default)]
pub(super) struct Walked {
    pub(super) entries: u64,
    pub(super) leaves_only: u64,
    pub(super) payloads_absent: u64,
    pub(super) standings: BTreeMap<u8, u64>,
    pub(super) ended: bool,
    pub(super) damages: Vec<(u64, Bad)>,
    pub(super) damage_count: u64,
    pub(super) gaps: Vec<Gap>,
    pub(super) gap_count: u64,
    /// Logs in which two entries may claim one place.
    pub(super) doubtful: BTreeSet<Log>,
    pub(super) forks: BTreeSet<Place>,
    /// Roots of the tree as the entries give them; none once something in the file cannot be told.
    pub(super) roots: BTreeMap<u64, Hash>,
    pub(super) tree: u64,
    pub(super) tree_known: bool,
    pub(super) checkpoints: Vec<(u64, Checkpoint, bool, usize)>,
    /// The furthest entry of each log that somebody refers to, and who.
    pub(super) wanted: BTreeMap<Log, (u64, Place)>,
    /// How far each log reaches in this file.
    pub(super) reach: BTreeMap<Log, u64>,
    /// Hashes without entries elsewhere that this file's entries explain.
    pub(super) explained: BTreeSet<Hash>,
    edge: Edge,
    logs: BTreeMap<Log, Chain>,
    /// Entries that are there and whose place cannot be read, damaged or shown as hashes: a gap of so many may be theirs.
    unplaced: u64,
}

struct Chain {
    next: u64,
    /// None after damage: then the next entry tells.
    last: Option<Hash>,
}

/// What a walk needs to know of the other files.
pub(super) struct Surroundings<'a> {
    pub(super) points: &'a Points,
    pub(super) sizes: &'a BTreeSet<u64>,
    /// Hashes that some file shows without their entry.
    pub(super) leaves: &'a BTreeSet<Hash>,
    pub(super) reach: &'a BTreeMap<Log, u64>,
}

/// Walks through a file. `total` is how much was done before and how much there is, in bytes.
pub(super) fn walk(
    path: &Path,
    ground: &Ground<'_>,
    around: &Surroundings<'_>,
    threads: usize,
    seed: [u8; 32],
    total: (u64, u64),
    watch: &mut Watch<'_>,
) -> Result<Walked, AuditError> {
    let mut walked = Walked { tree_known: true, ..Walked::default() };
    let mut records = Records::open(path, Some(ground.roster.election()), true)?;
    let threads = threads.max(1);
    std::thread::scope(|scope| {
        let (give, take) = mpsc::sync_channel::<(u64, Vec<Record>)>(threads * AHEAD);
        let (tell_checked, checked) = mpsc::sync_channel::<(u64, Vec<Checked>)>(threads * AHEAD);
        let take = std::sync::Arc::new(Mutex::new(take));
        for _ in 0..threads {
            let (take, tell_checked) = (std::sync::Arc::clone(&take), tell_checked.clone());
            scope.spawn(move || {
                loop {
                    let next = take.lock().map_or(None, |take| take.recv().ok());
                    let Some((number, batch)) = next else { return };
                    if tell_checked.send((number, ground.check(batch, seed))).is_err() {
                        return;
                    }
                }
            });
        }
        drop((tell_checked, take));
        let reading = scope.spawn(move || {
            let (mut batch, mut number) = (Vec::with_capacity(TOGETHER), 0);
            while let Some(record) = records.next()? {
                batch.push(record);
                if batch.len() >= TOGETHER {
                    let full = std::mem::replace(&mut batch, Vec::with_capacity(TOGETHER));
                    if give.send((number, full)).is_err() {
                        return Ok(());
                    }
                    number += 1;
                }
            }
            let _cancelled = give.send((number, batch));
            Ok::<(), AuditError>(())
        });
        let mut early: BTreeMap<u64, Vec<Checked>> = BTreeMap::new();
        let mut due = 0;
        let mut outcome = Ok(());
        'all: for (number, batch) in &checked {
            early.insert(number, batch);
            while let Some(batch) = early.remove(&due) {
                due += 1;
                let at = batch.last().map_or(0, |last| last.offset);
                batch.into_iter().for_each(|one| walked.step(one, around));
                outcome = tell(watch, "verify", total.0 + at, total.1);
                if outcome.is_err() {
                    break 'all;
                }
            }
        }
        // Whoever still works finds nobody listening.
        drop(checked);
        let read = reading.join().map_err(|_panic| AuditError::Thread)?;
        outcome?;
        read
    })?;
    walked.tree = walked.edge.size();
    walked.reach = walked.logs.iter().map(|(log, chain)| (*log, chain.next - 1)).collect();
    Ok(walked)
}

impl Walked {
    fn step(&mut self, checked: Checked, around: &Surroundings<'_>) {
        match checked.what {
            What::Entry(seen) => self.entry(&seen, around),
            What::Leaf(hash) => {
                self.leaves_only += 1;
                self.unplaced += 1;
                self.grow(hash, around);
            }
            What::Checkpoint { checkpoint, own, witnesses } => {
                self.checkpoints.push((checked.offset, checkpoint, own, witnesses));
            }
            What::Fork(place) => {
                self.forks.insert(place);
            }
            What::End => self.ended = true,
            What::Sound => {}
            What::Bad(bad) => self.bad(checked.offset, *bad, around),
        }
    }

    fn grow(&mut self, entry: Hash, around: &Surroundings<'_>) {
        self.edge.push(tile::leaf(&entry));
        let size = self.edge.size();
        if self.tree_known && around.sizes.contains(&size) {
            self.roots.insert(size, self.edge.root());
        }
    }

    fn entry(&mut self, seen: &Seen, around: &Surroundings<'_>) {
        self.entries += 1;
        self.payloads_absent += u64::from(seen.payload_absent);
        *self.standings.entry(seen.standing.code()).or_default() += 1;
        self.grow(seen.hash, around);
        if around.leaves.contains(&seen.hash) {
            self.explained.insert(seen.hash);
        }
        let log = (seen.place.device, seen.place.epoch);
        if let Some(points) = around.points.get(&log)
            && points.iter().any(|&(seq, hash)| seq == seen.place.seq && hash != seen.hash)
        {
            self.doubtful.insert(log);
        }
        for Cause { entry, .. } in &seen.causes {
            let cause = (entry.place.device, entry.place.epoch);
            if around.reach.get(&cause).is_none_or(|&last| last < entry.place.seq) {
                let wanted = self.wanted.entry(cause).or_insert((entry.place.seq, seen.place));
                if entry.place.seq > wanted.0 {
                    *wanted = (entry.place.seq, seen.place);
                }
            }
        }
        self.chain(log, seen);
    }

    fn chain(&mut self, log: Log, seen: &Seen) {
        let seq = seen.place.seq;
        let (next, last) = self.logs.get(&log).map_or((0, None), |chain| (chain.next, chain.last));
        if seq < next {
            self.doubtful.insert(log);
            return;
        }
        if seq > next {
            let missing = seq - next;
            if missing <= self.unplaced {
                self.unplaced -= missing;
            } else {
                self.gap_count += 1;
                if self.gaps.len() < KEPT_MAX {
                    self.gaps.push(Gap { log, from: next, to: seq - 1 });
                }
            }
        } else if last.is_some_and(|last| last != seen.previous) {
            self.doubtful.insert(log);
        }
        self.logs.insert(log, Chain { next: seq + 1, last: Some(seen.hash) });
    }

    fn bad(&mut self, offset: u64, bad: Bad, around: &Surroundings<'_>) {
        let entry = matches!(bad.kind, Some(Kind::Entry) | None);
        match (bad.leaf, bad.place) {
            (Some(leaf), Some(place)) => {
                // Only the content was changed: chain and tree go on.
                self.grow(leaf, around);
                let log = (place.device, place.epoch);
                self.logs.insert(log, Chain { next: place.seq + 1, last: Some(leaf) });
            }
            _ if entry => {
                self.tree_known = false;
                self.unplaced += 1;
                if let Some(place) = bad.place {
                    let log = (place.device, place.epoch);
                    let chain = self.logs.get_mut(&log).filter(|chain| chain.next == place.seq);
                    if let Some(chain) = chain {
                        *chain = Chain { next: place.seq + 1, last: None };
                        self.unplaced -= 1;
                    }
                }
            }
            _ => {}
        }
        self.damage_count += 1;
        if self.damages.len() < KEPT_MAX {
            self.damages.push((offset, bad));
        }
    }
}

/// Where two entries of a log part ways, for logs in doubt: place, and each side's file and offset.
pub(super) type Sides = BTreeMap<Place, BTreeMap<Hash, (usize, u64)>>;

/// Looks once more at a few logs in all files, and gathers who shows what at each place.
pub(super) fn compare(
    paths: &[&Path],
    logs: &BTreeSet<Log>,
    ground: &Ground<'_>,
) -> Result<Sides, AuditError> {
    let mut sides = Sides::new();
    for (file, path) in paths.iter().enumerate() {
        let mut records = Records::open(path, Some(ground.roster.election()), false)?;
        while let Some(record) = records.next()? {
            let header = super::survey::header_of(&record.bytes);
            let Some((header, hash)) = header.filter(|_| record.kind == Some(Kind::Entry)) else {
                continue;
            };
            if !logs.contains(&(header.place.device, header.place.epoch)) {
                continue;
            }
            let held = sides.entry(header.place).or_default();
            if held.contains_key(&hash) {
                continue;
            }
            // Only what is signed counts as a side.
            let frame = pehra_ledger::export::frame(Kind::Entry, record.bytes.len());
            let region = [&frame.unwrap_or_default()[..], &record.bytes].concat();
            if region.len() > FRAME_BYTES && ground.is_sound(&region) {
                held.insert(hash, (file, record.offset));
            }
        }
    }
    sides.retain(|_, held| held.len() > 1);
    Ok(sides)
}
