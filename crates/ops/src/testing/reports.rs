//! Reports of citizens for tests.

use super::{Command, at, day, early, east, hash, pick, station};
use crate::{
    State,
    incident::{self, Basis, Finding, Matter},
    order::Priority,
    report::{Answer, Command as C, Deed, Door, HOUR_MS, Language, On, Report, Text, Topic},
    stamp::EventRef,
};
use pehra_domain::UnixMs;

pub(crate) fn told(number: u8) -> Report {
    Report {
        receipt: hash(number),
        door: Door::Page,
        topic: Topic::Closed,
        matter: Matter::Incident,
        constituency: None,
        station: Some(station(1)),
        hour: Some(UnixMs(early().0 / HOUR_MS * HOUR_MS)),
        language: Language::Urdu,
        text: Text::Plain("The gate is locked".to_owned()),
    }
}

pub(crate) fn complained(number: u8) -> Report {
    Report {
        topic: Topic::Guards,
        matter: Matter::Complaint,
        station: None,
        text: Text::Sealed(vec![number; 40]),
        ..told(number)
    }
}

pub(crate) fn receive(report: Report) -> Command {
    Command::Report(C::Receive { area: east(), report })
}

pub(crate) fn on(state: &State, report: EventRef) -> On {
    let found = state.reports.get(report).and_then(|record| record.report());
    On { report, matter: found.map_or(Matter::Incident, |(report, _)| report.matter) }
}

pub(crate) fn act(on: On, deed: Deed) -> Command {
    Command::Report(C::Act { on, deed })
}

pub(crate) fn contact(on: On) -> Command {
    Command::Report(C::LeaveContact { on, sealed: vec![1; 30] })
}

pub(crate) fn name_reader(key: u8) -> Command {
    Command::Report(C::NameReader { area: east(), key: [key; 32] })
}

/// A command over few reports, so that devices meet.
pub(crate) fn command(state: &State, which: u8, (a, b, c): (u8, u8, u8)) -> Command {
    let refs: Vec<EventRef> = state.reports.all().map(|(at, ..)| at).take(2).collect();
    let nowhere = at(99, 1);
    let report = pick(refs.into_iter(), c).unwrap_or(nowhere);
    let mut on = on(state, report);
    if a.is_multiple_of(13) {
        on.matter = Matter::Complaint;
    }
    let urgency = Priority::ALL[usize::from(a) % 3];
    let answer = Answer::ALL[usize::from(a) % 5];
    let finding = [Finding::Unverified, Finding::Verified, Finding::False][usize::from(a) % 3];
    let basis = [Basis::TwoSources, Basis::OfficialOnScene, Basis::Desk][usize::from(b) % 3];
    let note = if b.is_multiple_of(2) { String::new() } else { "thank you".to_owned() };
    match which % 16 {
        0 if a % 2 == 0 => receive(told(b % 4)),
        0 => receive(complained(b % 4 + 4)),
        1 => contact(on),
        2 | 3 => act(on, Deed::Triage { urgency }),
        4 | 5 => act(on, Deed::Judge { finding, basis }),
        6 => day::reported(day::report(a % 2, incident::Code::ArmPst, early())),
        7 | 8 => act(on, Deed::Merge { into: day::incident(a % 2) }),
        9 => act(on, Deed::Part),
        10 | 11 => act(on, Deed::Answer { answer, note }),
        12 => act(on, Deed::Close),
        13 => act(on, Deed::OpenContact { reason: "to ask for the hour".to_owned() }),
        14 => name_reader(a % 3),
        _ => {
            let readers: Vec<EventRef> = state.reports.readers().map(|(at, ..)| at).collect();
            let reader = pick(readers.into_iter(), b).unwrap_or(nowhere);
            Command::Report(C::EndReader { reader })
        }
    }
}
