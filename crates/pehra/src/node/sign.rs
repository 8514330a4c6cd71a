//! Acts that a person's own key signs: prepared on the node, signed where the key is, sealed on the node.
//!
//! The key may lie in this process for the length of a command (`pehra --key FILE`), or far away: in a browser, on a
//! phone. Then the act comes back as [`NodeError::Unsigned`] with the headers to be signed, and the same act given
//! again with the signatures goes through. Nothing is held open meanwhile: when another act takes the place in the log,
//! the headers are made anew.

use super::{Node, NodeError, Writer, convert, ledger_ms, now, random};
use pehra_domain::{PersonId, UnixMs, progress::Cancelled};
use pehra_ledger::{
    ClockQuality, Cosignature, DeviceId, Draft, Entry, Hash, Payload, PublicKey, Signature,
    SigningKey,
    draft::Next,
    header::{Extra, entry_hash},
    roster::Roster,
    signer::{Signer, cosign},
    statement::{self, ACTOR, SECOND_PERSON},
};
use pehra_ops::{Command, Context, Decided, Refusal, RefusalCode};
use pehra_seal::{EXTRA_MARK, credential::MarkKey};
use std::{
    collections::BTreeMap,
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::Duration,
};

/// Acts that wait for a signature at most; the oldest gives way.
const DRAFTS_MAX: usize = 256;
/// An act that was not signed for so long is forgotten.
const DRAFT_MS: i64 = 10 * 60 * 1_000;
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// One header to be signed in one part. What is signed is `label ‖ SHA-256 of the header ‖ part`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignPart {
    pub part: &'static str,
    pub header: Vec<u8>,
    /// So that the signer can see what the header's hash stands for; none when it is not held here.
    pub payload: Option<Vec<u8>>,
}

/// What a person's key must sign before an act can be sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToSign {
    pub draft: String,
    pub person: PersonId,
    pub key: DeviceId,
    pub parts: Vec<SignPart>,
}

/// A person's key at hand: in this process or on a token that is plugged in.
#[derive(Clone)]
pub struct Held {
    pub signer: Arc<dyn Signer + Send + Sync>,
    /// The secret behind the marks, where the key comes from a key file.
    pub mark: Option<MarkKey>,
}

impl From<SigningKey> for Held {
    fn from(key: SigningKey) -> Self {
        Self { signer: Arc::new(key), mark: None }
    }
}

/// Who signs an act beside the device.
pub(super) enum Hand {
    /// The person has no key yet: the node attests.
    Node,
    /// The key lies in this process or on a token.
    Held(Held),
    /// The key is elsewhere.
    Away(PublicKey),
}

/// An act on its way into the log.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    pub(super) draft: Draft,
    pub(super) next: Next,
    pub(super) header: Vec<u8>,
    pub(super) hash: Hash,
}

/// What an act's headers name beside the act.
#[derive(Clone, Copy, Default)]
struct With<'a> {
    key: Option<PublicKey>,
    second: Option<&'a Cosignature>,
    mark: Option<&'a MarkKey>,
}

/// Every act of a person carries a mark, so that its presence says nothing. Without a key file it is chance.
fn mark_of(key: Option<&MarkKey>, payload: &Payload) -> Result<Extra, NodeError> {
    let value = match key {
        Some(key) => key.over(&payload.hash()).0.to_vec(),
        None => random::<16>()?.to_vec(),
    };
    Ok(Extra { key: EXTRA_MARK, value })
}

struct Waiting {
    id: String,
    person: PersonId,
    key: PublicKey,
    command: Command,
    made: UnixMs,
    asked: Asked,
    signatures: Option<Vec<Signature>>,
}

#[derive(Clone)]
enum Asked {
    /// The first person's entry, to be signed as second person.
    First { over: Hash, header: Vec<u8>, payload: Option<Vec<u8>> },
    /// The headers of the act itself; the second signature, where there is one, stands in them.
    Own { second: Option<Cosignature>, acts: Vec<Prepared> },
}

/// Keys at hand and acts that wait for keys elsewhere.
#[derive(Default)]
pub(super) struct Desk {
    held: Mutex<BTreeMap<PersonId, Held>>,
    /// The key that each person used last.
    chosen: Mutex<BTreeMap<PersonId, DeviceId>>,
    drafts: Mutex<Vec<Waiting>>,
    signed: Condvar,
    /// The enrolment office's key, as long as somebody has opened it here.
    pub(super) office: Mutex<Option<(String, Arc<SigningKey>)>>,
}

impl Desk {
    fn drafts(&self) -> std::sync::MutexGuard<'_, Vec<Waiting>> {
        self.drafts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Node {
    /// Keeps a person's key at hand until this process ends.
    pub fn hold(&self, person: PersonId, key: impl Into<Held>) {
        let mut held = self.inner.desk.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.insert(person, key.into());
    }

    /// The person whose key lies in this process, if there is one.
    #[must_use]
    pub fn holder(&self) -> Option<PersonId> {
        let held = self.inner.desk.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.keys().next().cloned()
    }

    /// Says which of their keys a person has at hand.
    pub fn choose_key(&self, person: &PersonId, key: DeviceId) {
        let mut chosen = self.inner.desk.chosen.lock().unwrap_or_else(PoisonError::into_inner);
        chosen.insert(person.clone(), key);
    }

    pub(super) fn hand(
        &self,
        roster: &Roster,
        person: &PersonId,
        at: UnixMs,
    ) -> Result<Hand, NodeError> {
        let at_ms = ledger_ms(at);
        if !roster.person_has_key(person.as_str(), at_ms) {
            return Ok(Hand::Node);
        }
        let good: Vec<PublicKey> = roster
            .person(person.as_str())
            .filter(|one| roster.stands(one))
            .filter(|one| (one.body.not_before_ms..=one.body.not_after_ms).contains(&at_ms))
            .map(|one| one.body.key)
            .collect();
        let held = self.inner.desk.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = held.get(person).filter(|key| good.contains(&key.signer.public())) {
            return Ok(Hand::Held(key.clone()));
        }
        drop(held);
        let chosen = self.inner.desk.chosen.lock().unwrap_or_else(PoisonError::into_inner);
        let chosen = chosen.get(person).copied();
        let at_hand = good.iter().find(|key| Some(key.id()) == chosen).or_else(|| good.first());
        let key = at_hand.ok_or_else(|| Refusal::of(RefusalCode::OwnKeyNeeded, person))?;
        Ok(Hand::Away(*key))
    }

    /// Seals decided events with whoever must sign them.
    pub(super) fn seal(
        &self,
        writer: &mut Writer,
        context: &Context,
        command: &Command,
        decided: &[Decided],
        hand: Hand,
    ) -> Result<Vec<Entry>, NodeError> {
        match hand {
            Hand::Node => {
                let with = With::default();
                let acts = self.prepare(writer, context, decided, with)?;
                self.finish(acts, |_| Vec::new())
            }
            Hand::Held(key) => {
                let signer = &*key.signer;
                let second = match first_of(writer, decided)? {
                    Some(first) => Some(cosign(signer, SECOND_PERSON, &first.hash())?),
                    None => None,
                };
                let with = With {
                    key: Some(signer.public()),
                    second: second.as_ref(),
                    mark: key.mark.as_ref(),
                };
                let acts = self.prepare(writer, context, decided, with)?;
                let mut signatures = Vec::with_capacity(acts.len());
                for act in &acts {
                    signatures.push(cosign(signer, ACTOR, &act.hash)?);
                }
                let mut signatures = signatures.into_iter();
                self.finish(acts, |_| signatures.next().into_iter().collect())
            }
            Hand::Away(key) => self.seal_away(writer, context, command, decided, key),
        }
    }

    /// Seals events of which none approves another person's act from a place of the log on; answers the place after them.
    pub(super) fn seal_from(
        &self,
        writer: &mut Writer,
        next: Next,
        context: &Context,
        decided: &[Decided],
        hand: &Hand,
    ) -> Result<(Vec<Entry>, Next), NodeError> {
        let key = match hand {
            Hand::Node => None,
            Hand::Held(key) => Some(key),
            Hand::Away(_) => {
                return Err(Refusal::of(RefusalCode::OwnKeyNeeded, &context.actor.person).into());
            }
        };
        let with = With {
            key: key.map(|key| key.signer.public()),
            second: None,
            mark: key.and_then(|key| key.mark.as_ref()),
        };
        let acts = self.prepare_from(writer, next, context, decided, with)?;
        let after = acts.last().map_or(next, |last| Next {
            epoch: last.next.epoch,
            seq: last.next.seq + 1,
            previous: last.hash,
        });
        let mut signatures = Vec::with_capacity(acts.len());
        for act in &acts {
            signatures.push(match key {
                Some(key) => vec![cosign(&*key.signer, ACTOR, &act.hash)?],
                None => Vec::new(),
            });
        }
        let mut signatures = signatures.into_iter();
        let entries = self.finish(acts, |_| signatures.next().unwrap_or_default())?;
        Ok((entries, after))
    }

    fn finish(
        &self,
        acts: Vec<Prepared>,
        mut signatures: impl FnMut(&Prepared) -> Vec<Cosignature>,
    ) -> Result<Vec<Entry>, NodeError> {
        let seal = |act: Prepared| {
            let cosignatures = signatures(&act);
            Ok(Entry::seal_with(&self.inner.key, &act.draft, act.next, cosignatures)?)
        };
        acts.into_iter().map(seal).collect()
    }

    /// The headers that an act will have at the end of this node's log.
    fn prepare(
        &self,
        writer: &mut Writer,
        context: &Context,
        decided: &[Decided],
        with: With<'_>,
    ) -> Result<Vec<Prepared>, NodeError> {
        let next = writer.store.next(self.inner.key.id())?;
        self.prepare_from(writer, next, context, decided, with)
    }

    /// The headers that an act will have from a place of this node's log on.
    fn prepare_from(
        &self,
        writer: &mut Writer,
        mut next: Next,
        context: &Context,
        decided: &[Decided],
        With { key, second, mark }: With<'_>,
    ) -> Result<Vec<Prepared>, NodeError> {
        let mut acts = Vec::with_capacity(decided.len());
        for one in decided {
            let mut causes = Vec::with_capacity(one.supersedes.len());
            for &at in &one.supersedes {
                if let Some(stored) = writer.store.entry(convert::place(at))? {
                    causes.push(convert::supersedes(stored.entry.reference()));
                }
            }
            let payload = Payload::try_new(random()?, &one.event.encode())?;
            let draft = Draft {
                election: self.inner.election,
                clock: writer.clock.tick(ledger_ms(context.at)),
                clock_quality: ClockQuality::UNKNOWN,
                area: one.area.as_str().to_owned(),
                kind: one.event.kind(),
                person: context.actor.person.as_str().to_owned(),
                role: context.actor.role.as_str().to_owned(),
                causes,
                cosigners: key.iter().map(PublicKey::id).collect(),
                extras: second
                    .iter()
                    .map(|second| statement::second_person(second))
                    .chain([mark_of(mark, &payload)?])
                    .collect(),
                payload,
            };
            let header = draft.header(self.inner.key.id(), next).encode();
            let header = header.map_err(pehra_ledger::entry::SealError::from)?;
            let hash = entry_hash(&header);
            acts.push(Prepared { draft, next, header, hash });
            next = Next { epoch: next.epoch, seq: next.seq + 1, previous: hash };
        }
        Ok(acts)
    }

    /// Seals with a key that is elsewhere, as soon as its signatures have come.
    fn seal_away(
        &self,
        writer: &mut Writer,
        context: &Context,
        command: &Command,
        decided: &[Decided],
        key: PublicKey,
    ) -> Result<Vec<Entry>, NodeError> {
        let person = &context.actor.person;
        let found = {
            let mut drafts = self.inner.desk.drafts();
            let same =
                |one: &Waiting| one.person == *person && one.key == key && one.command == *command;
            let at = drafts.iter().position(same);
            at.map(|at| drafts.remove(at))
        };
        let mut second = None;
        match found.and_then(|one| one.signatures.map(|signatures| (one.asked, signatures))) {
            Some((Asked::First { over, .. }, signatures)) => {
                let given = signatures.first().copied();
                second = given.map(|signature| Cosignature {
                    key,
                    part: SECOND_PERSON.to_owned(),
                    signature,
                });
                second = second.filter(|second| second.holds(&over));
            }
            Some((Asked::Own { second: kept, acts }, signatures)) => {
                if let Some(entries) = self.sealed(writer, key, decided, acts, &signatures)? {
                    return Ok(entries);
                }
                second = kept;
            }
            None => {}
        }
        let first = first_of(writer, decided)?;
        let asked = match (first, second) {
            (Some(first), None) => Asked::First {
                over: first.hash(),
                header: first.header_bytes().to_vec(),
                payload: first.payload().map(|payload| payload.bytes().to_vec()),
            },
            (_, second) => {
                let with = With { key: Some(key), second: second.as_ref(), mark: None };
                let acts = self.prepare(writer, context, decided, with)?;
                Asked::Own { second, acts }
            }
        };
        Err(self.ask(person, key, command, asked)?)
    }

    /// The entries, if the signatures are right and nobody took their place in the log.
    fn sealed(
        &self,
        writer: &Writer,
        key: PublicKey,
        decided: &[Decided],
        acts: Vec<Prepared>,
        signatures: &[Signature],
    ) -> Result<Option<Vec<Entry>>, NodeError> {
        let next = writer.store.next(self.inner.key.id())?;
        let in_place = acts.first().is_some_and(|act| act.next == next);
        let same = acts.len() == decided.len()
            && acts.iter().zip(decided).all(|(act, one)| {
                act.draft.kind == one.event.kind()
                    && act.draft.payload.body() == one.event.encode()
                    && act.draft.area == one.area.as_str()
            });
        if !in_place || !same || signatures.len() != acts.len() {
            return Ok(None);
        }
        let sign = |(act, &signature): (&Prepared, &Signature)| {
            let cosignature = Cosignature { key, part: ACTOR.to_owned(), signature };
            cosignature.holds(&act.hash).then_some(cosignature)
        };
        let Some(all) = acts.iter().zip(signatures).map(sign).collect::<Option<Vec<_>>>() else {
            return Ok(None);
        };
        let mut all = all.into_iter();
        self.finish(acts, |_| all.next().into_iter().collect()).map(Some)
    }

    fn ask(
        &self,
        person: &PersonId,
        key: PublicKey,
        command: &Command,
        asked: Asked,
    ) -> Result<NodeError, NodeError> {
        let id: String = random::<16>()?.iter().map(|byte| format!("{byte:02x}")).collect();
        let made = now();
        let waiting = Waiting {
            id,
            person: person.clone(),
            key,
            command: command.clone(),
            made,
            asked,
            signatures: None,
        };
        let to_sign = waiting.to_sign();
        let mut drafts = self.inner.desk.drafts();
        drafts.retain(|one| made.0 - one.made.0 < DRAFT_MS);
        if drafts.len() >= DRAFTS_MAX {
            drafts.remove(0);
        }
        drafts.push(waiting);
        Ok(NodeError::Unsigned(Box::new(to_sign)))
    }

    /// Gives the signatures that an act waits for; answers whether such an act of this person waits.
    pub fn deposit(&self, person: &PersonId, draft: &str, signatures: Vec<Signature>) -> bool {
        let mut drafts = self.inner.desk.drafts();
        let found = drafts.iter_mut().find(|one| one.id == draft && one.person == *person);
        let Some(found) = found else { return false };
        found.signatures = Some(signatures);
        drop(drafts);
        self.inner.desk.signed.notify_all();
        true
    }

    /// Acts of a person that wait for their key.
    #[must_use]
    pub fn unsigned(&self, person: &PersonId) -> Vec<ToSign> {
        let drafts = self.inner.desk.drafts();
        let open = |one: &&Waiting| one.person == *person && one.signatures.is_none();
        drafts.iter().filter(open).map(Waiting::to_sign).collect()
    }

    /// Waits until the signatures of an act have come; `go_on` is asked five times a second.
    ///
    /// # Errors
    /// [`NodeError::Cancelled`] when `go_on` says no; [`NodeError::Refused`] when nobody signed in time.
    pub(super) fn await_signature(
        &self,
        to_sign: &ToSign,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<(), NodeError> {
        let desk = &self.inner.desk;
        loop {
            let drafts = desk.drafts();
            match drafts.iter().find(|one| one.id == to_sign.draft) {
                Some(one) if one.signatures.is_some() => return Ok(()),
                Some(one) if now().0 - one.made.0 < DRAFT_MS => {}
                Some(_) | None => {
                    return Err(Refusal::of(RefusalCode::OwnKeyNeeded, &to_sign.person).into());
                }
            }
            let waited = desk.signed.wait_timeout(drafts, LOOK_EVERY);
            drop(waited.unwrap_or_else(PoisonError::into_inner));
            // Whoever is asked may look at the drafts themselves.
            if !go_on() {
                desk.drafts().retain(|one| one.id != to_sign.draft);
                return Err(NodeError::Cancelled(Cancelled));
            }
        }
    }
}

impl Waiting {
    fn to_sign(&self) -> ToSign {
        let parts = match &self.asked {
            Asked::First { header, payload, .. } => {
                vec![SignPart {
                    part: SECOND_PERSON,
                    header: header.clone(),
                    payload: payload.clone(),
                }]
            }
            Asked::Own { acts, .. } => acts
                .iter()
                .map(|act| SignPart {
                    part: ACTOR,
                    header: act.header.clone(),
                    payload: Some(act.draft.payload.bytes().to_vec()),
                })
                .collect(),
        };
        ToSign { draft: self.id.clone(), person: self.person.clone(), key: self.key.id(), parts }
    }
}

/// The first person's entry that an act approves.
fn first_of(writer: &Writer, decided: &[Decided]) -> Result<Option<Entry>, NodeError> {
    let first = decided.iter().find_map(|one| one.event.approves());
    let Some(first) = first else { return Ok(None) };
    let stored = writer.store.entry(convert::place(first))?;
    let stored = stored.ok_or_else(|| Refusal::of(RefusalCode::NotKnown, first))?;
    Ok(Some(stored.entry))
}
