//! What is on record about draws, folded in any order.

use super::{Dealt, Event, On, Opening, Stage};
use crate::{
    conflict::{self, Conflict, ConflictKind, Describe, Noun, Side},
    register::{Reading, Register},
    stamp::{EventRef, Hash32, Mark, Stamped},
};
use minicbor::{Decode, Encode};
use pehra_domain::AreaId;
use std::collections::{BTreeMap, BTreeSet};

/// What a party said before any secret was shown.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Commitment {
    #[n(0)]
    pub digest: Hash32,
    #[n(1)]
    pub shares: Vec<Dealt>,
}

impl Describe for Commitment {
    fn word(&self) -> &'static str {
        "committed"
    }
    fn detail(&self) -> String {
        self.digest.to_string()
    }
}

/// What a stage gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Outcome {
    #[n(0)]
    pub seed: Hash32,
    /// Of the roster's canonical bytes.
    #[n(1)]
    pub roster: Hash32,
}

impl Describe for Outcome {
    fn word(&self) -> &'static str {
        "drawn"
    }
    fn detail(&self) -> String {
        self.roster.to_string()
    }
}

/// A replacement, which the parties alone can open.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Sealed(
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    pub Vec<u8>,
);

impl Describe for Sealed {
    fn word(&self) -> &'static str {
        "replaced"
    }
}

/// A secret as somebody gave it, and over which commitments.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Told {
    #[n(0)]
    pub party: u8,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub secret: [u8; 32],
    #[n(2)]
    pub over: Vec<Hash32>,
    /// The others put it together.
    #[n(3)]
    pub recovered: bool,
    #[n(4)]
    pub mark: Mark,
}

/// A share that was shown because a secret is withheld.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Shown {
    #[n(0)]
    pub from: u8,
    #[n(1)]
    pub to: u8,
    #[n(2)]
    pub number: u8,
    #[n(3)]
    #[cbor(with = "minicbor::bytes")]
    pub share: [u8; 32],
    #[n(4)]
    pub over: Vec<Hash32>,
    #[n(5)]
    pub mark: Mark,
}

/// That a stage be opened.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Proposal {
    #[n(0)]
    pub on: On,
    #[n(1)]
    pub subject: Hash32,
    #[n(2)]
    pub mark: Mark,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
struct StageRecord {
    /// By the entry that opened the stage: the proposal that it answers, and who answered.
    #[n(0)]
    opened: BTreeMap<EventRef, (EventRef, Mark)>,
    #[n(1)]
    commitments: BTreeMap<u8, Register<Commitment>>,
    #[n(2)]
    told: BTreeMap<EventRef, Told>,
    #[n(3)]
    shown: BTreeMap<EventRef, Shown>,
    #[n(4)]
    drawn: Register<Outcome>,
}

/// All that is known of one draw.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Record {
    /// None as long as only what follows from it has arrived.
    #[n(0)]
    opened: Option<(Opening, Mark)>,
    #[n(1)]
    keys: BTreeMap<u8, BTreeMap<EventRef, ([u8; 32], i64)>>,
    #[n(2)]
    stages: BTreeMap<Stage, StageRecord>,
    #[n(3)]
    replaced: BTreeMap<u32, Register<Sealed>>,
    #[n(4)]
    withdrawn: BTreeMap<EventRef, (Mark, String)>,
}

/// How far a stage has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Unknown,
    /// Nobody has proposed to open it.
    Waiting,
    /// A second person has not opened it.
    Proposed,
    /// Somebody has not committed.
    Committing,
    /// All have committed and a secret is missing.
    Revealing,
    /// All secrets are there.
    Known,
    Drawn,
    Disputed,
    Withdrawn,
}

impl Phase {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Waiting => "waiting",
            Self::Proposed => "proposed",
            Self::Committing => "committing",
            Self::Revealing => "revealing",
            Self::Known => "known",
            Self::Drawn => "drawn",
            Self::Disputed => "disputed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Record {
    #[must_use]
    pub fn opening(&self) -> Option<&(Opening, Mark)> {
        self.opened.as_ref()
    }

    /// The key to which shares for a party are sealed: of several the latest, by the clock and then by name.
    #[must_use]
    pub fn key(&self, party: u8) -> Option<&[u8; 32]> {
        let latest = self.keys.get(&party)?.iter().max_by_key(|(at, (_, clock))| (*clock, **at));
        latest.map(|(_, (key, _))| key)
    }

    #[must_use]
    pub fn all_joined(&self) -> bool {
        let count = self.opened.as_ref().map_or(0, |(opening, _)| opening.parties.len());
        (0..).take(count).all(|party| self.key(party).is_some())
    }

    fn stage(&self, stage: Stage) -> Option<&StageRecord> {
        self.stages.get(&stage)
    }

    /// The entry by which a stage was opened, and who signed second: the first that is known.
    #[must_use]
    pub fn opened_by(&self, stage: Stage) -> Option<(EventRef, EventRef, &Mark)> {
        let all = self.stage(stage)?.opened.iter();
        let first = all.min_by_key(|(at, (_, mark))| (mark.clock_ms, **at));
        first.map(|(at, (proposal, mark))| (*at, *proposal, mark))
    }

    /// What a party committed to; none while it has not, or said two things.
    #[must_use]
    pub fn commitment(&self, stage: Stage, party: u8) -> Option<&Commitment> {
        self.stage(stage)?.commitments.get(&party)?.agreed()
    }

    pub(crate) fn commitment_refs(&self, stage: Stage, party: u8) -> Vec<EventRef> {
        let register = self.stage(stage).and_then(|stage| stage.commitments.get(&party));
        register.map(Register::refs).unwrap_or_default()
    }

    #[must_use]
    pub fn is_disputed(&self, stage: Stage, party: u8) -> bool {
        let register = self.stage(stage).and_then(|stage| stage.commitments.get(&party));
        register.is_some_and(Register::is_disputed)
    }

    /// What every party committed to, in their order, once all have.
    #[must_use]
    pub fn digests(&self, stage: Stage) -> Option<Vec<Hash32>> {
        let (opening, _) = self.opened.as_ref()?;
        let one = |(party, _)| Some(self.commitment(stage, party)?.digest);
        opening.numbered().map(one).collect()
    }

    /// Secrets given over the commitments that stand. More than one of a party: it gave a wrong one, or the others put
    /// it together as well.
    pub fn told(&self, stage: Stage) -> impl Iterator<Item = &Told> {
        let digests = self.digests(stage);
        let all = self.stage(stage).into_iter().flat_map(|stage| stage.told.values());
        all.filter(move |told| digests.as_ref() == Some(&told.over))
    }

    /// Secrets over other commitments than those that stand now: somebody changed what they had committed to.
    #[must_use]
    pub fn told_over_others(&self, stage: Stage) -> usize {
        let digests = self.digests(stage);
        let all = self.stage(stage).into_iter().flat_map(|stage| stage.told.values());
        all.filter(|told| digests.as_ref() != Some(&told.over)).count()
    }

    /// Shares shown over the commitments that stand.
    pub fn shown(&self, stage: Stage) -> impl Iterator<Item = &Shown> {
        let digests = self.digests(stage);
        let all = self.stage(stage).into_iter().flat_map(|stage| stage.shown.values());
        all.filter(move |shown| digests.as_ref() == Some(&shown.over))
    }

    #[must_use]
    pub fn outcome(&self, stage: Stage) -> Option<&Outcome> {
        self.stage(stage)?.drawn.agreed()
    }

    pub(crate) fn outcome_refs(&self, stage: Stage) -> Vec<EventRef> {
        self.stage(stage).map(|stage| stage.drawn.refs()).unwrap_or_default()
    }

    /// What the commitments of a stage are about, and the entry that says so; none before the stage before is drawn.
    #[must_use]
    pub fn subject(&self, stage: Stage) -> Option<(Hash32, Option<EventRef>)> {
        let Some(before) = stage.before() else {
            return self.opened.as_ref().map(|(opening, _)| (opening.input, None));
        };
        let after = self.outcome_refs(before).first().copied()?;
        self.outcome(before).map(|outcome| (outcome.roster, Some(after)))
    }

    /// Replacements in their order, as far as each is agreed.
    pub fn replaced(&self) -> impl Iterator<Item = (u32, &Sealed)> {
        let all = self.replaced.iter().map(|(number, one)| (*number, one.agreed()));
        (1_u32..).zip(all).map_while(|(due, (number, one))| (due == number).then_some((due, one?)))
    }

    /// The number of the next replacement, and what it supersedes: one that was decided apart is decided again.
    pub(crate) fn next_replacement(&self) -> (u32, Vec<EventRef>) {
        let number = u32::try_from(self.replaced().count()).unwrap_or(u32::MAX).saturating_add(1);
        (number, self.replaced.get(&number).map(Register::refs).unwrap_or_default())
    }

    #[must_use]
    pub fn withdrawn(&self) -> Option<(&Mark, &str)> {
        let first = self.withdrawn.iter().min_by_key(|(at, (mark, _))| (mark.clock_ms, **at));
        first.map(|(_, (mark, reason))| (mark, reason.as_str()))
    }

    #[must_use]
    pub fn stands(&self) -> bool {
        self.opened.is_some() && self.withdrawn.is_empty()
    }

    fn phase(&self, stage: Stage, proposed: bool) -> Phase {
        let Some((opening, _)) = &self.opened else { return Phase::Unknown };
        if !self.withdrawn.is_empty() {
            return Phase::Withdrawn;
        }
        let Some(found) = self.stage(stage) else {
            return if proposed { Phase::Proposed } else { Phase::Waiting };
        };
        match found.drawn.reading() {
            Reading::Agreed(_) => return Phase::Drawn,
            Reading::Disputed => return Phase::Disputed,
            Reading::Empty => {}
        }
        if found.commitments.values().any(Register::is_disputed) {
            return Phase::Disputed;
        }
        if found.opened.is_empty() {
            return if proposed { Phase::Proposed } else { Phase::Waiting };
        }
        if self.digests(stage).is_none() {
            return Phase::Committing;
        }
        let told: BTreeSet<u8> = self.told(stage).map(|told| told.party).collect();
        if opening.numbered().all(|(party, _)| told.contains(&party)) {
            Phase::Known
        } else {
            Phase::Revealing
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Draws {
    #[n(0)]
    records: BTreeMap<EventRef, Record>,
    #[n(1)]
    proposals: BTreeMap<EventRef, Proposal>,
    /// By the entry that opened a stage: the proposal that it answers.
    #[n(2)]
    openings: BTreeMap<EventRef, EventRef>,
    /// Every outcome ever written down, superseded or not: what a later stage follows from.
    #[n(3)]
    outcomes: BTreeMap<EventRef, (On, Outcome)>,
}

impl Draws {
    /// A draw that is here.
    #[must_use]
    pub fn get(&self, draw: EventRef) -> Option<&Record> {
        self.records.get(&draw).filter(|record| record.opened.is_some())
    }

    /// Every draw that is here.
    pub fn all(&self) -> impl Iterator<Item = (EventRef, &Record, &Opening, &Mark)> {
        self.records.iter().filter_map(|(at, record)| {
            let (opening, mark) = record.opened.as_ref()?;
            Some((*at, record, opening, mark))
        })
    }

    /// Draws of an area that nobody withdrew.
    pub fn standing(&self, area: &AreaId) -> impl Iterator<Item = (EventRef, &Record, &Opening)> {
        self.all()
            .filter(move |(_, record, _, mark)| record.stands() && mark.area == *area)
            .map(|(at, record, opening, _)| (at, record, opening))
    }

    #[must_use]
    pub fn phase(&self, on: On) -> Phase {
        let proposed = self.proposals.values().any(|proposal| proposal.on == on);
        self.records.get(&on.draw).map_or(Phase::Unknown, |record| record.phase(on.stage, proposed))
    }

    /// The stage that comes next; none when all are drawn.
    #[must_use]
    pub fn next(&self, draw: EventRef) -> Option<Stage> {
        let is_open = |stage: &Stage| self.phase(On { draw, stage: *stage }) != Phase::Drawn;
        Stage::ALL.iter().copied().find(is_open)
    }

    #[must_use]
    pub fn proposal(&self, proposal: EventRef) -> Option<&Proposal> {
        self.proposals.get(&proposal)
    }

    /// Proposals to open a stage.
    pub fn proposals(&self, on: On) -> impl Iterator<Item = (EventRef, &Proposal)> {
        self.proposals.iter().filter(move |(_, one)| one.on == on).map(|(at, one)| (*at, one))
    }

    /// What an entry that opened a stage answers.
    pub(crate) fn opening(&self, opened: EventRef) -> Option<&Proposal> {
        self.proposals.get(self.openings.get(&opened)?)
    }

    pub(crate) fn outcome_at(&self, at: EventRef) -> Option<&(On, Outcome)> {
        self.outcomes.get(&at)
    }

    #[must_use]
    pub fn area_of(&self, draw: EventRef) -> Option<&AreaId> {
        self.get(draw)?.opened.as_ref().map(|(_, mark)| &mark.area)
    }

    fn at(&mut self, on: On) -> &mut StageRecord {
        self.records.entry(on.draw).or_default().stages.entry(on.stage).or_default()
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        let at = stamped.at;
        match event {
            Event::Opened(opening) => {
                let record = self.records.entry(at).or_default();
                record.opened = Some((opening.clone(), stamped.mark()));
            }
            Event::Joined { draw, party, key } => {
                let keys = &mut self.records.entry(*draw).or_default().keys;
                keys.entry(*party).or_default().insert(at, (*key, stamped.clock_ms.0));
            }
            Event::StageProposed { on, subject, .. } => {
                let proposal = Proposal { on: *on, subject: *subject, mark: stamped.mark() };
                self.proposals.insert(at, proposal);
            }
            Event::StageOpened { proposal, .. } => {
                self.openings.insert(at, *proposal);
                // It follows from the proposal, so that this is here.
                if let Some(on) = self.proposals.get(proposal).map(|one| one.on) {
                    self.at(on).opened.insert(at, (*proposal, stamped.mark()));
                }
            }
            Event::Committed { on, party, digest, shares, .. } => {
                let value = Commitment { digest: *digest, shares: shares.clone() };
                self.at(*on).commitments.entry(*party).or_default().put(stamped, value, "");
            }
            Event::Revealed { on, party, secret, over }
            | Event::Recovered { on, party, secret, over } => {
                let told = Told {
                    party: *party,
                    secret: *secret,
                    over: over.clone(),
                    recovered: matches!(event, Event::Recovered { .. }),
                    mark: stamped.mark(),
                };
                self.at(*on).told.insert(at, told);
            }
            Event::ShareShown { on, from, to, number, share, over } => {
                let (from, to, number, share) = (*from, *to, *number, *share);
                let mark = stamped.mark();
                let shown = Shown { from, to, number, share, over: over.clone(), mark };
                self.at(*on).shown.insert(at, shown);
            }
            Event::Drawn { on, outcome } => {
                self.outcomes.insert(at, (*on, *outcome));
                self.at(*on).drawn.put(stamped, *outcome, "");
            }
            Event::Replaced { draw, number, sealed } => {
                let replaced = &mut self.records.entry(*draw).or_default().replaced;
                replaced.entry(*number).or_default().put(stamped, Sealed(sealed.clone()), "");
            }
            Event::Withdrawn { draw, reason } => {
                let record = self.records.entry(*draw).or_default();
                record.withdrawn.insert(at, (stamped.mark(), reason.clone()));
            }
        }
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        let mut found = Vec::new();
        let mut standing: BTreeMap<&AreaId, Vec<Side>> = BTreeMap::new();
        for (at, record, opening, mark) in self.all() {
            for (stage, one) in &record.stages {
                let about = |what: &str| format!("{at} {} {what}", stage.name());
                found.extend(conflict::of_register(Noun::Draw, about("outcome"), &one.drawn));
                for (party, said) in &one.commitments {
                    let name = opening.parties.get(usize::from(*party));
                    let name = name.map_or("", |party| party.name.as_str());
                    found.extend(conflict::of_register(Noun::Draw, about(name), said));
                }
            }
            for (number, one) in &record.replaced {
                let about = format!("{at} replacement {number}");
                found.extend(conflict::of_register(Noun::Draw, about, one));
            }
            if record.stands() {
                let (word, detail) = ("opened", opening.input.to_string());
                let sides = standing.entry(&mark.area).or_default();
                let (mark, note) = (mark.clone(), opening.title.clone());
                sides.push(Side { at, mark, word, detail, note });
            }
        }
        for (area, sides) in standing {
            if sides.len() > 1 {
                let (noun, kind) = (Noun::Draw, ConflictKind::DecidedApart);
                found.push(Conflict { noun, kind, subject: area.to_string(), sides });
            }
        }
        found
    }
}
