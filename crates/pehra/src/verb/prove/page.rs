//! `pehra prove page`: the code on a printed page, for whoever holds the paper.

use super::{super::printer::Printer, proof};
use anyhow::{Context, bail};
use pehra_ledger::{page::SignedPage, paper, roster::Roster};
use serde_json::json;
use std::path::Path;

/// What the reader has at hand.
pub(super) struct Given<'a> {
    /// The text of the code, or a file that holds it.
    pub(super) code: &'a str,
    pub(super) root: Option<&'a Path>,
    pub(super) proof: Option<&'a Path>,
    pub(super) json: bool,
}

fn read(code: &str) -> anyhow::Result<SignedPage> {
    let text = if paper::is_paper(code) {
        code.to_owned()
    } else {
        std::fs::read_to_string(code)
            .with_context(|| format!("{code} is neither the text of a code nor a file"))?
    };
    Ok(SignedPage::decode(&paper::join(&text)?)?)
}

pub(super) fn page(data: &Path, given: &Given<'_>, printer: &mut Printer) -> anyhow::Result<()> {
    let signed = read(given.code)?;
    let proof = given.proof.map(proof::read).transpose()?;
    let (mut doubts, by) = match given.root {
        Some(root) => {
            let genesis = proof::founding(root)?;
            signed.check(genesis.election_name(), &genesis.root(), proof.as_ref())?;
            let mut doubts = Vec::new();
            if let Some(proof) = &proof {
                let roster = Roster::new(genesis.election_name(), genesis.root());
                doubts.extend(proof::doubts(&proof.verify(&roster)?, 0));
            } else {
                doubts
                    .push("the entry itself was not looked at: give --proof record.txt".to_owned());
            }
            (doubts, "the founding file")
        }
        None => (by_node(data, &signed)?, "this node"),
    };
    doubts.sort();
    let page = &signed.page;
    if given.json {
        let told = json!({ "says": page.says, "entry": page.entry.to_string(),
            "entry_hash": page.entry_hash.to_string(), "sheet_sha256": page.sheet.to_string(),
            "key": signed.key.to_string(), "by": by, "doubts": doubts });
        printer.line(&told.to_string());
    } else {
        printer.line(&format!("the page says: {}", page.says));
        printer.line(&format!("printed from entry {} (hash {})", page.entry, page.entry_hash));
        printer.line(&format!("the SHA-256 of the sheet is {}", page.sheet));
        printer.line(&format!("the signature of {} holds, by {by}", signed.key));
        printer.line("compare the sentence with the paper: a code proves what it says, not what was drawn around it");
        for doubt in &doubts {
            printer.line(&format!("but: {doubt}"));
        }
    }
    Ok(())
}

/// What a node knows besides: whether it holds the entry, and whether its plan is still the current one.
fn by_node(data: &Path, signed: &SignedPage) -> anyhow::Result<Vec<String>> {
    let node = crate::verb::open(data)?;
    let root = node.public_root()?;
    let page = &signed.page;
    let held = node.hash_of(page.entry)?;
    match held {
        Some(hash) if hash != page.entry_hash => {
            bail!("the entry of this node is another one than the page names")
        }
        Some(_) | None => {}
    }
    let proof = held.map(|_| node.prove(page.entry)).transpose()?;
    match (&proof, node.roster(|roster| roster.key(signed.key))) {
        // A printer that is neither root nor author of the entry is known by the roster alone.
        (_, Some(key)) if page.election == node.ledger_election() => {
            if !signed.holds(&key) {
                bail!("the page's signature does not hold: the code was changed");
            }
        }
        (proof, _) => signed.check(root.election_name(), &root.root(), proof.as_ref())?,
    }
    let mut doubts = Vec::new();
    if held.is_none() {
        doubts.push("this node does not hold the entry".to_owned());
    } else if !crate::work::pack::is_current(&node, page.entry) {
        doubts.push(
            "the plan that it was printed from is not the current one: ask for the newest sheet"
                .to_owned(),
        );
    }
    Ok(doubts)
}
