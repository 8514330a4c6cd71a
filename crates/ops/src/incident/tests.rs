use super::{
    call::{Goal, calls, target},
    suggest::duplicates,
    *,
};
use crate::{
    Noun, RefusalCode, State, authorise, decide,
    testing::{
        all_roles, apply, at, context, day, day::on_the_day, early, east, fold, late, machine,
        opened, rules, stamp, unit,
    },
};

fn taxonomy() -> Taxonomy {
    Taxonomy::parse(include_str!("../../../../data/incidents.csv")).unwrap()
}

fn who() -> crate::Context {
    context(1, "CTRL-D", late())
}

fn do_it(state: &mut State, minutes: i64, deed: Deed) -> Result<(), RefusalCode> {
    let command = day::act(day::on(1, minute(minutes)), deed);
    apply(state, &who(), 1, &command).map(drop).map_err(|refusal| refusal.code)
}

fn minute(number: i64) -> UnixMs {
    UnixMs(early().0 + number * 60_000)
}

/// A state with one report of a code at a minute.
fn with(code: Code, severity: Severity) -> State {
    let mut state = opened();
    let report = Report { severity, ..day::report(1, code, minute(0)) };
    apply(&mut state, &who(), 1, &day::reported(report)).unwrap();
    state
}

fn record(state: &State) -> &Record {
    state.incidents.get(&day::key(1)).unwrap()
}

fn acknowledge(by: Level) -> Deed {
    Deed::Acknowledge { by }
}

#[test]
fn the_diagrams_show_what_the_code_does() {
    let progress = |_: &State| {
        let act = |label, deed| machine::offer(label, 1, day::act(day::on(1, early()), deed));
        vec![
            machine::offer("report", 1, day::reported(day::report(1, Code::ArmPst, early()))),
            act("acknowledge", acknowledge(Level::District)),
            act("assign", Deed::Assign { units: vec![unit(1)] }),
            act("depart", Deed::Depart),
            act("arrive", Deed::Arrive),
            act("contain", Deed::Contain),
            machine::offer(
                "close",
                2,
                day::act(day::on(1, early()), Deed::Close { outcome: Outcome::Contained }),
            ),
            act("reopen", Deed::Reopen),
        ]
    };
    let finding = |_: &State| {
        let judge = |label, finding| {
            let deed = Deed::Judge { finding, basis: Basis::TwoSources };
            machine::offer(label, 1, day::act(day::on(1, early()), deed))
        };
        vec![
            judge("verify", Finding::Verified),
            judge("leave open", Finding::Unverified),
            judge("find false", Finding::False),
        ]
    };
    let declaration = |_: &State| {
        let tell = |label, number| {
            let methane = Box::new(day::a_methane(number, None));
            machine::offer(label, 1, day::act(day::on(1, early()), Deed::Tell { methane }))
        };
        vec![tell("report", 0), tell("stand by", 1), tell("declare", 2), tell("stand down", 3)]
    };
    let declared = |state: &State, _| format!("{:?}", record(state).declaration());
    let phase = |state: &State, _| format!("{:?}", state.incidents.phase(&day::key(1)));
    let finding_phase = |state: &State, _| record(state).finding_phase().to_owned();
    machine::assert_drawn(
        Noun::Incident,
        &[
            machine::Machine { start: opened(), offers: progress, phase },
            machine::Machine {
                start: with(Code::ArmPst, Severity::Five),
                offers: finding,
                phase: finding_phase,
            },
            machine::Machine {
                start: with(Code::ArmPst, Severity::Five),
                offers: declaration,
                phase: declared,
            },
        ],
    );
}

#[test]
fn the_shipped_taxonomy_has_38_codes_in_16_families_and_one_set_of_targets_a_severity() {
    let taxonomy = taxonomy();
    assert_eq!(taxonomy.kinds().len(), 38);
    let families: std::collections::BTreeSet<_> =
        taxonomy.kinds().iter().map(|kind| kind.code.family()).collect();
    assert_eq!(families.len(), 16);
    let five = taxonomy.targets(Severity::Five).unwrap();
    assert_eq!((five.acknowledge, five.dispatch, five.arrive), (1, 2, Some([10, 20, 45])));
    let two = taxonomy.targets(Severity::Two).unwrap();
    assert_eq!((two.acknowledge, two.dispatch, two.arrive), (10, 20, Some([45, 90, 180])));
    assert_eq!(taxonomy.targets(Severity::One).unwrap().arrive, None);
    for kind in taxonomy.kinds() {
        assert!(!kind.title_ur.is_empty() && kind.title.is_ascii(), "{}", kind.code.name());
    }
}

#[test]
fn an_incident_goes_its_way_and_each_target_is_counted_from_the_report() {
    let mut state = with(Code::ArmPst, Severity::Five);
    let taxonomy = taxonomy();
    let next = |state: &State| target(record(state), &taxonomy).map(|it| (it.what, it.by));
    assert_eq!(next(&state), Some((Goal::Acknowledge, minute(1))));
    assert_eq!(
        do_it(&mut state, 1, Deed::Assign { units: vec![unit(1)] }),
        Err(RefusalCode::IncidentStateForbids)
    );
    do_it(&mut state, 1, acknowledge(Level::District)).unwrap();
    assert_eq!(next(&state), Some((Goal::Dispatch, minute(2))));
    do_it(&mut state, 3, Deed::Assign { units: vec![unit(1), unit(2)] }).unwrap();
    assert_eq!(next(&state), Some((Goal::Arrive, minute(20))), "rural");
    assert_eq!(record(&state).units(), [unit(1), unit(2)]);
    do_it(&mut state, 4, Deed::Depart).unwrap();
    do_it(&mut state, 18, Deed::Arrive).unwrap();
    assert_eq!(next(&state), None);
    do_it(&mut state, 40, Deed::Contain).unwrap();
    let close = day::act(day::on(1, minute(50)), Deed::Close { outcome: Outcome::Contained });
    let own = apply(&mut state, &who(), 1, &close).map(drop).map_err(|refusal| refusal.code);
    assert_eq!(own, Err(RefusalCode::DutiesSeparated), "who reported it does not end it");
    apply(&mut state, &context(2, "CTRL-D", late()), 1, &close).unwrap();
    do_it(&mut state, 60, Deed::Reopen).unwrap();
    assert_eq!(next(&state), Some((Goal::Acknowledge, minute(61))), "counted afresh");
    let words: Vec<u32> = record(&state).steps().iter().map(|(_, step)| step.kind).collect();
    assert_eq!(words, [1300, 1301, 1303, 1304, 1305, 1306, 1307, 1308]);
}

#[test]
fn who_reported_something_grave_does_not_end_it_wherever_that_is_learned_first() {
    let closed = |by: u8| {
        let event = Event::Closed { on: day::on(1, minute(9)), outcome: Outcome::Noted };
        let event = crate::Event::Incident(event);
        let decided = crate::Decided { event, area: east(), supersedes: Vec::new() };
        stamp(&context(by, "CTRL-D", late()), at(7 + by, 1), decided)
    };
    let reported = |severity| {
        let report = Report { severity, ..day::report(1, Code::ArmPst, minute(0)) };
        let decided = decide(&opened(), &who(), &day::reported(report)).unwrap();
        stamp(&who(), at(1, 9), decided.into_iter().next().unwrap())
    };
    let phase = |entries: &[crate::Stamped]| {
        let mut state = opened();
        for entry in entries {
            state.evolve(entry);
        }
        state.incidents.phase(&day::key(1))
    };
    let (five, three, own, other) =
        (reported(Severity::Five), reported(Severity::Three), closed(1), closed(2));
    for entries in [[five.clone(), own.clone()], [own.clone(), five.clone()]] {
        assert_eq!(phase(&entries), Phase::Contained, "it waits for somebody else");
    }
    assert_eq!(phase(&[other.clone(), five.clone()]), Phase::Closed);
    assert_eq!(phase(&[own.clone(), five, other]), Phase::Closed, "one of two is enough");
    assert_eq!(phase(&[own, three]), Phase::Closed, "what is slight is closed by anybody");
    let table = include_str!("../../../../data/separation_of_duties.csv");
    assert!(table.contains("incident.report,incident.close,\"same incident, severity >= 4\""));
}

#[test]
fn two_addressees_always_and_a_silent_level_is_passed_over_on_the_record() {
    let mut state = with(Code::ArmPst, Severity::Five);
    let taxonomy = taxonomy();
    let levels = |state: &State, number| -> Vec<(Level, Vec<Level>)> {
        let found = calls(record(state), &taxonomy, minute(number));
        found.into_iter().map(|call| (call.level, call.passed)).collect()
    };
    use Level as L;
    assert_eq!(levels(&state, 0), [(L::PresidingOfficer, vec![]), (L::Sector, vec![])]);
    assert_eq!(
        levels(&state, 2),
        [(L::PresidingOfficer, vec![]), (L::Province, vec![L::Sector, L::District])]
    );
    assert_eq!(levels(&state, 5)[0], (L::ReturningOfficer, vec![L::PresidingOfficer]));
    assert_eq!(levels(&state, 15)[0].0, L::DistrictReturning);
    let bypass = |level| Deed::Bypass { level };
    do_it(&mut state, 2, bypass(L::Sector)).unwrap();
    assert_eq!(record(&state).bypassed().collect::<Vec<_>>(), [(L::Sector, minute(2))]);
    do_it(&mut state, 2, acknowledge(L::District)).unwrap();
    assert_eq!(do_it(&mut state, 2, bypass(L::District)), Err(RefusalCode::LevelAnswered));
    assert_eq!(do_it(&mut state, 2, bypass(L::Nation)), Err(RefusalCode::LevelAnswered));
    let found = calls(record(&state), &taxonomy, minute(30));
    assert_eq!(found[1].answered, Some((L::District, minute(2))));
    assert_eq!(found[1].level, L::Province, "who was asked when the answer came");
    assert_eq!(found[0].answered, None, "the presiding officer's side still waits");
}

#[test]
fn a_complaint_about_guards_reaches_no_commander() {
    let mut state = with(Code::StfMis, Severity::Four);
    let taxonomy = taxonomy();
    let complaint = Key { matter: Matter::Complaint, ..day::key(1) };
    let asked = calls(state.incidents.get(&complaint).unwrap(), &taxonomy, minute(60));
    let asked: Vec<Level> = asked.into_iter().map(|call| call.level).collect();
    assert_eq!(asked, [Level::DistrictReturning, Level::Monitor]);
    let ordinary = do_it(&mut state, 1, acknowledge(Level::District));
    assert_eq!(ordinary, Err(RefusalCode::IncidentUnknown), "no ordinary incident has this name");

    let (rules, standing) = (rules(), all_roles(&rules()));
    let act = |state: &mut State, role: &str, matter, by| {
        let on = On { matter, ..day::on(1, minute(1)) };
        let event = crate::Event::Incident(Event::Acknowledged { on, by, moves: true });
        let decided = crate::Decided { event, area: east(), supersedes: vec![at(1, 2)] };
        let seq = state.folded_up_to([7; 16], 1).unwrap_or(0) + 1;
        let entry = stamp(&context(2, role, late()), at(7, seq), decided);
        let may = authorise::remote(&rules, &standing, state, &entry);
        if may.is_ok() {
            state.evolve(&entry);
        }
        may.map_err(|refusal| refusal.code)
    };
    let commander = act(&mut state, "CTRL-D", Matter::Complaint, Level::District);
    assert_eq!(commander, Err(RefusalCode::RoleLacksPermission));
    act(&mut state, "CTRL-D", Matter::Incident, Level::District).unwrap();
    let phase = |state: &State| state.incidents.phase(&complaint);
    assert_eq!(phase(&state), Phase::Reported, "called an ordinary incident, it reaches nothing");
    act(&mut state, "DRO", Matter::Complaint, Level::DistrictReturning).unwrap();
    assert_eq!(phase(&state), Phase::Acknowledged);
    let readers: Vec<_> = rules
        .permissions
        .roles()
        .filter(|code| {
            rules.permissions.allows(&crate::testing::role(code), "complaint.staff.read")
        })
        .collect();
    assert_eq!(readers, ["AUDITOR", "DRO", "ECP-MON", "PUBDESK"]);
}

#[test]
fn an_answer_is_given_for_ones_own_level() {
    let state = with(Code::ArmPst, Severity::Five);
    let (rules, standing) = (rules(), all_roles(&rules()));
    let act = |role: &str, by| {
        let event = crate::Event::Incident(Event::Acknowledged {
            on: day::on(1, minute(1)),
            by,
            moves: true,
        });
        let decided = crate::Decided { event, area: east(), supersedes: vec![at(1, 1)] };
        let entry = stamp(&context(2, role, late()), at(7, 1), decided);
        authorise::remote(&rules, &standing, &state, &entry).map_err(|refusal| refusal.code)
    };
    assert_eq!(act("SHO", Level::Sector), Ok(()));
    assert_eq!(act("SHO", Level::Nation), Err(RefusalCode::LevelDiffers));
    assert_eq!(act("QRF", Level::Sector), Err(RefusalCode::RoleLacksPermission));
}

#[test]
fn a_toll_is_revised_and_never_edited() {
    let mut state = with(Code::IedCam, Severity::Five);
    for (place, killed) in [(1, 12), (2, 14), (3, 16)] {
        let toll = day::a_toll(killed);
        do_it(&mut state, place, Deed::CountToll { toll }).unwrap();
    }
    let told: Vec<u32> = record(&state).tolls().iter().map(|(toll, _)| toll.killed_min).collect();
    assert_eq!(told, [12, 14, 16]);
    assert_eq!(record(&state).toll().map(|toll| toll.killed_max), Some(18));
    let backward = Toll { killed_min: 9, killed_max: 3, ..day::a_toll(1) };
    let refused = do_it(&mut state, 4, Deed::CountToll { toll: backward });
    assert_eq!(refused, Err(RefusalCode::TollBackward));
}

#[test]
fn duplicates_are_suggested_and_only_a_person_merges_them() {
    let mut state = with(Code::ArmPst, Severity::Five);
    let mut near = day::report(2, Code::ArmCon, minute(20));
    near.place.subject = Some(day::subject(1));
    apply(&mut state, &who(), 1, &day::reported(near)).unwrap();
    let far = day::report(3, Code::ArmPst, minute(20));
    apply(&mut state, &who(), 1, &day::reported(far)).unwrap();
    let suggested = duplicates(&state.incidents, &day::key(1));
    assert_eq!(suggested, [&day::key(2)]);
    let merge = day::act(day::on(2, minute(25)), Deed::Merge { into: day::incident(1) });
    apply(&mut state, &who(), 1, &merge).unwrap();
    assert_eq!(state.incidents.standing_for(&day::key(2)), day::key(1));
    assert_eq!(state.incidents.all().count(), 3, "the originals are kept");
    let circle = do_it(&mut state, 26, Deed::Merge { into: day::incident(2) });
    assert_eq!(circle, Err(RefusalCode::MergeImpossible));
    apply(&mut state, &who(), 1, &day::act(day::on(2, minute(27)), Deed::Part)).unwrap();
    assert_eq!(state.incidents.standing_for(&day::key(2)), day::key(2));
}

#[test]
fn merges_that_close_a_circle_apart_leave_both_standing() {
    let mut state = with(Code::ArmPst, Severity::Five);
    apply(&mut state, &who(), 1, &day::reported(day::report(2, Code::ArmPst, minute(1)))).unwrap();
    let merge =
        |from, into| day::act(day::on(from, minute(2)), Deed::Merge { into: day::incident(into) });
    let first = decide(&state, &who(), &merge(1, 2)).unwrap();
    let second = decide(&state, &who(), &merge(2, 1)).unwrap();
    fold(&mut state, &who(), 8, first);
    fold(&mut state, &who(), 9, second);
    assert_eq!(state.incidents.standing_for(&day::key(1)), day::key(1));
    assert_eq!(state.incidents.standing_for(&day::key(2)), day::key(2));
}

#[test]
fn the_same_alarm_raised_by_two_nodes_is_one_incident() {
    let mut state = opened();
    let alarm =
        Report { source: Source::Derived, ..day::report(1, Code::ComChk, on_the_day(-40_000)) };
    let first = decide(&state, &who(), &day::reported(alarm.clone())).unwrap();
    let second = decide(&state, &who(), &day::reported(alarm.clone())).unwrap();
    fold(&mut state, &who(), 1, first);
    do_it(&mut state, 0, acknowledge(Level::District)).unwrap();
    fold(&mut state, &who(), 2, second);
    assert_eq!(record(&state).phase(), Phase::Acknowledged, "a late twin takes nothing back");
    assert_eq!(state.incidents.all().count(), 1);
    assert_eq!(apply(&mut state, &who(), 1, &day::reported(alarm.clone())).unwrap(), []);
    let by_hand = Report { source: Source::Desk, ..alarm };
    let again = apply(&mut state, &who(), 1, &day::reported(by_hand));
    assert_eq!(again.unwrap_err().code, RefusalCode::IncidentExists);
}

#[test]
fn verified_needs_two_sources_or_an_official_on_the_scene() {
    let mut state = with(Code::ArmPst, Severity::Five);
    let judge = |finding, basis| Deed::Judge { finding, basis };
    let refused = do_it(&mut state, 3, judge(Finding::Verified, Basis::Desk));
    assert_eq!(refused, Err(RefusalCode::SourcesTooFew));
    do_it(&mut state, 3, judge(Finding::Unverified, Basis::Desk)).unwrap();
    do_it(&mut state, 3, judge(Finding::Verified, Basis::OfficialOnScene)).unwrap();
    assert_eq!(record(&state).finding(), Some(Finding::Verified));
}
