//! Shapes of the room's document: one that has another's name takes its place there without a word.

use super::{Breach, Texts};
use std::collections::BTreeMap;

const DERIVED: &str = "ToSchema";

pub(super) fn one_name_each(texts: &Texts) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for file in texts.below("crates/", &[".rs"]) {
        let mut derived = false;
        for (number, line) in file.text.lines().enumerate() {
            let line = line.trim_start();
            if line.starts_with("#[derive(") || line.starts_with("#[cfg_attr(") {
                derived |= line.contains(DERIVED);
            }
            let Some(name) = named(line).filter(|_| derived) else { continue };
            derived = false;
            let place = format!("{}:{}", file.path, number + 1);
            if let Some(other) = seen.get(name) {
                breaches.push(format!("{place}: {name} has the name of the shape at {other}"));
            } else {
                seen.insert(name.to_owned(), place);
            }
        }
    }
    breaches
}

/// The name of a type that a line declares.
fn named(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("struct ").or_else(|| line.split_once("enum "))?;
    let plain = before.is_empty() || before.starts_with("pub");
    let end = after.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
    plain.then(|| after.get(..end.unwrap_or(after.len()))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_shapes_of_one_name_are_found() {
        let shape = "#[derive(Debug, utoipa::ToSchema)]\n#[serde(default)]\npub struct Wish {";
        let texts = Texts::of(&[
            ("crates/a/src/lib.rs", shape),
            ("crates/b/src/lib.rs", "#[derive(Debug)]\nstruct Wish;"),
            ("crates/c/src/lib.rs", "#[derive(ToSchema)]\n    pub(crate) enum Wish { A }"),
        ]);
        let breaches = one_name_each(&texts);
        assert_eq!(breaches.len(), 1);
        assert!(
            breaches
                .iter()
                .all(|it| it.contains("c/src/lib.rs:2") && it.contains("a/src/lib.rs:3"))
        );
    }
}
