//! What reports say together, in log-odds, and why.
//!
//! Each graded report gives `reliability × ln(likelihood ratio) × 0.5^(age / half-life)`. Of one root only the strongest
//! counts: an echo through three services is one voice. The sum moves the prior. Nobody is sent anywhere by the result:
//! it proposes, and a person signs.

use super::{Grade, Horizon, Intelligence, Record, geometry};
use crate::stamp::EventRef;
use pehra_domain::UnixMs;
use std::collections::BTreeMap;

/// How likely a threat is that nobody spoke of, in ten-thousandths.
pub const PRIOR_E4: u32 = 200;
/// Two reports of one threat belong together when their places are nearer than this beyond their radii.
const TOGETHER_M: f64 = 1_000.0;

/// One report as fusion sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voice {
    pub report: EventRef,
    /// Equal numbers are one root.
    pub root: usize,
    pub grade: Grade,
    pub horizon: Horizon,
    pub age_ms: i64,
}

/// What became of one report in the sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The strongest of its root, for the threat.
    Supports,
    /// The strongest of its root, against it.
    Contradicts,
    /// Another report of the same root is stronger.
    Echo,
    /// Its grade says nothing either way.
    NoWeight,
}

impl Part {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Supports => "supports",
            Self::Contradicts => "contradicts",
            Self::Echo => "echo",
            Self::NoWeight => "no-weight",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub report: EventRef,
    pub root: usize,
    pub grade: Grade,
    pub part: Part,
    /// Thousandths of a unit of log-odds, before echoes are left out.
    pub weight_milli: i64,
}

/// The result, with every report's part in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fused {
    pub prior_e4: u32,
    pub posterior_e4: u32,
    /// T3 of the risk index.
    pub level: u8,
    /// How many roots there are.
    pub roots: u32,
    pub reasons: Vec<Reason>,
}

impl Fused {
    fn count(&self, part: Part) -> usize {
        self.reasons.iter().filter(|reason| reason.part == part).count()
    }

    /// Whether some of it speaks for and some against.
    #[must_use]
    pub fn is_contradicted(&self) -> bool {
        self.count(Part::Supports) > 0 && self.count(Part::Contradicts) > 0
    }

    /// The sum in one sentence.
    #[must_use]
    pub fn english(&self) -> String {
        let (reports, roots) = (self.reasons.len(), self.roots);
        let mut text = format!(
            "{reports} {} from {roots} {}: {} before, {} now, level {} of 4",
            plural(reports, "report", "reports"),
            plural(usize::try_from(roots).unwrap_or(usize::MAX), "root", "roots"),
            percent(self.prior_e4),
            percent(self.posterior_e4),
            self.level,
        );
        let echoes = self.count(Part::Echo);
        if echoes > 0 {
            text.push_str(&format!(
                "; {echoes} {} an echo and added nothing",
                plural(echoes, "was", "were")
            ));
        }
        let empty = self.count(Part::NoWeight);
        if empty > 0 {
            text.push_str(&format!("; {empty} carried no weight by its grade"));
        }
        if self.is_contradicted() {
            text.push_str("; the roots contradict each other");
        }
        text.push('.');
        text
    }

    /// The same in Urdu.
    #[must_use]
    pub fn urdu(&self) -> String {
        let mut text = format!(
            "{} ماخذ کی {} اطلاعات: پہلے {}، اب {}، درجہ {} از 4",
            self.roots,
            self.reasons.len(),
            percent(self.prior_e4),
            percent(self.posterior_e4),
            self.level,
        );
        let echoes = self.count(Part::Echo);
        if echoes > 0 {
            text.push_str(&format!("؛ {echoes} محض بازگشت تھیں اور کچھ اضافہ نہ ہوا"));
        }
        let empty = self.count(Part::NoWeight);
        if empty > 0 {
            text.push_str(&format!("؛ {empty} کا درجہ بندی کے لحاظ سے کوئی وزن نہیں"));
        }
        if self.is_contradicted() {
            text.push_str("؛ ماخذ ایک دوسرے سے متضاد ہیں");
        }
        text.push('۔');
        text
    }
}

fn plural(count: usize, one: &'static str, many: &'static str) -> &'static str {
    if count == 1 { one } else { many }
}

/// Ten-thousandths as a percentage with one digit: `5.8 %`.
fn percent(e4: u32) -> String {
    let tenths = (e4 + 5) / 10;
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// T3 of the risk index.
#[must_use]
pub fn level(posterior_e4: u32) -> u8 {
    [300, 800, 2_000, 5_000].iter().map(|from| u8::from(posterior_e4 >= *from)).sum()
}

/// What one report weighs, in log-odds.
#[must_use]
pub fn weight(grade: Grade, horizon: Horizon, age_ms: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "ages are below 2^53 milliseconds")]
    let halves = age_ms.max(0) as f64 / horizon.half_life_ms() as f64;
    let fresh = grade.source.weight() * libm::log(grade.item.likelihood_ratio());
    fresh * libm::exp2(-halves)
}

/// Sums what voices say. Any order of the voices gives the same result.
#[must_use]
pub fn fuse(prior_e4: u32, voices: &[Voice]) -> Fused {
    let mut voices: Vec<&Voice> = voices.iter().collect();
    voices.sort_by_key(|voice| voice.report);
    let weights: Vec<f64> =
        voices.iter().map(|voice| weight(voice.grade, voice.horizon, voice.age_ms)).collect();
    let mut strongest: BTreeMap<usize, usize> = BTreeMap::new();
    for (place, (voice, weight)) in voices.iter().zip(&weights).enumerate() {
        let held = strongest.entry(voice.root).or_insert(place);
        if weights.get(*held).is_some_and(|best| best.abs() < weight.abs()) {
            *held = place;
        }
    }
    let prior = f64::from(prior_e4.clamp(1, 9_999)) / 10_000.0;
    let mut odds = libm::log(prior / (1.0 - prior));
    let mut reasons = Vec::with_capacity(voices.len());
    for (place, (voice, weight)) in voices.iter().zip(&weights).enumerate() {
        let counts = strongest.get(&voice.root) == Some(&place);
        let part = match (counts, weight.total_cmp(&0.0)) {
            (_, std::cmp::Ordering::Equal) => Part::NoWeight,
            (false, _) => Part::Echo,
            (true, std::cmp::Ordering::Greater) => Part::Supports,
            (true, std::cmp::Ordering::Less) => Part::Contradicts,
        };
        if counts {
            odds += weight;
        }
        let Voice { report, root, grade, .. } = **voice;
        reasons.push(Reason { report, root, grade, part, weight_milli: whole(weight * 1_000.0) });
    }
    let posterior = 1.0 / (1.0 + libm::exp(-odds));
    let posterior_e4 = u32::try_from(whole(posterior * 10_000.0)).unwrap_or(0);
    let roots = u32::try_from(strongest.len()).unwrap_or(u32::MAX);
    Fused { prior_e4, posterior_e4, level: level(posterior_e4), roots, reasons }
}

#[expect(clippy::cast_possible_truncation, reason = "weights and shares are small")]
fn whole(value: f64) -> i64 {
    libm::round(value) as i64
}

/// The reports of a list that may be counted at a moment, as voices. Names of roots that somebody said are one, or
/// that are in dispute, are taken for one: too few roots mislead less than too many.
#[must_use]
pub fn voices(desk: &Intelligence, reports: &[EventRef], at: UnixMs) -> Vec<Voice> {
    let mut names = Roots::default();
    let mut found = Vec::new();
    for report in reports {
        let Some(record) = desk.get(*report).filter(|record| record.counts(at)) else { continue };
        let (Some((told, _)), Some(grade)) = (record.written(), record.grade()) else { continue };
        let root = names.unite(&record.roots());
        let age_ms = at.0.saturating_sub(told.obtained.0).max(0);
        found.push(Voice { report: *report, root, grade, horizon: told.horizon, age_ms });
    }
    for voice in &mut found {
        voice.root = names.find(voice.root);
    }
    found
}

/// Names of roots, some of them united.
#[derive(Default)]
struct Roots<'a> {
    places: BTreeMap<&'a str, usize>,
    above: Vec<usize>,
}

impl<'a> Roots<'a> {
    fn unite(&mut self, names: &[&'a str]) -> usize {
        let mut first = None;
        for name in names {
            let next = self.above.len();
            let place = *self.places.entry(name).or_insert(next);
            if place == next {
                self.above.push(next);
            }
            let root = self.find(place);
            let to = *first.get_or_insert(root);
            let (low, high) = (to.min(root), to.max(root));
            if let Some(above) = self.above.get_mut(high) {
                *above = low;
            }
            first = Some(low);
        }
        first.unwrap_or(usize::MAX)
    }

    fn find(&self, mut place: usize) -> usize {
        while let Some(above) = self.above.get(place).filter(|above| **above != place) {
            place = *above;
        }
        place
    }
}

/// Reports that may be about one thing: one area, one threat, windows that meet, places that touch.
#[must_use]
pub fn matters(desk: &Intelligence, at: UnixMs) -> Vec<Vec<EventRef>> {
    let counted: Vec<(EventRef, &Record)> =
        desk.all().filter(|(_, record)| record.counts(at)).collect();
    let mut groups: Vec<Vec<(EventRef, &Record)>> = Vec::new();
    for one in counted {
        let (mut joined, mut apart) = (vec![one], Vec::new());
        for group in groups {
            if group.iter().any(|other| belong(one.1, other.1)) {
                joined.extend(group);
            } else {
                apart.push(group);
            }
        }
        groups = apart;
        groups.push(joined);
    }
    let mut all: Vec<Vec<EventRef>> = groups
        .into_iter()
        .map(|mut group| {
            group
                .sort_by_key(|(at, record)| (record.written().map(|(_, mark)| mark.clock_ms), *at));
            group.into_iter().map(|(at, _)| at).collect()
        })
        .collect();
    all.sort();
    all
}

fn belong(ours: &Record, theirs: &Record) -> bool {
    let (Some((a, here)), Some((b, there))) = (ours.written(), theirs.written()) else {
        return false;
    };
    here.area == there.area
        && a.threat == b.threat
        && a.window.meets(&b.window)
        && (geometry::touch(&a.place, &b.place, TOGETHER_M)
            || (a.place.points.is_empty() && b.place.points.is_empty()))
}

#[cfg(test)]
mod tests;
