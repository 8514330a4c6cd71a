//! The count at the station in totals, and whether the paper is still the same paper further on.
//!
//! There is no field for what a candidate got. The image of a form shows it: it is sealed to the commission's keys before
//! it is stored, and what stands here is its hash and a code that ties contest, form and image together. The code is
//! written on the paper when it is signed, so that at every later desk the paper itself says which image it belongs to.

use super::Rule;
use crate::{
    stamp::{EventRef, Hash32},
    word::words,
};
use minicbor::{Decode, Encode};
use pehra_domain::{ConstituencyId, StationId, UnixMs};
use sha2::{Digest, Sha256};

words! {
    FormKind {
        /// Result of the count.
        F45 = 0 "F45",
        /// Ballot paper account.
        F46 = 1 "F46",
        F47 = 2 "F47",
        F48 = 3 "F48",
        F49 = 4 "F49",
    }
}

words! {
    /// Where a form is looked at after the station.
    Desk {
        Reception = 0 "reception",
        Provisional = 1 "provisional",
        Final = 2 "final",
        Published = 3 "published",
    }
}

words! {
    /// Copies of a station's form, and where each is.
    Copy {
        /// Posted at the station.
        Wall = 0 "wall",
        PresidingOfficer = 1 "presiding-officer",
        Agents = 2 "agents",
        /// In the tamper-evident bag.
        Packet = 3 "packet",
        /// Sealed, on the nodes that hold it.
        Image = 4 "image",
        ReturningOffice = 5 "returning-office",
        Published = 6 "published",
    }
}

/// Totals of Forms 45 and 46. Papers, never what is on them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Totals {
    #[n(0)]
    pub registered: u32,
    #[n(1)]
    pub received: u32,
    #[n(2)]
    pub issued: u32,
    #[n(3)]
    pub unissued: u32,
    #[n(4)]
    pub in_box: u32,
    #[n(5)]
    pub spoilt: u32,
    #[n(6)]
    pub unaccounted: u32,
    #[n(7)]
    pub valid: u32,
    #[n(8)]
    pub rejected: u32,
    #[n(9)]
    pub roll_marks: u32,
    /// Women among the roll's marks, where they are counted apart.
    #[n(10)]
    pub women: Option<u32>,
}

impl Totals {
    /// What does not add up: the rule, what stands on its left side and what on its right.
    #[must_use]
    pub fn imbalance(&self) -> Vec<(Rule, u64, u64)> {
        let sum = |parts: &[u32]| parts.iter().map(|part| u64::from(*part)).sum::<u64>();
        let equal = [
            (Rule::X12, self.received, sum(&[self.issued, self.unissued])),
            (Rule::X13, self.issued, sum(&[self.in_box, self.spoilt, self.unaccounted])),
            (Rule::X14, self.in_box, sum(&[self.valid, self.rejected])),
            (Rule::X15, self.issued, u64::from(self.roll_marks)),
        ];
        let unequal = equal.into_iter().map(|(rule, left, right)| (rule, u64::from(left), right));
        let mut found: Vec<_> = unequal.filter(|(_, left, right)| left != right).collect();
        if self.in_box > self.registered {
            found.push((Rule::X18, u64::from(self.in_box), u64::from(self.registered)));
        }
        found
    }

    /// Names of the totals that differ from others.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let pairs = [
            ("registered", self.registered, other.registered),
            ("received", self.received, other.received),
            ("issued", self.issued, other.issued),
            ("unissued", self.unissued, other.unissued),
            ("in-box", self.in_box, other.in_box),
            ("spoilt", self.spoilt, other.spoilt),
            ("unaccounted", self.unaccounted, other.unaccounted),
            ("valid", self.valid, other.valid),
            ("rejected", self.rejected, other.rejected),
            ("roll-marks", self.roll_marks, other.roll_marks),
        ];
        let differ = pairs.into_iter().filter(|(_, a, b)| a != b).map(|(name, ..)| name);
        let women = (self.women != other.women).then_some("women");
        differ.chain(women).collect()
    }
}

/// One signed paper: its sealed image, and the code that is written on it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Sheet {
    #[n(0)]
    pub form: FormKind,
    /// SHA-256 of the image before it was sealed: whoever opens it can tell that it is the one.
    #[n(1)]
    pub image: Hash32,
    /// SHA-256 of the sealed bytes, by which they are stored.
    #[n(2)]
    pub sealed: Hash32,
    #[n(3)]
    pub code: String,
}

/// Letters and digits that nobody confuses when they are read out.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The code of one paper: eight letters, forty bits. Whoever exchanges the paper, the contest or the image has to find
/// another image with the same code: one in a million million.
#[must_use]
pub fn code(
    station: &StationId,
    contest: &ConstituencyId,
    form: FormKind,
    image: &Hash32,
) -> String {
    let mut hash = Sha256::new();
    for part in ["pehra form code 1", station.as_str(), contest.as_str(), form.name()] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.update(image.0);
    let digest: [u8; 32] = hash.finalize().into();
    let bits = digest.iter().take(5).fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    let letter = |place: u32| {
        let at = usize::try_from(bits >> (5 * (7 - place)) & 31).unwrap_or(0);
        char::from(LETTERS.get(at).copied().unwrap_or(b'0'))
    };
    let mut text: String = (0..8).map(letter).collect();
    text.insert(4, '-');
    text
}

/// A code as it was meant: `0` is read as `O` and `1` as `I` or `L`.
pub(super) fn plain(code: &str) -> String {
    let letters = code.chars().filter(|it| it.is_ascii_alphanumeric());
    letters
        .map(|it| match it.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

/// The count at a station, as the presiding officer signs it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Counted {
    #[n(0)]
    pub station: StationId,
    #[n(1)]
    pub contest: ConstituencyId,
    #[n(2)]
    pub at: UnixMs,
    #[n(3)]
    pub totals: Totals,
    #[n(4)]
    pub sheets: Vec<Sheet>,
    /// Agents who signed.
    #[n(5)]
    pub agents: u16,
    /// Why none did; may be empty.
    #[n(6)]
    pub unsigned_reason: String,
    /// Posted outside the station.
    #[n(7)]
    pub posted: bool,
    /// Copies given to agents.
    #[n(8)]
    pub copies: u16,
}

/// Totals and codes as somebody typed them from the paper, without seeing the station's.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct FormRead {
    #[n(0)]
    pub station: StationId,
    #[n(1)]
    pub contest: ConstituencyId,
    #[n(2)]
    pub desk: Desk,
    #[n(3)]
    pub at: UnixMs,
    #[n(4)]
    pub totals: Totals,
    /// The codes that stand on the papers.
    #[n(5)]
    pub codes: Vec<(FormKind, String)>,
}

/// One person's word that paper and sealed image are the same, or differ. "Same" takes two.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Compared {
    #[n(0)]
    pub station: StationId,
    #[n(1)]
    pub contest: ConstituencyId,
    #[n(2)]
    pub form: FormKind,
    #[n(3)]
    pub desk: Desk,
    #[n(4)]
    pub at: UnixMs,
    #[n(5)]
    pub same: bool,
    /// The first person's word, which this one signs too.
    #[n(6)]
    pub first: Option<EventRef>,
}

/// A copy of a form that somebody saw, or found gone.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct CopySeen {
    #[n(0)]
    pub station: StationId,
    #[n(1)]
    pub contest: ConstituencyId,
    #[n(2)]
    pub copy: Copy,
    #[n(3)]
    pub at: UnixMs,
    #[n(4)]
    pub there: bool,
    #[n(5)]
    pub note: String,
}

impl Compared {
    /// Whether this is the first person's word to which another is the second.
    pub(crate) fn is_before(&self, second: &Self) -> bool {
        let about = |it: &Self| (it.station.clone(), it.contest.clone(), it.form, it.desk);
        self.first.is_none() && about(self) == about(second)
    }
}

impl Counted {
    /// The station and contest that it is about.
    #[must_use]
    pub fn key(&self) -> (StationId, ConstituencyId) {
        (self.station.clone(), self.contest.clone())
    }
}
