//! One station: what is known of it, why it has its class, and what people decided about it.

mod decide;
mod evidence;
mod list;
mod why;

pub use decide::{
    ApproveWish, OfficialWish, OverrideWish, approve_official, lift_override, reject_official,
    set_official, set_override,
};
pub use evidence::EvidenceKept;
pub use list::{StationPage, StationRow, csv, list, xlsx};
pub use why::{WhatIf, WhatIfWish, Why, what_if, why};

// The attribute on a handler makes items beside it; the table names them by the handler's path.
pub use decide::{
    __path_approve_official, __path_lift_override, __path_reject_official, __path_set_official,
    __path_set_override,
};
pub use list::{__path_csv, __path_list, __path_xlsx};
pub use why::{__path_what_if, __path_why};

use crate::{
    http::{
        persons, plans, points,
        problem::{Fault, Problem},
        room::Room,
        view::{Age, area_name, assessment_of},
        who::Access,
    },
    world::World,
};
use axum::{
    Json,
    extract::{Path, State},
};
use pehra_domain::{
    booth::BySex,
    contest::Assembly,
    force::StaffKind,
    plan::Origin,
    risk::{RiskClass, StationAssessment},
    station::{PlaceBasis, StationKind},
};
use serde::Serialize;

/// `men`, `women`, `combined`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum KindWord {
    Men,
    Women,
    Combined,
}

impl From<StationKind> for KindWord {
    fn from(kind: StationKind) -> Self {
        match kind {
            StationKind::Men => Self::Men,
            StationKind::Women => Self::Women,
            StationKind::Combined => Self::Combined,
        }
    }
}

/// `normal`, `sensitive`, `most`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ClassWord {
    Normal,
    Sensitive,
    Most,
}

impl From<RiskClass> for ClassWord {
    fn from(class: RiskClass) -> Self {
        match class {
            RiskClass::Normal => Self::Normal,
            RiskClass::Sensitive => Self::Sensitive,
            RiskClass::Most => Self::Most,
        }
    }
}

impl From<ClassWord> for RiskClass {
    fn from(class: ClassWord) -> Self {
        match class {
            ClassWord::Normal => Self::Normal,
            ClassWord::Sensitive => Self::Sensitive,
            ClassWord::Most => Self::Most,
        }
    }
}

/// Where a position comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PlaceWord {
    Given,
    Repaired,
    Estimated,
}

impl From<PlaceBasis> for PlaceWord {
    fn from(basis: PlaceBasis) -> Self {
        match basis {
            PlaceBasis::Given => Self::Given,
            PlaceBasis::Repaired => Self::Repaired,
            PlaceBasis::Estimated => Self::Estimated,
        }
    }
}

/// What is counted and posted.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum StaffWord {
    PoliceMan,
    PoliceWoman,
    CivilArmedForces,
    Army,
}

impl From<StaffKind> for StaffWord {
    fn from(kind: StaffKind) -> Self {
        match kind {
            StaffKind::PoliceMan => Self::PoliceMan,
            StaffKind::PoliceWoman => Self::PoliceWoman,
            StaffKind::CivilArmedForces => Self::CivilArmedForces,
            StaffKind::Army => Self::Army,
        }
    }
}

impl From<StaffWord> for StaffKind {
    fn from(kind: StaffWord) -> Self {
        match kind {
            StaffWord::PoliceMan => Self::PoliceMan,
            StaffWord::PoliceWoman => Self::PoliceWoman,
            StaffWord::CivilArmedForces => Self::CivilArmedForces,
            StaffWord::Army => Self::Army,
        }
    }
}

/// Whence a unit comes, seen from the building.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OriginWord {
    OwnDistrict,
    OwnProvince,
    Outside,
}

impl From<Origin> for OriginWord {
    fn from(origin: Origin) -> Self {
        match origin {
            Origin::OwnDistrict => Self::OwnDistrict,
            Origin::OwnProvince => Self::OwnProvince,
            Origin::Outside => Self::Outside,
        }
    }
}

#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct SexCount {
    pub men: u32,
    pub women: u32,
}

impl From<BySex> for SexCount {
    fn from(count: BySex) -> Self {
        Self { men: count.men, women: count.women }
    }
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ContestView {
    /// `national` or `provincial`.
    pub assembly: String,
    pub constituency: String,
    pub station_no: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OfficialView {
    pub class: ClassWord,
    pub source: String,
    /// `2024-02-08`; none when the source has no date.
    pub as_of: Option<String>,
    pub approved_by: Option<String>,
}

/// A class that somebody proposed and nobody has approved yet.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProposalView {
    /// Names the proposal when it is approved.
    pub proposal: String,
    pub class: ClassWord,
    pub source: String,
    pub as_of: String,
    pub reason: String,
    pub proposed_by: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OverrideView {
    /// `O1`, `O2`, `O3`; `hand` when none of the rules covers it.
    pub code: String,
    pub reason: String,
    pub expires_ms: i64,
    pub signed_by: String,
}

/// Scores in hundredths.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AssessmentView {
    pub inherent_centi: u16,
    pub residual_centi: Option<u16>,
    pub p10_centi: u16,
    pub p50_centi: u16,
    pub p90_centi: u16,
    /// Probability of normal, sensitive, most in thousandths.
    pub class_permille: [u16; 3],
    pub class: ClassWord,
    /// The class by which forces are due: the official one where there is one.
    pub force_class: ClassWord,
    pub provisional: bool,
    pub completeness_pct: u8,
    pub overrides: Vec<OverrideView>,
    pub official: Option<ClassWord>,
    pub disagrees: bool,
    pub as_of_ms: i64,
    pub source: String,
}

/// Of the whole building: posts are shared by its stations.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PostView {
    pub kind: StaffWord,
    pub need: u32,
    pub minimum: u32,
    pub posted: u32,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PostingView {
    pub unit: String,
    pub unit_name: String,
    pub kind: StaffWord,
    pub count: u32,
    pub distance_m: u32,
    pub origin: OriginWord,
    /// Distances are estimated, not measured along roads.
    pub estimated: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StationDetail {
    pub id: String,
    pub name: String,
    pub kind: KindWord,
    pub district: String,
    pub district_name: String,
    pub province: String,
    pub lat_e7: i32,
    pub lon_e7: i32,
    pub place_basis: PlaceWord,
    pub building: String,
    pub contests: Vec<ContestView>,
    pub booths: SexCount,
    pub voters: SexCount,
    /// As the list gave them, and as approved on this node since.
    pub official: Vec<OfficialView>,
    /// Classes that wait for a second person's approval.
    pub proposals: Vec<ProposalView>,
    pub assessment: Option<AssessmentView>,
    pub posts: Vec<PostView>,
    pub postings: Vec<PostingView>,
    /// Number of its point on the asker's map.
    pub point_index: Option<u32>,
    #[serde(flatten)]
    pub age: Age,
}

/// One station.
#[utoipa::path(get, path = "/api/stations/{id}", tag = "stations", params(("id" = String, Path)),
    responses((status = 200, body = StationDetail), (status = 403, body = Fault), (status = 404, body = Fault)))]
pub async fn one(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Json<StationDetail>, Problem> {
    let world = room.node().world();
    let position = world.stations.as_ref().and_then(|table| table.find(&id));
    let found = position.and_then(|position| detail(&room, &world, &access, position));
    found.map(Json).ok_or_else(|| Problem::not_found(id))
}

/// The station at a position of the table.
pub(super) fn detail(
    room: &Room,
    world: &World,
    access: &Access,
    position: usize,
) -> Option<StationDetail> {
    let table = world.stations.as_ref()?;
    let station = table.stations.get(position)?;
    let row = assessment_of(table, world.assessment.as_deref(), position);
    let (posts, postings) = posts(room, world, position);
    Some(StationDetail {
        id: station.id.to_string(),
        name: station.name.clone(),
        kind: station.kind.into(),
        district: station.district.to_string(),
        district_name: area_name(room.node().gazetteer(), &station.district),
        province: station.district.province().map(|area| area.to_string()).unwrap_or_default(),
        lat_e7: station.point.lat_e7,
        lon_e7: station.point.lon_e7,
        place_basis: station.place_basis.into(),
        building: station.building.to_string(),
        contests: station
            .contests
            .iter()
            .map(|contest| ContestView {
                assembly: match contest.assembly {
                    Assembly::National => "national".to_owned(),
                    Assembly::Provincial => "provincial".to_owned(),
                },
                constituency: contest.constituency.to_string(),
                station_no: contest.station_no.clone(),
            })
            .collect(),
        booths: station.booths.into(),
        voters: station.voters.into(),
        official: decide::official(room, station),
        proposals: decide::proposals(room, &station.id),
        assessment: row.and_then(|row| assessment_view(room, world, row)),
        posts,
        postings,
        point_index: points::index_of(&access.ranges(table), position),
        age: Age::of(&table.provenance),
    })
}

fn assessment_view(room: &Room, world: &World, row: &StationAssessment) -> Option<AssessmentView> {
    let table = world.assessment.as_ref()?;
    Some(AssessmentView {
        inherent_centi: row.inherent_centi,
        residual_centi: row.residual_centi,
        p10_centi: row.p10_centi,
        p50_centi: row.p50_centi,
        p90_centi: row.p90_centi,
        class_permille: row.class_permille,
        class: row.class.into(),
        force_class: row.force_class().into(),
        provisional: row.provisional,
        completeness_pct: row.completeness_pct,
        overrides: persons::overrides_of(room.node(), &row.station),
        official: row.official.map(ClassWord::from),
        disagrees: row.disagrees(),
        as_of_ms: table.provenance.at.0,
        source: table.provenance.source.clone(),
    })
}

fn posts(room: &Room, world: &World, position: usize) -> (Vec<PostView>, Vec<PostingView>) {
    let table = world.stations.as_ref();
    let building = table.and_then(|table| table.building(position));
    let (Some(plan), Some(building)) = (plans::current(room.node(), world), building) else {
        return (Vec::new(), Vec::new());
    };
    let index = room.plan_index(&plan);
    let posts = index
        .needs_at(&building.id)
        .map(|need| PostView {
            kind: need.kind.into(),
            need: need.need,
            minimum: need.minimum,
            posted: need.posted,
        })
        .collect();
    let postings = index.postings_at(&building.id).map(|posting| plans::posting(world, posting));
    (posts, postings.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_there_and_back() {
        for class in RiskClass::ALL {
            assert_eq!(RiskClass::from(ClassWord::from(class)), class);
        }
        for kind in StaffKind::ALL {
            assert_eq!(StaffKind::from(StaffWord::from(kind)), kind);
        }
    }
}
