//! A credential that two custodians release together, on record.

use super::{
    To,
    keys::{chance, read_card},
    there, write_new,
};
use crate::verb::{
    identity::{self, Opened},
    printer::Printer,
};
use anyhow::{Context, bail, ensure};
use clap::Args;
use pehra_seal::{
    card::Card,
    keyfile::KeyFile,
    passphrase::Cost,
    release::{Contribution, Custodian, Deposit, ReleaseError, Released},
};
use std::path::{Path, PathBuf};

fn sealing_of(card: &Card) -> anyhow::Result<pehra_seal::hybrid::SealingPublic> {
    card.sealing().with_context(|| format!("nothing can be sealed to the token of {}", card.name()))
}

fn read_deposit(file: &Path) -> anyhow::Result<Deposit> {
    Deposit::from_text(&identity::read_text(file)?)
        .with_context(|| format!("{} is no deposit", file.display()))
}

/// `deposit`.
#[derive(Debug, Args)]
pub(in crate::verb) struct Lodge {
    /// So many custodians must join.
    #[arg(long, default_value_t = 2)]
    need: u8,
    /// The custodians' cards.
    #[arg(required = true, value_name = "CARD")]
    cards: Vec<PathBuf>,
    #[command(flatten)]
    to: To,
}

impl Lodge {
    pub(super) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let Opened { name, credential } = identity::only_key()?;
        let node = there(data)?;
        let mut custodians = Vec::new();
        for file in &self.cards {
            let card = read_card(file)?;
            custodians.push(Custodian { name: card.name().to_owned(), key: sealing_of(&card)? });
        }
        let election = node.ledger_election();
        let deposit =
            Deposit::lodge(election, &name, &credential, self.need, &custodians, chance()?)?;
        node.note_deposit(&deposit, &Opened { name, credential }.held()?)?;
        printer.note(&format!(
            "the credential of {} is in deposit and on record; {} of {} release it",
            deposit.name(),
            self.need,
            custodians.len()
        ));
        self.to.write(&deposit.to_text(), printer)
    }
}

/// `contribute`.
#[derive(Debug, Args)]
pub(in crate::verb) struct Contribute {
    /// The deposit.
    deposit: PathBuf,
    /// The card of whoever puts the parts together.
    #[arg(long = "to-card", value_name = "CARD")]
    receiver: PathBuf,
    #[command(flatten)]
    to: To,
}

impl Contribute {
    pub(super) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let deposit = read_deposit(&self.deposit)?;
        let receiver = read_card(&self.receiver)?;
        let custodian = identity::only_key()?;
        let node = there(data)?;
        ensure!(
            deposit.election() == node.ledger_election(),
            "the deposit belongs to another election"
        );
        let opening = custodian.credential.opening();
        let part = deposit.contribute(opening, sealing_of(&receiver)?, chance()?)?;
        node.note_contribution(&part, &custodian.held()?)?;
        printer.note(&format!(
            "your part for the release of {} to {} is on record",
            deposit.name(),
            receiver.name()
        ));
        self.to.write(&part.to_text(), printer)
    }
}

/// `release`.
#[derive(Debug, Args)]
pub(in crate::verb) struct Release {
    /// The deposit.
    deposit: PathBuf,
    /// The custodians' parts.
    #[arg(required = true, value_name = "PART")]
    parts: Vec<PathBuf>,
    /// Why, for the record.
    #[arg(long)]
    reason: String,
    /// The key file of the released credential.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

impl Release {
    pub(super) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let deposit = read_deposit(&self.deposit)?;
        ensure!(!self.to.exists(), "{} is there already", self.to.display());
        let receiver = identity::only_key()?;
        let node = there(data)?;
        let mut parts = Vec::new();
        for file in &self.parts {
            let part = Contribution::from_text(&identity::read_text(file)?)
                .with_context(|| format!("{} is no part of a release", file.display()))?;
            parts.push(part);
        }
        let released = match deposit.release(&parts, receiver.credential.opening()) {
            Ok(released) => released,
            Err(ReleaseError::TooFew { have, need }) => {
                bail!("refused: {have} of {need} custodians; nobody releases a credential alone")
            }
            Err(other) => return Err(other.into()),
        };
        let mut custodians: Vec<String> =
            parts.iter().filter_map(|part| part.custodian(&deposit)).map(str::to_owned).collect();
        custodians.sort();
        // On record before anybody holds the credential.
        let record = Released {
            deposit: deposit.hash(),
            name: deposit.name().to_owned(),
            custodians,
            reason: self.reason.trim().to_owned(),
        };
        node.note_release(&deposit, &parts, &record, &receiver.held()?)?;
        let passphrase =
            identity::new_passphrase(&format!("passphrase of {} released", deposit.name()))?;
        let own = (&released, passphrase.text());
        let file = KeyFile::write(deposit.name(), Cost::USUAL, own, None, chance()?)?;
        write_new(&self.to, &file.to_text())?;
        printer.line(&format!(
            "the credential of {} is released and on record, by {}",
            record.name,
            record.custodians.join(" and ")
        ));
        printer.note("replace it when its holder is back: it is known to you from now on");
        Ok(())
    }
}
