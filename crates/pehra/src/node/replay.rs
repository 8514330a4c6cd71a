//! Any past hour exactly as this node knew it then: the record folded up to the last entry that it had received, judged by
//! what it believed then, so that what came later is missing until it came.
//!
//! Invariants: nothing here writes, and nobody who acts waits for it: it reads through a connection of its own. Folds at
//! hand ([`Theatre`]) are a convenience; the record alone says what was. What is deleted from the record leaves them at
//! once.

mod course;
mod cursor;

pub use course::{Basis, Position};

use super::{Node, NodeError, load};
use crate::{day::Picture, world::World};
use course::Course;
use cursor::{Cursor, Learning};
use pehra_domain::UnixMs;
use pehra_store::{Reader, Receipt, Stored};
use std::{
    ops::ControlFlow,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Folds kept along the record, so that going back folds no more than a part of it.
const MARKS_MAX: usize = 4;
/// Between two of them lie at least so many entries.
const MARK_EVERY_MIN: usize = 2_000;
/// Screens that go through the record at the same time, each with a fold of its own; another takes the idlest one's place.
const SEATS_MAX: usize = 3;
/// Unused for so long, folds of the past leave the memory.
const IDLE_MAX: Duration = Duration::from_secs(300);
/// The course of the record is told in so many bins at the most.
const BINS_MAX: i64 = 1_000;
const BIN_MS: i64 = 600_000;

/// A moment that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A time of the day, Unix milliseconds.
    At(i64),
    /// When this entry had just been received, by its receipt.
    After(i64),
}

/// The day as it was known.
pub struct Shown {
    pub position: Position,
    pub picture: Arc<Picture>,
    /// Names this picture in its seat.
    pub number: u64,
    /// The picture that the seat holds, if this one grew out of it.
    pub before: Option<Arc<Picture>>,
    pub basis: Basis,
    /// Entries in the whole record.
    pub of: usize,
}

/// When this node received what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourseOf {
    pub from_ms: i64,
    pub until_ms: i64,
    pub bin_ms: i64,
    /// Entries received, and how many of them speak of a moment at least one bin earlier.
    pub bins: Vec<[u32; 2]>,
    pub basis: Basis,
    pub entries: usize,
}

/// What came later about a moment.
#[derive(Default)]
pub struct Later {
    /// All of it.
    pub entries: usize,
    /// The first so many, in the order of reception, each with the day's moment at which it came.
    pub first: Vec<(i64, Stored)>,
}

/// Folds of the past that are at hand.
#[derive(Default)]
pub struct Theatre {
    stage: Mutex<Option<Stage>>,
    /// Grows when what is at hand is not to be shown any more.
    cleared: AtomicU64,
    /// Somebody looks now and then whether it is still used.
    watched: AtomicBool,
}

struct Stage {
    reader: Reader,
    learning: Learning,
    course: Course,
    marks: Vec<Cursor>,
    seats: Vec<Seat>,
    worlds: Vec<Arc<World>>,
    used: Instant,
    cleared: u64,
    number: u64,
}

struct Seat {
    name: String,
    cursor: Cursor,
    picture: Option<(u64, i64, Arc<Picture>)>,
    used: Instant,
}

impl Theatre {
    /// Lets go of everything at hand. Waits for nobody: who is looking just now lets go when they have looked.
    pub(super) fn clear(&self) {
        self.cleared.fetch_add(1, Ordering::SeqCst);
        if let Ok(mut stage) = self.stage.try_lock() {
            *stage = None;
        }
    }

    /// Answers true to the one who from now on asks it to [`Self::rest`] now and then.
    pub fn begin_rest(&self) -> bool {
        !self.watched.swap(true, Ordering::SeqCst)
    }

    /// Lets go of everything at hand if nobody has looked for a while. Answers whether nothing is left.
    pub fn rest(&self) -> bool {
        let Ok(mut stage) = self.stage.try_lock() else { return false };
        if stage.as_ref().is_some_and(|stage| stage.used.elapsed() > IDLE_MAX) {
            *stage = None;
        }
        let rests = stage.is_none();
        if rests {
            self.watched.store(false, Ordering::SeqCst);
        }
        rests
    }

    fn lock(&self) -> MutexGuard<'_, Option<Stage>> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Node {
    #[must_use]
    pub fn theatre(&self) -> &Theatre {
        &self.inner.theatre
    }

    /// The day as it was known at a moment, for one screen; none while there were no stations. `holds` names the picture
    /// that the screen shows. Takes as long as folding what lies between: call it off the async threads.
    ///
    /// # Errors
    /// [`NodeError`] when the record or a list of that time cannot be read.
    pub fn replay(
        &self,
        seat: &str,
        when: When,
        holds: Option<u64>,
    ) -> Result<Option<Shown>, NodeError> {
        self.on_stage(|stage| {
            let position = stage.position(self, when);
            stage.show(self, seat, position, holds)
        })
    }

    /// When this node received what; none while nothing of the day was received.
    ///
    /// # Errors
    /// [`NodeError`] when the record cannot be read.
    pub fn replay_course(&self) -> Result<Option<CourseOf>, NodeError> {
        self.on_stage(|stage| {
            let Some((from, until)) = stage.course.span() else { return Ok(None) };
            let bin_ms = ((until - from) / BINS_MAX / BIN_MS + 1) * BIN_MS;
            let from_ms = from.div_euclid(bin_ms) * bin_ms;
            let count = usize::try_from((until - from_ms) / bin_ms + 1).unwrap_or_default();
            Ok(Some(CourseOf {
                from_ms,
                until_ms: until,
                bin_ms,
                bins: stage.course.bins(from_ms, bin_ms, count),
                basis: stage.course.basis,
                entries: stage.course.rows.len(),
            }))
        })
    }

    /// What came later about a moment, as far as `sees` allows; of which `keep` are given whole.
    ///
    /// # Errors
    /// [`NodeError`] when the record cannot be read.
    pub fn replay_later(
        &self,
        when: When,
        keep: usize,
        sees: &dyn Fn(&Stored) -> bool,
    ) -> Result<(Position, Later), NodeError> {
        self.on_stage(|stage| {
            let position = stage.position(self, when);
            let mut later = Later::default();
            for row in stage.course.later(position) {
                let Some(stored) = received(&stage.reader, row.receipt)? else { continue };
                if sees(&stored) {
                    later.entries += 1;
                    if later.first.len() < keep {
                        later.first.push((row.at_ms, stored));
                    }
                }
            }
            Ok((position, later))
        })
    }

    fn on_stage<R>(
        &self,
        act: impl FnOnce(&mut Stage) -> Result<R, NodeError>,
    ) -> Result<R, NodeError> {
        let theatre = self.theatre();
        let mut guard = theatre.lock();
        let cleared = theatre.cleared.load(Ordering::SeqCst);
        let mut stage = match guard.take().filter(|stage| stage.cleared == cleared) {
            Some(stage) => stage,
            None => Stage::open(self, cleared)?,
        };
        stage.used = Instant::now();
        if stage.course.read_on(&stage.reader, self.exercise().is_some())? {
            stage.learning = Learning::read(&stage.reader)?;
        }
        let done = act(&mut stage);
        if theatre.cleared.load(Ordering::SeqCst) == cleared {
            *guard = Some(stage);
        }
        done
    }
}

impl Stage {
    fn open(node: &Node, cleared: u64) -> Result<Self, NodeError> {
        let reader = Reader::open(node.dir())?;
        Ok(Self {
            learning: Learning::read(&reader)?,
            reader,
            course: Course::default(),
            marks: Vec::new(),
            seats: Vec::new(),
            worlds: Vec::new(),
            used: Instant::now(),
            cleared,
            number: 0,
        })
    }

    /// Nothing is known of what is still to come.
    fn position(&self, node: &Node, when: When) -> Position {
        match when {
            When::At(at_ms) => self.course.at(at_ms.min(node.day_now().0)),
            When::After(receipt) => self.course.after(receipt),
        }
    }

    fn show(
        &mut self,
        node: &Node,
        name: &str,
        to: Position,
        holds: Option<u64>,
    ) -> Result<Option<Shown>, NodeError> {
        let known = self.seats.iter().position(|seat| seat.name == name);
        let seat = known.map(|at| self.seats.swap_remove(at));
        let (cursor, picture, turned) = match seat.filter(|seat| self.serves(seat, to)) {
            Some(Seat { mut cursor, picture, .. }) => {
                let turned = cursor.advance(node, (&self.reader, &self.learning), to)?;
                (cursor, picture, turned)
            }
            None => (self.seek(node, to)?, None, true),
        };
        let grows = picture.filter(|(_, at_ms, _)| !turned && *at_ms <= to.at_ms);
        let partial = node.inner.genesis.is_some();
        let at_hand: Vec<Arc<World>> = self.worlds.iter().cloned().chain([node.world()]).collect();
        let world = load::world_of(&self.reader, &cursor.fold.state, partial, &at_hand)?;
        self.worlds = vec![Arc::new(world.clone())];
        let before = grows.as_ref().map(|(_, _, picture)| picture);
        let made = Picture::make(before, &world, &cursor.fold.state, UnixMs(to.at_ms));
        self.number += 1;
        let shown = made.map(|picture| Shown {
            position: to,
            number: self.number,
            before: grows
                .filter(|(number, _, _)| Some(*number) == holds)
                .map(|(_, _, picture)| picture),
            picture,
            basis: self.course.basis,
            of: self.course.rows.len(),
        });
        let picture = shown.as_ref().map(|it| (it.number, to.at_ms, Arc::clone(&it.picture)));
        self.take_seat(Seat { name: name.to_owned(), cursor, picture, used: Instant::now() });
        Ok(shown)
    }

    fn take_seat(&mut self, seat: Seat) {
        self.seats.push(seat);
        if self.seats.len() > SEATS_MAX {
            let idlest = (0_usize..).zip(&self.seats).min_by_key(|(_, seat)| seat.used);
            if let Some(idlest) = idlest.map(|(at, _)| at) {
                self.seats.swap_remove(idlest);
            }
        }
    }

    /// Whether a seat's own fold is the shortest way to a moment.
    fn serves(&self, seat: &Seat, to: Position) -> bool {
        let nearest = self.mark_before(to).map_or(0, |mark| mark.receipt);
        seat.cursor.is_by(to) && seat.cursor.receipt >= nearest
    }

    fn mark_before(&self, to: Position) -> Option<&Cursor> {
        self.marks.iter().filter(|mark| mark.is_by(to)).max_by_key(|mark| mark.receipt)
    }

    /// Folds up to a moment from the nearest fold at hand before it, and leaves folds behind on the way.
    fn seek(&mut self, node: &Node, to: Position) -> Result<Cursor, NodeError> {
        let mut cursor = match self.mark_before(to) {
            Some(mark) => mark.clone(),
            None => Cursor::begin(node, &self.learning, 0),
        };
        let every = (self.course.rows.len() / MARKS_MAX).max(MARK_EVERY_MIN);
        loop {
            let done = self.course.rows.partition_point(|row| row.receipt <= cursor.receipt);
            let stop = (done / every + 1) * every;
            if stop >= to.entries {
                cursor.advance(node, (&self.reader, &self.learning), to)?;
                return Ok(cursor);
            }
            let Some(row) = self.course.rows.get(stop - 1) else { return Ok(cursor) };
            let stop = self.course.after(row.receipt);
            cursor.advance(node, (&self.reader, &self.learning), stop)?;
            if self.marks.len() >= MARKS_MAX {
                // The record has grown: every other one is enough.
                let kept = std::mem::take(&mut self.marks).into_iter().step_by(2);
                self.marks = kept.collect();
            }
            self.marks.push(cursor.clone());
        }
    }
}

fn received(reader: &Reader, receipt: i64) -> Result<Option<Stored>, NodeError> {
    let mut found = None;
    reader.entries_received(Receipt(receipt - 1), &mut |stored| {
        found = Some(stored);
        ControlFlow::Break(())
    })?;
    Ok(found)
}
