//! Where something holds: the nation, a province, a district.

use crate::id::{IdError, check};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// A path from the nation down: `pk`, `pk/sindh`, `pk/sindh/karachi-east`. An area contains itself and all
/// that its path begins.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct AreaId(#[n(0)] String);

/// The last step of a district's path when no district is known.
pub const UNPLACED: &str = "unplaced";

impl AreaId {
    /// Accepts lower-case letters, digits and `-`, in one to four steps joined by `/`.
    ///
    /// # Errors
    /// [`IdError`] when the text is empty, too long, or has another character.
    pub fn try_new(text: impl Into<String>) -> Result<Self, IdError> {
        let text = text.into();
        check(&text)?;
        let well_formed = text.split('/').count() <= 4
            && text.split('/').all(|step| {
                !step.is_empty()
                    && step
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            });
        if well_formed { Ok(Self(text)) } else { Err(IdError::Unprintable) }
    }

    /// The whole country.
    #[must_use]
    pub fn nation() -> Self {
        Self("pk".to_owned())
    }

    /// The area below this one whose name reads as `name`; `name` may be in any case and have spaces.
    #[must_use]
    pub fn below(&self, name: &str) -> Self {
        Self(format!("{}/{}", self.0, slug(name)))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `other` is this area or lies in it.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        other.0.strip_prefix(&self.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether one of the two lies in the other, or they are the same: what is said of either concerns both.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.contains(other) || other.contains(self)
    }

    /// The area one step up; none above the nation.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.0.rsplit_once('/').map(|(up, _)| Self(up.to_owned()))
    }

    /// Steps in the path: 1 nation, 2 province, 3 district.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.0.split('/').count()
    }

    /// The province this area lies in, if it is below the nation.
    #[must_use]
    pub fn province(&self) -> Option<Self> {
        let mut steps = self.0.split('/');
        let nation = steps.next()?;
        let province = steps.next()?;
        Some(Self(format!("{nation}/{province}")))
    }

    /// The last step: `karachi-east`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }
}

/// Lower-case letters, digits and single hyphens; anything else becomes a hyphen.
#[must_use]
pub fn slug(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    while out.ends_with('-') {
        out.pop();
    }
    if out.is_empty() { UNPLACED.to_owned() } else { out }
}

impl std::fmt::Display for AreaId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_contains_what_its_path_begins() {
        let sindh = AreaId::nation().below("Sindh");
        let east = sindh.below("Karachi East");
        assert_eq!(east.as_str(), "pk/sindh/karachi-east");
        assert!(sindh.contains(&east) && AreaId::nation().contains(&east) && east.contains(&east));
        assert!(!east.contains(&sindh));
        assert!(!AreaId::try_new("pk/sin").unwrap().contains(&sindh));
        assert_eq!(east.province(), Some(sindh));
    }
}
