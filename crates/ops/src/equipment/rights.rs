//! Who may, and what an act refers to.

use super::{Command, Event, decide::check_mask};
use crate::{
    authorise::Act,
    permission as row,
    refusal::Refusal,
    stamp::{EventRef, Mark},
    state::State,
};
use pehra_domain::{AreaId, PersonId};

impl Event {
    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::Listed { .. }
            | Self::Installed { .. }
            | Self::Repaired { .. }
            | Self::Withdrawn { .. }
            | Self::MaskDrawn(_)
            | Self::TaskGiven(_)
            | Self::TaskClosed { .. } => row::DEVICE_MANAGE,
            Self::Tested { .. } | Self::Faulted { .. } | Self::Counted(_) => row::DEVICE_REPORT,
            Self::Observed { .. } | Self::FramesKept { .. } => row::DEVICE_WATCH,
            Self::MaskConfirmed { .. } => row::DEVICE_CONFIRM_MASK,
            Self::ExportOrdered { .. } => row::CCTV_EXPORT,
            Self::ExportApproved { .. } => row::CCTV_EXPORT_APPROVE,
        }
    }

    /// The area of what it answers.
    pub(crate) fn area<'a>(&self, state: &'a State) -> Option<&'a AreaId> {
        let all = &state.equipment;
        match self {
            Self::MaskConfirmed { mask, .. } | Self::FramesKept { mask, .. } => {
                all.mask(*mask).map(|(_, mark, _)| &mark.area)
            }
            Self::TaskClosed { task, .. } => all.task(*task).map(|(_, mark, _)| &mark.area),
            Self::ExportApproved { .. } => self.first_mark(state).map(|mark| &mark.area),
            Self::Listed { .. }
            | Self::Installed { .. }
            | Self::Tested { .. }
            | Self::Faulted { .. }
            | Self::Repaired { .. }
            | Self::Withdrawn { .. }
            | Self::Observed { .. }
            | Self::Counted(_)
            | Self::MaskDrawn(_)
            | Self::TaskGiven(_)
            | Self::ExportOrdered { .. } => None,
        }
    }

    /// The first person's act that this one approves as the second, and whom it names.
    pub(crate) fn approves(&self) -> Option<(EventRef, &PersonId)> {
        match self {
            Self::MaskConfirmed { mask, drawn_by } => Some((*mask, drawn_by)),
            Self::ExportApproved { export, ordered_by } => Some((*export, ordered_by)),
            Self::Listed { .. }
            | Self::Installed { .. }
            | Self::Tested { .. }
            | Self::Faulted { .. }
            | Self::Repaired { .. }
            | Self::Withdrawn { .. }
            | Self::Observed { .. }
            | Self::Counted(_)
            | Self::MaskDrawn(_)
            | Self::TaskGiven(_)
            | Self::TaskClosed { .. }
            | Self::FramesKept { .. }
            | Self::ExportOrdered { .. } => None,
        }
    }

    pub(crate) fn first_mark<'a>(&self, state: &'a State) -> Option<&'a Mark> {
        let (first, _) = self.approves()?;
        if let Some((_, mark, _)) = state.equipment.mask(first) {
            return Some(mark);
        }
        let (.., mark) = state.equipment.export(first)?.ordered.as_ref()?;
        Some(mark)
    }

    pub(crate) fn earlier_act<'a>(&self, state: &'a State) -> Option<Act<'a>> {
        let person = &self.first_mark(state)?.person;
        let confirms = matches!(self, Self::MaskConfirmed { .. });
        Some(Act {
            person,
            permission: if confirms { row::DEVICE_MANAGE } else { row::CCTV_EXPORT },
        })
    }

    pub(crate) fn check_references(
        &self,
        state: &State,
        two: impl Fn(&PersonId, Option<&PersonId>) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        if let Some((_, named)) = self.approves() {
            return two(named, self.first_mark(state).map(|mark| &mark.person));
        }
        check_mask(state, self)
    }
}

impl Command {
    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::List { .. }
            | Self::Install { .. }
            | Self::Repair { .. }
            | Self::Withdraw { .. }
            | Self::DrawMask { .. }
            | Self::GiveTask { .. }
            | Self::CloseTask { .. } => row::DEVICE_MANAGE,
            Self::Test { .. } | Self::Fault { .. } | Self::Count { .. } => row::DEVICE_REPORT,
            Self::Observe { .. } | Self::KeepFrames { .. } => row::DEVICE_WATCH,
            Self::ConfirmMask { .. } => row::DEVICE_CONFIRM_MASK,
            Self::OrderExport { .. } => row::CCTV_EXPORT,
            Self::ApproveExport { .. } => row::CCTV_EXPORT_APPROVE,
        }
    }

    pub(crate) fn area<'a>(&'a self, state: &'a State) -> Option<&'a AreaId> {
        let all = &state.equipment;
        match self {
            Self::List { area, .. }
            | Self::Install { area, .. }
            | Self::Test { area, .. }
            | Self::Fault { area, .. }
            | Self::Repair { area, .. }
            | Self::Withdraw { area, .. }
            | Self::Observe { area, .. }
            | Self::Count { area, .. }
            | Self::DrawMask { area, .. }
            | Self::GiveTask { area, .. }
            | Self::OrderExport { area, .. } => Some(area),
            Self::ConfirmMask { mask } | Self::KeepFrames { mask, .. } => {
                all.mask(*mask).map(|(_, mark, _)| &mark.area)
            }
            Self::CloseTask { task, .. } => all.task(*task).map(|(_, mark, _)| &mark.area),
            Self::ApproveExport { export } => {
                let (.., mark) = all.export(*export)?.ordered.as_ref()?;
                Some(&mark.area)
            }
        }
    }
}
