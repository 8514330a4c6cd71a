//! Polling material and forms.

use super::*;
use crate::{
    custody::{
        Compared, Desk, Event as C, FormKind, Kind, Reading, Rule, Step,
        exception::exceptions as of_area,
    },
    testing::custody::{counted, item, new_item, note, offer, passage, receipt, totals},
};

fn bag(number: u8) -> pehra_domain::ItemId {
    item(&format!("BAG-{number}"))
}

fn registered(number: u8) -> Event {
    let mut one = new_item(&bag(number), Kind::Bag, None);
    one.station = Some(station(number));
    Event::Custody(C::Registered { items: vec![one], at: on_the_day(-600) })
}

fn hand_over(case: &mut Case, number: u8, step: Step, minute: i64) {
    let at = on_the_day(minute);
    let offered = case.put(Event::Custody(C::Offered(offer(&[bag(number)], step, "RO", at))));
    let read = vec![Reading { item: bag(number), seals: vec![format!("S-BAG-{number}")] }];
    case.put(Event::Custody(C::Received(receipt(offered, step, read, at))));
}

#[test]
fn stations_stand_at_the_furthest_step_that_somebody_completed() {
    let mut case = Case::of(4);
    assert_eq!(case.one(12).reason, Some(Reason::NoMaterial));
    for number in 0..4 {
        case.put(registered(number));
    }
    hand_over(&mut case, 1, Step::C05, -500);
    // An offer completes nothing.
    let waiting = offer(&[bag(2)], Step::C05, "PO", on_the_day(-480));
    case.put(Event::Custody(C::Offered(waiting)));
    hand_over(&mut case, 3, Step::C05, -500);
    let step = Step::C12;
    case.put(Event::Custody(C::Recorded(note(&[bag(3)], Step::C08, on_the_day(470)))));
    let leaves = crate::custody::Passage { step, ..passage(&[bag(3)], "LEA-1", on_the_day(1_100)) };
    case.put(Event::Custody(C::Departed(leaves)));
    let one = case.one(12);
    assert_eq!(found(&one, Part::Registered), count(2));
    assert_eq!(found(&one, Part::Step(Step::C05)), count(1));
    assert_eq!(found(&one, Part::Step(Step::C12)), count(1));
    let count_of = |row: &Row| {
        let Measure::Count(count) = row.measure else { panic!("{row:?}") };
        count
    };
    let sum: u64 = one.rows.iter().map(count_of).sum();
    assert_eq!(sum, 4, "every station once");
}

#[test]
fn a_bag_that_was_destroyed_after_its_time_went_all_the_way() {
    let mut case = Case::of(1);
    case.put(registered(0));
    hand_over(&mut case, 0, Step::C13, 1_500);
    let (order, method) = ("order 12".to_owned(), "shredded".to_owned());
    let (items, at) = (vec![bag(0)], on_the_day(5_000));
    let ending = crate::custody::Ending { items, at, order, method, photographs: vec![] };
    case.as_of = at;
    case.put(Event::Custody(C::Destroyed(ending)));
    assert_eq!(found(&case.one(12), Part::Step(Step::C17)), count(1));
}

#[test]
fn bags_count_until_ten_on_the_day_after_and_two_sources_stand_side_by_side() {
    // When the desk signed for the bag, when the receipt was reported, and what each source then says.
    for (signed, said, by_hand, by_word) in [
        (Some(1_500), Some(1_510), 1, Some(1)),
        (Some(34 * 60), None, 1, None),
        (Some(34 * 60 + 1), Some(1_510), 0, Some(1)),
        (None, None, 0, None),
    ] {
        let mut case = Case::of(1);
        case.put(registered(0));
        if let Some(minute) = signed {
            hand_over(&mut case, 0, Step::C13, minute);
        }
        if let Some(minute) = said {
            case.hear(0, Code::A17, minute);
        }
        let one = case.one(14);
        assert_eq!(found(&one, Part::HandOver), share(by_hand, 1), "{signed:?}");
        let word = by_word.and_then(|count| share(count, 1));
        assert_eq!(found(&one, Part::Receipt), word, "{said:?}");
        assert_eq!(one.met, Some(by_hand == 1), "{signed:?} {said:?}");
    }
}

#[test]
fn exceptions_are_counted_as_the_rules_find_them() {
    let mut case = Case::of(1);
    case.put(registered(0));
    let late = crate::custody::Passage {
        step: Step::C12,
        due: Some(on_the_day(1_000)),
        ..passage(&[bag(0)], "LEA-1", on_the_day(900))
    };
    case.put(Event::Custody(C::Departed(late)));
    let arrives = crate::custody::Passage {
        step: Step::C12,
        ..passage(&[bag(0)], "LEA-1", on_the_day(1_200))
    };
    case.put(Event::Custody(C::Arrived(arrives)));
    let found_by_rule = of_area(&case.state.custody, &east(), case.as_of);
    let one = case.one(13);
    assert!(!found_by_rule.is_empty());
    for rule in Rule::ALL {
        let open = found_by_rule.iter().filter(|it| it.rule == *rule && it.is_open()).count();
        let told = if open == 0 { None } else { count(open as u64) };
        assert_eq!(found(&one, Part::Open(*rule)), told, "{rule:?}");
    }
    let grave = found_by_rule.iter().any(|it| it.is_open() && it.rule.severity() >= 5);
    assert_eq!(one.met, Some(!grave));
    let late = found_by_rule.iter().filter(|it| it.rule == Rule::X05).count() as u64;
    assert_eq!(found(&case.one(15), Part::Open(Rule::X05)), count(late));
}

#[test]
fn a_form_is_the_same_until_a_later_desk_finds_it_different() {
    let mut case = Case::of(2);
    assert_eq!(case.one(16).reason, Some(Reason::NoForms));
    case.put(Event::Custody(C::Counted(counted(totals(600), on_the_day(1_100)))));
    assert_eq!(case.one(16).reason, Some(Reason::NoForms), "nobody looked at it further on");
    let compared = |same, minute| {
        let (form, desk, first) = (FormKind::F45, Desk::Reception, None);
        let (station, contest) = (station(1), constituency(40));
        let at = on_the_day(minute);
        Event::Custody(C::Compared(Compared { station, contest, form, desk, at, same, first }))
    };
    case.put(compared(true, 1_300));
    let one = case.one(16);
    assert_eq!((found(&one, Part::All), one.met), (share(1, 1), Some(true)));
    case.put(compared(false, 1_400));
    let one = case.one(16);
    assert_eq!((found(&one, Part::All), one.met), (share(0, 1), Some(false)));
    // Half of those who voted there are women.
    let women = case.one(29);
    assert_eq!((found(&women, Part::All), women.met), (share(0, 1), Some(true)));
}
