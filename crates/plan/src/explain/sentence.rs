//! Each factor's value as a sentence.

use super::evidence::told;
use super::{Reason, Sentence};
use crate::assess::{Derived, Evidence, Model};
use pehra_domain::risk::{Factor, FactorBasis, FactorScore};

/// Hundredths as `3.05`.
pub(super) fn centi_text(centi: u16) -> String {
    format!("{}.{:02}", centi / 100, centi % 100)
}

pub(super) fn reason(
    model: &Model,
    factor: Factor,
    value: FactorScore,
    contribution_centi: i32,
    found: Option<Derived>,
) -> Reason {
    let parameters = model.factor(factor);
    let name = Sentence::new(&parameters.name, &parameters.name_ur);
    let source = match found.map(|derived| derived.evidence) {
        Some(evidence) if evidence != Evidence::Missing => told(model, evidence),
        _ => stand_in(model, factor, value),
    };
    let points = centi_text(value.centi);
    let amount = centi_text(u16::try_from(contribution_centi.unsigned_abs()).unwrap_or(u16::MAX));
    let (effect_en, effect_ur) = match contribution_centi {
        1.. => (format!("raises the score by {amount}"), format!("اس سے اسکور {amount} بڑھتا ہے")),
        0 => ("leaves the score as it is".to_owned(), "اس سے اسکور نہیں بدلتا".to_owned()),
        _ => (format!("lowers the score by {amount}"), format!("اس سے اسکور {amount} کم ہوتا ہے")),
    };
    let text = Sentence::new(
        format!("{}: {} ({points} of 4; {effect_en}).", capital(&name.en), source.en),
        format!("{}: {} (4 میں سے {points}؛ {effect_ur})۔", name.ur, source.ur),
    );
    Reason {
        factor,
        name,
        centi: value.centi,
        basis: value.basis,
        confidence_pct: value.confidence_pct,
        contribution_centi,
        source,
        text,
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// What stands in for a value that nobody observed.
fn stand_in(model: &Model, factor: Factor, value: FactorScore) -> Sentence {
    match value.basis {
        FactorBasis::Observed => Sentence::new("observed", "مشاہدہ کیا گیا"),
        FactorBasis::District => Sentence::new(
            "not known here; drawn from other stations of the district",
            "یہاں معلوم نہیں؛ ضلع کے دوسرے اسٹیشنوں سے اندازہ",
        ),
        FactorBasis::Province => Sentence::new(
            "not known here or in the district; drawn from the province",
            "یہاں اور ضلع میں معلوم نہیں؛ صوبے سے اندازہ",
        ),
        FactorBasis::Nation => Sentence::new(
            "not known here, in the district or the province; drawn from the nation",
            "یہاں، ضلع اور صوبے میں معلوم نہیں؛ پورے ملک سے اندازہ",
        ),
        FactorBasis::Prior => Sentence::new(
            format!("not known anywhere; declared prior ({})", model.factor(factor).prior_source),
            "کہیں معلوم نہیں؛ پہلے سے طے شدہ مفروضہ قدر لی گئی".to_owned(),
        ),
    }
}
