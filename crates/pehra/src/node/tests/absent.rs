//! Payloads that did not come along and are looked for.

use super::{lan::by_root, lan::member, *};
use pehra_ledger::{
    Place,
    sync::{
        desk::Desk as _,
        scope::{Entitlement, Scope},
    },
};

#[test]
fn payloads_that_are_nobody_s_business_here_hide_none_that_is() {
    let dir = tempfile::tempdir().unwrap();
    let node = member(&dir);
    let mut other = Other::new(&node, 7);
    let body = other.certificate(&["PEC"], "pk");
    node.learn(vec![by_root(body)]).unwrap();
    let event = parameter_event("60");
    let mut bare = |area: &str| {
        let bytes = other.says_of(area, "PEC", event.kind(), &event.encode(), Vec::new());
        let entry = Entry::decode(&bytes).unwrap();
        (entry.header().place, entry.withheld().encode())
    };
    // A national office acts in another province all day, and once here.
    let mut entries: Vec<Vec<u8>> = (0..4_200).map(|_| bare("pk/punjab/lahore").1).collect();
    let (wanted, here) = bare("pk/sindh/sukkur");
    entries.push(here);
    node.receive(&entries).unwrap();
    let sindh = Entitlement::of_areas(vec!["pk/sindh".to_owned()]);
    let scope = Scope { mine: sindh, theirs: Entitlement::everything("pk") };
    // Each conversation looks at a part, and the next one goes on behind it.
    let look = || node.desk().unwrap().missing_payloads(&scope, &|_| false, 256).unwrap();
    assert_eq!(look(), [], "the first 4,096 are of another province");
    assert_eq!(look(), [wanted]);
    let asked = |place: &Place| *place == wanted;
    for _ in 0..3 {
        let more = node.desk().unwrap().missing_payloads(&scope, &asked, 256).unwrap();
        assert_eq!(more, [], "what was asked for is not asked again");
    }
}
