//! Names of things: short texts that a person can read out over a radio.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Longest name accepted, in bytes.
pub const ID_BYTES_MAX: usize = 64;

/// Why a text cannot name a thing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    #[error("the name is empty")]
    Empty,
    #[error("the name has {0} bytes, at most {ID_BYTES_MAX} are allowed")]
    TooLong(usize),
    #[error("the name contains a control character or a space at its edge")]
    Unprintable,
}

pub(crate) fn check(text: &str) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    if text.len() > ID_BYTES_MAX {
        return Err(IdError::TooLong(text.len()));
    }
    if text.chars().any(char::is_control) || text.trim() != text {
        return Err(IdError::Unprintable);
    }
    Ok(())
}

macro_rules! text_id {
    ($(#[$doc:meta] $name:ident),+ $(,)?) => {$(
        #[$doc]
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize)]
        #[cbor(transparent)]
        #[serde(transparent)]
        pub struct $name(#[n(0)] String);

        impl $name {
            /// Accepts 1 to 64 bytes of printable text without spaces at its edges.
            ///
            /// # Errors
            /// [`IdError`] says what is wrong with the text.
            pub fn try_new(text: impl Into<String>) -> Result<Self, IdError> {
                let text = text.into();
                check(&text)?;
                Ok(Self(text))
            }

            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

text_id! {
    /// A polling station: the key of its first contest, for example `NA-40-15`.
    StationId,
    /// A guarded place: `B-` and the lowest station id in it, or an opaque name for other places.
    BuildingId,
    /// A constituency as the commission writes it: `NA-40`, `PS-107`.
    ConstituencyId,
    /// A unit of a force.
    UnitId,
    /// A person who acts: an account or service name, never a national identity number.
    PersonId,
    /// An incident: a name drawn when it is reported, or made from what a derived alarm is about.
    IncidentId,
    /// A record of the register of suspensions: `2024-02-08-cellular`.
    SuspensionId,
    /// An item of polling material, as its label says: `NA-40-15-BAG`, `TE-0012345`.
    ItemId,
    /// A piece of equipment, as its label says: `CAM-NA-40-15-1`, `GEN-0117`.
    EquipmentId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_printable_text() {
        assert!(StationId::try_new("NA-40-15").is_ok());
        assert_eq!(StationId::try_new(""), Err(IdError::Empty));
        assert_eq!(UnitId::try_new(" a"), Err(IdError::Unprintable));
        assert_eq!(UnitId::try_new("a\u{0}b"), Err(IdError::Unprintable));
        assert_eq!(UnitId::try_new("x".repeat(65)), Err(IdError::TooLong(65)));
    }
}
