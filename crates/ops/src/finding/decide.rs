//! Whether a step about a finding can be taken.

use super::{Action, Aim, Command, Event, Finding, Findings, Record, Source, Standing};
use crate::{
    event,
    refusal::{Refusal, RefusalCode},
    register::{Reading, heads_or},
    stamp::{Actor, Context, Decided, EventRef},
    state::State,
};
use pehra_domain::{AreaId, Date, PersonId};

/// Days in the past that an action's day may lie: what was agreed on a day is often written down on the next.
const DUE_BEFORE_DAYS: i32 = 7;
/// And ahead: the next general election.
const DUE_AHEAD_DAYS: i32 = 6 * 366;

pub(crate) fn decide(
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    let findings = &state.findings;
    match command {
        Command::Record { area, finding } => {
            state.elections.nature()?;
            Ok(first(Event::Recorded(finding.clone()), area))
        }
        Command::Aim { area, text } => {
            state.elections.nature()?;
            Ok(first(Event::Aimed { text: text.clone() }, area))
        }
        Command::Charge { finding, action } => {
            let record = open(findings, *finding)?;
            in_time(action, Date::of_pkt(context.at))?;
            if standing_action(record).is_some_and(|(_, stands)| stands == action) {
                return Ok(Vec::new());
            }
            next(findings, *finding, Event::Charged { finding: *finding, action: action.clone() })
        }
        Command::Finish { area, finding, note } => {
            let record = open(findings, *finding)?;
            let Some((charge, action)) = standing_action(record) else {
                return Err(Refusal::of(RefusalCode::FindingStateForbids, finding));
            };
            must_own(findings, *finding, action, &context.actor, area)?;
            let event = Event::Finished { finding: *finding, charge, note: note.clone() };
            let heads = heads_or(record.standing.refs(), *finding);
            Ok(Decided::over(&event::Event::Finding(event), area, &heads))
        }
        Command::Return { finding, reason } => {
            let (charge, ..) = finished(findings, *finding)?;
            let event = Event::Returned { finding: *finding, charge, reason: reason.clone() };
            next(findings, *finding, event)
        }
        Command::Close { finding, note } => {
            let (_, finished, by) = finished(findings, *finding)?;
            if *by == context.actor.person {
                return Err(Refusal::of(RefusalCode::SamePersonTwice, by));
            }
            let (finished_by, note) = (by.clone(), note.clone());
            next(
                findings,
                *finding,
                Event::Closed { finding: *finding, finished, finished_by, note },
            )
        }
        Command::Drop { finding, reason } => {
            open(findings, *finding)?;
            next(findings, *finding, Event::Dropped { finding: *finding, reason: reason.clone() })
        }
        Command::Judge { aim, met, note } => {
            let known = findings.aims.get(aim).filter(|aim| aim.told.is_some());
            let known: &Aim = known.ok_or_else(|| Refusal::of(RefusalCode::FindingUnknown, aim))?;
            if known.verdict() == if *met { "met" } else { "missed" } {
                return Ok(Vec::new());
            }
            let event = Event::Judged { aim: *aim, met: *met, note: note.clone() };
            let area = findings.area_of(*aim).cloned().unwrap_or_else(AreaId::nation);
            let heads = heads_or(known.verdict.refs(), *aim);
            Ok(Decided::over(&event::Event::Finding(event), &area, &heads))
        }
    }
}

fn first(event: Event, area: &AreaId) -> Vec<Decided> {
    let event = event::Event::Finding(event);
    vec![Decided { event, area: area.clone(), supersedes: Vec::new() }]
}

/// A step in the finding's own area, over everything that stands.
fn next(findings: &Findings, finding: EventRef, event: Event) -> Result<Vec<Decided>, Refusal> {
    let record = known(findings, finding)?;
    let area = findings.area_of(finding).cloned().unwrap_or_else(AreaId::nation);
    let heads = heads_or(record.standing.refs(), finding);
    Ok(Decided::over(&event::Event::Finding(event), &area, &heads))
}

fn known(findings: &Findings, finding: EventRef) -> Result<&Record, Refusal> {
    findings.get(finding).ok_or_else(|| Refusal::of(RefusalCode::FindingUnknown, finding))
}

/// A finding about which something is still to be done.
fn open(findings: &Findings, finding: EventRef) -> Result<&Record, Refusal> {
    let record = known(findings, finding)?;
    match record.standing.reading() {
        Reading::Agreed(Standing::Closed(_) | Standing::Dropped) => {
            Err(Refusal::of(RefusalCode::FindingStateForbids, finding))
        }
        Reading::Agreed(Standing::Charged(_) | Standing::Finished(_))
        | Reading::Empty
        | Reading::Disputed => Ok(record),
    }
}

/// The action with which somebody is charged now, undisputed.
fn standing_action(record: &Record) -> Option<(EventRef, &Action)> {
    let Some(Standing::Charged(charge)) = record.standing.agreed() else { return None };
    record.charges.get(charge).map(|(action, _)| (*charge, action))
}

/// The charge that was carried out, the entry that says so, and who wrote it.
fn finished(
    findings: &Findings,
    finding: EventRef,
) -> Result<(EventRef, EventRef, &PersonId), Refusal> {
    let record = known(findings, finding)?;
    let refused = || Refusal::of(RefusalCode::FindingStateForbids, finding);
    let Some(Standing::Finished(at)) = record.standing.agreed() else {
        return Err(refused());
    };
    let word = record.finished.get(at).ok_or_else(refused)?;
    Ok((word.charge, *at, &word.mark.person))
}

fn in_time(action: &Action, today: Date) -> Result<(), Refusal> {
    let days = action.due.0 - today.0;
    if (-DUE_BEFORE_DAYS..=DUE_AHEAD_DAYS).contains(&days) {
        Ok(())
    } else {
        Err(Refusal::of(RefusalCode::FindingDueFar, action.due))
    }
}

/// Whoever says that it is done holds the owner's role where the finding is.
fn must_own(
    findings: &Findings,
    finding: EventRef,
    action: &Action,
    actor: &Actor,
    area: &AreaId,
) -> Result<(), Refusal> {
    let of = findings.area_of(finding);
    let near = of.is_some_and(|of| area.meets(of));
    if actor.role == action.owner && near {
        Ok(())
    } else {
        Err(Refusal::of(RefusalCode::FindingNotYours, finding))
    }
}

/// The same of an entry, wherever it was written.
pub(crate) fn check_owner(
    state: &State,
    event: &event::Event,
    actor: &Actor,
    area: &AreaId,
) -> Result<(), Refusal> {
    let event::Event::Finding(Event::Finished { finding, charge, .. }) = event else {
        return Ok(());
    };
    let record = known(&state.findings, *finding)?;
    let charged = record.charges.get(charge);
    let (action, _) = charged.ok_or_else(|| Refusal::of(RefusalCode::FindingUnknown, charge))?;
    must_own(&state.findings, *finding, action, actor, area)
}

/// What an entry refers to is what it says, and whoever closes is not who said that it is done.
pub(crate) fn check_references(
    state: &State,
    event: &Event,
    two_who_acted: impl Fn(&PersonId, Option<&PersonId>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let known = |finding: &EventRef| known(&state.findings, *finding);
    match event {
        Event::Recorded(_) | Event::Aimed { .. } => Ok(()),
        Event::Charged { finding, .. }
        | Event::Finished { finding, .. }
        | Event::Dropped { finding, .. } => known(finding).map(|_| ()),
        Event::Returned { finding, charge, .. } => {
            if known(finding)?.charges.contains_key(charge) {
                Ok(())
            } else {
                Err(Refusal::of(RefusalCode::FindingUnknown, charge))
            }
        }
        Event::Closed { finding, finished, finished_by, .. } => {
            let word = known(finding)?.finished.get(finished);
            two_who_acted(finished_by, word.map(|word| &word.mark.person))
        }
        Event::Judged { aim, .. } => {
            let known = state.findings.aims.get(aim).is_some_and(|aim| aim.told.is_some());
            if known { Ok(()) } else { Err(Refusal::of(RefusalCode::FindingUnknown, aim)) }
        }
    }
}

/// A figure's code is one of the account's: `K01`.
pub(crate) fn check(event: &Event) -> Result<(), Refusal> {
    let Event::Recorded(Finding { source: Source::Figure(code), .. }) = event else {
        return Ok(());
    };
    let digits = code.strip_prefix('K').unwrap_or_default();
    if digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(())
    } else {
        Err(Refusal::of(RefusalCode::NameMalformed, "figure"))
    }
}
