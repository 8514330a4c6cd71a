use super::*;
use crate::{
    Command as Any, RefusalCode, State, decide as decide_any,
    testing::{apply, context, date, early, east, fold, late, machine, opened, person, scope},
};

fn open_account(number: u8, name: &str) -> Any {
    let display_name = name.to_owned();
    Any::Person(Command::OpenAccount { area: east(), person: person(number), display_name })
}

fn close_account(number: u8) -> Any {
    let reason = "left the office".to_owned();
    Any::Person(Command::CloseAccount { area: east(), person: person(number), reason })
}

fn first_account(number: u8) -> Any {
    Any::Person(Command::FirstAccount {
        area: east(),
        person: person(number),
        display_name: "Set-up desk".to_owned(),
        roles: vec![scope("SECOFF", AreaId::nation())],
    })
}

fn grant(number: u8) -> Any {
    let (scope, reason) = (scope("DRO", east()), "duty roster".to_owned());
    Any::Person(Command::GrantRole { person: person(number), scope, reason })
}

fn the_grant(state: &State) -> Option<EventRef> {
    state.persons.grants().map(|(at, _)| at).next()
}

/// Desk 3 has an account; desk 1 has proposed a role for it.
fn granted() -> (State, EventRef) {
    let mut state = opened();
    machine::must(&mut state, 1, 20, &open_account(3, "Desk"));
    let at = machine::must(&mut state, 1, 20, &grant(3));
    (state, at)
}

fn account_machine() -> machine::Machine {
    let offers = |_: &State| {
        vec![
            machine::offer("first account", 1, first_account(3)),
            machine::offer("open", 1, open_account(3, "Desk")),
            machine::offer("open", 1, open_account(3, "Night desk")),
            machine::offer("close", 1, close_account(3)),
        ]
    };
    let phase = |state: &State, _| format!("{:?}", state.persons.phase(&person(3)));
    machine::Machine { start: opened(), offers, phase }
}

fn grant_machine() -> machine::Machine {
    let offers = |state: &State| {
        let Some(grant) = the_grant(state) else {
            return vec![machine::offer("grant", 1, grant(3))];
        };
        let reason = || "not on the roster".to_owned();
        vec![
            machine::offer("approve", 2, Any::Person(Command::ApproveRole { grant })),
            machine::offer(
                "refuse",
                2,
                Any::Person(Command::RefuseRole { grant, reason: reason() }),
            ),
            machine::offer(
                "revoke",
                2,
                Any::Person(Command::RevokeRole { grant, reason: reason() }),
            ),
        ]
    };
    let phase = |state: &State, _| {
        let Some(at) = the_grant(state) else { return "Unknown".to_owned() };
        match state.persons.grants[&at].state.reading() {
            Reading::Empty => "Unknown".to_owned(),
            Reading::Agreed(state) => format!("{state:?}"),
            Reading::Disputed => "Disputed".to_owned(),
        }
    };
    let mut start = opened();
    machine::must(&mut start, 1, 20, &open_account(3, "Desk"));
    machine::Machine { start, offers, phase }
}

#[test]
fn the_diagram_shows_what_the_code_does() {
    machine::assert_drawn(Noun::Person, &[account_machine(), grant_machine()]);
}

#[test]
fn a_role_is_held_only_after_another_person_approved_it() {
    let (mut state, grant) = granted();
    assert_eq!(state.standing(&person(3)).holdings, Vec::new());
    let approve = Any::Person(Command::ApproveRole { grant });
    let by_granter = apply(&mut state, &context(1, "ECP-NAT", early()), 1, &approve);
    assert_eq!(by_granter.unwrap_err().code, RefusalCode::SamePersonTwice);
    let by_holder = apply(&mut state, &context(3, "ECP-NAT", early()), 1, &approve);
    assert_eq!(by_holder.unwrap_err().code, RefusalCode::SamePersonTwice);
    apply(&mut state, &context(2, "ECP-NAT", early()), 1, &approve).unwrap();
    let holdings = state.standing(&person(3)).holdings;
    assert_eq!(holdings.len(), 1);
    assert!(holdings[0].is_in_force(late()));
    assert!(!holdings[0].is_in_force(date("2024-02-20").midnight_pkt()), "it has run out");
    assert_eq!(state.persons.in_force(late()).len(), 1);
}

#[test]
fn a_closed_account_holds_nothing() {
    let (mut state, grant) = granted();
    let who = context(2, "ECP-NAT", early());
    apply(&mut state, &who, 1, &Any::Person(Command::ApproveRole { grant })).unwrap();
    apply(&mut state, &who, 1, &close_account(3)).unwrap();
    assert_eq!(state.standing(&person(3)), Standing::default());
}

#[test]
fn a_role_approved_here_and_refused_there_is_not_held_until_settled() {
    let (mut state, grant) = granted();
    let who = context(2, "ECP-NAT", early());
    let other = context(0, "ECP-NAT", early());
    let approve = Any::Person(Command::ApproveRole { grant });
    let refuse = Command::RefuseRole { grant, reason: "unknown".to_owned() };
    let approved = decide_any(&state, &who, &approve).unwrap();
    let refused = decide_any(&state, &other, &Any::Person(refuse)).unwrap();
    fold(&mut state, &who, 1, approved);
    fold(&mut state, &other, 2, refused);
    assert_eq!(state.conflicts().len(), 1);
    assert_eq!(state.standing(&person(3)).holdings, Vec::new());
    let reason = "granted anew".to_owned();
    apply(&mut state, &who, 1, &Any::Person(Command::RevokeRole { grant, reason })).unwrap();
    assert_eq!(state.conflicts(), Vec::new());
}

#[test]
fn a_node_makes_its_first_accounts_and_none_beyond() {
    let mut state = State::default();
    let who = context(9, "SYSADMIN", early());
    apply(&mut state, &who, 1, &first_account(1)).unwrap();
    assert!(state.standing(&person(1)).holdings[0].is_in_force(early()));
    let again = apply(&mut state, &who, 1, &first_account(1));
    assert_eq!(again.unwrap_err().code, RefusalCode::AccountExists);
    for number in 2..=FIRST_ACCOUNTS_MAX {
        apply(&mut state, &who, 1, &first_account(u8::try_from(number).unwrap())).unwrap();
    }
    let beyond = apply(&mut state, &who, 1, &first_account(90));
    assert_eq!(beyond.unwrap_err().code, RefusalCode::AlreadyBootstrapped);
}

#[test]
fn once_a_person_granted_a_role_the_node_makes_no_account_by_itself() {
    let (mut state, _) = granted();
    let late_comer = apply(&mut state, &context(9, "SYSADMIN", early()), 1, &first_account(4));
    assert_eq!(late_comer.unwrap_err().code, RefusalCode::AlreadyBootstrapped);
}

#[test]
fn a_role_ends_fifteen_days_after_the_poll_at_the_latest() {
    let (mut state, _) = granted();
    let try_until = |state: &mut State, day: &str| {
        let mut scope = scope("RO", east());
        scope.expires = date(day).midnight_pkt();
        let reason = "roster".to_owned();
        let command = Command::GrantRole { person: person(3), scope, reason };
        apply(state, &context(1, "SECOFF", early()), 1, &Any::Person(command))
    };
    assert!(try_until(&mut state, "2024-02-24").is_ok());
    let refused = try_until(&mut state, "2024-02-25").unwrap_err();
    assert_eq!(refused.code, RefusalCode::ExpiryTooLate);
    let refused = try_until(&mut state, "2024-01-07").unwrap_err();
    assert_eq!(refused.code, RefusalCode::ExpiryInPast);
}
