use super::*;
use crate::{
    Command as Any, Noun, authorise,
    testing::{a_place, all_roles, apply, context, date, early, east, machine, opened, rules},
};

fn order(ground: Ground) -> Any {
    let (area, places) = (east(), vec![a_place(3), a_place(1), a_place(3)]);
    let (instrument, reason) = ("W.P. 12/2024".to_owned(), "names a witness".to_owned());
    Any::Deletion(Command::Order { area, places, ground, instrument, reason })
}

fn approve(order: EventRef) -> Any {
    Any::Deletion(Command::Approve { order })
}

fn long_after() -> UnixMs {
    date("2024-03-10").midnight_pkt()
}

#[test]
fn the_diagram_shows_what_the_code_does() {
    let offers = |state: &State| {
        let Some((at, ..)) = state.deletions.all().next() else {
            return vec![machine::offer("order by a court", 1, order(Ground::Court))];
        };
        vec![
            machine::offer("approve", 2, approve(at)),
            machine::offer("approve one's own", 1, approve(at)),
        ]
    };
    let phase = |state: &State, _| {
        let first = state.deletions.all().next();
        format!("{:?}", first.map_or(Phase::Unknown, |(at, ..)| state.deletions.phase(at)))
    };
    machine::assert_drawn(Noun::Deletion, &[machine::Machine { start: opened(), offers, phase }]);
}

#[test]
fn a_rule_whose_time_has_not_run_out_deletes_nothing() {
    let refused = |moment| {
        let who = context(1, "ECP-NAT", moment);
        apply(&mut opened(), &who, 1, &order(Ground::Rule)).map_err(|refusal| refusal.code)
    };
    assert_eq!(refused(early()).unwrap_err(), RefusalCode::DeletionEarly);
    let last = date("2024-02-08").plus_days(RULE_DAYS).midnight_pkt();
    assert_eq!(refused(last).unwrap_err(), RefusalCode::DeletionEarly);
    let entries = refused(long_after()).unwrap();
    let mut state = opened();
    assert!(state.deletions.all().next().is_none());
    state.evolve(&entries[0]);
    let (at, order, ..) = state.deletions.all().next().unwrap();
    assert_eq!(state.deletions.phase(at), Phase::InForce);
    assert_eq!(order.places, [a_place(1), a_place(3)], "ascending, each once");
    let naming = [1, 2, 3].map(|number| state.deletions.naming(a_place(number)).count());
    assert_eq!(naming, [1, 0, 1]);
}

#[test]
fn whoever_moves_the_day_of_poll_back_in_a_remote_entry_is_found_out_by_its_own_clock() {
    let moment = long_after();
    let who = context(1, "ECP-NAT", moment);
    let mut entry = apply(&mut opened(), &who, 1, &order(Ground::Rule)).unwrap().remove(0);
    let holds = all_roles(&rules());
    assert_eq!(authorise::remote(&rules(), &holds, &opened(), &entry), Ok(()));
    entry.clock_ms = early();
    let refusal = authorise::remote(&rules(), &holds, &opened(), &entry).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::DeletionEarly);
}

#[test]
fn a_court_s_order_takes_effect_when_a_second_person_approves_it() {
    let mut state = opened();
    let at = machine::must(&mut state, 1, 20, &order(Ground::Court));
    assert_eq!(state.deletions.phase(at), Phase::Ordered);
    let own = apply(&mut state, &context(1, "PEC", early()), 1, &approve(at)).unwrap_err();
    assert_eq!(own.code, RefusalCode::SamePersonTwice);
    apply(&mut state, &context(2, "PEC", early()), 1, &approve(at)).unwrap();
    assert_eq!(state.deletions.phase(at), Phase::InForce);
    let by = state.deletions.get(at).unwrap().2.approved.as_ref().unwrap();
    assert_eq!(by.1.person, crate::testing::person(2));
    let again = apply(&mut state, &context(3, "PEC", early()), 1, &approve(at)).unwrap();
    assert!(again.is_empty(), "it is in force");
}

#[test]
fn a_deletion_that_names_nothing_or_a_place_twice_is_refused() {
    let order = |places: Vec<EventRef>| {
        let (instrument, reason) = ("W.P. 12/2024".to_owned(), "names a witness".to_owned());
        let ground = Ground::Court;
        check(&Event::Ordered(Order {
            places,
            ground,
            instrument,
            reason,
            poll_date: None,
            standing: None,
        }))
    };
    assert_eq!(order(vec![a_place(1), a_place(2)]), Ok(()));
    for wrong in [
        vec![],
        vec![a_place(1), a_place(1)],
        vec![a_place(2), a_place(1)],
        (0..=255).chain([7]).map(a_place).collect(),
    ] {
        assert_eq!(order(wrong).unwrap_err().code, RefusalCode::DeletionMalformed);
    }
}

fn stand() -> Any {
    let (instrument, reason) = ("contacts, D+30".to_owned(), "nobody is to wait".to_owned());
    Any::Deletion(Command::Stand { area: east(), instrument, reason })
}

fn due(standing: EventRef) -> Any {
    Any::Deletion(Command::Due { area: east(), standing, places: vec![a_place(3), a_place(1)] })
}

fn standing_of(state: &State) -> EventRef {
    state.deletions.standing_all().next().unwrap().0
}

#[test]
fn what_two_persons_signed_once_the_node_carries_out_on_its_day_and_not_before() {
    let mut state = opened();
    let node = |moment| context(9, "SYSADMIN", moment);
    apply(&mut state, &context(1, "ECP-NAT", early()), 1, &stand()).unwrap();
    let standing = standing_of(&state);
    let refused =
        |state: &mut State, who: &Context, what: &Any| apply(state, who, 2, what).unwrap_err().code;
    let alone = refused(&mut state, &node(long_after()), &due(standing));
    assert_eq!(alone, RefusalCode::StandingNotInForce, "one person's word is none");
    let approve = Any::Deletion(Command::ApproveStanding { standing });
    let own = refused(&mut state, &context(1, "PEC", early()), &approve);
    assert_eq!(own, RefusalCode::SamePersonTwice);
    apply(&mut state, &context(2, "PEC", early()), 3, &approve).unwrap();
    let last = date("2024-02-08").plus_days(RULE_DAYS).midnight_pkt();
    assert_eq!(refused(&mut state, &node(last), &due(standing)), RefusalCode::DeletionEarly);
    let entries = apply(&mut state, &node(long_after()), 4, &due(standing)).unwrap();
    let (at, order, mark, _) = state.deletions.all().next().unwrap();
    assert_eq!((state.deletions.phase(at), order.ground), (Phase::InForce, Ground::Standing));
    assert_eq!((order.standing, mark.area.clone()), (Some(standing), east()));
    // Whoever hears of it judges alike, and not without the approval before it.
    let (rules, holds) = (rules(), all_roles(&rules()));
    assert_eq!(authorise::remote(&rules, &holds, &state, &entries[0]), Ok(()));
    let unheard = authorise::remote(&rules, &holds, &opened(), &entries[0]).unwrap_err();
    assert_eq!(unheard.code, RefusalCode::StandingNotInForce);
    let end = Command::EndStanding { standing, reason: "a court keeps them".to_owned() };
    apply(&mut state, &context(1, "ECP-NAT", long_after()), 5, &Any::Deletion(end)).unwrap();
    let ended = refused(&mut state, &node(long_after()), &due(standing));
    assert_eq!(ended, RefusalCode::StandingNotInForce);
    assert_eq!(state.deletions.phase(at), Phase::InForce, "what is gone is gone");
}

#[test]
fn nobody_orders_by_a_standing_order_that_they_do_not_name() {
    let who = context(1, "ECP-NAT", long_after());
    let refused = apply(&mut opened(), &who, 1, &order(Ground::Standing)).unwrap_err();
    assert_eq!(refused.code, RefusalCode::StandingNotInForce);
}
