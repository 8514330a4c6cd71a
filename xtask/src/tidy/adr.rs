//! Decisions that cannot be taken back lightly: numbered without gaps, each in the list.

use super::{Breach, Texts};

const FOLDER: &str = "docs/adr/";
const LIST: &str = "docs/adr/README.md";

pub(super) fn index(texts: &Texts) -> Vec<Breach> {
    let Some(list) = texts.get(LIST) else {
        return vec![format!("{LIST} is missing: decisions are listed there")];
    };
    let mut breaches = Vec::new();
    let mut names: Vec<&str> = texts
        .below(FOLDER, &[".md"])
        .filter(|it| it.path != LIST)
        .filter_map(|it| it.path.strip_prefix(FOLDER))
        .collect();
    names.sort_unstable();
    for (position, name) in names.iter().enumerate() {
        let number = name.split('-').next().unwrap_or_default();
        if number.len() != 4 || number.parse() != Ok(position + 1) {
            breaches.push(format!("{FOLDER}{name}: {:04} comes next", position + 1));
        }
        if !list.contains(name) {
            breaches.push(format!("{FOLDER}{name} is not in {LIST}"));
        }
    }
    if names.is_empty() {
        breaches.push(format!("{FOLDER} holds no decision"));
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_and_unlisted_decisions_are_found() {
        let texts = [(LIST, "0001-a.md"), ("docs/adr/0001-a.md", ""), ("docs/adr/0003-b.md", "")];
        assert_eq!(index(&Texts::of(&texts)).len(), 2);
        assert!(index(&Texts::of(&texts[..2])).is_empty());
    }
}
