//! Police, civil armed forces and army, in units that stand in the districts.

use super::{
    Draft, NationError, Part, narrow, need, place_in,
    size::{Sizes, contradiction, starts},
    stream, wide,
};
use crate::{
    apportion::{largest_remainder, with_floor},
    facts::{Facts, Measure, NATION},
};
use pehra_domain::{
    Point, TimeWindow, UnitId,
    date::Date,
    force::{Tier, Unit},
    gazetteer::Gazetteer,
    risk::RiskClass,
    seed::Seed,
};

/// A police unit has about so many people (assumed: it makes a little over 2,000 units of 465,736 police).
const POLICE_PER_UNIT: u64 = 220;
/// A larger contingent comes as several units (assumed).
const TROOPS_PER_UNIT_MAX: u64 = 700;
/// People in one vehicle (assumed).
const SEATS_PER_VEHICLE: u32 = 6;
/// Army and civil armed forces were called in from 5 to 10 February 2024 (DOMAIN §3(b)).
const CALLED_FROM: Date = Date(19_758);
const CALLED_UNTIL: Date = Date(19_764);

pub(super) fn units(
    draft: &Draft,
    facts: &Facts,
    gazetteer: &Gazetteer,
    sizes: &Sizes<'_>,
    seed: u64,
) -> Result<Vec<Unit>, NationError> {
    let posts = Posts::of(draft, gazetteer.districts.len());
    let mut strength = vec![Strength::default(); gazetteer.districts.len()];
    police(facts, sizes, &posts, &mut strength)?;
    troops(facts, &posts, &mut strength)?;
    let starts = starts(&sizes.of, |size| size.buildings);
    let mut units = Vec::new();
    for (district, strength) in strength.iter().enumerate() {
        let area = &gazetteer.districts[district];
        let buildings = &draft.buildings[starts[district]..starts[district + 1]];
        let mut camp = Camp {
            area,
            points: buildings.iter().map(|building| building.point).collect(),
            chance: stream(seed, Part::Force, district),
        };
        camp.police(strength, &mut units)?;
        camp.contingent("CAF", "civil armed forces", strength.caf, strength.caf_qrf, &mut units)?;
        camp.contingent("ARM", "army", strength.army_qrf, strength.army_qrf, &mut units)?;
    }
    Ok(units)
}

/// What a district's stations call for: the weights by which forces are shared out.
struct Posts {
    /// Four, six and eight guards by class: the rule that Sindh announced (dailytimes 1164042).
    police: Vec<u64>,
    most: Vec<u64>,
    reaction: Vec<u64>,
}

impl Posts {
    fn of(draft: &Draft, districts: usize) -> Self {
        let mut posts = Self {
            police: vec![0; districts],
            most: vec![0; districts],
            reaction: vec![0; districts],
        };
        for station in &draft.stations {
            let (police, most, reaction) = match station.class {
                RiskClass::Normal => (4, 0, 1),
                RiskClass::Sensitive => (6, 0, 2),
                RiskClass::Most => (8, 1, 4),
            };
            posts.police[station.district] += police;
            posts.most[station.district] += most;
            posts.reaction[station.district] += reaction;
        }
        posts
    }
}

#[derive(Clone, Default)]
struct Strength {
    police: u64,
    police_women: u64,
    police_qrf: u64,
    caf: u64,
    caf_qrf: u64,
    army_qrf: u64,
}

fn police(
    facts: &Facts,
    sizes: &Sizes<'_>,
    posts: &Posts,
    strength: &mut [Strength],
) -> Result<(), NationError> {
    let urban_permille = need(facts, NATION, Measure::PoliceWomenUrbanPermille)?;
    let qrf_permille = need(facts, NATION, Measure::PoliceQrfPermille)?.min(1_000);
    for block in &sizes.blocks {
        let total = need(facts, block.name, Measure::Police)?;
        let rural_permille = need(facts, block.name, Measure::PoliceWomenPermille)?;
        let weights: Vec<u64> =
            block.districts.iter().map(|&district| posts.police[district]).collect();
        for (&district, police) in block.districts.iter().zip(largest_remainder(total, &weights)) {
            // From the province's share of women to that of a wholly urban district, by urban adults.
            let urban = sizes.of[district].urban_permille;
            let women_permille =
                (rural_permille * (1_000 - urban) + urban_permille * urban) / 1_000;
            let here = &mut strength[district];
            here.police = police;
            here.police_women = (police * women_permille.min(1_000) + 500) / 1_000;
            here.police_qrf = police * qrf_permille / 1_000;
        }
    }
    Ok(())
}

fn troops(facts: &Facts, posts: &Posts, strength: &mut [Strength]) -> Result<(), NationError> {
    let qrf = need(facts, NATION, Measure::ArmyCafQrf)?;
    let army = qrf * need(facts, NATION, Measure::ArmyShareOfQrfPermille)?.min(1_000) / 1_000;
    let fixed = largest_remainder(need(facts, NATION, Measure::ArmyCafStatic)?, &posts.most);
    let army_qrf = largest_remainder(army, &posts.reaction);
    let caf_qrf = largest_remainder(qrf - army, &posts.reaction);
    for (((here, fixed), army_qrf), caf_qrf) in
        strength.iter_mut().zip(fixed).zip(army_qrf).zip(caf_qrf)
    {
        here.army_qrf = army_qrf;
        here.caf_qrf = caf_qrf;
        here.caf = fixed + caf_qrf;
    }
    Ok(())
}

/// One district's units while they are set up.
struct Camp<'g> {
    area: &'g pehra_domain::gazetteer::District,
    points: Vec<Point>,
    chance: Seed,
}

impl Camp<'_> {
    /// Near one of the district's imagined buildings; at its centre when it has none.
    fn point(&mut self) -> Point {
        let index = place_in(self.chance.below(wide(self.points.len())));
        self.points.get(index).copied().unwrap_or(self.area.centre)
    }

    fn id(&self, code: &str, number: usize) -> Result<UnitId, NationError> {
        let district = self.area.area.name().to_ascii_uppercase();
        Ok(UnitId::try_new(format!("{}{code}-{district}-{number:03}", super::MARK))?)
    }

    fn police(&mut self, strength: &Strength, units: &mut Vec<Unit>) -> Result<(), NationError> {
        if strength.police == 0 {
            return Ok(());
        }
        let count = place_in(((strength.police + POLICE_PER_UNIT / 2) / POLICE_PER_UNIT).max(1));
        let weights: Vec<u64> = (0..count).map(|_| 70 + self.chance.below(61)).collect();
        let people = with_floor(strength.police, &weights, 1);
        let women = largest_remainder(strength.police_women, &people);
        let reserve = largest_remainder(strength.police_qrf, &people);
        for (index, ((people, women), reserve)) in
            people.into_iter().zip(women).zip(reserve).enumerate()
        {
            let men = people.checked_sub(women).ok_or_else(|| {
                contradiction(&self.area.name, "more women than people in a police unit")
            })?;
            let vehicles = narrow(people / 14).max(1);
            units.push(Unit {
                id: self.id("POL", index + 1)?,
                name: format!("SYN Police {}, {}", index + 1, self.area.name),
                tier: Tier::Police,
                district: self.area.area.clone(),
                point: self.point(),
                men: narrow(men),
                women: narrow(women),
                vehicles,
                seats: vehicles * SEATS_PER_VEHICLE,
                window: None,
                reserve: narrow(reserve.min(men)),
                home: None,
            });
        }
        Ok(())
    }

    fn contingent(
        &mut self,
        code: &str,
        title: &str,
        people: u64,
        reserve: u64,
        units: &mut Vec<Unit>,
    ) -> Result<(), NationError> {
        if people == 0 {
            return Ok(());
        }
        let count = place_in(people.div_ceil(TROOPS_PER_UNIT_MAX));
        let people = largest_remainder(people, &vec![1; count]);
        let reserve = largest_remainder(reserve, &people);
        for (index, (people, reserve)) in people.into_iter().zip(reserve).enumerate() {
            let vehicles = narrow(people / 7).max(1);
            units.push(Unit {
                id: self.id(code, index + 1)?,
                name: format!("SYN {title} {}, {}", index + 1, self.area.name),
                tier: if code == "ARM" { Tier::Army } else { Tier::CivilArmedForces },
                district: self.area.area.clone(),
                point: self.point(),
                men: narrow(people),
                women: 0,
                vehicles,
                seats: vehicles * SEATS_PER_VEHICLE,
                window: Some(TimeWindow {
                    from: CALLED_FROM.midnight_pkt(),
                    until: CALLED_UNTIL.midnight_pkt(),
                }),
                reserve: narrow(reserve),
                home: None,
            });
        }
        Ok(())
    }
}
