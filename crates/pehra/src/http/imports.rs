//! Import in four steps: file, columns, check, sign.

use std::path::PathBuf;

/// Files on their way in.
pub struct Imports {
    folder: PathBuf,
    bytes_max: u64,
}

impl Imports {
    #[must_use]
    pub fn new(folder: PathBuf, bytes_max: u64) -> Self {
        Self { folder, bytes_max }
    }
}
