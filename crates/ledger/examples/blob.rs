//! What naming and receiving a file costs: `cargo run --release --example blob [-- MEBIBYTES]`.

use pehra_ledger::blob::{Arrival, BlobManifest, Part, Reception, Want};
use std::error::Error;
#[expect(clippy::disallowed_types, reason = "measuring is what this example is for")]
use std::time::Instant;

#[expect(clippy::disallowed_types, reason = "measuring is what this example is for")]
#[expect(clippy::print_stdout, reason = "an example prints what it measured")]
fn main() -> Result<(), Box<dyn Error>> {
    let mebibytes: usize = std::env::args().nth(1).map_or(Ok(256), |given| given.parse())?;
    let file: Vec<u8> = (0..=250).cycle().take(mebibytes << 20).collect();
    let start = Instant::now();
    let manifest = BlobManifest::of(&file)?;
    let named = start.elapsed();
    let encoded = manifest.encode();
    let mut reception = Reception::begin(manifest.name(), &encoded)?;
    let start = Instant::now();
    let (mut asked, mut control) = (0, encoded.len());
    while !reception.is_whole() {
        let want = reception.want(64).encode();
        (asked, control) = (asked + 1, control + want.len());
        for index in Want::decode(&want)?.chunks() {
            let place = manifest.place(index)?;
            let (from, to) = (usize::try_from(place.start)?, usize::try_from(place.end)?);
            let bytes = file.get(from..to).ok_or("the file is shorter than its manifest")?;
            let wire = Part { file: manifest.name(), index, bytes: bytes.to_vec() }.encode();
            control += wire.len() - bytes.len();
            let part = Part::decode(&wire)?;
            if reception.accept(part.index, &part.bytes)? != Arrival::New {
                return Err("a chunk came twice".into());
            }
        }
    }
    let received = start.elapsed();
    println!(
        "{mebibytes} MiB: named in {named:.2?}, received in {received:.2?} with {asked} requests; \
         {control} bytes beside the file, progress {} bytes",
        reception.progress().len()
    );
    Ok(())
}
