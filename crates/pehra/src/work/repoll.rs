//! The day of a repoll as an exercise of its own: the stations that were ordered to vote again, what is known about their
//! places, and the forces of their districts, planned anew in a folder whose poll is that day.

use super::{WorkError, allocate, assess, dispatch::RoadsKept, import};
use crate::{
    dataset,
    node::{DatasetDraft, Node, OpenOptions},
};
use pehra_domain::{
    AreaId, BuildingId, Date, StationId,
    building::Building,
    poll::{PollKey, PollState},
    progress::Watch,
    station::Station,
    survey::SurveySubject,
};
use pehra_ops::{
    Command,
    dataset::DatasetKind,
    permission,
    poll::{self, Order},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// The source that stands beside every list.
const SOURCE: &str = "taken from the exercise of the general poll";

/// The polls that are on record for a later day, each with the order that it rests on.
///
/// # Errors
/// [`WorkError::Input`] names the days that there are.
pub fn ordered(node: &Node, on: Date) -> Result<Vec<(PollKey, Order)>, WorkError> {
    let (general, mut days) = (node.poll_date(), BTreeSet::new());
    let mut found = Vec::new();
    node.ops(|state| {
        for (key, _) in state.polls.all() {
            let Some((record, _)) = state.polls.get(key) else { continue };
            if record.state != PollState::Scheduled || key.date <= general {
                continue;
            }
            days.insert(key.date);
            if key.date == on {
                found.push((key.clone(), record.order.clone()));
            }
        }
    });
    if found.is_empty() {
        let known: Vec<String> = days.iter().map(ToString::to_string).collect();
        let list = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        return Err(WorkError::Input(format!(
            "no poll is ordered for {on}; days that are: {list}. The commission's desk of a drill orders what its \
             scenario names; otherwise `pehra plan poll repeat … --to {on}`"
        )));
    }
    Ok(found)
}

/// Makes the exercise of that day in a folder that is empty.
///
/// # Errors
/// [`WorkError::Missing`] without stations; [`WorkError::Input`] when none of them votes again, or the folder is not empty.
pub fn open(node: &Node, on: Date, dir: &Path, watch: &mut Watch<'_>) -> Result<Node, WorkError> {
    if node.exercise().is_none() {
        return Err(WorkError::Input("only an exercise lives a repoll in a drill".to_owned()));
    }
    let polls = ordered(node, on)?;
    if dir.exists() {
        let place = dir.display();
        return Err(WorkError::Input(format!(
            "{place} is there already: it is lived with `pehra --data {place} run drill`, or take the folder away"
        )));
    }
    let drafts = lists(node, on, &polls)?;
    let repoll = found(node, on, dir)?;
    let actor = repoll.operator()?;
    for draft in drafts {
        repoll.commit_dataset_watched(&actor, draft, watch)?;
    }
    for (poll, order) in polls {
        let actor = repoll.acting(&actor.person, permission::POLL_RECORD)?;
        let area = AreaId::nation();
        let command = poll::Command::Schedule { area, poll, order };
        repoll.execute(&actor, Command::Poll(command))?;
    }
    assess::run(&repoll, &actor, assess::Options::default(), watch)?;
    let label = format!("Repoll of {on}");
    let options = allocate::Options { label, ..allocate::Options::default() };
    let kept = RoadsKept::default();
    allocate::run(&repoll, &actor, &options, &kept, watch, &mut |_| {})?;
    Ok(repoll)
}

/// The lists of those who vote again, and of what is around them.
fn lists(
    node: &Node,
    on: Date,
    polls: &[(PollKey, Order)],
) -> Result<Vec<DatasetDraft>, WorkError> {
    let world = node.world();
    let table = world.stations.as_ref().ok_or(WorkError::Missing(assess::NO_STATIONS))?;
    let stations: Vec<Station> =
        table.stations.iter().filter_map(|station| again(station, polls)).collect();
    if stations.is_empty() {
        return Err(WorkError::Input(format!("no listed station votes again on {on}")));
    }
    let ids: BTreeSet<StationId> = stations.iter().map(|it| it.id.clone()).collect();
    let districts: BTreeSet<AreaId> = stations.iter().map(|it| it.district.clone()).collect();
    let buildings = houses(&table.buildings, &ids);
    let homes: BTreeMap<BuildingId, AreaId> =
        buildings.iter().map(|it| (it.id.clone(), it.district.clone())).collect();
    let rows = |count: usize| [("rows", count as u64)];
    let mut drafts = Vec::new();
    let mut list = |kind, chunks, count, search| {
        let mut draft = DatasetDraft::generated(kind, SOURCE, chunks, &rows(count));
        draft.search = search;
        drafts.push(draft);
    };
    let (count, search) = (stations.len(), vec![import::station_search(&stations)]);
    list(DatasetKind::Stations, dataset::write_stations(stations, buildings), count, search);
    if let Some(places) = &world.places {
        let here = |place: &&Building| districts.contains(&place.district);
        let some: Vec<_> = places.rows.iter().filter(here).cloned().collect();
        let count = some.len();
        list(DatasetKind::Buildings, dataset::write_places(some), count, Vec::new());
    }
    if let Some(units) = &world.units {
        let here = |unit: &&pehra_domain::force::Unit| districts.contains(&unit.district);
        let some: Vec<_> = units.units.iter().filter(here).cloned().collect();
        let (count, search) = (some.len(), vec![import::unit_search(&some)]);
        list(DatasetKind::Forces, dataset::write_units(some), count, search);
    }
    if let Some(incidents) = &world.incidents {
        let (some, count) = (incidents.rows.clone(), incidents.rows.len());
        list(DatasetKind::Events, dataset::write_incidents(some), count, Vec::new());
    }
    if let Some(surveys) = &world.surveys {
        let here = |subject: &SurveySubject| match subject {
            SurveySubject::Building(building) => homes.contains_key(building),
            SurveySubject::District(area) => districts.contains(area),
        };
        let some: Vec<_> =
            surveys.rows.iter().filter(|answer| here(&answer.subject)).cloned().collect();
        let count = some.len();
        let of =
            |building: &BuildingId| homes.get(building).cloned().unwrap_or_else(AreaId::nation);
        list(DatasetKind::Surveys, dataset::write_surveys(some, of), count, Vec::new());
    }
    Ok(drafts)
}

fn found(node: &Node, on: Date, dir: &Path) -> Result<Node, WorkError> {
    let id = node.exercise().unwrap_or_default();
    let digits: String = on.to_string().chars().filter(char::is_ascii_digit).collect();
    let name = format!("Repoll of {on} after {id}");
    let options = OpenOptions::of(&format!("{id}-R{digits}"), &name, on);
    Ok(Node::open(dir, &options)?)
}

/// The station with the contests that are held again; none where none is.
fn again(station: &Station, polls: &[(PollKey, Order)]) -> Option<Station> {
    let is_held = |contest: &pehra_domain::contest::Contest| {
        polls.iter().any(|(key, _)| {
            key.constituency == contest.constituency
                && key.station.as_ref().is_none_or(|named| *named == station.id)
        })
    };
    let mut station = station.clone();
    station.contests.retain(is_held);
    (!station.contests.is_empty()).then_some(station)
}

/// The houses of these stations, with them alone.
fn houses(all: &[Building], stations: &BTreeSet<StationId>) -> Vec<Building> {
    let mut some: Vec<Building> = all.to_vec();
    for house in &mut some {
        house.stations.retain(|station| stations.contains(station));
    }
    some.retain(|house| !house.stations.is_empty());
    some
}
