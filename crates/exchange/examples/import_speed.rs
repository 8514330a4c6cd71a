//! Measures rows a second of the station import on one core, on a made-up list of true size.
//!
//! `cargo run --release -p pehra-exchange --example import_speed [ROWS]`. Names and places are invented from a
//! seed; every tenth row has something to find.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_types,
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a measuring tool that prints, reads the clock and its argument, and stops when it fails"
)]

use pehra_domain::seed::Seed;
use pehra_exchange::finding::Outcome;
use pehra_exchange::rows::read_rows;
use pehra_exchange::stations::{Context, SCHEMA, StationOptions, import, parse_and_check};
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::time::Instant;

const WORDS: &[&str] = &[
    "Khar", "Miani", "Lakhi", "Sarai", "Bala", "Payan", "Kalan", "Chak", "Goth", "Wala", "Tando",
    "Basti", "Dera", "Kot", "Shah", "Nagar", "Abad", "Mitha", "Garhi", "Killi",
];
const HOUSES: &[&str] =
    &["GPS", "GGPS", "Govt. Middle School", "GOVT: HIGH SCHOOL", "GGHS", "BHU", "GBPS"];

fn main() {
    let rows: u64 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(180_000);
    let csv = made_up(rows);
    let mut watch = |_| ControlFlow::Continue(());
    println!("{rows} rows, {} bytes", csv.len());

    for _ in 0..3 {
        let begin = Instant::now();
        let mut input = csv.as_bytes();
        let options = StationOptions::default();
        let reading = read_rows(&mut input, &SCHEMA, &options.rows, &mut watch, &mut |_, _| {
            Outcome::Accepted
        })
        .expect("the rows are read");
        report("read rows only", reading.tally.rows, begin);
    }
    for _ in 0..3 {
        let begin = Instant::now();
        let mut input = csv.as_bytes();
        let tally = parse_and_check(&mut input, &StationOptions::default(), &mut watch)
            .expect("the rows are checked");
        report("parse and check", tally.rows, begin);
    }
    for _ in 0..3 {
        let begin = Instant::now();
        let mut input = csv.as_bytes();
        let result =
            import(&mut input, &StationOptions::default(), &Context::default(), &mut watch)
                .expect("the list is imported");
        report("whole import", result.tally.rows, begin);
        println!("{:?}", result.summary());
    }
    let peak = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(line) = peak.lines().find(|line| line.starts_with("VmHWM")) {
        println!("{line} (the list itself is held in memory too)");
    }
}

fn report(what: &str, rows: u64, begin: Instant) {
    let seconds = begin.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a printed figure")]
    let speed = rows as f64 / seconds;
    println!("{what}: {seconds:.3} s, {speed:.0} rows/s");
}

/// Half the rows are of the National Assembly; most provincial rows repeat the national one before them.
fn made_up(rows: u64) -> String {
    let mut out = String::from(
        "province_code,constituency_no,assembly,serial,ps_no,name,male_booths,female_booths,total_booths,male_voters,female_voters,total_voters,latitude,longitude\n",
    );
    let mut seed = Seed::new(2024);
    let pick = |seed: &mut Seed, list: &[&'static str]| -> &'static str {
        let at = usize::try_from(seed.below(u64::try_from(list.len()).unwrap_or(1))).unwrap_or(0);
        list.get(at).copied().unwrap_or_default()
    };
    let mut written = 0;
    let mut station = 0_u64;
    while written < rows {
        station += 1;
        let seat = station / 350 + 1;
        let number = station % 350 + 1;
        let (men, women) = (300 + seed.below(1200), 250 + seed.below(1000));
        let kind = seed.below(3);
        let (men, women, mark) = match kind {
            0 => (men, 0, "(Male)"),
            1 => (0, women, "(Female) (P)*"),
            _ => (men, women, "(Combined)"),
        };
        let (mb, wb) = (men.div_ceil(500), women.div_ceil(500));
        let name = format!(
            "{} {} {} No.{} {mark}",
            pick(&mut seed, HOUSES),
            pick(&mut seed, WORDS),
            pick(&mut seed, WORDS),
            seed.below(9) + 1
        );
        let (lat, lon) = (
            24.0 + f64::from(u32::try_from(seat % 100).unwrap_or(0)) / 10.0 + seed.unit() / 10.0,
            67.0 + f64::from(u32::try_from(seat % 60).unwrap_or(0)) / 10.0 + seed.unit() / 10.0,
        );
        let place = match seed.below(20) {
            0 => ",".to_owned(),
            1 => format!("{lon:.7},{lat:.7}"),
            _ => format!("{lat:.14},{lon:.13}"),
        };
        let total = men + women + u64::from(seed.below(50) == 0);
        for assembly in ["NA", "PA"] {
            if written >= rows || (assembly == "PA" && seed.below(10) == 0) {
                continue;
            }
            written += 1;
            let line = writeln!(
                out,
                "12,{seat},{assembly},{number},{number},{name},{mb},{wb},{},{men},{women},{total},{place}",
                mb + wb
            );
            debug_assert!(line.is_ok());
        }
    }
    out
}
