//! `cargo xtask bench campaign [MILLIONS] [NODES]`: our planner beside HiGHS, on one instance, in one run.
//!
//! The peer comes from PyPI into a folder below `target/`. It gets the same people, shares and prices as a mixed-integer program:
//! by group a number that lies below the tangents of the concave reach at points close together, so that its bound is a bound
//! on the same question. What it chooses is weighed by the true formula.

use super::{conditions, python};
use crate::{house::House, run::Job};
use anyhow::Result;
use std::fs;

const PEER: &str = "highspy==1.11.0";
/// Seconds after which the peer stops with what it has.
const LIMIT_S: &str = "300";

const SCRIPT: &str = "\
import json, math, sys, time
import highspy, numpy as np
path, limit = sys.argv[1], float(sys.argv[2])
people, offers, budget = [], [], 0.0
for line in open(path):
    word, *rest = line.split()
    if word == 'budget': budget = float(rest[0])
    if word == 'people': people = [float(x) for x in rest]
    if word == 'offer': offers.append((float(rest[0]), [(int(c.split(':')[0]), int(c.split(':')[1]) / 1e6) for c in rest[1:]]))
begin = time.time()
h = highspy.Highs(); h.setOptionValue('output_flag', False); h.setOptionValue('time_limit', limit)
h.setOptionValue('threads', 1); h.setOptionValue('mip_rel_gap', 1e-4)
inf = highspy.kHighsInf
n = len(offers)
for cost, _ in offers: h.addCol(0.0, 0.0, 1.0, 0, [], [])
for p in people: h.addCol(p, 0.0, 1.0, 0, [], [])
h.changeColsIntegrality(n, np.arange(n, dtype=np.int32), np.array([highspy.HighsVarType.kInteger] * n))
h.addRow(-inf, budget, n, np.arange(n, dtype=np.int32), np.array([c for c, _ in offers]))
by = [[] for _ in people]
for i, (_, cells) in enumerate(offers):
    for g, r in cells: by[g].append((i, -math.log1p(-r)))
points = [0.0, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 1.2, 1.6, 2.2, 3.0]
for g, cells in enumerate(by):
    if people[g] <= 0: continue
    top = sum(w for _, w in cells)
    for s in points:
        if s > top and s > 0: break
        e = math.exp(-s)
        # z <= 1 - e + e * (sum w x - s)
        index = [n + g] + [i for i, _ in cells]
        value = [1.0] + [-e * w for _, w in cells]
        h.addRow(-inf, 1.0 - e - e * s, len(index), np.array(index, dtype=np.int32), np.array(value))
h.changeObjectiveSense(highspy.ObjSense.kMaximize)
h.run()
x = h.getSolution().col_value[:n]
info = h.getInfo()
missed = [1.0] * len(people); cost = 0.0
for i, (c, cells) in enumerate(offers):
    if x[i] > 0.5:
        cost += c
        for g, r in cells: missed[g] *= 1 - r
reached = sum(p * (1 - m) for p, m in zip(people, missed))
print(json.dumps({'reached': math.floor(reached), 'bound': math.ceil(info.mip_dual_bound), 'cost_rs': cost, 'seconds': round(time.time() - begin, 2)}))
";

pub(super) fn bench(house: &House, words: &[String]) -> Result<()> {
    let millions = words.first().map_or("100", String::as_str);
    let nodes = words.get(1).map_or("24", String::as_str);
    let folder = house.target().join("peers/campaign");
    let python = python(house, &folder, &[PEER, "numpy"])?;
    let build =
        ["build", "--release", "--quiet", "-p", "pehra-plan", "--example", "campaign_speed"];
    Job::new(&house.root, "cargo", &build).run()?;
    let ours = house.target().join("release/examples/campaign_speed");
    let instance = folder.join(format!("{millions}.txt")).to_string_lossy().into_owned();
    println!("{}", conditions());
    println!("pehra (one thread):");
    Job::new(&house.root, &ours.to_string_lossy(), &[millions, nodes, &instance]).run()?;
    println!("HiGHS ({PEER}, one thread, at most {LIMIT_S} s, gap 0.01 %):");
    let script = folder.join("peer.py");
    fs::write(&script, SCRIPT)?;
    let script = script.to_string_lossy();
    Job::new(&house.root, &python.to_string_lossy(), &[&script, &instance, LIMIT_S]).run()
}
