//! T1 to T4. T5 and T6 come from surveys.

use super::{percent, placed};
use crate::assess::input::{Derived, Evidence, ThreatSubject};
use crate::assess::model::{interpolate, step};
use crate::assess::prepare::Prepared;
use crate::threat::{covered_share, saturating};
use pehra_domain::station::{PlaceBasis, Station};

/// T1: `4 · (1 − 2^(−Σ))`, Σ over incidents of earlier election times within 1 km: 2 if fatal else 1, times .5 beyond
/// 250 m, times 1, .7, .5 for the last, the second last and older polls. One harmless incident at the last poll is
/// worth 2 points, one fatal 3. Missing when the records cover no earlier poll or the place is only estimated.
pub(super) fn earlier_polls(prepared: &Prepared<'_>, station: &Station) -> Derived {
    let polls = prepared.elections.polls_covered;
    if polls == 0 || station.place_basis == PlaceBasis::Estimated {
        return Derived::MISSING;
    }
    let reading = prepared.elections.read(station.point);
    let evidence = Evidence::EarlierPolls {
        incidents: reading.count,
        fatal: reading.fatal,
        nearest_m: reading.nearest_m,
        polls,
    };
    // Two polls are what DOMAIN asks for; one alone is half the story. Records of organised violence miss what killed
    // nobody, so that "nothing recorded" is believed less than something recorded.
    let confidence = match (polls, reading.count) {
        (0..=1, 0) => 35,
        (0..=1, _) => 50,
        (_, 0) => 55,
        (_, _) => 80,
    };
    Derived::known(saturating(reading.sum, 1.0), placed(station, confidence), evidence)
}

/// T2: the threat field at the station. Missing when the records cover less than half of the twelve months.
pub(super) fn attacks(prepared: &Prepared<'_>, station: &Station) -> Derived {
    let from = prepared.today.plus_days(-prepared.model.kernel.window_days);
    let share = covered_share(prepared.span, from, prepared.today);
    if share < 0.5 {
        return Derived::MISSING;
    }
    let reading = prepared.field.read(station.point, &station.district);
    let evidence = Evidence::Attacks {
        within: reading.within,
        nearest_m: reading.nearest_m,
        newest_days: reading.newest_days,
        spread: reading.spread > 0.0,
    };
    let points = prepared.model.kernel.points(reading.intensity);
    Derived::known(points, placed(station, percent(0.85 * share)), evidence)
}

/// T3: the highest posterior that covers the station, in the steps of DOMAIN §3(e). Missing when there is no
/// intelligence at all or none that covers the station.
pub(super) fn intelligence(prepared: &Prepared<'_>, station: &Station) -> Derived {
    if prepared.inputs.posteriors.is_empty() {
        return Derived::MISSING;
    }
    let mut highest = prepared
        .posterior(&ThreatSubject::Station(station.id.clone()))
        .max(prepared.posterior(&ThreatSubject::Building(station.building.clone())));
    let mut area = Some(station.district.clone());
    while let Some(here) = area {
        highest = highest.max(prepared.posterior(&ThreatSubject::Area(here.clone())));
        area = here.parent();
    }
    highest.map_or(Derived::MISSING, |permille| {
        let points = step(&prepared.model.scales.t3_posterior, f64::from(permille) / 1_000.0);
        Derived::known(points, 80, Evidence::Intelligence { permille })
    })
}

/// T4: attacks on election targets in the district since the schedule. Missing when no record says whether an election
/// was the target, or the records end before half of that time.
pub(super) fn election_targets(prepared: &Prepared<'_>, station: &Station) -> Derived {
    let Some(targets) = &prepared.targets else { return Derived::MISSING };
    let (from, until) = (prepared.inputs.schedule, prepared.today);
    let share = covered_share(prepared.span, from, until.plus_days(1));
    if share < 0.5 {
        return Derived::MISSING;
    }
    let attacks = targets.get(station.district.name()).copied().unwrap_or(0);
    let points = interpolate(&prepared.model.scales.t4_attacks, f64::from(attacks));
    Derived::known(points, percent(0.9 * share), Evidence::ElectionTargets { attacks })
}
