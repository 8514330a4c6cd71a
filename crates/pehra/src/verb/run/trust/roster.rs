//! What this node knows of others, and taking in what was carried here.

use super::{To, day_of, parse_key, read_statements, text_of, there};
use crate::{http::trust, verb::printer::Printer};
use anyhow::{Context, ensure};
use clap::Args;
use std::path::{Path, PathBuf};

/// `take`.
#[derive(Debug, Args)]
pub(in crate::verb) struct Take {
    /// Texts with certificates and revocations.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

impl Take {
    pub(super) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = there(data)?;
        let (mut new, mut known) = (0_u32, 0_u32);
        for file in &self.files {
            for said in read_statements(file)? {
                if node.publish(said).with_context(|| format!("{}", file.display()))? {
                    new += 1;
                } else {
                    known += 1;
                }
            }
        }
        printer.line(&format!("{new} statements taken in, {known} known already"));
        Ok(())
    }
}

/// `show`.
#[derive(Debug, Args)]
pub(in crate::verb) struct Show {
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

impl Show {
    pub(super) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = there(data)?;
        let view = trust::view(&node)?;
        if self.json {
            printer.line(&serde_json::to_string(&view)?);
            return Ok(());
        }
        printer.line(&match &view.founded {
            Some(founded) => format!(
                "{}: {} of {} keys; {}",
                founded.election, founded.threshold, founded.keys, founded.fingerprint
            ),
            None => "this node stands alone and is its own root".to_owned(),
        });
        printer.line(&format!(
            "this device {}; its key lies {}; roster of {} statements, {}",
            view.device,
            if view.locked { "under a passphrase" } else { "open in the folder" },
            view.statements,
            view.digest
        ));
        for one in &view.certificates {
            printer.line(&format!(
                "{} {} {} {} [{}] until {}{}{}",
                one.key,
                one.subject,
                one.name,
                one.area,
                one.roles.join(" "),
                day_of(one.not_after_ms),
                if one.stands { "" } else { " does not stand" },
                one.revoked.first().map_or_else(String::new, |it| format!(": {}", it.reason)),
            ));
        }
        for one in &view.requests {
            printer.line(&format!("asks: {} {} {} {}", one.key, one.subject, one.name, one.area));
        }
        for fork in &view.forks {
            printer.line(&format!(
                "fork: {} at {}: {} by {} against {} by {}",
                fork.name,
                fork.place,
                fork.held.hash,
                fork.held.person,
                fork.other.hash,
                fork.other.person
            ));
        }
        for deposit in &view.deposits {
            printer.line(&format!(
                "deposit: credential of {} with {} of {}; parts given by {}{}",
                deposit.name,
                deposit.threshold,
                deposit.custodians.join(", "),
                if deposit.contributions.is_empty() {
                    "nobody".to_owned()
                } else {
                    let all = deposit.contributions.iter().map(|one| one.custodian.as_str());
                    all.collect::<Vec<_>>().join(", ")
                },
                deposit
                    .released
                    .iter()
                    .map(|it| format!("; RELEASED: {}", it.reason))
                    .collect::<String>(),
            ));
        }
        Ok(())
    }
}

/// `chain`.
#[derive(Debug, Args)]
pub(in crate::verb) struct Chain {
    /// The key's id, 32 hexadecimal digits; this node's own when it is not given.
    key: Option<String>,
    #[command(flatten)]
    to: To,
}

impl Chain {
    pub(super) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = there(data)?;
        let key = match &self.key {
            Some(text) => parse_key(text).with_context(|| format!("`{text}` is no key's id"))?,
            None => node.public_key().id(),
        };
        let chain = node.roster(|roster| roster.chain(key));
        ensure!(!chain.is_empty(), "the root stands behind no certificate of {key}");
        self.to.write(&chain.iter().map(text_of).collect::<String>(), printer)
    }
}
