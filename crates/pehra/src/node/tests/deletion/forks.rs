//! Where a log forks, two entries were signed for one place, and both are kept. A deletion reaches each by its own header.

use super::*;
use crate::node::tests::lan::by_root;

/// A device of the nation that signs two histories, and a node that is told of it.
fn forking() -> (tempfile::TempDir, Node, [Other; 2]) {
    let ([dir], [node]) = nodes();
    let sides = [(), ()].map(|()| Other::new(&node, 7));
    let body = sides[0].certificate(&["PEC"], "pk");
    node.learn(vec![by_root(body)]).unwrap();
    (dir, node, sides)
}

/// An act with words about an area, sealed in the next place of a side.
pub(super) fn signs(side: &mut Other, area: &str, words: &str) -> Vec<u8> {
    let area = AreaId::try_new(area).unwrap();
    let event = Event::Parameter(parameter::Event::Set {
        key: ParameterKey { area: area.clone(), key: "risk.threshold.most".to_owned() },
        parameter: Parameter { value: Value::Text("61".to_owned()), source: words.to_owned() },
        reason: "apart".to_owned(),
    });
    side.says_of(area.as_str(), "PEC", event.kind(), &event.encode(), Vec::new())
}

fn place_of(bytes: &[u8]) -> Place {
    Entry::decode(bytes).unwrap().header().place
}

#[test]
fn words_that_only_the_proof_of_a_fork_carries_are_deleted_too() {
    let (_dir, node, [mut one, mut two]) = forking();
    let held = signs(&mut one, "pk", "first");
    let (_not_shown, second) = (signs(&mut two, "pk", "other"), signs(&mut two, "pk", WORDS));
    let place = place_of(&second);
    node.receive(&[held]).unwrap();
    let received = node.receive(&[second]).unwrap();
    assert!(matches!(&received.verdicts[..], [Verdict::Forked(_)]), "{received:?}");
    assert_eq!(state_of(&node, place), None, "its log has nothing there");
    assert!(says(&node), "and yet the words are here, beside the proof");
    delete(&node, &[place]);
    assert!(!says(&node));
    assert_eq!(node.deletions()[0].done.iter().map(|it| it.gone).collect::<Vec<_>>(), [1]);
    let forks = node.reader().forks().unwrap();
    let key = node.reader().device_key(one.key.id()).unwrap().unwrap();
    assert!(forks.len() == 1 && forks[0].proof.verify(&key).is_some(), "the proof still proves");
    whole(&node);
}

#[test]
fn an_order_empties_the_side_of_a_fork_that_it_reaches_and_leaves_the_other() {
    let (_dir, node, [mut one, mut two]) = forking();
    let (kept, gone) = (signs(&mut one, "pk", "of the nation"), signs(&mut two, "pk/sindh", WORDS));
    let place = place_of(&kept);
    node.receive(&[kept]).unwrap();
    node.receive(std::slice::from_ref(&gone)).unwrap();
    assert!(says(&node));
    let order = pehra_ops::deletion::Command::Order {
        area: AreaId::try_new("pk/sindh").unwrap(),
        places: vec![convert::event_ref(place)],
        ground: Ground::Court,
        instrument: "W.P. 12/2024".to_owned(),
        reason: "names a witness".to_owned(),
    };
    let actor = node.deleting_console().unwrap();
    let order = node.execute(&actor, Command::Deletion(order)).unwrap()[0];
    node.approve_deletion(&second(&node), order).unwrap();
    assert!(!says(&node));
    assert_eq!(state_of(&node, place), Some(PayloadState::Here), "nobody ordered this one");
    // What comes again is left at the door, and what nobody named stays.
    node.receive(&[gone]).unwrap();
    assert!(!says(&node));
    assert_eq!(state_of(&node, place), Some(PayloadState::Here));
    whole(&node);
}
