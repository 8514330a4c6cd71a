//! Sentences about the class as a whole.

use super::Sentence;
use super::sentence::centi_text;
use crate::assess::Model;
use pehra_domain::{
    UnixMs,
    override_record::{OverrideCode, OverrideRecord},
    risk::{Factor, FactorBasis, RiskClass, StationAssessment},
};

fn class_ur(class: RiskClass) -> &'static str {
    match class {
        RiskClass::Normal => "عام",
        RiskClass::Sensitive => "حساس",
        RiskClass::Most => "انتہائی حساس",
    }
}

pub(super) fn headline(a: &StationAssessment) -> Sentence {
    let score = centi_text(a.inherent_centi);
    let (low, high) = (centi_text(a.p10_centi), centi_text(a.p90_centi));
    let (en, ur) = (a.class.title(), class_ur(a.class));
    let (note, note_ur) = if a.provisional {
        (
            format!(" (provisional: only {} % of the index is observed)", a.completeness_pct),
            format!(" (عارضی: اشاریے کا صرف {} فیصد مشاہدے پر مبنی ہے)", a.completeness_pct),
        )
    } else {
        (String::new(), String::new())
    };
    let mut sentence = Sentence::new(
        format!(
            "Risk {score} of 100, {en}{note}; eight draws in ten lie between {low} and {high}."
        ),
        format!(
            "خطرہ 100 میں سے {score}، درجہ {ur}{note_ur}؛ دس میں سے آٹھ اندازے {low} اور {high} کے درمیان ہیں۔"
        ),
    );
    if let Some(residual) = a.residual_centi {
        let residual = centi_text(residual);
        sentence.en.push_str(&format!(" With the force of the plan it falls to {residual}."));
        sentence.ur.push_str(&format!(" منصوبے کی نفری کے ساتھ یہ {residual} رہ جاتا ہے۔"));
    }
    sentence
}

fn code_text(code: OverrideCode) -> (&'static str, &'static str) {
    match code {
        OverrideCode::O1 => (
            "a current threat to this very place, graded B2 or better",
            "خاص اس جگہ کے خلاف تازہ خطرہ، درجہ B2 یا بہتر",
        ),
        OverrideCode::O2 => (
            "a fatal attack on the building in the last two polls",
            "گزشتہ دو انتخابات میں عمارت پر جان لیوا حملہ",
        ),
        OverrideCode::O3 => (
            "no working communication and quick reaction more than 45 minutes away",
            "رابطے کا کوئی ذریعہ نہیں اور فوری ردعمل 45 منٹ سے زیادہ دور",
        ),
    }
}

/// One sentence for each record in force; a code in force whose record is not at hand is told by its rule.
pub(super) fn overrides(
    a: &StationAssessment,
    records: &[OverrideRecord],
    as_of: UnixMs,
) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    for code in &a.overrides {
        let (rule, rule_ur) = code_text(*code);
        let least = code.at_least();
        let (en, ur) = (least.title(), class_ur(least));
        let mut in_force = records
            .iter()
            .filter(|r| r.station == a.station && r.code == *code && as_of < r.expires)
            .peekable();
        if in_force.peek().is_none() {
            sentences.push(Sentence::new(
                format!("Override {code:?} holds the class at {en} at the least: {rule}."),
                format!("استثنا {code:?} کے تحت درجہ کم از کم {ur} ہے: {rule_ur}۔"),
            ));
        }
        for record in in_force {
            let until = pehra_domain::Date::of_pkt(record.expires);
            let (by, reason) = (&record.signed_by, &record.reason);
            sentences.push(Sentence::new(
                format!("Override {code:?} holds the class at {en} at the least: {rule}. Reason given: {reason}. Signed by {by}, ends on {until}."),
                format!("استثنا {code:?} کے تحت درجہ کم از کم {ur} ہے: {rule_ur}۔ درج وجہ: {reason}۔ دستخط {by}، میعاد {until} تک۔"),
            ));
        }
    }
    sentences
}

/// Which factors nobody observed, by what stands in for them.
pub(super) fn missing(a: &StationAssessment) -> Option<Sentence> {
    let of = |basis: FactorBasis| -> Vec<&'static str> {
        let pairs = Factor::ALL.into_iter().zip(&a.factors);
        pairs.filter(|(_, value)| value.basis == basis).map(|(factor, _)| factor.code()).collect()
    };
    let places = [
        (FactorBasis::District, "the district", "ضلع"),
        (FactorBasis::Province, "the province", "صوبہ"),
        (FactorBasis::Nation, "the nation", "ملک"),
        (FactorBasis::Prior, "a declared prior", "مفروضہ قدر"),
    ];
    let (mut en, mut ur, mut count) = (Vec::new(), Vec::new(), 0);
    for (basis, name, name_ur) in places {
        let codes = of(basis);
        if !codes.is_empty() {
            count += codes.len();
            en.push(format!("{} from {name}", codes.join(", ")));
            ur.push(format!("{} ({name_ur})", codes.join("، ")));
        }
    }
    if count == 0 {
        return None;
    }
    let pct = a.completeness_pct;
    let (verb, noun) = if count == 1 { ("is", "factor") } else { ("are", "factors") };
    Some(Sentence::new(
        format!(
            "{count} {noun} of 19 {verb} not known here and drawn from elsewhere: {}. {pct} % of the index rests on observation.",
            en.join("; ")
        ),
        format!(
            "19 میں سے {count} عوامل یہاں معلوم نہیں، ان کا اندازہ یوں لگایا گیا: {}۔ اشاریے کا {pct} فیصد مشاہدے پر مبنی ہے۔",
            ur.join("؛ ")
        ),
    ))
}

pub(super) fn disagreement(a: &StationAssessment) -> Option<Sentence> {
    let official = a.official.filter(|official| *official != a.class)?;
    Some(Sentence::new(
        format!(
            "The official class is {}, ours is {}. Forces follow the official class; the difference stays in view.",
            official.title(),
            a.class.title()
        ),
        format!(
            "سرکاری درجہ {} ہے جبکہ ہمارا حساب {} بتاتا ہے۔ نفری سرکاری درجے کے مطابق دی جاتی ہے؛ فرق سامنے رکھا جاتا ہے۔",
            class_ur(official),
            class_ur(a.class)
        ),
    ))
}

pub(super) fn what_if(
    model: &Model,
    factor: Factor,
    centi: u16,
    a: &StationAssessment,
    score_centi: u16,
    class: RiskClass,
) -> Sentence {
    let names = model.factor(factor);
    let value = centi_text(centi);
    let (before, after) = (centi_text(a.inherent_centi), centi_text(score_centi));
    let (kept, kept_ur) = if class == a.class {
        (
            format!("the class stays {}", class.title()),
            format!("درجہ {} ہی رہے گا", class_ur(class)),
        )
    } else {
        (
            format!("the class goes from {} to {}", a.class.title(), class.title()),
            format!("درجہ {} سے {} ہو جائے گا", class_ur(a.class), class_ur(class)),
        )
    };
    Sentence::new(
        format!(
            "If \"{}\" were {value} of 4, the score would go from {before} to {after}; {kept}.",
            names.name
        ),
        format!(
            "اگر \"{}\" 4 میں سے {value} ہو تو اسکور {before} سے {after} ہو جائے گا؛ {kept_ur}۔",
            names.name_ur
        ),
    )
}
