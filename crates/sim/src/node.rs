//! A node as the simulator runs it: the ledger's own intake, roster, forks and desk over a disk that may fail. What a
//! planted bug changes, it changes here.

use crate::{
    bug::Bug,
    chance::Chance,
    disk::{Disk, Record, Stop, WriteFault},
    memo::{Company, Memo},
    oracle::Oracle,
    planted::unmarked,
    witness::Trees,
};
use pehra_ledger::{
    Clock, ClockQuality, DeviceId, Draft, Entry, Hash, Head, LogsUnreadable, Payload, Place,
    Signature, SigningKey,
    canonical::{Reader, Writer},
    clock::is_ahead,
    draft::Next,
    entry::ENTRY_BYTES_MAX,
    epoch,
    fork::{ForkProof, SignedHeader},
    header::HEADER_BYTES_MAX,
    ingest::{Refusal, Verify},
    manifest::Manifest,
    proof::Proof,
    roster::{Held, Root, Roster},
    statement::Said,
    sync::{
        book::Book,
        desk::{Desk, Taken, Wanted},
        element::Log,
        holding::Holding,
        scope::{Entitlement, NotEntitled, Scope},
    },
};
use std::collections::BTreeSet;

pub const ELECTION: [u8; 16] = [7; 16];
pub(crate) const ENTRY: u8 = 1;
pub(crate) const FORK: u8 = 2;
const STATEMENT: u8 = 3;
const EPOCH: u8 = 4;

pub struct SimNode {
    /// What its key is made of: thieves copy it.
    pub(crate) seed: [u8; 32],
    pub key: SigningKey,
    pub area: String,
    pub role: String,
    pub book: Book,
    pub disk: Disk,
    pub epoch: u32,
    pub clock: Clock,
    /// How wrong this node's wall clock is.
    pub offset_ms: i64,
    pub up: bool,
    pub bug: Option<Bug>,
    /// What this node has answered for, and must still have.
    pub promised: BTreeSet<(Place, Hash)>,
    pub backup: Option<Vec<Record>>,
    /// Entries whose payloads this node has deleted.
    pub gone: BTreeSet<(Place, Hash)>,
    /// A log of which this node knew before a start that it forks, and no longer after it.
    pub forgotten: Option<Log>,
    /// Orders that were carried out since the start.
    pub(crate) obeyed: BTreeSet<Place>,
    /// Restores so far.
    pub life: u32,
    /// Gone from its desk: it talks when asked and writes no more.
    pub silent: bool,
    pub trees: Trees,
    /// Proofs of receipt that were told here, with those whose signatures hold: the planted bugs believe them.
    pub(crate) claimed: Vec<(Place, Option<Box<Proof>>)>,
    root: Root,
    pub(crate) memo: Memo,
    pub(crate) company: Company,
    pub(crate) arrived: Vec<Place>,
    pub(crate) again: u64,
    counter: Option<u64>,
}

fn stopped(fault: WriteFault) -> LogsUnreadable {
    LogsUnreadable(format!("{fault:?}"))
}

impl SimNode {
    #[must_use]
    pub(crate) fn new(
        seed: [u8; 32],
        area: &str,
        role: &str,
        root: &Root,
        memo: &Memo,
        bug: Option<Bug>,
    ) -> Self {
        Self {
            seed,
            key: SigningKey::from_seed(seed),
            area: area.to_owned(),
            role: role.to_owned(),
            book: Book::new(ELECTION, root.clone()),
            disk: Disk::default(),
            epoch: epoch::FIRST,
            clock: Clock::default(),
            offset_ms: 0,
            up: true,
            bug,
            promised: BTreeSet::new(),
            backup: None,
            gone: BTreeSet::new(),
            forgotten: None,
            obeyed: BTreeSet::new(),
            life: 0,
            silent: false,
            trees: Trees::default(),
            claimed: Vec::new(),
            root: root.clone(),
            memo: memo.clone(),
            company: Company::default(),
            arrived: Vec::new(),
            again: 0,
            counter: None,
        }
    }

    #[must_use]
    pub fn id(&self) -> DeviceId {
        self.key.id()
    }

    pub(crate) fn has(&self, bug: Bug) -> bool {
        self.bug == Some(bug)
    }

    #[must_use]
    pub fn wall_ms(&self, now_ms: u64) -> u64 {
        now_ms.saturating_add_signed(self.offset_ms)
    }

    fn keep(&mut self, records: Vec<Record>) -> Result<(), WriteFault> {
        if self.has(Bug::AnswerBeforeSync) && self.disk.stop.is_none() && !self.disk.full {
            self.disk.float(records);
            return Ok(());
        }
        match self.disk.commit(records) {
            Err(WriteFault::Full) if self.has(Bug::FullDiskUnnoticed) => Ok(()),
            Err(WriteFault::Stopped) => {
                // What was not synced is gone by now, not only when it starts again.
                self.disk.power_off();
                self.up = false;
                Err(WriteFault::Stopped)
            }
            other => other,
        }
    }

    /// Whether the next write can fail: what cannot need not be taken back.
    fn may_fail(&self) -> bool {
        self.disk.full || self.disk.stop.is_some()
    }

    fn next(&mut self) -> Next {
        let log = self.book.logs.of_log(self.id(), self.epoch);
        let next = match log.last() {
            Some(entry) => Head::of(entry).next(),
            None if self.epoch == epoch::FIRST => Next::FIRST,
            None => Next::of_epoch(self.epoch, Hash::ZERO),
        };
        if self.has(Bug::UnlinkedEntry) && next.seq > 0 {
            return Next { previous: Hash::ZERO, ..next };
        }
        if self.has(Bug::PlaceFromMemory) {
            let counted = self.counter.get_or_insert(next.seq.saturating_sub(1));
            let seq = *counted;
            *counted += 1;
            let at = usize::try_from(seq.wrapping_sub(1)).ok();
            let previous = at.and_then(|at| log.get(at)).map_or(Hash::ZERO, Entry::hash);
            return Next { epoch: self.epoch, seq, previous };
        }
        next
    }

    /// Signs and keeps an act of one's own.
    pub fn write(
        &mut self,
        area: &str,
        role: &str,
        now_ms: u64,
        oracle: &mut Oracle,
        chance: &mut Chance,
    ) {
        if !self.silent {
            self.say(700, area, role, b"an act", now_ms, oracle, chance);
        }
    }

    /// Signs and keeps an entry of a kind; answers whether its signature may leave the node.
    #[expect(clippy::too_many_arguments, reason = "an entry is made of them")]
    pub(crate) fn say(
        &mut self,
        kind: u32,
        area: &str,
        role: &str,
        body: &[u8],
        now_ms: u64,
        oracle: &mut Oracle,
        chance: &mut Chance,
    ) -> bool {
        let wall = self.wall_ms(now_ms);
        let next = self.next();
        let draft = Draft {
            election: ELECTION,
            clock: self.clock.tick(wall),
            clock_quality: ClockQuality::UNKNOWN,
            area: area.to_owned(),
            kind,
            person: String::new(),
            role: role.to_owned(),
            causes: Vec::new(),
            cosigners: Vec::new(),
            extras: Vec::new(),
            payload: match Payload::try_new(chance.bytes(), body) {
                Ok(payload) => payload,
                Err(_never) => return false,
            },
        };
        let Ok(entry) = Entry::seal(&self.key, &draft, next) else { return false };
        let (place, hash) = (entry.header().place, entry.hash());
        let lasts = matches!(self.disk.stop, None | Some(Stop::BeforeAnswer));
        let kept = self.keep(vec![Record::new(ENTRY, entry.encode())]);
        // Signed and nowhere kept, the signature never leaves the node.
        let leaves = lasts && kept != Err(WriteFault::Full);
        if leaves {
            oracle.note(&entry, false, self.disk.is_honest(), wall);
        }
        if kept.is_ok() {
            self.promised.insert((place, hash));
            self.book.logs.know(self.key.public());
            self.book.now_ms = wall;
            if let Ok(taken) = self.take_in(vec![entry.clone()])
                && taken == [Taken::New]
            {
                self.arrived.push(place);
                self.observe(&entry, false);
            }
        }
        leaves
    }

    /// The ledger's own intake; of signatures it is remembered which hold.
    fn take_in(&mut self, entries: Vec<Entry>) -> Result<Vec<Taken>, LogsUnreadable> {
        let memo = self.memo.clone();
        self.book.take_entries_by(entries, Some(&|claims, seed| memo.claims(claims, seed)))
    }

    /// Starts from what the disk has.
    pub fn start(&mut self, now_ms: u64, chance: &mut Chance) {
        let forked = self.book.logs.forked().clone();
        self.disk.power_off();
        let mut records = self.disk.read();
        if self.has(Bug::LastRecordForgotten) {
            records.pop();
        }
        if self.has(Bug::FirstRecordForgotten) && !records.is_empty() {
            records.remove(0);
        }
        let (mut book, mut own_lost) = (Book::new(ELECTION, self.root.clone()), false);
        book.now_ms = self.wall_ms(now_ms);
        book.logs.know(self.key.public());
        self.epoch = epoch::FIRST;
        self.arrived.clear();
        (self.counter, self.trees) = (None, Trees::default());
        self.obeyed.clear();
        let mut kept = Vec::with_capacity(records.len());
        for record in records {
            if !record.is_sound() && !self.has(Bug::RotUnnoticed) {
                own_lost = true;
                continue;
            }
            self.load(&record, &mut book);
            kept.push(record);
        }
        self.book = book;
        self.company.forget();
        let known =
            |log: &Log, at: u64| self.book.logs.forked().get(log).is_some_and(|it| *it <= at);
        let lost = forked.iter().find(|(log, at)| !known(log, **at)).map(|(log, _)| *log);
        if !self.disk.unsound {
            self.forgotten = self.forgotten.or(lost);
        }
        let held: Vec<Entry> = self.book.logs.entries().cloned().collect();
        held.iter().for_each(|entry| self.observe(entry, true));
        let newest = self.book.logs.entries().filter(|it| it.header().place.device == self.id());
        self.clock = Clock::resumed(newest.map(|it| it.header().clock).max().unwrap_or_default());
        if own_lost {
            // Something of it is lost: what it wrote at those places may be known elsewhere.
            self.disk.rewrite(kept);
            self.new_epoch(chance);
        }
        self.up = true;
        self.obey();
    }

    fn load(&mut self, record: &Record, book: &mut Book) {
        match record.kind {
            ENTRY => {
                let Ok(entry) = Entry::decode(&record.bytes) else { return };
                let place = entry.header().place;
                if self.has(Bug::RotUnnoticed) && !record.is_sound() {
                    book.logs.append(entry);
                    return;
                }
                let believes =
                    [Bug::SignaturesUnchecked, Bug::OtherElectionTaken, Bug::StrangersTaken];
                let verify: &Verify<'_> = &|claims, seed| self.memo.claims(claims, seed);
                match book.take_entries_by(vec![entry.clone()], Some(verify)).as_deref() {
                    Ok([Taken::New]) => self.arrived.push(place),
                    Ok([Taken::Refused(_)]) if believes.into_iter().any(|bug| self.has(bug)) => {
                        book.logs.append(entry);
                    }
                    Ok(_) | Err(_) => {}
                }
            }
            FORK if !self.has(Bug::ForksForgotten) => {
                if let Some((entry, proof)) = read_fork(&record.bytes) {
                    let _known = book.take_fork(entry, proof);
                }
            }
            STATEMENT if !self.has(Bug::StatementsForgotten) => {
                let mut r = Reader::new(&record.bytes);
                if let (Ok(kind), Ok(body)) = (r.u32(), r.bytes(1 << 16))
                    && let Ok(said) = Said::decode(kind, body)
                {
                    let _new = self.memo.held(&said, &self.root).map(|held| book.learn_held(held));
                }
            }
            EPOCH if !self.has(Bug::EpochForgotten) => {
                if let Ok(epoch) = Reader::new(&record.bytes).u32() {
                    self.epoch = epoch;
                }
            }
            _ => {}
        }
    }

    fn new_epoch(&mut self, chance: &mut Chance) {
        if self.has(Bug::OldEpochAfterRestore) {
            return;
        }
        let drawn = if self.has(Bug::SameEpochTwice) {
            5
        } else {
            u32::try_from(chance.draw() >> 32).unwrap_or(0)
        };
        if let Some(epoch) = epoch::next(self.epoch, drawn) {
            self.epoch = epoch;
            let mut w = Writer::default();
            w.uint(epoch);
            // A restore is done by hand, and done again when it fails.
            (self.disk.full, self.disk.stop) = (false, None);
            let lies = std::mem::take(&mut self.disk.lies);
            let _kept = self.disk.commit(vec![Record::new(EPOCH, w.finish())]);
            self.disk.lies = lies;
        }
    }

    /// Goes on from a backup, in a new epoch. What came after it is lost here, by the person's own will.
    pub fn restore(&mut self, now_ms: u64, chance: &mut Chance) {
        let Some(backup) = self.backup.clone() else { return };
        self.disk.rewrite(backup);
        self.life += 1;
        self.promised.clear();
        self.book = Book::new(ELECTION, self.root.clone());
        self.start(now_ms, chance);
        self.new_epoch(chance);
        self.promised = self.book.logs.entries().map(|it| (it.header().place, it.hash())).collect();
    }

    pub fn back_up(&mut self) {
        self.backup = Some(self.disk.read());
    }

    /// Learns statements; answers how many were new.
    pub fn learn(&mut self, statements: Vec<Said>) -> Result<usize, LogsUnreadable> {
        let mut new = 0;
        for said in statements {
            let anybody = match &said {
                Said::Certificate(_) => self.has(Bug::CertificateOfAnybody),
                Said::Revocation(_) => self.has(Bug::RevocationOfAnybody),
                Said::Receipt(_) => false,
            };
            if anybody {
                self.take_anybodys(&said);
            }
            if self.book.roster.knows(&said) {
                continue;
            }
            let held = self.held(&said);
            if let Said::Receipt(proof) = &said {
                self.hear_claim(proof, held.is_some());
            }
            let Some(held) = held.filter(|it| it.election() == ELECTION) else { continue };
            let mut w = Writer::default();
            w.uint(said.kind()).bytes(&said.body());
            self.keep(vec![Record::new(STATEMENT, w.finish())]).map_err(stopped)?;
            self.book.learn_held(held);
            new += 1;
        }
        if new > 0 {
            self.obey();
        }
        Ok(new)
    }

    /// The statement, if its signatures hold.
    fn held(&self, said: &Said) -> Option<Held> {
        let root = self.book.roster.root();
        // A planted bug believes in other roots.
        if *root == self.root {
            self.memo.held(said, root)
        } else {
            Held::check(said.clone(), root).ok()
        }
    }

    fn hear_claim(&mut self, proof: &Proof, holds: bool) {
        if let Ok(header) = pehra_ledger::Header::decode(&proof.signed.header_bytes) {
            self.claimed.push((header.place, holds.then(|| Box::new(proof.clone()))));
        }
    }

    /// What a peer may hold, by this node's roster.
    ///
    /// # Errors
    /// [`NotEntitled`].
    pub fn entitlement(&self, device: DeviceId, now_ms: u64) -> Result<Entitlement, NotEntitled> {
        let leaks = self.has(Bug::PayloadsLeak);
        let own = device == self.id();
        let found =
            Entitlement::of(&self.book.roster, device, now_ms, &|role| leaks || role != "RELAY")?;
        let all = (self.has(Bug::ScopeIgnored) && !own) || (self.has(Bug::ScopeUnasked) && own);
        Ok(if all { Entitlement::everything("pk") } else { found })
    }

    /// What the planted bugs do to an entry that the intake has judged.
    fn misjudge(&mut self, entry: &Entry, taken: Taken) -> Taken {
        let taken_anyway = match taken {
            Taken::Refused(Refusal::Signature) => self.has(Bug::SignaturesUnchecked),
            Taken::Refused(Refusal::OtherElection) => self.has(Bug::OtherElectionTaken),
            Taken::Refused(Refusal::UnknownDevice(_)) => self.has(Bug::StrangersTaken),
            Taken::Forked if self.has(Bug::ForkOverwrites) => {
                self.overwrite(entry);
                return Taken::Known;
            }
            Taken::Known => {
                self.again += 1;
                false
            }
            Taken::New | Taken::Forked | Taken::Refused(_) => false,
        };
        if !taken_anyway {
            return taken;
        }
        self.book.logs.append(entry.clone());
        Taken::New
    }
}

pub(crate) fn write_fork(entry: &Entry, proof: &ForkProof) -> Vec<u8> {
    let mut w = Writer::default();
    w.array(5).bytes(&entry.encode());
    for side in [&proof.held, &proof.other] {
        w.bytes(&side.header_bytes).bytes(&side.signature.0);
    }
    w.finish()
}

pub(crate) fn read_fork(bytes: &[u8]) -> Option<(Entry, ForkProof)> {
    let mut r = Reader::new(bytes);
    r.array_of(5).ok()?;
    let entry = Entry::decode(r.bytes(ENTRY_BYTES_MAX).ok()?).ok()?;
    let side = |r: &mut Reader<'_>| {
        let header_bytes = r.bytes(HEADER_BYTES_MAX).ok()?.to_vec();
        Some(SignedHeader { header_bytes, signature: Signature(r.exact().ok()?) })
    };
    Some((entry, ForkProof { held: side(&mut r)?, other: side(&mut r)? }))
}

impl Desk for SimNode {
    fn with_roster(&self, look: &mut dyn FnMut(&Roster)) {
        look(&self.book.roster);
    }

    fn holding(&self, scope: &Scope) -> Result<Holding, LogsUnreadable> {
        let mut holding = self.company.holding(&self.book, scope);
        if self.has(Bug::ForksUntold) {
            holding.forks.clear();
        }
        if self.has(Bug::ForkBeginsWhereFound) {
            holding.forks.iter_mut().for_each(|fork| fork.settled = true);
        }
        if self.has(Bug::HeadsUncompared) {
            holding.heights.iter_mut().for_each(|height| height.hash = Hash::ZERO);
        }
        if self.has(Bug::LaterEpochsUntold) {
            holding.heights.retain(|height| height.log.1 == epoch::FIRST);
        }
        self.tell_less(scope, &mut holding);
        if self.has(Bug::StatementsUntold) {
            holding.statements.clear();
        }
        Ok(holding)
    }

    fn statement(&self, name: &Hash) -> Result<Option<Said>, LogsUnreadable> {
        self.book.statement(name)
    }

    fn entries(
        &self,
        log: Log,
        from: u64,
        until: Option<u64>,
        bytes_max: usize,
    ) -> Result<Vec<Entry>, LogsUnreadable> {
        self.book.entries(log, from, until, bytes_max)
    }

    fn fork(&self, log: Log) -> Result<Option<(Entry, ForkProof)>, LogsUnreadable> {
        self.book.fork(log)
    }

    fn missing_payloads(
        &self,
        scope: &Scope,
        asked: &dyn Fn(&Place) -> bool,
        count: usize,
    ) -> Result<Vec<Place>, LogsUnreadable> {
        self.book.missing_payloads(scope, asked, count)
    }

    fn missing_objects(
        &self,
        _: &Scope,
        _: &dyn Fn(&Wanted) -> bool,
        _: usize,
    ) -> Result<Vec<Wanted>, LogsUnreadable> {
        Ok(Vec::new())
    }

    fn manifest(&self, name: Hash) -> Result<Option<Manifest>, LogsUnreadable> {
        self.book.manifest(name)
    }

    fn chunk(&self, name: Hash) -> Result<Option<Vec<u8>>, LogsUnreadable> {
        self.book.chunk(name)
    }

    fn take_statements(&mut self, statements: Vec<Said>) -> Result<usize, LogsUnreadable> {
        self.learn(statements)
    }

    fn take_entries(&mut self, entries: Vec<Entry>) -> Result<Vec<Taken>, LogsUnreadable> {
        let mut entries = self.leave_deleted(entries);
        if self.has(Bug::ClockAheadDropped) {
            entries.retain(|entry| !is_ahead(entry.header().clock, self.book.now_ms));
        }
        let needed =
            [Bug::ForkDropped, Bug::ForkBeginsWhereFound].into_iter().any(|it| self.has(it));
        let before = (needed || self.may_fail()).then(|| self.book.clone());
        let marks = self.book.fork_states();
        let taken = self.take_in(entries.clone())?;
        before.iter().for_each(|before| self.keep_first_places(before));
        let (mut records, mut fresh, mut verdicts) = (Vec::new(), Vec::new(), Vec::new());
        for (entry, taken) in entries.iter().zip(taken) {
            let verdict = self.misjudge(entry, taken);
            // What contradicts what is held, and proves nothing better than what is known, is not kept.
            let completes = verdict == Taken::Known && entry.payload().is_some() && {
                let held = self.book.logs.entry(entry.header().place);
                held.is_some_and(|held| held.hash() == entry.hash())
            };
            if verdict == Taken::New || completes {
                records.push(Record::new(ENTRY, entry.encode()));
            }
            if verdict == Taken::New {
                let header = entry.header();
                fresh.push((header.place, entry.hash()));
                let now = self.book.now_ms;
                self.clock.observe(header.clock, now);
            }
            verdicts.push(verdict);
        }
        if let (true, Some(before)) = (self.has(Bug::ForkDropped), &before) {
            // The proofs of before, and the logs of now without a mark.
            let logs = std::mem::take(&mut self.book.logs);
            self.book = before.clone();
            self.company.forget();
            self.book.logs = logs;
            self.book.logs = unmarked(&self.book);
        } else {
            for state in self.book.fork_states().iter().filter(|state| !marks.contains(state)) {
                if let Some((entry, proof)) = self.book.fork(state.log)? {
                    records.push(Record::new(FORK, write_fork(&entry, &proof)));
                }
            }
        }
        if let Err(fault) = self.keep(records) {
            if let Some(before) = before {
                self.book = before;
                self.company.forget();
            }
            return Err(stopped(fault));
        }
        self.arrived.extend(fresh.iter().map(|(place, _)| *place));
        for (place, hash) in &fresh {
            if let Some(entry) = entries.iter().find(|it| it.hash() == *hash) {
                debug_assert_eq!(entry.header().place, *place, "a hash names one place");
                self.observe(entry, false);
            }
        }
        self.promised.extend(fresh);
        self.obey();
        if self.has(Bug::RevocationDeletes) {
            self.delete_revoked();
        }
        Ok(verdicts)
    }

    fn take_fork(
        &mut self,
        entry: Entry,
        proof: ForkProof,
    ) -> Result<Option<bool>, LogsUnreadable> {
        if self.has(Bug::ForkProofUnchecked) {
            self.book.logs.mark_forked(entry.header().place);
            return Ok(Some(false));
        }
        let Some(entry) = self.leave_deleted(vec![entry]).pop() else { return Ok(None) };
        let needed = self.may_fail() || self.has(Bug::ForkBeginsWhereFound);
        let before = needed.then(|| self.book.clone());
        let told = self.book.take_fork(entry.clone(), proof.clone())?;
        before.iter().for_each(|before| self.keep_first_places(before));
        if told == Some(true) {
            let record = Record::new(FORK, write_fork(&entry, &proof));
            if let Err(fault) = self.keep(vec![record]) {
                if let Some(before) = before {
                    self.book = before;
                }
                return Err(stopped(fault));
            }
        }
        Ok(told)
    }

    fn take_object(&mut self, _: Wanted, _: Vec<u8>) -> Result<bool, LogsUnreadable> {
        Ok(false)
    }
}
