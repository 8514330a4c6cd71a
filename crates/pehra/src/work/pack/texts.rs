//! What sheets say, from the table of texts: by key, with the plan's own values filled in.

use pehra_domain::sheet::Words;
use std::{collections::BTreeMap, sync::OnceLock};

const TEXTS_TOML: &str = include_str!("../../../../../data/pack_texts.toml");

type Texts = BTreeMap<String, (String, String)>;

fn texts() -> &'static Texts {
    static TEXTS: OnceLock<Texts> = OnceLock::new();
    TEXTS.get_or_init(|| {
        let mut found = Texts::new();
        match TEXTS_TOML.parse::<toml::Table>() {
            Ok(table) => collect("", &table, &mut found),
            Err(error) => tracing::error!(%error, "the table of texts cannot be read"),
        }
        found
    })
}

fn collect(above: &str, table: &toml::Table, found: &mut Texts) {
    let text = |name: &str| table.get(name).and_then(toml::Value::as_str);
    if let (Some(en), Some(ur)) = (text("en"), text("ur")) {
        found.insert(above.to_owned(), (en.to_owned(), ur.to_owned()));
        return;
    }
    for (name, below) in table {
        let key = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
        if let Some(below) = below.as_table() {
            collect(&key, below, found);
        }
    }
}

/// A text without blanks; a key that the table lacks stands for itself, and a test finds it.
pub(super) fn t(key: &str) -> Words {
    match texts().get(key) {
        Some((en, ur)) => Words::two(en.as_str(), ur.as_str()),
        None => Words::same(key),
    }
}

/// A text with its blanks filled in. In Urdu a value in Latin letters or digits keeps its own direction.
pub(super) fn fill(key: &str, values: &[(&str, Words)]) -> Words {
    let Some((en, ur)) = texts().get(key) else { return Words::same(key) };
    let (mut en, mut ur) = (en.clone(), ur.clone());
    for (name, value) in values {
        let blank = format!("{{{name}}}");
        let (english, urdu) = match value {
            Words::Same(text) => (text.clone(), isolated(text)),
            Words::Two { en, ur } => (en.clone(), ur.clone()),
        };
        en = en.replace(&blank, &english);
        ur = ur.replace(&blank, &urdu);
    }
    Words::Two { en, ur }
}

/// Between marks that keep its direction to itself (UAX 9: LRI … PDI).
fn isolated(text: &str) -> String {
    format!("\u{2066}{text}\u{2069}")
}

pub(super) fn same(text: impl std::fmt::Display) -> Words {
    Words::same(text.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCES: [&str; 8] = [
        include_str!("../pack.rs"),
        include_str!("area.rs"),
        include_str!("custody.rs"),
        include_str!("form.rs"),
        include_str!("issue.rs"),
        include_str!("noun.rs"),
        include_str!("order.rs"),
        include_str!("radio.rs"),
    ];

    #[test]
    fn every_key_in_the_source_stands_in_the_table() {
        let mut seen = 0;
        for source in SOURCES {
            for call in ["t(\"", "fill(\"", "column(\"", "heading(\"", "paragraph(\"", "fact(\""] {
                for (at, _) in source.match_indices(call) {
                    let before = source.get(..at).unwrap().chars().next_back();
                    if before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_') {
                        continue;
                    }
                    let key = source.get(at + call.len()..).unwrap().split('"').next().unwrap();
                    let key = match call {
                        "column(\"" => format!("column.{key}"),
                        "heading(\"" => format!("heading.{key}"),
                        "paragraph(\"" => format!("text.{key}"),
                        "fact(\"" => format!("fact.{key}"),
                        _ => key.to_owned(),
                    };
                    if key.contains('{') {
                        continue;
                    }
                    assert!(texts().contains_key(&key), "{key}");
                    seen += 1;
                }
            }
        }
        assert!(seen > 80, "{seen}");
    }

    #[test]
    fn every_text_has_urdu_and_the_same_blanks_in_both_languages() {
        assert!(texts().len() > 150);
        for (key, (en, ur)) in texts() {
            let blanks = |text: &str| {
                let mut found: Vec<String> = text
                    .split('{')
                    .skip(1)
                    .map(|it| it.split('}').next().unwrap().to_owned())
                    .collect();
                found.sort();
                found
            };
            assert_eq!(blanks(en), blanks(ur), "{key}");
            let arabic = |letter: char| ('\u{600}'..='\u{6ff}').contains(&letter);
            assert!(ur.chars().any(arabic), "{key}");
            // Arabic kaf and yeh look like the Urdu ones and are not.
            assert!(!ur.contains(['\u{643}', '\u{64a}', '\u{647}']), "{key}: {ur}");
        }
    }

    #[test]
    fn a_value_in_latin_letters_is_kept_apart_in_urdu() {
        let words = fill("value.courier", &[("minutes", same(75))]);
        let Words::Two { en, ur } = words else { panic!("one language") };
        assert_eq!(en, "loop of 75 minutes");
        assert_eq!(ur, "چکر \u{2066}75\u{2069} منٹ کا");
    }
}
