//! Ed25519 keys under one rule for signatures: ZIP-215, for single and for batch verification alike.

use crate::hash::{Hash, LABEL_BYTES};
use zeroize::Zeroize;

pub(crate) const AUTHOR_LABEL: &[u8; LABEL_BYTES] = b"pehra/author/1\0";

/// The first 16 bytes of the SHA-256 of a public key: names a device, a person's key or a co-signer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct DeviceId(pub [u8; 16]);

impl std::fmt::Display for DeviceId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::fmt::Debug for DeviceId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DeviceId({self})")
    }
}

/// An Ed25519 public key as it travels; checked when it is used.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey(pub [u8; 32]);

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PublicKey({})", Hash(self.0))
    }
}

/// An Ed25519 signature as it travels.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature(pub [u8; 64]);

impl std::fmt::Debug for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signature(")?;
        self.0.iter().take(8).try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str("…)")
    }
}

impl PublicKey {
    /// The short name of this key.
    #[must_use]
    pub fn id(&self) -> DeviceId {
        let digest = Hash::of(&self.0).0;
        let mut id = [0; 16];
        for (to, from) in id.iter_mut().zip(digest) {
            *to = from;
        }
        DeviceId(id)
    }

    /// Whether `signature` was made over `message` by the holder of this key, under ZIP-215.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &Signature) -> bool {
        let signature = ed25519_zebra::Signature::from_bytes(&signature.0);
        ed25519_zebra::VerificationKey::try_from(self.0)
            .and_then(|key| key.verify(&signature, message))
            .is_ok()
    }
}

/// A private key. It is wiped from memory when dropped, and never printed.
pub struct SigningKey {
    key: ed25519_zebra::SigningKey,
    public: PublicKey,
}

impl SigningKey {
    /// The key that belongs to 32 secret random bytes; chance is the caller's.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let key = ed25519_zebra::SigningKey::from(seed);
        let public = PublicKey(ed25519_zebra::VerificationKeyBytes::from(&key).into());
        Self { key, public }
    }

    /// The secret bytes, to be stored where only this node can read them.
    #[must_use]
    pub fn seed(&self) -> [u8; 32] {
        self.key.into()
    }

    #[must_use]
    pub fn public(&self) -> PublicKey {
        self.public
    }

    #[must_use]
    pub fn id(&self) -> DeviceId {
        self.public.id()
    }

    /// Signs bytes that already carry the label of what they are.
    #[must_use]
    pub(crate) fn sign(&self, message: &[u8]) -> Signature {
        Signature(self.key.sign(message).to_bytes())
    }
}

impl Drop for SigningKey {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({})", self.id())
    }
}

/// `label ‖ hash ‖ rest`: what is signed.
pub(crate) fn message(label: &[u8; LABEL_BYTES], hash: &Hash, rest: &[u8]) -> Vec<u8> {
    let mut message = Vec::with_capacity(LABEL_BYTES + 32 + rest.len());
    message.extend_from_slice(label);
    message.extend_from_slice(&hash.0);
    message.extend_from_slice(rest);
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_the_standards_first_vector() {
        // RFC 8032 §7.1, test 1: the empty message.
        let seed: Hash =
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60".parse().unwrap();
        let public: Hash =
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a".parse().unwrap();
        let key = SigningKey::from_seed(seed.0);
        assert_eq!(key.public(), PublicKey(public.0));
        assert_eq!(key.seed(), seed.0);
        let signature = key.sign(b"");
        assert_eq!(signature.0[..4], [0xe5, 0x56, 0x43, 0x00]);
        assert!(key.public().verify(b"", &signature));
        assert!(!key.public().verify(b"x", &signature));
    }

    #[test]
    fn a_private_key_does_not_print_itself() {
        let key = SigningKey::from_seed([7; 32]);
        let shown = format!("{key:?}");
        assert_eq!(shown, format!("SigningKey({})", key.id()));
        assert!(!shown.contains("0707"));
    }
}
