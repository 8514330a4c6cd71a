//! Quizzes: item banks, the paper that each candidate gets, and how it is marked.
//!
//! A paper follows from a seed, the module and the service number: which questions, in which order, and in which order
//! their answers stand. Neighbours get other papers, and whoever has the bank and the seed can draw and mark each again.
//! A paper says nothing of what is right: the bank does, and it stays with whoever marks.

use super::module::cells;
use pehra_domain::{PersonId, member::MODULES, seed::Seed};
use sha2::{Digest, Sha256};

/// Most answers of a question, as there are letters for them.
const ANSWERS_MAX: usize = 4;

/// What is wrong with a bank or a table of tests.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct QuizError {
    pub line: usize,
    pub what: &'static str,
}

/// A text in English and in Urdu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub en: String,
    pub ur: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub question: Text,
    /// The right one first.
    pub answers: Vec<Text>,
}

/// The items of one module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bank {
    pub module: u8,
    pub items: Vec<Item>,
    /// SHA-256 of the file: names the bank in a signed result.
    pub hash: [u8; 32],
}

/// What a module tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    pub module: u8,
    pub questions: u8,
    /// Per cent of right answers that pass.
    pub percent: u8,
    /// The practical test, where there is one.
    pub practical: Option<Text>,
    pub basis: String,
}

/// One question of a paper: positions in the bank and among the item's answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub item: usize,
    pub order: Vec<usize>,
}

/// What one candidate is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    pub asked: Vec<Asked>,
}

impl Bank {
    /// Reads a bank: `? question`, `+ right answer`, `- wrong answer`, each in English and Urdu with `|` between; a text
    /// without it is the same in both.
    ///
    /// # Errors
    /// [`QuizError`] names the line.
    pub fn parse(module: u8, text: &str) -> Result<Self, QuizError> {
        let mut items: Vec<Item> = Vec::new();
        for (line, row) in (1..).zip(text.lines()) {
            let wrong = |what| QuizError { line, what };
            let Some((mark, words)) = row.split_once(' ') else {
                if row.is_empty() {
                    continue;
                }
                return Err(wrong("a line begins with `?`, `+` or `-` and a space"));
            };
            let (en, ur) = words.split_once(" | ").unwrap_or((words, words));
            let said = Text { en: en.trim().to_owned(), ur: ur.trim().to_owned() };
            if said.en.is_empty() || said.ur.is_empty() {
                return Err(wrong("a text is empty"));
            }
            match (mark, items.last_mut()) {
                ("?", _) => items.push(Item { question: said, answers: Vec::new() }),
                ("+", Some(item)) if item.answers.is_empty() => item.answers.push(said),
                ("-", Some(item)) if (1..ANSWERS_MAX).contains(&item.answers.len()) => {
                    if item.answers.contains(&said) {
                        return Err(wrong("two answers of a question are equal"));
                    }
                    item.answers.push(said);
                }
                ("+" | "-", _) => {
                    return Err(wrong(
                        "a question has one right answer first and up to three others",
                    ));
                }
                _ => return Err(wrong("a line begins with `?`, `+` or `-` and a space")),
            }
        }
        let whole = items.iter().all(|item| item.answers.len() > 1);
        if items.is_empty() || !whole {
            return Err(QuizError { line: text.lines().count(), what: "a question lacks answers" });
        }
        Ok(Self { module, items, hash: Sha256::digest(text.as_bytes()).into() })
    }

    /// The paper of a candidate; fewer questions when the bank holds no more.
    #[must_use]
    pub fn paper(&self, seed: u64, number: &PersonId, questions: u8) -> Paper {
        let mut hash = Sha256::new();
        hash.update(b"pehra quiz 1\0");
        hash.update(seed.to_be_bytes());
        hash.update([self.module]);
        hash.update(number.as_str());
        let drawn: [u8; 32] = hash.finalize().into();
        let mut dice = Seed::new(first_eight(&drawn));
        let mut places: Vec<usize> = (0..self.items.len()).collect();
        shuffle(&mut places, &mut dice);
        places.truncate(usize::from(questions));
        let asked = places.into_iter().map(|item| {
            let mut order: Vec<usize> = (0..self.items[item].answers.len()).collect();
            shuffle(&mut order, &mut dice);
            Asked { item, order }
        });
        Paper { asked: asked.collect() }
    }
}

fn first_eight(bytes: &[u8; 32]) -> u64 {
    bytes.iter().take(8).fold(0, |all, byte| all << 8 | u64::from(*byte))
}

/// Fisher and Yates.
fn shuffle(places: &mut [usize], dice: &mut Seed) {
    for last in (1..places.len()).rev() {
        let with = usize::try_from(dice.below(last as u64 + 1)).unwrap_or(last);
        places.swap(last, with);
    }
}

impl Paper {
    /// The letters that are right, question by question.
    #[must_use]
    pub fn key(&self) -> String {
        let right = |asked: &Asked| asked.order.iter().position(|answer| *answer == 0);
        self.asked.iter().filter_map(right).map(letter).collect()
    }

    /// How many of the given letters are right. Letters stand in the order of the questions, large or small, spaces left
    /// out; any other sign is an answer that was not given.
    #[must_use]
    pub fn mark(&self, answers: &str) -> u8 {
        let given = answers.chars().filter(|sign| !sign.is_whitespace());
        let key = self.key();
        let right = given.zip(key.chars()).filter(|(a, b)| a.to_ascii_uppercase() == *b);
        u8::try_from(right.count()).unwrap_or(u8::MAX)
    }
}

/// A, B, C, D.
#[must_use]
pub fn letter(place: usize) -> char {
    ['A', 'B', 'C', 'D'].get(place).copied().unwrap_or('?')
}

/// Reads `code,questions,percent,practical,practical_ur,basis`, the modules in the order of their numbers.
///
/// # Errors
/// [`QuizError`] names the line.
pub fn parse_tests(text: &str) -> Result<Vec<Test>, QuizError> {
    let mut tests = Vec::new();
    for (line, row) in (2..).zip(text.lines().skip(1)) {
        let wrong = |what| QuizError { line, what };
        let cells = cells(row);
        let [code, questions, percent, practical, practical_ur, basis] = cells.as_slice() else {
            return Err(wrong("six cells are needed"));
        };
        let module = code.strip_prefix('M').and_then(|digits| digits.parse::<u8>().ok());
        if module.map(usize::from) != Some(tests.len() + 1) {
            return Err(wrong("modules stand in the order of their numbers"));
        }
        let count =
            |cell: &str| cell.parse::<u8>().ok().filter(|number| (1..=100).contains(number));
        let (Some(questions), Some(percent)) = (count(questions), count(percent)) else {
            return Err(wrong("questions and per cent are numbers from 1 to 100"));
        };
        if practical.is_empty() != practical_ur.is_empty() || basis.is_empty() {
            return Err(wrong(
                "a practical test has both languages, and a figure a source or `assumed`",
            ));
        }
        let said = Text { en: practical.clone(), ur: practical_ur.clone() };
        let practical = (!practical.is_empty()).then_some(said);
        let module = u8::try_from(tests.len() + 1).unwrap_or(MODULES);
        tests.push(Test { module, questions, percent, practical, basis: basis.clone() });
    }
    if tests.len() == usize::from(MODULES) {
        return Ok(tests);
    }
    Err(QuizError { line: tests.len() + 2, what: "there are thirteen modules" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const BANK: &str = include_str!("../../../../data/quiz/M01.txt");
    const TESTS: &str = include_str!("../../../../data/training_tests.csv");

    fn number(text: &str) -> PersonId {
        PersonId::try_new(text).unwrap()
    }

    #[test]
    fn a_paper_is_drawn_again_alike_and_neighbours_get_another() {
        let bank = Bank::parse(1, BANK).unwrap();
        let paper = bank.paper(7, &number("B-1042"), 20);
        assert_eq!(paper, bank.paper(7, &number("B-1042"), 20));
        let items: BTreeSet<usize> = paper.asked.iter().map(|asked| asked.item).collect();
        assert_eq!((paper.asked.len(), items.len()), (20, 20), "no question stands twice");
        for other in [bank.paper(7, &number("B-1043"), 20), bank.paper(8, &number("B-1042"), 20)] {
            let same = paper.asked.iter().zip(&other.asked).filter(|(a, b)| a.item == b.item);
            assert!(same.count() < 6);
        }
    }

    #[test]
    fn every_question_and_every_letter_comes_about_as_often() {
        let bank = Bank::parse(1, BANK).unwrap();
        let mut items = vec![0_u32; bank.items.len()];
        let mut letters = [0_u32; 3];
        for at in 0..2_800 {
            let paper = bank.paper(1, &number(&format!("B-{at}")), 20);
            paper.asked.iter().for_each(|asked| items[asked.item] += 1);
            for sign in paper.key().bytes() {
                letters[usize::from(sign - b'A')] += 1;
            }
        }
        assert!(items.iter().all(|count| (1_850..2_150).contains(count)), "{items:?}");
        assert!(letters.iter().all(|count| (18_000..19_300).contains(count)), "{letters:?}");
    }

    #[test]
    fn answers_are_marked_by_the_letters_of_ones_own_paper() {
        let bank = Bank::parse(1, BANK).unwrap();
        let paper = bank.paper(7, &number("B-1"), 20);
        let key = paper.key();
        assert_eq!(paper.mark(&key), 20);
        assert_eq!(paper.mark(&key.to_lowercase()), 20);
        assert_eq!(
            paper.mark(&format!("- {}", key.chars().skip(1).collect::<String>())),
            19,
            "an answer not given"
        );
        assert_eq!(paper.mark(""), 0);
        assert_eq!(paper.mark(&format!("{key}{key}")), 20, "more letters than questions");
        let neighbour = bank.paper(7, &number("B-2"), 20);
        assert!(neighbour.mark(&key) < 16, "copying does not pass");
    }

    #[test]
    fn what_is_wrong_with_a_bank_is_named_with_its_line() {
        let good = "? a | ا\n+ b | ب\n- c | ج\n";
        assert_eq!(Bank::parse(1, good).unwrap().items.len(), 1);
        for (text, line, what) in [
            ("x a\n", 1, "a line begins with `?`, `+` or `-` and a space"),
            ("+ a\n", 1, "a question has one right answer first and up to three others"),
            ("? a\n- b\n", 2, "a question has one right answer first and up to three others"),
            ("? a\n+ b\n+ c\n", 3, "a question has one right answer first and up to three others"),
            ("? a\n+ b\n- b\n", 3, "two answers of a question are equal"),
            ("? a\n+ b\n", 2, "a question lacks answers"),
            ("?  | ا\n", 1, "a text is empty"),
        ] {
            assert_eq!(Bank::parse(1, text), Err(QuizError { line, what }), "{text}");
        }
    }

    #[test]
    fn the_table_of_tests_names_every_module_and_what_is_wrong_its_line() {
        let tests = parse_tests(TESTS).unwrap();
        assert_eq!(tests.len(), 13);
        assert_eq!((tests[0].questions, tests[0].percent), (20, 80));
        assert!(tests[0].practical.is_none() && tests[12].practical.is_none());
        for (from, to, line, what) in [
            ("M2,", "M9,", 3, "modules stand in the order of their numbers"),
            ("M2,8", "M2,many", 3, "questions and per cent are numbers from 1 to 100"),
            ("M2,8,75,", "M2,8,75,,", 3, "six cells are needed"),
            (
                "دیکھی گئی مشق,assumed\nM3",
                ",assumed\nM3",
                3,
                "a practical test has both languages, and a figure a source or `assumed`",
            ),
        ] {
            let bent = TESTS.replacen(from, to, 1);
            assert_eq!(parse_tests(&bent), Err(QuizError { line, what }), "{to}");
        }
    }
}
