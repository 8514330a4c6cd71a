//! One node's entries to another over TLS on loopback: every signature verified, every commit on the disk before the answer,
//! every right judged and every effect counted. `cargo run --release -p pehra-lan --example ledger_replicate_speed [--
//! EVENTS]`, 100,000 unless said otherwise; `cargo xtask bench ledger` runs it beside PouchDB.
#![expect(clippy::print_stdout, reason = "the figures are the output")]
#![expect(clippy::cast_precision_loss, reason = "figures for people")]

#[path = "shutdown_day/home.rs"]
mod home;

use home::{Home, Who};
use pehra_lan::{
    House,
    watch::{Pace, Watch},
};
use pehra_ledger::{Head, draft::Next};
use std::{
    error::Error,
    time::{Duration, Instant},
};

const PHONES: u16 = 200;
const TOGETHER: usize = 2_000;

type Done<T> = Result<T, Box<dyn Error>>;

/// Events of 200 devices, taken in as they would arrive.
fn fill(node: &Home, events: u64) -> Done<()> {
    let phones: Vec<Who> = (1..=PHONES).map(|station| Who { district: 1, station }).collect();
    node.learn(phones.iter().filter_map(|who| who.certificate()).collect());
    let mut nexts = vec![Next::FIRST; phones.len()];
    let mut part = Vec::with_capacity(TOGETHER);
    for n in 0..events {
        let at = usize::try_from(n % u64::from(PHONES))?;
        let (Some(who), Some(next)) = (phones.get(at), nexts.get_mut(at)) else { break };
        let entry = who.seal(n, *next)?;
        *next = Head::of(&entry).next();
        part.push(entry);
        if part.len() == TOGETHER || n + 1 == events {
            node.desk()?.take_entries(std::mem::take(&mut part))?;
        }
    }
    Ok(())
}

fn main() -> Done<()> {
    let events: u64 = std::env::args().nth(1).map_or(Ok(100_000), |text| text.parse())?;
    let dir = tempfile::tempdir()?;
    let open = |station: u16| {
        Home::open(&dir.path().join(station.to_string()), Who { district: 0, station })
    };
    let (one, two) = (open(0)?, open(1)?);
    let began = Instant::now();
    fill(&one, events)?;
    println!(
        "{events} events signed by {PHONES} devices and taken in: {:.0} /s",
        events as f64 / began.elapsed().as_secs_f64()
    );
    // Each does something itself, so that both have something to tell.
    one.act(1 << 60)?;
    two.act(2 << 60)?;
    let pace = Pace { soon: Duration::from_millis(1), ..Pace::default() };
    let at = Some("127.0.0.1:0".parse()?);
    let first = Watch::begin(Box::new(one.clone()), at, &[], false, pace)?;
    let peer = first.address().ok_or("no address")?;
    let began = Instant::now();
    let second = Watch::begin(Box::new(two.clone()), None, &[peer], false, pace)?;
    while u64::try_from(two.deeds())? < events + 2 || u64::try_from(one.deeds())? < events + 2 {
        std::thread::sleep(Duration::from_millis(2));
    }
    let seconds = began.elapsed().as_secs_f64();
    drop((second, first));
    // What is on the disk is what took effect.
    drop(two);
    let again = open(1)?;
    if again.effects() != one.effects() || again.heads()? != one.heads()? {
        return Err("what came over is not what was there".into());
    }
    println!(
        "replicated {:.0} events/s in {seconds:.2} s, both nodes on this machine",
        events as f64 / seconds
    );
    Ok(())
}
