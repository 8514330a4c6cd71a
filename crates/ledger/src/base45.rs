//! Base45 of RFC 9285: bytes in the letters that a QR code packs tightest.

const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(2) * 3);
    for pair in bytes.chunks(2) {
        let value = pair.iter().fold(0_usize, |sum, &byte| sum << 8 | usize::from(byte));
        let digits = [value % 45, value / 45 % 45, value / 2_025];
        for digit in digits.iter().take(pair.len() + 1) {
            text.extend(ALPHABET.get(*digit).map(|&letter| char::from(letter)));
        }
    }
    text
}

/// None for every text that [`encode`] does not write.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 3 * 2 + 1);
    for group in text.as_bytes().chunks(3) {
        let mut value = 0_u32;
        for letter in group.iter().rev() {
            let digit = ALPHABET.iter().position(|known| known == letter)?;
            value = value * 45 + u32::try_from(digit).ok()?;
        }
        match group.len() {
            3 => bytes.extend(u16::try_from(value).ok()?.to_be_bytes()),
            2 => bytes.push(u8::try_from(value).ok()?),
            _ => return None,
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_standards_vectors() {
        // RFC 9285 §4.3 and §4.4.
        for (plain, text) in [
            ("AB", "BB8"),
            ("Hello!!", "%69 VD92EX0"),
            ("base-45", "UJCLQE7W581"),
            ("ietf!", "QED8WEX0"),
        ] {
            assert_eq!(encode(plain.as_bytes()), text);
            assert_eq!(decode(text).as_deref(), Some(plain.as_bytes()));
        }
        for bad in ["GGW", ":::", "A", "a00", "BB8A", "::"] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn bytes_survive_and_no_text_has_two_readings(bytes: Vec<u8>, text in "[0-9A-Z $%*+./:-]{0,20}") {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
            if let Some(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
