//! The words of a report before they are kept: what disturbs a screen is taken out, what would lead to a person is
//! found, and whether those who guard are spoken of.

use super::receipt::digit;
use crate::content::holds_identity_number;

/// Stands for a digit or a letter that is not kept.
pub const MASK: char = '•';

/// Text without control letters and without those that turn the direction of others; line ends stay, runs of blanks
/// become one. What joins or parts letters of Urdu stays.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let c = match c {
            '\n' => '\n',
            '\r' => continue,
            c if c.is_whitespace() => ' ',
            c if disturbs(c) => continue,
            c => c,
        };
        let doubled = (c == ' ' && (out.is_empty() || out.ends_with([' ', '\n'])))
            || (c == '\n' && (out.is_empty() || out.ends_with("\n\n")));
        if !doubled {
            out.push(c);
        }
    }
    out.trim_end().to_owned()
}

fn disturbs(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffc}')
        || matches!(c, '\u{e0000}'..='\u{e007f}')
}

/// The text with the digits of what reads as an identity or telephone number, and the letters of an address of mail,
/// replaced. Equal to the text when there is none.
#[must_use]
pub fn mask(text: &str) -> String {
    let masked = mask_mail(&mask_numbers(text));
    if holds_identity_number(&masked) {
        return masked.chars().map(|c| if digit(c).is_some() { MASK } else { c }).collect();
    }
    masked
}

/// Digits that stand together, parted by no more than two marks of those with which numbers are written.
struct Run {
    from: usize,
    until: usize,
    digits: Vec<u8>,
}

impl Run {
    /// Ten digits or more that begin as telephone numbers do, or as many as an identity number has.
    fn leads_to_somebody(&self) -> bool {
        let count = self.digits.len();
        count >= 13
            || (count >= 10
                && (matches!(self.digits.as_slice(), [0 | 3, ..])
                    || matches!(self.digits.as_slice(), [9, 2, ..])))
    }
}

fn mask_numbers(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut runs: Vec<Run> = Vec::new();
    for (place, c) in letters.iter().enumerate() {
        let Some(value) = digit(*c) else { continue };
        let between = runs.last().map(|run| letters.get(run.until + 1..place).unwrap_or_default());
        let joins =
            between.is_some_and(|marks| marks.len() <= 2 && marks.iter().copied().all(is_mark));
        match runs.last_mut().filter(|_| joins) {
            Some(run) => {
                run.until = place;
                run.digits.push(value);
            }
            None => runs.push(Run { from: place, until: place, digits: vec![value] }),
        }
    }
    let hidden = |place: usize| {
        let after = runs.partition_point(|run| run.until < place);
        runs.get(after).is_some_and(|run| run.from <= place && run.leads_to_somebody())
    };
    let shown = |(place, c): (usize, &char)| {
        if digit(*c).is_some() && hidden(place) { MASK } else { *c }
    };
    letters.iter().enumerate().map(shown).collect()
}

fn is_mark(c: char) -> bool {
    matches!(c, ' ' | '-' | '\u{2010}'..='\u{2013}' | '.' | '(' | ')' | '/' | '_' | ',' | '\u{060c}' | '\u{200c}'..='\u{200f}')
}

fn mask_mail(text: &str) -> String {
    let is_mail = |word: &str| {
        word.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !host.starts_with('.')
        })
    };
    text.split_inclusive(char::is_whitespace)
        .map(|word| {
            if is_mail(word.trim()) {
                word.chars().map(|c| if c.is_whitespace() { c } else { MASK }).collect()
            } else {
                word.to_owned()
            }
        })
        .collect()
}

/// Latin words, compared whole.
const LATIN: &[&str] = &[
    "police",
    "policeman",
    "policemen",
    "policewoman",
    "pulis",
    "polis",
    "constable",
    "constables",
    "guard",
    "guards",
    "guarding",
    "soldier",
    "soldiers",
    "army",
    "military",
    "ranger",
    "rangers",
    "levies",
    "levy",
    "frontier",
    "sho",
    "asi",
    "dsp",
    "dpo",
    "inspector",
    "sipahi",
    "fauji",
    "fouji",
    "fauj",
    "thana",
    "thanedar",
    "hawaldar",
    "security",
    "uniform",
    "paramilitary",
    "commando",
    "commandos",
    "fc",
];

/// Words of Urdu, Sindhi and Pashto, found also inside longer ones.
const ARABIC: &[&str] = &[
    "پولیس",
    "پلیس",
    "سپاہی",
    "سپاهی",
    "گارڈ",
    "محافظ",
    "فوج",
    "رینجر",
    "لیویز",
    "تھانے",
    "تھانہ",
    "تھانید",
    "سیکیورٹی",
    "سکیورٹی",
    "سیکورٹی",
    "وردی",
    "کانسٹیبل",
    "حوالدار",
    "ایس ایچ او",
    "عسکر",
    "ملیشیا",
    "کمانڈو",
    "اہلکار",
];

/// Whether a text speaks of those who guard. When in doubt it does: such a text is sealed.
#[must_use]
pub fn names_guards(text: &str) -> bool {
    let plain: String = text
        .chars()
        .filter(|c| {
            !disturbs(*c)
                && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{064b}'..='\u{0652}' | '\u{0640}')
        })
        .map(|c| match c {
            'ي' | 'ى' => 'ی',
            'ك' => 'ک',
            'ه' | 'ة' => 'ہ',
            c => c.to_ascii_lowercase(),
        })
        .collect();
    let latin = plain.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| LATIN.contains(&word));
    latin || ARABIC.iter().any(|word| plain.contains(&word.replace('ه', "ہ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_and_addresses_that_lead_to_a_person_are_masked() {
        for text in [
            "call 0300-1234567",
            "03001234567",
            "+92 300 1234567",
            "۰۳۰۰ ۱۲۳۴۵۶۷",
            "3001234567",
            "021 35678901",
            "(0300) 1234567",
            "id 42101-1234567-1",
            "4210112345671",
            "٤٢١٠١-١٢٣٤٥٦٧-١",
            "write to someone@example.org please",
        ] {
            let masked = mask(text);
            assert_ne!(masked, text, "{text}");
            assert!(masked.contains(MASK) && !holds_identity_number(&masked), "{masked}");
            assert_eq!(mask(&masked), masked, "{text}");
        }
        for text in [
            "",
            "NA-40 station 15",
            "2024-02-08 13:00",
            "450 women in the queue since 9",
            "150,000 people, 2 booths",
            "booth @ gate",
        ] {
            assert_eq!(mask(text), text);
        }
    }

    #[test]
    fn those_who_guard_are_recognised_in_three_scripts() {
        for text in [
            "The POLICE turned me away",
            "a constable",
            "police's",
            "گیٹ پر پولیس نے روکا",
            "پوليس",
            "سپاهي",
            "محا\u{200c}فظ",
            "sipahi ne roka",
        ] {
            assert!(names_guards(text), "{text}");
        }
        for text in ["The gate opened at ten", "بوتھ بند ہے", "policy", "regards", "garden"]
        {
            assert!(!names_guards(text), "{text}");
        }
    }

    #[test]
    fn what_turns_or_hides_letters_is_taken_out() {
        assert_eq!(clean("a\u{202e}b\u{0}c\u{2066}d\u{feff}"), "abcd");
        assert_eq!(clean("  a \t b\r\n\n\n\nc  "), "a b\n\nc");
        assert_eq!(clean("نہیں\u{200c}ہے"), "نہیں\u{200c}ہے");
    }

    proptest! {
        #[test]
        fn masking_and_cleaning_settle_at_once(text in any::<String>()) {
            let once = clean(&text);
            prop_assert_eq!(clean(&once), once.clone());
            let masked = mask(&once);
            prop_assert_eq!(mask(&masked), masked.clone());
            prop_assert!(!holds_identity_number(&masked));
            prop_assert_eq!(masked.chars().count(), once.chars().count());
        }
    }
}
