//! Incidents, suspensions, citizens' reports and complaints.

use super::*;
use crate::{
    incident::{Basis, Code as Kind, Event as E, Finding, Level, Outcome, Terrain},
    report,
    suspension::{self, Service, Statement},
    testing::reports::{complained, told},
};

fn reported(number: u8, code: Kind, severity: Severity, minute: i64) -> Event {
    let mut one = day::report(number, code, on_the_day(minute));
    one.severity = severity;
    Event::Incident(E::Reported(one))
}

use crate::incident::Severity;

fn deed(number: u8, minute: i64, make: impl FnOnce(incident::On) -> E) -> Event {
    Event::Incident(make(day::on(number, on_the_day(minute))))
}

fn acknowledged(number: u8, minute: i64) -> Event {
    deed(number, minute, |on| E::Acknowledged { on, by: Level::District, moves: true })
}

fn arrived(number: u8, minute: i64) -> Event {
    deed(number, minute, |on| E::Arrived { on })
}

fn toll(number: u8, minute: i64, killed: u32) -> Event {
    deed(number, minute, |on| E::TollCounted { on, toll: day::a_toll(killed) })
}

#[test]
fn answers_are_timed_from_the_report_by_severity_and_silence_is_told() {
    let mut case = Case::of(3);
    for event in [
        reported(1, Kind::ArmPst, Severity::Five, 500),
        acknowledged(1, 501),
        // A second acknowledgement does not make the first one later.
        acknowledged(1, 520),
        reported(2, Kind::GrePst, Severity::Four, 500),
        acknowledged(2, 503),
        reported(3, Kind::GrePst, Severity::Four, 500),
        reported(4, Kind::PubCla, Severity::Three, 500),
        acknowledged(4, 504),
    ] {
        case.put(event);
    }
    let one = case.one(7);
    let spread = |seconds| Some(Measure::Spread { count: 1, p50_s: seconds, p90_s: seconds });
    assert_eq!(found(&one, Part::Severity(Severity::Five)), spread(60));
    assert_eq!(found(&one, Part::Severity(Severity::Four)), spread(180));
    assert_eq!(found(&one, Part::Unanswered(Severity::Four)), count(1));
    assert_eq!(found(&one, Part::Unanswered(Severity::Five)), None);
    let target = one.rows.iter().find(|row| row.part == Part::Severity(Severity::Five)).unwrap();
    assert_eq!(target.target_s, Some(60));
    assert_eq!(one.met, Some(false));
}

#[test]
fn arrivals_are_told_by_terrain_and_held_against_its_minutes() {
    // Minutes to the arrival of one incident of severity 5 in the country, and whether that was in time.
    for (after, met) in [(19, true), (20, true), (21, false)] {
        let mut case = Case::of(1);
        case.put(reported(1, Kind::ArmPst, Severity::Five, 500));
        case.put(arrived(1, 500 + after));
        let one = case.one(8);
        let part = Part::Terrain(Severity::Five, Terrain::Rural);
        let seconds = u64::try_from(after * 60).unwrap();
        let spread = Measure::Spread { count: 1, p50_s: seconds, p90_s: seconds };
        assert_eq!((found(&one, part), one.met), (Some(spread), Some(met)), "{after}");
    }
    let mut case = Case::of(1);
    case.put(reported(1, Kind::ArmPst, Severity::Five, 500));
    assert_eq!(case.one(8).reason, Some(Reason::NoIncidents), "nobody arrived");
}

#[test]
fn attacks_and_tolls_leave_out_what_was_found_false_or_stands_for_another() {
    let mut case = Case::of(3);
    for event in [
        reported(1, Kind::ArmPst, Severity::Five, 500),
        toll(1, 510, 12),
        toll(1, 540, 14),
        toll(1, 600, 16),
        reported(2, Kind::IedRte, Severity::Five, 500),
        toll(2, 510, 3),
        reported(3, Kind::ArmCon, Severity::Five, 500),
        toll(3, 510, 40),
        deed(3, 520, |on| E::Judged { on, finding: Finding::False, basis: Basis::Desk }),
        reported(4, Kind::PubCla, Severity::Three, 500),
        reported(5, Kind::ArmPst, Severity::Five, 501),
        toll(5, 510, 16),
        deed(5, 530, |on| E::Merged { on, into: day::incident(1) }),
    ] {
        case.put(event);
    }
    let one = case.one(27);
    assert_eq!(found(&one, Part::Attacks), count(2));
    assert_eq!(found(&one, Part::Killed), Some(Measure::Range { low: 19, high: 23 }));
    assert_eq!(found(&one, Part::Injured), Some(Measure::Range { low: 0, high: 6 }));
    let open = case.one(11);
    assert_eq!(found(&open, Part::Severity(Severity::Five)), count(2));
    case.put(deed(1, 900, |on| E::Closed { on, outcome: Outcome::Contained }));
    let open = case.one(11);
    // Whoever reported a grave incident does not close it alone: it is contained, not closed.
    assert_eq!(found(&open, Part::Severity(Severity::Five)), count(2));
    case.put(deed(4, 900, |on| E::Closed { on, outcome: Outcome::Contained }));
    assert_eq!(found(&case.one(11), Part::Severity(Severity::Three)), count(0));
}

#[test]
fn a_suspension_lasts_from_what_was_observed_and_needs_its_basis_on_record() {
    let nation = AreaId::nation();
    let state = |case: &mut Case, statement| {
        let source = "probe".to_owned();
        let suspension = day::suspension();
        let event = suspension::Event::Stated { suspension, statement, source };
        case.put_in(nation.clone(), Event::Suspension(event));
    };
    let mut case = Case::of(1);
    assert_eq!(case.one(20).reason, Some(Reason::NoSuspension));
    let opened = suspension::Event::Opened {
        suspension: day::suspension(),
        services: vec![Service::Voice, Service::Data],
        at: on_the_day(340),
    };
    case.put_in(nation.clone(), Event::Suspension(opened));
    state(&mut case, Statement::Ordered(on_the_day(339)));
    state(&mut case, Statement::EffectiveObserved(on_the_day(480)));
    let one = case.one(20);
    // To the moment of the account, while nobody saw it restored.
    assert_eq!(found(&one, Part::Minutes), Some(Measure::Minutes(36 * 60 - 480)));
    assert_eq!((found(&one, Part::LegalBasis), one.met), (share(0, 1), Some(false)));
    let partly = false;
    state(&mut case, Statement::RestoredObserved { at: on_the_day(1_200), partly });
    state(&mut case, Statement::LegalBasisClaimed("s. 54(2)".to_owned()));
    let one = case.one(20);
    assert_eq!(found(&one, Part::Minutes), Some(Measure::Minutes(720)));
    assert_eq!((found(&one, Part::LegalBasis), one.met), (share(1, 1), Some(true)));
    assert_eq!(found(&one, Part::Countersigned), share(0, 1));
}

#[test]
fn reports_and_complaints_are_counted_apart_and_an_exercise_times_neither() {
    let mut case = Case::of(2);
    let first = case.put(Event::Report(report::Event::Received(told(1))));
    case.put(Event::Report(report::Event::Received(told(2))));
    let complaint = case.put(Event::Report(report::Event::Received(complained(3))));
    let answer = |report, matter| {
        let (on, note) = (report::On { report, matter }, String::new());
        let answer = report::Answer::ALL[0];
        Event::Report(report::Event::Answered { on, answer, note })
    };
    case.put(answer(first, incident::Matter::Incident));
    let one = case.one(24);
    assert_eq!(found(&one, Part::Verified), share(0, 2));
    assert_eq!(found(&one, Part::ToAnswer), Some(Measure::Spread { count: 1, p50_s: 0, p90_s: 0 }));
    let of = case.one(25);
    assert_eq!((found(&of, Part::All), of.met), (share(0, 1), Some(false)));
    case.put(answer(complaint, incident::Matter::Complaint));
    assert_eq!(found(&case.one(25), Part::All), share(1, 1));
    case.exercise = true;
    let one = case.one(24);
    assert_eq!((found(&one, Part::ToAnswer), one.met), (share(1, 2), None));
    assert_eq!(one.reason, Some(Reason::OtherClock));
}

#[test]
fn whoever_opened_a_sealed_contact_is_counted_and_a_bare_look_is_told() {
    let mut case = Case::of(1);
    let report = case.put(Event::Report(report::Event::Received(told(1))));
    let on = report::On { report, matter: incident::Matter::Incident };
    for reason in ["to ask where", " "] {
        let event = report::Event::ContactOpened { on, reason: reason.to_owned() };
        case.put(Event::Report(event));
    }
    let one = case.one(30);
    assert_eq!(found(&one, Part::Views), count(2));
    assert_eq!((found(&one, Part::WithoutReason), one.met), (count(1), Some(false)));
}
