use super::{warning::Standing, *};
use crate::{
    Command as Any, Decided, Event as AnyEvent, Noun, Refusal, RefusalCode, State, authorise,
    incident::Code,
    order,
    stamp::Stamped,
    testing::{
        all_roles, an_order_to, apply, at, context, day, desk::*, early, east, fold, machine,
        machine::offer, opened as open_state, person, role, rules, stamp,
    },
};

fn desk(state: &State) -> &Intelligence {
    &state.intelligence
}

fn first(state: &State) -> Option<EventRef> {
    desk(state).all().next().map(|(at, _)| at)
}

fn code(result: Result<Vec<Stamped>, Refusal>) -> RefusalCode {
    result.unwrap_err().code
}

fn by(state: &mut State, number: u8, command: &Any) -> Result<Vec<Stamped>, Refusal> {
    apply(state, &context(number, "INTEL-AN", early()), 40 + number, command)
}

/// A report that person 1 wrote, person 2 graded and sanitised, and person 3 released.
fn released_report() -> (State, EventRef) {
    let mut state = open_state();
    let report = by(&mut state, 1, &written(report("SB-1", Compartment::Open))).unwrap()[0].at;
    by(&mut state, 2, &graded(report, "B2")).unwrap();
    by(&mut state, 2, &sanitised(report, "Search the school")).unwrap();
    by(&mut state, 3, &released(report, &["SHO", "SECTOR", "CAF", "ARMY"])).unwrap();
    (state, report)
}

#[test]
fn the_diagrams_show_what_the_code_does() {
    let start = open_state;
    let report_machine = machine::Machine {
        start: start(),
        offers: |state| match first(state) {
            None => vec![offer("write", 1, written(report("SB-1", Compartment::Open)))],
            Some(report) => vec![
                offer("grade", 2, graded(report, "B2")),
                offer("grade otherwise", 4, graded(report, "C3")),
                offer("sanitise", 2, sanitised(report, "Search the school")),
                offer("sanitise otherwise", 4, sanitised(report, "Search the road")),
                offer("release", 3, released(report, &["SHO"])),
                offer("withdraw", 3, withdrawn(report)),
                offer("open", 5, opened(report)),
            ],
        },
        phase: |state, moment| {
            let phase = first(state).map(|report| desk(state).phase(report, moment));
            format!("{:?}", phase.unwrap_or(Phase::Unknown))
        },
    };
    let assessment_machine = machine::Machine {
        start: {
            let mut state = start();
            let told = written(report("SB-1", Compartment::Open));
            let report = machine::must(&mut state, 1, 20, &told);
            machine::must(&mut state, 2, 21, &graded(report, "B2"));
            state
        },
        offers: |state| {
            let reports: Vec<EventRef> = first(state).into_iter().collect();
            vec![
                offer("sign", 3, assessed(&reports, "likely")),
                offer("sign otherwise", 4, assessed(&reports, "not likely")),
            ]
        },
        phase: |state, moment| {
            let phase = first(state).map(|report| desk(state).assessment_phase(report, moment));
            format!("{:?}", phase.unwrap_or(AssessmentPhase::Unsigned))
        },
    };
    let watch_machine = machine::Machine {
        start: start(),
        offers: |_| {
            let wide = a_watch(Shape::Circle { centre: spot(24.9, 67.1), radius_m: 900 });
            let end = Command::Unwatch {
                area: east(),
                watch: "bridge".to_owned(),
                reason: "passed".to_owned(),
            };
            let notice = Command::Notice {
                area: east(),
                watch: "bridge".to_owned(),
                what: "I-1".to_owned(),
                note: String::new(),
            };
            vec![
                offer("watch", 1, watched(a_watch(Shape::Area))),
                offer("watch otherwise", 2, watched(wide)),
                offer("end", 1, Any::Intelligence(end)),
                offer("notice", 1, Any::Intelligence(notice)),
            ]
        },
        phase: |state, moment| format!("{:?}", desk(state).watch_phase(&east(), "bridge", moment)),
    };
    machine::assert_drawn(
        Noun::Intelligence,
        &[report_machine, assessment_machine, watch_machine, task_machine(), admission_machine()],
    );
}

fn task_machine() -> machine::Machine {
    machine::Machine {
        start: open_state(),
        offers: |state| {
            let Some((task, _)) = desk(state).tasks().next() else {
                return vec![offer("ask", 1, asked())];
            };
            let answer = Report { task: Some(task), ..report("SB-1", Compartment::Open) };
            let close = |outcome| {
                Any::Intelligence(Command::CloseTask { task, outcome, note: String::new() })
            };
            vec![
                offer("answer", 2, written(answer)),
                offer("close", 1, close(Outcome::Answered)),
                offer("close otherwise", 3, close(Outcome::Dropped)),
            ]
        },
        phase: |state, moment| {
            let task = desk(state).tasks().next().map(|(at, _)| desk(state).task_phase(at, moment));
            format!("{:?}", task.unwrap_or(TaskPhase::Unknown))
        },
    }
}

fn admission_machine() -> machine::Machine {
    machine::Machine {
        start: open_state(),
        offers: |state| match desk(state).admissions().next() {
            None => vec![offer("admit", 1, admitted(2, Compartment::Source))],
            Some((admission, _)) => {
                let reason = "moved".to_owned();
                let exclude = Any::Intelligence(Command::Exclude { admission, reason });
                vec![offer("exclude", 1, exclude)]
            }
        },
        phase: |state, moment| {
            let first = desk(state).admissions().next();
            let phase = first.map(|(_, admitted)| admitted.phase(moment));
            format!("{:?}", phase.unwrap_or(AdmissionPhase::Unknown))
        },
    }
}

#[test]
fn every_step_of_a_report_is_another_persons() {
    let mut state = open_state();
    let report = by(&mut state, 1, &written(report("SB-1", Compartment::Open))).unwrap()[0].at;
    let own = by(&mut state, 1, &graded(report, "A1"));
    assert_eq!(code(own), RefusalCode::DutiesSeparated, "nobody grades what they wrote");
    assert_eq!(code(by(&mut state, 2, &sanitised(report, "x"))), RefusalCode::ReportNotGraded);
    by(&mut state, 2, &graded(report, "B2")).unwrap();
    let early = by(&mut state, 3, &released(report, &["SHO"]));
    assert_eq!(code(early), RefusalCode::ReportNotSanitised);
    by(&mut state, 4, &sanitised(report, "Search the school")).unwrap();
    for number in [1, 2, 4] {
        let own = by(&mut state, number, &released(report, &["SHO"]));
        assert_eq!(code(own), RefusalCode::DutiesSeparated, "person {number}");
    }
    by(&mut state, 3, &released(report, &["SHO"])).unwrap();
    let (_, to, _, mark) = desk(&state).get(report).unwrap().released().unwrap();
    assert_eq!((to, &mark.person), (&[role("SHO")][..], &person(3)));
}

#[test]
fn what_another_node_signed_against_the_separation_has_no_effect() {
    let mut state = open_state();
    let told = by(&mut state, 1, &written(report("SB-1", Compartment::Open))).unwrap()[0].at;
    let graded = by(&mut state, 2, &graded(told, "B2")).unwrap()[0].at;
    let text = by(&mut state, 4, &sanitised(told, "Search the school")).unwrap()[0].at;
    let (rules, standing) = (rules(), all_roles(&rules()));
    let arrives = |number: u8, code: &str, event: Event, causes: &[EventRef]| {
        let event = AnyEvent::Intelligence(event);
        let decided = Decided { event, area: east(), supersedes: causes.to_vec() };
        let entry = stamp(&context(number, code, early()), at(77, 1), decided);
        authorise::remote(&rules, &standing, &state, &entry).map_err(|refusal| refusal.code)
    };
    let grade = grade("A1");
    let note = String::new();
    let own = Event::Graded { report: told, grade, note };
    assert_eq!(arrives(1, "INTEL-AN", own.clone(), &[told]), Err(RefusalCode::DutiesSeparated));
    assert_eq!(arrives(3, "INTEL-AN", own, &[told]), Ok(()));
    let release = |sanitised, graded| Event::Released {
        report: told,
        graded,
        sanitised,
        to: vec![role("SHO")],
    };
    for number in [1, 2, 4] {
        let arrived = arrives(number, "INTEL-MGR", release(text, graded), &[text, graded]);
        assert_eq!(arrived, Err(RefusalCode::DutiesSeparated), "person {number}");
    }
    assert_eq!(arrives(3, "INTEL-MGR", release(text, graded), &[text, graded]), Ok(()));
    let invented = arrives(3, "INTEL-MGR", release(graded, graded), &[graded]);
    assert_eq!(invented, Err(RefusalCode::NotKnown), "a text that nobody sanitised");
    let analyst = arrives(3, "INTEL-AN", release(text, graded), &[text, graded]);
    assert_eq!(analyst, Err(RefusalCode::RoleLacksPermission));
}

#[test]
fn a_compartment_is_read_by_those_admitted_with_a_reason_and_each_reading_is_an_entry() {
    let mut state = open_state();
    let told = by(&mut state, 1, &written(report("SB-1", Compartment::Source))).unwrap()[0].at;
    assert_eq!(code(by(&mut state, 2, &opened(told))), RefusalCode::CompartmentClosed);
    let own = by(&mut state, 2, &admitted(2, Compartment::Source));
    assert_eq!(code(own), RefusalCode::SamePersonTwice, "nobody admits themself");
    let admission = by(&mut state, 3, &admitted(2, Compartment::Source)).unwrap()[0].at;
    let other = by(&mut state, 3, &admitted(4, Compartment::CounterTerrorism)).unwrap()[0].at;
    by(&mut state, 2, &opened(told)).unwrap();
    assert_eq!(code(by(&mut state, 4, &opened(told))), RefusalCode::CompartmentClosed);
    let readers: Vec<_> = desk(&state).get(told).unwrap().readers().collect();
    assert_eq!(readers.len(), 1);
    assert_eq!((readers[0].1, &readers[0].2.person), ("to sanitise it", &person(2)));
    let silent = Any::Intelligence(Command::Open { report: told, reason: " ".to_owned() });
    assert_eq!(code(by(&mut state, 2, &silent)), RefusalCode::TextEmpty);
    let forged = |admission| {
        let reason = "to look".to_owned();
        let event = AnyEvent::Intelligence(Event::Opened { report: told, admission, reason });
        let decided = Decided { event, area: east(), supersedes: vec![told] };
        let entry = stamp(&context(4, "INTEL-AN", early()), at(78, 1), decided);
        let rules = rules();
        let judged = authorise::remote(&rules, &all_roles(&rules), &state, &entry);
        judged.map_err(|refusal| refusal.code)
    };
    for admission in [None, Some(admission), Some(other)] {
        assert_eq!(forged(admission), Err(RefusalCode::CompartmentClosed));
    }
    let reason = "moved".to_owned();
    let exclude = Any::Intelligence(Command::Exclude { admission, reason });
    by(&mut state, 3, &exclude).unwrap();
    assert_eq!(code(by(&mut state, 2, &opened(told))), RefusalCode::CompartmentClosed);
    let open = code(by(&mut state, 3, &admitted(2, Compartment::Open)));
    assert_eq!(open, RefusalCode::CompartmentOpen);
}

#[test]
fn the_state_keeps_no_sealed_text_and_a_report_has_no_place_for_a_name() {
    let mut state = open_state();
    let told = by(&mut state, 1, &written(report("SB-1", Compartment::Source))).unwrap()[0].at;
    assert!(desk(&state).get(told).unwrap().written().unwrap().0.sealed.is_empty());
    for name in ["Karim", "KARIM", "karim-7", "K7 AHMED", "4210112345671", "A7", ""] {
        let refused = by(&mut state, 1, &written(report(name, Compartment::Open)));
        assert!(refused.is_err(), "{name}");
    }
    let digits = "call 42101-1234567-1".to_owned();
    let refused = by(&mut state, 2, &graded(told, "B2")).and_then(|_| {
        by(&mut state, 2, &Any::Intelligence(Command::Sanitise { report: told, text: digits }))
    });
    assert_eq!(code(refused), RefusalCode::IdentityNumber);
    let unsealed = Report { sealed: Vec::new(), ..report("SB-1", Compartment::Open) };
    assert_eq!(code(by(&mut state, 1, &written(unsealed))), RefusalCode::TextNotSealed);
}

#[test]
fn three_services_with_one_root_are_one_voice_and_a_second_root_is_another() {
    let mut state = open_state();
    let mut tell = |service, root: &str| {
        let told = Report { service, ..report(root, Compartment::Open) };
        let at = by(&mut state, 1, &written(told)).unwrap()[0].at;
        by(&mut state, 2, &graded(at, "B2")).unwrap();
        at
    };
    let services = [Service::Police, Service::SpecialBranch, Service::IntelligenceBureau];
    let all: Vec<EventRef> =
        services.into_iter().zip(["P-7", "SB-114", "IB-3"]).map(|(s, r)| tell(s, r)).collect();
    let posterior = |state: &State| {
        let matter = fusion::matters(desk(state), early());
        assert_eq!(matter, std::slice::from_ref(&all), "one matter");
        fusion::fuse(fusion::PRIOR_E4, &fusion::voices(desk(state), &matter[0], early()))
    };
    assert_eq!(posterior(&state).roots, 3);
    for report in all.iter().skip(1) {
        let tie = Command::Tie {
            report: *report,
            root: "P-7".to_owned(),
            reason: "each names the same informant's handler".to_owned(),
        };
        by(&mut state, 2, &Any::Intelligence(tie)).unwrap();
    }
    let one = posterior(&state);
    assert_eq!((one.roots, one.posterior_e4, one.level), (1, 583, 1));
    assert_eq!(
        one.english(),
        "3 reports from 1 root: 2.0 % before, 5.8 % now, level 1 of 4; 2 were an echo and added nothing."
    );
    assert!(one.urdu().contains("بازگشت"));
    let second = Any::Intelligence(Command::Tie {
        report: all[2],
        root: "IB-3".to_owned(),
        reason: "another person after all".to_owned(),
    });
    by(&mut state, 2, &second).unwrap();
    assert_eq!(posterior(&state).posterior_e4, 1_579);
    by(&mut state, 3, &assessed(&all, "likely enough to search")).unwrap();
    let (_, signed, mark) = desk(&state).assessment(all[0]).unwrap();
    assert_eq!((signed.posterior_e4, signed.roots, &mark.person), (1_579, 2, &person(3)));
}

#[test]
fn roots_in_dispute_are_counted_as_one() {
    let mut state = open_state();
    let mut tell = |root: &str| {
        let at = by(&mut state, 1, &written(report(root, Compartment::Open))).unwrap()[0].at;
        by(&mut state, 2, &graded(at, "B2")).unwrap();
        at
    };
    let all = [tell("P-7"), tell("SB-1")];
    let tie = |root: &str| {
        let reason = "compared".to_owned();
        Any::Intelligence(Command::Tie { report: all[1], root: root.to_owned(), reason })
    };
    let apart = ["P-7", "Q-9"]
        .map(|root| crate::decide(&state, &context(2, "INTEL-AN", early()), &tie(root)).unwrap());
    for (device, decided) in (60..).zip(apart) {
        fold(&mut state, &context(2, "INTEL-AN", early()), device, decided);
    }
    assert_eq!(desk(&state).get(all[1]).unwrap().roots(), ["P-7", "Q-9"]);
    let fused = fusion::fuse(200, &fusion::voices(desk(&state), &all, early()));
    assert_eq!((fused.roots, fused.posterior_e4), (1, 583));
    assert_eq!(state.conflicts().len(), 1);
}

#[test]
fn a_warning_becomes_an_order_that_its_owner_confirms_before_the_window_opens() {
    let (mut state, report) = released_report();
    let standing = |state: &State, moment| {
        let all = warning::warnings(state, moment);
        (all[0].standing, all[0].hand())
    };
    assert_eq!(standing(&state, early()), (Standing::Unanswered, true));
    let release = warning::warnings(&state, early())[0].release;
    let give = |confirm_by: UnixMs, owner: &str| {
        let charge = order::Charge {
            warning: release,
            measure: order::Measure::Reinforce,
            owner: role(owner),
            confirm_by,
        };
        let order =
            order::Order { charge: Some(charge), ..an_order_to(&["SHO", "ARMY", "ECP-NAT"]) };
        Any::Order(order::Command::Give { area: east(), order })
    };
    assert_eq!(code(by(&mut state, 5, &give(hours(25), "SHO"))), RefusalCode::MeasureTooLate);
    assert_eq!(code(by(&mut state, 5, &give(hours(20), "QRF"))), RefusalCode::OwnerNotAddressed);
    let order = by(&mut state, 5, &give(hours(20), "SHO")).unwrap()[0].at;
    assert_eq!(standing(&state, hours(19)), (Standing::Ordered, false));
    assert_eq!(standing(&state, hours(20)), (Standing::Late, true), "not confirmed in time");
    let act = Any::Order(order::Command::Act { area: east(), order, note: "posted".to_owned() });
    apply(&mut state, &context(6, "ARMY", hours(1)), 66, &act).unwrap();
    assert_eq!(standing(&state, hours(19)).0, Standing::Ordered, "another role is not its owner");
    apply(&mut state, &context(7, "SHO", hours(2)), 67, &act).unwrap();
    assert_eq!(standing(&state, hours(21)), (Standing::Confirmed, false));
    assert_eq!(standing(&state, hours(30)).0, Standing::Passed);
    by(&mut state, 3, &withdrawn(report)).unwrap();
    assert_eq!(warning::warnings(&state, early()), []);
}

#[test]
fn an_order_that_names_a_warning_nobody_released_has_no_effect() {
    let (state, report) = released_report();
    let charge = order::Charge {
        warning: report,
        measure: order::Measure::Harden,
        owner: role("SHO"),
        confirm_by: hours(3),
    };
    let order = order::Order { charge: Some(charge), ..an_order_to(&["SHO"]) };
    let event = AnyEvent::Order(order::Event::Given(order));
    let decided = Decided { event, area: east(), supersedes: vec![report] };
    let entry = stamp(&context(5, "DRO", early()), at(79, 1), decided);
    let rules = rules();
    let judged = authorise::remote(&rules, &all_roles(&rules), &state, &entry);
    assert_eq!(judged.unwrap_err().code, RefusalCode::NotKnown);
}

#[test]
fn what_falls_into_a_watched_area_raises_a_hand_until_somebody_saw_it() {
    let mut state = open_state();
    let near = Shape::Circle { centre: spot(24.9, 67.11), radius_m: 1_000 };
    by(&mut state, 1, &watched(a_watch(near))).unwrap();
    let told = by(&mut state, 1, &written(report("SB-1", Compartment::Open))).unwrap()[0].at;
    let mut far = report("SB-2", Compartment::Open);
    far.place.points = vec![spot(25.4, 67.1)];
    by(&mut state, 1, &written(far)).unwrap();
    let mut event = day::report(1, Code::IedPst, early());
    event.place.point = Some(spot(24.901, 67.109));
    by(&mut state, 1, &day::reported(event)).unwrap();
    let hands = watch::hands(&state, early());
    assert_eq!(hands.len(), 2);
    assert!(hands.iter().all(|hand| hand.up));
    let notice = Any::Intelligence(Command::Notice {
        area: east(),
        watch: "bridge".to_owned(),
        what: told.to_string(),
        note: "told the sector".to_owned(),
    });
    by(&mut state, 1, &notice).unwrap();
    let hands = watch::hands(&state, early());
    let up: Vec<bool> = hands.iter().map(|hand| hand.up).collect();
    assert_eq!(up, [true, false]);
    assert_eq!(watch::hands(&state, hours(24 * 25)), [], "the watch is over");
}

#[test]
fn a_question_is_answered_by_a_report_and_its_service_learns_what_became_of_it() {
    let mut state = open_state();
    let task = by(&mut state, 1, &asked()).unwrap()[0].at;
    let answer = Report { task: Some(task), ..report("SB-1", Compartment::Open) };
    let told = by(&mut state, 2, &written(answer)).unwrap()[0].at;
    let record = desk(&state).task(task).unwrap();
    assert_eq!((record.phase(early()), record.answers().next()), (TaskPhase::Answered, Some(told)));
    let feedback = Any::Intelligence(Command::FeedBack {
        report: told,
        feedback: Feedback::Late,
        note: "after the convoy".to_owned(),
    });
    by(&mut state, 1, &feedback).unwrap();
    let heard: Vec<_> = desk(&state).get(told).unwrap().feedback().collect();
    assert_eq!((heard[0].0, heard[0].1), (Feedback::Late, "after the convoy"));
    let elsewhere = Report { task: Some(at(99, 9)), ..report("SB-1", Compartment::Open) };
    assert_eq!(code(by(&mut state, 2, &written(elsewhere))), RefusalCode::NotKnown);
}
