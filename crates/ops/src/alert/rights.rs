//! Who may, and what an act refers to.

use super::{Basis, Command, Draft, Event, HOURS_MAX};
use crate::{
    authorise::Act,
    incident::Matter,
    intelligence::Handling,
    permission as row,
    refusal::{Refusal, RefusalCode},
    stamp::{EventRef, Mark},
    state::State,
};
use pehra_domain::{AreaId, PersonId, UnixMs};

fn release_row(public: bool) -> &'static str {
    if public { row::ALERT_RELEASE_PUBLIC } else { row::ALERT_RELEASE }
}

impl Command {
    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::Draft { .. } | Self::Discard { .. } => row::ALERT_DRAFT,
            Self::Release { public, .. } | Self::Cancel { public, .. } => release_row(*public),
        }
    }

    pub(crate) fn area<'a>(&'a self, state: &'a State) -> Option<&'a AreaId> {
        match self {
            Self::Draft { area, .. } => Some(area),
            Self::Release { draft, .. }
            | Self::Discard { draft, .. }
            | Self::Cancel { draft, .. } => state.alerts.area_of(*draft),
        }
    }
}

impl Event {
    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::Drafted(_) | Self::Discarded { .. } => row::ALERT_DRAFT,
            Self::Released { public, .. } | Self::Cancelled { public, .. } => release_row(*public),
        }
    }

    /// The first person's act that this one approves as the second.
    pub(crate) fn approves(&self) -> Option<EventRef> {
        match self {
            Self::Released { draft, .. } => Some(*draft),
            Self::Drafted(_) | Self::Discarded { .. } | Self::Cancelled { .. } => None,
        }
    }

    pub(crate) fn first_mark<'a>(&self, state: &'a State) -> Option<&'a Mark> {
        self.approves().and_then(|draft| state.alerts.get(draft)).map(|(_, _, mark)| mark)
    }

    pub(crate) fn earlier_act<'a>(&self, state: &'a State) -> Option<Act<'a>> {
        let person = &self.first_mark(state)?.person;
        Some(Act { person, permission: row::ALERT_DRAFT })
    }

    /// What it answers is here and is what it says; who may release it follows from the draft alone.
    pub(crate) fn check_references(
        &self,
        state: &State,
        actor: &PersonId,
        at: UnixMs,
    ) -> Result<(), Refusal> {
        if let Self::Drafted(draft) = self {
            return check_draft(state, draft, at);
        }
        let Some(answered) = self.draft() else { return Ok(()) };
        let not_known = || Refusal::of(RefusalCode::NotKnown, answered);
        let (_, draft, mark) = state.alerts.get(answered).ok_or_else(not_known)?;
        match self {
            Self::Released { drafted_by, public, .. } => {
                if actor == drafted_by {
                    return Err(Refusal::of(RefusalCode::SamePersonTwice, actor));
                }
                if mark.person != *drafted_by {
                    return Err(Refusal::of(RefusalCode::SecondPersonDiffers, drafted_by));
                }
                check_scope(draft, *public)?;
                if at < draft.expires {
                    Ok(())
                } else {
                    Err(Refusal::of(RefusalCode::AlertExpires, answered))
                }
            }
            Self::Cancelled { public, .. } => check_scope(draft, *public),
            Self::Drafted(_) | Self::Discarded { .. } => Ok(()),
        }
    }
}

pub(super) fn check_scope(draft: &Draft, public: bool) -> Result<(), Refusal> {
    if draft.is_public() == public {
        Ok(())
    } else {
        Err(Refusal::of(RefusalCode::AlertNotPublic, draft.scope.name()))
    }
}

/// A draft ends in good time, takes the place of an alert that is here, and tells everybody nothing that was told to
/// some under conditions.
pub(super) fn check_draft(state: &State, draft: &Draft, at: UnixMs) -> Result<(), Refusal> {
    let longest = at.0.saturating_add(HOURS_MAX * 3_600_000);
    if draft.expires <= at || draft.expires.0 > longest {
        return Err(Refusal::of(RefusalCode::AlertExpires, HOURS_MAX));
    }
    if let Some(follows) = draft.follows
        && state.alerts.get(follows).is_none()
    {
        return Err(Refusal::of(RefusalCode::NotKnown, follows));
    }
    match &draft.basis {
        // Who complains about guards is told to nobody outside.
        Some(Basis::Incident(key)) if key.matter == Matter::Complaint => {
            Err(Refusal::of(RefusalCode::AlertNotPublic, "complaint"))
        }
        Some(Basis::Warning(release)) => {
            let not_known = || Refusal::of(RefusalCode::NotKnown, release);
            let (_, record) = state.intelligence.of_release(*release).ok_or_else(not_known)?;
            let (report, _) = record.written().ok_or_else(not_known)?;
            let conditions = report.handling == Handling::Conditions || !report.caveats.is_empty();
            if draft.is_public() && conditions {
                return Err(Refusal::of(RefusalCode::AlertNotPublic, report.handling.code()));
            }
            Ok(())
        }
        Some(Basis::Incident(_)) | None => Ok(()),
    }
}
