//! An order from the nation to a district, over a cable, in the dark, and back.

use super::{
    lan::{certificate, member, presence, until},
    *,
};
use crate::node::order::{Addressed, Reach};
use pehra_domain::role::Role;
use pehra_link::path::{self, Carrier, Way};
use pehra_ops::order::{self, Order, Priority};

fn sukkur() -> AreaId {
    AreaId::try_new("pk/sindh/sukkur").unwrap()
}

fn give(node: &Node, within_ms: i64) -> EventRef {
    let order = Order {
        to: vec![Role::try_new("PEC").unwrap()],
        priority: Priority::Life,
        text: "Hold the convoy".to_owned(),
        read_by: UnixMs(now().0 + within_ms),
        runner: "rider 7".to_owned(),
        charge: None,
    };
    let actor = node.console("order.give").unwrap();
    let command = Command::Order(order::Command::Give { area: sukkur(), order });
    node.execute(&actor, command).unwrap()[0]
}

fn addressee(node: &Node, order: EventRef) -> Addressed {
    let all = node.orders(|_, _| true);
    let view = all.into_iter().find(|view| view.at == order).unwrap();
    assert_eq!(view.addressees.len(), 1);
    view.addressees.into_iter().next().unwrap()
}

fn stages(node: &Node, order: EventRef) -> [bool; 4] {
    addressee(node, order).reached.map(|reached| reached.is_some())
}

#[test]
fn an_order_is_sent_received_read_and_acted_on_each_in_its_signers_name() {
    let dirs = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let [nation, district] = &dirs.each_ref().map(member);
    nation.learn(vec![certificate(nation, "pk")]).unwrap();
    district.learn(vec![certificate(district, "pk/sindh/sukkur")]).unwrap();
    let hub = presence(nation, &[]);
    let near = presence(district, &[hub.watch().address().unwrap()]);
    until("the nation knows the district", || {
        nation.roster(|roster| roster.is_chained(district.public_key().id()))
    });
    let order = give(nation, 3_600_000);
    until("the district has it and says so", || stages(nation, order)[1]);
    assert!(!addressee(nation, order).hand);
    let at_home = addressee(district, order);
    assert_eq!(at_home.reach, Reach::Here);
    let actor = district.console("order.answer").unwrap();
    let read = Command::Order(order::Command::Read { area: sukkur(), order });
    district.execute(&actor, read).unwrap();
    until("the nation sees that it was read", || stages(nation, order)[2]);
    let note = "held".to_owned();
    let act = Command::Order(order::Command::Act { area: sukkur(), order, note });
    district.execute(&actor, act).unwrap();
    until("the nation sees that it was done", || {
        stages(nation, order) == [false, true, true, true]
    });
    // The district dialled; the nation's own word that it left comes when it dials itself.
    let _back = presence(nation, &[near.watch().address().unwrap()]);
    until("the nation says that it left", || stages(district, order) == [true; 4]);
    for node in [nation, district] {
        let report = node.verify(&mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!((report.damages, report.unsigned), (0, 0));
        assert!(node.withheld().iter().all(|it| it.kind < 2_000), "every word counted");
    }
}

#[test]
fn an_order_on_a_dark_path_is_not_reachable_and_raises_its_hand() {
    let dirs = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let [nation, district] = &dirs.each_ref().map(member);
    nation
        .learn(vec![certificate(nation, "pk"), certificate(district, "pk/sindh/sukkur")])
        .unwrap();
    let order = give(nation, 40);
    assert_eq!(addressee(nation, order).reach, Reach::Unknown);
    let way = Way { area: sukkur().as_str().to_owned(), carrier: Carrier::Lan, due_every_ms: None };
    nation.watch_path("cable", way);
    nation.observe_path("cable", path::Event::Delivered);
    assert_eq!(addressee(nation, order).reach, Reach::Open);
    for _ in 0..path::FAILURES {
        nation.observe_path("cable", path::Event::Failed);
    }
    assert_eq!(addressee(nation, order).reach, Reach::Dark);
    until("the hand goes up", || addressee(nation, order).hand);
    let withdraw = order::Command::Withdraw { order, reason: "road open".to_owned() };
    let actor = nation.console("order.give").unwrap();
    nation.execute(&actor, Command::Order(withdraw)).unwrap();
    assert!(!addressee(nation, order).hand, "nobody waits for what was withdrawn");
}

#[test]
fn a_receipt_of_a_device_without_certificate_counts_for_nothing() {
    let dirs = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let [nation, stranger] = &dirs.each_ref().map(member);
    nation
        .learn(vec![certificate(nation, "pk"), certificate(stranger, "pk/sindh/sukkur")])
        .unwrap();
    let order = give(nation, 3_600_000);
    let hash = nation.reader().entry(convert::place(order)).unwrap().unwrap().entry.hash();
    let body = pehra_link::receipt::Receipt {
        stage: pehra_link::receipt::Stage::Received,
        orders: vec![hash],
    };
    // Written for the whole country, which its certificate does not give it.
    stranger
        .say(&mut stranger.writer(), pehra_link::receipt::RECEIPT, &body.encode(), Vec::new())
        .unwrap();
    let entries: Vec<Vec<u8>> =
        stranger.sealed_after(0, 100).unwrap().into_iter().map(|sealed| sealed.bytes).collect();
    nation.receive(&entries).unwrap();
    assert_eq!(stages(nation, order), [false; 4]);
}
