//! Keys on hardware tokens by PKCS#11: a person's key, an office's, the root's, that never leave what they lie on.
//!
//! Invariants: only labelled bytes of the ledger are signed ([`pehra_ledger::signer`]); nothing is written to a token but
//! a new key on request. The module that speaks to the token is a library of the token's maker: it runs inside this
//! process with all its rights, so its path is the operator's to choose, never a peer's.

mod module;

pub use module::{Module, Pin, Token, TokenError};
