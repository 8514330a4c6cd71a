#![expect(clippy::print_stdout, reason = "says what was read of the real map")]

use super::{write::Writer, *};
use pehra_domain::{
    Point,
    point::length_m,
    road::{Direction, RoadClass},
    seed::Seed,
};
use std::{io::Cursor, ops::ControlFlow};

fn read_bytes(bytes: &[u8]) -> Roads {
    let mut input = Cursor::new(bytes);
    import(&mut input, bytes.len() as u64, &mut |_| ControlFlow::Continue(())).unwrap()
}

fn point(lat_e7: i32, lon_e7: i32) -> Point {
    Point { lat_e7, lon_e7 }
}

/// Two roads that cross at 3, a third that is one way and has a blocked gate, a forbidden turn, a footpath.
fn small() -> Vec<u8> {
    let mut out = Writer::try_new(Vec::new()).unwrap();
    for (id, lat, lon) in [
        (1, 0, 0),
        (2, 0, 10_000),
        (3, 0, 20_000),
        (4, 0, 30_000),
        (5, 10_000, 20_000),
        (6, -10_000, 20_000),
    ] {
        out.node(id, point(300_000_000 + lat, 700_000_000 + lon), &[]).unwrap();
    }
    out.node(7, point(300_020_000, 700_020_000), &[("barrier", "bollard")]).unwrap();
    out.node(8, point(300_030_000, 700_020_000), &[("barrier", "gate")]).unwrap();
    out.node(9, point(300_040_000, 700_020_000), &[]).unwrap();
    out.way(100, &[1, 2, 3, 4], &[("highway", "primary"), ("maxspeed", "50")]).unwrap();
    out.way(101, &[6, 3, 5], &[("highway", "residential"), ("oneway", "yes")]).unwrap();
    out.way(
        102,
        &[5, 7, 8, 9],
        &[("highway", "track"), ("surface", "sand"), ("maxspeed", "PK:rural")],
    )
    .unwrap();
    out.way(103, &[1, 9], &[("highway", "footway")]).unwrap();
    out.way(104, &[9, 77, 1], &[("highway", "service")]).unwrap();
    out.turn(200, "no_left_turn", [101, 3, 100]).unwrap();
    out.turn(201, "no_left_turn", [101, 3, 999]).unwrap();
    out.turn(202, "only_straight_on", [101, 5, 102]).unwrap();
    out.finish().unwrap()
}

#[test]
fn roads_are_cut_where_they_meet() {
    let roads = read_bytes(&small());
    let network = &roads.network;
    let mut seen: Vec<_> = network
        .stretches
        .iter()
        .enumerate()
        .map(|(at, s)| (s.way, s.class, s.direction, network.shape_of(at).len(), s.gates))
        .collect();
    seen.sort();
    assert_eq!(
        seen,
        [
            (100, RoadClass::Primary, Direction::Both, 0, 0),
            (100, RoadClass::Primary, Direction::Both, 1, 0),
            (101, RoadClass::Residential, Direction::Forth, 0, 0),
            (101, RoadClass::Residential, Direction::Forth, 0, 0),
            (102, RoadClass::Track, Direction::Both, 0, 0),
            (102, RoadClass::Track, Direction::Both, 1, 1),
        ]
    );
    let first = network.stretches.iter().position(|s| s.way == 100 && s.length_m > 150).unwrap();
    let line: Vec<Point> = network.line_of(first).collect();
    let length = length_m(&line);
    let kept = f64::from(u32::try_from(network.stretches[first].decimetres()).unwrap()) / 10.0;
    assert!((length - kept).abs() < 0.1, "{length} {kept}");
    // The bollard parts the track: two junctions at one place.
    assert_eq!(
        network.junctions.iter().filter(|p| **p == point(300_020_000, 700_020_000)).count(),
        2
    );
    assert_eq!(roads.counts["road-point-missing"], 1);
    assert_eq!(roads.counts["road-limit-unread"], 1);
    // 200 names a road that passes the point: two ways out, so it names none; 201 names a road that is not there.
    assert_eq!(roads.counts["road-turn-unread"], 2);
    assert_eq!((roads.tally.rows, roads.tally.accepted, roads.tally.repaired), (4, 3, 1));
}

#[test]
fn turns_are_found_whatever_the_order_of_roads() {
    let mut out = Writer::try_new(Vec::new()).unwrap();
    for (id, lat, lon) in [(1, 0, 0), (2, 0, 10_000), (3, 0, 20_000), (4, 10_000, 10_000)] {
        out.node(id, point(lat, lon), &[]).unwrap();
    }
    for (id, refs) in [(30, [2, 4]), (20, [2, 3]), (10, [1, 2])] {
        out.way(id, &refs, &[("highway", "road")]).unwrap();
    }
    out.turn(1, "only_right_turn", [10, 2, 20]).unwrap();
    let roads = read_bytes(&out.finish().unwrap());
    let ways = |at: u32| roads.network.stretches[at as usize].way;
    let turns: Vec<_> =
        roads.network.forbidden.iter().map(|t| (ways(t.from), ways(t.to))).collect();
    let mut sorted = turns.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, [(10, 10), (10, 30)]);
    assert!(roads.findings.is_empty(), "{:?}", roads.findings);
}

#[test]
fn a_file_cut_anywhere_is_refused_or_ends_between_blocks() {
    let whole = small();
    let full = read_bytes(&whole);
    for length in 0..whole.len() {
        let cut = read_bytes(&whole[..length]);
        assert!(cut.network.stretches.is_empty(), "{length}");
        assert!(!cut.findings.is_empty(), "{length}");
    }
    assert!(!full.network.stretches.is_empty());
}

#[test]
fn damage_never_panics() {
    let whole = small();
    let mut chance = Seed::new(7);
    for _ in 0..4_000 {
        let mut bytes = whole.clone();
        for _ in 0..=chance.below(3) {
            let at = usize::try_from(chance.below(bytes.len() as u64)).unwrap();
            bytes[at] = chance.next_u64().to_le_bytes()[0];
        }
        read_bytes(&bytes);
    }
}

#[test]
fn damage_inside_a_block_never_panics() {
    // Unpacked blocks, so that damage reaches the content and not only the packing.
    let whole = small();
    let mut plain = Vec::new();
    let mut input = whole.as_slice();
    let mut blobs = Blobs::new(&mut input);
    while let Some(kind) = blobs.next().unwrap() {
        plain.push((kind, blobs.block.clone()));
    }
    let mut chance = Seed::new(8);
    for _ in 0..20_000 {
        let mut file = Vec::new();
        for (kind, block) in &plain {
            let mut block = block.clone();
            if *kind == Kind::Data {
                let at = usize::try_from(chance.below(block.len() as u64)).unwrap();
                block[at] = chance.next_u64().to_le_bytes()[0];
            }
            raw_blob(&mut file, *kind, &block);
        }
        read_bytes(&file);
    }
}

fn raw_blob(file: &mut Vec<u8>, kind: Kind, block: &[u8]) {
    let mut content = vec![0x0a];
    length(&mut content, block.len());
    content.extend_from_slice(block);
    let name: &[u8] = if kind == Kind::Header { b"OSMHeader" } else { b"OSMData" };
    let mut header = vec![0x0a, u8::try_from(name.len()).unwrap()];
    header.extend_from_slice(name);
    header.push(0x18);
    length(&mut header, content.len());
    file.extend_from_slice(&u32::try_from(header.len()).unwrap().to_be_bytes());
    file.extend_from_slice(&header);
    file.extend_from_slice(&content);
}

fn length(out: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        out.push(u8::try_from(value & 0x7f).unwrap() | 0x80);
        value >>= 7;
    }
    out.push(u8::try_from(value).unwrap());
}

#[test]
fn a_bomb_and_what_is_no_map_are_named() {
    let code = |bytes: &[u8]| {
        let roads = read_bytes(bytes);
        assert!(roads.network.stretches.is_empty());
        roads.findings[0].code.clone()
    };
    assert_eq!(code(b""), "road-file-unknown");
    assert_eq!(code(b"PK\x03\x04 not a map at all"), "road-file-unknown");
    let mut bomb = Writer::try_new(Vec::new()).unwrap().finish().unwrap();
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut packer, &vec![0; blob::BLOB_BYTES_MAX + 9]).unwrap();
    let packed = packer.finish().unwrap();
    let mut content = vec![0x1a];
    length(&mut content, packed.len());
    content.extend_from_slice(&packed);
    let mut header = b"\x0a\x07OSMData\x18".to_vec();
    length(&mut header, content.len());
    bomb.extend_from_slice(&u32::try_from(header.len()).unwrap().to_be_bytes());
    bomb.extend_from_slice(&header);
    bomb.extend_from_slice(&content);
    assert_eq!(code(&bomb), "road-file-bomb");
    let mut strange = Vec::new();
    raw_blob(&mut strange, Kind::Header, b"\x22\x0dHistoricalInf");
    assert_eq!(code(&strange), "road-file-unsupported");
    let empty = Writer::try_new(Vec::new()).unwrap().finish().unwrap();
    assert_eq!(code(&empty), "roads-none");
}

#[test]
fn a_small_country_as_published_is_read_whole() {
    let Some(bytes) = crate::shared_data("roads/liechtenstein.osm.pbf") else { return };
    let roads = read_bytes(&bytes);
    let network = &roads.network;
    assert_eq!(roads, read_bytes(&bytes));
    let km = network.length_km();
    assert!((700..2_500).contains(&km), "{km} km");
    assert!(network.stretches.len() > 5_000 && network.junctions.len() > 4_000);
    assert!(network.stretches.iter().all(|s| (s.from as usize) < network.junctions.len()));
    assert!(network.stretches.windows(2).all(|pair| pair[0].shape <= pair[1].shape));
    println!(
        "{} junctions, {} stretches, {km} km, {} turns, {:?}",
        network.junctions.len(),
        network.stretches.len(),
        network.forbidden.len(),
        roads.counts
    );
}
