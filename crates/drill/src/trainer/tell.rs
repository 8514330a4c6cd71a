//! How a thing is said over the air, in English and Urdu: sentences from a table, with the figures in their places.

use crate::{FactsError, table::Table};
use std::collections::BTreeMap;

/// The sentences that the product ships.
const VOICE_CSV: &str = include_str!("../../../../data/voice.csv");
/// What stands where nothing could be understood.
pub const NOISE: &str = "▒▒▒";

/// One text in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub en: String,
    pub ur: String,
}

/// Sentences by what they say: `A8`, `A8!` with trouble, `ARM.PST`.
#[derive(Clone, Debug)]
pub struct Sentences(BTreeMap<String, Text>);

impl Sentences {
    /// The shipped table.
    ///
    /// # Errors
    /// [`FactsError`]; a test keeps the shipped table readable.
    pub fn shipped() -> Result<Self, FactsError> {
        Self::parse(VOICE_CSV)
    }

    fn parse(text: &str) -> Result<Self, FactsError> {
        let table = Table::open("voice.csv", text, &["key", "text", "text_ur"])?;
        let row = |row| {
            let cell = |column| table.text(&row, column).to_owned();
            (cell("key"), Text { en: cell("text"), ur: cell("text_ur") })
        };
        Ok(Self(table.rows().map(row).collect()))
    }

    /// Whether there is a sentence for it.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Call sign and sentence, the figures in their places; what has no sentence is said by its code alone.
    #[must_use]
    pub fn say(&self, sign: &str, (key, code): (&str, &str), figures: [Option<u32>; 3]) -> Text {
        let fill = |text: &str, from: &str| {
            let mut said = text.replace("{sign}", sign).replace("{code}", code);
            for (at, figure) in (1..).zip(figures) {
                let figure = figure.map_or_else(|| "–".to_owned(), |it| it.to_string());
                said = said.replace(&format!("{{{at}}}"), &figure);
            }
            from.replace("{sign}", sign).replace("{said}", &said)
        };
        let bare = Text { en: "{code}".to_owned(), ur: "{code}".to_owned() };
        let sentence = self.0.get(key).unwrap_or(&bare);
        let frame = self.0.get("frame").unwrap_or(&bare);
        Text { en: fill(&sentence.en, &frame.en), ur: fill(&sentence.ur, &frame.ur) }
    }
}

impl Text {
    /// The same with a part lost in noise.
    #[must_use]
    pub fn without(&self, part: &str) -> Self {
        let lose = |text: &str| text.replacen(part, NOISE, 1);
        Self { en: lose(&self.en), ur: lose(&self.ur) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_holds_call_sign_code_and_figures_in_both_languages() {
        let all = Sentences::shipped().unwrap();
        let said = all.say("D012 S03 07", ("A8", "A8"), [Some(12), Some(9), Some(40)]);
        for text in [&said.en, &said.ur] {
            for part in ["D012 S03 07", "A8", "12", "9", "40"] {
                assert!(text.contains(part), "{text}: {part}");
            }
            assert!(!text.contains('{'), "{text}");
        }
        assert!(said.without("07").en.contains(NOISE));
        for code in 1..=17 {
            assert!(all.has(&format!("A{code}")), "A{code}");
        }
    }
}
