//! Old ledgers open for ever: every kind of event that was ever given a number has its bytes in a file.

use super::{Breach, Texts};

/// The registry of kinds.
const REGISTRY: &str = "crates/ops/src/event.rs";
/// One file per kind, named by its number.
const FOLDER: &str = "fixtures/events/";

pub(super) fn golden(texts: &Texts) -> Vec<Breach> {
    let Some(source) = texts.get(REGISTRY) else {
        return vec![format!("{REGISTRY} is missing: the kinds of events stand there")];
    };
    let kinds = kinds(source);
    if kinds.is_empty() {
        return vec![format!("{REGISTRY} has no lines like `(100, \"election.opened\"),`")];
    }
    kinds
        .into_iter()
        .filter(|(number, _)| {
            let file = format!("/{number}.cbor");
            !texts.below(FOLDER, &[".cbor"]).any(|it| it.path.ends_with(&file))
        })
        .map(|(number, name)| format!("{name} has no golden file {FOLDER}v…/{number}.cbor"))
        .collect()
}

/// The numbers and names in lines of the form `(100, "election.opened"),`.
fn kinds(source: &str) -> Vec<(u32, &str)> {
    source
        .lines()
        .filter_map(|line| {
            let (number, rest) = line.trim().strip_prefix('(')?.split_once(", \"")?;
            Some((number.parse().ok()?, rest.strip_suffix("\"),")?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_without_its_bytes_is_found() {
        let registry = "pub const KINDS: &[(u32, &str)] = &[\n    (100, \"election.opened\"),\n    (200, \"a.b\"),\n];";
        let texts = [(REGISTRY, registry), ("fixtures/events/v1/100.cbor", "")];
        let found = golden(&Texts::of(&texts));
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("a.b has no golden file"), "{found:?}");
        assert_eq!(golden(&Texts::of(&[(REGISTRY, "nothing")])).len(), 1);
    }
}
