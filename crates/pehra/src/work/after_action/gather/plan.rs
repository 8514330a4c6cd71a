//! Posted versus what the norm asks for, by the adopted plan.

use super::super::{Edition, Posted, PostedDistrict};
use crate::world::{PlanTable, StationTable};
use pehra_domain::{
    AreaId, BuildingId, force::StaffKind, gazetteer::Gazetteer, plan::ShortfallReason,
};
use pehra_ops::after_action::{Planned, Site};
use std::collections::BTreeMap;

/// What the plan posts in an area.
pub(super) struct Totals {
    pub(super) planned: Planned,
    districts: BTreeMap<AreaId, (u64, u64)>,
    missing: BTreeMap<&'static str, u64>,
}

#[derive(Default)]
struct Place<'a> {
    class: usize,
    district: Option<&'a AreaId>,
    women_stations: u64,
    women: u64,
}

pub(super) fn posted(
    plan: &PlanTable,
    table: &StationTable,
    sites: &[Site<'_>],
    area: &AreaId,
) -> Totals {
    let mut places: BTreeMap<&BuildingId, Place<'_>> = BTreeMap::new();
    for site in sites {
        let place = places.entry(&site.station.building).or_default();
        place.class = place.class.max(site.class as usize);
        place.district = Some(&site.station.district);
        place.women_stations += u64::from(site.station.booths.women > 0);
    }
    let mut totals = Totals {
        planned: Planned { at: plan.provenance.at, ..Planned::default() },
        districts: BTreeMap::new(),
        missing: BTreeMap::new(),
    };
    for row in &plan.plan.needs {
        let Some(place) = places.get_mut(&row.building) else { continue };
        if row.kind == StaffKind::PoliceWoman {
            place.women += u64::from(row.posted);
        }
        let (need, there) = (u64::from(row.need), u64::from(row.posted));
        if let Some(class) = totals.planned.by_class.get_mut(place.class) {
            class.0 += need;
            class.1 += there;
        }
        if let Some(district) = place.district {
            let known = totals.districts.entry(district.clone()).or_default();
            known.0 += need;
            known.1 += there;
        }
    }
    for short in &plan.plan.shortfalls {
        let building = table.by_building.get(&short.building);
        let building = building.and_then(|at| table.buildings.get(*at as usize));
        if building.is_some_and(|it| area.contains(&it.district)) {
            *totals.missing.entry(word(short.reason)).or_default() += u64::from(short.missing);
        }
    }
    // A building's policewomen reach for as many of its stations with a women's booth as there are of them.
    for place in places.values() {
        totals.planned.women.0 += place.women_stations;
        totals.planned.women.1 += place.women.min(place.women_stations);
    }
    totals
}

fn word(reason: ShortfallReason) -> &'static str {
    match reason {
        ShortfallReason::NobodyLeft => "nobody-left",
        ShortfallReason::TooFar => "too-far",
        ShortfallReason::Capped => "capped",
        ShortfallReason::Locked => "locked",
        ShortfallReason::NoSuchUnit => "no-such-unit",
        ShortfallReason::AtHome => "at-home",
        ShortfallReason::TooLong => "too-long",
        ShortfallReason::Together => "together",
    }
}

impl Totals {
    pub(super) fn told(self, plan: &PlanTable, edition: Edition, gazetteer: &Gazetteer) -> Posted {
        let classes = self.planned.by_class;
        let district = |(area, (need, posted)): (AreaId, (u64, u64))| PostedDistrict {
            name: super::name(gazetteer, &area),
            area: area.to_string(),
            need,
            posted,
        };
        let districts: Vec<PostedDistrict> = self.districts.into_iter().map(district).collect();
        Posted {
            plan: plan.id.clone(),
            label: if edition == Edition::Internal { plan.label.clone() } else { String::new() },
            signed_ms: plan.provenance.at.0,
            need: classes.iter().map(|it| it.0).sum(),
            posted: classes.iter().map(|it| it.1).sum(),
            by_class: classes.map(|(need, posted)| [need, posted]),
            missing: self.missing.into_iter().map(|(why, n)| (why.to_owned(), n)).collect(),
            districts: (edition == Edition::Internal).then_some(districts),
        }
    }
}
