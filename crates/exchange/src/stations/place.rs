//! Points against their surroundings, and estimates where no usable point is left.

use super::{Context, Draft, Drafts};
use crate::code::Code;
use crate::province::Province;
use pehra_domain::Point;
use pehra_domain::gazetteer::{District, Gazetteer};
use pehra_domain::progress::{Cancelled, Watch, tell};
use std::collections::BTreeMap;

/// A point farther than this from the median of its constituency may be far (metres); it must also exceed
/// [`FAR_TIMES`] times the constituency's 90th percentile.
pub const FAR_M: f64 = 100_000.0;
const FAR_TIMES: f64 = 3.0;
/// One building has room for 24 booths: six stations with the commission's usual most of four booths.
pub const BOOTHS_PER_POINT_MAX: u32 = 24;
/// More differently named places than this cannot stand on one point.
pub const NAMES_PER_POINT_MAX: usize = 4;

/// Degrees around a point that a digitised border may be off: 0.03 is about 3 km, 0.15 about 16 km.
const BORDER_SLACK_DEG: [f64; 2] = [0.03, 0.15];

/// Takes away points that lie in another province or far from their constituency.
pub(super) fn check(
    drafts: &mut Drafts,
    context: &Context<'_>,
    watch: &mut Watch<'_>,
) -> Result<(), Cancelled> {
    let total = u64::try_from(drafts.list.len()).unwrap_or(u64::MAX);
    for index in 0..drafts.list.len() {
        if index.is_multiple_of(4096) {
            tell(watch, "check places", u64::try_from(index).unwrap_or(0), total)?;
        }
        let draft = &drafts.list[index];
        let (Some(point), Some(province)) = (draft.point, drafts.province(draft)) else { continue };
        if !in_province(point, province, context) {
            reject(&mut drafts.list[index], Code::CoordinateOutOfArea);
        }
    }
    far(drafts);
    Ok(())
}

fn reject(draft: &mut Draft, code: Code) {
    if let Some(point) = draft.point.take() {
        draft.no_point = Some((code, show(point)));
        draft.repaired_point = false;
    }
}

/// `25.50490 69.57390`.
pub(super) fn show(point: Point) -> String {
    format!("{:.5} {:.5}", point.lat_deg(), point.lon_deg())
}

fn in_province(point: Point, province: Province, context: &Context<'_>) -> bool {
    if let Some(boundaries) = context.boundaries {
        let name = province.name();
        if !boundaries.covers(name) {
            return true;
        }
        let found = boundaries.at(point);
        if found.is_some_and(|boundary| boundary.province == name) {
            return true;
        }
        // Just over a border, or just off the coast or the country's edge.
        let slack = if found.is_some() { BORDER_SLACK_DEG[0] } else { BORDER_SLACK_DEG[1] };
        return around(point, slack)
            .any(|near| boundaries.at(near).is_some_and(|boundary| boundary.province == name));
    }
    let Some(gazetteer) = context.gazetteer else { return true };
    let mut own = gazetteer.districts.iter().filter(|d| d.province == province.name()).peekable();
    own.peek().is_none()
        || own.any(|district| {
            // Three times the radius of a disc of the district's size, and 50 km.
            let radius_m = district.radius_km() * 1000.0;
            district.centre.distance_m(point) <= 3.0 * radius_m + 50_000.0
        })
}

fn around(point: Point, slack_deg: f64) -> impl Iterator<Item = Point> {
    const WAYS: [(f64, f64); 8] = [
        (1.0, 0.0),
        (-1.0, 0.0),
        (0.0, 1.0),
        (0.0, -1.0),
        (0.7, 0.7),
        (0.7, -0.7),
        (-0.7, 0.7),
        (-0.7, -0.7),
    ];
    WAYS.into_iter().filter_map(move |(north, east)| {
        let lat = point.lat_deg() + north * slack_deg;
        Point::try_from_degrees(lat, point.lon_deg() + east * slack_deg)
    })
}

fn far(drafts: &mut Drafts) {
    let mut by_seat: Vec<Vec<usize>> = vec![Vec::new(); drafts.seats.len()];
    for (index, draft) in drafts.list.iter().enumerate() {
        if draft.point.is_some()
            && let Some(seat) = by_seat.get_mut(draft.seat)
        {
            seat.push(index);
        }
    }
    for members in by_seat {
        let points: Vec<Point> = members.iter().filter_map(|&i| drafts.list[i].point).collect();
        let Some(middle) = median(&points) else { continue };
        let distances: Vec<f64> = points.iter().map(|point| point.distance_m(middle)).collect();
        let mut sorted = distances.clone();
        sorted.sort_by(f64::total_cmp);
        // Nearest-rank percentile: the ⌈0.9 n⌉-th smallest.
        let rank = (sorted.len() * 9).div_ceil(10).max(1) - 1;
        let usual = sorted.get(rank).copied().unwrap_or_default();
        for (&index, &distance) in members.iter().zip(&distances) {
            if distance > FAR_M && distance > FAR_TIMES * usual {
                reject(&mut drafts.list[index], Code::CoordinateFar);
            }
        }
    }
}

/// Middle of latitudes and of longitudes apart (the lower one of an even number).
pub(super) fn median(points: &[Point]) -> Option<Point> {
    let mut lat: Vec<i32> = points.iter().map(|point| point.lat_e7).collect();
    let mut lon: Vec<i32> = points.iter().map(|point| point.lon_e7).collect();
    let at = points.len().checked_sub(1)? / 2;
    let lat_e7 = *lat.select_nth_unstable(at).1;
    let lon_e7 = *lon.select_nth_unstable(at).1;
    Some(Point { lat_e7, lon_e7 })
}

/// Where a station without a usable point is planned.
pub(super) struct Estimates<'a> {
    by_seat: Vec<Option<Point>>,
    by_province: BTreeMap<Option<Province>, Point>,
    nation: Point,
    gazetteer: Option<&'a Gazetteer>,
}

/// Centre of the country, for a list with no point at all and no gazetteer (rounded to a hundredth of a degree).
const MIDDLE_OF_PAKISTAN: Point = Point { lat_e7: 303_800_000, lon_e7: 693_500_000 };

impl<'a> Estimates<'a> {
    pub(super) fn new(drafts: &Drafts, context: &Context<'a>) -> Self {
        let mut by_seat: Vec<Vec<Point>> = vec![Vec::new(); drafts.seats.len()];
        let mut by_province: BTreeMap<Option<Province>, Vec<Point>> = BTreeMap::new();
        let mut all = Vec::new();
        for draft in &drafts.list {
            let Some(point) = draft.point else { continue };
            by_seat[draft.seat].push(point);
            by_province.entry(drafts.province(draft)).or_default().push(point);
            all.push(point);
        }
        Self {
            by_seat: by_seat.iter().map(|points| median(points)).collect(),
            by_province: by_province
                .into_iter()
                .filter_map(|(province, points)| Some((province, median(&points)?)))
                .collect(),
            nation: median(&all).unwrap_or(MIDDLE_OF_PAKISTAN),
            gazetteer: context.gazetteer,
        }
    }

    /// The constituency's median; without one the centre of the district the row names, the province's median,
    /// the middle of the province's districts, the median of everything.
    pub(super) fn of(&self, drafts: &Drafts, draft: &Draft) -> (Point, &'static str) {
        if let Some(point) = self.by_seat.get(draft.seat).copied().flatten() {
            return (point, "the median of its constituency");
        }
        let province = drafts.province(draft);
        if let Some(district) = self.named(drafts, draft) {
            return (district.centre, "the centre of its district");
        }
        if let Some(point) = self.by_province.get(&province) {
            return (*point, "the median of its province");
        }
        let centres: Vec<Point> = self
            .gazetteer
            .iter()
            .flat_map(|gazetteer| &gazetteer.districts)
            .filter(|district| province.is_none_or(|p| p.name() == district.province))
            .map(|district| district.centre)
            .collect();
        match median(&centres) {
            Some(point) => (point, "the middle of its province"),
            None => (self.nation, "the middle of all that is known"),
        }
    }

    fn named(&self, drafts: &Drafts, draft: &Draft) -> Option<&'a District> {
        let name = drafts.district_names.get(draft.district?)?;
        super::district::by_name(self.gazetteer?, drafts.province(draft), name)
    }
}
