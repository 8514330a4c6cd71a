//! Overrides that the data call for. They are proposals: nothing takes effect before somebody signs.

use super::input::Evidence;
use super::prepare::Prepared;
use pehra_domain::{StationId, override_record::OverrideCode, risk::Factor};

/// A rule whose condition the data meet.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    pub station: StationId,
    pub code: OverrideCode,
    /// The evidence that meets it.
    pub evidence: Evidence,
}

/// Minutes beyond which quick reaction is not quick (O3).
const QUICK_MIN: u32 = 45;

/// O2 where a fatal event of the last two covered polls is placed on the building; O3 where a survey found no working
/// rung and quick reaction takes more than 45 minutes or is nowhere near. O1 needs intelligence that names the place,
/// and its grade; it is never proposed from records. In the order of the stations.
#[must_use]
pub fn propose_overrides(prepared: &Prepared<'_>) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    for station in prepared.inputs.stations {
        let derived = prepared.derive(station);
        let mut propose = |code, evidence| {
            proposals.push(Proposal { station: station.id.clone(), code, evidence });
        };
        if prepared.elections.fatal_at(station.point, 2) > 0 {
            propose(OverrideCode::O2, derived[Factor::T1.index()].evidence);
        }
        let silent = derived[Factor::V3.index()].value.is_some_and(|(points, _)| points > 3.999);
        let reaction = derived[Factor::V2.index()].evidence;
        let far = match reaction {
            Evidence::QuickReaction { minutes, .. } => minutes > QUICK_MIN,
            Evidence::NoQuickReaction => true,
            Evidence::Missing
            | Evidence::EarlierPolls { .. }
            | Evidence::Attacks { .. }
            | Evidence::Intelligence { .. }
            | Evidence::ElectionTargets { .. }
            | Evidence::Survey { .. }
            | Evidence::DistrictSurvey { .. }
            | Evidence::ForceGap { .. }
            | Evidence::NoPlan
            | Evidence::NoWomen
            | Evidence::Route { .. }
            | Evidence::Voters { .. }
            | Evidence::Load { .. }
            | Evidence::Women { .. }
            | Evidence::Material { .. }
            | Evidence::NoMaterial
            | Evidence::Alternative { .. }
            | Evidence::NoAlternative => false,
        };
        if silent && far {
            propose(OverrideCode::O3, reaction);
        }
    }
    proposals
}
