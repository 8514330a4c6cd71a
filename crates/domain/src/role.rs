//! Who may do what: roles and permissions are codes of a table that is data.

use crate::id::{IdError, check};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// A role code of the permission table: `DRO`, `POL-SP`, `AUDITOR`.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct Role(#[n(0)] String);

/// A permission code of the table: `plan.edit`.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct Permission(#[n(0)] String);

impl Role {
    /// # Errors
    /// [`IdError`] when the code is empty, too long or not printable.
    pub fn try_new(code: impl Into<String>) -> Result<Self, IdError> {
        let code = code.into();
        check(&code)?;
        Ok(Self(code))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Permission {
    /// # Errors
    /// [`IdError`] when the code is empty, too long or not printable.
    pub fn try_new(code: impl Into<String>) -> Result<Self, IdError> {
        let code = code.into();
        check(&code)?;
        Ok(Self(code))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
