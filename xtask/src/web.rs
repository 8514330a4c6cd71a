//! The web part: packages, checks, build.

use crate::{house::House, run::Job};
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Vite 8 needs at least this.
const NODE_MIN: (u32, u32) = (20, 19);
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
    script(&web, "build")?.run()
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
