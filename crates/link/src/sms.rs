//! Text messages, for the days before the cut and after it: frames as text that every gateway passes, and texts for people
//! cut where a telephone joins them again (3GPP TS 23.038 and 23.040).

use crate::octets::FrameUnreadable;

/// Largest frame that one message carries as text: 158 characters of six bits after the mark.
pub const FRAME_BYTES_MAX: usize = 118;
/// Parts of one text at most.
pub const PARTS_MAX: usize = 255;

/// The mark of a message that is for a program.
const MARK: &str = "P.";
/// Letters and digits that are the same in ASCII and in the telephone's own alphabet, and need no escape anywhere.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-";

/// Why a frame does not go into a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a text message carries 1 to {FRAME_BYTES_MAX} bytes, not {0}: cut it with the fountain")]
pub struct FrameSize(pub usize);

/// A frame as the text of one message.
///
/// # Errors
/// [`FrameSize`].
pub fn to_text(frame: &[u8]) -> Result<String, FrameSize> {
    if frame.is_empty() || frame.len() > FRAME_BYTES_MAX {
        return Err(FrameSize(frame.len()));
    }
    let mut text = MARK.to_owned();
    for three in frame.chunks(3) {
        let bits = three.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - three.len()));
        for at in 0..=three.len() {
            let digit = bits >> (18 - 6 * at) & 63;
            let digit = usize::try_from(digit).ok().and_then(|digit| DIGITS.get(digit));
            text.extend(digit.map(|digit| char::from(*digit)));
        }
    }
    Ok(text)
}

/// The frame of a message that is for a program; none when the text is a person's. Blanks and line ends that a gateway
/// put in are passed over.
///
/// # Errors
/// [`FrameUnreadable`] when the text begins like a frame and is none.
pub fn from_text(text: &str) -> Result<Option<Vec<u8>>, FrameUnreadable> {
    let Some(digits) = text.trim().strip_prefix(MARK) else { return Ok(None) };
    let mut values = Vec::new();
    for byte in digits.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let value = DIGITS.iter().position(|digit| *digit == byte).ok_or(FrameUnreadable::Text)?;
        values.push(u32::try_from(value).map_err(|_large| FrameUnreadable::Text)?);
    }
    let mut frame = Vec::new();
    for four in values.chunks(4) {
        let bits = four.iter().fold(0u32, |bits, value| bits << 6 | value);
        let bits = bits << (6 * (4 - four.len()));
        let [_, bytes @ ..] = bits.to_be_bytes();
        let count = four.len().checked_sub(1).filter(|count| *count > 0);
        let count = count.ok_or(FrameUnreadable::Truncated)?;
        frame.extend(bytes.iter().take(count));
        if bytes.iter().skip(count).any(|byte| *byte != 0) {
            return Err(FrameUnreadable::Trailing);
        }
    }
    if frame.is_empty() || frame.len() > FRAME_BYTES_MAX {
        return Err(FrameUnreadable::Truncated);
    }
    Ok(Some(frame))
}

/// How a telephone writes a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alphabet {
    /// Seven bits a character: 160 in one message, 153 in a part.
    Gsm7,
    /// Two bytes a unit: 70 in one message, 67 in a part. Urdu needs it.
    Ucs2,
}

/// A text, cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    pub alphabet: Alphabet,
    pub parts: Vec<String>,
}

/// The text would need more parts than telephones join.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text would be {0} messages, at most {PARTS_MAX} are joined")]
pub struct TooLong(pub usize);

/// The default alphabet (TS 23.038 §6.2.1) without the escape; those of the extension table take two places.
pub(crate) const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
pub(crate) const EXTENDED: &str = "\u{c}^{}\\[~]|€";

fn septets(letter: char) -> Option<usize> {
    if BASIC.contains(letter) {
        Some(1)
    } else if EXTENDED.contains(letter) {
        Some(2)
    } else {
        None
    }
}

/// Cuts a text into messages. A letter is never cut: not an escape of the seven-bit alphabet, not a pair of units.
///
/// # Errors
/// [`TooLong`].
pub fn split(text: &str) -> Result<Split, TooLong> {
    let seven = text.chars().all(|letter| septets(letter).is_some());
    let (alphabet, single, part) =
        if seven { (Alphabet::Gsm7, 160, 153) } else { (Alphabet::Ucs2, 70, 67) };
    let width = |letter: char| match alphabet {
        Alphabet::Gsm7 => septets(letter).unwrap_or(2),
        Alphabet::Ucs2 => letter.len_utf16(),
    };
    if text.chars().map(width).sum::<usize>() <= single {
        return Ok(Split { alphabet, parts: vec![text.to_owned()] });
    }
    let mut parts = vec![String::new()];
    let mut used = 0;
    for letter in text.chars() {
        if used + width(letter) > part {
            parts.push(String::new());
            used = 0;
        }
        used += width(letter);
        if let Some(last) = parts.last_mut() {
            last.push(letter);
        }
    }
    if parts.len() > PARTS_MAX { Err(TooLong(parts.len())) } else { Ok(Split { alphabet, parts }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_alphabet_has_its_published_size() {
        assert_eq!(BASIC.chars().count(), 127, "128 places, one of them the escape");
        assert_eq!(EXTENDED.chars().count(), 10);
        assert!(DIGITS.iter().all(|digit| septets(char::from(*digit)) == Some(1)));
    }

    #[test]
    fn a_frame_of_the_largest_size_is_one_message() {
        let text = to_text(&[0xff; FRAME_BYTES_MAX]).unwrap();
        assert_eq!(text.len(), 160);
        assert_eq!(split(&text).unwrap().parts.len(), 1);
        assert_eq!(to_text(&[]), Err(FrameSize(0)));
        assert_eq!(to_text(&[0; FRAME_BYTES_MAX + 1]), Err(FrameSize(119)));
    }

    #[test]
    fn texts_are_cut_where_telephones_cut_them() {
        let count = |text: String| {
            let split = split(&text).unwrap();
            (split.alphabet, split.parts.iter().map(|it| it.chars().count()).collect::<Vec<_>>())
        };
        assert_eq!(count("a".repeat(160)), (Alphabet::Gsm7, vec![160]));
        assert_eq!(count("a".repeat(161)), (Alphabet::Gsm7, vec![153, 8]));
        assert_eq!(count("€".repeat(81)), (Alphabet::Gsm7, vec![76, 5]), "an escape is not cut");
        assert_eq!(count("پ".repeat(70)), (Alphabet::Ucs2, vec![70]));
        assert_eq!(count("پ".repeat(71)), (Alphabet::Ucs2, vec![67, 4]));
        assert_eq!(count("🗳".repeat(36)), (Alphabet::Ucs2, vec![33, 3]), "a pair is not cut");
        assert!(split(&"a".repeat(153 * 255 + 1)).is_err());
    }

    #[test]
    fn a_persons_text_is_no_frame_and_a_spoilt_frame_is_named() {
        assert_eq!(from_text("Polling station 17 is open. P.S. all well"), Ok(None));
        assert_eq!(from_text("P.A!"), Err(FrameUnreadable::Text));
        assert_eq!(from_text("P.A"), Err(FrameUnreadable::Truncated));
        assert_eq!(from_text("P.AB"), Err(FrameUnreadable::Trailing), "bits beyond the last byte");
        assert_eq!(from_text("P."), Err(FrameUnreadable::Truncated));
    }

    proptest! {
        #[test]
        fn frames_come_back_through_a_gateway_that_adds_blanks(
            frame in proptest::collection::vec(any::<u8>(), 1..=FRAME_BYTES_MAX),
            at in 2usize..4,
        ) {
            let mut text = to_text(&frame).unwrap();
            text.insert_str(at, "\r\n ");
            prop_assert_eq!(from_text(&format!(" {text}\n")), Ok(Some(frame)));
        }

        #[test]
        fn parts_join_to_the_text_and_fit(text in "[a-z€{ پچ🗳]{0,400}") {
            let split = split(&text).unwrap();
            prop_assert_eq!(split.parts.concat(), text);
            for part in &split.parts {
                let units = part.encode_utf16().count();
                prop_assert!(split.alphabet == Alphabet::Gsm7 || units <= 70);
            }
        }

        #[test]
        fn any_text_is_read_without_harm(text: String) {
            if let Ok(Some(frame)) = from_text(&format!("P.{text}")) {
                prop_assert!(frame.len() <= FRAME_BYTES_MAX);
            }
        }
    }
}
