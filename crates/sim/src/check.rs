//! The invariants, as `design/LEDGER.md` numbers them; what is broken is said in words.

use crate::{
    deletion::{ENTITLED, is_named, named_by},
    fault::Fault,
    node::SimNode,
    oracle::{Oracle, Receipt},
    projection::Projection,
    world::World,
};
use pehra_ledger::{
    DeviceId, Hash, Header, Place,
    roster::{Act, Standing},
    statement::Said,
    sync::element::Log,
};
use std::collections::{BTreeMap, BTreeSet};

/// What is broken now; empty when all holds.
#[must_use]
pub fn broken(world: &World) -> Vec<String> {
    let mut problems = world.oracle.problems.clone();
    let served: Vec<(usize, &SimNode)> =
        world.nodes.iter().enumerate().filter(|(_, node)| world.is_served(node)).collect();
    for (at, node) in &served {
        kept(*at, node, &mut problems);
        genuine(*at, node, &world.oracle, &mut problems);
        deleted(*at, node, &world.oracle, &mut problems);
    }
    let seen = Oracle::forks(&shown(&served, &world.oracle, true));
    let shown = shown(&served, &world.oracle, false);
    let legible = legible(&served);
    let forks = Oracle::forks(&shown);
    let receipts = receipts(&served, &world.oracle);
    judged(&served, &mut problems);
    for (at, node) in &served {
        proven(*at, node, &world.oracle, &receipts, &mut problems);
    }
    counted(&served, &world.oracle, &mut problems);
    let mut alike: BTreeMap<(&str, &str), (usize, Projection)> = BTreeMap::new();
    for (at, node) in &served {
        let (shown, forks, seen) = (&shown, &forks, &seen);
        let truth = Truth { shown, forks, seen, receipts: &receipts, legible: &legible };
        let projection = node.projection();
        expected(*at, node, &projection, &world.oracle, &truth, &mut problems);
        trees(*at, node, &mut problems);
        if !world.faults.has(Fault::Clock) {
            stolen(*at, &projection, &world.oracle, &mut problems);
        }
        if projection.effects != u64::try_from(projection.clean.len()).unwrap_or(0) {
            problems.push(format!("I3: at {at} an act takes effect twice"));
        }
        let (first, same) =
            alike.entry((&node.area, &node.role)).or_insert((*at, projection.clone()));
        if *same != projection {
            let how = same.differs(&projection);
            problems.push(format!("I3: {first} and {at} project differently: {how}"));
        }
    }
    problems.sort();
    problems.dedup();
    problems
}

/// I8: whoever holds an entry judges it as everybody else does.
fn judged(served: &[(usize, &SimNode)], problems: &mut Vec<String>) {
    let mut first: BTreeMap<(Place, Hash), (usize, Standing)> = BTreeMap::new();
    for (at, node) in served {
        for entry in node.book.logs.entries() {
            let standing = node.book.roster.standing(&Act::of(entry.header(), entry.hash()));
            let (place, hash) = (entry.header().place, entry.hash());
            let (other, same) = *first.entry((place, hash)).or_insert((*at, standing));
            if same != standing {
                problems.push(format!(
                    "I8: of {place} {other} says {same:?} and {at} says {standing:?}"
                ));
            }
        }
    }
}

/// I8: under a cosigned checkpoint the same witnesses count everywhere, and those that the root stands behind.
fn counted(served: &[(usize, &SimNode)], oracle: &Oracle, problems: &mut Vec<String>) {
    // Of the words that count, and of those that do not, each witness's first and last stand for all between.
    let mut times: BTreeMap<(DeviceId, bool), (u64, u64)> = BTreeMap::new();
    for (device, .., time_s) in &oracle.words {
        let counts = oracle.counts_as_witness(*device, *time_s);
        let (first, last) = times.entry((*device, counts)).or_insert((*time_s, *time_s));
        (*first, *last) = ((*first).min(*time_s), (*last).max(*time_s));
    }
    for ((device, counts), (first, last)) in times {
        for time_s in [first, last] {
            let at_ms = time_s.saturating_mul(1_000);
            let differs = |node: &SimNode| node.book.roster.is_witness(device, at_ms) != counts;
            if let Some((at, _)) = served.iter().find(|(_, node)| differs(node)) {
                problems
                    .push(format!("I8: at {at} the word of {device} at {time_s} counts wrongly"));
            }
        }
    }
}

/// I9: what a node's tree and the words of witnesses that it holds can prove of a stolen device is proven, whatever
/// arrived first.
fn proven(
    at: usize,
    node: &SimNode,
    oracle: &Oracle,
    receipts: &[Receipt],
    problems: &mut Vec<String>,
) {
    // A disk that has lost something has another tree than the one that was signed.
    if node.disk.unsound {
        return;
    }
    for (device, revoked) in &oracle.revoked {
        for revoked in revoked {
            let Some(before_ms) = revoked.witnessed_before_ms else { continue };
            for (place, hash) in node.provable(oracle, *device, &revoked.last, before_ms) {
                if !oracle.is_witnessed(place, hash, before_ms, receipts) {
                    problems.push(format!("I9: {at} could prove {place} and nobody has the proof"));
                }
            }
        }
    }
}

/// I1: what was answered for is held, and I4: what was known to fork still is after a start, on a node with a sound disk.
fn kept(at: usize, node: &SimNode, problems: &mut Vec<String>) {
    if let Some((device, epoch)) = node.forgotten {
        problems.push(format!("I4: {at} forgot at a start that {device}/{epoch} forks"));
    }
    if node.disk.unsound {
        return;
    }
    let held = held(node);
    if let Some((place, _)) = node.promised.difference(&held).next() {
        problems.push(format!("I1: {at} has lost {place}, which it had answered for"));
    }
}

/// I10: what was deleted is held nowhere, and nothing else was.
fn deleted(at: usize, node: &SimNode, oracle: &Oracle, problems: &mut Vec<String>) {
    let orders = node.orders(false);
    let payloads = if orders.is_empty() { Vec::new() } else { node.payloads() };
    for entry in payloads.iter().filter(|entry| is_named(&orders, entry)) {
        let place = entry.header().place;
        problems.push(format!("I10: {at} holds {place}, which was deleted"));
    }
    let mut gone = node.gone.iter();
    if let Some((place, _)) = gone.find(|(place, hash)| !oracle.is_ordered(*place, *hash)) {
        problems.push(format!("I10: {at} has deleted {place}, which nobody entitled ordered"));
    }
}

/// I10: what an order names that counts, and that anybody can still read, is held by nobody whom it reaches, whether or
/// not the order came to them.
fn emptied(
    at: usize,
    node: &SimNode,
    good: &BTreeSet<(Place, Hash)>,
    oracle: &Oracle,
    Truth { legible, .. }: &Truth<'_>,
    problems: &mut Vec<String>,
) {
    // Who may read nothing can read no order; what it wrote itself stays with it, and it never answers for it.
    if !oracle.enrolled.get(&node.id()).is_some_and(|it| it.reads) {
        return;
    }
    let signed = |(place, hash): &(Place, Hash)| oracle.signed.get(place)?.get(hash);
    let orders = good.intersection(legible).filter_map(signed);
    let orders: Vec<_> = orders.filter(|order| order.role == ENTITLED).collect();
    let payloads = if orders.is_empty() { Vec::new() } else { node.payloads() };
    for entry in payloads {
        let (place, hash) = (entry.header().place, entry.hash());
        let mut naming = orders.iter().filter(|order| order.names == Some(place));
        if naming.any(|order| oracle.reaches(order, place, hash)) {
            problems.push(format!("I10: {at} holds {place}, whose deletion was ordered"));
        }
    }
}

/// Orders of deletions that some node which is served can read.
fn legible(served: &[(usize, &SimNode)]) -> BTreeSet<(Place, Hash)> {
    let all = served.iter().flat_map(|(_, node)| node.book.logs.entries());
    let orders = all.filter(|entry| named_by(entry).is_some());
    orders.map(|entry| (entry.header().place, entry.hash())).collect()
}

/// I2 and I5: nothing is held that the key's holder did not sign, bit for bit.
fn genuine(at: usize, node: &SimNode, oracle: &Oracle, problems: &mut Vec<String>) {
    for entry in node.book.logs.entries().filter(|entry| !oracle.knows(entry)) {
        problems.push(format!("I2/I5: {at} holds {} as nobody signed it", entry.header().place));
    }
}

fn held(node: &SimNode) -> BTreeSet<(Place, Hash)> {
    node.book.logs.entries().map(|entry| (entry.header().place, entry.hash())).collect()
}

/// Whether a node may hold a log by the certificates that still stand. Of what an office opened to it that was taken
/// away, it is told nothing more and heard nothing more, as a device with no other office is not served at all.
fn may_hold(oracle: &Oracle, node: &SimNode, log: Log) -> bool {
    let mut own = oracle.standing_areas(node.id());
    own.any(|own| oracle.areas(log.0).any(|area| Oracle::concerns(own, area)))
}

/// Everything that reached an honest node, and what it points back to: an entry says which one was before it, and no more.
/// Of `all`, or of those logs that the node may hold.
fn shown(served: &[(usize, &SimNode)], oracle: &Oracle, all: bool) -> BTreeSet<(Place, Hash)> {
    let mut shown = BTreeSet::new();
    for (_, node) in served {
        let mut may: BTreeMap<Log, bool> = BTreeMap::new();
        let mut show = |header: &Header, hash: Hash| {
            let place = header.place;
            let log = (place.device, place.epoch);
            if *may.entry(log).or_insert_with(|| all || may_hold(oracle, node, log)) {
                shown.insert((place, hash));
                let before = place.seq.checked_sub(1).map(|seq| Place { seq, ..place });
                shown.extend(before.map(|before| (before, header.previous)));
            }
        };
        node.book.logs.entries().for_each(|entry| show(entry.header(), entry.hash()));
        for proof in node.book.fork_proofs() {
            for side in [&proof.held, &proof.other] {
                if let Ok(header) = Header::decode(&side.header_bytes) {
                    show(&header, side.hash());
                }
            }
        }
    }
    shown
}

/// Proofs of receipt that any served node holds and that are what they say.
fn receipts(served: &[(usize, &SimNode)], oracle: &Oracle) -> Vec<Receipt> {
    let mut names = BTreeSet::new();
    let mut receipts = Vec::new();
    for (_, node) in served {
        for said in node.book.roster.statements() {
            let Said::Receipt(proof) = &said else { continue };
            if names.insert(said.name()) {
                receipts.extend(oracle.receipt(proof));
            }
        }
    }
    receipts
}

/// I4 for trees: whoever holds two roots of one tree and size says so.
fn trees(at: usize, node: &SimNode, problems: &mut Vec<String>) {
    let mut seen = BTreeMap::new();
    for checkpoint in node.checkpoints_held() {
        let root = *seen.entry((checkpoint.origin, checkpoint.size)).or_insert(checkpoint.root);
        if root != checkpoint.root && !node.trees.forked.contains(&checkpoint.origin) {
            let name = checkpoint.origin.name();
            problems.push(format!("I4: {at} holds two histories of {name} and says nothing"));
        }
    }
}

/// I6: what a thief signed after the moment that a revocation states is never clean, whoever vouches for it. Where
/// clocks are wrong, witnesses are too, and then only the written rules are asked.
fn stolen(at: usize, projection: &Projection, oracle: &Oracle, problems: &mut Vec<String>) {
    for (place, hash) in &projection.clean {
        let signed = oracle.signed.get(place).and_then(|at| at.get(hash));
        let mut moments = oracle.revoked.get(&place.device).into_iter().flatten();
        let after =
            |true_ms| moments.any(|it| it.witnessed_before_ms.is_some_and(|m| true_ms >= m));
        if signed.map(|it| it.true_ms).is_some_and(after) {
            problems.push(format!("I6: at {at} {place} was signed after a theft and is clean"));
        }
    }
}

/// What the oracle makes of all that reached an honest node.
struct Truth<'a> {
    shown: &'a BTreeSet<(Place, Hash)>,
    forks: &'a BTreeMap<Log, u64>,
    /// Forks that any honest node has evidence of, whether or not it may still speak of them.
    seen: &'a BTreeMap<Log, u64>,
    receipts: &'a [Receipt],
    legible: &'a BTreeSet<(Place, Hash)>,
}

/// I3, I4, I6: forks are known where they begin, and exactly the good entries before them are clean.
fn expected(
    at: usize,
    node: &SimNode,
    projection: &Projection,
    oracle: &Oracle,
    truth: &Truth<'_>,
    problems: &mut Vec<String>,
) {
    let Truth { shown, forks, seen, receipts, .. } = truth;
    let concerns = |log: &Log| may_hold(oracle, node, *log);
    let marked = node.book.logs.forked();
    for (log, seq) in forks.iter().filter(|(log, _)| concerns(log)) {
        if marked.get(log) != Some(seq) {
            let found = marked.get(log);
            problems.push(format!(
                "I4: at {at} the fork of {}/{} at {seq} is known as {found:?}",
                log.0, log.1
            ));
        }
    }
    for log in marked.keys().filter(|log| !seen.contains_key(log)) {
        problems.push(format!("I4: at {at} {}/{} counts as forked and is not", log.0, log.1));
    }
    let good: BTreeSet<(Place, Hash)> = shown
        .iter()
        .filter(|(place, hash)| {
            let log = (place.device, place.epoch);
            concerns(&log)
                && forks.get(&log).is_none_or(|&fork| place.seq < fork)
                && oracle.is_good(*place, *hash, receipts)
        })
        .copied()
        .collect();
    let clean = &projection.clean;
    if let Some((place, _)) = good.difference(clean).next() {
        problems.push(format!("I3: at {at} {place} is missing or without effect"));
    }
    if let Some((place, _)) = clean.difference(&good).next() {
        problems.push(format!("I3/I6: at {at} {place} takes effect and must not"));
    }
    emptied(at, node, &good, oracle, truth, problems);
}
