//! What a neutral text does not hold: a party, a candidate, a call to vote one way, a person, an accusation, a number or an
//! address that leads to somebody. Words are data; a name without a title is in no table, and is left to the two readers.

use crate::report::word::{MASK, mask};

/// What a word of the table belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Those who compete, and their signs.
    Side,
    Candidate,
    Persuasion,
    Person,
    Accusation,
    Contact,
}

impl Kind {
    pub const ALL: [Self; 6] = [
        Self::Side,
        Self::Candidate,
        Self::Persuasion,
        Self::Person,
        Self::Accusation,
        Self::Contact,
    ];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Side => "side",
            Self::Candidate => "candidate",
            Self::Persuasion => "persuasion",
            Self::Person => "person",
            Self::Accusation => "accusation",
            Self::Contact => "contact",
        }
    }
}

const TABLE: &str = include_str!("../../../../data/neutral_rules.csv");

/// The rules that a text breaks, each once. None for a neutral text, as far as a table can tell.
#[must_use]
pub fn breaks(text: &str) -> Vec<Kind> {
    let words = words(text);
    let mut found: Vec<Kind> = TABLE
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(','))
        .filter(|(_, phrase)| holds(&words, phrase))
        .filter_map(|(kind, _)| Kind::ALL.into_iter().find(|one| one.word() == kind))
        .collect();
    if mask(text).matches(MASK).count() > text.matches(MASK).count() {
        found.push(Kind::Contact);
    }
    found.sort();
    found.dedup();
    found
}

/// Whether the words of a phrase stand together.
fn holds(text: &[String], phrase: &str) -> bool {
    let phrase = words(phrase);
    !phrase.is_empty() && text.windows(phrase.len()).any(|run| run == phrase.as_slice())
}

/// Words in small letters; letters that Urdu, Sindhi and Pashto write in several ways are one; marks above and below are
/// left out.
fn words(text: &str) -> Vec<String> {
    let plain: String = text
        .chars()
        .filter(|c| {
            !matches!(c, '\u{200b}'..='\u{200f}' | '\u{064b}'..='\u{0655}' | '\u{0670}' | '\u{0640}')
        })
        .map(|c| match c {
            'ي' | 'ى' | 'ې' | 'ۍ' => 'ی',
            'ك' | 'ڪ' => 'ک',
            'ه' | 'ة' | 'ھ' => 'ہ',
            'أ' | 'إ' => 'ا',
            '’' => '\'',
            '\u{2010}'..='\u{2012}' => '-',
            c => c.to_lowercase().next().unwrap_or(c),
        })
        .collect();
    let parts = |c: char| !(c.is_alphanumeric() || c == '\'' || c == '-');
    plain
        .split(parts)
        .map(|word| word.trim_matches(['\'', '-']))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASES: &str = include_str!("../../../../fixtures/campaign/neutral_cases.csv");

    #[test]
    fn every_case_of_the_table_is_judged_as_it_says() {
        let mut seen = [0; 7];
        for line in CASES.lines().skip(1) {
            let (expected, text) = line.split_once(',').unwrap();
            let found = breaks(text);
            if expected.is_empty() {
                assert_eq!(found, [], "{text}");
                seen[6] += 1;
                continue;
            }
            let at = Kind::ALL.iter().position(|kind| kind.word() == expected).unwrap();
            assert!(found.contains(&Kind::ALL[at]), "{text}: {found:?}");
            seen[at] += 1;
        }
        assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
    }

    #[test]
    fn every_rule_has_a_known_kind_and_is_found_by_its_own_word() {
        for line in TABLE.lines().skip(1) {
            let (kind, word) = line.split_once(',').unwrap();
            assert!(breaks(&format!("… {word}! …")).iter().any(|it| it.word() == kind), "{line}");
        }
    }

    #[test]
    fn a_word_inside_another_word_breaks_nothing() {
        for text in ["Counterparts", "electricity", "supporting", "msgs", "mister", "چوراہا"]
        {
            assert_eq!(breaks(text), [], "{text}");
        }
    }
}
