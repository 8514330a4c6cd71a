use super::*;
use crate::{
    Noun,
    testing::{Step, World, context, early, open_election, opened},
};
use pehra_domain::seed::Seed;
use proptest::prelude::*;

fn story() -> impl Strategy<Value = (Vec<Step>, u64)> {
    (prop::collection::vec(any::<Step>(), 1..60), any::<u64>())
}

/// Devices decide apart, exchange in part, some lie. Whatever order the entries then arrive in, every device ends
/// in the same state, withholds the same entries and shows the same conflicts.
fn converges(noun: Noun, steps: &[Step], seed: u64) -> Result<(), TestCaseError> {
    let world = World::play(noun, steps);
    let mut dice = Seed::new(seed);
    let reference = world.deliver(&mut dice);
    let mut others: Vec<_> = world.devices.clone();
    for device in &mut others {
        world.deliver_missing(device, &mut dice);
    }
    others.push(world.deliver(&mut dice));
    others.push(world.deliver(&mut dice));
    for other in &others {
        prop_assert_eq!(&other.withheld, &reference.withheld);
        prop_assert_eq!(&other.state, &reference.state);
        prop_assert_eq!(other.state.encode(), reference.state.encode());
        prop_assert_eq!(other.state.conflicts(), reference.state.conflicts());
    }
    let bytes = reference.state.encode();
    prop_assert_eq!(&State::decode(&bytes).unwrap(), &reference.state);
    Ok(())
}

macro_rules! converging {
    ($($name:ident: $noun:ident),+ $(,)?) => {
        proptest! {
            #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]
            $(#[test]
            fn $name((steps, seed) in story()) { converges(Noun::$noun, &steps, seed)?; })+
        }
    };
}

converging! {
    elections_converge_in_any_order: Election,
    persons_converge_in_any_order: Person,
    datasets_converge_in_any_order: Dataset,
    parameters_converge_in_any_order: Parameter,
    official_classes_converge_in_any_order: OfficialClass,
    risk_overrides_converge_in_any_order: RiskOverride,
    plans_converge_in_any_order: Plan,
    locks_converge_in_any_order: Lock,
    polls_converge_in_any_order: Poll,
    surveys_converge_in_any_order: Survey,
}

/// The stories above are worth something only if they hold conflicts, lies and many events.
#[test]
fn stories_of_every_noun_hold_events_conflicts_and_withheld_entries() {
    for noun in Noun::ALL {
        let (mut events, mut conflicts, mut withheld) = (0, 0, 0);
        let mut kinds = BTreeSet::new();
        for seed in 0..150 {
            let mut dice = Seed::new(seed);
            let steps: Vec<Step> = (0..50)
                .map(|_| std::array::from_fn(|_| dice.next_u64().to_be_bytes()[0]))
                .collect();
            let world = World::play(noun, &steps);
            let end = world.deliver(&mut dice);
            events += world.all.len();
            conflicts += end.state.conflicts().len();
            withheld += end.withheld.len();
            kinds.extend(world.all.iter().map(|entry| entry.event.kind()));
        }
        assert!(events > 400, "{noun:?}: {events} events");
        if noun == Noun::RiskOverride {
            // Raising again is another override, and withdrawals agree: honest devices cannot contradict here.
            assert_eq!(conflicts, 0);
        } else {
            assert!(conflicts > 15, "{noun:?}: {conflicts} conflicts");
        }
        assert!(withheld > 10, "{noun:?}: {withheld} withheld");
        let of_noun = crate::event::KINDS
            .iter()
            .filter(|(_, name)| name.split('.').next() == Some(noun.name()))
            .map(|(kind, _)| *kind);
        for kind in of_noun {
            assert!(kinds.contains(&kind), "{noun:?}: no event of kind {kind} in any story");
        }
    }
}

#[test]
fn an_entry_delivered_twice_changes_nothing() {
    let mut state = State::default();
    let who = context(0, "ECP-NAT", early());
    let entries = crate::testing::apply(&mut state, &who, 1, &open_election()).unwrap();
    let before = state.clone();
    assert_eq!(state.evolve(&entries[0]), Folded::Already);
    assert_eq!(state, before);
}

#[test]
fn a_snapshot_of_another_version_is_refused() {
    let mut bytes = opened().encode();
    assert!(State::decode(&bytes).is_ok());
    bytes.push(0);
    assert!(matches!(State::decode(&bytes), Err(SnapshotError::Trailing(1))));
    bytes[1] = 2;
    assert!(matches!(State::decode(&bytes), Err(SnapshotError::Version(2))));
    assert!(matches!(State::decode(&[0x82, 1]), Err(SnapshotError::Malformed(_))));
}

proptest! {
    #[test]
    fn no_bytes_make_the_snapshot_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = State::decode(&bytes);
    }
}
