//! The court bundle as a stranger checks it: a folder about one station, constituency or incident, with every entry, the
//! proof of each, the certificates, the checkpoint and the founding file. Nothing in it is believed because it stands there.

use pehra_ledger::{
    Entry, Hash, PublicKey,
    checkpoint::{Checkpoint, Origin},
    genesis::Genesis,
    note::{Note, Sort, Verifier},
    proof::{Proof, Proven},
    roster::{Roster, Standing},
};
use pehra_ops::{Event, event::Decoded, event::kind_name};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

/// First line of what the node signs over a bundle.
pub const MAGIC: &str = "pehra/court-bundle/1";
/// The founding file of the election.
pub const ROOT: &str = "root.txt";
/// The checkpoint under which every entry is proven, with its signatures.
pub const CHECKPOINT: &str = "checkpoint.txt";
/// What is in it, entry by entry.
pub const CONTENTS: &str = "contents.json";
/// The hash of every file, as `sha256sum --check` reads it.
pub const SUMS: &str = "SHA256SUMS";
/// The node's signature over the list of hashes, what it is about and how many entries there are.
pub const SIGNED: &str = "SHA256SUMS.note";
/// The folder of entries and proofs.
pub const ENTRIES: &str = "entries";
/// A bundle's file is not longer than this.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// What became of an entry's content in a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// It is here, and its hash is the signed one.
    Here,
    /// The node did not hold it: deleted, or never received.
    Absent,
    /// The node holds it and left it out; why stands beside it.
    Withheld,
    /// A ledger's own statement, or of a newer version: here, and not read.
    Opaque,
}

/// One entry of a bundle, in the order in which the node received them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its files: `entries/00001.entry` and `entries/00001.proof.txt`.
    pub number: u32,
    pub place: String,
    pub kind: u32,
    pub kind_name: String,
    pub area: String,
    pub person: String,
    pub role: String,
    pub clock_ms: u64,
    pub hash: String,
    pub content_sha256: String,
    pub content: Content,
    pub why: String,
    /// What the entry says, as this program reads it; empty unless the content is here.
    pub says: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    pub format: String,
    pub election: String,
    /// `station NA-40-15`, `constituency NA-40`, `incident I-…`.
    pub subject: String,
    pub entries: Vec<Line>,
}

/// What is wrong, and in which file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    pub file: String,
    pub what: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CourtReport {
    pub election: String,
    pub root: String,
    pub subject: String,
    pub entries: usize,
    pub contents_here: usize,
    pub contents_absent: usize,
    pub contents_withheld: usize,
    /// Witnesses who signed the checkpoint.
    pub witnesses: usize,
    pub tree_size: u64,
    pub node: String,
    /// Entries whose author the certificates in the bundle give no right, with the reason.
    pub doubts: Vec<String>,
    pub faults: Vec<Fault>,
}

impl CourtReport {
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.faults.is_empty()
    }

    fn fault(&mut self, file: &str, what: impl Into<String>) {
        self.faults.push(Fault { file: file.to_owned(), what: what.into() });
    }
}

/// Whether a path is a bundle and not an export.
#[must_use]
pub fn is_bundle(path: &Path) -> bool {
    path.is_dir() && path.join(SIGNED).is_file()
}

/// The names of the two files of an entry.
#[must_use]
pub fn file_names(number: u32) -> [String; 2] {
    [format!("{ENTRIES}/{number:05}.entry"), format!("{ENTRIES}/{number:05}.proof.txt")]
}

/// What stands in the list of contents for an entry as it is in the bundle.
#[must_use]
pub fn line(number: u32, entry: &Entry, why: &str) -> Line {
    let header = entry.header();
    let (content, says) = match entry.payload() {
        None if why.is_empty() => (Content::Absent, String::new()),
        None => (Content::Withheld, String::new()),
        Some(payload) => match Event::decode(header.kind, payload.body()) {
            Ok(Decoded::Known(event)) => (Content::Here, format!("{event:?}")),
            Ok(Decoded::Unknown) | Err(_) => (Content::Opaque, String::new()),
        },
    };
    Line {
        number,
        place: header.place.to_string(),
        kind: header.kind,
        kind_name: kind_name(header.kind).unwrap_or_default().to_owned(),
        area: header.area.clone(),
        person: header.person.clone(),
        role: header.role.clone(),
        clock_ms: header.clock.ms,
        hash: entry.hash().to_string(),
        content_sha256: header.payload_hash.to_string(),
        content,
        why: why.to_owned(),
        says,
    }
}

/// The text that the node signs.
#[must_use]
pub fn signed_text(election: &str, subject: &str, entries: usize, sums: &Hash) -> String {
    format!("{MAGIC}\n{election}\n{subject}\n{entries}\n{sums}\n")
}

fn read(folder: &Path, name: &str) -> io::Result<Vec<u8>> {
    let path = folder.join(name);
    if fs::metadata(&path)?.len() > FILE_BYTES_MAX {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    fs::read(path)
}

/// Checks a bundle with the founding file that is given, or with its own: then the fingerprint must be compared with the
/// published one. What cannot be read at all is a fault like any other.
#[must_use]
pub fn check(folder: &Path, root: Option<&Genesis>) -> CourtReport {
    let mut report = CourtReport::default();
    let files = sums(folder, &mut report);
    let text = |report: &mut CourtReport, name: &str| match read(folder, name) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => {
            report.fault(name, format!("cannot be read: {error}"));
            String::new()
        }
    };
    let own = text(&mut report, ROOT);
    let genesis = match (root, Genesis::from_text(&own)) {
        (Some(given), own) => {
            if own.is_ok_and(|own| own.fingerprint() != given.fingerprint()) {
                report.fault(ROOT, "is not the founding file that was given");
            }
            given.clone()
        }
        (None, Ok(own)) => own,
        (None, Err(error)) => {
            report.fault(ROOT, format!("is no founding file: {error}"));
            return report;
        }
    };
    report.election = genesis.election.clone();
    report.root = genesis.fingerprint();
    let contents: Contents = match serde_json::from_str(&text(&mut report, CONTENTS)) {
        Ok(contents) => contents,
        Err(error) => {
            report.fault(CONTENTS, format!("cannot be read: {error}"));
            return report;
        }
    };
    report.subject = contents.subject.clone();
    if contents.election != genesis.election {
        report.fault(CONTENTS, "names another election than the founding file");
    }
    let proofs = entries(folder, &genesis, &contents, &mut report);
    let note = text(&mut report, CHECKPOINT);
    let key = under_one(&note, &proofs, &genesis, &mut report);
    signature(folder, &contents, files.as_ref(), key, &mut report);
    report
}

/// The list of hashes against the files: each is named whose bytes are others, that is missing, or that is not listed.
fn sums(folder: &Path, report: &mut CourtReport) -> Option<Hash> {
    let bytes = match read(folder, SUMS) {
        Ok(bytes) => bytes,
        Err(error) => {
            report.fault(SUMS, format!("cannot be read: {error}"));
            return None;
        }
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut listed = BTreeSet::new();
    for line in text.lines() {
        let Some((sum, name)) = line.split_once("  ") else {
            report.fault(SUMS, format!("has a line that is no hash and name: {line:?}"));
            continue;
        };
        if name.contains("..") || name.starts_with('/') {
            report.fault(SUMS, format!("names a file outside the bundle: {name:?}"));
            continue;
        }
        listed.insert(name.to_owned());
        match read(folder, name) {
            Ok(bytes) if Hash::of(&bytes).to_string() == sum => {}
            Ok(_) => report.fault(name, "its bytes are not those that were listed and signed"),
            Err(error) => report.fault(name, format!("is listed and cannot be read: {error}")),
        }
    }
    for name in found(folder) {
        if !listed.contains(&name) && name != SUMS && name != SIGNED {
            report.fault(&name, "is not listed: it was added");
        }
    }
    Some(Hash::of(&bytes))
}

/// Every file of the folder and of its entries, by name.
fn found(folder: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (prefix, at) in
        [(String::new(), folder.to_owned()), (format!("{ENTRIES}/"), folder.join(ENTRIES))]
    {
        let Ok(list) = fs::read_dir(&at) else { continue };
        for entry in list.flatten() {
            if entry.path().is_file() {
                names.insert(format!("{prefix}{}", entry.file_name().to_string_lossy()));
            }
        }
    }
    names
}

/// Every entry with its proof; answers the proofs that hold.
fn entries(
    folder: &Path,
    genesis: &Genesis,
    contents: &Contents,
    report: &mut CourtReport,
) -> Vec<(Proof, Proven)> {
    let roster = Roster::new(genesis.election_name(), genesis.root());
    let mut proofs = Vec::with_capacity(contents.entries.len());
    let mut doubts: BTreeMap<String, usize> = BTreeMap::new();
    for said in &contents.entries {
        let [entry_file, proof_file] = file_names(said.number);
        let entry = read(folder, &entry_file).map_err(|error| error.to_string());
        let entry = entry.and_then(|it| Entry::decode(&it).map_err(|error| error.to_string()));
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                report.fault(&entry_file, format!("is no entry: {error}"));
                continue;
            }
        };
        if line(said.number, &entry, &said.why) != *said {
            report.fault(&entry_file, format!("the entry is not what {CONTENTS} says of it"));
        }
        match said.content {
            Content::Here | Content::Opaque => report.contents_here += 1,
            Content::Absent => report.contents_absent += 1,
            Content::Withheld => report.contents_withheld += 1,
        }
        let bad = entry.payload().is_some_and(|it| it.hash() != entry.header().payload_hash);
        if bad {
            report.fault(&entry_file, "its content is not the one that was signed");
        }
        if entry.cosignatures().iter().any(|one| !one.holds(&entry.hash())) {
            report.fault(&entry_file, "a second signature does not hold");
        }
        match proof(folder, &proof_file, &roster) {
            Ok((proof, proven)) => {
                if proven.hash != entry.hash() {
                    report.fault(&proof_file, "proves another entry than the one beside it");
                }
                if proven.standing != Standing::Good {
                    *doubts.entry(format!("{:?}", proven.standing)).or_default() += 1;
                }
                proofs.push((proof, proven));
            }
            Err(error) => report.fault(&proof_file, error),
        }
        report.entries += 1;
    }
    let doubt = |(why, count)| {
        format!(
            "{count} entries: by the certificates in the bundle the author had no right ({why})"
        )
    };
    report.doubts.extend(doubts.into_iter().map(doubt));
    proofs
}

fn proof(folder: &Path, name: &str, roster: &Roster) -> Result<(Proof, Proven), String> {
    let bytes = read(folder, name).map_err(|error| format!("cannot be read: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|_other| "is no text".to_owned())?;
    let proof = Proof::from_text(&text).map_err(|error| format!("is no proof: {error}"))?;
    let proven = proof.verify(roster).map_err(|error| format!("does not hold: {error}"))?;
    Ok((proof, proven))
}

/// All proofs end in the one checkpoint of the bundle; answers the node's key.
fn under_one(
    note: &str,
    proofs: &[(Proof, Proven)],
    genesis: &Genesis,
    report: &mut CourtReport,
) -> Option<(Origin, PublicKey)> {
    let parsed = Note::from_text(note).map_err(|error| error.to_string()).and_then(|note| {
        let checkpoint = Checkpoint::from_text(note.text()).map_err(|error| error.to_string())?;
        Ok((note, checkpoint))
    });
    let (note, checkpoint) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            report.fault(CHECKPOINT, format!("is no checkpoint: {error}"));
            return None;
        }
    };
    report.tree_size = checkpoint.size;
    report.node = checkpoint.origin.device.to_string();
    let device = checkpoint.origin.device;
    let certified = proofs.iter().flat_map(|(proof, _)| &proof.certificates);
    let roots = genesis.root().keys;
    let mut keys = certified.map(|it| it.body.key).chain(roots.iter().copied());
    let key = keys.find(|key| key.id() == device);
    if key.is_none_or(|key| Checkpoint::of_note(&note, key).is_err()) {
        report.fault(CHECKPOINT, "the node's signature does not hold");
    }
    for (_, proven) in proofs {
        if proven.checkpoint != checkpoint {
            let place = &proven.header.place;
            report.fault(CHECKPOINT, format!("the proof of {place} ends in another checkpoint"));
        }
        if !proven.log_stands {
            report.fault(CHECKPOINT, "the root does not stand behind the node");
            break;
        }
    }
    report.witnesses = proofs.iter().map(|(_, it)| it.witnesses.len()).min().unwrap_or(0);
    key.map(|key| (checkpoint.origin, key))
}

/// The node's word that this is all of it.
fn signature(
    folder: &Path,
    contents: &Contents,
    sums: Option<&Hash>,
    key: Option<(Origin, PublicKey)>,
    report: &mut CourtReport,
) {
    let (Some(sums), Some((origin, key))) = (sums, key) else { return };
    let expected = signed_text(&contents.election, &contents.subject, contents.entries.len(), sums);
    let text = read(folder, SIGNED).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let note = text
        .map_err(|error| error.to_string())
        .and_then(|text| Note::from_text(&text).map_err(|error| error.to_string()));
    let note = match note {
        Ok(note) => note,
        Err(error) => return report.fault(SIGNED, format!("cannot be read: {error}")),
    };
    if note.text() != expected {
        report
            .fault(SIGNED, format!("was signed over another {SUMS}, subject or number of entries"));
    }
    let verifier = Verifier::try_new(&origin.name(), key, Sort::Log);
    if verifier.ok().and_then(|it| it.signed(&note)).is_none() {
        report.fault(SIGNED, "the node's signature does not hold");
    }
}
