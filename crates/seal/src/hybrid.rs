//! Wrapping a 32-byte key for one holder: HPKE (RFC 9180), base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
//! ChaCha20-Poly1305, one message for each context.

use crate::chance::Draw;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem as _, X25519HkdfSha256};
use hpke::{Deserializable, OpModeR, OpModeS, Serializable};
use pehra_ledger::canonical::{CanonicalError, Reader, Writer};
use pehra_ledger::{Hash, hash::LABEL_BYTES};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

type Kem = X25519HkdfSha256;
type PrivateKey = <Kem as hpke::Kem>::PrivateKey;

/// A device keeps one secret: what opens for it follows from what signs for it, under this label.
const DEVICE_LABEL: &[u8; LABEL_BYTES] = b"pehra/bunkey/1\0";

/// An X25519 public key to which others seal; a certificate carries it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SealingPublic(pub [u8; 32]);

impl std::fmt::Debug for SealingPublic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealingPublic({})", Hash(self.0))
    }
}

/// The private X25519 key that opens what was sealed to its holder. Wiped when dropped, never printed.
#[derive(Clone)]
pub struct OpeningKey {
    key: PrivateKey,
}

impl std::fmt::Debug for OpeningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OpeningKey({:?})", self.public())
    }
}

/// A public key with which nobody can agree on a secret: all zero or of small order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no key to which anything can be sealed")]
pub struct WeakKey(pub SealingPublic);

impl OpeningKey {
    /// The key that belongs to 32 secret random bytes; chance is the caller's.
    #[must_use]
    pub fn from_secret(mut secret: [u8; 32]) -> Self {
        // RFC 7748 §5: the bits that every scalar has settled. The crate below does the same when it reads.
        let [first, .., last] = &mut secret;
        *first &= 0xf8;
        *last = (*last & 0x7f) | 0x40;
        let secret = Zeroizing::new(secret);
        let key = PrivateKey::from_bytes(&secret[..]).unwrap_or_else(|_wrong_length| {
            // The length is settled by the type; another key would open nothing.
            Kem::derive_keypair(&secret[..]).0
        });
        Self { key }
    }

    /// The key that opens for a device, from the 32 bytes of its signing key: the one that its certificate names.
    #[must_use]
    pub fn of_device(seed: &[u8; 32]) -> Self {
        Self::from_secret(Hash::labelled(DEVICE_LABEL, seed).0)
    }

    /// What this holder and the holder of another key both know and nobody else: X25519 (RFC 7748) of the two, raw.
    /// It is never a key itself: derive one for each purpose and bind both ends to it.
    ///
    /// # Errors
    /// [`WeakKey`]: with that key everybody would know it.
    pub fn agree(&self, with: SealingPublic) -> Result<Zeroizing<[u8; 32]>, WeakKey> {
        let shared = StaticSecret::from(*self.secret()).diffie_hellman(&PublicKey::from(with.0));
        if shared.was_contributory() {
            Ok(Zeroizing::new(shared.to_bytes()))
        } else {
            Err(WeakKey(with))
        }
    }

    /// The secret bytes, to be stored where only the holder can read them.
    #[must_use]
    pub fn secret(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.key.to_bytes().into())
    }

    /// What others seal to.
    #[must_use]
    pub fn public(&self) -> SealingPublic {
        SealingPublic(Kem::sk_to_pk(&self.key).to_bytes().into())
    }
}

pub(crate) const ENC_BYTES: usize = 32;
pub(crate) const WRAPPED_BYTES: usize = 48;

/// A key wrapped for one holder. It names nobody: who it is for is found by trying to open it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Envelope {
    pub(crate) enc: [u8; ENC_BYTES],
    pub(crate) wrapped: [u8; WRAPPED_BYTES],
}

impl Envelope {
    /// Wraps `key` for the holder of `to`; `info` says what for, and must be the same when it is opened.
    pub(crate) fn wrap(
        to: SealingPublic,
        info: &[u8],
        key: &[u8; 32],
        draw: &mut Draw,
    ) -> Result<Self, WeakKey> {
        let public = <Kem as hpke::Kem>::PublicKey::from_bytes(&to.0)
            .map_err(|_cause_is_the_length| WeakKey(to))?;
        let (enc, wrapped) = hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, Kem>(
            &OpModeS::Base,
            &public,
            info,
            key,
            &[],
            draw,
        )
        .map_err(|_agreement_on_nothing| WeakKey(to))?;
        let wrapped = <[u8; WRAPPED_BYTES]>::try_from(wrapped)
            .map_err(|_key_and_tag_have_48_bytes| WeakKey(to))?;
        Ok(Self { enc: enc.to_bytes().into(), wrapped })
    }

    /// A place that nobody can open and that looks like one that somebody can.
    pub(crate) fn filler(draw: &mut Draw) -> Result<Self, WeakKey> {
        let nobody = OpeningKey::from_secret(draw.open());
        let nothing = draw.secret::<32>();
        Self::wrap(nobody.public(), b"pehra/seal/filler/1", &nothing, draw)
    }

    /// The key, if this place is for `holder` and `info` is the one it was wrapped under.
    pub(crate) fn unwrap_with(
        &self,
        holder: &OpeningKey,
        info: &[u8],
    ) -> Option<Zeroizing<[u8; 32]>> {
        let enc = <Kem as hpke::Kem>::EncappedKey::from_bytes(&self.enc).ok()?;
        let opened = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Kem>(
            &OpModeR::Base,
            &holder.key,
            &enc,
            info,
            &self.wrapped,
            &[],
        );
        let opened = Zeroizing::new(opened.ok()?);
        <[u8; 32]>::try_from(&opened[..]).ok().map(Zeroizing::new)
    }

    pub(crate) fn write(&self, w: &mut Writer) {
        w.array(2).bytes(&self.enc).bytes(&self.wrapped);
    }

    pub(crate) fn read(r: &mut Reader<'_>) -> Result<Self, CanonicalError> {
        r.array_of(2)?;
        Ok(Self { enc: r.exact()?, wrapped: r.exact()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;
    use rand_core::{TryCryptoRng, TryRng};
    use std::convert::Infallible;

    fn hash(text: &str) -> [u8; 32] {
        text.parse::<Hash>().unwrap().0
    }

    /// Gives the standard's ephemeral key material.
    struct Shown([u8; 32]);

    impl TryRng for Shown {
        type Error = Infallible;
        fn try_next_u32(&mut self) -> Result<u32, Infallible> {
            unreachable!("the key encapsulation reads whole keys")
        }
        fn try_next_u64(&mut self) -> Result<u64, Infallible> {
            unreachable!("the key encapsulation reads whole keys")
        }
        fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Infallible> {
            to.copy_from_slice(&self.0);
            Ok(())
        }
    }

    impl TryCryptoRng for Shown {}

    #[test]
    fn the_suite_gives_the_bytes_of_the_standards_vector() {
        // RFC 9180, appendix A.2.1, first message.
        let ephemeral = hash("909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b");
        let holder = OpeningKey::from_secret(hash(
            "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb",
        ));
        let public = hash("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a");
        assert_eq!(holder.public(), SealingPublic(public));
        let to = <Kem as hpke::Kem>::PublicKey::from_bytes(&public).unwrap();
        let (info, text) = (b"Ode on a Grecian Urn", b"Beauty is truth, truth beauty");
        let (enc, sealed) = hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, Kem>(
            &OpModeS::Base,
            &to,
            info,
            text,
            b"Count-0",
            &mut Shown(ephemeral),
        )
        .unwrap();
        let shown_enc = hash("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a");
        assert_eq!(<[u8; 32]>::from(enc.to_bytes()), shown_enc);
        let shown = "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db\
                     21993c62ce81883d2dd1b51a28";
        let hex: String = sealed.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, shown);
        let opened = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Kem>(
            &OpModeR::Base,
            &holder.key,
            &enc,
            info,
            &sealed,
            b"Count-0",
        );
        assert_eq!(opened.unwrap(), text);
    }

    #[test]
    fn a_kept_key_opens_what_the_first_one_opened() {
        let first = OpeningKey::from_secret([0xff; 32]);
        let again = OpeningKey::from_secret(*first.secret());
        assert_eq!(first.public(), again.public());
        assert_eq!(first.secret(), again.secret());
    }

    #[test]
    fn another_holder_or_purpose_opens_nothing() {
        let holder = OpeningKey::from_secret([3; 32]);
        let mut draw = Chance::from_bytes([1; 32]).draw("test", []);
        let envelope = Envelope::wrap(holder.public(), b"a", &[9; 32], &mut draw).unwrap();
        assert_eq!(envelope.unwrap_with(&holder, b"a").as_deref(), Some(&[9; 32]));
        assert!(envelope.unwrap_with(&holder, b"b").is_none());
        assert!(envelope.unwrap_with(&OpeningKey::from_secret([4; 32]), b"a").is_none());
        let filler = Envelope::filler(&mut draw).unwrap();
        assert!(filler.unwrap_with(&holder, b"a").is_none());
    }

    #[test]
    fn a_key_of_small_order_is_refused() {
        let mut draw = Chance::from_bytes([1; 32]).draw("test", []);
        let mut one = [0; 32];
        one[0] = 1;
        for weak in [[0; 32], one] {
            let to = SealingPublic(weak);
            assert_eq!(Envelope::wrap(to, b"", &[0; 32], &mut draw), Err(WeakKey(to)));
        }
    }

    #[test]
    fn two_holders_agree_on_the_bytes_of_the_standards_vector() {
        // RFC 7748, section 6.1.
        let one = OpeningKey::from_secret(hash(
            "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
        ));
        let other = OpeningKey::from_secret(hash(
            "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
        ));
        let shared = hash("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
        assert_eq!(*one.agree(other.public()).unwrap(), shared);
        assert_eq!(*other.agree(one.public()).unwrap(), shared);
    }

    #[test]
    fn nothing_is_agreed_with_a_key_of_small_order() {
        let own = OpeningKey::from_secret([3; 32]);
        for weak in
            [[0; 32], hash("0100000000000000000000000000000000000000000000000000000000000000")]
        {
            assert_eq!(own.agree(SealingPublic(weak)), Err(WeakKey(SealingPublic(weak))));
        }
    }

    #[test]
    fn another_device_opens_with_another_key() {
        let of = |seed: u8| OpeningKey::of_device(&[seed; 32]).public();
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
        assert_ne!(of(1), OpeningKey::from_secret([1; 32]).public());
    }

    #[test]
    fn a_private_key_does_not_print_itself() {
        let shown = format!("{:?}", OpeningKey::from_secret([0x48; 32]));
        assert!(!shown.contains("4848"), "{shown}");
    }
}
