//! A folder as one file: POSIX.1-1988 `ustar`, as every `tar` unpacks it.
//! Source: IEEE Std 1003.1, "pax", section "ustar Interchange Format".

/// Bytes of a header and of each part of a file.
const BLOCK: usize = 512;
const NAME_MAX: usize = 100;
/// Eleven octal digits.
const SIZE_MAX: u64 = 0o777_7777_7777;

/// Why a folder does not fit into the format.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TarError {
    #[error("`{0}` cannot be the name of a file in an archive: 1 to 100 bytes")]
    Name(String),
    #[error("`{0}` is too large for an archive")]
    Size(String),
}

/// Files below one folder, in the order given, readable by everybody and of one moment, seconds since 1970.
///
/// # Errors
/// [`TarError`] names the file that does not fit.
pub fn archive(folder: &str, at_s: u64, files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, TarError> {
    let mut out = Vec::new();
    for (name, bytes) in files {
        let path = format!("{folder}/{name}");
        let size = u64::try_from(bytes.len()).ok().filter(|&size| size <= SIZE_MAX);
        let size = size.ok_or_else(|| TarError::Size(path.clone()))?;
        out.extend(header(&path, size, at_s)?);
        out.extend(bytes);
        out.resize(out.len().next_multiple_of(BLOCK), 0);
    }
    // Two empty blocks end it.
    out.resize(out.len() + 2 * BLOCK, 0);
    Ok(out)
}

fn header(path: &str, size: u64, at_s: u64) -> Result<[u8; BLOCK], TarError> {
    let mut block = [0_u8; BLOCK];
    if path.is_empty() || path.len() > NAME_MAX {
        return Err(TarError::Name(path.to_owned()));
    }
    let octal = |value: u64, digits: usize| format!("{value:0digits$o}\0");
    put(&mut block, 0, path);
    put(&mut block, 100, &octal(0o644, 7));
    put(&mut block, 108, &octal(0, 7));
    put(&mut block, 116, &octal(0, 7));
    put(&mut block, 124, &octal(size, 11));
    put(&mut block, 136, &octal(at_s.min(SIZE_MAX), 11));
    put(&mut block, 148, "        ");
    put(&mut block, 156, "0");
    put(&mut block, 257, "ustar\0");
    put(&mut block, 263, "00");
    let sum: u64 = block.iter().map(|&byte| u64::from(byte)).sum();
    put(&mut block, 148, &format!("{sum:06o}\0 "));
    Ok(block)
}

fn put(block: &mut [u8; BLOCK], at: usize, text: &str) {
    for (slot, byte) in block.iter_mut().skip(at).zip(text.bytes()) {
        *slot = byte;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn another_program_unpacks_it_byte_for_byte() {
        let files = vec![
            ("README.txt".to_owned(), b"read me\n".to_vec()),
            ("entries/00001.entry".to_owned(), vec![7; 1_300]),
            ("empty".to_owned(), Vec::new()),
        ];
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a.tar"), archive("bundle", 1_707_350_400, &files).unwrap())
            .unwrap();
        let done = Command::new("tar").args(["xf", "a.tar"]).current_dir(&dir).status().unwrap();
        assert!(done.success());
        for (name, bytes) in files {
            assert_eq!(std::fs::read(dir.path().join("bundle").join(name)).unwrap(), bytes);
        }
    }

    #[test]
    fn a_name_that_does_not_fit_is_refused() {
        let long = "n".repeat(100);
        let error = archive("bundle", 0, &[(long.clone(), Vec::new())]).unwrap_err();
        assert_eq!(error, TarError::Name(format!("bundle/{long}")));
    }
}
