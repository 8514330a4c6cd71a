//! A small dose of the day that `cargo xtask shutdown` runs with a thousand nodes: three districts, their uplinks cut, one
//! of them without power, everything restored; each node has its own store on the disk.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on has failed")]

#[path = "../examples/shutdown_day/home.rs"]
mod home;

use home::{Home, Who};
use pehra_lan::{
    admission::Limits,
    frame::Patience,
    watch::{Pace, Watch},
};
use std::{collections::BTreeMap, net::SocketAddr, path::Path, time::Duration};

const DISTRICTS: u16 = 3;
const STATIONS: u16 = 6;

fn pace() -> Pace {
    Pace {
        soon: Duration::from_millis(20),
        calm: Duration::from_millis(200),
        late: Duration::from_millis(200),
        dial: Duration::from_secs(5),
        patience: Patience { begin: Duration::from_secs(30), whole: Duration::from_secs(30) },
        limits: Limits {
            connections: 400,
            per_address: 400,
            per_device: 10_000,
            ..Limits::default()
        },
    }
}

fn watch(home: &Home, peers: &[SocketAddr]) -> Watch {
    let at = Some("127.0.0.1:0".parse().unwrap());
    Watch::begin(Box::new(home.clone()), at, peers, false, pace()).unwrap()
}

/// A district under power: its office, its door, its stations.
struct District {
    office: Home,
    door: Watch,
    stations: Vec<(Home, Watch)>,
}

fn district(dir: &Path, district: u16) -> District {
    let open = |station: u16| {
        let folder = dir.join(format!("{district}-{station}"));
        Home::open(&folder, Who { district, station }).unwrap()
    };
    let office = open(0);
    let door = watch(&office, &[]);
    let at = door.address().unwrap();
    let stations = (1..=STATIONS)
        .map(|station| {
            let home = open(station);
            let watch = watch(&home, &[at]);
            (home, watch)
        })
        .collect();
    District { office, door, stations }
}

/// Everybody acts once in an hour; answers what was acknowledged.
fn hour(district: &District, number: u64) -> Vec<u64> {
    let homes = std::iter::once(&district.office).chain(district.stations.iter().map(|it| &it.0));
    homes
        .map(|home| {
            let who = home.who;
            let deed = u64::from(who.district) << 40 | u64::from(who.station) << 24 | number;
            home.act(deed).unwrap();
            deed
        })
        .collect()
}

/// Waits until something holds; what does not come in three minutes never does.
fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..18_000 {
        if holds() {
            return;
        }
        std::thread::park_timeout(Duration::from_millis(10));
    }
    panic!("it never came to this: {what}");
}

#[test]
fn after_a_day_without_uplinks_every_acknowledged_deed_is_everywhere_it_belongs_and_took_effect_once()
 {
    let dir = tempfile::tempdir().unwrap();
    let nation = Home::open(&dir.path().join("nation"), Who { district: 0, station: 0 }).unwrap();
    let hub = watch(&nation, &[]);
    let at = [hub.address().unwrap()];
    let mut districts: Vec<District> =
        (1..=DISTRICTS).map(|number| district(dir.path(), number)).collect();
    let mut uplinks: Vec<Watch> = districts.iter().map(|it| watch(&it.office, &at)).collect();
    let mut acknowledged: Vec<u64> = districts.iter().flat_map(|it| hour(it, 0)).collect();
    let whole = |home: &Home, all: &[u64]| {
        let once: BTreeMap<u64, u32> = all.iter().map(|deed| (*deed, 1)).collect();
        home.effects() == once
    };
    until("the morning's deeds are with the nation", || whole(&nation, &acknowledged));
    uplinks.clear();
    let before = nation.deeds();
    for number in 1..=4 {
        acknowledged.extend(districts.iter().flat_map(|it| hour(it, number)));
        // The second district's power goes in the middle of the day, and comes back.
        if number == 2 {
            drop(districts.remove(1));
            districts.insert(1, district(dir.path(), 2));
        }
    }
    let own = |number: u16| {
        let of = |deed: &&u64| **deed >> 40 == u64::from(number);
        acknowledged.iter().filter(of).copied().collect::<Vec<u64>>()
    };
    for (number, district) in (1..).zip(&districts) {
        until("a district goes on alone", || whole(&district.office, &own(number)));
    }
    assert_eq!(nation.deeds(), before, "nothing came while the uplinks were cut");
    nation.act(1).unwrap();
    hub.news();
    let _restored: Vec<Watch> = districts.iter().map(|it| watch(&it.office, &at)).collect();
    until("everything is with the nation, each once", || {
        whole(&nation, &[&acknowledged[..], &[1]].concat())
    });
    for (number, district) in (1..).zip(&districts) {
        district.door.news();
        let all = [own(number), vec![1]].concat();
        until("the district has its own and the nation's", || whole(&district.office, &all));
        for (station, _) in &district.stations {
            until("the nation's deed reached the station", || station.effects().contains_key(&1));
        }
    }
    assert_eq!(nation.heads().unwrap().len(), 1 + usize::from(DISTRICTS * (STATIONS + 1)));
}
