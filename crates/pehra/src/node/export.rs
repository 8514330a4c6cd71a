//! Everything that a node holds in one file, for an auditor who believes nobody.

use super::{Node, NodeError, ledger_ms, now};
use pehra_domain::progress::{Cancelled, Step, Watch};
use pehra_ledger::{
    Hash,
    checkpoint::Origin,
    export::{self, Head, Kind, MAGIC},
    roster::contains,
};
use pehra_store::{Reader, Receipt};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::{self, BufWriter, Write},
    ops::ControlFlow,
    path::{Path, PathBuf},
};

/// Entries between two looks at the watcher.
const TOLD_EVERY: u64 = 4_096;

/// What an export holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExportReport {
    pub path: PathBuf,
    pub entries: u64,
    /// Shown as hashes alone, because they are of other areas.
    pub leaves_only: u64,
    pub bytes: u64,
}

struct Out {
    to: BufWriter<File>,
    digest: Sha256,
    bytes: u64,
}

impl Out {
    fn raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
        self.to.write_all(bytes)
    }

    fn record(&mut self, kind: Kind, bytes: &[u8]) -> io::Result<()> {
        let frame = export::frame(kind, bytes.len());
        self.raw(&frame.ok_or(io::ErrorKind::FileTooLarge)?)?;
        self.raw(bytes)
    }
}

impl Node {
    /// Writes everything that this node holds, or the entries of one area with the hashes of all others, under a fresh
    /// checkpoint. Stage: `entries`.
    ///
    /// # Errors
    /// [`NodeError`]; no file of that name is left then.
    pub fn export(
        &self,
        to: &Path,
        area: Option<&str>,
        watch: &mut Watch<'_>,
    ) -> Result<ExportReport, NodeError> {
        if to.exists() {
            return Err(NodeError::File(io::ErrorKind::AlreadyExists.into()));
        }
        self.checkpoint()?;
        let reader = self.writer().store.reader()?;
        let partial = to.with_extension("partial");
        let written = self.export_into(&reader, &partial, area.unwrap_or_default(), watch);
        match written {
            Ok(report) => {
                std::fs::rename(&partial, to).map_err(NodeError::File)?;
                Ok(ExportReport { path: to.to_owned(), ..report })
            }
            Err(error) => {
                let _nothing_to_remove = std::fs::remove_file(&partial);
                Err(error)
            }
        }
    }

    fn export_into(
        &self,
        reader: &Reader,
        to: &Path,
        area: &str,
        watch: &mut Watch<'_>,
    ) -> Result<ExportReport, NodeError> {
        let file = File::create(to).map_err(NodeError::File)?;
        let to_file = BufWriter::with_capacity(1 << 20, file);
        let mut out = Out { to: to_file, digest: Sha256::new(), bytes: 0 };
        let last = reader.last_receipt()?;
        let total = u64::try_from(last.0).unwrap_or_default();
        let head = Head {
            genesis: self.public_root()?.encode(),
            key: self.public_key(),
            epoch: self.inner.epoch,
            made_ms: ledger_ms(now()),
            entries: total,
            area: area.to_owned(),
        };
        out.raw(MAGIC).map_err(NodeError::File)?;
        out.record(Kind::Head, &head.sign(&self.inner.key)).map_err(NodeError::File)?;
        let statements: Vec<_> = self.roster(|roster| roster.statements().collect());
        for said in statements {
            let bytes = export::statement(said.kind(), &said.body());
            out.record(Kind::Statement, &bytes).map_err(NodeError::File)?;
        }
        let leaves_only = entries(reader, last, area, &mut out, watch)?;
        self.export_rest(reader, &mut out).map_err(NodeError::File)?;
        let digest = Hash(out.digest.clone().finalize().into());
        let end = export::sign_end(&self.inner.key, &digest);
        out.record(Kind::End, &end).map_err(NodeError::File)?;
        let bytes = out.bytes;
        let file = out.to.into_inner().map_err(|error| NodeError::File(error.into_error()))?;
        file.sync_all().map_err(NodeError::File)?;
        Ok(ExportReport { path: to.to_owned(), entries: total - leaves_only, leaves_only, bytes })
    }

    /// Checkpoints of all trees, and forks.
    fn export_rest(&self, reader: &Reader, out: &mut Out) -> io::Result<()> {
        let other = |error: pehra_store::StoreError| io::Error::other(error);
        for name in reader.trees().map_err(other)? {
            // Of a tree whose node nobody certified nothing could be checked.
            let device = Origin::from_name(&name).map(|origin| origin.device);
            let own = self.public_key();
            let known = |id| self.roster(|roster| roster.key(id).is_some()) || own.id() == id;
            if !device.is_some_and(known) {
                continue;
            }
            for (_, note) in reader.checkpoints(&name).map_err(other)? {
                out.record(Kind::Checkpoint, note.to_text().as_bytes())?;
            }
        }
        for fork in reader.forks().map_err(other)? {
            out.record(Kind::Fork, &export::fork(&fork.proof))?;
        }
        Ok(())
    }
}

/// Entries in the order of the tree; answers how many are shown as hashes alone.
fn entries(
    reader: &Reader,
    last: Receipt,
    area: &str,
    out: &mut Out,
    watch: &mut Watch<'_>,
) -> Result<u64, NodeError> {
    let total = u64::try_from(last.0).unwrap_or_default();
    let (mut leaves, mut outcome) = (0, Ok(()));
    reader.entries_received(Receipt(0), &mut |stored| {
        // What came since the head was written belongs to the next export.
        if stored.receipt > last {
            return ControlFlow::Break(());
        }
        let entry = &stored.entry;
        let shown = area.is_empty() || contains(area, &entry.header().area);
        let written = if shown {
            out.record(Kind::Entry, &entry.encode())
        } else {
            leaves += 1;
            out.record(Kind::Leaf, &entry.hash().0)
        };
        let done = u64::try_from(stored.receipt.0).unwrap_or_default();
        outcome = written.map_err(NodeError::File);
        if done.is_multiple_of(TOLD_EVERY) && outcome.is_ok() {
            let go_on = watch(Step { stage: "entries", done, total });
            if go_on.is_break() {
                outcome = Err(Cancelled.into());
            }
        }
        if outcome.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    outcome.map(|()| leaves)
}
