//! Which version of each sheet is out: a manifest beside the documents, so that a change re-prints what changed and says so.

use super::texts::{fill, same};
use crate::{
    auth::hex,
    node::Node,
    work::{WorkError, file::write},
    world::PlanTable,
};
use pehra_domain::{
    AreaId,
    sheet::{Issue, Language, Sheet},
};
use pehra_ledger::{
    Hash, Place,
    page::{Page, SignedPage},
};
use pehra_ops::dataset::DatasetKind;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fs, path::Path};

const MANIFEST: &str = "manifest.json";
const SCHEMA: u32 = 1;

/// One document on the disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub file: String,
    pub pages: u32,
    pub bytes: u64,
    pub sha256: String,
}

/// What became of a sheet since paper was given out.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
#[schema(as = PackChange)]
pub enum Change {
    New,
    Changed,
    Withdrawn,
}

/// One sheet as it was printed last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printed {
    pub kind: String,
    /// SHA-256 of what stands on it, in both languages.
    pub sheet: String,
    pub version: u32,
    /// The plan and entry that it was printed from: an unchanged sheet keeps its first.
    pub plan: String,
    pub entry: String,
    /// What the code on each page holds.
    pub code: String,
    pub documents: BTreeMap<Language, Document>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub schema: u32,
    pub election: String,
    pub area: String,
    pub plan: String,
    pub entry: String,
    pub entry_hash: String,
    /// Whether the run that wrote it came to its end.
    #[serde(default)]
    pub complete: bool,
    /// Whether the plan was adopted when it was printed.
    #[serde(default)]
    pub adopted: bool,
    /// Kinds of which a run came to its end, with the plan's entry then: a sheet of another kind is not new, nobody had
    /// printed it yet.
    #[serde(default)]
    pub whole: BTreeMap<String, String>,
    /// What changed and stands on no change sheet yet; a run that is stopped leaves it to the next.
    #[serde(default)]
    pub pending: BTreeMap<String, Change>,
    /// What the last change sheet names.
    #[serde(default)]
    pub changes: BTreeMap<String, Change>,
    pub sheets: BTreeMap<String, Printed>,
}

impl Manifest {
    /// What lies in a folder; nothing in a new one.
    ///
    /// # Errors
    /// [`WorkError::Input`] when it is there and cannot be read.
    pub fn read(folder: &Path) -> Result<Option<Self>, WorkError> {
        let path = folder.join(MANIFEST);
        if !path.exists() {
            return Ok(None);
        }
        let wrong = |error: &dyn std::fmt::Display| {
            WorkError::Input(format!("{} cannot be read: {error}", path.display()))
        };
        let bytes = fs::read(&path).map_err(|error| wrong(&error))?;
        let mut found: Self = serde_json::from_slice(&bytes).map_err(|error| wrong(&error))?;
        if found.schema > SCHEMA {
            return Err(wrong(&"it was written by a newer version"));
        }
        // Written before kinds were kept apart.
        if found.complete && found.whole.is_empty() {
            let kinds = found.sheets.values().map(|it| it.kind.clone());
            found.whole = kinds.map(|kind| (kind, found.entry.clone())).collect();
        }
        Ok(Some(found))
    }

    /// Writes a change down for the next change sheet. What was new to whoever holds the paper stays new.
    pub(super) fn mark(&mut self, name: &str, change: Change) {
        let known = self.pending.get(name);
        if !(known == Some(&Change::New) && change == Change::Changed) {
            self.pending.insert(name.to_owned(), change);
        }
    }

    pub(super) fn write(&self, folder: &Path) -> Result<(), WorkError> {
        let path = folder.join(MANIFEST);
        let bytes =
            serde_json::to_vec_pretty(self).map_err(|error| WorkError::Input(error.to_string()))?;
        write(&path, &bytes)
    }
}

/// What every sheet of one run shares: the plan's entry in the record, and who signs.
pub(super) struct Issuer<'n> {
    node: &'n Node,
    plan: String,
    pub place: Place,
    pub hash: Hash,
}

impl<'n> Issuer<'n> {
    pub(super) fn open(node: &'n Node, plan: &PlanTable) -> Result<Self, WorkError> {
        let lost = || WorkError::Input(format!("the record has no entry of the plan {}", plan.id));
        let place = entry_of(node, plan.provenance.manifest).ok_or_else(lost)?;
        let hash = node.hash_of(place)?.ok_or_else(lost)?;
        Ok(Self { node, plan: plan.id.clone(), place, hash })
    }

    pub(super) fn manifest(&self, area: &AreaId) -> Manifest {
        Manifest {
            schema: SCHEMA,
            election: self.node.public_root().map(|root| root.election.clone()).unwrap_or_default(),
            area: area.to_string(),
            plan: self.plan.clone(),
            entry: self.place.to_string(),
            entry_hash: self.hash.to_string(),
            complete: false,
            adopted: false,
            whole: BTreeMap::new(),
            pending: BTreeMap::new(),
            changes: BTreeMap::new(),
            sheets: BTreeMap::new(),
        }
    }

    /// The sheet's next version, signed; the old one where nothing on it changed.
    pub(super) fn version(
        &self,
        sheet: &Sheet,
        kind: &str,
        before: Option<&Printed>,
    ) -> Result<Printed, WorkError> {
        let hash = sheet_hash(sheet)?;
        if let Some(before) = before.filter(|before| before.sheet == hex(&hash)) {
            return Ok(before.clone());
        }
        let version = before.map_or(1, |before| before.version + 1);
        let says = says(sheet, version);
        let page: SignedPage = self.node.sign_page(Page {
            election: self.node.ledger_election(),
            entry: self.place,
            entry_hash: self.hash,
            sheet: Hash(hash),
            says,
        })?;
        Ok(Printed {
            kind: kind.to_owned(),
            sheet: hex(&hash),
            version,
            plan: self.plan.clone(),
            entry: self.place.to_string(),
            code: page.to_code(),
            documents: BTreeMap::new(),
        })
    }

    /// What stands at the edge of each page.
    pub(super) fn issue(&self, sheet: &Sheet, printed: &Printed) -> Issue {
        let short = |text: &str| text.get(..12).unwrap_or(text).to_owned();
        let (entry, number) = printed.entry.split_once('/').unwrap_or((&printed.entry, ""));
        let values = [
            ("name", same(&sheet.name)),
            ("version", same(printed.version)),
            ("plan", same(short(&printed.plan))),
            ("entry", same(format!("{}/{number}", short(entry)))),
            ("hash", same(short(&printed.sheet))),
        ];
        Issue {
            version: fill("version", &values),
            mark: self.node.watermark(),
            code: Some(printed.code.clone()),
        }
    }
}

/// The entry that committed a plan's dataset, while it is the current one of its name.
fn entry_of(node: &Node, manifest: [u8; 32]) -> Option<Place> {
    let at = node.ops(|state| {
        let mut lines = state.datasets.lines().filter(|(key, _)| key.kind == DatasetKind::Plan);
        lines.find_map(|(key, register)| {
            let current = state.datasets.current(key)?;
            (current.manifest.0 == manifest).then(|| register.heads().next())?.map(|(at, _)| at)
        })
    });
    at.map(crate::node::convert::place)
}

/// The entry of the plan that would be printed now; none while there is no plan.
#[must_use]
pub fn current(node: &Node) -> Option<Place> {
    let plan = super::material::chosen(node, &node.world(), None).ok()?;
    entry_of(node, plan.provenance.manifest)
}

/// Whether an entry is that of the plan that would be printed now: the adopted one, else the last.
#[must_use]
pub fn is_current(node: &Node, entry: Place) -> bool {
    current(node) == Some(entry)
}

/// Whether a document still lies there as it was written.
pub(super) fn is_there(folder: &Path, document: &Document) -> bool {
    fs::read(folder.join(&document.file))
        .is_ok_and(|bytes| hex(&Sha256::digest(&bytes)) == document.sha256)
}

/// SHA-256 of the sheet's own bytes: title, words and tables of both languages, nothing about the version.
fn sheet_hash(sheet: &Sheet) -> Result<[u8; 32], WorkError> {
    let bytes = serde_json::to_vec(sheet).map_err(|error| WorkError::Input(error.to_string()))?;
    Ok(Sha256::digest(bytes).into())
}

/// The sentence that a reader compares with the paper, in letters that every reader shows.
fn says(sheet: &Sheet, version: u32) -> String {
    let title = sheet.title.of(Language::English);
    let posts = sheet.tables().iter().find(|table| table.name == "posts").map(|it| it.rows.len());
    let posts = posts.map_or_else(String::new, |posts| format!(", {posts} posts"));
    let plain =
        |letter: char| if letter.is_ascii_graphic() || letter == ' ' { letter } else { '?' };
    let text = format!("{title} {}, version {version}{posts}", sheet.name);
    text.chars().map(plain).take(pehra_ledger::page::SAYS_BYTES_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pehra_domain::sheet::Words;

    fn sheet(title: &str) -> Sheet {
        Sheet {
            name: "order-b1".into(),
            title: Words::same(title),
            subtitle: Words::same(""),
            landscape: false,
            blocks: Vec::new(),
        }
    }

    #[test]
    fn a_sheet_is_named_by_what_stands_on_it() {
        assert_eq!(sheet_hash(&sheet("a")).unwrap(), sheet_hash(&sheet("a")).unwrap());
        assert_ne!(sheet_hash(&sheet("a")).unwrap(), sheet_hash(&sheet("b")).unwrap());
        assert_eq!(says(&sheet("Ordér"), 2), "Ord?r order-b1, version 2");
    }
}
