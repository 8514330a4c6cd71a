//! Where the day is lived closely: districts whose material and devices go on record piece by piece. A bag takes some
//! twenty entries from the counter to the receipt; of the whole nation they would be more than a room can take beside
//! its day.

use super::DrillError;
use crate::work::WorkError;
use pehra_domain::{AreaId, risk::RiskClass};
use pehra_drill::day::Plan;
use std::collections::BTreeSet;

/// Stations that are lived closely unless somebody names areas.
pub const STATIONS: usize = 1_500;

/// What was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Closely {
    /// The whole plan where it is small; of a nation the districts with the most of the most sensitive stations, as many as
    /// [`STATIONS`] allow.
    #[default]
    Usual,
    /// These areas, however large.
    Areas(Vec<AreaId>),
    Nowhere,
}

impl Closely {
    /// The districts, by their place in the plan.
    ///
    /// # Errors
    /// [`DrillError`] names an area in which the plan has no district.
    pub fn districts(&self, plan: &Plan) -> Result<BTreeSet<u32>, DrillError> {
        match self {
            Self::Nowhere => Ok(BTreeSet::new()),
            Self::Usual => Ok(usual(plan, STATIONS)),
            Self::Areas(areas) => {
                let mut all = BTreeSet::new();
                for area in areas {
                    let within = (0_u32..).zip(&plan.districts);
                    let within = within.filter(|(_, it)| area.contains(&it.area));
                    let before = all.len();
                    all.extend(within.map(|(at, _)| at));
                    if all.len() == before {
                        let told = format!(
                            "no district of the plan lies in {area}, or it was named twice"
                        );
                        return Err(DrillError::Plan(WorkError::Input(told)));
                    }
                }
                Ok(all)
            }
        }
    }
}

fn usual(plan: &Plan, most: usize) -> BTreeSet<u32> {
    let sensitive = |at: u32| {
        let stations = plan.districts.get(at as usize).map(|it| it.stations.range());
        let stations = stations.and_then(|range| plan.stations.get(range)).unwrap_or_default();
        (stations.iter().filter(|it| it.class == RiskClass::Most).count(), stations.len())
    };
    let mut all: Vec<(usize, u32, usize)> = (0_u32..)
        .zip(&plan.districts)
        .map(|(at, _)| {
            let (sensitive, stations) = sensitive(at);
            (sensitive, at, stations)
        })
        .collect();
    all.sort_by_key(|(sensitive, at, _)| (std::cmp::Reverse(*sensitive), *at));
    let mut left = most;
    let mut chosen = BTreeSet::new();
    for (_, at, stations) in all {
        if stations <= left {
            left -= stations;
            chosen.insert(at);
        }
    }
    chosen
}
