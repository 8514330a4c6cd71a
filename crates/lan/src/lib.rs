//! Node to node over a local network: encrypted, each side known by the key with which it signs its log.
//!
//! TLS 1.3 with raw public keys (RFC 7250): there is no certificate authority and no certificate, only the two ledger
//! keys, and whether a key may ask anything is settled by the roster. Over it goes the conversation of
//! [`pehra_ledger::sync`], first in one direction, then in the other. Nothing here needs a network beyond the cable: peers
//! are named by hand or found by multicast DNS.
//!
//! Absent: any idea of what entries say, and any way to reach a node that the roster does not name.

pub mod admission;
pub mod discover;
pub mod frame;
pub mod greeting;
pub mod talk;
pub mod tls;
pub mod watch;

use pehra_ledger::{
    DeviceId, LogsUnreadable,
    statement::Said,
    sync::{
        answerer::Tally,
        desk::Desk,
        scope::{Entitlement, NotEntitled},
    },
};

/// The node behind the door.
pub trait House: Send + Sync {
    /// The ledger's name of the election.
    fn election(&self) -> [u8; 16];

    /// The 32 secret bytes of the device's key, for the handshake.
    fn key_seed(&self) -> [u8; 32];

    /// The node's own certificates, and those of the offices above it up to the root.
    fn credentials(&self) -> Vec<Said>;

    /// Takes statements of a peer's greeting in: each is believed by its own signatures alone.
    fn learn(&self, statements: Vec<Said>);

    /// What a device may hold, now.
    ///
    /// # Errors
    /// [`NotEntitled`] says why it is not served.
    fn entitlement(&self, device: DeviceId) -> Result<Entitlement, NotEntitled>;

    /// The ledger, for one conversation.
    ///
    /// # Errors
    /// [`LogsUnreadable`] when this node's disk fails.
    fn desk(&self) -> Result<Box<dyn Desk + '_>, LogsUnreadable>;

    /// A conversation brought something.
    fn changed(&self, _taken: &Tally) {}
}
