//! Commands about equipment for devices that decide apart.

use super::{area, at, day::eve, east, hash, pick, role, station};
use crate::{
    Command, EventRef, State,
    equipment::{
        Change, Command as E, Corner, Count, Frame, Health, Installation, Kind, Listing, Mask,
        Place, Tally, Task, Test, View, Work,
    },
};
use pehra_domain::{EquipmentId, UnixMs};

pub(crate) fn kit(number: u8) -> EquipmentId {
    EquipmentId::try_new(format!("CAM-{number}")).unwrap()
}

pub(crate) fn listing(number: u8, kind: Kind) -> Listing {
    Listing {
        equipment: kit(number),
        kind,
        place: Place::Store("district store".to_owned()),
        serial: format!("S-{number}"),
        owner: "District Election Office".to_owned(),
        feeder: "Gulshan 4".to_owned(),
        line: "DVR-1".to_owned(),
    }
}

pub(crate) fn list(at: UnixMs, items: Vec<Listing>) -> Command {
    Command::Equipment(E::List { area: east(), at, items })
}

pub(crate) fn install(at: UnixMs, number: u8, place: u8) -> Command {
    let place = Place::Station(station(place));
    let items = vec![Installation { equipment: kit(number), place }];
    Command::Equipment(E::Install { area: east(), at, items })
}

pub(crate) fn test(at: UnixMs, number: u8, passed: bool) -> Command {
    let items = vec![Test { equipment: kit(number), passed, note: String::new() }];
    Command::Equipment(E::Test { area: east(), at, items })
}

pub(crate) fn fault(at: UnixMs, number: u8) -> Command {
    let (equipment, note) = (kit(number), "no picture".to_owned());
    Command::Equipment(E::Fault { area: east(), at, equipment, note })
}

pub(crate) fn repair(at: UnixMs, number: u8) -> Command {
    let (equipment, note) = (kit(number), String::new());
    Command::Equipment(E::Repair { area: east(), at, equipment, note })
}

pub(crate) fn withdraw(at: UnixMs, number: u8) -> Command {
    let (items, reason) = (vec![kit(number)], "stolen".to_owned());
    Command::Equipment(E::Withdraw { area: east(), at, items, reason })
}

pub(crate) fn observe(from: UnixMs, until: UnixMs, changes: &[(u8, UnixMs, Health)]) -> Command {
    let change = |(number, at, health): &(u8, UnixMs, Health)| Change {
        equipment: kit(*number),
        at: *at,
        health: *health,
    };
    let changes: Vec<Change> = changes.iter().map(change).collect();
    Command::Equipment(E::Observe { area: east(), from, until, watched: 4, changes })
}

pub(crate) fn mask(number: u8) -> Mask {
    let corner = |x, y| Corner { x, y };
    Mask {
        equipment: kit(number),
        view: View::Queue,
        polygons: vec![vec![corner(0, 0), corner(500, 0), corner(500, 1_000)]],
    }
}

pub(crate) fn draw(number: u8) -> Command {
    Command::Equipment(E::DrawMask { area: east(), mask: mask(number) })
}

pub(crate) fn confirm(mask: EventRef) -> Command {
    Command::Equipment(E::ConfirmMask { mask })
}

pub(crate) fn task(number: u8, due: UnixMs) -> Command {
    let task = Task {
        equipment: vec![kit(number)],
        work: Work::Repair,
        owner: role("DEVICE"),
        due,
        alarm: String::new(),
        note: String::new(),
    };
    Command::Equipment(E::GiveTask { area: east(), task })
}

pub(crate) fn keep(mask: EventRef, number: u8, at: UnixMs) -> Command {
    let frame = Frame { at, sha256: hash(number), health: Health::Covered };
    Command::Equipment(E::KeepFrames { mask, frames: vec![frame] })
}

pub(crate) fn export(frames: &[u8]) -> Command {
    Command::Equipment(E::OrderExport {
        area: east(),
        frames: frames.iter().map(|number| hash(*number)).collect(),
        instrument: "E.P. 14/2024".to_owned(),
        reason: "tribunal".to_owned(),
    })
}

/// The way of a picture, so that stories get to its end.
fn next_step(state: &State, number: u8) -> Option<Command> {
    let all = &state.equipment;
    let Some((mask, _, _, record)) = all.masks().next() else { return Some(draw(0)) };
    if record.confirmed.is_none() {
        return Some(confirm(mask));
    }
    let frames = all.frames().map(|(_, frame)| frame.sha256.0[0]);
    let Some(frame) = pick(frames, number) else { return Some(keep(mask, number % 3, eve(0))) };
    match all.exports().next() {
        None => Some(export(&[frame])),
        Some((export, found)) if found.approved.is_none() => {
            Some(Command::Equipment(E::ApproveExport { export }))
        }
        Some(_) => None,
    }
}

pub(super) fn command(state: &State, which: u8, (a, b, c): (u8, u8, u8)) -> Command {
    let number = a % 2;
    let now = eve(c);
    let all = &state.equipment;
    let nowhere = at(99, 1);
    if let Some(command) = Some(state).filter(|_| which >= 160).and_then(|s| next_step(s, b)) {
        return command;
    }
    match which % 20 {
        0..=2 => {
            let kind = if b % 8 == 7 { Kind::Radio } else { Kind::Camera };
            let mut items = vec![listing(number, kind)];
            if b % 3 == 0 {
                items.push(listing(1 - number, Kind::Camera));
            }
            list(eve(0), items)
        }
        3 | 4 => install(now, number, b % 2),
        5 | 6 => test(now, number, b % 2 == 0),
        7 => fault(now, number),
        8 => repair(now, number),
        9 if b % 3 == 0 => withdraw(now, number),
        9 | 10 => {
            let health = Health::ALL[usize::from(b) % Health::ALL.len()];
            observe(eve(0), eve(2), &[(number, now, health)])
        }
        11 => Command::Equipment(E::Count {
            area: if b % 8 == 7 { area("pk/sindh") } else { east() },
            items: vec![Count {
                equipment: kit(number),
                at: now,
                tally: Tally { attempts: u32::from(b), verified: u32::from(c), ..Tally::default() },
            }],
        }),
        12 => draw(number),
        13 => confirm(pick(all.masks().map(|(at, ..)| at), b).unwrap_or(nowhere)),
        14 => task(number, super::late()),
        15 => {
            let task = pick(all.tasks().map(|(at, ..)| at), b).unwrap_or(nowhere);
            Command::Equipment(E::CloseTask { task, note: String::new() })
        }
        16 | 17 => keep(pick(all.masks().map(|(at, ..)| at), b).unwrap_or(nowhere), c % 3, now),
        18 => export(&[c % 3]),
        _ => Command::Equipment(E::ApproveExport {
            export: pick(all.exports().map(|(at, _)| at), b).unwrap_or(nowhere),
        }),
    }
}
