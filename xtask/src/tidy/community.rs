//! Volunteers are no informants: what knows committees knows no intelligence, and the other way round.

use super::{Breach, Texts};

/// Words that would tie a volunteer to what somebody told.
const NEVER_OF_COMMITTEES: &[&str] =
    &["intelligence::", "report::", "incident::", "informant", "suspect", "tip_off", "watch_list"];
/// Where committees are at home: the record and its doors.
const COMMITTEES: &[&str] = &["crates/ops/src/community", "crates/pehra/src/http/community"];
/// Where committees and volunteers have no place.
const APART: &[&str] = &[
    "crates/ops/src/intelligence",
    "crates/ops/src/report",
    "crates/pehra/src/http/intelligence",
    "crates/pehra/src/http/reports",
];
const NEVER_APART: &[&str] = &["community::", "communities", "volunteer"];

pub(super) fn no_informants(texts: &Texts) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let is_in = |file: &crate::house::Text, folders: &[&str]| {
        folders.iter().any(|folder| file.path.starts_with(folder))
    };
    for file in texts.below("crates/", &[".rs"]) {
        let words = if is_in(file, COMMITTEES) {
            NEVER_OF_COMMITTEES
        } else if is_in(file, APART) {
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
            ("crates/pehra/src/http/community/view.rs", "use pehra_ops::incident::Key;\n"),
            ("crates/ops/src/incident.rs", "volunteer\n"),
        ]);
        let breaches = no_informants(&texts);
        assert_eq!(breaches.len(), 3, "{breaches:?}");
        for found in ["rs:2: report::", "rs:1: volunteer", "rs:1: incident::"] {
            assert!(breaches.iter().any(|it| it.contains(found)), "{found}: {breaches:?}");
        }
    }
}
