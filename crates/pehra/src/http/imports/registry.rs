//! The imports that are under way: their files, their steps, what was found.

use crate::{
    http::problem::{Code, Fault, Problem},
    job::{Job, JobError, StartError},
    work::import::{Checked, Inspection, Kind},
};
use pehra_exchange::Mapping;
use serde::Serialize;
use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Imports under way; a new one throws away the oldest that is not at work.
const IMPORTS_MAX: usize = 8;

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    Columns,
    Checking,
    Checked,
    Signing,
    Signed,
    Failed,
}

/// One file on its way in.
pub struct Import {
    pub id: String,
    pub kind: Kind,
    pub name: String,
    pub bytes: u64,
    pub sha256: [u8; 32],
    pub path: PathBuf,
    pub step: Step,
    pub inspection: Inspection,
    pub mapping: Option<Mapping>,
    pub checked: Option<Arc<Checked>>,
    pub error: Option<Fault>,
    pub job: Option<String>,
}

impl Import {
    /// # Errors
    /// [`Code::WrongStep`] when the import is at none of the steps.
    pub fn must_be(&self, steps: &[Step]) -> Result<(), Problem> {
        let at = format!("{:?}", self.step).to_lowercase();
        if steps.contains(&self.step) { Ok(()) } else { Err(Problem::about(Code::WrongStep, at)) }
    }

    /// A job is about to work on it; answers the step to go back to when none can be started.
    pub fn begin(&mut self, step: Step) -> Step {
        self.job = None;
        self.error = None;
        std::mem::replace(&mut self.step, step)
    }

    fn is_at_work(&self) -> bool {
        matches!(self.step, Step::Checking | Step::Signing)
    }
}

/// All imports of this run.
pub struct Imports {
    folder: PathBuf,
    bytes_max: u64,
    entries: Mutex<Vec<Import>>,
}

impl Imports {
    #[must_use]
    pub fn new(folder: PathBuf, bytes_max: u64) -> Self {
        Self { folder, bytes_max, entries: Mutex::default() }
    }

    #[must_use]
    pub fn bytes_max(&self) -> u64 {
        self.bytes_max
    }

    /// Where the bytes of an import are kept until it is signed or thrown away.
    #[must_use]
    pub fn path_of(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.upload"))
    }

    /// # Errors
    /// [`Code::TooBusy`] when all places are taken by imports at work.
    pub fn add(&self, import: Import) -> Result<(), Problem> {
        let mut entries = self.lock();
        if entries.len() >= IMPORTS_MAX {
            let idle = entries.iter().position(|entry| !entry.is_at_work());
            let idle = idle.ok_or_else(|| Problem::of(Code::TooBusy))?;
            remove_file(&entries.remove(idle).path);
        }
        entries.push(import);
        Ok(())
    }

    /// # Errors
    /// Not found.
    pub fn look<R>(&self, id: &str, look: impl FnOnce(&Import) -> R) -> Result<R, Problem> {
        let entries = self.lock();
        let entry = entries.iter().find(|entry| entry.id == id);
        entry.map(look).ok_or_else(|| Problem::not_found(id))
    }

    /// # Errors
    /// Not found, or what `change` says.
    pub fn change<R>(
        &self,
        id: &str,
        change: impl FnOnce(&mut Import) -> Result<R, Problem>,
    ) -> Result<R, Problem> {
        let mut entries = self.lock();
        let entry = entries.iter_mut().find(|entry| entry.id == id);
        change(entry.ok_or_else(|| Problem::not_found(id))?)
    }

    /// Notes the job that was started, or steps back when none could be. The job may have ended already.
    ///
    /// # Errors
    /// Why no job could be started.
    pub fn started(
        &self,
        id: &str,
        back: Step,
        started: Result<Job, StartError>,
    ) -> Result<Job, Problem> {
        let mut entries = self.lock();
        let entry = entries.iter_mut().find(|entry| entry.id == id);
        match (entry, started) {
            (Some(entry), Ok(job)) => {
                entry.job = Some(job.id.clone());
                Ok(job)
            }
            (Some(entry), Err(error)) => {
                entry.step = back;
                Err(error.into())
            }
            (None, started) => Ok(started?),
        }
    }

    /// A check has ended.
    ///
    /// # Errors
    /// The check's own.
    pub fn checked(&self, id: &str, outcome: Result<Checked, JobError>) -> Result<(), JobError> {
        self.end(id, outcome.map(|checked| (Step::Checked, Some(Arc::new(checked)))))
    }

    /// A signing has ended.
    ///
    /// # Errors
    /// The signing's own.
    pub fn signed(&self, id: &str, outcome: Result<(), JobError>) -> Result<(), JobError> {
        self.end(id, outcome.map(|()| (Step::Signed, None)))
    }

    fn end(
        &self,
        id: &str,
        outcome: Result<(Step, Option<Arc<Checked>>), JobError>,
    ) -> Result<(), JobError> {
        let mut entries = self.lock();
        let Some(entry) = entries.iter_mut().find(|entry| entry.id == id) else {
            return outcome.map(drop);
        };
        match outcome {
            Ok((step, checked)) => {
                entry.step = step;
                if step == Step::Signed {
                    remove_file(&entry.path);
                }
                if let Some(checked) = checked {
                    entry.checked = Some(checked);
                }
                Ok(())
            }
            Err(JobError::Cancelled) => {
                // Signing that was stopped may be asked for again; a check that was stopped too.
                entry.step = if entry.checked.is_some() { Step::Checked } else { Step::Columns };
                Err(JobError::Cancelled)
            }
            Err(JobError::Failed { code, text_en, text_ur }) => {
                entry.step = Step::Failed;
                entry.error = Some(Fault {
                    code: code.clone(),
                    text_en: text_en.clone(),
                    text_ur: text_ur.clone(),
                    field: None,
                    sign: None,
                });
                Err(JobError::Failed { code, text_en, text_ur })
            }
        }
    }

    /// The job that worked on it has ended without saying so: a fault of the program.
    pub fn broke_off(&self, id: &str, job: &str, fault: Fault) {
        let mut entries = self.lock();
        let entry = entries.iter_mut().find(|entry| entry.id == id);
        if let Some(entry) = entry.filter(|e| e.is_at_work() && e.job.as_deref() == Some(job)) {
            entry.step = Step::Failed;
            entry.error = Some(fault);
        }
    }

    /// # Errors
    /// Not found; [`Code::WrongStep`] while a job works on it.
    pub fn discard(&self, id: &str) -> Result<(), Problem> {
        let mut entries = self.lock();
        let position = entries.iter().position(|entry| entry.id == id);
        let position = position.ok_or_else(|| Problem::not_found(id))?;
        if entries.get(position).is_some_and(Import::is_at_work) {
            return Err(Problem::of(Code::WrongStep));
        }
        remove_file(&entries.remove(position).path);
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Import>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file that cannot be removed is removed at the next start.
pub(super) fn remove_file(path: &std::path::Path) {
    if let Err(cause) = std::fs::remove_file(path) {
        tracing::warn!(%cause, path = %path.display(), "an uploaded file was left behind");
    }
}
