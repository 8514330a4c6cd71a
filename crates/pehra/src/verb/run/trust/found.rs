//! Founding an election, joining it, and asking to be enrolled.

use super::{DAY_MS, Of, To, day_end, keys::read_card, read_genesis, sorted, there};
use crate::verb::{
    identity::{self, Opened},
    printer::Printer,
};
use anyhow::Context;
use clap::{Args, ValueEnum};
use pehra_domain::AreaId;
use pehra_ledger::{
    armour::Piece,
    certificate::{CertificateBody, Subject},
    genesis::Genesis,
    request::{self, Request, Wish},
    signer,
};
use pehra_seal::hybrid::OpeningKey;
use std::path::{Path, PathBuf};

/// A request asks for so long unless it says otherwise.
const WISH_DAYS: u64 = 400;
/// An office's certificate must outlast those that it issues.
const OFFICE_DAYS: u64 = 1_000;

/// `found`.
#[derive(Debug, Args)]
pub(in crate::verb) struct Found {
    /// The election's id, for example PK-GE-2024.
    #[arg(long)]
    election: String,
    /// How many of the cards' holders must sign together.
    #[arg(long, value_name = "M")]
    need: usize,
    /// Cards of those who hold the root's keys; each keeps their key file offline.
    #[arg(required = true, value_name = "CARD")]
    cards: Vec<PathBuf>,
    #[command(flatten)]
    to: To,
}

impl Found {
    pub(super) fn run(&self, printer: &mut Printer) -> anyhow::Result<()> {
        let cards = self.cards.iter().map(|file| read_card(file)).collect::<Result<Vec<_>, _>>()?;
        let keys = cards.iter().map(pehra_seal::card::Card::key).collect();
        let genesis = Genesis::try_new(&self.election, keys, self.need)?;
        self.to.write(&genesis.to_text(), printer)?;
        let names: Vec<&str> = cards.iter().map(pehra_seal::card::Card::name).collect();
        printer.note(&format!("{} of: {}", self.need, names.join(", ")));
        printer.note(&format!("read aloud and compare: {}", genesis.fingerprint()));
        Ok(())
    }
}

/// `join`.
#[derive(Debug, Args)]
pub(in crate::verb) struct Join {
    /// The election's founding file.
    file: PathBuf,
}

impl Join {
    pub(super) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let genesis = read_genesis(&self.file)?;
        crate::node::join(data, &genesis)?;
        printer.line(&format!(
            "{} belongs to {}: {}",
            data.display(),
            genesis.election,
            genesis.fingerprint()
        ));
        printer.note("it acts once its request (`pehra run trust request`) was granted and taken");
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum As {
    Person,
    Office,
    Device,
}

/// `request`.
#[derive(Debug, Args)]
pub(in crate::verb) struct Ask {
    /// What the key of --key or --token is for. Without such a key this node itself asks.
    #[arg(long, value_enum, default_value = "person")]
    r#for: As,
    /// What people call the node; a key file says its own name.
    #[arg(long)]
    name: Option<String>,
    #[arg(long, default_value = "pk", value_parser = super::area)]
    area: AreaId,
    /// Roles wished for; repeat it. An office needs none.
    #[arg(long)]
    role: Vec<String>,
    /// The last day wished for.
    #[arg(long, value_name = "DATE", value_parser = day_end)]
    until: Option<u64>,
    #[command(flatten)]
    of: Of,
    #[command(flatten)]
    to: To,
}

impl Ask {
    pub(super) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let request = match identity::token()? {
            Some((name, signer)) => self.of_key(data, &name, &*signer, None)?,
            None if identity::has_key() => {
                let Opened { name, credential } = identity::only_key()?;
                let opening = match self.r#for {
                    As::Device => OpeningKey::of_device(&credential.signing().seed()),
                    As::Person | As::Office => credential.opening().clone(),
                };
                let sealing = Some(opening.public().0);
                self.of_key(data, &name, &credential.signing(), sealing)?
            }
            None => {
                let node = there(data)?;
                let own = node.info().name;
                let name = self.name.as_deref().unwrap_or(&own);
                node.request(name, &self.area, &self.role)?
            }
        };
        let remark = format!("asks to be enrolled: {}", request.body.0.name);
        self.to.write(&Piece::new(request::PIECE, request.encode()).to_text(&remark), printer)
    }

    fn of_key(
        &self,
        data: &Path,
        name: &str,
        signer: &dyn signer::Signer,
        sealing: Option<[u8; 32]>,
    ) -> anyhow::Result<Request> {
        let now = now_ms()?;
        let days = if matches!(self.r#for, As::Office) { OFFICE_DAYS } else { WISH_DAYS };
        let wish = Wish(CertificateBody {
            election: self.of.election(data)?,
            subject: match self.r#for {
                As::Person => Subject::PERSON,
                As::Office => Subject::ENROLMENT,
                As::Device => Subject::DEVICE,
            },
            key: signer.public(),
            name: self.name.clone().unwrap_or_else(|| name.to_owned()),
            area: self.area.as_str().to_owned(),
            roles: sorted(&self.role),
            not_before_ms: now,
            not_after_ms: self.until.unwrap_or(now + days * DAY_MS),
            sealing,
        });
        Ok(signer::state(wish, &[signer])?)
    }
}

pub(super) fn now_ms() -> anyhow::Result<u64> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let since = since.context("this machine's clock stands before 1970")?;
    Ok(u64::try_from(since.as_millis())?)
}
