use super::*;
use crate::{
    Command as Any, Noun,
    testing::{a_dataset, a_key, apply, context, early, hash, machine, opened},
};

fn commit(number: u8, based_on: Option<Hash32>) -> Any {
    Any::Dataset(Command::Commit { key: a_key(0), dataset: a_dataset(number), based_on })
}

#[test]
fn the_diagram_shows_what_the_code_does() {
    let offers = |_: &State| {
        let reason = "wrong file".to_owned();
        let withdraw = Any::Dataset(Command::Withdraw { key: a_key(0), reason });
        vec![
            machine::offer("commit", 1, commit(1, None)),
            machine::offer("commit", 1, commit(2, None)),
            machine::offer("withdraw", 1, withdraw),
        ]
    };
    let phase = |state: &State, _| format!("{:?}", state.datasets.phase(&a_key(0)));
    machine::assert_drawn(Noun::Dataset, &[machine::Machine { start: opened(), offers, phase }]);
}

#[test]
fn committing_the_same_manifest_again_changes_nothing() {
    let (mut state, who) = (opened(), context(1, "DRO", early()));
    assert_eq!(apply(&mut state, &who, 1, &commit(1, None)).unwrap().len(), 1);
    assert_eq!(apply(&mut state, &who, 1, &commit(1, None)).unwrap(), Vec::new());
}

#[test]
fn a_commit_on_an_older_version_than_the_current_is_refused() {
    let (mut state, who) = (opened(), context(1, "DRO", early()));
    apply(&mut state, &who, 1, &commit(1, None)).unwrap();
    apply(&mut state, &who, 1, &commit(2, Some(hash(1)))).unwrap();
    let refused = apply(&mut state, &who, 1, &commit(3, Some(hash(1))));
    assert_eq!(refused.unwrap_err().code, RefusalCode::BasedOnOlder);
    assert_eq!(state.datasets.current(&a_key(0)).unwrap().manifest, hash(2));
}

#[test]
fn the_current_dataset_tells_who_and_when() {
    let (mut state, who) = (opened(), context(3, "DRO", early()));
    apply(&mut state, &who, 1, &commit(1, None)).unwrap();
    let key = a_key(0);
    let (dataset, mark) = state.dataset(key.kind, &key.area, &key.name).unwrap();
    assert_eq!((dataset.manifest, mark.clock_ms), (hash(1), early()));
    assert_eq!(mark.person, crate::testing::person(3));
    assert_eq!(state.datasets.of_kind(key.kind).count(), 1);
    assert_eq!(DatasetKind::from_name("stations"), Some(DatasetKind::Stations));
}
