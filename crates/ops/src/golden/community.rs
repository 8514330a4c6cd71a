//! One of each act about committees.

use super::{DAY, ENTRY, text};
use crate::{
    Event,
    community::{Committee, Duty, Event as E, Kind, Matter, Rota, Seats, Shift, Topic},
};
use pehra_domain::{PersonId, id::IdError};

pub(super) fn all() -> Result<Vec<Event>, IdError> {
    let seats = vec![Seats { duty: Duty::Women, count: 4 }];
    let number = PersonId::try_new("vol-017")?;
    let shift = Shift {
        from: 420,
        until: 720,
        place: text("gate of the women's booth"),
        volunteers: vec![number.clone()],
    };
    let events = [
        E::Formed(Committee { kind: Kind::Health, place: text("Ward 7 · وارڈ ۷"), seats }),
        E::Enlisted { committee: ENTRY, number, duty: Duty::Women },
        E::Vetted {
            committee: ENTRY,
            enlisted: ENTRY,
            enlisted_by: PersonId::try_new("clerk-7")?,
            passed: true,
            on: DAY,
        },
        E::Released { committee: ENTRY, enlisted: ENTRY },
        E::Briefed { committee: ENTRY, topic: Topic::Neutrality, on: DAY, attended: 9 },
        E::Planned { committee: ENTRY, rota: Rota { day: DAY, shifts: vec![shift] } },
        E::Told { committee: ENTRY, matter: Matter::Light, text: text("the lamp is broken") },
        E::Dissolved { committee: ENTRY, reason: text("merged with ward 8") },
        E::Answered { committee: ENTRY, told: ENTRY, text: text("mended on Tuesday") },
    ];
    Ok(events.map(Event::Community).into())
}
