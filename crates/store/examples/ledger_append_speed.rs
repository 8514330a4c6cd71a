//! Signed entries into a store with group commit, the process killed without warning, how soon the store is ready
//! again, and the proof of one of the entries: `cargo run --release -p pehra-store --example ledger_append_speed [-- FOLDER
//! [ENTRIES]]`, or `cargo xtask bench ledger_append -- FOLDER ENTRIES`. Without a folder in a temporary one with 200,000
//! entries; a folder that is named is left behind, and the next run goes on in it: 5 million first, then 20 million.
#![expect(clippy::print_stdout, reason = "the figures are the output")]
#![expect(clippy::cast_precision_loss, reason = "figures for people")]

use pehra_ledger::checkpoint::{Checkpoint, Origin};
use pehra_ledger::draft::Next;
use pehra_ledger::{ClockQuality, Draft, Entry, Head, Hlc, Payload, SigningKey, tile, tree};
use pehra_store::{Batch, KeptCheckpoint, Store};
use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Instant;

const ELECTION: [u8; 16] = [7; 16];
const DEVICES: usize = 200;
const PER_COMMIT: usize = 1_000;
/// Tells this program that it is the one to be killed.
const CHILD: &str = "PEHRA_MEASURE_CHILD";

type Done = Result<(), Box<dyn Error>>;

fn key(n: usize) -> SigningKey {
    let mut seed = [5; 32];
    seed.iter_mut().zip(n.to_be_bytes()).for_each(|(to, from)| *to = from);
    SigningKey::from_seed(seed)
}

fn entry(key: &SigningKey, n: u64, next: Next) -> Result<Entry, Box<dyn Error>> {
    let mut salt = [0; 32];
    salt.iter_mut().zip(n.to_be_bytes()).for_each(|(to, from)| *to = from);
    let draft = Draft {
        election: ELECTION,
        clock: Hlc { ms: 1_707_350_400_000 + n, counter: 0 },
        clock_quality: ClockQuality::UNKNOWN,
        area: "pk/sindh/sukkur".to_owned(),
        kind: 700,
        person: "dro-sukkur".to_owned(),
        role: "DRO".to_owned(),
        causes: Vec::new(),
        cosigners: Vec::new(),
        extras: Vec::new(),
        payload: Payload::try_new(salt, &[42; 100])?,
    };
    Ok(Entry::seal(key, &draft, next)?)
}

/// Signs on one thread and commits on another, as a node that receives does; says how far it has come, and goes on in
/// small commits until somebody kills it.
fn child(folder: &Path, entries: u64) -> Done {
    let mut store = Store::open(folder)?;
    let keys: Vec<_> = (0..DEVICES).map(key).collect();
    let devices = keys.iter().map(SigningKey::public).collect();
    store.commit(&Batch { devices, ..Batch::default() })?;
    let held = u64::try_from(store.last_receipt()?.0)?;
    let mut nexts = Vec::new();
    for key in &keys {
        nexts.push(store.next(key.id())?);
    }
    let (give, take) = mpsc::sync_channel::<Vec<(Entry, u8)>>(4);
    std::thread::spawn(move || {
        let mut part = Vec::with_capacity(PER_COMMIT);
        for n in held.. {
            let at = usize::try_from(n).unwrap_or_default() % DEVICES;
            let (Some(key), Some(next)) = (keys.get(at), nexts.get_mut(at)) else { return };
            let Ok(sealed) = entry(key, n, *next) else { return };
            *next = Head::of(&sealed).next();
            part.push((sealed, 0));
            if part.len() >= PER_COMMIT && give.send(std::mem::take(&mut part)).is_err() {
                return;
            }
        }
    });
    let mut out = std::io::stdout().lock();
    let (began, mut done, mut told) = (Instant::now(), held, false);
    for entries_of_batch in take {
        let count = u64::try_from(entries_of_batch.len())?;
        store.commit(&Batch { entries: entries_of_batch, received_ms: 1, ..Batch::default() })?;
        done += count;
        if done >= entries && !told {
            let rate = done.saturating_sub(held) as f64 / began.elapsed().as_secs_f64();
            writeln!(out, "signed and committed, {PER_COMMIT} in a durable commit: {rate:.0} /s")?;
            told = true;
        }
        if done.is_multiple_of(100_000) || told {
            writeln!(out, "acknowledged {done}")?;
            out.flush()?;
        }
    }
    Ok(())
}

fn main() -> Done {
    let mut arguments = std::env::args().skip(1);
    let named = arguments.next().map(PathBuf::from);
    let entries: u64 = arguments.next().map_or(Ok(200_000), |text| text.parse())?;
    let temporary = tempfile::tempdir()?;
    let folder = named.unwrap_or_else(|| temporary.path().join("node"));
    if std::env::var_os(CHILD).is_some() {
        return child(&folder, entries);
    }
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("{entries} entries; load {}", load.trim());
    let mut running = Command::new(std::env::current_exe()?)
        .args([folder.as_os_str(), entries.to_string().as_ref()])
        .env(CHILD, "1")
        .stdout(Stdio::piped())
        .spawn()?;
    let mut acknowledged = 0;
    for line in BufReader::new(running.stdout.take().ok_or("no output")?).lines() {
        let line = line?;
        match line.strip_prefix("acknowledged ") {
            Some(count) => acknowledged = count.parse()?,
            None => println!("{line}"),
        }
        // A little beyond, so that the write-ahead log is in use.
        if acknowledged >= entries + 20_000 {
            let status = std::fs::read_to_string(format!("/proc/{}/status", running.id()))?;
            running.kill()?;
            println!(
                "killed after {acknowledged} acknowledged entries; {}",
                line_of(&status, "VmHWM")
            );
            break;
        }
    }
    running.wait()?;
    reopened(&folder, acknowledged)
}

fn line_of(status: &str, field: &str) -> String {
    status.lines().find(|line| line.starts_with(field)).unwrap_or("memory unknown").to_owned()
}

fn reopened(folder: &Path, acknowledged: u64) -> Done {
    let bytes = |name| std::fs::metadata(folder.join(name)).map_or(0, |file| file.len());
    let (database, log) = (bytes("pehra.db"), bytes("pehra.db-wal"));
    println!("database {} MB, write-ahead log {} kB", database / 1_000_000, log / 1_000);
    for round in 0..3 {
        let began = Instant::now();
        let mut store = Store::open(folder)?;
        let opened = began.elapsed();
        let signer = key(0);
        let next = store.next(signer.id())?;
        store.append(vec![entry(&signer, 1 << 40, next)?], 2)?;
        let appended = began.elapsed();
        println!(
            "open {} after the kill: {:.1} ms; first append durable after {:.1} ms",
            if round == 0 { "once" } else { "again" },
            opened.as_secs_f64() * 1_000.0,
            appended.as_secs_f64() * 1_000.0
        );
        let kept = u64::try_from(store.last_receipt()?.0)?;
        if kept < acknowledged {
            return Err(format!("{kept} kept of {acknowledged} acknowledged").into());
        }
    }
    proven(folder)
}

/// A checkpoint of all that is held, and the proof that one entry of it is.
fn proven(folder: &Path) -> Done {
    let mut store = Store::open(folder)?;
    let mut go_on = |_| ControlFlow::Continue(());
    let began = Instant::now();
    let size = store.grow_tree(&mut go_on)?;
    let grown = began.elapsed().as_secs_f64();
    println!("tree of {size} grown in {grown:.1} s: {:.0} entries/s", size as f64 / grown);
    let signer = key(0);
    let began = Instant::now();
    let origin = Origin { election: ELECTION, device: signer.id(), epoch: store.epoch() };
    let checkpoint = Checkpoint { origin, size, root: tree::root(&*store, size)? };
    let note = checkpoint.sign(&signer)?;
    let kept = KeptCheckpoint { checkpoint, note: note.clone(), cosigned: false };
    store.commit(&Batch { checkpoints: vec![kept], ..Batch::default() })?;
    let signed_ms = began.elapsed().as_secs_f64() * 1_000.0;
    println!("checkpoint of {size} signed and kept in {signed_ms:.1} ms");
    let index = size / 3;
    let began = Instant::now();
    let path = tree::inclusion(&*store, index, size)?;
    let made_us = began.elapsed().as_secs_f64() * 1e6;
    let entry = store.entry_hashes(index, 1)?.pop().ok_or("the entry has vanished")?;
    let read = Checkpoint::of_note(&note, signer.public())?;
    if !tree::verify_inclusion(&tile::leaf(&entry), index, read.size, &path, &read.root) {
        return Err("the proof does not hold".into());
    }
    println!("entry {index} proven under it: {} hashes, {made_us:.0} µs", path.len());
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!("reader: {}", line_of(&status, "VmHWM"));
    drop(store);
    let mut bytes = 0;
    for file in std::fs::read_dir(folder)? {
        bytes += file?.metadata()?.len();
    }
    println!("on disk {:.2} GB, {} bytes an entry", bytes as f64 / 1e9, bytes / size.max(1));
    Ok(())
}
