//! How much of everything each district holds.

use super::{NationError, Part, need, stream};
use crate::{
    apportion::{largest_remainder, with_floor},
    facts::{Facts, Measure, NATION},
};
use pehra_domain::gazetteer::{District, Gazetteer};

/// Most stations that one building holds.
pub(super) const STATIONS_PER_BUILDING_MAX: u64 = 6;

/// One area for which stations, kinds, booths, classes and police are published: a province, or two joined by `+`.
pub(super) struct Block<'f> {
    pub(super) name: &'f str,
    /// Positions in the gazetteer, ascending.
    pub(super) districts: Vec<usize>,
}

/// One district's share of what is published.
#[derive(Clone, Default)]
pub(super) struct Size {
    pub(super) stations: u64,
    pub(super) men: u64,
    pub(super) women: u64,
    pub(super) voters_men: u64,
    pub(super) voters_women: u64,
    pub(super) buildings: u64,
    pub(super) urban_permille: u64,
}

impl Size {
    pub(super) fn combined(&self) -> u64 {
        self.stations - self.men - self.women
    }
}

pub(super) struct Sizes<'f> {
    pub(super) blocks: Vec<Block<'f>>,
    /// In the order of the gazetteer's districts.
    pub(super) of: Vec<Size>,
}

pub(super) fn sizes<'f>(
    facts: &'f Facts,
    gazetteer: &Gazetteer,
    seed: u64,
) -> Result<Sizes<'f>, NationError> {
    let blocks = blocks(facts, gazetteer)?;
    let mut of: Vec<Size> = gazetteer
        .districts
        .iter()
        .map(|district| Size { urban_permille: urban_permille(district), ..Size::default() })
        .collect();
    for (index, block) in blocks.iter().enumerate() {
        stations(facts, gazetteer, block, &mut of)?;
        kinds(facts, block, &mut of, &mut stream(seed, Part::Size, index))?;
    }
    voters(facts, gazetteer, &mut of)?;
    buildings(facts, &blocks, &mut of)?;
    Ok(Sizes { blocks, of })
}

/// The share of a district's adults that lives in towns; wholly urban where only a total is known.
fn urban_permille(district: &District) -> u64 {
    if district.adult_men == 0 && district.adult_urban == 0 {
        return 1_000;
    }
    (u64::from(district.adult_urban) * 1_000)
        .checked_div(u64::from(district.adults))
        .unwrap_or(0)
        .min(1_000)
}

fn blocks<'f>(facts: &'f Facts, gazetteer: &Gazetteer) -> Result<Vec<Block<'f>>, NationError> {
    let mut blocks: Vec<Block<'f>> = facts
        .figures
        .iter()
        .filter(|figure| figure.measure == Measure::Police)
        .map(|figure| Block { name: &figure.area, districts: Vec::new() })
        .collect();
    for (index, district) in gazetteer.districts.iter().enumerate() {
        let block = blocks
            .iter_mut()
            .find(|block| block.name.split('+').any(|name| name == district.province))
            .ok_or_else(|| NationError::NoBlock { name: district.province.clone() })?;
        block.districts.push(index);
    }
    Ok(blocks)
}

/// Shares `total` over districts by weight after those with a figure of their own have had it.
fn around_pinned(
    total: u64,
    pinned: &[Option<u64>],
    weights: &[u64],
    floor: u64,
) -> Option<Vec<u64>> {
    let held: u64 = pinned.iter().flatten().sum();
    let open: Vec<usize> = (0..pinned.len()).filter(|&i| pinned[i].is_none()).collect();
    let rest = total.checked_sub(held)?;
    if open.is_empty() && rest > 0 {
        return None;
    }
    let open_weights: Vec<u64> = open.iter().map(|&i| weights[i]).collect();
    let mut parts: Vec<u64> = pinned.iter().map(|pin| pin.unwrap_or(0)).collect();
    for (&i, part) in open.iter().zip(with_floor(rest, &open_weights, floor)) {
        parts[i] = part;
    }
    Some(parts)
}

fn stations(
    facts: &Facts,
    gazetteer: &Gazetteer,
    block: &Block<'_>,
    of: &mut [Size],
) -> Result<(), NationError> {
    let total = need(facts, block.name, Measure::Stations)?;
    let pinned = pins(facts, gazetteer, &block.districts, Measure::Stations);
    let parts = around_pinned(total, &pinned, &adults(gazetteer, &block.districts), 1)
        .ok_or_else(|| contradiction(block.name, "its districts' stations exceed its own"))?;
    for (&district, part) in block.districts.iter().zip(parts) {
        of[district].stations = part;
    }
    Ok(())
}

fn kinds(
    facts: &Facts,
    block: &Block<'_>,
    of: &mut [Size],
    chance: &mut pehra_domain::seed::Seed,
) -> Result<(), NationError> {
    // How readily a district parts men's and women's stations differs by custom: up to a third either way.
    let weights: Vec<u64> = block
        .districts
        .iter()
        .map(|&district| of[district].stations * (750 + chance.below(501)))
        .collect();
    let men = largest_remainder(need(facts, block.name, Measure::StationsMen)?, &weights);
    let women = largest_remainder(need(facts, block.name, Measure::StationsWomen)?, &weights);
    for ((&district, men), women) in block.districts.iter().zip(men).zip(women) {
        let size = &mut of[district];
        (size.men, size.women) = (men, women);
        if men + women > size.stations {
            return Err(contradiction(
                block.name,
                "men's and women's stations leave no room in a district",
            ));
        }
    }
    let combined: u64 = block.districts.iter().map(|&district| of[district].combined()).sum();
    if combined != need(facts, block.name, Measure::StationsCombined)? {
        return Err(contradiction(block.name, "its kinds do not sum to its stations"));
    }
    Ok(())
}

fn voters(facts: &Facts, gazetteer: &Gazetteer, of: &mut [Size]) -> Result<(), NationError> {
    let provinces = facts.by_area(Measure::VotersMen);
    for (&province, &men) in provinces.iter().filter(|(area, _)| **area != NATION) {
        let women = need(facts, province, Measure::VotersWomen)?;
        let districts: Vec<usize> = (0..gazetteer.districts.len())
            .filter(|&i| gazetteer.districts[i].province == province)
            .collect();
        let pinned = pins(facts, gazetteer, &districts, Measure::Voters);
        let totals = around_pinned(men + women, &pinned, &adults(gazetteer, &districts), 1)
            .ok_or_else(|| contradiction(province, "its districts' voters exceed its own"))?;
        let weights: Vec<u64> = districts
            .iter()
            .zip(&totals)
            .map(|(&i, total)| total * men_permyriad(&gazetteer.districts[i]))
            .collect();
        for ((&district, total), men) in
            districts.iter().zip(totals).zip(largest_remainder(men, &weights))
        {
            of[district].voters_men = men;
            of[district].voters_women = total.checked_sub(men).ok_or_else(|| {
                contradiction(province, "a district would have more men than voters")
            })?;
        }
    }
    Ok(())
}

/// Men among a district's adults, in ten-thousandths; half where the census gives no sexes.
fn men_permyriad(district: &District) -> u64 {
    (u64::from(district.adult_men) * 10_000)
        .checked_div(u64::from(district.adult_men) + u64::from(district.adult_women))
        .unwrap_or(5_000)
}

/// Stations beyond the first of each building gather in towns: Karachi's buildings held two stations on average, those
/// of rural Sindh 1.2 (police ranges in `ge2024_figures.csv`).
fn buildings(facts: &Facts, blocks: &[Block<'_>], of: &mut [Size]) -> Result<(), NationError> {
    let nation = need(facts, NATION, Measure::Buildings)?;
    let pinned: Vec<Option<u64>> =
        blocks.iter().map(|block| facts.figure(block.name, Measure::Buildings)).collect();
    let stations: Vec<u64> = blocks
        .iter()
        .map(|block| block.districts.iter().map(|&district| of[district].stations).sum())
        .collect();
    let totals = around_pinned(nation, &pinned, &stations, 1)
        .ok_or_else(|| contradiction(NATION, "the provinces' buildings exceed the nation's"))?;
    for ((block, total), stations) in blocks.iter().zip(totals).zip(stations) {
        let extra = stations
            .checked_sub(total)
            .ok_or_else(|| contradiction(block.name, "it has more buildings than stations"))?;
        let weights: Vec<u64> = block
            .districts
            .iter()
            .map(|&district| of[district].stations * (300 + of[district].urban_permille))
            .collect();
        for (&district, extra) in block.districts.iter().zip(largest_remainder(extra, &weights)) {
            let size = &mut of[district];
            size.buildings = size.stations.saturating_sub(extra);
            if size.buildings * STATIONS_PER_BUILDING_MAX < size.stations {
                return Err(contradiction(block.name, "a building would hold too many stations"));
            }
        }
    }
    Ok(())
}

fn pins(
    facts: &Facts,
    gazetteer: &Gazetteer,
    districts: &[usize],
    measure: Measure,
) -> Vec<Option<u64>> {
    districts.iter().map(|&i| facts.figure(&gazetteer.districts[i].name, measure)).collect()
}

fn adults(gazetteer: &Gazetteer, districts: &[usize]) -> Vec<u64> {
    districts.iter().map(|&i| u64::from(gazetteer.districts[i].adults)).collect()
}

pub(super) fn contradiction(area: &str, what: &'static str) -> NationError {
    NationError::Contradiction { area: area.to_owned(), what }
}

/// Where each district begins in a list that runs district by district; one more entry marks the end.
pub(super) fn starts(sizes: &[Size], count: impl Fn(&Size) -> u64) -> Vec<usize> {
    let mut next = 0_u64;
    let mut starts = Vec::with_capacity(sizes.len() + 1);
    for size in sizes {
        starts.push(super::place_in(next));
        next += count(size);
    }
    starts.push(super::place_in(next));
    starts
}
