//! What offices and the root sign: certificates, revocations, spare keys.

use super::{
    Of, To, day_begin, day_end, day_of, found::now_ms, keys::chance, parse_key, read_requests,
    read_statements, same_body, sorted, text_of, there, write_new,
};
use crate::{
    node::Node,
    verb::{identity, printer::Printer},
};
use anyhow::{Context, bail, ensure};
use clap::Args;
use pehra_domain::AreaId;
use pehra_ledger::{
    DeviceId,
    certificate::{Body, CertificateBody, LastAccepted, RevocationBody, Statement, Subject},
    request::{Grant, Request},
    signer::{self, Signer},
    statement::Said,
};
use pehra_seal::{credential::Credential, hybrid::OpeningKey, keyfile::KeyFile, passphrase::Cost};
use std::path::{Path, PathBuf};

/// Keys of the root that must sign together were given one at a time: who is still missing finds out when it is taken.
fn state<B: Body>(
    body: B,
    signers: &[Box<dyn Signer + Send + Sync>],
) -> anyhow::Result<Statement<B>> {
    let signers: Vec<&dyn Signer> = signers.iter().map(|signer| &**signer as &dyn Signer).collect();
    Ok(signer::state(body, &signers)?)
}

/// `grant`.
#[derive(Debug, Args)]
pub(in crate::verb) struct GrantRequest {
    /// The request, or several in one file.
    file: PathBuf,
    /// A smaller area than was asked for.
    #[arg(long, value_parser = super::area)]
    area: Option<AreaId>,
    /// Fewer roles than were asked for; repeat it.
    #[arg(long)]
    role: Vec<String>,
    /// The first day; now when it is not given.
    #[arg(long, value_name = "DATE", value_parser = day_begin)]
    from: Option<u64>,
    /// The last day; as asked for when it is not given.
    #[arg(long, value_name = "DATE", value_parser = day_end)]
    until: Option<u64>,
    /// Also take the certificate into this node's folder.
    #[arg(long)]
    here: bool,
    #[command(flatten)]
    to: To,
}

impl GrantRequest {
    pub(super) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let requests = read_requests(&self.file)?;
        let signers = identity::signers()?;
        let node = if signers.is_empty() || self.here { Some(there(data)?) } else { None };
        let mut text = String::new();
        for request in &requests {
            let grant = self.narrowed(request)?;
            let asked = &request.body.0;
            printer.note(&format!(
                "{} for {} as {} until {}",
                asked.name,
                grant.area,
                if grant.roles.is_empty() { "-".to_owned() } else { grant.roles.join(", ") },
                day_of(grant.not_after_ms)
            ));
            let certificate = match (&node, signers.is_empty()) {
                (Some(node), true) => node.grant(request, grant)?,
                (_, _) => state(grant.body(request), &signers)?,
            };
            if let (Some(node), false) = (&node, signers.is_empty()) {
                node.enrol(certificate.clone())?;
            }
            text.push_str(&text_of(&Said::Certificate(certificate)));
        }
        self.to.write(&text, printer)
    }

    fn narrowed(&self, request: &Request) -> anyhow::Result<Grant> {
        let asked = &request.body.0;
        let roles = if self.role.is_empty() { asked.roles.clone() } else { sorted(&self.role) };
        let more: Vec<&String> = roles.iter().filter(|role| !asked.roles.contains(role)).collect();
        ensure!(more.is_empty(), "{} did not ask for {more:?}", asked.name);
        let area = self.area.as_ref().map_or(asked.area.as_str(), AreaId::as_str);
        let (outer, inner) = (AreaId::try_new(asked.area.as_str())?, AreaId::try_new(area)?);
        ensure!(outer.contains(&inner), "{} asked for {outer}, not for {inner}", asked.name);
        Ok(Grant {
            area: area.to_owned(),
            roles,
            not_before_ms: self.from.map_or_else(now_ms, Ok)?,
            not_after_ms: self.until.unwrap_or(asked.not_after_ms),
        })
    }
}

/// `sign`.
#[derive(Debug, Args)]
pub(in crate::verb) struct AddSignature {
    /// Certificates or revocations that others have signed already.
    file: PathBuf,
    #[command(flatten)]
    to: To,
}

impl AddSignature {
    pub(super) fn run(&self, printer: &mut Printer) -> anyhow::Result<()> {
        let signers = identity::signers()?;
        ensure!(!signers.is_empty(), "name your key file with --key");
        let mut text = String::new();
        for said in read_statements(&self.file)? {
            let signed = match said {
                Said::Certificate(one) => {
                    let own = state(one.body.clone(), &signers)?;
                    ensure!(one.holds() && same_body(&one.body, &own.body), "a bad signature");
                    Said::Certificate(one.joined(&own))
                }
                Said::Revocation(one) => {
                    let own = state(one.body.clone(), &signers)?;
                    ensure!(one.holds() && same_body(&one.body, &own.body), "a bad signature");
                    Said::Revocation(one.joined(&own))
                }
                Said::Receipt(_) => bail!("a receipt is complete as it is: nobody adds to it"),
            };
            text.push_str(&text_of(&signed));
        }
        self.to.write(&text, printer)
    }
}

/// `revoke`.
#[derive(Debug, Args)]
pub(in crate::verb) struct Revoke {
    /// The key's id (32 digits), or the only name that has it on this node.
    key: String,
    /// For people: lost, stolen, out of service.
    #[arg(long)]
    reason: String,
    /// Believe what this node holds of the device until now. Otherwise nothing of it is believed.
    #[arg(long)]
    believe_held: bool,
    /// Also take the revocation into this node's folder.
    #[arg(long)]
    here: bool,
    #[command(flatten)]
    of: Of,
    #[command(flatten)]
    to: To,
}

impl Revoke {
    pub(super) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let signers = identity::signers()?;
        let alone = signers.is_empty();
        let needs_node = alone || self.here || self.believe_held || parse_key(&self.key).is_none();
        let node = if needs_node { Some(there(data)?) } else { None };
        let key = match (parse_key(&self.key), &node) {
            (Some(key), _) => key,
            (None, Some(node)) => key_of_name(node, &self.key)?,
            (None, None) => bail!("`{}` is no key's id", self.key),
        };
        let mut last: Vec<LastAccepted> = Vec::new();
        if let (Some(node), true) = (&node, self.believe_held) {
            last = node.believed(key)?;
        }
        let election = match &node {
            Some(node) => node.ledger_election(),
            None => self.of.election(data)?,
        };
        let reason = self.reason.trim().to_owned();
        let body = RevocationBody {
            election,
            key,
            last,
            at_ms: now_ms()?,
            reason,
            witnessed_before_ms: None,
        };
        let believed = body.last.iter().map(|last| last.seq + 1).sum::<u64>();
        let revocation = match &node {
            Some(node) if alone => node.take_back(body)?,
            Some(_) | None => {
                let revocation = state(body, &signers)?;
                if let (Some(node), true) = (&node, self.here) {
                    node.revoke(revocation.clone())?;
                }
                revocation
            }
        };
        printer.note(&format!("{key} is taken back; {believed} entries of it stay believed"));
        self.to.write(&text_of(&Said::Revocation(revocation)), printer)
    }
}

fn key_of_name(node: &Node, name: &str) -> anyhow::Result<DeviceId> {
    let mut found: Vec<DeviceId> = node.roster(|roster| {
        let all = roster.statements().filter_map(|said| match said {
            Said::Certificate(one) if one.body.name == name => Some(one.body.key.id()),
            Said::Certificate(_) | Said::Revocation(_) | Said::Receipt(_) => None,
        });
        all.collect()
    });
    found.sort_unstable();
    found.dedup();
    match found[..] {
        [one] => Ok(one),
        [] => bail!("nobody here is called `{name}`: give the key's id"),
        [_, ..] => bail!("{} keys are called `{name}`: give the key's id", found.len()),
    }
}

/// `spare`.
#[derive(Debug, Args)]
pub(in crate::verb) struct Spare {
    /// How many.
    #[arg(long, default_value_t = 1)]
    count: u16,
    /// They are called so, with a number.
    #[arg(long)]
    name: String,
    #[arg(long, value_parser = super::area)]
    area: AreaId,
    /// Roles of the devices; repeat it.
    #[arg(long, required = true)]
    role: Vec<String>,
    /// The first day; now when it is not given.
    #[arg(long, value_name = "DATE", value_parser = day_begin)]
    from: Option<u64>,
    /// The last day.
    #[arg(long, value_name = "DATE", value_parser = day_end)]
    until: u64,
    /// The folder for NAME-1.key, NAME-1.certificate and so on.
    #[arg(long, value_name = "DIR")]
    into: PathBuf,
    #[command(flatten)]
    of: Of,
}

impl Spare {
    pub(super) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let signers = identity::signers()?;
        ensure!(!signers.is_empty(), "name the office's key file with --key");
        let election = self.of.election(data)?;
        std::fs::create_dir_all(&self.into)
            .with_context(|| format!("{} cannot be made", self.into.display()))?;
        for number in 1..=self.count {
            let name = format!("{}-{number}", self.name);
            let credential = Credential::generate(chance()?);
            let body = CertificateBody {
                election,
                subject: Subject::DEVICE,
                key: credential.public(),
                name: name.clone(),
                area: self.area.as_str().to_owned(),
                roles: sorted(&self.role),
                not_before_ms: self.from.map_or_else(now_ms, Ok)?,
                not_after_ms: self.until,
                // What a node opens with follows from what it signs with, whatever else the key file holds.
                sealing: Some(OpeningKey::of_device(&credential.signing().seed()).public().0),
            };
            let certificate = state(body, &signers)?;
            let passphrase = identity::new_passphrase(&format!("passphrase of {name}"))?;
            let own = (&credential, passphrase.text());
            let file = KeyFile::write(&name, Cost::USUAL, own, None, chance()?)?;
            write_new(&self.into.join(format!("{name}.key")), &file.to_text())?;
            let text = text_of(&Said::Certificate(certificate));
            write_new(&self.into.join(format!("{name}.certificate")), &text)?;
            printer.line(&format!("{name} {}", credential.public().id()));
        }
        Ok(())
    }
}
