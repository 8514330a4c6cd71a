use super::*;
use crate::http::sample;

fn source(ranges: Vec<Range<u32>>) -> Source {
    let world = sample::world();
    let stations = world.stations.clone().unwrap();
    Source { stations, assessment: world.assessment, plan: world.plans.last().cloned(), ranges }
}

fn only(range: Range<u32>) -> Vec<Range<u32>> {
    std::iter::once(range).collect()
}

fn whole() -> Vec<Range<u32>> {
    only(0..6)
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

#[test]
fn columns_read_back_as_the_stations_they_came_from() {
    let source = source(whole());
    let bytes = encode(&source);
    assert_eq!(&bytes[..4], b"PHP1");
    let n = u32_at(&bytes, 4) as usize;
    assert_eq!((n, u32_at(&bytes, 8)), (6, 3));
    let origin = u32_at(&bytes, 12).cast_signed();
    let scores = 20 + 8 * n + (2 * n).next_multiple_of(4);
    let classes = scores + (2 * n).next_multiple_of(4);
    let pad = n.next_multiple_of(4);
    assert_eq!(bytes.len(), classes + 4 * pad);
    for (i, station) in source.stations.stations.iter().enumerate() {
        let lat = u32_at(&bytes, 20 + 4 * i).cast_signed();
        assert_eq!(lat + origin, station.point.lat_e7);
        let row = &source.assessment.as_ref().unwrap().rows[i];
        let score =
            u16::from_le_bytes(bytes[scores + 2 * i..scores + 2 * i + 2].try_into().unwrap());
        assert_eq!(score, row.inherent_centi);
        assert_eq!(bytes[classes + i], class_byte(row.force_class()));
        let flags = bytes[classes + pad + i];
        assert_eq!(flags & FLAG_OFFICIAL != 0, station.official_class().is_some());
        assert_eq!(flags & FLAG_DISAGREES != 0, row.disagrees());
        assert_eq!(flags & FLAG_UNASSESSED, 0);
    }
    let short: Vec<u8> = bytes[classes + 3 * pad..classes + 3 * pad + n].to_vec();
    assert!(short.contains(&2) && short.contains(&0), "{short:?}");
}

#[test]
fn what_is_out_of_reach_is_not_in_the_bytes() {
    let whole = encode(&source(whole()));
    let part = encode(&source(only(2..4)));
    assert_eq!((u32_at(&part, 4), u32_at(&part, 8)), (2, 1));
    assert!(part.len() < whole.len());
    let none = encode(&source(Vec::new()));
    assert_eq!((none.len(), u32_at(&none, 4), u32_at(&none, 8)), (20, 0, 0));
}

#[test]
fn point_numbers_and_positions_are_each_others_inverse() {
    let ranges = vec![2..4, 7..10];
    assert_eq!(count(&ranges), 5);
    for index in 0..5 {
        let position = position_of(&ranges, index).unwrap();
        assert_eq!(index_of(&ranges, position), Some(index));
    }
    assert_eq!(position_of(&ranges, 5), None);
    assert_eq!(index_of(&ranges, 5), None);
}

#[test]
fn equal_data_and_reach_have_one_tag_and_are_encoded_once() {
    let points = Points::default();
    let first = points.encoded(&source(whole())).unwrap();
    let again = points.encoded(&source(whole())).unwrap();
    assert!(Arc::ptr_eq(&first, &again));
    let other = points.encoded(&source(only(0..2))).unwrap();
    assert_ne!(first.tag, other.tag);
    let mut replaced = source(whole());
    replaced.assessment = None;
    assert_ne!(replaced.tag(), first.tag);
}

#[test]
fn a_nation_fits_the_budget() {
    let n: usize = 90_675;
    let bytes = 20 + 2 * 4 * n + 2 * (2 * n).next_multiple_of(4) + 4 * n.next_multiple_of(4);
    assert!(bytes < 1_500_000);
}
