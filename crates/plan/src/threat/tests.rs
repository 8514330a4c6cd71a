use super::duplicate::distinct;
use super::*;
use crate::assess::Model;
use pehra_domain::gazetteer::District;

fn event(id: &str, date: &str, lat: f64, lon: f64, precision: u8) -> IncidentRecord {
    let date = Date::parse(date).unwrap();
    IncidentRecord {
        id: id.to_owned(),
        date,
        date_end: date,
        point: Point::try_from_degrees(lat, lon).unwrap(),
        place_precision: precision,
        date_precision: 1,
        deaths_best: 1,
        deaths_low: 1,
        deaths_high: 1,
        district: "Tank".to_owned(),
        province: "KP".to_owned(),
        violence_type: 1,
        on_election: false,
        source: "test".to_owned(),
    }
}

fn gazetteer() -> Gazetteer {
    let kp = AreaId::nation().below("KP");
    Gazetteer {
        districts: vec![District {
            area: kp.below("Tank"),
            name: "Tank".to_owned(),
            province: "KP".to_owned(),
            name_ur: String::new(),
            province_ur: String::new(),
            division: String::new(),
            adults: 1,
            adult_men: 1,
            adult_women: 0,
            adult_urban: 0,
            centre: Point::try_from_degrees(32.2, 70.4).unwrap(),
            area_km2: 1_679,
        }],
        towns: Vec::new(),
    }
}

fn read(events: &[IncidentRecord], lat: f64) -> Reading {
    let kernel = Model::default_pk2024().kernel;
    let as_of = Date::parse("2024-02-01").unwrap();
    let field = ThreatField::new(kernel, events, &gazetteer(), as_of);
    let tank = AreaId::nation().below("KP").below("Tank");
    field.read(Point::try_from_degrees(lat, 70.4).unwrap(), &tank)
}

#[test]
fn nearer_and_newer_attacks_weigh_more() {
    let near = read(&[event("a:1", "2024-01-20", 32.201, 70.4, 1)], 32.2);
    let far = read(&[event("a:1", "2024-01-20", 32.26, 70.4, 1)], 32.2);
    let old = read(&[event("a:1", "2023-04-20", 32.201, 70.4, 1)], 32.2);
    assert!(near.intensity > far.intensity && far.intensity > 0.0);
    assert!(near.intensity > old.intensity && old.intensity > 0.0);
    assert_eq!(near.within, 1);
}

#[test]
fn beyond_ten_kilometres_or_a_year_nothing_counts() {
    assert_eq!(read(&[event("a:1", "2024-01-20", 32.30, 70.4, 1)], 32.2).within, 0);
    assert_eq!(read(&[event("a:1", "2023-01-20", 32.2, 70.4, 1)], 32.2).within, 0);
    assert_eq!(read(&[event("a:1", "2024-02-02", 32.2, 70.4, 1)], 32.2).within, 0);
}

#[test]
fn an_event_known_to_the_district_is_felt_everywhere_in_it_and_nowhere_sharply() {
    let here = read(&[event("a:1", "2024-01-20", 32.2, 70.4, 3)], 32.2);
    let there = read(&[event("a:1", "2024-01-20", 32.2, 70.4, 3)], 32.4);
    let exact = read(&[event("a:1", "2024-01-20", 32.2, 70.4, 1)], 32.2);
    assert!((here.intensity - there.intensity).abs() < 1e-12);
    assert!(here.intensity > 0.0 && here.intensity < 0.2 * exact.intensity);
    assert_eq!(here.within, 0);
}

#[test]
fn an_event_known_only_to_the_country_says_nothing_about_a_place() {
    for precision in [5, 6, 7] {
        assert!(read(&[event("a:1", "2024-01-20", 32.2, 70.4, precision)], 32.2).intensity <= 0.0);
    }
    let mut vague = event("a:1", "2024-01-20", 32.2, 70.4, 1);
    vague.date_precision = 5;
    assert_eq!(read(&[vague], 32.2).within, 0);
}

#[test]
fn one_event_told_by_two_data_sets_counts_once() {
    let ucdp = event("ucdp:7", "2024-01-20", 32.2, 70.4, 1);
    let acled = event("acled:9", "2024-01-20", 32.205, 70.4, 1);
    let second = event("ucdp:8", "2024-01-20", 32.2, 70.4, 1);
    let result = distinct(&[ucdp.clone(), acled.clone(), second.clone(), ucdp.clone()]);
    assert_eq!(
        result.kept.len(),
        2,
        "two of one data set are two events, a twin of another is none"
    );
    assert_eq!(result.dropped.len(), 2);
    let again = distinct(&[second, ucdp.clone(), ucdp, acled]);
    assert_eq!(again.kept, result.kept, "the order of the input does not matter");
}

#[test]
fn coverage_knows_what_the_records_speak_about() {
    let span = coverage(&[
        event("a:1", "2013-01-01", 32.2, 70.4, 1),
        event("a:2", "2014-12-31", 32.2, 70.4, 1),
    ]);
    let day = |text| Date::parse(text).unwrap();
    assert!((covered_share(span, day("2013-06-01"), day("2014-06-01")) - 1.0).abs() < 1e-9);
    assert!(covered_share(span, day("2023-02-08"), day("2024-02-08")) <= 0.0);
    assert!(covered_share(None, day("2013-06-01"), day("2014-06-01")) <= 0.0);
}

#[test]
fn a_fatal_attack_at_the_building_on_an_earlier_poll_is_read_there_only() {
    let kernel = Model::default_pk2024().kernel;
    let day = |text| Date::parse(text).unwrap();
    let events = [
        event("a:1", "2018-07-24", 32.2, 70.4, 1),
        event("a:2", "2017-01-01", 32.2, 70.4, 1),
        event("a:3", "2020-01-01", 32.2, 70.4, 1),
    ];
    let polls = [day("2018-07-25"), day("2013-05-11")];
    let field = ElectionField::new(kernel, &events, &polls, day("2024-02-01"));
    assert_eq!(field.polls_covered, 1, "nothing is known about 2013");
    let here = field.read(events[0].point);
    assert_eq!((here.count, here.fatal), (1, 1));
    assert_eq!(field.read(Point::try_from_degrees(32.22, 70.4).unwrap()).count, 0);
}
