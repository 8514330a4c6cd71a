//! One event of every kind of the intelligence desk.

use super::{ENTRY, MOMENT, text};
use crate::{Event, check_in, intelligence};
use pehra_domain::{PersonId, Point, StationId, UnixMs, id::IdError, role::Role};

const SPOT: Point = Point { lat_e7: 248_600_000, lon_e7: 670_100_000 };
const WINDOW: intelligence::Window =
    intelligence::Window { from: MOMENT, until: UnixMs(MOMENT.0 + 7_200_000) };

fn place() -> Result<intelligence::Place, IdError> {
    Ok(intelligence::Place {
        subject: Some(check_in::Subject::Station(StationId::try_new("NA-40-15")?)),
        points: vec![SPOT, Point { lat_e7: 248_700_000, ..SPOT }],
        radius_m: 500,
    })
}

fn report() -> Result<intelligence::Report, IdError> {
    Ok(intelligence::Report {
        service: intelligence::Service::SpecialBranch,
        source: intelligence::SourceKind::Human,
        root: text("SB-114"),
        obtained: MOMENT,
        window: WINDOW,
        place: place()?,
        target: intelligence::Target::Convoy,
        threat: intelligence::Threat::RoadsideDevice,
        horizon: intelligence::Horizon::Imminent,
        handling: intelligence::Handling::Conditions,
        caveats: vec![intelligence::Caveat::SourceAtRisk, intelligence::Caveat::NoCopy],
        compartment: intelligence::Compartment::Source,
        expires: WINDOW.until,
        sealed: vec![0x85, 1, 2],
        task: Some(ENTRY),
    })
}

fn watch() -> intelligence::Watch {
    intelligence::Watch {
        name: text("bridge"),
        shape: intelligence::Shape::Polygon(vec![SPOT; 3]),
        threats: vec![intelligence::Threat::RoadsideDevice],
        incidents: true,
        until: WINDOW.until,
    }
}

fn assessment() -> intelligence::Assessment {
    intelligence::Assessment {
        reports: vec![ENTRY],
        prior_e4: 200,
        posterior_e4: 583,
        level: 1,
        roots: 1,
        at: MOMENT,
        until: WINDOW.until,
        words: text("likely enough to sweep the road"),
    }
}

pub(super) fn all() -> Result<Vec<Event>, IdError> {
    use intelligence::Event as E;
    let grade = intelligence::Grade {
        source: intelligence::Reliability::B,
        item: intelligence::Credibility::ProbablyTrue,
    };
    let (on, reason) = (ENTRY, text("one source behind both"));
    let task = intelligence::Task {
        service: intelligence::Service::CounterTerrorism,
        question: text("Who watches the culvert at night?"),
        place: place()?,
        answer_by: WINDOW.until,
    };
    let admitted = intelligence::Admission {
        person: PersonId::try_new("desk-2")?,
        compartment: intelligence::Compartment::Source,
        until: WINDOW.until,
    };
    let events = [
        E::Written(report()?),
        E::Tied { report: on, root: text("SB-114"), reason: reason.clone() },
        E::Graded { report: on, grade, note: text("right twice before") },
        E::Sanitised {
            report: on, graded: ENTRY, text: text("Sweep the road to Saddar · سڑک")
        },
        E::Released {
            report: on,
            graded: ENTRY,
            sanitised: ENTRY,
            to: vec![Role::try_new("SHO")?, Role::try_new("ARMY")?],
        },
        E::Withdrawn { report: on, reason: reason.clone() },
        E::Opened { report: on, admission: Some(ENTRY), reason: reason.clone() },
        E::FedBack {
            report: on,
            feedback: intelligence::Feedback::Useful,
            note: text("device found"),
        },
        E::Assessed(assessment()),
        E::Watched(watch()),
        E::Unwatched { watch: text("bridge"), reason: reason.clone() },
        E::Noticed {
            watch: text("bridge"),
            what: text("I-7Q2M4K9D"),
            note: text("told the sector"),
        },
        E::Asked(task),
        E::TaskClosed {
            task: on,
            outcome: intelligence::Outcome::NothingKnown,
            note: text("asked twice"),
        },
        E::Admitted { admitted, reason: reason.clone() },
        E::Excluded { admission: on, reason },
    ];
    Ok(events.map(Event::Intelligence).into())
}
