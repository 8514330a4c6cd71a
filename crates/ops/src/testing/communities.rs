//! Commands about committees for devices that decide apart.

use super::{date, east, pick};
use crate::{
    Command, EventRef, State,
    community::{Command as C, Committee, Duty, Kind, Matter, Rota, Seats, Shift, Topic},
};
use pehra_domain::PersonId;

pub(crate) fn number(of: u8) -> PersonId {
    PersonId::try_new(format!("vol-{of:03}")).unwrap()
}

pub(crate) fn form() -> Command {
    let seats = vec![Seats { duty: Duty::Queue, count: 6 }, Seats { duty: Duty::Women, count: 4 }];
    let committee = Committee { kind: Kind::Peace, place: "Ward 7 school".to_owned(), seats };
    Command::Community(C::Form { area: east(), committee })
}

pub(crate) fn enlist(committee: EventRef, of: u8) -> Command {
    Command::Community(C::Enlist { committee, number: number(of), duty: Duty::Queue })
}

pub(crate) fn vet(committee: EventRef, of: u8, passed: bool) -> Command {
    let on = date("2024-01-07");
    Command::Community(C::Vet { committee, number: number(of), passed, on })
}

pub(crate) fn release(committee: EventRef, of: u8) -> Command {
    Command::Community(C::Release { committee, number: number(of) })
}

pub(crate) fn brief(committee: EventRef) -> Command {
    let (topic, on) = (Topic::Limits, date("2024-01-07"));
    Command::Community(C::Brief { committee, topic, on, attended: 9 })
}

/// The first volunteer from seven o'clock on, so many hours.
pub(crate) fn plan(committee: EventRef, hours: u8) -> Command {
    let shift = Shift {
        from: 420,
        until: 420 + 60 * u16::from(hours),
        place: "gate".to_owned(),
        volunteers: vec![number(1)],
    };
    let rota = Rota { day: date(super::POLL_DAY), shifts: vec![shift] };
    Command::Community(C::Plan { committee, rota })
}

pub(crate) fn tell(committee: EventRef, text: &str) -> Command {
    let text = text.to_owned();
    Command::Community(C::Tell { committee, matter: Matter::Light, text })
}

/// Answers what the committee told first.
pub(crate) fn answer(state: &State, committee: EventRef, text: &str) -> Command {
    let told = state.communities.get(committee).and_then(|it| it.feedback().next());
    let told = told.map_or(committee, |(at, ..)| at);
    Command::Community(C::Answer { committee, told, text: text.to_owned() })
}

pub(crate) fn dissolve(committee: EventRef) -> Command {
    Command::Community(C::Dissolve { committee, reason: "merged with ward 8".to_owned() })
}

pub(crate) fn command(state: &State, which: u8, (a, b, c): (u8, u8, u8)) -> Command {
    let known = pick(state.communities.all().map(|(at, ..)| at), a % 2);
    let Some(at) = known else { return form() };
    match which % 16 {
        0 => form(),
        1..=3 => enlist(at, 1 + b % 2),
        4..=9 => vet(at, 1 + b % 2, c % 5 < 3),
        10 => release(at, 1 + b % 2),
        11 => brief(at),
        12 | 13 => plan(at, 1 + c % 3),
        14 => tell(at, ["The lamp is broken.", "The way is under water."][usize::from(c) % 2]),
        _ if c % 8 == 0 => dissolve(at),
        _ if c % 8 < 4 => answer(state, at, ["Mended.", "A way was laid."][usize::from(b) % 2]),
        _ => plan(at, 1 + c % 3),
    }
}
