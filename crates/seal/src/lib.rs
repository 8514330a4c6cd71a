//! Compartments, keys at rest, released credentials: all encryption of the house, to be audited alone.
//!
//! Invariants: there is no clock, disk, network, environment or ambient chance here. Every call that needs chance is
//! given a [`chance::Chance`] of 32 fresh bytes and uses it up. Secrets are wiped from memory when dropped and never
//! printed. Every format has one byte string per value, and a decoder refuses every other. The formats are described in
//! `docs/formats/compartment.md` and `docs/formats/keyfile.md`, the reasons in `docs/adr/0042-encryption.md`.
//!
//! The ways through it: a report → [`compartment::Sealed::seal`] → an entry's body → [`compartment::Sealed::open`];
//! a [`credential::Credential`] → [`keyfile::KeyFile`] → armoured text → opened by a passphrase;
//! a credential → [`release::Deposit`] → two custodians' [`release::Contribution`]s → the credential again.

/// Kinds of entries whose bodies are settled here; all below 100, the ledger's own.
pub mod kind {
    /// The body is a [`crate::compartment::Sealed`]: one kind for all that is sealed, the true one stands inside.
    pub const SEALED: u32 = 20;
    /// The body is a [`crate::compartment::Regrant`].
    pub const REGRANT: u32 = 21;
    /// The body is a [`crate::release::Deposit`].
    pub const DEPOSIT: u32 = 22;
    /// The body is a [`crate::release::Contribution`].
    pub const CONTRIBUTION: u32 = 23;
    /// The body is a [`crate::release::Released`].
    pub const RELEASED: u32 = 24;
}

/// The header's extra field with the 16 bytes of a [`credential::Mark`]; on every act of a person, or on none.
pub const EXTRA_MARK: u32 = 4;

pub mod card;
pub mod chance;
pub mod compartment;
pub mod credential;
pub mod file;
pub mod hybrid;
pub mod keyfile;
pub mod keyring;
pub mod padding;
pub mod passphrase;
pub mod release;
mod shamir;
pub mod text;
