//! Long work that a person can watch and stop.
//!
//! Each job runs on a thread of its own. What it has done and what is left is told to the live stream at most
//! five times a second; the first and the last step are always told.

use crate::{live::Live, node::NodeError, work::WorkError};
use pehra_domain::{
    UnixMs,
    progress::{Cancelled, Step},
};
use serde::Serialize;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

/// Ended jobs that are remembered.
const ENDED_JOBS_MAX: usize = 64;
const PUBLISH_EVERY: Duration = Duration::from_millis(200);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum JobKind {
    Generate,
    Import,
    Assess,
    Allocate,
    Backtest,
    /// Bases for quick-reaction teams are chosen.
    Reserves,
    /// Convoys are planned, seat by seat.
    Convoys,
    /// The sheets of an area are printed.
    Pack,
    /// Patrols are planned, drawn or drawn again.
    Patrol,
    /// An exercise day is prepared.
    Drill,
    /// The rest of an exercise day is lived twice and compared.
    Branch,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    Running,
    Done,
    Cancelled,
    Failed,
}

/// What went wrong, in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct JobFault {
    pub code: String,
    pub text_en: String,
    pub text_ur: String,
}

/// How good the best plan is so far: exact integers of the objective. What is to be small lies above its bound, what is to
/// be large below it; the gap is what lies between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct JobBound {
    pub objective: i64,
    pub dual_bound: i64,
    pub gap: i64,
}

/// A job as a screen sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Job {
    pub id: String,
    pub kind: JobKind,
    pub label: String,
    /// Who started it.
    pub by: String,
    pub state: JobState,
    pub stage: String,
    pub done: u64,
    /// 0 when unknown.
    pub total: u64,
    pub started_ms: i64,
    pub ended_ms: Option<i64>,
    #[schema(value_type = Option<Object>)]
    pub result: Option<Value>,
    pub error: Option<JobFault>,
    pub bound: Option<JobBound>,
}

/// How a job ends when it does not end well.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    #[error("stopped by a person; nothing was kept")]
    Cancelled,
    /// `code` is of the closed set that the screens know.
    #[error("{text_en}")]
    Failed { code: String, text_en: String, text_ur: String },
}

impl JobError {
    #[must_use]
    pub fn failed(
        code: impl Into<String>,
        text_en: impl Into<String>,
        text_ur: impl Into<String>,
    ) -> Self {
        Self::Failed { code: code.into(), text_en: text_en.into(), text_ur: text_ur.into() }
    }
}

impl From<WorkError> for JobError {
    fn from(error: WorkError) -> Self {
        match error {
            WorkError::Cancelled(_) => Self::Cancelled,
            WorkError::Node(NodeError::Cancelled(_)) => Self::Cancelled,
            WorkError::Node(NodeError::Refused(refusal)) => Self::failed(
                refusal.code.code(),
                with_detail(refusal.code.english(), &refusal.detail),
                with_detail(refusal.code.urdu(), &refusal.detail),
            ),
            WorkError::Node(other) => Self::failed(
                "read-only",
                format!("The node could not keep the result, and nothing was changed: {other}."),
                "نوڈ نتیجہ محفوظ نہیں کر سکا؛ کچھ نہیں بدلا۔ ڈسک اور پروگرام کا لاگ دیکھیں۔",
            ),
            WorkError::Missing(what) => Self::failed(
                "not-ready",
                what,
                "اس کے لیے درکار چیز ابھی موجود نہیں۔ پہلے اسٹیشن درآمد کریں، پھر جانچ، پھر تعیناتی۔",
            ),
            WorkError::Input(what) => Self::failed(
                "value-refused",
                what.clone(),
                format!("دیا گیا مواد استعمال نہیں ہو سکتا: {what}"),
            ),
        }
    }
}

fn with_detail(sentence: &str, detail: &str) -> String {
    if detail.is_empty() { sentence.to_owned() } else { format!("{sentence} ({detail})") }
}

impl From<Cancelled> for JobError {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

/// Why a job did not start.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    #[error("work of this kind is already running: {0}")]
    Busy(String),
    #[error("no thread could be started")]
    NoThread,
}

/// All jobs of this run; cloning shares them.
#[derive(Clone)]
pub struct Jobs {
    inner: Arc<Inner>,
}

struct Inner {
    live: Live,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    last: u64,
    closing: bool,
    entries: BTreeMap<u64, Entry>,
}

struct Entry {
    job: Job,
    stop: Arc<AtomicBool>,
}

impl Jobs {
    #[must_use]
    pub fn new(live: Live) -> Self {
        Self { inner: Arc::new(Inner { live, table: Mutex::default() }) }
    }

    /// Starts `work` on a thread of its own; answers the job as it stands at the start.
    ///
    /// # Errors
    /// [`StartError::Busy`] while a job of the same kind runs: two would only slow each other, and the second
    /// would work on what the first is about to replace.
    pub fn start<W>(
        &self,
        kind: JobKind,
        label: impl Into<String>,
        by: impl Into<String>,
        work: W,
    ) -> Result<Job, StartError>
    where
        W: FnOnce(&JobControl) -> Result<Value, JobError> + Send + 'static,
    {
        let (number, job, stop) = self.enter(kind, label.into(), by.into())?;
        let control =
            JobControl { jobs: self.clone(), number, stop, told: Mutex::new(Instant::now()) };
        self.tell(&job);
        let jobs = self.clone();
        let started =
            std::thread::Builder::new().name(format!("job-{}", job.id)).spawn(move || {
                let outcome = catch_unwind(AssertUnwindSafe(|| work(&control)));
                jobs.end(number, outcome.unwrap_or_else(|_| Err(broken())));
            });
        if let Err(cause) = started {
            tracing::error!(%cause, "no thread for a job");
            self.table().entries.remove(&number);
            return Err(StartError::NoThread);
        }
        Ok(job)
    }

    /// Newest first.
    #[must_use]
    pub fn list(&self) -> Vec<Job> {
        self.table().entries.values().rev().map(|entry| entry.job.clone()).collect()
    }

    #[must_use]
    pub fn get(&self, id: &str) -> Option<Job> {
        Some(self.table().entries.get(&number_of(id)?)?.job.clone())
    }

    /// Asks a job to stop at its next safe place; none when there is no such job.
    pub fn cancel(&self, id: &str) -> Option<Job> {
        let table = self.table();
        let entry = table.entries.get(&number_of(id)?)?;
        entry.stop.store(true, Ordering::Relaxed);
        Some(entry.job.clone())
    }

    /// Asks every job to stop, also those that begin from now on; the program is going down.
    pub fn cancel_all(&self) {
        let mut table = self.table();
        table.closing = true;
        for entry in table.entries.values() {
            entry.stop.store(true, Ordering::Relaxed);
        }
    }

    /// Whether any work is running.
    #[must_use]
    pub fn any_running(&self) -> bool {
        self.table().entries.values().any(|entry| entry.job.state == JobState::Running)
    }

    /// Whether work of this kind is running.
    #[must_use]
    pub fn running(&self, kind: JobKind) -> bool {
        self.table()
            .entries
            .values()
            .any(|entry| entry.job.kind == kind && entry.job.state == JobState::Running)
    }

    fn enter(
        &self,
        kind: JobKind,
        label: String,
        by: String,
    ) -> Result<(u64, Job, Arc<AtomicBool>), StartError> {
        let mut table = self.table();
        let busy = table
            .entries
            .values()
            .find(|entry| entry.job.kind == kind && entry.job.state == JobState::Running);
        if let Some(entry) = busy {
            return Err(StartError::Busy(entry.job.label.clone()));
        }
        table.last += 1;
        let number = table.last;
        let job = Job {
            id: format!("j{number}"),
            kind,
            label,
            by,
            state: JobState::Running,
            stage: String::new(),
            done: 0,
            total: 0,
            started_ms: now().0,
            ended_ms: None,
            result: None,
            error: None,
            bound: None,
        };
        let stop = Arc::new(AtomicBool::new(table.closing));
        table.entries.insert(number, Entry { job: job.clone(), stop: stop.clone() });
        forget_old(&mut table.entries);
        Ok((number, job, stop))
    }

    fn end(&self, number: u64, outcome: Result<Value, JobError>) {
        let ended = {
            let mut table = self.table();
            let Some(entry) = table.entries.get_mut(&number) else { return };
            let job = &mut entry.job;
            job.ended_ms = Some(now().0);
            match outcome {
                Ok(result) => {
                    job.state = JobState::Done;
                    job.result = Some(result);
                }
                Err(JobError::Cancelled) => job.state = JobState::Cancelled,
                Err(JobError::Failed { code, text_en, text_ur }) => {
                    job.state = JobState::Failed;
                    job.error = Some(JobFault { code, text_en, text_ur });
                }
            }
            job.clone()
        };
        self.tell(&ended);
    }

    fn change(&self, number: u64, change: impl FnOnce(&mut Job)) -> Option<Job> {
        let mut table = self.table();
        let job = &mut table.entries.get_mut(&number)?.job;
        change(job);
        Some(job.clone())
    }

    fn tell(&self, job: &Job) {
        self.inner.live.publish("job", json!({ "job": job }));
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.inner.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the work holds of its own job.
pub struct JobControl {
    jobs: Jobs,
    number: u64,
    stop: Arc<AtomicBool>,
    told: Mutex<Instant>,
}

impl JobControl {
    /// To be handed to the work as its `Watch`: keeps the job's figures current and answers `Break` once
    /// somebody asked to stop.
    pub fn watch(&self) -> impl FnMut(Step) -> ControlFlow<()> + Send + '_ {
        |step| {
            self.step(step.stage, step.done, step.total);
            if self.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }
    }

    /// Sets stage and progress; a new stage and the last step of one are always told.
    pub fn step(&self, stage: &str, done: u64, total: u64) {
        let mut turned = false;
        let job = self.jobs.change(self.number, |job| {
            turned = job.stage != stage || (done == total && total > 0);
            if job.stage != stage {
                stage.clone_into(&mut job.stage);
            }
            job.done = done;
            job.total = total;
        });
        self.tell(job, turned);
    }

    /// Sets what is known of the best plan so far.
    pub fn bound(&self, objective: i64, dual_bound: i64) {
        let gap = objective.saturating_sub(dual_bound).saturating_abs();
        let bound = JobBound { objective, dual_bound, gap };
        let job = self.jobs.change(self.number, |job| job.bound = Some(bound));
        self.tell(job, false);
    }

    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn tell(&self, job: Option<Job>, at_once: bool) {
        let Some(job) = job else { return };
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if at_once || told.elapsed() >= PUBLISH_EVERY {
            *told = Instant::now();
            self.jobs.tell(&job);
        }
    }
}

fn forget_old(entries: &mut BTreeMap<u64, Entry>) {
    let ended: Vec<u64> = entries
        .iter()
        .filter(|(_, entry)| entry.job.state != JobState::Running)
        .map(|(&number, _)| number)
        .collect();
    for number in ended.iter().take(ended.len().saturating_sub(ENDED_JOBS_MAX)) {
        entries.remove(number);
    }
}

fn number_of(id: &str) -> Option<u64> {
    id.strip_prefix('j')?.parse().ok()
}

fn broken() -> JobError {
    JobError::failed(
        "internal",
        "The work broke off because of a fault in the program. Nothing was kept. Keep the program's log and report it.",
        "پروگرام کی خرابی کی وجہ سے کام رک گیا۔ کچھ محفوظ نہیں ہوا۔ پروگرام کا لاگ سنبھال کر اطلاع دیں۔",
    )
}

fn now() -> UnixMs {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    UnixMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::Told;
    use std::sync::mpsc;

    fn wait_until(jobs: &Jobs, id: &str, state: JobState) -> Job {
        loop {
            let job = jobs.get(id).unwrap();
            if job.state == state {
                return job;
            }
            assert_eq!(job.state, JobState::Running, "{job:?}");
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_job_ends_with_its_result_and_tells_so() {
        let live = Live::new();
        let mut reader = live.subscribe(None);
        let jobs = Jobs::new(live);
        let job = jobs
            .start(JobKind::Assess, "Assess", "a", |control| {
                let mut watch = control.watch();
                for done in 0..=1_000 {
                    assert!(watch(Step { stage: "draw", done, total: 1_000 }).is_continue());
                }
                control.bound(10, 7);
                Ok(json!({"n": 1}))
            })
            .unwrap();
        let ended = wait_until(&jobs, &job.id, JobState::Done);
        assert_eq!(ended.result, Some(json!({"n": 1})));
        assert_eq!((ended.stage.as_str(), ended.done, ended.total), ("draw", 1_000, 1_000));
        assert_eq!(ended.bound.map(|bound| bound.gap), Some(3));
        let mut told = 0;
        let mut last = None;
        while last.is_none() {
            if let Some(Told::Delta(delta)) = reader.try_next() {
                told += 1;
                let value: Value = serde_json::from_str(&delta.json).unwrap();
                last = (value["job"]["state"] == "done").then_some(value);
            }
        }
        assert!(told < 100, "{told} deltas for a thousand steps");
    }

    #[test]
    fn a_cancelled_job_stops_at_its_next_step() {
        let jobs = Jobs::new(Live::new());
        let (begun, waiting) = mpsc::channel();
        let job = jobs
            .start(JobKind::Allocate, "Solve", "a", move |control| {
                begun.send(()).unwrap();
                let mut watch = control.watch();
                loop {
                    pehra_domain::progress::tell(&mut watch, "solve", 0, 0)?;
                    std::thread::yield_now();
                }
            })
            .unwrap();
        waiting.recv().unwrap();
        assert_eq!(
            jobs.start(JobKind::Allocate, "Again", "a", |_| Ok(Value::Null)),
            Err(StartError::Busy("Solve".to_owned()))
        );
        assert!(jobs.running(JobKind::Allocate) && !jobs.running(JobKind::Assess));
        assert!(jobs.cancel(&job.id).is_some());
        wait_until(&jobs, &job.id, JobState::Cancelled);
        assert!(jobs.cancel("j999").is_none() && jobs.cancel("x").is_none());
    }

    #[test]
    fn a_panic_in_the_work_is_a_failed_job_not_a_dead_program() {
        let jobs = Jobs::new(Live::new());
        let job = jobs.start(JobKind::Import, "Import", "a", |_| panic!("by intent")).unwrap();
        let failed = wait_until(&jobs, &job.id, JobState::Failed);
        assert_eq!(failed.error.map(|error| error.code), Some("internal".to_owned()));
    }

    #[test]
    fn only_the_last_ended_jobs_are_remembered() {
        let jobs = Jobs::new(Live::new());
        let mut last = String::new();
        for _ in 0..ENDED_JOBS_MAX + 20 {
            last = jobs.start(JobKind::Import, "i", "a", |_| Ok(Value::Null)).unwrap().id;
            wait_until(&jobs, &last, JobState::Done);
        }
        assert!(jobs.list().len() <= ENDED_JOBS_MAX + 1);
        assert_eq!(jobs.list().first().map(|job| job.id.clone()), Some(last));
    }
}
