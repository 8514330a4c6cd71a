use super::*;
use crate::{
    Command as Any, Noun, RefusalCode, State,
    intelligence::{Caveat, Handling},
    testing::{
        alerts::{self as told, HOUR_MS},
        apply, area, at, context, desk, early, east, late, machine, opened, stamp,
    },
};
use pehra_domain::IncidentId;

fn refused(state: &mut State, who: u8, moment: UnixMs, command: &Any) -> RefusalCode {
    apply(state, &context(who, "PEC", moment), who, command).unwrap_err().code
}

fn out(state: &mut State) -> EventRef {
    let draft = machine::must(state, 1, 20, &told::draft(told::a_draft(1, early())));
    machine::must(state, 2, 21, &told::release(draft));
    draft
}

#[test]
fn the_diagram_shows_what_the_code_does() {
    let offers = |state: &State| {
        let Some((first, ..)) = state.alerts.all().find(|(_, _, it, _)| it.follows.is_none())
        else {
            return vec![machine::offer("draft", 1, told::draft(told::a_draft(1, early())))];
        };
        let mut all = vec![
            machine::offer("release", 2, told::release(first)),
            machine::offer("discard", 1, told::discard(first)),
            machine::offer("cancel", 2, told::cancel(first)),
        ];
        let update = Draft { follows: Some(first), ..told::a_draft(2, early()) };
        all.push(machine::offer("draft an update", 1, told::draft(update)));
        if let Some((at, ..)) = state.alerts.all().find(|(_, _, it, _)| it.follows.is_some()) {
            all.push(machine::offer("release the update", 2, told::release(at)));
        }
        all
    };
    let phase = |state: &State, at| {
        let first = state.alerts.all().find(|(_, _, it, _)| it.follows.is_none());
        format!("{:?}", first.map_or(Phase::Unknown, |(first, ..)| state.alerts.phase(first, at)))
    };
    machine::assert_drawn(Noun::Alert, &[machine::Machine { start: opened(), offers, phase }]);
}

#[test]
fn nobody_releases_what_they_wrote_and_a_false_alarm_waits_for_nobody() {
    let mut state = opened();
    let draft = machine::must(&mut state, 1, 20, &told::draft(told::a_draft(1, early())));
    assert_eq!(
        refused(&mut state, 1, early(), &told::release(draft)),
        RefusalCode::SamePersonTwice
    );
    assert_eq!(
        refused(&mut state, 1, early(), &told::cancel(draft)),
        RefusalCode::AlertStateForbids
    );
    machine::must(&mut state, 2, 21, &told::release(draft));
    assert_eq!(state.alerts.phase(draft, early()), Phase::Released);
    machine::must(&mut state, 1, 20, &told::cancel(draft));
    assert_eq!(state.alerts.phase(draft, early()), Phase::Cancelled);
    let again = apply(&mut state, &context(1, "PEC", early()), 20, &told::cancel(draft)).unwrap();
    assert!(again.is_empty(), "it is cancelled already");
}

#[test]
fn what_went_out_follows_one_after_the_other_and_each_names_all_before_it() {
    let mut state = opened();
    let first = out(&mut state);
    let update = Draft { follows: Some(first), ..told::a_draft(2, early()) };
    let second = machine::must(&mut state, 1, 20, &told::draft(update));
    machine::must(&mut state, 2, 21, &told::release(second));
    assert_eq!(state.alerts.phase(first, early()), Phase::Updated);
    assert_eq!(
        refused(&mut state, 1, early(), &told::cancel(first)),
        RefusalCode::AlertStateForbids
    );
    machine::must(&mut state, 2, 21, &told::cancel(second));
    let messages = state.alerts.messages();
    let mut kinds: Vec<(Kind, usize)> =
        messages.iter().map(|it| (it.kind, it.references.len())).collect();
    kinds.sort_by_key(|(_, before)| *before);
    assert_eq!(kinds, [(Kind::Alert, 0), (Kind::Update, 1), (Kind::Cancel, 2)]);
    let cancel = messages.iter().find(|it| it.kind == Kind::Cancel).unwrap();
    assert_eq!(cancel.references, [(first, early()), (second, early())]);
    assert_eq!(state.alerts.message(cancel.id).as_ref(), Some(cancel));
    assert_eq!(state.alerts.message(first).unwrap().kind, Kind::Alert);
    assert_eq!(state.alerts.message(at(99, 1)), None);
}

#[test]
fn two_updates_that_went_out_apart_stand_side_by_side_until_one_is_cancelled() {
    let mut state = opened();
    let first = out(&mut state);
    let drafts: Vec<EventRef> = [2, 3]
        .map(|number| {
            let update = Draft { follows: Some(first), ..told::a_draft(number, early()) };
            machine::must(&mut state, 1, 20, &told::draft(update))
        })
        .into();
    let who = context(2, "PEC", early());
    let apart: Vec<_> = drafts
        .iter()
        .map(|draft| crate::decide(&state, &who, &told::release(*draft)).unwrap())
        .collect();
    for (device, decided) in (31..).zip(apart) {
        for one in decided {
            state.evolve(&stamp(&who, at(device, 1), one));
        }
    }
    let conflicts = state.alerts.conflicts();
    assert_eq!(conflicts.len(), 1, "{conflicts:?}");
    machine::must(&mut state, 1, 20, &told::cancel(drafts[1]));
    assert_eq!(state.alerts.conflicts(), []);
}

#[test]
fn an_alert_ends_in_good_time_and_is_not_released_when_it_has_ended() {
    let mut state = opened();
    let with_end = |expires| told::draft(Draft { expires, ..told::a_draft(1, early()) });
    for expires in [early(), UnixMs(early().0 + 73 * HOUR_MS), UnixMs(i64::MIN)] {
        let code = refused(&mut state, 1, early(), &with_end(expires));
        assert_eq!(code, RefusalCode::AlertExpires);
    }
    let draft = machine::must(&mut state, 1, 20, &told::draft(told::a_draft(1, early())));
    assert_eq!(refused(&mut state, 2, late(), &told::release(draft)), RefusalCode::AlertExpires);
    machine::must(&mut state, 2, 21, &told::release(draft));
    assert_eq!(state.alerts.phase(draft, late()), Phase::Expired);
}

#[test]
fn what_everybody_reads_is_released_by_those_who_answer_for_the_election() {
    let rules = crate::testing::rules();
    let holders = |row: &str| -> Vec<String> {
        let all = rules.permissions.roles();
        let held = all.filter(|code| {
            rules.permissions.allows(&pehra_domain::role::Role::try_new(*code).unwrap(), row)
        });
        held.map(str::to_owned).collect()
    };
    assert_eq!(holders("alert.release_public"), ["DRO", "ECP-NAT", "PEC"]);
    assert!(holders("alert.release").contains(&"CTRL-D".to_owned()));
    let mut state = opened();
    let draft = machine::must(&mut state, 1, 20, &told::draft(told::a_draft(1, early())));
    let narrow = Any::Alert(Command::Release { draft, public: false });
    assert_eq!(refused(&mut state, 2, early(), &narrow), RefusalCode::AlertNotPublic);
    let event = Event::Released { draft, drafted_by: crate::testing::person(1), public: false };
    let second = crate::testing::person(2);
    let found = event.check_references(&state, &second, early()).unwrap_err();
    assert_eq!(found.code, RefusalCode::AlertNotPublic, "another node is held to it as well");
}

#[test]
fn a_complaint_and_a_warning_under_conditions_are_told_to_nobody_outside_their_circle() {
    let mut state = opened();
    let key = incident::Key {
        area: east(),
        matter: incident::Matter::Complaint,
        incident: IncidentId::try_new("I-1").unwrap(),
    };
    let basis = Some(Basis::Incident(key));
    let complaint = told::draft(Draft { basis, ..told::a_draft(1, early()) });
    assert_eq!(refused(&mut state, 1, early(), &complaint), RefusalCode::AlertNotPublic);
    for (handling, caveats, held) in [
        (Handling::Share, vec![], false),
        (Handling::Conditions, vec![], true),
        (Handling::Share, vec![Caveat::SourceAtRisk], true),
    ] {
        let mut state = opened();
        let release = desk::released_warning(&mut state, handling, caveats);
        let basis = Some(Basis::Warning(release));
        let everybody = Draft { basis: basis.clone(), ..told::a_draft(1, early()) };
        let found = apply(&mut state, &context(7, "PEC", early()), 20, &told::draft(everybody));
        assert_eq!(found.is_err(), held, "{handling:?}");
        let some = Draft {
            basis,
            scope: Scope::Restricted,
            restriction: "responders".to_owned(),
            ..told::a_draft(2, early())
        };
        machine::must(&mut state, 7, 20, &told::draft(some));
    }
}

#[test]
fn a_draft_that_does_not_hold_together_is_refused() {
    let bends: [fn(&mut Draft); 11] = [
        |it| it.restriction = "responders".to_owned(),
        |it| it.scope = Scope::Restricted,
        |it| it.scope = Scope::Private,
        |it| it.english.headline = "x".repeat(HEADLINE_BYTES_MAX + 1),
        |it| it.english.headline = "two\nlines".to_owned(),
        |it| it.urdu.description = "bell \u{7}".to_owned(),
        |it| it.urdu.event = "none \u{ffff}".to_owned(),
        |it| it.onset = Some(it.expires),
        |it| it.polygons = vec![vec![Point { lat_e7: 0, lon_e7: 0 }; 2]],
        |it| it.circles = vec![Circle { centre: Point { lat_e7: 0, lon_e7: 0 }, radius_m: 0 }],
        |it| {
            let centre = Point { lat_e7: 900_000_001, lon_e7: 0 };
            it.circles = vec![Circle { centre, radius_m: 1 }];
        },
    ];
    for (number, bend) in bends.into_iter().enumerate() {
        let mut draft = told::a_draft(1, early());
        bend(&mut draft);
        let code = refused(&mut opened(), 1, early(), &told::draft(draft));
        assert_eq!(code, RefusalCode::AlertMalformed, "bend {number}");
    }
}

#[test]
fn an_update_stays_in_its_area_and_follows_only_what_holds() {
    let mut state = opened();
    let draft = machine::must(&mut state, 1, 20, &told::draft(told::a_draft(1, early())));
    let update = Draft { follows: Some(draft), ..told::a_draft(2, early()) };
    let code = refused(&mut state, 1, early(), &told::draft(update.clone()));
    assert_eq!(code, RefusalCode::AlertStateForbids, "a draft is not out yet");
    machine::must(&mut state, 2, 21, &told::release(draft));
    let elsewhere = area("pk/punjab/lahore");
    let moved = Any::Alert(Command::Draft { area: elsewhere, draft: Box::new(update) });
    assert_eq!(refused(&mut state, 1, early(), &moved), RefusalCode::AreaMismatch);
    let nothing = Draft { follows: Some(at(99, 9)), ..told::a_draft(2, early()) };
    let code = refused(&mut state, 1, early(), &told::draft(nothing));
    assert_eq!(code, RefusalCode::NotKnown);
}
