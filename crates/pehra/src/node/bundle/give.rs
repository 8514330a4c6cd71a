//! Making a bundle: what its recipients probably lack, sealed to them.

use super::{ADDRESS_PIECE, BundleError, Letter, areas, binding, hashes, may_read};
use crate::node::{Node, NodeError, ledger_ms, now, random};
use pehra_ledger::{
    DeviceId, Entry, EntryRef, Hash, PublicKey,
    armour::Piece,
    hash::unhex,
    request::Request,
    roster::{Roster, contains},
    sync::scope::{Entitlement, Scope},
};
use pehra_link::bundle::{
    self, BundleId,
    record::{HEADS_MAX, Record, pack},
};
use pehra_seal::{chance::Chance, compartment::Sealed, file, hybrid::SealingPublic};
use pehra_store::{Reader, reader::Reach};
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
    path::PathBuf,
};

/// A device to which a bundle is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    pub key: PublicKey,
    pub name: String,
    pub sealing: SealingPublic,
}

/// What a bundle holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Exported {
    pub bundle: String,
    pub to: Vec<String>,
    pub entries: u64,
    /// Of them without their content, which concerns other areas.
    pub withheld: u64,
    pub statements: u64,
    pub chunks: u64,
    pub pieces: u64,
    pub bytes: u64,
    /// Bundles of others that go along unread.
    pub carried: Vec<String>,
}

impl Node {
    /// Finds a recipient: a text that `pehra link address` wrote, a device's name in the roster, or the beginning of
    /// its id.
    ///
    /// # Errors
    /// [`BundleError`] says what is missing.
    pub fn recipient(&self, named: &str) -> Result<Recipient, BundleError> {
        let found = if named.starts_with("pehra-") {
            self.of_address(named)?
        } else {
            self.of_roster(named)?
        };
        let at = ledger_ms(now());
        if self.roster(|roster| areas(roster, found.key.id(), at)).is_empty() {
            return Err(BundleError::NotEnrolled(found.name));
        }
        Ok(found)
    }

    fn of_address(&self, text: &str) -> Result<Recipient, BundleError> {
        let pieces = Piece::all(text).map_err(|_unreadable| BundleError::NoAddress)?;
        let piece = pieces.iter().find(|piece| piece.kind == ADDRESS_PIECE);
        let request = piece.and_then(|piece| Request::decode(&piece.bytes).ok());
        let request = request.filter(Request::is_own).ok_or(BundleError::NoAddress)?;
        let body = request.body.0;
        if body.election != self.inner.election {
            return Err(BundleError::OtherElection(body.name));
        }
        let sealing = body.sealing.ok_or_else(|| BundleError::NoSealingKey(body.name.clone()))?;
        Ok(Recipient { key: body.key, name: body.name, sealing: SealingPublic(sealing) })
    }

    fn of_roster(&self, named: &str) -> Result<Recipient, BundleError> {
        let prefix = unhex(named).filter(|bytes| bytes.len() >= 4);
        let found = self.roster(|roster| {
            let said = roster.statements().filter_map(|said| match said {
                pehra_ledger::statement::Said::Certificate(it) => Some(it.body),
                pehra_ledger::statement::Said::Revocation(_)
                | pehra_ledger::statement::Said::Receipt(_) => None,
            });
            let is_named = |body: &pehra_ledger::certificate::CertificateBody| {
                let id = body.key.id();
                body.name == named || prefix.as_ref().is_some_and(|it| id.0.starts_with(it))
            };
            said.filter(is_named).max_by_key(|body| body.sealing.is_some())
        });
        let body = found.ok_or_else(|| BundleError::Unknown(named.to_owned()))?;
        let sealing = body.sealing.ok_or_else(|| BundleError::NoSealingKey(body.name.clone()))?;
        Ok(Recipient { key: body.key, name: body.name, sealing: SealingPublic(sealing) })
    }

    /// Makes a bundle of what the recipients lack by the last word of theirs, or of everything they may hold. Bundles
    /// of others that are for them, or all that are carried with `carry_all`, stand behind it in the same file.
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn export_bundle(
        &self,
        recipients: &[Recipient],
        carry_all: bool,
    ) -> Result<(Vec<u8>, Exported), BundleError> {
        if recipients.is_empty() {
            return Err(BundleError::NoRecipient);
        }
        let mut report = Exported {
            to: recipients.iter().map(|one| one.name.clone()).collect(),
            ..Exported::default()
        };
        let records = self.records(recipients, &mut report)?;
        let (mut keys, mut pieces) = (Vec::new(), Vec::new());
        for piece in pack(&records) {
            let (key, sealed) = file::seal(&piece, Chance::from_bytes(random()?))?;
            keys.push(key);
            pieces.push(sealed);
        }
        let id = BundleId(random()?);
        let (election, own) = (self.inner.election, self.public_key());
        let sealing: Vec<SealingPublic> = recipients.iter().map(|one| one.sealing).collect();
        let letter = Letter(keys).encode();
        let chance = Chance::from_bytes(random()?);
        let letter = Sealed::seal(&binding(election, own, id), &sealing, &letter, chance)?.encode();
        let to: Vec<DeviceId> = recipients.iter().map(|one| one.key.id()).collect();
        (report.bundle, report.pieces) = (id.to_string(), count(pieces.len()));
        let made_ms = ledger_ms(now());
        let draft = bundle::Draft { election, bundle: id, to: to.clone(), made_ms, letter, pieces };
        let mut bytes = draft.close(&self.inner.key)?;
        for path in self.carried()? {
            let carry = |source| BundleError::Carry { path: path.clone(), source };
            let file = std::fs::read(&path).map_err(carry)?;
            for carried in bundle::read(&file).bundles {
                let body = &carried.ticket.body;
                if carry_all || body.to.iter().any(|device| to.contains(device)) {
                    report.carried.push(body.bundle.to_string());
                    bytes.extend(carried.copy()?);
                }
            }
        }
        report.bytes = count(bytes.len());
        let areas: Vec<String> = self.roster(|roster| {
            let all = to.iter().flat_map(|&device| roster.certificates(device));
            all.map(|certificate| certificate.body.area.clone()).collect()
        });
        self.note_sent(&areas)?;
        self.note_bundle_out(&report.bundle, &to, made_ms)?;
        Ok((bytes, report))
    }

    /// Files of bundles that are carried for others, ordered by name.
    pub(super) fn carried(&self) -> Result<Vec<PathBuf>, BundleError> {
        let folder = self.inner.dir.join("carried");
        let carry = |source| BundleError::Carry { path: folder.clone(), source };
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let mut files = Vec::new();
        for file in std::fs::read_dir(&folder).map_err(carry)? {
            let path = file.map_err(carry)?.path();
            if path.extension().is_some_and(|ending| ending == "bundle") {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }

    fn records(
        &self,
        recipients: &[Recipient],
        report: &mut Exported,
    ) -> Result<Vec<Record>, BundleError> {
        let at = ledger_ms(now());
        let (reader, roster, reach, known) = {
            let writer = self.writer();
            let devices = || recipients.iter().map(|one| one.key.id());
            let heads = devices().map(|device| heads_of(&writer.store, device));
            let reach = common_reach(heads.collect::<Result<Vec<_>, _>>()?);
            let known = devices()
                .map(|device| Ok(hashes(writer.store.setting(&datasets_setting(device))?)))
                .collect::<Result<Vec<_>, NodeError>>()?;
            (writer.store.reader().map_err(NodeError::from)?, writer.roster.clone(), reach, known)
        };
        let areas: Vec<Vec<String>> =
            recipients.iter().map(|one| areas(&roster, one.key.id(), at)).collect();
        let scopes: Vec<Scope> = areas.iter().cloned().map(scope).collect();
        let mut records = Vec::new();
        // What one of them may hold: by the same certificates each knows what the entries are worth.
        for said in roster.statements() {
            if !scopes.iter().any(|scope| scope.shares_statement(&roster, &said)) {
                continue;
            }
            records.push(Record::Statement { kind: said.kind(), body: said.body() });
        }
        report.statements = count(records.len());
        datasets(&reader, &known, &areas, &mut records, report)?;
        entries(&reader, &roster, &reach, &areas, &mut records, report)?;
        self.own_state(&reader, &mut records)?;
        Ok(records)
    }

    /// What this node holds, and which bundles reached it: so that little is sent back, and the sender knows.
    fn own_state(&self, reader: &Reader, records: &mut Vec<Record>) -> Result<(), BundleError> {
        let heads: Vec<EntryRef> = reader
            .heads()?
            .into_iter()
            .map(|head| EntryRef { place: head.place, hash8: head.hash.short() })
            .collect();
        records.extend(heads.chunks(HEADS_MAX).map(|some| Record::Heads(some.to_vec())));
        let mut whole = Vec::new();
        for row in reader.datasets()? {
            if is_whole(reader, row.hash)? {
                whole.push(row.hash);
            }
        }
        records.push(Record::Datasets(whole));
        let seen = self.writer().store.setting(super::take::SEEN_SETTING)?.unwrap_or_default();
        records.extend(seen.lines().filter_map(|line| {
            let mut words = line.split(' ');
            let bundle = unhex(words.next()?)?.try_into().ok()?;
            Some(Record::Seen {
                bundle,
                sound: words.next()?.parse().ok()?,
                of: words.next()?.parse().ok()?,
            })
        }));
        Ok(())
    }
}

pub(super) fn datasets_setting(device: DeviceId) -> String {
    format!("link-datasets-{device}")
}

pub(super) fn heads_setting(device: DeviceId) -> String {
    format!("link-heads-{device}")
}

/// What a device last said that it holds.
fn heads_of(store: &pehra_store::Store, device: DeviceId) -> Result<Reach, NodeError> {
    let text = store.setting(&heads_setting(device))?.unwrap_or_default();
    let read = |line: &str| {
        let mut words = line.split(' ');
        let device: [u8; 16] = unhex(words.next()?)?.try_into().ok()?;
        Some(((DeviceId(device), words.next()?.parse().ok()?), words.next()?.parse().ok()?))
    };
    Ok(text.lines().filter_map(read).collect())
}

/// How far every one of them reaches.
fn common_reach(all: Vec<Reach>) -> Reach {
    let mut all = all.into_iter();
    let Some(mut common) = all.next() else { return Reach::new() };
    for other in all {
        common.retain(|log, seq| match other.get(log) {
            Some(theirs) => {
                *seq = (*seq).min(*theirs);
                true
            }
            None => false,
        });
    }
    common
}

/// What a recipient with these areas may hold of all that is here.
fn scope(areas: Vec<String>) -> Scope {
    let nation = pehra_domain::AreaId::nation();
    Scope { mine: Entitlement::everything(nation.as_str()), theirs: Entitlement::of_areas(areas) }
}

fn entries(
    reader: &Reader,
    roster: &Roster,
    reach: &Reach,
    areas: &[Vec<String>],
    records: &mut Vec<Record>,
    report: &mut Exported,
) -> Result<(), BundleError> {
    let scopes: Vec<Scope> = areas.iter().cloned().map(scope).collect();
    let mut logs: BTreeMap<DeviceId, bool> = BTreeMap::new();
    reader.entries_after(reach, &mut |stored| {
        let entry: Entry = stored.entry;
        let device = entry.header().place.device;
        let shared = *logs.entry(device).or_insert_with(|| {
            // The device of a node that is its own root has no certificate.
            roster.certificates(device).next().is_none()
                || scopes.iter().all(|scope| scope.shares_log(roster, device))
        });
        if !shared {
            return ControlFlow::Continue(());
        }
        report.entries += 1;
        let readable = areas.iter().all(|own| may_read(own, entry.header()));
        let entry = if readable { entry } else { entry.withheld() };
        report.withheld += u64::from(!readable);
        records.push(Record::Entry(entry.encode()));
        ControlFlow::Continue(())
    })?;
    Ok(())
}

fn datasets(
    reader: &Reader,
    known: &[BTreeSet<Hash>],
    areas: &[Vec<String>],
    records: &mut Vec<Record>,
    report: &mut Exported,
) -> Result<(), BundleError> {
    let mut sent = BTreeSet::new();
    for row in reader.datasets()? {
        if known.iter().all(|theirs| theirs.contains(&row.hash)) {
            continue;
        }
        let Some(manifest) = reader.manifest(row.hash)? else { continue };
        records.push(Record::Manifest(manifest.encode()));
        for chunk in manifest.chunks() {
            let concerns = |own: &Vec<String>| {
                own.iter().any(|one| contains(one, &chunk.area) || contains(&chunk.area, one))
            };
            if !areas.iter().all(concerns) || !sent.insert(chunk.hash) {
                continue;
            }
            if let Some(bytes) = reader.chunk(chunk.hash)? {
                records.push(Record::Chunk(bytes));
                report.chunks += 1;
            }
        }
    }
    Ok(())
}

fn is_whole(reader: &Reader, manifest: Hash) -> Result<bool, BundleError> {
    let Some(manifest) = reader.manifest(manifest)? else { return Ok(false) };
    for chunk in manifest.chunks() {
        if !reader.has_chunk(chunk.hash)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn count(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
