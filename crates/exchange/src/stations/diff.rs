//! What a corrected list changes.

use pehra_domain::StationId;
use pehra_domain::station::Station;
use std::collections::BTreeMap;

/// A station that differs, with the names of what differs.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Changed {
    pub id: StationId,
    pub fields: Vec<&'static str>,
}

/// Two lists by station id.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Diff {
    pub added: Vec<StationId>,
    pub changed: Vec<Changed>,
    pub removed: Vec<StationId>,
    pub unchanged: u64,
}

impl Diff {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }
}

/// Compares by id; the rows a contest came from do not count.
#[must_use]
pub fn diff(old: &[Station], new: &[Station]) -> Diff {
    let before: BTreeMap<&StationId, &Station> = old.iter().map(|s| (&s.id, s)).collect();
    let after: BTreeMap<&StationId, &Station> = new.iter().map(|s| (&s.id, s)).collect();
    let mut out = Diff::default();
    for (id, station) in &after {
        match before.get(id) {
            None => out.added.push((*id).clone()),
            Some(other) => {
                let fields = differing(other, station);
                if fields.is_empty() {
                    out.unchanged += 1;
                } else {
                    out.changed.push(Changed { id: (*id).clone(), fields });
                }
            }
        }
    }
    out.removed =
        before.keys().filter(|id| !after.contains_key(*id)).map(|id| (*id).clone()).collect();
    out
}

fn differing(old: &Station, new: &Station) -> Vec<&'static str> {
    let mut fields = Vec::new();
    let mut note = |differs: bool, field: &'static str| {
        if differs {
            fields.push(field);
        }
    };
    note(old.name != new.name, "name");
    note(old.kind != new.kind, "kind");
    note(old.district != new.district || old.district_basis != new.district_basis, "district");
    note(old.point != new.point || old.place_basis != new.place_basis, "place");
    note(old.building != new.building, "building");
    note(old.booths != new.booths, "booths");
    note(old.voters != new.voters, "voters");
    note(old.official != new.official, "official class");
    let contests = |station: &Station| {
        let key = |c: &pehra_domain::contest::Contest| {
            (c.assembly, c.constituency.clone(), c.station_no.clone(), c.voters, c.booths)
        };
        station.contests.iter().map(key).collect::<Vec<_>>()
    };
    note(contests(old) != contests(new), "contests");
    fields
}
