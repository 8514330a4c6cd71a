//! Coverage against the plan: which station has what serves, by its class; counted, not judged.

use super::{Kind, Phase, Place, Record};
use pehra_domain::{EquipmentId, StationId, risk::RiskClass};
use std::collections::BTreeMap;

/// What a station is to have. The law asks for none of it: each is a decision of the commission, and zero asks for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Norm {
    /// At stations of the highest class, of the class below, and of all others.
    pub cameras: [u32; 3],
    /// No such device stood at a station in 2024: none unless somebody decides so.
    pub verification_per_booth: u32,
    pub generators: [u32; 3],
}

impl Default for Norm {
    fn default() -> Self {
        Self { cameras: [1, 0, 0], verification_per_booth: 0, generators: [1, 0, 0] }
    }
}

impl Norm {
    /// How many of a kind a station is to have.
    #[must_use]
    pub fn of(&self, kind: Kind, site: &Site<'_>) -> u32 {
        let by_class = |[most, sensitive, normal]: [u32; 3]| match site.class {
            RiskClass::Most => most,
            RiskClass::Sensitive => sensitive,
            RiskClass::Normal => normal,
        };
        match kind {
            Kind::Camera => by_class(self.cameras),
            Kind::Generator => by_class(self.generators),
            Kind::Verification => self.verification_per_booth.saturating_mul(site.booths),
            Kind::Radio | Kind::Tracker | Kind::Hub => 0,
        }
    }
}

/// A station of the plan.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    pub station: &'a StationId,
    pub class: RiskClass,
    pub booths: u32,
}

/// One kind in one area.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cover {
    /// Pieces that the norm asks for at stations.
    pub due: u32,
    /// Of these, pieces that stand there and serve.
    pub serving: u32,
    /// Stations that are to have some.
    pub stations_due: u32,
    /// Of these, stations that have all that is due.
    pub stations_covered: u32,
    /// Stations of the highest class with less than is due, in the order of their names.
    pub most_lacking: Vec<StationId>,
    /// All pieces on the list that were not withdrawn, wherever they are.
    pub listed: u32,
    /// Of these, those that are faulty.
    pub faulty: u32,
}

/// Coverage of an area, kind by kind.
#[must_use]
pub fn of<'a>(
    norm: &Norm,
    sites: impl IntoIterator<Item = Site<'a>>,
    items: impl IntoIterator<Item = (&'a EquipmentId, &'a Record)>,
) -> BTreeMap<Kind, Cover> {
    let mut all: BTreeMap<Kind, Cover> =
        Kind::ALL.iter().map(|kind| (*kind, Cover::default())).collect();
    let mut serving: BTreeMap<(&StationId, Kind), u32> = BTreeMap::new();
    for (_, record) in items {
        let phase = record.phase();
        let Some(kind) = record.kind().filter(|_| phase != Phase::Withdrawn) else { continue };
        let cover = all.entry(kind).or_default();
        cover.listed += 1;
        cover.faulty += u32::from(phase == Phase::Faulty);
        if let Some((Place::Station(station), true)) = record.place().filter(|_| record.serves()) {
            *serving.entry((station, kind)).or_default() += 1;
        }
    }
    for site in sites {
        for kind in Kind::ALL {
            let due = norm.of(*kind, &site);
            if due == 0 {
                continue;
            }
            let there = serving.get(&(site.station, *kind)).copied().unwrap_or(0).min(due);
            let cover = all.entry(*kind).or_default();
            cover.due = cover.due.saturating_add(due);
            cover.serving = cover.serving.saturating_add(there);
            cover.stations_due += 1;
            cover.stations_covered += u32::from(there == due);
            if there < due && site.class == RiskClass::Most {
                cover.most_lacking.push(site.station.clone());
            }
        }
    }
    for cover in all.values_mut() {
        cover.most_lacking.sort();
    }
    all
}
