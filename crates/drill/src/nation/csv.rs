//! The stations and the forces as their offices would send them, so that an imagined nation can pass through the same
//! import as a real one, and so that a real station list can be planned with forces of the published totals.

use super::Nation;
use pehra_domain::{
    AreaId, Date, UnixMs, contest::Assembly, force::Tier, gazetteer::Gazetteer, risk::RiskClass,
    station::StationKind,
};
use std::{collections::BTreeMap, fmt::Write as _};

/// First line of [`stations`].
pub const HEADER: &str = "province,district,constituency,assembly,ps_no,name,kind,male_booths,female_booths,male_voters,female_voters,lat,lon,class\n";

/// CSV in UTF-8 with [`HEADER`]: 180,360 rows and about 22 MB for Pakistan. Every name and id is marked `SYN`.
#[must_use]
pub fn stations(nation: &Nation, gazetteer: &Gazetteer) -> String {
    let names: BTreeMap<&AreaId, (&str, &str)> = gazetteer
        .districts
        .iter()
        .map(|district| (&district.area, (district.province.as_str(), district.name.as_str())))
        .collect();
    let rows: usize = nation.stations.iter().map(|station| station.contests.len()).sum();
    let mut text = String::with_capacity(HEADER.len() + rows * 136);
    text.push_str(HEADER);
    for station in &nation.stations {
        let (province, district) = names.get(&station.district).copied().unwrap_or_default();
        let kind = match station.kind {
            StationKind::Men => "male",
            StationKind::Women => "female",
            StationKind::Combined => "combined",
        };
        let class = station.official_class().map_or("", RiskClass::title);
        for contest in &station.contests {
            let assembly = match contest.assembly {
                Assembly::National => "NA",
                Assembly::Provincial => "PA",
            };
            // Writing to a text cannot fail.
            let _ = writeln!(
                text,
                "{province},{district},{},{assembly},{},\"{}\",{kind},{},{},{},{},{:.7},{:.7},{class}",
                contest.constituency,
                contest.station_no,
                station.name.replace('"', "\"\""),
                contest.booths.men,
                contest.booths.women,
                contest.voters.men,
                contest.voters.women,
                station.point.lat_deg(),
                station.point.lon_deg(),
            );
        }
    }
    text
}

/// First line of [`forces`].
pub const FORCES_HEADER: &str =
    "id,name,tier,district,lat,lon,men,women,vehicles,seats,reserve,from,until\n";

/// CSV in UTF-8 with [`FORCES_HEADER`]: the published strength of police, civil armed forces and army, spread over the
/// districts as in the imagined nation. No real unit is named; every id is marked `SYN`.
#[must_use]
pub fn forces(nation: &Nation) -> String {
    let mut text = String::with_capacity(FORCES_HEADER.len() + nation.units.len() * 128);
    text.push_str(FORCES_HEADER);
    for unit in &nation.units {
        let tier = match unit.tier {
            Tier::Police => "police",
            Tier::CivilArmedForces => "civil armed forces",
            Tier::Army => "army",
        };
        let window = unit.window.map(|window| (moment(window.from), moment(window.until)));
        let (from, until) = window.unwrap_or_default();
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "{},\"{}\",{tier},{},{:.7},{:.7},{},{},{},{},{},{from},{until}",
            unit.id,
            unit.name.replace('"', "\"\""),
            unit.district,
            unit.point.lat_deg(),
            unit.point.lon_deg(),
            unit.men,
            unit.women,
            unit.vehicles,
            unit.seats,
            unit.reserve,
        );
    }
    text
}

/// `2024-02-05 06:00`, in Pakistan.
fn moment(at: UnixMs) -> String {
    let day = Date::of_pkt(at);
    let minutes = (at.0 - day.midnight_pkt().0) / 60_000;
    format!("{day} {:02}:{:02}", minutes / 60, minutes % 60)
}
