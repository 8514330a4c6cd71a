//! Decisions that cannot be taken back lightly: each has a number of its own and stands in the list.

use super::{Breach, Texts};
use std::collections::BTreeMap;

const FOLDER: &str = "docs/adr/";
const LIST: &str = "docs/adr/README.md";

pub(super) fn index(texts: &Texts) -> Vec<Breach> {
    let Some(list) = texts.get(LIST) else {
        return vec![format!("{LIST} is missing: decisions are listed there")];
    };
    let mut breaches = Vec::new();
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for file in texts.below(FOLDER, &[".md"]).filter(|it| it.path != LIST) {
        let name = file.path.strip_prefix(FOLDER).unwrap_or_default();
        let number = name.split('-').next().unwrap_or_default();
        if number.len() != 4 || !number.bytes().all(|digit| digit.is_ascii_digit()) {
            breaches.push(format!("{FOLDER}{name}: a decision begins with its four digits"));
        }
        if let Some(other) = seen.insert(number, name) {
            breaches.push(format!("{FOLDER}{name} has the number of {other}"));
        }
        if !list.contains(name) {
            breaches.push(format!("{FOLDER}{name} is not in {LIST}"));
        }
    }
    if seen.is_empty() {
        breaches.push(format!("{FOLDER} holds no decision"));
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unnumbered_twice_numbered_and_unlisted_decisions_are_found() {
        let texts = [
            (LIST, "0001-a.md and 0001-b.md and notes.md"),
            ("docs/adr/0001-a.md", ""),
            ("docs/adr/0001-b.md", ""),
            ("docs/adr/notes.md", ""),
            ("docs/adr/0020-c.md", ""),
        ];
        assert_eq!(index(&Texts::of(&texts)).len(), 3);
        assert!(index(&Texts::of(&texts[..2])).is_empty());
        assert_eq!(index(&Texts::of(&texts[..1])).len(), 1);
    }
}
