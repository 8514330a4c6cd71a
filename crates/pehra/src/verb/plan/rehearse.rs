//! `pehra plan rehearse`.

use crate::{
    verb::printer::Printer,
    work::{
        self,
        rehearse::{Other, Question, Rehearsed},
    },
};
use anyhow::Context;
use clap::Args;
use pehra_drill::{
    day::Service,
    rehearse::{
        MEASURES, Weak, Weakness,
        measure::{Interval, Paired, Spread},
    },
};
use serde_json::{Value, json};
use std::path::Path;

#[derive(Debug, Args)]
pub(in crate::verb) struct Rehearse {
    /// Days to live through.
    #[arg(long, default_value_t = 1_000)]
    runs: u32,
    /// The same seed meets the same luck.
    #[arg(long, default_value_t = 2024)]
    seed: u64,
    /// A solved plan; without it the adopted one, else the newest, else the police at hand.
    #[arg(long, value_name = "PLAN")]
    plan: Option<String>,
    /// Another solved plan, under the same luck: how much better or worse, with intervals.
    #[arg(long, value_name = "PLAN")]
    against: Option<String>,
    /// A service that is gone on the day: voice, sms, data, broadband, or none. Repeat it; without it voice, sms and data.
    #[arg(long, value_name = "SERVICE")]
    gone: Vec<String>,
    /// How many of the weakest places to name.
    #[arg(long, default_value_t = 10)]
    list: usize,
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

impl Rehearse {
    pub(in crate::verb) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = crate::verb::open(data)?;
        let question = Question {
            runs: self.runs.max(1),
            seed: self.seed,
            plan: self.plan.clone(),
            against: self.against.clone(),
            gone: self.services()?,
            weakest: self.list,
        };
        let found = work::rehearse::run(&node, &question, &mut |step| printer.step(&step))?;
        if self.json {
            printer.line(&report(&found).to_string());
        } else {
            tell(&found, printer);
        }
        Ok(())
    }

    fn services(&self) -> anyhow::Result<Vec<Service>> {
        if self.gone.is_empty() {
            return Ok(vec![Service::Voice, Service::Sms, Service::Data]);
        }
        if self.gone.iter().any(|word| word == "none") {
            return Ok(Vec::new());
        }
        let known = |word: &String| {
            let found = Service::ALL[..4].iter().copied().find(|it| it.word() == word);
            found.with_context(|| {
                format!("`{word}` is no service: voice, sms, data, broadband or none")
            })
        };
        self.gone.iter().map(known).collect()
    }
}

/// Runs in a second, in tenths.
fn speed(found: &Rehearsed) -> f64 {
    f64::from(found.runs) / found.took.as_secs_f64().max(0.001)
}

fn tell(found: &Rehearsed, printer: &mut Printer) {
    printer.line(&format!(
        "{} days under {} in a reduced model; {} stations, {:.1} runs a second",
        found.rehearsal.runs.len(),
        found.name,
        found.plan.stations.len(),
        speed(found)
    ));
    printer.line(&format!(
        "  {:<30} {:>8} {:>8} {:>8} {:>8}   mean (95 %)",
        "", "least", "median", "p95", "most"
    ));
    for (name, spread) in MEASURES.iter().zip(found.rehearsal.spreads()) {
        printer.line(&format!(
            "  {name:<30} {:>8} {:>8} {:>8} {:>8}   {}",
            spread.least,
            spread.median,
            spread.p95,
            spread.most,
            interval(spread.mean)
        ));
    }
    printer.line("the weakest places, and why:");
    for weak in &found.rehearsal.weakest {
        printer.line(&format!("  {}", sentence(found, weak)));
    }
    if let Some(other) = &found.other {
        compare(found, other, printer);
    }
}

fn compare(found: &Rehearsed, other: &Other, printer: &mut Printer) {
    printer.line(&format!(
        "{} against {}, day by day under the same luck (less is better):",
        other.name, found.name
    ));
    for (name, paired) in MEASURES.iter().zip(other.paired) {
        let verdict = match (paired.differs(), paired.difference.estimate_milli < 0) {
            (false, _) => "no difference seen",
            (true, true) => "better",
            (true, false) => "worse",
        };
        printer.line(&format!(
            "  {name:<30} {:<34} less on {:>5}, equal on {:>5}, more on {:>5} days: {verdict}",
            interval(paired.difference),
            paired.less,
            paired.equal,
            paired.more
        ));
    }
}

fn interval(it: Interval) -> String {
    let of = |milli: i64| {
        let sign = if milli < 0 { "-" } else { "" };
        let milli = milli.unsigned_abs();
        format!("{sign}{}.{}", milli / 1_000, milli % 1_000 / 100)
    };
    format!("{} ({} to {})", of(it.estimate_milli), of(it.low_milli), of(it.high_milli))
}

fn sentence(found: &Rehearsed, weak: &Weak) -> String {
    let building = &found.plan.buildings[weak.building as usize];
    let district = &found.plan.districts[building.district as usize];
    let percent = |permille: u32| format!("{}.{} %", permille / 10, permille % 10);
    let because = match weak.because {
        Weakness::Paths => {
            format!("dark on {} of its station days", percent(weak.dark_permille))
        }
        Weakness::Help => {
            format!("the nearest team is {} min away", weak.help_s.div_ceil(60))
        }
        Weakness::Convoy => format!("its bags are late on {} of days", percent(weak.late_permille)),
    };
    format!(
        "{} ({}, {} stations): {because}; dark {}, team {} min, late {}",
        building.id,
        district.area,
        building.stations.len(),
        percent(weak.dark_permille),
        weak.help_s.div_ceil(60),
        percent(weak.late_permille)
    )
}

fn report(found: &Rehearsed) -> Value {
    let spreads = |list: [Spread; 9]| -> Value {
        MEASURES
            .iter()
            .zip(list)
            .map(|(name, spread)| json!({"measure": name, "spread": spread}))
            .collect()
    };
    let paired = |list: [Paired; 9]| -> Value {
        let row = |(name, it): (&&str, Paired)| json!({"measure": name, "paired": it, "differs": it.differs()});
        MEASURES.iter().zip(list).map(row).collect()
    };
    let weakest = found.rehearsal.weakest.iter().map(|weak| {
        let building = &found.plan.buildings[weak.building as usize];
        json!({
            "building": building.id,
            "district": found.plan.districts[building.district as usize].area,
            "dark_permille": weak.dark_permille,
            "late_permille": weak.late_permille,
            "help_s": weak.help_s,
            "because": weak.because,
        })
    });
    json!({
        "plan": found.name,
        "runs": found.rehearsal.runs.len(),
        "runs_per_second": speed(found),
        "measures": spreads(found.rehearsal.spreads()),
        "weakest": weakest.collect::<Vec<_>>(),
        "against": found.other.as_ref().map(|other| json!({
            "plan": other.name,
            "measures": spreads(other.rehearsal.spreads()),
            "paired": paired(other.paired),
        })),
    })
}
