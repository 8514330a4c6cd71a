//! Writes the golden bytes of every event that has none yet: `cargo run -p pehra-ops --example golden -- DIR`.
//! A file that exists is never touched: what was released stays as it is.

use std::{error::Error, fs::OpenOptions, io::Write, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let dir: PathBuf = std::env::args_os().nth(1).ok_or("say where: golden DIR")?.into();
    for event in pehra_ops::golden::one_of_each()? {
        let path = dir.join(format!("{}.cbor", event.kind()));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => file.write_all(&event.encode())?,
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
