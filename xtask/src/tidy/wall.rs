//! Who may use whom, and what pure crates may not carry.

use super::{Breach, Texts};

/// Crate → the workspace crates it may use. Anything else is a broken wall.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("ledger", &[]),
    ("plan", &["domain"]),
    ("ops", &["domain"]),
    ("exchange", &["domain"]),
    ("store", &["domain", "ledger", "ops"]),
    ("print", &["domain"]),
    ("drill", &["domain", "ops", "plan"]),
    ("seal", &["ledger"]),
    ("lan", &["ledger"]),
    ("sim", &["ledger"]),
    ("link", &["ledger"]),
    ("token", &["ledger"]),
    ("camera", &[]),
    (
        "pehra",
        &[
            "domain", "ledger", "plan", "ops", "exchange", "drill", "store", "seal", "link",
            "token", "lan", "camera",
        ],
    ),
];

/// Beyond that, for tests and measurements only.
const TESTS_MAY_USE: &[(&str, &[&str])] =
    &[("plan", &["drill"]), ("exchange", &["drill"]), ("store", &["drill"]), ("lan", &["store"])];

pub(super) const PURE: &[&str] =
    &["domain", "ledger", "plan", "ops", "exchange", "drill", "seal", "link", "sim"];

/// Third-party crates that would carry a clock, a disk, a network or ambient chance into a pure crate.
const IMPURE: &[&str] = &[
    "async-std",
    "axum",
    "chrono",
    "dirs",
    "fastrand",
    "getrandom",
    "hyper",
    "notify",
    "rand",
    "rayon",
    "reqwest",
    "rusqlite",
    "rust-embed",
    "smol",
    "sqlx",
    "tempfile",
    "time",
    "tokio",
    "tracing-subscriber",
    "ureq",
    "uuid",
];

/// One dependency line of a manifest.
struct Use {
    name: String,
    for_tests: bool,
}

fn manifests(texts: &Texts) -> Vec<(&str, Result<Vec<Use>, Breach>)> {
    texts
        .below("crates/", &["/Cargo.toml"])
        .filter_map(|it| {
            let name = it.path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml")?;
            (!name.contains('/')).then(|| (name, uses(name, &it.text)))
        })
        .collect()
}

/// All dependencies of a manifest, those of single platforms included.
fn uses(name: &str, manifest: &str) -> Result<Vec<Use>, Breach> {
    let table: toml::Table =
        manifest.parse().map_err(|error| format!("crates/{name}/Cargo.toml: {error}"))?;
    let mut scopes = vec![&table];
    if let Some(platforms) = table.get("target").and_then(toml::Value::as_table) {
        scopes.extend(platforms.values().filter_map(toml::Value::as_table));
    }
    let mut found = Vec::new();
    for scope in scopes {
        for (section, for_tests) in
            [("dependencies", false), ("build-dependencies", false), ("dev-dependencies", true)]
        {
            let Some(section) = scope.get(section).and_then(toml::Value::as_table) else {
                continue;
            };
            for (key, value) in section {
                let name = value.get("package").and_then(toml::Value::as_str).unwrap_or(key);
                found.push(Use { name: name.to_owned(), for_tests });
            }
        }
    }
    Ok(found)
}

fn row<'r>(table: &'r [(&str, &'r [&'r str])], name: &str) -> Option<&'r [&'r str]> {
    table.iter().find(|(known, _)| *known == name).map(|(_, may)| *may)
}

pub(super) fn walls(texts: &Texts) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (name, uses) in manifests(texts) {
        let Some(may) = row(MAY_USE, name) else {
            breaches.push(format!("crates/{name} has no row in MAY_USE: give it a room first"));
            continue;
        };
        match uses {
            Err(breach) => breaches.push(breach),
            Ok(uses) => {
                for dependency in uses {
                    let Some(inner) = dependency.name.strip_prefix("pehra-") else { continue };
                    let tests = row(TESTS_MAY_USE, name).unwrap_or_default();
                    let allowed =
                        may.contains(&inner) || (dependency.for_tests && tests.contains(&inner));
                    if !allowed {
                        breaches.push(format!("crates/{name} may not use pehra-{inner}"));
                    }
                }
            }
        }
    }
    breaches
}

pub(super) fn purity(texts: &Texts) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (name, uses) in manifests(texts) {
        if !PURE.contains(&name) {
            continue;
        }
        for dependency in uses.unwrap_or_default() {
            if IMPURE.contains(&dependency.name.as_str()) {
                breaches
                    .push(format!("crates/{name} is pure and may not carry {}", dependency.name));
            }
        }
    }
    breaches
}

pub(super) fn one_fence(texts: &Texts) -> Vec<Breach> {
    let path = |name: &str| format!("crates/{name}/clippy.toml");
    let Some(first) = PURE.first().and_then(|name| texts.get(&path(name))) else {
        return vec![
            "crates/domain/clippy.toml is missing: pure crates need their fence".to_owned(),
        ];
    };
    let mut breaches = Vec::new();
    for name in PURE {
        match texts.get(&path(name)) {
            None => breaches.push(format!("{} is missing", path(name))),
            Some(text) if text != first => {
                breaches.push(format!("{} differs from crates/domain/clippy.toml", path(name)));
            }
            Some(_) => {}
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forbidden_use_is_found_in_every_section() {
        let plan = "[dependencies]\npehra-ops.workspace = true\n[build-dependencies]\nx = { package = \
                    \"pehra-store\", version = \"1\" }\n[target.'cfg(unix)'.dependencies]\npehra-ledger = \"1\"\n";
        let texts = Texts::of(&[("crates/plan/Cargo.toml", plan), ("crates/new/Cargo.toml", "")]);
        assert_eq!(walls(&texts).len(), 4, "{:?}", walls(&texts));
    }

    #[test]
    fn tests_of_a_crate_may_use_a_little_more() {
        let plan =
            "[dependencies]\npehra-domain = \"1\"\n[dev-dependencies]\npehra-drill = \"1\"\n";
        assert!(walls(&Texts::of(&[("crates/plan/Cargo.toml", plan)])).is_empty());
        let plan = "[dependencies]\npehra-drill = \"1\"\n";
        assert_eq!(walls(&Texts::of(&[("crates/plan/Cargo.toml", plan)])).len(), 1);
    }

    #[test]
    fn chance_in_a_pure_crate_is_found() {
        let manifest = "[dev-dependencies]\nrand = \"0.9\"\n";
        let texts = [("crates/ops/Cargo.toml", manifest), ("crates/store/Cargo.toml", manifest)];
        assert_eq!(purity(&Texts::of(&texts)), ["crates/ops is pure and may not carry rand"]);
    }

    #[test]
    fn a_fence_that_was_moved_is_found() {
        let paths: Vec<String> =
            PURE.iter().map(|name| format!("crates/{name}/clippy.toml")).collect();
        let mut files: Vec<(&str, &str)> =
            paths.iter().map(|path| (path.as_str(), "same")).collect();
        assert!(one_fence(&Texts::of(&files)).is_empty());
        files[3].1 = "other";
        files.pop();
        assert_eq!(one_fence(&Texts::of(&files)).len(), 2);
    }
}
