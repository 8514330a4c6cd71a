//! Survey forms that came back: many buildings were not visited, and many lines stayed empty, so that completeness
//! differs from district to district as it does in life.

use super::{POLL_DAY, Part, assemble::Record, place_in, stream, wide};
use pehra_domain::{
    date::Date,
    gazetteer::Gazetteer,
    seed::Seed,
    survey::{SurveyAnswer, SurveySubject},
};
use pehra_plan::survey_form::{BUILDING, DISTRICT, Question};

const NOTE: &str = "SYN";

/// Answers by district, in the order of the record's buildings. Who looked is a role: the station house officer's people
/// for a building, the district officers together for a district.
pub(super) fn answers(record: &Record, gazetteer: &Gazetteer, seed: u64) -> Vec<SurveyAnswer> {
    let mut answers = Vec::new();
    let mut districts: Vec<Visits> = gazetteer
        .districts
        .iter()
        .enumerate()
        .map(|(index, district)| {
            let mut chance = stream(seed, Part::Survey, index);
            let visited_permille = 100 + chance.below(500);
            let mood = chance.below(250);
            if chance.below(10) < 7 {
                let subject = SurveySubject::District(district.area.clone());
                let mut form = Form { subject, mood, role: "DRO", lines_permille: 850 };
                form.fill(DISTRICT, &mut chance, &mut answers);
            }
            Visits { chance, visited_permille, mood }
        })
        .collect();
    for (building, &district) in record.buildings.iter().zip(&record.district_of) {
        let visits = &mut districts[district];
        if visits.chance.below(1_000) >= visits.visited_permille {
            continue;
        }
        let mut form = Form {
            subject: SurveySubject::Building(building.id.clone()),
            mood: (visits.mood + visits.chance.below(350)).min(500),
            role: "SHO",
            lines_permille: 600,
        };
        form.fill(BUILDING, &mut visits.chance, &mut answers);
    }
    answers
}

/// How one district goes about its surveys.
struct Visits {
    chance: Seed,
    visited_permille: u64,
    mood: u64,
}

/// One form in the hand of one team.
struct Form {
    subject: SurveySubject,
    /// How bad things are here, 0 to 500 in thousandths: the same for all lines of a form, since poor buildings are
    /// poor throughout.
    mood: u64,
    role: &'static str,
    /// Share of the lines that are filled.
    lines_permille: u64,
}

impl Form {
    fn fill(&mut self, lines: &[Question], chance: &mut Seed, answers: &mut Vec<SurveyAnswer>) {
        let day = visit_day(chance);
        for line in lines {
            if chance.below(1_000) >= self.lines_permille || line.choices.is_empty() {
                continue;
            }
            // Choices run from good to bad: a lean towards the good end, shifted by the mood.
            let lean = (chance.below(1_000) * chance.below(1_000) / 1_000 + self.mood).min(999);
            let choice = place_in(lean * wide(line.choices.len()) / 1_000);
            answers.push(SurveyAnswer {
                subject: self.subject.clone(),
                question: line.key.to_owned(),
                centi: line.choices[choice].centi,
                factor: line.feeds,
                on: day,
                surveyor_role: self.role.to_owned(),
                note: NOTE.to_owned(),
            });
        }
    }
}

/// A day in the sixty before the poll, the last week excepted.
fn visit_day(chance: &mut Seed) -> Date {
    let before = 7 + i32::try_from(chance.below(54)).unwrap_or(0);
    POLL_DAY.plus_days(-before)
}
