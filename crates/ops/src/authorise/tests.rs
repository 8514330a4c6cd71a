mod exhaustive;
mod separation;

use super::*;
use crate::{
    Event, Noun, act, election, official_class, person, plan, risk_override,
    testing::{
        self, Step, all_roles, apply, area, at, command as a_command, context, early, east, late,
        machine, opened, person as desk, plans::a_proposal, role, rules, scope, stamp,
    },
};
use pehra_domain::{date::Date, risk::RiskClass, seed::Seed};
use proptest::prelude::*;
use std::{collections::BTreeSet, rc::Rc};

fn holding(code: &str, text: &str) -> Holding {
    let until = Date(19_770).midnight_pkt();
    Holding { role: role(code), area: area(text), from: UnixMs(0), until }
}

fn acting(code: &str, text: &str) -> Actor {
    Actor { person: desk(1), role: role(code), area: area(text) }
}

fn code(result: Result<(), Refusal>) -> Option<RefusalCode> {
    result.err().map(|refusal| refusal.code)
}

#[test]
fn every_cell_of_role_and_permission_decides_own_area_and_no_other() {
    let rules = rules();
    let (sindh, own) = ("pk/sindh", east());
    let (province, other) = (area("pk/sindh"), area("pk/punjab/lahore"));
    let mut allowed = 0;
    for role_code in rules.permissions.roles() {
        let actor = acting(role_code, sindh);
        let standing = Standing { holdings: vec![holding(role_code, sindh)] };
        for permission in rules.permissions.permissions() {
            let ask =
                |area: &AreaId| code(permit(&rules, &standing, &actor, area, early(), permission));
            let holds = rules.permissions.allows(&actor.role, permission);
            let expected =
                |outcome| if holds { outcome } else { Some(RefusalCode::RoleLacksPermission) };
            assert_eq!(ask(&own), expected(None), "{role_code} {permission} own district");
            assert_eq!(ask(&province), expected(None), "{role_code} {permission} own province");
            let outside = Some(RefusalCode::OutsideArea);
            assert_eq!(ask(&other), expected(outside), "{role_code} {permission} elsewhere");
            assert_eq!(ask(&AreaId::nation()), expected(outside), "{role_code} {permission} above");
            allowed += u32::from(holds);
        }
    }
    assert!(allowed > 150, "{allowed}");
}

/// Every command there is, in states of short and long stories, so that a new one cannot be forgotten.
fn every_command() -> Vec<(Command, Rc<State>)> {
    let mut dice = Seed::new(11);
    let mut draw = || -> Step { std::array::from_fn(|_| dice.next_u64().to_be_bytes()[0]) };
    let mut all = Vec::new();
    for noun in Noun::ALL {
        all.push((a_command(noun, &State::default(), draw()), Rc::new(State::default())));
        // A unit that relieves another one has come a long way.
        let longest = if noun == Noun::Dispatch { 60 } else { 40 };
        for length in (0..12).flat_map(|story| [story, 30, longest]) {
            let steps: Vec<Step> = (0..length).map(|_| draw()).collect();
            for device in testing::World::play(noun, &steps).devices {
                let state = Rc::new(device.state);
                all.extend((0..8).map(|_| (a_command(noun, &state, draw()), Rc::clone(&state))));
            }
        }
    }
    all
}

#[test]
fn every_role_times_every_command_follows_the_table_in_its_own_area_and_in_another() {
    let rules = rules();
    let (mut passed, mut refused) = (0, 0);
    for (command, state) in every_command() {
        let Some(place) = command.area(&state) else { continue };
        let bootstrap = command.permission() == permission::ACCOUNT_BOOTSTRAP;
        for role_code in rules.permissions.roles() {
            let here = acting(role_code, place.as_str());
            let standing = Standing { holdings: vec![holding(role_code, place.as_str())] };
            let mut context = context(1, role_code, early());
            context.actor = here;
            let own = super::command(&rules, &standing, &state, &context, &command);
            let holds = rules.permissions.allows(&role(role_code), command.permission());
            if bootstrap {
                assert_eq!(own.is_ok(), state.persons.may_bootstrap());
                continue;
            }
            assert_eq!(own.is_ok(), holds, "{role_code} {command:?}");
            context.actor.area = area("pk/elsewhere");
            let standing = Standing { holdings: vec![holding(role_code, "pk/elsewhere")] };
            let away = super::command(&rules, &standing, &state, &context, &command);
            assert!(away.is_err(), "{role_code} {command:?}");
            passed += u32::from(holds);
            refused += u32::from(!holds);
        }
    }
    assert!(passed > 1_000 && refused > 10_000, "{passed} {refused}");
}

#[test]
fn every_command_and_its_events_stand_in_the_same_row_and_area() {
    let rules = rules();
    let mut kinds = BTreeSet::new();
    for (command, state) in every_command() {
        assert!(rules.permissions.has_row(command.permission()), "{command:?}");
        for person in 0..4 {
            let who = context(person, "ECP-NAT", early());
            let Ok(decided) = crate::decide(&state, &who, &command) else { continue };
            for one in decided {
                let (event, asked) = (one.event.permission(), command.permission());
                // A unit that is sent, leaves or arrives tells its incident too.
                let tells = matches!(one.event, Event::Incident(_));
                if tells && matches!(command, Command::Dispatch(_)) {
                    let may = |code: &str, row| rules.permissions.allows(&role(code), row);
                    let all = || rules.permissions.roles().filter(|code| may(code, asked));
                    assert!(all().all(|code| may(code, event)), "{command:?}");
                    continue;
                }
                assert_eq!(event, asked, "{command:?}");
                assert_eq!(Some(&one.area), command.area(&state), "{command:?}");
                assert!(one.event.area(&state).is_none_or(|area| *area == one.area));
                kinds.insert(one.event.kind());
            }
        }
    }
    let all: BTreeSet<u32> = crate::event::KINDS.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, all, "a kind that no command decides");
}

#[test]
fn every_event_has_a_row() {
    let rules = rules();
    for event in crate::golden::one_of_each().unwrap() {
        assert!(rules.permissions.has_row(event.permission()), "{}", event.name());
    }
}

#[test]
fn a_role_is_judged_at_the_moment_of_the_act() {
    let rules = rules();
    let standing = Standing { holdings: vec![holding("DRO", "pk/sindh")] };
    let actor = acting("DRO", "pk/sindh");
    let ask = |moment| code(permit(&rules, &standing, &actor, &east(), moment, "plan.edit"));
    assert_eq!(ask(UnixMs(-1)), Some(RefusalCode::RoleNotHeld));
    assert_eq!(ask(late()), None);
    assert_eq!(ask(Date(19_770).midnight_pkt()), Some(RefusalCode::RoleExpired));
    let other = acting("PEC", "pk/sindh");
    let not_held = permit(&rules, &standing, &other, &east(), late(), "plan.edit");
    assert_eq!(code(not_held), Some(RefusalCode::RoleNotHeld));
    let unknown = permit(&rules, &standing, &actor, &east(), late(), "plan.dream");
    assert_eq!(code(unknown), Some(RefusalCode::PermissionUnknown));
    let narrow = acting("DRO", "pk/sindh/hyderabad");
    let outside = permit(&rules, &standing, &narrow, &east(), late(), "plan.edit");
    assert_eq!(code(outside), Some(RefusalCode::OutsideArea), "the actor chose a smaller area");
}

#[test]
fn neither_a_wide_role_nor_a_wide_actor_alone_reaches_the_area_above() {
    let rules = rules();
    let ask = |held: &str, acted: &str| {
        let standing = Standing { holdings: vec![holding("DRO", held)] };
        let actor = acting("DRO", acted);
        code(permit(&rules, &standing, &actor, &area("pk/sindh"), early(), "plan.edit"))
    };
    assert_eq!(ask("pk", "pk"), None);
    assert_eq!(ask("pk", "pk/sindh/karachi-east"), Some(RefusalCode::OutsideArea));
    assert_eq!(ask("pk/sindh/karachi-east", "pk"), Some(RefusalCode::OutsideArea));
}

fn propose() -> Command {
    Command::Plan(plan::Command::Propose { proposal: a_proposal(1) })
}

#[test]
fn a_person_without_the_right_learns_nothing_about_the_state() {
    let (rules, state) = (rules(), opened());
    let standing = all_roles(&rules);
    let approve = Command::Plan(plan::Command::Approve { plan: at(77, 1) });
    let guard = act(&rules, &standing, &state, &context(1, "ARMY", early()), &approve);
    assert_eq!(guard.unwrap_err().code, RefusalCode::RoleLacksPermission);
    let commission = act(&rules, &standing, &state, &context(1, "PEC", early()), &approve);
    assert_eq!(commission.unwrap_err().code, RefusalCode::NotKnown);
}

#[test]
fn one_person_in_two_roles_is_still_one_person() {
    let (rules, mut state) = (rules(), opened());
    let standing = all_roles(&rules);
    let decided = act(&rules, &standing, &state, &context(1, "DRO", early()), &propose()).unwrap();
    let plan = testing::fold(&mut state, &context(1, "DRO", early()), 1, decided)[0].at;
    let approve = Command::Plan(plan::Command::Approve { plan });
    let same = act(&rules, &standing, &state, &context(1, "ECP-NAT", early()), &approve);
    assert_eq!(same.unwrap_err().code, RefusalCode::SamePersonTwice);
    let reject = plan::Command::Reject { plan, reason: "mine".to_owned() };
    let own = act(&rules, &standing, &state, &context(1, "PEC", early()), &Command::Plan(reject));
    assert_eq!(own.unwrap_err().code, RefusalCode::DutiesSeparated);
    let mut other = context(2, "PEC", early());
    assert!(act(&rules, &standing, &state, &other, &approve).is_ok());
    other.cosigners = vec![desk(1)];
    let with_proposer = act(&rules, &standing, &state, &other, &approve);
    assert_eq!(with_proposer.unwrap_err().code, RefusalCode::DutiesSeparated);
    other.cosigners = vec![desk(3), desk(3)];
    let twice = act(&rules, &standing, &state, &other, &approve);
    assert_eq!(twice.unwrap_err().code, RefusalCode::SamePersonTwice);
}

#[test]
fn duties_that_are_separate_for_ever_are_refused_here_and_shown_when_done_apart() {
    let csv = "permission_a,permission_b,scope\nplan.edit,lock.set,same person ever\n";
    let rules = Rules { separation: Separation::parse(csv).unwrap(), ..rules() };
    let (mut state, standing) = (opened(), all_roles(&rules));
    let who = context(1, "DRO", early());
    apply(&mut state, &who, 1, &propose()).unwrap();
    let pin = testing::pin(testing::a_lock(1, 1), 2, 9);
    let here = act(&rules, &standing, &state, &who, &pin);
    assert_eq!(here.unwrap_err().code, RefusalCode::DutiesSeparated);
    assert_eq!(state.breaches(&rules.separation), Vec::new());
    let elsewhere = crate::decide(&opened(), &who, &pin).unwrap();
    let entry = stamp(&who, at(2, 1), elsewhere[0].clone());
    assert_eq!(remote(&rules, &standing, &state, &entry), Ok(()));
    state.evolve(&entry);
    let breaches = state.breaches(&rules.separation);
    assert_eq!(breaches.len(), 1);
    assert_eq!(breaches[0].person, desk(1));
}

/// A proposed plan, and its approval by desk 2 as it would arrive.
fn approval(state: &mut State) -> Stamped {
    let plan = machine::must(state, 1, 20, &propose());
    let who = context(2, "PEC", early());
    let command = Command::Plan(plan::Command::Approve { plan });
    let decided = crate::decide(state, &who, &command).unwrap();
    stamp(&who, at(3, 1), decided[0].clone())
}

#[test]
fn a_remote_entry_is_judged_by_its_certificate() {
    let (rules, mut state) = (rules(), opened());
    let entry = approval(&mut state);
    let ask = |holdings: Vec<Holding>| code(remote(&rules, &Standing { holdings }, &state, &entry));
    assert_eq!(ask(vec![holding("PEC", "pk/sindh")]), None);
    assert_eq!(ask(vec![holding("PEC", "pk/punjab")]), Some(RefusalCode::OutsideArea));
    assert_eq!(ask(vec![holding("DRO", "pk/sindh")]), Some(RefusalCode::RoleNotHeld));
    assert_eq!(ask(vec![]), Some(RefusalCode::RoleNotHeld));
}

#[test]
fn a_remote_approval_that_lies_about_persons_or_place_has_no_effect() {
    let (rules, mut state) = (rules(), opened());
    let standing = all_roles(&rules);
    let honest = approval(&mut state);
    assert_eq!(remote(&rules, &standing, &state, &honest), Ok(()));
    let ask = |entry: &Stamped| code(remote(&rules, &standing, &state, entry));

    let mut own = honest.clone();
    own.actor.person = desk(1);
    assert_eq!(ask(&own), Some(RefusalCode::SamePersonTwice));

    let mut other_name = honest.clone();
    let Event::Plan(plan::Event::Approved { proposed_by, .. }) = &mut other_name.event else {
        panic!()
    };
    *proposed_by = desk(3);
    assert_eq!(ask(&other_name), Some(RefusalCode::SecondPersonDiffers));

    let mut elsewhere = honest.clone();
    elsewhere.area = area("pk/sindh/hyderabad");
    assert_eq!(ask(&elsewhere), Some(RefusalCode::AreaMismatch));

    let mut of_nothing = honest.clone();
    let Event::Plan(plan::Event::Approved { plan, .. }) = &mut of_nothing.event else { panic!() };
    *plan = at(66, 6);
    assert_eq!(ask(&of_nothing), Some(RefusalCode::NotKnown));

    let mut number = honest;
    number.event = Event::Election(election::Event::Settled {
        election: testing::the_election(election::Nature::Real),
        reason: "see 42101-1234567-1".to_owned(),
    });
    assert_eq!(ask(&number), Some(RefusalCode::IdentityNumber));
}

#[test]
fn a_remote_adoption_needs_an_approval_that_is_on_record() {
    let (rules, mut state) = (rules(), opened());
    let standing = all_roles(&rules);
    let approval = approval(&mut state);
    let Event::Plan(plan::Event::Approved { plan, .. }) = approval.event else { panic!() };
    let adopt = |approved_in| {
        let proposal = a_proposal(1);
        let (slot, manifest) = (proposal.slot(), proposal.manifest);
        let event = Event::Plan(plan::Event::Adopted { plan, slot, manifest, approved_in });
        let decided = Decided { event, area: east(), supersedes: vec![plan] };
        stamp(&context(4, "PEC", early()), at(5, 1), decided)
    };
    let before = remote(&rules, &standing, &state, &adopt(approval.at));
    assert_eq!(code(before), Some(RefusalCode::PlanNotApproved));
    state.evolve(&approval);
    assert_eq!(remote(&rules, &standing, &state, &adopt(approval.at)), Ok(()));
    let wrong = remote(&rules, &standing, &state, &adopt(plan));
    assert_eq!(code(wrong), Some(RefusalCode::PlanNotApproved));
}

#[test]
fn a_remote_first_account_gives_no_more_than_its_certificate_holds() {
    let (rules, state) = (rules(), State::default());
    let entry = |role_code: &str| {
        let roles = vec![scope(role_code, AreaId::nation())];
        let display_name = "Set-up".to_owned();
        let event = person::Event::FirstAccount { person: desk(1), display_name, roles };
        let decided = Decided { event: Event::Person(event), area: east(), supersedes: vec![] };
        stamp(&context(1, role_code, early()), at(7, 1), decided)
    };
    let ask = |role_code: &str, holdings: Vec<Holding>| {
        code(remote(&rules, &Standing { holdings }, &state, &entry(role_code)))
    };
    assert_eq!(ask("ECP-NAT", vec![holding("ECP-NAT", "pk")]), None);
    assert_eq!(ask("ECP-NAT", vec![holding("DRO", "pk")]), Some(RefusalCode::RoleNotHeld));
    assert_eq!(ask("DRO", vec![holding("DRO", "pk/sindh")]), Some(RefusalCode::OutsideArea));
    assert_eq!(ask("KING", vec![holding("KING", "pk")]), Some(RefusalCode::RoleUnknown));
}

#[test]
fn a_late_class_change_without_a_second_person_has_no_effect_on_any_node() {
    let (rules, mut state) = (rules(), opened());
    let record = testing::a_class(1, RiskClass::Most, "2024-01-05");
    let propose = official_class::Command::Propose { area: east(), record };
    let proposal = machine::must(&mut state, 1, 20, &Command::OfficialClass(propose));
    let approved = |second: Option<u8>| {
        let event = official_class::Event::Approved {
            proposal,
            proposed_by: desk(1),
            second: second.map(desk),
            poll_date: Some(testing::date(testing::POLL_DAY)),
        };
        let event = Event::OfficialClass(event);
        let decided = Decided { event, area: east(), supersedes: vec![proposal] };
        stamp(&context(2, "ECP-NAT", late()), at(8, 1), decided)
    };
    let standing = all_roles(&rules);
    let ask = |second| code(remote(&rules, &standing, &state, &approved(second)));
    assert_eq!(ask(None), Some(RefusalCode::ClassChangeLate));
    assert_eq!(ask(Some(1)), Some(RefusalCode::SamePersonTwice));
    assert_eq!(ask(Some(3)), None);
}

#[test]
fn a_remote_override_that_lowers_is_withheld() {
    let (rules, state) = (rules(), opened());
    let mut raised = testing::an_override(1, None);
    raised.at_least = RiskClass::Normal;
    let event = Event::RiskOverride(risk_override::Event::Raised(raised));
    let decided = Decided { event, area: east(), supersedes: vec![] };
    let entry = stamp(&context(1, "PEC", early()), at(9, 1), decided);
    let refused = remote(&rules, &all_roles(&rules), &state, &entry);
    assert_eq!(code(refused), Some(RefusalCode::OverrideTooWeak));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_the_local_way_lets_through_the_remote_way_lets_through(
        noun in prop::sample::select(Noun::ALL.as_slice()),
        steps in prop::collection::vec(any::<Step>(), 1..40),
    ) {
        let rules = rules();
        let standing = all_roles(&rules);
        let mut state = if noun == Noun::Election { State::default() } else { opened() };
        for step in steps {
            let command = a_command(noun, &state, step);
            let roles: Vec<_> = rules.permissions.roles().collect();
            let who = context(step[5] % 4, roles[usize::from(step[0]) % roles.len()], early());
            let Ok(decided) = act(&rules, &standing, &state, &who, &command) else { continue };
            for one in decided {
                let seq = state.folded_up_to([1; 16], 1).unwrap_or(0) + 1;
                let entry = stamp(&who, at(1, seq), one);
                prop_assert_eq!(remote(&rules, &standing, &state, &entry), Ok(()));
                state.evolve(&entry);
            }
        }
    }
}

#[test]
fn once_persons_have_keys_an_approval_needs_both_over_one_header() {
    let rules = rules();
    let standing = all_roles(&rules);
    // Proposed with or without the first person's own key, approved in each way that can go wrong and in the right one.
    let story = |first_signed: bool, approve: &dyn Fn(&mut Stamped, crate::EventRef)| {
        let mut state = opened();
        let who = Context { attested_by_node: !first_signed, ..context(1, "PEC", early()) };
        let proposed = apply(&mut state, &who, 1, &propose()).unwrap();
        let first = proposed.first().unwrap().at;
        let second = context(2, "ECP-NAT", early());
        let decided =
            crate::decide(&state, &second, &Command::Plan(plan::Command::Approve { plan: first }))
                .unwrap();
        let mut stamped = stamp(&second, at(2, 1), decided.into_iter().next().unwrap());
        stamped.keys.required = true;
        approve(&mut stamped, first);
        code(remote(&rules, &standing, &state, &stamped))
    };
    let right = |stamped: &mut Stamped, first| {
        stamped.attested_by_node = false;
        stamped.keys.second_over = Some(first);
    };
    assert_eq!(story(true, &right), None);
    assert_eq!(story(false, &right), Some(RefusalCode::FirstKeyMissing));
    assert_eq!(story(true, &|_, _| {}), Some(RefusalCode::OwnKeyNeeded));
    let only_own = |stamped: &mut Stamped, _| stamped.attested_by_node = false;
    assert_eq!(story(true, &only_own), Some(RefusalCode::SecondKeyMissing));
    let over_another = |stamped: &mut Stamped, _| {
        stamped.attested_by_node = false;
        stamped.keys.second_over = Some(at(9, 9));
    };
    assert_eq!(story(true, &over_another), Some(RefusalCode::SecondKeyMissing));
    let before_keys = |stamped: &mut Stamped, _| stamped.keys.required = false;
    assert_eq!(story(false, &before_keys), None);
}
