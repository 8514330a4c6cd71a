//! Folds a nation's check-ins of one day and says how long it takes and what it holds:
//! `cargo run --release -p pehra-ops --example check_in_speed`.
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "measuring is what this example is for"
)]

use pehra_domain::{AreaId, Date, PersonId, StationId, UnixMs, role::Role};
use pehra_ops::{
    Actor, Event, EventRef, Keys, Stamped, State,
    check_in::{
        self, Code, Counts, Item, Rung, Subject, Word,
        late::{Stage, standing},
        schedule::Schedule,
    },
};
use std::{error::Error, time::Instant};

const STATIONS: u32 = 90_675;
const DISTRICTS: u32 = 136;
/// Stations that one desk hears in a round.
const SECTOR: u32 = 12;

fn main() -> Result<(), Box<dyn Error>> {
    let schedule = Schedule::parse(
        include_str!("../../../data/checkins.csv"),
        include_str!("../../../data/checkins_after.csv"),
    )?;
    let poll = Date::parse("2024-02-08").ok_or("no day")?;
    let before_kb = resident_kb();
    let mut state = State::default();
    let (mut entries, mut bytes, mut folding_us) = (0_u64, 0_u64, 0_u128);
    for code in Code::ALL.iter().copied().filter(|code| *code >= Code::A4) {
        let hour = 6 + i64::try_from(code.index())?;
        let at = UnixMs(poll.midnight_pkt().0 + hour * 3_600_000);
        for first in (0..STATIONS).step_by(usize::try_from(SECTOR)?) {
            entries += 1;
            let entry = heard(code, at, first, entries)?;
            bytes += u64::try_from(entry.event.encode().len())?;
            let started = Instant::now();
            state.evolve(&entry);
            folding_us += started.elapsed().as_micros();
        }
    }
    let held_mb = resident_kb().saturating_sub(before_kb) / 1_024;
    let (items, folding_ms) = (state.check_ins.count(), folding_us / 1_000);
    let each = bytes / entries;
    println!(
        "{items} check-ins in {entries} entries of {each} bytes: folded in {folding_ms} ms, {held_mb} MB"
    );
    let started = Instant::now();
    let now = UnixMs(poll.midnight_pkt().0 + 14 * 3_600_000);
    let days = state.check_ins.areas().flat_map(|(_, area)| area.subjects());
    let stages = days.map(|(_, day)| standing(&schedule, poll, Some(day), 0, now).stage);
    let dark = stages.filter(|stage| *stage == Stage::Dark).count();
    let ladder_ms = started.elapsed().as_millis();
    println!("the ladder of {STATIONS} stations: {ladder_ms} ms, {dark} dark");
    Ok(())
}

/// What one sector's desk heard of one code.
fn heard(code: Code, at: UnixMs, first: u32, seq: u64) -> Result<Stamped, Box<dyn Error>> {
    let district = first * DISTRICTS / STATIONS;
    let area = AreaId::try_new(format!("pk/province/district-{district}"))?;
    let item = |number: u32| {
        let station = StationId::try_new(format!("NA-{}-{number}", district + 1))?;
        Ok::<_, Box<dyn Error>>(Item {
            subject: Subject::Station(station),
            code,
            at,
            word: Word::Well,
            counts: Counts { first: Some(40), second: Some(25), third: None },
            rung: Rung::Radio,
            note: String::new(),
        })
    };
    let items = (first..(first + SECTOR).min(STATIONS)).map(item).collect::<Result<_, _>>()?;
    let device = [u8::try_from(district)?; 16];
    Ok(Stamped {
        at: EventRef { device, epoch: 1, seq },
        clock_ms: at,
        actor: Actor {
            person: PersonId::try_new("sector-desk")?,
            role: Role::try_new("SECTOR")?,
            area: area.clone(),
        },
        area,
        cosigners: Vec::new(),
        attested_by_node: true,
        keys: Keys::default(),
        supersedes: Vec::new(),
        event: Event::CheckIn(check_in::Event::Heard(items)),
    })
}

/// What this process holds in memory, where the system says so.
fn resident_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
}
