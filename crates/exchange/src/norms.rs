//! Deployment norms: profiles of nine lines (three classes by three kinds of station).

use crate::code::Code;
use crate::finding::{Findings, Outcome};
use crate::forces::number;
use crate::mapping::Schema;
use crate::name::kind_word;
use crate::rows::{Cells, ImportError, ImportOptions, Imported, read_rows};
use crate::stations::field;
use crate::stations::row::class_word;
use pehra_domain::norm::{NormProfile, NormRow};
use pehra_domain::progress::Watch;
use pehra_domain::risk::RiskClass;
use pehra_domain::station::StationKind;
use std::collections::BTreeMap;
use std::io::Read;

/// The columns of a norms table.
pub const SCHEMA: Schema = Schema {
    kind: "norms",
    fields: &[
        field("profile", true, &["profile", "norm", "name"]),
        field("class", true, &["class", "category"]),
        field("kind", true, &["station type", "kind", "type"]),
        field("inner", true, &["inner per station", "inner"]),
        field("outer", true, &["outer per building", "outer"]),
        field("women-min", true, &["min female of inner", "women min", "min women"]),
        field("booth-rule", false, &["booth rule"]),
        field("static-outside", false, &["tier2 3 static outside", "static outside"]),
        field("visible-armed-max", false, &["visible armed max"]),
        field("source", false, &["source"]),
        field("total", false, &["single station total"]),
    ],
};

const PROFILE: usize = 0;
const CLASS: usize = 1;
const KIND: usize = 2;
const INNER: usize = 3;
const BOOTH_RULE: usize = 6;
const STATIC: usize = 7;
const VISIBLE: usize = 8;
const SOURCE: usize = 9;
const TOTAL: usize = 10;

/// Most posts of one kind at a place; above it the number is kept and flagged.
const POSTS_MAX: u32 = 100;

/// Imports norms profiles; a profile without all nine lines is not used.
///
/// # Errors
/// [`ImportError`] when the file or its mapping cannot be used, or the watcher stops the work.
pub fn import(
    input: &mut dyn Read,
    options: &ImportOptions,
    watch: &mut Watch<'_>,
) -> Result<Imported<NormProfile>, ImportError> {
    let mut profiles: BTreeMap<String, NormProfile> = BTreeMap::new();
    let mut reading = read_rows(input, &SCHEMA, options, watch, &mut |cells, findings| {
        line(cells, &mut profiles, findings)
    })?;
    let last_row = reading.last_row;
    let mut complete = Vec::new();
    for profile in profiles.into_values() {
        let missing = missing(&profile);
        if missing.is_empty() {
            complete.push(profile);
        } else {
            let now = missing.join(", ");
            reading.findings.push(Code::NormIncomplete, last_row, "", &profile.name, &now);
        }
    }
    Ok(reading.with(complete))
}

const KINDS: [StationKind; 3] = [StationKind::Men, StationKind::Women, StationKind::Combined];

fn missing(profile: &NormProfile) -> Vec<String> {
    let mut out = Vec::new();
    for class in RiskClass::ALL {
        for kind in KINDS {
            if !profile.rows.iter().any(|row| row.class == class && row.kind == kind) {
                out.push(format!("{class:?}/{kind:?}").to_lowercase());
            }
        }
    }
    out
}

fn line(
    cells: &Cells<'_>,
    profiles: &mut BTreeMap<String, NormProfile>,
    findings: &mut Findings,
) -> Outcome {
    let row = cells.number();
    let mut outcome = Outcome::Accepted;
    let name = cells.get(PROFILE);
    if name.is_empty() || name.len() > 64 {
        findings.push(Code::IdInvalid, row, cells.header(PROFILE), "", "");
        return Outcome::Quarantined;
    }
    let Some(class) = class_word(cells.get(CLASS)) else {
        let now = "the row is set aside";
        findings.push(Code::ClassUnknown, row, cells.header(CLASS), cells.get(CLASS), now);
        return Outcome::Quarantined;
    };
    let Some(kind) = kind_word(cells.get(KIND)) else {
        let now = "nothing: the row is set aside";
        findings.push(Code::KindUnknown, row, cells.header(KIND), cells.get(KIND), now);
        return Outcome::Quarantined;
    };
    let known = profiles
        .get(name)
        .is_some_and(|profile| profile.rows.iter().any(|r| r.class == class && r.kind == kind));
    if known {
        let key = format!("{name} {class:?} {kind:?}");
        findings.push(Code::IdDuplicate, row, cells.header(PROFILE), &key, "");
        return Outcome::Quarantined;
    }
    let mut post = |at: usize| number(cells, at, POSTS_MAX, findings, &mut outcome);
    let norm = NormRow {
        class,
        kind,
        inner_per_station: post(INNER),
        outer_per_building: post(INNER + 1),
        women_min: post(INNER + 2),
        static_outside: leading_number(cells.get(STATIC)),
    };
    if let Some(total) = crate::number::count(cells.get(TOTAL))
        && total != norm.inner_per_station + norm.outer_per_building
    {
        let now = (norm.inner_per_station + norm.outer_per_building).to_string();
        findings.push(Code::SumMismatch, row, cells.header(TOTAL), &total.to_string(), &now);
        outcome = outcome.max(Outcome::Repaired);
    }
    let (booth_rule, booths_free) = booth_rule(cells.get(BOOTH_RULE));
    let profile = profiles.entry(name.to_owned()).or_insert_with(|| NormProfile {
        name: name.to_owned(),
        source: cells.get(SOURCE).to_owned(),
        rows: Vec::new(),
        booths_free,
        booth_rule,
        visible_armed_max: [None; 3],
    });
    if let (Some(most), Some(slot)) =
        (crate::number::count(cells.get(VISIBLE)), RiskClass::ALL.iter().position(|c| *c == class))
    {
        profile.visible_armed_max[slot] = Some(most);
    }
    profile.rows.push(norm);
    outcome
}

/// `4 (only selected)` is 4.
fn leading_number(text: &str) -> u32 {
    let digits: String = text.chars().take_while(char::is_ascii_digit).take(4).collect();
    digits.parse().unwrap_or(0)
}

/// `+1 inner per 2 booths above 4`: on, with the last number as the booths that are free.
fn booth_rule(text: &str) -> (bool, u32) {
    let off =
        matches!(text.to_lowercase().as_str(), "" | "no" | "off" | "none" | "0" | "false" | "-");
    let last = text
        .split(|c: char| !c.is_ascii_digit())
        .rfind(|part| !part.is_empty())
        .and_then(|part| part.parse().ok());
    (!off, last.unwrap_or(4))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::ControlFlow;

    const HEAD: &str = "profile,class,station_type,inner_per_station,outer_per_building,single_station_total,min_female_of_inner,booth_rule,tier2_3_static_outside\n";

    fn read(csv: &str) -> Imported<NormProfile> {
        let mut input = csv.as_bytes();
        import(&mut input, &ImportOptions::default(), &mut |_| ControlFlow::Continue(())).unwrap()
    }

    #[test]
    fn a_whole_profile_is_read_and_half_of_one_is_not_used() {
        let mut csv = HEAD.to_owned();
        for class in ["normal", "sensitive", "most"] {
            for kind in ["men", "women", "combined"] {
                csv.push_str(&format!(
                    "A,{class},{kind},2,3,5,1,+1 inner per 2 booths above 4,4 (only selected)\n"
                ));
            }
        }
        csv.push_str("B,normal,men,2,3,6,1,off,\nB,normal,men,2,3,5,1,off,\nB,calm,men,2,3,5,1,,\nB,normal,dogs,2,3,5,1,,\n");
        let result = read(&csv);
        assert_eq!(result.values.len(), 1);
        let profile = &result.values[0];
        assert_eq!((profile.rows.len(), profile.booth_rule, profile.booths_free), (9, true, 4));
        assert_eq!(profile.rows[8].static_outside, 4);
        for code in
            ["norm-incomplete", "sum-mismatch", "id-duplicate", "class-unknown", "kind-unknown"]
        {
            assert_eq!(result.counts.get(code), Some(&1), "{code}");
        }
        assert_eq!(result.tally.quarantined, 3);
    }

    #[test]
    fn the_reference_norms_are_read_whole() {
        let Some(bytes) = crate::shared_data("../domain/deployment_norms.csv") else { return };
        let mut input = bytes.as_slice();
        let result =
            import(&mut input, &ImportOptions::default(), &mut |_| ControlFlow::Continue(()))
                .unwrap();
        let names: Vec<&str> = result.values.iter().map(|profile| profile.name.as_str()).collect();
        assert_eq!(names, ["PK-2024-KP", "PK-2024-SINDH"]);
        assert_eq!(result.tally.accepted, result.tally.rows);
    }
}
