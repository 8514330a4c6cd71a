//! From foreign bytes to UTF-8, a piece at a time.

use encoding_rs::{CoderResult, Decoder, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1256};
use std::io::Read;

/// How a text file writes its letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Encoding {
    #[serde(rename = "utf-8")]
    Utf8,
    #[serde(rename = "utf-16le")]
    Utf16Le,
    #[serde(rename = "utf-16be")]
    Utf16Be,
    #[serde(rename = "windows-1256")]
    Windows1256,
}

impl Encoding {
    fn decoder(self) -> Decoder {
        match self {
            Self::Utf8 => UTF_8.new_decoder_with_bom_removal(),
            Self::Utf16Le => UTF_16LE.new_decoder_with_bom_removal(),
            Self::Utf16Be => UTF_16BE.new_decoder_with_bom_removal(),
            Self::Windows1256 => WINDOWS_1256.new_decoder_without_bom_handling(),
        }
    }
}

/// Bytes asked from the source at a time.
const PIECE_BYTES: usize = 64 * 1024;

/// A stream of UTF-8 text out of a stream of bytes in a known or guessed encoding.
///
/// A byte-order mark decides. Without one, a text with a zero in every second byte is UTF-16. Pure ASCII stays
/// undecided until the first other byte: then that piece is UTF-8 if it holds at least as many well-formed
/// sequences as broken ones, else Windows-1256. Broken sequences become U+FFFD.
pub struct Utf8Source<'a> {
    input: &'a mut dyn Read,
    decided: Option<Encoding>,
    decoder: Option<Decoder>,
    piece: Vec<u8>,
    started: bool,
    ended: bool,
}

impl<'a> Utf8Source<'a> {
    /// `head`: bytes already read from `input`. `forced`: an encoding set by hand.
    #[must_use]
    pub fn new(head: Vec<u8>, input: &'a mut dyn Read, forced: Option<Encoding>) -> Self {
        let mut source =
            Self { input, decided: None, decoder: None, piece: head, started: false, ended: false };
        if let Some(encoding) = forced {
            source.decide(encoding);
        }
        source
    }

    fn decide(&mut self, encoding: Encoding) {
        self.decided = Some(encoding);
        self.decoder = Some(encoding.decoder());
    }

    /// The encoding in use; UTF-8 while only ASCII has been seen.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.decided.unwrap_or(Encoding::Utf8)
    }

    /// Appends the next piece of text to `out`; false at the end of the input.
    ///
    /// # Errors
    /// What the input's reader says.
    pub fn fill(&mut self, out: &mut String) -> std::io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        self.top_up()?;
        let last = self.piece.is_empty();
        if !self.started {
            self.started = true;
            if self.decided.is_none()
                && let Some(encoding) = by_mark_or_zeros(&self.piece)
            {
                self.decide(encoding);
            }
        }
        if self.decoder.is_none() && !self.piece.is_ascii() {
            self.decide(utf8_or_arabic(&self.piece));
        }
        self.ended = last;
        let piece = std::mem::take(&mut self.piece);
        match self.decoder.as_mut() {
            Some(decoder) => decode(decoder, &piece, out, last),
            None => out.push_str(std::str::from_utf8(&piece).unwrap_or_default()),
        }
        self.piece = piece;
        self.piece.clear();
        Ok(!last)
    }

    fn top_up(&mut self) -> std::io::Result<()> {
        let mut filled = self.piece.len();
        if filled >= PIECE_BYTES {
            return Ok(());
        }
        self.piece.resize(PIECE_BYTES, 0);
        while filled < PIECE_BYTES {
            let Some(space) = self.piece.get_mut(filled..) else { break };
            match self.input.read(space) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.piece.truncate(filled);
        Ok(())
    }
}

fn decode(decoder: &mut Decoder, mut piece: &[u8], out: &mut String, last: bool) {
    loop {
        out.reserve(decoder.max_utf8_buffer_length(piece.len()).unwrap_or(piece.len() * 3).max(16));
        let (result, read, _) = decoder.decode_to_string(piece, out, last);
        piece = piece.get(read..).unwrap_or_default();
        if result == CoderResult::InputEmpty {
            return;
        }
    }
}

fn by_mark_or_zeros(head: &[u8]) -> Option<Encoding> {
    if head.starts_with(&[0xef, 0xbb, 0xbf]) {
        return Some(Encoding::Utf8);
    }
    if head.starts_with(&[0xff, 0xfe]) {
        return Some(Encoding::Utf16Le);
    }
    if head.starts_with(&[0xfe, 0xff]) {
        return Some(Encoding::Utf16Be);
    }
    let sample = head.get(..head.len().min(4096)).unwrap_or_default();
    let pairs = sample.len() / 2;
    if pairs < 2 {
        return None;
    }
    let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    // A table has ASCII commas, digits and line ends: well over a third of its UTF-16 halves are zero on one side.
    if odd * 3 > pairs && even * 20 < pairs {
        Some(Encoding::Utf16Le)
    } else if even * 3 > pairs && odd * 20 < pairs {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

fn utf8_or_arabic(piece: &[u8]) -> Encoding {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in piece.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        // A sequence cut by the end of the piece is not broken.
        bad += usize::from(!chunk.invalid().is_empty());
    }
    if piece.utf8_chunks().last().is_some_and(|chunk| cut_short(chunk.invalid())) {
        bad = bad.saturating_sub(1);
        good += 1;
    }
    if good >= bad { Encoding::Utf8 } else { Encoding::Windows1256 }
}

/// Whether these trailing bytes begin a sequence that more bytes could complete.
fn cut_short(invalid: &[u8]) -> bool {
    let needed = match invalid.first() {
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        _ => return false,
    };
    invalid.len() < needed && invalid.len() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], forced: Option<Encoding>) -> (String, Encoding) {
        let mut input = bytes;
        let mut source = Utf8Source::new(Vec::new(), &mut input, forced);
        let mut out = String::new();
        while source.fill(&mut out).unwrap() {}
        (out, source.encoding())
    }

    fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
        let mut out = Vec::new();
        let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
        for unit in units {
            out.extend(if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
        }
        out
    }

    const TEXT: &str = "number,name\n1,زنانہ اسکول\n2,مردانہ\n";

    #[test]
    fn utf8_is_read_with_and_without_its_mark() {
        assert_eq!(read(TEXT.as_bytes(), None), (TEXT.to_owned(), Encoding::Utf8));
        let marked = [b"\xef\xbb\xbf", TEXT.as_bytes()].concat();
        assert_eq!(read(&marked, None), (TEXT.to_owned(), Encoding::Utf8));
    }

    #[test]
    fn utf16_is_read_in_both_orders_with_and_without_its_mark() {
        for big in [false, true] {
            for mark in [false, true] {
                let (text, encoding) = read(&utf16(TEXT, big, mark), None);
                assert_eq!(text, TEXT);
                assert_eq!(encoding, if big { Encoding::Utf16Be } else { Encoding::Utf16Le });
            }
        }
    }

    #[test]
    fn windows_1256_is_recognised_even_after_a_long_ascii_beginning() {
        let arabic = "1,مدرسه البنات\n";
        let (bytes, _, lossy) = WINDOWS_1256.encode(arabic);
        assert!(!lossy);
        let mut file = "1,a\n".repeat(50_000).into_bytes();
        file.extend_from_slice(&bytes);
        let (text, encoding) = read(&file, None);
        assert_eq!(encoding, Encoding::Windows1256);
        assert!(text.ends_with(arabic));
    }

    #[test]
    fn one_bad_byte_in_utf8_becomes_the_replacement_mark() {
        let mut bytes = TEXT.as_bytes().to_vec();
        bytes.extend_from_slice(b"3,a\xffb\n");
        let (text, encoding) = read(&bytes, None);
        assert_eq!(encoding, Encoding::Utf8);
        assert!(text.contains("a\u{fffd}b"));
    }

    #[test]
    fn an_encoding_set_by_hand_wins() {
        let (text, encoding) = read(b"caf\xe9", Some(Encoding::Windows1256));
        assert_eq!((text.as_str(), encoding), ("café", Encoding::Windows1256));
    }
}
