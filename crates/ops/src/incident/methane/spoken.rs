//! A report as it is read over a voice net: line by line in the fixed order, numbers figure by figure, names by the spelling
//! alphabet of the International Civil Aviation Organization (Annex 10, volume II, 5.2.1.3). What somebody wrote in free words
//! is read as it was written, in both languages: nothing here translates.

use super::{Access, Declaration, Methane, Strength, word};
use crate::incident::Toll;
use pehra_domain::{IncidentId, Point, UnitId, UnixMs};

const PKT_MS: i64 = 5 * 3_600_000;
const MINUTE_MS: i64 = 60_000;
const DAY_MINUTES: i64 = 1_440;
/// Five decimals of a degree: about a metre.
const STEP_E7: u32 = 100;
const STEPS_PER_DEGREE: u32 = 100_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tongue {
    English,
    Urdu,
}

impl Tongue {
    pub(super) fn say<'a>(self, english: &'a str, urdu: &'a str) -> &'a str {
        match self {
            Self::English => english,
            Self::Urdu => urdu,
        }
    }

    fn comma(self) -> &'static str {
        match self {
            Self::English => ", ",
            Self::Urdu => "، ",
        }
    }

    fn stop(self) -> char {
        match self {
            Self::English => '.',
            Self::Urdu => '۔',
        }
    }
}

/// One line of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// `M`, `E`, `T`, `H`, `A`, `N`, `E`; none for the line that opens.
    pub letter: Option<char>,
    pub text: String,
}

/// What is read out beside the report itself.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    pub incident: &'a IncidentId,
    pub at: UnixMs,
    /// The toll of the report, or the one that stood when it was given.
    pub toll: Option<&'a Toll>,
    /// The kind's title in the language of the text.
    pub title: &'a str,
}

/// The line that opens, and the seven of the form.
#[must_use]
pub fn text(tongue: Tongue, report: &Methane, beside: Beside<'_>) -> Vec<Line> {
    let say = |english, urdu| tongue.say(english, urdu);
    let unknown = || say("not known", "معلوم نہیں").to_owned();
    let kind = [spelled(tongue, report.code.name()), beside.title.to_owned(), report.kind.clone()];
    let lines = [
        ('M', say("Major incident", "بڑا واقعہ"), declared(tongue, report.declared).to_owned()),
        ('E', say("Exact location", "صحیح مقام"), place(tongue, report)),
        ('T', say("Type", "قسم"), listed(tongue, kind)),
        ('H', say("Hazards", "خطرات"), hazards(tongue, report)),
        ('A', say("Access", "راستہ"), access(tongue, &report.access).unwrap_or_else(unknown)),
        (
            'N',
            say("Number of casualties", "جانی نقصان"),
            beside.toll.map_or_else(unknown, |toll| casualties(tongue, toll)),
        ),
        ('E', say("Emergency services", "امدادی ادارے"), services(tongue, report)),
    ];
    let name = match report.declared {
        Declaration::None => say("Ethane report", "ایتھین رپورٹ"),
        Declaration::Standby | Declaration::Major | Declaration::StoodDown => {
            say("Methane report", "میتھین رپورٹ")
        }
    };
    let stop = tongue.stop();
    let opening = format!(
        "{name}{stop} {} {}{stop} {} {}{stop}",
        say("Incident", "واقعہ"),
        spelled(tongue, beside.incident.as_str()),
        say("Time", "وقت"),
        spelled(tongue, &clock(beside.at)),
    );
    let opening = Line { letter: None, text: opening };
    let lines = lines.into_iter().map(|(letter, heading, words)| Line {
        letter: Some(letter),
        text: format!("{}{stop} {heading}: {words}{stop}", word::letter(tongue, letter)),
    });
    std::iter::once(opening).chain(lines).collect()
}

fn declared(tongue: Tongue, declared: Declaration) -> &'static str {
    match declared {
        Declaration::None => tongue.say("not declared", "اعلان نہیں ہوا"),
        Declaration::Standby => tongue.say("standby", "تیاری کا حکم"),
        Declaration::Major => tongue.say("declared", "اعلان ہو گیا"),
        Declaration::StoodDown => tongue.say("stood down", "اعلان ختم"),
    }
}

fn place(tongue: Tongue, report: &Methane) -> String {
    let point = report.point.map(|point| position(tongue, point));
    listed(tongue, [report.place.clone(), point.unwrap_or_default()])
}

/// `position two four decimal eight six zero zero zero north, …`.
fn position(tongue: Tongue, point: Point) -> String {
    let degrees = |e7: i32, positive, negative| {
        let steps = e7.unsigned_abs() / STEP_E7;
        let (whole, rest) = (steps / STEPS_PER_DEGREE, steps % STEPS_PER_DEGREE);
        let side = if e7 < 0 { negative } else { positive };
        let decimal = tongue.say("decimal", "اعشاریہ");
        let (whole, rest) = (whole.to_string(), format!("{rest:05}"));
        format!("{} {decimal} {} {side}", spelled(tongue, &whole), spelled(tongue, &rest))
    };
    let north = degrees(point.lat_e7, tongue.say("north", "شمال"), tongue.say("south", "جنوب"));
    let east = degrees(point.lon_e7, tongue.say("east", "مشرق"), tongue.say("west", "مغرب"));
    format!("{} {north}{}{east}", tongue.say("position", "پوزیشن"), tongue.comma())
}

fn hazards(tongue: Tongue, report: &Methane) -> String {
    let words =
        |all: &[super::Hazard]| listed(tongue, all.iter().map(|one| one.word(tongue).to_owned()));
    let (seen, suspected) = (words(&report.hazards), words(&report.suspected));
    let suspected = if suspected.is_empty() {
        suspected
    } else {
        format!("{} {suspected}", tongue.say("possible", "امکان ہے"))
    };
    let all = listed(tongue, [seen, suspected, report.hazard_words.clone()]);
    if all.is_empty() {
        tongue.say("none seen", "کوئی نظر نہیں آیا").to_owned()
    } else {
        all
    }
}

fn access(tongue: Tongue, access: &Access) -> Option<String> {
    let part = |label: &str, words: &str| {
        if words.trim().is_empty() { String::new() } else { format!("{label} {}", words.trim()) }
    };
    let all = listed(
        tongue,
        [
            part(tongue.say("in by", "آنے کا راستہ"), &access.inward),
            part(tongue.say("out by", "جانے کا راستہ"), &access.outward),
            part(tongue.say("meet at", "ملنے کی جگہ"), &access.meeting),
        ],
    );
    (!all.is_empty()).then_some(all)
}

fn casualties(tongue: Tongue, toll: &Toll) -> String {
    let range = |low: u32, high: u32| {
        let low_words = spelled(tongue, &low.to_string());
        if low == high {
            return low_words;
        }
        format!("{low_words} {} {}", tongue.say("to", "سے"), spelled(tongue, &high.to_string()))
    };
    listed(
        tongue,
        [
            format!(
                "{} {}",
                tongue.say("killed", "جاں بحق"),
                range(toll.killed_min, toll.killed_max)
            ),
            format!("{} {}", tongue.say("hurt", "زخمی"), range(toll.hurt_min, toll.hurt_max)),
            format!("{} {}", tongue.say("by word of", "بقول"), toll.source.trim()),
        ],
    )
}

fn services(tongue: Tongue, report: &Methane) -> String {
    let strengths = |all: &[Strength]| {
        all.iter()
            .map(|one| {
                let number = spelled(tongue, &one.number.to_string());
                format!("{} {number}", one.service.word(tongue))
            })
            .collect::<Vec<_>>()
    };
    let none = || tongue.say("none", "کوئی نہیں").to_owned();
    let mut present = strengths(&report.present);
    present.extend(report.units.iter().map(|unit: &UnitId| {
        format!("{} {}", tongue.say("unit", "دستہ"), spelled(tongue, unit.as_str()))
    }));
    let mut required = strengths(&report.required);
    required.push(report.required_words.clone());
    let (present, required) = (listed(tongue, present), listed(tongue, required));
    let or_none = |words: String| if words.is_empty() { none() } else { words };
    format!(
        "{} {}{} {} {}",
        tongue.say("present", "موجود"),
        or_none(present),
        tongue.stop(),
        tongue.say("Required", "درکار"),
        or_none(required),
    )
}

/// The parts that say something, one after the other.
fn listed(tongue: Tongue, parts: impl IntoIterator<Item = String>) -> String {
    let said = parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty());
    said.collect::<Vec<_>>().join(tongue.comma())
}

/// Letters by the spelling alphabet, figures one by one; what stands between them is passed over.
fn spelled(tongue: Tongue, text: &str) -> String {
    let words = text.chars().filter_map(|c| match c.to_digit(10) {
        Some(digit) => Some(word::figure(tongue, digit)),
        None if c.is_ascii_alphabetic() => Some(word::letter(tongue, c)),
        None if c == '-' => Some(tongue.say("dash", "ڈیش")),
        None => None,
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Hour and minute in Pakistan: `1405`.
fn clock(at: UnixMs) -> String {
    let minutes = at.0.saturating_add(PKT_MS).div_euclid(MINUTE_MS).rem_euclid(DAY_MINUTES);
    format!("{:02}{:02}", minutes / 60, minutes % 60)
}
