//! Signed notes, as c2sp.org/signed-note describes them: a text, an empty line, and a line for each signature. Go's
//! checksum database, and everything that watches such logs, reads and writes the same bytes.
//!
//! Two sorts of signature are known: a log's own (Ed25519 over the text) and a witness's cosignature/v1, which also
//! says when it was made (c2sp.org/tlog-cosignature). Lines of other sorts and of unknown keys are kept.
//!
//! Device keys also sign entries and statements. Those messages have a zero byte at their 15th place and no note may
//! contain one, so that nothing signed here can be taken for anything signed there.

use crate::base64;
use crate::hash::Hash;
use crate::key::{PublicKey, Signature, SigningKey};

/// Longest note that is looked at.
pub const NOTE_BYTES_MAX: usize = 16_384;
/// Signature lines that are looked at; more are refused.
pub const SIGNATURES_MAX: usize = 64;
const DASH: &str = "— ";

/// Why bytes are not a signed note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    #[error(
        "the note is longer than {NOTE_BYTES_MAX} bytes or has more than {SIGNATURES_MAX} signatures"
    )]
    TooLarge,
    #[error("the note is not a text, an empty line and lines of signatures")]
    Form,
    #[error("a key's name is 1 to 255 bytes without spaces and plus signs")]
    Name,
    #[error("this is not a verifier key of a sort known here")]
    VerifierKey,
}

/// What a key signs in a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// The text itself: Ed25519, algorithm 1.
    Log,
    /// The text with a time in front: cosignature/v1, algorithm 4.
    Witness,
}

impl Sort {
    fn algorithm(self) -> u8 {
        match self {
            Self::Log => 1,
            Self::Witness => 4,
        }
    }
}

/// A named key that signs notes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    key: PublicKey,
    sort: Sort,
}

impl Verifier {
    /// # Errors
    /// [`NoteError::Name`].
    pub fn try_new(name: &str, key: PublicKey, sort: Sort) -> Result<Self, NoteError> {
        if is_name(name) {
            Ok(Self { name: name.to_owned(), key, sort })
        } else {
            Err(NoteError::Name)
        }
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    #[must_use]
    pub fn key(&self) -> PublicKey {
        self.key
    }

    /// Four bytes that, with the name, say which key made a signature.
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        let parts = [self.name.as_bytes(), b"\n", &[self.sort.algorithm()], &self.key.0];
        let hash = Hash::of_parts(parts);
        std::array::from_fn(|at| hash.0.get(at).copied().unwrap_or_default())
    }

    /// `name+id+key`, as verifiers are configured everywhere.
    #[must_use]
    pub fn to_text(&self) -> String {
        let id = u32::from_be_bytes(self.id());
        let key = [&[self.sort.algorithm()][..], &self.key.0].concat();
        format!("{}+{id:08x}+{}", self.name, base64::encode(&key))
    }

    /// Reads `name+id+key`.
    ///
    /// # Errors
    /// [`NoteError`].
    pub fn from_text(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::VerifierKey);
        };
        let bytes = base64::decode(key).ok_or(NoteError::VerifierKey)?;
        let (algorithm, key) = bytes.split_first().ok_or(NoteError::VerifierKey)?;
        let sort = match algorithm {
            1 => Sort::Log,
            4 => Sort::Witness,
            _ => return Err(NoteError::VerifierKey),
        };
        let key = <[u8; 32]>::try_from(key).map_err(|_length| NoteError::VerifierKey)?;
        let verifier = Self::try_new(name, PublicKey(key), sort)?;
        if format!("{:08x}", u32::from_be_bytes(verifier.id())) == id {
            Ok(verifier)
        } else {
            Err(NoteError::VerifierKey)
        }
    }

    /// When this key signed the note: for a witness Unix seconds, for a log zero. None when it did not, or its
    /// signature does not hold.
    #[must_use]
    pub fn signed(&self, note: &Note) -> Option<u64> {
        let id = self.id();
        let lines = note.signatures.iter();
        let mut mine = lines.filter(|line| line.name == self.name && line.id == id);
        mine.find_map(|line| self.holds(&note.text, &line.signature))
    }

    fn holds(&self, text: &str, signature: &[u8]) -> Option<u64> {
        match self.sort {
            Sort::Log => {
                let signature = Signature(signature.try_into().ok()?);
                self.key.verify(text.as_bytes(), &signature).then_some(0)
            }
            Sort::Witness => {
                let (time, signature) = signature.split_at_checked(8)?;
                let time_s = u64::from_be_bytes(time.try_into().ok()?);
                let signature = Signature(signature.try_into().ok()?);
                self.key.verify(timed(text, time_s).as_bytes(), &signature).then_some(time_s)
            }
        }
    }
}

fn is_name(name: &str) -> bool {
    let odd = |letter: char| letter.is_whitespace() || letter.is_control() || letter == '+';
    (1..=255).contains(&name.len()) && !name.chars().any(odd)
}

/// What a witness signs.
fn timed(text: &str, time_s: u64) -> String {
    format!("cosignature/v1\ntime {time_s}\n{text}")
}

/// One line below the text: whose it is, and the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub name: String,
    pub id: [u8; 4],
    pub signature: Vec<u8>,
}

impl Line {
    /// A log's signature over a text.
    ///
    /// # Errors
    /// [`NoteError::Name`].
    pub fn by_log(name: &str, key: &SigningKey, text: &str) -> Result<Self, NoteError> {
        let verifier = Verifier::try_new(name, key.public(), Sort::Log)?;
        let signature = key.sign(text.as_bytes()).0.to_vec();
        Ok(Self { name: name.to_owned(), id: verifier.id(), signature })
    }

    /// A witness's signature over a text at a time.
    ///
    /// # Errors
    /// [`NoteError::Name`].
    pub fn by_witness(
        name: &str,
        key: &SigningKey,
        text: &str,
        time_s: u64,
    ) -> Result<Self, NoteError> {
        let verifier = Verifier::try_new(name, key.public(), Sort::Witness)?;
        let signature = key.sign(timed(text, time_s).as_bytes()).0;
        let signature = [&time_s.to_be_bytes()[..], &signature].concat();
        Ok(Self { name: name.to_owned(), id: verifier.id(), signature })
    }

    fn to_text(&self) -> String {
        let bytes = [&self.id[..], &self.signature].concat();
        format!("{DASH}{} {}\n", self.name, base64::encode(&bytes))
    }

    fn from_text(line: &str) -> Option<Self> {
        let (name, bytes) = line.strip_prefix(DASH)?.split_once(' ')?;
        let bytes = base64::decode(bytes)?;
        let (id, signature) = bytes.split_at_checked(4)?;
        let named = is_name(name) && !signature.is_empty();
        named.then_some(Self {
            name: name.to_owned(),
            id: id.try_into().ok()?,
            signature: signature.to_vec(),
        })
    }
}

/// A text and the signatures below it; which of them hold is asked of each [`Verifier`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Line>,
}

impl Note {
    /// A text, which ends with a new line, and its signatures.
    ///
    /// # Errors
    /// [`NoteError`].
    pub fn try_new(text: String, signatures: Vec<Line>) -> Result<Self, NoteError> {
        let plain = text.chars().all(|letter| letter == '\n' || !letter.is_control());
        if !plain || !text.ends_with('\n') || text.len() == 1 || signatures.is_empty() {
            return Err(NoteError::Form);
        }
        let note = Self { text, signatures };
        if note.signatures.len() > SIGNATURES_MAX || note.to_text().len() > NOTE_BYTES_MAX {
            return Err(NoteError::TooLarge);
        }
        Ok(note)
    }

    /// Reads a note; no signature is checked yet.
    ///
    /// # Errors
    /// [`NoteError`].
    pub fn from_text(text: &str) -> Result<Self, NoteError> {
        if text.len() > NOTE_BYTES_MAX {
            return Err(NoteError::TooLarge);
        }
        let (body, lines) = text.rsplit_once("\n\n").ok_or(NoteError::Form)?;
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Form)?;
        let signatures: Option<Vec<Line>> = lines.split('\n').map(Line::from_text).collect();
        Self::try_new(format!("{body}\n"), signatures.ok_or(NoteError::Form)?)
    }

    #[must_use]
    pub fn to_text(&self) -> String {
        let lines: String = self.signatures.iter().map(Line::to_text).collect();
        format!("{}\n{lines}", self.text)
    }

    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub fn signatures(&self) -> &[Line] {
        &self.signatures
    }

    /// Adds a signature line; the same line again changes nothing.
    ///
    /// # Errors
    /// [`NoteError::TooLarge`].
    pub fn add(&mut self, line: Line) -> Result<(), NoteError> {
        if self.signatures.contains(&line) {
            return Ok(());
        }
        if self.signatures.len() >= SIGNATURES_MAX
            || self.to_text().len() + line.to_text().len() > NOTE_BYTES_MAX
        {
            return Err(NoteError::TooLarge);
        }
        self.signatures.push(line);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The example of Go's golang.org/x/mod/sumdb/note.
    const TEXT: &str = "If you think cryptography is the answer to your problem,\n\
                        then you don't know what your problem is.\n";
    const SIGNED: &str = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    const PUBLIC: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const PRIVATE: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

    fn peter() -> SigningKey {
        let bytes = base64::decode(PRIVATE).unwrap();
        SigningKey::from_seed(bytes[1..].try_into().unwrap())
    }

    #[test]
    fn the_example_of_gos_library_byte_for_byte() {
        let verifier = Verifier::try_new("PeterNeumann", peter().public(), Sort::Log).unwrap();
        assert_eq!(verifier.to_text(), PUBLIC);
        assert_eq!(Verifier::from_text(PUBLIC), Ok(verifier.clone()));
        let line = Line::by_log("PeterNeumann", &peter(), TEXT).unwrap();
        let note = Note::try_new(TEXT.to_owned(), vec![line]).unwrap();
        assert_eq!(note.to_text(), format!("{TEXT}\n{SIGNED}"));
        assert_eq!(Note::from_text(&note.to_text()), Ok(note.clone()));
        assert_eq!(verifier.signed(&note), Some(0));
    }

    #[test]
    fn the_checkpoint_that_gos_checksum_database_signed() {
        let text = "go.sum database tree\n13485\n/ZWur4obeiqK+ASdnPK+/Rmz6LPQMUeSmHh0+UkL54Y=\n";
        let line = "— sum.golang.org Az3grnQReYTvpCrRxT+w50vixbqBlB/aPS8bL8f8KW4HHP+UjLSXOJgCh4f54n8hO6lrESglzyRXMXnhaWzaeY3zqw8=\n";
        let verifier = Verifier::from_text(
            "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
        )
        .unwrap();
        let note = Note::from_text(&format!("{text}\n{line}")).unwrap();
        assert_eq!(verifier.signed(&note), Some(0));
        let other =
            Note::from_text(&format!("{}\n{line}", text.replace("13485", "13486"))).unwrap();
        assert_eq!(verifier.signed(&other), None);
    }

    #[test]
    fn the_notes_that_gos_library_refuses_are_refused() {
        let bad_name = SIGNED.replace("PeterNeumann", "Bad Name");
        for bad in [
            TEXT.to_owned(),
            format!("{TEXT}\n"),
            format!("{TEXT}\n{}", SIGNED.trim_end()),
            format!("\u{1}{TEXT}\n{SIGNED}"),
            format!("{TEXT}\n{bad_name}"),
            format!("{TEXT}\n{SIGNED}Unexpected line.\n"),
        ] {
            assert!(Note::from_text(&bad).is_err(), "{bad}");
        }
        let many = format!("{TEXT}\n{}", SIGNED.repeat(SIGNATURES_MAX + 1));
        assert_eq!(Note::from_text(&many), Err(NoteError::TooLarge));
        for bad in [
            "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
            "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        ] {
            assert!(Verifier::from_text(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_cosignature_is_the_one_of_the_specification() {
        let key = SigningKey::from_seed([9; 32]);
        let text =
            "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        let line = Line::by_witness("witness.example.com/w1", &key, text, 1_679_315_147).unwrap();
        // The time of the specification's example: 0000000064 1850cb.
        assert_eq!(line.signature[..8], [0, 0, 0, 0, 0x64, 0x18, 0x50, 0xcb]);
        assert_eq!(line.signature.len(), 72);
        let message = format!("cosignature/v1\ntime 1679315147\n{text}");
        let signature = Signature(line.signature[8..].try_into().unwrap());
        assert!(key.public().verify(message.as_bytes(), &signature));
        let id = Hash::of_parts([&b"witness.example.com/w1\n\x04"[..], &key.public().0]);
        assert_eq!(line.id, id.0[..4]);
        let mut note = Note::try_new(text.to_owned(), vec![line.clone()]).unwrap();
        let verifier =
            Verifier::try_new("witness.example.com/w1", key.public(), Sort::Witness).unwrap();
        assert_eq!(verifier.signed(&note), Some(1_679_315_147));
        // As a log's key the same bytes mean nothing, and another time is another message.
        let as_log = Verifier::try_new("witness.example.com/w1", key.public(), Sort::Log).unwrap();
        assert_eq!(as_log.signed(&note), None);
        note.signatures[0].signature[7] ^= 1;
        assert_eq!(verifier.signed(&note), None);
    }

    #[test]
    fn the_published_example_of_a_cosigned_checkpoint_can_be_read() {
        let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
            — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
            — witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";
        let note = Note::from_text(text).unwrap();
        assert_eq!(note.to_text(), text);
        assert_eq!(note.signatures()[1].signature.len(), 72);
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_stumble(text in "[ -~\n—]{0,300}") {
            if let Ok(note) = Note::from_text(&text) {
                prop_assert_eq!(note.to_text(), text);
            }
        }
    }
}
