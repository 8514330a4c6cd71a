//! Guesses what columns mean.

use super::{DROP, Mapping, Schema};
use crate::identity::digit;
use crate::table::{Row, Shape};
use std::collections::BTreeMap;

/// Lower case, Latin digits, one space between words, no marks: `Male_Booths` and `male booths` are one.
#[must_use]
pub fn normalise(header: &str) -> String {
    let mut out = String::with_capacity(header.len());
    let mut previous_lower = false;
    for c in header.chars() {
        if let Some(value) = digit(c) {
            out.extend(char::from_digit(value, 10));
            previous_lower = false;
        } else if c.is_alphabetic() {
            // `maleBooths` has a word border inside.
            if c.is_uppercase() && previous_lower {
                out.push(' ');
            }
            previous_lower = c.is_lowercase();
            out.extend(c.to_lowercase().map(|c| match c {
                'ي' => 'ی',
                'ك' => 'ک',
                'ة' => 'ہ',
                other => other,
            }));
        } else if c == '%' {
            out.push_str(" percent ");
        } else {
            previous_lower = false;
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        }
    }
    out.trim_end().to_owned()
}

const PARTY_WORDS: &[&str] = &[
    "party",
    "parties",
    "candidate",
    "candidates",
    "symbol",
    "votes",
    "vote",
    "affiliation",
    "winner",
    "runner",
    "polled",
    "turnout",
    "rejected",
    "جماعت",
    "پارٹی",
    "امیدوار",
    "امیدواران",
    "ووٹ",
    "نشان",
    "انتخابی نشان",
    "pti",
    "pmln",
    "pml",
    "ppp",
    "pppp",
    "jui",
    "juif",
    "mqm",
    "mqmp",
    "anp",
    "tlp",
    "ptip",
    "ipp",
    "bnp",
    "bap",
    "pkmap",
    "gda",
    "jip",
];
const VOTER_WORDS: &[&str] =
    &["registered", "voter", "voters", "electors", "rolls", "ووٹرز", "ووٹر", "رائے دہندگان"];

/// Whether a column name is about candidates, parties, symbols or votes cast (not registered voters).
#[must_use]
pub fn is_party_or_votes(header: &str) -> bool {
    let plain = normalise(header);
    let words: Vec<&str> = plain.split(' ').collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let registered = has(VOTER_WORDS);
    let partisan = words.iter().any(|word| {
        PARTY_WORDS.contains(word) && !(registered && matches!(*word, "votes" | "vote"))
    });
    partisan || (plain.contains("polling agent")) || plain.contains("security deposit")
}

/// Whether a column name asks for a person's name, telephone or identity.
#[must_use]
pub fn is_person(header: &str) -> bool {
    let plain = normalise(header);
    const PERSON: &[&str] = &[
        "cnic",
        "nic",
        "nicop",
        "identity",
        "passport",
        "phone",
        "mobile",
        "cell",
        "contact",
        "father",
        "husband",
        "officer name",
        "شناختی",
        "فون",
        "موبائل",
        "ولدیت",
    ];
    plain.split(' ').any(|word| PERSON.contains(&word))
        || ["officer name", "name of officer", "name of presiding", "presiding officer"]
            .iter()
            .any(|phrase| plain.contains(phrase))
}

/// Whether most values of a column are names of known parties.
fn holds_parties(samples: &[Row], column: usize) -> bool {
    const PARTIES: &[&str] = &[
        "pti",
        "pml n",
        "pmln",
        "pml q",
        "ppp",
        "pppp",
        "jui f",
        "jui",
        "mqm",
        "mqm p",
        "anp",
        "tlp",
        "ji",
        "bap",
        "bnp",
        "gda",
        "ind",
        "independent",
        "qwp",
        "pkmap",
    ];
    let values: Vec<String> = samples
        .iter()
        .map(|row| normalise(row.get(column)))
        .filter(|value| !value.is_empty())
        .collect();
    let known = values.iter().filter(|value| PARTIES.contains(&value.as_str())).count();
    values.len() >= 3 && known * 2 > values.len()
}

/// The likely meaning of every column. Names decide; what no name tells is tried on the sample rows.
#[must_use]
pub fn guess(schema: &Schema, headers: &[String], shape: &Shape, samples: &[Row]) -> Mapping {
    let mut columns = BTreeMap::new();
    let mut taken = vec![false; schema.fields.len()];
    let plain: Vec<String> = headers.iter().map(|header| normalise(header)).collect();
    for (field, taken) in schema.fields.iter().zip(&mut taken) {
        // A field's names stand in order of preference: a file may have several columns that would do.
        let named = |name: &str| {
            headers.iter().zip(&plain).find(|(header, plain)| {
                (*plain == name || *header == name) && !columns.contains_key(*header)
            })
        };
        let found = std::iter::once(&field.key).chain(field.names).find_map(|name| named(name));
        if let Some((header, _)) = found {
            *taken = true;
            columns.insert(header.clone(), field.key.to_owned());
        }
    }
    for (index, header) in headers.iter().enumerate() {
        let forbidden =
            is_party_or_votes(header) || is_person(header) || holds_parties(samples, index);
        if forbidden && !columns.contains_key(header) {
            columns.insert(header.clone(), DROP.to_owned());
        }
    }
    for (index, header) in headers.iter().enumerate() {
        if columns.contains_key(header) {
            continue;
        }
        let by_value = by_values(samples, index).and_then(|key| schema.index(key));
        if let Some(field) = by_value
            && taken.get(field) == Some(&false)
        {
            taken[field] = true;
            columns.insert(header.clone(), schema.fields[field].key.to_owned());
        }
    }
    Mapping {
        kind: schema.kind.to_owned(),
        header_row: Some(shape.header_row),
        encoding: None,
        delimiter: shape.delimiter.filter(|&delimiter| delimiter != ','),
        sheet: shape.sheet.clone(),
        columns,
        provinces: BTreeMap::new(),
    }
}

/// Pakistan's latitudes and longitudes do not overlap, and assemblies have few spellings.
fn by_values(samples: &[Row], column: usize) -> Option<&'static str> {
    let values: Vec<&str> =
        samples.iter().map(|row| row.get(column)).filter(|value| !value.is_empty()).collect();
    if values.len() < 3 {
        return None;
    }
    let most = |test: &dyn Fn(&str) -> bool| {
        values.iter().filter(|value| test(value)).count() * 10 >= values.len() * 8
    };
    let decimal = |text: &str, low: f64, high: f64| {
        text.contains(['.', ','])
            && text
                .replace(',', ".")
                .parse::<f64>()
                .is_ok_and(|value| low <= value && value <= high)
    };
    if most(&|text| decimal(text, 23.0, 38.0)) {
        return Some("latitude");
    }
    if most(&|text| decimal(text, 60.0, 78.0)) {
        return Some("longitude");
    }
    if most(&|text| matches!(text, "NA" | "PA" | "na" | "pa" | "MNA" | "MPA")) {
        return Some("assembly");
    }
    let seat = |text: &str| {
        let upper = text.to_uppercase();
        ["NA-", "PP-", "PS-", "PK-", "PB-", "NA ", "PK "].iter().any(|p| upper.starts_with(p))
    };
    most(&seat).then_some("constituency")
}
