//! Members of forces from a table, for the draw: a service number and what decides where somebody may stand.

use crate::code::Code;
use crate::finding::{Findings, Outcome};
use crate::forces::tier;
use crate::mapping::{Schema, normalise};
use crate::number::plain_digits;
use crate::rows::{Cells, ImportError, ImportOptions, Imported, read_values};
use crate::stations::field;
use pehra_domain::force::{StaffKind, Tier};
use pehra_domain::member::{Grade, MODULES, Member, Modules};
use pehra_domain::progress::Watch;
use pehra_domain::{ConstituencyId, PersonId, UnitId};
use std::collections::BTreeSet;
use std::io::Read;

/// The columns of a list of people.
pub const SCHEMA: Schema = Schema {
    kind: "people",
    fields: &[
        field(
            "number",
            true,
            &["number", "service number", "service no", "belt no", "belt number", "سروس نمبر"],
        ),
        field("unit", true, &["unit", "unit id", "یونٹ"]),
        field("tier", true, &["tier", "force", "فورس"]),
        field("sex", false, &["sex", "gender", "جنس"]),
        field("rank", false, &["rank", "grade", "عہدہ"]),
        field("home", false, &["home", "home constituency", "home constituencies", "آبائی حلقہ"]),
        field("modules", false, &["modules", "training", "trained", "تربیت"]),
        field("excluded", false, &["excluded", "not available", "why excluded", "مستثنیٰ"]),
    ],
};

const NUMBER: usize = 0;
const UNIT: usize = 1;
const TIER: usize = 2;
const SEX: usize = 3;
const RANK: usize = 4;
const HOME: usize = 5;
const MODULES_AT: usize = 6;
const EXCLUDED: usize = 7;

/// Imports people, in the order of their service numbers.
///
/// # Errors
/// [`ImportError`] when the file or its mapping cannot be used, or the watcher stops the work.
pub fn import(
    input: &mut dyn Read,
    options: &ImportOptions,
    watch: &mut Watch<'_>,
) -> Result<Imported<Member>, ImportError> {
    let mut seen = BTreeSet::new();
    let mut value = |cells: &Cells<'_>, findings: &mut Findings| member(cells, &mut seen, findings);
    let (reading, mut people) = read_values(input, &SCHEMA, options, watch, &mut value)?;
    people.sort_by(|a, b| a.number.cmp(&b.number));
    Ok(reading.with(people))
}

fn member(
    cells: &Cells<'_>,
    seen: &mut BTreeSet<String>,
    findings: &mut Findings,
) -> Option<(Member, Outcome)> {
    let row = cells.number();
    let Ok(number) = PersonId::try_new(cells.get(NUMBER)) else {
        findings.push(Code::IdInvalid, row, cells.header(NUMBER), "", "");
        return None;
    };
    let Ok(unit) = UnitId::try_new(cells.get(UNIT)) else {
        findings.push(Code::IdInvalid, row, cells.header(UNIT), "", "");
        return None;
    };
    if !seen.insert(number.as_str().to_owned()) {
        findings.push(Code::IdDuplicate, row, cells.header(NUMBER), number.as_str(), "");
        return None;
    }
    let Some(tier) = tier(cells.get(TIER)) else {
        findings.push(Code::TierUnknown, row, cells.header(TIER), cells.get(TIER), "");
        return None;
    };
    let Some(kind) = kind(tier, cells.get(SEX)) else {
        findings.push(Code::SexUnknown, row, cells.header(SEX), cells.get(SEX), "");
        return None;
    };
    let mut outcome = Outcome::Accepted;
    let grade = grade(cells.get(RANK)).unwrap_or_else(|| {
        // Nobody leads on the strength of a rank that cannot be read.
        findings.push(Code::RankUnknown, row, cells.header(RANK), cells.get(RANK), "");
        outcome = Outcome::Repaired;
        Grade(1)
    });
    let mut home: Vec<ConstituencyId> = Vec::new();
    for word in words(cells.get(HOME)) {
        // A home that is not understood could let somebody stand at home: the row is set aside.
        let Ok(seat) = ConstituencyId::try_new(word.to_uppercase()) else {
            findings.push(Code::IdInvalid, row, cells.header(HOME), "", "");
            return None;
        };
        home.push(seat);
    }
    home.sort();
    home.dedup();
    let modules = modules(cells, MODULES_AT, findings, &mut outcome);
    let excluded = cells.get(EXCLUDED).to_owned();
    Some((Member { number, unit, kind, grade, home, modules, excluded }, outcome))
}

/// Words between spaces, commas, semicolons and plus signs.
fn words(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([' ', ',', ';', '+', '،', '؛']).filter(|word| !word.is_empty())
}

/// The modules of a cell. What is no module is left out and told.
pub(crate) fn modules(
    cells: &Cells<'_>,
    at: usize,
    findings: &mut Findings,
    outcome: &mut Outcome,
) -> Modules {
    let mut modules = Modules::default();
    for word in words(cells.get(at)) {
        match module(word) {
            Some(number) => modules = modules.and(Modules::of(&[number])),
            None => {
                findings.push(Code::ModuleUnknown, cells.number(), cells.header(at), word, "");
                *outcome = (*outcome).max(Outcome::Repaired);
            }
        }
    }
    modules
}

/// Whether a cell says that somebody is a woman; an empty one says a man.
pub(crate) fn woman(sex: &str) -> Option<bool> {
    match normalise(sex).as_str() {
        "" | "m" | "male" | "man" | "men" | "مرد" => Some(false),
        "f" | "w" | "female" | "woman" | "women" | "lady" | "عورت" | "خاتون" => Some(true),
        _ => None,
    }
}

fn kind(tier: Tier, sex: &str) -> Option<StaffKind> {
    Some(match (tier, woman(sex)?) {
        (Tier::Police, false) => StaffKind::PoliceMan,
        (Tier::Police, true) => StaffKind::PoliceWoman,
        (Tier::CivilArmedForces, _) => StaffKind::CivilArmedForces,
        (Tier::Army, _) => StaffKind::Army,
    })
}

/// A rank's grade: a number from 1 to 9, or the name of a rank. An empty cell is the lowest.
fn grade(rank: &str) -> Option<Grade> {
    let plain = normalise(rank);
    if let Ok(number @ 1..=9) = plain_digits(&plain).parse::<u8>() {
        return Some(Grade(number));
    }
    Some(Grade(match plain.as_str() {
        "" | "c" | "constable" | "sepoy" | "sipahi" | "jawan" | "سپاہی" | "کانسٹیبل" => {
            1
        }
        "hc" | "head constable" | "naik" | "lance naik" | "ہیڈ کانسٹیبل" | "نائیک" => {
            2
        }
        "asi" | "assistant sub inspector" | "havildar" | "اے ایس آئی" | "حوالدار" => {
            3
        }
        "si" | "sub inspector" | "naib subedar" | "سب انسپکٹر" | "نائب صوبیدار" => {
            4
        }
        "inspector" | "subedar" | "subedar major" | "انسپکٹر" | "صوبیدار" => 5,
        "dsp" | "asp" | "captain" | "lieutenant" | "ڈی ایس پی" | "اے ایس پی" | "کیپٹن" => {
            6
        }
        "sp" | "ssp" | "major" | "ایس پی" | "ایس ایس پی" | "میجر" => 7,
        _ => return None,
    }))
}

/// `M7` or `7`.
pub(crate) fn module(word: &str) -> Option<u8> {
    let digits = plain_digits(word.trim_start_matches(['M', 'm']));
    digits.parse().ok().filter(|number| (1..=MODULES).contains(number))
}

/// The rank of a grade as a list writes it; read back as the same grade.
#[must_use]
pub fn rank(grade: Grade) -> String {
    match grade.0 {
        0 | 1 => "constable".to_owned(),
        2 => "head constable".to_owned(),
        3 => "assistant sub-inspector".to_owned(),
        4 => "sub-inspector".to_owned(),
        5 => "inspector".to_owned(),
        other => other.to_string(),
    }
}

/// The header of [`row`].
pub const HEADERS: &[&str] =
    &["number", "unit", "tier", "sex", "rank", "home", "modules", "excluded"];

/// One person as [`import`] reads it back.
#[must_use]
pub fn row(one: &Member) -> Vec<String> {
    let (tier, sex) = match one.kind {
        StaffKind::PoliceMan => ("police", "m"),
        StaffKind::PoliceWoman => ("police", "f"),
        StaffKind::CivilArmedForces => ("civil armed forces", ""),
        StaffKind::Army => ("army", ""),
    };
    let home: Vec<&str> = one.home.iter().map(ConstituencyId::as_str).collect();
    let modules: Vec<String> = one.modules.numbers().map(|number| format!("M{number}")).collect();
    vec![
        one.number.to_string(),
        one.unit.to_string(),
        tier.to_owned(),
        sex.to_owned(),
        rank(one.grade),
        home.join(" "),
        modules.join(" "),
        one.excluded.clone(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::ControlFlow;

    fn read(csv: &str) -> Imported<Member> {
        let options = ImportOptions::default();
        import(&mut csv.as_bytes(), &options, &mut |_| ControlFlow::Continue(())).unwrap()
    }

    #[test]
    fn people_are_read_and_what_is_wrong_is_told() {
        let read = read(
            "Service No,Unit,Force,Gender,Rank,Home,Training,Excluded,CNIC\n\
             B-2,U1,Police,Female,ASI,na-40 PK-81,M1 M2;m4 ۷,,\n\
             B-1,U1,Police,,constable,,1 2,on leave,\n\
             B-1,U1,Police,m,,,,,\n\
             B-3,U1,Police,x,,,,,\n\
             B-4,U1,Navy,m,,,,,\n\
             B-5,U1,Rangers,f,wizard,,M99 M1,,\n\
             ,U1,Police,,,,,,\n\
             B-6,U1,Police,,,,,,42101-1234567-1\n",
        );
        let numbers: Vec<&str> = read.values.iter().map(|one| one.number.as_str()).collect();
        assert_eq!(numbers, ["B-1", "B-2", "B-5"]);
        let woman = &read.values[1];
        assert_eq!((woman.kind, woman.grade), (StaffKind::PoliceWoman, Grade(3)));
        assert_eq!(woman.modules, Modules::of(&[1, 2, 4, 7]));
        let home: Vec<&str> = woman.home.iter().map(ConstituencyId::as_str).collect();
        assert_eq!(home, ["NA-40", "PK-81"]);
        assert_eq!(read.values[0].excluded, "on leave");
        assert_eq!(read.values[2].kind, StaffKind::CivilArmedForces);
        for code in [
            "id-duplicate",
            "sex-unknown",
            "tier-unknown",
            "rank-unknown",
            "module-unknown",
            "id-invalid",
            "identity-number",
            "person-column",
        ] {
            assert_eq!(read.counts.get(code), Some(&1), "{code}: {:?}", read.counts);
        }
        assert!(read.findings.iter().all(|finding| !finding.was.contains("42101")));
    }

    #[test]
    fn a_written_list_is_read_back_as_it_was() {
        let first = read(
            "number,unit,tier,sex,rank,home,modules,excluded\n\
             S-1,U1,army,,havildar,NA-1,M1 M2,\n\
             S-2,U2,police,f,8,,M1 M2 M4 M13,\"ill, at home\"\n",
        );
        let mut out = Vec::new();
        let mut rows = first.values.iter().map(row);
        crate::export::csv(HEADERS, &mut rows, Some("SYN"), &mut out).unwrap();
        let again = read(std::str::from_utf8(&out).unwrap());
        assert_eq!(again.values, first.values);
    }
}
