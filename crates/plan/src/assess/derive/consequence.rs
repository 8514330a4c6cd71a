//! C1 to C5.

use super::placed;
use crate::assess::input::{Derived, Evidence};
use crate::assess::model::{interpolate, interpolate_log};
use crate::assess::prepare::Prepared;
use pehra_domain::station::Station;

/// An alternative further away than this is none.
const REACH_M: f64 = 50_000.0;

/// C1: registered voters on a logarithmic scale. Missing when the list gives none.
pub(super) fn voters(prepared: &Prepared<'_>, station: &Station) -> Derived {
    let registered = station.voters.total();
    if registered == 0 {
        return Derived::MISSING;
    }
    let points = interpolate_log(&prepared.model.scales.c1_voters, f64::from(registered));
    Derived::known(points, 95, Evidence::Voters { registered })
}

/// C2: booths of all stations in the building plus one for each further station. Missing when no booths are given.
pub(super) fn load(prepared: &Prepared<'_>, station: &Station) -> Derived {
    let load = prepared.loads.get(&station.building).copied().unwrap_or_default();
    if load.booths == 0 {
        return Derived::MISSING;
    }
    let sum = load.booths.saturating_add(load.stations.saturating_sub(1));
    let points = interpolate(&prepared.model.scales.c2_load, f64::from(sum));
    Derived::known(points, 85, Evidence::Load { booths: load.booths, stations: load.stations })
}

/// C3: registered women as a head count; the lists give no count of disabled or displaced voters.
pub(super) fn women(prepared: &Prepared<'_>, station: &Station) -> Derived {
    if station.voters.total() == 0 {
        return Derived::MISSING;
    }
    let registered = station.voters.women;
    let points = interpolate(&prepared.model.scales.c3_women, f64::from(registered));
    Derived::known(points, 70, Evidence::Women { registered })
}

/// C4: 4 within 150 m of a returning officer's office, 3 of a store or distribution point, else 0. Missing when no such
/// place is known anywhere: then nobody has said where material lies.
pub(super) fn material(prepared: &Prepared<'_>, station: &Station) -> Derived {
    if prepared.offices.is_empty() && prepared.stores.is_empty() {
        return Derived::MISSING;
    }
    let radius_m = prepared.model.travel.material_radius_m;
    if prepared.offices.nearest(station.point, radius_m, |_| true).is_some() {
        return Derived::known(4.0, placed(station, 80), Evidence::Material { office: true });
    }
    if prepared.stores.nearest(station.point, radius_m, |_| true).is_some() {
        return Derived::known(3.0, placed(station, 80), Evidence::Material { office: false });
    }
    Derived::known(0.0, placed(station, 80), Evidence::NoMaterial)
}

/// C5: straight kilometres to the nearest other building with stations. Missing when the place is only estimated or no
/// buildings are known; none within 50 km: 4.
pub(super) fn alternative(prepared: &Prepared<'_>, station: &Station) -> Derived {
    let confidence = placed(station, 75);
    if prepared.polling_ids.len() < 2 || confidence < 50 {
        return Derived::MISSING;
    }
    let other = |item: usize| *prepared.polling_ids[item] != station.building;
    let Some(hit) = prepared.polling_buildings.nearest(station.point, REACH_M, other) else {
        return Derived::known(4.0, confidence, Evidence::NoAlternative);
    };
    let km = hit.distance_m / 1_000.0;
    let points = interpolate(&prepared.model.scales.c5_km, km);
    Derived::known(points, confidence, Evidence::Alternative { km })
}
