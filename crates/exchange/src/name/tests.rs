use super::*;
use proptest::prelude::*;

#[test]
fn the_many_spellings_of_a_kind_are_read() {
    for (name, kind) in [
        ("GPS Lakhi-II (Male)", Some(StationKind::Men)),
        ("Govt Girls High School Tano Beka (F) (P)*", Some(StationKind::Women)),
        ("GOVERNMENT GIRLS PRIMARY SCHOOL QAIM MANGAN FEMALE", Some(StationKind::Women)),
        ("Govt:High School Bagato(C )", Some(StationKind::Combined)),
        ("GPS Arwaza (M/F)", Some(StationKind::Combined)),
        ("GPS: (B) Qazi Muhalla (Famale)", Some(StationKind::Women)),
        ("Govt. Primary School Village X (P) Part I (Comb)", Some(StationKind::Combined)),
        ("Govt: Boys Primary School Male Ji Wasi (combined)", Some(StationKind::Combined)),
        ("گورنمنٹ پرائمری سکول (زنانہ)", Some(StationKind::Women)),
        ("گورنمنٹ ہائی سکول مردانہ", Some(StationKind::Men)),
        ("Govt Primary School Zanana", Some(StationKind::Women)),
        ("Govt Girls Primary School Chamba", None),
        ("GPS Boys (B)", None),
        ("Govt:High School Hund 2nd PS (P)*", None),
        ("Area F", None),
    ] {
        assert_eq!(kind_in_name(name), kind, "{name}");
    }
}

#[test]
fn damage_with_one_reading_is_mended() {
    let mended = clean("Govt Primary School Zer Jano ©");
    assert_eq!(mended.name, "Govt Primary School Zer Jano (C)");
    assert!(mended.garbled && mended.mended);
    let wrong: String = "زنانہ".bytes().map(|b| WINDOWS_1252.decode(&[b]).0.into_owned()).collect();
    assert_eq!(clean(&wrong).name, "زنانہ");
    let lost = clean("Govt Girls Pri?ary School");
    assert!(lost.garbled && !lost.mended);
    assert!(!clean("گورنمنٹ ہائی سکول").garbled);
    assert_eq!(clean("A  B\u{7}").name, "A B");
}

#[test]
fn stems_of_one_house_are_equal_and_of_two_are_not() {
    let same = |one: &str, other: &str| {
        assert_eq!(stem(one).building, stem(other).building, "{one} / {other}");
    };
    same("GPS Khar-PS I", "Govt. Primary School Khar PS-II");
    same("Govt: Boys High School Hund (M) 1st PS (P)*", "GBHS Hund (F) 2nd PS");
    same("21.GPS Budho Khan (T) (Combined)", "GPS Budho Khan");
    same(
        "Government Primary School Patoja First Portion Combined",
        "Government Primary School Patoja Second Portion Combined",
    );
    same("PS No.1 Colligiat School Jarma (Combined)", "Colligiat School Jarma");
    same("Govt. Girls Higher Secondary School (P. S 2)", "GGHSS");
    assert_ne!(stem("GPS No.1 Khar").building, stem("GPS No.2 Khar").building);
    assert_ne!(stem("GGPS Khar").building, stem("GPS Khar").building);
    assert_ne!(stem("GPS Khar PS I").part, stem("GPS Khar PS II").part);
}

#[test]
fn close_names_are_alike_unless_a_number_differs() {
    assert!(alike("govtprimaryschoolhasankhel", "govtprimaryschoolhassankhel"));
    assert!(!alike("govtprimaryschoolkhar1", "govtprimaryschoolkhar2"));
    assert!(!alike("govtgirlsschoolx", "govtschoolxgirlz"));
    assert!(!alike("abc", "abd"));
}

fn table_distance(one: &[u8], other: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let cost = (diagonal + usize::from(a != b)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = row[j + 1];
            row[j + 1] = cost;
        }
    }
    row[other.len()]
}

proptest! {
    #[test]
    fn the_narrow_table_agrees_with_the_whole_one(one in "[ab]{0,9}", other in "[ab]{0,9}") {
        let (one, other) = (one.as_bytes(), other.as_bytes());
        prop_assert_eq!(distance_at_most_two(one, other), table_distance(one, other) <= 2);
    }

    #[test]
    fn no_name_stops_the_reader(name in ".*") {
        let cleaned = clean(&name);
        let _ = (stem(&cleaned.name), kind_in_name(&cleaned.name));
    }
}
