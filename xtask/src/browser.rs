//! A real browser for the stories.

use crate::{debian, run::on_path};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;

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
    debian::install("chromium", &format!("or name one in {SETTING}"))?;
    on_path(NAMES).context("chromium was installed, but it is not on the path")
}
