//! One of each act about campaigns.

use super::{DAY, ENTRY, text};
use crate::{
    Event,
    campaign::{Draft, Event as E, Fact, Measure, Released, Text, Topic},
    incident,
};
use pehra_domain::{
    AreaId, Date, IncidentId, PersonId,
    campaign::{Channel, Language},
    id::IdError,
};

pub(super) fn all() -> Result<Vec<Event>, IdError> {
    let area = AreaId::try_new("pk/sindh/thatta").unwrap_or_else(|_| AreaId::nation());
    let incident = IncidentId::try_new("I-7")?;
    let fact = incident::Key { area, matter: incident::Matter::Incident, incident };
    let urdu = || Text { language: Language::Urdu, text: text("سٹیشن ۱۵ کھلا ہے۔") };
    let draft = Draft {
        topic: Topic::Correction,
        name: text("Station 15 is open"),
        channels: vec![Channel::Radio, Channel::Card],
        from: Date(DAY.0 - 1),
        until: DAY,
        reach_planned: 40_000,
        cost_rs: 250_000,
        fact: Some(Fact::Incident(fact)),
        texts: vec![
            urdu(),
            Text { language: Language::English, text: text("Station 15 is open.") },
        ],
    };
    let measure = Measure {
        channel: Channel::Radio,
        reached: 31_500,
        spent_rs: 240_000,
        on: DAY,
        how: text("survey of 400 households · سروے"),
    };
    let person = PersonId::try_new("clerk-7")?;
    let language = Language::Urdu;
    let events = [
        E::Drafted(Box::new(draft)),
        E::Written { campaign: ENTRY, text: urdu() },
        E::Signed { campaign: ENTRY, language, text: ENTRY, written_by: person.clone() },
        E::Faulted { campaign: ENTRY, language, text: ENTRY, note: text("not how it is said") },
        E::Approved {
            campaign: ENTRY,
            drafted_by: person,
            texts: vec![Released { language, text: ENTRY }],
        },
        E::Refused { campaign: ENTRY, reason: text("says too much") },
        E::Stopped { campaign: ENTRY, reason: text("the station closed after all") },
        E::Measured { campaign: ENTRY, measure },
    ];
    Ok(events.map(Event::Campaign).into())
}
