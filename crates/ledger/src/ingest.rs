//! What an incoming entry passes before it is believed: every guard, in order, in one place.

use crate::batch::{Claim, verify_batch_on};
use crate::clock::is_ahead;
use crate::entry::{Entry, EntryUnreadable};
use crate::epoch;
use crate::fork::{Fork, ForkProof, SignedHeader};
use crate::hash::Hash;
use crate::header::Place;
use crate::key::{DeviceId, PublicKey};
use crate::log::{Head, Logs, LogsUnreadable};
use std::collections::BTreeMap;

/// What was remarkable about an accepted entry. None of these drops it.
#[expect(clippy::struct_excessive_bools, reason = "independent remarks, each shown by itself")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Flags {
    /// Its clock stands more than five minutes ahead of ours.
    pub clock_ahead: bool,
    /// Its clock stands behind the entry before it.
    pub clock_back: bool,
    /// It stands at or after a fork of its log.
    pub after_fork: bool,
    /// Its payload did not come along.
    pub payload_absent: bool,
}

/// What became of one incoming entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ingested {
    /// New, and next in its log.
    Accepted(Box<Entry>, Flags),
    /// Held already. The copy may carry a payload or co-signatures that ours lacks; they have been checked.
    Known(Box<Entry>),
    /// Not believed, or not yet.
    Refused(Refusal),
    /// Signed, but contradicts what is held.
    Forked(Box<Entry>, ForkProof, Fork),
}

/// Why an entry is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error(transparent)]
    Unreadable(#[from] EntryUnreadable),
    #[error("the entry belongs to another election")]
    OtherElection,
    #[error("device {0} is not known here: its certificate must come first")]
    UnknownDevice(DeviceId),
    #[error("the key kept for device {0} is not its key")]
    KeyMismatch(DeviceId),
    #[error("the signature does not hold")]
    Signature,
    #[error("the co-signature of {0} does not hold")]
    Cosignature(DeviceId),
    #[error(
        "the co-signature of {0}, which the header names, did not come along: fetch the entry again"
    )]
    CosignatureMissing(DeviceId),
    #[error("entries before it are missing: place {expected} comes next in its log")]
    Gap { expected: u64 },
    #[error("the first entry of a device's first log points back to something")]
    FirstHasPrevious,
}

impl Refusal {
    /// Whether the same bytes may be accepted later, once something else has arrived.
    #[must_use]
    pub fn may_come_again(&self) -> bool {
        matches!(self, Self::UnknownDevice(_) | Self::Gap { .. })
    }
}

/// Which of some signatures hold, in order; with chance that the senders could not know.
pub type Verify<'a> = dyn Fn(&[Claim], [u8; 32]) -> Vec<bool> + 'a;

/// Takes entries in, one delivery after the other, against the logs a node holds. What was accepted in this
/// delivery counts as held for what follows in it.
pub struct Intake<'a> {
    logs: &'a dyn Logs,
    election: [u8; 16],
    now_ms: u64,
    threads: usize,
    verify: Option<&'a Verify<'a>>,
    fresh: BTreeMap<(DeviceId, u32), Vec<Arrival>>,
    forked: BTreeMap<(DeviceId, u32), u64>,
}

struct Arrival {
    head: Head,
    signed: SignedHeader,
}

struct Sound {
    entry: Entry,
    key: PublicKey,
}

impl<'a> Intake<'a> {
    #[must_use]
    pub fn new(logs: &'a dyn Logs, election: [u8; 16], now_ms: u64) -> Self {
        let (fresh, forked) = (BTreeMap::new(), BTreeMap::new());
        Self { logs, election, now_ms, threads: 1, verify: None, fresh, forked }
    }

    /// Lets somebody else check signatures of deliveries: a simulation passes one signature by hundreds of nodes and
    /// remembers what it found. Every other guard stays.
    #[must_use]
    pub fn verified_by(self, verify: &'a Verify<'a>) -> Self {
        Self { verify: Some(verify), ..self }
    }

    /// Checks signatures of [`Self::ingest_many`] on so many threads; the verdicts stay the same.
    #[must_use]
    pub fn on_threads(self, threads: usize) -> Self {
        Self { threads, ..self }
    }

    /// Takes one entry in.
    ///
    /// # Errors
    /// [`LogsUnreadable`] when the logs on this node could not be read; what becomes of an entry is no error.
    pub fn ingest(&mut self, bytes: &[u8]) -> Result<Ingested, LogsUnreadable> {
        let sound = match self.read(bytes)? {
            Ok(sound) => sound,
            Err(refusal) => return Ok(Ingested::Refused(refusal)),
        };
        if !sound.entry.author_holds(&sound.key) {
            return Ok(Ingested::Refused(Refusal::Signature));
        }
        let hash = sound.entry.hash();
        let bad = sound.entry.cosignatures().iter().find(|cosignature| !cosignature.holds(&hash));
        if let Some(cosignature) = bad {
            return Ok(Ingested::Refused(Refusal::Cosignature(cosignature.key.id())));
        }
        self.place(sound.entry)
    }

    /// Takes many entries in, checking signatures together. The verdicts are those of [`Self::ingest`], in order.
    /// `seed` is chance that the senders could not know: see [`crate::batch::verify_batch`].
    ///
    /// # Errors
    /// [`LogsUnreadable`] when the logs on this node could not be read.
    pub fn ingest_many(
        &mut self,
        entries: &[impl AsRef<[u8]>],
        seed: [u8; 32],
    ) -> Result<Vec<Ingested>, LogsUnreadable> {
        let read =
            entries.iter().map(|bytes| self.read(bytes.as_ref())).collect::<Result<_, _>>()?;
        self.judge_many(read, seed)
    }

    /// As [`Self::ingest_many`], for entries that were decoded already.
    ///
    /// # Errors
    /// [`LogsUnreadable`] when the logs on this node could not be read.
    pub fn ingest_decoded(
        &mut self,
        entries: Vec<Entry>,
        seed: [u8; 32],
    ) -> Result<Vec<Ingested>, LogsUnreadable> {
        let read = entries.into_iter().map(|entry| self.guard(entry)).collect::<Result<_, _>>()?;
        self.judge_many(read, seed)
    }

    fn judge_many(
        &mut self,
        read: Vec<Result<Sound, Refusal>>,
        seed: [u8; 32],
    ) -> Result<Vec<Ingested>, LogsUnreadable> {
        let sound = read.iter().filter_map(|one| one.as_ref().ok());
        let claims: Vec<_> = sound.flat_map(|sound| sound.entry.claims(sound.key)).collect();
        let verdicts = match self.verify {
            Some(verify) => verify(&claims, seed),
            None => verify_batch_on(self.threads, &claims, seed),
        };
        let mut verdicts = verdicts.into_iter();
        let mut ingested = Vec::with_capacity(read.len());
        for one in read {
            ingested.push(match one {
                Err(refusal) => Ingested::Refused(refusal),
                Ok(sound) => match judge(&sound.entry, &mut verdicts) {
                    Some(refusal) => Ingested::Refused(refusal),
                    None => self.place(sound.entry)?,
                },
            });
        }
        Ok(ingested)
    }

    /// Guards that need no signature: form, limits, payload, election, device and key, named co-signers.
    fn read(&self, bytes: &[u8]) -> Result<Result<Sound, Refusal>, LogsUnreadable> {
        match Entry::decode(bytes) {
            Ok(entry) => self.guard(entry),
            Err(unreadable) => Ok(Err(unreadable.into())),
        }
    }

    fn guard(&self, entry: Entry) -> Result<Result<Sound, Refusal>, LogsUnreadable> {
        if entry.header().election != self.election {
            return Ok(Err(Refusal::OtherElection));
        }
        let device = entry.header().place.device;
        let Some(key) = self.logs.key(device)? else {
            return Ok(Err(Refusal::UnknownDevice(device)));
        };
        if key.id() != device {
            return Ok(Err(Refusal::KeyMismatch(device)));
        }
        Ok(match entry.missing_cosigner() {
            Some(missing) => Err(Refusal::CosignatureMissing(missing)),
            None => Ok(Sound { entry, key }),
        })
    }

    /// Guards of the chain, for an entry whose signatures hold.
    fn place(&mut self, entry: Entry) -> Result<Ingested, LogsUnreadable> {
        let place = entry.header().place;
        let head = self.head(place.device, place.epoch)?;
        let expected = head.map_or(0, |head| head.place.seq + 1);
        if place.seq > expected {
            return Ok(Ingested::Refused(Refusal::Gap { expected }));
        }
        if place.seq < expected {
            return self.place_again(entry);
        }
        match head {
            None if place.epoch == epoch::FIRST && entry.header().previous != Hash::ZERO => {
                Ok(Ingested::Refused(Refusal::FirstHasPrevious))
            }
            Some(head) if entry.header().previous != head.hash => self.fork(entry, head.place),
            Some(_) | None => Ok(self.accept(entry, head)),
        }
    }

    fn place_again(&mut self, entry: Entry) -> Result<Ingested, LogsUnreadable> {
        let place = entry.header().place;
        if self.held(place)?.hash() == entry.hash() {
            Ok(Ingested::Known(Box::new(entry)))
        } else {
            self.fork(entry, place)
        }
    }

    fn fork(&mut self, entry: Entry, held_at: Place) -> Result<Ingested, LogsUnreadable> {
        let proof = ForkProof { held: self.held(held_at)?, other: SignedHeader::of(&entry) };
        let device = held_at.device;
        let fork = self.logs.key(device)?.and_then(|key| proof.verify(&key)).ok_or_else(|| {
            LogsUnreadable(format!("the entry held at {held_at} does not verify: run a scrub"))
        })?;
        let at = self.forked.entry((device, held_at.epoch)).or_insert(fork.place.seq);
        *at = fork.place.seq.min(*at);
        Ok(Ingested::Forked(Box::new(entry), proof, fork))
    }

    fn accept(&mut self, entry: Entry, before: Option<Head>) -> Ingested {
        let header = entry.header();
        let log = (header.place.device, header.place.epoch);
        let known = before.and_then(|head| head.forked_at);
        let forked_at = self.forked.get(&log).copied().into_iter().chain(known).min();
        let flags = Flags {
            clock_ahead: is_ahead(header.clock, self.now_ms),
            clock_back: before.is_some_and(|head| header.clock < head.clock),
            after_fork: forked_at.is_some_and(|at| header.place.seq >= at),
            payload_absent: entry.payload().is_none(),
        };
        let head = Head { forked_at, ..Head::of(&entry) };
        let signed = SignedHeader::of(&entry);
        self.fresh.entry(log).or_default().push(Arrival { head, signed });
        Ingested::Accepted(Box::new(entry), flags)
    }

    fn head(&self, device: DeviceId, epoch: u32) -> Result<Option<Head>, LogsUnreadable> {
        let fresh = self.fresh.get(&(device, epoch)).and_then(|log| log.last());
        match fresh {
            Some(arrival) => Ok(Some(arrival.head)),
            None => self.logs.head(device, epoch),
        }
    }

    fn held(&self, place: Place) -> Result<SignedHeader, LogsUnreadable> {
        let fresh = self.fresh.get(&(place.device, place.epoch)).and_then(|log| {
            let first = log.first()?.head.place.seq;
            log.get(usize::try_from(place.seq.checked_sub(first)?).ok()?)
        });
        if let Some(arrival) = fresh {
            return Ok(arrival.signed.clone());
        }
        let held = self.logs.held(place)?;
        held.ok_or_else(|| LogsUnreadable(format!("nothing is held at {place}, below its head")))
    }
}

fn judge(entry: &Entry, verdicts: &mut impl Iterator<Item = bool>) -> Option<Refusal> {
    let author = verdicts.next().unwrap_or(false);
    let mut bad = None;
    for cosignature in entry.cosignatures() {
        let holds = verdicts.next().unwrap_or(false);
        if !holds && bad.is_none() {
            bad = Some(Refusal::Cosignature(cosignature.key.id()));
        }
    }
    if author { bad } else { Some(Refusal::Signature) }
}
