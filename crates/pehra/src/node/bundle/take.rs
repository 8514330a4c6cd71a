//! Taking a bundle in: what is sound, for whom it is, what it brought.

use super::{
    BundleError, Letter, binding,
    give::{datasets_setting, heads_setting},
};
use crate::node::{Node, NodeError, Verdict, open::received_ms};
use pehra_ledger::{EntryRef, Hash, manifest::Manifest, statement::Said};
use pehra_link::bundle::{
    self, Bundle, Reading,
    record::{Record, unpack},
};
use pehra_seal::{
    compartment::{ContentKey, Sealed},
    file,
};
use pehra_store::Batch;
use serde::Serialize;
use std::collections::BTreeSet;

/// Bundles that came, with how many of their pieces.
pub(super) const SEEN_SETTING: &str = "link-seen";
/// Bundles of ours that others have said to have.
pub(in crate::node) const DELIVERED_SETTING: &str = "link-delivered";
/// Lines that those two settings keep.
const REMEMBERED_MAX: usize = 4_096;
/// Entries taken in under one lock: others act in between.
const TOGETHER: usize = 2_000;

/// What a file brought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Imported {
    /// Bundles that were sealed to this node.
    pub opened: Vec<String>,
    /// Bundles for others: kept, to go along with the next file.
    pub carried: Vec<String>,
    /// Everything that is wrong with the file, in words.
    pub damage: Vec<String>,
    pub statements_new: u64,
    pub entries_new: u64,
    pub entries_known: u64,
    /// New entries that are kept without effect, with the first reason.
    pub without_effect: u64,
    pub refused: u64,
    pub first_reason: Option<String>,
    pub forks: Vec<String>,
    pub chunks: u64,
    /// Bundles of this node that arrived, by their receivers' word: bundle, sound pieces, all pieces.
    pub receipts: Vec<(String, u32, u32)>,
}

impl Imported {
    /// Adds what became of statements and entries.
    pub(in crate::node) fn take(&mut self, statements: usize, verdicts: Vec<Verdict>) {
        self.statements_new += count(statements);
        for verdict in verdicts {
            note(verdict, self);
        }
    }
}

#[derive(Default)]
struct Contents {
    statements: Vec<Said>,
    entries: Vec<Vec<u8>>,
    manifests: Vec<Manifest>,
    chunks: Vec<Vec<u8>>,
    heads: Vec<EntryRef>,
    datasets: Vec<Hash>,
    seen: Vec<(String, u32, u32)>,
}

impl Node {
    /// Takes in everything in a file that is for this node, and keeps what is for others.
    ///
    /// # Errors
    /// [`BundleError`] when this node's disk failed. What is wrong with the file is no error: it is named, and what is
    /// sound is taken.
    pub fn import_bundle(&self, file: &[u8]) -> Result<Imported, BundleError> {
        self.take_bundles(&bundle::read(file))
    }

    pub(super) fn take_bundles(&self, reading: &Reading<'_>) -> Result<Imported, BundleError> {
        let mut report = Imported {
            damage: reading.damage.iter().map(ToString::to_string).collect(),
            ..Imported::default()
        };
        for bundle in &reading.bundles {
            let body = &bundle.ticket.body;
            let name = body.bundle.to_string();
            if body.election != self.inner.election {
                report.damage.push(format!("bundle {name} belongs to another election"));
            } else if body.to.contains(&self.public_key().id()) {
                self.open_bundle(bundle, &mut report)?;
            } else {
                self.carry(bundle)?;
                report.carried.push(name);
            }
        }
        Ok(report)
    }

    fn open_bundle(&self, bundle: &Bundle<'_>, report: &mut Imported) -> Result<(), BundleError> {
        let body = &bundle.ticket.body;
        let name = body.bundle.to_string();
        let Some(sender) = bundle.ticket.issuers().next() else { return Ok(()) };
        let binding = binding(self.inner.election, sender, body.bundle);
        let letter = Sealed::decode(bundle.letter)
            .map_err(|error| error.to_string())
            .and_then(|letter| {
                letter.open(&binding, &self.opening_key(), &[]).map_err(|error| error.to_string())
            })
            .and_then(|opened| {
                Letter::decode(&opened.plaintext).map_err(|error| error.to_string())
            });
        let Letter(keys) = match letter {
            Ok(letter) => letter,
            Err(why) => {
                report.damage.push(format!("bundle {name}: the letter does not open: {why}"));
                return Ok(());
            }
        };
        let mut contents = Contents::default();
        let mut sound = 0;
        for (&index, &piece) in &bundle.pieces {
            let key = usize::try_from(index).ok().and_then(|at| keys.get(at));
            match open_piece(key, piece, &mut contents) {
                Ok(unreadable) if unreadable.is_empty() => sound += 1,
                Ok(unreadable) => report.damage.extend(
                    unreadable.iter().map(|why| format!("bundle {name}: piece {index}: {why}")),
                ),
                Err(why) => report.damage.push(format!("bundle {name}: piece {index}: {why}")),
            }
        }
        report.opened.push(name.clone());
        let sender_known = self.take_contents(contents, sender.id(), report)?;
        if !sender_known {
            report
                .damage
                .push(format!("bundle {name}: its sender {} is not enrolled here", sender.id()));
        }
        self.remember(SEEN_SETTING, &format!("{name} {sound} {}", body.pieces))
    }

    /// Chunks first, then statements, then entries: what refers to something finds it.
    fn take_contents(
        &self,
        contents: Contents,
        sender: pehra_ledger::DeviceId,
        report: &mut Imported,
    ) -> Result<bool, BundleError> {
        let manifests: BTreeSet<Hash> = contents.manifests.iter().map(Manifest::hash).collect();
        self.take_datasets(contents.manifests, contents.chunks, report)?;
        report.take(self.learn(contents.statements)?, Vec::new());
        for some in contents.entries.chunks(TOGETHER) {
            report.take(0, self.receive(some)?.verdicts);
        }
        if !manifests.is_empty() && self.has_deletions() {
            self.drop_unnamed(&manifests)?;
        }
        if report.entries_new > 0 || report.chunks > 0 {
            self.reload_what_is_here()?;
        }
        let known = self.roster(|roster| roster.is_chained(sender));
        if known {
            self.note_holdings(sender, &contents.heads, &contents.datasets)?;
            self.note_bundle_in(sender, !contents.seen.is_empty())?;
            for (bundle, sound, of) in contents.seen {
                self.remember(DELIVERED_SETTING, &format!("{bundle} {sound} {of} {sender}"))?;
                report.receipts.push((bundle, sound, of));
            }
        }
        Ok(known)
    }

    /// Keeps chunks that a manifest names.
    fn take_datasets(
        &self,
        manifests: Vec<Manifest>,
        chunks: Vec<Vec<u8>>,
        report: &mut Imported,
    ) -> Result<(), BundleError> {
        let named: BTreeSet<Hash> =
            manifests.iter().flat_map(|it| it.chunks()).map(|chunk| chunk.hash).collect();
        let mut writer = self.writer();
        let mut kept = Vec::new();
        for chunk in chunks {
            let hash = Hash::of(&chunk);
            if named.contains(&hash) && !writer.store.has_chunk(hash)? {
                kept.push(chunk);
            }
        }
        report.chunks += count(kept.len());
        if manifests.is_empty() && kept.is_empty() {
            return Ok(());
        }
        let received_ms = received_ms();
        writer.store.commit(&Batch { received_ms, chunks: kept, manifests, ..Batch::default() })?;
        Ok(())
    }

    /// Shows lists that are whole now; those whose chunks are still on their way stay as they were.
    fn reload_what_is_here(&self) -> Result<(), BundleError> {
        match self.reload_all() {
            Ok(()) => Ok(()),
            Err(NodeError::Store(pehra_store::StoreError::Damaged(why))) => {
                tracing::warn!(%why, "a list is not whole yet");
                Ok(())
            }
            Err(other) => Err(other.into()),
        }
    }

    /// What the sender holds need not be sent to it.
    fn note_holdings(
        &self,
        sender: pehra_ledger::DeviceId,
        heads: &[EntryRef],
        datasets: &[Hash],
    ) -> Result<(), BundleError> {
        let mut writer = self.writer();
        let mut lines = String::new();
        for head in heads {
            // A head that is not on the history held here says nothing of what lies below it.
            let held = writer.store.entry(head.place)?;
            if held.is_none_or(|held| held.entry.hash().short() == head.hash8) {
                let place = head.place;
                lines.push_str(&format!("{} {} {}\n", place.device, place.epoch, place.seq));
            }
        }
        writer.store.set_setting(&heads_setting(sender), Some(&lines))?;
        let names: Vec<String> = datasets.iter().map(ToString::to_string).collect();
        writer.store.set_setting(&datasets_setting(sender), Some(&names.join(" ")))?;
        Ok(())
    }

    /// Adds a line to a setting, once; the oldest go when there are too many.
    fn remember(&self, setting: &str, line: &str) -> Result<(), BundleError> {
        let mut writer = self.writer();
        let text = writer.store.setting(setting)?.unwrap_or_default();
        let mut lines: Vec<&str> = text.lines().collect();
        if lines.contains(&line) {
            return Ok(());
        }
        lines.push(line);
        let from = lines.len().saturating_sub(REMEMBERED_MAX);
        let kept = lines.get(from..).unwrap_or_default().join("\n");
        writer.store.set_setting(setting, Some(&kept))?;
        Ok(())
    }

    /// How many bundles for others wait here.
    #[must_use]
    pub fn bundles_carried(&self) -> usize {
        let files =
            std::fs::read_dir(self.inner.dir.join("carried")).into_iter().flatten().flatten();
        files.filter(|file| file.path().extension().is_some_and(|it| it == "bundle")).count()
    }

    /// Keeps a bundle that is for others; it cannot be read here.
    fn carry(&self, bundle: &Bundle<'_>) -> Result<(), BundleError> {
        let folder = self.inner.dir.join("carried");
        let path = folder.join(format!("{}.bundle", bundle.ticket.body.bundle));
        let carry = |source| BundleError::Carry { path: path.clone(), source };
        std::fs::create_dir_all(&folder).map_err(carry)?;
        // A copy that lost more on its way does not take the place of a better one.
        if let Ok(before) = std::fs::read(&path) {
            let better = bundle::read(&before).bundles.iter().map(|it| it.pieces.len()).max();
            if better >= Some(bundle.pieces.len()) {
                return Ok(());
            }
        }
        let part = path.with_extension("part");
        std::fs::write(&part, bundle.copy()?).map_err(carry)?;
        std::fs::rename(&part, &path).map_err(carry)
    }
}

fn open_piece(
    key: Option<&ContentKey>,
    sealed: &[u8],
    contents: &mut Contents,
) -> Result<Vec<String>, String> {
    let key = key.ok_or("the letter has no key for it")?;
    let piece = file::open(key, sealed).map_err(|error| error.to_string())?;
    let (records, unreadable) = unpack(&piece);
    let mut unreadable: Vec<String> = unreadable.iter().map(ToString::to_string).collect();
    for record in records {
        match record {
            Record::Statement { kind, body } => match Said::decode(kind, &body) {
                Ok(said) => contents.statements.push(said),
                Err(why) => unreadable.push(why.to_string()),
            },
            Record::Entry(bytes) => contents.entries.push(bytes),
            Record::Manifest(bytes) => match Manifest::decode(&bytes) {
                Ok(manifest) => contents.manifests.push(manifest),
                Err(why) => unreadable.push(why.to_string()),
            },
            Record::Chunk(bytes) => contents.chunks.push(bytes),
            Record::Heads(heads) => contents.heads.extend(heads),
            Record::Datasets(manifests) => contents.datasets.extend(manifests),
            Record::Seen { bundle, sound, of } => {
                contents.seen.push((bundle::BundleId(bundle).to_string(), sound, of));
            }
        }
    }
    Ok(unreadable)
}

fn note(verdict: Verdict, report: &mut Imported) {
    let why = match verdict {
        Verdict::Effective | Verdict::Waits => {
            report.entries_new += 1;
            return;
        }
        Verdict::Known => {
            report.entries_known += 1;
            return;
        }
        Verdict::Forked(place) => {
            report.forks.push(place);
            return;
        }
        Verdict::WithoutEffect(why) => {
            report.entries_new += 1;
            report.without_effect += 1;
            why
        }
        Verdict::Refused(why) => {
            report.refused += 1;
            why.to_string()
        }
    };
    report.first_reason.get_or_insert(why);
}

fn count(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
