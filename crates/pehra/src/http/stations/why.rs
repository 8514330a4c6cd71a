//! Why a station has its class, and what it would have if.

use super::ClassWord;
use crate::{
    http::{
        given::Given,
        problem::{Code, Fault, Problem},
        room::Room,
        view::assessment_of,
    },
    work,
    world::World,
};
use axum::{
    Json,
    extract::{Path, State},
};
use pehra_domain::{
    override_record::OverrideCode,
    risk::{Factor, FactorBasis, FactorScore, RiskClass, StationAssessment},
};
use pehra_plan::{
    assess::{
        class_with, inherent_points,
        model::Model,
        score::{Points, parts, score, to_centi},
    },
    explain::Reason,
};
use serde::{Deserialize, Serialize};

/// One of the four reasons that move the score most, up or down.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReasonView {
    pub factor: String,
    /// Hundredths of score points against the reference of 1; negative: it holds the score down.
    pub contribution_centi: i32,
    pub sentence_en: String,
    pub sentence_ur: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FactorView {
    pub factor: String,
    pub name_en: String,
    pub name_ur: String,
    /// 0 to 400.
    pub centi: u16,
    /// `observed`, `district`, `province`, `nation`, `prior`.
    pub basis: String,
    pub confidence_pct: u8,
    pub contribution_centi: i32,
    pub source_en: String,
    pub source_ur: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NoteView {
    pub en: String,
    pub ur: String,
}

/// Why a station has its class. Contributions are exact and do not sum to the score: the index multiplies its parts.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Why {
    /// Threat, vulnerability, consequence.
    pub t_centi: u16,
    pub v_centi: u16,
    pub c_centi: u16,
    pub score_centi: u16,
    pub headline_en: String,
    pub headline_ur: String,
    pub reasons: Vec<ReasonView>,
    pub factors: Vec<FactorView>,
    /// Overrides, what is not known, and where the official class differs.
    pub notes: Vec<NoteView>,
    pub as_of_ms: i64,
    pub source: String,
}

/// Why a station has its class: the four strongest reasons, every factor, and what is not known.
#[utoipa::path(get, path = "/api/stations/{id}/why", tag = "stations", params(("id" = String, Path)),
    responses((status = 200, body = Why), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn why(State(room): State<Room>, Path(id): Path<String>) -> Result<Json<Why>, Problem> {
    let done = tokio::task::spawn_blocking(move || explained(&room, &id)).await;
    done.map_err(Problem::internal)?.map(Json)
}

fn explained(room: &Room, id: &str) -> Result<Why, Problem> {
    let world = room.node().world();
    let row = row_of(&world, id)?;
    let table = world.stations.as_ref().ok_or_else(|| Problem::of(Code::NotReady))?;
    let position = table.find(id).ok_or_else(|| Problem::not_found(id))?;
    let told = match room.evidence().of(room.node(), position, &row.station)? {
        Some(evidence) => work::explain::with(room.node(), &world, position, || Ok(evidence))?,
        None => work::explain::run(room.node(), position)?,
    };
    let model = room.node().risk_model()?;
    let [t, v, c] = parts(&model, &inherent_points(&row.factors)).map(to_centi);
    let provenance = world.assessment.as_ref().map(|table| &table.provenance);
    let notes = told.overrides.iter().chain(&told.missing).chain(&told.disagreement);
    Ok(Why {
        t_centi: t,
        v_centi: v,
        c_centi: c,
        score_centi: told.inherent_centi,
        headline_en: told.headline.en.clone(),
        headline_ur: told.headline.ur.clone(),
        notes: notes.map(|note| NoteView { en: note.en.clone(), ur: note.ur.clone() }).collect(),
        reasons: told
            .reasons
            .iter()
            .map(|reason| ReasonView {
                factor: reason.factor.code().to_owned(),
                contribution_centi: reason.contribution_centi,
                sentence_en: reason.text.en.clone(),
                sentence_ur: reason.text.ur.clone(),
            })
            .collect(),
        factors: told.factors.into_iter().map(factor_view).collect(),
        as_of_ms: provenance.map_or(0, |provenance| provenance.at.0),
        source: provenance.map(|provenance| provenance.source.clone()).unwrap_or_default(),
    })
}

fn factor_view(reason: Reason) -> FactorView {
    FactorView {
        factor: reason.factor.code().to_owned(),
        name_en: reason.name.en,
        name_ur: reason.name.ur,
        centi: reason.centi,
        basis: match reason.basis {
            FactorBasis::Observed => "observed",
            FactorBasis::District => "district",
            FactorBasis::Province => "province",
            FactorBasis::Nation => "nation",
            FactorBasis::Prior => "prior",
        }
        .to_owned(),
        confidence_pct: reason.confidence_pct,
        contribution_centi: reason.contribution_centi,
        source_en: reason.source.en,
        source_ur: reason.source.ur,
    }
}

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
    Given(wish): Given<WhatIfWish>,
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
