//! Every dependency's licence, judged by the allow list of `deny.toml`.

use crate::{house::House, run::Job};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::{collections::BTreeSet, fmt::Write as _, fs};

/// Allowed beside the list for packages that only build or test the screens, and for fonts, which keep their own
/// licence inside the binary (OFL: shipped whole, named in THIRD-PARTY.txt).
const WEB_TOOLS: &[&str] = &["CC-BY-4.0", "MPL-2.0", "OFL-1.1", "Python-2.0"];

/// One dependency with its licence expression, empty when it names none.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Dependency {
    name: String,
    version: String,
    licence: String,
    web_tool: bool,
}

/// Judges all of them and says how many there are.
pub(crate) fn check(house: &House) -> Result<()> {
    let allowed = allowed(house)?;
    let dependencies = dependencies(house)?;
    let mut refused = Vec::new();
    for dependency in &dependencies {
        let extra = if dependency.web_tool { WEB_TOOLS } else { &[] };
        let permitted = |licence: &str| allowed.contains(licence) || extra.contains(&licence);
        if !satisfiable(&dependency.licence, &permitted) {
            let Dependency { name, version, licence, .. } = dependency;
            refused.push(format!("{name} {version}: {licence:?}"));
        }
    }
    if !refused.is_empty() {
        bail!("licences that deny.toml does not allow:\n  {}", refused.join("\n  "));
    }
    println!("{} dependencies, every licence allowed", dependencies.len());
    Ok(())
}

/// The list that goes along with the binary.
pub(crate) fn list(house: &House) -> Result<String> {
    let mut text = String::from("What Pehra is made with, and under which licence.\n\n");
    for Dependency { name, version, licence, .. } in dependencies(house)? {
        writeln!(text, "{name} {version}: {licence}")?;
    }
    Ok(text)
}

fn allowed(house: &House) -> Result<BTreeSet<String>> {
    let text = fs::read_to_string(house.path("deny.toml")).context("deny.toml")?;
    let policy: toml::Table = text.parse().context("deny.toml")?;
    let list = policy
        .get("licenses")
        .and_then(|section| section.get("allow"))
        .and_then(toml::Value::as_array)
        .context("deny.toml has no list [licenses] allow")?;
    Ok(list.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect())
}

fn dependencies(house: &House) -> Result<BTreeSet<Dependency>> {
    let arguments = ["metadata", "--format-version", "1", "--locked"];
    let text = Job::new(&house.root, "cargo", &arguments)
        .ask()
        .context("`cargo metadata --locked` failed: is Cargo.lock up to date?")?;
    let metadata: Value = serde_json::from_str(&text).context("cargo metadata")?;
    let mut found: BTreeSet<Dependency> =
        crates(&metadata).into_iter().filter(|it| !it.name.is_empty()).collect();
    // The typesetter has a lock of its own.
    let beside = [&arguments[..], &["--manifest-path", "crates/print/Cargo.toml"]].concat();
    let text = Job::new(&house.root, "cargo", &beside).ask().context(
        "`cargo metadata --locked` of crates/print failed: is its Cargo.lock up to date?",
    )?;
    found.extend(crates(&serde_json::from_str(&text).context("cargo metadata")?));
    if let Ok(lock) = fs::read_to_string(house.path("web/package-lock.json")) {
        let lock: Value = serde_json::from_str(&lock).context("web/package-lock.json")?;
        found.extend(packages(&lock));
    }
    Ok(found)
}

/// The crates of `cargo metadata` that are not our own.
fn crates(metadata: &Value) -> Vec<Dependency> {
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    packages
        .iter()
        .filter(|package| !package["source"].is_null())
        .map(|package| Dependency {
            name: text(&package["name"]),
            version: text(&package["version"]),
            licence: text(&package["license"]),
            web_tool: false,
        })
        .collect()
}

/// The packages of a `package-lock.json` of version 3.
fn packages(lock: &Value) -> Vec<Dependency> {
    let Some(packages) = lock["packages"].as_object() else { return Vec::new() };
    packages
        .iter()
        .filter(|(path, _)| !path.is_empty())
        .map(|(path, package)| Dependency {
            name: path.rsplit("node_modules/").next().unwrap_or_default().to_owned(),
            version: text(&package["version"]),
            licence: text(&package["license"]),
            web_tool: package["dev"] == true || package["devOptional"] == true,
        })
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Whether an SPDX expression (`OR`, `AND`, `WITH`, parentheses, and the old `/` for `OR`) can be met by permitted
/// licences alone. What cannot be read is not met.
fn satisfiable(expression: &str, permitted: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let met = either(&words, &mut at, permitted);
    at == words.len() && met == Some(true)
}

fn either(words: &[&str], at: &mut usize, permitted: &dyn Fn(&str) -> bool) -> Option<bool> {
    let mut met = both(words, at, permitted)?;
    while words.get(*at).is_some_and(|word| word.eq_ignore_ascii_case("OR")) {
        *at += 1;
        met |= both(words, at, permitted)?;
    }
    Some(met)
}

fn both(words: &[&str], at: &mut usize, permitted: &dyn Fn(&str) -> bool) -> Option<bool> {
    let mut met = one(words, at, permitted)?;
    while words.get(*at).is_some_and(|word| word.eq_ignore_ascii_case("AND")) {
        *at += 1;
        met &= one(words, at, permitted)?;
    }
    Some(met)
}

fn one(words: &[&str], at: &mut usize, permitted: &dyn Fn(&str) -> bool) -> Option<bool> {
    let word = *words.get(*at)?;
    *at += 1;
    if word == "(" {
        let met = either(words, at, permitted)?;
        let closed = words.get(*at) == Some(&")");
        *at += 1;
        return closed.then_some(met);
    }
    if word == ")" || ["OR", "AND", "WITH"].contains(&word) {
        return None;
    }
    if words.get(*at) == Some(&"WITH") {
        let exception = words.get(*at + 1)?;
        *at += 2;
        return Some(permitted(&format!("{word} WITH {exception}")));
    }
    Some(permitted(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(expression: &str) -> bool {
        satisfiable(expression, &|licence| {
            ["MIT", "Apache-2.0", "BSD-3-Clause", "Apache-2.0 WITH LLVM-exception"]
                .contains(&licence)
        })
    }

    #[test]
    fn an_expression_is_met_when_one_alternative_is_permitted_whole() {
        assert!(met("MIT") && met("GPL-3.0 OR MIT") && met("Unlicense/MIT"));
        assert!(met("(Apache-2.0 OR GPL-2.0) AND BSD-3-Clause"));
        assert!(met("Apache-2.0 WITH LLVM-exception"));
        assert!(met("MIT OR Apache-2.0 OR LGPL-2.1-or-later"));
    }

    #[test]
    fn what_binds_or_cannot_be_read_is_refused() {
        assert!(!met("GPL-3.0-only") && !met("MIT AND GPL-3.0") && !met("LGPL-2.1-or-later"));
        assert!(!met("") && !met("(MIT") && !met("MIT OR") && !met("MIT Apache-2.0"));
        assert!(!met("MIT WITH surprises"));
        // AND binds closer than OR.
        assert!(met("MIT OR GPL-3.0 AND AGPL-3.0") && !met("GPL-3.0 OR MIT AND AGPL-3.0"));
    }

    #[test]
    fn the_list_of_the_house_allows_no_licence_that_binds() {
        let house = House::find().unwrap();
        let allowed = allowed(&house).unwrap();
        assert!(allowed.contains("MIT"));
        assert!(!allowed.iter().any(|licence| licence.contains("GPL")));
    }

    #[test]
    fn packages_of_a_lock_are_read_with_their_licence() {
        let lock = serde_json::json!({"packages": {
            "": {"name": "own"},
            "node_modules/@a/b": {"version": "1.2.3", "license": "MIT", "dev": true},
        }});
        let found = packages(&lock);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].name.as_str(), found[0].licence.as_str()), ("@a/b", "MIT"));
        assert!(found[0].web_tool);
    }
}
