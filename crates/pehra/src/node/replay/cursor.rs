//! The record folded as far as this node had received it: with the statements, forks and contents that it knew of then.

use super::course::Position;
use crate::node::{
    Node, NodeError,
    fold::{Fold, HeldAt, Judge, log_of},
    intake::changes_history,
};
use pehra_ledger::{
    DeviceId, Place,
    genesis::Genesis,
    roster::{Root, Roster},
};
use pehra_store::{Learnt, Reader, Receipt, Stored};
use std::{collections::BTreeMap, ops::ControlFlow};

type Log = (DeviceId, u32);

/// What was learnt beside the entries, and when.
#[derive(Default)]
pub(super) struct Learning {
    statements: Vec<Learnt>,
    /// Where logs turned out to fork, by the wall's clock.
    forks: Vec<(u64, Log, u64)>,
    /// Entries whose content came later, by receipt.
    completed: BTreeMap<i64, u64>,
}

impl Learning {
    pub(super) fn read(reader: &Reader) -> Result<Self, NodeError> {
        let mut forks = Vec::new();
        for found in reader.forks()? {
            let log = log_of(&found.entry);
            let key = reader.device_key(log.0)?;
            let fork = key.and_then(|key| found.proof.verify(&key));
            forks.extend(fork.map(|fork| (found.found_ms, log, fork.place.seq)));
        }
        let completed = reader.completions()?;
        Ok(Self {
            statements: reader.statements_learnt()?,
            forks,
            completed: completed.into_iter().map(|it| (it.receipt.0, it.received_ms)).collect(),
        })
    }

    fn forked_until(&self, wall_ms: u64) -> BTreeMap<Log, u64> {
        let mut forked: BTreeMap<Log, u64> = BTreeMap::new();
        for (_, log, seq) in self.forks.iter().filter(|(found, _, _)| *found <= wall_ms) {
            let at = forked.entry(*log).or_insert(*seq);
            *at = (*seq).min(*at);
        }
        forked
    }

    /// Whether something that came between two moments lets what was folded be judged otherwise.
    fn turns(&self, after: (i64, u64), until_ms: u64) -> bool {
        let between = |ms: u64| after.1 < ms && ms <= until_ms;
        self.forks.iter().any(|(found, _, _)| between(*found))
            || self.completed.iter().any(|(receipt, ms)| *receipt <= after.0 && between(*ms))
    }
}

/// A fold on its way through the record.
#[derive(Clone)]
pub(super) struct Cursor {
    pub(super) fold: Fold,
    roster: Roster,
    /// The last entry folded.
    pub(super) receipt: i64,
    pub(super) wall_ms: u64,
    /// Statements taken so far, in the order in which they were learnt.
    taken: usize,
}

impl Cursor {
    /// Before anything was received; the roster knows what was believed by a moment.
    pub(super) fn begin(node: &Node, learning: &Learning, wall_ms: u64) -> Self {
        let alone = || Root { keys: vec![node.inner.key.public()], threshold: 1 };
        let root = node.inner.genesis.as_ref().map_or_else(alone, Genesis::root);
        let mut cursor = Self {
            fold: Fold::new(learning.forked_until(wall_ms)),
            roster: Roster::new(node.inner.election, root),
            receipt: 0,
            wall_ms,
            taken: 0,
        };
        cursor.learn(learning, wall_ms);
        cursor
    }

    /// Whether it stands at a moment or before it.
    pub(super) fn is_by(&self, at: Position) -> bool {
        self.receipt <= at.receipt && self.wall_ms <= at.wall_ms
    }

    /// Goes on to a later moment. Answers whether what was folded before had to be judged anew, as the room did then.
    pub(super) fn advance(
        &mut self,
        node: &Node,
        (reader, learning): (&Reader, &Learning),
        to: Position,
    ) -> Result<bool, NodeError> {
        let mut turns = learning.turns((self.receipt, self.wall_ms), to.wall_ms);
        turns |= self.walk(node, (reader, learning), to)?;
        if turns {
            *self = Self::begin(node, learning, to.wall_ms);
            self.walk(node, (reader, learning), to)?;
        }
        self.wall_ms = to.wall_ms;
        Ok(turns)
    }

    fn walk(
        &mut self,
        node: &Node,
        (reader, learning): (&Reader, &Learning),
        to: Position,
    ) -> Result<bool, NodeError> {
        let held = |place: Place| held_by(reader, place, to.receipt);
        let (mut turns, from) = (false, Receipt(self.receipt));
        let mut visit = |stored: Stored| {
            let receipt = stored.receipt.0;
            if receipt > to.receipt {
                return ControlFlow::Break(());
            }
            turns |= self.learn(learning, stored.received_ms);
            let unknown = learning.completed.get(&receipt).is_some_and(|&came| came > to.wall_ms);
            let entry = if unknown { stored.entry.withheld() } else { stored.entry };
            let judge: Judge<'_> = node.judge(&self.roster, &held);
            self.fold.take(entry, &judge);
            self.receipt = receipt;
            ControlFlow::Continue(())
        };
        if from.0 < to.receipt {
            reader.entries_received(from, &mut visit)?;
        }
        turns |= self.learn(learning, to.wall_ms);
        Ok(turns)
    }

    /// Takes the statements that were believed by a moment; answers whether they let what was folded be judged otherwise.
    fn learn(&mut self, learning: &Learning, until_ms: u64) -> bool {
        let mut turns = false;
        while let Some(next) = learning.statements.get(self.taken) {
            if next.received_ms.is_some_and(|ms| ms > until_ms) {
                break;
            }
            self.taken += 1;
            // What does not hold was left out by the room, too.
            if let Ok(true) = self.roster.take(next.said.clone()) {
                turns |= self.receipt > 0 && changes_history(&next.said, &self.roster, &self.fold);
            }
        }
        turns
    }
}

fn held_by(reader: &Reader, place: Place, receipt: i64) -> Option<HeldAt> {
    let stored = reader.entry(place).ok().flatten().filter(|it| it.receipt.0 <= receipt)?;
    Some(HeldAt { hash: stored.entry.hash(), clock_ms: stored.entry.header().clock.ms })
}
