//! Commands about intelligence for devices that decide apart.

use super::{area, at, early, east, pick, role, station};
use crate::{Command as Any, EventRef, State, check_in::Subject, intelligence::*};
use pehra_domain::{Point, UnixMs};

const HOUR: i64 = 3_600_000;

pub(crate) fn hours(count: i64) -> UnixMs {
    UnixMs(early().0 + count * HOUR)
}

pub(crate) fn spot(lat: f64, lon: f64) -> Point {
    Point::try_from_degrees(lat, lon).unwrap()
}

pub(crate) fn report(root: &str, compartment: Compartment) -> Report {
    Report {
        service: Service::SpecialBranch,
        source: SourceKind::Human,
        root: root.to_owned(),
        obtained: early(),
        window: Window { from: hours(24), until: hours(30) },
        place: Place {
            subject: Some(Subject::Station(station(1))),
            points: vec![spot(24.9, 67.1)],
            radius_m: 300,
        },
        target: Target::Station,
        threat: Threat::Explosive,
        horizon: Horizon::Imminent,
        handling: Handling::Share,
        caveats: vec![Caveat::NotForAction],
        compartment,
        expires: hours(24 * 30),
        sealed: vec![7; 40],
        task: None,
    }
}

pub(crate) fn grade(text: &str) -> Grade {
    let (letter, number) = text.split_at(1);
    Grade {
        source: Reliability::of_code(letter).unwrap(),
        item: Credibility::of_code(number).unwrap(),
    }
}

pub(crate) fn written(report: Report) -> Any {
    Any::Intelligence(Command::Write { area: east(), report })
}

pub(crate) fn graded(report: EventRef, code: &str) -> Any {
    Any::Intelligence(Command::Grade { report, grade: grade(code), note: String::new() })
}

pub(crate) fn sanitised(report: EventRef, text: &str) -> Any {
    Any::Intelligence(Command::Sanitise { report, text: text.to_owned() })
}

pub(crate) fn released(report: EventRef, to: &[&str]) -> Any {
    let to = to.iter().map(|code| role(code)).collect();
    Any::Intelligence(Command::Release { report, to })
}

pub(crate) fn withdrawn(report: EventRef) -> Any {
    Any::Intelligence(Command::Withdraw { report, reason: "made up".to_owned() })
}

pub(crate) fn opened(report: EventRef) -> Any {
    Any::Intelligence(Command::Open { report, reason: "to sanitise it".to_owned() })
}

pub(crate) fn assessed(reports: &[EventRef], words: &str) -> Any {
    Any::Intelligence(Command::Assess {
        area: east(),
        reports: reports.to_vec(),
        until: hours(24 * 20),
        words: words.to_owned(),
    })
}

pub(crate) fn a_watch(shape: Shape) -> Watch {
    Watch {
        name: "bridge".to_owned(),
        shape,
        threats: Vec::new(),
        incidents: true,
        until: hours(24 * 25),
    }
}

pub(crate) fn watched(watch: Watch) -> Any {
    Any::Intelligence(Command::Watch { area: east(), watch })
}

pub(crate) fn asked() -> Any {
    let task = Task {
        service: Service::CounterTerrorism,
        question: "Who watches the culvert at night?".to_owned(),
        place: Place { subject: None, points: Vec::new(), radius_m: 0 },
        answer_by: hours(24 * 10),
    };
    Any::Intelligence(Command::Ask { area: east(), task })
}

pub(crate) fn admitted(number: u8, compartment: Compartment) -> Any {
    let admitted = Admission { person: super::person(number), compartment, until: hours(24 * 20) };
    let reason = "duty roster".to_owned();
    Any::Intelligence(Command::Admit { area: east(), admitted, reason })
}

/// A report that four persons brought as far as a warning: the entry that released it.
pub(crate) fn released_warning(
    state: &mut State,
    handling: Handling,
    caveats: Vec<Caveat>,
) -> EventRef {
    use super::machine::must;
    let told = Report { handling, caveats, ..report("R-11", Compartment::Police) };
    let at = must(state, 1, 41, &written(told));
    must(state, 2, 42, &graded(at, "B2"));
    must(state, 3, 43, &sanitised(at, "Search the school"));
    must(state, 4, 44, &released(at, &["SHO"]))
}

/// The step that comes next in most lives of a report, so that stories get far.
fn usual_step(state: &State, report: EventRef, moment: UnixMs) -> Option<Any> {
    Some(match state.intelligence.get(report)?.phase(moment) {
        Phase::Written => graded(report, "B2"),
        Phase::Graded => sanitised(report, "Search the school"),
        Phase::Sanitised => released(report, &["SHO"]),
        Phase::Disputed => graded(report, "C3"),
        Phase::Released => withdrawn(report),
        Phase::Unknown | Phase::Withdrawn | Phase::Expired => return None,
    })
}

pub(super) fn command(state: &State, which: u8, (a, b, c): (u8, u8, u8), actor: u8) -> Any {
    let desk = &state.intelligence;
    let nowhere = at(99, 1);
    let report = pick(desk.all().map(|(at, _)| at), a).unwrap_or(nowhere);
    let compartments = [Compartment::Open, Compartment::Source];
    let compartment = compartments[usize::from(b) % 2];
    if let Some(usual) = usual_step(state, report, early()).filter(|_| which >= 150) {
        return usual;
    }
    let task = pick(desk.tasks().map(|(at, _)| at), c).unwrap_or(nowhere);
    let admission = pick(desk.admissions().map(|(at, _)| at), c).unwrap_or(nowhere);
    let shape = match b % 3 {
        0 => Shape::Area,
        1 => Shape::Circle { centre: spot(24.9, 67.1), radius_m: 2_000 },
        _ => Shape::Polygon(vec![spot(24.0, 66.0), spot(26.0, 66.0), spot(25.0, 69.0)]),
    };
    match which % 20 {
        0..=2 => {
            let mut report = report_of(b, compartment);
            report.task = (c % 4 == 0).then_some(task).filter(|task| *task != nowhere);
            let area = if c % 16 == 9 { area("pk/sindh") } else { east() };
            Any::Intelligence(Command::Write { area, report })
        }
        3 => {
            let root = format!("R-{}", b % 3);
            let reason = "one voice".to_owned();
            Any::Intelligence(Command::Tie { report, root, reason })
        }
        4 | 5 => graded(report, ["A1", "B2", "F6", "B5"][usize::from(b) % 4]),
        6 => sanitised(report, ["Search the school", "Search the road"][usize::from(b) % 2]),
        7 => released(report, [&["SHO"][..], &["SHO", "ARMY"]][usize::from(b) % 2]),
        8 => withdrawn(report),
        9 => opened(report),
        10 => Any::Intelligence(Command::FeedBack {
            report,
            feedback: Feedback::ALL[usize::from(b) % 4],
            note: String::new(),
        }),
        11 => assessed(&[report], ["likely", "not likely"][usize::from(b) % 2]),
        12 | 13 => watched(a_watch(shape)),
        14 => {
            let (area, watch) = (east(), "bridge".to_owned());
            Any::Intelligence(Command::Unwatch { area, watch, reason: "passed".to_owned() })
        }
        15 => Any::Intelligence(Command::Notice {
            area: east(),
            watch: "bridge".to_owned(),
            what: report.to_string(),
            note: format!("seen {}", c % 3),
        }),
        16 => asked(),
        17 => Any::Intelligence(Command::CloseTask {
            task,
            outcome: Outcome::ALL[usize::from(b) % 3],
            note: String::new(),
        }),
        18 => admitted(actor.wrapping_add(1 + c % 3) % 4, Compartment::Source),
        _ => {
            let reason = "moved".to_owned();
            Any::Intelligence(Command::Exclude { admission, reason })
        }
    }
}

fn report_of(number: u8, compartment: Compartment) -> Report {
    let mut told = report(&format!("SB-{}", number % 3), compartment);
    told.horizon = Horizon::ALL[usize::from(number) % 3];
    told
}
