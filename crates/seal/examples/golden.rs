//! Writes the golden files of the first formats into a folder: `cargo run --example golden -- FOLDER`. Meant for the
//! release of a new format only; the files of a released one are never written again.

#[path = "../tests/it/golden_v1.rs"]
mod golden_v1;

use pehra_ledger::Hash;
use std::error::Error;
use std::fmt::Write;
use std::path::PathBuf;

#[expect(clippy::disallowed_methods, reason = "an example may write what a pure crate may not")]
fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).map(PathBuf::from).ok_or("which folder?")?;
    let mut sums = String::new();
    for (name, bytes) in golden_v1::files()? {
        std::fs::write(folder.join(format!("{name}.bin")), &bytes)?;
        writeln!(sums, "{}  {name}.bin", Hash::of(&bytes))?;
    }
    std::fs::write(folder.join("SHA256SUMS"), sums)?;
    Ok(())
}
