//! Our replication beside PouchDB's, in alternated runs on one machine: ours verifies every signature, speaks TLS and waits
//! for the disk; PouchDB copies from memory to memory and does none of that.
//!
//! The peer comes from npm into a folder below `target/`.

use crate::{house::House, run::Job};
use anyhow::{Context, Result};
use std::{fs, path::PathBuf};

const PEERS: &[&str] =
    &["pouchdb-core@9.0.0", "pouchdb-adapter-memory@9.0.0", "pouchdb-replication@9.0.0"];
const EVENTS: &str = "100000";
const ROUNDS: usize = 3;

const SCRIPT: &str = "\
const PouchDB = require('pouchdb-core')
  .plugin(require('pouchdb-adapter-memory'))
  .plugin(require('pouchdb-replication'));
const events = Number(process.argv[2]);
(async () => {
  const from = new PouchDB('from', { adapter: 'memory' });
  const to = new PouchDB('to', { adapter: 'memory' });
  const text = 'x'.repeat(100);
  for (let n = 0; n < events; n += 1000) {
    const docs = [];
    for (let i = n; i < Math.min(n + 1000, events); i += 1) {
      docs.push({ _id: String(i).padStart(9, '0'), area: 'pk/sindh/sukkur', kind: 700,
        person: 'presiding-officer', role: 'PRO', at: 1707350400000 + i, text });
    }
    await from.bulkDocs(docs);
  }
  const began = process.hrtime.bigint();
  const done = await from.replicate.to(to, { batch_size: Number(process.argv[3]), batches_limit: 10 });
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  const held = (await to.info()).doc_count;
  if (held !== events || done.docs_written !== events) throw new Error(`${held} of ${events}`);
  console.log(`replicated ${(events / seconds).toFixed(0)} documents/s`);
})();
";

pub(super) fn bench(house: &House) -> Result<()> {
    println!("\n== replication beside PouchDB: {EVENTS} events, {ROUNDS} alternated rounds");
    let folder = install(house)?;
    let example =
        ["--release", "--quiet", "-p", "pehra-lan", "--example", "ledger_replicate_speed"];
    Job::new(&house.root, "cargo", &[&["build"], &example[..]].concat()).run()?;
    let ours = house.target().join("release/examples/ledger_replicate_speed");
    let ours = ours.to_string_lossy().into_owned();
    let (mut own, mut peer) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        own.push(rate(&Job::new(&folder, &ours, &[EVENTS]))?);
        // PouchDB's own size of a batch, and the one that served it best here.
        let rates = ["100", "1000"]
            .map(|batch| rate(&Job::new(&folder, "node", &["replicate.js", EVENTS, batch])));
        let [usual, large] = rates;
        peer.push(usual?.max(large?));
    }
    let (own, peer) = (median(own), median(peer));
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!(
        "pehra {own:.0} events/s, signed, verified, over TLS, on the disk; PouchDB {peer:.0} documents/s in memory: \
         {:.1} times (load {})",
        own / peer,
        load.trim()
    );
    Ok(())
}

fn install(house: &House) -> Result<PathBuf> {
    let folder = house.target().join("peers/pouchdb");
    if !folder.join("installed").is_file() {
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("package.json"), "{\"private\": true}\n")?;
        let arguments = [&["install", "--no-audit", "--no-fund", "--silent"], PEERS].concat();
        Job::new(&folder, "npm", &arguments).run()?;
        fs::write(folder.join("installed"), PEERS.join("\n"))?;
    }
    fs::write(folder.join("replicate.js"), SCRIPT)?;
    Ok(folder)
}

/// The number after the word "replicated".
fn rate(job: &Job<'_>) -> Result<f64> {
    let (heard, content) = job.listen()?;
    let mut words = heard.split_whitespace().skip_while(|word| *word != "replicated");
    let rate = words.nth(1).filter(|_| content).context("a run did not end well")?;
    Ok(rate.parse()?)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
