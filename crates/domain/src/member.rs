//! A member of a force, as far as a roster needs one: a service number and what decides where they may stand. No name, nothing else.

use crate::{ConstituencyId, PersonId, UnitId, force::StaffKind};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Training modules passed and still valid: bit `n` stands for module M`n + 1`.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    Serialize,
    Deserialize,
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct Modules(#[n(0)] pub u16);

/// How many training modules there are.
pub const MODULES: u8 = 13;

impl Modules {
    /// The module of a number from 1 to 13; none for any other number.
    #[must_use]
    pub fn of(numbers: &[u8]) -> Self {
        let known = numbers.iter().filter(|number| (1..=MODULES).contains(number));
        Self(known.fold(0, |bits, number| bits | 1 << (number - 1)))
    }

    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[must_use]
    pub fn includes(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Those of these that `other` does not have.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// From 1 to 13, in order.
    pub fn numbers(self) -> impl Iterator<Item = u8> {
        (1..=MODULES).filter(move |number| self.0 & (1 << (number - 1)) != 0)
    }

    /// The numbers of the modules that `other` has and this lacks.
    pub fn lacking(self, other: Self) -> impl Iterator<Item = u8> {
        other.without(self).numbers()
    }
}

impl FromIterator<u8> for Modules {
    fn from_iter<I: IntoIterator<Item = u8>>(numbers: I) -> Self {
        numbers.into_iter().fold(Self::default(), |all, number| all.and(Self::of(&[number])))
    }
}

/// How senior somebody is: 1 constable or sepoy, 2 head constable or naik, 3 assistant sub-inspector or havildar,
/// 4 sub-inspector or naib subedar, 5 inspector or subedar, 6 and above officers.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    Serialize,
    Deserialize,
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct Grade(#[n(0)] pub u8);

/// Somebody of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Member {
    /// The service number.
    #[n(0)]
    pub number: PersonId,
    #[n(1)]
    pub unit: UnitId,
    /// Tier and, for police, sex: as units' strengths are counted.
    #[n(2)]
    pub kind: StaffKind,
    #[n(3)]
    pub grade: Grade,
    /// Home constituencies (National and provincial Assembly): nobody is posted there.
    #[n(4)]
    pub home: Vec<ConstituencyId>,
    #[n(5)]
    pub modules: Modules,
    /// Why this person may not be drawn at all; empty for everybody else.
    #[n(6)]
    pub excluded: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_lacks_what_a_post_asks_beyond_what_was_passed() {
        let passed = Modules::of(&[1, 2, 13]);
        assert!(passed.includes(Modules::of(&[2])));
        let missing: Vec<u8> = passed.lacking(Modules::of(&[1, 4, 7])).collect();
        assert_eq!(missing, [4, 7]);
        assert_eq!(passed.numbers().collect::<Vec<_>>(), [1, 2, 13]);
        assert_eq!([1, 2, 13, 2].into_iter().collect::<Modules>(), passed);
        assert_eq!(passed.without(Modules::of(&[2, 3])), Modules::of(&[1, 13]));
        assert!(passed.without(passed).is_empty() && !passed.is_empty());
        assert_eq!(Modules::of(&[0, 14]), Modules::default(), "there are no such modules");
    }
}
