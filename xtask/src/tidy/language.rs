//! What stands in the texts: nothing unfinished, nothing of the workshop, no slips of the pen.

use super::{Breach, Texts};

const CODE: &[&str] = &[".rs", ".ts", ".svelte", ".mjs", ".js"];
const ALL: &[&str] = &[
    ".rs", ".ts", ".svelte", ".mjs", ".js", ".css", ".html", ".toml", ".md", ".json", ".csv",
    ".yml", "/run",
];
/// Files in which the forbidden words stand because they are forbidden there.
const THIS: &str = "xtask/src/tidy/";
const LOCKS: &[&str] = &["web/package-lock.json"];

/// Marks of unfinished work, of tests that are passed over, and of tests that wait for the clock.
const UNFINISHED: &[&str] =
    &["todo!(", "unimplemented!(", "FIXME", "TODO", "XXX:", "HACK", "not implemented", "#[ignore"];
const PASSED_OVER: &[&str] = &[
    "test.skip(",
    "it.skip(",
    "describe.skip(",
    "test.todo(",
    "it.todo(",
    "test.only(",
    "it.only(",
    "describe.only(",
    "skip: true",
    "only: true",
];
const ASLEEP: &[&str] = &["thread::sleep(", "time::sleep(", "waitForTimeout("];

pub(super) fn finished(texts: &Texts) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in texts.below("", CODE).filter(|it| !it.path.starts_with(THIS)) {
        let script = !file.path.ends_with(".rs");
        let mut in_tests = is_test_file(&file.path);
        let mut before = "";
        for (index, line) in file.text.lines().enumerate() {
            // From `#[cfg(test)] mod tests {` on; a module in a file of its own is found by its name.
            in_tests |= before.trim() == "#[cfg(test)]" && line.ends_with('{');
            before = line;
            let mut found = UNFINISHED.iter().find(|mark| line.contains(*mark));
            if script {
                found = found.or_else(|| PASSED_OVER.iter().find(|mark| line.contains(*mark)));
            }
            if in_tests {
                found = found.or_else(|| ASLEEP.iter().find(|mark| line.contains(*mark)));
            }
            if let Some(mark) = found {
                breaches.push(format!("{}:{}: {mark}", file.path, index + 1));
            }
        }
    }
    breaches
}

fn is_test_file(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    parts.iter().any(|part| ["tests", "tests.rs", "e2e"].contains(part))
        || path.contains(".test.")
        || path.contains(".e2e.")
}

/// Paths of a machine and addresses of a workshop: the house is the same wherever it stands.
const FOREIGN: &[&str] = &[
    "/work/",
    "/root/",
    "/farm/",
    "/home/",
    "/Users/",
    "C:\\Users",
    "/tmp/brief",
    "lorem ipsum",
    "Lorem ipsum",
];

pub(super) fn language(texts: &Texts) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in texts.below("", ALL).filter(|it| !it.path.starts_with(THIS)) {
        if LOCKS.contains(&file.path.as_str()) {
            continue;
        }
        for (index, line) in file.text.lines().enumerate() {
            if let Some(mark) = FOREIGN.iter().find(|mark| stands_alone(line, mark)) {
                breaches.push(format!("{}:{}: {mark}", file.path, index + 1));
            }
        }
    }
    breaches
}

/// Whether `mark` stands in the line other than as the middle of a longer path (`src/work/mod.rs` is no machine's).
fn stands_alone(line: &str, mark: &str) -> bool {
    line.match_indices(mark).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        !mark.starts_with('/')
            || before
                .is_none_or(|c| !(c.is_alphanumeric() || ['_', '.', '-', '}', '*'].contains(&c)))
    })
}

/// Slips that are often made, and the American spellings of words the house writes the British way.
const SLIPS: &[(&str, &str)] = &[
    ("teh ", "the"),
    ("recieve", "receive"),
    ("seperat", "separat"),
    ("occured", "occurred"),
    ("definately", "definitely"),
    ("accomodat", "accommodat"),
    ("neccess", "necess"),
    ("wich ", "which"),
    ("untill", "until"),
    ("begining", "beginning"),
    ("refered", "referred"),
    ("existance", "existence"),
    ("consistant", "consistent"),
    ("dependancy", "dependency"),
    ("responsability", "responsibility"),
    ("succesful", "successful"),
    ("adress", "address"),
    ("comission", "commission"),
    ("garantee", "guarantee"),
    (" armor", "armour"),
    ("neighbor", "neighbour"),
    ("organization", "organisation"),
    ("honour the the", "honour the"),
    (" the the ", "the"),
    (" a a ", "a"),
    (" of of ", "of"),
    (" is is ", "is"),
];

pub(super) fn slips(texts: &Texts) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in texts.below("", &[".rs", ".md", ".ts", ".svelte"]) {
        if file.path.starts_with(THIS) || file.path.starts_with("web/src/api/") {
            continue;
        }
        for (index, line) in file.text.lines().enumerate() {
            for (slip, right) in SLIPS.iter().filter(|(slip, _)| begins(line, slip)) {
                breaches.push(format!(
                    "{}:{}: {:?}: write {right:?}",
                    file.path,
                    index + 1,
                    slip.trim()
                ));
            }
        }
    }
    breaches
}

/// Whether a word of the line begins with the slip (Greenwich is no slip).
fn begins(line: &str, slip: &str) -> bool {
    line.match_indices(slip).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(char::is_alphabetic) || slip.starts_with(' ')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfinished_ignored_and_sleeping_lines_are_found() {
        let texts = [
            ("crates/a/src/lib.rs", "fn f() { todo!() }\nfn g() { thread::sleep(x) }\n"),
            ("crates/a/src/a/tests.rs", "#[ignore]\nthread::sleep(x);\n"),
            (
                "crates/a/src/b.rs",
                "#[cfg(test)]\nmod tests {\n    fn f() { std::thread::sleep(x) }\n}\n",
            ),
            ("web/tests/a.test.ts", "test.skip('x', () => {})\nlist.skip(1)\n"),
        ];
        let found = finished(&Texts::of(&texts));
        assert_eq!(found.len(), 5, "{found:?}");
    }

    #[test]
    fn a_machine_is_found_and_a_module_is_not() {
        let texts = [
            ("a.rs", "// see /work/main\nmod crates/pehra/src/work/import.rs\n"),
            ("b.md", "in `/root/x`, but ../shared/work/ is fine\n"),
        ];
        let found = language(&Texts::of(&texts));
        assert_eq!(found, ["a.rs:1: /work/", "b.md:1: /root/"]);
    }

    #[test]
    fn a_slip_is_named_with_the_right_word() {
        let texts = [("a.md", "We recieve it.\nAt Greenwich it is noon.\n")];
        assert_eq!(slips(&Texts::of(&texts)), ["a.md:1: \"recieve\": write \"receive\""]);
    }
}
