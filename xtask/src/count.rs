//! How many tests passed and failed, read from what the runners print.

use std::ops::AddAssign;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Sums cargo's closing lines: `test result: ok. 24 passed; 1 failed; 0 ignored; …`. None when there is no such line.
pub(crate) fn cargo(output: &str) -> Option<Count> {
    let mut sum = None;
    for line in output.lines() {
        let Some((_, counts)) = line.trim_start().split_once("test result: ") else { continue };
        let of = |word: &str| -> u64 {
            let before = counts.split(word).next().unwrap_or_default().trim_end();
            before.rsplit([' ', '.', ';']).next().and_then(|n| n.parse().ok()).unwrap_or(0)
        };
        let count = Count { passed: of("passed"), failed: of("failed") };
        *sum.get_or_insert_with(Count::default) += count;
    }
    sum
}

/// Reads the closing lines of Node's own test runner, as TAP (`# pass 12`) or as its readable report (`ℹ pass 12`).
/// Cancelled tests count as failed. None when there are none.
pub(crate) fn node(output: &str) -> Option<Count> {
    let last = |word: &str| -> Option<u64> {
        output.lines().rev().find_map(|line| {
            let line = strip_colour(line);
            let rest = line.trim_start_matches(['#', 'ℹ', ' ']).strip_prefix(word)?;
            rest.trim().parse().ok()
        })
    };
    let passed = last("pass ")?;
    Some(Count { passed, failed: last("fail ")? + last("cancelled ").unwrap_or(0) })
}

/// The line without terminal colours.
fn strip_colour(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            for code in chars.by_ref() {
                if code == 'm' {
                    break;
                }
            }
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_closing_line_of_cargo_is_counted() {
        let output = "running 2 tests\ntest result: ok. 24 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; \
                      finished in 1.00s\n\ntest result: FAILED. 3 passed; 2 failed; 1 ignored; 0 measured\n";
        assert_eq!(cargo(output), Some(Count { passed: 27, failed: 2 }));
        assert_eq!(cargo("error: could not compile"), None);
    }

    #[test]
    fn both_reports_of_node_are_understood() {
        let tap = "TAP version 13\nok 1 - a\n1..1\n# tests 7\n# pass 5\n# fail 1\n# cancelled 1\n# skipped 0\n";
        assert_eq!(node(tap), Some(Count { passed: 5, failed: 2 }));
        let spec = "✔ a (1ms)\n\u{1b}[34mℹ pass 12\u{1b}[39m\n\u{1b}[34mℹ fail 0\u{1b}[39m\n";
        assert_eq!(node(spec), Some(Count { passed: 12, failed: 0 }));
        assert_eq!(node("SyntaxError"), None);
    }
}
