//! Who may do what about a draw, and what an act refers to.

use super::{Command, Event, On, Opening};
use crate::{
    authorise::Act,
    content::each_once,
    permission as row,
    refusal::{Refusal, RefusalCode},
    stamp::{EventRef, Mark},
    state::State,
};
use pehra_domain::{AreaId, PersonId};

impl Event {
    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::Opened(_)
            | Self::StageProposed { .. }
            | Self::Drawn { .. }
            | Self::Replaced { .. } => row::DRAW_OPEN,
            Self::StageOpened { .. } | Self::Withdrawn { .. } => row::DRAW_APPROVE,
            Self::Joined { .. }
            | Self::Committed { .. }
            | Self::Revealed { .. }
            | Self::ShareShown { .. }
            | Self::Recovered { .. } => row::DRAW_PARTY,
        }
    }

    pub(crate) fn area<'a>(&'a self, state: &'a State) -> Option<&'a AreaId> {
        match self.approves() {
            Some(proposal) => state.draws.area_of(state.draws.proposal(proposal)?.on.draw),
            None => state.draws.area_of(self.draw()?),
        }
    }

    /// The proposal that this act answers as the second person's.
    pub(crate) fn approves(&self) -> Option<EventRef> {
        if let Self::StageOpened { proposal, .. } = self { Some(*proposal) } else { None }
    }

    pub(crate) fn first_mark<'a>(&self, state: &'a State) -> Option<&'a Mark> {
        Some(&state.draws.proposal(self.approves()?)?.mark)
    }

    pub(crate) fn earlier_act<'a>(&self, state: &'a State) -> Option<Act<'a>> {
        Some(Act { person: &self.first_mark(state)?.person, permission: row::DRAW_OPEN })
    }

    /// What an act refers to must be on record as it says, and a party's word be its own person's.
    pub(crate) fn check_references(
        &self,
        state: &State,
        actor: &PersonId,
        two: impl Fn(&PersonId, Option<&PersonId>) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        if let Self::StageOpened { proposed_by, .. } = self {
            return two(proposed_by, self.first_mark(state).map(|mark| &mark.person));
        }
        let Some(draw) = self.draw() else { return Ok(()) };
        let not_known = || Refusal::of(RefusalCode::NotKnown, draw);
        let found = state.draws.get(draw).and_then(super::Record::opening);
        let (opening, _) = found.ok_or_else(not_known)?;
        self.check_party(opening, actor)?;
        match self {
            Self::StageProposed { on, subject, after } => {
                let right = match (on.stage.before(), after) {
                    (None, None) => *subject == opening.input,
                    (Some(before), Some(after)) => {
                        let before = On { draw: on.draw, stage: before };
                        let found = state.draws.outcome_at(*after);
                        found.is_some_and(|(at, what)| *at == before && what.roster == *subject)
                    }
                    (None, Some(_)) | (Some(_), None) => false,
                };
                let next = || Refusal::of(RefusalCode::StageNotNext, on.stage.name());
                if right { Ok(()) } else { Err(next()) }
            }
            Self::Committed { on, opened, .. } => {
                let proposal = state.draws.opening(*opened);
                if proposal.is_some_and(|proposal| proposal.on == *on) {
                    Ok(())
                } else {
                    Err(Refusal::of(RefusalCode::StageNotOpen, on.stage.name()))
                }
            }
            Self::Revealed { on, over, .. }
            | Self::ShareShown { on, over, .. }
            | Self::Recovered { on, over, .. }
                if over.len() != opening.parties.len() =>
            {
                Err(Refusal::of(RefusalCode::CommitmentsMissing, on.stage.name()))
            }
            Self::Opened(_)
            | Self::Joined { .. }
            | Self::StageOpened { .. }
            | Self::Revealed { .. }
            | Self::ShareShown { .. }
            | Self::Recovered { .. }
            | Self::Drawn { .. }
            | Self::Replaced { .. }
            | Self::Withdrawn { .. } => Ok(()),
        }
    }

    /// A party speaks through its own person; what it takes the others for is another party.
    fn check_party(&self, opening: &Opening, actor: &PersonId) -> Result<(), Refusal> {
        let stranger = || Refusal::of(RefusalCode::NotAParty, actor);
        let own = || opening.party_of(actor).ok_or_else(stranger);
        let other = |party: u8| usize::from(party) < opening.parties.len() && own() != Ok(party);
        let right = match self {
            Self::Joined { party, .. } | Self::Revealed { party, .. } => own()? == *party,
            Self::Committed { party, shares, .. } => {
                own()? == *party
                    && shares.len() + 1 == opening.parties.len()
                    && each_once(shares.iter().map(|share| share.to))
                    && shares.iter().all(|share| other(share.to))
            }
            Self::ShareShown { from, to, .. } => own()? == *to && other(*from),
            Self::Recovered { party, .. } => own().is_ok() && other(*party),
            Self::Opened(_)
            | Self::StageProposed { .. }
            | Self::StageOpened { .. }
            | Self::Drawn { .. }
            | Self::Replaced { .. }
            | Self::Withdrawn { .. } => true,
        };
        if right { Ok(()) } else { Err(stranger()) }
    }
}

impl Command {
    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::Open { .. }
            | Self::ProposeStage { .. }
            | Self::Draw { .. }
            | Self::Replace { .. } => row::DRAW_OPEN,
            Self::OpenStage { .. } | Self::Withdraw { .. } => row::DRAW_APPROVE,
            Self::Join { .. }
            | Self::Commit { .. }
            | Self::Reveal { .. }
            | Self::ShowShare { .. }
            | Self::Recover { .. } => row::DRAW_PARTY,
        }
    }

    pub(crate) fn area<'a>(&'a self, state: &'a State) -> Option<&'a AreaId> {
        match self {
            Self::Open { area, .. } => Some(area),
            Self::OpenStage { proposal } => {
                state.draws.area_of(state.draws.proposal(*proposal)?.on.draw)
            }
            Self::Join { draw, .. } | Self::Replace { draw, .. } | Self::Withdraw { draw, .. } => {
                state.draws.area_of(*draw)
            }
            Self::ProposeStage { on }
            | Self::Commit { on, .. }
            | Self::Reveal { on, .. }
            | Self::ShowShare { on, .. }
            | Self::Recover { on, .. }
            | Self::Draw { on, .. } => state.draws.area_of(on.draw),
        }
    }
}
