//! Opening a draw: the input is written down, hashed, and fixed for the parties.

use super::folder::{DemandsText, Folder, Head, PEOPLE, POSTS, about, write_csv};
use crate::{
    auth::hex,
    node::Node,
    work::WorkError,
    world::{PlanTable, StationTable, World},
};
use pehra_domain::{
    BuildingId, ConstituencyId, UnitId,
    duty::{Demands, Detachment},
    force::{StaffKind, Tier},
    member::Member,
    risk::RiskClass,
    station::Station,
};
use pehra_exchange::{detachments, people};
use pehra_plan::draw::{Draw, Input, ceremony};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// What a draw is opened with.
#[derive(Clone, Debug)]
pub struct Opening {
    pub title: String,
    /// The plan's id; the newest when none is named.
    pub plan: Option<String>,
    pub people: Vec<Member>,
    pub parties: Vec<String>,
    pub demands: Demands,
}

/// Writes a plan's detachments and the people down in a new folder and fixes their hash.
///
/// # Errors
/// [`WorkError`]: no plan, too few parties, somebody twice, or the folder is not empty.
pub fn open(node: &Node, path: &Path, opening: Opening) -> Result<(Folder, Input), WorkError> {
    let parties: BTreeSet<&String> = opening.parties.iter().collect();
    let count = parties.len();
    if count != opening.parties.len()
        || !(ceremony::PARTIES_MIN..=ceremony::PARTIES_MAX).contains(&count)
    {
        return Err(WorkError::Input(format!(
            "a draw needs {} to {} parties with a name each, for example --party police --party commission --party \
             observers",
            ceremony::PARTIES_MIN,
            ceremony::PARTIES_MAX
        )));
    }
    std::fs::create_dir_all(path).map_err(|error| about(path, &error))?;
    let taken = std::fs::read_dir(path).map_err(|error| about(path, &error))?.next().is_some();
    if taken {
        return Err(about(path, &"the folder is not empty: name a new one for this draw"));
    }
    let (plan, detachments) = detachments(node, opening.plan.as_deref())?;
    let input = Input { people: sorted(opening.people), detachments, demands: opening.demands };
    // What cannot be drawn from is said before anybody commits to it.
    Draw::try_new(&input).map_err(super::of_draw)?;
    let watermark = node.watermark().unwrap_or_default();
    let mark = Some(watermark.as_str()).filter(|mark| !mark.is_empty());
    write_csv(
        &path.join(PEOPLE),
        people::HEADERS,
        &mut input.people.iter().map(people::row),
        mark,
    )?;
    let rows = &mut input.detachments.iter().map(detachments::row);
    write_csv(&path.join(POSTS), detachments::HEADERS, rows, mark)?;
    let head = Head {
        title: if opening.title.is_empty() { plan } else { opening.title },
        watermark,
        parties: opening.parties,
        input: hex(&input.hash()),
        demands: DemandsText::of(&input.demands),
    };
    Ok((Folder::make(path, head)?, input))
}

fn sorted(mut people: Vec<Member>) -> Vec<Member> {
    people.sort_by(|a, b| a.number.cmp(&b.number));
    people
}

/// The detachments of a plan, the newest when none is named, and the plan's id.
///
/// # Errors
/// [`WorkError::Missing`]: no stations or no such plan.
pub fn detachments(
    node: &Node,
    named: Option<&str>,
) -> Result<(String, Vec<Detachment>), WorkError> {
    let world = node.world();
    let table = world.stations.as_ref().ok_or(WorkError::Missing(
        "there are no stations yet: `pehra plan import stations FILE`",
    ))?;
    let plan = match named {
        Some(id) => world.plans.iter().find(|plan| plan.id == *id),
        None => world.plans.iter().max_by_key(|plan| plan.provenance.at),
    };
    let plan =
        plan.ok_or(WorkError::Missing("there is no such plan yet: `pehra plan allocate`"))?;
    Ok((plan.id.clone(), detachments_of(node, &world, table, plan)))
}

/// A plan's postings with the class and the contests of their buildings. In each building one detachment of each tier
/// leads: the largest, the first of equals.
fn detachments_of(
    node: &Node,
    world: &World,
    table: &StationTable,
    plan: &PlanTable,
) -> Vec<Detachment> {
    let approved = node.ops(|state| state.official_classes.all_current());
    let class_of = |position: usize, station: &Station| {
        approved
            .get(&station.id)
            .copied()
            .or_else(|| Some(world.assessment.as_ref()?.rows.get(position)?.force_class()))
            .or_else(|| station.official_class())
            .unwrap_or(RiskClass::Sensitive)
    };
    let mut places: BTreeMap<&BuildingId, (RiskClass, BTreeSet<ConstituencyId>)> = BTreeMap::new();
    for (position, station) in table.stations.iter().enumerate() {
        let class = class_of(position, station);
        let place = places.entry(&station.building).or_insert((class, BTreeSet::new()));
        place.0 = place.0.max(class);
        place.1.extend(station.contests.iter().map(|contest| contest.constituency.clone()));
    }
    let mut counts: BTreeMap<Sent<'_>, u32> = BTreeMap::new();
    for posting in &plan.plan.postings {
        *counts.entry((&posting.unit, posting.kind, &posting.building)).or_default() +=
            posting.count;
    }
    let leading = leading(&counts);
    counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|((unit, kind, building), count)| {
            let place = places.get(building);
            let (class, contests) = place.map_or_else(
                || (RiskClass::Sensitive, Vec::new()),
                |(class, contests)| (*class, contests.iter().cloned().collect()),
            );
            let leads = leading.contains(&(unit, kind, building));
            Detachment {
                unit: unit.clone(),
                kind,
                building: building.clone(),
                count,
                class,
                contests,
                leads,
            }
        })
        .collect()
}

/// One posting: unit, kind, building.
type Sent<'a> = (&'a UnitId, StaffKind, &'a BuildingId);

/// Which postings give the one in charge: of each building and tier the largest, the first of equals, never one of
/// policewomen, who search.
fn leading<'a>(counts: &BTreeMap<Sent<'a>, u32>) -> BTreeSet<Sent<'a>> {
    let mut largest: BTreeMap<(&BuildingId, Tier), (u32, Sent<'a>)> = BTreeMap::new();
    for (&sent, &count) in counts.iter().filter(|((_, kind, _), _)| *kind != StaffKind::PoliceWoman)
    {
        let (_, kind, building) = sent;
        let best = largest.entry((building, kind.tier())).or_insert((count, sent));
        if count > best.0 {
            *best = (count, sent);
        }
    }
    largest.into_values().map(|(_, sent)| sent).collect()
}
