//! One node of the day: its own key, its own store on the disk, its own roster; what takes effect is counted.

use pehra_lan::House;
use pehra_ledger::{
    ClockQuality, DeviceId, Draft, Entry, Hash, Hlc, Ingested, Intake, LogsUnreadable, Payload,
    Place, SigningKey,
    certificate::{Certificate, CertificateBody, Subject},
    draft::Next,
    fork::ForkProof,
    manifest::Manifest,
    roster::{Act, Root, Roster, Standing},
    statement::Said,
    sync::{
        desk::{Desk, Taken, Wanted},
        element::Log,
        holding::{ForkState, Holding},
        scope::{Entitlement, NotEntitled, Scope},
    },
};
use pehra_store::{Batch, Store};
use std::{
    collections::BTreeMap,
    error::Error,
    ops::ControlFlow,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

pub(crate) const ELECTION: [u8; 16] = [7; 16];
pub(crate) const NATION: &str = "pk";
const DEED: u32 = 700;
const ROLE: &str = "DRO";

type Done<T> = Result<T, Box<dyn Error>>;

/// Unix milliseconds.
pub(crate) fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
}

fn root() -> SigningKey {
    SigningKey::from_seed([200; 32])
}

/// Which node of the day: 0 stands for the office itself, in a district or, in district 0, in the nation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Who {
    pub(crate) district: u16,
    pub(crate) station: u16,
}

impl Who {
    fn key(self) -> SigningKey {
        let mut seed = [31; 32];
        let bytes = [self.district.to_be_bytes(), self.station.to_be_bytes()].concat();
        seed.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
        SigningKey::from_seed(seed)
    }

    fn area(self) -> String {
        match (self.district, self.station) {
            (0, _) => NATION.to_owned(),
            (district, 0) => format!("{NATION}/d{district}"),
            (district, station) => format!("{NATION}/d{district}/s{station}"),
        }
    }

    /// A deed, signed for a place of this node's log.
    pub(crate) fn seal(self, deed: u64, next: Next) -> Done<Entry> {
        let mut salt = [0; 32];
        salt.iter_mut().zip(deed.to_be_bytes()).for_each(|(to, from)| *to = from);
        let draft = Draft {
            election: ELECTION,
            clock: Hlc { ms: now_ms(), counter: 0 },
            clock_quality: ClockQuality::UNKNOWN,
            area: self.area(),
            kind: DEED,
            person: String::new(),
            role: ROLE.to_owned(),
            causes: Vec::new(),
            cosigners: Vec::new(),
            extras: Vec::new(),
            payload: Payload::try_new(salt, &[&deed.to_be_bytes()[..], &[42; 92]].concat())?,
        };
        Ok(Entry::seal(&self.key(), &draft, next)?)
    }

    pub(crate) fn certificate(self) -> Option<Said> {
        let body = CertificateBody {
            election: ELECTION,
            subject: Subject::DEVICE,
            key: self.key().public(),
            name: self.area(),
            area: self.area(),
            roles: vec![ROLE.to_owned()],
            not_before_ms: 0,
            not_after_ms: u64::MAX,
            sealing: None,
        };
        Certificate::sign(body, &[&root()]).ok().map(Said::Certificate)
    }
}

struct Kept {
    store: Store,
    roster: Roster,
    /// How often each deed took effect here.
    effects: BTreeMap<u64, u32>,
}

/// A node.
#[derive(Clone)]
pub(crate) struct Home {
    pub(crate) who: Who,
    seed: [u8; 32],
    kept: Arc<Mutex<Kept>>,
}

impl Home {
    /// Opens the node's folder, and folds what is in it.
    pub(crate) fn open(folder: &Path, who: Who) -> Done<Self> {
        let store = Store::open(folder)?;
        let mut roster = Roster::new(ELECTION, Root { keys: vec![root().public()], threshold: 1 });
        for said in store.statements()? {
            roster.take(said)?;
        }
        let mut kept = Kept { store, roster, effects: BTreeMap::new() };
        kept.learn(who.certificate().into_iter().collect())?;
        let mut deeds = Vec::new();
        let begin = pehra_store::Receipt(0);
        kept.store.entries_received(begin, &mut |stored| {
            deeds.push(stored.entry);
            ControlFlow::Continue(())
        })?;
        deeds.iter().for_each(|entry| kept.fold(entry));
        let seed = who.key().seed();
        Ok(Self { who, seed, kept: Arc::new(Mutex::new(kept)) })
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Signs a deed and keeps it: once this returns, it is on the disk.
    pub(crate) fn act(&self, deed: u64) -> Done<()> {
        let mut kept = self.kept();
        let next = kept.store.next(self.who.key().id())?;
        let entry = self.who.seal(deed, next)?;
        kept.store.append(vec![entry.clone()], now_ms())?;
        kept.fold(&entry);
        Ok(())
    }

    /// How many deeds took effect here.
    pub(crate) fn deeds(&self) -> usize {
        self.kept().effects.len()
    }

    /// How often each deed took effect here.
    pub(crate) fn effects(&self) -> BTreeMap<u64, u32> {
        self.kept().effects.clone()
    }

    /// Every log that is held, and how far.
    pub(crate) fn heads(&self) -> Done<Vec<(Place, Hash)>> {
        Ok(self.kept().store.heads()?.iter().map(|head| (head.place, head.hash)).collect())
    }
}

impl Kept {
    fn learn(&mut self, statements: Vec<Said>) -> Result<usize, LogsUnreadable> {
        let mut batch = Batch { received_ms: now_ms(), ..Batch::default() };
        for said in statements {
            if !self.roster.take(said.clone()).unwrap_or(false) {
                continue;
            }
            if let Said::Certificate(certificate) = &said
                && self.roster.is_chained(certificate.body.key.id())
            {
                batch.devices.push(certificate.body.key);
            }
            batch.statements.push(said);
        }
        let new = batch.statements.len();
        if new > 0 {
            self.store.commit(&batch).map_err(here)?;
        }
        Ok(new)
    }

    fn fold(&mut self, entry: &Entry) {
        let header = entry.header();
        let good = self.roster.standing(&Act::of(header, entry.hash())) == Standing::Good;
        let deed = entry.payload().and_then(|payload| payload.body().first_chunk::<8>().copied());
        if let (DEED, true, Some(deed)) = (header.kind, good, deed) {
            *self.effects.entry(u64::from_be_bytes(deed)).or_default() += 1;
        }
    }
}

fn here(error: impl std::fmt::Display) -> LogsUnreadable {
    LogsUnreadable(error.to_string())
}

impl House for Home {
    fn election(&self) -> [u8; 16] {
        ELECTION
    }

    fn key_seed(&self) -> [u8; 32] {
        self.seed
    }

    fn credentials(&self) -> Vec<Said> {
        self.who.certificate().into_iter().collect()
    }

    fn learn(&self, statements: Vec<Said>) {
        let _told_again_later = self.kept().learn(statements);
    }

    fn entitlement(&self, device: DeviceId) -> Result<Entitlement, NotEntitled> {
        Entitlement::of(&self.kept().roster, device, now_ms(), &|role| role == ROLE)
    }

    fn desk(&self) -> Result<Box<dyn Desk + '_>, LogsUnreadable> {
        Ok(Box::new(Locked(self)))
    }
}

/// Locks the node for each question alone.
struct Locked<'a>(&'a Home);

impl Desk for Locked<'_> {
    fn with_roster(&self, look: &mut dyn FnMut(&Roster)) {
        look(&self.0.kept().roster);
    }

    fn holding(&self, scope: &Scope) -> Result<Holding, LogsUnreadable> {
        let kept = self.0.kept();
        let heads = kept.store.heads().map_err(here)?;
        let forks = kept.store.forked_logs().map_err(here)?;
        let forks: Vec<ForkState> = forks
            .into_iter()
            .map(|(log, at)| ForkState { settled: true, ..ForkState::unproven(log, at) })
            .collect();
        Ok(Holding::of(&kept.roster, &heads, &forks, scope))
    }

    fn statement(&self, name: &Hash) -> Result<Option<Said>, LogsUnreadable> {
        Ok(self.0.kept().roster.statement(name))
    }

    fn entries(
        &self,
        (device, epoch): Log,
        from: u64,
        until: Option<u64>,
        bytes_max: usize,
    ) -> Result<Vec<Entry>, LogsUnreadable> {
        let (mut some, mut bytes) = (Vec::new(), 0);
        let mut visit = |stored: pehra_store::Stored| {
            let entry = stored.entry;
            if until.is_some_and(|until| entry.header().place.seq >= until) {
                return ControlFlow::Break(());
            }
            bytes += entry.header_bytes().len() + entry.payload().map_or(0, |it| it.bytes().len());
            some.push(entry);
            if bytes >= bytes_max { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        self.0.kept().store.entries_of(device, epoch, from, &mut visit).map_err(here)?;
        Ok(some)
    }

    fn fork(&self, _: Log) -> Result<Option<(Entry, ForkProof)>, LogsUnreadable> {
        Ok(None)
    }

    fn missing_payloads(
        &self,
        _: &Scope,
        _: &dyn Fn(&Place) -> bool,
        _: usize,
    ) -> Result<Vec<Place>, LogsUnreadable> {
        Ok(Vec::new())
    }

    fn missing_objects(
        &self,
        _: &Scope,
        _: &dyn Fn(&Wanted) -> bool,
        _: usize,
    ) -> Result<Vec<Wanted>, LogsUnreadable> {
        Ok(Vec::new())
    }

    fn manifest(&self, _: Hash) -> Result<Option<Manifest>, LogsUnreadable> {
        Ok(None)
    }

    fn chunk(&self, _: Hash) -> Result<Option<Vec<u8>>, LogsUnreadable> {
        Ok(None)
    }

    fn take_statements(&mut self, statements: Vec<Said>) -> Result<usize, LogsUnreadable> {
        self.0.kept().learn(statements)
    }

    fn take_entries(&mut self, entries: Vec<Entry>) -> Result<Vec<Taken>, LogsUnreadable> {
        let mut kept = self.0.kept();
        let ingested = Intake::new(&*kept.store, ELECTION, now_ms())
            .ingest_decoded(entries, getrandom_seed())?;
        let mut batch = Batch { received_ms: now_ms(), ..Batch::default() };
        let (mut taken, mut fresh) = (Vec::with_capacity(ingested.len()), Vec::new());
        for one in ingested {
            taken.push(match &one {
                Ingested::Accepted(entry, _) => {
                    fresh.push((**entry).clone());
                    Taken::New
                }
                Ingested::Known(_) => Taken::Known,
                Ingested::Forked(..) => Taken::Forked,
                Ingested::Refused(refusal) => Taken::Refused(*refusal),
            });
            let _refused = batch.take(one, 0);
        }
        kept.store.commit(&batch).map_err(here)?;
        fresh.iter().for_each(|entry| kept.fold(entry));
        Ok(taken)
    }

    fn take_fork(&mut self, _: Entry, _: ForkProof) -> Result<Option<bool>, LogsUnreadable> {
        Ok(Some(false))
    }

    fn take_object(&mut self, _: Wanted, _: Vec<u8>) -> Result<bool, LogsUnreadable> {
        Ok(false)
    }
}

/// Chance that senders do not know.
fn getrandom_seed() -> [u8; 32] {
    let mut seed = [0; 32];
    let _all_zero_is_only_less_good = getrandom::fill(&mut seed);
    seed
}
