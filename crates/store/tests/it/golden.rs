//! The promise that an old store opens for ever. The file is never written again.

use crate::sample::{all, assert_sound};
use pehra_ledger::{Hash, epoch};
use pehra_store::{PayloadState, Query, Receipt, Store};

const V1: &[u8] = include_bytes!("../../../../fixtures/stores/v1/pehra.db");
const SUM: &str = include_str!("../../../../fixtures/stores/v1/SHA256SUMS");

#[test]
fn a_store_of_the_first_layout_opens_with_all_it_had() {
    assert_eq!(SUM.trim_end(), format!("{}  pehra.db", Hash::of(V1)));
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(pehra_store::open::FILE), V1).unwrap();
    let store = Store::open(dir.path()).unwrap();
    let entries = all(&store);
    let bodies: Vec<_> = entries.iter().map(|entry| entry.payload().map(|p| p.body())).collect();
    assert_eq!(bodies, [Some(&b"golden 0"[..]), Some(&b"golden 1"[..]), None]);
    let last = store.entry(entries[2].header().place).unwrap().unwrap();
    assert_eq!((last.payload_state, last.received_ms), (PayloadState::Withheld, 1_707_350_400_009));
    let dataset = &store.datasets().unwrap()[0];
    let manifest = store.manifest(dataset.hash).unwrap().unwrap();
    let chunk = store.chunk(manifest.chunks()[0].hash).unwrap();
    assert_eq!(chunk.as_deref(), Some(&b"rows of Sukkur"[..]));
    let snapshot = store.snapshot("state").unwrap().unwrap();
    assert_eq!((snapshot.up_to, snapshot.bytes), (Receipt(3), vec![1, 2, 3]));
    let query = Query { text: "سكهر".to_owned(), limit: 5, ..Query::default() };
    assert_eq!(store.search(&query).unwrap()[0].key, "NA-199-1");
    assert_eq!(store.setting("language").unwrap().as_deref(), Some("ur"));
    assert_eq!(store.account("watch").unwrap(), Some(b"record".to_vec()));
    assert_eq!(store.secret("device-key").unwrap().map(|key| key.len()), Some(32));
    assert_sound(&store, 3);
    // The file is a copy, so the node begins a new epoch rather than continue somebody else's log.
    assert_eq!(epoch::generation(store.epoch()), u32::from(cfg!(unix)));
}
