//! What keeping things costs: `cargo run --release -p pehra-store --example throughput [-- FOLDER [ENTRIES]]`. Without a
//! folder in a temporary one; a folder that is named must not exist and is left behind.

use pehra_ledger::draft::Next;
use pehra_ledger::manifest::{Chunk, Manifest};
use pehra_ledger::{ClockQuality, Draft, Entry, Head, Hlc, Payload, SigningKey};
use pehra_store::search::SearchChange;
use pehra_store::{Batch, Query, SearchRow, Store, backup};
use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Instant;

const DEVICES: u8 = 200;
const PER_COMMIT: usize = 1_000;
const DISTRICTS: u32 = 136;
const CHUNK_BYTES: usize = 120_000;
const STATIONS: u32 = 90_675;

type Done = Result<(), Box<dyn Error>>;

fn write_logs(count: usize) -> Result<Vec<Entry>, Box<dyn Error>> {
    let keys: Vec<_> = (0..DEVICES).map(|n| SigningKey::from_seed([n; 32])).collect();
    let mut nexts = vec![Next::FIRST; keys.len()];
    let mut all = Vec::with_capacity(count);
    for n in 0..u64::try_from(count)? {
        let at = usize::try_from(n % u64::from(DEVICES))?;
        let (Some(key), Some(next)) = (keys.get(at), nexts.get_mut(at)) else { break };
        let mut salt = [0; 32];
        salt.iter_mut().zip(n.to_be_bytes()).for_each(|(to, from)| *to = from);
        let draft = Draft {
            election: [7; 16],
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
        let entry = Entry::seal(key, &draft, *next)?;
        *next = Head::of(&entry).next();
        all.push(entry);
    }
    Ok(all)
}

/// Bytes that do not repeat, as packed rows do not.
fn noise(seed: u32, bytes: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let mut out = Vec::with_capacity(bytes + 4);
    while out.len() < bytes {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        out.extend(state.to_le_bytes());
    }
    out
}

#[expect(clippy::print_stdout, reason = "the figures are the output")]
fn timed<T>(
    name: &str,
    work: impl FnOnce() -> Result<T, Box<dyn Error>>,
) -> Result<T, Box<dyn Error>> {
    let began = Instant::now();
    let done = work()?;
    println!("{name:<56} {:>9.1} ms", began.elapsed().as_secs_f64() * 1_000.0);
    Ok(done)
}

#[expect(clippy::print_stdout, reason = "the figures are the output")]
#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn append(store: &mut Store, entries: &[Entry]) -> Done {
    let parts: Vec<Batch> = entries
        .chunks(PER_COMMIT)
        .map(|part| Batch {
            entries: part.iter().map(|entry| (entry.clone(), 0)).collect(),
            ..Batch::default()
        })
        .collect();
    let began = Instant::now();
    for part in &parts {
        store.commit(part)?;
    }
    let rate = entries.len() as f64 / began.elapsed().as_secs_f64();
    println!("{:<56} {rate:>9.0} /s", format!("append, {PER_COMMIT} entries in a durable commit"));
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the figures are the output")]
#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn append_singly(store: &mut Store, entries: &[Entry]) -> Done {
    let began = Instant::now();
    for entry in entries {
        store.append(vec![entry.clone()], 1)?;
    }
    let rate = entries.len() as f64 / began.elapsed().as_secs_f64();
    println!("{:<56} {rate:>9.0} /s", "append, one entry in a durable commit");
    Ok(())
}

/// What the disk itself allows, for comparison: 4 KiB more in a file, and on the disk.
#[expect(clippy::print_stdout, reason = "the figures are the output")]
fn bare_disk(folder: &Path, rounds: u32) -> Done {
    let path = folder.join("bare");
    let mut file = File::create(&path)?;
    let began = Instant::now();
    for _ in 0..rounds {
        file.write_all(&[7; 4_096])?;
        file.sync_data()?;
    }
    let rate = f64::from(rounds) / began.elapsed().as_secs_f64();
    println!("{:<56} {rate:>9.0} /s", "the bare disk: 4 KiB more, synced");
    Ok(std::fs::remove_file(path)?)
}

fn datasets(store: &mut Store) -> Done {
    let chunks: Vec<Vec<u8>> = (1..=DISTRICTS).map(|n| noise(n, CHUNK_BYTES)).collect();
    let named = chunks
        .iter()
        .zip(0_u32..)
        .map(|(bytes, n)| Chunk::of(&format!("pk/province/district-{n}"), bytes, 667))
        .collect();
    let manifest = Manifest::try_new("stations", 1, Vec::new(), named)?;
    let batch = Batch { chunks, manifests: vec![manifest.clone()], ..Batch::default() };
    timed("commit a national station list, 136 chunks, 16 MB", || Ok(store.commit(&batch)?))?;
    timed("read and hash all of it", || {
        for chunk in manifest.chunks() {
            store.chunk(chunk.hash)?;
        }
        Ok(())
    })
}

fn search(store: &mut Store) -> Done {
    let towns = ["Sukkur", "Karachi", "Peshawar", "Quetta", "Multan", "Mardan", "Larkana"];
    let kinds = [
        "Government Girls High School",
        "Boys Primary School",
        "Basic Health Unit",
        "گورنمنٹ ہائی سکول",
    ];
    let rows = |edition: u32| {
        (0..STATIONS).map(move |n| {
            let at = usize::try_from(n).unwrap_or_default();
            let town = towns.get(at % towns.len()).copied().unwrap_or_default();
            let kind = kinds.get(at % kinds.len()).copied().unwrap_or_default();
            SearchRow {
                kind: "station".to_owned(),
                key: format!("NA-{}-{}", n / 340 + 1, n % 340 + 1),
                area: format!("pk/province/district-{}", n / 667),
                text: format!("{kind} ward {} {town}", (n + edition) % 97),
            }
        })
    };
    let editions = [("", 0), (" again, nothing changed", 0), (" again, all changed", 1)];
    for (name, edition) in editions {
        let change = SearchChange::ReplaceKind("station".to_owned(), rows(edition).collect());
        let batch = Batch { search: vec![change], ..Batch::default() };
        timed(&format!("make 90,675 stations searchable{name}"), || Ok(store.commit(&batch)?))?;
    }
    for text in ["g", "gov", "girls sukkur", "NA-248-15", "ہائی", "ward 12 quetta"] {
        let query = Query { text: text.to_owned(), limit: 20, ..Query::default() };
        timed(&format!("search `{text}`"), || Ok(store.search(&query)?))?;
    }
    Ok(())
}

fn main() -> Done {
    let mut arguments = std::env::args().skip(1);
    let temporary = tempfile::tempdir()?;
    let named = arguments.next().map(PathBuf::from);
    let folder = named.unwrap_or_else(|| temporary.path().to_owned());
    let count = arguments.next().map_or(Ok(100_000), |text| text.parse())?;
    let node = folder.join("node");
    let mut store = timed("open a new store", || Ok(Store::open(&node)?))?;
    let entries = write_logs(count + 2_000)?;
    let (many, single) = entries.split_at(count);
    append(&mut store, many)?;
    append_singly(&mut store, single)?;
    bare_disk(&folder, 1_000)?;
    timed("tell every entry again", || {
        let mut told = 0_usize;
        store.entries_after(&BTreeMap::new(), &mut |_| {
            told += 1;
            ControlFlow::Continue(())
        })?;
        if told == entries.len() { Ok(()) } else { Err("entries are missing".into()) }
    })?;
    datasets(&mut store)?;
    search(&mut store)?;
    let keys = (0..DEVICES).map(|n| SigningKey::from_seed([n; 32]).public()).collect();
    store.commit(&Batch { devices: keys, ..Batch::default() })?;
    let mut go_on = |_| ControlFlow::Continue(());
    timed("scrub everything", || Ok(store.scrub([1; 32], &mut go_on)?))?;
    let to = folder.join("node.backup");
    timed("back up", || Ok(store.backup(&to, &mut go_on)?))?;
    timed("restore", || Ok(backup::restore(&to, &folder.join("restored"), &mut go_on)?))?;
    drop(store);
    timed("open again", || Ok(Store::open(&node)?))?;
    Ok(())
}
