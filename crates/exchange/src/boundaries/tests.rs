use super::*;
use std::ops::ControlFlow;

fn read(json: &str) -> BoundaryImport {
    import(&mut json.as_bytes(), &mut |_| ControlFlow::Continue(())).unwrap()
}

fn feature(name: &str, geometry: &str) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{"name":"{name}","province":"Sindh"}},"geometry":{geometry}}}"#
    )
}

fn collection(features: &[String]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

const SQUARE: &str = r#"{"type":"Polygon","coordinates":[[[68,25],[69,25],[69,26],[68,26],[68,25]],[[68.4,25.4],[68.6,25.4],[68.6,25.6],[68.4,25.6],[68.4,25.4]]]}"#;

fn at(lat: f64, lon: f64) -> Point {
    Point::try_from_degrees(lat, lon).unwrap()
}

#[test]
fn a_point_is_in_the_square_but_not_in_its_hole() {
    let result = read(&collection(&[feature("Tharparkar", SQUARE)]));
    assert_eq!((result.tally.accepted, result.findings.len()), (1, 0));
    let index = BoundaryIndex::new(result.boundaries);
    assert_eq!(index.at(at(25.2, 68.2)).unwrap().area.as_str(), "pk/sindh/tharparkar");
    assert!(index.at(at(25.5, 68.5)).is_none());
    assert!(index.at(at(27.0, 68.5)).is_none());
    assert!(index.named(Some("Sindh"), "THAR PARKAR").is_some());
}

#[test]
fn broken_rings_are_mended_or_set_aside_and_told() {
    let open = r#"{"type":"Polygon","coordinates":[[[68,25],[69,25],[69,26],[68,26]]]}"#;
    let bow = r#"{"type":"Polygon","coordinates":[[[68,25],[69,26],[69,25],[68,26],[68,25]]]}"#;
    let tiny = r#"{"type":"Polygon","coordinates":[[[68,25],[69,25],[68,25]]]}"#;
    let line = r#"{"type":"LineString","coordinates":[[68,25],[69,25]]}"#;
    let moon =
        r#"{"type":"Polygon","coordinates":[[[68,25],[69,25],[6900,25],["a",2],[69,26],[68,25]]]}"#;
    let result = read(&collection(&[
        feature("Open", open),
        feature("Bow", bow),
        feature("Tiny", tiny),
        feature("Line", line),
        feature("Moon", moon),
        feature("Open", SQUARE),
        feature("", SQUARE),
        "3".to_owned(),
    ]));
    for code in ["ring-open", "ring-crossing", "ring-broken", "coordinate-invalid", "id-duplicate"]
    {
        assert_eq!(result.counts[code], 1, "{code}");
    }
    assert_eq!(result.counts["geometry-unknown"], 2);
    assert_eq!(result.counts["id-invalid"], 2);
    assert_eq!((result.tally.repaired, result.tally.quarantined), (3, 5));
    assert_eq!(result.boundaries.len(), 3);
}

#[test]
fn half_a_file_and_other_json_end_in_a_message() {
    let whole = collection(&[feature("A", SQUARE)]);
    let half = whole.get(..90).unwrap();
    for text in [half, "[]", "{}", "", "nonsense"] {
        let result = import(&mut text.as_bytes(), &mut |_| ControlFlow::Continue(()));
        assert!(matches!(result, Err(ImportError::GeoJson(_))), "{text}");
    }
    let deep = "[".repeat(100_000);
    let result = import(&mut deep.as_bytes(), &mut |_| ControlFlow::Continue(()));
    assert!(matches!(result, Err(ImportError::GeoJson(_))));
}

#[test]
fn a_thinned_ring_stays_within_the_tolerance() {
    let ring: Vec<Point> = (0..=360)
        .map(|degree| {
            let angle = f64::from(degree % 360).to_radians();
            at(30.0 + libm::sin(angle), 70.0 + libm::cos(angle))
        })
        .collect();
    let thin = simplify(&ring, 1000.0);
    assert!(thin.len() < 40 && thin.len() >= 4, "{}", thin.len());
    assert_eq!((thin.first(), thin.last()), (ring.first(), ring.last()));
    assert_eq!(simplify(&ring, 0.0).len(), ring.len());
}

#[test]
fn the_real_districts_are_read_and_each_centre_finds_its_district() {
    let Some(bytes) = crate::shared_data("boundaries/pk_districts_osm_2026.geojson") else {
        return;
    };
    let mut file = bytes.as_slice();
    let result = import(&mut file, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(result.tally.rows, 156);
    assert_eq!(result.boundaries.len(), 156, "{:?}", result.counts);
    let index = BoundaryIndex::new(result.boundaries);
    assert_eq!(index.at(at(24.89, 67.03)).unwrap().province, "Sindh");
    assert_eq!(index.at(at(33.5996, 73.0442)).unwrap().name, "Rawalpindi");
    assert!(index.at(at(24.0, 66.0)).is_none(), "the sea");
}
