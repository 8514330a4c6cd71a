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
            for (index, line) in product(&file.text) {
                let code = line.split("//").next().unwrap_or_default();
                if let Some(way) = WAYS_OUT.iter().find(|way| code.contains(*way)) {
                    breaches.push(format!("{}:{}: {way} in a pure crate", file.path, index + 1));
                }
            }
        }
    }
    breaches
}

/// The lines outside items marked `#[cfg(test)]`, with their positions. An item ends at the brace that closes it at the
/// mark's own indentation (rustfmt puts it there), or at the semicolon of an item without a body.
fn product(text: &str) -> Vec<(usize, &str)> {
    let mut kept = Vec::new();
    let mut test: Option<(&str, bool)> = None;
    for (index, line) in text.lines().enumerate() {
        let Some((indentation, opened)) = test else {
            match line.strip_suffix("#[cfg(test)]") {
                Some(indentation) if indentation.trim().is_empty() => {
                    test = Some((indentation, false));
                }
                _ => kept.push((index, line)),
            }
            continue;
        };
        let closes = line.strip_prefix(indentation).is_some_and(|rest| rest.starts_with('}'));
        if closes || (!opened && line.ends_with(';')) || (!opened && line.ends_with("{}")) {
            test = None;
        } else {
            test = Some((indentation, opened || line.ends_with('{')));
        }
    }
    kept
}

/// Tests may read fixtures.
fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/") || path.contains("/testing")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_out_is_found_in_code_and_not_in_words_or_tests() {
        let code = "// std::fs is not used\nuse std::net::TcpStream;\n#[cfg(test)]\nmod tests;\n\
                    #[cfg(test)]\n#[expect(x)]\nfn f() {\n    std::fs::read(p);\n}\nuse std::env;\n";
        let texts = [
            ("crates/plan/src/a.rs", code),
            ("crates/plan/src/a/tests.rs", "use std::fs;\n"),
            ("crates/store/src/a.rs", "use std::fs;\n"),
        ];
        let found = touches_nothing(&Texts::of(&texts));
        let expected = ["2: std::net", "10: std::env"]
            .map(|way| format!("crates/plan/src/a.rs:{way} in a pure crate"));
        assert_eq!(found, expected);
    }
}
