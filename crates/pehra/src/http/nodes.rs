//! The nodes that this one knows of, each at its area's place: for the map, and for the list beside it.

use crate::{
    http::{problem::Problem, room::Room, who::Access},
    node::{Node, NodeError},
};
use axum::{Json, extract::State};
use pehra_domain::{AreaId, Point, gazetteer::Gazetteer};
use pehra_ledger::{
    DeviceId, Head,
    certificate::{Certificate, Subject},
    checkpoint::WITNESS,
    statement::Said,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

const OWN: &str = "own";
const REVOKED: &str = "revoked";
const FORKED: &str = "forked";
/// Nodes in one answer: those with paths and those in trouble first.
const NODES_MAX: usize = 1_000;

/// A node. Every time is Unix milliseconds; `None` where nothing came.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NodeRow {
    /// The device's id.
    pub device: String,
    pub name: String,
    pub area: String,
    pub roles: Vec<String>,
    /// The area's place: a district's centre, the middle of a province's, the capital for the nation.
    pub lat_e7: Option<i32>,
    pub lon_e7: Option<i32>,
    /// `own`, `witness`, `vouched` (the root stands behind it), `revoked`, `forked`.
    pub marks: Vec<&'static str>,
    /// Entries of its that are held here.
    pub entries: u64,
    /// What the clock of its newest entry says, and when that entry came here.
    pub said_ms: Option<u64>,
    pub received_ms: Option<u64>,
    /// Entries of its that are kept without effect.
    pub withheld: usize,
    /// Names of the paths that lead to it from here.
    pub paths: Vec<String>,
}

impl NodeRow {
    fn is(&self, mark: &str) -> bool {
        self.marks.contains(&mark)
    }
}

/// Where a path leads that ends at no known node: a radio, a bus, a stick for an area.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PathEnd {
    pub path: String,
    pub lat_e7: i32,
    pub lon_e7: i32,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NodesView {
    /// This one first, then those with paths, those in trouble, and the longest silent.
    pub nodes: Vec<NodeRow>,
    /// Nodes that did not fit.
    pub more: usize,
    pub ends: Vec<PathEnd>,
    pub now_ms: i64,
}

/// Every node that this one knows of, as far as it lies within reach or above it.
#[utoipa::path(get, path = "/api/nodes", tag = "carriers", responses((status = 200, body = NodesView)))]
pub async fn list(State(room): State<Room>, access: Access) -> Result<Json<NodesView>, Problem> {
    let node = room.node().clone();
    let view = tokio::task::spawn_blocking(move || view(&node, &access));
    Ok(Json(view.await.map_err(Problem::internal)??))
}

fn view(node: &Node, access: &Access) -> Result<NodesView, NodeError> {
    let own = node.public_key().id();
    let places = Places::of(node.gazetteer());
    let ends = node.path_ends();
    let mut rows = known(node, own);
    rows.retain(|(_, row)| {
        let above = |area: &AreaId| access.holdings.iter().any(|it| area.contains(&it.area));
        row.is(OWN)
            || AreaId::try_new(row.area.as_str())
                .is_ok_and(|area| access.reaches(&area) || above(&area))
    });
    let heads = node.heads()?;
    let mut newest: BTreeMap<DeviceId, (&Head, u64)> = BTreeMap::new();
    for head in &heads {
        let slot = newest.entry(head.place.device).or_insert((head, 0));
        slot.1 += head.place.seq + 1;
        if head.clock > slot.0.clock {
            slot.0 = head;
        }
    }
    let mut withheld: BTreeMap<DeviceId, usize> = BTreeMap::new();
    for one in node.withheld() {
        *withheld.entry(one.place.device).or_default() += 1;
    }
    let forked: BTreeSet<DeviceId> = heads
        .iter()
        .filter(|head| head.forked_at.is_some())
        .map(|head| head.place.device)
        .collect();
    for (device, row) in &mut rows {
        row.withheld = withheld.get(device).copied().unwrap_or_default();
        row.paths =
            ends.iter().filter(|(_, to)| *to == device).map(|(path, _)| path.clone()).collect();
        if let Some((head, entries)) = newest.get(device) {
            (row.entries, row.said_ms) = (*entries, Some(head.clock.ms));
        }
        if forked.contains(device) {
            row.marks.push(FORKED);
        }
        (row.lat_e7, row.lon_e7) = places
            .of_area(&row.area)
            .map_or((None, None), |point| (Some(point.lat_e7), Some(point.lon_e7)));
    }
    let rank = |row: &NodeRow| {
        let sound = !(row.is(REVOKED) || row.is(FORKED) || row.withheld > 0);
        (!row.is(OWN), row.paths.is_empty(), sound, row.said_ms)
    };
    rows.sort_by_cached_key(|(device, row)| (rank(row), *device));
    let more = rows.len().saturating_sub(NODES_MAX);
    rows.truncate(NODES_MAX);
    // Only of those that are shown: a look into the store for each.
    for (device, row) in &mut rows {
        let head = newest.get(device).map(|(head, _)| head.place);
        row.received_ms = head.map(|place| node.entry(place)).transpose()?.map(|it| it.received_ms);
    }
    let (paths, _) = node.paths();
    let open = paths.into_iter().filter(|path| !ends.contains_key(&path.name));
    let ends = open.filter_map(|path| {
        let point = places.of_area(&path.area)?;
        Some(PathEnd { path: path.name, lat_e7: point.lat_e7, lon_e7: point.lon_e7 })
    });
    let nodes = rows.into_iter().map(|(_, row)| row).collect();
    Ok(NodesView { nodes, more, ends: ends.collect(), now_ms: node.now().0 })
}

/// Every certified device, by its widest certificate; and this node, certified or not.
fn known(node: &Node, own: DeviceId) -> Vec<(DeviceId, NodeRow)> {
    let mut widest: BTreeMap<DeviceId, Certificate> = BTreeMap::new();
    let mut rows: Vec<(DeviceId, NodeRow)> = node.roster(|roster| {
        for said in roster.statements() {
            let Said::Certificate(one) = said else { continue };
            if one.body.subject != Subject::DEVICE {
                continue;
            }
            let id = one.body.key.id();
            let wider = widest.get(&id).is_none_or(|it| one.body.area.len() < it.body.area.len());
            if wider {
                widest.insert(id, one);
            }
        }
        let row = |(id, one): (&DeviceId, &Certificate)| {
            let body = &one.body;
            let mut row = bare(*id, &body.name, &body.area, &body.roles, *id == own);
            let marks = [
                (body.roles.iter().any(|role| role == WITNESS), "witness"),
                (roster.certificates(*id).any(|it| roster.stands(it)), "vouched"),
                (roster.revoked(*id).next().is_some(), REVOKED),
            ];
            row.marks.extend(marks.into_iter().filter_map(|(is, mark)| is.then_some(mark)));
            (*id, row)
        };
        widest.iter().map(row).collect()
    });
    if !widest.contains_key(&own) {
        let name = node.info().name;
        rows.push((own, bare(own, &name, AreaId::nation().as_str(), &[], true)));
    }
    rows
}

fn bare(device: DeviceId, name: &str, area: &str, roles: &[String], own: bool) -> NodeRow {
    NodeRow {
        device: device.to_string(),
        name: name.to_owned(),
        area: area.to_owned(),
        roles: roles.to_vec(),
        lat_e7: None,
        lon_e7: None,
        marks: own.then_some(OWN).into_iter().collect(),
        entries: 0,
        said_ms: None,
        received_ms: None,
        withheld: 0,
        paths: Vec::new(),
    }
}

/// Where areas lie.
struct Places(BTreeMap<String, Point>);

/// Where the nation's desk stands.
const CAPITAL: &str = "islamabad";

impl Places {
    fn of(gazetteer: &Gazetteer) -> Self {
        let mut points = BTreeMap::new();
        let mut within: BTreeMap<String, Vec<Point>> = BTreeMap::new();
        for district in &gazetteer.districts {
            points.insert(district.area.as_str().to_owned(), district.centre);
            if let Some(province) = district.area.province() {
                within.entry(province.as_str().to_owned()).or_default().push(district.centre);
            }
            if district.area.name() == CAPITAL {
                points.insert(AreaId::nation().as_str().to_owned(), district.centre);
            }
        }
        for (area, all) in within {
            points.entry(area).or_insert_with(|| middle(&all));
        }
        Self(points)
    }

    /// The place of an area, or of the smallest known one around it.
    fn of_area(&self, area: &str) -> Option<Point> {
        let mut area = area;
        loop {
            if let Some(point) = self.0.get(area) {
                return Some(*point);
            }
            area = area.rsplit_once('/')?.0;
        }
    }
}

fn middle(all: &[Point]) -> Point {
    let count = i64::try_from(all.len().max(1)).unwrap_or(1);
    let mean = |of: fn(&Point) -> i32| {
        let sum: i64 = all.iter().map(|point| i64::from(of(point))).sum();
        i32::try_from(sum / count).unwrap_or_default()
    };
    Point { lat_e7: mean(|point| point.lat_e7), lon_e7: mean(|point| point.lon_e7) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_without_a_place_of_its_own_lies_where_the_one_around_it_does() {
        let point = |lat_e7, lon_e7| Point { lat_e7, lon_e7 };
        let known = [("pk", point(33, 73)), ("pk/sindh/sukkur", point(27, 68))];
        let places = Places(known.into_iter().map(|(a, p)| (a.to_owned(), p)).collect());
        assert_eq!(places.of_area("pk/sindh/sukkur/ps-24"), Some(point(27, 68)));
        assert_eq!(places.of_area("pk/punjab/lahore"), Some(point(33, 73)));
        assert_eq!(places.of_area("elsewhere"), None);
        assert_eq!(middle(&[point(10, 20), point(20, 40)]), point(15, 30));
    }
}
