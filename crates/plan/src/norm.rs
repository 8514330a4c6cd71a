//! How many people a place is due, from norms that are data with a source.
//!
//! `need(building) = Σ inner(class, kind) over its stations + outer(highest class) + booth rule`. The building is
//! the unit of guarding: its outer ring is shared by all stations in it. Every figure can be edited; the built-in
//! profiles are the ones of `data/norms/`.

mod file;
mod place;
#[cfg(test)]
mod tests;

pub use file::{NormFileError, NormFileErrorKind, places_from_csv, profile_from_csv};
pub use place::{PlaceNorm, builtin_places};

use pehra_domain::{
    AreaId,
    building::BuildingKind,
    norm::{NormProfile, NormRow},
    risk::RiskClass,
    station::StationKind,
};

/// What a norm must know of one station: its class for forces, its kind, and how many booths it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StationDue {
    pub class: RiskClass,
    pub kind: StationKind,
    pub booths: u32,
}

/// What a building is due, in posts. All counts are people on one shift.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// Posts in and at the stations themselves: `(class, posts, of them for women only)`, one entry a station.
    pub inner: Vec<(RiskClass, u32, u32)>,
    /// Police of the outer ring after the cap.
    pub outer: u32,
    /// Civil armed forces or army standing outside after the cap, if the building is on the selected list.
    pub static_outside: u32,
    /// Posts that the norm asks for and the cap on visible armed presence forbids: police, then static.
    pub capped: (u32, u32),
    /// The highest class among the stations.
    pub class: Option<RiskClass>,
}

impl Due {
    /// Police posts in all.
    #[must_use]
    pub fn police(&self) -> u32 {
        self.inner.iter().map(|&(_, posts, _)| posts).sum::<u32>() + self.outer
    }

    /// Police posts that only women may fill.
    #[must_use]
    pub fn women(&self) -> u32 {
        self.inner.iter().map(|&(_, _, women)| women).sum()
    }
}

/// Which profile holds where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NormBook {
    /// Profile by province (or any other area); the deepest area that contains the place wins.
    pub by_area: Vec<(AreaId, NormProfile)>,
    /// Where no area's profile holds.
    pub fallback: NormProfile,
    /// Places that are not polling stations.
    pub places: Vec<PlaceNorm>,
}

impl NormBook {
    /// Khyber Pakhtunkhwa by its own profile, the rest of the country by Sindh's.
    #[must_use]
    pub fn builtin() -> Self {
        let area = AreaId::nation().below("Khyber Pakhtunkhwa");
        Self {
            by_area: vec![(area, builtin_kp())],
            fallback: builtin_sindh(),
            places: builtin_places(),
        }
    }

    /// The profile that holds in a district.
    #[must_use]
    pub fn profile(&self, district: &AreaId) -> &NormProfile {
        self.by_area
            .iter()
            .filter(|(area, _)| area.contains(district))
            .max_by_key(|(area, _)| area.depth())
            .map_or(&self.fallback, |(_, profile)| profile)
    }
}

/// The line of a profile for a class and a kind of station.
#[must_use]
pub fn row(profile: &NormProfile, class: RiskClass, kind: StationKind) -> Option<&NormRow> {
    profile.rows.iter().find(|row| row.class == class && row.kind == kind)
}

/// What a building with these stations is due. `selected`: it is on the list of places outside which civil armed
/// forces or army may stand; without that, and below the most sensitive class, no static post is ever due.
/// A station whose class and kind have no line in the profile is due nothing; [`check`] names such gaps.
#[must_use]
pub fn need(profile: &NormProfile, stations: &[StationDue], selected: bool) -> Due {
    let Some(class) = stations.iter().map(|station| station.class).max() else {
        return Due::default();
    };
    let mut due = Due { class: Some(class), ..Due::default() };
    let mut outer = 0;
    let mut static_outside = 0;
    for station in stations {
        let Some(row) = row(profile, station.class, station.kind) else { continue };
        let inner = row.inner_per_station + booth_extra(profile, station.booths);
        due.inner.push((station.class, inner, row.women_min.min(inner)));
        if station.class == class {
            outer = outer.max(row.outer_per_building);
            static_outside = static_outside.max(row.static_outside);
        }
    }
    if !selected || class != RiskClass::Most {
        static_outside = 0;
    }
    let cap = visible_cap(profile, class).unwrap_or(u32::MAX);
    due.outer = outer.min(cap);
    due.static_outside = static_outside.min(cap - due.outer);
    due.capped = (outer - due.outer, static_outside - due.static_outside);
    due
}

/// Most visible armed people at the gate of a building of this class, if there is a cap.
#[must_use]
pub fn visible_cap(profile: &NormProfile, class: RiskClass) -> Option<u32> {
    let [normal, sensitive, most] = profile.visible_armed_max;
    match class {
        RiskClass::Normal => normal,
        RiskClass::Sensitive => sensitive,
        RiskClass::Most => most,
    }
}

/// One more inner post for every two whole booths above the free ones.
#[must_use]
pub fn booth_extra(profile: &NormProfile, booths: u32) -> u32 {
    if profile.booth_rule { booths.saturating_sub(profile.booths_free) / 2 } else { 0 }
}

/// Why a profile cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NormError {
    #[error("profile {profile}: no line for class {class:?} and kind {kind:?}; add one")]
    Missing { profile: String, class: RiskClass, kind: StationKind },
    #[error("profile {profile}: two lines for class {class:?} and kind {kind:?}; keep one")]
    Double { profile: String, class: RiskClass, kind: StationKind },
    #[error(
        "profile {profile}: class {class:?}, kind {kind:?}: the women's minimum of {women_min} is above the \
         {inner} inner posts; raise the posts or lower the minimum"
    )]
    WomenAboveInner {
        profile: String,
        class: RiskClass,
        kind: StationKind,
        women_min: u32,
        inner: u32,
    },
    #[error(
        "profile {profile}: static posts at class {class:?}; only most sensitive may have them"
    )]
    StaticBelowMost { profile: String, class: RiskClass },
}

const KINDS: [StationKind; 3] = [StationKind::Men, StationKind::Women, StationKind::Combined];

/// Checks that a profile has one sound line for every class and kind.
///
/// # Errors
/// [`NormError`] names the first line that is missing, double or unsound.
pub fn check(profile: &NormProfile) -> Result<(), NormError> {
    let name = || profile.name.clone();
    for class in RiskClass::ALL {
        for kind in KINDS {
            let mut found =
                profile.rows.iter().filter(|row| row.class == class && row.kind == kind);
            let Some(row) = found.next() else {
                return Err(NormError::Missing { profile: name(), class, kind });
            };
            if found.next().is_some() {
                return Err(NormError::Double { profile: name(), class, kind });
            }
            if row.women_min > row.inner_per_station {
                return Err(NormError::WomenAboveInner {
                    profile: name(),
                    class,
                    kind,
                    women_min: row.women_min,
                    inner: row.inner_per_station,
                });
            }
            if row.static_outside > 0 && class != RiskClass::Most {
                return Err(NormError::StaticBelowMost { profile: name(), class });
            }
        }
    }
    Ok(())
}

/// Police posts due to totals: stations and buildings by class, without booth rule and caps.
#[must_use]
pub fn need_of_totals(profile: &NormProfile, stations: [u64; 3], buildings: [u64; 3]) -> u64 {
    by_class(profile, |row| u64::from(row.inner_per_station), stations)
        + by_class(profile, |row| u64::from(row.outer_per_building), buildings)
}

/// Police posts due if every station had a ring of its own: the flat rule.
#[must_use]
pub fn need_flat(profile: &NormProfile, stations: [u64; 3]) -> u64 {
    need_of_totals(profile, stations, stations)
}

fn by_class(profile: &NormProfile, posts: impl Fn(&NormRow) -> u64, counts: [u64; 3]) -> u64 {
    RiskClass::ALL
        .iter()
        .zip(counts)
        .filter_map(|(&class, count)| {
            row(profile, class, StationKind::Men).map(|row| posts(row) * count)
        })
        .sum()
}

/// How quick-reaction teams are sized (DOMAIN §3(b), proposed): people in a team, stations a team covers, and the
/// thousandths of teams that stay uncommitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReserveNorm {
    pub people_per_team: u32,
    pub stations_per_team: u32,
    pub uncommitted_permille: u32,
}

impl ReserveNorm {
    pub const PROPOSED: Self =
        Self { people_per_team: 14, stations_per_team: 12, uncommitted_permille: 300 };

    /// Teams due to so many stations, rounded up.
    #[must_use]
    pub fn teams(&self, stations: u32) -> u32 {
        stations.div_ceil(self.stations_per_team.max(1))
    }
}

/// Inner 2/3/3 and outer 2/3/5: the published 4/6/8 for a building with one station.
#[must_use]
pub fn builtin_sindh() -> NormProfile {
    builtin(
        "PK-2024-SINDH",
        "Daily Times 1164042 (4/6/8 for one station; the split into inner and outer is a proposal)",
        [2, 3, 3],
        [2, 3, 5],
    )
}

/// Inner 2/2/3 and outer 1/2/2: the published 3/4/5 for a building with one station.
#[must_use]
pub fn builtin_kp() -> NormProfile {
    builtin(
        "PK-2024-KP",
        "TNN 31 January 2024 (3/4/5 for one station; the split into inner and outer is a proposal)",
        [2, 2, 3],
        [1, 2, 2],
    )
}

fn builtin(name: &str, source: &str, inner: [u32; 3], outer: [u32; 3]) -> NormProfile {
    let mut rows = Vec::new();
    for ((class, inner), outer) in RiskClass::ALL.into_iter().zip(inner).zip(outer) {
        let most = class == RiskClass::Most;
        for kind in KINDS {
            let women_min = match kind {
                StationKind::Men => 0,
                StationKind::Women => 2 + u32::from(most),
                StationKind::Combined => 1 + u32::from(most),
            };
            rows.push(NormRow {
                class,
                kind,
                inner_per_station: inner,
                outer_per_building: outer,
                women_min,
                static_outside: if most { 4 } else { 0 },
            });
        }
    }
    NormProfile {
        name: name.to_owned(),
        source: source.to_owned(),
        rows,
        booths_free: 4,
        booth_rule: true,
        visible_armed_max: [Some(3), None, None],
    }
}

/// What a place that is not a polling station is due; nothing when no norm names its kind and class.
#[must_use]
pub fn place_need(norms: &[PlaceNorm], place: BuildingKind, class: RiskClass) -> Due {
    norms.iter().find(|norm| norm.place == place && norm.class == class).map_or_else(
        Due::default,
        |norm| Due {
            inner: vec![(class, norm.police, norm.women_min.min(norm.police))],
            class: Some(class),
            ..Due::default()
        },
    )
}
