use super::*;
use crate::{
    Command as Any, Event as AnyEvent, Noun, State, act, authorise,
    conflict::ConflictKind,
    stamp::{Context, Keys, Stamped},
    testing::{
        all_roles, apply, context, draws, early, hash, machine, opened, person, role, rules, stamp,
    },
};

const POOL: Stage = Stage::Pool;

fn refused(state: &mut State, who: u8, command: &Any) -> RefusalCode {
    apply(state, &context(who, "ECP-NAT", early()), 9, command).unwrap_err().code
}

fn first(state: &State) -> Option<On> {
    state.draws.all().next().map(|(draw, ..)| On { draw, stage: POOL })
}

#[test]
fn the_diagram_shows_what_the_code_does() {
    let mut start = opened();
    draws::joined(&mut start);
    let offers = |state: &State| {
        let on = first(state).unwrap();
        let proposal = state.draws.proposals(on).next().map_or(on.draw, |(at, _)| at);
        let open = Any::Draw(Command::OpenStage { proposal });
        let mut all = vec![
            machine::offer("propose", 4, draws::propose(on)),
            machine::offer("open one's own", 4, open.clone()),
            machine::offer("open", 5, open),
            machine::offer("draw", 4, draws::draw(on, 1)),
            machine::offer("draw", 4, draws::draw(on, 2)),
            machine::offer("withdraw", 5, draws::withdraw(on.draw)),
        ];
        for party in 0..3 {
            let speaker = draws::speaker(party);
            all.push(machine::offer("commit", speaker, draws::commit(on, party, 1)));
            all.push(machine::offer("show the secret", speaker, draws::reveal(on, party)));
        }
        all.push(machine::offer("commit", 1, draws::commit(on, 0, 2)));
        let recover = Command::Recover { on, party: 2, secret: [2; 32] };
        all.push(machine::offer("recover", 1, Any::Draw(recover)));
        all
    };
    let phase = |state: &State, _| format!("{:?}", state.draws.phase(first(state).unwrap()));
    machine::assert_drawn(Noun::Draw, &[machine::Machine { start, offers, phase }]);
}

#[test]
fn a_stage_is_opened_by_two_and_never_by_one_alone() {
    let mut state = opened();
    let on = On { draw: draws::joined(&mut state), stage: POOL };
    assert_eq!(refused(&mut state, 1, &draws::commit(on, 0, 1)), RefusalCode::StageNotOpen);
    let proposal = machine::must(&mut state, 4, 30, &draws::propose(on));
    let open = Any::Draw(Command::OpenStage { proposal });
    assert_eq!(refused(&mut state, 4, &open), RefusalCode::SamePersonTwice);
    assert_eq!(refused(&mut state, 1, &draws::commit(on, 0, 1)), RefusalCode::StageNotOpen);
    assert_eq!(state.draws.phase(on), Phase::Proposed);
    // The same by an entry from elsewhere, whoever it says proposed it.
    for named in [4, 5] {
        let event = Event::StageOpened { proposal, proposed_by: person(named) };
        let entry = foreign(event, &context(4, "PEC", early()));
        assert!(authorise::remote(&rules(), &all_roles(&rules()), &state, &entry).is_err());
    }
    machine::must(&mut state, 5, 31, &open);
    assert_eq!(state.draws.phase(on), Phase::Committing);
}

fn foreign(event: Event, who: &Context) -> Stamped {
    let area = crate::testing::east();
    let decided = crate::Decided { event: AnyEvent::Draw(event), area, supersedes: Vec::new() };
    stamp(who, crate::testing::at(77, 1), decided)
}

#[test]
fn once_persons_have_keys_both_sign_for_a_stage_with_their_own() {
    let (rules, mut state) = (rules(), opened());
    let standing = all_roles(&rules);
    let on = On { draw: draws::joined(&mut state), stage: POOL };
    // Proposed while the node still signed for everybody: the first key is missing.
    let proposal = machine::must(&mut state, 4, 30, &draws::propose(on));
    let open = Any::Draw(Command::OpenStage { proposal });
    let mut who = context(5, "PEC", early());
    who.keys = Keys { required: true, second_over: None };
    let code = act(&rules, &standing, &state, &who, &open).unwrap_err().code;
    assert_eq!(code, RefusalCode::OwnKeyNeeded);
    who.attested_by_node = false;
    let code = act(&rules, &standing, &state, &who, &open).unwrap_err().code;
    assert_eq!(code, RefusalCode::FirstKeyMissing);
}

#[test]
fn no_secret_is_taken_before_all_have_committed() {
    let mut state = opened();
    let on = On { draw: draws::joined(&mut state), stage: POOL };
    draws::opened_stage(&mut state, on);
    for party in 0..2 {
        machine::must(&mut state, draws::speaker(party), 40, &draws::commit(on, party, 1));
    }
    assert_eq!(refused(&mut state, 1, &draws::reveal(on, 0)), RefusalCode::CommitmentsMissing);
    // From elsewhere: it cannot name what the third has not said yet.
    let over = vec![hash(16), hash(17)];
    let early_word = Event::Revealed { on, party: 0, secret: [0; 32], over };
    let who = context(1, "OBS", early());
    let told =
        authorise::remote(&rules(), &all_roles(&rules()), &state, &foreign(early_word, &who));
    assert_eq!(told.unwrap_err().code, RefusalCode::CommitmentsMissing);
    // Made up: it is kept, and counts for nothing once the third has spoken.
    let over = vec![hash(16), hash(17), hash(99)];
    let guessed = Event::Revealed { on, party: 0, secret: [0; 32], over };
    state.evolve(&foreign(guessed, &who));
    machine::must(&mut state, 3, 40, &draws::commit(on, 2, 1));
    assert_eq!(state.draws.phase(on), Phase::Revealing);
    let record = state.draws.get(on.draw).unwrap();
    assert_eq!((record.told(POOL).count(), record.told_over_others(POOL)), (0, 1));
    machine::must(&mut state, 1, 40, &draws::reveal(on, 0));
    assert_eq!(state.draws.get(on.draw).unwrap().told(POOL).count(), 1);
}

#[test]
fn a_second_input_is_refused_and_one_brought_apart_is_seen() {
    let mut state = opened();
    let draw = draws::joined(&mut state);
    assert_eq!(refused(&mut state, 4, &draws::open(2)), RefusalCode::DrawStands);
    let again = apply(&mut state, &context(4, "DRO", early()), 30, &draws::open(1)).unwrap();
    assert!(again.is_empty(), "the same is on record");
    let mut other = opened();
    let elsewhere = apply(&mut other, &context(6, "DRO", early()), 50, &draws::open(2)).unwrap();
    state.evolve(&elsewhere[0]);
    let conflicts = state.conflicts();
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].kind, ConflictKind::DecidedApart);
    assert_eq!(conflicts[0].sides.len(), 2);
    machine::must(&mut state, 5, 31, &draws::withdraw(elsewhere[0].at));
    assert!(state.conflicts().is_empty());
    assert!(state.draws.get(draw).unwrap().stands());
    assert_eq!(refused(&mut state, 4, &draws::open(3)), RefusalCode::DrawStands);
}

#[test]
fn a_party_speaks_through_its_own_person_alone() {
    let mut state = opened();
    let on = On { draw: draws::joined(&mut state), stage: POOL };
    draws::opened_stage(&mut state, on);
    assert_eq!(refused(&mut state, 4, &draws::commit(on, 0, 1)), RefusalCode::NotAParty);
    // An entry from elsewhere that says it is the police, and one whose shares leave a party out.
    let said = |party, shares| Event::Committed {
        on,
        opened: state.draws.get(on.draw).unwrap().opened_by(POOL).unwrap().0,
        party,
        digest: hash(1),
        shares,
    };
    for (event, right) in [
        (said(0, draws::shares(0)), false),
        (said(2, draws::shares(2)), true),
        (said(2, draws::shares(2)[..1].to_vec()), false),
        (said(2, draws::shares(1)), false),
    ] {
        let entry = foreign(event, &context(3, "OBS", early()));
        let told = authorise::remote(&rules(), &all_roles(&rules()), &state, &entry);
        assert_eq!(told.is_ok(), right, "{told:?}");
    }
}

#[test]
fn a_stage_follows_from_the_roster_of_the_one_before() {
    let mut state = opened();
    let draw = draws::joined(&mut state);
    let posts = On { draw, stage: Stage::Posts };
    assert_eq!(refused(&mut state, 4, &draws::propose(posts)), RefusalCode::StageNotNext);
    draws::drawn(&mut state, On { draw, stage: POOL });
    assert_eq!(state.draws.next(draw), Some(Stage::Posts));
    let proposal = machine::must(&mut state, 4, 30, &draws::propose(posts));
    let subject = state.draws.proposal(proposal).unwrap().subject;
    assert_eq!(subject, draws::outcome(1).roster);
    let pool = On { draw, stage: POOL };
    assert_eq!(refused(&mut state, 4, &draws::propose(pool)), RefusalCode::StageNotNext);
    // From elsewhere: over another roster than the one that was drawn.
    let after = state.draws.get(draw).unwrap().subject(Stage::Posts).unwrap().1;
    let event = Event::StageProposed { on: posts, subject: hash(7), after };
    let entry = foreign(event, &context(4, "DRO", early()));
    let told = authorise::remote(&rules(), &all_roles(&rules()), &state, &entry);
    assert_eq!(told.unwrap_err().code, RefusalCode::StageNotNext);
}

#[test]
fn whoever_commits_anew_after_a_secret_was_shown_is_seen_and_gains_nothing() {
    let mut state = opened();
    let on = On { draw: draws::joined(&mut state), stage: POOL };
    draws::opened_stage(&mut state, on);
    for party in 0..3 {
        machine::must(&mut state, draws::speaker(party), 40, &draws::commit(on, party, 1));
    }
    machine::must(&mut state, 1, 40, &draws::reveal(on, 0));
    assert_eq!(refused(&mut state, 3, &draws::commit(on, 2, 2)), RefusalCode::CommittedAlready);
    // Its own device lets it: the others see that what they showed was shown over something else.
    let record = state.draws.get(on.draw).unwrap();
    let (opened, ..) = record.opened_by(POOL).unwrap();
    let (digest, shares) = (hash(44), draws::shares(2));
    let mut bent = foreign(
        Event::Committed { on, opened, party: 2, digest, shares },
        &context(3, "OBS", early()),
    );
    bent.supersedes = record.commitment_refs(POOL, 2);
    state.evolve(&bent);
    let record = state.draws.get(on.draw).unwrap();
    assert_eq!((record.told(POOL).count(), record.told_over_others(POOL)), (0, 1));
    // Said beside the first instead of over it, it is a contradiction with a name.
    bent.at.seq = 2;
    bent.supersedes = Vec::new();
    if let AnyEvent::Draw(Event::Committed { digest, .. }) = &mut bent.event {
        *digest = hash(45);
    }
    state.evolve(&bent);
    assert_eq!(state.draws.phase(on), Phase::Disputed);
    assert!(state.conflicts()[0].subject.ends_with("observers"));
}

#[test]
fn replacements_are_counted_and_two_of_one_number_are_decided_again() {
    let mut state = opened();
    let draw = draws::joined(&mut state);
    let replace = |byte| Any::Draw(Command::Replace { draw, sealed: vec![byte; 8] });
    assert_eq!(refused(&mut state, 4, &replace(1)), RefusalCode::DrawStateForbids);
    for stage in Stage::ALL {
        draws::drawn(&mut state, On { draw, stage: *stage });
    }
    assert_eq!(state.draws.next(draw), None);
    let mut apart = state.clone();
    machine::must(&mut state, 4, 30, &replace(1));
    let other = apply(&mut apart, &context(4, "DRO", early()), 60, &replace(2)).unwrap();
    state.evolve(&other[0]);
    let count = |state: &State| state.draws.get(draw).unwrap().replaced().count();
    assert_eq!((count(&state), state.conflicts().len()), (0, 1));
    machine::must(&mut state, 4, 30, &replace(3));
    assert_eq!((count(&state), state.conflicts().len()), (1, 0));
    machine::must(&mut state, 4, 30, &replace(4));
    assert_eq!(count(&state), 2);
}

#[test]
fn who_may_do_what_stands_in_the_table() {
    let rules = rules();
    let may = |code: &str, permission| rules.permissions.allows(&role(code), permission);
    use crate::permission as row;
    assert!(may("DRO", row::DRAW_OPEN) && !may("DRO", row::DRAW_APPROVE));
    assert!(may("PEC", row::DRAW_APPROVE) && may("OBS", row::DRAW_PARTY));
    for code in ["SYSADMIN", "SECOFF", "PUBDESK", "OBS", "INTEL-AN"] {
        assert!(!may(code, row::ROSTER_VIEW), "{code} reads no service numbers");
    }
}
