//! `pehra plan convoys`.

use crate::{
    verb::{plan::roads::Today, printer::Printer},
    work::convoys::{
        Folder, Options, PressWish, SeatFile, Summary, SupplyFile, SupplySummary, clock, day_clock,
        parse_narrow, press_finding, run, supply_in,
    },
};
use clap::Args;
use pehra_plan::convoy::conflict::Narrow;
use std::{cell::RefCell, path::Path, path::PathBuf, time::Instant};

#[derive(Debug, Args)]
pub(in crate::verb) struct Convoys {
    /// Folder for a file per seat, the tables and the sealed seed. A run that was stopped goes on there.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Only this seat; may be given several times.
    #[arg(long, value_name = "SEAT")]
    seat: Vec<String>,
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Nights that are simulated for each seat.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    runs: u32,
    /// Search effort in thousandths of the proposed one.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(10..=100_000))]
    effort: u32,
    /// Say also what more teams and an earlier start would bring.
    #[arg(long)]
    improve: bool,
    /// A bridge, pass or gate where two convoys may not meet: NAME=LATITUDE,LONGITUDE,RADIUS_M.
    #[arg(long, value_name = "PLACE", value_parser = parse_narrow)]
    narrow: Vec<Narrow>,
    /// Lorries that each press has; otherwise the fewest that bring everything in time.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=10_000))]
    press_lorries: Option<u32>,
    /// Escorts that ride from each press.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100_000))]
    press_escorts: Option<u32>,
    /// A workbook for each seat too.
    #[arg(long)]
    xlsx: bool,
    #[command(flatten)]
    roads: Today,
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

impl Convoys {
    pub(in crate::verb) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = crate::verb::open(data)?;
        let start = Instant::now();
        let options = Options {
            seats: self.seat.clone(),
            threads: self.threads,
            runs: self.runs,
            effort_permille: self.effort,
            improve: self.improve,
            narrows: self.narrow.clone(),
            workbooks: self.xlsx,
            press: PressWish { lorries: self.press_lorries, escorts: self.press_escorts },
            season: self.roads.season()?,
            edits: self.roads.edits()?,
            ..Options::default()
        };
        let shelf = Folder::open(&self.out)?;
        let printer = RefCell::new(printer);
        let mut watch = |step| printer.borrow_mut().step(&step);
        let mut done = |file: &SeatFile| {
            if !self.json {
                tell_seat(file, &mut printer.borrow_mut());
            }
            Ok(())
        };
        let summary = run(&node, &shelf, &options, &mut watch, &mut done)?;
        let mut printer = printer.borrow_mut();
        if self.json {
            let mut whole = serde_json::to_value(&summary)?;
            if let Some(object) = whole.as_object_mut() {
                object.insert("seconds".to_owned(), start.elapsed().as_secs_f64().into());
            }
            printer.line(&whole.to_string());
        } else {
            tell_sum(&summary, start, &mut printer);
            if let Some(supply) = supply_in(&shelf)? {
                tell_supply(&summary.supply, &supply, &mut printer);
            }
        }
        Ok(())
    }
}

fn tell_seat(file: &SeatFile, printer: &mut Printer) {
    let (eve, night, outcome) = (&file.eve.plan, &file.night.plan, &file.outcome);
    let bound = |bound: Option<i64>| bound.map_or("no bound".to_owned(), |it| format!("≥ {it}"));
    printer.line(&format!(
        "{}: {} stations; eve {} convoys ({}, {}), night {} ({}, {}); receipt p50 {} p95 {}, {} ‰ by 02:00; {} counters",
        file.seat,
        outcome.stations,
        eve.convoys.len(),
        eve.objective,
        bound(eve.bound),
        night.convoys.len(),
        night.objective,
        bound(night.bound),
        clock(outcome.receipt.p50_s),
        clock(outcome.receipt.p95_s),
        outcome.by_provisional_permille,
        file.desk.counters,
    ));
    for finding in eve.findings.iter().chain(&night.findings) {
        printer.line(&format!("  found: {finding:?}"));
    }
    for it in &file.improvements {
        printer.line(&format!(
            "  {}: {} ‰ by 02:00, receipt p95 {}; {} escorts more, vehicles out {} h",
            it.change,
            it.by_provisional_permille,
            clock(it.receipt_p95_s),
            it.escorts_more,
            it.vehicles_out_s / 3_600
        ));
    }
}

fn tell_supply(sum: &SupplySummary, file: &SupplyFile, printer: &mut Printer) {
    printer.line(&format!(
        "press → district: {} papers, {} t, to {} districts from {} presses: {} convoys with {} lorry loads and {} nights on the way, {} flights to {} districts; the last handed over {}; {} late, {} reached by nothing",
        sum.papers,
        sum.tonnes,
        sum.districts,
        sum.presses,
        sum.convoys,
        sum.lorry_loads,
        sum.nights,
        sum.flights,
        sum.flown_districts,
        sum.last_done.map_or_else(|| "never".to_owned(), day_clock),
        sum.late,
        sum.unserved,
    ));
    for press in &file.presses {
        let bound =
            press.plan.bound.map_or_else(|| "no bound".to_owned(), |bound| format!("≥ {bound}"));
        printer.line(&format!(
            "  {} ({}): {} districts, {} convoys, {} flights with {} lorries and {} escorts; {} ({bound})",
            press.name,
            press.town,
            press.consigned.len(),
            press.plan.convoys.len(),
            press.plan.flights.len(),
            press.lorries,
            press.escorts,
            press.plan.objective,
        ));
        for finding in &press.plan.findings {
            printer.line(&format!("    found: {}", press_finding(press, finding)));
        }
    }
    for area in &file.without_press {
        printer.line(&format!("    found: no press in the list prints for {}", area.name()));
    }
}

fn tell_sum(summary: &Summary, start: Instant, printer: &mut Printer) {
    printer.line(&format!(
        "{} seats ({} kept) in {:.1} s: {} convoys on the eve, {} in the night, {} halts without a convoy",
        summary.seats,
        summary.kept,
        start.elapsed().as_secs_f64(),
        summary.convoys_eve,
        summary.convoys_night,
        summary.unserved,
    ));
    printer.line(&format!(
        "  median {} ‰ above the bound, {} plans without a bound, {} teams booked twice, {} meetings at narrow places",
        summary.gap_permille_median,
        summary.without_bound,
        summary.double_booked,
        summary.meetings
    ));
    printer.line(&format!(
        "  {} ‰ of stations received by 02:00, {} ‰ by 10:00 (noise is proposed, travel estimated)",
        summary.by_provisional_permille, summary.by_outer_permille
    ));
    printer.line(&format!(
        "  one trip to both offices is better for {} of {} pairs of seats",
        summary.one_trip_pairs, summary.pairs
    ));
}
