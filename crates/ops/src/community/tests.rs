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
