//! What bases are chosen on: units' places, stations with their classes, and the times between them, by road where the
//! node has a map.

use crate::{
    node::Node,
    work::{
        THREADS, WorkError, allocate,
        dispatch::{RoadsKept, RoadsKey},
        poll,
        roads::{Anchored, Asked},
    },
    world::World,
};
use pehra_domain::{
    AreaId, BuildingId, ConstituencyId, Point, StationId, UnitId,
    progress::{Watch, tell},
    risk::RiskClass,
};
use pehra_plan::{
    allocate::{AllocateInput, DistanceModel},
    reserve::{
        base::{self, Block, Demand, Estimates, Outlook, Targets, TravelTimes},
        cover::Cover,
        road::{Measured, RoadTimes, Spots},
    },
};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Places where teams can be kept, and stations that may need them.
pub struct Ground {
    pub units: Vec<UnitId>,
    pub bases: Vec<Point>,
    pub unit_areas: Vec<AreaId>,
    pub stations: Vec<StationId>,
    pub station_areas: Vec<AreaId>,
    pub demands: Vec<Demand>,
    pub targets: Targets,
    /// Of all that the bases follow from.
    pub input: [u8; 32],
    distance: DistanceModel,
    spots: Spots,
    roads: Option<RoadGround>,
}

/// By what a country of now is known without going through its lists.
#[derive(Clone)]
pub struct Sign {
    /// Replaced whole whenever a list is.
    world: Arc<World>,
    classes: BTreeMap<StationId, RiskClass>,
    put_off: BTreeSet<ConstituencyId>,
    roads: Option<RoadsKey>,
}

impl Sign {
    #[must_use]
    pub fn of(node: &Node) -> Self {
        let world = node.world();
        Self {
            classes: node.ops(|state| state.official_classes.all_current()),
            put_off: poll::put_off(node),
            roads: RoadsKept::key(node, &world),
            world,
        }
    }

    /// Whether nothing that a country follows from has changed.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.world, &other.world)
            && self.classes == other.classes
            && self.put_off == other.put_off
            && self.roads == other.roads
    }
}

/// The road map by its manifest, and where bases and stations touch it.
struct RoadGround {
    manifest: [u8; 32],
    anchored: Anchored,
}

impl Ground {
    /// The country as it stands now.
    ///
    /// # Errors
    /// [`WorkError`]: stations or units are missing, stopped, or the road map cannot be read.
    pub fn open(node: &Node, kept: &RoadsKept, watch: &mut Watch<'_>) -> Result<Self, WorkError> {
        let world = node.world();
        let input = allocate::input(node, &world, &allocate::Options::default())?;
        let mut ground = Self::of(&input);
        ground.input = ground.hash(node, &world);
        if let Some(((manifest, _), country)) = kept.wait(node, &world, watch)? {
            tell(watch, "finding roads", 0, 1)?;
            let anchored = Anchored::new(country, &ground.bases, &ground.spots.points);
            ground.roads = Some(RoadGround { manifest, anchored });
        }
        Ok(ground)
    }

    /// The hash that [`Self::open`] would give the country of now.
    ///
    /// # Errors
    /// [`WorkError`]: stations or units are missing.
    pub fn input_now(node: &Node) -> Result<[u8; 32], WorkError> {
        let world = node.world();
        let input = allocate::input(node, &world, &allocate::Options::default())?;
        Ok(Self::of(&input).hash(node, &world))
    }

    fn of(input: &AllocateInput) -> Self {
        let buildings: BTreeMap<&BuildingId, _> =
            input.buildings.iter().map(|building| (&building.id, building)).collect();
        let mut ground = Self {
            units: input.units.iter().map(|unit| unit.id.clone()).collect(),
            bases: input.units.iter().map(|unit| unit.point).collect(),
            unit_areas: input.units.iter().map(|unit| unit.district.clone()).collect(),
            stations: Vec::with_capacity(input.stations.len()),
            station_areas: Vec::with_capacity(input.stations.len()),
            demands: Vec::with_capacity(input.stations.len()),
            targets: Targets::proposed(),
            input: [0; 32],
            distance: input.distance.clone(),
            spots: Spots::new(std::iter::empty()),
            roads: None,
        };
        let mut terrains = BTreeMap::new();
        for duty in &input.stations {
            if let Some(building) = buildings.get(&duty.building) {
                let district = &building.district;
                let terrain =
                    *terrains.entry(district).or_insert_with(|| input.distance.terrain(district));
                ground.stations.push(duty.station.clone());
                ground.station_areas.push(district.clone());
                ground.demands.push(Demand { point: building.point, terrain, class: duty.class });
            }
        }
        ground.spots = Spots::new(ground.demands.iter().map(|demand| demand.point));
        ground
    }

    fn hash(&self, node: &Node, world: &World) -> [u8; 32] {
        let mut digest = Sha256::new_with_prefix(b"pehra/reserve-input/1\0");
        let mut put = |bytes: &[u8]| {
            digest.update((bytes.len() as u64).to_le_bytes());
            digest.update(bytes);
        };
        let point = |point: Point| {
            let mut bytes = point.lat_e7.to_le_bytes().to_vec();
            bytes.extend(point.lon_e7.to_le_bytes());
            bytes
        };
        for (unit, &at) in self.units.iter().zip(&self.bases) {
            put(unit.as_str().as_bytes());
            put(&point(at));
        }
        put(b"stations");
        for (station, demand) in self.stations.iter().zip(&self.demands) {
            put(station.as_str().as_bytes());
            put(&point(demand.point));
            put(&[demand.class as u8, demand.terrain as u8]);
        }
        let roads = RoadsKept::key(node, world);
        put(&roads.map_or([0; 32], |(map, _)| map));
        put(&roads.and_then(|(_, marks)| marks).unwrap_or([0; 32]));
        digest.finalize().into()
    }

    /// By what the road map is known that times were measured on.
    #[must_use]
    pub fn roads(&self) -> Option<[u8; 32]> {
        self.roads.as_ref().map(|roads| roads.manifest)
    }

    /// The number of a unit's place.
    #[must_use]
    pub fn base(&self, unit: &UnitId) -> Option<u32> {
        let at = self.units.iter().position(|known| known == unit)?;
        u32::try_from(at).ok()
    }

    /// Looks at every station with these bases open and some roads cut.
    ///
    /// # Errors
    /// [`WorkError::Cancelled`].
    pub(super) fn outlook(
        &self,
        (measured, blocks): (Option<&Measured>, &[Block]),
        open: &[u32],
        watch: &mut Watch<'_>,
    ) -> Result<Outlook, WorkError> {
        let look = |times: &dyn TravelTimes| {
            base::outlook(&self.demands, &self.targets, times, open, THREADS)
        };
        self.with_times((measured, blocks), open, watch, look)
    }

    /// The cover problem of all bases.
    pub(super) fn problem(
        &self,
        (measured, blocks): (Option<&Measured>, &[Block]),
        watch: &mut Watch<'_>,
    ) -> Result<Cover, WorkError> {
        tell(watch, "who reaches whom", 0, 1)?;
        let all = self.all_bases();
        let make =
            |times: &dyn TravelTimes| base::problem(&self.demands, &self.targets, times, THREADS);
        self.with_times((measured, blocks), &all, watch, make)?.map_err(super::from_cover)
    }

    fn all_bases(&self) -> Vec<u32> {
        (0..).take(self.bases.len()).collect()
    }

    /// Measures all bases by road; none without a map.
    pub(super) fn measure(&self, watch: &mut Watch<'_>) -> Result<Option<Measured>, WorkError> {
        let Some(ground) = &self.roads else { return Ok(None) };
        let all = self.all_bases();
        let asked = Asked { ground: &ground.anchored, cut: None };
        let limit_s = self.targets.longest_s();
        let of = (self.bases.as_slice(), all.as_slice());
        Ok(Some(Measured::try_new(&asked, of, &self.spots, limit_s, watch)?))
    }

    /// Asks with the times of some bases. Roads that are cut, or were not measured before, are measured for these alone.
    pub(super) fn with_times<R>(
        &self,
        (measured, blocks): (Option<&Measured>, &[Block]),
        open: &[u32],
        watch: &mut Watch<'_>,
        ask: impl FnOnce(&dyn TravelTimes) -> R,
    ) -> Result<R, WorkError> {
        let estimates = Estimates::new(&self.bases, &self.demands, &self.distance, blocks);
        let Some(ground) = &self.roads else { return Ok(ask(&estimates)) };
        let cut = (!blocks.is_empty()).then(|| ground.anchored.country().cut(blocks));
        let asked = Asked { ground: &ground.anchored, cut: cut.as_ref() };
        let held = measured.filter(|_| cut.is_none());
        let fresh = match held {
            Some(_) => None,
            None => {
                let of = (self.bases.as_slice(), open);
                let limit_s = self.targets.longest_s();
                Some(Measured::try_new(&asked, of, &self.spots, limit_s, watch)?)
            }
        };
        match held.or(fresh.as_ref()) {
            Some(measured) => {
                Ok(ask(&RoadTimes { estimates, measured, spots: &self.spots, roads: &asked }))
            }
            None => Ok(ask(&estimates)),
        }
    }
}
