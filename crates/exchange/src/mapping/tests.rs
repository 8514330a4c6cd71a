use super::*;
use crate::stations::SCHEMA;
use crate::table::{Format, Shape};

fn shape() -> Shape {
    Shape {
        format: Format::Delimited,
        encoding: Some(Encoding::Utf8),
        delimiter: Some(','),
        sheet: None,
        sheets: Vec::new(),
        header_row: 1,
    }
}

fn guessed(headers: &[&str]) -> BTreeMap<String, String> {
    let headers: Vec<String> = headers.iter().map(|h| (*h).to_owned()).collect();
    guess(&SCHEMA, &headers, &shape(), &[]).columns
}

#[test]
fn a_mapping_survives_its_file() {
    let mut mapping = Mapping { kind: "stations".to_owned(), ..Mapping::default() };
    mapping.header_row = Some(3);
    mapping.encoding = Some(Encoding::Windows1256);
    mapping.delimiter = Some('\t');
    mapping.columns.insert("مرد ووٹرز".to_owned(), "voters-men".to_owned());
    mapping.provinces.insert("11".to_owned(), "Punjab".to_owned());
    let text = mapping.to_toml().unwrap();
    assert_eq!(Mapping::from_toml(&text).unwrap(), mapping);
    assert!(Mapping::from_toml("kind = 3").is_err());
    assert!(Mapping::from_toml("kind = \"stations\"\nsurprise = 1").is_err());
}

#[test]
fn the_raw_lists_names_the_forms_names_and_urdu_names_are_understood() {
    let raw = guessed(&[
        "province_code",
        "constituency_no",
        "assembly",
        "serial",
        "ps_no",
        "name",
        "male_booths",
        "female_booths",
        "total_booths",
        "male_voters",
        "female_voters",
        "total_voters",
        "latitude",
        "longitude",
    ]);
    assert_eq!(raw.len(), 14);
    assert_eq!(raw["ps_no"], "station-no");
    let form = guessed(&[
        "Sr. No.",
        "No. and Name of Constituency",
        "Number of Polling Station",
        "No. & Name of Polling Station",
        "Number of Polling Booths (Male)",
        "Number of Polling Booths (Female)",
        "Number of Voters Assigned to Polling Station (Male)",
        "Number of Voters Assigned to Polling Station (Female)",
    ]);
    assert_eq!(form["No. & Name of Polling Station"], "name");
    assert_eq!(form["Number of Polling Booths (Female)"], "booths-women");
    assert_eq!(form["Number of Voters Assigned to Polling Station (Male)"], "voters-men");
    let urdu = guessed(&[
        "صوبہ",
        "حلقہ",
        "پولنگ سٹیشن نمبر",
        "پولنگ سٹیشن کا نام",
        "مرد ووٹرز",
        "خواتین ووٹرز",
        "ضلع",
    ]);
    assert_eq!(urdu["حلقہ"], "constituency");
    assert_eq!(urdu["مرد ووٹرز"], "voters-men");
    assert_eq!(urdu["ضلع"], "district");
}

#[test]
fn votes_parties_and_persons_are_dropped_and_voters_are_not() {
    let columns = guessed(&[
        "Party",
        "Votes Polled",
        "Candidate Name",
        "PTI",
        "Presiding Officer CNIC",
        "Registered Voters",
    ]);
    for name in ["Party", "Votes Polled", "Candidate Name", "PTI", "Presiding Officer CNIC"] {
        assert_eq!(columns[name], DROP, "{name}");
    }
    assert_eq!(columns["Registered Voters"], "voters-total");
    assert!(is_party_or_votes("حاصل کردہ ووٹ") && !is_party_or_votes("مرد ووٹرز"));
}

#[test]
fn a_mapping_that_does_not_fit_says_why() {
    let headers: Vec<String> = ["a", "b"].map(str::to_owned).to_vec();
    let with = |pairs: &[(&str, &str)]| {
        let mut mapping = Mapping { kind: "stations".to_owned(), ..Mapping::default() };
        for (header, key) in pairs {
            mapping.columns.insert((*header).to_owned(), (*key).to_owned());
        }
        mapping.resolve(&SCHEMA, &headers)
    };
    assert!(matches!(with(&[("c", "name")]), Err(MappingError::NoColumn(_))));
    assert!(matches!(with(&[("a", "nonsense")]), Err(MappingError::NoField(..))));
    assert!(matches!(with(&[("a", "name"), ("b", "name")]), Err(MappingError::Twice(..))));
    assert!(matches!(with(&[("a", "name")]), Err(MappingError::Missing { .. })));
    assert!(with(&[("a", "constituency"), ("b", "station-no")]).is_ok());
}
