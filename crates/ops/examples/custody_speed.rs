//! Folds a nation's polling material, its way out and back, and says how long it takes and what it holds:
//! `cargo run --release -p pehra-ops --example custody_speed`.
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "measuring is what this example is for"
)]

use pehra_domain::{AreaId, ConstituencyId, Date, ItemId, PersonId, StationId, UnixMs, role::Role};
use pehra_ops::{
    Actor, Event, EventRef, Keys, Stamped, State,
    custody::{
        self, ITEMS_MAX, Issue, Kind, NewItem, Offer, Passage, Reading, Receipt, Serials, Step,
        exception, timer,
    },
};
use std::{error::Error, time::Instant};

const STATIONS: u32 = 90_675;
const BOOTHS: u32 = 276_398;
const DISTRICTS: u32 = 136;
const MINUTE_MS: i64 = 60_000;

type Done<T> = Result<T, Box<dyn Error>>;

fn main() -> Done<()> {
    let poll = Date::parse("2024-02-08").ok_or("no day")?;
    let dawn = UnixMs(poll.midnight_pkt().0);
    let before_kb = resident_kb();
    let mut nation = Nation::new(dawn);
    for district in 0..DISTRICTS {
        nation.load(district)?;
    }
    nation.tell("loaded", before_kb);
    let (items, registered) = (nation.items, nation.entries);
    println!("{items} items of {STATIONS} stations in {registered} entries");
    for station in 0..STATIONS {
        nation.lend(station)?;
    }
    nation.tell("given out", before_kb);
    for station in 0..STATIONS {
        nation.bring_back(station)?;
    }
    nation.tell("brought back", before_kb);
    let started = Instant::now();
    let now = UnixMs(dawn.0 + 30 * 60 * MINUTE_MS);
    let mut open = 0;
    let mut most_ms = 0;
    for (area, _) in nation.state.custody.areas() {
        let of_area = Instant::now();
        open += exception::exceptions(&nation.state.custody, area, now).len();
        open += timer::timers(&nation.state.custody, area, poll, now).len();
        most_ms = most_ms.max(of_area.elapsed().as_millis());
    }
    let all_ms = started.elapsed().as_millis();
    println!(
        "24 rules and timers over the nation: {all_ms} ms, largest district {most_ms} ms; {open} found"
    );
    Ok(())
}

struct Nation {
    state: State,
    dawn: UnixMs,
    entries: u64,
    items: u64,
    bytes: u64,
    folding_us: u128,
}

impl Nation {
    fn new(dawn: UnixMs) -> Self {
        let state = State::default();
        Self { state, dawn, entries: 0, items: 0, bytes: 0, folding_us: 0 }
    }

    fn tell(&self, what: &str, before_kb: u64) {
        let held_mb = resident_kb().saturating_sub(before_kb) / 1_024;
        let Self { entries, bytes, folding_us, .. } = self;
        let (ms, mb) = (folding_us / 1_000, bytes / 1_048_576);
        println!(
            "{what}: {entries} entries, {mb} MB of payload, folded in {ms} ms, {held_mb} MB held"
        );
    }

    fn take(
        &mut self,
        district: u32,
        who: (String, &str),
        minute: i64,
        after: Vec<EventRef>,
        event: custody::Event,
    ) -> Done<EventRef> {
        self.entries += 1;
        let event = Event::Custody(event);
        self.bytes += u64::try_from(event.encode().len())?;
        let area = area(district)?;
        let at = EventRef { device: [u8::try_from(district)?; 16], epoch: 1, seq: self.entries };
        let actor = Actor {
            person: PersonId::try_new(who.0)?,
            role: Role::try_new(who.1)?,
            area: area.clone(),
        };
        let entry = Stamped {
            at,
            clock_ms: self.at(minute),
            actor,
            area,
            cosigners: Vec::new(),
            attested_by_node: false,
            keys: Keys::default(),
            supersedes: after,
            event,
        };
        let started = Instant::now();
        self.state.evolve(&entry);
        self.folding_us += started.elapsed().as_micros();
        Ok(at)
    }

    fn at(&self, minute: i64) -> UnixMs {
        UnixMs(self.dawn.0 + minute * MINUTE_MS)
    }

    /// A district's bags, one a contest and station, and its boxes; as many items to an entry as it holds. Each station
    /// gets its own seals, and the office a reserve.
    fn load(&mut self, district: u32) -> Done<()> {
        let stations = (0..STATIONS).filter(|station| of_district(*station) == district);
        let mut all = Vec::new();
        let mut issues = Vec::new();
        for station in stations {
            issues.push(issue(2 * station, 2 * station + 1, Some(station_id(station)?)));
            for contest in ["NA", "PA"] {
                all.push(new_item(station, &format!("BAG-{contest}"), Kind::Bag, None)?);
            }
            let within = Some(item(station, "BAG-NA")?);
            let until = |station: u32| u64::from(BOOTHS) * u64::from(station) / u64::from(STATIONS);
            let booths = until(station + 1) - until(station);
            for number in 1..=booths {
                let name = format!("BOX-{number}");
                all.push(new_item(station, &name, Kind::Box, within.clone())?);
            }
        }
        self.items += u64::try_from(all.len())?;
        issues.push(issue(2 * STATIONS, 9_999_999, None));
        let office = || (format!("ro-{district}"), "RO");
        self.take(district, office(), -2_880, Vec::new(), custody::Event::SealsIssued { issues })?;
        for items in all.chunks(ITEMS_MAX) {
            let event = custody::Event::Registered { items: items.to_vec(), at: self.at(-2_880) };
            self.take(district, office(), -2_880, Vec::new(), event)?;
        }
        Ok(())
    }

    fn origin(&self, station: u32) -> Done<EventRef> {
        let (area, bag) = (area(of_district(station))?, item(station, "BAG-NA")?);
        let item = self.state.custody.item(&area, &bag).ok_or("not loaded")?;
        Ok(item.origin())
    }

    fn hand_over(
        &mut self,
        station: u32,
        (from, to): ((String, &str), (String, &str)),
        (step, minute): (Step, i64),
        after: EventRef,
    ) -> Done<EventRef> {
        let district = of_district(station);
        let items = bags(station)?;
        let read = |item: &ItemId| Reading {
            item: item.clone(),
            seals: vec![seal(station, item.as_str())],
        };
        let read = items.iter().map(read).collect();
        let offer = Offer {
            step,
            items,
            to: Role::try_new(to.1)?,
            at: self.at(minute),
            due: None,
            place: String::new(),
            photographs: Vec::new(),
        };
        let offer =
            self.take(district, from, minute, vec![after], custody::Event::Offered(offer))?;
        let receipt = Receipt {
            offer,
            step,
            at: self.at(minute + 1),
            read,
            missing: Vec::new(),
            clocks_apart_s: 2,
            place: String::new(),
            photographs: Vec::new(),
        };
        self.take(district, to, minute + 1, vec![offer], custody::Event::Received(receipt))
    }

    fn lend(&mut self, station: u32) -> Done<()> {
        let (origin, district) = (self.origin(station)?, of_district(station));
        let pair = ((format!("ro-{district}"), "RO"), (format!("po-{station}"), "PO"));
        self.hand_over(station, pair, (Step::C05, -900), origin)?;
        Ok(())
    }

    fn bring_back(&mut self, station: u32) -> Done<()> {
        let district = of_district(station);
        let area = area(district)?;
        let bag = item(station, "BAG-NA")?;
        let known = self.state.custody.item(&area, &bag).ok_or("not loaded")?;
        let heads = self.state.custody.heads(known);
        let head = heads.first().ok_or("no head")?.0;
        let officer = || (format!("po-{station}"), "PO");
        let out = Passage {
            step: Step::C12,
            items: bags(station)?,
            at: self.at(1_260),
            vehicle: "LEA-17".to_owned(),
            due: Some(self.at(1_350)),
            road: None,
        };
        let out =
            self.take(district, officer(), 1_260, vec![head], custody::Event::Departed(out))?;
        let minute = 1_300 + i64::from(station % 60);
        let pair = (officer(), (format!("aro-{district}"), "ARO"));
        self.hand_over(station, pair, (Step::C13, minute), out)?;
        Ok(())
    }
}

fn of_district(station: u32) -> u32 {
    station * DISTRICTS / STATIONS
}

fn area(district: u32) -> Done<AreaId> {
    Ok(AreaId::try_new(format!("pk/province/district-{district}"))?)
}

fn item(station: u32, what: &str) -> Done<ItemId> {
    Ok(ItemId::try_new(format!("NA-{}-{station}-{what}", of_district(station) + 1))?)
}

fn bags(station: u32) -> Done<Vec<ItemId>> {
    Ok(vec![item(station, "BAG-NA")?, item(station, "BAG-PA")?])
}

/// Each bag has its own seal.
fn seal(station: u32, bag: &str) -> String {
    format!("S-{:07}", 2 * station + u32::from(bag.ends_with("PA")))
}

fn issue(first: u32, last: u32, station: Option<StationId>) -> Issue {
    let seals = Serials { prefix: "S-".to_owned(), first: first.into(), last: last.into() };
    Issue { seals, station }
}

fn station_id(station: u32) -> Done<StationId> {
    Ok(StationId::try_new(format!("NA-{}-{station}", of_district(station) + 1))?)
}

fn new_item(station: u32, what: &str, kind: Kind, within: Option<ItemId>) -> Done<NewItem> {
    let seat = of_district(station) + 1;
    let seals = if kind == Kind::Bag { vec![seal(station, what)] } else { Vec::new() };
    Ok(NewItem {
        item: item(station, what)?,
        kind,
        station: Some(station_id(station)?),
        contest: Some(ConstituencyId::try_new(format!("NA-{seat}"))?),
        within,
        serials: None,
        seals,
    })
}

/// What this process holds in memory, where the system says so.
fn resident_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
}
