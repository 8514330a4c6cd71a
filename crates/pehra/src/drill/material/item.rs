//! The things of one station, as their labels say, and whose hands they pass through.

use super::Deed;
use crate::drill::desk::Hand;
use pehra_domain::{AreaId, ConstituencyId, ItemId, PersonId, StationId, UnixMs};
use pehra_drill::day::plan::{Office, Station, manifest_seal};
use pehra_ops::custody::{Command, ITEMS_MAX, Issue, Kind, NewItem, Reading, Serials, Step};

/// Tamper-evident bags of a station (DOMAIN §3(d), C11).
const PACKETS: u64 = 6;
/// Numbers of box seals that a station is given.
const BOX_SEALS: u64 = 4;

/// What a station is given, and who has it in hand.
#[derive(Clone, Debug)]
pub(super) struct Labels {
    pub(super) area: AreaId,
    pub(super) district: u32,
    pub(super) station: StationId,
    pub(super) building: u32,
    pub(super) office: u32,
    pub(super) counter: String,
    /// National, provincial.
    pub(super) contests: [Option<ConstituencyId>; 2],
    pub(super) bag: ItemId,
    boxes: Vec<ItemId>,
    packets: Vec<ItemId>,
    number: u64,
    seal: u64,
    pub(super) returning: PersonId,
    presiding: PersonId,
    assistant: PersonId,
    guard: PersonId,
}

impl Labels {
    /// None where a name would be too long to be one.
    pub(super) fn new(
        number: u32,
        area: &AreaId,
        station: &Station,
        office: &Office,
        contests: [Option<ConstituencyId>; 2],
    ) -> Option<Self> {
        let id = &station.id;
        let item = |name: &str| ItemId::try_new(format!("{id}-{name}")).ok();
        // A box for each contest, and one to begin when the first is full.
        let boxes = contests.iter().flatten().count() + 1;
        let boxes = (1..=boxes).map(|n| item(&format!("BOX-{n}"))).collect::<Option<_>>()?;
        let packets = (1..=PACKETS).map(|n| item(&format!("TEB-{n}"))).collect::<Option<_>>()?;
        let person = |word: &str, of: &str| PersonId::try_new(format!("{word}-{of}")).ok();
        Some(Self {
            area: area.clone(),
            district: station.district,
            station: id.clone(),
            building: station.building,
            office: station.office,
            counter: office.id.to_string(),
            contests,
            bag: item("BAG")?,
            boxes,
            packets,
            number: u64::from(number),
            seal: u64::from(manifest_seal(number)),
            returning: person("ro", office.id.as_str())?,
            presiding: person("po", id.as_str())?,
            assistant: person("apo", id.as_str())?,
            guard: person("guard", id.as_str())?,
        })
    }

    /// An assistant has taken the station over: no hand-over is on record between the two.
    pub(super) fn replace(&mut self) {
        self.presiding = self.assistant.clone();
    }

    /// The number on the bag's seal, by how far it moved from the manifest's.
    pub(super) fn seal(&self, moved: u32) -> Reading {
        self.on_bag("S-", moved)
    }

    /// The number on the seal that the presiding officer put on when the bag was packed.
    pub(super) fn return_seal(&self, moved: u32) -> Reading {
        self.on_bag("R-", moved)
    }

    fn on_bag(&self, prefix: &str, moved: u32) -> Reading {
        let number = self.seal + u64::from(moved);
        Reading { item: self.bag.clone(), seals: vec![format!("{prefix}{number}")] }
    }

    /// Boxes that are shown empty and sealed before the doors open.
    pub(super) fn boxes_sealed(&self) -> Vec<Reading> {
        let first = self.boxes.len().saturating_sub(1);
        (0..first).filter_map(|at| self.a_box(at)).collect()
    }

    /// The box that is begun when the first is full.
    pub(super) fn spare_sealed(&self) -> Vec<Reading> {
        self.a_box(self.boxes.len().saturating_sub(1)).into_iter().collect()
    }

    fn a_box(&self, at: usize) -> Option<Reading> {
        let seal = format!("B-{}", self.number * BOX_SEALS + at as u64);
        Some(Reading { item: self.boxes.get(at)?.clone(), seals: vec![seal] })
    }

    /// The tamper-evident bags, each with its own number.
    pub(super) fn packets_sealed(&self) -> Vec<Reading> {
        let numbered = (self.number * PACKETS..).zip(&self.packets);
        numbered
            .map(|(number, item)| Reading {
                item: item.clone(),
                seals: vec![format!("T-{number}")],
            })
            .collect()
    }

    pub(super) fn returning_does(&self, command: Command) -> Deed {
        let hand = Hand::Office(self.returning.clone());
        Deed::Does { hand, role: "RO", command: Box::new(command) }
    }

    pub(super) fn presiding_does(&self, command: Command) -> Deed {
        let hand = Hand::Field(self.presiding.clone());
        Deed::Does { hand, role: "PO", command: Box::new(command) }
    }

    pub(super) fn presiding_receives(&self, step: Step, at: UnixMs, read: Reading) -> Deed {
        let hand = Hand::Field(self.presiding.clone());
        self.receives(hand, "PO", (step, at), read)
    }

    pub(super) fn returning_receives(&self, step: Step, at: UnixMs, read: Reading) -> Deed {
        let hand = Hand::Office(self.returning.clone());
        self.receives(hand, "RO", (step, at), read)
    }

    fn receives(
        &self,
        hand: Hand,
        role: &'static str,
        (step, at): (Step, UnixMs),
        read: Reading,
    ) -> Deed {
        Deed::Receives { hand, role, step, at, read, place: self.counter.clone() }
    }

    pub(super) fn guard_witnesses(&self, at: UnixMs) -> Deed {
        Deed::Witnesses { hand: Hand::Field(self.guard.clone()), item: self.bag.clone(), at }
    }

    fn items(&self) -> impl Iterator<Item = NewItem> {
        let contest = self.contests.iter().flatten().next().cloned();
        let new = move |item: &ItemId, kind, within: Option<&ItemId>, seals| NewItem {
            item: item.clone(),
            kind,
            station: Some(self.station.clone()),
            contest: contest.clone(),
            within: within.cloned(),
            serials: None,
            seals,
        };
        let bag = new(&self.bag, Kind::Bag, None, self.seal(0).seals);
        let inner = [(Kind::Box, &self.boxes), (Kind::TamperBag, &self.packets)];
        let inner =
            inner.into_iter().flat_map(|(kind, items)| items.iter().map(move |it| (kind, it)));
        let inner: Vec<NewItem> =
            inner.map(|(kind, item)| new(item, kind, Some(&self.bag), Vec::new())).collect();
        std::iter::once(bag).chain(inner)
    }

    fn issues(&self) -> impl Iterator<Item = Issue> {
        let seal = self.seal;
        let (boxes, packets) = (self.number * BOX_SEALS, self.number * PACKETS);
        let runs = [
            ("S-", seal, seal),
            ("R-", seal, seal),
            ("B-", boxes, boxes + BOX_SEALS - 1),
            ("T-", packets, packets + PACKETS - 1),
        ];
        runs.into_iter().map(|(prefix, first, last)| Issue {
            seals: Serials { prefix: prefix.to_owned(), first, last },
            station: Some(self.station.clone()),
        })
    }
}

/// As many stations as one entry holds.
pub(super) fn chunks<'a>(all: &'a [&'a Labels]) -> impl Iterator<Item = &'a [&'a Labels]> {
    let most = all.iter().map(|it| 1 + it.boxes.len() + it.packets.len()).max().unwrap_or(1);
    all.chunks((ITEMS_MAX / most).max(1))
}

/// The seals that an office gives out, and the bags that it makes up.
pub(super) fn made_up(area: &AreaId, some: &[&Labels], at: UnixMs) -> [Command; 2] {
    let issues = some.iter().flat_map(|it| it.issues()).collect();
    let items = some.iter().flat_map(|it| it.items()).collect();
    [
        Command::IssueSeals { area: area.clone(), issues },
        Command::Register { area: area.clone(), items, at },
    ]
}
