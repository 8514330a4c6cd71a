//! Volunteers are no informants: what knows committees knows no intelligence, and the other way round.

use super::{Breach, Texts};

/// Words that would tie a volunteer to what somebody told.
const NEVER_OF_COMMITTEES: &[&str] =
    &["intelligence::", "report::", "incident::", "informant", "suspect", "tip_off", "watch_list"];
/// Where committees and volunteers have no place.
const APART: &[&str] = &["crates/ops/src/intelligence", "crates/ops/src/report"];
const NEVER_APART: &[&str] = &["community::", "communities", "volunteer"];

pub(super) fn no_informants(texts: &Texts) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in texts.below("crates/ops/src/", &[".rs"]) {
        let words = if file.path.starts_with("crates/ops/src/community") {
            NEVER_OF_COMMITTEES
        } else if APART.iter().any(|folder| file.path.starts_with(folder)) {
            NEVER_APART
        } else {
            continue;
        };
        for (number, line) in file.text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default().to_lowercase();
            for word in words.iter().filter(|word| code.contains(**word)) {
                breaches.push(format!(
                    "{}:{}: {word} would make volunteers a list of informants",
                    file.path,
                    number + 1
                ));
            }
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tie_between_volunteers_and_what_was_told_is_found() {
        let texts = Texts::of(&[
            ("crates/ops/src/community.rs", "// never an informant\nuse crate::report::Record;\n"),
            ("crates/ops/src/intelligence/record.rs", "    pub volunteer: PersonId,\n"),
            ("crates/ops/src/incident.rs", "volunteer\n"),
        ]);
        let breaches = no_informants(&texts);
        assert_eq!(breaches.len(), 2, "{breaches:?}");
        assert!(
            breaches
                .iter()
                .all(|it| it.contains("rs:2: report::") || it.contains("rs:1: volunteer"))
        );
    }
}
