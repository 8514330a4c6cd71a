//! Posting the forces: from classes, norms and units to a signed plan with its certificate.

use super::{
    THREADS, WorkError,
    assess::{Material, NO_STATIONS},
    dispatch::RoadsKept,
    roads::{Anchored, Asked},
};
use crate::{
    auth::hex,
    dataset::{self, PlanHead, PollOf},
    node::{DatasetDraft, Node},
    world::{StationTable, World},
};
use pehra_domain::{
    AreaId, BuildingId, TimeWindow, UnixMs,
    building::Building,
    force::Tier,
    plan::Plan,
    progress::{Watch, tell},
    risk::{RiskClass, StationAssessment},
};
use pehra_ops::{dataset::DatasetKind, stamp::Actor};
use pehra_plan::allocate::{
    AllocateError, AllocateInput, Allocation, Ends, FairLine, RoadWays, Selected, StationDuty,
    Weights, allocate_again, allocate_bounding, fairness, longest_way_s,
};
use pehra_plan::{assess::place::assess_places, flow::Bounding, norm::PlaceNorm};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Guards stand from three hours before the opening until the material is handed over: 05:00 to 05:00.
const DUTY_FROM_H: i64 = 5;
const DUTY_HOURS: i64 = 24;
const HOUR_MS: i64 = 3_600_000;

#[derive(Clone, Debug, Default)]
pub struct Options {
    pub seed: u64,
    /// What people call this plan; empty: named by its number.
    pub label: String,
    /// A poll of its own day; none: the general poll.
    pub poll: Option<PollOf>,
    /// The plan to go on from, so that whoever can stay does; none, or not solved since this node was started: from nothing.
    pub from: Option<String>,
}

/// A plan that was solved and signed, with the solved model for questions.
pub struct Made {
    pub id: String,
    pub allocation: Arc<Allocation>,
}

/// Everything that an allocation depends on, as it stands now.
///
/// # Errors
/// [`WorkError::Missing`] when there are no stations or no units; [`WorkError::Input`] when a signed norm cannot be used.
pub fn input(node: &Node, world: &World, options: &Options) -> Result<AllocateInput, WorkError> {
    let table = world.stations.as_ref().ok_or(WorkError::Missing(NO_STATIONS))?;
    let units = world.units.as_ref().ok_or(WorkError::Missing(
        "there are no units yet: import them first with `pehra plan import forces FILE`",
    ))?;
    let assessed = world
        .assessment
        .as_ref()
        .filter(|assessed| assessed.stations_manifest == table.provenance.manifest);
    let approved = node.ops(|state| state.official_classes.all_current());
    let voting = super::poll::voting(node, table, options.poll.as_ref())?;
    let stations = table.stations.iter().enumerate();
    let stations =
        stations.filter(|(position, _)| voting.contains(*position)).map(|(position, station)| {
            StationDuty {
                station: station.id.clone(),
                building: station.building.clone(),
                class: approved
                    .get(&station.id)
                    .copied()
                    .or_else(|| {
                        assessed
                            .and_then(|a| a.rows.get(position))
                            .map(StationAssessment::force_class)
                    })
                    .or_else(|| station.official_class())
                    .unwrap_or(RiskClass::Sensitive),
                kind: station.kind,
                booths: station.booths.total(),
                contests: station.contests.iter().map(|c| c.constituency.clone()).collect(),
            }
        });
    let stations: Vec<StationDuty> = stations.collect();
    let buildings = guarded(world, table, &stations);
    let date = options.poll.as_ref().map_or_else(|| node.poll_date(), |poll| poll.date);
    Ok(AllocateInput {
        selected: selected(node, world, &buildings, &stations),
        buildings,
        stations,
        place_classes: Vec::new(),
        units: units.units.clone(),
        norms: node.norm_book()?,
        locks: node.locks(),
        rules: node.allocation_rules(),
        homes: world.homes.as_ref().map_or_else(Vec::new, |homes| homes.rows.clone()),
        distance: crate::facts::distances(node.gazetteer()),
        weights: Weights::PROPOSED,
        poll: duty(date.midnight_pkt()),
        seed: options.seed,
        roads: None,
    })
}

/// Times by road between the units and places of an allocation, named by the map and the marks on it; none without a map.
///
/// # Errors
/// [`WorkError`]: stopped, or the map cannot be read.
pub fn roads(
    node: &Node,
    input: &AllocateInput,
    kept: &RoadsKept,
    watch: &mut Watch<'_>,
) -> Result<Option<Arc<RoadWays>>, WorkError> {
    let Some(((map, marks), country)) = kept.wait(node, &node.world(), watch)? else {
        return Ok(None);
    };
    tell(watch, "finding roads", 0, 1)?;
    let ends = Ends::of(input);
    let ground = Anchored::new(country, &ends.bases, &ends.spots.points);
    let asked = Asked { ground: &ground, cut: None };
    let network = Sha256::new_with_prefix(b"pehra/road-network/1\0")
        .chain_update(map)
        .chain_update(marks.unwrap_or([0; 32]))
        .finalize()
        .into();
    let ways = RoadWays::measure(ends, (network, &asked), longest_way_s(input), watch)?;
    Ok(Some(Arc::new(ways)))
}

/// The buildings of the stations that vote, and the other protected places of their districts.
fn guarded(world: &World, table: &StationTable, stations: &[StationDuty]) -> Vec<Building> {
    let used: BTreeSet<&BuildingId> = stations.iter().map(|duty| &duty.building).collect();
    let mut buildings: Vec<Building> =
        table.buildings.iter().filter(|building| used.contains(&building.id)).cloned().collect();
    let districts: BTreeSet<AreaId> = buildings.iter().map(|b| b.district.clone()).collect();
    if let Some(places) = &world.places {
        let here = places.rows.iter().filter(|place| districts.contains(&place.district));
        buildings.extend(here.cloned());
    }
    buildings
}

fn duty(midnight: UnixMs) -> TimeWindow {
    let from = UnixMs(midnight.0 + DUTY_FROM_H * HOUR_MS);
    TimeWindow { from, until: UnixMs(from.0 + DUTY_HOURS * HOUR_MS) }
}

/// Most-sensitive buildings outside which civil armed forces and army may stand: the authorities' list where one
/// was signed; otherwise the most endangered ones, as many as static posts can be filled by the units at hand.
fn selected(
    node: &Node,
    world: &World,
    buildings: &[Building],
    stations: &[StationDuty],
) -> Vec<Selected> {
    let listed = node.selected_buildings();
    if !listed.is_empty() {
        return listed;
    }
    let mut scores: BTreeMap<&BuildingId, u16> = BTreeMap::new();
    for duty in stations {
        if duty.class == RiskClass::Most {
            let row = world.assessment.as_ref().and_then(|assessed| {
                let table = world.stations.as_ref()?;
                assessed.rows.get(*table.by_station.get(&duty.station)? as usize)
            });
            let score = row.map_or(0, |row| row.inherent_centi);
            let best = scores.entry(&duty.building).or_default();
            *best = score.max(*best);
        }
    }
    let mut free: BTreeMap<AreaId, [u64; 2]> = BTreeMap::new();
    for unit in world.units.iter().flat_map(|table| &table.units) {
        let people = u64::from((unit.men + unit.women).saturating_sub(unit.reserve));
        let province = unit.district.province().unwrap_or_else(AreaId::nation);
        let [armed, army] = free.entry(province).or_default();
        match unit.tier {
            Tier::CivilArmedForces => *armed += people,
            Tier::Army => *army += people,
            Tier::Police => {}
        }
    }
    let mut ranked: Vec<(&Building, u16)> =
        buildings.iter().filter_map(|b| Some((b, *scores.get(&b.id)?))).collect();
    ranked.sort_by(|a, b| (b.1, &a.0.id).cmp(&(a.1, &b.0.id)));
    let mut chosen = Vec::new();
    for (building, _) in ranked {
        let province = building.district.province().unwrap_or_else(AreaId::nation);
        let Some([armed, army]) = free.get_mut(&province) else { continue };
        for (people, tier) in [(armed, Tier::CivilArmedForces), (army, Tier::Army)] {
            if *people >= STATIC_POSTS {
                *people -= STATIC_POSTS;
                chosen.push(Selected { building: building.id.clone(), tier });
                break;
            }
        }
    }
    chosen
}

/// Static posts of civil armed forces or army outside one selected building (2024: 23,940 people outside some
/// 6,000 stations).
const STATIC_POSTS: u64 = 4;

/// Solves, signs and keeps a plan.
///
/// # Errors
/// [`WorkError`]: something is missing, a lock cannot be kept, stopped, or the node could not keep the result.
pub fn run(
    node: &Node,
    actor: &Actor,
    options: &Options,
    kept: &RoadsKept,
    watch: &mut Watch<'_>,
    bounding: &mut Bounding<'_>,
) -> Result<Made, WorkError> {
    let world = node.world();
    let mut input = input(node, &world, options)?;
    input.place_classes = place_classes(node, options.seed, watch)?;
    input.roads = roads(node, &input, kept, watch)?;
    let (id, allocation) = solve(node, &input, options, watch, bounding)?;
    tell(watch, "sign", 0, 1)?;
    sign(node, actor, &world, options, &id, &allocation.plan)?;
    node.keep_allocation(&id, Arc::clone(&allocation), input);
    node.live().publish("plan", serde_json::json!({ "id": id }));
    Ok(Made { id, allocation })
}

/// A plan with its number: the hash of its inputs, so that the same inputs give the same plan under the same name; for a
/// plan that goes on from another, of that one's number and the inputs.
fn solve(
    node: &Node,
    input: &AllocateInput,
    options: &Options,
    watch: &mut Watch<'_>,
    bounding: &mut Bounding<'_>,
) -> Result<(String, Arc<Allocation>), WorkError> {
    let name = |hash: &[u8]| format!("P-{}", hex(&hash[..4]));
    let last = options.from.as_deref().and_then(|id| Some((id, node.solved(id)?.allocation)));
    let Some((last_id, last)) = last else {
        let made = allocate_bounding(input, THREADS, watch, bounding).map_err(from_allocate)?;
        return Ok((name(&made.plan.certificate.input_hash), Arc::new(made)));
    };
    let hash = input.hash();
    if last.plan.certificate.input_hash == hash {
        return Ok((last_id.to_owned(), last));
    }
    let (mut made, carried) =
        allocate_again(input, &last, THREADS, watch, bounding).map_err(from_allocate)?;
    if !carried {
        return Ok((name(&hash), Arc::new(made)));
    }
    made.plan.certificate.notes.push(format!(
        "Solved again from plan {last_id}: whoever could stay without cost stayed. From nothing the same inputs cost as \
         much, and may post others."
    ));
    let digest = Sha256::new_with_prefix(b"pehra/plan-again/1\0")
        .chain_update(last_id)
        .chain_update([0])
        .chain_update(hash)
        .finalize();
    Ok((name(&digest), Arc::new(made)))
}

/// Whether a plan that this node solved treats places of one class alike; empty for plans of which the input is not at
/// hand any more.
#[must_use]
pub fn fairness_of(node: &Node, id: &str) -> Vec<FairLine> {
    let Some(kept) = node.solved(id) else { return Vec::new() };
    let districts = &node.gazetteer().districts;
    let town = |area: &AreaId| {
        let known = districts.iter().find(|known| known.area == *area && known.adults > 0)?;
        Some(known.adult_urban.saturating_mul(2) >= known.adults)
    };
    fairness(&kept.allocation.plan, &kept.input, &town)
}

/// Draws behind the class of an office, store or route: only the point score counts here.
const PLACE_DRAWS: usize = 1;

/// Returning offices, stores, routes and the like under the same risk model as stations. Nobody guards a place less
/// than its norm's own class because the model knows little of it: the higher of both counts.
fn place_classes(
    node: &Node,
    seed: u64,
    watch: &mut Watch<'_>,
) -> Result<Vec<(BuildingId, RiskClass)>, WorkError> {
    if node.world().places.as_ref().is_none_or(|places| places.rows.is_empty()) {
        return Ok(Vec::new());
    }
    let material = Material::gather(node)?;
    let assessed = material.with_inputs(node, |model, inputs| {
        assess_places(model, inputs, seed, PLACE_DRAWS, THREADS, watch)
    })??;
    let world = node.world();
    let at_least = |id: &BuildingId| {
        world
            .building(id)
            .map_or(RiskClass::Sensitive, |b| PlaceNorm::class_unless_assessed(b.kind))
    };
    Ok(assessed.into_iter().map(|(id, row)| (id.clone(), row.class.max(at_least(&id)))).collect())
}

#[expect(clippy::needless_pass_by_value, reason = "shaped for map_err")]
fn from_allocate(error: AllocateError) -> WorkError {
    if let AllocateError::Cancelled(cancelled) = error {
        return WorkError::Cancelled(cancelled);
    }
    WorkError::Input(error.to_string())
}

fn sign(
    node: &Node,
    actor: &Actor,
    world: &World,
    options: &Options,
    id: &str,
    plan: &Plan,
) -> Result<(), WorkError> {
    let table = world.stations.as_ref().ok_or(WorkError::Missing(NO_STATIONS))?;
    let label = if options.label.is_empty() { id.to_owned() } else { options.label.clone() };
    let head = PlanHead {
        schema: dataset::SCHEMA,
        id: id.to_owned(),
        label,
        profile: node.norm_book()?.fallback.name,
        stations_manifest: table.provenance.manifest,
        certificate: plan.certificate.clone(),
        poll: options.poll.clone(),
    };
    let district_of = |building: &BuildingId| node_district(world, building);
    let posted: u64 = plan.postings.iter().map(|p| u64::from(p.count)).sum();
    let missing: u64 = plan.shortfalls.iter().map(|s| u64::from(s.missing)).sum();
    let mut inputs = vec![table.provenance.manifest];
    inputs.extend(world.units.iter().map(|t| t.provenance.manifest));
    inputs.extend(world.homes.iter().map(|t| t.provenance.manifest));
    inputs.extend(world.assessment.iter().map(|t| t.provenance.manifest));
    if let Some((map, marks)) = RoadsKept::key(node, world) {
        inputs.push(map);
        inputs.extend(marks);
    }
    let draft = DatasetDraft::computed(
        DatasetKind::Plan,
        id,
        inputs,
        dataset::write_plan(&head, plan, district_of),
        &[("posted", posted), ("missing", missing)],
    );
    node.commit_dataset(actor, draft)?;
    Ok(())
}

/// The district of a building of either list.
fn node_district(world: &World, building: &BuildingId) -> AreaId {
    let from_stations = world.stations.as_ref().and_then(|table| {
        let position = *table.by_building.get(building)?;
        Some(table.buildings.get(position as usize)?.district.clone())
    });
    from_stations
        .or_else(|| {
            let places = world.places.as_ref()?;
            places
                .rows
                .iter()
                .find(|place| place.id == *building)
                .map(|place| place.district.clone())
        })
        .unwrap_or_else(AreaId::nation)
}
