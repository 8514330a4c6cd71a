//! One of each event about citizens' reports.

use super::{ENTRY, text};
use crate::{
    Event, Hash32,
    incident::{Basis, Finding, Matter},
    order::Priority,
    report::{self, Answer, Door, Language, On, Report, Text, Topic},
};
use pehra_domain::{ConstituencyId, IncidentId, StationId, UnixMs, id::IdError};

pub(super) fn all() -> Result<Vec<Event>, IdError> {
    let on = On { report: ENTRY, matter: Matter::Incident };
    let report = Report {
        receipt: Hash32([0x5c; 32]),
        door: Door::Page,
        topic: Topic::Closed,
        matter: Matter::Incident,
        constituency: Some(ConstituencyId::try_new("NA-40")?),
        station: Some(StationId::try_new("NA-40-15")?),
        hour: Some(UnixMs(1_707_368_400_000)),
        language: Language::Urdu,
        text: Text::Plain(text("The gate is locked · دروازہ بند ہے")),
    };
    let complaint = On { matter: Matter::Complaint, ..on };
    let events = [
        report::Event::Received(report),
        report::Event::ContactLeft { on: complaint, sealed: vec![0x5e; 40] },
        report::Event::Triaged { on, urgency: Priority::Urgent },
        report::Event::Judged { on, finding: Finding::Verified, basis: Basis::TwoSources },
        report::Event::Merged { on, into: IncidentId::try_new("I-7")? },
        report::Event::Parted { on },
        report::Event::Answered { on, answer: Answer::Acted, note: text("The gate is open now") },
        report::Event::Closed { on },
        report::Event::ContactOpened { on, reason: text("to ask for the hour") },
        report::Event::ReaderNamed { key: [0x9a; 32] },
        report::Event::ReaderEnded { reader: ENTRY },
    ];
    Ok(events.map(Event::Report).into())
}
