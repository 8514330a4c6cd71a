//! Folds a nation's equipment and what one day shows of it, and says what it costs; beside it what every heartbeat as an
//! entry would: `cargo run --release -p pehra-ops --example equipment_speed`.
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "measuring is what this example is for"
)]

use pehra_domain::{AreaId, EquipmentId, PersonId, StationId, UnixMs, risk::RiskClass, role::Role};
use pehra_ops::{
    Actor, Event, EventRef, Keys, Stamped, State,
    equipment::{
        self as kit, Change, Health, Installation, Kind, Listing, Phase, Place, Test,
        alarm::{Watched, alarms},
        cover::{self, Norm, Site},
    },
};
use std::{collections::BTreeMap, error::Error, time::Instant};

type Done<T> = Result<T, Box<dyn Error>>;

const DISTRICTS: u32 = 136;
/// A camera and a generator at each of 18,437 most sensitive stations, a radio at each of 90,675.
const PIECES: u32 = 2 * 18_437 + 90_675;
const DAY: UnixMs = UnixMs(1_707_332_400_000);
/// How often the state of a piece changes in a day: a cut and its end, twice.
const CHANGES: u32 = 4;
/// A node signs that it listened every so many minutes.
const SPAN_MINUTES: i64 = 10;
/// The header and signature of an entry.
const HEADER_BYTES: u64 = 230;

struct Run {
    state: State,
    seq: u64,
    bytes: u64,
    folding_us: u128,
}

impl Run {
    fn take(&mut self, district: u32, at: UnixMs, event: kit::Event) -> Done<()> {
        self.seq += 1;
        let area = area(district)?;
        let event = Event::Equipment(event);
        self.bytes += u64::try_from(event.encode().len())? + HEADER_BYTES;
        let stamped = Stamped {
            at: EventRef { device: [u8::try_from(district)?; 16], epoch: 1, seq: self.seq },
            clock_ms: at,
            actor: Actor {
                person: PersonId::try_new("device-desk")?,
                role: Role::try_new("DEVICE")?,
                area: area.clone(),
            },
            area,
            cosigners: Vec::new(),
            attested_by_node: true,
            keys: Keys::default(),
            supersedes: Vec::new(),
            event,
        };
        let started = Instant::now();
        self.state.evolve(&stamped);
        self.folding_us += started.elapsed().as_micros();
        Ok(())
    }

    fn say(&self, what: &str, from: (u64, u64, u128)) {
        let (entries, kb) = (self.seq - from.0, (self.bytes - from.1) / 1_000);
        let ms = (self.folding_us - from.2) / 1_000;
        println!("{what}: {entries} entries, {kb} kB, folded in {ms} ms");
    }

    fn mark(&self) -> (u64, u64, u128) {
        (self.seq, self.bytes, self.folding_us)
    }
}

fn area(district: u32) -> Done<AreaId> {
    Ok(AreaId::try_new(format!("pk/province/district-{district}"))?)
}

fn id(number: u32) -> Done<EquipmentId> {
    Ok(EquipmentId::try_new(format!("EQ-{number:06}"))?)
}

fn station(number: u32) -> Done<StationId> {
    Ok(StationId::try_new(format!("NA-{}-{number}", number % DISTRICTS))?)
}

fn of_district(district: u32) -> impl Iterator<Item = u32> {
    (0..PIECES).filter(move |number| number % DISTRICTS == district)
}

fn main() -> Done<()> {
    let before_kb = resident_kb();
    let mut run = Run { state: State::default(), seq: 0, bytes: 0, folding_us: 0 };
    for district in 0..DISTRICTS {
        inventory(&mut run, district)?;
    }
    run.say(&format!("{PIECES} pieces listed, installed and tested"), (0, 0, 0));
    let before = run.mark();
    for district in 0..DISTRICTS {
        day(&mut run, district)?;
    }
    run.say(&format!("a day: {CHANGES} changes a piece, a span every {SPAN_MINUTES} min"), before);
    let heartbeats = u64::from(PIECES) * 24 * 60;
    let each_bytes = HEADER_BYTES + 40;
    println!(
        "instead, a heartbeat a minute: {heartbeats} entries, {} GB; a thousand to an entry: {} entries, {} GB",
        heartbeats * each_bytes / 1_000_000_000,
        heartbeats / 1_024,
        heartbeats * 22 / 1_000_000_000,
    );
    let held_mb = resident_kb().saturating_sub(before_kb) / 1_024;
    let started = Instant::now();
    let snapshot_mb = run.state.encode().len() / 1_000_000;
    println!(
        "held: {held_mb} MB; snapshot {snapshot_mb} MB in {} ms",
        started.elapsed().as_millis()
    );
    let started = Instant::now();
    let mut count = 0;
    for (area, kit) in run.state.equipment.areas() {
        let watched: Vec<Watched<'_>> = kit
            .items()
            .map(|(equipment, record)| Watched {
                equipment,
                record,
                class: Some(RiskClass::Normal),
                health: Some((Health::Silent, DAY)),
            })
            .collect();
        count += alarms(area, &watched).len();
    }
    println!("the nation dark at once: {count} alarms in {} ms", started.elapsed().as_millis());
    board(&run.state)
}

/// What a room that reaches the whole nation counts when somebody looks: coverage by station, and alarms of what was seen.
fn board(state: &State) -> Done<()> {
    let mut stations: BTreeMap<AreaId, Vec<StationId>> = BTreeMap::new();
    for district in 0..DISTRICTS {
        stations.insert(area(district)?, of_district(district).map(station).collect::<Done<_>>()?);
    }
    let (started, mut serving, mut count) = (Instant::now(), 0, 0);
    for (area, kit) in state.equipment.areas() {
        let sites = stations.get(area).into_iter().flatten();
        let sites = sites.map(|station| Site { station, class: RiskClass::Most, booths: 3 });
        let covers = cover::of(&Norm::default(), sites, kit.items());
        serving += covers.values().map(|cover| cover.serving).sum::<u32>();
        let seen = kit.items().filter(|(_, record)| record.phase() != Phase::Withdrawn);
        let watched: Vec<Watched<'_>> = seen
            .map(|(equipment, record)| Watched {
                equipment,
                record,
                class: Some(RiskClass::Most),
                health: record.sight().map(|sight| (sight.health, sight.at)),
            })
            .collect();
        count += alarms(area, &watched).len();
    }
    let ms = started.elapsed().as_millis();
    println!("the board of the nation: {serving} pieces serve, {count} alarms, in {ms} ms");
    Ok(())
}

fn inventory(run: &mut Run, district: u32) -> Done<()> {
    let numbers: Vec<u32> = of_district(district).collect();
    for some in numbers.chunks(kit::ITEMS_MAX) {
        let mut items = Vec::new();
        let mut places = Vec::new();
        let mut tests = Vec::new();
        for number in some {
            let kind = [Kind::Camera, Kind::Generator, Kind::Radio, Kind::Radio];
            let place = Place::Station(station(*number)?);
            items.push(Listing {
                equipment: id(*number)?,
                kind: *kind.get(usize::try_from(number % 4)?).ok_or("kind")?,
                place: Place::Store("district store".to_owned()),
                serial: format!("S{number}"),
                owner: "DEO".to_owned(),
                feeder: format!("feeder {}", number % 9_000 / 136),
                line: String::new(),
            });
            places.push(Installation { equipment: id(*number)?, place });
            tests.push(Test { equipment: id(*number)?, passed: true, note: String::new() });
        }
        run.take(district, DAY, kit::Event::Listed { at: DAY, items })?;
        run.take(district, DAY, kit::Event::Installed { at: UnixMs(DAY.0 + 1), items: places })?;
        run.take(district, DAY, kit::Event::Tested { at: UnixMs(DAY.0 + 2), items: tests })?;
    }
    Ok(())
}

fn day(run: &mut Run, district: u32) -> Done<()> {
    let numbers: Vec<u32> = of_district(district).collect();
    let spans = 24 * 60 / SPAN_MINUTES;
    for span in 0..spans {
        let from = UnixMs(DAY.0 + span * SPAN_MINUTES * 60_000);
        let until = UnixMs(from.0 + SPAN_MINUTES * 60_000);
        let mut changes = Vec::new();
        for (place, number) in numbers.iter().enumerate() {
            for change in 0..i64::from(CHANGES) {
                if (i64::try_from(place)? + change * 36) % spans != span {
                    continue;
                }
                let health = if change % 2 == 0 { Health::Silent } else { Health::Live };
                changes.push(Change { equipment: id(*number)?, at: from, health });
            }
        }
        let watched = u32::try_from(numbers.len())?;
        run.take(district, until, kit::Event::Observed { from, until, watched, changes })?;
    }
    Ok(())
}

/// What this process holds in memory, where the system says so.
fn resident_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
}
