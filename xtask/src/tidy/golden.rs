//! Old ledgers open for ever: every kind of event that was ever given a number has its bytes in a file.

use super::{Breach, Texts};

/// The registry of kinds.
const REGISTRY: &str = "crates/ops/src/event.rs";
const FOLDER: &str = "fixtures/ledgers/";

pub(super) fn golden(texts: &Texts) -> Vec<Breach> {
    let Some(source) = texts.get(REGISTRY) else {
        return vec![format!("{REGISTRY} is missing: the kinds of events stand there")];
    };
    let kinds = kinds(source);
    if kinds.is_empty() {
        return vec![format!("{REGISTRY} has no lines like `(100, \"election.opened\"),`")];
    }
    let fixtures: Vec<&str> = texts.below(FOLDER, &[""]).map(|it| it.path.as_str()).collect();
    kinds
        .into_iter()
        .filter(|kind| {
            !texts.below(FOLDER, &[""]).any(|it| it.path.contains(kind) || it.text.contains(kind))
        })
        .map(|kind| format!("{kind} has no golden file in {FOLDER} ({} files)", fixtures.len()))
        .collect()
}

/// The names in lines of the form `(100, "election.opened"),`.
fn kinds(source: &str) -> Vec<&str> {
    source
        .lines()
        .filter_map(|line| {
            let (number, rest) = line.trim().strip_prefix('(')?.split_once(", \"")?;
            let name = rest.strip_suffix("\"),")?;
            number.parse::<u32>().is_ok().then_some(name)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_without_its_bytes_is_found() {
        let registry = "pub const KINDS: &[(u32, &str)] = &[\n    (100, \"election.opened\"),\n    (200, \"a.b\"),\n];";
        let texts = [(REGISTRY, registry), ("fixtures/ledgers/v1/0100-election.opened.hex", "82")];
        let found = golden(&Texts::of(&texts));
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("a.b has no golden file"), "{found:?}");
        assert_eq!(golden(&Texts::of(&[(REGISTRY, "nothing")])).len(), 1);
    }
}
