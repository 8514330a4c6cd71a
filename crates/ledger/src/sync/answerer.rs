//! The side that is asked. It keeps one comparison at a time and answers the same question with the same answer, so that
//! whatever was lost on the way is simply asked again.

use super::desk::{Desk, Taken};
use super::element::Key;
use super::ground::{
    Cursor, Ground, Line, admitted, by_urgency, carried, forks_carried, part, said, sieved,
};
use super::holding::Set;
use super::message::{
    Ask, COUNT_BITS, FILE_PARTS_MAX, ForkCarried, Frontier, NAMES_MAX, Numbered, Reply, Stretch,
};
use super::pack::{pack, unpack};
use super::scope::Scope;
use super::sketch::{CELLS_MAX, Sketch};
use super::symbol::{Encoder, SYMBOLS_MAX};
use crate::blob::{Part, Want};
use crate::entry::Entry;
use crate::epoch;
use crate::hash::Hash;
use crate::header::Place;
use crate::log::LogsUnreadable;
use std::collections::BTreeMap;

/// Bytes of an object in one answer.
pub const OBJECT_PART_BYTES: usize = 256 << 10;

/// Answers one peer.
#[derive(Debug)]
pub struct Answerer {
    scope: Scope,
    ground: Option<Ground>,
    encoders: BTreeMap<Set, Encoder>,
    sketch: Option<Sketch>,
    ready: Vec<Line>,
    last: u32,
    /// What this side learned from the peer.
    pub taken: Tally,
}

/// What arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Tally {
    pub statements: u64,
    pub entries: u64,
    pub forks: u64,
    pub objects: u64,
    /// Photographs and files.
    pub files: u64,
    /// Known already.
    pub known: u64,
    /// Not for this node to hold.
    pub outside: u64,
    /// Not believed, or not yet.
    pub refused: u64,
}

impl Tally {
    pub(super) fn count(&mut self, taken: &[Taken]) -> u64 {
        let before = self.entries + self.forks;
        for one in taken {
            match one {
                Taken::New => self.entries += 1,
                Taken::Forked => self.forks += 1,
                Taken::Known => self.known += 1,
                Taken::Refused(_) => self.refused += 1,
            }
        }
        self.entries + self.forks - before
    }
}

impl Answerer {
    #[must_use]
    pub fn new(scope: Scope) -> Self {
        let (encoders, ready) = (BTreeMap::new(), Vec::new());
        Self {
            scope,
            ground: None,
            encoders,
            sketch: None,
            ready,
            last: 0,
            taken: Tally::default(),
        }
    }

    /// Answers; nothing for a question older than one that was answered already.
    ///
    /// # Errors
    /// [`LogsUnreadable`] when this node's disk fails.
    pub fn answer(
        &mut self,
        ask: Numbered<Ask>,
        desk: &mut dyn Desk,
    ) -> Result<Option<Numbered<Reply>>, LogsUnreadable> {
        let begins = matches!(ask.body, Ask::Compare { .. });
        let same = ask.number >> COUNT_BITS == self.last >> COUNT_BITS;
        if same && ask.number < self.last {
            return Ok(None);
        }
        if !same && !begins && self.ground.is_some() {
            return Ok(Some(Numbered { number: ask.number, body: Reply::Stale }));
        }
        self.last = ask.number;
        let body = if let Ask::Compare { key, statements, forks, heights } = ask.body {
            self.compare(key, [statements, forks, heights], desk)?
        } else {
            self.reply(ask.body, desk)?
        };
        Ok(Some(Numbered { number: ask.number, body }))
    }

    fn compare(
        &mut self,
        key: Key,
        theirs: [super::holding::Summary; 3],
        desk: &dyn Desk,
    ) -> Result<Reply, LogsUnreadable> {
        let ground = Ground::new(key, desk.holding(&self.scope)?);
        let mut sets = Box::new([None; 3]);
        for ((slot, set), theirs) in sets.iter_mut().zip(Set::ALL).zip(theirs) {
            let mine = ground.holding.summary(set, &key);
            if mine != theirs {
                *slot = Some((mine, ground.holding.parity(set, &key)));
            }
        }
        let basis = ground.holding.basis_digest(&key);
        let entries = ground.holding.entries();
        self.encoders.clear();
        self.sketch = None;
        self.ready.clear();
        self.ground = Some(ground);
        Ok(Reply::Compared { sets, basis, entries })
    }

    fn reply(&mut self, ask: Ask, desk: &mut dyn Desk) -> Result<Reply, LogsUnreadable> {
        if ask == Ask::End {
            return Ok(Reply::Ended);
        }
        let Some(ground) = &self.ground else { return Ok(Reply::Stale) };
        Ok(match ask {
            Ask::Want { set: Set::Statements, elements } => {
                Reply::Statements { statements: carried(desk, &ground.statements(&elements))? }
            }
            Ask::Want { set: Set::Forks, elements } => {
                let logs = ground.forks(&elements);
                Reply::Forks { forks: forks_carried(desk, &self.scope.theirs, &logs)? }
            }
            Ask::Want { set: Set::Heights, .. } => Reply::Absent,
            Ask::WantEntries { stretches } => {
                let line = |stretch: &Stretch| {
                    let log = ground.log_of(stretch.tag)?;
                    Some(Line { log, from: stretch.from, until: stretch.until })
                };
                self.ready = stretches.iter().filter_map(line).collect();
                by_urgency(desk, &mut self.ready)?;
                self.part(desk, (0, 0))?
            }
            Ask::WantRows { count, packed } => match last_of_rows(ground, count, &packed) {
                Some(lines) => {
                    self.ready = lines;
                    by_urgency(desk, &mut self.ready)?;
                    self.part(desk, (0, 0))?
                }
                None => Reply::Stale,
            },
            Ask::Pull { line, seq } => {
                if (line, seq) == (0, 0) {
                    by_urgency(desk, &mut self.ready)?;
                }
                self.part(desk, (line, seq))?
            }
            Ask::GiveStatements { statements } => self.take_statements(&statements, desk)?,
            Ask::GiveForks { forks } => self.take_forks(forks, desk)?,
            Ask::GiveEntries { entries } => self.take_entries(&entries, desk)?,
            Ask::WantPayloads { places } => self.payloads(&places, desk)?,
            Ask::WantObject { manifest, chunk, from } => {
                self.object(manifest, chunk, from, desk)?
            }
            Ask::WantFile { file, want } => self.file(file, want.as_ref(), desk)?,
            Ask::Compare { .. }
            | Ask::Symbols { .. }
            | Ask::Sketch { .. }
            | Ask::Names { .. }
            | Ask::Groups
            | Ask::Frontier(_)
            | Ask::TellFrontier { .. }
            | Ask::End => self.tell(ask),
        })
    }

    /// What is told of the comparison alone.
    #[expect(clippy::wildcard_enum_match_arm, reason = "what moves things is answered elsewhere")]
    fn tell(&mut self, ask: Ask) -> Reply {
        let Some(ground) = &self.ground else { return Reply::Stale };
        let basis_is_ours = |basis| basis == ground.holding.basis_digest(&ground.key);
        match ask {
            Ask::Symbols { set, from, count } => {
                let fresh = || Encoder::new(&ground.key, &ground.elements(set));
                symbols(self.encoders.entry(set).or_insert_with(fresh), from, count)
            }
            Ask::Sketch { basis, from, count } if basis_is_ours(basis) => {
                let fresh = || Sketch::new(&ground.key, ground.row_heights());
                cells(self.sketch.get_or_insert_with(fresh), from, count)
            }
            Ask::Names { set } => {
                let mut elements = ground.elements(set);
                elements.truncate(NAMES_MAX);
                Reply::Names { elements }
            }
            Ask::Groups => Reply::Groups { digests: ground.holding.group_digests(&ground.key) },
            Ask::Frontier(frontier) => match compared(ground, &frontier) {
                Some((lines, reply)) => {
                    self.ready = lines;
                    reply
                }
                None => Reply::Stale,
            },
            Ask::TellFrontier { basis, groups } if basis_is_ours(basis) => {
                Reply::Frontier(ground.frontier(groups))
            }
            _ => Reply::Stale,
        }
    }

    fn part(&self, desk: &dyn Desk, from: Cursor) -> Result<Reply, LogsUnreadable> {
        let (entries, next) = part(desk, &self.scope.theirs, &self.ready, from)?;
        Ok(Reply::Entries { entries, next })
    }

    fn take_statements(
        &mut self,
        statements: &[(u32, Vec<u8>)],
        desk: &mut dyn Desk,
    ) -> Result<Reply, LogsUnreadable> {
        let statements = match said(statements) {
            Ok(statements) => statements,
            Err(unreadable) => return Ok(Reply::Refused { why: unreadable.to_string() }),
        };
        let new = desk.take_statements(statements)?;
        self.taken.statements += u64::try_from(new).unwrap_or_default();
        Ok(Reply::Took { new: u32::try_from(new).unwrap_or(u32::MAX) })
    }

    fn take_forks(
        &mut self,
        forks: Vec<ForkCarried>,
        desk: &mut dyn Desk,
    ) -> Result<Reply, LogsUnreadable> {
        let mut new = 0_u32;
        for fork in forks {
            let entry = match Entry::decode(&fork.entry) {
                Ok(entry) => entry,
                Err(unreadable) => return Ok(Reply::Refused { why: unreadable.to_string() }),
            };
            let entry = sieved(desk, &self.scope.mine, entry);
            match desk.take_fork(entry, fork.proof)? {
                Some(told) => new += u32::from(told),
                None => {
                    return Ok(Reply::Refused {
                        why: "the fork's proof proves nothing".to_owned(),
                    });
                }
            }
        }
        self.taken.forks += u64::from(new);
        Ok(Reply::Took { new })
    }

    fn take_entries(
        &mut self,
        entries: &[Vec<u8>],
        desk: &mut dyn Desk,
    ) -> Result<Reply, LogsUnreadable> {
        let mut sieved = Ok((Vec::new(), 0));
        desk.with_roster(&mut |roster| sieved = admitted(roster, &self.scope, entries));
        let (entries, outside) = match sieved {
            Ok(sieved) => sieved,
            Err(unreadable) => return Ok(Reply::Refused { why: unreadable.to_string() }),
        };
        self.taken.outside += u64::try_from(outside).unwrap_or_default();
        let verdicts = desk.take_entries(entries)?;
        let new = self.taken.count(&verdicts);
        let forged = verdicts.iter().find_map(|one| match one {
            Taken::Refused(refusal) if !refusal.may_come_again() => Some(refusal.to_string()),
            Taken::New | Taken::Known | Taken::Forked | Taken::Refused(_) => None,
        });
        Ok(match forged {
            Some(why) => Reply::Refused { why },
            None => Reply::Took { new: u32::try_from(new).unwrap_or(u32::MAX) },
        })
    }

    fn payloads(&self, places: &[Place], desk: &dyn Desk) -> Result<Reply, LogsUnreadable> {
        let lines: Vec<Line> = places
            .iter()
            .map(|place| Line {
                log: (place.device, place.epoch),
                from: place.seq,
                until: Some(place.seq + 1),
            })
            .filter(|line| self.ground.as_ref().is_some_and(|it| it.height_of(line.log).is_some()))
            .collect();
        // What does not fit is asked for again.
        let (entries, _) = part(desk, &self.scope.theirs, &lines, (0, 0))?;
        Ok(Reply::Entries { entries, next: None })
    }

    /// Gives a manifest to whoever may hold payloads, and of its chunks those that concern the peer.
    fn object(
        &self,
        manifest: Hash,
        chunk: Option<Hash>,
        from: u64,
        desk: &dyn Desk,
    ) -> Result<Reply, LogsUnreadable> {
        let peer = &self.scope.theirs;
        let Some(named) = desk.manifest(manifest)?.filter(|_| peer.holds_payloads()) else {
            return Ok(Reply::Absent);
        };
        let bytes = match chunk {
            None => Some(named.encode()),
            Some(hash) => {
                let concerns =
                    named.chunks().iter().any(|one| one.hash == hash && peer.concerns(&one.area));
                if concerns { desk.chunk(hash)? } else { None }
            }
        };
        let Some(bytes) = bytes else { return Ok(Reply::Absent) };
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let begin = usize::try_from(from).unwrap_or(usize::MAX).min(bytes.len());
        let end = begin.saturating_add(OBJECT_PART_BYTES).min(bytes.len());
        let bytes = bytes.get(begin..end).unwrap_or_default().to_vec();
        Ok(Reply::Object { length, bytes })
    }

    fn file(
        &self,
        file: Hash,
        want: Option<&Want>,
        desk: &dyn Desk,
    ) -> Result<Reply, LogsUnreadable> {
        let list = desk.file_list(&self.scope, file)?;
        let Some(list) = list.filter(|_| self.scope.theirs.holds_payloads()) else {
            return Ok(Reply::Absent);
        };
        let Some(want) = want else { return Ok(Reply::FileList { manifest: list.encode() }) };
        if want.file != list.name() {
            return Ok(Reply::Absent);
        }
        let mut parts = Vec::new();
        for index in want.chunks().take(FILE_PARTS_MAX) {
            let Ok(place) = list.place(index) else { return Ok(Reply::Absent) };
            let bytes = desk.file_bytes(file, place)?;
            parts.push(Part { file: want.file, index, bytes });
        }
        Ok(Reply::FileParts { parts })
    }
}

fn symbols(encoder: &mut Encoder, from: u32, count: u32) -> Reply {
    let from = usize::try_from(from).unwrap_or(usize::MAX);
    let until = from.saturating_add(usize::try_from(count).unwrap_or(usize::MAX));
    if until > SYMBOLS_MAX {
        return Reply::Refused { why: format!("more than {SYMBOLS_MAX} symbols") };
    }
    Reply::Symbols { symbols: encoder.first(until).get(from..).unwrap_or_default().to_vec() }
}

fn cells(sketch: &mut Sketch, from: u32, count: u32) -> Reply {
    let from = usize::try_from(from).unwrap_or(usize::MAX);
    let until = from.saturating_add(usize::try_from(count).unwrap_or(usize::MAX));
    if until > CELLS_MAX {
        return Reply::Refused { why: format!("more than {CELLS_MAX} cells") };
    }
    Reply::Sketch { cells: sketch.first(until).get(from..).unwrap_or_default().to_vec() }
}

/// The last entries of the logs that a peer lacks them of, by places in the order of devices.
fn last_of_rows(ground: &Ground, count: u32, packed: &[u8]) -> Option<Vec<Line>> {
    let count = usize::try_from(count).ok().filter(|count| *count <= ground.holding.basis.len())?;
    let numbers = unpack(packed, count * 2).ok()?;
    let mut row = 0_usize;
    let mut lines = Vec::with_capacity(count);
    for pair in numbers.as_chunks::<2>().0 {
        let [step, last] = *pair;
        row = row.checked_add(usize::try_from(step).ok()?)?;
        let log = ground.first_log(row)?;
        lines.push(Line { log, from: ground.next_of(log).saturating_sub(last), until: None });
    }
    Some(lines)
}

/// A peer's frontier against one's own: what it lacks, as lines to give; what is lacked here, as an answer.
fn compared(ground: &Ground, frontier: &Frontier) -> Option<(Vec<Line>, Reply)> {
    if frontier.basis != ground.holding.basis_digest(&ground.key) {
        return None;
    }
    let rows = ground.rows(&frontier.groups);
    let theirs = unpack(&frontier.packed, rows.len()).ok()?;
    let (mut lines, mut lacks) = (Vec::new(), Vec::with_capacity(rows.len()));
    for (row, theirs) in rows.into_iter().zip(theirs) {
        let log = ground.first_log(row)?;
        let mine = ground.next_of(log);
        lacks.push(theirs.saturating_sub(mine));
        if mine > theirs {
            lines.push(Line { log, from: theirs, until: None });
        }
    }
    let mut mine: BTreeMap<_, _> = ground
        .later(&frontier.groups)
        .into_iter()
        .map(|(later, log)| ((later.device, later.epoch), (later.next, log)))
        .collect();
    let mut later = Vec::with_capacity(frontier.later.len());
    for theirs in &frontier.later {
        if theirs.epoch == epoch::FIRST {
            return None;
        }
        let held = mine.remove(&(theirs.device, theirs.epoch));
        later.push(held.map_or(0, |(next, _)| next));
        if let Some((_, log)) = held.filter(|(next, _)| *next > theirs.next) {
            lines.push(Line { log, from: theirs.next, until: None });
        }
    }
    lines.extend(mine.into_values().map(|(_, log)| Line { log, from: 0, until: None }));
    Some((lines, Reply::Lacks { packed: pack(lacks), later }))
}
