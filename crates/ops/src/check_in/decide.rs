//! What may be entered as a check-in.

use super::{Command, Event, ITEMS_MAX, Item, Subject};
use crate::{
    event,
    refusal::{Refusal, RefusalCode},
    stamp::{Context, Decided},
    state::State,
};
use std::collections::BTreeSet;

pub(crate) fn decide(
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    match command {
        Command::Send { area, items } => {
            let items = fresh(state, context, area, items)?;
            Ok(entry(items, area, Event::Sent))
        }
        Command::Hear { area, items } => {
            let items = fresh(state, context, area, items)?;
            Ok(entry(items, area, Event::Heard))
        }
        Command::Strike { entry, subject, code, reason } => {
            let unknown = || Refusal::of(RefusalCode::CheckInUnknown, subject.name());
            let area = state.check_ins.area_of(*entry, subject).ok_or_else(unknown)?;
            let day = state.check_ins.area(area).and_then(|area| area.day(subject));
            let mut standing = day.into_iter().flat_map(super::Day::standing);
            if !standing.any(|claim| claim.entry == *entry && claim.code == *code) {
                return Err(unknown());
            }
            let event = Event::Struck {
                entry: *entry,
                subject: subject.clone(),
                code: *code,
                reason: reason.clone(),
            };
            Ok(Decided::over(&event::Event::CheckIn(event), area, &[*entry]))
        }
    }
}

fn entry(
    items: Vec<Item>,
    area: &pehra_domain::AreaId,
    event: fn(Vec<Item>) -> Event,
) -> Vec<Decided> {
    if items.is_empty() {
        return Vec::new();
    }
    Decided::over(&event::Event::CheckIn(event(items)), area, &[])
}

/// What is not on record yet: a message that came on two rungs is one.
fn fresh(
    state: &State,
    context: &Context,
    area: &pehra_domain::AreaId,
    items: &[Item],
) -> Result<Vec<Item>, Refusal> {
    let nature = state.elections.nature()?;
    let known = state.check_ins.area(area);
    let mut new = Vec::with_capacity(items.len());
    for item in items {
        if let Subject::Station(station) = &item.subject {
            state.elections.admits(station)?;
        }
        nature.not_ahead(context, item.at, item.subject.name())?;
        let said = known.and_then(|area| area.day(&item.subject)).is_some_and(|day| {
            day.standing().any(|claim| {
                (claim.code, claim.at, claim.word, claim.counts)
                    == (item.code, item.at, item.word, item.counts)
            })
        });
        if !said {
            new.push(item.clone());
        }
    }
    if items.is_empty() {
        return Err(Refusal::of(RefusalCode::CheckInsEmpty, ""));
    }
    Ok(new)
}

/// What must hold of a batch, whoever sent it.
pub(crate) fn check(event: &Event) -> Result<(), Refusal> {
    if matches!(event, Event::Struck { .. }) {
        return Ok(());
    }
    let items = event.items();
    if items.is_empty() {
        return Err(Refusal::of(RefusalCode::CheckInsEmpty, ""));
    }
    if items.len() > ITEMS_MAX {
        return Err(Refusal::of(RefusalCode::CheckInsTooMany, ITEMS_MAX));
    }
    let mut seen = BTreeSet::new();
    match items.iter().find(|item| !seen.insert((&item.subject, item.code))) {
        Some(item) => Err(Refusal::of(RefusalCode::CheckInTwice, item.subject.name())),
        None => Ok(()),
    }
}
