//! `pehra run delete`: payloads that the retention rules no longer allow to be kept.

use crate::{
    node::{NOT_REACHED, REACHED},
    verb::{identity, printer::Printer},
};
use anyhow::Context;
use clap::Args;
use pehra_ledger::{DeviceId, Place, hash::unhex};
use std::path::Path;

#[derive(Debug, Args)]
pub(in crate::verb) struct Delete {
    /// Places of the entries, DEVICE/EPOCH/NUMBER, as the room and `prove verify` print them.
    #[arg(required = true, value_parser = place)]
    places: Vec<Place>,
    /// Which rule, for the record.
    #[arg(long)]
    reason: String,
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

fn place(text: &str) -> Result<Place, String> {
    let read = || {
        let mut parts = text.split('/');
        let device = unhex(parts.next()?)?.try_into().ok().map(DeviceId)?;
        let epoch = parts.next()?.parse().ok()?;
        let place = Place { device, epoch, seq: parts.next()?.parse().ok()? };
        parts.next().is_none().then_some(place)
    };
    read().ok_or_else(|| "write DEVICE/EPOCH/NUMBER".to_owned())
}

impl Delete {
    pub(in crate::verb) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = identity::open_node(data, &crate::node::OpenOptions::default())?;
        let uploads = data.join("uploads");
        if uploads.exists() {
            std::fs::remove_dir_all(&uploads)
                .with_context(|| format!("{} cannot be removed", uploads.display()))?;
        }
        let done = node.forget(&self.places, self.reason.trim())?;
        if self.json {
            let not_reached: Vec<_> = NOT_REACHED
                .iter()
                .map(|(name, en, ur)| serde_json::json!({ "name": name, "en": en, "ur": ur }))
                .collect();
            let body = serde_json::json!({ "payloads": done.payloads, "datasets": done.datasets,
                "chunks": done.chunks, "reached": REACHED, "not_reached": not_reached });
            printer.line(&body.to_string());
            return Ok(());
        }
        printer.line(&format!(
            "{} payloads, {} lists with {} chunks deleted: {}",
            done.payloads,
            done.datasets,
            done.chunks,
            REACHED.join(", ")
        ));
        for (name, english, urdu) in NOT_REACHED {
            printer.line(&format!("not reached, {name}: {english}"));
            printer.line(&format!("    {urdu}"));
        }
        Ok(())
    }
}
