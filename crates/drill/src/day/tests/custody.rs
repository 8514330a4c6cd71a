//! Deeds in secret leave traces that custody and balance can find, and honest days leave none.

#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks for one kind of happening")]

use super::{few, ground::quiet, whole};
use crate::day::{
    Day, Event, Happening, Scripted, Second, Step, Tamper, Totals, What, district::census::Census,
};

fn balanced(it: &Totals) -> bool {
    it.received == it.issued + it.unissued
        && it.issued == it.in_box + it.spoilt + it.unaccounted
        && it.in_box == it.valid + it.rejected
        && it.issued == it.roll_marks
        && it.in_box <= it.registered
}

fn with(events: Vec<(Second, Event)>) -> (Vec<Happening>, Census) {
    let mut scenario = quiet(4);
    for (number, (at, event)) in events.into_iter().enumerate() {
        scenario.script.push(Scripted { at, name: format!("T{number}"), event });
    }
    let mut day = Day::new(few(), scenario).unwrap();
    let all = whole(&mut day);
    (all, day.census())
}

fn forms(all: &[Happening]) -> Vec<(u32, Totals, Totals, u32)> {
    all.iter()
        .filter_map(|it| match it.what {
            What::FormPosted { station, national, provincial, form, .. } => {
                Some((station, national, provincial, form))
            }
            _ => None,
        })
        .collect()
}

fn tamper(station: u32, how: Tamper, at: Second) -> (Second, Event) {
    (at, Event::Tamper { station, how })
}

#[test]
fn every_form_of_an_honest_day_balances_and_both_contests_agree() {
    let (all, census) = with(Vec::new());
    let forms = forms(&all);
    assert_eq!(forms.len() as u64, census.bags);
    for (station, national, provincial, _) in &forms {
        assert!(balanced(national) && balanced(provincial), "{station}: {national:?}");
        assert_eq!(national.issued, provincial.issued);
    }
    let voted: u64 = forms.iter().map(|(_, it, ..)| u64::from(it.issued)).sum();
    assert_eq!(voted, census.voted, "every voter is on a form");
}

#[test]
fn a_missing_book_and_a_stuffed_box_show_in_the_balance() {
    let (all, _) = with(vec![
        tamper(3, Tamper::BookTaken, Second::on(0, 11, 0)),
        tamper(5, Tamper::BoxStuffed, Second::on(0, 16, 0)),
    ]);
    for (station, national, ..) in forms(&all) {
        match station {
            3 => assert_eq!(national.received, national.issued + national.unissued + 100),
            5 => {
                assert!(national.in_box > national.registered, "X18 alone sees it");
                assert_eq!(national.received, national.issued + national.unissued);
            }
            _ => assert!(balanced(&national), "{station}"),
        }
    }
}

#[test]
fn a_swapped_seal_is_read_at_the_next_step_and_an_altered_form_at_the_desk() {
    let (all, _) = with(vec![
        tamper(3, Tamper::SealSwapped, Second::on(-1, 23, 0)),
        tamper(5, Tamper::FormAltered, Second::on(0, 20, 0)),
    ]);
    let wrong: Vec<(u32, Step)> = all
        .iter()
        .filter_map(|it| match it.what {
            What::Custody { station, step, seal_read, seal_expected, .. }
                if seal_read != seal_expected =>
            {
                Some((station, step))
            }
            _ => None,
        })
        .collect();
    assert_eq!(wrong.first(), Some(&(3, Step::Opened)));
    assert!(wrong.iter().all(|(station, _)| *station == 3));
    let own: Vec<u32> = forms(&all).iter().map(|(.., form)| *form).collect();
    let other: Vec<u32> = all
        .iter()
        .filter_map(|it| match it.what {
            What::BagsReceived { station, form, .. } if !own.contains(&form) => Some(station),
            _ => None,
        })
        .collect();
    assert_eq!(other, [5], "X17: another paper than the one that hung outside");
}

#[test]
fn every_station_goes_through_the_steps_in_their_order() {
    let (all, census) = with(Vec::new());
    let mut steps: Vec<Vec<Step>> = vec![Vec::new(); few().stations.len()];
    for it in &all {
        if let What::Custody { station, step, .. } = it.what {
            steps[station as usize].push(step);
        }
    }
    let whole = |steps: &Vec<Step>| {
        let without: Vec<Step> =
            steps.iter().copied().filter(|step| *step != Step::SecondBox).collect();
        let wanted: Vec<Step> =
            Step::ALL.iter().copied().filter(|step| *step != Step::SecondBox).collect();
        without == wanted
    };
    let through = steps.iter().filter(|steps| !steps.is_empty());
    assert_eq!(through.clone().count() as u64, census.bags);
    assert!(through.clone().all(whole), "{:?}", through.clone().find(|it| !whole(it)));
}
