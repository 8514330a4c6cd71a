//! `pehra plan allocate`.

use crate::{auth::hex, node::Node, verb::printer::Printer, work, world::PlanTable};
use clap::Args;
use pehra_domain::{force::StaffKind, plan::ShortfallReason};
use pehra_plan::allocate::{FairLine, Group, behind};
use std::{collections::BTreeMap, path::Path};

#[derive(Debug, Args)]
pub(in crate::verb) struct Allocate {
    /// Kept in the certificate.
    #[arg(long, default_value_t = 2024)]
    seed: u64,
    /// What people call this plan.
    #[arg(long, default_value = "")]
    label: String,
    /// A poll of its own day instead of the general one: NA-8@2024-04-21.
    #[arg(long, value_name = "CONSTITUENCY@DATE")]
    poll: Option<String>,
    /// How many of the largest shortfalls to list.
    #[arg(long, default_value_t = 10)]
    worst: usize,
    /// List staffing by province, town or country, and women's stations, within each class; otherwise only what is
    /// further below its class than five in a hundred.
    #[arg(long)]
    fairness: bool,
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

impl Allocate {
    pub(in crate::verb) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = crate::verb::open(data)?;
        let actor = node.operator()?;
        let poll = self.poll.as_deref().map(work::poll::parse).transpose()?;
        let (seed, label) = (self.seed, self.label.clone());
        let options = work::allocate::Options { seed, label, poll, from: None };
        let kept = work::dispatch::RoadsKept::default();
        let mut watch = |step| printer.step(&step);
        let made = work::allocate::run(&node, &actor, &options, &kept, &mut watch, &mut |_| {})?;
        let world = node.world();
        let plan = world.plans.iter().find(|plan| plan.id == made.id).ok_or_else(|| {
            anyhow::anyhow!("the plan {} was signed and cannot be found", made.id)
        })?;
        if self.json {
            printer.line(&serde_json::to_string(&summary(plan))?);
        } else {
            self.tell(&node, plan, printer);
            let lines = work::allocate::fairness_of(&node, &made.id);
            tell_fairness(&lines, self.fairness, printer);
        }
        Ok(())
    }

    fn tell(&self, node: &Node, plan: &PlanTable, printer: &mut Printer) {
        let certificate = plan.certificate();
        printer.line(&format!("plan {} ({})", plan.id, plan.label));
        for (kind, line) in totals(plan) {
            printer.line(&format!(
                "  {:<22} {:>8} due  {:>8} posted  {:>7} missing, {} of them minima",
                word(kind),
                line.need,
                line.posted,
                line.missing,
                line.minimum_missing
            ));
        }
        printer.line(&format!(
            "  certificate: objective {}, lower bound {}, gap {}, inputs {}",
            certificate.objective,
            certificate.dual_bound,
            certificate.gap(),
            hex(&certificate.input_hash)
        ));
        for relaxation in &certificate.relaxations {
            printer.line(&format!(
                "  bent: {} × {} ({})",
                relaxation.count, relaxation.rule, relaxation.text
            ));
        }
        for note in &certificate.notes {
            printer.line(&format!("  note: {note}"));
        }
        let mut worst: Vec<_> = plan.plan.shortfalls.iter().collect();
        worst.sort_by_key(|s| (std::cmp::Reverse(s.shadow_price), std::cmp::Reverse(s.missing)));
        if !worst.is_empty() {
            printer.line(&format!(
                "  {} unmet posts in {} places; the dearest:",
                missing(plan),
                worst.len()
            ));
        }
        let world = node.world();
        for shortfall in worst.iter().take(self.worst) {
            let name = world.building_name(&shortfall.building);
            printer.line(&format!(
                "    {} {} · {} × {} · {} · one more is worth {}",
                shortfall.building,
                name,
                shortfall.missing,
                word(shortfall.kind),
                because(shortfall.reason),
                shortfall.shadow_price
            ));
        }
    }
}

/// Below its class by more than this is told without being asked for.
const BEHIND_PERMILLE: u32 = 50;

fn tell_fairness(lines: &[FairLine], all: bool, printer: &mut Printer) {
    let told: Vec<&FairLine> =
        if all { lines.iter().collect() } else { behind(lines, BEHIND_PERMILLE).collect() };
    if told.is_empty() {
        printer.line("  fairness: no province, town, country or women's station is more than 5 % below its class");
    }
    for line in told {
        let group = match &line.group {
            Group::Province(area) => area.name().to_owned(),
            Group::Town => "towns".to_owned(),
            Group::Country => "country".to_owned(),
            Group::Women => "women's stations".to_owned(),
            Group::NoWomen => "no women's station".to_owned(),
        };
        printer.line(&format!(
            "  fairness: {:<20} {:<9} {:>6} places, {:>7} due, {:>5.1} % filled ({:+.1} against the class), women {} of {}",
            group,
            line.class.word(),
            line.places,
            line.due,
            f64::from(line.filled_permille) / 10.0,
            f64::from(line.against_class_permille) / 10.0,
            line.women_posted,
            line.women_due
        ));
    }
}

#[derive(Default, serde::Serialize)]
struct Line {
    need: u64,
    posted: u64,
    missing: u64,
    minimum_missing: u64,
}

#[derive(serde::Serialize)]
struct Summary<'a> {
    plan: &'a str,
    objective: i64,
    dual_bound: i64,
    gap: i64,
    input_hash: String,
    engine: &'a str,
    totals: BTreeMap<StaffKind, Line>,
    relaxations: usize,
}

fn summary(plan: &PlanTable) -> Summary<'_> {
    let certificate = plan.certificate();
    Summary {
        plan: &plan.id,
        objective: certificate.objective,
        dual_bound: certificate.dual_bound,
        gap: certificate.gap(),
        input_hash: hex(&certificate.input_hash),
        engine: &certificate.engine,
        totals: totals(plan),
        relaxations: certificate.relaxations.len(),
    }
}

fn totals(plan: &PlanTable) -> BTreeMap<StaffKind, Line> {
    let mut totals: BTreeMap<StaffKind, Line> = BTreeMap::new();
    for need in &plan.plan.needs {
        let line = totals.entry(need.kind).or_default();
        line.need += u64::from(need.need);
        line.posted += u64::from(need.posted);
    }
    for shortfall in &plan.plan.shortfalls {
        let line = totals.entry(shortfall.kind).or_default();
        line.missing += u64::from(shortfall.missing);
        line.minimum_missing += u64::from(shortfall.minimum_missing);
    }
    totals
}

fn missing(plan: &PlanTable) -> u64 {
    plan.plan.shortfalls.iter().map(|s| u64::from(s.missing)).sum()
}

fn word(kind: StaffKind) -> &'static str {
    match kind {
        StaffKind::PoliceMan => "police men",
        StaffKind::PoliceWoman => "policewomen",
        StaffKind::CivilArmedForces => "civil armed forces",
        StaffKind::Army => "army",
    }
}

fn because(reason: ShortfallReason) -> &'static str {
    match reason {
        ShortfallReason::NobodyLeft => "nobody is left",
        ShortfallReason::TooFar => "those left are too far away",
        ShortfallReason::Capped => "a cap forbids it",
        ShortfallReason::Locked => "a lock forbids it",
        ShortfallReason::NoSuchUnit => "there is no such unit",
        ShortfallReason::AtHome => "those left are at home there or not trained for it",
        ShortfallReason::Together => "those left would stand alone, or have no seat to get there",
        ShortfallReason::TooLong => "those left would be too long on the way or on duty",
    }
}
