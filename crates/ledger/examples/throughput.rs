//! What signing and verifying cost: `cargo run --release --example throughput [-- ENTRIES]`.

use pehra_ledger::batch::verify_batch;
use pehra_ledger::draft::Next;
use pehra_ledger::log::LogBook;
use pehra_ledger::{ClockQuality, Draft, Entry, Head, Hlc, Ingested, Intake, Payload, SigningKey};
use std::error::Error;
use std::hint::black_box;
#[expect(clippy::disallowed_types, reason = "measuring is what this example is for")]
use std::time::Instant;

const ELECTION: [u8; 16] = [7; 16];

fn entry(key: &SigningKey, n: u64, next: Next) -> Result<Entry, Box<dyn Error>> {
    let mut salt = [0; 32];
    salt.iter_mut().zip(n.to_be_bytes()).for_each(|(to, from)| *to = from);
    let draft = Draft {
        election: ELECTION,
        clock: Hlc { ms: 1_707_350_400_000 + n, counter: 0 },
        clock_quality: ClockQuality::UNKNOWN,
        area: "pk/sindh/sukkur".to_owned(),
        kind: 7,
        person: "dro-sukkur".to_owned(),
        role: "DRO".to_owned(),
        causes: Vec::new(),
        cosigners: Vec::new(),
        extras: Vec::new(),
        payload: Payload::try_new(salt, &[42; 100])?,
    };
    Ok(Entry::seal(key, &draft, next)?)
}

fn write_logs(keys: &[SigningKey], entries: u64) -> Result<Vec<Entry>, Box<dyn Error>> {
    let mut nexts = vec![Next::FIRST; keys.len()];
    let mut all = Vec::new();
    let mut n = 0;
    while n < entries {
        for (key, next) in keys.iter().zip(&mut nexts) {
            let sealed = entry(key, n, *next)?;
            *next = Head::of(&sealed).next();
            all.push(sealed);
            n += 1;
        }
    }
    Ok(all)
}

#[expect(clippy::disallowed_types, reason = "measuring is what this example is for")]
#[expect(clippy::print_stdout, reason = "the figures are the output")]
#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn timed<T>(name: &str, count: usize, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let done = work();
    let seconds = began.elapsed().as_secs_f64();
    println!("{name:<56} {:>9.0} /s", count as f64 / seconds);
    done
}

#[expect(clippy::print_stdout, reason = "the figures are the output")]
fn main() -> Result<(), Box<dyn Error>> {
    let entries = match std::env::args().nth(1) {
        Some(text) => text.parse()?,
        None => 20_000,
    };
    for devices in [1_u8, 200] {
        let keys: Vec<_> = (0..devices).map(|n| SigningKey::from_seed([n; 32])).collect();
        println!("{entries} entries of {devices} devices, one core");
        let count = usize::try_from(entries)?;
        let all = timed("seal (header, hash, signature)", count, || write_logs(&keys, entries))?;
        let wire: Vec<_> = timed("encode", all.len(), || all.iter().map(Entry::encode).collect());
        let bytes: usize = wire.iter().map(Vec::len).sum();
        println!("{:<56} {:>9} B", "mean entry on the wire, 100 B body", bytes / wire.len());
        timed("decode and hash", all.len(), || {
            wire.iter().filter(|bytes| black_box(Entry::decode(bytes)).is_ok()).count()
        });
        let claims: Vec<_> = all
            .iter()
            .zip(keys.iter().cycle())
            .flat_map(|(entry, key)| entry.claims(key.public()))
            .collect();
        let held = timed("verify one by one", claims.len(), || {
            claims.iter().filter(|claim| claim.key.verify(&claim.message, &claim.signature)).count()
        });
        let batched = timed("verify in batches", claims.len(), || verify_batch(&claims, [1; 32]));
        assert!(held == claims.len() && batched.iter().all(|&one| one));
        let mut book = LogBook::default();
        keys.iter().for_each(|key| book.know(key.public()));
        for threads in [1_usize, 2] {
            take_in(&book, &wire, threads);
        }
    }
    Ok(())
}

fn take_in(book: &LogBook, wire: &[Vec<u8>], threads: usize) {
    let name = format!("take in (all guards, deliveries of 2,000, {threads} threads)");
    let taken = timed(&name, wire.len(), || {
        let mut intake = Intake::new(book, ELECTION, 1_707_350_400_000).on_threads(threads);
        wire.chunks(2_000)
            .filter_map(|part| intake.ingest_many(part, [1; 32]).ok())
            .flatten()
            .filter(|one| matches!(one, Ingested::Accepted(..)))
            .count()
    });
    assert!(taken == wire.len());
}
