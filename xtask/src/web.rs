//! The web part: packages, checks, build.

use crate::{house::House, run::Job};
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

/// Vite 8 needs at least this.
const NODE_MIN: (u32, u32) = (20, 19);
/// The source file that embeds the pages.
const CARRIER: &str = "crates/pehra/src/http/web.rs";
/// Stands in `node_modules` and holds the hash of the lock that was installed.
const STAMP: &str = "node_modules/.installed-lock";

/// The folder of the web part.
///
/// # Errors
/// When it is not there, or Node is too old.
pub(crate) fn folder(house: &House) -> Result<PathBuf> {
    let web = house.path("web");
    if !web.join("package.json").is_file() {
        bail!(
            "web/package.json is missing: without the web part there is no product to build or to check"
        );
    }
    let version = Job::new(&web, "node", &["--version"]).ask().with_context(|| {
        let (major, minor) = NODE_MIN;
        format!("node is not installed: the screens need Node {major}.{minor} or newer")
    })?;
    if !new_enough(&version) {
        let (major, minor) = NODE_MIN;
        bail!("Node {} is too old: the screens need {major}.{minor} or newer", version.trim());
    }
    Ok(web)
}

fn new_enough(version: &str) -> bool {
    let mut parts = version.trim().trim_start_matches('v').split('.').map(|part| part.parse().ok());
    let (major, minor): (Option<u32>, Option<u32>) =
        (parts.next().flatten(), parts.next().flatten());
    (major.unwrap_or(0), minor.unwrap_or(0)) >= NODE_MIN
}

/// Installs the packages of the lock, unless this very lock is installed already.
pub(crate) fn install(web: &Path) -> Result<()> {
    let lock = fs::read(web.join("package-lock.json")).context(
        "web/package-lock.json cannot be read: packages are installed from the lock alone",
    )?;
    let digest: String = Sha256::digest(&lock).iter().map(|byte| format!("{byte:02x}")).collect();
    if fs::read_to_string(web.join(STAMP)).is_ok_and(|stamp| stamp == digest) {
        println!("web: packages are those of the lock");
        return Ok(());
    }
    Job::new(web, "npm", &["ci", "--no-audit", "--no-fund"]).run()?;
    fs::write(web.join(STAMP), digest).context("the stamp in node_modules cannot be written")
}

/// `npm run SCRIPT`; fails clearly when package.json has no such script.
pub(crate) fn script<'a>(web: &'a Path, name: &str) -> Result<Job<'a>> {
    let text = fs::read_to_string(web.join("package.json")).context("web/package.json")?;
    let package: serde_json::Value = serde_json::from_str(&text).context("web/package.json")?;
    if package["scripts"][name].as_str().is_none() {
        bail!("web/package.json has no script {name:?}");
    }
    Ok(Job::new(web, "npm", &["run", "--silent", name]))
}

/// Packages and pages.
pub(crate) fn build(house: &House) -> Result<()> {
    let web = folder(house)?;
    install(&web)?;
    pages(house, &web)
}

/// Builds the pages. Cargo notices a changed page but not a new one, so the source that carries them into the binary is
/// marked as new whenever the list of pages changes.
pub(crate) fn pages(house: &House, web: &Path) -> Result<()> {
    script(web, "build")?.run()?;
    let mut names = Vec::new();
    list(&web.join("dist"), &mut names)?;
    names.sort();
    let digest: String =
        Sha256::digest(names.join("\n")).iter().map(|byte| format!("{byte:02x}")).collect();
    let stamp = house.target().join("pages-embedded");
    if fs::read_to_string(&stamp).is_ok_and(|known| known == digest) {
        return Ok(());
    }
    let carrier = house.path(CARRIER);
    fs::File::options()
        .append(true)
        .open(&carrier)
        .and_then(|file| file.set_modified(SystemTime::now()))
        .with_context(|| format!("{CARRIER} cannot be marked as new"))?;
    fs::write(&stamp, digest).with_context(|| format!("{}", stamp.display()))
}

fn list(folder: &Path, names: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("{}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, names)?;
        } else {
            names.push(path.to_string_lossy().into_owned());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_node_that_can_build_the_screens_is_accepted() {
        assert!(new_enough("v20.19.0\n") && new_enough("v22.1.0") && new_enough("v20.20.2"));
        assert!(!new_enough("v20.18.9") && !new_enough("v18.20.0") && !new_enough("nonsense"));
    }
}
