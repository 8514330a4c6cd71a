//! The first law, read from the sources themselves: clippy.toml names the common ways out of a pure crate, this the rest.

use super::{Breach, Texts, wall::PURE};

/// Ways to a clock, a disk, a network, an environment, another program or unordered iteration.
const WAYS_OUT: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::io::stdin",
    "std::time::Instant",
    "std::time::SystemTime",
    "SystemTime::now",
    "Instant::now",
    "HashMap",
    "HashSet",
    "RandomState",
    "thread::sleep",
    "include_dir!",
];

pub(super) fn touches_nothing(texts: &Texts) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for name in PURE {
        let folder = format!("crates/{name}/src/");
        let sources = texts.0.iter().filter(|it| it.path.starts_with(&folder));
        for file in sources.filter(|it| !is_test(&it.path)) {
            let mut before = "";
            for (index, line) in file.text.lines().enumerate() {
                if before.trim() == "#[cfg(test)]" && line.ends_with('{') {
                    break;
                }
                before = line;
                let code = line.split("//").next().unwrap_or_default();
                if let Some(way) = WAYS_OUT.iter().find(|way| code.contains(*way)) {
                    breaches.push(format!("{}:{}: {way} in a pure crate", file.path, index + 1));
                }
            }
        }
    }
    breaches
}

/// Tests may read fixtures.
fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/") || path.ends_with("/testing.rs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_out_is_found_in_code_and_not_in_words_or_tests() {
        let code = "// std::fs is not used\nuse std::net::TcpStream;\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n";
        let texts = [
            ("crates/plan/src/a.rs", code),
            ("crates/plan/src/a/tests.rs", "use std::fs;\n"),
            ("crates/store/src/a.rs", "use std::fs;\n"),
        ];
        assert_eq!(
            touches_nothing(&Texts::of(&texts)),
            ["crates/plan/src/a.rs:2: std::net in a pure crate"]
        );
    }
}
