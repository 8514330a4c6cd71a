//! Canonical bytes, hash chain, signatures: what was done, so that nobody can rewrite it.
//!
//! Invariants: there is no clock, disk, network, environment or ambient chance here; time and chance arrive as
//! arguments. A payload is opaque bytes: this crate does not know what an election is. Every format has exactly
//! one byte string per value, and a decoder refuses every other. The formats are described in
//! `docs/formats/entry.md`, the reasons in `docs/adr/`.
//!
//! The way of an entry: [`draft::Draft`] → [`entry::Entry::seal`] → bytes → [`ingest::Intake`] → accepted,
//! known, refused or a fork with its proof.

pub mod armour;
pub mod base45;
pub mod base64;
pub mod batch;
pub mod blob;
pub mod canonical;
pub mod certificate;
pub mod checkpoint;
pub mod clock;
pub mod draft;
pub mod entry;
pub mod envelope;
pub mod epoch;
pub mod export;
pub mod fork;
pub mod genesis;
pub mod hash;
pub mod header;
pub mod ingest;
pub mod key;
pub mod log;
pub mod manifest;
pub mod note;
pub mod page;
pub mod paper;
pub mod payload;
pub mod proof;
pub mod request;
pub mod roster;
pub mod signer;
pub mod statement;
pub mod sync;
pub mod tile;
pub mod tree;

pub use clock::{Clock, ClockQuality, Hlc};
pub use draft::Draft;
pub use entry::{Cosignature, Entry};
pub use hash::Hash;
pub use header::{EntryRef, Header, Place};
pub use ingest::{Flags, Ingested, Intake, Refusal};
pub use key::{DeviceId, PublicKey, Signature, SigningKey};
pub use log::{Head, Logs, LogsUnreadable};
pub use payload::Payload;
