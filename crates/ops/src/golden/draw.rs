//! One of each event about draws.

use super::{ENTRY, text};
use crate::{
    Event, EventRef, Hash32,
    draw::{self, Dealt, On, Opening, Outcome, Party, Stage},
};
use pehra_domain::{PersonId, id::IdError};

pub(super) fn all() -> Result<Vec<Event>, IdError> {
    let party = |name: &str, person: &str| {
        Ok(Party { name: text(name), person: PersonId::try_new(person)? })
    };
    let opening = Opening {
        title: text("Karachi East · کراچی شرقی"),
        input: Hash32([0x1a; 32]),
        parties: vec![
            party("police", "desk-1")?,
            party("commission", "desk-2")?,
            party("observers", "desk-3")?,
        ],
        people: 5_120,
        posts: 4_096,
    };
    let on = On { draw: ENTRY, stage: Stage::Posts };
    let after = EventRef { seq: 44, ..ENTRY };
    let over = vec![Hash32([1; 32]), Hash32([2; 32]), Hash32([3; 32])];
    let dealt = |to| Dealt { to, number: to, mark: Hash32([to; 32]), sealed: vec![0x5e; 24] };
    let outcome = Outcome { seed: Hash32([0x2b; 32]), roster: Hash32([0x3c; 32]) };
    let events = [
        draw::Event::Opened(opening),
        draw::Event::Joined { draw: ENTRY, party: 2, key: [0x9a; 32] },
        draw::Event::StageProposed { on, subject: Hash32([0x4d; 32]), after: Some(after) },
        draw::Event::StageOpened { proposal: ENTRY, proposed_by: PersonId::try_new("desk-1")? },
        draw::Event::Committed {
            on,
            opened: after,
            party: 0,
            digest: Hash32([1; 32]),
            shares: vec![dealt(1), dealt(2)],
        },
        draw::Event::Revealed { on, party: 0, secret: [0x6e; 32], over: over.clone() },
        draw::Event::ShareShown {
            on,
            from: 2,
            to: 0,
            number: 1,
            share: [0x7f; 32],
            over: over.clone(),
        },
        draw::Event::Recovered { on, party: 2, secret: [0x8a; 32], over },
        draw::Event::Drawn { on, outcome },
        draw::Event::Replaced { draw: ENTRY, number: 1, sealed: vec![0x5e; 32] },
        draw::Event::Withdrawn { draw: ENTRY, reason: text("shares were false") },
    ];
    Ok(events.map(Event::Draw).into())
}
