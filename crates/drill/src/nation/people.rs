//! Voters to stations, and booths to voters.

use super::{
    Draft, NationError, Part, narrow, need,
    size::{Sizes, contradiction, starts},
    stream, wide,
};
use crate::{
    apportion::{largest_remainder, with_floor},
    facts::{Facts, Measure, NATION},
};
use pehra_domain::station::StationKind;

/// How many of a thousand places at a station go to men and to women. A combined station's are parted as the nation's
/// voters are (53.9 % men in 2024).
fn places(kind: StationKind) -> (u64, u64) {
    match kind {
        StationKind::Men => (1_000, 0),
        StationKind::Women => (0, 900),
        StationKind::Combined => (539, 461),
    }
}

/// Each district's voters over its stations, in proportion to sizes that differ by up to 40 % either way.
pub(super) fn voters(draft: &mut Draft, sizes: &Sizes<'_>, seed: u64) -> Result<(), NationError> {
    let starts = starts(&sizes.of, |size| size.stations);
    for (district, size) in sizes.of.iter().enumerate() {
        let mut chance = stream(seed, Part::People, district);
        let stations = &mut draft.stations[starts[district]..starts[district + 1]];
        let (mut men, mut women) = (Vec::new(), Vec::new());
        for station in stations.iter() {
            let scale = 600 + chance.below(801);
            let (for_men, for_women) = places(station.kind);
            men.push(for_men * scale);
            women.push(for_women * scale);
        }
        let nobody = |weights: &[u64], voters: u64| voters > 0 && weights.iter().sum::<u64>() == 0;
        if nobody(&men, size.voters_men) || nobody(&women, size.voters_women) {
            return Err(contradiction("a district", "voters of one sex have no station"));
        }
        let men = largest_remainder(size.voters_men, &men);
        let women = largest_remainder(size.voters_women, &women);
        for ((station, men), women) in stations.iter_mut().zip(men).zip(women) {
            station.voters.men = narrow(men);
            station.voters.women = narrow(women);
        }
    }
    Ok(())
}

/// Booths by voters, at least one for each sex that votes at the station. The published booths of a province are not
/// parted by sex; the nation's are, so each province gets its share of them first.
pub(super) fn booths(
    draft: &mut Draft,
    facts: &Facts,
    sizes: &Sizes<'_>,
) -> Result<(), NationError> {
    let totals: Vec<u64> = sizes
        .blocks
        .iter()
        .map(|block| need(facts, block.name, Measure::Booths))
        .collect::<Result<_, _>>()?;
    let weights: Vec<u64> = sizes
        .blocks
        .iter()
        .zip(&totals)
        .map(|(block, total)| {
            let sum = |voters: fn(&super::size::Size) -> u64| -> u64 {
                block.districts.iter().map(|&district| voters(&sizes.of[district])).sum()
            };
            let (men, women) = (sum(|size| size.voters_men), sum(|size| size.voters_women));
            total * (men * 10_000).checked_div(men + women).unwrap_or(5_000)
        })
        .collect();
    let men_total = need(facts, NATION, Measure::BoothsMen)?;
    if totals.iter().sum::<u64>() != men_total + need(facts, NATION, Measure::BoothsWomen)? {
        return Err(contradiction(NATION, "the provinces' booths do not sum to the nation's"));
    }
    let men = largest_remainder(men_total, &weights);
    let starts = starts(&sizes.of, |size| size.stations);
    for ((block, total), men) in sizes.blocks.iter().zip(totals).zip(men) {
        let stations: Vec<usize> = block
            .districts
            .iter()
            .flat_map(|&district| starts[district]..starts[district + 1])
            .collect();
        let women = total
            .checked_sub(men)
            .ok_or_else(|| contradiction(block.name, "more men's booths than booths"))?;
        share(draft, &stations, men, true, block.name)?;
        share(draft, &stations, women, false, block.name)?;
    }
    Ok(())
}

fn share(
    draft: &mut Draft,
    stations: &[usize],
    total: u64,
    men: bool,
    block: &str,
) -> Result<(), NationError> {
    let serving: Vec<usize> = stations
        .iter()
        .copied()
        .filter(|&index| {
            let (for_men, for_women) = places(draft.stations[index].kind);
            if men { for_men > 0 } else { for_women > 0 }
        })
        .collect();
    if wide(serving.len()) > total {
        return Err(contradiction(block, "fewer booths than stations that need one"));
    }
    let weights: Vec<u64> = serving
        .iter()
        .map(|&index| {
            let voters = draft.stations[index].voters;
            u64::from(if men { voters.men } else { voters.women })
        })
        .collect();
    for (&index, count) in serving.iter().zip(with_floor(total, &weights, 1)) {
        let booths = &mut draft.stations[index].booths;
        *(if men { &mut booths.men } else { &mut booths.women }) = narrow(count);
    }
    Ok(())
}
