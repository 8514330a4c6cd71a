use super::*;
use proptest::prelude::*;
use serde_json::json;

const AT: &str = "2024-02-07T05:00:00.000Z";

fn name(kind: &str, number: u8) -> String {
    format!("{kind}--0000000{number}-0000-4000-8000-000000000000")
}

fn with(kind: &str, number: u8, more: &Value) -> Value {
    let mut object = json!({ "type": kind, "spec_version": "2.1", "id": name(kind, number),
        "created": AT, "modified": AT });
    for (key, value) in more.as_object().unwrap() {
        object[key] = value.clone();
    }
    object
}

fn bundle(objects: &[Value]) -> Bundle {
    let root = json!({ "type": "bundle", "id": name("bundle", 9), "objects": objects });
    read(root.to_string().as_bytes())
}

fn place() -> Value {
    with("location", 1, &json!({ "latitude": 24.9, "longitude": 67.1, "precision": 500.0 }))
}

fn report() -> Value {
    with(
        "report",
        2,
        &json!({ "name": "A bag", "description": "at the school", "published": AT,
        "confidence": 70, "object_refs": [name("location", 1)] }),
    )
}

fn codes(bundle: &Bundle) -> Vec<&str> {
    bundle.findings.iter().map(|finding| finding.code.as_str()).collect()
}

#[test]
fn a_report_takes_over_its_place_and_the_window_of_its_indicator() {
    let indicator = with(
        "indicator",
        3,
        &json!({ "pattern": "x", "pattern_type": "stix",
        "description": "morning", "valid_from": AT, "valid_until": "2024-02-08T00:00:00Z" }),
    );
    let mut told = report();
    told["object_refs"] = json!([name("location", 1), name("indicator", 3), name("malware", 4)]);
    let read = bundle(&[told, place(), indicator]);
    assert_eq!(codes(&read), ["stix-reference"]);
    let tip = read.tips.iter().find(|tip| tip.kind == Kind::Report).unwrap();
    assert_eq!(tip.text, "A bag\nat the school");
    assert_eq!(tip.points, [Point::try_from_degrees(24.9, 67.1).unwrap()]);
    assert_eq!((tip.radius_m, tip.confidence), (500, Some(70)));
    assert_eq!(tip.until, check::parse("2024-02-08T00:00:00Z"));
}

#[test]
fn persons_and_what_is_not_carried_are_refused_and_not_repeated() {
    let person = with(
        "identity",
        1,
        &json!({ "name": "Somebody Unmistakable",
        "identity_class": "individual" }),
    );
    let actor = with("threat-actor", 2, &json!({ "name": "Somebody Unmistakable" }));
    let malware = with("malware", 3, &json!({ "is_family": true }));
    let number = with(
        "note",
        4,
        &json!({ "content": "he is 42101-1234567-1",
        "object_refs": [name("location", 1)] }),
    );
    let read = bundle(&[person, actor, malware, number, json!("text"), json!(null)]);
    assert_eq!(
        codes(&read),
        [
            "stix-person",
            "stix-person",
            "stix-not-carried",
            "identity-number",
            "stix-not-carried",
            "stix-not-carried"
        ]
    );
    assert_eq!(read.tips, []);
    let said = format!("{:?}", read.findings);
    assert!(!said.contains("Unmistakable") && !said.contains("42101"), "{said}");
}

#[test]
fn every_rule_of_the_standard_has_a_case_that_breaks_it() {
    let broken = |object: Value, change: &dyn Fn(&mut Value)| {
        let mut object = object;
        change(&mut object);
        let read = bundle(&[object, place()]);
        assert_eq!(codes(&read).first(), Some(&"stix-invalid"), "{read:?}");
        assert_eq!(read.tips, []);
    };
    broken(report(), &|it| it["id"] = json!("report--1"));
    broken(report(), &|it| it["spec_version"] = json!("2.0"));
    broken(report(), &|it| it["created"] = json!("2024-02-07 05:00"));
    broken(report(), &|it| it["modified"] = json!("2024-02-06T05:00:00Z"));
    broken(report(), &|it| it["confidence"] = json!(101));
    broken(report(), &|it| it["object_refs"] = json!([]));
    broken(report(), &|it| it["object_refs"] = json!(["here"]));
    broken(report(), &|it| it["name"] = json!(7));
    broken(report(), &|it| it["published"] = json!(null));
    let seen = with(
        "sighting",
        3,
        &json!({ "description": "seen", "first_seen": AT,
        "sighting_of_ref": name("indicator", 4), "last_seen": "2024-02-06T00:00:00Z" }),
    );
    broken(seen, &|_| {});
    let note = with("note", 3, &json!({ "content": "x" }));
    broken(note, &|_| {});
    let sign = with(
        "indicator",
        3,
        &json!({ "pattern": "x", "pattern_type": "stix",
        "valid_from": AT, "valid_until": AT, "description": "x" }),
    );
    broken(sign, &|_| {});
    for place in [
        json!({ "latitude": 91.0, "longitude": 1.0 }),
        json!({ "latitude": 1.0 }),
        json!({ "country": "PK", "precision": 5.0 }),
        json!({}),
    ] {
        let read = bundle(&[with("location", 1, &place)]);
        assert_eq!(codes(&read), ["stix-invalid"], "{place}");
    }
}

#[test]
fn the_latest_version_counts_and_what_was_revoked_does_not() {
    let mut later = report();
    later["modified"] = json!("2024-02-07T06:00:00Z");
    later["description"] = json!("at the clinic");
    let read = bundle(&[later.clone(), report(), place()]);
    assert_eq!(read.tips.len(), 1);
    assert_eq!(read.tips[0].text, "A bag\nat the clinic");
    later["revoked"] = json!(true);
    assert_eq!(bundle(&[later, place()]).tips, []);
}

#[test]
fn what_is_too_large_too_deep_or_no_bundle_ends_in_a_finding() {
    let deep = [b"[".repeat(100_000), b"]".repeat(100_000)].concat();
    let many = format!("[{}0]", "0,".repeat(VALUES_MAX + 1)).into_bytes();
    for bytes in [deep, many, vec![b' '; BYTES_MAX + 1]] {
        assert_eq!(codes(&read(&bytes)), ["stix-too-large"]);
    }
    for bytes in [&b""[..], b"{}", b"nonsense", b"[]", b"{\"type\":\"bundle\",\"objects\":[]}"] {
        assert_eq!(codes(&read(bytes)), ["stix-not-bundle"]);
    }
    let crowd = vec![json!({}); OBJECTS_MAX + 5];
    let read = bundle(&crowd);
    assert_eq!((read.counts["stix-not-carried"], read.counts["stix-too-large"]), (20_000, 1));
}

fn outgoing(points: Vec<Point>) -> Outgoing {
    Outgoing {
        name: std::array::from_fn(|at| u8::try_from(at).unwrap()),
        text: "Search the school before it opens · تلاشی لیں".to_owned(),
        threat: "explosive".to_owned(),
        released: UnixMs(1_707_282_000_123),
        from: UnixMs(1_707_350_400_000),
        until: UnixMs(1_707_372_000_000),
        points,
        radius_m: 500,
        area: "pk/sindh/karachi-east".to_owned(),
    }
}

#[test]
fn what_is_written_keeps_the_rules_and_is_read_back() {
    let spots = [(24.9, 67.1), (24.95, 67.2)].map(|(a, b)| Point::try_from_degrees(a, b).unwrap());
    for points in [Vec::new(), spots[..1].to_vec(), spots.to_vec()] {
        let one = outgoing(points.clone());
        let text = write([7; 16], std::slice::from_ref(&one));
        assert_eq!(text, write([7; 16], &[one]), "the same bytes again");
        let back = read(text.as_bytes());
        assert_eq!(back.findings, []);
        let told = back.tips.iter().find(|tip| tip.kind == Kind::Report).unwrap();
        assert_eq!(told.text, "explosive\nSearch the school before it opens · تلاشی لیں");
        assert_eq!((told.from.0, told.until.unwrap().0), (1_707_350_400_000, 1_707_372_000_000));
        assert_eq!((&told.points, told.created.0), (&points, 1_707_282_000_123));
    }
    assert_eq!(read(write([7; 16], &[]).as_bytes()).tips, []);
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes);
    }

    #[test]
    fn a_bent_bundle_ends_in_findings(
        bends in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let spot = Point::try_from_degrees(24.9, 67.1).unwrap();
        let mut bytes = write([7; 16], &[outgoing(vec![spot])]).into_bytes();
        for (place, byte) in &bends {
            let place = place.index(bytes.len());
            bytes[place] = *byte;
        }
        let _ = read(&bytes);
    }
}
