//! `pehra prove event` and `pehra prove check`: one event, for somebody who believes nobody.

use super::{super::printer::Printer, code::Sheet};
use anyhow::{Context, bail};
use pehra_ledger::{
    Place,
    genesis::Genesis,
    paper,
    proof::{Proof, Proven},
    roster::{Roster, Standing},
};
use serde_json::json;
use std::path::Path;

/// How a proof is drawn.
pub(super) struct Drawn<'a> {
    pub(super) qr: bool,
    pub(super) svg: Option<&'a Path>,
    pub(super) png: Option<&'a Path>,
}

pub(super) fn event(
    data: &Path,
    id: Place,
    drawn: &Drawn<'_>,
    printer: &mut Printer,
) -> anyhow::Result<()> {
    let node = crate::verb::open(data)?;
    let proof = node.prove(id)?;
    let lines = paper::parts(&proof.encode());
    printer.text(&proof.to_text());
    if drawn.qr || drawn.svg.is_some() || drawn.png.is_some() {
        let sheet = Sheet::of(&lines)?;
        if let Some(to) = drawn.svg {
            sheet.write_svg(to).with_context(|| format!("{} cannot be written", to.display()))?;
        }
        if let Some(to) = drawn.png {
            sheet.write_png(to).with_context(|| format!("{} cannot be written", to.display()))?;
        }
        if drawn.qr {
            for line in &lines {
                printer.text(&Sheet::of(std::slice::from_ref(line))?.to_terminal());
            }
        }
    }
    Ok(())
}

/// Reads a proof from its text or from the lines of its codes.
pub(super) fn read(path: &Path) -> anyhow::Result<Proof> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    if paper::is_paper(&text) {
        return Ok(Proof::decode(&paper::join(&text)?)?);
    }
    Ok(Proof::from_text(&text)?)
}

/// The founding file of an election.
pub(super) fn founding(path: &Path) -> anyhow::Result<Genesis> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(Genesis::from_text(&text)?)
}

pub(super) fn check(
    (proof, content): (&Path, Option<&Path>),
    root: &Path,
    witnesses: usize,
    json: bool,
    printer: &mut Printer,
) -> anyhow::Result<()> {
    let genesis = founding(root)?;
    let roster = Roster::new(genesis.election_name(), genesis.root());
    let proven = read(proof)?.verify(&roster)?;
    let doubts = doubts(&proven, witnesses);
    let said = content.map(|file| said(&proven, file)).transpose()?;
    if json {
        let mut told = as_json(&proven, &genesis, &doubts);
        if let Some(said) = &said {
            told["content"] = json!(said);
        }
        printer.line(&told.to_string());
    } else {
        tell(&proven, &genesis, printer);
        if let Some(said) = &said {
            printer.line(said);
        }
        for doubt in &doubts {
            printer.line(&format!("but: {doubt}"));
        }
    }
    if doubts.is_empty() {
        Ok(())
    } else {
        bail!("the proof is sound, and it does not prove enough")
    }
}

/// What the content says, if it is the one that was proven.
fn said(proven: &Proven, file: &Path) -> anyhow::Result<String> {
    let content = crate::work::course::read_content(file)?;
    if content.kind != proven.header.kind || content.hash() != proven.header.payload_hash {
        bail!("{} is not the content of this entry: its SHA-256 differs", file.display());
    }
    Ok(content.sentence())
}

/// What is missing, although every signature holds.
pub(super) fn doubts(proven: &Proven, witnesses: usize) -> Vec<String> {
    let mut doubts = Vec::new();
    if proven.standing != Standing::Good {
        doubts.push(format!(
            "by the certificates in the proof the author had no right to it ({:?})",
            proven.standing
        ));
    }
    if !proven.log_stands {
        doubts.push("the root does not stand behind the node that received it".to_owned());
    }
    let came = proven.witnesses.len();
    if came < witnesses {
        doubts.push(format!("{came} of {witnesses} witnesses signed: ask again later"));
    }
    doubts
}

fn tell(proven: &Proven, genesis: &Genesis, printer: &mut Printer) {
    let header = &proven.header;
    printer.line(&format!("election {}, root {}", genesis.election, genesis.fingerprint()));
    printer.line(&format!(
        "entry {}: kind {}, by {} as {}, for {}, written at {} ms",
        header.place,
        header.kind,
        if header.person.is_empty() { "the node itself" } else { &header.person },
        if header.role.is_empty() { "itself" } else { &header.role },
        header.area,
        header.clock.ms
    ));
    printer.line(&format!("the SHA-256 of its content is {}", header.payload_hash));
    printer.line(&format!(
        "the author's signature holds, and the entry is number {} of {} in the tree of {}",
        proven.index, proven.checkpoint.size, proven.checkpoint.origin.device
    ));
    for witness in &proven.witnesses {
        printer.line(&format!(
            "witnessed by {} ({}) at {} s",
            witness.name, witness.device, witness.time_s
        ));
    }
    printer.line("revocations that came later are not in a proof: ask a node for them");
}

fn as_json(proven: &Proven, genesis: &Genesis, doubts: &[String]) -> serde_json::Value {
    let header = &proven.header;
    let witnesses: Vec<_> = proven
        .witnesses
        .iter()
        .map(|one| {
            json!({ "device": one.device.to_string(), "name": one.name, "time_s": one.time_s })
        })
        .collect();
    json!({
        "election": genesis.election,
        "root": genesis.fingerprint(),
        "place": header.place.to_string(),
        "hash": proven.hash.to_string(),
        "kind": header.kind,
        "person": header.person,
        "role": header.role,
        "area": header.area,
        "clock_ms": header.clock.ms,
        "payload_sha256": header.payload_hash.to_string(),
        "index": proven.index,
        "size": proven.checkpoint.size,
        "node": proven.checkpoint.origin.device.to_string(),
        "witnesses": witnesses,
        "doubts": doubts,
    })
}
