//! Official classes: the published counts of a province, given by rank. A district's published base rate of attacks,
//! its towns and chance decide the rank; nothing about any real building does.

use super::{
    Draft, NationError, Part, history, place_in,
    size::{Sizes, contradiction, starts},
    stream,
};
use crate::facts::{Facts, Measure};
use pehra_domain::{gazetteer::Gazetteer, risk::RiskClass};

pub(super) fn classes(
    draft: &mut Draft,
    facts: &Facts,
    gazetteer: &Gazetteer,
    sizes: &Sizes<'_>,
    seed: u64,
) -> Result<(), NationError> {
    let scores = scores(draft, facts, gazetteer, sizes, seed);
    let starts = starts(&sizes.of, |size| size.stations);
    let stations_of = |district: usize| starts[district]..starts[district + 1];
    for block in &sizes.blocks {
        let mut left = counts(facts, block.name)
            .ok_or_else(|| contradiction(block.name, "its three classes are not all given"))?;
        let mut open = Vec::new();
        for &district in &block.districts {
            let Some(own) = counts(facts, &gazetteer.districts[district].name) else {
                open.extend(stations_of(district));
                continue;
            };
            for (left, own) in left.iter_mut().zip(own) {
                *left = left.checked_sub(own).ok_or_else(|| {
                    contradiction(block.name, "a district has more of a class than its province")
                })?;
            }
            give(draft, stations_of(district).collect(), own, &scores)?;
        }
        give(draft, open, left, &scores)?;
    }
    Ok(())
}

/// Normal, sensitive, most, as an area's figures give them.
fn counts(facts: &Facts, area: &str) -> Option<[u64; 3]> {
    Some([
        facts.figure(area, Measure::ClassNormal)?,
        facts.figure(area, Measure::ClassSensitive)?,
        facts.figure(area, Measure::ClassMost)?,
    ])
}

/// The highest scores become most sensitive, the next sensitive, the rest normal.
fn give(
    draft: &mut Draft,
    mut stations: Vec<usize>,
    [normal, sensitive, most]: [u64; 3],
    scores: &[u64],
) -> Result<(), NationError> {
    if super::wide(stations.len()) != normal + sensitive + most {
        return Err(contradiction("a province", "its classes do not sum to its stations"));
    }
    stations.sort_unstable_by(|&a, &b| scores[b].cmp(&scores[a]).then(a.cmp(&b)));
    let (most, sensitive) = (place_in(most), place_in(most + sensitive));
    for (rank, &station) in stations.iter().enumerate() {
        draft.stations[station].class = if rank < most {
            RiskClass::Most
        } else if rank < sensitive {
            RiskClass::Sensitive
        } else {
            RiskClass::Normal
        };
    }
    Ok(())
}

fn scores(
    draft: &Draft,
    facts: &Facts,
    gazetteer: &Gazetteer,
    sizes: &Sizes<'_>,
    seed: u64,
) -> Vec<u64> {
    let rates = history::attacks_january_micro(facts, gazetteer);
    let mut scores = vec![0; draft.stations.len()];
    let starts = starts(&sizes.of, |size| size.buildings);
    for (district, size) in sizes.of.iter().enumerate() {
        let mut chance = stream(seed, Part::Class, district);
        let adults = u64::from(gazetteer.districts[district].adults).max(1);
        // 300 for ten attacks a month in a million adults, 100 for one.
        let threat = (rates[district] * 1_000 / adults * 10).isqrt() * 3;
        let common = threat + size.urban_permille / 10 + chance.below(200);
        for building in &draft.buildings[starts[district]..starts[district + 1]] {
            let here = common + chance.below(500);
            for score in &mut scores[building.first..building.first + building.count] {
                *score = here + chance.below(60);
            }
        }
    }
    scores
}
