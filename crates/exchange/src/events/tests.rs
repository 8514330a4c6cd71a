use super::*;
use pehra_domain::Date;
use std::ops::ControlFlow;

fn read(csv: &str, known: &[IncidentRecord]) -> Imported<IncidentRecord> {
    let mut input = csv.as_bytes();
    import(&mut input, &ImportOptions::default(), known, &mut |_| ControlFlow::Continue(()))
        .unwrap()
}

const UCDP: &str = "id,type_of_violence,where_prec,latitude,longitude,date_prec,date_start,date_end,best,high,low,adm_1,adm_2,source_headline\n\
    1,3,1,30.2,67.0,1,2013-05-11 00:00:00.000,2013-05-11 00:00:00.000,12,14,10,Balochistan,Quetta,Bomb at polling station\n\
    2,1,5,30.2,67.0,2,2013-05-12,2013-05-13,3,3,3,Balochistan,,Clash\n\
    3,1,x,30.2,67.0,1,2013-05-12,2013-05-12,1,1,1,Balochistan,,Clash\n\
    4,1,1,-66.9,-40.1,1,2013-05-12,2013-05-12,1,1,1,,,Moon\n\
    5,1,1,30.2,67.0,1,some day,,1,1,1,,,No date\n\
    1,3,1,30.2,67.0,1,2013-05-11,2013-05-11,12,14,10,Balochistan,Quetta,Again\n";

const ACLED: &str = "event_id_cnty,event_date,time_precision,event_type,admin1,admin2,latitude,longitude,geo_precision,notes,fatalities\n\
    PAK10,12 May 2013,1,Explosions/Remote violence,Balochistan,Quetta,30.21,67.01,1,Blast during election day,12\n\
    PAK11,12 May 2013,2,Violence against civilians,Balochistan,Quetta,30.21,67.01,3,Shooting,2\n\
    PAK12,12 May 2013,1,Protests,Balochistan,Quetta,30.21,67.01,1,Sit-in,0\n";

#[test]
fn ucdp_rows_become_records_with_their_precision() {
    let result = read(UCDP, &[]);
    assert_eq!(result.values.len(), 3);
    let first = &result.values[0];
    assert_eq!((first.id.as_str(), first.date), ("ucdp:1", Date::from_civil(2013, 5, 11).unwrap()));
    assert_eq!((first.deaths_best, first.deaths_low, first.deaths_high), (12, 10, 14));
    assert!(first.on_election && !result.values[1].on_election);
    assert_eq!(result.values[1].place_precision, 5);
    assert_eq!(result.values[2].place_precision, 6, "an unreadable precision is the vaguest");
    for (code, count) in [
        ("place-vague", 2),
        ("number-invalid", 1),
        ("coordinate-out-of-area", 1),
        ("date-invalid", 1),
        ("event-duplicate", 1),
    ] {
        assert_eq!(result.counts[code], count, "{code}");
    }
    assert_eq!((result.tally.accepted, result.tally.quarantined), (3, 3));
}

#[test]
fn the_same_act_from_the_other_data_set_counts_once() {
    let known = read(UCDP, &[]).values;
    let result = read(ACLED, &known);
    assert_eq!(result.counts["event-duplicate"], 1);
    assert_eq!(result.counts["event-peaceful"], 1);
    assert_eq!(result.values.len(), 1);
    let event = &result.values[0];
    assert_eq!((event.id.as_str(), event.violence_type), ("acled:PAK11", 3));
    assert_eq!((event.place_precision, event.date_precision), (3, 3));
}

#[test]
fn importing_the_same_events_again_adds_none() {
    let first = read(UCDP, &[]).values;
    assert!(read(UCDP, &first).values.is_empty());
}

#[test]
fn the_real_events_are_all_read() {
    let Some(bytes) = crate::shared_data("events/ucdp_ged_pakistan_1989_2014.csv") else { return };
    let mut input = bytes.as_slice();
    let result =
        import(&mut input, &ImportOptions::default(), &[], &mut |_| ControlFlow::Continue(()))
            .unwrap();
    assert_eq!((result.tally.rows, result.values.len()), (5296, 5296));
    assert_eq!(result.counts["place-vague"], 45 + 162 + 6);
}
