//! The slow look at everything: every hash, link, signature and page, and the name of the first that is wrong.

use crate::entry::{Kept, PayloadState};
use crate::error::StoreError;
use crate::reader::{LogRow, Reader};
use crate::sql;
use pehra_domain::progress::{Cancelled, Watch, tell};
use pehra_ledger::batch::{Claim, verify_batch};
use pehra_ledger::manifest::Manifest;
use pehra_ledger::{Cosignature, Entry, Hash, Place, PublicKey};

/// Signatures checked together.
const CLAIMS_MAX: usize = 1_024;

/// Entries between two reports of progress.
const TOLD_EVERY: u64 = 4_096;

/// Something on the disk that is not what was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    #[error("the database file: {0}. Restore the last backup into an empty folder")]
    Pages(String),
    #[error("entry {place}: {what}. Another node can send it again")]
    Entry { place: Place, what: &'static str },
    #[error(
        "the log of {place} ends before its head: entries are missing from {place} on. Restore the last backup"
    )]
    Gap { place: Place },
    #[error("the proof of the fork at {place}. Another node can send it again")]
    Fork { place: Place },
    #[error("chunk {0}. Fetch it from another node")]
    Chunk(Hash),
    #[error("manifest {0}. Fetch it from another node")]
    Manifest(Hash),
}

/// What a scrub looked at and found.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Scrubbed {
    pub entries: u64,
    pub chunks: u64,
    pub manifests: u64,
    /// Entries of devices whose key this node does not have: hashed, but their signature could not be checked.
    pub unsigned: u64,
    pub damages: u64,
    pub first: Option<Damage>,
}

impl Scrubbed {
    fn found(&mut self, damage: Damage) {
        self.damages += 1;
        self.first.get_or_insert(damage);
    }
}

impl Reader {
    /// Hashes and verifies everything again. Stages: `pages`, `entries`, `chunks`. `seed` is fresh chance for
    /// checking signatures in batches.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read at all, or the watcher stopped it; damage is no error, it
    /// is what was looked for.
    pub fn scrub(&self, seed: [u8; 32], watch: &mut Watch<'_>) -> Result<Scrubbed, StoreError> {
        let mut scrubbed = Scrubbed::default();
        match self.scrub_all(seed, &mut scrubbed, watch) {
            // Pages so damaged that the walk could not go on.
            Err(StoreError::Damaged(detail)) => scrubbed.found(Damage::Pages(detail)),
            other => other?,
        }
        Ok(scrubbed)
    }

    fn scrub_all(
        &self,
        seed: [u8; 32],
        scrubbed: &mut Scrubbed,
        watch: &mut Watch<'_>,
    ) -> Result<(), StoreError> {
        tell(watch, "pages", 0, 1)?;
        let health: String =
            self.conn().query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if health != "ok" {
            scrubbed.found(Damage::Pages(health));
        }
        let (total, _) = self.entries_count()?;
        for log in self.logs()? {
            self.scrub_log(&log, seed, scrubbed, &mut |done| tell(watch, "entries", done, total))?;
        }
        self.scrub_forks(scrubbed)?;
        self.scrub_manifests(scrubbed)?;
        self.scrub_chunks(scrubbed, watch)
    }

    fn scrub_forks(&self, scrubbed: &mut Scrubbed) -> Result<(), StoreError> {
        for found in self.forks()? {
            let place = found.entry.header().place;
            let key = self.device_key(place.device)?;
            if key.is_some_and(|key| found.proof.verify(&key).is_none()) {
                scrubbed.found(Damage::Fork { place });
            }
        }
        Ok(())
    }

    fn scrub_log(
        &self,
        log: &LogRow,
        seed: [u8; 32],
        scrubbed: &mut Scrubbed,
        told: &mut dyn FnMut(u64) -> Result<(), Cancelled>,
    ) -> Result<(), StoreError> {
        let key = self.device_key(log.device)?;
        let mut walk = Walk { log, key, seed, expected: 0, previous: None, claims: Vec::new() };
        let mut statement = self.conn().prepare_cached(sql::ENTRY_HASHES)?;
        let mut rows = statement.query([log.id])?;
        while let Some(row) = rows.next()? {
            scrubbed.entries += 1;
            if scrubbed.entries.is_multiple_of(TOLD_EVERY) {
                told(scrubbed.entries)?;
            }
            if let Err(damage) = walk.step(Kept::read(row)?, scrubbed) {
                scrubbed.found(damage);
            }
        }
        walk.settle(scrubbed);
        let head = log.head.map(|head| (head.place.seq + 1, head.hash));
        let ends_well = match head {
            Some((count, hash)) => walk.expected == count && walk.previous == Some(hash),
            None => walk.expected == 0,
        };
        if !ends_well {
            scrubbed.found(Damage::Gap { place: walk.place() });
        }
        Ok(())
    }

    fn scrub_manifests(&self, scrubbed: &mut Scrubbed) -> Result<(), StoreError> {
        let mut statement = self.conn().prepare_cached(sql::MANIFESTS)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let hash = Hash(row.get(0)?);
            let bytes: Vec<u8> = row.get(1)?;
            scrubbed.manifests += 1;
            if Hash::of(&bytes) != hash || Manifest::decode(&bytes).is_err() {
                scrubbed.found(Damage::Manifest(hash));
            }
        }
        Ok(())
    }

    fn scrub_chunks(
        &self,
        scrubbed: &mut Scrubbed,
        watch: &mut Watch<'_>,
    ) -> Result<(), StoreError> {
        let (total, _) = self.chunk_totals()?;
        let mut statement = self.conn().prepare_cached(sql::CHUNK_HASHES)?;
        let hashes = statement.query_map([], |row| row.get(0).map(Hash))?;
        for hash in hashes.collect::<Result<Vec<_>, _>>()? {
            scrubbed.chunks += 1;
            match self.chunk(hash) {
                Ok(_) => {}
                Err(StoreError::ChunkDamaged(hash)) => scrubbed.found(Damage::Chunk(hash)),
                Err(error) => return Err(error),
            }
            tell(watch, "chunks", scrubbed.chunks, total)?;
        }
        Ok(())
    }
}

struct Walk<'a> {
    log: &'a LogRow,
    key: Option<PublicKey>,
    seed: [u8; 32],
    expected: u64,
    previous: Option<Hash>,
    claims: Vec<(Place, Claim)>,
}

impl Walk<'_> {
    fn place(&self) -> Place {
        Place { device: self.log.device, epoch: self.log.epoch, seq: self.expected }
    }

    fn step(&mut self, kept: Kept, scrubbed: &mut Scrubbed) -> Result<(), Damage> {
        let place = self.place();
        let previous = self.previous.replace(kept.hash);
        let seq = u64::try_from(kept.seq).unwrap_or_default();
        self.expected = seq + 1;
        if seq != place.seq {
            return Err(Damage::Gap { place });
        }
        let wrong = |what| Damage::Entry { place, what };
        let has_payload = kept.payload.is_some();
        let cosignatures = Cosignature::decode_all(&kept.cosignatures)
            .map_err(|_form| wrong("its co-signatures are not what was written"))?;
        let entry = Entry::from_parts(kept.header, kept.signature, cosignatures, kept.payload)
            .map_err(|_form| wrong("its header or payload is not what was signed"))?;
        if entry.hash() != kept.hash || entry.header().place != place {
            return Err(wrong("its header is not what was signed"));
        }
        if previous.is_some_and(|previous| entry.header().previous != previous) {
            return Err(wrong("it does not follow the entry before it"));
        }
        let state =
            PayloadState::of(kept.payload_state).map_err(|_code| wrong("its state is unknown"))?;
        if has_payload != (state == PayloadState::Here) {
            return Err(wrong("its payload is missing or should be"));
        }
        match self.key {
            Some(key) => self.claims.extend(entry.claims(key).map(|claim| (place, claim))),
            None => scrubbed.unsigned += 1,
        }
        if self.claims.len() >= CLAIMS_MAX {
            self.settle(scrubbed);
        }
        Ok(())
    }

    fn settle(&mut self, scrubbed: &mut Scrubbed) {
        let (places, claims): (Vec<_>, Vec<_>) = self.claims.drain(..).unzip();
        for (place, holds) in places.into_iter().zip(verify_batch(&claims, self.seed)) {
            if !holds {
                scrubbed.found(Damage::Entry { place, what: "a signature does not hold" });
            }
        }
    }
}
