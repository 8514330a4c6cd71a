//! Text messages as a modem takes and gives them: the units of 3GPP TS 23.040 in hexadecimal, without the modem.

use crate::sms::{BASIC, EXTENDED};

/// Digits of a telephone's number (TS 23.040 §9.1.2.5).
pub const DIGITS_MAX: usize = 20;
/// Septets of one message.
const SEPTETS_MAX: usize = 160;
/// Units of two bytes of one message.
const UNITS_MAX: usize = 70;
const ESCAPE: u8 = 27;
/// Codes of the extension table, in the order of [`EXTENDED`].
const EXTENDED_CODES: [u8; 10] = [0x0a, 0x14, 0x28, 0x29, 0x2f, 0x3c, 0x3d, 0x3e, 0x40, 0x65];

/// A message to be sent: its unit, and the length that `AT+CMGS` is told (without the message centre's address).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submit {
    pub hex: String,
    pub octets: usize,
}

/// Why a text does not become one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSubmitted {
    #[error("a number has 3 to {DIGITS_MAX} digits, and a plus before them if it is international")]
    Number,
    #[error("the text is longer than one message")]
    TooLong,
}

/// A message that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deliver {
    /// Digits, with a plus if it is international; as it was written where it has letters.
    pub from: String,
    pub text: String,
    /// One of several that belong together.
    pub is_part: bool,
}

/// Why a unit is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PduUnreadable {
    #[error("this is not hexadecimal")]
    Hex,
    #[error("the unit ends in the middle of a field")]
    Truncated,
    #[error("the unit is no message that came in")]
    Sort,
    #[error("the message has no text: its alphabet is {0:#04x}")]
    Alphabet(u8),
    #[error("the text is not what its alphabet allows")]
    Text,
}

/// The unit of a message in the shorter of the two alphabets that carries it.
///
/// # Errors
/// [`NotSubmitted`].
pub fn submit(number: &str, text: &str) -> Result<Submit, NotSubmitted> {
    let digits = number.strip_prefix('+').unwrap_or(number);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    if !plain || digits.len() < 3 || digits.len() > DIGITS_MAX {
        return Err(NotSubmitted::Number);
    }
    // A message to be sent, without a validity: the centre's own.
    let mut unit = vec![0x01, 0x00];
    unit.push(u8::try_from(digits.len()).map_err(|_checked| NotSubmitted::Number)?);
    unit.push(if number.starts_with('+') { 0x91 } else { 0x81 });
    unit.extend(semi_octets(digits));
    unit.push(0x00);
    let (alphabet, length, data) = written(text)?;
    unit.extend([alphabet, length]);
    unit.extend(data);
    let octets = unit.len();
    // No address of a centre: the card's own.
    let hex = std::iter::once(0).chain(unit).map(|byte| format!("{byte:02X}")).collect();
    Ok(Submit { hex, octets })
}

fn semi_octets(digits: &str) -> Vec<u8> {
    let value = |byte: Option<&u8>| byte.map_or(0x0f, |byte| byte.wrapping_sub(b'0') & 0x0f);
    let two = |pair: &[u8]| value(pair.first()) | value(pair.get(1)) << 4;
    digits.as_bytes().chunks(2).map(two).collect()
}

/// Alphabet, length and bytes.
fn written(text: &str) -> Result<(u8, u8, Vec<u8>), NotSubmitted> {
    let too_long = |_| NotSubmitted::TooLong;
    if let Some(septets) = to_septets(text) {
        if septets.len() > SEPTETS_MAX {
            return Err(NotSubmitted::TooLong);
        }
        let length = u8::try_from(septets.len()).map_err(too_long)?;
        return Ok((0x00, length, packed(&septets)));
    }
    let data: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    if data.len() > 2 * UNITS_MAX {
        return Err(NotSubmitted::TooLong);
    }
    Ok((0x08, u8::try_from(data.len()).map_err(too_long)?, data))
}

fn to_septets(text: &str) -> Option<Vec<u8>> {
    let mut septets = Vec::with_capacity(text.len());
    for letter in text.chars() {
        if let Some(at) = BASIC.chars().position(|known| known == letter) {
            let at = u8::try_from(at).ok()?;
            // The table of letters leaves the escape out.
            septets.push(if at < ESCAPE { at } else { at + 1 });
        } else {
            let at = EXTENDED.chars().position(|known| known == letter)?;
            septets.extend([ESCAPE, *EXTENDED_CODES.get(at)?]);
        }
    }
    Some(septets)
}

fn of_septets(septets: &[u8]) -> Option<String> {
    let mut text = String::new();
    let mut rest = septets.iter();
    while let Some(septet) = rest.next() {
        if *septet == ESCAPE {
            let code = rest.next()?;
            let at = EXTENDED_CODES.iter().position(|known| known == code)?;
            text.extend(EXTENDED.chars().nth(at));
        } else {
            let at = if *septet < ESCAPE { *septet } else { septet - 1 };
            text.push(BASIC.chars().nth(usize::from(at))?);
        }
    }
    Some(text)
}

fn packed(septets: &[u8]) -> Vec<u8> {
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0u32, 0u32);
    for septet in septets {
        held |= u32::from(*septet & 0x7f) << bits;
        bits += 7;
        while bits >= 8 {
            let [low, ..] = held.to_le_bytes();
            bytes.push(low);
            held >>= 8;
            bits -= 8;
        }
    }
    if bits > 0 {
        let [low, ..] = held.to_le_bytes();
        bytes.push(low);
    }
    bytes
}

fn unpacked(bytes: &[u8], count: usize) -> Option<Vec<u8>> {
    let bit = |at: usize| bytes.get(at / 8).map(|byte| byte >> (at % 8) & 1);
    let septet = |number: usize| {
        (0..7).try_fold(0, |value, place| Some(value | bit(number * 7 + place)? << place))
    };
    (0..count).map(septet).collect()
}

/// Reads the unit of a message that came in, as `+CMGL` or `+CMT` give it.
///
/// # Errors
/// [`PduUnreadable`].
pub fn deliver(hex: &str) -> Result<Deliver, PduUnreadable> {
    let bytes = pehra_ledger::hash::unhex(hex.trim()).ok_or(PduUnreadable::Hex)?;
    let mut from = Fields(&bytes);
    let centre = usize::from(from.byte()?);
    from.take(centre)?;
    let sort = from.byte()?;
    if sort & 0x03 != 0 {
        return Err(PduUnreadable::Sort);
    }
    let sender = from.address()?;
    from.byte()?;
    let alphabet = from.byte()?;
    // The centre's time is not ours to believe.
    from.take(7)?;
    let length = usize::from(from.byte()?);
    let header = if sort & 0x40 == 0 {
        0
    } else {
        1 + usize::from(*from.0.first().ok_or(PduUnreadable::Truncated)?)
    };
    let text = text_of(alphabet, length, header, from.0)?;
    Ok(Deliver { from: sender, text, is_part: header > 0 })
}

fn text_of(
    alphabet: u8,
    length: usize,
    header: usize,
    data: &[u8],
) -> Result<String, PduUnreadable> {
    let sort = match alphabet {
        // A class or none, not compressed; the group of waiting messages and that of classes alone.
        0x00..=0x1f | 0x40..=0x5f => alphabet >> 2 & 0x03,
        0xc0..=0xdf => 0,
        0xe0..=0xef => 2,
        0xf0..=0xff => alphabet >> 2 & 0x01,
        _ => 3,
    };
    match sort {
        0 => {
            let skipped = (header * 8).div_ceil(7);
            let septets = unpacked(data, length).ok_or(PduUnreadable::Truncated)?;
            let own = septets.get(skipped..).ok_or(PduUnreadable::Truncated)?;
            of_septets(own).ok_or(PduUnreadable::Text)
        }
        2 => {
            let own = data.get(header..length).ok_or(PduUnreadable::Truncated)?;
            let (pairs, rest) = own.as_chunks::<2>();
            if !rest.is_empty() {
                return Err(PduUnreadable::Text);
            }
            let units: Vec<u16> = pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
            String::from_utf16(&units).map_err(|_unpaired| PduUnreadable::Text)
        }
        _ => Err(PduUnreadable::Alphabet(alphabet)),
    }
}

/// What is left of a unit.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], PduUnreadable> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(PduUnreadable::Truncated)?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, PduUnreadable> {
        self.take(1)?.first().copied().ok_or(PduUnreadable::Truncated)
    }

    fn address(&mut self) -> Result<String, PduUnreadable> {
        let digits = usize::from(self.byte()?);
        let sort = self.byte()?;
        let bytes = self.take(digits.div_ceil(2))?;
        if sort & 0x70 == 0x50 {
            // Letters: their septets fill the digits' half bytes.
            let septets = unpacked(bytes, digits * 4 / 7).ok_or(PduUnreadable::Truncated)?;
            return of_septets(&septets).ok_or(PduUnreadable::Text);
        }
        let mut number = String::from(if sort & 0x70 == 0x10 { "+" } else { "" });
        let digit = |value: u8| char::from_digit(u32::from(value), 10);
        for at in 0..digits {
            let byte = bytes.get(at / 2).copied().ok_or(PduUnreadable::Truncated)?;
            let value = if at % 2 == 0 { byte & 0x0f } else { byte >> 4 };
            number.push(digit(value).unwrap_or('*'));
        }
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a centre makes of a message: the same address, alphabet and text, and its own time.
    fn passed_on(unit: &Submit, from: &str) -> String {
        let bytes = pehra_ledger::hash::unhex(&unit.hex).unwrap();
        let digits = usize::from(bytes[3]);
        let data = &bytes[5 + digits.div_ceil(2)..];
        let sender = from.trim_start_matches('+');
        let mut made = vec![0x00, 0x04, u8::try_from(sender.len()).unwrap(), 0x91];
        made.extend(semi_octets(sender));
        made.extend(&data[..2]);
        made.extend([0x42, 0x20, 0x80, 0x21, 0x00, 0x00, 0x40]);
        made.extend(&data[2..]);
        made.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn the_units_of_the_literature() {
        let sent = submit("+46708251358", "hellohello").unwrap();
        assert_eq!(sent.hex, "0001000B916407281553F800000AE8329BFD4697D9EC37");
        assert_eq!(sent.octets, sent.hex.len() / 2 - 1);
        let came =
            deliver("07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37");
        let came = came.unwrap();
        assert_eq!((came.text.as_str(), came.is_part), ("hellohello", false));
        assert_eq!(came.from, "27838890001");
    }

    #[test]
    fn a_frame_of_the_largest_size_is_one_unit_of_seven_bits() {
        let text = crate::sms::to_text(&[0xa5; crate::sms::FRAME_BYTES_MAX]).unwrap();
        let sent = submit("923001234567", &text).unwrap();
        assert_eq!(sent.octets, 13 + 140, "the whole of a message");
        let came = deliver(&passed_on(&sent, "+923007654321")).unwrap();
        assert_eq!((came.text, came.from.as_str()), (text, "+923007654321"));
    }

    #[test]
    fn what_is_no_number_or_no_single_message_is_refused() {
        for number in ["", "12", "+12a4", "123456789012345678901", "0300 1234567"] {
            assert_eq!(submit(number, "a"), Err(NotSubmitted::Number), "{number}");
        }
        assert_eq!(submit("1234", &"a".repeat(161)), Err(NotSubmitted::TooLong));
        assert_eq!(submit("1234", &"پ".repeat(71)), Err(NotSubmitted::TooLong));
        assert!(submit("1234", &"پ".repeat(70)).is_ok());
    }

    #[test]
    fn parts_names_and_binary_messages_are_told_apart() {
        // The second of two parts, header of six bytes, "b" behind one filling bit.
        let part = deliver("00440491214300004220802100004008050003070202C4");
        assert_eq!(part.map(|it| (it.text, it.is_part)), Ok(("b".to_owned(), true)));
        // From "ECP": three letters in five half bytes.
        let named = deliver("000406D0C5211400004220802100004001E1").unwrap();
        assert_eq!((named.from.as_str(), named.text.as_str()), ("ECP", "a"));
        let binary = deliver("000404912143000442208021000040010A");
        assert_eq!(binary, Err(PduUnreadable::Alphabet(0x04)));
        assert_eq!(deliver("0001000481"), Err(PduUnreadable::Sort), "one to be sent");
        assert_eq!(deliver("00040"), Err(PduUnreadable::Hex));
        assert_eq!(deliver("000404"), Err(PduUnreadable::Truncated));
    }

    proptest! {
        #[test]
        fn texts_come_back(text in "[a-zA-Z0-9@£$Ø_€{}^ ÄñàΔ]{0,70}|[ب-ے 🗳]{0,34}") {
            let sent = submit("+923001234567", &text).unwrap();
            let came = deliver(&passed_on(&sent, "+92300111")).unwrap();
            prop_assert_eq!(came.text, text);
        }

        #[test]
        fn any_bytes_are_read_without_harm(bytes: Vec<u8>) {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            if let Ok(came) = deliver(&hex) {
                prop_assert!(came.text.len() <= 4 * 255);
            }
        }
    }
}
