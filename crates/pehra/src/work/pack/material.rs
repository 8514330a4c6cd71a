//! What a pack is made from: the plan with everything that names, places and reaches its posts, indexed by building.

use crate::{
    node::Node,
    view::{PlanIndex, area_name, area_name_ur},
    work::{
        WorkError, allocate, communication, day_plan,
        dispatch::RoadsKept,
        draw::{self, Folder},
    },
    world::{PlanTable, StationTable, World},
};
use pehra_domain::{
    AreaId, BuildingId, Date, StationId, UnitId,
    building::Building,
    duty::{Detachment, Lot, Post},
    force::{StaffKind, Unit},
    gazetteer::Gazetteer,
    plan::{BuildingNeed, Posting, Shortfall},
    progress::Watch,
    risk::RiskClass,
    sheet::Words,
    station::Station,
};
use pehra_ops::plan::Slot;
use pehra_plan::{
    allocate::StationDuty,
    communication::{schedule::CheckIn, scheme::Net},
    norm::{self, Due, NormBook, StationDue},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

/// Where a station is on the air.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Air {
    pub district: usize,
    pub net: usize,
    pub place: usize,
}

/// One post of a building, as the plan fills it.
pub(super) struct Filled {
    pub unit: UnitId,
    pub kind: StaffKind,
    pub post: Post,
    /// By the draw; none without one.
    pub holder: Option<String>,
}

pub(super) struct Material {
    pub world: Arc<World>,
    table: Arc<StationTable>,
    plan: PlanIndex,
    gazetteer: Gazetteer,
    pub adopted: bool,
    pub day: Date,
    pub radio: communication::Made,
    duties: BTreeMap<StationId, StationDuty>,
    selected: BTreeSet<BuildingId>,
    norms: NormBook,
    air: BTreeMap<StationId, Air>,
    /// By district: buildings with stations that vote, as positions in the table, by sector, then id.
    guarded: Vec<Vec<(Option<usize>, usize)>>,
    holders: BTreeMap<(BuildingId, UnitId, StaffKind), Vec<(Post, String)>>,
}

/// The plan that is printed: the one that was named, else the adopted one, else the last.
///
/// # Errors
/// [`WorkError::Missing`] while there is no plan, or none of that name.
pub fn chosen(
    node: &Node,
    world: &World,
    named: Option<&str>,
) -> Result<Arc<PlanTable>, WorkError> {
    if let Some(name) = named {
        return day_plan::solved(node, name);
    }
    let adopted = node.adopted_plan(world);
    adopted
        .or_else(|| world.general_plan().cloned())
        .ok_or(WorkError::Missing("there is no plan yet: make one with `pehra plan allocate`"))
}

impl Material {
    pub(super) fn gather(
        node: &Node,
        (named, draw): (Option<&str>, Option<&Path>),
        kept: &RoadsKept,
        watch: &mut Watch<'_>,
    ) -> Result<Self, WorkError> {
        let world = node.world();
        let plan = chosen(node, &world, named)?;
        let adopted = node.ops(|state| {
            let day = plan.poll.as_ref().map_or_else(|| node.poll_date(), |poll| poll.date);
            let slot = Slot { area: AreaId::nation(), poll_date: day };
            state.plans.adopted(&slot).is_some_and(|it| it.manifest.0 == plan.provenance.manifest)
        });
        let options = allocate::Options { poll: plan.poll.clone(), ..allocate::Options::default() };
        let input = allocate::input(node, &world, &options)?;
        let table =
            world.stations.clone().ok_or(WorkError::Missing(crate::work::assess::NO_STATIONS))?;
        if plan.stations_manifest != table.provenance.manifest {
            return Err(WorkError::Input(format!(
                "the plan {} was made for another list of stations than the current one: allocate again first",
                plan.id
            )));
        }
        let radio = communication::run(node, communication::Options::default(), kept, watch)?;
        let mut material = Self {
            day: plan.poll.as_ref().map_or_else(|| node.poll_date(), |poll| poll.date),
            table,
            adopted,
            duties: input.stations.into_iter().map(|it| (it.station.clone(), it)).collect(),
            selected: input.selected.into_iter().map(|it| it.building).collect(),
            norms: input.norms,
            air: on_air(&radio),
            radio,
            guarded: Vec::new(),
            holders: BTreeMap::new(),
            world,
            gazetteer: node.gazetteer().clone(),
            plan: PlanIndex::new(plan),
        };
        material.guarded =
            (0..material.radio.grounds.len()).map(|at| material.guarded_in(at)).collect();
        if let Some(folder) = draw {
            material.holders = holders(folder, watch)?;
        }
        Ok(material)
    }

    pub(super) fn plan(&self) -> &PlanTable {
        &self.plan.table
    }

    /// By kind of staff, as the two below.
    pub(super) fn needs<'m>(
        &'m self,
        building: &'m BuildingId,
    ) -> impl Iterator<Item = &'m BuildingNeed> {
        self.plan.needs_at(building)
    }

    pub(super) fn postings<'m>(
        &'m self,
        building: &'m BuildingId,
    ) -> impl Iterator<Item = &'m Posting> {
        self.plan.postings_at(building)
    }

    pub(super) fn shortfalls<'m>(
        &'m self,
        building: &'m BuildingId,
    ) -> impl Iterator<Item = &'m Shortfall> {
        self.plan.shortfalls_at(building)
    }

    /// What a district or a province is called.
    pub(super) fn area(&self, area: &AreaId) -> Words {
        let name = area_name(&self.gazetteer, area);
        match area_name_ur(&self.gazetteer, area) {
            Some(ur) => Words::two(name, ur),
            None => Words::same(name),
        }
    }

    pub(super) fn station(&self, id: &StationId) -> Option<&Station> {
        self.table.stations.get(*self.table.by_station.get(id)? as usize)
    }

    pub(super) fn unit(&self, id: &UnitId) -> Option<&Unit> {
        let units = self.world.units.as_ref()?;
        units.units.get(*units.by_unit.get(id)? as usize)
    }

    /// The nets of a district, each with its sector.
    pub(super) fn nets(&self, district: usize) -> &[Net] {
        self.radio.scheme.districts.get(district).map_or(&[], |plan| &plan.nets)
    }

    /// Stations of a building that vote, in the order of their ids.
    pub(super) fn stations<'m>(
        &'m self,
        building: &'m Building,
    ) -> impl Iterator<Item = &'m Station> {
        let voting = building.stations.iter().filter(|id| self.duties.contains_key(*id));
        voting.filter_map(|id| self.station(id))
    }

    pub(super) fn class_of(&self, station: &StationId) -> RiskClass {
        self.duties.get(station).map_or(RiskClass::Normal, |duty| duty.class)
    }

    /// The highest class among a building's stations; of other places none is in the plan.
    pub(super) fn class(&self, building: &Building) -> Option<RiskClass> {
        self.stations(building).map(|station| self.class_of(&station.id)).max()
    }

    /// What the norm asks for, ring by ring.
    pub(super) fn due(&self, building: &Building) -> Due {
        let stations: Vec<StationDue> = self
            .stations(building)
            .map(|it| StationDue {
                class: self.class_of(&it.id),
                kind: it.kind,
                booths: it.booths.total(),
            })
            .collect();
        let profile = self.norms.profile(&building.district);
        norm::need(profile, &stations, self.selected.contains(&building.id))
    }

    pub(super) fn air(&self, station: &StationId) -> Option<Air> {
        self.air.get(station).copied()
    }

    /// The net of a building: of its first station that has one.
    pub(super) fn building_air(&self, building: &Building) -> Option<Air> {
        self.stations(building).find_map(|station| self.air(&station.id))
    }

    pub(super) fn net(&self, air: Air) -> Option<&Net> {
        self.nets(air.district).get(air.net)
    }

    pub(super) fn call_sign(&self, air: Air) -> String {
        self.radio.call_sign(air.district, air.net, air.place)
    }

    pub(super) fn check_ins(&self) -> &[CheckIn] {
        &self.radio.checkins
    }

    /// Every post that is filled, the one in charge first, then by unit.
    pub(super) fn filled(&self, building: &Building) -> Vec<Filled> {
        let class = self.class(building).unwrap_or(RiskClass::Sensitive);
        let mut leads = true;
        let mut filled = Vec::new();
        for posting in self.postings(&building.id) {
            let detachment = Detachment {
                unit: posting.unit.clone(),
                kind: posting.kind,
                building: building.id.clone(),
                count: posting.count,
                class,
                contests: Vec::new(),
                leads: std::mem::take(&mut leads),
            };
            let key = (building.id.clone(), posting.unit.clone(), posting.kind);
            let mut drawn = self.holders.get(&key).cloned().unwrap_or_default();
            for post in detachment.posts() {
                let same = drawn.iter().position(|(held, _)| held.duty == post.duty);
                let holder = same.map(|at| drawn.remove(at).1);
                filled.push(Filled {
                    unit: posting.unit.clone(),
                    kind: posting.kind,
                    post,
                    holder,
                });
            }
        }
        filled
    }

    /// What a unit is called; its number when it is not in the list.
    pub(super) fn unit_name(&self, id: &UnitId) -> String {
        self.unit(id)
            .map(|unit| unit.name.clone())
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| id.to_string())
    }

    /// Districts of the plan that lie in an area.
    pub(super) fn districts(&self, area: &AreaId) -> Vec<usize> {
        let all = self.radio.grounds.iter().enumerate();
        all.filter(|(_, ground)| area.contains(&ground.area)).map(|(at, _)| at).collect()
    }

    /// Guarded buildings of a district with stations that vote, those of one sector when one is named; by sector, then id.
    pub(super) fn buildings(&self, district: usize, sector: Option<usize>) -> Vec<&Building> {
        let here = self.guarded.get(district).into_iter().flatten();
        here.filter(|(net, _)| sector.is_none() || *net == sector)
            .filter_map(|(_, at)| self.table.buildings.get(*at))
            .collect()
    }

    fn guarded_in(&self, district: usize) -> Vec<(Option<usize>, usize)> {
        let Some(ground) = self.radio.grounds.get(district) else { return Vec::new() };
        let first = self.table.buildings.partition_point(|it| it.district < ground.area);
        let here = self.table.buildings.iter().enumerate().skip(first);
        let mut found: Vec<(Option<usize>, &BuildingId, usize)> = here
            .take_while(|(_, building)| building.district == ground.area)
            .filter(|(_, building)| self.stations(building).next().is_some())
            .map(|(at, it)| (self.building_air(it).map(|air| air.net), &it.id, at))
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(net, _, at)| (net, at)).collect()
    }

    /// Offices, stores and the like of a district.
    pub(super) fn places(&self, district: usize) -> Vec<&Building> {
        let Some(ground) = self.radio.grounds.get(district) else { return Vec::new() };
        let rows = self.world.places.as_ref().map_or(&[][..], |list| &list.rows);
        rows.iter().filter(|place| place.district == ground.area).collect()
    }
}

fn on_air(radio: &communication::Made) -> BTreeMap<StationId, Air> {
    let mut air = BTreeMap::new();
    for (district, plan) in radio.scheme.districts.iter().enumerate() {
        let Some(ground) = radio.grounds.get(district) else { continue };
        for (net, of) in plan.nets.iter().enumerate() {
            for (place, &site) in of.stations.iter().enumerate() {
                if let Some(site) = ground.sites.get(site as usize) {
                    air.insert(site.station.clone(), Air { district, net, place });
                }
            }
        }
    }
    air
}

type Holders = BTreeMap<(BuildingId, UnitId, StaffKind), Vec<(Post, String)>>;

/// Service numbers by post, as the last stage of a draw published them.
fn holders(folder: &Path, watch: &mut Watch<'_>) -> Result<Holders, WorkError> {
    let folder = Folder::open(folder)?;
    let mut found = Holders::new();
    for line in draw::last_roster(&folder, watch)? {
        if let Lot::Posted { post, building } = line.lot {
            let key = (building, line.unit, line.kind);
            found.entry(key).or_default().push((post, line.number.as_str().to_owned()));
        }
    }
    if found.is_empty() {
        return Err(WorkError::Input(
            "the last stage of this draw is not done: nobody holds a post yet".to_owned(),
        ));
    }
    Ok(found)
}
