//! Any sequence of commits against a model that is too simple to be wrong.

use crate::sample::{NOW_MS, Writer, all, assert_sound};
use pehra_ledger::{Entry, Place};
use pehra_store::{Batch, PayloadState, Store};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// One step: which device, and what happens.
#[derive(Clone, Debug)]
enum Step {
    /// The device writes so many; they arrive with or without payload.
    Write(u8, usize, bool),
    /// Everything written so far arrives again, whole.
    Again,
    /// A payload is deleted.
    Forget(prop::sample::Index),
    /// The store is closed and opened.
    Reopen,
    /// A batch that must fail as a whole: good entries, then one that leaves a gap.
    Fail(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0_u8..3, 1_usize..6, any::<bool>()).prop_map(|(d, n, w)| Step::Write(d, n, w)),
        2 => Just(Step::Again),
        2 => any::<prop::sample::Index>().prop_map(Step::Forget),
        1 => Just(Step::Reopen),
        1 => (0_u8..3).prop_map(Step::Fail),
    ]
}

#[derive(Default)]
struct Model {
    written: Vec<Entry>,
    states: BTreeMap<Place, PayloadState>,
}

impl Model {
    fn expected(&self) -> Vec<Entry> {
        let mut entries = self.written.clone();
        entries.sort_by_key(|entry| entry.header().place);
        let as_kept = |entry: Entry| match self.states.get(&entry.header().place) {
            Some(PayloadState::Here) => entry,
            Some(PayloadState::Withheld | PayloadState::Deleted) | None => entry.withheld(),
        };
        entries.into_iter().map(as_kept).collect()
    }

    fn add(&mut self, entries: Vec<Entry>, state: PayloadState) {
        for entry in entries {
            self.states.insert(entry.header().place, state);
            self.written.push(entry);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_sequence_of_commits_ends_where_the_model_ends(steps in prop::collection::vec(step(), 1..25)) {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(dir.path()).unwrap();
        let mut writers: Vec<Writer> = (1..4).map(|seed| Writer::new(seed, "a")).collect();
        let devices = writers.iter().map(|writer| writer.key.public()).collect();
        store.commit(&Batch { devices, ..Batch::default() }).unwrap();
        let mut model = Model::default();
        for step in steps {
            match step {
                Step::Write(device, count, whole) => {
                    let entries = writers[usize::from(device)].write_many(count);
                    let arrive = |entry: &Entry| if whole { entry.clone() } else { entry.clone().withheld() };
                    let done = store.append(entries.iter().map(arrive).collect(), NOW_MS).unwrap();
                    prop_assert_eq!(done.appended, u64::try_from(count).unwrap());
                    let state = if whole { PayloadState::Here } else { PayloadState::Withheld };
                    model.add(entries, state);
                }
                Step::Again => {
                    let done = store.append(model.written.clone(), NOW_MS).unwrap();
                    prop_assert_eq!(done.appended, 0);
                    for state in model.states.values_mut() {
                        if *state == PayloadState::Withheld {
                            *state = PayloadState::Here;
                        }
                    }
                }
                Step::Forget(which) if !model.written.is_empty() => {
                    let entry = which.get(&model.written);
                    let (place, gone) = (entry.header().place, (entry.header().place, entry.hash()));
                    store.commit(&Batch { forget: vec![gone], ..Batch::default() }).unwrap();
                    model.states.insert(place, PayloadState::Deleted);
                }
                Step::Forget(_) => {}
                Step::Reopen => {
                    drop(store);
                    store = Store::open(dir.path()).unwrap();
                }
                Step::Fail(device) => {
                    let writer = &mut writers[usize::from(device)];
                    let next = writer.next;
                    let mut entries = writer.write_many(3);
                    writer.next = next;
                    entries.remove(1);
                    prop_assert!(store.append(entries, NOW_MS).is_err());
                }
            }
            prop_assert_eq!(all(&store), model.expected());
        }
        for writer in &writers {
            prop_assert_eq!(store.next(writer.key.id()).unwrap(), writer.next);
        }
        assert_sound(&store, u64::try_from(model.written.len()).unwrap());
    }
}
