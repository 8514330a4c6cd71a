//! Who hears whom, and what a cut of the networks leaves: planned for the whole country once, shown within reach.
//!
//! Nothing here reaches a network: the plan is arithmetic over lists, surveys and a cut that is supposed.

use crate::{
    http::{
        export::{Sheet, count, text},
        problem::{Code, Problem},
        room::Room,
        view::{Age, area_name, area_name_ur},
        who::Access,
    },
    node::Node,
    work::{
        communication::{self, Made, Options},
        dispatch::RoadsKept,
    },
};
use axum::{
    Json,
    extract::{Query, State},
    response::Response,
};
use pehra_domain::{AreaId, risk::RiskClass};
use pehra_exchange::export::Cell;
use pehra_plan::communication::{
    bearer::{Bearer, Service},
    proof::standing,
    scheme::Net,
    suspension::{Basis, Fix, Hour, suspended, timeline},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

const TERMINALS_MAX: usize = 5_000;

/// What is asked: a supposed cut, and how many scarce terminals there are.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CutQuery {
    /// When services go on the polling day, HH:MM; 05:00 unless said.
    pub from: Option<String>,
    /// For how many hours; 24 unless said.
    pub hours: Option<u32>,
    /// voice, sms, data, broadband, with commas between; all unless said.
    pub services: Option<String>,
    /// announced, feared or unknown.
    pub notice: Option<String>,
    /// Satellite terminals or HF sets that may be placed; 100 unless said.
    pub terminals: Option<usize>,
    /// Only this district.
    pub district: Option<String>,
}

impl CutQuery {
    fn options(&self) -> Result<Options, Problem> {
        let services: Vec<String> = self.services.as_deref().map_or_else(Vec::new, |list| {
            list.split(',')
                .map(str::trim)
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect()
        });
        let from = self.from.as_deref().unwrap_or("05:00");
        let notice = self.notice.as_deref().unwrap_or("unknown");
        let cut = communication::cut((from, self.hours.unwrap_or(24)), &services, &[], notice)?;
        cut.check().map_err(|error| Problem::about(Code::ValueRefused, error.to_string()))?;
        Ok(Options { cut, terminals: self.terminals.unwrap_or(100).min(TERMINALS_MAX) })
    }

    fn district(&self) -> Result<Option<AreaId>, Problem> {
        let Some(text) = self.district.as_deref() else { return Ok(None) };
        AreaId::try_new(text)
            .map(Some)
            .map_err(|error| Problem::about(Code::Malformed, error.to_string()))
    }
}

/// The last plan, kept for as long as nothing that it depends on changes.
#[derive(Default)]
pub struct CommunicationsKept(Mutex<Option<(String, Arc<Made>)>>);

impl CommunicationsKept {
    fn get(&self, node: &Node, roads: &RoadsKept, options: Options) -> Result<Arc<Made>, Problem> {
        let world = node.world();
        let stamp = |provenance: Option<&crate::world::Provenance>| {
            provenance.map_or([0; 32], |provenance| provenance.manifest)
        };
        let wanted = format!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {} {:?}",
            RoadsKept::key(node, &world),
            stamp(world.stations.as_ref().map(|it| &it.provenance)),
            stamp(world.assessment.as_ref().map(|it| &it.provenance)),
            stamp(world.surveys.as_ref().map(|it| &it.provenance)),
            stamp(world.places.as_ref().map(|it| &it.provenance)),
            options.cut,
            options.terminals,
            node.poll_date(),
        );
        // Held while it is made, so that a second visitor waits for the first one's plan.
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, made)) = kept.as_ref().filter(|(key, _)| *key == wanted) {
            return Ok(made.clone());
        }
        let mut go_on = |_| std::ops::ControlFlow::Continue(());
        let made = Arc::new(communication::run(node, options, roads, &mut go_on)?);
        *kept = Some((wanted, made.clone()));
        Ok(made)
    }
}

/// The country, or what of it is within reach.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Communications {
    pub stations: u64,
    pub sectors: u64,
    pub relays: u64,
    /// Sectors that no relay reaches and that have no terminal.
    pub cut_off: u64,
    pub courier_loops: u64,
    pub loops_over_two_hours: u64,
    /// Loops of which some ways are not measured on roads.
    pub loops_estimated: u64,
    /// Of the whole country's plan, whatever is within reach: placed, weight served, and the most that any placing serves.
    pub terminals_placed: u64,
    pub terminals_served: u64,
    pub terminals_bound: u64,
    pub sectors_at_least: u64,
    pub relays_at_least: u64,
    pub bands: Vec<CommsBand>,
    /// Minutes from midnight of the polling day.
    pub from_minute: i32,
    pub until_minute: i32,
    pub services: Vec<String>,
    pub notice: String,
    /// Only what tests proved, and everything that the plan foresees, hour by hour.
    pub proved: Vec<CommsHour>,
    pub planned: Vec<CommsHour>,
    pub orders: Vec<CommsOrder>,
    pub check_ins: Vec<CommsLoad>,
    pub districts: Vec<CommsDistrict>,
    #[serde(flatten)]
    pub age: Option<Age>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommsBand {
    pub band: String,
    pub nets: u64,
    pub channels_used: u32,
    /// Nets that share a channel with a neighbour.
    pub sharing: u32,
    pub channels_needed_at_least: u32,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommsHour {
    pub minute: i32,
    /// Stations with no, one, two, three or more rungs that fail for different reasons.
    pub by_rungs: Vec<u32>,
    /// Stations without any, by class: normal, sensitive, most sensitive.
    pub dark: Vec<u32>,
    /// Age of the picture in seconds by class: median and 95th percentile.
    pub age_p50_s: Vec<u64>,
    pub age_p95_s: Vec<u64>,
}

/// What must have left before the services go.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommsOrder {
    /// channel_cards, silence_rule, first_courier or last_resort.
    pub what: String,
    pub stations: u64,
    pub before_minute: i32,
}

/// What a check-in asks of the nets.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommsLoad {
    pub code: String,
    pub at_minute: Option<i32>,
    pub messages: u64,
    pub sector_median_min: u64,
    pub sector_worst_min: u64,
    pub district_worst_min: u64,
    /// Sector channels that cannot hear all their stations before amber.
    pub late_channels: u32,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommsDistrict {
    pub area: String,
    pub name: String,
    pub name_ur: Option<String>,
    pub stations: u64,
    pub most_sensitive: u64,
    pub sectors: u64,
    pub relays: u64,
    pub cut_off: u64,
    /// Stations that keep no proved rung while the cut lasts.
    pub no_path: u64,
    /// Stations that even the whole plan leaves dark.
    pub dark_planned: u64,
    /// One round of all sectors with the district, in seconds.
    pub round_s: u64,
    pub longest_loop_min: u32,
}

/// The communication plan within reach, and what a supposed cut leaves of it.
#[utoipa::path(get, path = "/api/communications", tag = "communications", params(CutQuery),
    responses((status = 200, body = Communications)))]
pub async fn show(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<CutQuery>,
) -> Result<Json<Communications>, Problem> {
    let done = tokio::task::spawn_blocking(move || {
        let made = room.communications().get(room.node(), room.roads(), query.options()?)?;
        Ok(Json(page(&room, &made, &within(&access, &made, query.district()?.as_ref()))))
    });
    done.await.map_err(Problem::internal)?
}

/// Positions of the districts within reach.
fn within(access: &Access, made: &Made, only: Option<&AreaId>) -> Vec<usize> {
    let wanted = |area: &AreaId| access.reaches(area) && only.is_none_or(|only| only == area);
    let areas = made.grounds.iter().enumerate().filter(|(_, ground)| wanted(&ground.area));
    areas.map(|(position, _)| position).collect()
}

fn page(room: &Room, made: &Made, within: &[usize]) -> Communications {
    let scheme = &made.scheme;
    let mut no_path: BTreeMap<u32, u64> = BTreeMap::new();
    for one in &made.no_path {
        *no_path.entry(one.district).or_default() += 1;
    }
    let districts: Vec<CommsDistrict> = within
        .iter()
        .map(|&at| {
            let position = u32::try_from(at).unwrap_or(u32::MAX);
            district(room, made, at, no_path.get(&position).copied().unwrap_or(0))
        })
        .collect();
    let (proved, planned) = hours(made, within);
    let sum = |of: fn(&CommsDistrict) -> u64| districts.iter().map(of).sum();
    let loops = || within.iter().flat_map(|&at| &scheme.districts[at].loops);
    let everything = within.len() == made.grounds.len();
    let orders = if everything { made.orders.iter().map(order).collect() } else { Vec::new() };
    let age = made.world.stations.as_ref().map(|table| Age::of(&table.provenance));
    Communications {
        stations: sum(|it| it.stations),
        sectors: sum(|it| it.sectors),
        relays: sum(|it| it.relays),
        cut_off: sum(|it| it.cut_off),
        courier_loops: loops().count() as u64,
        loops_over_two_hours: loops().filter(|one| one.minutes > 120).count() as u64,
        loops_estimated: loops().filter(|one| one.estimated).count() as u64,
        terminals_placed: scheme.placement.chosen.len() as u64,
        terminals_served: scheme.placement.served,
        terminals_bound: scheme.placement.bound,
        sectors_at_least: scheme.sectors_at_least,
        relays_at_least: scheme.relays_at_least,
        bands: bands(made),
        from_minute: made.cut.from_minute,
        until_minute: made.cut.until_minute,
        services: made
            .cut
            .services
            .iter()
            .map(|&service| service_word(service).to_owned())
            .collect(),
        notice: word(&made.cut.notice),
        proved,
        planned,
        orders,
        check_ins: made.loads.iter().map(load).collect(),
        districts,
        age,
    }
}

/// A word of a closed list as it is serialised.
fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(_) | Err(_) => String::new(),
    }
}

fn service_word(service: Service) -> &'static str {
    match service {
        Service::Voice => "voice",
        Service::Sms => "sms",
        Service::Data => "data",
        Service::Broadband => "broadband",
    }
}

fn bands(made: &Made) -> Vec<CommsBand> {
    let view =
        |(band, channels): (&str, &pehra_plan::communication::channel::Channels)| CommsBand {
            band: band.to_owned(),
            nets: channels.channel.len() as u64,
            channels_used: channels.used,
            sharing: channels.sharing,
            channels_needed_at_least: channels.needed_at_least,
        };
    ["uhf", "vhf"].into_iter().zip(&made.scheme.channels).map(view).collect()
}

fn hours(made: &Made, within: &[usize]) -> (Vec<CommsHour>, Vec<CommsHour>) {
    let views = |hours: &[Hour]| hours.iter().map(hour).collect();
    if within.len() == made.grounds.len() {
        return (views(&made.proved), views(&made.planned));
    }
    let mut part = made.scheme.clone();
    part.districts = within.iter().map(|&at| made.scheme.districts[at].clone()).collect();
    let classes: Vec<Vec<RiskClass>> = within
        .iter()
        .map(|&at| made.grounds[at].sites.iter().map(|site| site.class).collect())
        .collect();
    let minutes: Vec<i32> = made.planned.iter().map(|hour| hour.minute).collect();
    let cuts = std::slice::from_ref(&made.cut);
    let line = |basis| timeline(&made.bearers, &part, &classes, cuts, (basis, &minutes));
    (views(&line(Basis::Proved)), views(&line(Basis::Planned)))
}

fn hour(hour: &Hour) -> CommsHour {
    CommsHour {
        minute: hour.minute,
        by_rungs: hour.by_rungs.to_vec(),
        dark: hour.dark.to_vec(),
        age_p50_s: hour.age_p50_s.to_vec(),
        age_p95_s: hour.age_p95_s.to_vec(),
    }
}

fn order(order: &pehra_plan::communication::suspension::Order) -> CommsOrder {
    CommsOrder {
        what: word(&order.what),
        stations: order.stations,
        before_minute: order.before_minute,
    }
}

fn load(load: &pehra_plan::communication::schedule::Load) -> CommsLoad {
    CommsLoad {
        code: load.code.clone(),
        at_minute: load.at_minute,
        messages: load.messages,
        sector_median_min: load.sector_median_min,
        sector_worst_min: load.sector_worst_min,
        district_worst_min: load.district_worst_min,
        late_channels: load.late_channels,
    }
}

fn district(room: &Room, made: &Made, at: usize, no_path: u64) -> CommsDistrict {
    let (ground, scheme) = (&made.grounds[at], &made.scheme.districts[at]);
    let gone = suspended(std::slice::from_ref(&made.cut), &ground.area, made.cut.from_minute);
    let dark = |reach: &&pehra_plan::communication::scheme::Reach| {
        reach.planned.without(&made.bearers, &gone).is_empty()
    };
    let gazetteer = room.node().gazetteer();
    let most = ground.sites.iter().filter(|site| site.class == RiskClass::Most).count();
    CommsDistrict {
        area: ground.area.as_str().to_owned(),
        name: area_name(gazetteer, &ground.area),
        name_ur: area_name_ur(gazetteer, &ground.area),
        stations: ground.sites.len() as u64,
        most_sensitive: most as u64,
        sectors: scheme.nets.len() as u64,
        relays: scheme.nets.iter().filter(|net| net.relay).count() as u64,
        cut_off: scheme.nets.iter().filter(|net| !net.heard()).count() as u64,
        no_path,
        dark_planned: scheme.reach.iter().filter(dark).count() as u64,
        round_s: scheme.round_ms / 1_000,
        longest_loop_min: scheme.loops.iter().map(|one| one.minutes).max().unwrap_or_default(),
    }
}

/// One district in full: its nets, loops, and every station's rungs.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommsPlan {
    pub area: String,
    pub name: String,
    /// Bearers that at least one station has or could have: the columns of the matrix.
    pub bearers: Vec<String>,
    pub nets: Vec<CommsNet>,
    pub loops: Vec<CommsLoop>,
    pub stations: Vec<CommsStation>,
    /// Where the district's control room sits, in degrees.
    pub control: [f64; 2],
    #[serde(flatten)]
    pub age: Option<Age>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommsNet {
    /// From 1.
    pub number: u32,
    /// The sector's post, in degrees.
    pub post: [f64; 2],
    pub stations: u32,
    pub bearer: String,
    /// From 1, within its band.
    pub channel: u32,
    pub round_s: u64,
    pub hops: u32,
    /// The net whose post repeats for it.
    pub through: Option<u32>,
    pub relay: bool,
    pub terminal: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommsLoop {
    pub minutes: u32,
    /// Some of its ways are not measured on roads.
    pub estimated: bool,
    /// Points in the order of the visit, in degrees.
    pub stops: Vec<[f64; 2]>,
}

/// One row of the matrix.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommsStation {
    pub id: String,
    pub name: String,
    pub class: String,
    pub place: [f64; 2],
    pub net: u32,
    pub call_sign: String,
    /// By column: none, gone (with the cut), failed, untested, expired or proved.
    pub rungs: Vec<String>,
    /// Rungs that are left while the cut lasts, one for each cause.
    pub left_proved: u32,
    pub left_planned: u32,
    pub loop_minutes: u32,
    /// What would give it a proved path, the cheapest first; empty when it has one.
    pub fixes: Vec<String>,
}

/// One district's nets, courier loops and the matrix of stations and bearers.
#[utoipa::path(get, path = "/api/communications/district", tag = "communications", params(CutQuery),
    responses((status = 200, body = CommsPlan)))]
pub async fn district_plan(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<CutQuery>,
) -> Result<Json<CommsPlan>, Problem> {
    let done = tokio::task::spawn_blocking(move || {
        let (made, at) = one(&room, &access, &query)?;
        Ok(Json(plan_of(&room, &made, at)))
    });
    done.await.map_err(Problem::internal)?
}

fn one(room: &Room, access: &Access, query: &CutQuery) -> Result<(Arc<Made>, usize), Problem> {
    let area = query.district()?.ok_or_else(|| Problem::about(Code::Malformed, "district"))?;
    let made = room.communications().get(room.node(), room.roads(), query.options()?)?;
    let at = within(access, &made, Some(&area)).first().copied();
    Ok((made, at.ok_or_else(|| Problem::not_found(area.as_str()))?))
}

fn degrees(point: pehra_domain::Point) -> [f64; 2] {
    [point.lat_deg(), point.lon_deg()]
}

fn plan_of(room: &Room, made: &Made, at: usize) -> CommsPlan {
    let (ground, scheme) = (&made.grounds[at], &made.scheme.districts[at]);
    let columns = columns(made, at);
    let fixes: BTreeMap<usize, &Vec<Fix>> = made
        .no_path
        .iter()
        .filter(|one| one.district as usize == at)
        .map(|one| (one.station as usize, &one.fixes))
        .collect();
    let net = |(position, net): (usize, &Net)| CommsNet {
        number: number(position),
        post: degrees(ground.sites[net.post as usize].point),
        stations: u32::try_from(net.stations.len()).unwrap_or(u32::MAX),
        bearer: net.bearer.word().to_owned(),
        channel: net.channel + 1,
        round_s: net.round_ms / 1_000,
        hops: net.hops,
        through: net.through.map(|through| through + 1),
        relay: net.relay,
        terminal: net.terminal,
    };
    let stops = |stops: &[u32]| {
        stops.iter().map(|&stop| degrees(ground.sites[stop as usize].point)).collect()
    };
    let loops = scheme.loops.iter();
    let age = made.world.stations.as_ref().map(|table| Age::of(&table.provenance));
    CommsPlan {
        area: ground.area.as_str().to_owned(),
        name: area_name(room.node().gazetteer(), &ground.area),
        bearers: columns.iter().map(|bearer| bearer.word().to_owned()).collect(),
        nets: scheme.nets.iter().enumerate().map(net).collect(),
        loops: loops
            .map(|it| CommsLoop {
                minutes: it.minutes,
                estimated: it.estimated,
                stops: stops(&it.stops),
            })
            .collect(),
        stations: (0..ground.sites.len())
            .map(|station| {
                let fixes = fixes.get(&station).map_or(&[][..], |fixes| fixes.as_slice());
                station_view(room, made, (at, station), &columns, fixes)
            })
            .collect(),
        control: degrees(ground.control),
        age,
    }
}

fn number(position: usize) -> u32 {
    u32::try_from(position + 1).unwrap_or(u32::MAX)
}

/// Bearers that some station of the district has by plan or by a test.
fn columns(made: &Made, at: usize) -> Vec<Bearer> {
    let (ground, scheme) = (&made.grounds[at], &made.scheme.districts[at]);
    let planned = |bearer: Bearer| scheme.reach.iter().any(|reach| reach.planned.has(bearer));
    let tested = |bearer: Bearer| {
        ground.sites.iter().any(|site| site.tests.iter().any(|test| test.bearer == bearer))
    };
    Bearer::ALL.into_iter().filter(|&bearer| planned(bearer) || tested(bearer)).collect()
}

fn station_view(
    room: &Room,
    made: &Made,
    (at, station): (usize, usize),
    columns: &[Bearer],
    fixes: &[Fix],
) -> CommsStation {
    let (ground, scheme) = (&made.grounds[at], &made.scheme.districts[at]);
    let (site, reach) = (&ground.sites[station], &scheme.reach[station]);
    let gone = suspended(std::slice::from_ref(&made.cut), &ground.area, made.cut.from_minute);
    let day = room.node().poll_date();
    let rung = |&bearer: &Bearer| {
        let standing = standing(&made.bearers, &site.tests, bearer, day);
        let lost = made.bearers.of(bearer).service.is_some_and(|service| gone.contains(&service));
        let known = site.tests.iter().any(|test| test.bearer == bearer);
        match (reach.planned.has(bearer) || known, lost) {
            (false, _) => "none".to_owned(),
            (true, true) => "gone".to_owned(),
            (true, false) => word(&standing),
        }
    };
    let left = |rungs: pehra_plan::communication::proof::Rungs| {
        u32::try_from(rungs.without(&made.bearers, &gone).count(&made.bearers)).unwrap_or(u32::MAX)
    };
    let place = scheme
        .nets
        .get(reach.net as usize)
        .and_then(|net| net.stations.iter().position(|&member| member as usize == station));
    // The grounds stand in the order of the list's districts.
    let name = made.world.stations.as_ref().and_then(|table| {
        let first = table.districts.get(at)?.1.start as usize;
        table.stations.get(first + station).map(|it| it.name.clone())
    });
    CommsStation {
        id: site.station.as_str().to_owned(),
        name: name.unwrap_or_default(),
        class: site.class.word().to_owned(),
        place: degrees(site.point),
        net: reach.net + 1,
        call_sign: made.call_sign(at, reach.net as usize, place.unwrap_or_default()),
        rungs: columns.iter().map(rung).collect(),
        left_proved: left(reach.proved),
        left_planned: left(reach.planned),
        loop_minutes: reach.loop_minutes,
        fixes: fixes.iter().map(word).collect(),
    }
}

/// The matrix of a district as CSV: call signs, channels, rungs, and what would mend each.
#[utoipa::path(get, path = "/api/communications.csv", tag = "communications", params(CutQuery),
    responses((status = 200, content_type = "text/csv", body = String)))]
pub async fn csv(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<CutQuery>,
) -> Result<Response, Problem> {
    let done = tokio::task::spawn_blocking(move || sheet(&room, &access, &query));
    done.await.map_err(Problem::internal)??.csv("communications").await
}

/// The same as a workbook.
#[utoipa::path(get, path = "/api/communications.xlsx", tag = "communications", params(CutQuery),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body = Vec<u8>)))]
pub async fn xlsx(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<CutQuery>,
) -> Result<Response, Problem> {
    let done = tokio::task::spawn_blocking(move || sheet(&room, &access, &query));
    done.await.map_err(Problem::internal)??.xlsx("communications").await
}

fn sheet(room: &Room, access: &Access, query: &CutQuery) -> Result<Sheet, Problem> {
    let (made, at) = one(room, access, query)?;
    let plan = plan_of(room, &made, at);
    let table = made.world.stations.as_ref().ok_or_else(|| Problem::of(Code::NotReady))?;
    let mut sheet = Sheet::new(room.node(), &table.provenance, access, "Communications");
    let mut header = vec![
        "call_sign",
        "station",
        "name",
        "class",
        "sector",
        "bearer",
        "channel",
        "loop_minutes",
    ];
    header.extend(plan.bearers.iter().map(String::as_str));
    header.extend(["left_proved", "left_planned", "fixes"]);
    sheet.header(&header);
    for station in &plan.stations {
        let net = plan.nets.get(station.net as usize - 1);
        let mut row = vec![
            text(&station.call_sign),
            text(&station.id),
            text(&station.name),
            text(&station.class),
            count(station.net),
            net.map_or(Cell::Empty, |net| text(&net.bearer)),
            net.map_or(Cell::Empty, |net| count(net.channel)),
            count(station.loop_minutes),
        ];
        row.extend(station.rungs.iter().map(|rung| text(rung)));
        row.extend([count(station.left_proved), count(station.left_planned)]);
        row.push(text(&station.fixes.join(" ")));
        sheet.row(row);
    }
    Ok(sheet)
}
