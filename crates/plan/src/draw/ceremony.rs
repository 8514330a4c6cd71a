//! How a seed comes to be that nobody could choose: parties commit to secrets, then reveal them all.
//!
//! ```text
//! commitment = SHA-256("pehra draw commitment 1" ‖ 0 ‖ subject ‖ stage ‖ length of party ‖ party ‖ secret)
//! seed       = SHA-256("pehra draw seed 1" ‖ 0 ‖ subject ‖ stage ‖ for each party in order of name: length ‖ name ‖ secret)
//! ```
//! The subject is the hash of the input for the first stage and that of the roster published before for the later ones,
//! so that a commitment can be made only to what is fixed already. A stage is one byte, a length one byte, a secret 32.
//! One honest party with a good secret is enough for a seed that nobody could foresee.

use super::Stage;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Fewest parties of a draw.
pub const PARTIES_MIN: usize = 3;
/// Most parties of a draw.
pub const PARTIES_MAX: usize = 16;
/// Longest name of a party, in bytes.
pub const PARTY_BYTES_MAX: usize = 64;

/// What a party said before any secret was known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
pub struct Commitment {
    #[n(0)]
    pub party: String,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub digest: [u8; 32],
}

/// A party's secret, given by itself or put together by the others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
pub struct Reveal {
    #[n(0)]
    pub party: String,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub secret: [u8; 32],
}

/// Why there is no seed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CeremonyError {
    #[error("{0} parties committed; a draw needs {PARTIES_MIN} to {PARTIES_MAX}")]
    Parties(usize),
    #[error("a party's name is empty or longer than {PARTY_BYTES_MAX} bytes")]
    Name,
    #[error("{0} committed twice")]
    CommittedTwice(String),
    #[error("{0} revealed a secret without having committed to one")]
    NotCommitted(String),
    #[error("{0} revealed twice")]
    RevealedTwice(String),
    #[error("the secret of {0} is not the one committed to")]
    OtherSecret(String),
    #[error(
        "the secret of {0} is missing: ask for it, or let the others put it together from their shares"
    )]
    Withheld(String),
}

fn named(party: &str) -> Result<[u8; 1], CeremonyError> {
    let length = u8::try_from(party.len()).ok();
    let length = length.filter(|&length| (1..=PARTY_BYTES_MAX).contains(&usize::from(length)));
    length.map(|length| [length]).ok_or(CeremonyError::Name)
}

fn begin(label: &str, subject: &[u8; 32], stage: Stage) -> Sha256 {
    let mut hash = Sha256::new();
    hash.update(label.as_bytes());
    hash.update([0]);
    hash.update(subject);
    hash.update([match stage {
        Stage::Pool => 0,
        Stage::Posts => 1,
        Stage::Stations => 2,
    }]);
    hash
}

/// What a party publishes of its secret.
///
/// # Errors
/// [`CeremonyError::Name`].
pub fn commit(
    subject: &[u8; 32],
    stage: Stage,
    party: &str,
    secret: &[u8; 32],
) -> Result<Commitment, CeremonyError> {
    let length = named(party)?;
    let mut hash = begin("pehra draw commitment 1", subject, stage);
    hash.update(length);
    hash.update(party.as_bytes());
    hash.update(secret);
    Ok(Commitment { party: party.to_owned(), digest: hash.finalize().into() })
}

/// The seed of a stage, when all who committed have revealed what they committed to. The order of neither list matters.
///
/// # Errors
/// [`CeremonyError`] names the party that is to blame, or to be asked.
pub fn seed(
    subject: &[u8; 32],
    stage: Stage,
    commitments: &[Commitment],
    reveals: &[Reveal],
) -> Result<[u8; 32], CeremonyError> {
    if !(PARTIES_MIN..=PARTIES_MAX).contains(&commitments.len()) {
        return Err(CeremonyError::Parties(commitments.len()));
    }
    let mut commitments: Vec<&Commitment> = commitments.iter().collect();
    commitments.sort();
    if let Some([twice, _]) = commitments.array_windows().find(|[a, b]| a.party == b.party) {
        return Err(CeremonyError::CommittedTwice(twice.party.clone()));
    }
    let mut reveals: Vec<&Reveal> = reveals.iter().collect();
    reveals.sort();
    if let Some([twice, _]) = reveals.array_windows().find(|[a, b]| a.party == b.party) {
        return Err(CeremonyError::RevealedTwice(twice.party.clone()));
    }
    let committed = |party: &String| commitments.iter().any(|one| one.party == *party);
    if let Some(stranger) = reveals.iter().find(|one| !committed(&one.party)) {
        return Err(CeremonyError::NotCommitted(stranger.party.clone()));
    }
    let mut hash = begin("pehra draw seed 1", subject, stage);
    for one in commitments {
        let reveal = reveals.iter().find(|reveal| reveal.party == one.party);
        let reveal = reveal.ok_or_else(|| CeremonyError::Withheld(one.party.clone()))?;
        if commit(subject, stage, &one.party, &reveal.secret)? != *one {
            return Err(CeremonyError::OtherSecret(one.party.clone()));
        }
        hash.update(named(&one.party)?);
        hash.update(one.party.as_bytes());
        hash.update(reveal.secret);
    }
    Ok(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUBJECT: [u8; 32] = [5; 32];

    fn parties() -> (Vec<Commitment>, Vec<Reveal>) {
        ["police", "commission", "observers"]
            .iter()
            .zip(1_u8..)
            .map(|(party, number)| {
                let secret = [number; 32];
                let commitment = commit(&SUBJECT, Stage::Pool, party, &secret).unwrap();
                (commitment, Reveal { party: (*party).to_owned(), secret })
            })
            .unzip()
    }

    fn drawn(commitments: &[Commitment], reveals: &[Reveal]) -> Result<[u8; 32], CeremonyError> {
        seed(&SUBJECT, Stage::Pool, commitments, reveals)
    }

    #[test]
    fn the_order_in_which_parties_speak_decides_nothing() {
        let (mut commitments, mut reveals) = parties();
        let first = drawn(&commitments, &reveals).unwrap();
        commitments.reverse();
        reveals.rotate_left(1);
        assert_eq!(drawn(&commitments, &reveals).unwrap(), first);
    }

    #[test]
    fn another_secret_another_stage_or_another_input_gives_another_seed() {
        let (commitments, reveals) = parties();
        let first = drawn(&commitments, &reveals).unwrap();
        for (subject, stage, last) in
            [([6; 32], Stage::Pool, 3), (SUBJECT, Stage::Posts, 3), (SUBJECT, Stage::Pool, 4)]
        {
            let mut reveals = reveals.clone();
            reveals[2].secret = [last; 32];
            let commitments: Vec<Commitment> = reveals
                .iter()
                .map(|one| commit(&subject, stage, &one.party, &one.secret).unwrap())
                .collect();
            assert_ne!(seed(&subject, stage, &commitments, &reveals).unwrap(), first);
        }
    }

    #[test]
    fn whoever_breaks_the_rules_is_named() {
        let (commitments, reveals) = parties();
        let named = |party: &str| party.to_owned();
        assert_eq!(drawn(&commitments[..2], &reveals[..2]), Err(CeremonyError::Parties(2)));
        assert_eq!(
            drawn(&commitments, &reveals[..2]),
            Err(CeremonyError::Withheld(named("observers")))
        );
        let mut other = reveals.clone();
        other[0].secret = [9; 32];
        assert_eq!(drawn(&commitments, &other), Err(CeremonyError::OtherSecret(named("police"))));
        let mut twice = commitments.clone();
        twice.push(commit(&SUBJECT, Stage::Pool, "police", &[8; 32]).unwrap());
        assert_eq!(drawn(&twice, &reveals), Err(CeremonyError::CommittedTwice(named("police"))));
        let mut stranger = reveals.clone();
        stranger.push(Reveal { party: named("a passer-by"), secret: [0; 32] });
        assert_eq!(
            drawn(&commitments, &stranger),
            Err(CeremonyError::NotCommitted(named("a passer-by")))
        );
        let mut again = reveals;
        again.push(again[1].clone());
        assert_eq!(
            drawn(&commitments, &again),
            Err(CeremonyError::RevealedTwice(named("commission")))
        );
        assert_eq!(commit(&SUBJECT, Stage::Pool, "", &[0; 32]), Err(CeremonyError::Name));
    }

    #[test]
    fn names_and_secrets_cannot_be_shifted_against_each_other() {
        let secret = [b'a'; 32];
        let one = commit(&SUBJECT, Stage::Pool, "pa", &secret).unwrap();
        let other = commit(&SUBJECT, Stage::Pool, "p", &secret).unwrap();
        assert_ne!(one.digest, other.digest);
    }
}
