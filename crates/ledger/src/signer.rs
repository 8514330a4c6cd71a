//! Who signs: a key in memory, or a token that never gives its key away.
//!
//! Whoever signs is only ever handed bytes that begin with the label of what they are, made in this crate: a token that
//! is plugged in cannot be made to sign anything else through it. What comes back is checked before it is used.

use crate::canonical::is_plain;
use crate::certificate::{Body, Statement};
use crate::entry::{COSIGN_LABEL, COSIGN_ROLE_BYTES_MAX, Cosignature};
use crate::hash::{Hash, LABEL_BYTES};
use crate::key::{DeviceId, PublicKey, Signature, SigningKey, message};

/// A label, a hash and what belongs to it. Only this crate makes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled(Vec<u8>);

impl Labelled {
    pub(crate) fn new(label: &[u8; LABEL_BYTES], hash: &Hash, rest: &[u8]) -> Self {
        Self(message(label, hash, rest))
    }

    /// What is signed, under Ed25519 without prehashing or context.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

const CALLER_LABEL: &[u8; LABEL_BYTES] = b"pehra/caller/1\0";

/// What a device signs to be told by a node what concerns it: a number that the node has just given out.
#[must_use]
pub fn caller(device: DeviceId, number: &[u8]) -> Labelled {
    Labelled::new(CALLER_LABEL, &Hash::of_parts([number, &device.0[..]]), &[])
}

/// Why there is no signature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignerError {
    #[error("the token does not sign: {0}")]
    Refused(String),
    #[error("the token's signature does not hold under the key that it names: do not use it")]
    DoesNotHold,
    #[error("the part of a co-signature is 1 to {COSIGN_ROLE_BYTES_MAX} bytes of plain text")]
    Part,
    #[error(
        "the statement breaks a limit of its format, or there is nobody to sign it, or too many"
    )]
    Statement,
}

/// Signs in the name of one key.
pub trait Signer {
    /// The key in whose name it signs.
    fn public(&self) -> PublicKey;

    /// Signs.
    ///
    /// # Errors
    /// [`SignerError::Refused`]: the token was pulled out, locked or is broken.
    fn sign_labelled(&self, message: &Labelled) -> Result<Signature, SignerError>;
}

impl Signer for SigningKey {
    fn public(&self) -> PublicKey {
        self.public()
    }

    fn sign_labelled(&self, message: &Labelled) -> Result<Signature, SignerError> {
        Ok(self.sign(message.bytes()))
    }
}

pub(crate) fn signed(
    signer: &dyn Signer,
    message: &Labelled,
) -> Result<(PublicKey, Signature), SignerError> {
    let (key, signature) = (signer.public(), signer.sign_labelled(message)?);
    if key.verify(message.bytes(), &signature) {
        Ok((key, signature))
    } else {
        Err(SignerError::DoesNotHold)
    }
}

/// A co-signature as [`Cosignature::sign`] makes it, by whatever signs.
///
/// # Errors
/// [`SignerError`].
pub fn cosign(signer: &dyn Signer, part: &str, entry: &Hash) -> Result<Cosignature, SignerError> {
    if part.is_empty() || part.len() > COSIGN_ROLE_BYTES_MAX || !is_plain(part) {
        return Err(SignerError::Part);
    }
    let (key, signature) = signed(signer, &Labelled::new(COSIGN_LABEL, entry, part.as_bytes()))?;
    Ok(Cosignature { key, part: part.to_owned(), signature })
}

/// A statement as [`Statement::sign`] makes it, by whatever signs: the root's keys may lie on tokens.
///
/// # Errors
/// [`SignerError`].
pub fn state<B: Body>(body: B, signers: &[&dyn Signer]) -> Result<Statement<B>, SignerError> {
    let message = Labelled::new(B::LABEL, &Hash::labelled(B::LABEL, &body.encode()), &[]);
    let signatures =
        signers.iter().map(|signer| signed(*signer, &message)).collect::<Result<_, _>>()?;
    Statement::of_signatures(body, signatures).map_err(|_not_writable| SignerError::Statement)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::RevocationBody;
    use crate::key::DeviceId;

    /// A token that signs something else than it was asked to.
    struct Faulty(SigningKey);

    impl Signer for Faulty {
        fn public(&self) -> PublicKey {
            self.0.public()
        }

        fn sign_labelled(&self, _message: &Labelled) -> Result<Signature, SignerError> {
            Ok(self.0.sign(b"something else"))
        }
    }

    fn revocation() -> RevocationBody {
        RevocationBody {
            election: [1; 16],
            key: DeviceId([2; 16]),
            last: Vec::new(),
            at_ms: 3,
            reason: "lost".to_owned(),
            witnessed_before_ms: None,
        }
    }

    #[test]
    fn whatever_signs_gives_the_same_bytes() {
        let (one, two) = (SigningKey::from_seed([1; 32]), SigningKey::from_seed([2; 32]));
        let entry = Hash::of(b"entry");
        assert_eq!(
            cosign(&one, "actor", &entry),
            Ok(Cosignature::sign(&one, "actor", &entry).unwrap())
        );
        let plain = Statement::sign(revocation(), &[&one, &two]).unwrap();
        assert_eq!(state(revocation(), &[&two, &one]), Ok(plain.clone()));
        assert!(plain.holds());
    }

    #[test]
    fn a_faulty_token_is_noticed_at_once() {
        let faulty = Faulty(SigningKey::from_seed([1; 32]));
        let entry = Hash::of(b"entry");
        assert_eq!(cosign(&faulty, "actor", &entry), Err(SignerError::DoesNotHold));
        assert_eq!(state(revocation(), &[&faulty]), Err(SignerError::DoesNotHold));
    }

    #[test]
    fn a_part_or_statement_beyond_the_limits_is_refused() {
        let key = SigningKey::from_seed([1; 32]);
        assert_eq!(cosign(&key, "", &Hash::ZERO), Err(SignerError::Part));
        assert_eq!(state(revocation(), &[]), Err(SignerError::Statement));
        let endless = RevocationBody { reason: "x".repeat(65), ..revocation() };
        assert_eq!(state(endless, &[&key]), Err(SignerError::Statement));
    }
}
