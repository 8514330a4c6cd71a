//! What this node received when: for every entry the moment of the day at which it came, and the moment that it speaks of.

use crate::node::convert;
use pehra_ledger::statement::OWN_KINDS_END;
use pehra_ops::moment::moments;
use pehra_store::{DayMoment, PayloadState, Reader, Receipt, StoreError, Stored};
use std::ops::ControlFlow;

/// Own times so far from the wall's are another day's: an exercise that was lived before its moments were kept.
const ANOTHER_DAY_MS: i64 = 36 * 3_600_000;

/// By which clock moments of reception are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Basis {
    /// The wall's, as it stood at each commit.
    #[default]
    Wall,
    /// The exercise's own, as it stood at each commit.
    Day,
    /// It was not kept by which hour of the exercise's day entries came: not before the latest hour that anything received
    /// until then speaks of.
    Bounds,
}

impl Basis {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Wall => "wall",
            Self::Day => "day",
            Self::Bounds => "bounds",
        }
    }
}

/// One entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) receipt: i64,
    /// The day's time at which it came; never less than that of an entry received before it.
    pub(super) at_ms: i64,
    pub(super) wall_ms: u64,
    /// The earliest moment of the day that it speaks of; none where it speaks of none.
    happened_ms: Option<i64>,
    /// The hour that its writer's clock told.
    written_ms: u64,
    /// An act of a person; what devices tell each other is none.
    is_act: bool,
    /// Its content was deleted since.
    deleted: bool,
}

impl Row {
    /// Whether it speaks of a moment, or was signed, at that time or before.
    fn is_about(&self, at_ms: i64, wall_ms: u64) -> bool {
        self.is_act && self.happened_ms.map_or(self.written_ms <= wall_ms, |own| own <= at_ms)
    }
}

/// How far the record had come at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The last entry that had been received; 0 before all.
    pub receipt: i64,
    /// The wall's clock then.
    pub wall_ms: u64,
    /// The day's moment that is shown.
    pub at_ms: i64,
    /// The day's moment at which that entry came; none before all.
    pub last_ms: Option<i64>,
    /// So many entries had been received.
    pub entries: usize,
    /// The content of so many of them was deleted since, and cannot be shown.
    pub deleted: usize,
}

/// The course of the record, extended as it grows.
#[derive(Default)]
pub(super) struct Course {
    pub(super) rows: Vec<Row>,
    pub(super) basis: Basis,
    own: Vec<DayMoment>,
}

impl Course {
    /// Reads on from where it ended. Answers whether anything was new.
    pub(super) fn read_on(&mut self, reader: &Reader, exercise: bool) -> Result<bool, StoreError> {
        let after = Receipt(self.rows.last().map_or(0, |row| row.receipt));
        if reader.last_receipt()? <= after {
            return Ok(false);
        }
        let mut visit = |stored: Stored| {
            self.rows.push(row_of(&stored));
            ControlFlow::Continue(())
        };
        reader.entries_received(after, &mut visit)?;
        let known = self.own.last().map_or(Receipt(0), |run| run.last);
        self.own.extend(reader.day_moments(known)?);
        self.settle(exercise);
        Ok(true)
    }

    /// Decides by which clock the day goes, and tells every entry its moment.
    fn settle(&mut self, exercise: bool) {
        let elsewhere = |row: &Row| {
            let wall = i64::try_from(row.wall_ms).unwrap_or(i64::MAX);
            row.happened_ms.is_some_and(|own| (own - wall).abs() > ANOTHER_DAY_MS)
        };
        self.basis = if !self.own.is_empty() {
            Basis::Day
        } else if exercise && self.rows.iter().any(elsewhere) {
            Basis::Bounds
        } else {
            Basis::Wall
        };
        let mut own = self.own.iter().peekable();
        let mut latest = i64::MIN;
        for row in &mut self.rows {
            while own.next_if(|run| run.last.0 < row.receipt).is_some() {}
            let moment = match self.basis {
                Basis::Wall => i64::try_from(row.wall_ms).ok(),
                Basis::Day => {
                    own.peek().filter(|run| run.first.0 <= row.receipt).map(|run| run.day_ms)
                }
                Basis::Bounds => row.happened_ms,
            };
            latest = latest.max(moment.unwrap_or(i64::MIN));
            row.at_ms = latest;
        }
    }

    /// First and last moment of reception of the day; none while nothing was received.
    pub(super) fn span(&self) -> Option<(i64, i64)> {
        let first = self.rows.iter().map(|row| row.at_ms).find(|&at| at > i64::MIN)?;
        Some((first, self.rows.last()?.at_ms))
    }

    /// How far the record had come at a moment of the day.
    pub(super) fn at(&self, at_ms: i64) -> Position {
        self.position(self.rows.partition_point(|row| row.at_ms <= at_ms), Some(at_ms))
    }

    /// How far it had come when an entry was received, at the very moment of it.
    pub(super) fn after(&self, receipt: i64) -> Position {
        self.position(self.rows.partition_point(|row| row.receipt <= receipt), None)
    }

    fn position(&self, entries: usize, at_ms: Option<i64>) -> Position {
        let known = self.rows.get(..entries).unwrap_or_default();
        let last = known.last();
        let last_ms = last.map(|row| row.at_ms).filter(|&at| at > i64::MIN);
        let wall_ms = last.map_or(0, |row| row.wall_ms);
        // What was believed after the last entry and before the next belongs to this moment by the wall's clock; where the
        // day has a clock of its own it is told with the next entry.
        let shown = at_ms.and_then(|at| u64::try_from(at).ok());
        let wall_ms = match (self.basis, shown) {
            (Basis::Wall, Some(shown)) => wall_ms.max(shown),
            (_, _) => wall_ms,
        };
        Position {
            receipt: last.map_or(0, |row| row.receipt),
            wall_ms,
            at_ms: at_ms.or(last_ms).unwrap_or_default(),
            last_ms,
            entries,
            deleted: known.iter().filter(|row| row.deleted).count(),
        }
    }

    /// What came later about a moment: received after it, of before it. In the order of reception.
    pub(super) fn later(&self, at: Position) -> impl Iterator<Item = &Row> {
        let since = self.rows.get(at.entries..).unwrap_or_default();
        since.iter().filter(move |row| row.is_about(at.at_ms, at.wall_ms))
    }

    /// Entries received in each bin of a span, and how many of them speak of a moment of an earlier bin.
    pub(super) fn bins(&self, from_ms: i64, bin_ms: i64, count: usize) -> Vec<[u32; 2]> {
        let mut bins = vec![[0_u32; 2]; count];
        for row in self.rows.iter().filter(|row| row.is_act && row.at_ms >= from_ms) {
            let bin = (row.at_ms - from_ms).div_euclid(bin_ms);
            let begins = from_ms + bin * bin_ms;
            let counts = usize::try_from(bin).ok().and_then(|bin| bins.get_mut(bin));
            if let Some([all, late]) = counts {
                *all += 1;
                *late += u32::from(row.happened_ms.is_some_and(|own| own < begins - bin_ms));
            }
        }
        bins
    }
}

fn row_of(stored: &Stored) -> Row {
    let header = stored.entry.header();
    let is_act = header.kind >= OWN_KINDS_END;
    let mut happened_ms = None;
    if is_act && let Ok(stamped) = convert::stamped(&stored.entry) {
        moments(&stamped.event, &mut |at| {
            happened_ms = Some(happened_ms.map_or(at.0, |known: i64| known.min(at.0)));
        });
    }
    Row {
        receipt: stored.receipt.0,
        at_ms: i64::MIN,
        wall_ms: stored.received_ms,
        happened_ms,
        written_ms: header.clock.ms,
        is_act,
        deleted: stored.payload_state == PayloadState::Deleted,
    }
}
