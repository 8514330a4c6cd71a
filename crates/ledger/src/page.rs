//! The code on a printed page: which sheet it is, of which entry, in the name of the node that printed it.
//!
//! Small enough for one code that a camera reads from paper. It proves that the holder of the key printed a sheet with
//! this content and this sentence from this entry. It does not prove that the entry had an effect, nor that the paper
//! shows what the code says: whoever scans it compares the sentence, and asks a node or the pack's proof for the rest.

use crate::canonical::{CanonicalError, Reader, Writer, is_plain};
use crate::hash::{Hash, LABEL_BYTES};
use crate::header::{Place, decode_place};
use crate::key::{DeviceId, PublicKey, Signature};
use crate::paper;
use crate::proof::{Proof, ProofRefusal};
use crate::signer::{Labelled, Signer, SignerError, signed};

pub(crate) const PAGE_LABEL: &[u8; LABEL_BYTES] = b"pehra/papers/1\0";
const VERSION: u8 = 1;
/// Longest sentence, in bytes.
pub const SAYS_BYTES_MAX: usize = 200;

/// What a page is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub election: [u8; 16],
    /// The entry that the sheet was made from, and its hash.
    pub entry: Place,
    pub entry_hash: Hash,
    /// SHA-256 of what stands on the sheet.
    pub sheet: Hash,
    /// What a reader compares with the paper: kind, place and counts.
    pub says: String,
}

/// The same, signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedPage {
    pub page: Page,
    pub key: DeviceId,
    pub signature: Signature,
}

/// Why a code is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageRefusal {
    #[error("the code is not in its canonical form: scan it again")]
    Canonical(#[from] CanonicalError),
    #[error("the code's sentence is 1 to {SAYS_BYTES_MAX} bytes of plain text")]
    Says,
    #[error("the page's signature does not hold: the code was changed")]
    Signature,
    #[error("the proof is of another entry than the page names")]
    OtherEntry,
    #[error("the page belongs to another election")]
    OtherElection,
    #[error("there is no key of {0} here: give the proof that lies beside the pack")]
    NoKey(DeviceId),
    #[error(transparent)]
    Proof(#[from] ProofRefusal),
}

impl Page {
    fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        self.write(&mut w, 6);
        w.finish()
    }

    fn write(&self, w: &mut Writer, items: usize) {
        w.array(items).uint(VERSION).bytes(&self.election);
        w.array(3).bytes(&self.entry.device.0).uint(self.entry.epoch).uint(self.entry.seq);
        w.bytes(&self.entry_hash.0).bytes(&self.sheet.0).text(&self.says);
    }

    fn message(&self) -> Labelled {
        Labelled::new(PAGE_LABEL, &Hash::labelled(PAGE_LABEL, &self.encode()), &[])
    }

    /// Signs the page in the name of one key.
    ///
    /// # Errors
    /// [`SignerError`]; [`SignerError::Part`] for a sentence that breaks the limit.
    pub fn sign(self, signer: &dyn Signer) -> Result<SignedPage, SignerError> {
        if self.says.is_empty() || self.says.len() > SAYS_BYTES_MAX || !is_plain(&self.says) {
            return Err(SignerError::Part);
        }
        let (key, signature) = signed(signer, &self.message())?;
        Ok(SignedPage { page: self, key: key.id(), signature })
    }
}

impl SignedPage {
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        self.page.write(&mut w, 8);
        w.bytes(&self.key.0).bytes(&self.signature.0);
        w.finish()
    }

    /// The code's text, in the letters of a code's alphanumeric mode.
    #[must_use]
    pub fn to_code(&self) -> String {
        paper::parts(&self.encode()).join("\n")
    }

    /// Reads a code; its signature is not checked yet.
    ///
    /// # Errors
    /// [`PageRefusal`].
    pub fn decode(bytes: &[u8]) -> Result<Self, PageRefusal> {
        let mut r = Reader::new(bytes);
        r.array_of(8)?;
        r.constant(VERSION)?;
        let election = r.exact()?;
        r.array_of(3)?;
        let entry = decode_place(&mut r)?;
        let (entry_hash, sheet) = (Hash(r.exact()?), Hash(r.exact()?));
        let says = r.text(SAYS_BYTES_MAX)?.to_owned();
        let (key, signature) = (DeviceId(r.exact()?), Signature(r.exact()?));
        r.end()?;
        if says.is_empty() || !is_plain(&says) {
            return Err(PageRefusal::Says);
        }
        let page = Page { election, entry, entry_hash, sheet, says };
        Ok(Self { page, key, signature })
    }

    /// Whether the key signed this page.
    #[must_use]
    pub fn holds(&self, key: &PublicKey) -> bool {
        key.id() == self.key && key.verify(self.page.message().bytes(), &self.signature)
    }

    /// Checks the page with the public root and, where the printer is not the root itself, with the keys that the proof of
    /// its entry carries. A proof must be of the very entry that the page names.
    ///
    /// # Errors
    /// [`PageRefusal`] names the first thing that does not hold.
    pub fn check(
        &self,
        election: [u8; 16],
        root: &crate::roster::Root,
        proof: Option<&Proof>,
    ) -> Result<(), PageRefusal> {
        if self.page.election != election {
            return Err(PageRefusal::OtherElection);
        }
        if let Some(proof) = proof {
            let (header, _) = proof.holds(root)?;
            if header.place != self.page.entry || proof.signed.hash() != self.page.entry_hash {
                return Err(PageRefusal::OtherEntry);
            }
        }
        let certified = proof.iter().flat_map(|it| &it.certificates).map(|one| one.body.key);
        let mut keys = certified.chain(root.keys.iter().copied());
        let key = keys.find(|key| key.id() == self.key).ok_or(PageRefusal::NoKey(self.key))?;
        if self.holds(&key) { Ok(()) } else { Err(PageRefusal::Signature) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SigningKey;
    use crate::roster::Root;

    fn page(key: &SigningKey) -> SignedPage {
        let entry = Place { device: key.id(), epoch: 1, seq: 7 };
        let says = "POSTING ORDER PK-71-21: 4 police, 2 policewomen".to_owned();
        let (entry_hash, sheet) = (Hash::of(b"entry"), Hash::of(b"sheet"));
        Page { election: [3; 16], entry, entry_hash, sheet, says }.sign(key).unwrap()
    }

    #[test]
    fn a_page_fits_one_code_and_is_checked_with_the_root_alone() {
        let key = SigningKey::from_seed([7; 32]);
        let signed = page(&key);
        let code = signed.to_code();
        assert!(!code.contains('\n') && code.len() < 480, "{}", code.len());
        let read = SignedPage::decode(&paper::join(&code).unwrap()).unwrap();
        assert_eq!(read, signed);
        let root = Root { keys: vec![key.public()], threshold: 1 };
        assert_eq!(read.check([3; 16], &root, None), Ok(()));
        assert_eq!(read.check([4; 16], &root, None), Err(PageRefusal::OtherElection));
        let other = Root { keys: vec![SigningKey::from_seed([8; 32]).public()], threshold: 1 };
        assert_eq!(read.check([3; 16], &other, None), Err(PageRefusal::NoKey(key.id())));
    }

    #[test]
    fn a_page_of_which_any_byte_was_changed_is_refused() {
        let key = SigningKey::from_seed([7; 32]);
        let bytes = page(&key).encode();
        let root = Root { keys: vec![key.public()], threshold: 1 };
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            let refused = SignedPage::decode(&changed).map(|it| it.check([3; 16], &root, None));
            assert!(!matches!(refused, Ok(Ok(()))), "byte {at}");
        }
    }

    #[test]
    fn a_sentence_that_is_empty_or_too_long_is_not_signed() {
        let key = SigningKey::from_seed([7; 32]);
        for says in [String::new(), "x".repeat(SAYS_BYTES_MAX + 1)] {
            let unsigned = Page { says, ..page(&key).page };
            assert_eq!(unsigned.sign(&key), Err(SignerError::Part));
        }
    }
}
