//! Two forms that work on paper and offline: the survey of a building and the checklist of a district.
//!
//! The building form asks what a visitor can see: walls, gates, sight lines, light, power, a radio test, the women's
//! queue. Photographs are of the building, never of people. The district checklist follows the factors of
//! International IDEA's Electoral Risk Management Tool (DOMAIN §2); most of its lines are for discussion and feed no
//! number, because a social fact about a district is not a fact about a station.

mod blank;
mod questions;

pub use blank::{blank_csv, blank_html, blank_text};
pub use questions::{BUILDING, DISTRICT};

use crate::assess::model::{Model, interpolate};
use pehra_domain::{
    Date,
    risk::Factor,
    survey::{SurveyAnswer, SurveySubject},
};

/// One of the languages of the forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    Urdu,
}

/// One possible answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is ticked and typed: `a` to `e`.
    pub key: &'static str,
    pub en: &'static str,
    pub ur: &'static str,
    /// Hundredths of points, 0 (no concern) to 400 (extreme).
    pub centi: u16,
}

/// One line of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    pub key: &'static str,
    pub en: &'static str,
    pub ur: &'static str,
    pub choices: &'static [Choice],
    /// The factor it feeds (see [`combine`]); none: for discussion and planning only.
    pub feeds: Option<Factor>,
}

impl Question {
    #[must_use]
    pub fn text(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::Urdu => self.ur,
        }
    }
}

impl Choice {
    #[must_use]
    pub fn text(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::Urdu => self.ur,
        }
    }
}

/// Which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Building,
    District,
}

impl Form {
    #[must_use]
    pub fn questions(self) -> &'static [Question] {
        match self {
            Self::Building => BUILDING,
            Self::District => DISTRICT,
        }
    }

    #[must_use]
    pub fn title(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Building, Language::English) => "Building survey",
            (Self::Building, Language::Urdu) => "عمارت کا جائزہ",
            (Self::District, Language::English) => "District checklist",
            (Self::District, Language::Urdu) => "ضلع کی جانچ فہرست",
        }
    }

    /// What the surveyor must know before starting.
    #[must_use]
    pub fn instruction(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Building, Language::English) => {
                "Tick one answer a line. Leave a line empty if you could not see it: an empty line is better than a guess. Photograph the building, never people. Write no names and no identity numbers."
            }
            (Self::Building, Language::Urdu) => {
                "ہر سوال پر ایک جواب پر نشان لگائیں۔ جو چیز نہ دیکھ سکیں وہ خالی چھوڑ دیں: خالی جواب اندازے سے بہتر ہے۔ تصویر عمارت کی لیں، لوگوں کی ہرگز نہیں۔ کسی کا نام یا شناختی نمبر نہ لکھیں۔"
            }
            (Self::District, Language::English) => {
                "Answer together: district administration, police and election office. Write about places and conditions, never about persons or parties. Leave empty what nobody knows."
            }
            (Self::District, Language::Urdu) => {
                "ضلعی انتظامیہ، پولیس اور انتخابی دفتر مل کر جواب دیں۔ مقامات اور حالات کے بارے میں لکھیں، کسی شخص یا جماعت کے بارے میں ہرگز نہیں۔ جو کسی کو معلوم نہ ہو وہ خالی چھوڑ دیں۔"
            }
        }
    }
}

/// The question with a key, in either form.
#[must_use]
pub fn question(key: &str) -> Option<&'static Question> {
    BUILDING.iter().chain(DISTRICT).find(|question| question.key == key)
}

/// The factor that a question feeds.
#[must_use]
pub fn fed_by(key: &str) -> Option<Factor> {
    question(key)?.feeds
}

/// Why a filled form cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    #[error("the form has no question {0:?}; use the key printed beside the line")]
    UnknownQuestion(String),
    #[error("question {question:?} has no answer {answer:?}; use one of {allowed}")]
    UnknownAnswer { question: String, answer: String, allowed: String },
    #[error("question {0:?} is answered twice; keep one answer")]
    Twice(String),
    #[error("question {0:?} belongs to the other form")]
    WrongForm(String),
}

/// Turns ticked answers `(question key, choice key)` into survey answers. An empty choice is a line left empty.
///
/// # Errors
/// [`FormError`] at the first line that cannot be read; nothing is guessed.
pub fn read(
    subject: &SurveySubject,
    on: Date,
    surveyor_role: &str,
    ticked: &[(&str, &str)],
) -> Result<Vec<SurveyAnswer>, FormError> {
    let form = match subject {
        SurveySubject::Building(_) => Form::Building,
        SurveySubject::District(_) => Form::District,
    };
    let mut answers: Vec<SurveyAnswer> = Vec::new();
    for (key, choice) in ticked {
        let (key, choice) = (key.trim(), choice.trim());
        if choice.is_empty() {
            continue;
        }
        let Some(line) = form.questions().iter().find(|question| question.key == key) else {
            return Err(match question(key) {
                Some(_) => FormError::WrongForm(key.to_owned()),
                None => FormError::UnknownQuestion(key.to_owned()),
            });
        };
        if answers.iter().any(|answer| answer.question == key) {
            return Err(FormError::Twice(key.to_owned()));
        }
        let Some(found) = line.choices.iter().find(|c| c.key.eq_ignore_ascii_case(choice)) else {
            let allowed: Vec<&str> = line.choices.iter().map(|c| c.key).collect();
            return Err(FormError::UnknownAnswer {
                question: key.to_owned(),
                answer: choice.to_owned(),
                allowed: allowed.join(", "),
            });
        };
        answers.push(SurveyAnswer {
            subject: subject.clone(),
            question: key.to_owned(),
            centi: found.centi,
            factor: line.feeds,
            on,
            surveyor_role: surveyor_role.to_owned(),
            note: String::new(),
        });
    }
    Ok(answers)
}

/// One factor from the points (0 to 4) of its questions [P]. V3 counts working rungs: each answer gives
/// `1 − points / 4` of a rung, and the scale of the model turns their sum into points. All others take the mean of the
/// worst and the average answer, so that one broken wall is not talked away by three good ones. None without answers.
#[must_use]
pub fn combine(model: &Model, factor: Factor, points: &[f64]) -> Option<f64> {
    if points.is_empty() {
        return None;
    }
    if factor == Factor::V3 {
        let rungs: f64 = points.iter().map(|p| 1.0 - p / 4.0).sum();
        return Some(interpolate(&model.scales.v3_rungs, rungs));
    }
    let worst = points.iter().copied().fold(0.0, f64::max);
    #[expect(clippy::cast_precision_loss, reason = "a form has a few dozen lines")]
    let mean = points.iter().sum::<f64>() / points.len() as f64;
    Some((worst + mean) / 2.0)
}

/// The factor values (hundredths of points) that a set of answers about one subject gives, in the order of the factors.
#[must_use]
pub fn factor_values(model: &Model, answers: &[SurveyAnswer]) -> Vec<(Factor, u16)> {
    let mut values = Vec::new();
    for factor in Factor::ALL {
        let points: Vec<f64> = answers
            .iter()
            .filter(|answer| answer.factor.or_else(|| fed_by(&answer.question)) == Some(factor))
            .map(|answer| f64::from(answer.centi.min(400)) / 100.0)
            .collect();
        if let Some(value) = combine(model, factor, &points) {
            values.push((factor, crate::assess::score::points_centi(value)));
        }
    }
    values
}

#[cfg(test)]
mod tests;
