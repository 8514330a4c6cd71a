//! One of each act about polling material.

use super::{DAY, ENTRY, MOMENT, text};
use crate::{
    Event, Hash32,
    custody::{
        Compared, Copy, CopySeen, Counted, Desk, Ending, Event as E, FormKind, FormRead, Issue,
        Kind, NewItem, Note, Offer, Outcome, Parting, Passage, Reading, Receipt, Release, Road,
        Serials, Sheet, Step, Totals, Witness, form,
    },
};
use pehra_domain::{ConstituencyId, ItemId, StationId, id::IdError, role::Role};

pub(super) fn all() -> Result<Vec<Event>, IdError> {
    let bag = || ItemId::try_new("NA-40-15-BAG");
    let station = || StationId::try_new("NA-40-15");
    let contest = || ConstituencyId::try_new("NA-40");
    let items = new_items(&bag()?, &station()?, &contest()?)?;
    let seals = Serials { prefix: text("S-"), first: 101, last: 140 };
    let read = vec![Reading { item: bag()?, seals: vec![text("S-000101")] }];
    let offer = Offer {
        step: Step::C13,
        items: vec![bag()?],
        to: Role::try_new("RO")?,
        at: MOMENT,
        due: Some(DAY.plus_days(1).midnight_pkt()),
        place: text("counter 3"),
        photographs: vec![Hash32([7; 32])],
    };
    let mut all = hands(offer, read.clone())?;
    let release = Release {
        items: vec![bag()?],
        absent: Role::try_new("RO")?,
        at: MOMENT,
        reason: text("ill since noon · بیمار"),
    };
    let ending = Ending {
        items: vec![bag()?],
        at: MOMENT,
        order: text("F.9(2)/2025"),
        method: text("shredded"),
        photographs: Vec::new(),
    };
    all.splice(
        0..0,
        [
            E::Registered { items, at: MOMENT },
            E::SealsIssued { issues: vec![Issue { seals, station: Some(station()?) }] },
        ],
    );
    all.extend([
        E::ReleaseProposed(release),
        E::ReleaseApproved { release: ENTRY, at: MOMENT, read },
        E::Destroyed(ending),
    ]);
    all.extend(forms(&station()?, &contest()?));
    let exception = text("X03@NA-40-15-BAG@d1d1d1d1.41");
    all.extend([
        E::Taken { exception: exception.clone(), at: MOMENT },
        E::Resolved {
            exception,
            at: MOMENT,
            outcome: Outcome::Explained,
            note: text("seal read upside down"),
        },
    ]);
    Ok(all.into_iter().map(Event::Custody).collect())
}

fn new_items(
    bag: &ItemId,
    station: &StationId,
    contest: &ConstituencyId,
) -> Result<Vec<NewItem>, IdError> {
    let boxed = NewItem {
        item: ItemId::try_new("NA-40-15-BOX-1")?,
        kind: Kind::Box,
        station: Some(station.clone()),
        contest: Some(contest.clone()),
        within: Some(bag.clone()),
        serials: None,
        seals: Vec::new(),
    };
    let serials = Serials { prefix: text("B-"), first: 101, last: 200 };
    Ok(vec![
        NewItem {
            item: bag.clone(),
            kind: Kind::Bag,
            within: None,
            serials: Some(serials),
            seals: vec![text("S-000101")],
            ..boxed.clone()
        },
        boxed,
    ])
}

fn hands(offer: Offer, read: Vec<Reading>) -> Result<Vec<E>, IdError> {
    let items = offer.items.clone();
    let boxes = vec![ItemId::try_new("NA-40-15-BOX-1")?];
    let receipt = Receipt {
        offer: ENTRY,
        step: Step::C13,
        at: MOMENT,
        read: read.clone(),
        missing: boxes.clone(),
        clocks_apart_s: 4,
        place: text("counter 3"),
        photographs: vec![Hash32([8; 32])],
    };
    let road = Road { off_m: 400, planned_m: 12_000, driven_m: 12_600, halt_minutes: 4 };
    let out = Passage {
        step: Step::C12,
        items: items.clone(),
        at: MOMENT,
        vehicle: text("LEA-17"),
        due: Some(MOMENT),
        road: None,
    };
    let there = Passage { due: None, road: Some(road), ..out.clone() };
    let note = Note {
        step: Step::C09,
        items: items.clone(),
        at: MOMENT,
        found: read.clone(),
        sealed: read,
        road: Some(road),
        used: Some(312),
        reference: text("room 2"),
        photographs: vec![Hash32([9; 32])],
        note: text("second box opened"),
    };
    let parting = Parting {
        whole: ItemId::try_new("NA-40-15-BAG")?,
        parts: boxes,
        at: MOMENT,
        reason: text("boat leg"),
    };
    let (offer_ref, at) = (ENTRY, MOMENT);
    Ok(vec![
        E::Offered(offer),
        E::Received(receipt),
        E::Declined { offer: offer_ref, at, reason: text("wrong counter") },
        E::Recalled { offer: offer_ref, at, reason: text("wrong role") },
        E::Departed(out),
        E::Arrived(there),
        E::Recorded(note),
        E::Split(parting.clone()),
        E::Joined(parting),
        E::Witnessed {
            entry: ENTRY,
            at,
            witness: Witness::Guard,
            agrees: true,
            note: text("at the gate"),
        },
    ])
}

fn forms(station: &StationId, contest: &ConstituencyId) -> Vec<E> {
    let (station, contest) = (station.clone(), contest.clone());
    let totals = Totals {
        registered: 1_418,
        received: 1_500,
        issued: 684,
        unissued: 816,
        in_box: 680,
        spoilt: 4,
        unaccounted: 0,
        valid: 668,
        rejected: 12,
        roll_marks: 684,
        women: Some(301),
    };
    let image = Hash32([0xa5; 32]);
    let code = form::code(&station, &contest, FormKind::F45, &image);
    let sheet =
        Sheet { form: FormKind::F45, image, sealed: Hash32([0xa6; 32]), code: code.clone() };
    let counted = Counted {
        station: station.clone(),
        contest: contest.clone(),
        at: MOMENT,
        totals,
        sheets: vec![sheet],
        agents: 3,
        unsigned_reason: text("one agent left early"),
        posted: true,
        copies: 3,
    };
    let read = FormRead {
        station: station.clone(),
        contest: contest.clone(),
        desk: Desk::Reception,
        at: MOMENT,
        totals,
        codes: vec![(FormKind::F45, code)],
    };
    let compared = Compared {
        station: station.clone(),
        contest: contest.clone(),
        form: FormKind::F45,
        desk: Desk::Reception,
        at: MOMENT,
        same: true,
        first: Some(ENTRY),
    };
    let seen = CopySeen {
        station,
        contest,
        copy: Copy::Wall,
        at: MOMENT,
        there: true,
        note: text("photographed"),
    };
    vec![E::Counted(counted), E::FormRead(read), E::Compared(compared), E::CopySeen(seen)]
}
