//! `pehra run delete`: payloads that the retention rules no longer allow to be kept, or a court wants gone.

use crate::{
    http::deletions::{DeletionRow, DeletionsView},
    node::{Node, OpenOptions},
    verb::{identity, printer::Printer},
};
use anyhow::{Context, bail, ensure};
use clap::Args;
use pehra_ledger::Place;
use pehra_ops::{EventRef, deletion::Ground};
use std::path::Path;

#[derive(Debug, Args)]
pub(in crate::verb) struct Delete {
    /// Places of the entries, DEVICE/EPOCH/NUMBER, as the room and `prove verify` print them.
    places: Vec<Place>,
    /// Why, for the record. It stays for ever: do not repeat what is to be deleted.
    #[arg(long, required_unless_present_any = ["status", "approve"])]
    reason: Option<String>,
    /// Which retention rule has run out. One person's word is enough, from the thirty-first day after the poll.
    #[arg(long, value_name = "NAME", default_value = "retention")]
    rule: String,
    /// Instead of a rule: the court and the number of its order. Takes effect when a second person approves it.
    #[arg(long, value_name = "NUMBER", conflicts_with = "rule")]
    court: Option<String>,
    /// Approve, as the second person, a deletion that a court ordered, by the name that --status shows.
    #[arg(long, value_name = "DELETION", conflicts_with_all = ["places", "court", "reason"])]
    approve: Option<String>,
    /// Show every deletion: who has carried it out, who has not answered, what cannot be reached.
    #[arg(long, conflicts_with_all = ["places", "approve", "court", "reason"])]
    status: bool,
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

impl Delete {
    pub(in crate::verb) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = identity::open_node(data, &OpenOptions::default())?;
        if self.status {
            return self.show(&node, printer);
        }
        let uploads = data.join("uploads");
        if uploads.exists() {
            std::fs::remove_dir_all(&uploads)
                .with_context(|| format!("{} cannot be removed", uploads.display()))?;
        }
        let actor = node.deleting_console()?;
        if let Some(name) = &self.approve {
            let Some(order) = EventRef::parse(name) else {
                bail!("{name} names no deletion: take the name from --status")
            };
            node.approve_deletion(&actor, order)?;
        } else {
            ensure!(!self.places.is_empty(), "name the places of the entries, or --status");
            let (ground, instrument) = match &self.court {
                Some(number) => (Ground::Court, number.trim()),
                None => (Ground::Rule, self.rule.trim()),
            };
            let reason = self.reason.as_deref().unwrap_or_default().trim();
            node.order_deletion(&actor, &self.places, ground, (instrument, reason))?;
        }
        self.show(&node, printer)
    }

    fn show(&self, node: &Node, printer: &mut Printer) -> anyhow::Result<()> {
        let view = DeletionsView::of(node);
        if self.json {
            printer.line(&serde_json::to_string(&view)?);
            return Ok(());
        }
        for row in &view.standing {
            let now = if row.in_force { "in force" } else { "not in force" };
            let from = row.first_day.as_deref().unwrap_or("the day of poll is not on record");
            printer.line(&format!(
                "{}: contacts go by themselves in {}, {now}, from {from}",
                row.id, row.area
            ));
        }
        for row in &view.deletions {
            told(row, printer);
        }
        printer.line(&format!("reached on every node that answers: {}", view.reached.join(", ")));
        for backup in view.backups.iter().filter(|it| it.is_there) {
            printer.line(&format!("a backup is at {}", backup.path));
        }
        if view.carried > 0 {
            printer.line(&format!("{} sealed bundles for others wait here", view.carried));
        }
        for one in view.not_reached {
            printer.line(&format!("not reached, {}: {}", one.name, one.en));
            printer.line(&format!("    {}", one.ur));
        }
        Ok(())
    }
}

fn told(row: &DeletionRow, printer: &mut Printer) {
    let DeletionRow { id, ground, instrument, reason, places, ordered, .. } = row;
    printer.line(&format!(
        "{id}: {} payloads, by {ground} {instrument}, ordered by {} as {}: {reason}",
        places.len(),
        ordered.person,
        ordered.role
    ));
    match (&row.approved, row.in_force) {
        (_, false) => {
            printer.line("    waits for a second person: pehra run delete --approve …");
            return;
        }
        (Some(second), true) => printer.line(&format!("    approved by {}", second.person)),
        (None, true) => {}
    }
    for done in &row.done {
        printer.line(&format!("    carried out by {}: {} payloads gone", done.device, done.gone));
    }
    for bus in &row.bus {
        printer.line(&format!("    gone from the bus, says {}", bus.device));
    }
    if row.bus_owing {
        printer.line("    may still be on the bus");
    }
    for owing in &row.owing {
        printer.line(&format!("    no answer yet from {} ({})", owing.name, owing.device));
    }
    if row.backups > 0 {
        printer.line(&format!("    {} backups that were made before are still there", row.backups));
    }
}
