//! Which district a station lies in, and how that is known.

use super::Context;
use crate::province::Province;
use pehra_domain::area::UNPLACED;
use pehra_domain::gazetteer::{District, Gazetteer};
use pehra_domain::station::DistrictBasis;
use pehra_domain::{AreaId, Point};
use std::collections::BTreeMap;

/// What is known of a station when its district is asked.
pub(super) struct Question {
    pub(super) province: Option<Province>,
    /// Place of its first contest in the list of seats.
    pub(super) seat: usize,
    /// Name the file gives.
    pub(super) named: Option<usize>,
    pub(super) point: Point,
    pub(super) estimated: bool,
}

/// Names that no known district has, each with what it became.
pub(super) type Unknown = BTreeMap<usize, AreaId>;

/// Finds every station's district: the column, else the boundary around its own point, else the commonest of its
/// constituency, else the nearest known district centre.
pub(super) fn find(
    questions: &[Question],
    names: &[String],
    context: &Context<'_>,
) -> (Vec<(AreaId, DistrictBasis)>, Unknown) {
    let mut unknown = Unknown::new();
    let mut by_name: BTreeMap<(Option<Province>, usize), AreaId> = BTreeMap::new();
    let mut found: Vec<Option<(AreaId, DistrictBasis)>> = questions
        .iter()
        .map(|question| {
            if let Some(named) = question.named {
                let area = by_name.entry((question.province, named)).or_insert_with(|| {
                    let name = names.get(named).map_or("", String::as_str);
                    let (area, known) = area_of(name, question.province, context);
                    if !known {
                        unknown.insert(named, area.clone());
                    }
                    area
                });
                if area.name() != UNPLACED {
                    return Some((area.clone(), DistrictBasis::Column));
                }
            }
            let boundaries = context.boundaries.filter(|_| !question.estimated)?;
            let boundary = boundaries.at(question.point)?;
            let fits = question.province.is_none_or(|p| p.name() == boundary.province);
            fits.then(|| (boundary.area.clone(), DistrictBasis::Boundary))
        })
        .collect();
    let known = commonest(questions, &found, 0.0);
    for (question, slot) in questions.iter().zip(&mut found) {
        if slot.is_none() {
            *slot = known
                .get(&question.seat)
                .map(|area| (area.clone(), DistrictBasis::ConstituencyMajority))
                .or_else(|| nearest(question, context));
        }
    }
    smooth(questions, &mut found, &known);
    let unplaced = |question: &Question| {
        let above = question.province.map_or_else(AreaId::nation, Province::area);
        (above.below(UNPLACED), DistrictBasis::Unknown)
    };
    let placed = questions
        .iter()
        .zip(found)
        .map(|(question, slot)| slot.unwrap_or_else(|| unplaced(question)))
        .collect();
    (placed, unknown)
}

/// Share of a constituency's stations that must be nearest to one centre before it speaks for all.
const SHARE_MIN: f64 = 0.4;

/// Where only nearest centres are known, a constituency's most frequent one is right more often than each
/// station's own: on the 2018 lists of Sindh and Khyber Pakhtunkhwa, against real outlines, 91 % instead of 83 %.
fn smooth(
    questions: &[Question],
    found: &mut [Option<(AreaId, DistrictBasis)>],
    known: &BTreeMap<usize, AreaId>,
) {
    let commonest = commonest(questions, found, SHARE_MIN);
    for (question, slot) in questions.iter().zip(found) {
        if known.contains_key(&question.seat) {
            continue;
        }
        if let (Some(area), Some((own, basis))) = (commonest.get(&question.seat), slot)
            && own != area
        {
            *own = area.clone();
            *basis = DistrictBasis::ConstituencyMajority;
        }
    }
}

/// The most frequent district of each constituency, if it has at least that share; of two equally frequent ones
/// the first by name.
fn commonest(
    questions: &[Question],
    found: &[Option<(AreaId, DistrictBasis)>],
    share_min: f64,
) -> BTreeMap<usize, AreaId> {
    let mut votes: BTreeMap<usize, BTreeMap<&AreaId, u32>> = BTreeMap::new();
    for (question, slot) in questions.iter().zip(found) {
        if let Some((area, _)) = slot {
            *votes.entry(question.seat).or_default().entry(area).or_default() += 1;
        }
    }
    votes
        .into_iter()
        .filter_map(|(seat, areas)| {
            let best = areas.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)))?;
            let all: u32 = areas.values().sum();
            let enough = f64::from(*best.1) >= share_min * f64::from(all);
            enough.then(|| (seat, (*best.0).clone()))
        })
        .collect()
}

/// The district whose centre is nearest in units of its own size (the radius of a disc of its area), so that a
/// large district is not cut short by a small neighbour.
fn nearest(question: &Question, context: &Context<'_>) -> Option<(AreaId, DistrictBasis)> {
    let mut best: Option<(f64, &District)> = None;
    for district in &context.gazetteer?.districts {
        if question.province.is_some_and(|p| p.name() != district.province) {
            continue;
        }
        let size = f64::from(district.area_km2.max(1)).sqrt();
        let far = district.centre.distance_m(question.point) / size;
        if best.is_none_or(|(least, other)| {
            far.total_cmp(&least).then(district.area.cmp(&other.area)).is_lt()
        }) {
            best = Some((far, district));
        }
    }
    best.map(|(_, district)| (district.area.clone(), DistrictBasis::NearestTown))
}

/// The area a district's name stands for, and whether the name is known. Without a gazetteer and boundaries any
/// name counts as known.
fn area_of(name: &str, province: Option<Province>, context: &Context<'_>) -> (AreaId, bool) {
    if let Some(district) = context.gazetteer.and_then(|g| by_name(g, province, name)) {
        return (district.area.clone(), true);
    }
    if let Some(boundary) =
        context.boundaries.and_then(|b| b.named(province.map(Province::name), name))
    {
        return (boundary.area.clone(), true);
    }
    let above = province.map_or_else(AreaId::nation, Province::area);
    let area = above.below(name);
    let area = if area.as_str().len() > 64 { above.below(UNPLACED) } else { area };
    let nothing_known = context.gazetteer.is_none() && context.boundaries.is_none();
    let known = nothing_known && area.name() != UNPLACED;
    (area, known)
}

/// A district by name, whatever its case, marks and the word "district"; a single one that differs in up to two
/// letters counts too.
pub(super) fn by_name<'a>(
    gazetteer: &'a Gazetteer,
    province: Option<Province>,
    name: &str,
) -> Option<&'a District> {
    let wanted = plain(name);
    let own = || {
        let fits = move |d: &&District| province.is_none_or(|p| p.name() == d.province);
        gazetteer.districts.iter().filter(fits)
    };
    if let Some(exact) = own().find(|district| plain(&district.name) == wanted) {
        return Some(exact);
    }
    let mut close = own().filter(|district| crate::name::alike(&plain(&district.name), &wanted));
    let one = close.next()?;
    close.next().is_none().then_some(one)
}

/// Letters and digits of a name without the word "district"; `dikhan` written out.
pub(crate) fn plain(name: &str) -> String {
    let lower = name.to_lowercase().replace("district", "");
    let joined: String = lower.chars().filter(|c| c.is_alphanumeric()).collect();
    match joined.as_str() {
        "dikhan" => "deraismailkhan".to_owned(),
        "dgkhan" => "deraghazikhan".to_owned(),
        "ryk" | "rykhan" => "rahimyarkhan".to_owned(),
        "mbdin" => "mandibahauddin".to_owned(),
        "sbenazirabad" | "sba" | "nawabshah" => "shaheedbenazirabad".to_owned(),
        "tmkhan" => "tandomuhammadkhan".to_owned(),
        "nferoze" => "naushahroferoze".to_owned(),
        _ => joined,
    }
}

/// The district of something that is no station: by its name or path (`pk/sindh/thatta`), else by its point.
pub(crate) fn locate(
    name: &str,
    province: Option<Province>,
    point: Option<Point>,
    context: &Context<'_>,
) -> Option<(AreaId, bool)> {
    if name.starts_with("pk/")
        && let Ok(area) = AreaId::try_new(name)
    {
        return Some((area, true));
    }
    if !name.is_empty() {
        let (area, known) = area_of(name, province, context);
        if area.name() != UNPLACED {
            return Some((area, known));
        }
    }
    let point = point?;
    if let Some(boundary) = context.boundaries.and_then(|boundaries| boundaries.at(point)) {
        return Some((boundary.area.clone(), true));
    }
    let question = Question { province, seat: 0, named: None, point, estimated: false };
    nearest(&question, context).map(|(area, _)| (area, true))
}

/// Where a known district's centre lies.
pub(crate) fn centre(area: &AreaId, context: &Context<'_>) -> Option<Point> {
    let districts = &context.gazetteer?.districts;
    districts.iter().find(|district| district.area == *area).map(|district| district.centre)
}
