//! What comes back from a course: signed lists, answers of a quiz, results of a practical test.

use super::read_values;
use crate::code::Code;
use crate::finding::{Findings, Outcome};
use crate::mapping::{Schema, normalise};
use crate::number::date;
use crate::people::module;
use crate::rows::{Cells, ImportError, ImportOptions, Imported};
use crate::stations::field;
use pehra_domain::progress::Watch;
use pehra_domain::{AreaId, Date, PersonId};
use std::io::Read;

/// The columns of a list that was signed in a room; what all its rows share may be said apart.
pub const ATTENDANCE: Schema = Schema {
    kind: "attendance",
    fields: &[
        field("number", true, &["number", "service number", "service no", "belt no", "سروس نمبر"]),
        field("present", false, &["present", "signed", "attended", "signature", "حاضر", "دستخط"]),
        field("course", false, &["course", "course id", "کورس"]),
        field("module", false, &["module", "code", "تربیت"]),
        field("date", false, &["date", "تاریخ"]),
        field("venue", false, &["venue", "room", "کمرہ"]),
        field("begins", false, &["begins", "hour", "time", "وقت"]),
        field("hours", false, &["hours", "گھنٹے"]),
        field("trainer", false, &["trainer", "trainer number", "استاد"]),
        field("area", false, &["area", "district", "ضلع"]),
    ],
};

/// The columns of what candidates answered, or of how a practical test came out.
pub const RESULTS: Schema = Schema {
    kind: "results",
    fields: &[
        field("number", true, &["number", "service number", "service no", "belt no", "سروس نمبر"]),
        field("answers", false, &["answers", "letters", "جوابات"]),
        field("passed", false, &["passed", "result", "pass", "کامیاب"]),
    ],
};

/// One row of a signed list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attended {
    pub number: PersonId,
    /// True where the list has no such column.
    pub present: bool,
    pub course: Option<String>,
    pub module: Option<u8>,
    pub on: Option<Date>,
    pub venue: Option<String>,
    pub begins: Option<String>,
    pub hours: Option<u8>,
    pub trainer: Option<PersonId>,
    pub area: Option<AreaId>,
}

/// One row of results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub number: PersonId,
    /// Letters in the order of the candidate's own paper.
    pub answers: String,
    pub passed: bool,
}

/// Imports signed lists, in the order of the file.
///
/// # Errors
/// [`ImportError`] when the file or its mapping cannot be used, or the watcher stops the work.
pub fn import_attendance(
    input: &mut dyn Read,
    options: &ImportOptions,
    watch: &mut Watch<'_>,
) -> Result<Imported<Attended>, ImportError> {
    let mut value = |cells: &Cells<'_>, findings: &mut Findings| attended(cells, findings);
    let (reading, rows) = read_values(input, &ATTENDANCE, options, watch, &mut value)?;
    Ok(reading.with(rows))
}

/// Imports answers or results, in the order of the file.
///
/// # Errors
/// As [`import_attendance`].
pub fn import_results(
    input: &mut dyn Read,
    options: &ImportOptions,
    watch: &mut Watch<'_>,
) -> Result<Imported<Answered>, ImportError> {
    let mut value = |cells: &Cells<'_>, findings: &mut Findings| {
        let number = number(cells, findings)?;
        let mut outcome = Outcome::Accepted;
        let passed = ticked(cells, 2, findings, &mut outcome);
        let answers = cells.get(1).to_owned();
        Some((Answered { number, answers, passed }, outcome))
    };
    let (reading, rows) = read_values(input, &RESULTS, options, watch, &mut value)?;
    Ok(reading.with(rows))
}

fn number(cells: &Cells<'_>, findings: &mut Findings) -> Option<PersonId> {
    let number = PersonId::try_new(cells.get(0)).ok();
    if number.is_none() {
        findings.push(Code::IdInvalid, cells.number(), cells.header(0), "", "");
    }
    number
}

fn attended(cells: &Cells<'_>, findings: &mut Findings) -> Option<(Attended, Outcome)> {
    let row = cells.number();
    let number = number(cells, findings)?;
    let mut outcome = Outcome::Accepted;
    let present = !cells.has(1) || ticked(cells, 1, findings, &mut outcome);
    let given = |at: usize| Some(cells.get(at).trim().to_owned()).filter(|cell| !cell.is_empty());
    let mut wrong = |code: Code, at: usize, now: &str| {
        findings.push(code, row, cells.header(at), cells.get(at), now);
    };
    let module = match given(3).map(|cell| module(&cell)) {
        Some(None) => {
            wrong(Code::ModuleUnknown, 3, "");
            return None;
        }
        read => read.flatten(),
    };
    let on = match given(4).map(|cell| date(&cell)) {
        Some(None) => {
            wrong(Code::DateInvalid, 4, "the row is set aside");
            return None;
        }
        read => read.flatten(),
    };
    let hours = given(7).and_then(|cell| {
        let read = crate::number::count(&cell).and_then(|hours| u8::try_from(hours).ok());
        if read.is_none() {
            wrong(Code::NumberInvalid, 7, "the module's hours");
        }
        read
    });
    let trainer = match given(8).map(|cell| PersonId::try_new(cell).ok()) {
        Some(None) => {
            wrong(Code::IdInvalid, 8, "");
            return None;
        }
        read => read.flatten(),
    };
    let area = match given(9).map(|cell| AreaId::try_new(cell).ok()) {
        Some(None) => {
            wrong(Code::PlaceUnknown, 9, "");
            return None;
        }
        read => read.flatten(),
    };
    let (course, venue, begins) = (given(2), given(5), given(6));
    let row = Attended { number, present, course, module, on, venue, begins, hours, trainer, area };
    Some((row, outcome))
}

/// Whether a cell was ticked. What can be read as neither counts as not.
fn ticked(cells: &Cells<'_>, at: usize, findings: &mut Findings, outcome: &mut Outcome) -> bool {
    let cell = cells.get(at).trim();
    if ["✓", "✔", "☑"].contains(&cell) {
        return true;
    }
    match normalise(cell).as_str() {
        "x" | "y" | "yes" | "1" | "present" | "signed" | "p" | "pass" | "passed" | "true"
        | "حاضر" | "ہاں" | "کامیاب" => return true,
        "" if cell.chars().all(|sign| matches!(sign, '-' | '–' | '✗' | '☐')) => {}
        "n" | "no" | "0" | "absent" | "a" | "f" | "fail" | "failed" | "false" | "غیر حاضر"
        | "نہیں" | "ناکام" => {}
        _ => {
            findings.push(Code::PresenceUnknown, cells.number(), cells.header(at), cell, "");
            *outcome = (*outcome).max(Outcome::Repaired);
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::ControlFlow;

    #[test]
    fn a_signed_list_is_read_and_what_is_no_tick_counts_as_absent() {
        let csv = "Service No,Signed,Module,Date,Room,Begins,Trainer,Name\n\
            B-1,x,M1,2024-01-05,V-1,09:00,T-1,\n\
            B-2,,M1,2024-01-05,V-1,09:00,T-1,\n\
            B-3,✓,M1,2024-01-05,V-1,09:00,T-1,\n\
            B-4,perhaps,M1,2024-01-05,V-1,09:00,T-1,\n\
            B-5,حاضر,M1,2024-01-05,V-1,09:00,T-1,\n\
            B-6,x,M44,2024-01-05,V-1,09:00,T-1,\n\
            B-7,x,M1,someday,V-1,09:00,T-1,\n\
            B-8,x,M1,2024-01-05,V-1,09:00,T-1,42101-1234567-1\n";
        let read = import_attendance(&mut csv.as_bytes(), &ImportOptions::default(), &mut |_| {
            ControlFlow::Continue(())
        })
        .unwrap();
        let told: Vec<(&str, bool)> =
            read.values.iter().map(|one| (one.number.as_str(), one.present)).collect();
        let expected =
            [("B-1", true), ("B-2", false), ("B-3", true), ("B-4", false), ("B-5", true)];
        assert_eq!(told, expected);
        assert_eq!(read.values[0].begins.as_deref(), Some("09:00"));
        for code in ["presence-unknown", "module-unknown", "date-invalid", "identity-number"] {
            assert_eq!(read.counts.get(code), Some(&1), "{code}: {:?}", read.counts);
        }
        assert!(read.findings.iter().all(|finding| !finding.was.contains("42101")));
    }

    #[test]
    fn without_a_column_of_ticks_everybody_on_the_list_was_there() {
        let csv = "number\nB-1\nB-2\n";
        let read = import_attendance(&mut csv.as_bytes(), &ImportOptions::default(), &mut |_| {
            ControlFlow::Continue(())
        })
        .unwrap();
        assert!(read.values.len() == 2 && read.values.iter().all(|one| one.present));
    }

    #[test]
    fn answers_and_results_are_read() {
        let csv = "number,answers,passed\nB-1,abca,yes\nB-2,b-ca,no\n,abc,yes\n";
        let read = import_results(&mut csv.as_bytes(), &ImportOptions::default(), &mut |_| {
            ControlFlow::Continue(())
        })
        .unwrap();
        let told: Vec<(&str, &str, bool)> = read
            .values
            .iter()
            .map(|one| (one.number.as_str(), one.answers.as_str(), one.passed))
            .collect();
        assert_eq!(told, [("B-1", "abca", true), ("B-2", "b-ca", false)]);
    }
}
