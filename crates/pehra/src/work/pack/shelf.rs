//! What the room printed: a folder of the node's own for each area, with what its last run did. The documents of the oldest
//! are taken away when the shelf is full; their manifest stays, so that a sheet that is printed again keeps its version.

use super::{Change, Document, Kind, Manifest, Options, Report, Start, changes_file, run};
use crate::{
    node::Node,
    work::{
        WorkError,
        dispatch::RoadsKept,
        file::{disk, write},
    },
};
use pehra_domain::{AreaId, progress::Watch, sheet::Language};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

const IN_NODE: &str = "packs";
const RUN: &str = "run.json";
/// What the documents of all areas may take together; a district of two thousand pages takes some 70 MB.
const BYTES_MAX: u64 = 4 << 30;
/// Folders whose content is documents and tables.
const PARTS: [&str; 4] = ["en", "ur", "tables", "withdrawn"];
/// Sheets set at a time, and what the typesetter may take.
const HANDS: u32 = 2;
const MEMORY_MB: u32 = 600;

/// What is asked for in the room.
#[derive(Clone, Debug)]
pub struct Wish {
    pub area: AreaId,
    pub kinds: Vec<Kind>,
    pub languages: Vec<Language>,
    /// The typesetter.
    pub program: PathBuf,
}

/// The sheets of one kind that are out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindSum {
    pub kind: String,
    /// The plan's entry when the last run over all of it came to its end; none when none did.
    pub entry: Option<String>,
    pub sheets: u32,
    /// By language: documents that lie here.
    pub documents: BTreeMap<Language, u32>,
    pub pages: u64,
    pub bytes: u64,
    /// Sheets that the last change sheet names as new or changed.
    pub changed: u32,
}

/// What the last run over an area did, and what lies here since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    pub area: String,
    pub by: String,
    pub at_ms: i64,
    pub plan: String,
    /// The entry that committed the plan.
    pub entry: String,
    pub adopted: bool,
    /// Somebody stopped it, or it broke off: what is here is whole, and not all.
    pub stopped: bool,
    pub printed: u64,
    pub kept: u64,
    pub failed: Vec<String>,
    pub kinds: Vec<KindSum>,
    pub changed: u32,
    pub withdrawn: u32,
    /// Bytes of everything in its folder.
    pub bytes: u64,
    /// The documents were taken away to make room.
    pub cleared: bool,
}

fn shelf(node: &Node) -> PathBuf {
    node.dir().join(IN_NODE)
}

/// Where an area's pack lies. Names of areas have letters, digits and hyphens alone between their strokes.
#[must_use]
pub fn folder(node: &Node, area: &AreaId) -> PathBuf {
    shelf(node).join(area.as_str().replace('/', "+"))
}

/// What lies here of every area, by area.
///
/// # Errors
/// [`WorkError::Input`] when the node's folder cannot be read.
pub fn runs(node: &Node) -> Result<Vec<Run>, WorkError> {
    let mut runs: Vec<Run> = runs_in(&shelf(node))?.into_iter().map(|(_, run)| run).collect();
    runs.sort_by(|a, b| a.area.cmp(&b.area));
    Ok(runs)
}

fn runs_in(shelf: &Path) -> Result<Vec<(PathBuf, Run)>, WorkError> {
    if !shelf.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(shelf).map_err(|error| disk(shelf, &error))? {
        let path = entry.map_err(|error| disk(shelf, &error))?.path();
        found.extend(run_in(&path).map(|run| (path, run)));
    }
    Ok(found)
}

fn run_in(folder: &Path) -> Option<Run> {
    let bytes = fs::read(folder.join(RUN)).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Prints an area into its folder, and takes the oldest documents of other areas away where the shelf is full.
///
/// # Errors
/// As [`run`]; what was whole before it broke off is kept and listed.
pub fn print(
    node: &Node,
    (wish, by): (&Wish, &str),
    kept: &RoadsKept,
    watch: &mut Watch<'_>,
) -> Result<Report, WorkError> {
    let folder = folder(node, &wish.area);
    let gone = folder.join("withdrawn");
    if gone.exists() {
        fs::remove_dir_all(&gone).map_err(|error| disk(&gone, &error))?;
    }
    let options = Options {
        area: wish.area.clone(),
        folder: folder.clone(),
        kinds: wish.kinds.clone(),
        languages: wish.languages.clone(),
        only: Vec::new(),
        plan: None,
        draw: None,
        convoys: None,
        teams: 0,
        press: Start { program: Some(wish.program.clone()), hands: HANDS, memory_mb: MEMORY_MB },
    };
    let before = Manifest::read(&folder)?;
    let outcome = run(node, &options, kept, watch);
    // What never came to printing leaves what was told before.
    let now =
        Manifest::read(&folder)?.filter(|now| outcome.is_ok() || before.as_ref() != Some(now));
    if let Some(manifest) = now {
        let run = told(node, &manifest, &folder, by, outcome.as_ref().ok());
        keep(&folder, &run)?;
        clear(&shelf(node), &folder, BYTES_MAX)?;
    }
    outcome
}

fn told(node: &Node, manifest: &Manifest, folder: &Path, by: &str, report: Option<&Report>) -> Run {
    let named = |of: fn(Change) -> bool| {
        let count = manifest.changes.values().filter(|change| of(**change)).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    };
    Run {
        area: manifest.area.clone(),
        by: by.to_owned(),
        at_ms: node.now().0,
        plan: manifest.plan.clone(),
        entry: manifest.entry.clone(),
        adopted: manifest.adopted,
        stopped: report.is_none(),
        printed: report.map_or(0, |report| report.printed),
        kept: report.map_or(0, |report| report.kept),
        failed: report.map_or_else(Vec::new, |report| report.failed.clone()),
        kinds: sums(manifest),
        changed: named(|change| change != Change::Withdrawn),
        withdrawn: named(|change| change == Change::Withdrawn),
        bytes: size(folder),
        cleared: false,
    }
}

fn sums(manifest: &Manifest) -> Vec<KindSum> {
    let mut kinds: BTreeMap<&str, KindSum> = BTreeMap::new();
    for (name, printed) in &manifest.sheets {
        let sum = kinds.entry(&printed.kind).or_insert_with(|| KindSum {
            kind: printed.kind.clone(),
            entry: manifest.whole.get(&printed.kind).cloned(),
            sheets: 0,
            documents: BTreeMap::new(),
            pages: 0,
            bytes: 0,
            changed: 0,
        });
        sum.sheets += 1;
        sum.changed += u32::from(manifest.changes.contains_key(name));
        for (language, document) in &printed.documents {
            *sum.documents.entry(*language).or_default() += 1;
            sum.pages += u64::from(document.pages);
            sum.bytes += document.bytes;
        }
    }
    kinds.into_values().collect()
}

fn keep(folder: &Path, run: &Run) -> Result<(), WorkError> {
    let bytes = serde_json::to_vec(run).map_err(|error| WorkError::Input(error.to_string()))?;
    write(&folder.join(RUN), &bytes)
}

/// Takes documents away, those of the oldest run first, until all that lie here fit into a bound; never those in `spared`.
fn clear(shelf: &Path, spared: &Path, bytes_max: u64) -> Result<(), WorkError> {
    let mut runs = runs_in(shelf)?;
    runs.sort_by_key(|(_, run)| run.at_ms);
    let mut all: u64 = runs.iter().map(|(_, run)| run.bytes).sum();
    for (folder, mut run) in runs {
        if all <= bytes_max {
            break;
        }
        if folder == spared || run.cleared {
            continue;
        }
        for part in PARTS.map(|part| folder.join(part)).iter().filter(|part| part.exists()) {
            fs::remove_dir_all(part).map_err(|error| disk(part, &error))?;
        }
        if let Ok(Some(mut manifest)) = Manifest::read(&folder) {
            for printed in manifest.sheets.values_mut() {
                printed.documents.clear();
            }
            manifest.write(&folder)?;
        }
        all = all.saturating_sub(run.bytes);
        run.bytes = size(&folder);
        run.cleared = true;
        all += run.bytes;
        keep(&folder, &run)?;
    }
    Ok(())
}

/// Bytes of everything below a folder; what cannot be read counts nothing.
fn size(folder: &Path) -> u64 {
    files(folder).iter().filter_map(|file| fs::metadata(file).ok()).map(|it| it.len()).sum()
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(entry.path()),
                Ok(kind) if kind.is_file() => found.push(entry.path()),
                Ok(_) | Err(_) => {}
            }
        }
    }
    found.sort();
    found
}

/// What somebody takes along of a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    All,
    Of(Kind),
    /// What the last change sheet names as new or changed, and the change sheet.
    Changed,
    /// The XLSX and CSV twins.
    Tables,
}

/// A file of a pack: its name in what is taken along, and where it lies.
pub type Item = (String, PathBuf);

/// The files of a part in one language. Every document of one kind or of all comes with what its code is checked with.
#[must_use]
pub fn items(manifest: &Manifest, folder: &Path, part: Part, language: Language) -> Vec<Item> {
    let mut items = Vec::new();
    let mut add = |name: String| {
        let path = folder.join(&name);
        if path.is_file() {
            items.push((name, path));
        }
    };
    let wanted = |name: &str, kind: &str| match part {
        Part::All => true,
        Part::Of(one) => one.word() == kind,
        Part::Changed => manifest.changes.contains_key(name),
        Part::Tables => false,
    };
    for (name, printed) in &manifest.sheets {
        if let Some(document) = printed.documents.get(&language)
            && wanted(name, &printed.kind)
        {
            add(document.file.clone());
        }
    }
    if part != Part::Tables {
        add("record.txt".to_owned());
        add("election.txt".to_owned());
    }
    if matches!(part, Part::All | Part::Changed) && !manifest.changes.is_empty() {
        add(changes_file(language));
    }
    if matches!(part, Part::All | Part::Tables) {
        let tables = folder.join("tables").join(language.code());
        for path in files(&tables) {
            if let Ok(name) = path.strip_prefix(folder) {
                items.push((name.to_string_lossy().replace('\\', "/"), path));
            }
        }
    }
    items
}

/// The document of a sheet in a language, or of the change sheet; none when it does not lie here.
#[must_use]
pub fn document(
    manifest: &Manifest,
    folder: &Path,
    sheet: &str,
    language: Language,
) -> Option<(PathBuf, u32)> {
    if sheet == "changes" && !manifest.changes.is_empty() {
        return Some((folder.join(changes_file(language)), 1)).filter(|(path, _)| path.is_file());
    }
    let printed = manifest.sheets.get(sheet)?;
    let Document { file, .. } = printed.documents.get(&language)?;
    Some((folder.join(file), printed.version)).filter(|(path, _)| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(shelf: &Path, area: &str, at_ms: i64) -> PathBuf {
        let folder = shelf.join(area.replace('/', "+"));
        fs::create_dir_all(folder.join("en/poster")).unwrap();
        fs::write(folder.join("en/poster/poster.pdf"), [0; 10_000]).unwrap();
        fs::write(folder.join("manifest.json"), b"{}").unwrap();
        let run = Run {
            area: area.to_owned(),
            by: "a".to_owned(),
            at_ms,
            plan: String::new(),
            entry: String::new(),
            adopted: false,
            stopped: false,
            printed: 1,
            kept: 0,
            failed: Vec::new(),
            kinds: Vec::new(),
            changed: 0,
            withdrawn: 0,
            bytes: size(&folder),
            cleared: false,
        };
        keep(&folder, &run).unwrap();
        folder
    }

    #[test]
    fn the_oldest_documents_make_room_and_their_versions_stay() {
        let shelf = tempfile::tempdir().unwrap();
        let folders: Vec<PathBuf> =
            [("pk/sindh/thatta", 3), ("pk/sindh/badin", 1), ("pk/sindh", 2)]
                .map(|(area, at)| printed(shelf.path(), area, at))
                .into();
        clear(shelf.path(), &folders[1], 25_000).unwrap();
        let there = |at: usize| folders[at].join("en/poster/poster.pdf").exists();
        assert_eq!(
            [there(0), there(1), there(2)],
            [true, true, false],
            "the one just printed is spared"
        );
        assert!(folders[2].join("manifest.json").exists());
        let run = run_in(&folders[2]).unwrap();
        assert!(run.cleared && run.bytes < 1_000, "{run:?}");
        clear(shelf.path(), &folders[1], 25_000).unwrap();
        assert!(there(0), "what fits stays");
    }
}
