//! Finds national identity numbers so that they can be kept out. Pakistan's have 13 digits, written 5-7-1.

/// Whether the text holds a run of 13 digits or more, or 5, 7 and 1 digits with a separator between, in Latin,
/// Arabic or Urdu digits, glued to other text or not. A plain decimal number of up to three whole digits (a
/// coordinate with many places) does not count.
#[must_use]
pub fn holds_identity_number(cell: &str) -> bool {
    cell.len() >= 13 && !is_plain_decimal(cell) && scan(cell)
}

/// The value of a digit in any script an import meets.
#[must_use]
pub fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(u32::from(c) - u32::from('0')),
        '\u{660}'..='\u{669}' => Some(u32::from(c) - 0x660),
        '\u{6f0}'..='\u{6f9}' => Some(u32::from(c) - 0x6f0),
        '\u{ff10}'..='\u{ff19}' => Some(u32::from(c) - 0xff10),
        '\u{966}'..='\u{96f}' => Some(u32::from(c) - 0x966),
        _ => None,
    }
}

/// Marks without width that may hide between digits.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{ad}' | '\u{640}' | '\0')
}

fn is_separator(c: char) -> bool {
    matches!(
        c,
        '-' | ' ' | '.' | '/' | '_' | ':' | '\u{a0}' | '\u{2010}'
            ..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' | '\t'
    )
}

fn is_plain_decimal(cell: &str) -> bool {
    let unsigned = cell.trim().trim_start_matches(['-', '+']);
    let Some((whole, places)) = unsigned.split_once(['.', ',']) else { return false };
    (1..=3).contains(&whole.len())
        && whole.bytes().all(|b| b.is_ascii_digit())
        && places.bytes().all(|b| b.is_ascii_digit())
}

fn scan(cell: &str) -> bool {
    // Lengths of the last three digit groups; a group that is not joined to the one before resets the first two.
    let mut groups = [0_u32; 3];
    let mut separators = 0_u32;
    for c in cell.chars() {
        if digit(c).is_some() {
            if separators > 0 {
                groups.rotate_left(1);
                groups[2] = 0;
                separators = 0;
            }
            groups[2] += 1;
            if groups[2] >= 13 {
                return true;
            }
        } else if !is_invisible(c) {
            if groups == [5, 7, 1] {
                return true;
            }
            // Up to three separators in a row ("42101 - 1234567 - 1") still join.
            separators = if is_separator(c) { separators + 1 } else { 4 };
            if separators > 3 {
                groups = [0; 3];
                separators = 0;
            }
        }
    }
    groups == [5, 7, 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_numbers_are_seen_in_every_dress() {
        for text in [
            "4210112345671",
            "42101-1234567-1",
            "42101 1234567 1",
            "42101 - 1234567 - 1",
            "CNIC4210112345671x",
            "Contact Mr X 42101–1234567–1 (Male)",
            "۴۲۱۰۱۱۲۳۴۵۶۷۱",
            "۴۲۱۰۱-۱۲۳۴۵۶۷-۱",
            "٤٢١٠١-١٢٣٤٥٦٧-١",
            "42101\u{200f}-1234567\u{200e}-1",
            "school 9 42101-1234567-1",
            "99942101123456710",
        ] {
            assert!(holds_identity_number(text), "{text}");
        }
    }

    #[test]
    fn ordinary_numbers_are_left_alone() {
        for text in [
            "34.57939690646965",
            "71.6197694693635",
            "-66.9793512345678",
            "25,5049123456789",
            "0300-1234567",
            "SEMIS Code: 418050136 (Male)",
            "UC-6, Plot No:-M-687, 748, 4031-4034",
            "2024-02-08 12:00:00",
            "12345-1234567-12",
            "12345-123456-1 000",
        ] {
            assert!(!holds_identity_number(text), "{text}");
        }
    }
}
