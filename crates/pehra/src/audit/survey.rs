//! The first look at every file: who signs, how far each log reaches, which checkpoints there are. Nothing is checked
//! yet but statements, which carry their own signatures.

use super::{AuditError, records::Records};
use pehra_domain::progress::{Watch, tell};
use pehra_ledger::{
    DeviceId, Hash, Header,
    canonical::Reader,
    checkpoint::{Checkpoint, Origin},
    entry::Entry,
    export::{self, Head, Kind},
    genesis::Genesis,
    header::{HEADER_BYTES_MAX, entry_hash},
    note::Note,
    roster::Roster,
    statement::Said,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

pub(super) type Log = (DeviceId, u32);

/// Records between two looks at the watcher.
const TOLD_EVERY: u64 = 8_192;

/// What one file says of itself.
#[derive(Debug, Default)]
pub(super) struct Survey {
    pub(super) head: Option<Head>,
    pub(super) bytes: u64,
    /// The last entry of each log in this file.
    pub(super) heads: BTreeMap<Log, (u64, Hash)>,
    /// Sizes of trees of which a checkpoint is shown.
    pub(super) sizes: BTreeMap<Origin, BTreeSet<u64>>,
    /// Entries of which only the hash is there.
    pub(super) leaves: BTreeSet<Hash>,
}

/// The founding of a file; the exports name it, nobody has to believe it.
pub(super) fn founding(path: &Path) -> Result<Genesis, AuditError> {
    let mut records = Records::open(path, None, false)?;
    let head = records.next()?.filter(|record| record.kind == Some(Kind::Head));
    let head = head.and_then(|record| Head::decode(&record.bytes).ok());
    let genesis = head.and_then(|(head, _)| Genesis::decode(&head.genesis).ok());
    genesis.ok_or_else(|| AuditError::NoFounding(path.to_owned()))
}

pub(super) fn survey(
    path: &Path,
    roster: &mut Roster,
    total: (u64, u64),
    watch: &mut Watch<'_>,
) -> Result<Survey, AuditError> {
    let mut records = Records::open(path, Some(roster.election()), false)?;
    let mut survey = Survey::default();
    let mut count = 0_u64;
    while let Some(record) = records.next()? {
        count += 1;
        if count.is_multiple_of(TOLD_EVERY) {
            tell(watch, "survey", total.0 + records.offset(), total.1)?;
        }
        match record.kind {
            Some(Kind::Entry) => entry(&record.bytes, &mut survey, roster),
            Some(Kind::Head) => {
                survey.head = Head::decode(&record.bytes).ok().map(|(head, _)| head);
            }
            Some(Kind::Statement) => {
                if let Ok((kind, body)) = export::read_statement(&record.bytes) {
                    learn(kind, &body, roster);
                }
            }
            Some(Kind::Leaf) => {
                survey.leaves.extend(<[u8; 32]>::try_from(record.bytes).ok().map(Hash));
            }
            Some(Kind::Checkpoint) => {
                if let Some(one) = checkpoint_of(&record.bytes) {
                    survey.sizes.entry(one.origin).or_default().insert(one.size);
                }
            }
            Some(Kind::Fork | Kind::End) | None => {}
        }
    }
    survey.bytes = records.offset();
    Ok(survey)
}

fn checkpoint_of(bytes: &[u8]) -> Option<Checkpoint> {
    let note = Note::from_text(std::str::from_utf8(bytes).ok()?).ok()?;
    Checkpoint::from_text(note.text()).ok()
}

/// Whether a checkpoint is of the exporter's own tree in its present epoch.
pub(super) fn is_own(checkpoint: &Checkpoint, head: Option<&Head>) -> bool {
    let origin = checkpoint.origin;
    head.is_some_and(|head| origin.device == head.key.id() && origin.epoch == head.epoch)
}

/// The header alone: what stands behind it is looked at later.
pub(super) fn header_of(bytes: &[u8]) -> Option<(Header, Hash)> {
    let mut r = Reader::new(bytes);
    r.array_of(4).ok()?;
    let header = r.bytes(HEADER_BYTES_MAX).ok()?;
    Some((Header::decode(header).ok()?, entry_hash(header)))
}

fn entry(bytes: &[u8], survey: &mut Survey, roster: &mut Roster) {
    let Some((header, hash)) = header_of(bytes) else { return };
    let place = header.place;
    let head = survey.heads.entry((place.device, place.epoch)).or_insert((place.seq, hash));
    if place.seq >= head.0 {
        *head = (place.seq, hash);
    }
    if Said::is_kind(header.kind) {
        let entry = Entry::decode(bytes).ok();
        if let Some(payload) = entry.as_ref().and_then(Entry::payload) {
            learn(header.kind, payload.body(), roster);
        }
    }
}

fn learn(kind: u32, body: &[u8], roster: &mut Roster) {
    if let Ok(said) = Said::decode(kind, body) {
        if let Said::Receipt(proof) = &said {
            for certificate in &proof.certificates {
                let _worthless = roster.certify(certificate.clone());
            }
        }
        let _worthless = roster.take(said);
    }
}
