//! Rights of the desks: incidents, intelligence, reports by citizens.

use crate::{incident, intelligence, permission as row, report, state::State};
use pehra_domain::AreaId;

pub(super) fn report_permission(event: &report::Event) -> &'static str {
    use report::Event as E;
    match event {
        E::Received(_) | E::ContactLeft { .. } => row::REPORT_RECEIVE,
        E::ContactOpened { .. } => row::REPORTER_CONTACT,
        E::Triaged { on, .. }
        | E::Judged { on, .. }
        | E::Merged { on, .. }
        | E::Parted { on }
        | E::Answered { on, .. }
        | E::Closed { on } => row::of_report(on.matter),
        E::ReaderNamed { .. } | E::ReaderEnded { .. } => row::REPORT_READER,
    }
}

pub(super) fn report_area<'a>(event: &report::Event, state: &'a State) -> Option<&'a AreaId> {
    match event {
        report::Event::ReaderEnded { reader } => {
            state.reports.reader_mark(*reader).map(|mark| &mark.area)
        }
        report::Event::Received(_)
        | report::Event::ContactLeft { .. }
        | report::Event::Triaged { .. }
        | report::Event::Judged { .. }
        | report::Event::Merged { .. }
        | report::Event::Parted { .. }
        | report::Event::Answered { .. }
        | report::Event::Closed { .. }
        | report::Event::ContactOpened { .. }
        | report::Event::ReaderNamed { .. } => event.on().and_then(|on| state.reports.area_of(on)),
    }
}

pub(super) fn intelligence_permission(event: &intelligence::Event) -> &'static str {
    use intelligence::Event as E;
    match event {
        E::Written(_) => row::INTEL_WRITE,
        E::Tied { .. } | E::Graded { .. } => row::INTEL_GRADE,
        E::Sanitised { .. } => row::INTEL_SANITISE,
        E::Released { .. } | E::Withdrawn { .. } => row::INTEL_RELEASE,
        E::Opened { .. } => row::INTEL_READ_FULL,
        E::FedBack { .. } => row::INTEL_FEEDBACK,
        E::Assessed(_) => row::INTEL_ASSESS,
        E::Watched(_) | E::Unwatched { .. } | E::Noticed { .. } => row::INTEL_WATCH,
        E::Asked(_) | E::TaskClosed { .. } => row::INTEL_TASK,
        E::Admitted { .. } | E::Excluded { .. } => row::INTEL_ADMIT,
    }
}

pub(super) fn intelligence_area<'a>(
    event: &'a intelligence::Event,
    state: &'a State,
) -> Option<&'a AreaId> {
    use intelligence::Event as E;
    let desk = &state.intelligence;
    if let Some(report) = event.report() {
        return Some(&desk.get(report)?.written()?.1.area);
    }
    match event {
        E::TaskClosed { task, .. } => Some(&desk.task(*task)?.asked()?.1.area),
        E::Excluded { admission, .. } => Some(&desk.admission(*admission)?.given()?.2.area),
        E::Assessed(assessment) => {
            let first = assessment.reports.first()?;
            Some(&desk.get(*first)?.written()?.1.area)
        }
        E::Written(_)
        | E::Tied { .. }
        | E::Graded { .. }
        | E::Sanitised { .. }
        | E::Released { .. }
        | E::Withdrawn { .. }
        | E::Opened { .. }
        | E::FedBack { .. }
        | E::Watched(_)
        | E::Unwatched { .. }
        | E::Noticed { .. }
        | E::Asked(_)
        | E::Admitted { .. } => None,
    }
}

pub(super) fn incident_permission(event: &incident::Event) -> &'static str {
    use incident::Event as E;
    if event.on().is_some_and(|on| on.matter == incident::Matter::Complaint) {
        return row::COMPLAINT_HANDLE;
    }
    match event {
        E::Reported(_) => row::INCIDENT_REPORT,
        E::Acknowledged { .. } => row::INCIDENT_ACKNOWLEDGE,
        E::Judged { .. } | E::TollCounted { .. } => row::INCIDENT_VERIFY,
        E::Assigned { .. } => row::INCIDENT_DISPATCH,
        E::Departed { .. } | E::Arrived { .. } | E::Contained { .. } => row::INCIDENT_PROGRESS,
        E::Closed { .. } | E::Reopened { .. } => row::INCIDENT_CLOSE,
        E::Reclassified { .. } => row::INCIDENT_RECLASSIFY,
        E::Merged { .. } | E::Parted { .. } => row::INCIDENT_MERGE,
        E::Bypassed { .. } => row::INCIDENT_BYPASS,
        E::MethaneReported { .. } => row::INCIDENT_METHANE,
    }
}
