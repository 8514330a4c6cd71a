//! A plan by district, by building, by unit.

use super::{KindTotal, available, find, posting};
use crate::{
    http::{
        problem::{Fault, Problem},
        room::Room,
        stations::{ClassWord, PostView, PostingView, StaffWord},
        view::{
            Age, Assessed, PlanIndex, area_name, area_name_ur, building as find_building,
            buildings as all,
        },
        who::{Access, area_asked},
    },
    world::{StationTable, World},
};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use pehra_domain::{
    AreaId, BuildingId,
    building::Building,
    force::{StaffKind, Tier},
    plan::{Shortfall, ShortfallReason},
    risk::{RiskClass, StationAssessment},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

const PAGE: usize = 100;
const PAGE_MAX: usize = 1_000;

/// What 100 more people of a kind would do at the plan's prices: an upper bound, since prices fall as posts fill.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ShadowView {
    pub kind: StaffWord,
    /// Unmet posts removed by 100 more people: all of them go to the dearest posts first.
    pub per_hundred: u64,
    /// Highest price of one more person here, in units of the objective.
    pub price_max: i64,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PlanDistrict {
    pub area: String,
    pub name: String,
    pub name_ur: Option<String>,
    pub province: String,
    pub buildings: usize,
    pub per_kind: Vec<KindTotal>,
    /// The highest class of a building where posts stay empty.
    pub worst_class_missing: Option<ClassWord>,
    pub shadow: Vec<ShadowView>,
    /// People with a task, and those of them whom the signed forecast of training expects untrained on the day; none
    /// where nothing was forecast.
    pub tasked: Option<u32>,
    pub untrained: Option<u32>,
}

/// The districts within reach.
#[utoipa::path(get, path = "/api/plans/{id}/districts", tag = "plans", params(("id" = String, Path)),
    responses((status = 200, body = Vec<PlanDistrict>), (status = 404, body = Fault)))]
pub async fn districts(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Json<Vec<PlanDistrict>>, Problem> {
    let out = tokio::task::spawn_blocking(move || district_rows(&room, &access, &id)).await;
    out.map_err(Problem::internal)?.map(Json)
}

fn district_rows(room: &Room, access: &Access, id: &str) -> Result<Vec<PlanDistrict>, Problem> {
    let world = room.node().world();
    let plan = find(&world, id)?;
    let index = room.plan_index(&plan);
    let classes = Classes::of(&world);
    let mut by_area: BTreeMap<&AreaId, Vec<&Building>> = BTreeMap::new();
    for building in all(&world).filter(|building| access.reaches(&building.district)) {
        by_area.entry(&building.district).or_default().push(building);
    }
    let supply = supply_by_area(&world, &index);
    let gazetteer = room.node().gazetteer();
    let poll = room.node().poll_date();
    let training = room.node().ops(|state| crate::http::training::untrained(state, poll));
    let rows = by_area.into_iter().map(|(area, buildings)| {
        let supply = supply.get(area);
        let sums = Sums::of(&index, &buildings, &classes);
        PlanDistrict {
            area: area.to_string(),
            name: area_name(gazetteer, area),
            name_ur: area_name_ur(gazetteer, area),
            province: area.province().map(|province| province.to_string()).unwrap_or_default(),
            buildings: buildings.len(),
            per_kind: sums.totals(supply),
            worst_class_missing: sums.worst.map(ClassWord::from),
            shadow: sums.shadow(),
            tasked: training.get(area).map(|(tasked, _)| *tasked),
            untrained: training.get(area).map(|(_, untrained)| *untrained),
        }
    });
    Ok(rows.collect())
}

type Supply = BTreeMap<StaffKind, (u64, u64)>;

/// People at hand and people posted, by kind, of the units of each district.
fn supply_by_area<'a>(world: &'a World, index: &PlanIndex) -> BTreeMap<&'a AreaId, Supply> {
    let mut out: BTreeMap<&AreaId, Supply> = BTreeMap::new();
    for unit in world.units.iter().flat_map(|table| &table.units) {
        let supply = out.entry(&unit.district).or_default();
        for (kind, people) in available(unit) {
            supply.entry(kind).or_default().0 += u64::from(people);
        }
        for posting in index.postings_of(&unit.id) {
            supply.entry(posting.kind).or_default().1 += u64::from(posting.count);
        }
    }
    out
}

#[derive(Default)]
struct Sums {
    by_kind: BTreeMap<StaffKind, [u64; 4]>,
    price: BTreeMap<StaffKind, i64>,
    worst: Option<RiskClass>,
}

impl Sums {
    fn of(index: &PlanIndex, buildings: &[&Building], classes: &Classes<'_>) -> Self {
        let mut sums = Self::default();
        for building in buildings {
            for need in index.needs_at(&building.id) {
                let sum = sums.by_kind.entry(need.kind).or_default();
                sum[0] += u64::from(need.need);
                sum[1] += u64::from(need.posted);
            }
            for short in index.shortfalls_at(&building.id).filter(|short| short.missing > 0) {
                let sum = sums.by_kind.entry(short.kind).or_default();
                sum[2] += u64::from(short.missing);
                sum[3] += u64::from(short.minimum_missing);
                let price = sums.price.entry(short.kind).or_default();
                *price = short.shadow_price.max(*price);
                sums.worst = sums.worst.max(classes.get(&building.id));
            }
        }
        sums
    }

    fn totals(&self, supply: Option<&Supply>) -> Vec<KindTotal> {
        let total = |kind: StaffKind| {
            let [need, posted, missing, minimum_missing] =
                self.by_kind.get(&kind).copied().unwrap_or_default();
            let (supply, used) =
                supply.and_then(|supply| supply.get(&kind)).copied().unwrap_or_default();
            let unused = supply.saturating_sub(used);
            KindTotal { kind: kind.into(), need, posted, missing, minimum_missing, supply, unused }
        };
        StaffKind::ALL.into_iter().map(total).collect()
    }

    fn shadow(&self) -> Vec<ShadowView> {
        let missing = |kind: &StaffKind| self.by_kind.get(kind).map_or(0, |sum| sum[2]);
        self.price
            .iter()
            .map(|(kind, &price_max)| ShadowView {
                kind: (*kind).into(),
                per_hundred: missing(kind).min(100),
                price_max,
            })
            .collect()
    }
}

/// The highest force class in each building of the station list.
struct Classes<'a> {
    table: Option<&'a StationTable>,
    by_position: Vec<Option<RiskClass>>,
}

impl<'a> Classes<'a> {
    fn of(world: &'a World) -> Self {
        let Some(table) = world.stations.as_deref() else {
            return Self { table: None, by_position: Vec::new() };
        };
        let assessed = Assessed::of(table, world.assessment.as_deref());
        let mut by_position = vec![None; table.buildings.len()];
        for (position, station) in table.stations.iter().enumerate() {
            let building = table.building_of.get(position).copied().unwrap_or(u32::MAX);
            let Some(known) = by_position.get_mut(building as usize) else { continue };
            let class = assessed
                .row(position, station)
                .map(StationAssessment::force_class)
                .or_else(|| station.official_class())
                .unwrap_or(RiskClass::Normal);
            *known = Some(class).max(*known);
        }
        Self { table: Some(table), by_position }
    }

    /// None for a place where nobody votes.
    fn get(&self, building: &BuildingId) -> Option<RiskClass> {
        let position = *self.table?.by_building.get(building)?;
        *self.by_position.get(position as usize)?
    }
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BuildingFilter {
    pub district: Option<String>,
    /// One building, by its name.
    pub building: Option<String>,
    /// Only where posts stay empty; the dearest first.
    #[serde(default)]
    pub only_short: bool,
    /// At most 1,000.
    pub limit: Option<usize>,
    #[serde(default)]
    pub offset: usize,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ShortfallView {
    pub kind: StaffWord,
    pub missing: u32,
    pub minimum_missing: u32,
    /// `nobody_left`, `too_far`, `capped`, `locked`, `no_such_unit`, `at_home`, `too_long`, `together`.
    pub reason: String,
    pub reason_en: String,
    pub reason_ur: String,
    /// Objective units gained by one more person here.
    pub shadow_price: i64,
    pub mitigation: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PlanBuilding {
    pub building: String,
    pub name: String,
    pub district: String,
    pub class: Option<ClassWord>,
    pub stations: usize,
    pub need: u64,
    pub posted: u64,
    pub missing: u64,
    pub per_kind: Vec<PostView>,
    pub postings: Vec<PostingView>,
    pub shortfalls: Vec<ShortfallView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BuildingPage {
    pub total: usize,
    pub rows: Vec<PlanBuilding>,
    #[serde(flatten)]
    pub age: Age,
}

/// The buildings within reach, with who stands there and what is missing.
#[utoipa::path(get, path = "/api/plans/{id}/buildings", tag = "plans",
    params(("id" = String, Path), BuildingFilter),
    responses((status = 200, body = BuildingPage), (status = 404, body = Fault)))]
pub async fn buildings(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Query(filter): Query<BuildingFilter>,
) -> Result<Json<BuildingPage>, Problem> {
    let out =
        tokio::task::spawn_blocking(move || building_page(&room, &access, &id, &filter)).await;
    out.map_err(Problem::internal)?.map(Json)
}

fn building_page(
    room: &Room,
    access: &Access,
    id: &str,
    filter: &BuildingFilter,
) -> Result<BuildingPage, Problem> {
    let world = room.node().world();
    let plan = find(&world, id)?;
    let index = room.plan_index(&plan);
    let district = area_asked(filter.district.as_deref())?;
    let wanted = |building: &&Building| {
        access.reaches(&building.district)
            && district.as_ref().is_none_or(|district| district.contains(&building.district))
            && filter.building.as_deref().is_none_or(|id| building.id.as_str() == id)
    };
    let price = |building: &Building| {
        let short = index.shortfalls_at(&building.id).filter(|short| short.missing > 0);
        short.map(|short| short.shadow_price).max()
    };
    let mut found: Vec<(&Building, Option<i64>)> = if filter.only_short {
        let short: BTreeSet<&str> =
            plan.plan.shortfalls.iter().map(|short| short.building.as_str()).collect();
        let short = all(&world).filter(wanted).filter(|b| short.contains(b.id.as_str()));
        short.map(|b| (b, price(b))).filter(|(_, price)| price.is_some()).collect()
    } else {
        all(&world).filter(wanted).map(|building| (building, None)).collect()
    };
    found.sort_by(|(a, x), (b, y)| y.cmp(x).then_with(|| a.id.cmp(&b.id)));
    let limit = filter.limit.unwrap_or(PAGE).min(PAGE_MAX);
    let classes = Classes::of(&world);
    let rows = found
        .iter()
        .skip(filter.offset)
        .take(limit)
        .map(|(building, _)| building_row(&world, &index, building, &classes))
        .collect();
    Ok(BuildingPage { total: found.len(), rows, age: Age::of(&plan.provenance) })
}

fn building_row(
    world: &World,
    index: &PlanIndex,
    building: &Building,
    classes: &Classes<'_>,
) -> PlanBuilding {
    let per_kind: Vec<PostView> = index
        .needs_at(&building.id)
        .map(|need| PostView {
            kind: need.kind.into(),
            need: need.need,
            minimum: need.minimum,
            posted: need.posted,
        })
        .collect();
    let short: Vec<&Shortfall> = index.shortfalls_at(&building.id).collect();
    PlanBuilding {
        building: building.id.to_string(),
        name: building.name.clone(),
        district: building.district.to_string(),
        class: classes.get(&building.id).map(ClassWord::from),
        stations: building.stations.len(),
        need: per_kind.iter().map(|post| u64::from(post.need)).sum(),
        posted: per_kind.iter().map(|post| u64::from(post.posted)).sum(),
        missing: short.iter().map(|short| u64::from(short.missing)).sum(),
        per_kind,
        postings: index.postings_at(&building.id).map(|row| posting(world, row)).collect(),
        shortfalls: short.into_iter().map(shortfall).collect(),
    }
}

/// An unmet post for the screens.
pub(super) fn shortfall(short: &Shortfall) -> ShortfallView {
    let (reason, reason_en, reason_ur) = reason(short.reason);
    ShortfallView {
        kind: short.kind.into(),
        missing: short.missing,
        minimum_missing: short.minimum_missing,
        reason: reason.to_owned(),
        reason_en: reason_en.to_owned(),
        reason_ur: reason_ur.to_owned(),
        shadow_price: short.shadow_price,
        mitigation: short.mitigation.clone(),
    }
}

/// A reason's name and its sentences.
#[must_use]
pub(super) fn reason(reason: ShortfallReason) -> (&'static str, &'static str, &'static str) {
    match reason {
        ShortfallReason::NobodyLeft => (
            "nobody_left",
            "No unit has anybody of this kind left.",
            "کسی یونٹ میں اس قسم کا کوئی باقی نہیں۔",
        ),
        ShortfallReason::TooFar => (
            "too_far",
            "Those left stand so far away that the journey costs more than the gap is worth.",
            "جو باقی ہیں وہ اتنے دور ہیں کہ سفر کا بوجھ خلا سے زیادہ ہے۔",
        ),
        ShortfallReason::Capped => (
            "capped",
            "The limit on visible armed presence forbids more.",
            "نظر آنے والی مسلح نفری کی حد اس سے زیادہ کی اجازت نہیں دیتی۔",
        ),
        ShortfallReason::Locked => (
            "locked",
            "A lock set by hand keeps people away.",
            "ہاتھ سے لگائی گئی بندش نفری کو روکتی ہے۔",
        ),
        ShortfallReason::NoSuchUnit => (
            "no_such_unit",
            "There is no unit of this kind in the plan.",
            "منصوبے میں اس قسم کی کوئی یونٹ نہیں۔",
        ),
        ShortfallReason::AtHome => (
            "at_home",
            "Those left are at home in that constituency, or not trained for it.",
            "جو باقی ہیں ان کا آبائی حلقہ وہی ہے، یا وہ اس کے لیے تربیت یافتہ نہیں۔",
        ),
        ShortfallReason::Together => (
            "together",
            "Those left would stand there alone, or have no seat to get there.",
            "جو باقی ہیں وہ وہاں اکیلے ہوں گے، یا ان کے لیے گاڑی میں جگہ نہیں۔",
        ),
        ShortfallReason::TooLong => (
            "too_long",
            "Those left would be too long on the way or on duty, or come too late.",
            "جو باقی ہیں ان کا سفر یا ڈیوٹی حد سے لمبی ہو گی، یا وہ دیر سے پہنچیں گے۔",
        ),
    }
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UnitFilter {
    pub district: Option<String>,
    /// At most 1,000.
    pub limit: Option<usize>,
    #[serde(default)]
    pub offset: usize,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UnitPosting {
    pub building: String,
    pub name: String,
    pub kind: StaffWord,
    pub count: u32,
    pub distance_m: u32,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PlanUnit {
    pub unit: String,
    pub name: String,
    /// `police`, `civil_armed_forces`, `army`.
    pub tier: String,
    pub district: String,
    pub men: u32,
    pub women: u32,
    pub reserve: u32,
    pub posted: u64,
    pub buildings: Vec<UnitPosting>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UnitPage {
    pub total: usize,
    pub rows: Vec<PlanUnit>,
    #[serde(flatten)]
    pub age: Age,
}

/// The units within reach, with where their people stand.
#[utoipa::path(get, path = "/api/plans/{id}/units", tag = "plans",
    params(("id" = String, Path), UnitFilter),
    responses((status = 200, body = UnitPage), (status = 404, body = Fault)))]
pub async fn units(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Query(filter): Query<UnitFilter>,
) -> Result<Json<UnitPage>, Problem> {
    let out = tokio::task::spawn_blocking(move || unit_page(&room, &access, &id, &filter)).await;
    out.map_err(Problem::internal)?.map(Json)
}

fn unit_page(
    room: &Room,
    access: &Access,
    id: &str,
    filter: &UnitFilter,
) -> Result<UnitPage, Problem> {
    let world = room.node().world();
    let plan = find(&world, id)?;
    let index = room.plan_index(&plan);
    let district = area_asked(filter.district.as_deref())?;
    let found: Vec<_> = world
        .units
        .iter()
        .flat_map(|table| &table.units)
        .filter(|unit| access.reaches(&unit.district))
        .filter(|unit| district.as_ref().is_none_or(|area| area.contains(&unit.district)))
        .collect();
    let limit = filter.limit.unwrap_or(PAGE).min(PAGE_MAX);
    let rows = found.iter().skip(filter.offset).take(limit).map(|unit| {
        let buildings: Vec<UnitPosting> = index
            .postings_of(&unit.id)
            .map(|posting| UnitPosting {
                building: posting.building.to_string(),
                name: find_building(&world, &posting.building)
                    .map(|building| building.name.clone())
                    .unwrap_or_default(),
                kind: posting.kind.into(),
                count: posting.count,
                distance_m: posting.distance_m,
            })
            .collect();
        PlanUnit {
            unit: unit.id.to_string(),
            name: unit.name.clone(),
            tier: tier_word(unit.tier).to_owned(),
            district: unit.district.to_string(),
            men: unit.men,
            women: unit.women,
            reserve: unit.reserve,
            posted: buildings.iter().map(|posting| u64::from(posting.count)).sum(),
            buildings,
        }
    });
    Ok(UnitPage { total: found.len(), rows: rows.collect(), age: Age::of(&plan.provenance) })
}

pub(super) fn tier_word(tier: Tier) -> &'static str {
    match tier {
        Tier::Police => "police",
        Tier::CivilArmedForces => "civil_armed_forces",
        Tier::Army => "army",
    }
}
