//! The nation's assessment in numbers, and the work that makes it.

use crate::{
    http::{
        given::Given,
        map::stations_of,
        points::class_byte,
        problem::{Code, Fault, Problem},
        room::Room,
        view::{Age, Assessed, area_name, area_name_ur},
        who::Access,
    },
    job::{Job, JobKind},
    work,
    world::World,
};
use axum::{Json, extract::State};
use pehra_domain::{AreaId, Date, gazetteer::Gazetteer, risk::StationAssessment, station::Station};
use pehra_plan::backtest::{Report, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, Default, Serialize, utoipa::ToSchema)]
pub struct ClassCount {
    pub normal: u64,
    pub sensitive: u64,
    pub most: u64,
}

impl ClassCount {
    fn of(counts: [u64; 3]) -> Self {
        let [normal, sensitive, most] = counts;
        Self { normal, sensitive, most }
    }
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AreaSummary {
    pub area: String,
    pub name: String,
    pub name_ur: Option<String>,
    pub province: String,
    pub stations: u64,
    pub normal: u64,
    pub sensitive: u64,
    pub most: u64,
    pub mean_centi: u64,
    pub disagreements: u64,
    pub provisional: u64,
    pub completeness_pct: u64,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AssessmentSummary {
    pub as_of_ms: i64,
    pub source: String,
    pub seed: u64,
    pub draws: u32,
    /// Stations within reach that are assessed.
    pub stations: u64,
    /// Stations within reach that came after the assessment.
    pub unassessed: u64,
    /// Computed classes.
    pub national: ClassCount,
    /// Official classes.
    pub official: ClassCount,
    pub disagreements: u64,
    pub provisional: u64,
    pub completeness_pct: u64,
    pub provinces: Vec<AreaSummary>,
    pub districts: Vec<AreaSummary>,
}

#[derive(Clone, Copy, Default)]
struct Sum {
    stations: u64,
    classes: [u64; 3],
    official: [u64; 3],
    score: u64,
    disagreements: u64,
    provisional: u64,
    completeness: u64,
    unassessed: u64,
}

impl Sum {
    fn add(&mut self, station: &Station, row: Option<&StationAssessment>) {
        if let Some(class) = station.official_class() {
            self.official[usize::from(class_byte(class))] += 1;
        }
        let Some(row) = row else {
            self.unassessed += 1;
            return;
        };
        self.stations += 1;
        self.classes[usize::from(class_byte(row.class))] += 1;
        self.score += u64::from(row.inherent_centi);
        self.disagreements += u64::from(row.disagrees());
        self.provisional += u64::from(row.provisional);
        self.completeness += u64::from(row.completeness_pct);
    }

    fn join(&mut self, other: &Self) {
        let add = |a: &mut [u64; 3], b: [u64; 3]| a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        self.stations += other.stations;
        add(&mut self.classes, other.classes);
        add(&mut self.official, other.official);
        self.score += other.score;
        self.disagreements += other.disagreements;
        self.provisional += other.provisional;
        self.completeness += other.completeness;
        self.unassessed += other.unassessed;
    }

    fn completeness_pct(&self) -> u64 {
        self.completeness / self.stations.max(1)
    }

    fn view(&self, area: &AreaId, gazetteer: &Gazetteer) -> AreaSummary {
        let [normal, sensitive, most] = self.classes;
        AreaSummary {
            area: area.to_string(),
            name: area_name(gazetteer, area),
            name_ur: area_name_ur(gazetteer, area),
            province: area.province().map(|area| area.to_string()).unwrap_or_default(),
            stations: self.stations,
            normal,
            sensitive,
            most,
            mean_centi: self.score / self.stations.max(1),
            disagreements: self.disagreements,
            provisional: self.provisional,
            completeness_pct: self.completeness_pct(),
        }
    }
}

/// The assessment in numbers, of what is within reach.
#[utoipa::path(get, path = "/api/assessment", tag = "assessment",
    responses((status = 200, body = AssessmentSummary), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn summary(
    State(room): State<Room>,
    access: Access,
) -> Result<Json<AssessmentSummary>, Problem> {
    let world = room.node().world();
    let summary = tokio::task::spawn_blocking(move || summarise(&room, &world, &access)).await;
    summary.map_err(Problem::internal)?.map(Json)
}

fn summarise(room: &Room, world: &World, access: &Access) -> Result<AssessmentSummary, Problem> {
    let table = stations_of(world)?;
    let made = world.assessment.as_ref().ok_or_else(|| Problem::not_found("assessment"))?;
    let assessed = Assessed::of(table, Some(made));
    let mut districts = Vec::new();
    let mut provinces: BTreeMap<AreaId, Sum> = BTreeMap::new();
    let mut all = Sum::default();
    let gazetteer = room.node().gazetteer();
    for (area, range) in table.districts.iter().filter(|(area, _)| access.reaches(area)) {
        let mut sum = Sum::default();
        let stations = crate::http::map::slice(table, range);
        for (position, station) in (range.start as usize..).zip(stations) {
            sum.add(station, assessed.row(position, station));
        }
        all.join(&sum);
        provinces.entry(area.province().unwrap_or_else(AreaId::nation)).or_default().join(&sum);
        districts.push(sum.view(area, gazetteer));
    }
    let age = Age::of(&made.provenance);
    Ok(AssessmentSummary {
        as_of_ms: age.as_of_ms,
        source: age.source,
        seed: made.seed,
        draws: made.draws,
        stations: all.stations,
        unassessed: all.unassessed,
        national: ClassCount::of(all.classes),
        official: ClassCount::of(all.official),
        disagreements: all.disagreements,
        provisional: all.provisional,
        completeness_pct: all.completeness_pct(),
        provinces: provinces.iter().map(|(area, sum)| sum.view(area, gazetteer)).collect(),
        districts,
    })
}

#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct AssessWish {
    pub seed: Option<u64>,
    /// At most 10,000; 500 when not given.
    pub draws: Option<u32>,
    /// Sign thresholds that fit the sizes of the authority's classes first.
    pub fit: Option<bool>,
}

/// Most draws that the room accepts.
const DRAWS_MAX: u32 = 10_000;

/// Assesses every station in a job.
#[utoipa::path(post, path = "/api/assessment", tag = "assessment", request_body = AssessWish,
    responses((status = 200, body = Job), (status = 409, body = Fault)))]
pub async fn start(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<AssessWish>,
) -> Result<Json<Job>, Problem> {
    let node = room.node().clone();
    let world = node.world();
    stations_of(&world)?;
    let actor = access.actor_of_all(&world)?;
    let usual = work::assess::Options::default();
    let options = work::assess::Options {
        seed: wish.seed.unwrap_or(usual.seed),
        draws: wish.draws.unwrap_or(usual.draws).clamp(1, DRAWS_MAX),
        fit: wish.fit.unwrap_or(usual.fit),
    };
    let by = access.person.to_string();
    let job =
        room.node().jobs().start(JobKind::Assess, "Assess every station", by, move |ctl| {
            let table = work::assess::run(&node, &actor, options, &mut ctl.watch())?;
            Ok(serde_json::json!({ "stations": table.rows.len() }))
        })?;
    Ok(Json(job))
}

#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct BacktestWish {
    /// `2013-05-11`: the poll whose window is scored; the model knows only what came before the window.
    pub poll: Option<String>,
    pub days_before: Option<i32>,
    pub days_after: Option<i32>,
    /// Location precision 1 (exact) to 6 (country); events coarser than this are left out.
    pub place_precision_max: Option<u8>,
    pub top_districts: Option<usize>,
    /// At most 10,000.
    pub bootstraps: Option<u32>,
    pub seed: Option<u64>,
}

/// Most resamples that the room accepts.
const BOOTSTRAPS_MAX: u32 = 10_000;

/// Trains before a poll's window and scores in it, in a job; the result carries each method's capture with its
/// interval, and the verdict.
#[utoipa::path(post, path = "/api/backtest", tag = "assessment", request_body = BacktestWish,
    responses((status = 200, body = Job), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn backtest(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<BacktestWish>,
) -> Result<Json<Job>, Problem> {
    let node = room.node().clone();
    let poll = match wish.poll.as_deref() {
        None => node.poll_date(),
        Some(text) => Date::parse(text)
            .ok_or_else(|| Problem::about(Code::ValueRefused, "poll: write 2013-05-11"))?,
    };
    let options = work::backtest::Options {
        poll,
        days_before: wish.days_before.unwrap_or(30).clamp(0, 365),
        days_after: wish.days_after.unwrap_or(2).clamp(0, 365),
        place_precision_max: wish.place_precision_max.unwrap_or(3).clamp(1, 7),
        top_districts: wish.top_districts.unwrap_or(20),
        bootstraps: wish.bootstraps.unwrap_or(2_000).min(BOOTSTRAPS_MAX),
        seed: wish.seed.unwrap_or(work::assess::Options::default().seed),
        own_stations: false,
        previous_classes: false,
    };
    let by = access.person.to_string();
    let job =
        room.node().jobs().start(JobKind::Backtest, "Backtest the model", by, move |ctl| {
            let report = work::backtest::run(&node, options, &mut ctl.watch())?;
            Ok(backtest_json(&report))
        })?;
    Ok(Json(job))
}

fn backtest_json(report: &Report) -> serde_json::Value {
    let rows: Vec<serde_json::Value> = report
        .rows
        .iter()
        .map(|row| {
            serde_json::json!({
                "method": row.method.name(),
                "captured": row.captured,
                "capture": row.capture,
                "lift": row.lift,
                "brier": row.brier,
            })
        })
        .collect();
    serde_json::json!({
        "poll": report.poll.to_string(),
        "from": report.from.to_string(),
        "until": report.until.to_string(),
        "events": report.events,
        "districts_hit": report.districts_hit,
        "districts": report.districts,
        "top_districts": report.top_districts,
        "ceiling": report.ceiling,
        "rows": rows,
        "difference": report.difference.by_district,
        "verdict": match report.verdict {
            Verdict::Beats => "beats",
            Verdict::AheadNotSure => "ahead_not_sure",
            Verdict::DoesNotBeat => "does_not_beat",
        },
        "too_small": report.too_small,
    })
}
