//! What may be entered about equipment.

use super::{
    CORNERS_MAX, CORNERS_MIN, Command, Event, ITEMS_MAX, MaskPhase, PICTURE, Phase, Place, Record,
    SPAN_MS_MAX,
};
use crate::{
    content::each_once,
    event,
    refusal::{Refusal, RefusalCode},
    stamp::{Context, Decided, EventRef},
    state::State,
};
use pehra_domain::{AreaId, EquipmentId, UnixMs};

pub(crate) fn decide(
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    let nature = state.elections.nature()?;
    if let Some(at) = moment(command) {
        nature.not_ahead(context, at, "equipment")?;
    }
    match command {
        Command::List { .. }
        | Command::Install { .. }
        | Command::Test { .. }
        | Command::Fault { .. }
        | Command::Repair { .. }
        | Command::Withdraw { .. } => deed(state, command),
        Command::Observe { area, from, until, watched, changes } => {
            changes.iter().try_for_each(|change| {
                nature.not_ahead(context, change.at, &change.equipment)?;
                known(state, area, &change.equipment).map(drop)
            })?;
            let event = Event::Observed {
                from: *from,
                until: *until,
                watched: *watched,
                changes: changes.clone(),
            };
            Ok(one(event, area, None))
        }
        Command::Count { area, items } => {
            items.iter().try_for_each(|item| {
                nature.not_ahead(context, item.at, &item.equipment)?;
                known(state, area, &item.equipment).map(drop)
            })?;
            Ok(one(Event::Counted(items.clone()), area, None))
        }
        Command::DrawMask { area, mask } => {
            let record = serving(state, area, &mask.equipment)?;
            if record.kind() != Some(super::Kind::Camera) {
                return Err(Refusal::of(RefusalCode::EquipmentStateForbids, &mask.equipment));
            }
            Ok(one(Event::MaskDrawn(mask.clone()), area, None))
        }
        Command::GiveTask { area, task } => {
            task.equipment.iter().try_for_each(|item| known(state, area, item).map(drop))?;
            if task.due <= context.at {
                return Err(Refusal::of(RefusalCode::ExpiryInPast, task.work.name()));
            }
            Ok(one(Event::TaskGiven(task.clone()), area, None))
        }
        Command::CloseTask { task, note } => {
            let found = state.equipment.task(*task);
            let (_, mark, record) =
                found.ok_or_else(|| Refusal::of(RefusalCode::NotKnown, task))?;
            if record.closed.is_some() {
                return Ok(Vec::new());
            }
            let event = Event::TaskClosed { task: *task, note: note.clone() };
            Ok(one(event, &mark.area, Some(*task)))
        }
        Command::ConfirmMask { .. }
        | Command::KeepFrames { .. }
        | Command::OrderExport { .. }
        | Command::ApproveExport { .. } => picture(state, context, command),
    }
}

/// The moment that a command names for all that it says.
fn moment(command: &Command) -> Option<UnixMs> {
    match command {
        Command::List { at, .. }
        | Command::Install { at, .. }
        | Command::Test { at, .. }
        | Command::Fault { at, .. }
        | Command::Repair { at, .. }
        | Command::Withdraw { at, .. }
        | Command::Observe { until: at, .. } => Some(*at),
        Command::Count { .. }
        | Command::DrawMask { .. }
        | Command::ConfirmMask { .. }
        | Command::GiveTask { .. }
        | Command::CloseTask { .. }
        | Command::KeepFrames { .. }
        | Command::OrderExport { .. }
        | Command::ApproveExport { .. } => None,
    }
}

fn deed(state: &State, command: &Command) -> Result<Vec<Decided>, Refusal> {
    match command {
        Command::List { area, at, items } => {
            for item in items {
                admits(state, &item.place)?;
            }
            let is_new = |item: &&super::Listing| {
                let record = state.equipment.get(area, &item.equipment);
                record.and_then(Record::listing) != Some(*item)
                    || record.is_some_and(|record| record.phase() == Phase::Withdrawn)
            };
            let new: Vec<_> = items.iter().filter(is_new).cloned().collect();
            if new.is_empty() && !items.is_empty() {
                return Ok(Vec::new());
            }
            Ok(one(Event::Listed { at: *at, items: new }, area, None))
        }
        Command::Install { area, at, items } => {
            for item in items {
                admits(state, &item.place)?;
                serving(state, area, &item.equipment)?;
            }
            Ok(one(Event::Installed { at: *at, items: items.clone() }, area, None))
        }
        Command::Test { area, at, items } => {
            for item in items {
                serving(state, area, &item.equipment)?;
            }
            Ok(one(Event::Tested { at: *at, items: items.clone() }, area, None))
        }
        Command::Fault { area, at, equipment, note } => {
            serving(state, area, equipment)?;
            let (equipment, note) = (equipment.clone(), note.clone());
            Ok(one(Event::Faulted { at: *at, equipment, note }, area, None))
        }
        Command::Repair { area, at, equipment, note } => {
            let phase = serving(state, area, equipment)?.phase();
            if !matches!(phase, Phase::Faulty | Phase::Disputed) {
                return Err(Refusal::of(RefusalCode::EquipmentStateForbids, equipment));
            }
            let (equipment, note) = (equipment.clone(), note.clone());
            Ok(one(Event::Repaired { at: *at, equipment, note }, area, None))
        }
        Command::Withdraw { area, at, items, reason } => {
            for item in items {
                serving(state, area, item)?;
            }
            let (items, reason) = (items.clone(), reason.clone());
            Ok(one(Event::Withdrawn { at: *at, items, reason }, area, None))
        }
        Command::Observe { .. }
        | Command::Count { .. }
        | Command::DrawMask { .. }
        | Command::ConfirmMask { .. }
        | Command::GiveTask { .. }
        | Command::CloseTask { .. }
        | Command::KeepFrames { .. }
        | Command::OrderExport { .. }
        | Command::ApproveExport { .. } => Ok(Vec::new()),
    }
}

/// What needs two persons, and the frames that need a mask.
fn picture(state: &State, context: &Context, command: &Command) -> Result<Vec<Decided>, Refusal> {
    let equipment = &state.equipment;
    let other = |first: &pehra_domain::PersonId| {
        if context.actor.person == *first {
            Err(Refusal::of(RefusalCode::SamePersonTwice, first))
        } else {
            Ok(first.clone())
        }
    };
    match command {
        Command::ConfirmMask { mask } => {
            let found = equipment.mask(*mask);
            let (_, mark, record) =
                found.ok_or_else(|| Refusal::of(RefusalCode::NotKnown, mask))?;
            if record.confirmed.is_some() {
                return Ok(Vec::new());
            }
            let event = Event::MaskConfirmed { mask: *mask, drawn_by: other(&mark.person)? };
            Ok(one(event, &mark.area, Some(*mask)))
        }
        Command::KeepFrames { mask, frames } => {
            let found = equipment.mask(*mask);
            let (_, mark, record) =
                found.ok_or_else(|| Refusal::of(RefusalCode::NotKnown, mask))?;
            let Some(confirmed) = &record.confirmed else {
                return Err(Refusal::of(RefusalCode::MaskUnconfirmed, mask));
            };
            let event = Event::FramesKept { mask: *mask, frames: frames.clone() };
            Ok(one(event, &mark.area, Some(confirmed.at)))
        }
        Command::OrderExport { area, frames, instrument, reason } => {
            if let Some(frame) =
                frames.iter().find(|frame| equipment.area_of_frame(**frame) != Some(area))
            {
                return Err(Refusal::of(RefusalCode::FrameUnknown, frame));
            }
            let mut frames = frames.clone();
            frames.sort_unstable();
            frames.dedup();
            let (instrument, reason) = (instrument.clone(), reason.clone());
            Ok(one(Event::ExportOrdered { frames, instrument, reason }, area, None))
        }
        Command::ApproveExport { export } => {
            let found = equipment.export(*export);
            let found = found.ok_or_else(|| Refusal::of(RefusalCode::NotKnown, export))?;
            let (Some((.., mark)), None) = (&found.ordered, &found.approved) else {
                return Ok(Vec::new());
            };
            let event = Event::ExportApproved { export: *export, ordered_by: other(&mark.person)? };
            Ok(one(event, &mark.area, Some(*export)))
        }
        Command::List { .. }
        | Command::Install { .. }
        | Command::Test { .. }
        | Command::Fault { .. }
        | Command::Repair { .. }
        | Command::Withdraw { .. }
        | Command::Observe { .. }
        | Command::Count { .. }
        | Command::DrawMask { .. }
        | Command::GiveTask { .. }
        | Command::CloseTask { .. } => Ok(Vec::new()),
    }
}

fn one(event: Event, area: &AreaId, after: Option<EventRef>) -> Vec<Decided> {
    let event = event::Event::Equipment(event);
    vec![Decided { event, area: area.clone(), supersedes: after.into_iter().collect() }]
}

fn admits(state: &State, place: &Place) -> Result<(), Refusal> {
    match place {
        Place::Station(station) => state.elections.admits(station),
        Place::Office(_) | Place::Vehicle(_) | Place::Store(_) => Ok(()),
    }
}

fn known<'a>(
    state: &'a State,
    area: &AreaId,
    equipment: &EquipmentId,
) -> Result<&'a Record, Refusal> {
    let found = state.equipment.get(area, equipment).filter(|record| record.listing().is_some());
    found.ok_or_else(|| Refusal::of(RefusalCode::EquipmentUnknown, equipment))
}

fn serving<'a>(
    state: &'a State,
    area: &AreaId,
    equipment: &EquipmentId,
) -> Result<&'a Record, Refusal> {
    let record = known(state, area, equipment)?;
    if record.phase() == Phase::Withdrawn {
        return Err(Refusal::of(RefusalCode::EquipmentStateForbids, equipment));
    }
    Ok(record)
}

/// Frames are kept only under a mask that two persons stand for, by whomever they were sent.
pub(crate) fn check_mask(state: &State, event: &Event) -> Result<(), Refusal> {
    let Event::FramesKept { mask, .. } = event else { return Ok(()) };
    match state.equipment.mask_phase(*mask) {
        MaskPhase::Unknown => Err(Refusal::of(RefusalCode::NotKnown, mask)),
        MaskPhase::Drawn => Err(Refusal::of(RefusalCode::MaskUnconfirmed, mask)),
        MaskPhase::Confirmed => Ok(()),
    }
}

/// What must hold of an entry, whoever sent it.
pub(crate) fn check(event: &Event) -> Result<(), Refusal> {
    match event {
        Event::Listed { items, .. } => counted(items.iter().map(|item| &item.equipment)),
        Event::Installed { items, .. } => counted(items.iter().map(|item| &item.equipment)),
        Event::Tested { items, .. } => counted(items.iter().map(|item| &item.equipment)),
        Event::Withdrawn { items, .. } => counted(items),
        Event::Observed { from, until, changes, .. } => {
            let length_ms = until.0.saturating_sub(from.0);
            if !(0..=SPAN_MS_MAX).contains(&length_ms) {
                return Err(Refusal::of(RefusalCode::WindowBackward, length_ms));
            }
            let all = changes.iter().map(|change| (&change.equipment, change.at, change.health));
            if changes.is_empty() { Ok(()) } else { counted(all) }
        }
        Event::Counted(items) => {
            counted(items.iter().map(|item| &item.equipment))?;
            let adds_up = |tally: &super::Tally| {
                let ended = u64::from(tally.verified) + u64::from(tally.failed);
                ended <= u64::from(tally.attempts) && tally.fallback <= tally.attempts
            };
            match items.iter().find(|item| !adds_up(&item.tally)) {
                Some(item) => Err(Refusal::of(RefusalCode::CountsContradict, &item.equipment)),
                None => Ok(()),
            }
        }
        Event::MaskDrawn(mask) => {
            let corners: usize = mask.polygons.iter().map(Vec::len).sum();
            let shaped = mask.polygons.iter().all(|polygon| {
                polygon.len() >= CORNERS_MIN
                    && polygon.iter().all(|corner| corner.x <= PICTURE && corner.y <= PICTURE)
            });
            if mask.polygons.is_empty() || corners > CORNERS_MAX || !shaped {
                return Err(Refusal::of(RefusalCode::MaskMalformed, corners));
            }
            Ok(())
        }
        Event::TaskGiven(task) => counted(&task.equipment),
        Event::FramesKept { frames, .. } => counted(frames),
        Event::ExportOrdered { frames, .. } => counted(frames),
        Event::Faulted { .. }
        | Event::Repaired { .. }
        | Event::MaskConfirmed { .. }
        | Event::TaskClosed { .. }
        | Event::ExportApproved { .. } => Ok(()),
    }
}

fn counted<T: Ord>(items: impl IntoIterator<Item = T>) -> Result<(), Refusal> {
    let items: Vec<T> = items.into_iter().collect();
    let count = items.len();
    if count == 0 || count > ITEMS_MAX || !each_once(items) {
        return Err(Refusal::of(RefusalCode::EquipmentItems, count));
    }
    Ok(())
}
