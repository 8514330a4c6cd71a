//! Plans of reserves on record: approved by another person than proposed them, put in force, withdrawn.

use crate::{
    node::Node,
    verb::printer::Printer,
    work::reserves::{self as work, Found},
};
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use pehra_domain::{Date, UnixMs, risk::RiskClass};
use pehra_ops::{
    permission as row,
    plan::{Command, Phase},
};
use serde::Serialize;

#[derive(Debug, Subcommand)]
pub(super) enum Step {
    /// Say which plans of reserves are on record and how they stand.
    Status {
        /// One JSON object instead of lines.
        #[arg(long)]
        json: bool,
    },
    /// Approve a proposed plan, as another person than proposed it.
    Approve(Which),
    /// Put an approved plan in force, in the place of the one before.
    Adopt(Which),
    /// Answer a proposed plan with no.
    Reject {
        #[command(flatten)]
        which: Which,
        #[arg(long)]
        reason: String,
    },
    /// Withdraw a plan, in force or not.
    Withdraw {
        #[command(flatten)]
        which: Which,
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Which {
    /// The plan, by the name that `status` shows; the only one that waits for this unless named.
    plan: Option<String>,
}

impl Which {
    fn find(&self, node: &Node, waits: &[Phase]) -> anyhow::Result<Found> {
        if let Some(name) = &self.plan {
            return work::find(node, name)
                .with_context(|| format!("`{name}` names no plan of reserves on record"));
        }
        let mut waiting = work::decided(node);
        waiting.retain(|found| waits.contains(&found.phase));
        match waiting.as_slice() {
            [_] => waiting.pop().context("it was here"),
            [] => bail!("no plan of reserves waits for this: `status` says how they stand"),
            [_, _, ..] => bail!("several plans wait for this: name one, as `status` shows it"),
        }
    }
}

#[derive(Serialize)]
struct Line {
    plan: String,
    entry: String,
    label: String,
    phase: &'static str,
    proposed_by: String,
    on: Date,
    teams: u32,
    bases: usize,
    value: i64,
    bound: i64,
    by_road: u32,
    estimated: u32,
    /// By class: normal, sensitive, most sensitive.
    reached: [u32; 3],
    of: [u32; 3],
}

impl Line {
    fn of(found: &Found) -> Self {
        let reserve = &found.reserve;
        Self {
            plan: work::name_of(found.proposal.manifest),
            entry: found.at.to_string(),
            label: found.proposal.name.clone(),
            phase: word(found.phase),
            proposed_by: found.proposed_by.clone(),
            on: Date::of_pkt(UnixMs(found.proposed_ms)),
            teams: reserve.teams(),
            bases: reserve.bases.len(),
            value: found.proposal.summary.objective,
            bound: found.proposal.summary.dual_bound,
            by_road: reserve.by_road,
            estimated: reserve.estimated,
            reached: reserve.reach.map(|reach| reach.reached),
            of: reserve.reach.map(|reach| reach.stations),
        }
    }
}

fn word(phase: Phase) -> &'static str {
    match phase {
        Phase::Unknown => "unknown",
        Phase::Proposed => "proposed",
        Phase::Approved => "approved",
        Phase::Rejected => "rejected",
        Phase::Adopted => "in force",
        Phase::Superseded => "superseded",
        Phase::Withdrawn => "withdrawn",
        Phase::Disputed => "disputed",
    }
}

impl Step {
    pub(super) fn run(&self, node: &Node, printer: &mut Printer) -> anyhow::Result<()> {
        let (permission, command) = match self {
            Self::Status { json } => return status(node, *json, printer),
            Self::Approve(which) => {
                let plan = which.find(node, &[Phase::Proposed])?.at;
                (row::PLAN_APPROVE, Command::Approve { plan })
            }
            Self::Adopt(which) => {
                let plan = which.find(node, &[Phase::Approved])?.at;
                (row::PLAN_ADOPT, Command::Adopt { plan })
            }
            Self::Reject { which, reason } => {
                let plan = which.find(node, &[Phase::Proposed])?.at;
                (row::PLAN_APPROVE, Command::Reject { plan, reason: reason.trim().to_owned() })
            }
            Self::Withdraw { which, reason } => {
                let waits = [Phase::Proposed, Phase::Approved, Phase::Adopted];
                let plan = which.find(node, &waits)?.at;
                (row::PLAN_WITHDRAW, Command::Withdraw { plan, reason: reason.trim().to_owned() })
            }
        };
        work::step(node, &node.console(permission)?, command)?;
        status(node, false, printer)
    }
}

fn status(node: &Node, json: bool, printer: &mut Printer) -> anyhow::Result<()> {
    let lines: Vec<Line> = work::decided(node).iter().map(Line::of).collect();
    if json {
        printer.line(&serde_json::to_string(&lines)?);
        return Ok(());
    }
    if lines.is_empty() {
        printer
            .note("no plan of reserves is on record: `pehra plan reserves --record` proposes one");
    }
    for line in &lines {
        printer.line(&format!(
            "{} {} · {} · {} teams at {} bases · proposed by {} on {}",
            line.plan, line.label, line.phase, line.teams, line.bases, line.proposed_by, line.on
        ));
        for (at, class) in RiskClass::ALL.into_iter().enumerate() {
            printer.line(&format!(
                "  {:<15} {:>7} of {:>7} in time",
                class.title(),
                line.reached[at],
                line.of[at]
            ));
        }
        printer.line(&format!(
            "  nearest times: {} by road, {} estimated; value {}, no choice above {}",
            line.by_road, line.estimated, line.value, line.bound
        ));
    }
    Ok(())
}
