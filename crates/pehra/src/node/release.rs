//! Deposited credentials and their release, as they stand on record.

use super::{Node, NodeError, fold::Fold, ledger_ms, now, random, sign::Held};
use pehra_domain::{AreaId, PersonId};
use pehra_ledger::{
    ClockQuality, Cosignature, DeviceId, Draft, Entry, Hash, Payload, Place,
    header::{Extra, entry_hash},
    signer::cosign,
    statement::ACTOR,
};
use pehra_seal::{
    EXTRA_MARK, kind,
    release::{Contribution, Deposit, Released},
};
use pehra_store::Batch;
use std::sync::PoisonError;

/// Notes that are kept in memory at most: more are noise of somebody who may write.
const NOTES_MAX: usize = 4_096;

/// One entry about a deposited credential.
#[derive(Clone, Debug)]
pub(super) struct Note {
    place: Place,
    at_ms: u64,
    person: String,
    /// The key that signed in the person's name, whoever vouches for it.
    key: Option<DeviceId>,
    about: About,
}

#[derive(Clone, Debug)]
enum About {
    Deposit(Box<Deposit>),
    Contribution(Contribution),
    Released(Released),
}

impl Note {
    /// Reads a note; none of another kind, or one that cannot be read.
    pub(super) fn of(entry: &Entry) -> Option<Self> {
        let header = entry.header();
        let body = || entry.payload().map(Payload::body);
        let about = match header.kind {
            kind::DEPOSIT => About::Deposit(Box::new(Deposit::decode(body()?).ok()?)),
            kind::CONTRIBUTION => About::Contribution(Contribution::decode(body()?).ok()?),
            kind::RELEASED => About::Released(Released::decode(body()?).ok()?),
            _ => return None,
        };
        let key = entry.cosignatures().iter().find(|one| one.part == ACTOR);
        Some(Self {
            place: header.place,
            at_ms: header.clock.ms,
            person: header.person.clone(),
            key: key.map(|one| one.key.id()),
            about,
        })
    }
}

impl Fold {
    pub(super) fn note(&mut self, entry: &Entry) {
        if self.notes.len() < NOTES_MAX {
            self.notes.extend(Note::of(entry));
        }
    }
}

/// Who wrote something about a deposit, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    pub place: String,
    pub at_ms: u64,
    pub person: String,
    /// The root stands behind a key of this person, and it signed.
    pub own_key: bool,
}

/// A credential in deposit, and what the record says of its release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepositRecord {
    pub by: Noted,
    /// Whose credential it is.
    pub name: String,
    pub threshold: u8,
    pub custodians: Vec<String>,
    /// Custodians who gave their part.
    pub contributions: Vec<(String, Noted)>,
    pub released: Vec<(Released, Noted)>,
}

impl Node {
    /// Deposited credentials in the order in which this node heard of them.
    #[must_use]
    pub fn deposits(&self) -> Vec<DepositRecord> {
        let notes = self.inner.fold.read().unwrap_or_else(PoisonError::into_inner).notes.clone();
        let noted = |note: &Note| Noted {
            place: note.place.to_string(),
            at_ms: note.at_ms,
            person: note.person.clone(),
            own_key: note.key.is_some_and(|key| {
                self.roster(|roster| {
                    roster.person(&note.person).any(|one| one.body.key.id() == key)
                        && roster.is_chained(key)
                })
            }),
        };
        let mut seen: Vec<Hash> = Vec::new();
        let mut all = Vec::new();
        for note in &notes {
            let About::Deposit(deposit) = &note.about else { continue };
            let hash = deposit.hash();
            if seen.contains(&hash) {
                continue;
            }
            seen.push(hash);
            let mut contributions: Vec<(String, Noted)> = Vec::new();
            let mut released = Vec::new();
            for other in &notes {
                match &other.about {
                    About::Contribution(part) => {
                        let custodian = part.custodian(deposit).map(str::to_owned);
                        contributions.extend(custodian.map(|name| (name, noted(other))));
                    }
                    About::Released(one) if one.deposit == hash => {
                        released.push((one.clone(), noted(other)));
                    }
                    About::Deposit(_) | About::Released(_) => {}
                }
            }
            all.push(DepositRecord {
                by: noted(note),
                name: deposit.name().to_owned(),
                threshold: deposit.threshold(),
                custodians: deposit.custodians().map(|one| one.name.clone()).collect(),
                contributions,
                released,
            });
        }
        all
    }

    /// Puts a deposit on record, signed by whoever lodges it.
    ///
    /// # Errors
    /// [`NodeError`]; nothing was kept then.
    pub fn note_deposit(&self, deposit: &Deposit, by: &(PersonId, Held)) -> Result<(), NodeError> {
        self.write_note(kind::DEPOSIT, &deposit.encode(), Some(by))
    }

    /// Puts a custodian's part on record, signed by the custodian.
    ///
    /// # Errors
    /// [`NodeError`]; nothing was kept then.
    pub fn note_contribution(
        &self,
        part: &Contribution,
        by: &(PersonId, Held),
    ) -> Result<(), NodeError> {
        self.write_note(kind::CONTRIBUTION, &part.encode(), Some(by))
    }

    /// Puts a release on record: the deposit and the parts that this node had not heard of, then that it was done.
    ///
    /// # Errors
    /// [`NodeError`]; the credential must not be handed out then.
    pub fn note_release(
        &self,
        deposit: &Deposit,
        parts: &[Contribution],
        released: &Released,
        by: &(PersonId, Held),
    ) -> Result<(), NodeError> {
        let (mut has_deposit, mut known) = (false, Vec::new());
        for note in &self.inner.fold.read().unwrap_or_else(PoisonError::into_inner).notes {
            match &note.about {
                About::Deposit(one) => has_deposit |= **one == *deposit,
                About::Contribution(part) => known.push(part.clone()),
                About::Released(_) => {}
            }
        }
        if !has_deposit {
            self.write_note(kind::DEPOSIT, &deposit.encode(), None)?;
        }
        for part in parts.iter().filter(|part| !known.contains(part)) {
            self.write_note(kind::CONTRIBUTION, &part.encode(), None)?;
        }
        self.write_note(kind::RELEASED, &released.encode(), Some(by))
    }

    pub(super) fn write_note(
        &self,
        kind: u32,
        body: &[u8],
        by: Option<&(PersonId, Held)>,
    ) -> Result<(), NodeError> {
        let mut guard = self.writer();
        let writer = &mut *guard;
        let payload = Payload::try_new(random()?, body)?;
        let mark = match by.and_then(|(_, held)| held.mark.as_ref()) {
            Some(key) => key.over(&payload.hash()).0,
            None => random()?,
        };
        let draft = Draft {
            election: self.inner.election,
            clock: writer.clock.tick(ledger_ms(now())),
            clock_quality: ClockQuality::UNKNOWN,
            area: AreaId::nation().as_str().to_owned(),
            kind,
            person: by.map(|(person, _)| person.as_str().to_owned()).unwrap_or_default(),
            role: String::new(),
            causes: Vec::new(),
            cosigners: by.iter().map(|(_, held)| held.signer.public().id()).collect(),
            extras: vec![Extra { key: EXTRA_MARK, value: mark.to_vec() }],
            payload,
        };
        let next = writer.store.next(self.inner.key.id())?;
        let header = draft.header(self.inner.key.id(), next).encode();
        let hash = entry_hash(&header.map_err(pehra_ledger::entry::SealError::from)?);
        let signed: Vec<Cosignature> = by
            .map(|(_, held)| cosign(&*held.signer, ACTOR, &hash))
            .transpose()?
            .into_iter()
            .collect();
        let entry = Entry::seal_with(&self.inner.key, &draft, next, signed)?;
        let batch = Batch {
            devices: vec![self.inner.key.public()],
            entries: vec![(entry.clone(), 0)],
            ..self.batch()
        };
        writer.store.commit(&batch)?;
        self.fold_own(writer, vec![entry]);
        drop(guard);
        self.live().publish("node", serde_json::json!({}));
        Ok(())
    }
}
