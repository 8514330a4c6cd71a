use super::*;
use crate::{
    Command as Any,
    testing::{
        an_override, apply, context, date, early, east, late, machine, opened, person, station,
    },
};

fn raise(raised: RiskOverride) -> Any {
    Any::RiskOverride(Command::Raise { area: east(), raised })
}

fn withdraw(raised: EventRef) -> Any {
    Any::RiskOverride(Command::Withdraw { raised, reason: "threat passed".to_owned() })
}

#[test]
fn the_diagram_shows_what_the_code_does() {
    let offers = |state: &State| match state.risk_overrides.all().next() {
        None => {
            let raised = an_override(1, Some(OverrideCode::O1));
            vec![machine::offer("raise", 1, raise(raised))]
        }
        Some((raised, _)) => vec![machine::offer("withdraw", 2, withdraw(raised))],
    };
    let phase = |state: &State, moment| {
        let first = state.risk_overrides.all().next();
        format!(
            "{:?}",
            first.map_or(Phase::Unknown, |(at, _)| state.risk_overrides.phase(at, moment))
        )
    };
    let machine = machine::Machine { start: opened(), offers, phase };
    machine::assert_drawn(Noun::RiskOverride, &[machine]);
}

#[test]
fn an_override_ends_by_itself() {
    let mut state = opened();
    machine::must(&mut state, 1, 20, &raise(an_override(1, Some(OverrideCode::O3))));
    let end = date("2024-02-07").midnight_pkt();
    assert_eq!(state.risk_overrides.at_least(&station(1), late()), Some(RiskClass::Most));
    assert_eq!(state.overrides_at(UnixMs(end.0 - 1)).len(), 1);
    assert_eq!(state.overrides_at(end).len(), 0);
    assert_eq!(state.overrides_at(late())[0].signed_by, person(1));
}

#[test]
fn an_override_by_hand_counts_but_is_no_rule() {
    let mut state = opened();
    machine::must(&mut state, 1, 20, &raise(an_override(1, None)));
    assert_eq!(state.overrides_at(late()), Vec::new());
    assert_eq!(state.risk_overrides.at_least(&station(1), late()), Some(RiskClass::Most));
}

#[test]
fn an_override_never_lowers_below_its_rule() {
    let who = context(1, "PEC", early());
    let weak = |code, at_least| {
        let mut raised = an_override(1, code);
        raised.at_least = at_least;
        apply(&mut opened(), &who, 1, &raise(raised)).map_err(|refusal| refusal.code)
    };
    let too_weak = Err(RefusalCode::OverrideTooWeak);
    assert_eq!(weak(Some(OverrideCode::O1), RiskClass::Sensitive), too_weak);
    assert_eq!(weak(Some(OverrideCode::O3), RiskClass::Normal), too_weak);
    assert_eq!(weak(None, RiskClass::Normal), too_weak);
    assert!(weak(Some(OverrideCode::O3), RiskClass::Sensitive).is_ok());
}

#[test]
fn the_one_who_raised_it_does_not_withdraw_it() {
    let mut state = opened();
    let raised = machine::must(&mut state, 1, 20, &raise(an_override(1, None)));
    let own = apply(&mut state, &context(1, "PEC", early()), 1, &withdraw(raised));
    assert_eq!(own.unwrap_err().code, RefusalCode::SamePersonTwice);
    apply(&mut state, &context(2, "PEC", early()), 1, &withdraw(raised)).unwrap();
    let again = apply(&mut state, &context(2, "PEC", early()), 1, &withdraw(raised));
    assert_eq!(again.unwrap_err().code, RefusalCode::OverrideNotInForce);
}
