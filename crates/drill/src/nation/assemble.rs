//! From the draft to the records of the domain: ids, names, contests, polls.

use super::{
    Constituency, Draft, DraftStation, MARK, NamedPoll, NationError, POLL_DAY, narrow,
    seat::{Seat, Seats},
    wide,
};
use crate::facts::{Facts, Measure};
use pehra_domain::{
    AreaId, BuildingId, ConstituencyId, Point, StationId,
    booth::BySex,
    building::{Building, BuildingKind},
    contest::Contest,
    date::Date,
    gazetteer::Gazetteer,
    poll::{PollKey, PollState},
    station::{DistrictBasis, OfficialClass, PlaceBasis, Station, StationKind},
};
use std::collections::BTreeMap;

/// Says on every class whence it comes.
const CLASS_SOURCE: &str =
    "SYN: counts by province as published on 30 and 31 January 2024, given to imagined stations";
const CLASS_DAY: Date = Date(19_753);

/// The finished lists.
pub(super) struct Record {
    pub(super) stations: Vec<Station>,
    pub(super) buildings: Vec<Building>,
    /// The gazetteer's district of each building.
    pub(super) district_of: Vec<usize>,
    pub(super) places: Vec<Building>,
    pub(super) constituencies: Vec<Constituency>,
    pub(super) polls: Vec<NamedPoll>,
}

/// What a seat has gathered so far.
#[derive(Clone, Copy, Default)]
struct Tally {
    stations: u32,
    voters: BySex,
}

impl Tally {
    /// Counts a station in and gives its number in the seat's list, from 1.
    fn add(&mut self, voters: BySex) -> u32 {
        self.stations += 1;
        self.voters.men += voters.men;
        self.voters.women += voters.women;
        self.stations
    }
}

pub(super) fn records(
    draft: &Draft,
    gazetteer: &Gazetteer,
    facts: &Facts,
    seats: &Seats,
) -> Result<Record, NationError> {
    let mut order: Vec<usize> = (0..draft.buildings.len()).collect();
    order.sort_unstable_by_key(|&building| {
        let seat = &seats.all[seats.national[building]];
        (&seat.prefix, seat.number, building)
    });
    let mut tallies = vec![Tally::default(); seats.all.len()];
    let mut names = Names::default();
    let mut record = Record {
        stations: Vec::with_capacity(draft.stations.len()),
        buildings: Vec::with_capacity(draft.buildings.len()),
        district_of: Vec::with_capacity(draft.buildings.len()),
        places: Vec::new(),
        constituencies: Vec::new(),
        polls: Vec::new(),
    };
    for building in order {
        let drafted = &draft.buildings[building];
        let district = &gazetteer.districts[drafted.district];
        let near = drafted.near.map_or(&district.name, |town| &gazetteer.towns[town].name);
        let house = House {
            id: building_id(seats, building, &tallies)?,
            name: names.next(near, drafted.district, drafted.point),
            area: &district.area,
            point: drafted.point,
            seats: [Some(seats.national[building]), seats.provincial[building]],
        };
        let stations = &draft.stations[drafted.first..drafted.first + drafted.count];
        let first = record.stations.len();
        for (index, station) in stations.iter().enumerate() {
            let row = narrow(wide(record.stations.len())) + 2;
            let name = station_name(&house.name, stations, index);
            record.stations.push(house.station(station, name, row, seats, &mut tallies)?);
        }
        record.district_of.push(drafted.district);
        record.buildings.push(Building {
            id: house.id,
            kind: BuildingKind::PollingStations,
            name: house.name,
            district: house.area.clone(),
            point: house.point,
            place_basis: PlaceBasis::Given,
            stations: record.stations[first..].iter().map(|station| station.id.clone()).collect(),
            window: None,
            line: Vec::new(),
        });
    }
    constituencies(&mut record, gazetteer, facts, seats, &tallies)?;
    places(&mut record, draft, gazetteer, seats)?;
    Ok(record)
}

/// `SYN-B-` and the name of the first station that will stand in it.
fn building_id(
    seats: &Seats,
    building: usize,
    tallies: &[Tally],
) -> Result<BuildingId, NationError> {
    let seat = seats.national[building];
    let number = tallies[seat].stations + 1;
    Ok(BuildingId::try_new(format!("{MARK}B-{}-{number}", seats.all[seat].name()))?)
}

/// A building whose stations are being written.
struct House<'g> {
    id: BuildingId,
    name: String,
    area: &'g AreaId,
    point: Point,
    seats: [Option<usize>; 2],
}

impl House<'_> {
    fn station(
        &self,
        drafted: &DraftStation,
        name: String,
        source_row: u32,
        seats: &Seats,
        tallies: &mut [Tally],
    ) -> Result<Station, NationError> {
        let mut contests = Vec::with_capacity(2);
        for index in self.seats.into_iter().flatten() {
            let seat = &seats.all[index];
            let number = tallies[index].add(drafted.voters);
            contests.push(Contest {
                assembly: seat.assembly,
                constituency: ConstituencyId::try_new(seat.name())?,
                station_no: number.to_string(),
                voters: drafted.voters,
                booths: drafted.booths,
                source_row,
            });
        }
        let key = contests
            .first()
            .map(|contest| format!("{MARK}{}-{}", contest.constituency, contest.station_no));
        Ok(Station {
            id: StationId::try_new(key.unwrap_or_default())?,
            name,
            kind: drafted.kind,
            district: self.area.clone(),
            district_basis: DistrictBasis::Column,
            point: self.point,
            place_basis: PlaceBasis::Given,
            building: self.id.clone(),
            contests,
            booths: drafted.booths,
            voters: drafted.voters,
            official: vec![OfficialClass {
                class: drafted.class,
                source: CLASS_SOURCE.to_owned(),
                as_of: Some(CLASS_DAY),
                approved_by: None,
            }],
        })
    }
}

/// Invented, neutral, and marked: `SYN School 12, near Pishin`.
#[derive(Default)]
struct Names {
    used: BTreeMap<(usize, &'static str, String), u32>,
}

impl Names {
    /// The sort of house is taken from the point, so that it needs no chance of its own.
    fn next(&mut self, near: &str, district: usize, point: Point) -> String {
        let sort = match (i64::from(point.lat_e7) + i64::from(point.lon_e7)).rem_euclid(20) {
            0 => "College",
            1 | 2 => "Community Hall",
            3 => "Health Unit",
            4 => "Council Office",
            _ => "School",
        };
        let number = self.used.entry((district, sort, near.to_owned())).or_default();
        *number += 1;
        format!("SYN {sort} {number}, near {near}")
    }
}

/// The building's name; with the kind, and a number where the kind comes again, when it has several stations.
fn station_name(building: &str, stations: &[DraftStation], index: usize) -> String {
    let kind = stations[index].kind;
    if stations.len() == 1 {
        return building.to_owned();
    }
    let word = match kind {
        StationKind::Men => "men",
        StationKind::Women => "women",
        StationKind::Combined => "combined",
    };
    let same = stations.iter().filter(|other| other.kind == kind).count();
    if same == 1 {
        return format!("{building} ({word})");
    }
    let number = stations[..=index].iter().filter(|other| other.kind == kind).count();
    format!("{building} ({word} {number})")
}

fn constituencies(
    record: &mut Record,
    gazetteer: &Gazetteer,
    facts: &Facts,
    seats: &Seats,
    tallies: &[Tally],
) -> Result<(), NationError> {
    for (seat, tally) in seats.all.iter().zip(tallies) {
        let id = ConstituencyId::try_new(seat.name())?;
        let postponed = facts.figure(id.as_str(), Measure::Postponed).is_some();
        if postponed {
            let key = PollKey { constituency: id.clone(), station: None, date: POLL_DAY };
            record.polls.push(NamedPoll { key, state: PollState::Postponed });
        }
        record.constituencies.push(Constituency {
            id,
            assembly: seat.assembly,
            districts: areas(gazetteer, seat),
            stations: tally.stations,
            voters: tally.voters,
            postponed,
        });
    }
    Ok(())
}

fn areas(gazetteer: &Gazetteer, seat: &Seat) -> Vec<AreaId> {
    seat.districts.iter().map(|&district| gazetteer.districts[district].area.clone()).collect()
}

/// A returning officer's office for every seat and a store for every district, each in the middle of the buildings that
/// it serves.
fn places(
    record: &mut Record,
    draft: &Draft,
    gazetteer: &Gazetteer,
    seats: &Seats,
) -> Result<(), NationError> {
    let mut served: Vec<Vec<usize>> = vec![Vec::new(); seats.all.len()];
    let mut of_district: Vec<Vec<usize>> = vec![Vec::new(); gazetteer.districts.len()];
    for (index, building) in draft.buildings.iter().enumerate() {
        served[seats.national[index]].push(index);
        if let Some(seat) = seats.provincial[index] {
            served[seat].push(index);
        }
        of_district[building.district].push(index);
    }
    for (seat, served) in seats.all.iter().zip(served) {
        let Some(middle) = middle(draft, &served) else { continue };
        let building = &draft.buildings[middle];
        record.places.push(Building {
            id: BuildingId::try_new(format!("{MARK}RO-{}", seat.name()))?,
            kind: BuildingKind::ReturningOffice,
            name: format!("SYN Returning office, {}", seat.name()),
            district: gazetteer.districts[building.district].area.clone(),
            point: building.point,
            place_basis: PlaceBasis::Given,
            stations: Vec::new(),
            window: None,
            line: Vec::new(),
        });
    }
    for (district, served) in gazetteer.districts.iter().zip(of_district) {
        let Some(middle) = middle(draft, &served) else { continue };
        record.places.push(Building {
            id: BuildingId::try_new(format!("{MARK}STORE-{}", district.area.name()))?,
            kind: BuildingKind::Store,
            name: format!("SYN Store, {}", district.name),
            district: district.area.clone(),
            point: draft.buildings[middle].point,
            place_basis: PlaceBasis::Given,
            stations: Vec::new(),
            window: None,
            line: Vec::new(),
        });
    }
    Ok(())
}

/// The building nearest to the median latitude and longitude.
fn middle(draft: &Draft, served: &[usize]) -> Option<usize> {
    let median = |mut values: Vec<i32>| {
        values.sort_unstable();
        values.get(values.len() / 2).copied()
    };
    let centre = Point {
        lat_e7: median(served.iter().map(|&i| draft.buildings[i].point.lat_e7).collect())?,
        lon_e7: median(served.iter().map(|&i| draft.buildings[i].point.lon_e7).collect())?,
    };
    served
        .iter()
        .copied()
        .min_by_key(|&i| (super::place::square(draft.buildings[i].point, centre), i))
}
