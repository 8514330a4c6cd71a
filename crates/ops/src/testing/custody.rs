//! Commands about polling material for devices that decide apart.

use super::{at, constituency, day::eve, east, hash, pick, role, station};
use crate::{
    Command, EventRef, State,
    custody::{
        Command as C, Compared, Copy, CopySeen, Counted, Desk, Ending, FormKind, FormRead, Hold,
        Issue, Kind, NewItem, Note, Offer, Outcome, Parting, Passage, Reading, Receipt, Release,
        Road, Serials, Sheet, Step, Totals, Witness, exception, form, step::Part,
    },
};
use pehra_domain::{ItemId, UnixMs};

pub(crate) fn item(name: &str) -> ItemId {
    ItemId::try_new(name).unwrap()
}

fn bag(number: u8) -> ItemId {
    item(&format!("BAG-{}", number % 2))
}

fn a_box(number: u8) -> ItemId {
    item(&format!("BOX-{}", number % 2))
}

pub(crate) fn new_item(name: &ItemId, kind: Kind, within: Option<ItemId>) -> NewItem {
    NewItem {
        item: name.clone(),
        kind,
        station: Some(station(1)),
        contest: Some(constituency(40)),
        within,
        serials: None,
        seals: vec![format!("S-{name}")],
    }
}

fn reading(name: &ItemId, other: u8) -> Reading {
    let seal = if other.is_multiple_of(3) { "S-9".to_owned() } else { format!("S-{name}") };
    Reading { item: name.clone(), seals: vec![seal] }
}

pub(crate) fn offer(items: &[ItemId], step: Step, to: &str, at: UnixMs) -> Offer {
    Offer {
        step,
        items: items.to_vec(),
        to: role(to),
        at,
        due: Some(at),
        place: String::new(),
        photographs: Vec::new(),
    }
}

pub(crate) fn receipt(offer: EventRef, step: Step, read: Vec<Reading>, at: UnixMs) -> Receipt {
    Receipt {
        offer,
        step,
        at,
        read,
        missing: Vec::new(),
        clocks_apart_s: 0,
        place: String::new(),
        photographs: Vec::new(),
    }
}

pub(crate) fn passage(items: &[ItemId], vehicle: &str, at: UnixMs) -> Passage {
    Passage {
        step: Step::C12,
        items: items.to_vec(),
        at,
        vehicle: vehicle.to_owned(),
        due: Some(UnixMs(at.0 - 60_000)),
        road: Some(Road { off_m: 100, planned_m: 9_000, driven_m: 9_100, halt_minutes: 11 }),
    }
}

pub(crate) fn note(items: &[ItemId], step: Step, at: UnixMs) -> Note {
    Note {
        step,
        items: items.to_vec(),
        at,
        found: Vec::new(),
        sealed: Vec::new(),
        road: None,
        used: None,
        reference: "room 2".to_owned(),
        photographs: Vec::new(),
        note: String::new(),
    }
}

/// A count that adds up, of so many papers.
pub(crate) fn totals(in_box: u32) -> Totals {
    Totals {
        registered: 1_418,
        received: 1_500,
        issued: in_box + 4,
        unissued: 1_496 - in_box,
        in_box,
        spoilt: 4,
        unaccounted: 0,
        valid: in_box - 12,
        rejected: 12,
        roll_marks: in_box + 4,
        women: Some(in_box / 2),
    }
}

pub(crate) fn counted(totals: Totals, at: UnixMs) -> Counted {
    let (station, contest, image) = (station(1), constituency(40), hash(5));
    let code = form::code(&station, &contest, FormKind::F45, &image);
    let sheet = Sheet { form: FormKind::F45, image, sealed: hash(6), code };
    Counted {
        station,
        contest,
        at,
        totals,
        sheets: vec![sheet],
        agents: 3,
        unsigned_reason: String::new(),
        posted: true,
        copies: 3,
    }
}

/// The step that comes next in most lives of a bag, so that stories get far.
fn usual_step(state: &State, which: u8, number: u8, when: UnixMs) -> Option<C> {
    let (area, bag) = (east(), bag(number));
    let items = std::slice::from_ref(&bag);
    Some(match state.custody.hold(&area, &bag)? {
        Hold::Held { role, .. } if role.as_str() == "PO" && which.is_multiple_of(2) => {
            C::Offer { area, offer: offer(items, Step::C13, "RO", when) }
        }
        Hold::Held { role, .. } if role.as_str() == "PO" => {
            C::Depart { area, passage: passage(items, "LEA-17", when) }
        }
        Hold::Held { .. } => C::Offer { area, offer: offer(items, Step::C05, "PO", when) },
        Hold::Offered(at) => {
            let step = state.custody.offer(at)?.0.step;
            C::Receive { receipt: receipt(at, step, vec![reading(&bag, which)], when) }
        }
        Hold::Moving(_) => C::Arrive { area, passage: passage(items, "LEA-18", when) },
        Hold::Inside(whole) => {
            let parting = a_parting(&whole, &bag, when);
            C::Split { area, parting }
        }
        Hold::Ended => return None,
    })
}

fn a_parting(whole: &ItemId, part: &ItemId, at: UnixMs) -> Parting {
    let reason = "boat leg".to_owned();
    Parting { whole: whole.clone(), parts: vec![part.clone()], at, reason }
}

/// Entries of a kind that are on record, to be answered.
fn refs(state: &State, of: fn(&crate::custody::Event) -> bool) -> Vec<EventRef> {
    let known = state.custody.all_acts();
    known.filter(|(_, act)| of(&act.event)).map(|(at, _)| at).collect()
}

pub(super) fn command(state: &State, which: u8, (a, b, c): (u8, u8, u8)) -> Command {
    use crate::custody::Event as E;
    let (area, when) = (east(), eve(c));
    if let Some(usual) = usual_step(state, which, a, when).filter(|_| which >= 120) {
        return Command::Custody(usual);
    }
    let (bag, boxed) = (bag(a), a_box(a));
    let items = vec![bag.clone()];
    let one = |of: fn(&E) -> bool| pick(refs(state, of).into_iter(), b).unwrap_or(at(99, 1));
    let an_offer = || one(|event| matches!(event, E::Offered(_)));
    let reason = "wrong counter".to_owned();
    Command::Custody(match which % 20 {
        0..=2 => {
            let inner = new_item(&boxed, Kind::Box, Some(bag.clone()));
            let items = vec![new_item(&bag, Kind::Bag, None), inner];
            C::Register { area, items, at: when }
        }
        3 => {
            let seals = Serials { prefix: "S-".to_owned(), first: 1, last: u64::from(b) };
            C::IssueSeals { area, issues: vec![Issue { seals, station: None }] }
        }
        4 | 5 => C::Offer { area, offer: offer(&items, Step::C05, "PO", when) },
        6 => C::Receive { receipt: receipt(an_offer(), Step::C05, vec![reading(&bag, b)], when) },
        7 => C::Decline { offer: an_offer(), at: when, reason },
        8 => C::Recall { offer: an_offer(), at: when, reason },
        9 => C::Depart { area, passage: passage(&items, "LEA-17", when) },
        10 => C::Record { area, note: note(&items, Step::C08, when) },
        11 | 12 => {
            let parting = a_parting(&bag, &boxed, when);
            match state.custody.hold(&area, &boxed) {
                Some(Hold::Held { .. }) => C::Join { area, parting },
                Some(_) | None => C::Split { area, parting },
            }
        }
        13 => {
            let entry = one(|_| true);
            let witness = Witness::ALL[usize::from(c) % 2];
            C::Witness { entry, at: when, witness, agrees: b % 2 == 0, note: String::new() }
        }
        14 => {
            let release = Release { items, absent: role("RO"), at: when, reason };
            C::Propose { area, release }
        }
        15 => {
            let release = one(|event| matches!(event, E::ReleaseProposed(_)));
            C::Approve { release, at: when, read: vec![reading(&bag, b)] }
        }
        16 => {
            let (order, method) = ("F.9(2)/2025".to_owned(), "shredded".to_owned());
            C::Destroy {
                area,
                ending: Ending { items, at: when, order, method, photographs: vec![] },
            }
        }
        17 | 18 => form_command(state, which, (b, c), when),
        _ => {
            let known = exception::exceptions(&state.custody, &area, when);
            let known = known.into_iter().map(|one| one.id);
            let exception = pick(known, b).unwrap_or_else(|| "X01@nothing".to_owned());
            if c % 3 == 0 {
                C::Take { area, exception, at: when }
            } else {
                let outcome = Outcome::ALL[usize::from(c) % 4];
                C::Resolve { area, exception, at: when, outcome, note: "looked at".to_owned() }
            }
        }
    })
}

fn form_command(state: &State, which: u8, (b, c): (u8, u8), when: UnixMs) -> C {
    use crate::custody::Event as E;
    let (area, station, contest) = (east(), station(1), constituency(40));
    let totals = totals(600 + u32::from(b % 3));
    match (which / 20).wrapping_add(c) % 5 {
        0 | 1 => C::Count { area, counted: counted(totals, when) },
        2 => {
            let codes = vec![(FormKind::F45, "0000-0000".to_owned())];
            let read =
                FormRead { station, contest, desk: Desk::Reception, at: when, totals, codes };
            C::ReadForm { area, read }
        }
        3 => {
            let firsts =
                refs(state, |event| matches!(event, E::Compared(it) if it.first.is_none()));
            let first = pick(firsts.into_iter(), b).filter(|_| c % 2 == 0);
            let (form, desk, same) = (FormKind::F45, Desk::Reception, b % 3 > 0);
            C::Compare {
                area,
                compared: Compared { station, contest, form, desk, at: when, same, first },
            }
        }
        _ => {
            let copy = Copy::ALL[usize::from(b) % 7];
            let note = String::new();
            C::SeeCopy {
                area,
                seen: CopySeen { station, contest, copy, at: when, there: c % 2 == 0, note },
            }
        }
    }
}

/// The role whose part a command is, where only some may do it.
#[expect(clippy::wildcard_enum_match_arm, reason = "every other command may be anybody's")]
pub(super) fn own_role(command: &C) -> Option<&'static str> {
    let of = |step: Step, part| step.roles(part).first().copied();
    match command {
        C::Offer { offer, .. } => of(offer.step, Part::Give),
        C::Receive { receipt } => of(receipt.step, Part::Receive),
        C::Depart { passage, .. } | C::Arrive { passage, .. } => of(passage.step, Part::Keep),
        C::Record { note, .. } => of(note.step, Part::Keep),
        C::Count { .. } => Some("PO"),
        C::Destroy { .. } => Some("LOG"),
        C::Witness { witness: Witness::Guard, .. } => Some("STN-SEC"),
        C::Witness { witness: Witness::Observer, .. } => Some("OBS"),
        _ => None,
    }
}
