//! What the room shows of draws.

use crate::{
    http::{mark::DoneBy, who::Access},
    node::Node,
    work::draw::entries,
};
use pehra_domain::AreaId;
use pehra_ops::{
    EventRef, State,
    draw::{On, Opening, Phase, Record, Stage},
    permission as row,
};
use pehra_plan::draw::share;
use serde::Serialize;

/// A party, and the person who speaks for it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DrawPartyView {
    pub name: String,
    pub person: String,
    /// Its key is published.
    pub joined: bool,
    /// Whoever asks speaks for it.
    pub own: bool,
}

/// How far a party is in a stage.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StagePartyView {
    pub name: String,
    /// `silent`, `disputed` (it committed to two things), `committed`, `shown` (the secret is there and is the one
    /// committed to) or `recovered` (the others put it together).
    pub state: &'static str,
    /// What it committed to.
    pub digest: Option<String>,
    /// It showed something other than it committed to.
    pub showed_another: bool,
    /// Others that have shown their share of its secret.
    pub shares_shown: usize,
    /// So many are needed.
    pub shares_needed: usize,
}

/// Something that whoever asks may do now.
#[derive(Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DrawActView {
    pub act: &'static str,
    pub stage: Option<&'static str>,
    /// Whose share is shown or whose secret is put together.
    pub party: Option<String>,
    pub proposal: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StageView {
    /// `pool`, `posts` or `stations`.
    pub stage: &'static str,
    /// `waiting`, `proposed`, `committing`, `revealing`, `known`, `drawn`, `disputed` or `withdrawn`.
    pub phase: &'static str,
    /// What its commitments are about.
    pub subject: Option<String>,
    pub proposed: Option<DoneBy>,
    pub opened: Option<DoneBy>,
    pub parties: Vec<StagePartyView>,
    /// Secrets that were shown over other commitments than those that stand.
    pub over_others: usize,
    pub seed: Option<String>,
    /// The roster's hash.
    pub roster: Option<String>,
    /// Whom the stage waits for: names of parties, `proposer`, `second` or `drawer`.
    pub waits: Vec<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DrawView {
    pub id: String,
    pub title: String,
    pub area: String,
    /// The hash of what is drawn from.
    pub input: String,
    pub people: u32,
    pub posts: u32,
    pub opened: DoneBy,
    pub parties: Vec<DrawPartyView>,
    pub stages: Vec<StageView>,
    pub replacements: usize,
    pub withdrawn: Option<DoneBy>,
    pub withdrawn_why: Option<String>,
    /// People and posts lie on this node.
    pub is_here: bool,
    /// Whoever asks may look people up.
    pub may_look: bool,
    pub acts: Vec<DrawActView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DrawsView {
    /// The newest first.
    pub draws: Vec<DrawView>,
}

/// Every draw that concerns whoever asks.
pub(super) fn all(node: &Node, access: &Access) -> DrawsView {
    let mut draws = node.ops(|state| {
        let all = state.draws.all();
        let seen = all.filter(|(.., mark)| access.concerns(&mark.area));
        seen.map(|(at, ..)| at).collect::<Vec<_>>()
    });
    draws.sort_unstable();
    let mut draws: Vec<DrawView> =
        draws.into_iter().filter_map(|draw| one(node, access, draw)).collect();
    draws.sort_by_key(|draw| std::cmp::Reverse(draw.opened.at_ms));
    DrawsView { draws }
}

/// One draw as it is now.
pub(super) fn one(node: &Node, access: &Access, draw: EventRef) -> Option<DrawView> {
    node.ops(|state| {
        let record = state.draws.get(draw)?;
        let (opening, by) = record.opening()?;
        let is_here = entries::is_here(node, &opening.input);
        let seen = Seen { node, access, state, draw, record, opening, area: &by.area, is_here };
        let parties = opening.numbered().map(|(at, party)| DrawPartyView {
            name: party.name.clone(),
            person: party.person.to_string(),
            joined: record.key(at).is_some(),
            own: party.person == access.person,
        });
        let withdrawn = record.withdrawn();
        Some(DrawView {
            id: draw.to_string(),
            title: opening.title.clone(),
            area: by.area.as_str().to_owned(),
            input: opening.input.to_string(),
            people: opening.people,
            posts: opening.posts,
            opened: DoneBy::of(by),
            parties: parties.collect(),
            stages: Stage::ALL.iter().map(|stage| seen.stage(*stage)).collect(),
            replacements: record.replaced().count(),
            withdrawn: withdrawn.map(|(by, _)| DoneBy::of(by)),
            withdrawn_why: withdrawn.map(|(_, why)| why.to_owned()),
            is_here,
            may_look: is_here
                && record.outcome(Stage::Pool).is_some()
                && access
                    .holdings
                    .iter()
                    .any(|one| node.rules().permissions.allows(&one.role, row::ROSTER_VIEW)),
            acts: seen.acts(),
        })
    })
}

/// A draw with the eyes of whoever asks.
struct Seen<'a> {
    node: &'a Node,
    access: &'a Access,
    state: &'a State,
    draw: EventRef,
    record: &'a Record,
    opening: &'a Opening,
    area: &'a AreaId,
    is_here: bool,
}

impl Seen<'_> {
    fn on(&self, stage: Stage) -> On {
        On { draw: self.draw, stage }
    }

    fn phase(&self, stage: Stage) -> Phase {
        self.state.draws.phase(self.on(stage))
    }

    /// Names of parties whose secret is there as they committed to it.
    fn shown(&self, stage: Stage) -> (Vec<String>, Vec<String>) {
        let (reveals, recovered) = entries::reveals(self.record, stage);
        (reveals.into_iter().map(|one| one.party).collect(), recovered)
    }

    fn stage(&self, stage: Stage) -> StageView {
        let phase = self.phase(stage);
        let (shown, recovered) = self.shown(stage);
        let parties: Vec<StagePartyView> = self
            .opening
            .numbered()
            .map(|(at, party)| {
                let said = self.record.commitment(stage, at);
                let mut shares: Vec<u8> = self
                    .record
                    .shown(stage)
                    .filter(|share| share.from == at)
                    .map(|share| share.to)
                    .collect();
                shares.sort_unstable();
                shares.dedup();
                let state = if self.record.is_disputed(stage, at) {
                    "disputed"
                } else if recovered.contains(&party.name) {
                    "recovered"
                } else if shown.contains(&party.name) {
                    "shown"
                } else if said.is_some() {
                    "committed"
                } else {
                    "silent"
                };
                StagePartyView {
                    name: party.name.clone(),
                    state,
                    digest: said.map(|said| said.digest.to_string()),
                    showed_another: entries::showed_another(self.record, stage, at, &party.name),
                    shares_shown: shares.len(),
                    shares_needed: share::needed(self.opening.parties.len() - 1),
                }
            })
            .collect();
        let proposed = self.state.draws.proposals(self.on(stage)).next();
        let opened = self.record.opened_by(stage);
        let by_first = opened
            .and_then(|(_, proposal, _)| self.state.draws.proposal(proposal))
            .or(proposed.map(|(_, proposal)| proposal));
        let outcome = self.record.outcome(stage);
        StageView {
            stage: stage.name(),
            phase: phase.name(),
            subject: self.record.subject(stage).map(|(subject, _)| subject.to_string()),
            proposed: by_first.map(|proposal| DoneBy::of(&proposal.mark)),
            opened: opened.map(|(.., by)| DoneBy::of(by)),
            waits: self.waits(stage, phase, &parties),
            parties,
            over_others: self.record.told_over_others(stage),
            seed: outcome.map(|outcome| outcome.seed.to_string()),
            roster: outcome.map(|outcome| outcome.roster.to_string()),
        }
    }

    fn waits(&self, stage: Stage, phase: Phase, parties: &[StagePartyView]) -> Vec<String> {
        let names = |waits: &[&str]| {
            let waiting = parties.iter().filter(|party| waits.contains(&party.state));
            waiting.map(|party| party.name.clone()).collect()
        };
        let all_shown = parties.iter().all(|party| matches!(party.state, "shown" | "recovered"));
        match phase {
            Phase::Waiting if self.record.subject(stage).is_none() => Vec::new(),
            Phase::Waiting => {
                let absent =
                    self.opening.numbered().filter(|(at, _)| self.record.key(*at).is_none());
                let absent: Vec<String> = absent.map(|(_, party)| party.name.clone()).collect();
                if absent.is_empty() { vec!["proposer".to_owned()] } else { absent }
            }
            Phase::Proposed => vec!["second".to_owned()],
            Phase::Committing => names(&["silent"]),
            Phase::Known if all_shown => vec!["drawer".to_owned()],
            Phase::Revealing | Phase::Known => names(&["committed"]),
            Phase::Disputed => names(&["disputed"]),
            Phase::Unknown | Phase::Drawn | Phase::Withdrawn => Vec::new(),
        }
    }

    /// What whoever asks may do now, in the order in which it comes.
    fn acts(&self) -> Vec<DrawActView> {
        let mut acts = Vec::new();
        if !self.record.stands() {
            return acts;
        }
        let may = |permission| self.access.holds(self.node, self.area, permission);
        let own = self.opening.party_of(&self.access.person).filter(|_| may(row::DRAW_PARTY));
        let simple = |act| DrawActView { act, stage: None, party: None, proposal: None };
        if own.is_some_and(|party| self.record.key(party).is_none()) {
            acts.push(simple("join"));
        }
        if let Some(stage) = self.state.draws.next(self.draw) {
            self.stage_acts(stage, own, &mut acts);
        } else if may(row::DRAW_OPEN) && self.is_here {
            acts.push(simple("replace"));
        }
        if may(row::DRAW_APPROVE) {
            acts.push(simple("withdraw"));
        }
        acts
    }

    fn stage_acts(&self, stage: Stage, own: Option<u8>, acts: &mut Vec<DrawActView>) {
        let may = |permission| self.access.holds(self.node, self.area, permission);
        let act =
            |act, party, proposal| DrawActView { act, stage: Some(stage.name()), party, proposal };
        let phase = self.phase(stage);
        match (phase, own) {
            (Phase::Waiting, _) => {
                let ready = self.record.all_joined() && self.record.subject(stage).is_some();
                if ready && may(row::DRAW_OPEN) {
                    acts.push(act("propose", None, None));
                }
            }
            (Phase::Proposed, _) if may(row::DRAW_APPROVE) => {
                let mut open = self.state.draws.proposals(self.on(stage));
                let other = open.find(|(_, one)| one.mark.person != self.access.person);
                if let Some((at, _)) = other {
                    acts.push(act("open", None, Some(at.to_string())));
                }
            }
            (Phase::Committing | Phase::Disputed, Some(party)) => {
                if self.record.commitment(stage, party).is_none() {
                    acts.push(act("commit", None, None));
                }
            }
            (Phase::Revealing | Phase::Known, Some(own)) => self.secret_acts(stage, own, acts),
            (
                Phase::Unknown
                | Phase::Proposed
                | Phase::Committing
                | Phase::Revealing
                | Phase::Known
                | Phase::Drawn
                | Phase::Disputed
                | Phase::Withdrawn,
                _,
            ) => {}
        }
        let all_shown = self.shown(stage).0.len() == self.opening.parties.len();
        if phase == Phase::Known && all_shown && self.is_here && may(row::DRAW_OPEN) {
            acts.push(act("draw", None, None));
        }
    }

    /// What a party may do while a secret is missing.
    fn secret_acts(&self, stage: Stage, own: u8, acts: &mut Vec<DrawActView>) {
        let act =
            |act, party| DrawActView { act, stage: Some(stage.name()), party, proposal: None };
        let (shown, _) = self.shown(stage);
        let needed = share::needed(self.opening.parties.len() - 1);
        for (at, party) in self.opening.numbered() {
            if shown.contains(&party.name) {
                continue;
            }
            if at == own {
                acts.push(act("reveal", None));
                continue;
            }
            let shares: Vec<u8> =
                self.record.shown(stage).filter(|it| it.from == at).map(|it| it.to).collect();
            if !shares.contains(&own) {
                acts.push(act("show-share", Some(party.name.clone())));
            } else if shares.len() >= needed {
                acts.push(act("recover", Some(party.name.clone())));
            }
        }
    }
}
