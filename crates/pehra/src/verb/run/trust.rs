//! `pehra run trust`: who may sign. Everything that is carried is text that notices a slip; everything secret is a key
//! file under a passphrase.

mod device;
mod found;
mod keys;
mod office;
mod release;
mod roster;

use crate::verb::{identity, printer::Printer};
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use pehra_domain::{AreaId, Date};
use pehra_ledger::{
    DeviceId,
    armour::Piece,
    certificate::{Body, Certificate, Revocation},
    genesis::Genesis,
    hash::unhex,
    request::{self, Request},
    statement::Said,
};
use std::{
    fs::File,
    io::Write,
    path::{Path, PathBuf},
};

const DAY_MS: u64 = 86_400_000;

#[derive(Debug, Subcommand)]
pub(super) enum Trust {
    /// Make a key file under a passphrase, and its card for others.
    NewKey(keys::NewKey),
    /// Print the card of a key file (--key) or token (--token): public keys for others, signed by itself.
    Card(keys::PrintCard),
    /// Put a key file under another passphrase.
    Passphrase(keys::ChangePassphrase),
    /// Read the acts of a person whose watch you hold: made freely, under duress, or with neither key.
    Watch(keys::ReadWatch),
    /// Found an election on several people's cards.
    Found(found::Found),
    /// Make this node a member of an election. It must then be enrolled.
    Join(found::Join),
    /// Ask to be enrolled: this node, or with --key a person or office.
    Request(found::Ask),
    /// Grant a request with an office's or the root's keys.
    Grant(office::GrantRequest),
    /// Add a signature to a certificate or revocation that several must sign.
    Sign(office::AddSignature),
    /// Take a key back. The text it writes works wherever it is carried.
    Revoke(office::Revoke),
    /// Make spare keys with certificates before the day, each in its own file.
    Spare(office::Spare),
    /// Take in certificates and revocations that were carried here.
    Take(roster::Take),
    /// Who is believed, who asks, what was taken back, and every fork.
    Show(roster::Show),
    /// Print a key's certificate with all that stands above it.
    Chain(roster::Chain),
    /// Go on with a spare key instead of this node's own.
    Adopt(device::Adopt),
    /// Give this node a new key and ask for its certificate.
    Rotate(device::Rotate),
    /// Put this node's key under a passphrase, or under another one.
    Lock,
    /// Take the passphrase off this node's key.
    Unlock,
    /// Put a credential in deposit with custodians, of whom several together can release it.
    Deposit(release::Lodge),
    /// Give your part for the release of a deposited credential.
    Contribute(release::Contribute),
    /// Put the parts together and make a key file of the released credential.
    Release(release::Release),
}

impl Trust {
    pub(super) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        match self {
            Self::NewKey(command) => command.run(printer),
            Self::Card(command) => command.run(printer),
            Self::Passphrase(command) => command.run(printer),
            Self::Watch(command) => command.run(data, printer),
            Self::Found(command) => command.run(printer),
            Self::Join(command) => command.run(data, printer),
            Self::Request(command) => command.run(data, printer),
            Self::Grant(command) => command.run(data, printer),
            Self::Sign(command) => command.run(printer),
            Self::Revoke(command) => command.run(data, printer),
            Self::Spare(command) => command.run(data, printer),
            Self::Take(command) => command.run(data, printer),
            Self::Show(command) => command.run(data, printer),
            Self::Chain(command) => command.run(data, printer),
            Self::Adopt(command) => command.run(data, printer),
            Self::Rotate(command) => command.run(data, printer),
            Self::Lock => device::lock(data, printer),
            Self::Unlock => device::unlock(data, printer),
            Self::Deposit(command) => command.run(data, printer),
            Self::Contribute(command) => command.run(data, printer),
            Self::Release(command) => command.run(data, printer),
        }
    }
}

/// Gives the node of a restored backup a new key, where there is an election to enrol it in.
pub(super) fn renew_if_founded(data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
    let founded = there(data)?.genesis().is_some();
    if founded { device::renew(data, &To { to: None }, printer) } else { Ok(()) }
}

/// Which election is meant.
#[derive(Debug, Args)]
struct Of {
    /// The election's founding file; without it the election of this node's folder.
    #[arg(long, value_name = "FILE")]
    founding: Option<PathBuf>,
}

impl Of {
    /// The ledger's name of the election.
    fn election(&self, data: &Path) -> anyhow::Result<[u8; 16]> {
        match &self.founding {
            Some(file) => Ok(read_genesis(file)?.election_name()),
            None => Ok(there(data)?.ledger_election()),
        }
    }
}

/// Where a text goes.
#[derive(Debug, Args)]
struct To {
    /// Write the text to a new file instead of printing it.
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

impl To {
    fn write(&self, text: &str, printer: &mut Printer) -> anyhow::Result<()> {
        match &self.to {
            Some(file) => {
                write_new(file, text)?;
                printer.note(&format!("written to {}", file.display()));
            }
            None => printer.line(text.trim_end()),
        }
        Ok(())
    }
}

/// The node of a folder that must be there already, whatever keys were given for signing.
fn there(data: &Path) -> anyhow::Result<crate::node::Node> {
    if !data.join(pehra_store::open::FILE).exists() {
        return Err(crate::node::NodeError::NoNode(data.to_owned()).into());
    }
    identity::open_node(data, &crate::node::OpenOptions::default())
}

fn read_genesis(file: &Path) -> anyhow::Result<Genesis> {
    Genesis::from_text(&identity::read_text(file)?)
        .with_context(|| format!("{} founds no election", file.display()))
}

/// Writes a file that must not be there yet, for its owner alone.
fn write_new(file: &Path, text: &str) -> anyhow::Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let cannot = || format!("{} cannot be written", file.display());
    let mut open = options.open(file).with_context(cannot)?;
    open.write_all(text.as_bytes()).and_then(|()| open.sync_all()).with_context(cannot)
}

/// Statements of a text in the order in which they stand.
fn read_statements(file: &Path) -> anyhow::Result<Vec<Said>> {
    let about = || format!("{}", file.display());
    let pieces = Piece::all(&identity::read_text(file)?).with_context(about)?;
    let read = |piece: &Piece| match piece.kind.as_str() {
        request::CERTIFICATE_PIECE => Ok(Said::Certificate(Certificate::decode(&piece.bytes)?)),
        request::REVOCATION_PIECE => Ok(Said::Revocation(Revocation::decode(&piece.bytes)?)),
        other => bail!("`pehra-{other}` is neither a certificate nor a revocation"),
    };
    pieces.iter().map(|piece| read(piece).with_context(about)).collect()
}

fn read_requests(file: &Path) -> anyhow::Result<Vec<Request>> {
    let about = || format!("{}", file.display());
    let pieces = Piece::all(&identity::read_text(file)?).with_context(about)?;
    let all: Vec<Request> = pieces
        .iter()
        .filter(|piece| piece.kind == request::PIECE)
        .map(|piece| Request::decode(&piece.bytes))
        .collect::<Result<_, _>>()
        .with_context(about)?;
    match all.iter().find(|one| !one.is_own()) {
        None if !all.is_empty() => Ok(all),
        None => bail!("{} holds no request to be enrolled", file.display()),
        Some(one) => bail!(
            "the request for {} is not signed by the key that it asks for: ask for it again",
            one.body.0.name
        ),
    }
}

/// The last millisecond of a day (UTC).
fn day_end(text: &str) -> Result<u64, String> {
    Ok(day_begin(text)? + DAY_MS - 1)
}

/// The first millisecond of a day (UTC).
fn day_begin(text: &str) -> Result<u64, String> {
    let date = Date::parse(text).ok_or("write a day as 2024-02-08")?;
    u64::try_from(date.0).map(|days| days * DAY_MS).map_err(|_early| "before 1970".to_owned())
}

fn day_of(ms: u64) -> String {
    i32::try_from(ms / DAY_MS).map_or_else(|_far| "for ever".to_owned(), |d| Date(d).to_string())
}

/// An area as certificates name it.
pub(super) fn area(text: &str) -> Result<AreaId, String> {
    AreaId::try_new(text).map_err(|error| format!("write pk/sindh/sukkur: {error}"))
}

/// Sorted and each once, as statements write them.
fn sorted(roles: &[String]) -> Vec<String> {
    let mut roles = roles.to_vec();
    roles.sort();
    roles.dedup();
    roles
}

fn parse_key(text: &str) -> Option<DeviceId> {
    unhex(text).and_then(|bytes| <[u8; 16]>::try_from(bytes).ok()).map(DeviceId)
}

/// A statement as people carry it.
fn text_of(said: &Said) -> String {
    crate::http::trust::statement_text(said)
}

/// The exact bytes behind a body, to tell two of one name apart.
fn same_body<B: Body>(one: &B, other: &B) -> bool {
    one.encode() == other.encode()
}
