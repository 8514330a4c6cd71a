//! Entries to keep, made from numbers.

use pehra_domain::progress::Step;
use pehra_ledger::draft::Next;
use pehra_ledger::{Clock, ClockQuality, Draft, Entry, Head, Payload, SigningKey};
use pehra_store::Store;
use std::ops::ControlFlow;

pub(crate) const ELECTION: [u8; 16] = *b"test-election-01";
pub(crate) const NOW_MS: u64 = 1_707_000_000_000;

/// A device that writes; `text` makes the payloads of two writers differ.
pub(crate) struct Writer {
    pub(crate) key: SigningKey,
    pub(crate) next: Next,
    clock: Clock,
    text: &'static str,
}

impl Writer {
    pub(crate) fn new(seed: u8, text: &'static str) -> Self {
        let key = SigningKey::from_seed([seed; 32]);
        Self { key, next: Next::FIRST, clock: Clock::default(), text }
    }

    /// Goes on where a store says that this device writes next.
    pub(crate) fn resumed(seed: u8, text: &'static str, store: &Store) -> Self {
        let mut writer = Self::new(seed, text);
        writer.next = store.next(writer.key.id()).unwrap();
        writer
    }

    pub(crate) fn write(&mut self) -> Entry {
        let body = format!("{} {}", self.text, self.next.seq);
        let salt = [u8::try_from(self.next.seq % 251).unwrap(); 32];
        let draft = Draft {
            election: ELECTION,
            clock: self.clock.tick(NOW_MS + self.next.seq),
            clock_quality: ClockQuality::UNKNOWN,
            area: "pk/sindh/sukkur".to_owned(),
            kind: 7,
            person: "dro-sukkur".to_owned(),
            role: "DRO".to_owned(),
            causes: Vec::new(),
            cosigners: Vec::new(),
            extras: Vec::new(),
            payload: Payload::try_new(salt, body.as_bytes()).unwrap(),
        };
        let entry = Entry::seal(&self.key, &draft, self.next).unwrap();
        self.next = Head::of(&entry).next();
        entry
    }

    pub(crate) fn write_many(&mut self, count: usize) -> Vec<Entry> {
        (0..count).map(|_| self.write()).collect()
    }
}

pub(crate) fn go_on(_: Step) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Every entry of a store, log by log.
pub(crate) fn all(store: &Store) -> Vec<Entry> {
    let mut entries = Vec::new();
    store
        .entries_after(&std::collections::BTreeMap::new(), &mut |stored| {
            entries.push(stored.entry);
            ControlFlow::Continue(())
        })
        .unwrap();
    entries
}

/// Nothing on the disk is wrong.
pub(crate) fn assert_sound(store: &Store, entries: u64) {
    let scrubbed = store.scrub([3; 32], &mut go_on).unwrap();
    assert_eq!((scrubbed.entries, scrubbed.damages, scrubbed.first), (entries, 0, None));
    assert_eq!(scrubbed.unsigned, 0);
}
