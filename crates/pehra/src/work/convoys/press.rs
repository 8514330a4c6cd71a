//! The table of presses: where they are, for which areas each prints, and which districts are flown to.

use pehra_domain::{AreaId, Point};
use pehra_plan::convoy::press::{AirLink, Craft};
use std::collections::BTreeMap;

/// Why the table of presses cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("presses.csv, line {line}: {what}")]
pub struct PressError {
    line: usize,
    what: &'static str,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Press {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) town: String,
    pub(super) point: Point,
}

/// The presses, and which of them prints for which area.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Presses {
    presses: BTreeMap<String, Press>,
    /// By area: the press, and whether that is assumed.
    prints: BTreeMap<AreaId, (String, bool)>,
    air: BTreeMap<AreaId, AirLink>,
}

impl Presses {
    /// Reads `what,key,name,town,lat,lon,basis,source`; a source may be quoted. A press has its place; an area that one
    /// prints for names it; a district that is flown to names the craft and where it lands.
    ///
    /// # Errors
    /// [`PressError`] names the line.
    pub fn parse(text: &str) -> Result<Self, PressError> {
        let mut read = Self::default();
        for (at, row) in text.lines().enumerate().skip(1) {
            read.row(row).map_err(|what| PressError { line: at + 1, what })?;
        }
        Ok(read)
    }

    fn row(&mut self, row: &str) -> Result<(), &'static str> {
        let cells: Vec<&str> = row.splitn(8, ',').map(str::trim).collect();
        let [what, key, name, town, lat, lon, basis, source] = cells.as_slice() else {
            return Err("eight cells are expected");
        };
        if source.trim_matches('"').is_empty() {
            return Err("every row needs its source");
        }
        let assumed = match *basis {
            "published" => false,
            "assumed" => true,
            _ => return Err("the basis is `published` or `assumed`"),
        };
        let point = || {
            let degrees = |cell: &str| cell.parse::<f64>().ok();
            let point = degrees(lat).zip(degrees(lon));
            let point = point.and_then(|(lat, lon)| Point::try_from_degrees(lat, lon));
            point.ok_or("latitude and longitude are expected")
        };
        let area = || AreaId::try_new(*key).map_err(|_form| "the key is no area");
        match *what {
            "press" => {
                let (key, name, town) = ((*key).to_owned(), (*name).to_owned(), (*town).to_owned());
                let press = Press { key: key.clone(), name, town, point: point()? };
                self.presses.insert(key, press);
            }
            "prints" => {
                if !self.presses.contains_key(*name) {
                    return Err("no press of this name stands above");
                }
                self.prints.insert(area()?, ((*name).to_owned(), assumed));
            }
            "air" => {
                let craft = match *name {
                    "aeroplane" => Craft::Aeroplane,
                    "helicopter" => Craft::Helicopter,
                    _ => return Err("an `aeroplane` or a `helicopter` is expected"),
                };
                self.air.insert(area()?, AirLink { craft, landing: point()? });
            }
            _ => return Err("`press`, `prints` or `air` is expected"),
        }
        Ok(())
    }

    /// Which press prints for a district, by the deepest area that holds it, and whether that is assumed.
    pub(super) fn of(&self, district: &AreaId) -> Option<(&Press, bool)> {
        let rows = self.prints.iter().filter(|(area, _)| area.contains(district));
        let (_, (key, assumed)) = rows.max_by_key(|(area, _)| area.depth())?;
        Some((self.presses.get(key)?, *assumed))
    }

    pub(super) fn air(&self, district: &AreaId) -> Option<AirLink> {
        self.air.get(district).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_binarys_presses_print_for_every_district_and_fly_to_known_ones() {
        let presses = crate::facts::presses().unwrap();
        let gazetteer = crate::facts::gazetteer().unwrap();
        for district in &gazetteer.districts {
            assert!(presses.of(&district.area).is_some(), "{}", district.area);
        }
        assert_eq!(presses.air.len(), 7);
        for (area, link) in &presses.air {
            let district = gazetteer.districts.iter().find(|it| it.area == *area).unwrap();
            assert!(district.centre.distance_m(link.landing) < 250_000.0, "{area}");
        }
    }

    #[test]
    fn a_slip_in_the_table_is_named_with_its_line() {
        let head = "what,key,name,town,lat,lon,basis,source\n";
        for (row, what) in [
            ("press,A,B,C,33,73,published,", "source"),
            ("press,A,B,C,93,73,published,x", "latitude"),
            ("press,A,B,C,33,73,guessed,x", "basis"),
            ("prints,pk/sindh,A,,,,published,x", "above"),
            ("air,pk/sindh/thatta,balloon,T,24,68,published,x", "helicopter"),
            ("air,no where!,helicopter,T,24,68,published,x", "area"),
            ("press,A,B", "eight"),
            ("other,A,B,C,33,73,published,x", "expected"),
        ] {
            let error = Presses::parse(&format!("{head}{row}\n")).unwrap_err().to_string();
            assert!(error.contains(what) && error.contains("line 2"), "{error}");
        }
    }
}
