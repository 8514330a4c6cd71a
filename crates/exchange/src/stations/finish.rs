//! From settled rows to stations: points, contests, districts, what is shared.

use super::district::{Question, find};
use super::merge::Merged;
use super::place::{BOOTHS_PER_POINT_MAX, Estimates, NAMES_PER_POINT_MAX, show};
use super::{Context, Drafts};
use crate::code::Code;
use crate::finding::{Findings, Outcome};
use crate::name::stem;
use pehra_domain::booth::BySex;
use pehra_domain::contest::{Assembly, Contest};
use pehra_domain::progress::{Cancelled, Watch, tell};
use pehra_domain::station::{PlaceBasis, Station};
use pehra_domain::{BuildingId, Point, StationId};
use std::collections::{BTreeMap, BTreeSet};

/// One physical station: the row of its first contest and, if merged, that of its second.
pub(super) struct Joined {
    first: usize,
    second: Option<usize>,
    point: Point,
    basis: PlaceBasis,
}

/// Pairs rows, settles each station's point and tells what was missing.
pub(super) fn join(
    drafts: &mut Drafts,
    merged: &Merged,
    estimates: &Estimates<'_>,
    findings: &mut Findings,
) -> Vec<Joined> {
    let mut joined = Vec::with_capacity(drafts.list.len());
    for first in 0..drafts.list.len() {
        let second = merged.partner.get(first).copied().flatten();
        if second.is_some() && drafts.assembly(&drafts.list[first]) == Assembly::Provincial {
            continue;
        }
        let own = |index: usize| {
            let draft = &drafts.list[index];
            let basis = if draft.repaired_point { PlaceBasis::Repaired } else { PlaceBasis::Given };
            draft.point.map(|point| (point, basis))
        };
        let known = own(first).or_else(|| own(second?));
        let (point, basis, source) = match known {
            Some((point, basis)) => (point, basis, "the point of its other row"),
            None => {
                let (point, source) = estimates.of(drafts, &drafts.list[first]);
                (point, PlaceBasis::Estimated, source)
            }
        };
        for index in std::iter::once(first).chain(second) {
            tell_point(drafts, index, (point, source), known.is_some(), findings);
        }
        if let Some(second) = second {
            let key = drafts.key(&drafts.list[first]);
            let row = drafts.list[second].row;
            findings.push(Code::ContestMerged, row, "", &key, "");
        }
        joined.push(Joined { first, second, point, basis });
    }
    for (&provincial, keys) in &merged.doubtful {
        let shown: Vec<&str> = keys.iter().take(3).map(StationId::as_str).collect();
        let row = drafts.list[provincial].row;
        findings.push(Code::ContestAmbiguous, row, "", &shown.join(", "), "");
    }
    joined
}

fn tell_point(
    drafts: &mut Drafts,
    index: usize,
    (point, source): (Point, &str),
    from_twin: bool,
    findings: &mut Findings,
) {
    let column = drafts.coordinate_column.clone();
    let draft = &mut drafts.list[index];
    let Some((code, was)) = draft.no_point.take() else { return };
    let now = format!("{} ({source})", show(point));
    findings.push(code, draft.row, &column, &was, &now);
    if from_twin {
        findings.push(Code::CoordinateFromTwin, draft.row, &column, "", &show(point));
    }
    draft.outcome = draft.outcome.max(Outcome::Repaired);
}

/// Makes the stations, by id.
pub(super) fn stations(
    drafts: &mut Drafts,
    joined: &[Joined],
    context: &Context<'_>,
    findings: &mut Findings,
    watch: &mut Watch<'_>,
) -> Result<Vec<Station>, Cancelled> {
    let questions: Vec<Question> = joined
        .iter()
        .map(|station| {
            let draft = &drafts.list[station.first];
            let named = draft.district.or_else(|| drafts.list[station.second?].district);
            Question {
                province: drafts.province(draft),
                seat: draft.seat,
                named,
                point: station.point,
                estimated: station.basis == PlaceBasis::Estimated,
            }
        })
        .collect();
    tell(watch, "districts", 0, u64::try_from(questions.len()).unwrap_or(0))?;
    let (districts, unknown) = find(&questions, &drafts.district_names, context);
    let mut told = BTreeSet::new();
    let mut stations = Vec::with_capacity(joined.len());
    for (station, (district, district_basis)) in joined.iter().zip(districts) {
        let draft = &drafts.list[station.first];
        if let Some(named) = draft.district
            && let Some(area) = unknown.get(&named)
            && told.insert(named)
        {
            let name = drafts.district_names.get(named).map_or("", String::as_str);
            findings.push(Code::DistrictUnknown, draft.row, "district", name, area.as_str());
        }
        let Ok(id) = StationId::try_new(drafts.key(draft)) else { continue };
        let Ok(building) = BuildingId::try_new(format!("B-{id}")) else { continue };
        let rows: Vec<usize> = std::iter::once(station.first).chain(station.second).collect();
        let contests: Vec<Contest> = rows.iter().filter_map(|&row| contest(drafts, row)).collect();
        let other = station.second.map(|second| drafts.list[second].booths).unwrap_or_default();
        let mut official = Vec::new();
        for &row in &rows {
            if let Some(class) = drafts.list[row].official.as_deref()
                && !official.contains(class)
            {
                official.push(class.clone());
            }
        }
        stations.push(Station {
            id,
            name: draft.name.clone(),
            kind: draft.kind,
            district,
            district_basis,
            point: station.point,
            place_basis: station.basis,
            building,
            contests,
            booths: BySex {
                men: draft.booths.men.max(other.men),
                women: draft.booths.women.max(other.women),
            },
            voters: draft.voters,
            official,
        });
    }
    stations.sort_by(|a, b| a.id.cmp(&b.id));
    shared(&stations, &drafts.coordinate_column, findings);
    Ok(stations)
}

fn contest(drafts: &Drafts, index: usize) -> Option<Contest> {
    let draft = drafts.list.get(index)?;
    let seat = drafts.seat(draft)?;
    Some(Contest {
        assembly: seat.assembly,
        constituency: seat.id.clone(),
        station_no: draft.station_no.clone(),
        voters: draft.voters,
        booths: draft.booths,
        source_row: draft.row,
    })
}

/// Points given for more than one building can hold: over 24 booths, or over four differently named places.
/// Stations that all bear one name (a campus) are left alone.
fn shared(stations: &[Station], column: &str, findings: &mut Findings) {
    let mut by_point: BTreeMap<Point, Vec<&Station>> = BTreeMap::new();
    for station in stations {
        if station.place_basis != PlaceBasis::Estimated {
            by_point.entry(station.point).or_default().push(station);
        }
    }
    for (point, members) in by_point {
        if members.len() < 3 {
            continue;
        }
        let booths: u32 = members.iter().map(|station| station.booths.total()).sum();
        let names: BTreeSet<String> =
            members.iter().map(|station| stem(&station.name).building).collect();
        let crowded = booths > BOOTHS_PER_POINT_MAX && names.len() > 1;
        if crowded || names.len() > NAMES_PER_POINT_MAX {
            let now = format!("{} stations, {} names, {booths} booths", members.len(), names.len());
            for row in members.iter().flat_map(|station| &station.contests).map(|c| c.source_row) {
                findings.push(Code::CoordinateShared, row, column, &show(point), &now);
            }
        }
    }
}
