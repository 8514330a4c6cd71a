//! A real browser for the stories.

use crate::run::{Job, on_path};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// Names another browser than those on the path.
const SETTING: &str = "CHROMIUM";

/// Finds Chromium; as root on Debian it is installed when it is missing.
pub(crate) fn find() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os(SETTING).map(PathBuf::from) {
        if named.is_file() {
            return Ok(named);
        }
        bail!("{SETTING} names {}, which is no file", named.display());
    }
    if let Some(browser) = on_path(NAMES) {
        return Ok(browser);
    }
    install()?;
    on_path(NAMES).context("chromium was installed, but it is not on the path")
}

fn install() -> Result<()> {
    let here = Path::new("/");
    let root = Job::new(here, "id", &["-u"]).ask().is_some_and(|id| id.trim() == "0");
    if !root || on_path(&["apt-get"]).is_none() {
        bail!(
            "no Chromium on the path, and it can be installed here only as root on Debian: \
             run `apt-get install -y chromium`, or name one in {SETTING}"
        );
    }
    let quiet = |arguments: &[&str]| {
        Job::new(here, "apt-get", arguments).with("DEBIAN_FRONTEND", "noninteractive").run()
    };
    quiet(&["update", "-qq"])?;
    quiet(&["install", "-y", "-qq", "--no-install-recommends", "chromium"])
}
