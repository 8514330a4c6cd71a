//! The founding of an election: its name and the keys on which every certificate rests. A public file: whoever has it
//! and has compared its fingerprint can check everything that was ever signed, and needs nothing else.

use crate::armour::{ArmourError, Piece};
use crate::canonical::{CanonicalError, Reader, Writer, is_plain};
use crate::certificate::ISSUERS_MAX;
use crate::hash::{Hash, LABEL_BYTES};
use crate::header::{NAME_BYTES_MAX, ascending};
use crate::key::PublicKey;
use crate::roster::Root;

const VERSION: u8 = 1;
const GENESIS_LABEL: &[u8; LABEL_BYTES] = b"pehra/genesi/1\0";
const ELECTION_LABEL: &[u8] = b"pehra/election/1";
/// What the file says it is.
pub const PIECE: &str = "election-1";

/// Who founds an election.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Genesis {
    /// The election's id as people write it, for example `PK-GE-2024`.
    pub election: String,
    /// In ascending order, each once.
    keys: Vec<PublicKey>,
    threshold: usize,
}

/// Why keys found no election.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GenesisError {
    #[error("an election's id is 1 to {NAME_BYTES_MAX} bytes of plain text")]
    Election,
    #[error("an election is founded by 1 to {ISSUERS_MAX} different keys")]
    Keys,
    #[error("of {keys} keys between 1 and {keys} must sign, not {threshold}")]
    Threshold { keys: usize, threshold: usize },
    #[error("this is not an election's founding file: it must begin with `pehra-{PIECE}`")]
    NotGenesis,
    #[error("the founding file is damaged: copy it again")]
    Damaged(#[from] CanonicalError),
    #[error("the founding file cannot be read")]
    Armour(#[from] ArmourError),
}

/// The ledger's name of an election: the first 16 bytes of a labelled SHA-256 of its id.
#[must_use]
pub fn election_name(id: &str) -> [u8; 16] {
    let hash = Hash::of_parts([ELECTION_LABEL, id.as_bytes()]);
    std::array::from_fn(|i| hash.0[i])
}

impl Genesis {
    /// # Errors
    /// [`GenesisError`] names what is wrong.
    pub fn try_new(
        election: &str,
        mut keys: Vec<PublicKey>,
        threshold: usize,
    ) -> Result<Self, GenesisError> {
        if election.is_empty() || election.len() > NAME_BYTES_MAX || !is_plain(election) {
            return Err(GenesisError::Election);
        }
        keys.sort_unstable();
        let all = keys.len();
        keys.dedup();
        if keys.is_empty() || keys.len() > ISSUERS_MAX || keys.len() != all {
            return Err(GenesisError::Keys);
        }
        if threshold == 0 || threshold > all {
            return Err(GenesisError::Threshold { keys: all, threshold });
        }
        Ok(Self { election: election.to_owned(), keys, threshold })
    }

    #[must_use]
    pub fn root(&self) -> Root {
        Root { keys: self.keys.clone(), threshold: self.threshold }
    }

    /// The ledger's name of the election.
    #[must_use]
    pub fn election_name(&self) -> [u8; 16] {
        election_name(&self.election)
    }

    /// Names the founding. Two people who read the same digits to each other hold the same file.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::labelled(GENESIS_LABEL, &self.encode())
    }

    /// The hash for reading aloud: eight groups of five digits, 128 bits of it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let groups = self.hash().0;
        let group = |pair: &[u8]| {
            let value = pair.iter().fold(0_u32, |sum, &byte| sum << 8 | u32::from(byte));
            format!("{value:05}")
        };
        groups.chunks(2).take(8).map(group).collect::<Vec<_>>().join(" ")
    }

    /// The canonical bytes: [1, election text, threshold, keys ascending].
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        let threshold = u8::try_from(self.threshold).unwrap_or(u8::MAX);
        w.array(4).uint(VERSION).text(&self.election).uint(threshold).array(self.keys.len());
        for key in &self.keys {
            w.bytes(&key.0);
        }
        w.finish()
    }

    /// # Errors
    /// [`GenesisError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, GenesisError> {
        let mut r = Reader::new(bytes);
        r.array_of(4)?;
        r.constant(VERSION)?;
        let election = r.text(NAME_BYTES_MAX)?.to_owned();
        let threshold = usize::from(r.u8()?);
        let keys = ascending(&mut r, ISSUERS_MAX, |r| Ok(PublicKey(r.exact()?)), |a, b| a < b)?;
        r.end()?;
        Self::try_new(&election, keys, threshold)
    }

    /// The file as people copy it.
    #[must_use]
    pub fn to_text(&self) -> String {
        let remark = format!("{}: {}", self.election, self.fingerprint());
        Piece::new(PIECE, self.encode()).to_text(&remark)
    }

    /// # Errors
    /// [`GenesisError`].
    pub fn from_text(text: &str) -> Result<Self, GenesisError> {
        let pieces = Piece::all(text)?;
        let found = pieces.iter().find(|piece| piece.kind == PIECE);
        Self::decode(&found.ok_or(GenesisError::NotGenesis)?.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SigningKey;
    use proptest::prelude::*;

    fn keys(count: u8) -> Vec<PublicKey> {
        (0..count).map(|seed| SigningKey::from_seed([seed + 1; 32]).public()).collect()
    }

    #[test]
    fn a_founding_survives_its_file_and_reads_out_loud() {
        let genesis = Genesis::try_new("PK-GE-2024", keys(5), 3).unwrap();
        assert_eq!(Genesis::from_text(&genesis.to_text()), Ok(genesis.clone()));
        assert_eq!(genesis.fingerprint().len(), 8 * 5 + 7);
        assert_eq!((genesis.root().keys.len(), genesis.root().threshold), (5, 3));
        let other = Genesis::try_new("PK-GE-2024", keys(5), 2).unwrap();
        assert_ne!(genesis.fingerprint(), other.fingerprint());
        assert_eq!(genesis.election_name(), other.election_name());
    }

    #[test]
    fn keys_that_found_nothing_are_named() {
        assert_eq!(Genesis::try_new("", keys(1), 1), Err(GenesisError::Election));
        assert_eq!(Genesis::try_new("x", Vec::new(), 1), Err(GenesisError::Keys));
        let twice = [keys(1), keys(1)].concat();
        assert_eq!(Genesis::try_new("x", twice, 1), Err(GenesisError::Keys));
        let none = GenesisError::Threshold { keys: 2, threshold: 0 };
        assert_eq!(Genesis::try_new("x", keys(2), 0), Err(none));
        assert!(Genesis::try_new("x", keys(2), 3).is_err());
        assert!(matches!(Genesis::from_text("hello"), Err(GenesisError::Armour(_))));
        let other = Piece::new("request-1", vec![1]).to_text("");
        assert_eq!(Genesis::from_text(&other), Err(GenesisError::NotGenesis));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_stumble(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(genesis) = Genesis::decode(&bytes) {
                prop_assert_eq!(genesis.encode(), bytes);
            }
        }
    }
}
