//! The typesetter as a child: a line for each sheet, a line back for each document, a bound on its memory, and an end
//! whenever whoever waits has had enough.

use crate::work::WorkError;
use pehra_domain::{
    progress::{Watch, tell},
    sheet::{Job, PROTOCOL, Reply},
};
use std::{
    io::{BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    time::Duration,
};

/// What the program is called.
const PROGRAM: &str = "pehra-print";
/// Sheets that wait in the typesetter for each hand.
const AHEAD: u64 = 4;
/// How long nobody looks whether to stop.
const PATIENCE: Duration = Duration::from_millis(100);

/// How the typesetter is started.
#[derive(Clone, Debug)]
pub struct Start {
    /// None: beside this program.
    pub program: Option<PathBuf>,
    pub hands: u32,
    pub memory_mb: u32,
}

pub(super) struct Press {
    child: Child,
    jobs: BufWriter<ChildStdin>,
    replies: Receiver<Reply>,
    given: u64,
    answered: u64,
    hands: u64,
    memory_mb: u32,
}

/// What came of one job.
pub(super) enum Outcome {
    Done { number: u64, pages: u32, bytes: u64, sha256: String },
    Failed { number: u64, reason: String },
}

impl Press {
    /// # Errors
    /// [`WorkError::Input`]: the program is not there, does not start, or speaks another protocol.
    pub(super) fn open(start: &Start) -> Result<Self, WorkError> {
        let program = match &start.program {
            Some(program) => program.clone(),
            None => beside().ok_or_else(|| {
                WorkError::Input(format!(
                    "the typesetter {PROGRAM} is not beside this program: build it once with `cargo xtask print`, or \
                     name it with --printer FILE"
                ))
            })?,
        };
        let mut command = Command::new(&program);
        command.args(["--hands", &start.hands.to_string()]);
        if start.memory_mb > 0 {
            command.args(["--memory-mb", &start.memory_mb.to_string()]);
        }
        let wrong = |error: &dyn std::fmt::Display| {
            WorkError::Input(format!("{} does not start: {error}", program.display()))
        };
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| wrong(&error))?;
        let (Some(jobs), Some(said)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(wrong(&"no pipes"));
        };
        let (hear, replies) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(said).lines() {
                let reply = line.ok().and_then(|line| serde_json::from_str::<Reply>(&line).ok());
                let Some(reply) = reply else { return };
                if hear.send(reply).is_err() {
                    return;
                }
            }
        });
        let hands = u64::from(start.hands.max(1));
        let jobs = BufWriter::new(jobs);
        let memory_mb = start.memory_mb;
        let mut press = Self { child, jobs, replies, given: 0, answered: 0, hands, memory_mb };
        match press.replies.recv() {
            Ok(Reply::Ready { protocol: PROTOCOL, .. }) => Ok(press),
            Ok(Reply::Ready { protocol, version }) => Err(wrong(&format!(
                "it is version {version} with protocol {protocol}; this program needs {PROTOCOL}: build both anew"
            ))),
            Ok(Reply::Done { .. } | Reply::Failed { .. }) => Err(wrong(&"it speaks out of turn")),
            Err(_gone) => Err(press.ended()),
        }
    }

    /// Gives one job, and hears what is ready meanwhile.
    ///
    /// # Errors
    /// Stopped, or the typesetter ended.
    pub(super) fn give(
        &mut self,
        job: &Job,
        total: u64,
        watch: &mut Watch<'_>,
        heard: &mut dyn FnMut(Outcome),
    ) -> Result<(), WorkError> {
        self.hear_until(self.hands * AHEAD, total, watch, heard)?;
        let line = serde_json::to_vec(job).map_err(|error| WorkError::Input(error.to_string()))?;
        let sent = self.jobs.write_all(&line).and_then(|()| self.jobs.write_all(b"\n"));
        if sent.and_then(|()| self.jobs.flush()).is_err() {
            return Err(self.ended());
        }
        self.given += 1;
        Ok(())
    }

    /// Hears until no more than so many jobs are out.
    ///
    /// # Errors
    /// As [`Self::give`].
    pub(super) fn hear_until(
        &mut self,
        most: u64,
        total: u64,
        watch: &mut Watch<'_>,
        heard: &mut dyn FnMut(Outcome),
    ) -> Result<(), WorkError> {
        loop {
            tell(watch, "print", self.answered, total)?;
            let waits = self.given - self.answered;
            let patience = if waits > most { PATIENCE } else { Duration::ZERO };
            match self.replies.recv_timeout(patience) {
                Ok(Reply::Done { number, pages, bytes, sha256 }) => {
                    self.answered += 1;
                    heard(Outcome::Done { number, pages, bytes, sha256 });
                }
                Ok(Reply::Failed { number, reason }) => {
                    self.answered += 1;
                    heard(Outcome::Failed { number, reason });
                }
                Ok(Reply::Ready { .. }) => {}
                Err(RecvTimeoutError::Timeout) if waits <= most => return Ok(()),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) if waits == 0 => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => return Err(self.ended()),
            }
        }
    }

    fn ended(&mut self) -> WorkError {
        let how = self.child.wait().map_or_else(|error| error.to_string(), |how| how.to_string());
        let bound = if self.memory_mb > 0 {
            format!(
                "; it may have needed more than its {} MB: give it more with --memory-mb",
                self.memory_mb
            )
        } else {
            String::new()
        };
        WorkError::Input(format!("the typesetter ended early ({how}){bound}"))
    }
}

impl Drop for Press {
    /// Ends it, whatever it is at: documents appear whole or not at all.
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _ended = self.child.wait();
    }
}

fn beside() -> Option<PathBuf> {
    places(None).into_iter().find(|program| program.is_file())
}

/// Where it is looked for, the first that is there counts: where somebody said, otherwise beside this program, or where the
/// house builds it.
#[must_use]
pub fn places(named: Option<&Path>) -> Vec<PathBuf> {
    if let Some(named) = named {
        return vec![named.to_owned()];
    }
    let own = std::env::current_exe().ok();
    let Some(folder) = own.as_deref().and_then(Path::parent) else { return Vec::new() };
    let name = format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX);
    let built = Path::new("print").join("release").join(&name);
    // Test programs lie one folder deeper.
    let above = folder.ancestors().skip(1).take(2).map(|above| above.join(&built));
    std::iter::once(folder.join(&name)).chain(above).collect()
}
