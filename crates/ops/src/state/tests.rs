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
    check_ins_converge_in_any_order: CheckIn,
    incidents_converge_in_any_order: Incident,
    suspensions_converge_in_any_order: Suspension,
    intelligence_converges_in_any_order: Intelligence,
    orders_converge_in_any_order: Order,
    custody_converges_in_any_order: Custody,
    deletions_converge_in_any_order: Deletion,
    equipment_converges_in_any_order: Equipment,
    reports_converge_in_any_order: Report,
    draws_converge_in_any_order: Draw,
    dispatch_converges_in_any_order: Dispatch,
    readiness_converges_in_any_order: Readiness,
    patrols_converge_in_any_order: Patrol,
    training_converges_in_any_order: Training,
    alerts_converge_in_any_order: Alert,
    findings_converge_in_any_order: Finding,
    campaigns_converge_in_any_order: Campaign,
    communities_converge_in_any_order: Community,
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
        if [Noun::RiskOverride, Noun::Order, Noun::Deletion, Noun::Readiness].contains(&noun) {
            // Raising or giving again is another one, and withdrawals and approvals agree: honest devices cannot
            // contradict here.
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
    for other in [1, 3] {
        bytes[1] = other;
        let read = State::decode(&bytes);
        assert!(
            matches!(read, Err(SnapshotError::Version(version)) if version == u32::from(other))
        );
    }
    assert!(matches!(State::decode(&[0x82, 2]), Err(SnapshotError::Malformed(_))));
}

/// Asks everything that a room may ask.
fn ask_everything(state: &State) -> usize {
    let separation = crate::testing::rules().separation;
    let moments = [UnixMs(i64::MIN), early(), UnixMs(i64::MAX)];
    let mut asked = state.conflicts().len() + state.breaches(&separation).len();
    for moment in moments {
        asked += state.overrides_at(moment).len() + state.persons.in_force(moment).len();
        asked += state
            .risk_overrides
            .all()
            .filter(|(at, _)| {
                state.risk_overrides.phase(*at, moment) == crate::risk_override::Phase::InForce
            })
            .count();
        for (_, proposal) in state.official_classes.proposals() {
            let Some((record, _)) = &proposal.proposed else { continue };
            asked += usize::from(crate::official_class::poll_date(state, record, moment).is_some());
        }
    }
    asked += state.plans.all().count() + state.locks_in_force().count();
    asked += state.plans.reserves().count();
    asked += state.plans.slots().filter(|slot| state.plans.adopted(slot).is_some()).count();
    asked += state.official_classes.all_current().len() + state.surveys.answers().len();
    asked += state.findings.aims().filter(|(.., aim)| aim.verdict() == "met").count();
    for (_, _, _, record) in state.communities.all() {
        asked += record.volunteers().count() + record.rotas().count();
        asked += record.briefings().count() + record.feedback().count();
    }
    for (_, _, _, record) in state.campaigns.all() {
        let today = pehra_domain::Date::of_pkt(early());
        asked += record.out(state, today).len() + record.words().count();
        asked += usize::from(record.measured().0 > 0);
    }
    for (_, _, _, record) in state.findings.all() {
        asked += record.words().count() + usize::from(record.action().is_some());
    }
    asked += state.orders.all().count() + state.patrols.all().count();
    asked += state.alerts.messages().iter().map(|message| message.references.len()).sum::<usize>();
    for (draw, record, ..) in state.draws.all() {
        asked += usize::from(state.draws.next(draw).is_some()) + record.replaced().count();
        for stage in crate::draw::Stage::ALL {
            asked += record.told(*stage).count() + record.told_over_others(*stage);
            asked += record.shown(*stage).count() + usize::from(record.subject(*stage).is_some());
        }
    }
    let alike = crate::report::suggest::Alike::among(&state.reports);
    for (at, record, ..) in state.reports.all() {
        asked += alike.duplicates(at).len();
        asked += alike.incidents(&state.incidents, at).len();
        asked += record.answers().len() + usize::from(record.due().is_some());
    }
    for moment in moments {
        asked += crate::intelligence::warning::warnings(state, moment).len();
        asked += crate::intelligence::watch::hands(state, moment).len();
        for matter in crate::intelligence::fusion::matters(&state.intelligence, moment) {
            let voices = crate::intelligence::fusion::voices(&state.intelligence, &matter, moment);
            asked += crate::intelligence::fusion::fuse(200, &voices).urdu().len();
        }
    }
    asked + state.parameters.all().count() + state.datasets.lines().count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// Bytes of every kind, bent: what can still be read is folded, whatever it says, and everything can be asked.
    #[test]
    fn no_event_that_can_be_read_makes_the_state_panic(
        bends in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        heads in prop::collection::vec(0_u64..40, 0..4),
        clock in any::<i64>(),
    ) {
        let rules = crate::testing::rules();
        let standing = crate::testing::all_roles(&rules);
        let mut state = opened();
        let who = context(1, "PEC", UnixMs(clock));
        for (seq, event) in (1..).zip(crate::golden::one_of_each().unwrap()) {
            let mut bytes = event.encode();
            for (place, byte) in &bends {
                let place = place.index(bytes.len());
                bytes[place] = *byte;
            }
            let event = match Event::decode(event.kind(), &bytes) {
                Ok(crate::Decoded::Known(bent)) => bent,
                Ok(crate::Decoded::Unknown) | Err(_) => event,
            };
            let supersedes = heads.iter().map(|seq| crate::testing::at(4, *seq)).collect();
            let decided = crate::Decided { event, area: crate::testing::east(), supersedes };
            let entry = crate::testing::stamp(&who, crate::testing::at(4, seq), decided);
            let _ = crate::authorise::remote(&rules, &standing, &state, &entry);
            state.evolve(&entry);
        }
        ask_everything(&state);
        prop_assert_eq!(State::decode(&state.encode()).unwrap(), state);
    }

    #[test]
    fn no_bytes_make_the_snapshot_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = State::decode(&bytes);
    }
}
