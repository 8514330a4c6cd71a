//! Bytes as people copy, mail and paste them: a first line that says what it is, lines of hexadecimal, and a check sum
//! over all of it, so that a slip is noticed before anything is believed or refused for the wrong reason.
//!
//! One text may hold several pieces, one after the other.

use crate::hash::Hash;

const LINE_DIGITS: usize = 64;
const SUM_BYTES: usize = 4;
/// Longest text that is looked at: a roster of some ten thousand statements.
pub const TEXT_BYTES_MAX: usize = 16 << 20;

/// One piece: its kind (`election`, `certificate`, …) and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub kind: String,
    pub bytes: Vec<u8>,
}

/// Why a text cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArmourError {
    #[error("line {line}: a piece begins with `pehra-` and what it is; copy the whole text")]
    NoBeginning { line: usize },
    #[error("line {line}: this is neither hexadecimal nor a check sum: copy the text again")]
    NotHexadecimal { line: usize },
    #[error(
        "line {line}: the check sum does not fit: a letter or line before it was changed or lost"
    )]
    CheckSum { line: usize },
    #[error("the text ends in the middle of a piece: copy the whole text")]
    Ends,
    #[error("the text holds nothing")]
    Empty,
    #[error("the text is longer than {TEXT_BYTES_MAX} bytes")]
    TooLong,
}

impl Piece {
    #[must_use]
    pub fn new(kind: &str, bytes: Vec<u8>) -> Self {
        Self { kind: kind.to_owned(), bytes }
    }

    /// The text, with a remark for people that is not read back.
    #[must_use]
    pub fn to_text(&self, remark: &str) -> String {
        let mut text = format!("pehra-{}\n", self.kind);
        for line in remark.lines() {
            text.push_str(&format!("# {line}\n"));
        }
        let digits: String = self.bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        for line in digits.as_bytes().chunks(LINE_DIGITS) {
            text.push_str(&String::from_utf8_lossy(line));
            text.push('\n');
        }
        text.push_str(&format!("={}\n", self.sum()));
        text
    }

    fn sum(&self) -> String {
        let hash = Hash::of_parts([self.kind.as_bytes(), &[0], &self.bytes]);
        hash.0.iter().take(SUM_BYTES).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The pieces as one line for a code on a screen: capital letters and digits alone, which a code packs best.
    #[must_use]
    pub fn to_code(pieces: &[Self]) -> String {
        let code = |piece: &Self| {
            let digits: String = piece.bytes.iter().map(|byte| format!("{byte:02X}")).collect();
            format!("PEHRA-{}/{digits}/{}", piece.kind, piece.sum()).to_uppercase()
        };
        pieces.iter().map(code).collect::<Vec<_>>().join(" ")
    }

    /// A code's line as the text that it stands for; none for anything else.
    fn of_code(text: &str) -> Option<String> {
        let mut whole = String::new();
        for code in text.trim().strip_prefix("PEHRA-")?.split(" PEHRA-") {
            let mut parts = code.trim().split('/');
            let (kind, digits, sum) = (parts.next()?, parts.next()?, parts.next()?);
            whole.push_str(&format!("pehra-{kind}\n{digits}\n={sum}\n").to_lowercase());
        }
        Some(whole)
    }

    /// Reads every piece of a text, or of a code's line.
    ///
    /// # Errors
    /// [`ArmourError`] with the line, counted from 1.
    pub fn all(text: &str) -> Result<Vec<Self>, ArmourError> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(ArmourError::TooLong);
        }
        if let Some(text) = Self::of_code(text) {
            return Self::all(&text);
        }
        let mut pieces = Vec::new();
        let mut open: Option<Self> = None;
        for (number, line) in text.lines().enumerate() {
            let (line, number) = (line.trim(), number + 1);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            open = match open {
                None => {
                    let kind = line.strip_prefix("pehra-").filter(|kind| !kind.is_empty());
                    let kind = kind.ok_or(ArmourError::NoBeginning { line: number })?;
                    Some(Self::new(kind, Vec::new()))
                }
                Some(mut piece) => match line.strip_prefix('=') {
                    Some(sum) if sum == piece.sum() => {
                        pieces.push(piece);
                        None
                    }
                    Some(_) => return Err(ArmourError::CheckSum { line: number }),
                    None => {
                        let bytes = crate::hash::unhex(line);
                        piece
                            .bytes
                            .extend(bytes.ok_or(ArmourError::NotHexadecimal { line: number })?);
                        Some(piece)
                    }
                },
            };
        }
        match (open, pieces.is_empty()) {
            (Some(_), _) => Err(ArmourError::Ends),
            (None, true) => Err(ArmourError::Empty),
            (None, false) => Ok(pieces),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_slip_is_noticed_and_its_line_named() {
        let text = Piece::new("request-1", (0..100).collect()).to_text("a request\nof two lines");
        assert!(Piece::all(&text).is_ok());
        let slip = text.replacen("00010203", "00010303", 1);
        assert_eq!(Piece::all(&slip), Err(ArmourError::CheckSum { line: 8 }));
        let word = text.replacen("00010203", "0001020g", 1);
        assert_eq!(Piece::all(&word), Err(ArmourError::NotHexadecimal { line: 4 }));
        let lost: String =
            text.lines().filter(|l| !l.starts_with("00")).map(|l| format!("{l}\n")).collect();
        assert!(matches!(Piece::all(&lost), Err(ArmourError::CheckSum { .. })));
        assert_eq!(Piece::all(text.rsplit_once('=').unwrap().0), Err(ArmourError::Ends));
        assert_eq!(Piece::all("\n\n# nothing\n"), Err(ArmourError::Empty));
        assert_eq!(Piece::all("dear colleague"), Err(ArmourError::NoBeginning { line: 1 }));
        let renamed = text.replacen("request-1", "certificate-1", 1);
        assert!(Piece::all(&renamed).is_err(), "one sort of piece is never taken for another");
    }

    proptest! {
        #[test]
        fn pieces_survive_their_text(pieces in proptest::collection::vec(("[a-z]{1,12}-1", proptest::collection::vec(any::<u8>(), 0..200)), 1..5)) {
            let pieces: Vec<Piece> =
                pieces.into_iter().map(|(kind, bytes)| Piece { kind, bytes }).collect();
            let text: String = pieces.iter().map(|piece| piece.to_text("remark")).collect();
            prop_assert_eq!(Piece::all(&text.replace('\n', "\r\n  ")), Ok(pieces));
        }

        #[test]
        fn a_code_says_what_its_pieces_say(pieces in proptest::collection::vec(("[a-z]{1,12}-1", proptest::collection::vec(any::<u8>(), 1..200)), 1..5)) {
            let pieces: Vec<Piece> =
                pieces.into_iter().map(|(kind, bytes)| Piece { kind, bytes }).collect();
            let code = Piece::to_code(&pieces);
            prop_assert!(code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b"-/ ".contains(&b)));
            prop_assert_eq!(Piece::all(&code), Ok(pieces));
        }

        #[test]
        fn no_text_makes_the_reader_stumble(text in "\\PC{0,300}") {
            let _ = Piece::all(&text);
        }
    }
}
