//! Why a station has its class, and what it would have if.

use super::ClassWord;
use crate::{
    http::{
        problem::{Code, Fault, Problem},
        room::Room,
        view::assessment_of,
    },
    world::World,
};
use axum::{
    Json,
    extract::{Path, State},
};
use pehra_domain::{
    override_record::OverrideCode,
    risk::{Factor, FactorScore, RiskClass, StationAssessment},
};
use pehra_plan::assess::{
    class_with, inherent_points,
    model::Model,
    score::{Points, parts, score, to_centi},
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct FactorWish {
    /// `T1` … `C5`.
    pub factor: String,
    /// 0 (none) to 400 (extreme).
    pub centi: u16,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct WhatIfWish {
    pub changes: Vec<FactorWish>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FactorNow {
    pub factor: String,
    pub centi: u16,
}

/// The score that a station would have; nothing is signed or kept.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WhatIf {
    pub score_centi: u16,
    pub class: ClassWord,
    pub before_centi: u16,
    pub before_class: ClassWord,
    pub t_centi: u16,
    pub v_centi: u16,
    pub c_centi: u16,
    /// All factors after the change.
    pub factors: Vec<FactorNow>,
    pub as_of_ms: i64,
    pub source: String,
}

/// What the score would be with other values of some factors.
#[utoipa::path(post, path = "/api/stations/{id}/what-if", tag = "stations", params(("id" = String, Path)),
    request_body = WhatIfWish,
    responses((status = 200, body = WhatIf), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn what_if(
    State(room): State<Room>,
    Path(id): Path<String>,
    Json(wish): Json<WhatIfWish>,
) -> Result<Json<WhatIf>, Problem> {
    let done = tokio::task::spawn_blocking(move || if_so(&room, &id, &wish)).await;
    done.map_err(Problem::internal)?.map(Json)
}

fn if_so(room: &Room, id: &str, wish: &WhatIfWish) -> Result<WhatIf, Problem> {
    let world = room.node().world();
    let row = row_of(&world, id)?;
    let model = room.node().risk_model()?;
    let mut factors = row.factors.clone();
    for change in &wish.changes {
        let factor = Factor::from_code(&change.factor).ok_or_else(|| {
            Problem::about(Code::ValueRefused, format!("factor {}", change.factor))
        })?;
        if change.centi > 400 {
            let what = format!("{}: {} is more than 400", change.factor, change.centi);
            return Err(Problem::about(Code::ValueRefused, what));
        }
        if let Some(score) = factors.get_mut(factor.index()) {
            score.centi = change.centi;
        }
    }
    // The force gap is fixed at 4 in the inherent score, unless it is what the person asks about.
    let asked_gap = wish.changes.iter().any(|change| change.factor == Factor::V4.code());
    let before = inherent_points(&row.factors);
    let after =
        if asked_gap { pehra_plan::assess::points_of(&factors) } else { inherent_points(&factors) };
    let provenance = world.assessment.as_ref().map(|table| &table.provenance);
    Ok(answer(&model, &before, &after, &row.overrides, &factors, provenance))
}

fn answer(
    model: &Model,
    before: &Points,
    after: &Points,
    overrides: &[OverrideCode],
    factors: &[FactorScore],
    provenance: Option<&crate::world::Provenance>,
) -> WhatIf {
    let (before_centi, score_centi) =
        (to_centi(score(model, before)), to_centi(score(model, after)));
    let class = |centi: u16| -> RiskClass { class_with(model.class_of(centi), overrides) };
    let [t, v, c] = parts(model, after).map(to_centi);
    WhatIf {
        score_centi,
        class: class(score_centi).into(),
        before_centi,
        before_class: class(before_centi).into(),
        t_centi: t,
        v_centi: v,
        c_centi: c,
        factors: Factor::ALL
            .into_iter()
            .zip(factors)
            .map(|(factor, score)| FactorNow {
                factor: factor.code().to_owned(),
                centi: score.centi,
            })
            .collect(),
        as_of_ms: provenance.map_or(0, |provenance| provenance.at.0),
        source: provenance.map(|provenance| provenance.source.clone()).unwrap_or_default(),
    }
}

fn row_of<'a>(world: &'a World, id: &str) -> Result<&'a StationAssessment, Problem> {
    let table = world.stations.as_ref().ok_or_else(|| Problem::of(Code::NotReady))?;
    let position = table.find(id).ok_or_else(|| Problem::not_found(id))?;
    assessment_of(table, world.assessment.as_deref(), position)
        .ok_or_else(|| Problem::about(Code::NotReady, "assessment"))
}
