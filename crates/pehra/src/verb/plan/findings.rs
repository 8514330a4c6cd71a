//! `pehra plan findings`: what was found wanting and is still open, and what an exercise found, taken along into the plan.

use crate::{
    http::findings::{FindingLog, source_of},
    node::Node,
    verb::printer::Printer,
};
use anyhow::{Context, anyhow};
use clap::Args;
use pehra_domain::{AreaId, Date, role::Role};
use pehra_ops::{
    Command, EventRef,
    finding::{self, Action, Finding, Phase, Source},
    permission,
};
use serde::Deserialize;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(in crate::verb) struct Findings {
    /// One area and everything in it: pk/sindh/karachi-east.
    #[arg(long)]
    area: Option<String>,
    /// What is closed or dropped, too.
    #[arg(long)]
    all: bool,
    /// Take in what another election, for example an exercise, found and has not closed: what its folder prints with
    /// --json. What is on record here already is passed over.
    #[arg(long, value_name = "FILE")]
    take: Option<PathBuf>,
    /// One JSON object instead of lines.
    #[arg(long)]
    json: bool,
}

/// What is read of the file: the shape of the room's own answer.
#[derive(Debug, Deserialize)]
struct Told {
    findings: Vec<ToldFinding>,
}

#[derive(Debug, Deserialize)]
struct ToldFinding {
    area: String,
    source: String,
    text: String,
    phase: String,
    action: Option<ToldAction>,
}

#[derive(Debug, Deserialize)]
struct ToldAction {
    text: String,
    owner: String,
    due: String,
}

impl Findings {
    pub(in crate::verb) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = crate::verb::open(data)?;
        if let Some(file) = &self.take {
            take(&node, file, printer)?;
        }
        let area = self.area.as_deref().unwrap_or("pk");
        let area = AreaId::try_new(area).with_context(|| format!("{area} is no area"))?;
        let mut view = FindingLog::of(&node, None);
        view.findings.retain(|it| {
            let here = AreaId::try_new(it.area.as_str()).is_ok_and(|own| area.contains(&own));
            here && (self.all || it.is_open())
        });
        if self.json {
            printer.line(&serde_json::to_string(&view)?);
            return Ok(());
        }
        if view.findings.is_empty() {
            printer.line("nothing is open");
        }
        for it in &view.findings {
            let action = it.action.as_ref().map_or_else(
                || "nobody is charged".to_owned(),
                |action| format!("{} · {} · by {}", action.text, action.owner, action.due),
            );
            printer.line(&format!("{:<9} {}  {}  -> {action}", it.phase, it.area, it.text));
        }
        Ok(())
    }
}

fn take(node: &Node, file: &Path, printer: &mut Printer) -> anyhow::Result<()> {
    let bytes =
        std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let told: Told = serde_json::from_slice(&bytes).with_context(|| {
        format!("{} is not what `pehra plan findings --json` prints", file.display())
    })?;
    let today = Date::of_pkt(node.now());
    let (mut taken, mut known) = (0, 0);
    let open = told.findings.iter().filter(|it| Phase::read(&it.phase).is_none_or(Phase::is_open));
    for it in open {
        let area =
            AreaId::try_new(it.area.as_str()).with_context(|| format!("{} is no area", it.area))?;
        let source = source_of(&it.source)
            .map_err(|_unknown| anyhow!("{} is no source of a finding", it.source))?;
        let finding = Finding { source, text: it.text.clone() };
        let Some(at) = record(node, &area, &finding)? else {
            known += 1;
            continue;
        };
        taken += 1;
        let Some(action) = &it.action else { continue };
        let due = Date::parse(&action.due).with_context(|| format!("{} is no day", action.due))?;
        if due < today {
            printer.note(&format!("{}: its day {due} is over; charge somebody anew", it.text));
            continue;
        }
        let action =
            Action { text: action.text.clone(), owner: Role::try_new(&*action.owner)?, due };
        let actor = node.console(permission::FINDING_CHARGE)?;
        node.execute(&actor, Command::Finding(finding::Command::Charge { finding: at, action }))?;
    }
    printer.note(&format!("{taken} taken, {known} on record already"));
    Ok(())
}

/// Puts it on record; none when the same words stand there for the same area.
fn record(node: &Node, area: &AreaId, finding: &Finding) -> anyhow::Result<Option<EventRef>> {
    let known = node.ops(|state| {
        let mut all = state.findings.all();
        all.any(|(_, of, mark, _)| of.text == finding.text && mark.area == *area)
    });
    if known {
        return Ok(None);
    }
    let source = match finding.source.clone() {
        // Seen by whoever signed there, not by whoever takes it in.
        Source::Observed => Source::Exercise,
        other @ (Source::Exercise | Source::Figure(_)) => other,
    };
    let actor = node.console(permission::FINDING_RECORD)?;
    let (area, finding) = (area.clone(), Finding { source, text: finding.text.clone() });
    let command = Command::Finding(finding::Command::Record { area, finding });
    Ok(node.execute(&actor, command)?.first().copied())
}
