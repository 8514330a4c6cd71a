use super::*;
use proptest::prelude::*;

fn point(lat_e7: i32, lon_e7: i32) -> Point {
    Point { lat_e7, lon_e7 }
}

fn info(language: &str, headline: &str) -> Info {
    let text = str::to_owned;
    Info {
        language: text(language),
        category: text("Security"),
        event: text("Road closed"),
        response: text("Avoid"),
        urgency: text("Immediate"),
        severity: text("Severe"),
        certainty: text("Observed"),
        onset: Some(UnixMs(1_707_382_800_000)),
        expires: Some(UnixMs(1_707_390_000_000)),
        sender_name: text("District returning officer"),
        headline: text(headline),
        description: text("The bridge & the road <north> are closed.\nA second line."),
        instruction: Some(text("Use another road.")),
        parameters: vec![(text("entry"), text("d1/1/4"))],
        area: Area {
            description: text("Karachi East"),
            polygons: vec![vec![
                point(248_600_000, 670_100_000),
                point(-5, 671_000_000),
                point(0, 7),
            ]],
            circles: vec![(point(248_700_000, 670_200_000), 1_500), (point(1, 1), 200_000)],
            geocodes: vec![(text("PEHRA-AREA"), text("pk/sindh/karachi-east"))],
        },
    }
}

fn alert() -> Alert {
    let text = str::to_owned;
    Alert {
        identifier: text("d1:1:4"),
        sender: text("pehra:0a0b"),
        sent: UnixMs(1_707_379_500_000),
        status: text("Exercise"),
        kind: text("Update"),
        scope: text("Private"),
        restriction: None,
        addresses: vec![text("Rescue 1122"), text("PDMA")],
        note: Some(text("The first place was wrong.")),
        references: vec![Reference {
            sender: text("pehra:0a0b"),
            identifier: text("d1:1:2"),
            sent: UnixMs(1_707_372_000_000),
        }],
        infos: vec![info("en-PK", "Keep away"), info("ur-PK", "دور رہیں")],
    }
}

#[test]
fn a_message_reads_back_as_it_was_written() {
    let written = alert().write();
    assert_eq!(read(&written), Ok(alert()));
    assert!(written.contains("<sent>2024-02-08T13:05:00+05:00</sent>"), "{written}");
    assert!(written.contains("<addresses>\"Rescue 1122\" PDMA</addresses>"));
    assert!(written.contains("<circle>24.87,67.02 1.5</circle>"));
    assert!(
        written.contains("<polygon>24.86,67.01 -0.0000005,67.1 0,0.0000007 24.86,67.01</polygon>")
    );
}

#[test]
fn a_public_alert_says_no_more_than_it_must() {
    let plain = Alert {
        kind: "Alert".to_owned(),
        scope: "Public".to_owned(),
        addresses: Vec::new(),
        note: None,
        references: Vec::new(),
        infos: vec![Info {
            onset: None,
            instruction: None,
            parameters: vec![],
            ..info("en-PK", "x")
        }],
        ..alert()
    };
    let written = plain.write();
    for absent in ["restriction", "addresses", "note", "references", "onset", "instruction"] {
        assert!(!written.contains(absent), "{absent}");
    }
    assert_eq!(read(&written), Ok(plain));
}

#[test]
fn what_the_standard_does_not_know_is_refused() {
    let written = alert().write();
    let refused = |from: &str, to: &str| read(&written.replacen(from, to, 1)).unwrap_err();
    assert_eq!(
        refused(">Exercise<", ">Practice<"),
        CapError::Word { name: "status", value: "Practice".to_owned() }
    );
    assert_eq!(refused("<sent>2024", "<sent>24"), CapError::Value("sent"));
    assert_eq!(refused("+05:00</sent>", "Z</sent>"), CapError::Value("sent"));
    assert_eq!(refused("<scope>Private", "<scope>Restricted"), CapError::Missing("restriction"));
    assert_eq!(refused("d1:1:4", "d1 1 4"), CapError::Value("identifier"));
    assert_eq!(refused("0,0.0000007 24.86", "0,0.0000007 24.87"), CapError::Value("polygon"));
    assert_eq!(refused(" 1.5</circle>", " -1</circle>"), CapError::Value("circle"));
    assert_eq!(refused("<event>Road closed</event>\n", ""), CapError::Missing("event"));
    assert_eq!(refused("<note>", "<noise>"), CapError::Missing("references"));
    assert_eq!(refused("</alert>", "</alarm>"), CapError::Missing("alert"));
    assert_eq!(refused("cap:1.2", "cap:1.1"), CapError::Missing("alert"));
    assert!(matches!(refused("&amp;", "&quot;"), CapError::Form(_)));
    assert!(matches!(refused("<note>", "<note kind=\"a\">"), CapError::Form(_)));
    let without = written.replacen(
        "<references>pehra:0a0b,d1:1:2,2024-02-08T11:00:00+05:00</references>\n",
        "",
        1,
    );
    assert_eq!(read(&without), Err(CapError::Missing("references")));
}

#[test]
fn a_moment_of_another_offset_is_the_same_moment() {
    let written = alert().write();
    let utc = written.replacen("2024-02-08T13:05:00+05:00", "2024-02-08T08:05:00-00:00", 1);
    assert_eq!(read(&utc).map(|it| it.sent), Ok(alert().sent));
    let west = written.replacen("2024-02-08T13:05:00+05:00", "2024-02-07T22:35:00-09:30", 1);
    assert_eq!(read(&west).map(|it| it.sent), Ok(alert().sent));
}

#[test]
fn a_feed_links_each_message_with_its_age_and_its_sort() {
    let entry = Linked {
        id: "urn:pehra:d1:1:4".to_owned(),
        titles: vec!["Keep \"away\"".to_owned(), "دور رہیں".to_owned()],
        sent: UnixMs(1_707_379_500_000),
        office: "DRO & others".to_owned(),
        terms: vec!["Exercise".to_owned(), "Alert".to_owned()],
        summary: "The road is closed.".to_owned(),
        href: "d1:1:4.cap.xml".to_owned(),
    };
    let feed = Feed {
        id: "urn:pehra:0a0b".to_owned(),
        title: "Alerts".to_owned(),
        href: "atom.xml".to_owned(),
        entries: vec![entry],
        since: UnixMs(0),
    };
    let written = feed.write();
    for part in [
        "<updated>2024-02-08T13:05:00+05:00</updated>",
        "<title>Keep \"away\" · دور رہیں</title>",
        "<category term=\"Exercise\"/>",
        "<author><name>DRO &amp; others</name></author>",
        "<link rel=\"alternate\" type=\"application/cap+xml\" href=\"d1:1:4.cap.xml\"/>",
    ] {
        assert!(written.contains(part), "{part}: {written}");
    }
    let empty = Feed { entries: Vec::new(), ..feed }.write();
    assert!(empty.contains("<updated>1970-01-01T05:00:00+05:00</updated>"), "{empty}");
}

proptest! {
    #[test]
    fn any_words_survive_and_no_bytes_make_the_reader_stumble(
        words in "\\PC{0,40}",
        lat in -900_000_000_i32..900_000_000,
        cut in 0_usize..3_000,
    ) {
        let mut sent = alert();
        sent.infos[0].description = format!("x{words}");
        sent.infos[1].area.circles = vec![(point(lat, 1), 17)];
        let written = sent.write();
        let plain = words.chars().all(|sign| !matches!(sign, '\u{fffe}' | '\u{ffff}'));
        if plain {
            prop_assert_eq!(read(&written), Ok(sent));
        }
        if let Some(part) = written.get(..cut) {
            let _ = read(part);
            let _ = read(&format!("{part}{words}</alert>"));
        }
    }
}
