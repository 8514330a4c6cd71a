//! What an allocation is made from, and the hash that names it.

use super::{DistanceModel, RoadWays, Rules};
use crate::norm::NormBook;
use minicbor::{Decode, Encode};
use pehra_domain::{
    BuildingId, ConstituencyId, StationId, TimeWindow, UnitId,
    building::Building,
    force::{HomeCount, StaffKind, Tier, Unit},
    risk::RiskClass,
    station::StationKind,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// One station as the forces see it: its class for forces (the official one where there is one, else the
/// inherent one of the assessment), its kind and its booths.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct StationDuty {
    #[n(0)]
    pub station: StationId,
    #[n(1)]
    pub building: BuildingId,
    #[n(2)]
    pub class: RiskClass,
    #[n(3)]
    pub kind: StationKind,
    #[n(4)]
    pub booths: u32,
    /// Whose votes are cast there.
    #[n(5)]
    pub contests: Vec<ConstituencyId>,
}

/// A building on the authorities' list: outside it this tier may stand, if it is most sensitive.
/// [`Tier::Police`] has no meaning here and selects nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
pub struct Selected {
    #[n(0)]
    pub building: BuildingId,
    #[n(1)]
    pub tier: Tier,
}

/// A wish of the planner that the plan must keep.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
pub enum Lock {
    /// So many people of a kind from this unit stand at this building; more may come beside them.
    #[n(0)]
    Pin {
        #[n(0)]
        unit: UnitId,
        #[n(1)]
        building: BuildingId,
        #[n(2)]
        kind: StaffKind,
        #[n(3)]
        count: u32,
    },
    /// Nobody from this unit stands at this building; without a building: anywhere.
    #[n(1)]
    Exclude {
        #[n(0)]
        unit: UnitId,
        #[n(1)]
        building: Option<BuildingId>,
    },
}

/// The objective's whole-number weights, all in units of 100 m travelled by one person.
///
/// A missing person costs `missing[class]`, and `dearer_half` times that for the half of a place's posts that
/// goes empty last and for every women's minimum. Travel from another district counts `other_district` more, from
/// another province `other_province` more. With the proposed figures the cheapest missing person (4,000 km)
/// outweighs any one journey in the country, so no post stays empty while somebody who may fill it is idle;
/// beyond that it is an exchange, not a strict order: longer journeys of *others* are accepted up to the missing
/// person's price, and 20 km of travel equal one crossing of a district's border.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Weights {
    /// Normal, sensitive, most sensitive.
    #[n(0)]
    pub missing: [u32; 3],
    #[n(1)]
    pub dearer_half: u32,
    #[n(2)]
    pub other_district: u32,
    #[n(3)]
    pub other_province: u32,
    /// A person of a higher tier in place of a lower one.
    #[n(4)]
    pub substitute: u32,
    /// A policewoman at a post that a man could fill: keeps women free for the posts that need them.
    #[n(5)]
    pub woman_at_open_post: u32,
}

impl Weights {
    pub const PROPOSED: Self = Self {
        missing: [40_000, 120_000, 400_000],
        dearer_half: 3,
        other_district: 200,
        other_province: 600,
        substitute: 300,
        woman_at_open_post: 100,
    };

    pub(super) fn sound(&self) -> bool {
        let [normal, sensitive, most] = self.missing;
        let all = [most, self.other_district, self.other_province, self.substitute];
        normal > 0
            && normal <= sensitive
            && sensitive <= most
            && (1..=100).contains(&self.dearer_half)
            && self.other_district <= self.other_province
            && all.into_iter().chain([self.woman_at_open_post]).all(|weight| weight <= 1_000_000)
    }

    /// Price of one missing person of the cheaper half.
    #[must_use]
    pub fn price(&self, class: RiskClass) -> i64 {
        let [normal, sensitive, most] = self.missing;
        i64::from(match class {
            RiskClass::Normal => normal,
            RiskClass::Sensitive => sensitive,
            RiskClass::Most => most,
        })
    }
}

/// Everything an allocation depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllocateInput {
    pub buildings: Vec<Building>,
    pub stations: Vec<StationDuty>,
    /// Classes of places that are not polling stations; others take [`crate::norm::PlaceNorm`]'s.
    pub place_classes: Vec<(BuildingId, RiskClass)>,
    pub units: Vec<Unit>,
    pub norms: NormBook,
    pub selected: Vec<Selected>,
    pub locks: Vec<Lock>,
    /// Which rules hold besides norms, caps, selection and locks, which always do.
    pub rules: Rules,
    /// Where the people who may be drawn are at home; a unit and kind that does not occur here is not parted.
    pub homes: Vec<HomeCount>,
    pub distance: DistanceModel,
    pub weights: Weights,
    /// From the opening of stations to the hand-over of the material; a unit's window must cover it.
    pub poll: TimeWindow,
    /// Kept in the certificate. The engine draws no chance.
    pub seed: u64,
    /// Times by road between these units and buildings; without them all ways are estimated.
    pub roads: Option<Arc<RoadWays>>,
}

impl AllocateInput {
    /// SHA-256 over the canonical bytes of every part, rows in order of name, each part under its own label.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        part(&mut hash, "buildings", sorted(&self.buildings, |b| b.id.clone()));
        part(&mut hash, "stations", sorted(&self.stations, |s| s.station.clone()));
        part(&mut hash, "place classes", sorted(&self.place_classes, |p| p.0.clone()));
        part(&mut hash, "units", sorted(&self.units, |u| u.id.clone()));
        part(&mut hash, "norms", sorted(&self.norms.by_area, |n| n.0.clone()));
        part(&mut hash, "norms elsewhere", vec![&self.norms.fallback]);
        part(&mut hash, "norms of places", self.norms.places.iter().collect());
        part(&mut hash, "selected", sorted(&self.selected, Clone::clone));
        part(&mut hash, "locks", sorted(&self.locks, Clone::clone));
        part(&mut hash, "rules", vec![&self.rules]);
        part(&mut hash, "homes", sorted(&self.homes, Clone::clone));
        part(&mut hash, "distance", vec![&self.distance]);
        part(&mut hash, "weights", vec![&self.weights]);
        part(&mut hash, "poll", vec![&self.poll]);
        part(&mut hash, "seed", vec![&self.seed]);
        if let Some(roads) = &self.roads {
            part(&mut hash, "roads", vec![&roads.digest()]);
        }
        hash.finalize().into()
    }
}

/// Rows in order of their key; rows of equal key keep the order in which they came.
pub(super) fn sorted<T, K: Ord>(rows: &[T], key: impl Fn(&T) -> K) -> Vec<&T> {
    let mut rows: Vec<&T> = rows.iter().collect();
    rows.sort_by_cached_key(|row| key(row));
    rows
}

fn part<T: Encode<()>>(hash: &mut Sha256, label: &str, rows: Vec<&T>) {
    hash.update((label.len() as u64).to_be_bytes());
    hash.update(label.as_bytes());
    hash.update((rows.len() as u64).to_be_bytes());
    let mut bytes = Vec::new();
    for row in rows {
        bytes.clear();
        // Writing to memory cannot fail, and an encoder's own refusal does not occur for these shapes.
        let written = minicbor::encode(row, &mut bytes).is_ok();
        hash.update([u8::from(written)]);
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(&bytes);
    }
}
