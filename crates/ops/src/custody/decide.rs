//! What may be done with an item, by what was done before.

use super::{
    Command, Ending, Event, Hold, ITEMS_MAX, NUMBERS_MAX, NewItem, Offer, Parting, Passage, Phase,
    Reading, Receipt, Release, Step, exception,
    form::{self, Counted},
    record::agreed,
};
use crate::{
    content::each_once,
    event,
    refusal::{Refusal, RefusalCode},
    stamp::{Context, Decided, EventRef, SUPERSEDES_MAX},
    state::State,
};
use pehra_domain::{AreaId, ItemId, PersonId, UnixMs};
use std::collections::BTreeSet;

pub(crate) fn decide(
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    let nature = state.elections.nature()?;
    let (event, area, after) = act(state, context, command)?;
    if let Some(at) = event.at() {
        nature.not_ahead(context, at, "")?;
    }
    // Equal references once, in one order: the same act is always the same entry.
    let after: BTreeSet<EventRef> = after.into_iter().collect();
    if after.len() > SUPERSEDES_MAX {
        return Err(Refusal::of(RefusalCode::ItemsTooApart, after.len()));
    }
    let supersedes = after.into_iter().collect();
    Ok(vec![Decided { event: event::Event::Custody(event), area, supersedes }])
}

type Drafted = Result<(Event, AreaId, Vec<EventRef>), Refusal>;

#[expect(clippy::wildcard_enum_match_arm, reason = "the second half of the list stands below")]
fn act(state: &State, context: &Context, command: &Command) -> Drafted {
    let with = |event: Event, area: &AreaId, after| Ok((event, area.clone(), after));
    match command {
        Command::Register { area, items, at } => {
            let after = registered(state, area, items)?;
            with(Event::Registered { items: items.clone(), at: *at }, area, after)
        }
        Command::IssueSeals { area, issues } => {
            with(Event::SealsIssued { issues: issues.clone() }, area, Vec::new())
        }
        Command::Offer { area, offer } => {
            let may = [Phase::Held, Phase::Moving, Phase::Disputed];
            let after = heads(state, area, &offer.items, &may)?;
            with(Event::Offered(offer.clone()), area, after)
        }
        Command::Receive { receipt } => receive(state, receipt),
        Command::Decline { offer, at, reason } => {
            let (_, area, after) = open_offer(state, *offer)?;
            let (offer, at, reason) = (*offer, *at, reason.clone());
            Ok((Event::Declined { offer, at, reason }, area, after))
        }
        Command::Recall { offer, at, reason } => {
            let (_, area, after) = open_offer(state, *offer)?;
            let (offer, at, reason) = (*offer, *at, reason.clone());
            Ok((Event::Recalled { offer, at, reason }, area, after))
        }
        Command::Depart { area, passage } => {
            let may = [Phase::Held, Phase::Disputed];
            let after = heads(state, area, &passage.items, &may)?;
            with(Event::Departed(passage.clone()), area, after)
        }
        Command::Arrive { area, passage } => {
            let may = [Phase::Moving, Phase::Disputed];
            let after = heads(state, area, &passage.items, &may)?;
            with(Event::Arrived(passage.clone()), area, after)
        }
        Command::Record { area, note } => {
            let after = heads(state, area, &note.items, &LIVING)?;
            with(Event::Recorded(note.clone()), area, after)
        }
        Command::Split { area, parting } => {
            with(Event::Split(parting.clone()), area, split(state, area, parting)?)
        }
        Command::Join { area, parting } => {
            with(Event::Joined(parting.clone()), area, join(state, area, parting)?)
        }
        Command::Destroy { area, ending } => {
            let after = heads(state, area, &ending.items, &[Phase::Held, Phase::Disputed])?;
            with(Event::Destroyed(ending.clone()), area, after)
        }
        _ => other(state, context, command),
    }
}

/// Acts about no item's whereabouts, and the release.
#[expect(clippy::wildcard_enum_match_arm, reason = "the second half of the list above")]
fn other(state: &State, context: &Context, command: &Command) -> Drafted {
    let custody = &state.custody;
    match command {
        Command::Witness { entry, at, witness, agrees, note } => {
            let act = custody.act(*entry).ok_or_else(|| not_known(entry))?;
            let event = Event::Witnessed {
                entry: *entry,
                at: *at,
                witness: *witness,
                agrees: *agrees,
                note: note.clone(),
            };
            Ok((event, act.mark.area.clone(), vec![*entry]))
        }
        Command::Propose { area, release } => {
            let after = heads(state, area, &release.items, &RELEASABLE)?;
            Ok((Event::ReleaseProposed(release.clone()), area.clone(), after))
        }
        Command::Approve { release, at, read } => {
            let act = custody.act(*release).ok_or_else(|| not_known(release))?;
            let Event::ReleaseProposed(proposed) = &act.event else {
                return Err(not_known(release));
            };
            let area = act.mark.area.clone();
            // Approved once: it must not take the items back from whoever got them since.
            if !custody.releases(&area).any(|(at, _)| at == *release) {
                return Err(not_known(release));
            }
            let mut after = heads(state, &area, &proposed.items, &RELEASABLE)?;
            after.push(*release);
            let event = Event::ReleaseApproved { release: *release, at: *at, read: read.clone() };
            Ok((event, area, after))
        }
        Command::Count { area, counted } => {
            let known = custody.area(area).and_then(|it| it.forms.get(&counted.key()));
            let standing = known.map(|acts| custody.standing_counts(acts)).unwrap_or_default();
            let after = standing.into_iter().map(|(at, ..)| at).take(SUPERSEDES_MAX).collect();
            Ok((Event::Counted(counted.clone()), area.clone(), after))
        }
        Command::ReadForm { area, read } => {
            Ok((Event::FormRead(read.clone()), area.clone(), Vec::new()))
        }
        Command::Compare { area, compared } => {
            if let Some(first) = compared.first {
                let act = custody.act(first).ok_or_else(|| not_known(first))?;
                let fits = matches!(&act.event, Event::Compared(it) if it.is_before(compared));
                if !fits || act.mark.area != *area {
                    return Err(not_known(first));
                }
            }
            let after = compared.first.into_iter().collect();
            Ok((Event::Compared(compared.clone()), area.clone(), after))
        }
        Command::SeeCopy { area, seen } => {
            Ok((Event::CopySeen(seen.clone()), area.clone(), Vec::new()))
        }
        Command::Take { area, exception, at } => {
            known(state, area, exception, *at, None)?;
            let after = answered(state, area, exception);
            Ok((Event::Taken { exception: exception.clone(), at: *at }, area.clone(), after))
        }
        Command::Resolve { area, exception, at, outcome, note } => {
            known(state, area, exception, *at, Some(&context.actor.person))?;
            let after = answered(state, area, exception);
            let (exception, note) = (exception.clone(), note.clone());
            let event = Event::Resolved { exception, at: *at, outcome: *outcome, note };
            Ok((event, area.clone(), after))
        }
        _ => Err(Refusal::of(RefusalCode::NotKnown, "")),
    }
}

// Times decide nothing here: what is late may be done as if it were not.
const RELEASABLE: [Phase; 4] = [Phase::Held, Phase::Offered, Phase::Moving, Phase::Disputed];
const LIVING: [Phase; 5] =
    [Phase::Held, Phase::Inside, Phase::Offered, Phase::Moving, Phase::Disputed];

fn not_known(what: impl ToString) -> Refusal {
    Refusal::of(RefusalCode::NotKnown, what)
}

/// The exception must be there, and whoever's acts show it does not resolve it.
fn known(
    state: &State,
    area: &AreaId,
    id: &str,
    at: UnixMs,
    resolver: Option<&PersonId>,
) -> Result<(), Refusal> {
    let all = exception::exceptions(&state.custody, area, at);
    let found = all.iter().find(|one| one.id == id);
    let found = found.ok_or_else(|| Refusal::of(RefusalCode::ExceptionUnknown, id))?;
    if resolver.is_some_and(|who| exception::parties(&state.custody, found).contains(who)) {
        return Err(Refusal::of(RefusalCode::DutiesSeparated, id));
    }
    Ok(())
}

fn answered(state: &State, area: &AreaId, exception: &str) -> Vec<EventRef> {
    let acts = state.custody.area(area).and_then(|it| it.answers.get(exception));
    acts.into_iter().flatten().rev().take(SUPERSEDES_MAX).copied().collect()
}

/// What an act on items follows: the acts that say now who has them.
fn heads(
    state: &State,
    area: &AreaId,
    items: &[ItemId],
    may: &[Phase],
) -> Result<Vec<EventRef>, Refusal> {
    let custody = &state.custody;
    let mut all = Vec::new();
    for id in items {
        let unknown = || Refusal::of(RefusalCode::ItemUnknown, id);
        let item = custody.item(area, id).ok_or_else(unknown)?;
        let heads = custody.heads(item);
        if !may.contains(&Phase::of(agreed(&heads))) {
            return Err(Refusal::of(RefusalCode::ItemStateForbids, id));
        }
        all.extend(heads.into_iter().map(|(at, ..)| at));
    }
    Ok(all)
}

fn registered(state: &State, area: &AreaId, items: &[NewItem]) -> Result<Vec<EventRef>, Refusal> {
    let custody = &state.custody;
    let own: BTreeSet<&ItemId> = items.iter().map(|new| &new.item).collect();
    let mut after = BTreeSet::new();
    for new in items {
        if custody.item(area, &new.item).is_some() {
            return Err(Refusal::of(RefusalCode::ItemExists, &new.item));
        }
        if let Some(station) = &new.station {
            state.elections.admits(station)?;
        }
        let Some(whole) = new.within.as_ref().filter(|whole| !own.contains(whole)) else {
            continue;
        };
        let Some(there) = custody.item(area, whole) else {
            return Err(Refusal::of(RefusalCode::ItemUnknown, whole));
        };
        if after.len() < SUPERSEDES_MAX {
            after.insert(there.origin());
        }
    }
    Ok(after.into_iter().collect())
}

/// An offer that stands for at least one of its items, its area, and what an answer follows.
fn open_offer(state: &State, at: EventRef) -> Result<(Offer, AreaId, Vec<EventRef>), Refusal> {
    let custody = &state.custody;
    let (offer, mark) = custody.offer(at).ok_or_else(|| not_known(at))?;
    let mut after = vec![at];
    let mut open = false;
    for id in &offer.items {
        let Some(item) = custody.item(&mark.area, id) else { continue };
        let heads = custody.heads(item);
        let stands = heads.iter().any(|(_, _, hold)| *hold == Hold::Offered(at));
        open |= stands;
        if stands {
            after.extend(heads.into_iter().map(|(at, ..)| at));
        }
    }
    if !open {
        return Err(Refusal::of(RefusalCode::OfferClosed, at));
    }
    Ok((offer.clone(), mark.area.clone(), after))
}

fn receive(state: &State, receipt: &Receipt) -> Drafted {
    let (offer, area, after) = open_offer(state, receipt.offer)?;
    if offer.step != receipt.step {
        return Err(Refusal::of(RefusalCode::StepNotYours, offer.step.name()));
    }
    if let Some(stranger) = receipt.missing.iter().find(|item| !offer.items.contains(item)) {
        return Err(Refusal::of(RefusalCode::ItemUnknown, stranger));
    }
    Ok((Event::Received(receipt.clone()), area, after))
}

fn split(state: &State, area: &AreaId, parting: &Parting) -> Result<Vec<EventRef>, Refusal> {
    let after = heads(state, area, &parting.parts, &[Phase::Inside, Phase::Disputed])?;
    for part in &parting.parts {
        let inside = state.custody.hold(area, part);
        if inside.is_some_and(|hold| hold != Hold::Inside(parting.whole.clone())) {
            return Err(Refusal::of(RefusalCode::ItemStateForbids, part));
        }
    }
    Ok(after)
}

fn join(state: &State, area: &AreaId, parting: &Parting) -> Result<Vec<EventRef>, Refusal> {
    let custody = &state.custody;
    if custody.item(area, &parting.whole).is_none() {
        return Err(Refusal::of(RefusalCode::ItemUnknown, &parting.whole));
    }
    let outer = custody.outermost(area, &parting.whole);
    if let Some(part) = parting.parts.iter().find(|part| **part == parting.whole || **part == outer)
    {
        return Err(Refusal::of(RefusalCode::ItemStateForbids, part));
    }
    heads(state, area, &parting.parts, &[Phase::Held, Phase::Disputed])
}

/// What must hold of an act, whoever sent it.
#[expect(clippy::wildcard_enum_match_arm, reason = "only these carry numbers to look at")]
pub(crate) fn check(event: &Event) -> Result<(), Refusal> {
    match event {
        Event::Registered { items, .. } => {
            some(items.len())?;
            unique(items.iter().map(|new| &new.item))?;
            let backward = items.iter().flat_map(|new| &new.serials).find(|it| it.first > it.last);
            if let Some(serials) = backward {
                return Err(Refusal::of(RefusalCode::SerialsBackward, serials));
            }
            let most = items.iter().map(|new| new.seals.len()).max();
            numbers(most.unwrap_or(0))
        }
        Event::SealsIssued { issues } => {
            some(issues.len())?;
            match issues.iter().map(|issue| &issue.seals).find(|it| it.first > it.last) {
                Some(serials) => Err(Refusal::of(RefusalCode::SerialsBackward, serials)),
                None => Ok(()),
            }
        }
        Event::Offered(Offer { items, photographs, step, .. }) => {
            all(items)?;
            numbers(photographs.len())?;
            if step.is_hand_over() { Ok(()) } else { Err(no_part(*step)) }
        }
        Event::Received(Receipt { read, missing, photographs, step, .. }) => {
            readings(read)?;
            unique(missing)?;
            numbers(photographs.len())?;
            if step.is_hand_over() { Ok(()) } else { Err(no_part(*step)) }
        }
        Event::Departed(Passage { items, .. }) | Event::Arrived(Passage { items, .. }) => {
            all(items)
        }
        Event::Recorded(note) => {
            all(&note.items)?;
            readings(&note.found)?;
            readings(&note.sealed)?;
            numbers(note.photographs.len())?;
            if note.step.needs_order() && note.reference.trim().is_empty() {
                return Err(Refusal::of(RefusalCode::InstrumentMissing, note.step.name()));
            }
            Ok(())
        }
        Event::Split(parting) | Event::Joined(parting) => all(&parting.parts),
        Event::ReleaseProposed(Release { items, .. }) => all(items),
        Event::ReleaseApproved { read, .. } => readings(read),
        Event::Destroyed(Ending { items, photographs, .. }) => {
            all(items)?;
            numbers(photographs.len())
        }
        Event::Counted(counted) => sheets(counted),
        Event::FormRead(read) => {
            numbers(read.codes.len())?;
            unique(read.codes.iter().map(|(form, _)| form))
        }
        _ => Ok(()),
    }
}

/// Each paper's code must be the one of its station, contest, form and image.
fn sheets(counted: &Counted) -> Result<(), Refusal> {
    let Counted { station, contest, sheets, .. } = counted;
    unique(sheets.iter().map(|sheet| &sheet.form))?;
    let wrong = sheets
        .iter()
        .find(|sheet| form::code(station, contest, sheet.form, &sheet.image) != sheet.code);
    match wrong {
        Some(sheet) => Err(Refusal::of(RefusalCode::FormCodeWrong, sheet.form.name())),
        None => Ok(()),
    }
}

fn no_part(step: Step) -> Refusal {
    Refusal::of(RefusalCode::StepNotYours, step.name())
}

fn some(count: usize) -> Result<(), Refusal> {
    match count {
        0 => Err(Refusal::of(RefusalCode::ItemsMissing, count)),
        1..=ITEMS_MAX => Ok(()),
        _ => Err(Refusal::of(RefusalCode::ItemsTooMany, ITEMS_MAX)),
    }
}

fn all(items: &[ItemId]) -> Result<(), Refusal> {
    some(items.len())?;
    unique(items)
}

fn unique<T: Ord>(things: impl IntoIterator<Item = T>) -> Result<(), Refusal> {
    if each_once(things) { Ok(()) } else { Err(Refusal::of(RefusalCode::ItemTwice, "")) }
}

fn readings(read: &[Reading]) -> Result<(), Refusal> {
    unique(read.iter().map(|reading| &reading.item))?;
    numbers(read.iter().map(|reading| reading.seals.len()).max().unwrap_or(0))
}

fn numbers(count: usize) -> Result<(), Refusal> {
    if count > NUMBERS_MAX {
        return Err(Refusal::of(RefusalCode::ItemsTooMany, NUMBERS_MAX));
    }
    Ok(())
}
