//! Writes proofs for readers in other languages: `cargo run -p pehra-ledger --example proof_vectors -- FILE`. The file
//! of a released format is never written again; a case more makes a file more.

#[path = "../tests/it/proof_vectors.rs"]
mod proof_vectors;

use std::error::Error;

#[expect(clippy::disallowed_methods, reason = "an example may write what a pure crate may not")]
fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("which file?")?;
    let text = proof_vectors::text().ok_or("a case breaks a limit of the format")?;
    std::fs::write(file, text)?;
    Ok(())
}
