//! Where imagined places stand.

use super::*;
use pehra_domain::Point;

/// A box about the four provinces and the capital, in degrees.
const SOUTH: f64 = 23.6;
const NORTH: f64 = 37.1;
const WEST: f64 = 60.8;
const EAST: f64 = 75.5;

#[test]
fn everything_stands_inside_a_circle_of_its_own_district() {
    let (facts, gazetteer) = pakistan();
    let mut rooms: BTreeMap<&AreaId, Vec<&facts::Room>> = BTreeMap::new();
    for room in &facts.rooms {
        let district = gazetteer.districts.iter().find(|it| it.name == room.district).unwrap();
        rooms.entry(&district.area).or_default().push(room);
    }
    for building in nation().buildings.iter().chain(&nation().places) {
        let (lat, lon) = (building.point.lat_deg(), building.point.lon_deg());
        assert!((SOUTH..NORTH).contains(&lat) && (WEST..EAST).contains(&lon), "{}", building.id);
        let inside = rooms[&building.district].iter().any(|room| {
            // A metre for rounding, a thousandth for the flat sums behind a round earth.
            room.centre.distance_m(building.point) <= f64::from(room.radius_m) * 1.001 + 1.0
        });
        assert!(inside, "{} lies outside {}", building.id, building.district);
    }
}

#[test]
fn a_district_has_stations_in_towns_and_between_them() {
    let (_, gazetteer) = pakistan();
    let near_town = |point: Point| {
        gazetteer.towns.iter().any(|town| town.population > 0 && town.point.distance_m(point) < 3e3)
    };
    let mut near = 0_usize;
    let sample: Vec<_> = nation().buildings.iter().step_by(97).collect();
    for building in &sample {
        near += usize::from(near_town(building.point));
    }
    let percent = near * 100 / sample.len();
    assert!((15..=60).contains(&percent), "{percent} % near a town");
}

type Ring = Vec<(f64, f64)>;

/// Even–odd rule over all rings of a district.
fn holds(rings: &[Ring], x: f64, y: f64) -> bool {
    let mut inside = false;
    for ring in rings {
        for (index, &(ax, ay)) in ring.iter().enumerate() {
            let (bx, by) = ring[(index + 1) % ring.len()];
            if (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax {
                inside = !inside;
            }
        }
    }
    inside
}

fn rings(geometry: &serde_json::Value) -> Vec<Ring> {
    let ring = |value: &serde_json::Value| -> Ring {
        let points = value.as_array().unwrap().iter();
        points.map(|p| (p[0].as_f64().unwrap(), p[1].as_f64().unwrap())).collect()
    };
    let polygon = |value: &serde_json::Value| -> Vec<Ring> {
        value.as_array().unwrap().iter().map(ring).collect()
    };
    let coordinates = &geometry["coordinates"];
    if geometry["type"] == "Polygon" {
        polygon(coordinates)
    } else {
        coordinates.as_array().unwrap().iter().flat_map(polygon).collect()
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test may read the shared file of boundaries")]
#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn no_imagined_building_crosses_a_real_boundary() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/boundaries/pk_districts_osm_2026.geojson"
    );
    let Ok(text) = std::fs::read_to_string(file) else {
        println!("shared data absent: skipped");
        return;
    };
    let collection: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut boundaries: BTreeMap<String, Vec<Ring>> = BTreeMap::new();
    for feature in collection["features"].as_array().unwrap() {
        let name = feature["properties"]["name"].as_str().unwrap();
        boundaries.insert(pehra_domain::area::slug(name), rings(&feature["geometry"]));
    }
    let mut strays = Vec::new();
    for building in &nation().buildings {
        let boundary = &boundaries[building.district.name()];
        if !holds(boundary, building.point.lon_deg(), building.point.lat_deg()) {
            strays.push(building.id.as_str());
        }
    }
    println!("{} of {} buildings outside", strays.len(), nation().buildings.len());
    assert!(strays.is_empty(), "{strays:?}");
}
