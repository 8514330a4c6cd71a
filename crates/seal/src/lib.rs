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
