//! Commands about findings for devices that decide apart.

use super::{area, east, pick, role};
use crate::{
    Command, EventRef, State,
    finding::{Action, Command as F, Finding, Source},
};
use pehra_domain::Date;

/// Whoever owns the actions of these stories.
pub(crate) const OWNER: &str = "ECP-NAT";

pub(crate) fn record() -> Command {
    let finding = Finding { source: Source::Exercise, text: "runner lost his way".to_owned() };
    Command::Finding(F::Record { area: east(), finding })
}

/// Due in so many days of the poll.
pub(crate) fn charge(finding: EventRef, days: u8) -> Command {
    let due = Date(super::date(super::POLL_DAY).0 + i32::from(days));
    let action = Action { text: "a map for each runner".to_owned(), owner: role(OWNER), due };
    Command::Finding(F::Charge { finding, action })
}

pub(crate) fn finish(finding: EventRef) -> Command {
    Command::Finding(F::Finish { area: east(), finding, note: "maps given out".to_owned() })
}

pub(crate) fn send_back(finding: EventRef) -> Command {
    Command::Finding(F::Return { finding, reason: "two maps missing".to_owned() })
}

pub(crate) fn close(finding: EventRef) -> Command {
    Command::Finding(F::Close { finding, note: String::new() })
}

pub(crate) fn dismiss(finding: EventRef) -> Command {
    Command::Finding(F::Drop { finding, reason: "counted twice".to_owned() })
}

pub(crate) fn aim() -> Command {
    Command::Finding(F::Aim { area: area("pk/sindh"), text: "heard within the hour".to_owned() })
}

pub(crate) fn judge(aim: EventRef, met: bool) -> Command {
    Command::Finding(F::Judge { aim, met, note: String::new() })
}

pub(crate) fn command(state: &State, which: u8, (a, b, c): (u8, u8, u8)) -> Command {
    let found = pick(state.findings.all().map(|(at, ..)| at), a % 4);
    let aimed = pick(state.findings.aims().map(|(at, ..)| at), a % 2);
    match (which % 16, found, aimed) {
        (1..=4, Some(at), _) => charge(at, b % 3),
        (5..=8, Some(at), _) => finish(at),
        (9, Some(at), _) => send_back(at),
        (10 | 11, Some(at), _) => close(at),
        (12, Some(at), _) => dismiss(at),
        (13, _, None) => aim(),
        (13 | 14, _, Some(at)) => judge(at, c % 2 == 0),
        _ => record(),
    }
}
