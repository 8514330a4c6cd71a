//! Making a checked file part of the record.

use super::{Checked, Content, WorkError};
use crate::{
    dataset::{self, Chunk},
    node::{DatasetDraft, Node},
};
use pehra_domain::{
    AreaId, BuildingId,
    force::Unit,
    progress::{Watch, tell},
    station::Station,
};
use pehra_ops::{Actor, dataset::DatasetKind};
use pehra_store::search::{SearchChange, SearchRow};
use std::collections::BTreeMap;

/// Signs a checked file; one that changes nothing signs nothing.
///
/// # Errors
/// [`WorkError`]: stopped, refused, based on data that has changed since, or the disk refused.
pub fn sign(
    node: &Node,
    actor: &Actor,
    checked: Checked,
    watch: &mut Watch<'_>,
) -> Result<(), WorkError> {
    if checked.diff.is_empty() && checked.based_on.is_some() {
        return Ok(());
    }
    tell(watch, "write", 0, 1)?;
    let Checked { file_name, sha256, summary, content, based_on, .. } = checked;
    let counts = BTreeMap::from([
        ("rows".to_owned(), summary.rows),
        ("accepted".to_owned(), summary.accepted),
        ("repaired".to_owned(), summary.repaired),
        ("quarantined".to_owned(), summary.quarantined),
        ("stations".to_owned(), summary.stations),
        ("buildings".to_owned(), summary.buildings),
        ("booths".to_owned(), summary.booths),
        ("voters".to_owned(), summary.voters),
        ("values".to_owned(), summary.values),
    ]);
    let (kind, search, chunks) = parts(node, content);
    tell(watch, "sign", 0, 1)?;
    let draft = DatasetDraft {
        source_name: file_name,
        source_sha256: sha256,
        counts,
        search,
        based_on,
        ..DatasetDraft::computed(kind, "current", Vec::new(), chunks, &[])
    };
    node.commit_dataset(actor, draft)?;
    tell(watch, "sign", 1, 1)?;
    Ok(())
}

fn parts(node: &Node, content: Content) -> (DatasetKind, Vec<SearchChange>, Vec<Chunk>) {
    match content {
        Content::Stations { stations, buildings, .. } => {
            let search = vec![station_search(&stations)];
            (DatasetKind::Stations, search, dataset::write_stations(stations, buildings))
        }
        Content::Units(units) => {
            let search = vec![unit_search(&units)];
            (DatasetKind::Forces, search, dataset::write_units(units))
        }
        Content::Incidents(rows) => {
            (DatasetKind::Events, Vec::new(), dataset::write_incidents(rows))
        }
        Content::Norms(rows) => (DatasetKind::Norms, Vec::new(), dataset::write_norms(rows)),
        Content::Figures(rows) => (DatasetKind::Figures, Vec::new(), dataset::write_figures(rows)),
        Content::Outlines(rows) => {
            (DatasetKind::Boundaries, Vec::new(), dataset::write_outlines(rows))
        }
        Content::Surveys(rows) => {
            let world = node.world();
            let district_of = |building: &BuildingId| {
                world.building(building).map_or_else(AreaId::nation, |found| found.district.clone())
            };
            (DatasetKind::Surveys, Vec::new(), dataset::write_surveys(rows, district_of))
        }
        Content::Places(rows) => (DatasetKind::Buildings, Vec::new(), dataset::write_places(rows)),
    }
}

/// What the search of the room finds stations by: id, the keys of its contests, and the name.
#[must_use]
pub fn station_search(stations: &[Station]) -> SearchChange {
    let rows = stations.iter().map(|station| {
        let other = station.contests.get(1);
        let second =
            other.map_or_else(String::new, |c| format!(" {}-{}", c.constituency, c.station_no));
        SearchRow {
            kind: "station".to_owned(),
            key: station.id.to_string(),
            area: station.district.to_string(),
            text: format!("{}{second}", station.name),
        }
    });
    SearchChange::ReplaceKind("station".to_owned(), rows.collect())
}

/// What the search of the room finds units by: id and name.
#[must_use]
pub fn unit_search(units: &[Unit]) -> SearchChange {
    let rows = units.iter().map(|unit| SearchRow {
        kind: "unit".to_owned(),
        key: unit.id.to_string(),
        area: unit.district.to_string(),
        text: unit.name.clone(),
    });
    SearchChange::ReplaceKind("unit".to_owned(), rows.collect())
}
