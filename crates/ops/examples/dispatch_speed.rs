//! Folds a nation's units and a day of sendings, and says what it costs: decided and folded, held, looked at:
//! `cargo run --release -p pehra-ops --example dispatch_speed`.
#![expect(
    clippy::disallowed_types,
    clippy::print_stdout,
    reason = "measuring is what this example is for"
)]

use pehra_domain::{AreaId, IncidentId, PersonId, Point, UnitId, UnixMs, date::Date, role::Role};
use pehra_ops::{
    Actor, Command, Context, Decided, EventRef, Keys, Stamped, State, decide,
    dispatch::{self as unit, Basis, Deed, Duty, Goal, Kind, On, Travel, late},
    election, incident,
};
use std::{error::Error, time::Instant};

type Done<T> = Result<T, Box<dyn Error>>;

const DISTRICTS: u32 = 136;
const UNITS: u32 = 3_000;
/// Acts on units in one day.
const ACTS: u32 = 20_000;
const DAY: UnixMs = UnixMs(1_707_350_400_000);
const MINUTE_MS: i64 = 60_000;

struct Run {
    state: State,
    seq: u64,
    acts: u32,
    bytes: u64,
    deciding_us: u128,
    folding_us: u128,
    refused: u32,
}

impl Run {
    fn act(&mut self, district: u32, at: UnixMs, command: &Command) -> Done<bool> {
        let area = area(district)?;
        let role = Role::try_new("CTRL-P")?;
        let context = Context {
            actor: Actor { person: PersonId::try_new("desk")?, role, area },
            at,
            day: at,
            cosigners: Vec::new(),
            attested_by_node: true,
            keys: Keys::default(),
        };
        let started = Instant::now();
        let decided = decide(&self.state, &context, command);
        self.deciding_us += started.elapsed().as_micros();
        let Ok(decided) = decided else {
            self.refused += 1;
            return Ok(false);
        };
        for Decided { event, area, supersedes } in decided {
            self.seq += 1;
            self.bytes += u64::try_from(event.encode().len())?;
            let stamped = Stamped {
                at: EventRef { device: [u8::try_from(district)?; 16], epoch: 1, seq: self.seq },
                clock_ms: at,
                actor: context.actor.clone(),
                area,
                cosigners: Vec::new(),
                attested_by_node: true,
                keys: Keys::default(),
                supersedes,
                event,
            };
            let started = Instant::now();
            self.state.evolve(&stamped);
            self.folding_us += started.elapsed().as_micros();
        }
        Ok(true)
    }

    fn on(&mut self, number: u32, at: UnixMs, deed: Deed) -> Done<bool> {
        let district = number % DISTRICTS;
        let on = On { unit: name(number)?, at, note: String::new() };
        let command = unit::Command::Act { area: area(district)?, on, deed };
        self.acts += 1;
        self.act(district, at, &Command::Dispatch(command))
    }
}

fn area(district: u32) -> Done<AreaId> {
    Ok(AreaId::try_new(format!("pk/province/district-{district}"))?)
}

fn name(number: u32) -> Done<UnitId> {
    Ok(UnitId::try_new(format!("QRF-{number:04}"))?)
}

fn incident(number: u32) -> Done<IncidentId> {
    Ok(IncidentId::try_new(format!("I-{number:05}"))?)
}

fn minute(number: i64) -> UnixMs {
    UnixMs(DAY.0 + number * MINUTE_MS)
}

fn main() -> Done<()> {
    let mut run = Run {
        state: State::default(),
        seq: 0,
        acts: 0,
        bytes: 0,
        deciding_us: 0,
        folding_us: 0,
        refused: 0,
    };
    open(&mut run)?;
    for number in 0..UNITS {
        let duty = Duty {
            unit: name(number)?,
            kind: Kind::QuickReaction,
            crew: 14,
            base: "police station".to_owned(),
            point: Point { lat_e7: 300_000_000, lon_e7: 700_000_000 },
            vehicle: String::new(),
            ready_minutes: 2,
            since: DAY,
        };
        let district = number % DISTRICTS;
        let command = unit::Command::PutOnDuty { area: area(district)?, at: DAY, duty };
        run.acts += 1;
        run.act(district, DAY, &Command::Dispatch(command))?;
    }
    day(&mut run)?;
    println!(
        "{UNITS} units, {} acts ({} refused below the floor), {} entries, {} kB: decided in {} ms, folded in {} ms",
        run.acts,
        run.refused,
        run.seq,
        run.bytes / 1_000,
        run.deciding_us / 1_000,
        run.folding_us / 1_000
    );
    let started = Instant::now();
    let snapshot_kb = run.state.encode().len() / 1_000;
    println!("snapshot {snapshot_kb} kB in {} ms", started.elapsed().as_millis());
    let taxonomy = incident::Taxonomy::parse(include_str!("../../../data/incidents.csv"))?;
    let (started, mut late) = (Instant::now(), 0);
    for district in 0..DISTRICTS {
        late += late::alarms(&run.state, &taxonomy, &area(district)?, minute(1_200)).len();
    }
    println!("what is late in the nation: {late} alarms in {} ms", started.elapsed().as_millis());
    let started = Instant::now();
    let conflicts = run.state.conflicts().len();
    println!("contradictions: {conflicts} in {} ms", started.elapsed().as_millis());
    Ok(())
}

fn open(run: &mut Run) -> Done<()> {
    let election = election::Election {
        id: "pk-2024".to_owned(),
        name: "General election".to_owned(),
        date: Date::parse("2024-02-08").ok_or("a date")?,
        nature: election::Nature::Real,
    };
    let command = election::Command::Open { area: AreaId::nation(), election };
    run.act(0, DAY, &Command::Election(command))?;
    Ok(())
}

/// Incidents come in turn to every district; the next unit goes, is there, contains it and comes back.
fn day(run: &mut Run) -> Done<()> {
    let mut number = 0;
    while run.acts < ACTS {
        let (unit, at) = (number * 7 % UNITS, i64::from(number / 4));
        let district = unit % DISTRICTS;
        let place = incident::Place {
            subject: None,
            point: Some(Point { lat_e7: 300_100_000, lon_e7: 700_000_000 }),
            terrain: incident::Terrain::Rural,
            words: String::new(),
        };
        let report = incident::Report {
            incident: incident(number)?,
            code: incident::Code::ArmPst,
            severity: incident::Severity::Four,
            at: minute(at),
            place,
            source: incident::Source::Desk,
            text: "shots heard".to_owned(),
        };
        let told = incident::Command::Report { area: area(district)?, report };
        run.act(district, minute(at), &Command::Incident(told))?;
        let on = incident::On {
            incident: incident(number)?,
            matter: incident::Matter::Incident,
            at: minute(at),
            note: String::new(),
        };
        let deed = incident::Deed::Acknowledge { by: incident::Level::Province };
        let answered = incident::Command::Act { area: area(district)?, on, deed };
        run.act(district, minute(at), &Command::Incident(answered))?;
        let goal = Goal { area: area(district)?, incident: incident(number)? };
        let travel = Travel { seconds: 600, basis: Basis::Estimated };
        if run.on(unit, minute(at), Deed::Send { goal, travel })? {
            run.on(unit, minute(at + 2), Deed::Depart)?;
            let here = Point { lat_e7: 300_050_000, lon_e7: 700_000_000 };
            run.on(unit, minute(at + 6), Deed::Place { point: here })?;
            run.on(unit, minute(at + 12), Deed::Arrive)?;
            run.on(unit, minute(at + 30), Deed::Contain)?;
            run.on(unit, minute(at + 40), Deed::Release)?;
            run.on(unit, minute(at + 55), Deed::Ready)?;
        }
        number += 1;
    }
    Ok(())
}
