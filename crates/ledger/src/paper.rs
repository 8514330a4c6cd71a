//! A proof on paper: lines of text that fit QR codes of middle size and say which of how many they are.
//!
//! A line is `PEHRA1:part:parts:name:base45`, in the letters of a QR code's alphanumeric mode. The name is the first four
//! bytes of the SHA-256 of the whole, so that parts of two proofs are never mixed.

use crate::base45;
use crate::hash::Hash;

const MARK: &str = "PEHRA1";
/// Bytes in one part: with its line 1,825 letters, a code of 133 modules that a phone reads from paper.
pub const PART_BYTES: usize = 1_200;
/// Parts of one object.
pub const PARTS_MAX: usize = 64;

/// Why lines do not make a whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    #[error("line {line} is not a part of a proof: it begins with {MARK}, or was read wrongly")]
    NotAPart { line: usize },
    #[error("line {line} belongs to another proof than the lines before it")]
    OtherProof { line: usize },
    #[error("part {part} of {parts} is missing")]
    Missing { part: usize, parts: usize },
    #[error("the parts do not make the whole they name: scan them again")]
    Damaged,
    #[error("there is no part of a proof in this text")]
    Empty,
}

/// The lines for an object.
#[must_use]
pub fn parts(bytes: &[u8]) -> Vec<String> {
    let count = bytes.len().div_ceil(PART_BYTES).max(1);
    // Codes of one size look alike and scan alike.
    let each = bytes.len().div_ceil(count).max(1);
    let name = name(bytes);
    let line =
        |n: usize, part: &[u8]| format!("{MARK}:{}:{count}:{name}:{}", n + 1, base45::encode(part));
    if bytes.is_empty() {
        return vec![line(0, bytes)];
    }
    bytes.chunks(each).enumerate().map(|(n, part)| line(n, part)).collect()
}

/// Puts lines together again, in whatever order and however often each was scanned.
///
/// # Errors
/// [`PaperError`].
pub fn join(text: &str) -> Result<Vec<u8>, PaperError> {
    let mut found: Vec<Option<Vec<u8>>> = Vec::new();
    let mut of = None;
    for (line, text) in text.lines().enumerate().map(|(n, text)| (n + 1, text)) {
        let text = text.trim_end_matches('\r');
        if text.trim().is_empty() {
            continue;
        }
        let part = read(text).ok_or(PaperError::NotAPart { line })?;
        if *of.get_or_insert((part.parts, part.name)) != (part.parts, part.name) {
            return Err(PaperError::OtherProof { line });
        }
        found.resize(part.parts, None);
        if let Some(slot) = found.get_mut(part.part - 1) {
            *slot = Some(part.bytes);
        }
    }
    let Some((parts, named)) = of else { return Err(PaperError::Empty) };
    let mut whole = Vec::new();
    for (n, part) in found.into_iter().enumerate() {
        whole.extend(part.ok_or(PaperError::Missing { part: n + 1, parts })?);
    }
    if name(&whole) == named { Ok(whole) } else { Err(PaperError::Damaged) }
}

/// Whether a text begins like a part.
#[must_use]
pub fn is_paper(text: &str) -> bool {
    text.trim_start().starts_with(MARK)
}

fn name(bytes: &[u8]) -> String {
    Hash::of(bytes).0.iter().take(4).map(|byte| format!("{byte:02X}")).collect()
}

struct Part<'a> {
    part: usize,
    parts: usize,
    name: &'a str,
    bytes: Vec<u8>,
}

fn read(line: &str) -> Option<Part<'_>> {
    let mut fields = line.splitn(5, ':');
    let marked = fields.next()? == MARK;
    let (part, parts) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    let (name, digits) = (fields.next()?, fields.next()?);
    let fits = marked && (1..=parts).contains(&part) && parts <= PARTS_MAX;
    fits.then_some(Part { part, parts, name, bytes: base45::decode(digits)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parts_come_together_in_any_order_and_a_lost_or_foreign_one_is_named() {
        let bytes: Vec<u8> = (0..2_600_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
        let lines = parts(&bytes);
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|line| line.len() <= 1_830));
        let alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
        assert!(lines.iter().all(|line| line.chars().all(|letter| alphabet.contains(letter))));
        let mixed = format!("{}\r\n\n{}\n{}\n{}", lines[2], lines[0], lines[2], lines[1]);
        assert_eq!(join(&mixed), Ok(bytes));
        let lost = format!("{}\n{}", lines[0], lines[2]);
        assert_eq!(join(&lost), Err(PaperError::Missing { part: 2, parts: 3 }));
        let foreign = format!("{}\n{}", lines[0], parts(&[1, 2, 3])[0]);
        assert_eq!(join(&foreign), Err(PaperError::OtherProof { line: 2 }));
        assert_eq!(join(&lines[0].to_lowercase()), Err(PaperError::NotAPart { line: 1 }));
        assert_eq!(join("\n"), Err(PaperError::Empty));
        let wrong = lines[1].replacen(":2:", ":1:", 1);
        let swapped = format!("{wrong}\n{}\n{}", lines[1], lines[2]);
        assert_eq!(join(&swapped), Err(PaperError::Damaged));
    }

    proptest! {
        #[test]
        fn bytes_survive_paper(bytes in proptest::collection::vec(any::<u8>(), 0..3_000)) {
            prop_assert_eq!(join(&parts(&bytes).join("\n")), Ok(bytes));
        }

        #[test]
        fn no_text_makes_the_reader_stumble(text in "(PEHRA1:[0-9]{1,3}:[0-9]{1,3}:[0-9A-F]{0,8}:[0-9A-Z :]{0,20}\n){0,4}\\PC{0,20}") {
            let _ = join(&text);
        }
    }
}
