//! Convoys in the room: how every seat's plan stands, for those who plan; routes and times of one seat, for those who must
//! know them.
//!
//! A route or a time of a convoy leaves this file in three answers alone: one seat's plan and its two tables, to whoever
//! holds `convoy.know` over the seat's district, and each of them is written down in the log. No job, list or stream
//! carries one.

mod kept;
mod sum;
mod view;

pub use kept::ConvoysKept;
pub use sum::{ConvoyList, ConvoyNarrow, ConvoyRow, ConvoySeat, ConvoySum};
pub use view::{ConvoyDetail, ConvoyPlanView};

use crate::{
    http::{
        given::Given,
        problem::{Code, Fault, Problem},
        reply::{self, blocking},
        room::Room,
        sight::areas_with,
        who::{Access, holdings},
    },
    job::{Job, JobKind},
    work::convoys::{self as work, Options, SeatFile},
};
use axum::{
    Json,
    extract::{Path, Query, State},
    response::Response,
};
use pehra_domain::AreaId;
use pehra_ops::permission as row;
use serde::Deserialize;

/// Nights that are simulated at the most.
const RUNS_MAX: u32 = 10_000;
const NARROWS_MAX: usize = 200;

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
pub struct ListQuery {
    /// Only what was planned after this moment, and no list of seats.
    pub since_ms: Option<i64>,
}

/// How the convoys of every seat within reach stand. No route and no time of a convoy is among it.
#[utoipa::path(get, path = "/api/convoys", tag = "convoys", params(ListQuery),
    responses((status = 200, body = ConvoyList)))]
pub async fn list(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<ListQuery>,
) -> Result<Json<ConvoyList>, Problem> {
    blocking(move || {
        let node = room.node();
        let held = holdings(node, &access.person, node.now());
        let within = |permission| {
            let areas = areas_with(node, &held, &[permission]);
            areas.iter().map(ToString::to_string).collect()
        };
        let since_ms = query.since_ms.unwrap_or(i64::MIN);
        let sign = work::sign(node);
        let kept = room.convoys();
        let rows = kept.rows(node)?;
        let rows = rows.iter().filter(|held| held.row.made_ms > since_ms);
        let rows = rows.filter(|held| access.reaches(&held.district));
        let rows = rows.map(|held| held.shown(node.gazetteer(), &sign)).collect();
        let seats = match query.since_ms {
            Some(_) => Vec::new(),
            None => {
                let seats = kept.seats(node)?;
                let seats = seats.iter().filter(|seat| access.reaches(&seat.district));
                seats.map(|seat| ConvoySeat::of(node.gazetteer(), seat)).collect()
            }
        };
        Ok(ConvoyList {
            rows,
            seats,
            plans: within(row::CONVOY_PLAN),
            knows: within(row::CONVOY_KNOW),
            has_roads: node.world().roads.is_some(),
            narrows: kept.narrows(node)?,
            now_ms: node.now().0,
        })
    })
    .await
}

/// What is planned.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct ConvoyWish {
    /// All seats most of whose buildings lie here.
    pub area: String,
    /// This seat alone.
    pub seat: Option<String>,
    /// Say also what more teams and an earlier start would bring, and their price; it takes seven times as long.
    #[serde(default)]
    pub improve: bool,
    /// Nights that are simulated for each seat, 1 to 10,000; a thousand unless said otherwise.
    pub runs: Option<u32>,
    /// Search effort in thousandths of the proposed one, 10 to 100,000.
    pub effort_permille: Option<u32>,
    /// Bridges, passes and gates where two convoys may not meet; those of the last run unless given.
    pub narrows: Option<Vec<ConvoyNarrow>>,
}

/// Plans convoys in a job, the largest seat first; its result is `{seats, kept}`. Stopped, it keeps the seats that are done,
/// and the next run goes on from there.
#[utoipa::path(post, path = "/api/convoys", tag = "convoys", request_body = ConvoyWish,
    responses((status = 200, body = Job), (status = 403, body = Fault), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn start(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<ConvoyWish>,
) -> Result<Json<Job>, Problem> {
    let options = read(&wish)?;
    let (checked, asked, seats) = (room.clone(), access.clone(), options.seats.clone());
    let area = options.area.clone();
    let checking = blocking(move || {
        let node = checked.node();
        let area = match seats.first() {
            Some(seat) => district_of(&checked, seat)?,
            None => area,
        };
        asked.actor_with(node, &area, row::CONVOY_PLAN).map(|_| ())
    });
    let Json(()) = checking.await?;
    let label = match options.seats.first() {
        Some(seat) => format!("Plan the convoys of {seat}"),
        None => format!("Plan the convoys of {}", options.area),
    };
    let by = access.person.to_string();
    let (working, who) = (room.clone(), by.clone());
    let job = room.node().jobs().start(JobKind::Convoys, label, by, move |control| {
        let node = working.node();
        let kept = working.convoys();
        let locker = kept.locker(node)?;
        let narrows = kept.set_narrows(node, wish.narrows)?;
        let narrows = narrows.iter().filter_map(ConvoyNarrow::read).collect();
        let options = Options { narrows, ..options };
        let sign = work::sign(node);
        let mut done = |file: &SeatFile| {
            kept.put(node, file, (&sign, &who))?;
            node.live().publish("convoy", serde_json::json!({}));
            Ok(())
        };
        let summary = work::run(node, &*locker, &options, &mut control.watch(), &mut done)?;
        node.live().publish("convoy", serde_json::json!({}));
        Ok(serde_json::json!({ "seats": summary.seats, "kept": summary.kept }))
    })?;
    Ok(Json(job))
}

fn read(wish: &ConvoyWish) -> Result<Options, Problem> {
    let area = AreaId::try_new(wish.area.trim()).map_err(|_form| Problem::refused("area"))?;
    let within = |ok: bool, field| if ok { Ok(()) } else { Err(Problem::refused(field)) };
    let runs = wish.runs.unwrap_or(1_000);
    within((1..=RUNS_MAX).contains(&runs), "runs")?;
    let effort_permille = wish.effort_permille.unwrap_or(1_000);
    within((10..=100_000).contains(&effort_permille), "effort_permille")?;
    let narrows = wish.narrows.as_deref().unwrap_or_default();
    let all_read = narrows.iter().all(|narrow| narrow.read().is_some());
    within(narrows.len() <= NARROWS_MAX && all_read, "narrows")?;
    let seats: Vec<String> = wish.seat.iter().map(|seat| seat.trim().to_owned()).collect();
    Ok(Options {
        seats,
        area,
        runs,
        effort_permille,
        improve: wish.improve,
        tables: false,
        ..Options::default()
    })
}

fn district_of(room: &Room, seat: &str) -> Result<AreaId, Problem> {
    let seats = room.convoys().seats(room.node())?;
    let found = seats.iter().find(|it| it.seat.as_str() == seat);
    found.map(|it| it.district.clone()).ok_or_else(|| Problem::not_found(seat))
}

/// The plan of a seat, for whoever must know it; that it was looked at is written down.
fn opened(room: &Room, access: &Access, seat: &str) -> Result<SeatFile, Problem> {
    let district = district_of(room, seat)?;
    if !access.reaches(&district) {
        return Err(Problem::about(Code::OutsideArea, seat));
    }
    let locker = room.convoys().locker(room.node())?;
    let file = work::read_seat(&*locker, seat)?.ok_or_else(|| Problem::not_found(seat))?;
    tracing::info!(person = %access.person, seat, "the convoys of a seat were opened");
    Ok(file)
}

/// One seat's convoys with routes, times, loads and alternates, the night that follows, and what would improve it.
#[utoipa::path(get, path = "/api/convoys/{seat}", tag = "convoys", params(("seat" = String, Path)),
    responses((status = 200, body = ConvoyDetail), (status = 403, body = Fault), (status = 404, body = Fault)))]
pub async fn one(
    State(room): State<Room>,
    access: Access,
    Path(seat): Path<String>,
) -> Result<Json<ConvoyDetail>, Problem> {
    blocking(move || {
        let file = opened(&room, &access, &seat)?;
        view::detail(&room, &access, &file)
    })
    .await
}

/// Every call of a seat's convoys as CSV.
#[utoipa::path(get, path = "/api/convoys/{seat}/calls.csv", tag = "convoys", params(("seat" = String, Path)),
    responses((status = 200, content_type = "text/csv", body = String), (status = 403, body = Fault), (status = 404, body = Fault)))]
pub async fn calls_csv(
    State(room): State<Room>,
    access: Access,
    Path(seat): Path<String>,
) -> Result<Response, Problem> {
    leave(room, access, seat, "calls.csv", reply::CSV, work::seat_calls_csv).await
}

/// Calls of the eve, calls of the night and strips of a seat as a workbook.
#[utoipa::path(get, path = "/api/convoys/{seat}/plan.xlsx", tag = "convoys", params(("seat" = String, Path)),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body = Vec<u8>), (status = 403, body = Fault), (status = 404, body = Fault)))]
pub async fn plan_xlsx(
    State(room): State<Room>,
    access: Access,
    Path(seat): Path<String>,
) -> Result<Response, Problem> {
    leave(room, access, seat, "plan.xlsx", reply::XLSX, work::seat_xlsx).await
}

type Make = fn(&SeatFile, Option<&str>) -> Result<Vec<u8>, crate::work::WorkError>;

async fn leave(
    room: Room,
    access: Access,
    seat: String,
    end: &'static str,
    kind: &'static str,
    make: Make,
) -> Result<Response, Problem> {
    let name = format!("pehra-convoys-{seat}-{end}");
    let Json(bytes) = blocking(move || {
        let file = opened(&room, &access, &seat)?;
        let taken = format!("taken by {}", access.person);
        let notes: Vec<String> = room.node().watermark().into_iter().chain([taken]).collect();
        Ok(make(&file, Some(&notes.join(" · ")))?)
    })
    .await?;
    Ok(reply::file(&name, kind, bytes))
}
