//! The stations as the commission would send them: a list with a row for every contest, so that an imagined nation can
//! pass through the same import as a real one.

use super::Nation;
use pehra_domain::{
    AreaId, contest::Assembly, gazetteer::Gazetteer, risk::RiskClass, station::StationKind,
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
        let class = match station.official_class() {
            Some(RiskClass::Normal) => "normal",
            Some(RiskClass::Sensitive) => "sensitive",
            Some(RiskClass::Most) => "most sensitive",
            None => "",
        };
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
