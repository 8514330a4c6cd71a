use super::*;
use crate::{
    Command as Any,
    testing::{
        a_dataset, a_key, apply, context, early, hash, machine, open_election, opened, station,
        the_election,
    },
};

#[test]
fn the_diagram_shows_what_the_code_does() {
    let offers = |state: &State| {
        let open = |nature| {
            let (area, election) = (AreaId::nation(), the_election(nature));
            machine::offer("open", 1, Any::Election(Command::Open { area, election }))
        };
        let mut all = vec![open(Nature::Real), open(Nature::Exercise)];
        if let Some((_, head)) = state.elections.register().heads().next() {
            let election = head.value.clone();
            let (area, reason) = (AreaId::nation(), "by telephone".to_owned());
            let settle = Command::Settle { area, election, reason };
            all.push(machine::offer("settle", 1, Any::Election(settle)));
        }
        all
    };
    let phase = |state: &State, _| format!("{:?}", state.elections.phase());
    let machine = machine::Machine { start: State::default(), offers, phase };
    machine::assert_drawn(Noun::Election, &[machine]);
}

#[test]
fn an_election_opens_once() {
    let mut state = opened();
    let refused = apply(&mut state, &context(1, "ECP-NAT", early()), 1, &open_election());
    assert_eq!(refused.unwrap_err().code, RefusalCode::ElectionAlreadyOpen);
}

#[test]
fn the_id_fixes_the_nature_and_nobody_can_say_otherwise() {
    for (id, nature) in [
        ("PK-GE-2024", Nature::Real),
        ("EXTRA-1", Nature::Real),
        ("EX-PK-2024", Nature::Exercise),
        ("ex-lahore", Nature::Exercise),
        ("SYN-PK-2024", Nature::Synthetic),
    ] {
        assert_eq!(Nature::of_id(id), nature, "{id}");
    }
    let who = context(1, "ECP-NAT", early());
    for nature in [Nature::Exercise, Nature::Synthetic] {
        for (id, claimed) in
            [("PK-GE-2024".to_owned(), nature), (the_election(nature).id, Nature::Real)]
        {
            let election = Election { id, nature: claimed, ..the_election(nature) };
            let open = Command::Open { area: AreaId::nation(), election };
            let refused = apply(&mut State::default(), &who, 1, &Any::Election(open));
            assert_eq!(refused.unwrap_err().code, RefusalCode::NatureMixed);
        }
    }
}

#[test]
fn nothing_is_committed_before_an_election_opens() {
    let commit =
        crate::dataset::Command::Commit { key: a_key(0), dataset: a_dataset(1), based_on: None };
    let refused =
        apply(&mut State::default(), &context(1, "ECP-NAT", early()), 1, &Any::Dataset(commit));
    assert_eq!(refused.unwrap_err().code, RefusalCode::ElectionNotOpen);
}

#[test]
fn real_and_synthetic_never_mix() {
    let who = context(1, "ECP-NAT", early());
    let mut state = opened();
    let mut dataset = a_dataset(1);
    dataset.nature = Nature::Synthetic;
    dataset.manifest = hash(77);
    let commit = crate::dataset::Command::Commit { key: a_key(0), dataset, based_on: None };
    let refused = apply(&mut state, &who, 1, &Any::Dataset(commit));
    assert_eq!(refused.unwrap_err().code, RefusalCode::NatureMixed);

    let generated = StationId::try_new("SYN-NA-40-1").unwrap();
    assert!(state.elections.admits(&station(1)).is_ok());
    assert!(state.elections.admits(&generated).is_err(), "a generated station in a real election");
    let mut synthetic = State::default();
    let open = Command::Open { area: AreaId::nation(), election: the_election(Nature::Synthetic) };
    apply(&mut synthetic, &who, 1, &Any::Election(open)).unwrap();
    assert!(synthetic.elections.admits(&generated).is_ok());
    assert!(synthetic.elections.admits(&station(1)).is_err(), "a real school in a synthetic one");
}
