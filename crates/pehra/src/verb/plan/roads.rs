//! `pehra plan import roads` and `pehra plan roads`: a map taken in, and what it answers.

use crate::{
    dataset::road::{MarkEffect, RoadMark, Why},
    node::Node,
    verb::printer::Printer,
    work::{
        self,
        roads::{Checked, Country},
    },
};
use anyhow::Context;
use clap::{Args, Subcommand};
use pehra_domain::{Point, point::length_m};
use pehra_plan::{
    allocate::Terrain,
    road::{
        NO_WAY,
        edit::{Effect, RoadEdit},
        estimate::Calibration,
        speed::Season,
    },
};
use serde_json::json;
use std::path::Path;

/// Questions to the road map.
#[derive(Debug, Subcommand)]
pub(in crate::verb) enum Roads {
    /// The quickest way between two places, with its length, time and line.
    Way(Way),
    /// What can be reached from a place within some minutes.
    Reach(Reach),
    /// Close a way for everybody who plans on this map, until it is opened: a signed entry.
    Close(Close),
    /// Say for everybody that a way takes longer, until it is opened: a signed entry.
    Slow(Slow),
    /// Take the marks of a way away: a signed entry.
    Open(OpenWay),
    /// What is closed or slow today.
    Marks,
}

#[derive(Debug, Args)]
pub(in crate::verb) struct Close {
    /// The map's number; with @LAT,LON only its stretch nearest to there.
    #[arg(value_name = "WAY[@LAT,LON]", allow_hyphen_values = true)]
    way: String,
    #[arg(long)]
    why: Why,
}

#[derive(Debug, Args)]
pub(in crate::verb) struct Slow {
    /// The map's number; with @LAT,LON only its stretch nearest to there.
    #[arg(value_name = "WAY[@LAT,LON]", allow_hyphen_values = true)]
    way: String,
    /// Thousandths of the usual time: 2000 doubles.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    permille: u32,
    #[arg(long)]
    why: Why,
}

#[derive(Debug, Args)]
pub(in crate::verb) struct OpenWay {
    #[arg(value_name = "WAY", allow_hyphen_values = true)]
    way: i64,
}

#[derive(Debug, Args)]
pub(in crate::verb::plan) struct Today {
    /// Season: dry, wet or winter.
    #[arg(long, default_value = "dry")]
    season: String,
    /// A closed or mined way, by the map's number; with @LAT,LON only its stretch nearest to there. Repeat it.
    #[arg(long, value_name = "WAY[@LAT,LON]", allow_hyphen_values = true)]
    close: Vec<String>,
    /// A slow way: times in thousandths of the usual, 2000 doubles. Repeat it.
    #[arg(long, value_name = "WAY[@LAT,LON]=PERMILLE", allow_hyphen_values = true)]
    slow: Vec<String>,
}

#[derive(Debug, Args)]
pub(in crate::verb) struct Way {
    #[arg(value_name = "LAT,LON")]
    from: String,
    #[arg(value_name = "LAT,LON")]
    to: String,
    #[command(flatten)]
    today: Today,
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(in crate::verb) struct Reach {
    #[arg(value_name = "LAT,LON")]
    from: String,
    #[arg(long, default_value_t = 30)]
    minutes: u32,
    #[command(flatten)]
    today: Today,
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

impl Roads {
    pub(in crate::verb) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = crate::verb::open(data)?;
        match self {
            Self::Way(way) => way.run(&node, printer),
            Self::Reach(reach) => reach.run(&node, printer),
            Self::Close(close) => {
                let (way, near) = place_on_way(&close.way)?;
                change(&node, printer, way, Some((near, MarkEffect::Closed, close.why)))
            }
            Self::Slow(slow) => {
                let (way, near) = place_on_way(&slow.way)?;
                change(
                    &node,
                    printer,
                    way,
                    Some((near, MarkEffect::Factor(slow.permille), slow.why)),
                )
            }
            Self::Open(open) => change(&node, printer, open.way, None),
            Self::Marks => tell_marks(&node.road_marks()?, printer),
        }
    }
}

impl Today {
    pub(super) fn season(&self) -> anyhow::Result<Season> {
        Season::from_word(&self.season)
            .with_context(|| format!("`{}` is no season: write dry, wet or winter", self.season))
    }

    pub(super) fn edits(&self) -> anyhow::Result<Vec<RoadEdit>> {
        let closed = self.close.iter().map(|text| edit(text, Effect::Closed));
        let slow = self.slow.iter().map(|text| {
            let parts =
                text.split_once('=').and_then(|(way, factor)| Some((way, factor.parse().ok()?)));
            let (way, factor) =
                parts.with_context(|| format!("`{text}` is no slow way: write 123=2000"))?;
            edit(way, Effect::Factor(factor))
        });
        closed.chain(slow).collect()
    }

    fn country(&self, node: &Node, printer: &mut Printer) -> anyhow::Result<Option<Country>> {
        let edits = self.edits()?;
        let country = Country::open(node, self.season()?, &edits, &mut |step| printer.step(&step))?;
        if let Some(country) = &country {
            for edit in &edits {
                if pehra_plan::road::edit::stretches(edit, &country.network).is_empty() {
                    anyhow::bail!("the map has no way {}: look its number up again", edit.way);
                }
            }
        }
        Ok(country)
    }
}

/// Puts one mark in the place of those of the same stretch, or takes all of a way away.
fn change(
    node: &Node,
    printer: &mut Printer,
    way: i64,
    mark: Option<(Option<Point>, MarkEffect, Why)>,
) -> anyhow::Result<()> {
    let mut marks = node.road_marks()?;
    let before = marks.len();
    match mark {
        Some((near, effect, why)) => {
            marks.retain(|known| known.way != way || known.near != near);
            marks.push(RoadMark { way, near, effect, why });
        }
        None => {
            marks.retain(|known| known.way != way);
            anyhow::ensure!(marks.len() < before, "way {way} has no mark: see `plan roads marks`");
        }
    }
    marks.sort_by_key(|mark| (mark.way, mark.near));
    if !work::roads::mark(node, &node.operator()?, &marks)? {
        printer.note("the marks are these already; nothing was signed");
    }
    tell_marks(&marks, printer)
}

fn tell_marks(marks: &[RoadMark], printer: &mut Printer) -> anyhow::Result<()> {
    if marks.is_empty() {
        printer.line("every way of the map is open");
    }
    for mark in marks {
        let near = mark.near.map_or(String::new(), |near| {
            format!(" near {:.5},{:.5}", near.lat_deg(), near.lon_deg())
        });
        let effect = match mark.effect {
            MarkEffect::Closed => "closed".to_owned(),
            MarkEffect::Factor(permille) => format!("takes {permille} ‰ of the usual time"),
        };
        printer.line(&format!("way {}{near}: {effect} ({})", mark.way, mark.why.word()));
    }
    Ok(())
}

fn edit(text: &str, effect: Effect) -> anyhow::Result<RoadEdit> {
    let (way, near) = place_on_way(text)?;
    Ok(RoadEdit { way, near, forth: None, effect })
}

fn place_on_way(text: &str) -> anyhow::Result<(i64, Option<Point>)> {
    let (way, near) = match text.split_once('@') {
        Some((way, place)) => (way, Some(point(place)?)),
        None => (text, None),
    };
    Ok((way.trim().parse().with_context(|| format!("`{way}` is no number of a way"))?, near))
}

fn point(text: &str) -> anyhow::Result<Point> {
    let parts = text.split_once(',').and_then(|(lat, lon)| {
        Point::try_from_degrees(lat.trim().parse().ok()?, lon.trim().parse().ok()?)
    });
    parts.with_context(|| format!("`{text}` is no place: write 31.5497,74.3436"))
}

impl Way {
    fn run(&self, node: &Node, printer: &mut Printer) -> anyhow::Result<()> {
        let (from, to) = (point(&self.from)?, point(&self.to)?);
        let Some(country) = self.today.country(node, printer)? else {
            let travel = work::roads::estimated(node, from, to)?;
            let (km, minutes) = (f64::from(travel.distance_m) / 1e3, travel.time_s / 60);
            printer.line(&if self.json {
                json!({ "estimated": true, "distance_m": travel.distance_m, "time_s": travel.time_s })
                    .to_string()
            } else {
                format!("estimated, no road map was taken in: {km:.1} km, {minutes} min")
            });
            return Ok(());
        };
        let off = "no road of the map lies within 20 km of";
        let start = country.anchor(from).with_context(|| format!("{off} {}", self.from))?;
        let end = country.anchor(to).with_context(|| format!("{off} {}", self.to))?;
        let Some((time_ms, way)) = country.way(&start, &end) else {
            anyhow::bail!("there is no way between these places today");
        };
        let line = country.line(&way, (from, &start), (to, &end));
        let metres = length_m(&line);
        let minutes = f64::from(time_ms) / 60_000.0;
        if self.json {
            let points: Vec<_> = line.iter().map(|p| [p.lon_deg(), p.lat_deg()]).collect();
            let found = json!({ "estimated": false, "time_ms": time_ms, "distance_m": metres.round(),
                "off_road_m": [start.off_road_m, end.off_road_m], "stretches": way.arcs.len(),
                "line": { "type": "LineString", "coordinates": points } });
            printer.line(&found.to_string());
        } else {
            printer.line(&format!(
                "{:.1} km, {minutes:.1} min over {} stretches; {} m to the road, {} m from it",
                metres / 1e3,
                way.arcs.len(),
                start.off_road_m,
                end.off_road_m
            ));
        }
        Ok(())
    }
}

impl Reach {
    fn run(&self, node: &Node, printer: &mut Printer) -> anyhow::Result<()> {
        let place = point(&self.from)?;
        let country = self.today.country(node, printer)?;
        let country = country.context("no road map was taken in: pehra plan import roads FILE")?;
        let start = country
            .anchor(place)
            .with_context(|| format!("no road of the map lies within 20 km of {}", self.from))?;
        let limit = self.minutes.saturating_mul(60_000).min(NO_WAY);
        let times = country.reach(&start);
        let junctions = &country.graph.junction;
        let reached = times.iter().filter(|time| **time <= limit).count();
        let mut decimetres = 0_u64;
        for (vertex, &time) in (0_u32..).zip(&times) {
            for arc in country.graph.arcs.out(vertex) {
                let drive = country.graph.drives[arc];
                let share =
                    pehra_plan::road::reach::share_permille(time, country.weight_ms(arc), limit);
                let length = country.network.stretches[drive.stretch()].decimetres();
                decimetres += length * u64::from(share) / 1_000;
            }
        }
        let km = decimetres / 10_000;
        printer.line(&if self.json {
            json!({ "minutes": self.minutes, "junctions": reached, "of": junctions.len(), "driven_km": km })
                .to_string()
        } else {
            format!(
                "within {} min: {reached} of {} junctions, {km} km of road counted in each direction",
                self.minutes,
                junctions.len()
            )
        });
        Ok(())
    }
}

/// Findings and figures of a map that was read.
pub(super) fn tell(checked: &Checked, printer: &mut Printer) {
    let (summary, network) = (&checked.summary, &checked.roads.network);
    printer.line(&format!(
        "{}: {} ways, {} accepted, {} repaired, {} quarantined",
        checked.file_name, summary.rows, summary.accepted, summary.repaired, summary.quarantined
    ));
    printer.line(&format!(
        "{} junctions, {} stretches, {} km, {} forbidden turns, {} islands",
        network.junctions.len(),
        network.stretches.len(),
        network.length_km(),
        network.forbidden.len(),
        checked.islands
    ));
    for (code, count) in &summary.findings {
        printer.line(&format!("  {count:>7} × {code}"));
        for finding in checked.findings.iter().filter(|f| f.code == *code).take(3) {
            printer.line(&format!("            {}", finding.text));
        }
    }
    for one in &checked.calibration {
        printer.line(&sentence(one));
    }
    if checked.calibration.is_empty() && !network.stretches.is_empty() {
        printer.line("too few journeys on this map to say how far estimates are off");
    }
}

fn sentence(one: &Calibration) -> String {
    let percent = |permille: u32| f64::from(permille) / 10.0;
    format!(
        "estimates in {}: great circle × {:.2} at {:.1} km/h; off by {:.0} % (median) and {:.0} % (95th percentile) in time, \
         {:.0} % and {:.0} % in length, over {} journeys; the proposed detour alone is off by {:.0} % in length",
        match one.terrain {
            Terrain::Plain => "the plain",
            Terrain::Hill => "hills",
            Terrain::Mountain => "mountains",
        },
        f64::from(one.detour_permille) / 1e3,
        f64::from(one.speed_m_per_h) / 1e3,
        percent(one.error_p50_permille),
        percent(one.error_p95_permille),
        percent(one.length_error_p50_permille),
        percent(one.length_error_p95_permille),
        one.pairs,
        percent(one.proposed_p50_permille)
    )
}

/// What `--json` prints of an import.
pub(super) fn json(checked: &Checked) -> String {
    let network = &checked.roads.network;
    let estimates: Vec<_> = checked
        .calibration
        .iter()
        .map(|c| {
            json!({ "terrain": c.terrain, "pairs": c.pairs, "detour_permille": c.detour_permille,
                "speed_m_per_h": c.speed_m_per_h, "time_error_p50_permille": c.error_p50_permille,
                "time_error_p95_permille": c.error_p95_permille,
                "length_error_p50_permille": c.length_error_p50_permille,
                "length_error_p95_permille": c.length_error_p95_permille })
        })
        .collect();
    json!({ "summary": checked.summary, "junctions": network.junctions.len(),
        "stretches": network.stretches.len(), "kilometres": network.length_km(),
        "forbidden_turns": network.forbidden.len(), "islands": checked.islands, "estimates": estimates })
    .to_string()
}
