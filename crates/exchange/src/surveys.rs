//! Answers of the building survey and the district checklist, one answer a row.

use crate::code::Code;
use crate::finding::{Findings, Outcome};
use crate::mapping::Schema;
use crate::number::{date, plain_digits};
use crate::rows::{Cells, ImportError, ImportOptions, Imported, read_values};
use crate::stations::{Context, district, field};
use pehra_domain::progress::Watch;
use pehra_domain::risk::Factor;
use pehra_domain::survey::{SurveyAnswer, SurveySubject};
use pehra_domain::{AreaId, BuildingId};
use std::io::Read;

/// The columns of a filled form.
pub const SCHEMA: Schema = Schema {
    kind: "surveys",
    fields: &[
        field("subject", true, &["subject", "building", "building id", "district", "عمارت", "ضلع"]),
        field("question", true, &["question", "item", "key", "سوال"]),
        field("score", true, &["score", "answer", "value", "نمبر"]),
        field("factor", false, &["factor"]),
        field("on", true, &["on", "date", "surveyed on", "تاریخ"]),
        field("role", false, &["role", "surveyor role", "by role", "عہدہ"]),
        field("note", false, &["note", "notes", "remarks", "تبصرہ"]),
    ],
};

/// Longest note kept, in characters.
const NOTE_CHARS_MAX: usize = 500;

/// Imports survey answers. A subject is a building's id, a district's path (`pk/sindh/thatta`) or its name.
///
/// # Errors
/// [`ImportError`] when the file or its mapping cannot be used, or the watcher stops the work.
pub fn import(
    input: &mut dyn Read,
    options: &ImportOptions,
    context: &Context<'_>,
    watch: &mut Watch<'_>,
) -> Result<Imported<SurveyAnswer>, ImportError> {
    let mut value = |cells: &Cells<'_>, findings: &mut Findings| answer(cells, context, findings);
    let (reading, answers) = read_values(input, &SCHEMA, options, watch, &mut value)?;
    Ok(reading.with(answers))
}

fn answer(
    cells: &Cells<'_>,
    context: &Context<'_>,
    findings: &mut Findings,
) -> Option<(SurveyAnswer, Outcome)> {
    let row = cells.number();
    let Some(subject) = subject(cells.get(0), context) else {
        findings.push(Code::SubjectUnknown, row, cells.header(0), cells.get(0), "");
        return None;
    };
    let question = crate::mapping::normalise(cells.get(1)).replace(' ', "-");
    if question.is_empty() || question.len() > 64 {
        findings.push(Code::IdInvalid, row, cells.header(1), "", "");
        return None;
    }
    let Some(centi) = score(cells.get(2)) else {
        findings.push(Code::ScoreInvalid, row, cells.header(2), cells.get(2), "");
        return None;
    };
    let Some(on) = date(cells.get(4)) else {
        let now = "the row is set aside";
        findings.push(Code::DateInvalid, row, cells.header(4), cells.get(4), now);
        return None;
    };
    let mut outcome = Outcome::Accepted;
    let named = cells.get(3);
    let factor = Factor::from_code(&named.to_uppercase());
    if factor.is_none() && !named.is_empty() {
        findings.push(Code::ClassUnknown, row, cells.header(3), named, "no factor is fed");
        outcome = Outcome::Repaired;
    }
    let note: String = cells.get(6).chars().take(NOTE_CHARS_MAX).collect();
    let surveyor_role = cells.get(5).to_owned();
    Some((SurveyAnswer { subject, question, centi, factor, on, surveyor_role, note }, outcome))
}

fn subject(cell: &str, context: &Context<'_>) -> Option<SurveySubject> {
    if cell.starts_with("B-") || cell.starts_with("SYN-") {
        return BuildingId::try_new(cell).ok().map(SurveySubject::Building);
    }
    if cell.starts_with("pk/") {
        return AreaId::try_new(cell).ok().map(SurveySubject::District);
    }
    let known = district::locate(cell, None, None, context)?;
    let listed = context.gazetteer.is_some() || context.boundaries.is_some();
    (known.1 && listed).then_some(SurveySubject::District(known.0))
}

/// 0 to 4 with up to two places, as hundredths.
fn score(cell: &str) -> Option<u16> {
    let plain = plain_digits(cell).replace(',', ".");
    let (whole, places) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || places.len() > 2 || !digits(whole) || !digits(places) {
        return None;
    }
    let centi = whole.parse::<u16>().ok()?.checked_mul(100)?;
    let centi = centi + format!("{places:0<2}").parse::<u16>().ok()?;
    (centi <= 400).then_some(centi)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::ControlFlow;

    #[test]
    fn answers_are_read_and_others_are_told() {
        let csv = "subject,question,score,factor,date,role,note\n\
            B-NA-40-15,Gates,2.5,V1,2024-01-20,SHO,two gates\n\
            pk/sindh/thatta,radio test,۴,v3,20/1/2024,,\n\
            B-NA-40-15,Walls,5,V1,2024-01-20,,\n\
            B-NA-40-15,Walls,1,V1,someday,,\n\
            nowhere,Walls,1,V1,2024-01-20,,\n\
            B-NA-40-15,Walls,1,Z9,2024-01-20,,\n\
            B-NA-40-15,,1,V1,2024-01-20,,\n\
            B-NA-40-15,Walls,1,V1,2024-01-20,,ask 42101-1234567-1\n";
        let mut input = csv.as_bytes();
        let options = ImportOptions::default();
        let result =
            import(&mut input, &options, &Context::default(), &mut |_| ControlFlow::Continue(()))
                .unwrap();
        let read: Vec<_> =
            result.values.iter().map(|a| (a.question.as_str(), a.centi, a.factor)).collect();
        assert_eq!(
            read,
            [
                ("gates", 250, Some(Factor::V1)),
                ("radio-test", 400, Some(Factor::V3)),
                ("walls", 100, None)
            ]
        );
        for code in [
            "score-invalid",
            "date-invalid",
            "subject-unknown",
            "class-unknown",
            "id-invalid",
            "identity-number",
        ] {
            assert_eq!(result.counts.get(code), Some(&1), "{code}");
        }
        assert_eq!(
            (result.tally.accepted, result.tally.repaired, result.tally.quarantined),
            (2, 1, 5)
        );
    }
}
