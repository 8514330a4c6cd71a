//! The radio operator's net: the roll of who is expected, lines as they were heard, and what becomes of each.
//!
//! A line is a signed act through the same door as every other. Its moment comes with it, so that a line whose answer was lost
//! is given again and is still one entry.

mod enter;
mod roll;
pub mod view;

use crate::{
    http::{
        given::Given,
        persons::execute,
        problem::{Code, Fault, Problem},
        reply::apart,
        room::Room,
        who::Access,
    },
    net::{District, Said, Unheard, read},
    world::StationTable,
};
use axum::{
    Json,
    extract::{Query, State},
};
use pehra_domain::{AreaId, StationId, UnixMs};
use pehra_ops::{
    Command,
    check_in::{self, Code as CheckCode, Rung, Subject},
    permission as row,
};
use serde::Deserialize;
use std::sync::Arc;
use view::{LineEntered, LineRead, NetRoll};

/// Most lines in one request: a net's longest round with room to spare.
const LINES_MAX: usize = 256;

/// Which net.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NetQuery {
    /// The first one within reach unless said.
    pub district: Option<String>,
    /// The district's first sector unless said.
    pub sector: Option<u16>,
}

/// The open net, and lines as they were typed.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct LinesRead {
    pub district: String,
    pub sector: u16,
    pub lines: Vec<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct LineHeard {
    pub line: String,
    /// When it was entered, by the day's clock. Given again with the same moment it is the same line.
    pub at_ms: i64,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct LinesHeard {
    pub district: String,
    pub sector: u16,
    /// `radio`, `fixed`, `courier`, `in-person`, `cellular` or `satellite`.
    pub rung: String,
    pub lines: Vec<LineHeard>,
}

/// A check-in that was entered wrongly.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct LineStruck {
    /// Device, log epoch and number of the entry.
    pub entry: String,
    pub station: Option<String>,
    /// The call sign of a sector's post, where no station is named.
    pub post: Option<String>,
    pub code: String,
    pub reason: String,
}

/// What a request reads lines with: everything that may be slow is looked up off the async threads.
#[derive(Clone)]
struct Desk {
    room: Room,
    access: Access,
    open: Arc<District>,
    sector: u16,
}

impl Desk {
    fn of(room: Room, access: Access, area: &AreaId, sector: Option<u16>) -> Result<Self, Problem> {
        if !access.reaches(area) {
            return Err(Problem::about(Code::OutsideArea, area.as_str()));
        }
        let open = room.nets().district(room.node(), area)?;
        let sector = match sector {
            Some(sector) if open.net(sector).is_some() => sector,
            Some(sector) => {
                return Err(Problem::about(Code::ValueRefused, format!("sector {sector}")));
            }
            None => open.sectors().next().unwrap_or_default(),
        };
        Ok(Self { room, access, open, sector })
    }

    /// The district that is called by a number, where it is within reach.
    fn district(&self, number: Option<u16>) -> Result<Arc<District>, Unheard> {
        let Some(number) = number.filter(|number| *number != self.open.number) else {
            return Ok(Arc::clone(&self.open));
        };
        let world = self.room.node().world();
        let districts = world.stations.as_ref().map(|table| &table.districts);
        let place = usize::from(number).checked_sub(1);
        let area = districts.zip(place).and_then(|(all, place)| all.get(place)).map(|it| &it.0);
        let area = area.ok_or(Unheard::District(number))?;
        if !self.access.reaches(area) {
            return Err(Unheard::Outside(number));
        }
        let found = self.room.nets().district(self.room.node(), area);
        found.map_err(|_unplanned| Unheard::District(number))
    }

    fn read(&self, line: &str) -> Result<Said, Unheard> {
        read(line, self.sector, |number| self.district(number))
    }
}

/// Reads and looks up what a request needs, off the async threads.
async fn at_desk<T: Send + 'static>(
    room: &Room,
    access: &Access,
    (area, sector): (AreaId, Option<u16>),
    work: impl FnOnce(&Desk) -> T + Send + 'static,
) -> Result<T, Problem> {
    let (room, access) = (room.clone(), access.clone());
    apart(move || Desk::of(room, access, &area, sector).map(|desk| work(&desk))).await
}

fn few(count: usize) -> Result<(), Problem> {
    let fits = count <= LINES_MAX;
    fits.then_some(()).ok_or_else(|| Problem::about(Code::ValueRefused, format!("{count} lines")))
}

/// The roll of a net: who is expected and since when, those first who are due first.
#[utoipa::path(get, path = "/api/net", tag = "net", params(NetQuery),
    responses((status = 200, body = NetRoll), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn roll(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<NetQuery>,
) -> Result<Json<NetRoll>, Problem> {
    let world = room.node().world();
    let table: &StationTable =
        world.stations.as_deref().ok_or_else(|| Problem::about(Code::NotReady, "stations"))?;
    let area = match query.district.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => AreaId::try_new(text)?,
        None => access.first_district(table)?,
    };
    at_desk(&room, &access, (area, query.sector), |desk| Json(roll::roll(desk))).await
}

/// Reads lines as they would be entered. Nothing is kept.
#[utoipa::path(post, path = "/api/net/read", tag = "net", request_body = LinesRead,
    responses((status = 200, body = Vec<LineRead>), (status = 403, body = Fault), (status = 422, body = Fault)))]
pub async fn look(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<LinesRead>,
) -> Result<Json<Vec<LineRead>>, Problem> {
    few(wish.lines.len())?;
    let net = (AreaId::try_new(wish.district)?, Some(wish.sector));
    let lines = wish.lines;
    let read = move |desk: &Desk| {
        lines.iter().map(|line| view::line(desk, desk.read(line).as_ref())).collect()
    };
    Ok(Json(at_desk(&room, &access, net, read).await?))
}

/// Enters lines as they were heard: check-ins and incidents, each a signed act. What cannot be entered comes back with its
/// reason, beside what was.
#[utoipa::path(post, path = "/api/net/lines", tag = "net", request_body = LinesHeard,
    responses((status = 200, body = Vec<LineEntered>), (status = 403, body = Fault), (status = 422, body = Fault)))]
pub async fn hear(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<LinesHeard>,
) -> Result<Json<Vec<LineEntered>>, Problem> {
    few(wish.lines.len())?;
    let rung = Rung::ALL.into_iter().find(|rung| rung.name() == wish.rung);
    let rung = rung.ok_or_else(|| Problem::refused("rung"))?;
    let net = (AreaId::try_new(wish.district)?, Some(wish.sector));
    let lines: Vec<(String, UnixMs)> =
        wish.lines.into_iter().map(|one| (one.line, UnixMs(one.at_ms))).collect();
    let read = move |desk: &Desk| {
        let read = |(line, at): (String, UnixMs)| {
            let said = desk.read(&line);
            (view::line(desk, said.as_ref()), said, at, line)
        };
        lines.into_iter().map(read).collect::<Vec<_>>()
    };
    let heard = at_desk(&room, &access, net, read).await?;
    Ok(Json(enter::enter(&room, &access, heard, rung).await?))
}

/// Takes back a check-in that was entered wrongly. The entry stays on record, and so does this one.
#[utoipa::path(post, path = "/api/net/strike", tag = "net", request_body = LineStruck,
    responses((status = 204), (status = 403, body = Fault), (status = 409, body = Fault)))]
pub async fn strike(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<LineStruck>,
) -> Result<axum::http::StatusCode, Problem> {
    let subject = match (wish.station, wish.post) {
        (Some(station), _) => Subject::Station(StationId::try_new(station)?),
        (None, Some(post)) => Subject::Sector(post),
        (None, None) => return Err(Problem::refused("station")),
    };
    let code = CheckCode::parse(&wish.code).ok_or_else(|| Problem::refused("code"))?;
    let (entry, area) = access.entry_within(room.node(), &wish.entry, |state, at| {
        state.check_ins.area_of(at, &subject)
    })?;
    let actor = access.actor_with(room.node(), &area, row::CHECKIN_STRIKE)?;
    let strike = check_in::Command::Strike { entry, subject, code, reason: wish.reason };
    execute(&room, actor, Command::CheckIn(strike)).await?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}
