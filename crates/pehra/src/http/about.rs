//! What this node is and what it holds.

use crate::{
    http::{problem::Problem, room::Room, who::Signed},
    node::Node,
    world::{Provenance, World},
};
use axum::{Json, extract::State};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ElectionView {
    pub id: String,
    pub name: String,
    pub date: String,
    /// `real`, `exercise` or `synthetic`.
    pub kind: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Ready {
    pub stations: bool,
    pub assessment: bool,
    pub plan: bool,
}

/// One list that the node holds.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DataView {
    pub kind: String,
    pub name: String,
    pub as_of_ms: i64,
    pub source_file: String,
    #[schema(value_type = Object)]
    pub counts: BTreeMap<String, u64>,
    pub signed_by: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NodeView {
    pub version: String,
    pub node_name: String,
    pub device: String,
    pub epoch: u32,
    pub entries: u64,
    pub election: Option<ElectionView>,
    /// To stand on every screen and export while the data are not real.
    pub watermark: Option<String>,
    /// The election is an exercise, fixed at its founding: nothing here is or becomes real.
    pub exercise: bool,
    pub demo: bool,
    pub ready: Ready,
    pub now_ms: i64,
    pub data: Vec<DataView>,
    pub conflicts: usize,
    pub withheld: usize,
}

/// What this node is and what it holds.
#[utoipa::path(get, path = "/api/node", tag = "node",
    responses((status = 200, body = NodeView), (status = 401, body = crate::http::problem::Fault)))]
pub async fn node(State(room): State<Room>, _: Signed) -> Result<Json<NodeView>, Problem> {
    // The count of entries waits for the writer: not on an async thread.
    let view = tokio::task::spawn_blocking(move || view(room.node()));
    view.await.map(Json).map_err(Problem::internal)
}

fn view(node: &Node) -> NodeView {
    let info = node.info();
    let world = node.world();
    NodeView {
        version: info.version.to_string(),
        node_name: info.name.clone(),
        device: info.device.clone(),
        epoch: info.epoch,
        entries: info.entries,
        election: info.election.as_ref().map(|election| ElectionView {
            id: election.id.clone(),
            name: election.name.clone(),
            date: election.date.to_string(),
            kind: election.nature.name().to_owned(),
        }),
        watermark: node.watermark(),
        exercise: node.exercise().is_some(),
        demo: info.demo,
        ready: Ready {
            stations: world.stations.is_some(),
            assessment: world.assessment.is_some(),
            plan: !world.plans.is_empty(),
        },
        now_ms: node.now().0,
        data: data(&world),
        conflicts: crate::http::conflicts::count(node),
        withheld: node.withheld().len(),
    }
}

/// Whether everything here is generated.
#[must_use]
pub fn is_synthetic(node: &Node) -> bool {
    use pehra_ops::election::Nature;
    node.ops(|state| state.election().is_some_and(|election| election.nature == Nature::Synthetic))
}

fn data(world: &World) -> Vec<DataView> {
    let mut out = Vec::new();
    let mut add = |kind: &str, name: &str, provenance: &Provenance, counts: &[(&str, usize)]| {
        out.push(DataView {
            kind: kind.to_owned(),
            name: name.to_owned(),
            as_of_ms: provenance.at.0,
            source_file: provenance.source.clone(),
            counts: counts.iter().map(|&(name, n)| (name.to_owned(), n as u64)).collect(),
            signed_by: provenance.signed_by.clone(),
        });
    };
    if let Some(table) = &world.stations {
        let counts = [("stations", table.stations.len()), ("buildings", table.buildings.len())];
        add("stations", "", &table.provenance, &counts);
    }
    if let Some(listed) = &world.places {
        add("places", "", &listed.provenance, &[("places", listed.rows.len())]);
    }
    if let Some(table) = &world.units {
        add("forces", "", &table.provenance, &[("units", table.units.len())]);
    }
    if let Some(listed) = &world.incidents {
        add("events", "", &listed.provenance, &[("events", listed.rows.len())]);
    }
    if let Some(listed) = &world.figures {
        add("figures", "", &listed.provenance, &[("figures", listed.rows.len())]);
    }
    if let Some(listed) = &world.norms {
        add("norms", "", &listed.provenance, &[("profiles", listed.rows.len())]);
    }
    if let Some(listed) = &world.surveys {
        add("surveys", "", &listed.provenance, &[("answers", listed.rows.len())]);
    }
    if let Some(listed) = &world.boundaries {
        add("boundaries", "", &listed.provenance, &[("outlines", listed.rows.len())]);
    }
    if let Some(table) = &world.assessment {
        let counts = [("stations", table.rows.len()), ("draws", table.draws as usize)];
        add("assessment", "", &table.provenance, &counts);
    }
    for plan in &world.plans {
        let counts =
            [("postings", plan.plan.postings.len()), ("shortfalls", plan.plan.shortfalls.len())];
        add("plan", &plan.id, &plan.provenance, &counts);
    }
    out
}
