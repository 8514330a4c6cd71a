//! Who is at the station first: guards before the material, the presiding officer with it, nobody after it.
//! A bag that waits for its guard, or its presiding officer, is a bag alone.

/// Arrivals at one station, seconds; none: not known to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrivals {
    pub guards_s: Option<u32>,
    pub material_s: u32,
    pub presiding_officer_s: Option<u32>,
}

/// What is wrong at a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Broken {
    NoGuards,
    GuardsAfterMaterial,
    OfficerApart,
}

/// Checks the order; `together_s` is how far apart is still together.
#[must_use]
pub fn broken(arrivals: Arrivals, together_s: u32) -> Option<Broken> {
    match arrivals.guards_s {
        None => return Some(Broken::NoGuards),
        Some(guards) if guards > arrivals.material_s.saturating_add(together_s) => {
            return Some(Broken::GuardsAfterMaterial);
        }
        Some(_) => {}
    }
    let with = |officer: u32| officer.abs_diff(arrivals.material_s) <= together_s;
    (!arrivals.presiding_officer_s.is_some_and(with)).then_some(Broken::OfficerApart)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases() {
        let cases = [
            (Some(100), 100, Some(100), None),
            (Some(10), 100, Some(100), None),
            (Some(105), 100, Some(100), None),
            (Some(200), 100, Some(100), Some(Broken::GuardsAfterMaterial)),
            (None, 100, Some(100), Some(Broken::NoGuards)),
            (Some(10), 100, None, Some(Broken::OfficerApart)),
            (Some(10), 100, Some(300), Some(Broken::OfficerApart)),
            (Some(10), 300, Some(100), Some(Broken::OfficerApart)),
        ];
        for (guards_s, material_s, presiding_officer_s, due) in cases {
            let arrivals = Arrivals { guards_s, material_s, presiding_officer_s };
            assert_eq!(broken(arrivals, 10), due, "{arrivals:?}");
        }
    }
}
