//! Files that a piece of work leaves beside the record.

use super::WorkError;
use std::{
    fs,
    path::{Path, PathBuf},
};

pub(super) fn disk(path: &Path, error: &std::io::Error) -> WorkError {
    WorkError::Input(format!("{} cannot be used: {error}", path.display()))
}

/// Whole or not at all.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), WorkError> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".part");
    let draft = PathBuf::from(draft);
    fs::write(&draft, bytes)
        .and_then(|()| fs::rename(&draft, path))
        .map_err(|error| disk(path, &error))
}
