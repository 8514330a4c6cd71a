//! When it happened, by what an event itself says: the hour on the wall where it was seen, not the hour at which somebody
//! signed it, and not the hour at which a node came to know of it.

use crate::{dispatch, equipment, event::Event, incident, suspension};
use pehra_domain::UnixMs;

/// Tells every moment that an event names as one at which what it says happened. Events whose only moment is their
/// signature's tell none.
pub fn moments(event: &Event, see: &mut dyn FnMut(UnixMs)) {
    match event {
        Event::CheckIn(event) => event.items().iter().for_each(|item| see(item.at)),
        Event::Incident(incident::Event::Reported(report)) => see(report.at),
        Event::Incident(event) => event.on().into_iter().for_each(|on| see(on.at)),
        Event::Custody(event) => event.at().into_iter().for_each(see),
        Event::Dispatch(event) => dispatch_moment(event).into_iter().for_each(see),
        Event::Equipment(event) => equipment_moment(event).into_iter().for_each(see),
        Event::Suspension(suspension::Event::Opened { at, .. }) => see(*at),
        Event::Report(_)
        | Event::Suspension(_)
        | Event::Election(_)
        | Event::Person(_)
        | Event::Dataset(_)
        | Event::Parameter(_)
        | Event::OfficialClass(_)
        | Event::RiskOverride(_)
        | Event::Plan(_)
        | Event::Lock(_)
        | Event::Poll(_)
        | Event::Survey(_)
        | Event::Intelligence(_)
        | Event::Order(_)
        | Event::Deletion(_)
        | Event::Draw(_)
        | Event::Readiness(_)
        | Event::Patrol(_)
        | Event::Training(_)
        | Event::Alert(_)
        | Event::Finding(_)
        | Event::Campaign(_)
        | Event::Community(_) => {}
    }
}

/// How many things an event says: the check-ins of one entry are as many.
#[must_use]
pub fn sayings(event: &Event) -> usize {
    if let Event::CheckIn(event) = event { event.items().len().max(1) } else { 1 }
}

fn dispatch_moment(event: &dispatch::Event) -> Option<UnixMs> {
    use dispatch::Event::{Declined, FloorSet, WentOnDuty};
    if let WentOnDuty { at, .. } | Declined { at, .. } | FloorSet { at, .. } = event {
        return Some(*at);
    }
    event.on().map(|on| on.at)
}

fn equipment_moment(event: &equipment::Event) -> Option<UnixMs> {
    use equipment::Event::{Faulted, Installed, Listed, Observed, Repaired, Tested, Withdrawn};
    if let Observed { until, .. } = event {
        return Some(*until);
    }
    let (Listed { at, .. }
    | Installed { at, .. }
    | Tested { at, .. }
    | Faulted { at, .. }
    | Repaired { at, .. }
    | Withdrawn { at, .. }) = event
    else {
        return None;
    };
    Some(*at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden;

    #[test]
    fn an_events_own_moment_is_told_and_never_an_invented_one() {
        let mut telling = 0;
        for event in golden::one_of_each().unwrap() {
            let mut told = Vec::new();
            moments(&event, &mut |at| told.push(at));
            telling += usize::from(!told.is_empty());
            assert!(told.len() <= sayings(&event), "{}: {told:?}", event.kind());
        }
        assert!(telling > 40, "{telling}");
    }
}
