//! Datasets: chunks are believed by their hash only.

use crate::sample::go_on;
use pehra_ledger::Hash;
use pehra_ledger::manifest::{CHUNK_BYTES_MAX, Chunk, Manifest};
use pehra_store::scrub::Damage;
use pehra_store::{Batch, Receipt, Snapshot, Store, StoreError};

fn dataset(kind: &str, districts: &[(&str, &[u8])]) -> (Manifest, Vec<Vec<u8>>) {
    let chunks = districts.iter().map(|(area, bytes)| Chunk::of(area, bytes, 1)).collect();
    let manifest = Manifest::try_new(kind, 1, Vec::new(), chunks).unwrap();
    (manifest, districts.iter().map(|(_, bytes)| bytes.to_vec()).collect())
}

#[test]
fn a_dataset_is_kept_once_and_found_by_its_hash() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let (manifest, chunks) = dataset("stations", &[("pk/a", b"one"), ("pk/b", b"two")]);
    let batch =
        Batch { received_ms: 8, manifests: vec![manifest.clone()], chunks, ..Batch::default() };
    store.commit(&batch).unwrap();
    store.commit(&batch).unwrap();
    assert_eq!(store.manifest(manifest.hash()).unwrap(), Some(manifest.clone()));
    let rows = store.datasets().unwrap();
    assert_eq!((rows.len(), rows[0].kind.as_str(), rows[0].added_ms), (1, "stations", 8));
    for chunk in manifest.chunks() {
        let bytes = store.chunk(chunk.hash).unwrap().unwrap();
        assert_eq!(Hash::of(&bytes), chunk.hash);
        assert!(store.has_chunk(chunk.hash).unwrap());
    }
    assert_eq!(store.chunk_totals().unwrap(), (2, 6));
    assert_eq!(store.chunk(Hash::of(b"three")).unwrap(), None);
    assert!(!store.has_chunk(Hash::of(b"three")).unwrap());
}

#[test]
fn a_dropped_dataset_takes_only_its_own_chunks() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let (old, old_chunks) = dataset("stations", &[("pk/a", b"one"), ("pk/b", b"two")]);
    let (new, new_chunks) = dataset("stations", &[("pk/a", b"one"), ("pk/b", b"two'")]);
    let chunks = [old_chunks, new_chunks].concat();
    let manifests = vec![old.clone(), new.clone()];
    store.commit(&Batch { chunks, manifests, ..Batch::default() }).unwrap();
    assert_eq!(store.drop_datasets(&[old.hash()]).unwrap(), 1);
    assert_eq!(store.manifest(old.hash()).unwrap(), None);
    assert!(new.chunks().iter().all(|chunk| store.has_chunk(chunk.hash).unwrap()));
    assert_eq!(store.chunk_totals().unwrap().0, 2);
}

#[test]
fn a_flipped_byte_in_a_chunk_is_noticed_and_named() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let bytes: Vec<u8> = (0..100_000_u32).map(|n| u8::try_from(n * 7 % 253).unwrap()).collect();
    let hash = Hash::of(&bytes);
    store
        .commit(&Batch { chunks: vec![bytes.clone(), b"sound".to_vec()], ..Batch::default() })
        .unwrap();
    drop(store);
    let file = dir.path().join(pehra_store::open::FILE);
    let mut disk = std::fs::read(&file).unwrap();
    let needle = &bytes[50_000..50_200];
    let at = disk.windows(needle.len()).position(|window| window == needle).unwrap();
    disk[at] ^= 0x10;
    std::fs::write(&file, &disk).unwrap();

    let store = Store::open(dir.path()).unwrap();
    let error = store.chunk(hash).unwrap_err();
    assert!(matches!(error, StoreError::ChunkDamaged(named) if named == hash));
    assert!(error.to_string().contains("fetch it from another node"));
    let scrubbed = store.scrub([0; 32], &mut go_on).unwrap();
    assert_eq!((scrubbed.chunks, scrubbed.damages), (2, 1));
    assert_eq!(scrubbed.first, Some(Damage::Chunk(hash)));
}

#[test]
fn a_chunk_too_large_is_refused_before_anything_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let chunks = vec![b"small".to_vec(), vec![0; CHUNK_BYTES_MAX + 1]];
    let error = store.commit(&Batch { chunks, ..Batch::default() }).unwrap_err();
    assert!(matches!(error, StoreError::ChunkTooLarge(_)));
    assert_eq!(store.chunk_totals().unwrap(), (0, 0));
}

#[test]
fn a_snapshot_is_replaced_by_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    for n in 1..=3_u8 {
        let snapshot = Snapshot {
            name: "state".to_owned(),
            version: 2,
            up_to: Receipt(i64::from(n)),
            bytes: vec![n; 9],
        };
        store.commit(&Batch { snapshots: vec![snapshot.clone()], ..Batch::default() }).unwrap();
        assert_eq!(store.snapshot("state").unwrap(), Some(snapshot));
    }
    assert_eq!(store.snapshot("other").unwrap(), None);
}
