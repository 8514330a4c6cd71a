//! Why a node did not do what it was asked.

use super::ToSign;
use crate::dataset::ChunkError;
use pehra_domain::progress::Cancelled;
use pehra_ledger::{entry::SealError, manifest::ManifestError, payload::PayloadError};
use pehra_ops::Refusal;
use pehra_store::{OpenError, StoreError};

#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// A business answer, in both languages.
    #[error("{0}")]
    Refused(Refusal),
    /// The acting person's own key must sign first; what, stands inside.
    #[error("{} must sign this with their own key first", .0.person)]
    Unsigned(Box<ToSign>),
    #[error("the enrolment office's key is not open on this node")]
    OfficeKeyClosed,
    #[error("this node's key lies under a passphrase, and none was given")]
    KeyLocked,
    #[error(
        "this node stands alone: its key is the root of everything it signed and cannot be replaced; found or join an election first"
    )]
    StandsAlone,
    #[error(transparent)]
    Ring(#[from] pehra_seal::keyring::KeyRingError),
    #[error("this node cannot vouch for its page towards phones")]
    Authority(#[from] crate::phone::authority::AuthorityError),
    #[error(transparent)]
    Signer(#[from] pehra_ledger::signer::SignerError),
    #[error("the payload at {0} cannot be deleted: it is not here, or everything else rests on it")]
    NotDeletable(String),
    #[error("too many requests to be enrolled wait here: grant or refuse some first")]
    TooManyRequests,
    #[error("this folder belongs to {held}, not to {given}: use a folder of its own")]
    OtherElection { held: String, given: String },
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Chunk(#[from] ChunkError),
    #[error("the act could not be sealed")]
    Seal(#[from] SealError),
    #[error("the act is too large to be one entry")]
    Payload(#[from] PayloadError),
    #[error("the data cannot be kept as a dataset")]
    Manifest(#[from] ManifestError),
    #[error("this machine gives no random numbers")]
    NoChance(#[source] getrandom::Error),
    #[error("a table inside this program cannot be read: {0}")]
    Table(String),
    #[error("{0} was kept but is not there: run `pehra prove verify`")]
    Vanished(&'static str),
    #[error("there is no node in {0}: name its folder with --data")]
    NoNode(std::path::PathBuf),
    #[error("nothing is kept at {0}: `pehra prove verify` counts what is")]
    NoEntry(String),
    #[error("a file could not be written or read")]
    File(#[source] std::io::Error),
    #[error("no checkpoint covers {0} yet")]
    NotCovered(String),
    #[error("the folder holds a real election: a demo needs a folder of its own")]
    NotADemo,
    #[error(
        "the device key of this folder is damaged: restore the last backup into an empty folder"
    )]
    KeyDamaged,
    #[error("{path} cannot be removed")]
    Remove {
        path: std::path::PathBuf,
        #[source]
        source: std::io::Error,
    },
}

impl From<Refusal> for NodeError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
