//! What is handed over: the binary, the licences, the sources of the facts, and their checksums.

use crate::{house::House, licence, print, run::Job, web};
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::{fmt::Write as _, fs};

/// What goes along: where it lies, and its name in the folder.
const ALONG: &[(&str, &str)] = &[
    ("README.md", "README.md"),
    ("SECURITY.md", "SECURITY.md"),
    ("CHANGELOG.md", "CHANGELOG.md"),
    ("LICENSE-MIT", "LICENSE-MIT"),
    ("LICENSE-APACHE", "LICENSE-APACHE"),
    ("data/SOURCES.md", "DATA-SOURCES.md"),
    ("crates/print/fonts/OFL.txt", "FONTS-OFL.txt"),
];

pub(crate) fn dist(house: &House) -> Result<()> {
    web::build(house)?;
    Job::new(&house.root, "cargo", &["build", "--release", "--locked", "-p", "pehra"]).run()?;
    print::build(house)?;
    let folder = house.target().join("dist");
    fs::create_dir_all(&folder).with_context(|| format!("{}", folder.display()))?;
    let mut names = vec!["pehra", "THIRD-PARTY.txt"];
    fs::copy(house.target().join("release/pehra"), folder.join("pehra"))
        .context("the release binary cannot be copied")?;
    fs::copy(print::program(house), folder.join("pehra-print"))
        .context("the typesetter cannot be copied")?;
    names.push("pehra-print");
    for &(from, name) in ALONG {
        fs::copy(house.path(from), folder.join(name))
            .with_context(|| format!("{from} is missing"))?;
        names.push(name);
    }
    fs::write(folder.join("THIRD-PARTY.txt"), licence::list(house)?)?;
    names.sort_unstable();
    let mut sums = String::new();
    for name in names {
        let bytes = fs::read(folder.join(name))?;
        let digest: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        writeln!(sums, "{digest}  {name}")?;
    }
    fs::write(folder.join("SHA256SUMS"), &sums)?;
    println!("{sums}in {}", folder.display());
    Ok(())
}
