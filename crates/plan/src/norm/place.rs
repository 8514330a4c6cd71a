//! Norms of guarded places that are not polling stations.

use minicbor::{Decode, Encode};
use pehra_domain::{building::BuildingKind, risk::RiskClass};
use serde::{Deserialize, Serialize};

/// What one kind of place is due in one class. All figures are proposals unless `source` says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct PlaceNorm {
    #[n(0)]
    pub place: BuildingKind,
    #[n(1)]
    pub class: RiskClass,
    /// Police in all; all watches together where the place is guarded in watches.
    #[n(2)]
    pub police: u32,
    /// Of them women at the least.
    #[n(3)]
    pub women_min: u32,
    #[n(4)]
    pub vehicles_min: u32,
    #[n(5)]
    pub source: String,
}

impl PlaceNorm {
    /// The class taken for a place that nobody has assessed: returning officers' offices count as most
    /// sensitive (most losses of 2024 were there and on the road), anything else as sensitive.
    #[must_use]
    pub fn class_unless_assessed(place: BuildingKind) -> RiskClass {
        if place == BuildingKind::ReturningOffice { RiskClass::Most } else { RiskClass::Sensitive }
    }
}

const WATCHES_2: &str = "proposed: two guards for each of three watches";
const WATCHES_4: &str = "proposed: four guards for each of three watches";
const ESCORT_4: &str = "proposed: four escorts, two vehicles at the least";
const ESCORT_6: &str = "proposed: six escorts, two vehicles at the least";
const RINGS: &str = "proposed: twelve fixed posts and rings of one, three and one";
const PLAIN: &str = "proposed";

type Figures = (u32, u32, u32, &'static str);

const TABLE: [(BuildingKind, [Figures; 3]); 8] = [
    (BuildingKind::ReturningOffice, [(8, 1, 0, PLAIN), (12, 1, 0, PLAIN), (17, 2, 0, RINGS)]),
    (BuildingKind::Store, [(6, 0, 0, WATCHES_2), (6, 0, 0, WATCHES_2), (12, 0, 0, WATCHES_4)]),
    (BuildingKind::DistributionPoint, [(4, 1, 0, PLAIN), (6, 1, 0, PLAIN), (8, 2, 0, PLAIN)]),
    (BuildingKind::Press, [(6, 0, 0, WATCHES_2), (6, 0, 0, WATCHES_2), (12, 0, 0, WATCHES_4)]),
    (BuildingKind::Route, [(4, 0, 2, ESCORT_4), (4, 0, 2, ESCORT_4), (6, 0, 2, ESCORT_6)]),
    (BuildingKind::CandidateOffice, [(1, 0, 0, PLAIN), (2, 0, 0, PLAIN), (4, 0, 0, PLAIN)]),
    (BuildingKind::Rally, [(10, 2, 0, PLAIN), (20, 4, 0, PLAIN), (40, 8, 0, PLAIN)]),
    (BuildingKind::Procession, [(10, 2, 1, PLAIN), (20, 4, 2, PLAIN), (40, 8, 2, PLAIN)]),
];

/// The proposed norms of `data/norms/pk-2024-places.csv`.
#[must_use]
pub fn builtin_places() -> Vec<PlaceNorm> {
    TABLE
        .into_iter()
        .flat_map(|(place, figures)| {
            RiskClass::ALL.into_iter().zip(figures).map(
                move |(class, (police, women_min, vehicles_min, source))| PlaceNorm {
                    place,
                    class,
                    police,
                    women_min,
                    vehicles_min,
                    source: source.to_owned(),
                },
            )
        })
        .collect()
}
