//! What lies where a report points, and what passes there while its window is open: stations, routes and other protected
//! places, bags on their way, incidents, other reports, watched areas.

use super::{Sight, view};
use crate::{
    http::{
        problem::{Fault, Problem},
        room::Room,
        who::Access,
    },
    world::World,
};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use pehra_domain::{
    AreaId, ConstituencyId, Point, StationId, UnixMs,
    building::{Building, BuildingKind},
};
use pehra_ops::{
    EventRef, State as Ops,
    check_in::Subject,
    custody::{Event as Custody, Hold, Item},
    intelligence::{
        Place, Report, Window,
        near::{self, Way},
        watch::{Fallen, hands},
    },
    permission as row,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// So far around a place is looked unless somebody asks otherwise, and at most.
const WITHIN_M: u32 = 2_000;
const WITHIN_M_MAX: u32 = 50_000;
/// Rows of one list; the count says how many there are.
const ROWS_MAX: usize = 200;
/// Incidents of so long before the window are shown.
const BEFORE_MS: i64 = 72 * 3_600_000;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NearQuery {
    /// Metres from the place's edge: 2,000 unless given, 50,000 at most.
    pub within_m: Option<u32>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NearStation {
    pub station: String,
    pub name: String,
    pub area: String,
    pub point: [i32; 2],
    pub distance_m: u32,
}

/// A route, an office, a store, a rally: whatever is protected besides stations.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NearPlace {
    pub id: String,
    /// `returning-office`, `store`, `distribution-point`, `press`, `route`, `candidate-office`, `rally`, `procession`,
    /// `polling-stations`.
    pub kind: &'static str,
    pub name: String,
    /// A spot or a way.
    pub points: Vec<[i32; 2]>,
    pub distance_m: u32,
    /// When it is used; none: always.
    pub from_ms: Option<i64>,
    pub until_ms: Option<i64>,
}

/// Polling material on its way while the window is open.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NearConvoy {
    /// The act by which it set out.
    pub id: String,
    /// Number plate or call sign; may be empty.
    pub vehicle: String,
    pub area: String,
    pub items: u32,
    pub stations: Vec<String>,
    /// From its nearest station to the returning office, straight: the road it takes is not on record.
    pub points: Vec<[i32; 2]>,
    pub distance_m: u32,
    pub from_ms: i64,
    pub due_ms: Option<i64>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NearIncident {
    pub id: String,
    pub area: String,
    pub code: &'static str,
    pub severity: u8,
    pub at_ms: i64,
    pub point: [i32; 2],
    pub distance_m: u32,
}

/// Another report that points there while the window is open, of any threat.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NearReport {
    pub id: String,
    pub threat: &'static str,
    pub distance_m: u32,
    pub from_ms: i64,
    pub until_ms: i64,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NearView {
    /// Where was looked: the report's points, or its station's.
    pub points: Vec<[i32; 2]>,
    pub radius_m: u32,
    pub within_m: u32,
    /// The nearest first.
    pub stations: Vec<NearStation>,
    pub station_count: usize,
    pub places: Vec<NearPlace>,
    pub convoys: Vec<NearConvoy>,
    pub incidents: Vec<NearIncident>,
    pub reports: Vec<NearReport>,
    /// Names of watched areas into which it falls.
    pub watches: Vec<String>,
    /// When the list of stations was signed; none without one.
    pub stations_as_of_ms: Option<i64>,
    pub now_ms: i64,
}

/// What lies where a report points. Only what lies within reach of whoever asks is shown.
#[utoipa::path(get, path = "/api/intelligence/reports/{id}/near", tag = "intelligence",
    params(("id" = String, Path), NearQuery),
    responses((status = 200, body = NearView), (status = 404, body = Fault)))]
pub async fn near(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Query(query): Query<NearQuery>,
) -> Result<Json<NearView>, Problem> {
    let report = EventRef::parse(&id).ok_or_else(|| Problem::not_found(&id))?;
    let within_m = query.within_m.unwrap_or(WITHIN_M).min(WITHIN_M_MAX);
    let shown = tokio::task::spawn_blocking(move || {
        let sight = Sight::of(&room, access);
        let world = room.node().world();
        let at = room.node().day_now();
        room.node().ops(|state| {
            let (told, mark) = state.intelligence.get(report)?.written()?;
            let look = Look {
                state,
                world: &world,
                sight: &sight,
                report,
                place: placed(told, &world),
                window: told.window,
                within_m,
                at,
            };
            sight.reads(&mark.area).then(|| look.view(&mark.area))
        })
    });
    let shown = shown.await.map_err(Problem::internal)?;
    shown.map(Json).ok_or_else(|| Problem::not_found(&id))
}

/// A report's place; its station's where it names one and draws nothing.
fn placed(told: &Report, world: &World) -> Place {
    let mut place = told.place.clone();
    if let (true, Some(Subject::Station(station))) = (place.points.is_empty(), &place.subject) {
        place.points.extend(station_point(world, station));
    }
    place
}

fn station_point(world: &World, station: &StationId) -> Option<Point> {
    let table = world.stations.as_ref()?;
    let position = *table.by_station.get(station)?;
    table.stations.get(position as usize).map(|station| station.point)
}

/// One look from a report.
struct Look<'a> {
    state: &'a Ops,
    world: &'a World,
    sight: &'a Sight,
    report: EventRef,
    place: Place,
    window: Window,
    within_m: u32,
    at: UnixMs,
}

impl Look<'_> {
    fn view(&self, area: &AreaId) -> NearView {
        let (stations, station_count) = self.stations();
        let mut around: BTreeSet<AreaId> = BTreeSet::from([area.clone()]);
        around.extend(stations.iter().filter_map(|row| AreaId::try_new(row.area.as_str()).ok()));
        let table = self.world.stations.as_ref();
        NearView {
            points: view::pairs(&self.place.points),
            radius_m: self.place.radius_m,
            within_m: self.within_m,
            station_count,
            stations,
            places: self.places(),
            convoys: self.on_the_way().convoys(&around),
            incidents: self.incidents(),
            reports: self.reports(),
            watches: self.watches(),
            stations_as_of_ms: table.map(|table| table.provenance.at.0),
            now_ms: self.at.0,
        }
    }

    fn stations(&self) -> (Vec<NearStation>, usize) {
        let Some(table) = &self.world.stations else { return (Vec::new(), 0) };
        let reached = table.districts.iter().filter(|(area, _)| self.sight.access.reaches(area));
        let within = reached.flat_map(|(_, range)| range.clone()).filter_map(|position| {
            let station = table.stations.get(position as usize)?;
            Some((position, [station.point]))
        });
        let found = near::within(&self.place, self.within_m, within);
        let count = found.len();
        let rows = found.into_iter().take(ROWS_MAX).filter_map(|one| {
            let station = table.stations.get(one.what as usize)?;
            Some(NearStation {
                station: station.id.to_string(),
                name: station.name.clone(),
                area: station.district.as_str().to_owned(),
                point: [station.point.lat_e7, station.point.lon_e7],
                distance_m: one.distance_m,
            })
        });
        (rows.collect(), count)
    }

    /// Protected places that are used while the window is open.
    fn places(&self) -> Vec<NearPlace> {
        let all = self.world.places.as_ref().map_or(&[][..], |places| &places.rows);
        let open = (0_usize..).zip(all).filter(|(_, place)| {
            let used = place
                .window
                .is_none_or(|it| self.window.meets(&Window { from: it.from, until: it.until }));
            used && self.sight.access.reaches(&place.district)
        });
        let found = near::within(&self.place, self.within_m, open.map(|(at, it)| (at, line(it))));
        let rows = found.into_iter().take(ROWS_MAX).filter_map(|one| {
            let place = all.get(one.what)?;
            Some(NearPlace {
                id: place.id.to_string(),
                kind: kind(place.kind),
                name: place.name.clone(),
                points: view::pairs(&line(place)),
                distance_m: one.distance_m,
                from_ms: place.window.map(|window| window.from.0),
                until_ms: place.window.map(|window| window.until.0),
            })
        });
        rows.collect()
    }

    fn on_the_way(&self) -> OnTheWay<'_> {
        OnTheWay {
            state: self.state,
            world: self.world,
            access: &self.sight.access,
            place: &self.place,
            window: self.window,
            within_m: self.within_m,
            at: self.at,
        }
    }

    /// Complaints are no part of it: whoever complains is not near a threat but names somebody.
    fn incidents(&self) -> Vec<NearIncident> {
        let mut found = Vec::new();
        for area in self.sight.areas(row::INTEL_READ_FULL) {
            let (place, within_m) = (&self.place, self.within_m);
            found.extend(near::incidents(
                self.state,
                area,
                (place, self.window),
                within_m,
                BEFORE_MS,
            ));
        }
        found.sort();
        found.dedup();
        let rows = found.into_iter().filter_map(|one| {
            let record = self.state.incidents.get(&one.what)?;
            let (told, _) = record.report()?;
            let (code, severity) = record.class()?;
            let point = told.place.point?;
            Some(NearIncident {
                id: one.what.incident.to_string(),
                area: one.what.area.as_str().to_owned(),
                code: code.name(),
                severity: severity.number(),
                at_ms: told.at.0,
                point: [point.lat_e7, point.lon_e7],
                distance_m: one.distance_m,
            })
        });
        rows.take(ROWS_MAX).collect()
    }

    fn reports(&self) -> Vec<NearReport> {
        let others = self.state.intelligence.all().filter_map(|(id, record)| {
            let (told, mark) = record.written()?;
            let lives = self.at < told.expires && !record.is_withdrawn();
            let other = id != self.report && lives && self.window.meets(&told.window);
            (other && self.sight.reads(&mark.area)).then_some((id, told))
        });
        let mut found: Vec<NearReport> = others
            .filter_map(|(id, told)| {
                let place = placed(told, self.world);
                let apart = near::distance_m(&self.place, &place.points)?;
                let distance_m = apart.saturating_sub(place.radius_m);
                (distance_m <= self.within_m).then(|| NearReport {
                    id: id.to_string(),
                    threat: told.threat.code(),
                    distance_m,
                    from_ms: told.window.from.0,
                    until_ms: told.window.until.0,
                })
            })
            .collect();
        found.sort_by(|a, b| (a.distance_m, &a.id).cmp(&(b.distance_m, &b.id)));
        found.truncate(ROWS_MAX);
        found
    }

    fn watches(&self) -> Vec<String> {
        let own = |fallen: &Fallen| *fallen == Fallen::Report(self.report);
        let all = hands(self.state, self.at).into_iter().filter(|hand| own(&hand.fallen));
        all.map(|hand| hand.watch.to_owned()).collect()
    }
}

/// What is asked about material on its way past a place.
pub(in crate::http) struct OnTheWay<'a> {
    pub state: &'a Ops,
    pub world: &'a World,
    pub access: &'a Access,
    pub place: &'a Place,
    pub window: Window,
    pub within_m: u32,
    pub at: UnixMs,
}

impl OnTheWay<'_> {
    /// What is on its way in the districts around.
    #[must_use]
    pub(in crate::http) fn convoys(&self, around: &BTreeSet<AreaId>) -> Vec<NearConvoy> {
        let mut journeys = BTreeMap::new();
        for (area, items) in self.state.custody.areas() {
            if !around.iter().any(|one| one.meets(area)) || !self.access.reaches(area) {
                continue;
            }
            for (id, item) in items.items() {
                let hold = self.state.custody.hold(area, id);
                let Some(Hold::Moving(at) | Hold::Offered(at)) = hold else { continue };
                let Some(journey) = self.journey(at, area) else { continue };
                journeys.entry(at).or_insert(journey).carry(item);
            }
        }
        let mut lines = BTreeMap::new();
        let mut ways = Vec::new();
        for (at, journey) in &journeys {
            for (number, line) in journey.lines(self.world).into_iter().enumerate() {
                let name = format!("{at} {number}");
                lines.insert(name.clone(), (*at, journey, line.clone()));
                // What is late is still on its way.
                let until = journey.due.map_or(UnixMs(i64::MAX), |due| due.max(self.at));
                ways.push(Way { name, line, from: journey.from, until });
            }
        }
        let found = near::ways(self.place, self.window, self.within_m, &ways);
        let mut told = BTreeSet::new();
        let rows = found.into_iter().filter_map(|one| {
            let (at, journey, line) = lines.get(&one.what)?;
            told.insert(*at).then(|| NearConvoy {
                id: at.to_string(),
                vehicle: journey.vehicle.clone(),
                area: journey.area.as_str().to_owned(),
                items: journey.items,
                stations: journey.stations.iter().map(ToString::to_string).collect(),
                points: view::pairs(line),
                distance_m: one.distance_m,
                from_ms: journey.from.0,
                due_ms: journey.due.map(|due| due.0),
            })
        });
        rows.take(ROWS_MAX).collect()
    }

    /// A departure, or a hand-over with a journey between its halves.
    fn journey(&self, at: EventRef, area: &AreaId) -> Option<Journey> {
        let of = |vehicle: &str, from, due| Journey {
            area: area.clone(),
            vehicle: vehicle.to_owned(),
            from,
            due,
            items: 0,
            stations: BTreeSet::new(),
            contests: BTreeSet::new(),
        };
        let act = self.state.custody.act(at)?;
        if let Custody::Departed(passage) = &act.event {
            return Some(of(&passage.vehicle, passage.at, passage.due));
        }
        let (offer, _) = self.state.custody.offer(at)?;
        offer.due.map(|due| of(&offer.place, offer.at, Some(due)))
    }
}

fn kind(kind: BuildingKind) -> &'static str {
    match kind {
        BuildingKind::PollingStations => "polling-stations",
        BuildingKind::ReturningOffice => "returning-office",
        BuildingKind::Store => "store",
        BuildingKind::DistributionPoint => "distribution-point",
        BuildingKind::Press => "press",
        BuildingKind::Route => "route",
        BuildingKind::CandidateOffice => "candidate-office",
        BuildingKind::Rally => "rally",
        BuildingKind::Procession => "procession",
    }
}

/// A protected place's spot or way.
fn line(place: &Building) -> Vec<Point> {
    std::iter::once(place.point).chain(place.line.iter().copied()).collect()
}

/// Material on its way.
struct Journey {
    area: AreaId,
    vehicle: String,
    from: UnixMs,
    due: Option<UnixMs>,
    items: u32,
    stations: BTreeSet<StationId>,
    contests: BTreeSet<ConstituencyId>,
}

impl Journey {
    fn carry(&mut self, item: &Item) {
        self.items = self.items.saturating_add(1);
        self.stations.extend(item.station.clone());
        self.contests.extend(item.contest.clone());
    }

    /// From each of its stations to the returning offices of its contests that the list of places names.
    fn lines(&self, world: &World) -> Vec<Vec<Point>> {
        let places = world.places.as_ref().map_or(&[][..], |places| &places.rows);
        let offices = self.contests.iter().filter_map(|seat| {
            let suffix = format!("RO-{}", seat.as_str());
            let is_its = |it: &&Building| {
                it.kind == BuildingKind::ReturningOffice && it.id.as_str().ends_with(&suffix)
            };
            places.iter().find(is_its).map(|office| office.point)
        });
        let offices: Vec<Point> = offices.collect();
        let stations = self.stations.iter().filter_map(|station| station_point(world, station));
        let lines: Vec<Vec<Point>> = stations
            .map(|from| std::iter::once(from).chain(offices.iter().copied()).collect())
            .collect();
        if lines.is_empty() { vec![offices] } else { lines }
    }
}
