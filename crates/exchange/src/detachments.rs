//! Detachments from a table: how many of a unit stand where, as published with a draw.

use crate::code::Code;
use crate::finding::{Findings, Outcome};
use crate::mapping::{Schema, normalise};
use crate::number::count;
use crate::rows::{Cells, ImportError, ImportOptions, Imported, read_values};
use crate::stations::field;
use pehra_domain::duty::Detachment;
use pehra_domain::force::StaffKind;
use pehra_domain::progress::Watch;
use pehra_domain::risk::RiskClass;
use pehra_domain::{BuildingId, ConstituencyId, UnitId};
use std::collections::BTreeSet;
use std::io::Read;

/// The columns of a list of detachments.
pub const SCHEMA: Schema = Schema {
    kind: "detachments",
    fields: &[
        field("unit", true, &["unit", "unit id", "یونٹ"]),
        field("kind", true, &["kind", "staff", "قسم"]),
        field("building", true, &["building", "place", "عمارت"]),
        field("count", true, &["count", "people", "تعداد"]),
        field("class", true, &["class", "درجہ"]),
        field("contests", false, &["contests", "constituencies", "حلقے"]),
        field("leads", false, &["leads", "in charge", "انچارج"]),
    ],
};

/// The header of [`row`].
pub const HEADERS: &[&str] = &["unit", "kind", "building", "count", "class", "contests", "leads"];

/// Most people of one unit at one building.
const COUNT_MAX: u32 = 10_000;

/// Imports detachments, in the order of their fields.
///
/// # Errors
/// [`ImportError`] when the file or its mapping cannot be used, or the watcher stops the work.
pub fn import(
    input: &mut dyn Read,
    options: &ImportOptions,
    watch: &mut Watch<'_>,
) -> Result<Imported<Detachment>, ImportError> {
    let mut seen = BTreeSet::new();
    let mut value =
        |cells: &Cells<'_>, findings: &mut Findings| detachment(cells, &mut seen, findings);
    let (reading, mut all) = read_values(input, &SCHEMA, options, watch, &mut value)?;
    all.sort();
    Ok(reading.with(all))
}

fn detachment(
    cells: &Cells<'_>,
    seen: &mut BTreeSet<(String, StaffKind, String)>,
    findings: &mut Findings,
) -> Option<(Detachment, Outcome)> {
    let row = cells.number();
    let mut refuse = |code: Code, at: usize, was: &str, now: &str| {
        findings.push(code, row, cells.header(at), was, now);
        None
    };
    let Ok(unit) = UnitId::try_new(cells.get(0)) else {
        return refuse(Code::IdInvalid, 0, "", "");
    };
    let Some(kind) = kind(cells.get(1)) else {
        return refuse(Code::TierUnknown, 1, cells.get(1), "");
    };
    let Ok(building) = BuildingId::try_new(cells.get(2)) else {
        return refuse(Code::IdInvalid, 2, "", "");
    };
    let Some(people) = count(cells.get(3)).filter(|count| (1..=COUNT_MAX).contains(count)) else {
        return refuse(Code::NumberInvalid, 3, cells.get(3), "no row");
    };
    let Some(class) = class(cells.get(4)) else {
        return refuse(Code::ClassUnknown, 4, cells.get(4), "the row is set aside");
    };
    let mut contests = Vec::new();
    for word in cells.get(5).split([' ', ',', ';']).filter(|word| !word.is_empty()) {
        let Ok(seat) = ConstituencyId::try_new(word.to_uppercase()) else {
            return refuse(Code::IdInvalid, 5, "", "");
        };
        contests.push(seat);
    }
    contests.sort();
    contests.dedup();
    if !seen.insert((unit.to_string(), kind, building.to_string())) {
        return refuse(Code::IdDuplicate, 2, building.as_str(), "");
    }
    let leads = matches!(normalise(cells.get(6)).as_str(), "yes" | "y" | "1" | "x" | "ہاں");
    let one = Detachment { unit, kind, building, count: people, class, contests, leads };
    Some((one, Outcome::Accepted))
}

fn kind(text: &str) -> Option<StaffKind> {
    StaffKind::ALL.into_iter().find(|kind| normalise(kind.word()) == normalise(text))
}

fn class(text: &str) -> Option<RiskClass> {
    RiskClass::ALL.into_iter().find(|class| class.word() == normalise(text))
}

/// One detachment as [`import`] reads it back.
#[must_use]
pub fn row(one: &Detachment) -> Vec<String> {
    let contests: Vec<&str> = one.contests.iter().map(ConstituencyId::as_str).collect();
    vec![
        one.unit.to_string(),
        one.kind.word().to_owned(),
        one.building.to_string(),
        one.count.to_string(),
        one.class.word().to_owned(),
        contests.join(" "),
        if one.leads { "yes" } else { "" }.to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::ControlFlow;

    fn read(csv: &str) -> Imported<Detachment> {
        let options = ImportOptions::default();
        import(&mut csv.as_bytes(), &options, &mut |_| ControlFlow::Continue(())).unwrap()
    }

    #[test]
    fn a_written_list_is_read_back_and_what_is_wrong_is_told() {
        let csv = "unit,kind,building,count,class,contests,leads\n\
            U1,police-man,B-1,4,most,NA-1 PK-2,yes\n\
            U1,police-woman,B-1,1,most,NA-1 PK-2,\n\
            U1,police-man,B-1,2,most,NA-1 PK-2,\n\
            U2,dragon,B-1,2,most,,\n\
            U2,army,B-2,0,most,,\n\
            U2,army,B-2,4,dire,,\n";
        let first = read(csv);
        assert_eq!(first.values.len(), 2);
        for code in ["id-duplicate", "tier-unknown", "number-invalid", "class-unknown"] {
            assert_eq!(first.counts.get(code), Some(&1), "{code}");
        }
        let mut out = Vec::new();
        crate::export::csv(HEADERS, &mut first.values.iter().map(row), None, &mut out).unwrap();
        assert_eq!(read(std::str::from_utf8(&out).unwrap()).values, first.values);
    }
}
