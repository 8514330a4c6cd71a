//! Bits that change on the disk: noticed, or without effect.

use crate::sample::{NOW_MS, Writer, all, go_on};
use pehra_ledger::manifest::{Chunk, Manifest};
use pehra_ledger::{Entry, Hash};
use pehra_store::{Batch, Store};
use proptest::prelude::*;
use std::path::Path;

struct Before {
    file: Vec<u8>,
    entries: Vec<Entry>,
    chunks: Vec<Vec<u8>>,
    manifest: Manifest,
}

fn before() -> Before {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let mut writer = Writer::new(1, "a");
    store.append(writer.write_many(60), NOW_MS).unwrap();
    let chunks: Vec<Vec<u8>> = (1..4_u8)
        .map(|n| (0..9_000_u32).map(|i| n ^ u8::try_from(i * 31 % 251).unwrap()).collect())
        .collect();
    let named = chunks.iter().zip(["pk/a", "pk/b", "pk/c"]);
    let named = named.map(|(bytes, area)| Chunk::of(area, bytes, 1)).collect();
    let manifest = Manifest::try_new("stations", 1, Vec::new(), named).unwrap();
    let manifests = vec![manifest.clone()];
    let devices = vec![writer.key.public()];
    store
        .commit(&Batch { devices, manifests, chunks: chunks.clone(), ..Batch::default() })
        .unwrap();
    let entries = all(&store);
    drop(store);
    let file = std::fs::read(dir.path().join(pehra_store::open::FILE)).unwrap();
    Before { file, entries, chunks, manifest }
}

/// Whether opening or a scrub says that something is wrong. If neither does, everything signed is as it was.
fn is_noticed(dir: &Path, before: &Before) -> bool {
    let Ok(store) = Store::open(dir) else { return true };
    match store.scrub([1; 32], &mut go_on) {
        Err(_) => return true,
        Ok(scrubbed) if scrubbed.damages > 0 => return true,
        Ok(scrubbed) if scrubbed.unsigned > 0 => return true,
        Ok(_) => {}
    }
    assert_eq!(all(&store), before.entries);
    assert_eq!(store.manifest(before.manifest.hash()).unwrap().as_ref(), Some(&before.manifest));
    for bytes in &before.chunks {
        assert_eq!(store.chunk(Hash::of(bytes)).unwrap().as_ref(), Some(bytes));
    }
    false
}

#[test]
fn a_page_overwritten_with_rubbish_is_noticed() {
    let before = before();
    let pages = before.file.len() / 4_096;
    assert!(pages > 30);
    let mut noticed = 0;
    for page in 0..pages {
        let dir = tempfile::tempdir().unwrap();
        let mut file = before.file.clone();
        file[page * 4_096..page * 4_096 + 64].fill(0xa5);
        std::fs::write(dir.path().join(pehra_store::open::FILE), file).unwrap();
        noticed += usize::from(is_noticed(dir.path(), &before));
    }
    // Every page of a fresh file is in use.
    assert_eq!(noticed, pages);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_flipped_bit_changes_what_was_signed_unseen(flips in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..8), 1..4)) {
        thread_local!(static BEFORE: Before = before());
        BEFORE.with(|before| {
            let dir = tempfile::tempdir().unwrap();
            let mut file = before.file.clone();
            for (at, bit) in &flips {
                let at = at.index(file.len());
                file[at] ^= 1 << bit;
            }
            std::fs::write(dir.path().join(pehra_store::open::FILE), file).unwrap();
            let _seen = is_noticed(dir.path(), before);
        });
    }
}
