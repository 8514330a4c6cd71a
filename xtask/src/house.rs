//! Where the house stands and what lies in it.

use anyhow::{Context, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Folders that hold nothing written by hand.
const NOT_OURS: &[&str] = &[".git", "dist", "node_modules", "target", "test-results"];

/// The checkout.
pub(crate) struct House {
    pub(crate) root: PathBuf,
}

/// One file of text, its path relative to the root with `/` between the steps.
pub(crate) struct Text {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl House {
    pub(crate) fn find() -> Result<Self> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = here.parent().context("xtask lies one folder below the root")?.to_owned();
        if !root.join("Cargo.toml").is_file() {
            bail!(
                "{} has no Cargo.toml: run this from the checkout it was built in",
                root.display()
            );
        }
        Ok(Self { root })
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Where cargo puts what it builds.
    pub(crate) fn target(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.path("target"), PathBuf::from)
    }

    /// Every path below the root that is ours, ascending.
    pub(crate) fn files(&self) -> Result<Vec<String>> {
        let mut found = Vec::new();
        walk(&self.root, &self.root, &mut found)?;
        found.sort();
        Ok(found)
    }

    /// Every file of ours; one that is not UTF-8 stands with an empty text.
    pub(crate) fn texts(&self) -> Result<Vec<Text>> {
        let mut texts = Vec::new();
        for path in self.files()? {
            let bytes =
                fs::read(self.path(&path)).with_context(|| format!("{path} cannot be read"))?;
            texts.push(Text { path, text: String::from_utf8(bytes).unwrap_or_default() });
        }
        Ok(texts)
    }
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("{}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type()?;
        let path = entry.path();
        if kind.is_dir() && !NOT_OURS.contains(&name.as_str()) && !name.ends_with(".pehra") {
            walk(root, &path, found)?;
        } else if kind.is_file() {
            let relative = path.strip_prefix(root).context("a file below the root")?;
            found.push(relative.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(())
}
