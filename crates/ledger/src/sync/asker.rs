//! The side that asks. One question stands open at a time; an answer to any other is passed over, so that messages may
//! be lost, doubled or come late: whoever drives this says [`Asker::again`] when nothing has come for a while.

mod plan;
mod work;

use super::answerer::Tally;
use super::desk::{Desk, Wanted};
use super::element::{Element, Key, Log};
use super::ground::{Cursor, Ground, Line};
use super::holding::Set;
use super::message::{Ask, COUNT_BITS, Frontier, Numbered, Reply, Stretch};
use super::pack::{PackFault, pack, unpack};
use super::scope::Scope;
use super::sketch::{CELL_BYTES, CELLS_MAX, Cell, SketchReader};
use super::symbol::{Decoder, Difference, SYMBOL_BYTES, SYMBOLS_MAX, SymbolFault};
use crate::blob::Reception;
use crate::canonical::CanonicalError;
use crate::entry::EntryUnreadable;
use crate::hash::{Hash, LABEL_BYTES};
use crate::ingest::Refusal;
use crate::log::LogsUnreadable;
use crate::statement::NotSaid;
use plan::{Plan, Way};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Comparisons in one conversation at most; each but the last two must move something.
pub const ROUNDS_MAX: u32 = 64;
/// Statements or forks in one question.
const THINGS_PER_ASK: usize = 256;
/// Stretches in one question.
const STRETCHES_PER_ASK: usize = 2_048;
/// Payloads and objects looked for at a time.
const LOOK_FOR: usize = 256;
/// How far before a known fork its beginning is looked for first.
const WALK_FIRST: u64 = 32;

const KEY_LABEL: &[u8; LABEL_BYTES] = b"pehra/synckey/1";

/// What a peer did that ends the conversation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("the peer sent an entry that is not believed: {0}")]
    Forged(Refusal),
    #[error("the peer sent bytes that are no entry: {0}")]
    NoEntry(#[from] EntryUnreadable),
    #[error("the peer sent bytes that are no statement: {0}")]
    NoStatement(#[from] NotSaid),
    #[error("the peer's message is not in its canonical form: {0}")]
    Form(#[from] CanonicalError),
    #[error("the peer answered another question than was asked")]
    OtherAnswer,
    #[error("the peer's symbols tell nothing: {0}")]
    Symbols(#[from] SymbolFault),
    #[error("the peer's frontier tells nothing: {0}")]
    Packed(#[from] PackFault),
    #[error("the peer's list is not the one that it summed up")]
    OtherList,
    #[error("the peer's proof of a fork proves nothing")]
    NoFork,
    #[error("the peer gave other bytes than the ones that were named")]
    OtherObject,
    #[error("the peer gives more than it was asked for")]
    TooMuch,
    #[error("the peer does not serve this node: {0}")]
    Refused(String),
}

/// What a driver does next.
#[derive(Debug)]
pub enum Step {
    Say(Numbered<Ask>),
    /// An answer to an older question: nothing changes.
    Pass,
    Over(Outcome),
}

/// How a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Both hold the same of what both may hold.
    Equal,
    /// Something differs that could not be moved: a certificate that one side lacks, entries that are not believed.
    Differs(Set),
}

/// Why a conversation could not go on.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    #[error(transparent)]
    Peer(#[from] Fault),
    #[error(transparent)]
    Here(#[from] LogsUnreadable),
}

#[derive(Debug)]
enum Job {
    Want(Set, Vec<Element>),
    GiveStatements(Vec<Hash>),
    GiveForks(Vec<Log>),
    WantEntries(Vec<Stretch>),
    WantRows(u32, Vec<u8>),
    Pull(Cursor),
    GiveEntries(Vec<Line>, Cursor),
}

#[derive(Debug)]
enum Phase {
    Compare,
    Sketch {
        reader: Box<SketchReader>,
        count: u32,
        plan: Plan,
        basis: [u8; 16],
    },
    Symbols {
        set: Set,
        decoder: Box<Decoder>,
        count: u32,
        plan: Plan,
    },
    Names(Set, Plan),
    Groups(Plan),
    Frontier {
        rows: Vec<usize>,
        sent: Vec<u64>,
        later: Vec<(u64, Log)>,
    },
    TellFrontier {
        basis: [u8; 16],
        groups: Vec<u8>,
    },
    /// A job's answer is awaited; giving entries goes on at the cursor.
    Job(Option<(Vec<Line>, Cursor)>),
    Payloads,
    Object(Wanted, Vec<u8>),
    /// The list of a file's chunks is awaited, then chunks of it.
    FileList(Hash),
    File(Hash, Box<Reception>),
    End(Outcome),
}

/// How far before a fork its beginning was looked for.
#[derive(Clone, Copy, Debug)]
struct Walk {
    step: u64,
    from: Option<u64>,
}

/// Asks one peer until both hold the same.
#[derive(Debug)]
pub struct Asker {
    scope: Scope,
    seed: [u8; 32],
    number: u32,
    waiting: Option<Numbered<Ask>>,
    phase: Phase,
    ground: Option<Ground>,
    jobs: VecDeque<Job>,
    rounds: u32,
    /// Things moved in this round, and rounds in a row in which nothing did.
    moved: u64,
    still: u32,
    /// What the peer summed up last.
    seen: Option<([Option<u64>; 3], u64)>,
    walked: BTreeMap<Log, Walk>,
    /// The heights of first epochs are known to be equal: what differs is something else.
    heights_equal: bool,
    asked_payloads: BTreeSet<crate::header::Place>,
    absent: BTreeSet<Wanted>,
    absent_files: BTreeSet<Hash>,
    /// How it ends once payloads and objects have come.
    outcome: Outcome,
    /// What this side learned from the peer.
    pub taken: Tally,
    /// Things that the peer learned from this side.
    pub given: u64,
}

impl Asker {
    /// `seed` is chance that nobody else knows.
    #[must_use]
    pub fn new(scope: Scope, seed: [u8; 32]) -> Self {
        let [.., a, b, c, d] = Hash::labelled(KEY_LABEL, &seed).0;
        let number = u32::from_be_bytes([a, b, c, d]) >> COUNT_BITS << COUNT_BITS;
        Self {
            scope,
            seed,
            number,
            waiting: None,
            phase: Phase::Compare,
            ground: None,
            jobs: VecDeque::new(),
            rounds: 0,
            moved: 0,
            still: 0,
            seen: None,
            walked: BTreeMap::new(),
            heights_equal: false,
            asked_payloads: BTreeSet::new(),
            absent: BTreeSet::new(),
            absent_files: BTreeSet::new(),
            outcome: Outcome::Equal,
            taken: Tally::default(),
            given: 0,
        }
    }

    /// The first question.
    ///
    /// # Errors
    /// [`LogsUnreadable`] when this node's disk fails.
    pub fn begin(&mut self, desk: &dyn Desk) -> Result<Numbered<Ask>, LogsUnreadable> {
        self.rounds += 1;
        self.moved = 0;
        self.jobs.clear();
        let bytes = [&self.seed[..], &self.rounds.to_be_bytes()].concat();
        let mut key = Key::default();
        key.0.iter_mut().zip(Hash::labelled(KEY_LABEL, &bytes).0).for_each(|(to, from)| *to = from);
        let ground = Ground::new(key, desk.holding(&self.scope)?);
        let [statements, forks, heights] = Set::ALL.map(|set| ground.holding.summary(set, &key));
        self.ground = Some(ground);
        self.phase = Phase::Compare;
        Ok(self.say(Ask::Compare { key, statements, forks, heights }))
    }

    /// The question that stands open, to be asked again when its answer does not come.
    #[must_use]
    pub fn again(&self) -> Option<Numbered<Ask>> {
        self.waiting.clone()
    }

    fn say(&mut self, ask: Ask) -> Numbered<Ask> {
        self.number = self.number.saturating_add(1);
        let numbered = Numbered { number: self.number, body: ask };
        self.waiting = Some(numbered.clone());
        numbered
    }

    /// Hears an answer.
    ///
    /// # Errors
    /// [`Broken::Peer`] names what the peer did, [`Broken::Here`] what this node's disk said.
    pub fn hear(&mut self, reply: Numbered<Reply>, desk: &mut dyn Desk) -> Result<Step, Broken> {
        if self.waiting.as_ref().is_none_or(|open| open.number != reply.number) {
            return Ok(Step::Pass);
        }
        self.waiting = None;
        if let Reply::Refused { why } = reply.body {
            return Err(Fault::Refused(why).into());
        }
        if reply.body == Reply::Stale {
            return self.next_round(desk);
        }
        let phase = std::mem::replace(&mut self.phase, Phase::Compare);
        match (phase, reply.body) {
            (Phase::Compare, Reply::Compared { sets, basis, entries }) => {
                self.compared(&sets, basis, entries, desk)
            }
            (Phase::Symbols { set, decoder, count, plan }, Reply::Symbols { symbols }) => {
                self.symbols(set, decoder, count, plan, &symbols, desk)
            }
            (Phase::Sketch { reader, count, plan, basis }, Reply::Sketch { cells }) => {
                self.sketch(reader, count, plan, basis, &cells, desk)
            }
            (Phase::Names(set, plan), Reply::Names { elements }) => {
                self.names(set, &plan, &elements, desk)
            }
            (Phase::Groups(plan), Reply::Groups { digests }) => self.groups(&plan, &digests, desk),
            (Phase::Frontier { rows, sent, later }, Reply::Lacks { packed, later: held }) => {
                self.lacks(&rows, &sent, &later, &packed, &held, desk)
            }
            (Phase::TellFrontier { basis, groups }, Reply::Frontier(frontier)) => {
                self.frontier(basis, &groups, &frontier, desk)
            }
            (Phase::Job(giving), reply) => self.job_done(giving, reply, desk),
            (Phase::Payloads, Reply::Entries { entries, .. }) => {
                self.take(&entries, desk)?;
                self.finish(desk)
            }
            (Phase::Object(wanted, bytes), reply) => self.object(wanted, bytes, reply, desk),
            (Phase::FileList(file), reply) => self.file_list(file, reply, desk),
            (Phase::File(file, reception), reply) => self.file(file, reception, reply, desk),
            (Phase::End(outcome), Reply::Ended) => Ok(Step::Over(outcome)),
            (_, _) => Err(Fault::OtherAnswer.into()),
        }
    }

    fn compared(
        &mut self,
        sets: &[Option<(super::holding::Summary, super::parity::Parity)>; 3],
        basis: [u8; 16],
        entries: u64,
        desk: &mut dyn Desk,
    ) -> Result<Step, Broken> {
        let differing = Set::ALL.into_iter().zip(sets).find_map(|(set, it)| Some((set, (*it)?)));
        let Some((set, (summary, parity))) = differing else {
            let walks = if self.rounds < ROUNDS_MAX { self.walks() } else { Vec::new() };
            if walks.is_empty() {
                return self.finish(desk);
            }
            self.jobs.push_back(Job::WantEntries(walks));
            return self.work(desk);
        };
        // An answer that was lost may have hidden that something moved: the peer's own sums tell.
        let counts = sets.each_ref().map(|it| it.map(|(summary, _)| summary.count));
        if self.seen.replace((counts, entries)) != Some((counts, entries)) {
            self.still = 0;
        }
        if self.rounds >= ROUNDS_MAX || self.still >= 3 {
            // One thing that cannot be moved keeps back no payload, dataset or photograph.
            self.outcome = Outcome::Differs(set);
            return self.finish(desk);
        }
        let Some(ground) = &self.ground else { return Err(Fault::OtherAnswer.into()) };
        let plan = Plan::new(ground, set, &summary, &parity, basis, entries, self.heights_equal);
        match plan.way {
            Way::Sketch(count) => {
                let reader = Box::new(SketchReader::new(ground.key, &ground.row_heights()));
                self.phase = Phase::Sketch { reader, count, plan, basis };
                Ok(Step::Say(self.say(Ask::Sketch { basis, from: 0, count })))
            }
            Way::Symbols(count) => {
                let elements = ground.elements(set);
                let decoder = Box::new(Decoder::new(ground.key, &elements));
                self.phase = Phase::Symbols { set, decoder, count, plan };
                Ok(Step::Say(self.say(Ask::Symbols { set, from: 0, count })))
            }
            Way::List => Ok(self.list(set, plan)),
        }
    }

    /// The flat way: a frontier where both know the order of devices, else all elements.
    fn list(&mut self, set: Set, plan: Plan) -> Step {
        if plan.has_frontier {
            self.phase = Phase::Groups(plan);
            Step::Say(self.say(Ask::Groups))
        } else {
            self.phase = Phase::Names(set, plan);
            Step::Say(self.say(Ask::Names { set }))
        }
    }

    fn symbols(
        &mut self,
        set: Set,
        mut decoder: Box<Decoder>,
        count: u32,
        plan: Plan,
        symbols: &[super::symbol::Symbol],
        desk: &mut dyn Desk,
    ) -> Result<Step, Broken> {
        if u32::try_from(symbols.len()) != Ok(count) {
            return Err(Fault::OtherAnswer.into());
        }
        if decoder.push(symbols).map_err(Fault::from)? {
            let difference = decoder.difference();
            return self.settle(set, &difference, desk);
        }
        match plan.more(decoder.read(), SYMBOL_BYTES, SYMBOLS_MAX) {
            Some(more) => {
                let from = u32::try_from(decoder.read()).unwrap_or(u32::MAX);
                self.phase = Phase::Symbols { set, decoder, count: more, plan };
                Ok(Step::Say(self.say(Ask::Symbols { set, from, count: more })))
            }
            None => Ok(self.list(set, plan)),
        }
    }

    fn sketch(
        &mut self,
        mut reader: Box<SketchReader>,
        count: u32,
        plan: Plan,
        basis: [u8; 16],
        cells: &[Cell],
        desk: &mut dyn Desk,
    ) -> Result<Step, Broken> {
        if u32::try_from(cells.len()) != Ok(count) {
            return Err(Fault::OtherAnswer.into());
        }
        if !reader.push(cells).map_err(Fault::from)? {
            return Ok(match plan.more(reader.read(), CELL_BYTES, CELLS_MAX) {
                Some(more) => {
                    let from = u32::try_from(reader.read()).unwrap_or(u32::MAX);
                    self.phase = Phase::Sketch { reader, count: more, plan, basis };
                    Step::Say(self.say(Ask::Sketch { basis, from, count: more }))
                }
                None => self.list(Set::Heights, plan),
            });
        }
        if reader.apart().is_empty() {
            // Equal heights over different heads, or logs of later epochs: symbols tell those apart.
            self.heights_equal = true;
            return Ok(Step::Say(self.begin(desk)?));
        }
        let Some(ground) = &self.ground else { return Err(Fault::OtherAnswer.into()) };
        let (mut rows, mut gives, mut before) = (Vec::new(), Vec::new(), 0);
        for (&place, &apart) in reader.apart() {
            let row = usize::try_from(place).unwrap_or(usize::MAX);
            let Some(log) = ground.first_log(row) else { continue };
            if apart > 0 {
                rows.extend([u64::from(place - before), apart.unsigned_abs()]);
                before = place;
            } else {
                let from = ground.next_of(log).saturating_sub(apart.unsigned_abs());
                gives.push(Line { log, from, until: None });
            }
        }
        if !rows.is_empty() {
            let count = u32::try_from(rows.len() / 2).unwrap_or(u32::MAX);
            self.jobs.push_back(Job::WantRows(count, pack(rows)));
        }
        self.move_entries(Vec::new(), gives);
        self.work(desk)
    }

    fn names(
        &mut self,
        set: Set,
        plan: &Plan,
        theirs: &[Element],
        desk: &mut dyn Desk,
    ) -> Result<Step, Broken> {
        if u64::try_from(theirs.len()) != Ok(plan.count) {
            return Err(Fault::OtherList.into());
        }
        let Some(ground) = &self.ground else { return Err(Fault::OtherAnswer.into()) };
        let mine: BTreeSet<Element> = ground.elements(set).into_iter().collect();
        let theirs: BTreeSet<Element> = theirs.iter().copied().collect();
        let difference = Difference {
            mine: mine.difference(&theirs).copied().collect(),
            theirs: theirs.difference(&mine).copied().collect(),
        };
        self.settle(set, &difference, desk)
    }

    /// What differs becomes work.
    fn settle(
        &mut self,
        set: Set,
        difference: &Difference,
        desk: &mut dyn Desk,
    ) -> Result<Step, Broken> {
        let Some(ground) = &self.ground else { return Err(Fault::OtherAnswer.into()) };
        match set {
            Set::Statements => {
                let mine = ground.statements(&difference.mine);
                self.want(set, &difference.theirs);
                let give = mine.chunks(THINGS_PER_ASK).map(|it| Job::GiveStatements(it.to_vec()));
                self.jobs.extend(give);
            }
            Set::Forks => {
                let mine = ground.forks(&difference.mine);
                self.want(set, &difference.theirs);
                self.jobs.extend(mine.chunks(THINGS_PER_ASK).map(|it| Job::GiveForks(it.to_vec())));
            }
            Set::Heights => {
                let (wants, gives) = paired(ground, difference);
                self.move_entries(wants, gives);
            }
        }
        self.work(desk)
    }

    fn want(&mut self, set: Set, elements: &[Element]) {
        self.jobs.extend(elements.chunks(THINGS_PER_ASK).map(|it| Job::Want(set, it.to_vec())));
    }

    fn move_entries(&mut self, wants: Vec<Stretch>, gives: Vec<Line>) {
        let walks = self.walks();
        let wants = [wants, walks].concat();
        self.jobs.extend(wants.chunks(STRETCHES_PER_ASK).map(|it| Job::WantEntries(it.to_vec())));
        if !gives.is_empty() {
            self.jobs.push_back(Job::GiveEntries(gives, (0, 0)));
        }
    }

    /// Forks whose beginning is not settled are followed back, twice as far each time.
    fn walks(&mut self) -> Vec<Stretch> {
        let Some(ground) = &self.ground else { return Vec::new() };
        let mut walks = Vec::new();
        for fork in ground.holding.forks.iter().filter(|fork| !fork.settled) {
            let walk = self.walked.entry(fork.log).or_insert(Walk { step: WALK_FIRST, from: None });
            let from = fork.at.saturating_sub(walk.step);
            if walk.from.is_some_and(|before| before <= from) {
                continue;
            }
            *walk = Walk { step: walk.step.saturating_mul(2), from: Some(from) };
            let until = Some(fork.at.saturating_add(1));
            walks.push(Stretch { tag: ground.key.tag(fork.log), from, until });
            if walks.len() >= STRETCHES_PER_ASK {
                break;
            }
        }
        walks
    }

    fn groups(
        &mut self,
        plan: &Plan,
        theirs: &[[u8; 8]],
        desk: &mut dyn Desk,
    ) -> Result<Step, Broken> {
        let Some(ground) = &self.ground else { return Err(Fault::OtherAnswer.into()) };
        let mine = ground.holding.group_digests(&ground.key);
        if mine.len() != theirs.len() {
            return Err(Fault::OtherAnswer.into());
        }
        let mut groups = vec![0_u8; mine.len().div_ceil(8)];
        for (at, _) in mine.iter().zip(theirs).enumerate().filter(|(_, (a, b))| a != b) {
            if let Some(byte) = groups.get_mut(at / 8) {
                *byte |= 1 << (at % 8);
            }
        }
        // Whoever holds fewer tells how far it is: the other one then need not answer what it lacks itself.
        if ground.holding.entries() > plan.entries {
            let basis = ground.holding.basis_digest(&ground.key);
            self.phase = Phase::TellFrontier { basis, groups: groups.clone() };
            return Ok(Step::Say(self.say(Ask::TellFrontier { basis, groups })));
        }
        let rows = ground.rows(&groups);
        let sent = rows
            .iter()
            .map(|&row| ground.first_log(row).map_or(0, |log| ground.next_of(log)))
            .collect();
        let later = ground.later(&groups).into_iter().map(|(it, log)| (it.next, log)).collect();
        let frontier = ground.frontier(groups);
        self.phase = Phase::Frontier { rows, sent, later };
        let _ = desk;
        Ok(Step::Say(self.say(Ask::Frontier(frontier))))
    }

    /// The peer has told what it lacks of my frontier, and keeps ready what I lack.
    fn lacks(
        &mut self,
        rows: &[usize],
        sent: &[u64],
        later: &[(u64, Log)],
        packed: &[u8],
        held: &[u64],
        desk: &mut dyn Desk,
    ) -> Result<Step, Broken> {
        let Some(ground) = &self.ground else { return Err(Fault::OtherAnswer.into()) };
        let lacks = unpack(packed, rows.len()).map_err(Fault::from)?;
        if held.len() != later.len() {
            return Err(Fault::OtherAnswer.into());
        }
        let mut gives = Vec::new();
        for ((&row, &mine), lacks) in rows.iter().zip(sent).zip(lacks) {
            let Some(log) = ground.first_log(row) else { continue };
            if lacks > 0 {
                gives.push(Line { log, from: mine.saturating_sub(lacks), until: None });
            }
        }
        for ((mine, log), &held) in later.iter().zip(held) {
            if held < *mine {
                gives.push(Line { log: *log, from: held, until: None });
            }
        }
        self.jobs.push_back(Job::Pull((0, 0)));
        self.move_entries(Vec::new(), gives);
        self.work(desk)
    }

    fn frontier(
        &mut self,
        basis: [u8; 16],
        groups: &[u8],
        theirs: &Frontier,
        desk: &mut dyn Desk,
    ) -> Result<Step, Broken> {
        if theirs.basis != basis || theirs.groups != groups {
            return Err(Fault::OtherAnswer.into());
        }
        let Some(ground) = &self.ground else { return Err(Fault::OtherAnswer.into()) };
        let (wants, gives) = against(ground, theirs)?;
        self.move_entries(wants, gives);
        self.work(desk)
    }
}

/// Elements of heights that differ, as what is wanted and what is given.
fn paired(ground: &Ground, difference: &Difference) -> (Vec<Stretch>, Vec<Line>) {
    let (mut wants, mut gives) = (Vec::new(), Vec::new());
    let mut both: BTreeSet<Log> = BTreeSet::new();
    for element in &difference.theirs {
        let tag = element.tag();
        let Some(log) = ground.log_of(tag) else {
            wants.push(Stretch { tag, from: 0, until: None });
            continue;
        };
        let mine = ground.next_of(log);
        let theirs = element.next(mine);
        both.insert(log);
        if theirs > mine {
            wants.push(Stretch { tag, from: mine, until: None });
        } else if theirs < mine {
            gives.push(Line { log, from: theirs, until: None });
        } else if mine > 0 {
            // As many entries, another last one: a fork, if the peer can show it.
            wants.push(Stretch { tag, from: mine - 1, until: Some(mine) });
        }
    }
    for element in &difference.mine {
        let whole = |log: &Log| !both.contains(log);
        if let Some(log) = ground.log_of(element.tag()).filter(whole) {
            gives.push(Line { log, from: 0, until: None });
        }
    }
    (wants, gives)
}

/// A peer's frontier against mine.
fn against(ground: &Ground, theirs: &Frontier) -> Result<(Vec<Stretch>, Vec<Line>), Fault> {
    let rows = ground.rows(&theirs.groups);
    let nexts = unpack(&theirs.packed, rows.len())?;
    let (mut wants, mut gives) = (Vec::new(), Vec::new());
    let mut weigh = |log: Log, mine: u64, theirs: u64| {
        let tag = ground.key.tag(log);
        match mine.cmp(&theirs) {
            std::cmp::Ordering::Less => wants.push(Stretch { tag, from: mine, until: None }),
            std::cmp::Ordering::Equal => {}
            std::cmp::Ordering::Greater => gives.push(Line { log, from: theirs, until: None }),
        }
    };
    for (row, next) in rows.into_iter().zip(nexts) {
        if let Some(log) = ground.first_log(row) {
            weigh(log, ground.next_of(log), next);
        }
    }
    let mut mine: BTreeMap<Log, u64> =
        ground.later(&theirs.groups).into_iter().map(|(later, log)| (log, later.next)).collect();
    for later in &theirs.later {
        let row = usize::try_from(later.device).unwrap_or(usize::MAX);
        let (device, _) = ground.first_log(row).ok_or(Fault::OtherAnswer)?;
        let log = (device, later.epoch);
        weigh(log, mine.remove(&log).unwrap_or(0), later.next);
    }
    for (log, next) in mine {
        weigh(log, next, 0);
    }
    Ok((wants, gives))
}
