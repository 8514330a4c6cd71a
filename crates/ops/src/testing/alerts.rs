//! Commands about alerts for devices that decide apart.

use super::{early, east, late, pick};
use crate::{
    Command, EventRef, State,
    alert::{Category, Certainty, Command as A, Draft, Response, Scope, Severity, Urgency, Words},
};
use pehra_domain::UnixMs;

pub(crate) const HOUR_MS: i64 = 3_600_000;

pub(crate) fn words(headline: &str) -> Words {
    let text = str::to_owned;
    Words {
        event: text("Road closed"),
        place: text("Karachi East"),
        office: text("District returning officer"),
        headline: text(headline),
        description: text("The road at the bridge is closed."),
        instruction: String::new(),
    }
}

pub(crate) fn a_draft(number: u8, at: UnixMs) -> Draft {
    Draft {
        category: Category::Transport,
        response: Response::Avoid,
        urgency: Urgency::Immediate,
        severity: Severity::Moderate,
        certainty: Certainty::Observed,
        scope: Scope::Public,
        restriction: String::new(),
        addresses: Vec::new(),
        english: words(&format!("Keep away from road {number}")),
        urdu: words("سڑک بند ہے"),
        onset: None,
        expires: UnixMs(at.0 + 48 * HOUR_MS),
        polygons: Vec::new(),
        circles: Vec::new(),
        basis: None,
        follows: None,
    }
}

pub(crate) fn draft(draft: Draft) -> Command {
    Command::Alert(A::Draft { area: east(), draft: Box::new(draft) })
}

pub(crate) fn release(draft: EventRef) -> Command {
    Command::Alert(A::Release { draft, public: true })
}

pub(crate) fn discard(draft: EventRef) -> Command {
    Command::Alert(A::Discard { draft, reason: "a school bag".to_owned() })
}

pub(crate) fn cancel(draft: EventRef) -> Command {
    let (english, urdu) = ("The road is open.".to_owned(), "سڑک کھلی ہے۔".to_owned());
    Command::Alert(A::Cancel { draft, public: true, english, urdu })
}

pub(crate) fn command(state: &State, which: u8, (a, b): (u8, u8)) -> Command {
    let known = pick(state.alerts.all().map(|(at, ..)| at), a);
    let begins = if b.is_multiple_of(2) { early() } else { late() };
    match (which % 9, known) {
        (2..=4, Some(at)) => release(at),
        (5 | 6, Some(at)) => discard(at),
        (7, Some(at)) => cancel(at),
        (8, Some(at)) => draft(Draft { follows: Some(at), ..a_draft(b, begins) }),
        _ => draft(a_draft(b, begins)),
    }
}
