//! This node's own key: spare, new, locked, unlocked.

use super::{To, read_statements, there};
use crate::{
    node::{self, Secret},
    verb::{
        identity::{self, Opened},
        printer::Printer,
    },
};
use anyhow::{Context, ensure};
use clap::Args;
use pehra_domain::AreaId;
use pehra_ledger::{armour::Piece, request, statement::Said};
use std::path::{Path, PathBuf};

/// `adopt`.
#[derive(Debug, Args)]
pub(in crate::verb) struct Adopt {
    /// The spare's key file.
    file: PathBuf,
    /// The spare's certificate, and those above it that this node does not know yet.
    #[arg(required = true)]
    certificates: Vec<PathBuf>,
}

impl Adopt {
    pub(super) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let Opened { name, credential } = identity::open_key(&self.file)?;
        let mut said = Vec::new();
        for file in &self.certificates {
            said.extend(read_statements(file)?);
        }
        let id = credential.public().id();
        ensure!(
            said.iter().any(|one| matches!(one, Said::Certificate(_)) && one.subject() == id),
            "none of the certificates is that of {name}"
        );
        let seed = credential.signing().seed();
        identity::with_node_passphrase(|given| node::replace(data, given, Some(seed)))?;
        let node = there(data)?;
        for one in said {
            node.publish(one)?;
        }
        let chained = node.roster(|roster| roster.is_chained(id));
        ensure!(chained, "the root does not stand behind {name}: take the office's certificate in");
        printer.line(&format!("this node goes on as {name}, {id}"));
        Ok(())
    }
}

/// `rotate`.
#[derive(Debug, Args)]
pub(in crate::verb) struct Rotate {
    #[command(flatten)]
    to: To,
}

impl Rotate {
    pub(super) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        renew(data, &self.to, printer)
    }
}

/// Gives a folder a new key and writes the request for its certificate, as its last certificate was.
pub(super) fn renew(data: &Path, to: &To, printer: &mut Printer) -> anyhow::Result<()> {
    let before = there(data)?;
    let old = before.public_key().id();
    let last = before.roster(|roster| roster.certificates(old).next().cloned());
    drop(before);
    let id = identity::with_node_passphrase(|given| node::replace(data, given, None))?;
    let node = there(data)?;
    let (name, area, roles) = match last {
        Some(one) => (one.body.name, AreaId::try_new(one.body.area.as_str())?, one.body.roles),
        None => (node.info().name, AreaId::nation(), Vec::new()),
    };
    let request = node.request(&name, &area, &roles)?;
    node.keep_request(&request)?;
    printer.note(&format!("the key is now {id}; revoke {old} and grant this request"));
    let text = Piece::new(request::PIECE, request.encode()).to_text(&format!("device {name}"));
    to.write(&text, printer)
}

pub(super) fn lock(data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
    let new = identity::new_node_passphrase()?;
    change(data, |given| node::lock(data, given, &new))?;
    printer.line("this node's key opens with the passphrase alone");
    printer.note("backups made before still hold it open: destroy them, or rotate the key");
    Ok(())
}

pub(super) fn unlock(data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
    change(data, |given| node::unlock(data, given))?;
    printer.line("this node's key lies open in the folder, readable by its owner alone");
    Ok(())
}

fn change(
    data: &Path,
    work: impl Fn(Option<&Secret>) -> Result<(), node::NodeError>,
) -> anyhow::Result<()> {
    identity::with_node_passphrase(work).with_context(|| format!("{}", data.display()))
}
