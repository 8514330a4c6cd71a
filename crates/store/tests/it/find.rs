//! The search palette's questions.

use pehra_store::search::SearchChange;
use pehra_store::{Batch, Query, SearchRow, Store};

fn row(kind: &str, key: &str, area: &str, text: &str) -> SearchRow {
    let [kind, key, area, text] = [kind, key, area, text].map(str::to_owned);
    SearchRow { kind, key, area, text }
}

fn keys(store: &Store, text: &str, kind: &str, area: &str) -> Vec<String> {
    let [text, kind, area] = [text, kind, area].map(str::to_owned);
    let rows = store.search(&Query { text, kind, area, limit: 20 }).unwrap();
    rows.into_iter().map(|row| row.key).collect()
}

fn filled() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let rows = vec![
        row(
            "station",
            "NA-248-15",
            "pk/sindh/karachi-east",
            "Government Boys School Gulshan, Karachi",
        ),
        row(
            "station",
            "NA-40-7",
            "pk/kp/north-waziristan",
            "Girls High School Mir Ali گرلز ہائی سکول میر علی",
        ),
        row("station", "NA-40-70", "pk/kp/north-waziristan", "Basic Health Unit Café Road"),
    ];
    let districts =
        vec![row("district", "karachi-east", "pk/sindh/karachi-east", "Karachi East كراچي شرقی")];
    let search =
        vec![SearchChange::ReplaceKind("station".to_owned(), rows), SearchChange::Put(districts)];
    store.commit(&Batch { search, ..Batch::default() }).unwrap();
    (dir, store)
}

#[test]
fn a_few_letters_are_enough_in_either_language() {
    let (_dir, store) = filled();
    assert_eq!(keys(&store, "gul kar", "", ""), ["NA-248-15"]);
    assert_eq!(keys(&store, "ہائی سکول", "", ""), ["NA-40-7"]);
    assert_eq!(keys(&store, "کراچی", "", ""), ["karachi-east"]);
    assert_eq!(keys(&store, "cafe", "", ""), ["NA-40-70"]);
    assert_eq!(keys(&store, "NA-۲۴۸", "", ""), ["NA-248-15"]);
    assert_eq!(keys(&store, "na-40-7", "", "").len(), 2);
    assert_eq!(keys(&store, "mir  ali", "", ""), ["NA-40-7"]);
    assert!(keys(&store, "nowhere", "", "").is_empty());
}

#[test]
fn kind_and_area_narrow_the_answer() {
    let (_dir, store) = filled();
    assert_eq!(keys(&store, "karachi", "district", ""), ["karachi-east"]);
    assert_eq!(keys(&store, "school", "", "pk/kp"), ["NA-40-7"]);
    assert_eq!(keys(&store, "school", "", "pk/kp/north-waziristan"), ["NA-40-7"]);
    assert!(keys(&store, "school", "", "pk/k").is_empty());
    assert_eq!(keys(&store, "school", "", "pk").len(), 2);
}

#[test]
fn what_a_person_types_is_never_an_error() {
    let (_dir, store) = filled();
    for text in
        ["", " ", "\"", "a\"b", "OR", "NOT x", "(", "*", "text:x", "-", "ً", "'; DROP TABLE entries"]
    {
        let _answers = keys(&store, text, "", "");
    }
    assert_eq!(store.search_count().unwrap(), 4);
}

#[test]
fn replaced_and_removed_rows_are_not_found() {
    let (_dir, mut store) = filled();
    let search = vec![
        SearchChange::Put(vec![row(
            "station",
            "NA-40-70",
            "pk/kp/north-waziristan",
            "Renamed Dispensary",
        )]),
        SearchChange::Remove { kind: "station".to_owned(), key: "NA-248-15".to_owned() },
        SearchChange::Remove { kind: "station".to_owned(), key: "never-there".to_owned() },
    ];
    store.commit(&Batch { search: search.clone(), ..Batch::default() }).unwrap();
    store.commit(&Batch { search, ..Batch::default() }).unwrap();
    assert!(keys(&store, "gulshan", "", "").is_empty());
    assert!(keys(&store, "cafe", "", "").is_empty());
    assert_eq!(keys(&store, "dispensary", "", ""), ["NA-40-70"]);
    let search = vec![SearchChange::ReplaceKind("station".to_owned(), Vec::new())];
    store.commit(&Batch { search, ..Batch::default() }).unwrap();
    assert!(keys(&store, "school", "", "").is_empty());
    assert_eq!(store.search_count().unwrap(), 1);
}

/// Few changes go through the index one by one, many fill it anew: the answers are the same.
#[test]
fn a_kind_replaced_whole_is_found_as_if_it_had_always_been_so() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let rows = |count: u32, edition: u32| -> Vec<SearchRow> {
        let text = |n| format!("School {n} edition{}", if n % 7 == 0 { edition } else { 0 });
        (0..count).map(|n| row("station", &format!("S{n}"), "pk", &text(n))).collect()
    };
    store
        .commit(&Batch {
            search: vec![SearchChange::Put(vec![row("district", "swat", "pk/kp/swat", "Swat")])],
            ..Batch::default()
        })
        .unwrap();
    for (count, edition) in
        [(4_000, 0), (4_000, 1), (500, 1), (500, 1), (4_100, 2), (0, 3), (50, 4)]
    {
        let search = vec![SearchChange::ReplaceKind("station".to_owned(), rows(count, edition))];
        store.commit(&Batch { search, ..Batch::default() }).unwrap();
        assert_eq!(store.search_count().unwrap(), u64::from(count) + 1);
        assert_eq!(
            keys(&store, "school 14", "station", "").contains(&"S14".to_owned()),
            count > 14
        );
        assert_eq!(keys(&store, &format!("edition{edition}"), "", "").is_empty(), count == 0);
        if edition > 1 {
            assert!(keys(&store, "edition1", "", "").is_empty(), "what was replaced is gone");
        }
        assert_eq!(keys(&store, "swat", "", ""), ["swat"]);
    }
}
