use super::*;
use crate::{
    Command as Any, Noun, RefusalCode, decide as decide_any,
    testing::{
        apply, communities as c, context, date, early, fold, machine, opened, person, rules,
    },
};

fn formed() -> (State, EventRef) {
    let mut state = opened();
    let at = machine::must(&mut state, 1, 20, &c::form());
    (state, at)
}

fn say(state: &mut State, person: u8, command: &Any) -> Result<usize, RefusalCode> {
    let done = apply(state, &context(person, "DRO", early()), person, command);
    done.map(|entries| entries.len()).map_err(|refusal| refusal.code)
}

fn volunteer(state: &State, at: EventRef) -> VolunteerPhase {
    let record = state.communities.get(at).unwrap();
    record.volunteers().last().map_or(VolunteerPhase::Unknown, |one| one.phase)
}

#[test]
fn the_diagram_shows_what_the_code_does() {
    let committees = |state: &State| match state.communities.all().next() {
        None => vec![machine::offer("form", 1, c::form())],
        Some((at, ..)) => vec![
            machine::offer("enlist", 1, c::enlist(at, 1)),
            machine::offer("brief", 1, c::brief(at)),
            machine::offer("tell", 1, c::tell(at, "The lamp at the gate is broken.")),
            machine::offer("answer", 1, c::answer(state, at, "It is mended.")),
            machine::offer("dissolve", 1, c::dissolve(at)),
        ],
    };
    let committee = |state: &State, _| {
        let first = state.communities.all().next();
        format!("{:?}", first.map_or(Phase::Unknown, |(.., record)| record.phase()))
    };
    let volunteers = |state: &State| match state.communities.all().next() {
        None => vec![machine::offer("form", 1, c::form())],
        Some((at, ..)) => vec![
            machine::offer("enlist", 1, c::enlist(at, 1)),
            machine::offer("pass", 2, c::vet(at, 1, true)),
            machine::offer("refuse", 2, c::vet(at, 1, false)),
            machine::offer("release", 1, c::release(at, 1)),
        ],
    };
    let phase = |state: &State, _| {
        let first =
            state.communities.all().next().and_then(|(.., record)| record.volunteers().last());
        format!("{:?}", first.map_or(VolunteerPhase::Unknown, |one| one.phase))
    };
    let committee = machine::Machine { start: opened(), offers: committees, phase: committee };
    let volunteer = machine::Machine { start: opened(), offers: volunteers, phase };
    machine::assert_drawn(Noun::Community, &[committee, volunteer]);
}

#[test]
fn who_serves_was_vetted_by_another_person_than_enlisted_them() {
    let (mut state, at) = formed();
    say(&mut state, 1, &c::enlist(at, 1)).unwrap();
    assert_eq!(say(&mut state, 1, &c::enlist(at, 1)), Ok(0), "a number stands once");
    assert_eq!(say(&mut state, 1, &c::plan(at, 1)), Err(RefusalCode::VolunteerNotVetted));
    assert_eq!(say(&mut state, 1, &c::vet(at, 1, true)), Err(RefusalCode::SamePersonTwice));
    say(&mut state, 2, &c::vet(at, 1, true)).unwrap();
    assert_eq!(say(&mut state, 2, &c::vet(at, 1, true)), Ok(0));
    say(&mut state, 1, &c::plan(at, 1)).unwrap();
    say(&mut state, 3, &c::vet(at, 1, false)).unwrap();
    assert_eq!(volunteer(&state, at), VolunteerPhase::Refused);
    assert_eq!(say(&mut state, 1, &c::plan(at, 2)), Err(RefusalCode::VolunteerNotVetted));
    say(&mut state, 1, &c::release(at, 1)).unwrap();
    say(&mut state, 1, &c::enlist(at, 1)).unwrap();
    assert_eq!(
        volunteer(&state, at),
        VolunteerPhase::Enlisted,
        "whoever comes back is vetted anew"
    );
}

#[test]
fn a_vetting_keeps_its_result_its_day_and_its_author_and_no_reason() {
    let (mut state, at) = formed();
    say(&mut state, 1, &c::enlist(at, 1)).unwrap();
    say(&mut state, 2, &c::vet(at, 1, false)).unwrap();
    let record = state.communities.get(at).unwrap();
    let (on, by) = record.volunteers().next().unwrap().vetted.unwrap();
    assert_eq!((on, by.person.clone()), (date("2024-01-07"), person(2)));
    let later =
        Command::Vet { committee: at, number: c::number(1), passed: true, on: date("2024-03-01") };
    assert_eq!(say(&mut state, 2, &Any::Community(later)), Err(RefusalCode::TimeAhead));
}

#[test]
fn feedback_is_about_places_and_names_nobody() {
    let (mut state, at) = formed();
    for text in ["Mr Rahim watches us.", "ring 0300-1234567", "وہ چور ہے", "the candidates"]
    {
        assert_eq!(
            say(&mut state, 1, &c::tell(at, text)),
            Err(RefusalCode::CommunityNamesSomebody),
            "{text}"
        );
    }
    say(&mut state, 1, &c::tell(at, "The lamp at the gate is broken.")).unwrap();
    assert_eq!(state.communities.get(at).unwrap().feedback().count(), 1);
}

#[test]
fn what_was_told_is_answered_once_by_whoever_leads_and_names_nobody_either() {
    let (mut state, at) = formed();
    let nothing = c::answer(&state, at, "It is mended.");
    assert_eq!(say(&mut state, 1, &nothing), Err(RefusalCode::NotKnown), "nobody told anything");
    say(&mut state, 1, &c::tell(at, "The lamp at the gate is broken.")).unwrap();
    let accusing = c::answer(&state, at, "Mr Rahim broke it.");
    assert_eq!(say(&mut state, 2, &accusing), Err(RefusalCode::CommunityNamesSomebody));
    let mended = c::answer(&state, at, "It is mended.");
    say(&mut state, 2, &mended).unwrap();
    assert_eq!(say(&mut state, 2, &mended), Ok(0));
    let record = state.communities.get(at).unwrap();
    let (told, ..) = record.feedback().next().unwrap();
    assert_eq!(record.answers(told).map(|(text, _)| text).collect::<Vec<_>>(), ["It is mended."]);
}

#[test]
fn vetted_apart_serves_nowhere_until_somebody_decides() {
    let (mut state, at) = formed();
    say(&mut state, 1, &c::enlist(at, 1)).unwrap();
    let who = context(2, "DRO", early());
    let here = decide_any(&state, &who, &c::vet(at, 1, true)).unwrap();
    let there = decide_any(&state, &who, &c::vet(at, 1, false)).unwrap();
    fold(&mut state, &who, 1, here);
    fold(&mut state, &who, 2, there);
    assert_eq!(volunteer(&state, at), VolunteerPhase::Disputed);
    assert_eq!(state.conflicts().len(), 1);
    assert_eq!(say(&mut state, 1, &c::plan(at, 1)), Err(RefusalCode::VolunteerNotVetted));
    say(&mut state, 3, &c::vet(at, 1, true)).unwrap();
    assert_eq!((volunteer(&state, at), state.conflicts()), (VolunteerPhase::Passed, Vec::new()));
}

#[test]
fn what_does_not_hold_together_is_refused() {
    let (mut state, at) = formed();
    let wrong = |state: &mut State, command: Command| say(state, 1, &Any::Community(command));
    let empty = Committee { kind: Kind::Peace, place: "Ward 7".to_owned(), seats: Vec::new() };
    let form = Command::Form { area: crate::testing::east(), committee: empty };
    assert_eq!(wrong(&mut state, form), Err(RefusalCode::CommunityMalformed));
    let shift = Shift { from: 900, until: 900, place: "gate".to_owned(), volunteers: Vec::new() };
    let rota = Rota { day: date("2024-02-08"), shifts: vec![shift] };
    let plan = Command::Plan { committee: at, rota };
    assert_eq!(wrong(&mut state, plan), Err(RefusalCode::CommunityMalformed));
    say(&mut state, 1, &c::dissolve(at)).unwrap();
    assert_eq!(say(&mut state, 1, &c::enlist(at, 1)), Err(RefusalCode::CommunityDissolved));
}

#[test]
fn nobody_of_the_intelligence_desk_has_anything_to_do_with_committees() {
    let table = rules().permissions;
    for code in ["INTEL-AN", "INTEL-MGR", "ARMY", "CAF"] {
        let role = crate::testing::role(code);
        let rows: Vec<&str> =
            table.of_role(&role).filter(|name| name.starts_with("community.")).collect();
        assert_eq!(rows, Vec::<&str>::new(), "{code}");
    }
}

#[test]
fn nobody_stands_in_two_places_at_once() {
    let (mut state, at) = formed();
    say(&mut state, 1, &c::enlist(at, 1)).unwrap();
    say(&mut state, 2, &c::vet(at, 1, true)).unwrap();
    let plan = |first: (u16, u16), second: (u16, u16)| {
        let shift = |(from, until): (u16, u16)| Shift {
            from,
            until,
            place: "gate".to_owned(),
            volunteers: vec![c::number(1)],
        };
        let rota = Rota { day: date("2024-02-08"), shifts: vec![shift(first), shift(second)] };
        Any::Community(Command::Plan { committee: at, rota })
    };
    for apart in [((480, 600), (599, 700)), ((480, 900), (500, 520)), ((480, 600), (480, 600))] {
        let refused = say(&mut state, 1, &plan(apart.0, apart.1));
        assert_eq!(refused, Err(RefusalCode::VolunteerTwiceAtOnce), "{apart:?}");
    }
    say(&mut state, 1, &plan((600, 700), (480, 600))).unwrap();
}

#[test]
fn a_number_that_two_enlisted_apart_stands_once_and_no_better_than_the_worse() {
    let (mut state, at) = formed();
    let (here, there) = (context(1, "DRO", early()), context(3, "DRO", early()));
    let first = decide_any(&state, &here, &c::enlist(at, 1)).unwrap();
    let mut other = state.clone();
    fold(&mut state, &here, 1, first);
    let second = decide_any(&other, &there, &c::enlist(at, 1)).unwrap();
    fold(&mut other, &there, 3, second.clone());
    say(&mut state, 2, &c::vet(at, 1, true)).unwrap();
    assert!(state.communities.get(at).unwrap().may_serve(&c::number(1)));
    fold(&mut state, &there, 3, second);
    let record = state.communities.get(at).unwrap();
    let roster = record.roster();
    assert_eq!((roster.len(), roster[0].twice), (1, true));
    assert_eq!(roster[0].phase, VolunteerPhase::Enlisted, "the other enlisting is not vetted");
    assert!(!record.may_serve(&c::number(1)));
    assert_eq!(say(&mut state, 3, &c::vet(at, 1, true)), Err(RefusalCode::SamePersonTwice));
    assert_eq!(say(&mut state, 2, &c::vet(at, 1, true)), Ok(2), "both are vetted");
    assert!(state.communities.get(at).unwrap().may_serve(&c::number(1)));
    assert_eq!(say(&mut state, 1, &c::release(at, 1)), Ok(2));
    assert!(state.communities.get(at).unwrap().roster().is_empty());
}

#[test]
fn seats_that_nobody_who_passed_fills_are_found_to_the_minute() {
    let (mut state, at) = formed();
    for of in [1, 2] {
        say(&mut state, 1, &c::enlist(at, of)).unwrap();
        say(&mut state, 2, &c::vet(at, of, true)).unwrap();
    }
    let shift = |from, until, of: u8| Shift {
        from,
        until,
        place: "gate".to_owned(),
        volunteers: vec![c::number(of)],
    };
    let day = date("2024-02-08");
    let rota = Rota { day, shifts: vec![shift(420, 600, 1), shift(600, 720, 2)] };
    let plan = Any::Community(Command::Plan { committee: at, rota });
    say(&mut state, 1, &plan).unwrap();
    let found = |state: &State| {
        let (_, committee, _, record) = state.communities.all().next().unwrap();
        let rota = record.rotas_of(day).next().map(|(rota, _)| rota.clone());
        let all = short(committee, &record.roster(), rota.as_ref(), (480, 1_020));
        all.iter().map(|it| (it.duty, it.from, it.until, it.standing)).collect::<Vec<_>>()
    };
    let women = (Duty::Women, 480, 1_020, 0);
    let queue = |from, until, standing| (Duty::Queue, from, until, standing);
    assert_eq!(found(&state), [queue(480, 720, 1), queue(720, 1_020, 0), women]);
    say(&mut state, 3, &c::vet(at, 1, false)).unwrap();
    let now = [queue(480, 600, 0), queue(600, 720, 1), queue(720, 1_020, 0), women];
    assert_eq!(found(&state), now, "what is decided later counts at once");
}

#[test]
fn the_reason_of_an_ending_names_nobody() {
    let (mut state, at) = formed();
    let dissolve = Command::Dissolve { committee: at, reason: "Mr Rahim is a thief".to_owned() };
    let refused = say(&mut state, 1, &Any::Community(dissolve));
    assert_eq!(refused, Err(RefusalCode::CommunityNamesSomebody));
}

#[test]
fn the_same_rota_written_apart_is_one_rota() {
    let (mut state, at) = formed();
    say(&mut state, 1, &c::enlist(at, 1)).unwrap();
    say(&mut state, 2, &c::vet(at, 1, true)).unwrap();
    let day = date("2024-02-08");
    let plan = |place: &str| {
        let (place, volunteers) = (place.to_owned(), vec![c::number(1)]);
        let shift = Shift { from: 480, until: 600, place, volunteers };
        Any::Community(Command::Plan { committee: at, rota: Rota { day, shifts: vec![shift] } })
    };
    let mut apart = [(1, "gate"), (3, "gate"), (4, "road")].map(|(who, place)| {
        let context = context(who, "DRO", early());
        let said = decide_any(&state, &context, &plan(place)).unwrap();
        (context, who, said)
    });
    let stand = |state: &State| state.communities.get(at).unwrap().rotas_of(day).count();
    for (context, who, said) in &mut apart[..2] {
        fold(&mut state, context, *who, std::mem::take(said));
    }
    assert_eq!((stand(&state), state.conflicts().len()), (1, 0));
    assert_eq!(say(&mut state, 1, &plan("gate")), Ok(0), "there is nothing to write anew");
    let (context, who, said) = &mut apart[2];
    fold(&mut state, context, *who, std::mem::take(said));
    assert!(stand(&state) > 1 && state.conflicts().len() == 1);
    say(&mut state, 1, &plan("road")).unwrap();
    assert_eq!((stand(&state), state.conflicts().len()), (1, 0));
}
