//! Bundles: what a node puts on a stick for others, and what it takes from one.
//!
//! Everything in a bundle is sealed to its recipients and believed for itself: entries and statements by their
//! signatures, chunks by their hashes. Taking one in twice changes nothing.

mod exchange;
mod give;
mod take;

pub use give::{Exported, Recipient};
pub(super) use take::DELIVERED_SETTING;
pub use take::Imported;

use super::{Node, NodeError};
use pehra_ledger::{
    DeviceId, Hash, PublicKey,
    canonical::{CanonicalError, Reader as Canonical, Writer as CanonicalWriter},
    certificate::CertificateBody,
    hash::unhex,
    request::Request,
    roster::{Roster, contains},
    statement::OWN_KINDS_END,
};
use pehra_link::bundle::{BundleId, NotBundled};
use pehra_seal::{
    compartment::{Binding, CompartmentId, ContentKey},
    hybrid::{OpeningKey, SealingPublic},
};
use std::collections::BTreeSet;

/// What the text of an address says it is.
pub const ADDRESS_PIECE: &str = "address-1";
/// The kind under which a bundle's letter is sealed; no entry has it.
const LETTER_KIND: u32 = 31;
const LETTER_VERSION: u8 = 1;
const ADDRESS_MS: u64 = 400 * 86_400_000;

/// Why a bundle was not made or not taken in.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    #[error(transparent)]
    Node(#[from] NodeError),
    #[error("this is not an address: it must begin with `pehra-{ADDRESS_PIECE}` and be whole")]
    NoAddress,
    #[error("the address of {0} belongs to another election")]
    OtherElection(String),
    #[error("{0} is not enrolled here, or was revoked: nothing is sealed to it")]
    NotEnrolled(String),
    #[error(
        "nobody here is called {0}: give a device's name, the beginning of its id, or a file that `pehra link address` wrote"
    )]
    Unknown(String),
    #[error(
        "{0} has published no key to which a bundle could be sealed: ask for its `pehra link address`"
    )]
    NoSealingKey(String),
    #[error("a bundle needs at least one recipient")]
    NoRecipient,
    #[error(transparent)]
    Bundle(#[from] NotBundled),
    #[error("the bundle cannot be sealed")]
    Seal(#[from] pehra_seal::compartment::SealError),
    #[error("a piece cannot be sealed")]
    Piece(#[from] pehra_seal::file::FileTooLong),
    #[error("{path} cannot be kept for carrying on")]
    Carry {
        path: std::path::PathBuf,
        #[source]
        source: std::io::Error,
    },
}

impl From<pehra_store::StoreError> for BundleError {
    fn from(error: pehra_store::StoreError) -> Self {
        Self::Node(error.into())
    }
}

/// What only the recipients read: the keys of the pieces, in their order.
struct Letter(Vec<ContentKey>);

impl Letter {
    fn encode(&self) -> Vec<u8> {
        let mut w = CanonicalWriter::default();
        w.array(2).uint(LETTER_VERSION).array(self.0.len());
        for key in &self.0 {
            w.bytes(key.bytes());
        }
        w.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let mut r = Canonical::new(bytes);
        r.array_of(2)?;
        r.constant(LETTER_VERSION)?;
        let count = r.array(pehra_link::bundle::PIECES_MAX)?;
        let keys = (0..count).map(|_| Ok(ContentKey::from_bytes(r.exact()?)));
        let keys = keys.collect::<Result<_, CanonicalError>>()?;
        r.end()?;
        Ok(Self(keys))
    }
}

/// A letter opens under its own bundle and sender only.
fn binding(election: [u8; 16], sender: PublicKey, bundle: BundleId) -> Binding {
    let compartment = CompartmentId(bundle.0);
    Binding { election, author: sender.id(), kind: LETTER_KIND, compartment }
}

impl Node {
    /// The key that opens what is sealed to this device: it follows from the device's own.
    pub(crate) fn opening_key(&self) -> OpeningKey {
        OpeningKey::of_device(&self.inner.key.seed())
    }

    /// The key to which others seal what only this device opens.
    #[must_use]
    pub fn sealing_public(&self) -> SealingPublic {
        self.opening_key().public()
    }

    /// This device's address as a text: its key and the key to which bundles are sealed, signed by itself.
    ///
    /// # Errors
    /// [`NodeError::Table`] when the node's name breaks a limit.
    pub fn address(&self) -> Result<String, NodeError> {
        let at = super::ledger_ms(super::now());
        let wish = CertificateBody {
            election: self.inner.election,
            subject: pehra_ledger::certificate::Subject::DEVICE,
            key: self.inner.key.public(),
            name: self.inner.name.clone(),
            area: String::new(),
            roles: Vec::new(),
            not_before_ms: at,
            not_after_ms: at.saturating_add(ADDRESS_MS),
            sealing: Some(self.opening_key().public().0),
        };
        let request = Request::ask(wish, &self.inner.key)
            .map_err(|error| NodeError::Table(error.to_string()))?;
        let piece = pehra_ledger::armour::Piece::new(ADDRESS_PIECE, request.encode());
        Ok(piece.to_text(&format!("{} {}", self.inner.name, self.inner.key.id())))
    }
}

/// The areas of a device whose certificates stand; none when it may be given nothing.
fn areas(roster: &Roster, device: DeviceId, now_ms: u64) -> Vec<String> {
    if roster.revoked(device).next().is_some() {
        return Vec::new();
    }
    let standing = roster.certificates(device).filter(|certificate| {
        let body = &certificate.body;
        roster.stands(certificate) && (body.not_before_ms..=body.not_after_ms).contains(&now_ms)
    });
    standing.map(|certificate| certificate.body.area.clone()).collect()
}

/// Whether the content of an entry may be given to somebody with these areas: it concerns one of them.
fn may_read(areas: &[String], header: &pehra_ledger::Header) -> bool {
    let concerns = |own: &String| contains(own, &header.area) || contains(&header.area, own);
    header.kind < OWN_KINDS_END || areas.iter().any(concerns)
}

/// A set of hashes kept as a setting.
fn hashes(text: Option<String>) -> BTreeSet<Hash> {
    let hash = |word: &str| unhex(word).and_then(|bytes| bytes.try_into().ok()).map(Hash);
    text.unwrap_or_default().split_whitespace().filter_map(hash).collect()
}
