//! Jobs in, a line each; documents out, each whole or not at all; a line of reply for each.

use crate::press::print;
use pehra_domain::sheet::{Job, PROTOCOL, Reply};
use sha2::{Digest, Sha256};
use std::{
    fs,
    io::{self, BufRead, Write},
    path::Path,
    sync::{Mutex, PoisonError, mpsc},
};

/// Serves until the last job is done. Jobs are read no further ahead than hands are free, so that memory stays flat. Whoever
/// gave the jobs stops it by closing its input, or by ending the process: no half document is left under its name.
///
/// # Errors
/// What the pipes said: the other side is gone.
pub fn serve(input: impl BufRead, output: impl Write + Send, hands: usize) -> io::Result<()> {
    let output = Mutex::new(output);
    say(&output, &Reply::Ready { protocol: PROTOCOL, version: env!("CARGO_PKG_VERSION").into() })?;
    let (give, take) = mpsc::sync_channel::<Job>(hands);
    let take = Mutex::new(take);
    std::thread::scope(|scope| {
        let worker = || -> io::Result<()> {
            loop {
                let next = take.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok(job) = next else { return Ok(()) };
                say(&output, &work(&job))?;
            }
        };
        let mut workers = Vec::new();
        let mut outcome = Ok(());
        for _ in 0..hands.clamp(1, 64) {
            // Without room for another thread the others still end: what feeds them is dropped below.
            match std::thread::Builder::new().spawn_scoped(scope, worker) {
                Ok(started) => workers.push(started),
                Err(error) => outcome = Err(error),
            }
        }
        if outcome.is_ok() {
            outcome = feed(input, &give, &output);
        }
        drop(give);
        for worker in workers {
            if let Ok(ended) = worker.join() {
                outcome = outcome.and(ended);
            }
        }
        outcome
    })
}

/// Gives every line to whoever is free next.
fn feed(
    input: impl BufRead,
    give: &mpsc::SyncSender<Job>,
    output: &Mutex<impl Write>,
) -> io::Result<()> {
    for line in input.lines() {
        match serde_json::from_str::<Job>(&line?) {
            Ok(job) => {
                if give.send(job).is_err() {
                    return Ok(());
                }
            }
            Err(error) => {
                let reason = format!("not a job: {error}");
                say(output, &Reply::Failed { number: 0, reason })?;
            }
        }
    }
    Ok(())
}

fn work(job: &Job) -> Reply {
    let failed = |reason: String| Reply::Failed { number: job.number, reason };
    // A fault of the typesetter costs one sheet, and is answered like any other.
    let set = || print(&job.sheet, &job.issue, job.language);
    let printed = match std::panic::catch_unwind(std::panic::AssertUnwindSafe(set)) {
        Ok(Ok(printed)) => printed,
        Ok(Err(error)) => return failed(error.to_string()),
        Err(_told) => return failed("the typesetter broke on this sheet".to_owned()),
    };
    if let Err(error) = keep(Path::new(&job.to), &printed.bytes) {
        return failed(format!("{} cannot be written: {error}", job.to));
    }
    let sha256 = Sha256::digest(&printed.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    Reply::Done {
        number: job.number,
        pages: u32::try_from(printed.pages).unwrap_or(u32::MAX),
        bytes: printed.bytes.len() as u64,
        sha256,
    }
}

fn keep(to: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = to.with_extension("part");
    fs::write(&draft, bytes)?;
    fs::rename(&draft, to)
}

fn say(output: &Mutex<impl Write>, reply: &Reply) -> io::Result<()> {
    let mut line = serde_json::to_vec(reply)?;
    line.push(b'\n');
    let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
    output.write_all(&line)?;
    output.flush()
}
