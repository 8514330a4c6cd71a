//! Every refusal speaks both languages. The sentences themselves are tested in `pehra-ops`; this holds the table whole.

use super::{Breach, Texts};

const CODES: &str = "crates/ops/src/refusal.rs";
const SENTENCES: &str = "crates/ops/src/refusal/text.rs";
/// Files that go on with the table where that one ends.
const MORE: &str = "crates/ops/src/refusal/text/";

pub(super) fn sentences(texts: &Texts) -> Vec<Breach> {
    let (Some(codes), Some(sentences)) = (texts.get(CODES), texts.get(SENTENCES)) else {
        return vec![format!("{CODES} or {SENTENCES} is missing")];
    };
    let more = texts.below(MORE, &[".rs"]).map(|file| file.text.as_str());
    let sentences: String = std::iter::once(sentences).chain(more).collect();
    let codes = variants(codes);
    if codes.is_empty() {
        return vec![format!("{CODES} has no lines like `RoleNotHeld = \"role-not-held\",`")];
    }
    codes
        .into_iter()
        .filter_map(|code| {
            let arm = format!("R::{code} =>");
            let Some((_, after)) = sentences.split_once(&arm) else {
                return Some(format!("{code} has no sentences in {SENTENCES}"));
            };
            let own = after.split("R::").next().unwrap_or_default();
            let urdu = own.chars().any(|c| ('\u{0600}'..='\u{06ff}').contains(&c));
            let english = own.chars().filter(char::is_ascii_alphabetic).count() > 10;
            (!(urdu && english)).then(|| format!("{code} lacks one of its two languages"))
        })
        .collect()
}

/// The names in lines of the form `RoleNotHeld = "role-not-held",`.
fn variants(source: &str) -> Vec<&str> {
    source
        .lines()
        .filter_map(|line| {
            let (name, code) = line.trim().split_once(" = \"")?;
            let written = code.strip_suffix("\",")?;
            let capital = name.chars().next()?.is_ascii_uppercase();
            (capital
                && name.chars().all(char::is_alphanumeric)
                && written.contains(char::is_alphabetic))
            .then_some(name)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_refusal_is_found() {
        let codes = "codes! {\n    /// Why.\n    RoleNotHeld = \"role-not-held\",\n    Late = \"late\",\n    Mute = \"mute\",\n}";
        let text = "R::RoleNotHeld => (\"This person does not hold it.\", \"یہ عہدہ نہیں۔\"),\n\
                    R::Late => (\"It is too late for that.\", \"\"),";
        let found = sentences(&Texts::of(&[(CODES, codes), (SENTENCES, text)]));
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("Late lacks") && found[1].starts_with("Mute has no"));
    }
}
