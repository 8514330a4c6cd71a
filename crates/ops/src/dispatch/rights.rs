//! Who may, and what an act refers to.

use super::{Command, Deed, Event};
use crate::{
    authorise::Act,
    permission as row,
    stamp::{EventRef, Mark},
    state::State,
};
use pehra_domain::AreaId;

impl Event {
    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::Sent { .. }
            | Self::Asked { .. }
            | Self::Released { .. }
            | Self::HandedOver { .. } => row::INCIDENT_DISPATCH,
            Self::Approved { .. } | Self::Declined { .. } => row::DISPATCH_APPROVE,
            Self::Departed { .. } | Self::Arrived { .. } | Self::Contained { .. } => {
                row::INCIDENT_PROGRESS
            }
            Self::Readied { .. } | Self::TakenOut { .. } | Self::Placed { .. } => {
                row::DISPATCH_REPORT
            }
            Self::WentOnDuty { .. } | Self::Rested { .. } | Self::WentOffDuty { .. } => {
                row::DISPATCH_DUTY
            }
            Self::FloorSet { .. } => row::DISPATCH_FLOOR,
        }
    }

    /// The area of what it refers to.
    pub(crate) fn area<'a>(&self, state: &'a State) -> Option<&'a AreaId> {
        let all = &state.dispatch;
        match self {
            Self::Sent { sending, .. } | Self::Asked { sending, .. } => {
                all.duty_of(sending.duty).map(|(area, _)| area)
            }
            Self::Approved { ask, .. } | Self::Declined { ask, .. } => ask_area(state, *ask),
            Self::Readied { fresh: Some(fresh), .. } => {
                all.rest_of(fresh.rest).map(|(area, ..)| area)
            }
            Self::WentOnDuty { .. }
            | Self::Departed { .. }
            | Self::Arrived { .. }
            | Self::Contained { .. }
            | Self::Released { .. }
            | Self::HandedOver { .. }
            | Self::Readied { fresh: None, .. }
            | Self::Rested { .. }
            | Self::TakenOut { .. }
            | Self::WentOffDuty { .. }
            | Self::Placed { .. }
            | Self::FloorSet { .. } => None,
        }
    }

    /// The wish that this signs as the second person.
    pub(crate) fn approves(&self) -> Option<EventRef> {
        if let Self::Approved { ask, .. } = self { Some(*ask) } else { None }
    }

    pub(crate) fn first_mark<'a>(&self, state: &'a State) -> Option<&'a Mark> {
        let (.., mark) = state.dispatch.ask(self.approves()?)?.asked()?;
        Some(mark)
    }

    pub(crate) fn earlier_act<'a>(&self, state: &'a State) -> Option<Act<'a>> {
        let person = &self.first_mark(state)?.person;
        Some(Act { person, permission: row::INCIDENT_DISPATCH })
    }
}

impl Command {
    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::PutOnDuty { .. } => row::DISPATCH_DUTY,
            Self::Answer { .. } => row::DISPATCH_APPROVE,
            Self::SetFloor { .. } => row::DISPATCH_FLOOR,
            Self::Act { deed, .. } => deed.permission(),
        }
    }

    pub(crate) fn area<'a>(&'a self, state: &'a State) -> Option<&'a AreaId> {
        match self {
            Self::PutOnDuty { area, .. } | Self::Act { area, .. } | Self::SetFloor { area, .. } => {
                Some(area)
            }
            Self::Answer { ask, .. } => ask_area(state, *ask),
        }
    }
}

impl Deed {
    /// The row that allows it.
    #[must_use]
    pub fn permission(&self) -> &'static str {
        match self {
            Self::Send { .. } | Self::Ask { .. } | Self::Release | Self::HandOver { .. } => {
                row::INCIDENT_DISPATCH
            }
            Self::Depart | Self::Arrive | Self::Contain => row::INCIDENT_PROGRESS,
            Self::Ready | Self::TakeOut | Self::Place { .. } => row::DISPATCH_REPORT,
            Self::Rest | Self::GoOffDuty => row::DISPATCH_DUTY,
        }
    }
}

fn ask_area(state: &State, ask: EventRef) -> Option<&AreaId> {
    let (.., mark) = state.dispatch.ask(ask)?.asked()?;
    Some(&mark.area)
}
