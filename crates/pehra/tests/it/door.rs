//! No route escapes the table, and the table is kept.

use crate::{client::Browser, house::House};
use pehra::http::{
    openapi,
    table::{Door, Reach, Row, document, methods, table},
};
use pehra_domain::role::Role;
use serde_json::json;
use std::collections::BTreeSet;
use utoipa::openapi::HttpMethod;

fn word(method: &HttpMethod) -> &'static str {
    match method {
        HttpMethod::Get => "GET",
        HttpMethod::Post => "POST",
        HttpMethod::Put => "PUT",
        HttpMethod::Delete => "DELETE",
        HttpMethod::Head | HttpMethod::Options | HttpMethod::Patch | HttpMethod::Trace => {
            panic!("a method that no route should have")
        }
    }
}

/// The row's path with things of the sample in its places.
fn path(row: &Row, house: &House) -> String {
    let plan = house.node.world().plans.first().map(|plan| plan.id.clone()).unwrap_or_default();
    let id = match row.path.split('/').nth(2) {
        Some("stations") => "NA-10-0".to_owned(),
        Some("plans") => plan,
        _ => "j1".to_owned(),
    };
    let path = row
        .path
        .replace("{id}", &id)
        .replace("{index}", "0")
        .replace("{code}", "O1")
        .replace("{proposal}", "x")
        .replace("{form}", "building")
        .replace("{seat}", "NA-10")
        .replace("{sha256}", "x");
    path.replace("{person}", "first").replace("{grant}", "x").replace("{key}", "risk.floor")
}

fn ask(browser: &Browser, row: &Row, house: &House) -> crate::client::Answer {
    browser.json(word(&row.method), &path(row, house), &json!({}))
}

#[test]
fn the_document_and_the_table_name_the_same_routes() {
    let rows: BTreeSet<(String, String)> =
        table().iter().map(|row| (word(&row.method).to_owned(), row.path.clone())).collect();
    let document = document(table());
    let written: BTreeSet<(String, String)> = document
        .paths
        .paths
        .iter()
        .flat_map(|(path, item)| {
            methods(item).into_iter().map(move |method| (word(&method).to_owned(), path.clone()))
        })
        .collect();
    assert_eq!(rows, written);
    assert_eq!(rows.len(), table().len(), "no route stands twice");
    assert!(rows.len() > 60, "{}", rows.len());
}

#[test]
fn the_committed_document_is_current() {
    let committed = include_str!("../../openapi.json");
    assert!(committed.trim_end() == openapi(), "run `pehra openapi > crates/pehra/openapi.json`");
}

#[test]
fn every_permission_that_a_route_asks_for_is_in_the_permission_table() {
    let house = House::empty();
    let rules = house.node.rules();
    for row in table() {
        for permission in row.door.permissions() {
            assert!(rules.permissions.has_row(permission), "{permission} of {}", row.path);
        }
    }
}

#[test]
fn nobody_passes_a_door_without_a_session() {
    let house = House::planned();
    for row in table() {
        let answer = ask(&house.browser(), &row, &house);
        if row.door == Door::Open {
            assert_ne!(answer.code(), "signed-out", "{}", row.path);
        } else {
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (401, "signed-out"),
                "{}",
                row.path
            );
        }
    }
}

#[test]
fn a_role_without_the_permission_is_turned_away() {
    let house = House::planned();
    let first = house.first();
    let trainer = house.person(&first, "trainer", &["TRAINER"], "pk");
    let (rules, role) = (house.node.rules(), Role::try_new("TRAINER").unwrap());
    let lacks = |row: &&Row| {
        let asked = row.door.permissions();
        !asked.is_empty() && !asked.iter().any(|one| rules.permissions.allows(&role, one))
    };
    let mut turned_away = 0;
    for row in table().iter().filter(lacks) {
        turned_away += 1;
        let answer = ask(&trainer, row, &house);
        let got = (answer.status, answer.code());
        assert_eq!(got, (403, "role-lacks-permission".to_owned()), "{}", row.path);
    }
    assert!(turned_away > 60, "{turned_away}");
}

#[test]
fn a_role_for_another_area_is_turned_away() {
    let house = House::planned();
    let first = house.first();
    // Each for itself: one person may not hold some of them together.
    let roles = [
        "PEC",
        "POL-SP",
        "ECP-NAT",
        "SECOFF",
        "CTRL-D",
        "INTEL-MGR",
        "DRO",
        "DEVICE",
        "TRAINER",
        "PUBDESK",
    ];
    let far = roles.map(|role| {
        (role, house.person(&first, &format!("far-{}", role.to_lowercase()), &[role], "pk/punjab"))
    });
    let permissions = &house.node.rules().permissions;
    let mut bound = 0;
    for row in table().iter().filter(|row| !row.door.permissions().is_empty()) {
        let passes = |role: &str| {
            let role = Role::try_new(role).unwrap();
            row.door.permissions().iter().any(|needed| permissions.allows(&role, needed))
        };
        let holder = far.iter().find(|(role, _)| passes(role));
        let (_, far) = holder.unwrap_or_else(|| panic!("none of these roles passes {}", row.path));
        let answer = ask(far, row, &house);
        match row.reach {
            Reach::Part | Reach::All | Reach::Station => {
                bound += 1;
                let got = (answer.status, answer.code());
                assert_eq!(got, (403, "outside-area".to_owned()), "{}", row.path);
            }
            // Shows nothing of any area, or looks at the area in the body: see the stories of locks and roles.
            Reach::Nowhere | Reach::Handler => {
                assert_ne!(answer.code(), "role-lacks-permission", "{}", row.path);
            }
        }
    }
    assert!(bound > 40, "{bound}");
}

#[test]
fn a_change_without_the_csrf_token_changes_nothing() {
    let house = House::planned();
    let mut first = house.first();
    first.csrf = None;
    let changing = table().into_iter().filter(|row| word(&row.method) != "GET");
    for row in changing.filter(|row| row.door != Door::Open) {
        let answer = ask(&first, &row, &house);
        let got = (answer.status, answer.code());
        assert_eq!(got, (403, "csrf-missing".to_owned()), "{}", row.path);
    }
}

#[test]
fn another_site_and_another_host_name_are_turned_away() {
    let house = House::empty();
    let browser = house.browser();
    let evil = browser.send("GET", "/api/setup", &[("host", "evil.example")], b"");
    assert_eq!((evil.status, evil.code().as_str()), (421, "host-unknown"));
    let evil = browser.send("GET", "/", &[("host", "evil.example:80")], b"");
    assert_eq!(evil.status, 421);
    for host in ["localhost", "localhost:9", "127.0.0.1", "[::1]:7", "192.168.1.20"] {
        let answer = browser.send("GET", "/api/setup", &[("host", host)], b"");
        assert_eq!(answer.status, 200, "{host}");
    }
    let headers = [("origin", "http://evil.example"), ("content-type", "application/json")];
    let answer = browser.send("POST", "/api/session", &headers, b"{}");
    assert_eq!((answer.status, answer.code().as_str()), (403, "origin-foreign"));
}

#[test]
fn every_answer_carries_the_security_headers() {
    let house = House::empty();
    for path in ["/", "/api/setup", "/api/node", "/api/nothing", "/room/x"] {
        let answer = house.browser().get(path);
        let policy = &answer.headers["content-security-policy"];
        assert!(policy.contains("default-src 'self'") && !policy.contains("http"), "{policy}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers["referrer-policy"], "no-referrer");
        if path.starts_with("/api") {
            assert_eq!(answer.headers["cache-control"], "no-store", "{path}");
        }
    }
    let unknown = house.browser().get("/api/nothing");
    assert_eq!((unknown.status, unknown.code().as_str()), (404, "not-found"));
}

#[test]
fn a_body_that_is_too_large_or_no_json_is_refused_with_a_reason() {
    let house = House::empty();
    let kind = [("content-type", "application/json")];
    let large = vec![b' '; 2 * 1024 * 1024];
    let ask = |headers: &[(&str, &str)], body: &[u8]| {
        let answer = house.browser().send("POST", "/api/session", headers, body);
        (answer.status, answer.code())
    };
    assert_eq!(ask(&kind, &large), (413, "too-large".to_owned()));
    assert_eq!(ask(&kind, b"{"), (400, "malformed".to_owned()));
    assert_eq!(ask(&kind, b"{}"), (400, "malformed".to_owned()), "a field is missing");
    assert_eq!(ask(&[], b"{}"), (400, "malformed".to_owned()), "a form could have sent it");
}
