//! From verified entries to the state: each device's order and every cause before what follows from it, and each
//! entry judged by what it says, its certificates and what it causally follows, so that every node that holds the same
//! entries comes to the same state, in whatever order they arrived.

use super::{Withheld, convert, intake::Reason, key::Former};
use pehra_domain::{AreaId, PersonId, UnixMs, role::Role};
use pehra_ledger::{
    DeviceId, Entry, Hash, Hlc, Place,
    certificate::CertificateBody,
    genesis,
    roster::{Act, Roster, Standing as DeviceStanding},
    statement::{self, OWN_KINDS_END},
};
use pehra_ops::{
    Event, Holding, Keys, Refusal, RefusalCode, Rules, Stamped, Standing, State, authorise,
    election::Event::{Opened, Settled},
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

type Log = (DeviceId, u32);

/// What entries are judged by.
pub(super) struct Judge<'a> {
    pub(super) rules: &'a Rules,
    pub(super) roster: &'a Roster,
    pub(super) own: Own<'a>,
    pub(super) held: &'a dyn Fn(Place) -> Option<HeldAt>,
}

/// Under which keys this node has written.
#[derive(Clone, Copy)]
pub(super) struct Own<'a> {
    pub(super) device: DeviceId,
    pub(super) former: &'a Former,
}

/// What is held at a place.
#[derive(Clone, Copy)]
pub(super) struct HeldAt {
    pub(super) hash: Hash,
    pub(super) clock_ms: u64,
}

/// Everything that was folded, and what waits.
#[derive(Clone, Debug, Default)]
pub(super) struct Fold {
    pub(super) state: State,
    pub(super) withheld: Vec<Withheld>,
    /// The newest time that this device wrote.
    pub(super) newest: Hlc,
    /// The next place of each log.
    next: BTreeMap<Log, u64>,
    /// Entries whose causes are not here yet, each log in its own order.
    waiting: BTreeMap<Log, VecDeque<Entry>>,
    /// The first place of each log that two signed entries claim.
    forked: BTreeMap<Log, u64>,
    /// The latest time that each log has told so far: a clock that goes back does not undo what was owed by then.
    told: BTreeMap<Log, u64>,
    /// When anybody acted last.
    acted_last: u64,
    /// Deposited credentials and their release.
    pub(super) notes: Vec<super::release::Note>,
    /// How far orders came.
    pub(super) ways: super::order::Ways,
    /// Who has carried out which deletion.
    pub(super) answers: super::deletion::Answers,
    /// Entries whose payload is not here: what follows from one is judged again, its own device's word too.
    absent: BTreeSet<Place>,
    /// Where entries without effect stand, and why.
    without_effect: BTreeMap<Place, String>,
}

/// What became of an entry.
#[derive(Debug)]
pub(super) enum Outcome {
    Effective,
    WithoutEffect(String),
    /// What it follows from has not arrived.
    Waits,
}

impl Fold {
    /// Begins with the forks that are known: what stands at or after one has no effect.
    pub(super) fn new(forked: BTreeMap<Log, u64>) -> Self {
        Self { forked, ..Self::default() }
    }

    /// Takes an entry in the order of its log.
    pub(super) fn take(&mut self, entry: Entry, judge: &Judge<'_>) -> Outcome {
        let log = log_of(&entry);
        if self.waiting.contains_key(&log) || !self.is_ready(&entry) {
            self.waiting.entry(log).or_default().push_back(entry);
            return Outcome::Waits;
        }
        let outcome = self.fold(&entry, judge);
        if !self.waiting.is_empty() {
            self.wake(judge);
        }
        outcome
    }

    /// Whether a log is known to fork somewhere.
    pub(super) fn is_forked(&self, log: Log) -> bool {
        self.forked.contains_key(&log)
    }

    /// What became of an entry that was taken.
    pub(super) fn outcome(&self, place: Place) -> Outcome {
        let log = (place.device, place.epoch);
        if self.next.get(&log).is_none_or(|&next| next <= place.seq) {
            return Outcome::Waits;
        }
        match self.without_effect.get(&place) {
            Some(why) => Outcome::WithoutEffect(why.clone()),
            None => Outcome::Effective,
        }
    }

    /// Whether anything of a device was folded.
    pub(super) fn knows_device(&self, device: DeviceId) -> bool {
        self.next.range((device, 0)..=(device, u32::MAX)).next().is_some()
    }

    /// Whether anybody has acted at a moment or after it.
    pub(super) fn has_acted_since(&self, since_ms: u64) -> bool {
        self.acted_last >= since_ms
    }

    /// Entries that wait for what they follow from.
    pub(super) fn waiting(&self) -> impl Iterator<Item = &Entry> {
        self.waiting.values().flatten()
    }

    fn is_ready(&self, entry: &Entry) -> bool {
        let own = log_of(entry);
        entry.header().causes.iter().all(|cause| {
            let place = cause.entry.place;
            let log = (place.device, place.epoch);
            log == own || self.next.get(&log).is_some_and(|&next| place.seq < next)
        })
    }

    /// Folds what has become ready, until nothing more does.
    fn wake(&mut self, judge: &Judge<'_>) {
        loop {
            let ready = self
                .waiting
                .iter()
                .find(|(_, entries)| entries.front().is_some_and(|entry| self.is_ready(entry)))
                .map(|(log, _)| *log);
            let Some(log) = ready else { return };
            let Some(entries) = self.waiting.get_mut(&log) else { return };
            let entry = entries.pop_front();
            if entries.is_empty() {
                self.waiting.remove(&log);
            }
            if let Some(entry) = entry {
                self.fold(&entry, judge);
            }
        }
    }

    fn fold(&mut self, entry: &Entry, judge: &Judge<'_>) -> Outcome {
        let (header, log) = (entry.header(), log_of(entry));
        self.next.insert(log, header.place.seq + 1);
        if header.place.device == judge.own.device {
            self.newest = self.newest.max(header.clock);
        }
        if header.kind < OWN_KINDS_END {
            self.note(entry);
            if header.kind == pehra_link::receipt::RECEIPT && judge.is_good(entry) {
                self.ways.device(entry);
            }
            if header.kind == statement::CARRIED_OUT && judge.is_good(entry) {
                self.answers.take(entry);
            }
            return Outcome::Effective;
        }
        if entry.payload().is_none() {
            self.absent.insert(header.place);
        }
        self.acted_last = self.acted_last.max(header.clock.ms);
        let told = self.told.entry(log).or_default();
        *told = header.clock.ms.max(*told);
        let told = *told;
        let follows_absent =
            header.causes.iter().any(|cause| self.absent.contains(&cause.entry.place));
        let forked = self.forked.get(&log).is_some_and(|&at| header.place.seq >= at);
        let judged = if forked {
            Err(Reason::Forked)
        } else {
            judge.entry(entry, told, (&self.state, follows_absent))
        };
        match judged {
            Ok(stamped) => {
                if let Event::Deletion(pehra_ops::deletion::Event::Ordered(_)) = &stamped.event {
                    self.answers.name(stamped.at, entry);
                }
                self.state.evolve(&stamped);
                self.ways.act(entry, &stamped);
                Outcome::Effective
            }
            Err(reason) => {
                self.withheld.push(withheld(entry, &reason));
                self.without_effect.insert(header.place, reason.english());
                Outcome::WithoutEffect(reason.english())
            }
        }
    }
}

pub(super) fn log_of(entry: &Entry) -> Log {
    let place = entry.header().place;
    (place.device, place.epoch)
}

impl Judge<'_> {
    /// Whether an entry that is signed and in place takes effect on this state.
    /// `told_ms` is the latest time that its log has told. With the state comes whether the entry follows from one whose
    /// payload is not here.
    pub(super) fn entry(
        &self,
        entry: &Entry,
        told_ms: u64,
        (state, follows_absent): (&State, bool),
    ) -> Result<Stamped, Reason> {
        let mut stamped = convert::stamped(entry).map_err(Reason::Unfolded)?;
        self.keys(entry, told_ms, &mut stamped)?;
        let place = entry.header().place;
        if place.device == self.own.device || self.own.former.wrote(place) {
            // It was authorised before it was sealed, by what was true then. Where that was deleted since, it stands or
            // falls with it, here as on every other node.
            if follows_absent {
                authorise::follows(state, &stamped).map_err(Reason::Refused)?;
            }
            return Ok(stamped);
        }
        let standing = self.roster.standing(&Act::of(entry.header(), entry.hash()));
        if standing != DeviceStanding::Good {
            return Err(Reason::Device(standing));
        }
        if let Event::Election(Opened(election) | Settled { election, .. }) = &stamped.event
            && genesis::election_name(&election.id) != entry.header().election
        {
            let refusal = Refusal::of(RefusalCode::NatureMixed, &election.id);
            return Err(Reason::Refused(refusal));
        }
        let standing = self.certified(entry);
        authorise::remote(self.rules, &standing, state, &stamped).map_err(Reason::Refused)?;
        Ok(stamped)
    }

    /// Whether the device that wrote an entry may speak at all.
    fn is_good(&self, entry: &Entry) -> bool {
        let place = entry.header().place;
        place.device == self.own.device
            || self.own.former.wrote(place)
            || self.roster.standing(&Act::of(entry.header(), entry.hash())) == DeviceStanding::Good
    }

    /// Which persons' keys stand behind an entry. Once a person has a key, no device stands in for them.
    ///
    /// Keys are owed by the latest time that can be known of the act: its own, any that its log told before, and that of
    /// the first person's entry. Whoever holds a device cannot go back to the days before a key.
    fn keys(&self, entry: &Entry, told_ms: u64, stamped: &mut Stamped) -> Result<(), Reason> {
        let header = entry.header();
        let first = stamped.event.approves();
        let first_held = first.and_then(|first| (self.held)(convert::place(first)));
        let at_ms = first_held.map_or(told_ms, |first| first.clock_ms.max(told_ms));
        let act = Act::of(header, entry.hash());
        let signed = |part: &'static str| {
            entry.cosignatures().iter().filter(move |one| one.part == part).map(|one| one.key.id())
        };
        let own_key =
            signed(statement::ACTOR).find(|&key| self.is_key_of(key, header.person.as_str()));
        stamped.attested_by_node = own_key.is_none();
        let owes = || self.roster.person_owes_key(&header.person, &header.area, at_ms);
        match own_key.map(|key| self.roster.cosigner_standing(key, &act)) {
            Some(standing) if standing != DeviceStanding::Good => {
                return Err(Reason::Person(standing));
            }
            None if owes() => return Err(Reason::KeyOwed),
            Some(_) | None => {}
        }
        stamped.cosigners = signed(statement::SECOND_PERSON)
            .filter(|&key| self.roster.cosigner_standing(key, &act) == DeviceStanding::Good)
            .filter_map(|key| self.person_of(key))
            .collect();
        let Some(first) = first else { return Ok(()) };
        let since = self.roster.keys_since(&header.area);
        stamped.keys = Keys {
            required: since.is_some_and(|since| since <= at_ms),
            second_over: Some(first).filter(|_| {
                let value = header.extra(statement::EXTRA_SECOND);
                let second = first_held
                    .zip(value)
                    .and_then(|(over, value)| statement::second_person_over(value, &over.hash));
                second.is_some_and(|second| {
                    let key = second.key.id();
                    self.is_key_of(key, &header.person)
                        && self.roster.cosigner_standing(key, &act) == DeviceStanding::Good
                })
            }),
        };
        Ok(())
    }

    fn is_key_of(&self, key: DeviceId, person: &str) -> bool {
        self.roster.person(person).any(|certificate| certificate.body.key.id() == key)
    }

    fn person_of(&self, key: DeviceId) -> Option<PersonId> {
        let certificate = self.roster.certificates(key).next()?;
        PersonId::try_new(certificate.body.name.as_str()).ok()
    }

    /// What the device may act as, by its certificates alone: every node comes to the same answer.
    fn certified(&self, entry: &Entry) -> Standing {
        let device = entry.header().place.device;
        let of = |body: &CertificateBody| holdings(body);
        Standing {
            holdings: self.roster.certificates(device).flat_map(|it| of(&it.body)).collect(),
        }
    }
}

/// What a certificate lets its holder act as.
pub(super) fn holdings(body: &CertificateBody) -> Vec<Holding> {
    let moment = |ms: u64| UnixMs(i64::try_from(ms).unwrap_or(i64::MAX));
    let holding = |role: &String| {
        Some(Holding {
            role: Role::try_new(role.as_str()).ok()?,
            area: AreaId::try_new(body.area.as_str()).ok()?,
            from: moment(body.not_before_ms),
            until: moment(body.not_after_ms.saturating_add(1)),
        })
    };
    body.roles.iter().filter_map(holding).collect()
}

/// An entry without effect, as a person is shown it.
pub(super) fn withheld(entry: &Entry, reason: &Reason) -> Withheld {
    let header = entry.header();
    Withheld {
        place: header.place,
        person: header.person.clone(),
        role: header.role.clone(),
        area: header.area.clone(),
        kind: header.kind,
        about_guards: super::record::about_guards(entry),
        at: convert::wall(header.clock),
        reason_en: reason.english(),
        reason_ur: reason.urdu(),
        refused: match reason {
            Reason::Refused(refusal) => Some(refusal.code),
            Reason::KeyOwed => Some(RefusalCode::OwnKeyNeeded),
            Reason::Device(_)
            | Reason::Person(_)
            | Reason::Forked
            | Reason::Waits
            | Reason::Unfolded(_) => None,
        },
    }
}
