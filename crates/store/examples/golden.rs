//! Writes a store of today's layout into a folder: `cargo run --example golden -- FOLDER`. Meant for the release of a
//! new layout only; the file of a released one is never written again.

use pehra_ledger::draft::Next;
use pehra_ledger::manifest::{Chunk, Manifest};
use pehra_ledger::{ClockQuality, Draft, Entry, Head, Hlc, Payload, SigningKey};
use pehra_store::search::SearchChange;
use pehra_store::{Batch, Receipt, SearchRow, Snapshot, Store};
use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).map(PathBuf::from).ok_or("which folder?")?;
    let key = SigningKey::from_seed(*b"golden author seed, not a secret");
    let mut next = Next::FIRST;
    let mut entries = Vec::new();
    for n in 0..3 {
        let draft = Draft {
            election: *b"golden-election1",
            clock: Hlc { ms: 1_707_350_400_000 + n, counter: 0 },
            clock_quality: ClockQuality::UNKNOWN,
            area: "pk/sindh/sukkur".to_owned(),
            kind: 1_001,
            person: "dro-sukkur".to_owned(),
            role: "DRO".to_owned(),
            causes: Vec::new(),
            cosigners: Vec::new(),
            extras: Vec::new(),
            payload: Payload::try_new([9; 32], format!("golden {n}").as_bytes())?,
        };
        let entry = Entry::seal(&key, &draft, next)?;
        next = Head::of(&entry).next();
        entries.push((if n == 2 { entry.withheld() } else { entry }, 0));
    }
    let chunk = b"rows of Sukkur".to_vec();
    let named = vec![Chunk::of("pk/sindh/sukkur", &chunk, 14)];
    let row = SearchRow {
        kind: "station".to_owned(),
        key: "NA-199-1".to_owned(),
        area: "pk/sindh/sukkur".to_owned(),
        text: "Girls High School سکھر".to_owned(),
    };
    let snapshot =
        Snapshot { name: "state".to_owned(), version: 1, up_to: Receipt(3), bytes: vec![1, 2, 3] };
    let mut store = Store::open(&folder)?;
    store.commit(&Batch {
        received_ms: 1_707_350_400_009,
        devices: vec![key.public()],
        entries,
        chunks: vec![chunk],
        manifests: vec![Manifest::try_new("stations", 1, Vec::new(), named)?],
        search: vec![SearchChange::Put(vec![row])],
        snapshots: vec![snapshot],
        settings: vec![("language".to_owned(), Some("ur".to_owned()))],
        ..Batch::default()
    })?;
    store.set_account("watch", Some(b"record"))?;
    store.set_secret("device-key", Some(&key.seed()))?;
    Ok(())
}
