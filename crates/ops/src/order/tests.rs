use super::*;
use crate::{
    Command as Any, Noun,
    testing::{an_order_to, apply, area, context, early, east, late, machine, opened, role},
};

fn give(order: Order) -> Any {
    Any::Order(Command::Give { area: east(), order })
}

fn read(order: EventRef) -> Any {
    Any::Order(Command::Read { area: east(), order })
}

fn act(order: EventRef) -> Any {
    Any::Order(Command::Act { area: east(), order, note: "held".to_owned() })
}

fn withdraw(order: EventRef) -> Any {
    Any::Order(Command::Withdraw { order, reason: "road open".to_owned() })
}

fn given() -> (State, EventRef) {
    let mut state = opened();
    let order = machine::must(&mut state, 1, 20, &give(an_order_to(&["DRO", "ECP-NAT"])));
    (state, order)
}

#[test]
fn the_diagram_shows_what_the_code_does() {
    let offers = |state: &State| match state.orders.all().next() {
        None => vec![machine::offer("give", 1, give(an_order_to(&["ECP-NAT"])))],
        Some((order, ..)) => vec![
            machine::offer("read", 2, read(order)),
            machine::offer("act", 2, act(order)),
            machine::offer("withdraw", 1, withdraw(order)),
        ],
    };
    let phase = |state: &State, moment| {
        let first = state.orders.all().next();
        format!("{:?}", first.map_or(Phase::Unknown, |(at, ..)| state.orders.phase(at, moment)))
    };
    machine::assert_drawn(Noun::Order, &[machine::Machine { start: opened(), offers, phase }]);
}

#[test]
fn each_reader_answers_for_themself_and_once() {
    let (mut state, order) = given();
    let readers = [(2, "DRO"), (3, "DRO"), (2, "DRO")];
    let kept = readers.map(|(person, code)| {
        apply(&mut state, &context(person, code, early()), person, &read(order)).unwrap().len()
    });
    assert_eq!(kept, [1, 1, 0], "the same words of the same person are one entry");
    apply(&mut state, &context(3, "DRO", early()), 3, &act(order)).unwrap();
    let (_, _, entry) = state.orders.get(order).unwrap();
    assert_eq!((entry.read.len(), entry.acted.len()), (2, 1));
}

#[test]
fn only_addressees_answer_and_nobody_answers_what_was_withdrawn() {
    let (mut state, order) = given();
    let code = |state: &mut State, role: &str, command: &Any| {
        apply(state, &context(4, role, early()), 4, command).unwrap_err().code
    };
    assert_eq!(code(&mut state, "SHO", &read(order)), RefusalCode::OrderNotAddressed);
    let west = Any::Order(Command::Read { area: area("pk/sindh/karachi-west"), order });
    assert_eq!(code(&mut state, "DRO", &west), RefusalCode::OrderNotAddressed);
    let nowhere = EventRef { seq: 4_711, ..order };
    assert_eq!(code(&mut state, "DRO", &read(nowhere)), RefusalCode::NotKnown);
    apply(&mut state, &context(1, "PEC", early()), 1, &withdraw(order)).unwrap();
    for command in [read(order), act(order), withdraw(order)] {
        assert_eq!(code(&mut state, "DRO", &command), RefusalCode::OrderWithdrawn);
    }
}

#[test]
fn an_order_that_makes_no_sense_is_refused_with_its_reason() {
    let who = context(1, "PEC", late());
    let refusal = |order| apply(&mut opened(), &who, 1, &give(order)).unwrap_err().code;
    let roles = |roles: &[&str]| {
        let mut order = an_order_to(roles);
        order.read_by = UnixMs(late().0 + 1);
        order
    };
    assert_eq!(refusal(roles(&[])), RefusalCode::OrderToNobody);
    assert_eq!(refusal(roles(&["DRO", "DRO"])), RefusalCode::OrderToNobody);
    assert_eq!(refusal(Order { read_by: late(), ..roles(&["DRO"]) }), RefusalCode::ExpiryInPast);
    let empty = Order { text: " ".to_owned(), ..roles(&["DRO"]) };
    assert_eq!(refusal(empty), RefusalCode::TextEmpty);
    let named = Order { runner: "42101-1234567-1".to_owned(), ..roles(&["DRO"]) };
    assert_eq!(refusal(named), RefusalCode::IdentityNumber);
}

#[test]
fn an_order_reaches_those_below_its_area_and_those_who_answer_for_it() {
    let order = an_order_to(&["DRO"]);
    let (sindh, dro) = (area("pk/sindh"), role("DRO"));
    assert!(is_addressed(&order, &sindh, &dro, &east()));
    assert!(is_addressed(&order, &sindh, &dro, &AreaId::nation()));
    assert!(!is_addressed(&order, &sindh, &dro, &area("pk/punjab")));
    assert!(!is_addressed(&order, &sindh, &role("SHO"), &east()));
    assert_eq!(speaking_area(&sindh, &east()), Some(&east()));
    assert_eq!(speaking_area(&sindh, &AreaId::nation()), Some(&sindh));
    assert_eq!(speaking_area(&sindh, &area("pk/punjab")), None);
}

#[test]
fn what_comes_before_its_order_waits_for_it_and_the_first_word_counts() {
    let (mut state, order) = given();
    let readers = [late(), early()].map(|moment| context(2, "DRO", moment));
    let mut words: Vec<Stamped> = Vec::new();
    for (device, who) in [(2, &readers[0]), (3, &readers[1])] {
        words.extend(apply(&mut state.clone(), who, device, &read(order)).unwrap());
    }
    let mut early_state = opened();
    for word in &words {
        early_state.evolve(word);
    }
    assert_eq!(early_state.orders.phase(order, early()), Phase::Unknown);
    for word in words.iter().rev() {
        state.evolve(word);
    }
    let (_, _, entry) = state.orders.get(order).unwrap();
    let first = entry.read.values().next().unwrap();
    assert_eq!((entry.read.len(), first.mark.clock_ms), (1, early()));
}
