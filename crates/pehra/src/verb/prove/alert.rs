//! `pehra prove alert`: a signed message of the Common Alerting Protocol, for whoever received it.

use super::{super::printer::Printer, proof};
use crate::alert::{ENTRY, ENTRY_HASH, GEOCODE};
use anyhow::{Context, bail};
use pehra_domain::AreaId;
use pehra_exchange::cap::{self, Alert, stamp};
use pehra_ledger::{
    envelope::{DOCUMENT_BYTES_MAX, Enveloped, SignedBy},
    roster::Roster,
};
use serde_json::json;
use std::{io::Read as _, path::Path};

pub(super) struct Given<'a> {
    pub(super) file: &'a Path,
    pub(super) root: &'a Path,
    /// The ledger's proof of the entry that let the message out.
    pub(super) proof: Option<&'a Path>,
    pub(super) json: bool,
}

fn text(path: &Path) -> anyhow::Result<String> {
    let unreadable = || format!("{} cannot be read", path.display());
    let file = std::fs::File::open(path).with_context(unreadable)?;
    let mut text = String::new();
    let most = u64::try_from(DOCUMENT_BYTES_MAX)?.saturating_add(1);
    file.take(most).read_to_string(&mut text).with_context(unreadable)?;
    Ok(text)
}

pub(super) fn alert(given: &Given<'_>, printer: &mut Printer) -> anyhow::Result<()> {
    let genesis = proof::founding(given.root)?;
    let enveloped = Enveloped::read(&text(given.file)?)?;
    let alert = cap::read(&enveloped.document)?;
    let sent_ms = u64::try_from(alert.sent.0).unwrap_or_default();
    let by = enveloped.check(genesis.election_name(), &genesis.root(), sent_ms)?;
    let mut doubts = doubts(&alert, &by);
    let entry = entry_of(&alert);
    match (given.proof, entry) {
        (Some(path), Some((place, hash))) => {
            let read = proof::read(path)?;
            let (header, _) = read.holds(&genesis.root())?;
            if header.place.to_string() != place || read.signed.hash().to_string() != hash {
                bail!("the proof is of another entry than the message names");
            }
            let roster = Roster::new(genesis.election_name(), genesis.root());
            doubts.extend(proof::doubts(&read.verify(&roster)?, 0));
        }
        (Some(_), None) => bail!("the message names no entry: there is nothing to prove"),
        (None, _) => doubts.push(
            "the entry that let it out was not looked at: ask the office for its proof".to_owned(),
        ),
    }
    doubts.sort();
    if given.json {
        printer.line(&told(&alert, &by, entry, &doubts).to_string());
        return Ok(());
    }
    say(&alert, &by, entry, printer);
    for doubt in &doubts {
        printer.line(&format!("but: {doubt}"));
    }
    Ok(())
}

fn parameter<'a>(alert: &'a Alert, name: &str) -> Option<&'a str> {
    let all = alert.infos.iter().flat_map(|info| &info.parameters);
    all.filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).next()
}

/// The entry's place and hash.
fn entry_of(alert: &Alert) -> Option<(&str, &str)> {
    parameter(alert, ENTRY).zip(parameter(alert, ENTRY_HASH))
}

/// What the signature does not say.
fn doubts(alert: &Alert, by: &SignedBy) -> Vec<String> {
    let mut found = vec![
        "whether its key was revoked since, or the message cancelled, no file can say".to_owned(),
    ];
    let codes = alert.infos.iter().flat_map(|info| &info.area.geocodes);
    let area = codes.filter(|(name, _)| name == GEOCODE).map(|(_, value)| value.as_str()).next();
    let outside = || {
        let speaks = by.area.as_deref().and_then(|area| AreaId::try_new(area).ok())?;
        let about = area.and_then(|area| AreaId::try_new(area).ok())?;
        (!speaks.contains(&about))
            .then(|| format!("it is about {about}, and the node speaks for {speaks}"))
    };
    found.extend(outside());
    if alert.status != "Actual" {
        found.push(format!("it is no real alert: its status is {}", alert.status));
    }
    found
}

fn told(
    alert: &Alert,
    by: &SignedBy,
    entry: Option<(&str, &str)>,
    doubts: &[String],
) -> serde_json::Value {
    let infos: Vec<_> = alert
        .infos
        .iter()
        .map(|info| {
            json!({ "language": info.language, "headline": info.headline, "event": info.event,
                "area": info.area.description, "expires": info.expires.map(stamp) })
        })
        .collect();
    json!({ "identifier": alert.identifier, "sender": alert.sender, "sent": stamp(alert.sent),
        "status": alert.status, "kind": alert.kind, "scope": alert.scope,
        "references": alert.references.iter().map(|it| &it.identifier).collect::<Vec<_>>(),
        "infos": infos, "key": by.device.to_string(), "node": by.name, "area": by.area,
        "entry": entry.map(|(place, _)| place), "entry_hash": entry.map(|(_, hash)| hash),
        "doubts": doubts })
}

fn say(alert: &Alert, by: &SignedBy, entry: Option<(&str, &str)>, printer: &mut Printer) {
    printer.line(&format!(
        "{} {} of {}, scope {}: {}",
        alert.status.to_uppercase(),
        alert.kind,
        stamp(alert.sent),
        alert.scope,
        alert.identifier
    ));
    for info in &alert.infos {
        let until = info.expires.map(|at| format!(", until {}", stamp(at))).unwrap_or_default();
        printer.line(&format!("{}: {}{until}", info.language, info.headline));
    }
    for reference in &alert.references {
        let sent = stamp(reference.sent);
        printer.line(&format!("takes the place of {} of {sent}", reference.identifier));
    }
    let name = if by.name.is_empty() { "the root's own key" } else { &by.name };
    printer
        .line(&format!("every byte is as {} signed it ({name}), by the founding file", by.device));
    if let Some((place, hash)) = entry {
        printer.line(&format!("let out by entry {place} (hash {hash})"));
    }
}
