//! One event told twice: dropped once, and said so.

use pehra_domain::incident_record::IncidentRecord;
use std::collections::BTreeMap;

/// Two data sets mean one event when day and kind agree and the places lie no further apart than this [P].
pub const SAME_PLACE_M: f64 = 2_000.0;

/// Records without their duplicates, and which were dropped in favour of which.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Distinct {
    pub kept: Vec<IncidentRecord>,
    /// (id dropped, id kept).
    pub dropped: Vec<(String, String)>,
}

fn data_set(id: &str) -> &str {
    id.split_once(':').map_or(id, |(set, _)| set)
}

/// Whether two records of different data sets tell of one event: same day, both placed to 25 km or better and within
/// [`SAME_PLACE_M`], tolls that differ by no more than 1 or a fifth, kinds equal where both are coded.
fn same_event(a: &IncidentRecord, b: &IncidentRecord) -> bool {
    let tolls =
        a.deaths_best.abs_diff(b.deaths_best) <= (a.deaths_best.max(b.deaths_best) / 5).max(1);
    let kinds = a.violence_type == 0 || b.violence_type == 0 || a.violence_type == b.violence_type;
    data_set(&a.id) != data_set(&b.id)
        && a.date == b.date
        && a.place_precision <= 2
        && b.place_precision <= 2
        && tolls
        && kinds
        && a.point.distance_m(b.point) <= SAME_PLACE_M
}

/// Drops records with an id seen before and records that tell of an event another data set has told of. Of two, the one
/// with the better place, then the smaller id stays. The result is in the order of ids and does not depend on the input's.
#[must_use]
pub fn distinct(incidents: &[IncidentRecord]) -> Distinct {
    let mut all: Vec<&IncidentRecord> = incidents.iter().collect();
    all.sort_by(|a, b| {
        (a.date, a.place_precision, &a.id, a.deaths_best).cmp(&(
            b.date,
            b.place_precision,
            &b.id,
            b.deaths_best,
        ))
    });
    let mut seen: BTreeMap<&str, ()> = BTreeMap::new();
    let mut result = Distinct::default();
    // Kept records of the day, each with the data sets that have told of it: a second event of one data set is an
    // event of its own.
    let mut day: Vec<(&IncidentRecord, Vec<&str>)> = Vec::new();
    for incident in all {
        if seen.insert(incident.id.as_str(), ()).is_some() {
            result.dropped.push((incident.id.clone(), incident.id.clone()));
            continue;
        }
        if day.first().is_some_and(|(first, _)| first.date != incident.date) {
            day.clear();
        }
        let set = data_set(&incident.id);
        let twin = day
            .iter_mut()
            .find(|(earlier, sets)| !sets.contains(&set) && same_event(earlier, incident));
        if let Some((twin, sets)) = twin {
            result.dropped.push((incident.id.clone(), twin.id.clone()));
            sets.push(set);
            continue;
        }
        day.push((incident, vec![set]));
        result.kept.push(incident.clone());
    }
    result.kept.sort_by(|a, b| a.id.cmp(&b.id));
    result
}
