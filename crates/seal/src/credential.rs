//! The keys of one person or device, and the mark that every act of theirs carries.
//!
//! The mark is 16 bytes that follow from a secret of the credential and from the act. Nothing in a credential says
//! whether it was given under duress: duty officers, who hold the person's [`Watch`], see it from the mark; to
//! everybody else, the holder of the credential's file included, one mark looks like any other.

use crate::chance::{Chance, expand};
use crate::hybrid::OpeningKey;
use pehra_ledger::canonical::{CanonicalError, Reader, Writer, is_plain};
use pehra_ledger::{DeviceId, Hash, PublicKey, SigningKey};
use zeroize::Zeroizing;

/// Longest name of a person, device or custodian.
pub const NAME_BYTES_MAX: usize = 64;
pub(crate) const CREDENTIAL_BYTES: usize = 104;
const VERSION: u8 = 1;

/// An Ed25519 key that signs, an X25519 key that opens, and the secret behind the marks.
#[derive(Clone)]
pub struct Credential {
    seed: Zeroizing<[u8; 32]>,
    opening: OpeningKey,
    mark: MarkKey,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credential({})", self.public().id())
    }
}

impl PartialEq for Credential {
    fn eq(&self, other: &Self) -> bool {
        *self.encode() == *other.encode()
    }
}

impl Eq for Credential {}

impl Credential {
    /// Draws the keys of a new person or device.
    #[must_use]
    pub fn generate(chance: Chance) -> Self {
        let mut draw = chance.draw("pehra/seal/credential/1", []);
        let seed = draw.secret();
        let opening = OpeningKey::from_secret(*draw.secret());
        Self { seed, opening, mark: MarkKey(draw.secret()) }
    }

    /// Puts keys together that exist already.
    #[must_use]
    pub fn from_parts(seed: [u8; 32], opening: OpeningKey, mark: MarkKey) -> Self {
        Self { seed: Zeroizing::new(seed), opening, mark }
    }

    #[must_use]
    pub fn signing(&self) -> SigningKey {
        SigningKey::from_seed(*self.seed)
    }

    #[must_use]
    pub fn public(&self) -> PublicKey {
        self.signing().public()
    }

    #[must_use]
    pub fn opening(&self) -> &OpeningKey {
        &self.opening
    }

    /// The secret behind the marks, for the enrolment's [`Watch`].
    #[must_use]
    pub fn mark_key(&self) -> &MarkKey {
        &self.mark
    }

    /// The mark that goes with an act: over the hash of its payload, known before the entry's own.
    #[must_use]
    pub fn mark(&self, payload_hash: &Hash) -> Mark {
        self.mark.over(payload_hash)
    }

    /// Always [`CREDENTIAL_BYTES`] long.
    pub(crate) fn encode(&self) -> Zeroizing<Vec<u8>> {
        // Room for the tag as well: a buffer that grew would leave a copy of the secrets behind.
        let mut w = Writer::with_capacity(CREDENTIAL_BYTES + 16);
        w.array(4).uint(VERSION).bytes(&self.seed[..]);
        w.bytes(&self.opening.secret()[..]).bytes(&self.mark.0[..]);
        Zeroizing::new(w.finish())
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let mut r = Reader::new(bytes);
        r.array_of(4)?;
        r.constant(VERSION)?;
        let seed = Zeroizing::new(r.exact()?);
        let opening = OpeningKey::from_secret(r.exact()?);
        let mark = MarkKey(Zeroizing::new(r.exact()?));
        r.end()?;
        Ok(Self { seed, opening, mark })
    }
}

/// The secret from which marks follow.
#[derive(Clone, PartialEq, Eq)]
pub struct MarkKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for MarkKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MarkKey(…)")
    }
}

/// 16 bytes that go with an act of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(pub [u8; 16]);

impl MarkKey {
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The mark that goes with an act.
    #[must_use]
    pub fn over(&self, payload_hash: &Hash) -> Mark {
        let mut info = [0; 48];
        let label = b"pehra/seal/mark1";
        info.iter_mut().zip(label.iter().chain(&payload_hash.0)).for_each(|(to, it)| *to = *it);
        Mark(*expand(&self.0, &info))
    }
}

/// What a mark says to those who may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Made with the person's own key.
    Own,
    /// Made with the key that the person gives away under duress.
    Duress,
    /// Made with neither: forged, or by a credential that this watch does not know.
    Unknown,
}

/// How duty officers read a person's marks. It travels sealed to their compartment and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// The person's id.
    pub person: String,
    pub own: (DeviceId, MarkKey),
    /// Absent for a person without a duress code.
    pub duress: Option<(DeviceId, MarkKey)>,
}

impl Watch {
    /// The watch over a person's credentials.
    #[must_use]
    pub fn over(person: &str, own: &Credential, duress: Option<&Credential>) -> Self {
        let seen = |one: &Credential| (one.public().id(), one.mark_key().clone());
        Self { person: person.to_owned(), own: seen(own), duress: duress.map(seen) }
    }

    /// Reads the mark of an act.
    #[must_use]
    pub fn read(&self, payload_hash: &Hash, mark: Mark) -> Reading {
        let own = self.own.1.over(payload_hash) == mark;
        let duress = self.duress.as_ref().is_some_and(|(_, key)| key.over(payload_hash) == mark);
        match (own, duress) {
            (true, false) => Reading::Own,
            (_, true) => Reading::Duress,
            (false, false) => Reading::Unknown,
        }
    }

    /// Secret bytes: they are only ever sealed.
    #[must_use]
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut w = Writer::with_capacity(192);
        w.array(4).uint(VERSION).text(&self.person);
        w.array(2).bytes(&self.own.0.0).bytes(&self.own.1.0[..]);
        match &self.duress {
            Some((id, key)) => w.array(2).bytes(&id.0).bytes(&key.0[..]),
            None => w.null(),
        };
        Zeroizing::new(w.finish())
    }

    /// # Errors
    /// [`CanonicalError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let seen = |r: &mut Reader<'_>| -> Result<_, CanonicalError> {
            r.array_of(2)?;
            Ok((DeviceId(r.exact()?), MarkKey(Zeroizing::new(r.exact()?))))
        };
        let mut r = Reader::new(bytes);
        r.array_of(4)?;
        r.constant(VERSION)?;
        let person = r.text(NAME_BYTES_MAX)?.to_owned();
        let own = seen(&mut r)?;
        let duress = if r.is_null()? { None } else { Some(seen(&mut r)?) };
        r.end()?;
        Ok(Self { person, own, duress })
    }
}

/// Whether a name may stand in a file: 1 to 64 bytes of plain text.
pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= NAME_BYTES_MAX && is_plain(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn credential(seed: u8) -> Credential {
        Credential::generate(Chance::from_bytes([seed; 32]))
    }

    #[test]
    fn only_the_watch_tells_duress_from_an_ordinary_act() {
        let (own, given) = (credential(1), credential(2));
        let watch = Watch::over("dro-karachi", &own, Some(&given));
        let watch = Watch::decode(&watch.encode()).unwrap();
        let act = Hash::of(b"act");
        assert_eq!(watch.read(&act, own.mark(&act)), Reading::Own);
        assert_eq!(watch.read(&act, given.mark(&act)), Reading::Duress);
        assert_eq!(watch.read(&act, credential(3).mark(&act)), Reading::Unknown);
        assert_eq!(watch.read(&Hash::of(b"other"), own.mark(&act)), Reading::Unknown);
    }

    #[test]
    fn marks_of_one_person_cannot_be_joined() {
        let own = credential(1);
        assert_ne!(own.mark(&Hash::of(b"a")), own.mark(&Hash::of(b"b")));
    }

    #[test]
    fn a_credential_with_a_duress_mark_has_the_shape_of_every_other() {
        let (own, given) = (credential(1).encode(), credential(2).encode());
        assert_eq!((own.len(), given.len()), (CREDENTIAL_BYTES, CREDENTIAL_BYTES));
        let fixed: Vec<usize> = (0..CREDENTIAL_BYTES).filter(|&i| own[i] == given[i]).collect();
        // The heads of the lists; by chance a byte of the secrets may agree as well.
        for head in [0, 1, 2, 3, 36, 37, 70, 71] {
            assert!(fixed.contains(&head));
        }
    }

    #[test]
    fn a_credential_does_not_print_itself() {
        let one = Credential::from_parts(
            [0x77; 32],
            OpeningKey::from_secret([0x77; 32]),
            MarkKey::from_bytes([0x77; 32]),
        );
        assert!(!format!("{one:?} {:?}", Watch::over("p", &one, None)).contains("7777"));
    }

    proptest! {
        #[test]
        fn a_credential_comes_back(seed: u8) {
            let one = credential(seed);
            let back = Credential::decode(&one.encode()).unwrap();
            prop_assert_eq!(back.public(), one.public());
            prop_assert_eq!(back.opening().public(), one.opening().public());
            prop_assert_eq!(back, one);
        }

        #[test]
        fn any_bytes_are_read_without_harm(bytes: Vec<u8>) {
            prop_assert!(Credential::decode(&bytes).is_err());
            if let Ok(watch) = Watch::decode(&bytes) {
                prop_assert_eq!(&watch.encode()[..], &bytes[..]);
            }
        }
    }
}
