//! A node whose cable and uplink go away and come back: what it sees, what waits, and in what order it leaves.

use super::{
    lan::{certificate, member, pace, presence, until},
    *,
};
use crate::lan::{Peers, Presence};
use pehra_domain::role::Role;
use pehra_link::{
    path::{Carrier, Mode, State as PathIs},
    queue::Priority as Class,
};
use pehra_ops::order::{self, Order, Priority};
use std::net::SocketAddr;

fn state_of(node: &Node, carrier: Carrier) -> PathIs {
    let views = node.paths().0;
    views.iter().find(|view| view.carrier == carrier).map_or(PathIs::Unknown, |view| view.state)
}

fn mode(node: &Node, area: &str) -> Mode {
    let modes = node.paths().1;
    modes.into_iter().find(|(name, _)| name == area).map_or(Mode::Unobserved, |(_, mode)| mode)
}

fn waiting(node: &Node, carrier: Carrier, class: Class) -> usize {
    let views = node.paths().0;
    let path = views.iter().find(|view| view.carrier == carrier).unwrap();
    let depths = path.queue.iter().flat_map(|(depths, _)| depths);
    depths.filter(|depth| depth.priority == class).map(|depth| depth.parcels).sum()
}

fn listen_at(node: &Node, at: SocketAddr) -> Presence {
    Presence::begin(node, Some(at), &[], false, pace()).unwrap()
}

fn sealed(node: &Node) -> Vec<Vec<u8>> {
    node.sealed_after(0, 1_000).unwrap().into_iter().map(|one| one.bytes).collect()
}

/// Places in the order in which a node received them.
fn received(node: &Node) -> Vec<pehra_ledger::Place> {
    let mut places = Vec::new();
    let mut visit = |stored: pehra_store::Stored| {
        places.push(stored.entry.header().place);
        ControlFlow::Continue(())
    };
    node.entries(pehra_store::Receipt(0), &mut visit).unwrap();
    places
}

fn order_from(node: &Node, priority: Priority) -> EventRef {
    let order = Order {
        to: vec![Role::try_new("PEC").unwrap()],
        priority,
        text: "Hold the convoy".to_owned(),
        read_by: UnixMs(now().0 + 3_600_000),
        runner: String::new(),
        charge: None,
    };
    let area = AreaId::try_new("pk/sindh/sukkur").unwrap();
    let command = Command::Order(order::Command::Give { area, order });
    node.execute(&node.console("order.give").unwrap(), command).unwrap()[0]
}

fn holds_all_once(node: &Node) {
    let mut places = received(node);
    places.sort_unstable();
    let count = places.len();
    places.dedup();
    assert_eq!(places.len(), count, "no entry twice");
    assert_eq!(node.orders(|_, _| true).len(), 2, "no order twice");
}

#[test]
fn shutdown_is_seen_by_its_loss_and_afterwards_everything_arrives_once_and_life_first() {
    let dirs = [(); 5].map(|()| tempfile::tempdir().unwrap());
    let [nation, near, district, one, two] = &dirs.each_ref().map(member);
    let all = [
        certificate(nation, "pk"),
        certificate(near, "pk/sindh"),
        certificate(district, "pk/sindh/sukkur"),
        certificate(one, "pk/sindh/sukkur"),
        certificate(two, "pk/sindh/sukkur"),
    ];
    for node in [nation, near, district, one, two] {
        node.learn(all.to_vec()).unwrap();
    }
    let (hub, cable) = (presence(nation, &[]), presence(near, &[]));
    let [uplink, lan] = [&hub, &cable].map(|it| it.watch().address().unwrap());
    let peers = Peers { near: &[lan], uplinks: &[uplink] };
    let own = "127.0.0.1:0".parse().unwrap();
    let _district = Presence::begin_with(district, Some(own), peers, false, pace()).unwrap();
    until("both paths carry", || {
        state_of(district, Carrier::Internet) == PathIs::Up
            && state_of(district, Carrier::Lan) == PathIs::Up
            && received(nation).len() == received(district).len()
    });
    assert_eq!(mode(district, "pk"), Mode::Normal);

    drop(hub);
    drop(cable);
    until("the loss is seen, of the public path alone as a shutdown", || {
        state_of(district, Carrier::Lan) == PathIs::Lost
            && matches!(mode(district, "pk"), Mode::Shutdown { .. })
    });
    assert_eq!(mode(district, "pk/sindh"), Mode::Unobserved, "a cable is no public path");

    // Of two phones that a courier brings, the one whose name comes later has the order of life.
    let (routine, life) =
        if one.public_key().id() < two.public_key().id() { (one, two) } else { (two, one) };
    let later = order_from(routine, Priority::Routine);
    let first = order_from(life, Priority::Life);
    district.receive(&[sealed(routine), sealed(life)].concat()).unwrap();
    until("what waits is counted", || {
        waiting(district, Carrier::Internet, Class::Life) == 1
            && waiting(district, Carrier::Lan, Class::Life) == 1
    });
    assert!(!received(nation).contains(&convert::place(first)));

    let (_hub, _cable) = (listen_at(nation, uplink), listen_at(near, lan));
    let held = |node: &Node| received(node).len();
    until("all hold the same", || {
        held(nation) == held(district)
            && held(near) == held(district)
            && received(nation).contains(&convert::place(later))
    });
    let at = |order: EventRef| {
        received(nation).iter().position(|place| *place == convert::place(order)).unwrap()
    };
    assert!(at(first) < at(later), "life goes before routine");
    until("the area is on its way back, and not called normal yet", || {
        matches!(mode(district, "pk"), Mode::Returning { .. })
    });
    until("nothing waits any more", || {
        Class::ALL.iter().all(|&class| waiting(district, Carrier::Internet, class) == 0)
    });
    for node in [nation, near, district] {
        holds_all_once(node);
    }
}
