//! The plan of a campaign: what reaches the most people for the money, what the bound says, and what a cut leaves.

use super::language;
use crate::{
    http::{
        problem::{Code, Fault, Problem},
        reply::blocking,
        room::Room,
        who::Access,
    },
    work::{
        WorkError,
        campaign::{self as work, Planned},
    },
};
use axum::{
    Json,
    extract::{Query, State},
};
use pehra_domain::campaign::{Channel, Language};
use pehra_plan::campaign::{
    Effort,
    question::{Cut, Question},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, ops::ControlFlow};

/// Nodes of the search behind a screen: the first look and what follows at once.
const NODES: u32 = 4;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CampaignQuestion {
    /// In rupees.
    pub budget: u64,
    /// The nation when it is empty.
    #[serde(default)]
    pub area: String,
    /// Mobile networks are off everywhere.
    #[serde(default)]
    pub cut: bool,
    /// Codes parted by commas; those that two native readers have signed when it is empty.
    #[serde(default)]
    pub languages: String,
}

/// People who speak a language at home.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CampaignSpoken {
    /// A code, or `other`.
    pub language: &'static str,
    pub adults: u64,
    pub reached: u64,
    pub reached_without_cut: u64,
    /// Two native readers have signed no text in it, or it was not asked for.
    pub blocked: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CampaignUse {
    pub channel: &'static str,
    pub offers: u64,
    pub cost_rs: u64,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CampaignPlan {
    pub adults: u64,
    /// Audiences of a group taken as independent.
    pub reached: u64,
    pub reached_without_cut: u64,
    /// No choice within the budget reaches more.
    pub bound: u64,
    /// In millionths of the bound.
    pub gap_ppm: u64,
    /// If every audience of a group lay inside the largest, and if no two met.
    pub reached_at_least: u64,
    pub reached_at_most: u64,
    pub women: u64,
    pub women_reached: u64,
    pub cost_rs: u64,
    pub budget_rs: u64,
    pub channels: Vec<CampaignUse>,
    pub languages: Vec<CampaignSpoken>,
}

impl CampaignPlan {
    fn of(planned: &Planned) -> Self {
        let told = &planned.told;
        let it = told.certificate;
        let spoken = told.languages.iter().map(|(language, part)| {
            let (reached, reached_without_cut) = part.whole();
            let used = language.is_some_and(|one| planned.question.languages.contains(&one));
            CampaignSpoken {
                language: language.map_or("other", Language::code),
                adults: part.people,
                reached,
                reached_without_cut,
                blocked: language.is_some() && !used,
            }
        });
        Self {
            adults: told.all.people,
            reached: it.reached,
            reached_without_cut: told.all.whole().1,
            bound: it.bound,
            gap_ppm: it.gap_ppm,
            reached_at_least: it.reached_at_least,
            reached_at_most: it.reached_at_most,
            women: told.women.people,
            women_reached: told.women.whole().0,
            cost_rs: it.cost_rs,
            budget_rs: it.budget_rs,
            channels: planned
                .channels()
                .into_iter()
                .map(|(channel, offers, cost_rs)| CampaignUse {
                    channel: channel.word(),
                    offers,
                    cost_rs,
                })
                .collect(),
            languages: spoken.collect(),
        }
    }
}

/// Plans a campaign by the house's tables; nothing is signed.
#[utoipa::path(get, path = "/api/campaigns/plan", tag = "campaigns", params(CampaignQuestion),
    responses((status = 200, body = CampaignPlan), (status = 422, body = Fault)))]
pub async fn plan(
    State(room): State<Room>,
    _: Access,
    Query(asked): Query<CampaignQuestion>,
) -> Result<Json<CampaignPlan>, Problem> {
    let named: Result<BTreeSet<Language>, Problem> =
        asked.languages.split(',').filter(|it| !it.trim().is_empty()).map(language).collect();
    let named = named?;
    let area = Some(asked.area.as_str()).filter(|it| !it.trim().is_empty());
    let area = work::area(area).map_err(|error| told(&error))?;
    blocking(move || {
        let node = room.node();
        let question = Question {
            area,
            cut: if asked.cut { Cut::Everywhere } else { Cut::Nowhere },
            languages: if named.is_empty() { work::signed(node, None) } else { named },
            channels: Channel::ALL.into(),
            budget_rs: asked.budget,
        };
        let effort = Effort { nodes: NODES, ..Effort::default() };
        let planned = work::plan(node, question, effort, &mut |_| ControlFlow::Continue(()));
        planned.map(|planned| CampaignPlan::of(&planned)).map_err(|error| told(&error))
    })
    .await
}

fn told(error: &WorkError) -> Problem {
    Problem::about(Code::ValueRefused, error.to_string())
}
