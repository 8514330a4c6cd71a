//! One of each act about findings and aims.

use super::{DAY, ENTRY, text};
use crate::{
    Event,
    finding::{Action, Event as E, Finding, Source},
};
use pehra_domain::{Date, PersonId, id::IdError, role::Role};

pub(super) fn all() -> Result<Vec<Event>, IdError> {
    let finding = Finding {
        source: Source::Figure(text("K07")),
        text: text("bags late · تھیلے دیر سے"),
    };
    let owner = Role::try_new("LOG")?;
    let action = Action { text: text("two lorries more"), owner, due: Date(DAY.0 + 30) };
    let finished_by = PersonId::try_new("clerk-7")?;
    let note = || text("lorries hired");
    let events = [
        E::Recorded(finding),
        E::Charged { finding: ENTRY, action },
        E::Finished { finding: ENTRY, charge: ENTRY, note: note() },
        E::Returned { finding: ENTRY, charge: ENTRY, reason: text("one of them broke down") },
        E::Closed { finding: ENTRY, finished: ENTRY, finished_by, note: note() },
        E::Dropped { finding: ENTRY, reason: text("counted twice") },
        E::Aimed { text: text("every dark station heard within the hour") },
        E::Judged { aim: ENTRY, met: true, note: note() },
    ];
    Ok(events.map(Event::Finding).into())
}
