//! Invented violence of the two years before the poll, at the base rates that were published. No record stands for a
//! real event, and each says so.

use super::{
    Draft, NationError, POLL_DAY, Part, narrow, need,
    place::{self, Ground, Spread},
    place_in, stream, wide,
};
use crate::{
    apportion::largest_remainder,
    facts::{Facts, Measure, NATION},
};
use pehra_domain::{
    Point, date::Date, gazetteer::Gazetteer, incident_record::IncidentRecord, seed::Seed,
};

/// Stands in every record's source.
const SOURCE: &str = "SYN: invented at published base rates (data/ge2024.csv); not a real event";
/// The January count of the merged districts is published apart from the rest of their province.
const MERGED: &str = "merged districts";
const JANUARY: Span = Span { from: Date(19_723), days: 31 };
const FIRST_WEEK: Span = Span { from: Date(19_754), days: 7 };
/// February 2022 to December 2023.
const EARLIER: Span = Span { from: Date(19_024), days: 699 };
const EARLIER_MONTHS: u64 = 23;
const POLL_2018: Span = Span { from: Date(17_737), days: 1 };
const POLL_2013: Span = Span { from: Date(15_836), days: 1 };

#[derive(Clone, Copy)]
struct Span {
    from: Date,
    days: u32,
}

/// Attacks of January 2024 by district in millionths: an area's published count shared by the root of adults, thrice
/// as much where the press reported an attack by name, five times where it reported two, and so on.
pub(super) fn attacks_january_micro(facts: &Facts, gazetteer: &Gazetteer) -> Vec<u64> {
    let mut rates = vec![0; gazetteer.districts.len()];
    let area_of = |district: usize| {
        let district = &gazetteer.districts[district];
        let merged = facts.figure(&district.name, Measure::MergedDistrict).is_some();
        if merged { MERGED } else { district.province.as_str() }
    };
    for (area, attacks) in facts.by_area(Measure::AttacksJanuary) {
        let districts: Vec<usize> =
            (0..gazetteer.districts.len()).filter(|&district| area_of(district) == area).collect();
        let weights: Vec<u64> = districts
            .iter()
            .map(|&index| {
                let district = &gazetteer.districts[index];
                let reported = facts.figure(&district.name, Measure::AttacksReported).unwrap_or(0);
                u64::from(district.adults).isqrt() * (1 + 2 * reported)
            })
            .collect();
        for (&district, part) in
            districts.iter().zip(largest_remainder(attacks * 1_000_000, &weights))
        {
            rates[district] = part;
        }
    }
    rates
}

pub(super) fn incidents(
    draft: &Draft,
    facts: &Facts,
    gazetteer: &Gazetteer,
    seed: u64,
) -> Result<Vec<IncidentRecord>, NationError> {
    let grounds = place::grounds(facts, gazetteer)?;
    let mut history = History {
        rates: attacks_january_micro(facts, gazetteer),
        grounds: &grounds,
        draft,
        gazetteer,
        chance: stream(seed, Part::History, 0),
        records: Vec::new(),
    };
    let monthly = facts.figure(NATION, Measure::AttacksMonthEarlier).unwrap_or(0);
    history.everywhere(EARLIER, monthly * EARLIER_MONTHS, 0);
    for (area, measure) in
        [(POLL_2013, Measure::AttacksPoll2013), (POLL_2018, Measure::AttacksPoll2018)]
    {
        let count = facts.figure(NATION, measure).unwrap_or(0);
        history.everywhere(area, count, count);
    }
    history.january(facts)?;
    history.first_week(facts);
    history.records.sort_by(|a, b| a.date.cmp(&b.date).then_with(|| a.id.cmp(&b.id)));
    for (index, record) in history.records.iter_mut().enumerate() {
        record.id = format!("{}I-{:05}", super::MARK, index + 1);
    }
    Ok(history.records)
}

struct History<'a> {
    rates: Vec<u64>,
    grounds: &'a [Ground<'a>],
    draft: &'a Draft,
    gazetteer: &'a Gazetteer,
    chance: Seed,
    records: Vec<IncidentRecord>,
}

impl History<'_> {
    /// `count` attacks over the whole nation by the districts' rates, the first `on_election` of them on an election.
    fn everywhere(&mut self, span: Span, count: u64, on_election: u64) {
        let districts: Vec<usize> = (0..self.rates.len()).collect();
        self.among(&districts, span, count, on_election);
    }

    fn january(&mut self, facts: &Facts) -> Result<(), NationError> {
        let published = facts.by_area(Measure::AttacksJanuary);
        let counts: Vec<u64> = published.values().copied().collect();
        let on_election = need(facts, NATION, Measure::AttacksJanuaryOnElection)?;
        let on_election = largest_remainder(on_election, &counts);
        for ((area, count), on_election) in published.into_iter().zip(on_election) {
            let districts = self.districts_of(facts, area);
            self.among(&districts, JANUARY, count, on_election);
        }
        Ok(())
    }

    /// Counted for one province; the others go on as in January.
    fn first_week(&mut self, facts: &Facts) {
        let counted = facts.by_area(Measure::AttacksFirstWeekFebruary);
        let on_election = facts.by_area(Measure::AttacksFirstWeekFebruaryOnElection);
        for (area, january) in facts.by_area(Measure::AttacksJanuary) {
            let days = u64::from(FIRST_WEEK.days);
            let count = counted.get(area).copied().unwrap_or(january * days / 31);
            let targets = on_election.get(area).copied().unwrap_or(count / 4);
            let districts = self.districts_of(facts, area);
            self.among(&districts, FIRST_WEEK, count, targets);
        }
    }

    fn districts_of(&self, facts: &Facts, area: &str) -> Vec<usize> {
        (0..self.rates.len())
            .filter(|&index| {
                let district = &self.gazetteer.districts[index];
                let merged = facts.figure(&district.name, Measure::MergedDistrict).is_some();
                if merged { area == MERGED } else { area == district.province }
            })
            .collect()
    }

    fn among(&mut self, districts: &[usize], span: Span, count: u64, on_election: u64) {
        let weights: Vec<u64> = districts.iter().map(|&district| self.rates[district]).collect();
        let total: u64 = weights.iter().sum();
        for number in 0..count {
            let mut pick = self.chance.below(total.max(1));
            let found = districts.iter().zip(&weights).find(|&(_, &weight)| {
                let here = pick < weight;
                pick = pick.saturating_sub(weight);
                here
            });
            let Some((&district, _)) = found.or_else(|| districts.first().zip(weights.first()))
            else {
                return;
            };
            self.record(district, span, number < on_election);
        }
    }

    fn record(&mut self, district: usize, span: Span, on_election: bool) {
        let day = i32::try_from(self.chance.below(u64::from(span.days))).unwrap_or(0);
        let date = span.from.plus_days(day);
        debug_assert!(date < POLL_DAY, "nothing of the day itself is known on its eve");
        let (point, precision) = self.place(district, on_election);
        let deaths = self.deaths();
        let known = &self.gazetteer.districts[district];
        self.records.push(IncidentRecord {
            id: format!("{:07}", self.records.len()),
            date,
            date_end: date,
            point,
            place_precision: precision,
            date_precision: 1,
            deaths_best: deaths,
            deaths_low: deaths - deaths / 4,
            deaths_high: deaths + deaths / 3,
            district: known.name.clone(),
            province: known.province.clone(),
            violence_type: if self.chance.below(3) == 0 { 3 } else { 1 },
            on_election,
            source: SOURCE.to_owned(),
        });
    }

    /// At a building for an attack on an election, about a town or in the country for another; one in six is known by
    /// its district only.
    fn place(&mut self, district: usize, on_election: bool) -> (Point, u8) {
        let ground = &self.grounds[district];
        if self.chance.below(6) == 0 {
            return (self.gazetteer.districts[district].centre, 3);
        }
        let first = self.draft.buildings.partition_point(|known| known.district < district);
        let last = self.draft.buildings.partition_point(|known| known.district <= district);
        if on_election && last > first {
            let at = first + place_in(self.chance.below(wide(last - first)));
            return (self.draft.buildings[at].point, 1);
        }
        let rooms: Vec<_> = ground
            .towns
            .iter()
            .map(|town| town.room)
            .chain(ground.country.iter().copied())
            .collect();
        let room = rooms[place_in(self.chance.below(wide(rooms.len())))];
        (place::about(room.centre, room.radius_m, Spread::Dense, &mut self.chance), 2)
    }

    /// Half kill nobody; each further death is a little less likely than the one before (mean 1.5).
    fn deaths(&mut self) -> u32 {
        if self.chance.below(2) == 0 {
            return 0;
        }
        let mut deaths = 1_u64;
        while deaths < 60 && self.chance.below(3) != 0 {
            deaths += 1;
        }
        narrow(deaths)
    }
}
