//! Collects findings: counts for ever, details up to a limit.

use crate::code::{Code, fill};
use pehra_domain::finding::Finding;
use std::collections::BTreeMap;

/// Findings kept in detail; beyond it only the counts go on.
pub const FINDINGS_MAX: usize = 400_000;
/// Longest text kept of what a cell held, in characters.
const WAS_CHARS_MAX: usize = 200;

/// What happened to a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    #[default]
    Accepted,
    Repaired,
    Quarantined,
}

/// Rows by what happened to them; the three add up to `rows`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Tally {
    pub rows: u64,
    pub accepted: u64,
    pub repaired: u64,
    pub quarantined: u64,
}

impl Tally {
    pub fn add(&mut self, outcome: Outcome) {
        self.rows += 1;
        match outcome {
            Outcome::Accepted => self.accepted += 1,
            Outcome::Repaired => self.repaired += 1,
            Outcome::Quarantined => self.quarantined += 1,
        }
    }
}

/// Findings in the order they were made, with counts by code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    list: Vec<Finding>,
    counts: BTreeMap<&'static str, u64>,
    cut: bool,
}

impl Findings {
    /// Adds a finding. `was` is what stood there, `now` what is used instead. For an identity number both are
    /// dropped whatever the caller gives.
    pub fn push(&mut self, code: Code, row: u32, column: &str, was: &str, now: &str) {
        *self.counts.entry(code.code()).or_default() += 1;
        if self.list.len() >= FINDINGS_MAX {
            self.cut = true;
            return;
        }
        let (was, now) = if code == Code::IdentityNumber { ("", "") } else { (was, now) };
        let mut finding = Finding {
            row,
            column: column.to_owned(),
            code: code.code().to_owned(),
            severity: code.severity(),
            was: shorten(was),
            now: shorten(now),
            text: String::new(),
        };
        finding.text = fill(code.english(), &finding);
        self.list.push(finding);
    }

    /// Sorted by row, then column and code; with a last line when details were cut.
    #[must_use]
    pub fn into_parts(mut self) -> (Vec<Finding>, BTreeMap<String, u64>) {
        if self.cut {
            self.cut = false;
            self.list.pop();
            self.push(Code::FindingsCut, 0, "", "", &FINDINGS_MAX.to_string());
        }
        self.list.sort_by(|a, b| (a.row, &a.column, &a.code).cmp(&(b.row, &b.column, &b.code)));
        let counts = self.counts.into_iter().map(|(code, n)| (code.to_owned(), n)).collect();
        (self.list, counts)
    }

    /// How often a code was found.
    #[must_use]
    pub fn count(&self, code: Code) -> u64 {
        self.counts.get(code.code()).copied().unwrap_or_default()
    }
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(WAS_CHARS_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_number_is_never_echoed() {
        let mut findings = Findings::default();
        findings.push(Code::IdentityNumber, 7, "name", "42101-1234567-1", "x");
        let (list, counts) = findings.into_parts();
        assert_eq!((list[0].was.as_str(), list[0].now.as_str()), ("", ""));
        assert!(!list[0].text.contains("42101"));
        assert_eq!(counts["identity-number"], 1);
    }

    #[test]
    fn counts_go_on_where_details_end() {
        let mut findings = Findings::default();
        for row in 0..400_010 {
            findings.push(Code::RowShort, row, "", "", "");
        }
        let (list, counts) = findings.into_parts();
        assert_eq!(list.len(), FINDINGS_MAX);
        assert_eq!(counts["row-short"], 400_010);
        assert_eq!(list[0].code, "findings-cut");
    }
}
