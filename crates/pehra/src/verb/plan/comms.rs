//! `pehra plan comms`: who hears whom, on which channel, and what is left when the network goes.

use crate::{
    verb::printer::Printer,
    work::{
        self,
        communication::{Made, Options},
    },
};
use anyhow::Context;
use clap::Args;
use pehra_exchange::export;
use pehra_plan::communication::suspension::{Cut, Errand, Fix, Hour};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs::File,
    io::BufWriter,
    path::{Path, PathBuf},
};

#[derive(Debug, Args)]
pub(in crate::verb) struct Comms {
    /// When services go on the polling day. Without more, everything goes everywhere for 24 hours, and nobody says so before.
    #[arg(long, value_name = "HH:MM", default_value = "05:00")]
    cut: String,
    /// How long they are gone.
    #[arg(long, value_name = "HOURS", default_value_t = 24)]
    hours: u32,
    /// Which go: voice, sms, data, broadband. Repeat it; without it all.
    #[arg(long, value_name = "SERVICE")]
    service: Vec<String>,
    /// Where: pk/sindh/thatta or any area. Repeat it; without it everywhere.
    #[arg(long, value_name = "AREA")]
    area: Vec<String>,
    /// Whether it is announced, feared or unknown.
    #[arg(long, default_value = "unknown")]
    notice: String,
    /// Satellite terminals or HF sets that may be placed.
    #[arg(long, default_value_t = 100)]
    terminals: usize,
    /// Write call signs, frequency plan, check-in loads, courier loops, the timeline and the list "no path" as CSV files into
    /// this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

impl Comms {
    pub(in crate::verb) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = crate::verb::open(data)?;
        let options = Options { cut: self.cut()?, terminals: self.terminals };
        let kept = work::dispatch::RoadsKept::default();
        let made =
            work::communication::run(&node, options, &kept, &mut |step| printer.step(&step))?;
        if let Some(out) = &self.out {
            std::fs::create_dir_all(out)
                .with_context(|| format!("the folder {} cannot be made", out.display()))?;
            tables(&made, out, node.watermark().as_deref())?;
            printer.note(&format!("six tables written to {}", out.display()));
        }
        if self.json {
            printer.line(&summary(&made).to_string());
        } else {
            tell(&made, printer);
        }
        Ok(())
    }

    fn cut(&self) -> Result<Cut, work::WorkError> {
        let when = (self.cut.as_str(), self.hours);
        work::communication::cut(when, &self.service, &self.area, &self.notice)
    }
}

/// `-1 21:00` is nine in the evening before.
fn clock(minute: i32) -> String {
    let (day, rest) = (minute.div_euclid(1_440), minute.rem_euclid(1_440));
    let mark = match day {
        0 => String::new(),
        other => format!("D{other:+} "),
    };
    format!("{mark}{:02}:{:02}", rest / 60, rest % 60)
}

fn at_cut<'m>(made: &'m Made, hours: &'m [Hour]) -> Option<&'m Hour> {
    hours.iter().find(|hour| hour.minute == made.cut.from_minute)
}

struct Totals {
    sectors: usize,
    relays: usize,
    cut_off: usize,
    loops: usize,
    longest_min: u32,
    over_two_hours: usize,
    estimated: usize,
}

fn totals(made: &Made) -> Totals {
    let nets = || made.scheme.districts.iter().flat_map(|district| &district.nets);
    let loops = || made.scheme.districts.iter().flat_map(|district| &district.loops);
    Totals {
        sectors: nets().count(),
        relays: nets().filter(|net| net.relay).count(),
        cut_off: nets().filter(|net| net.hops == 0).count(),
        loops: loops().count(),
        longest_min: loops().map(|one| one.minutes).max().unwrap_or_default(),
        over_two_hours: loops().filter(|one| one.minutes > 120).count(),
        estimated: loops().filter(|one| one.estimated).count(),
    }
}

fn fixes(made: &Made) -> BTreeMap<&'static str, u64> {
    let mut counts = BTreeMap::new();
    for one in &made.no_path {
        if let Some(first) = one.fixes.first() {
            *counts.entry(fix(*first)).or_default() += 1;
        }
    }
    counts
}

fn fix(fix: Fix) -> &'static str {
    match fix {
        Fix::TestRadio => "test the radio that the plan gives it",
        Fix::TestLine => "repeat the test of its fixed line",
        Fix::RideLoop => "ride the courier's loop once",
        Fix::MendRadio => "its radio failed: another set, a higher antenna or a relay",
        Fix::Terminal => "beyond all relays: a terminal or an HF set",
    }
}

fn errand(errand: Errand) -> &'static str {
    match errand {
        Errand::ChannelCards => "channel cards and call signs",
        Errand::SilenceRule => "the silence rule",
        Errand::FirstCourier => "couriers start their first loop",
        Errand::LastResort => "where to go when nothing works",
    }
}

fn summary(made: &Made) -> Value {
    let totals = totals(made);
    let [uhf, vhf] = &made.scheme.channels;
    let band = |c: &pehra_plan::communication::channel::Channels| {
        json!({ "nets": c.channel.len(), "channels_used": c.used, "nets_sharing": c.sharing,
            "channels_needed_at_least": c.needed_at_least })
    };
    let orders: Vec<Value> = made
        .orders
        .iter()
        .map(
            |o| json!({ "what": o.what, "stations": o.stations, "before": clock(o.before_minute) }),
        )
        .collect();
    json!({
        "stations": made.stations(),
        "districts": made.grounds.len(),
        "sectors": totals.sectors,
        "sectors_at_least": made.scheme.sectors_at_least,
        "relays": totals.relays,
        "relays_at_least": made.scheme.relays_at_least,
        "sectors_cut_off": totals.cut_off,
        "uhf": band(uhf),
        "vhf": band(vhf),
        "courier_loops": totals.loops,
        "courier_loops_over_two_hours": totals.over_two_hours,
        "courier_loops_estimated": totals.estimated,
        "terminals": { "placed": made.scheme.placement.chosen.len(),
            "served": made.scheme.placement.served, "bound": made.scheme.placement.bound },
        "cost": made.scheme.cost,
        "cut": { "from": clock(made.cut.from_minute), "until": clock(made.cut.until_minute),
            "services": made.cut.services, "notice": made.cut.notice },
        "timeline_proved": made.proved,
        "timeline_planned": made.planned,
        "no_path": made.no_path.len(),
        "first_fixes": fixes(made),
        "orders": orders,
        "check_ins": made.loads,
    })
}

fn tell(made: &Made, printer: &mut Printer) {
    let totals = totals(made);
    let [uhf, vhf] = &made.scheme.channels;
    printer.line(&format!(
        "{} stations in {} districts: {} sectors (at least {}), {} relays (at least {}), {} sectors that no relay reaches",
        made.stations(),
        made.grounds.len(),
        totals.sectors,
        made.scheme.sectors_at_least,
        totals.relays,
        made.scheme.relays_at_least,
        totals.cut_off
    ));
    for (name, band) in [("UHF", uhf), ("VHF", vhf)] {
        printer.line(&format!(
            "  {name}: {} nets on {} channels, {} share one with a neighbour; {} channels at least would spare them that",
            band.channel.len(),
            band.used,
            band.sharing,
            band.needed_at_least
        ));
    }
    printer.line(&format!(
        "  couriers: {} loops, the longest {} min, {} over two hours; {} of them estimated, not measured on roads",
        totals.loops, totals.longest_min, totals.over_two_hours, totals.estimated
    ));
    let placement = &made.scheme.placement;
    printer.line(&format!(
        "  scarce terminals: {} placed, weight served {} of at most {}; cost {} units",
        placement.chosen.len(),
        placement.served,
        placement.bound,
        made.scheme.cost
    ));
    tell_cut(made, printer);
}

fn tell_cut(made: &Made, printer: &mut Printer) {
    printer.line(&format!(
        "the cut from {} to {} ({} services{}), {:?} before:",
        clock(made.cut.from_minute),
        clock(made.cut.until_minute),
        made.cut.services.len(),
        if made.cut.areas.is_empty() { ", everywhere" } else { "" },
        made.cut.notice
    ));
    for (word, hours) in [
        ("as tests have proved", &made.proved),
        ("when every planned rung is tested", &made.planned),
    ] {
        if let Some(hour) = at_cut(made, hours) {
            printer.line(&format!(
                "  {word}: rungs 0/1/2/3+ {:?}, dark by class {:?}; age of the picture by class, median {:?} s, 95th percentile {:?} s",
                hour.by_rungs, hour.dark, hour.age_p50_s, hour.age_p95_s
            ));
        }
    }
    printer.line(&format!(
        "  {} stations without a proved path; what would fix them first:",
        made.no_path.len()
    ));
    for (what, count) in fixes(made) {
        printer.line(&format!("    {count:>7} × {what}"));
    }
    for order in &made.orders {
        printer.line(&format!(
            "  before {}: {} ({} stations)",
            clock(order.before_minute),
            errand(order.what),
            order.stations
        ));
    }
    let late = made.loads.iter().filter(|load| load.late_channels > 0);
    for load in late {
        printer.line(&format!(
            "  check-in {}: {} sector channels cannot hear all their stations before amber; the worst needs {} min",
            load.code, load.late_channels, load.sector_worst_min
        ));
    }
}

type Rows<'m> = Box<dyn Iterator<Item = Vec<String>> + 'm>;

fn tables(made: &Made, out: &Path, watermark: Option<&str>) -> anyhow::Result<()> {
    let write = |name: &str, headers: &[&str], mut rows: Rows<'_>| -> anyhow::Result<()> {
        let path = out.join(name);
        let cannot = || format!("{} cannot be written", path.display());
        let mut file = BufWriter::new(File::create(&path).with_context(cannot)?);
        export::csv(headers, &mut rows, watermark, &mut file).with_context(cannot)?;
        Ok(())
    };
    write(
        "call_signs.csv",
        &["district", "call_sign", "station", "band", "channel", "post"],
        call_signs(made),
    )?;
    write(
        "frequency_plan.csv",
        &[
            "band",
            "channel",
            "frequency_mhz",
            "district",
            "sector",
            "stations",
            "round_s",
            "hops",
            "through_sector",
            "relay",
            "terminal",
        ],
        frequencies(made),
    )?;
    write(
        "check_ins.csv",
        &[
            "code",
            "time",
            "messages",
            "sector_median_min",
            "sector_worst_min",
            "district_worst_min",
            "late_channels",
        ],
        loads(made),
    )?;
    write(
        "courier_loops.csv",
        &["district", "from_sector", "minutes", "basis", "stations"],
        loops(made),
    )?;
    write(
        "timeline.csv",
        &[
            "time",
            "basis",
            "rungs_0",
            "rungs_1",
            "rungs_2",
            "rungs_3",
            "dark_normal",
            "dark_sensitive",
            "dark_most",
            "age_p50_s_most",
            "age_p95_s_most",
        ],
        timeline(made),
    )?;
    write("no_path.csv", &["district", "station", "class", "first_fix", "all_fixes"], no_path(made))
}

fn number(value: impl ToString + Copy) -> String {
    value.to_string()
}

fn call_signs(made: &Made) -> Rows<'_> {
    Box::new(made.scheme.districts.iter().enumerate().flat_map(move |(d, district)| {
        district.nets.iter().enumerate().flat_map(move |(n, net)| {
            net.stations.iter().enumerate().map(move |(place, &station)| {
                vec![
                    district.area.to_string(),
                    made.call_sign(d, n, place),
                    made.grounds[d].sites[station as usize].station.to_string(),
                    net.bearer.word().to_owned(),
                    number(net.channel + 1),
                    if station == net.post { "post" } else { "" }.to_owned(),
                ]
            })
        })
    }))
}

/// Frequencies are the authority's to give: the column is there, empty.
fn frequencies(made: &Made) -> Rows<'_> {
    Box::new(made.scheme.districts.iter().flat_map(|district| {
        district.nets.iter().enumerate().map(move |(n, net)| {
            vec![
                net.bearer.word().to_owned(),
                number(net.channel + 1),
                String::new(),
                district.area.to_string(),
                number(n + 1),
                number(net.stations.len()),
                number(net.round_ms / 1_000),
                number(net.hops),
                net.through.map_or_else(String::new, |through| number(through + 1)),
                number(u8::from(net.relay)),
                number(u8::from(net.terminal)),
            ]
        })
    }))
}

fn loads(made: &Made) -> Rows<'_> {
    Box::new(made.loads.iter().map(|load| {
        vec![
            load.code.clone(),
            load.at_minute.map_or_else(String::new, clock),
            number(load.messages),
            number(load.sector_median_min),
            number(load.sector_worst_min),
            number(load.district_worst_min),
            number(load.late_channels),
        ]
    }))
}

fn loops(made: &Made) -> Rows<'_> {
    Box::new(made.scheme.districts.iter().zip(&made.grounds).flat_map(|(district, ground)| {
        district.loops.iter().map(move |one| {
            let stops =
                one.stops.iter().map(|&stop| ground.sites[stop as usize].station.to_string());
            vec![
                district.area.to_string(),
                one.from_net.map_or_else(|| "control room".to_owned(), |net| number(net + 1)),
                number(one.minutes),
                if one.estimated { "estimated" } else { "by road" }.to_owned(),
                stops.collect::<Vec<_>>().join(" "),
            ]
        })
    }))
}

fn timeline(made: &Made) -> Rows<'_> {
    let line = |basis: &'static str, hour: &Hour| {
        let mut cells = vec![clock(hour.minute), basis.to_owned()];
        cells.extend(hour.by_rungs.map(number));
        cells.extend(hour.dark.map(number));
        cells.extend([hour.age_p50_s[2], hour.age_p95_s[2]].map(number));
        cells
    };
    let proved = made.proved.iter().map(move |hour| line("proved", hour));
    Box::new(proved.chain(made.planned.iter().map(move |hour| line("planned", hour))))
}

fn no_path(made: &Made) -> Rows<'_> {
    Box::new(made.no_path.iter().map(|one| {
        let ground = &made.grounds[one.district as usize];
        let site = &ground.sites[one.station as usize];
        let all: Vec<&str> = one.fixes.iter().map(|one| fix(*one)).collect();
        vec![
            ground.area.to_string(),
            site.station.to_string(),
            format!("{:?}", site.class).to_lowercase(),
            all.first().copied().unwrap_or_default().to_owned(),
            all.join("; "),
        ]
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_before_the_day_say_so() {
        assert_eq!(clock(-180), "D-1 21:00");
        assert_eq!(clock(300), "05:00");
        assert_eq!(clock(1_740), "D+1 05:00");
    }
}
