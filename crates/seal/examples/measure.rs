//! What sealing costs: `cargo run --release --example measure`.

use pehra_ledger::DeviceId;
use pehra_seal::chance::Chance;
use pehra_seal::compartment::{Binding, CompartmentId, Sealed};
use pehra_seal::credential::Credential;
use pehra_seal::file;
use pehra_seal::hybrid::OpeningKey;
use pehra_seal::keyfile::KeyFile;
use pehra_seal::passphrase::Cost;
use std::error::Error;
use std::hint::black_box;
#[expect(clippy::disallowed_types, reason = "measuring is what this example is for")]
use std::time::Instant;

const BINDING: Binding = Binding {
    election: [1; 16],
    author: DeviceId([2; 16]),
    kind: 90,
    compartment: CompartmentId([3; 16]),
};

#[expect(clippy::disallowed_types, reason = "measuring is what this example is for")]
#[expect(clippy::print_stdout, reason = "an example prints what it measured")]
fn timed<T>(
    what: &str,
    times: u32,
    mut work: impl FnMut(u32) -> Result<T, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    for n in 0..times {
        black_box(work(n)?);
    }
    println!("{what}: {:.3} ms", start.elapsed().as_secs_f64() * 1000.0 / f64::from(times));
    Ok(())
}

fn chance(n: u32) -> Chance {
    let mut bytes = [7; 32];
    bytes.iter_mut().zip(n.to_be_bytes()).for_each(|(to, from)| *to = from);
    Chance::from_bytes(bytes)
}

fn main() -> Result<(), Box<dyn Error>> {
    let holders: Vec<OpeningKey> = (1..=64).map(|n| OpeningKey::from_secret([n; 32])).collect();
    let publics: Vec<_> = holders.iter().map(OpeningKey::public).collect();
    let report = vec![5; 900];
    for readers in [4, 16, 64] {
        let to = publics.get(..readers).ok_or("no such reader")?;
        let sealed = Sealed::seal(&BINDING, to, &report, chance(0))?;
        timed(&format!("seal 900 bytes to {readers}"), 50, |n| {
            Ok(Sealed::seal(&BINDING, to, &report, chance(n))?)
        })?;
        let stranger = OpeningKey::from_secret([99; 32]);
        timed(&format!("try all {readers} places in vain"), 50, |_| {
            Ok(sealed.open(&BINDING, &stranger, &[]).is_err())
        })?;
    }
    let photograph = vec![3; 4 << 20];
    timed("seal a photograph of 4 MiB", 20, |n| Ok(file::seal(&photograph, chance(n))?))?;
    let keys = Credential::generate(chance(1));
    for (name, cost) in [("least", Cost::LEAST), ("usual", Cost::USUAL)] {
        let own = (&keys, "five quiet words of mine");
        let file = KeyFile::write("measured", cost, own, None, chance(2))?;
        timed(&format!("open a key file of {name} cost"), 5, |_| {
            Ok(file.open("five quiet words of mine")?)
        })?;
    }
    Ok(())
}
