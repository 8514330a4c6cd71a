//! The state of every path, area by area, from what was observed and nothing else.
//!
//! Shutdown mode has no switch: nobody's announcement starts it, in either direction. It begins in an area when every public
//! path there is lost, by failed attempts or by silence where words were due, and ends after a public path has carried for a
//! while. Each figure has its age.

use crate::queue::Depth;
use std::collections::BTreeMap;

/// Paths that are watched.
pub const PATHS_MAX: usize = 4_096;
/// A path is lost after so many attempts in a row failed.
pub const FAILURES: u32 = 3;
/// Or after so many words that were due did not come.
pub const MISSED: u64 = 3;
/// A public path must carry for so long before an area leaves shutdown mode.
pub const STEADY_MS: u64 = 120_000;
/// A sign of a public path that is older says nothing of the network now: one message of an hour ago does not hide a
/// shutdown.
pub const FRESH_MS: u64 = 15 * 60_000;

/// What carries the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Carrier {
    Internet,
    Sms,
    Lan,
    Radio,
    Serial,
    Screen,
    Stick,
}

impl Carrier {
    /// Whether it is service of a public network, which a shutdown takes away.
    #[must_use]
    pub fn is_public(self) -> bool {
        matches!(self, Self::Internet | Self::Sms)
    }

    /// A word for data and screens.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Internet => "internet",
            Self::Sms => "sms",
            Self::Lan => "lan",
            Self::Radio => "radio",
            Self::Serial => "serial",
            Self::Screen => "screen",
            Self::Stick => "stick",
        }
    }
}

/// A path to be watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    pub area: String,
    pub carrier: Carrier,
    /// Something is due from the other end this often; none where silence says nothing (a stick, a quiet radio).
    pub due_every_ms: Option<u64>,
}

/// What happened on a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Something of the other end came in.
    Heard,
    /// Something sent was answered.
    Delivered,
    /// An attempt failed or stayed without an answer.
    Failed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Nothing was ever observed.
    Unknown,
    Up,
    /// Something failed or is late, not yet enough.
    Doubtful,
    Lost,
}

impl State {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Up => "up",
            Self::Doubtful => "doubtful",
            Self::Lost => "lost",
        }
    }
}

/// A path as the room sees it. Every time is Unix milliseconds of this node's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathView {
    pub name: String,
    pub area: String,
    pub carrier: Carrier,
    pub state: State,
    /// Since when it is in this state, as far as was observed.
    pub since_ms: Option<u64>,
    pub heard_ms: Option<u64>,
    pub delivered_ms: Option<u64>,
    pub failures: u32,
    /// What is queued, class by class, and when that was counted.
    pub queue: Option<([Depth; 4], u64)>,
}

/// The mode of an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// No public path there was ever observed.
    Unobserved,
    Normal,
    /// Every public path is lost.
    Shutdown {
        since_ms: u64,
    },
    /// A public path carries again; not yet for long enough.
    Returning {
        since_ms: u64,
    },
}

/// What changed, for the diary and the live stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Path { name: String, state: State },
    Area { area: String, mode: Mode },
}

#[derive(Clone, Debug)]
struct Path {
    way: Way,
    watched_ms: u64,
    heard_ms: Option<u64>,
    delivered_ms: Option<u64>,
    failures: u32,
    first_failure_ms: Option<u64>,
    /// Since when it has carried without a break.
    carries_ms: Option<u64>,
    queue: Option<([Depth; 4], u64)>,
    told: State,
}

/// All paths of a node.
#[derive(Clone, Debug, Default)]
pub struct Paths {
    paths: BTreeMap<String, Path>,
    modes: BTreeMap<String, Mode>,
}

/// There is no room for another path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{PATHS_MAX} paths are watched already")]
pub struct TooManyPaths;

impl Path {
    fn last_sign_ms(&self) -> Option<u64> {
        self.heard_ms.max(self.delivered_ms)
    }

    /// Whether it tells how the network stands now: it is lost, words are due on it, or one came lately.
    fn speaks(&self, now_ms: u64) -> bool {
        self.state(now_ms).0 == State::Lost
            || self.way.due_every_ms.is_some()
            || self.last_sign_ms().is_some_and(|at| now_ms.saturating_sub(at) <= FRESH_MS)
    }

    /// The state at a moment, and since when.
    fn state(&self, now_ms: u64) -> (State, Option<u64>) {
        if self.failures >= FAILURES {
            return (State::Lost, self.first_failure_ms);
        }
        if let Some(every_ms) = self.way.due_every_ms {
            let from_ms = self.last_sign_ms().unwrap_or(self.watched_ms);
            let missed = now_ms.saturating_sub(from_ms) / every_ms.max(1);
            if missed >= MISSED {
                return (State::Lost, Some(from_ms.saturating_add(every_ms)));
            }
            if missed >= 2 || (missed == 1 && self.failures > 0) {
                return (State::Doubtful, Some(from_ms.saturating_add(every_ms)));
            }
        }
        if self.failures > 0 {
            return (State::Doubtful, self.first_failure_ms);
        }
        match self.carries_ms {
            Some(since_ms) => (State::Up, Some(since_ms)),
            None => (State::Unknown, None),
        }
    }
}

impl Paths {
    /// Watches a path; a second call with the same name changes its settings and keeps what was observed.
    ///
    /// # Errors
    /// [`TooManyPaths`].
    pub fn watch(&mut self, name: &str, way: Way, now_ms: u64) -> Result<(), TooManyPaths> {
        if let Some(path) = self.paths.get_mut(name) {
            path.way = way;
            return Ok(());
        }
        if self.paths.len() >= PATHS_MAX {
            return Err(TooManyPaths);
        }
        let path = Path {
            way,
            watched_ms: now_ms,
            heard_ms: None,
            delivered_ms: None,
            failures: 0,
            first_failure_ms: None,
            carries_ms: None,
            queue: None,
            told: State::Unknown,
        };
        self.paths.insert(name.to_owned(), path);
        Ok(())
    }

    /// Watches a path no longer. What was observed of it is forgotten: nobody tries it, so it says nothing.
    pub fn forget(&mut self, name: &str, now_ms: u64) -> Vec<Change> {
        self.paths.remove(name);
        self.tick(now_ms)
    }

    /// Notes what happened on a path; a name that is not watched is passed over.
    pub fn observe(&mut self, name: &str, event: Event, now_ms: u64) -> Vec<Change> {
        if let Some(path) = self.paths.get_mut(name) {
            let was_lost = path.state(now_ms).0 == State::Lost;
            // Nobody knows what was in between.
            let anew = path.way.carrier.is_public() && !path.speaks(now_ms);
            match event {
                Event::Heard | Event::Delivered => {
                    path.failures = 0;
                    path.first_failure_ms = None;
                    if was_lost || anew || path.carries_ms.is_none() {
                        path.carries_ms = Some(now_ms);
                    }
                    let sign = if event == Event::Heard {
                        &mut path.heard_ms
                    } else {
                        &mut path.delivered_ms
                    };
                    *sign = Some(now_ms.max(sign.unwrap_or(0)));
                }
                Event::Failed => {
                    path.failures = path.failures.saturating_add(1);
                    path.first_failure_ms.get_or_insert(now_ms);
                }
            }
        }
        self.tick(now_ms)
    }

    /// Notes what waits for a path.
    pub fn queued(&mut self, name: &str, depths: [Depth; 4], now_ms: u64) {
        if let Some(path) = self.paths.get_mut(name) {
            path.queue = Some((depths, now_ms));
        }
    }

    /// What silence has changed since the last call.
    pub fn tick(&mut self, now_ms: u64) -> Vec<Change> {
        let mut changes = Vec::new();
        for (name, path) in &mut self.paths {
            let (state, _) = path.state(now_ms);
            if state == State::Lost {
                path.carries_ms = None;
            }
            if state != path.told {
                path.told = state;
                changes.push(Change::Path { name: name.clone(), state });
            }
        }
        let areas: Vec<String> = self.paths.values().map(|path| path.way.area.clone()).collect();
        for area in areas {
            let before = self.mode(&area);
            let now = self.judged(&area, before, now_ms);
            if now != before {
                self.modes.insert(area.clone(), now);
                changes.push(Change::Area { area, mode: now });
            }
        }
        changes
    }

    fn judged(&self, area: &str, before: Mode, now_ms: u64) -> Mode {
        let public =
            || self.paths.values().filter(|it| it.way.area == area && it.way.carrier.is_public());
        let states = || public().filter(|it| it.speaks(now_ms)).map(|path| path.state(now_ms));
        let observed = || states().filter(|(state, _)| *state != State::Unknown);
        if observed().next().is_none() {
            return before;
        }
        if observed().all(|(state, _)| state == State::Lost) {
            let last_lost = observed().filter_map(|(_, since_ms)| since_ms).max();
            return match before {
                Mode::Shutdown { .. } => before,
                Mode::Returning { since_ms } => Mode::Shutdown { since_ms },
                Mode::Unobserved | Mode::Normal => {
                    Mode::Shutdown { since_ms: last_lost.unwrap_or(now_ms) }
                }
            };
        }
        let up = states().filter(|(state, _)| *state == State::Up);
        let carries_ms = up.filter_map(|(_, since_ms)| since_ms).min();
        match (before, carries_ms) {
            (Mode::Shutdown { since_ms } | Mode::Returning { since_ms }, Some(carries_ms)) => {
                if now_ms.saturating_sub(carries_ms) >= STEADY_MS {
                    Mode::Normal
                } else {
                    Mode::Returning { since_ms }
                }
            }
            (Mode::Shutdown { .. } | Mode::Returning { .. }, None) => before,
            (Mode::Unobserved | Mode::Normal, _) => Mode::Normal,
        }
    }

    /// The mode of an area, as of the last call of [`Self::tick`] or [`Self::observe`].
    #[must_use]
    pub fn mode(&self, area: &str) -> Mode {
        self.modes.get(area).copied().unwrap_or(Mode::Unobserved)
    }

    /// Areas with a mode.
    pub fn modes(&self) -> impl Iterator<Item = (&str, Mode)> {
        self.modes.iter().map(|(area, mode)| (area.as_str(), *mode))
    }

    /// Every path, ordered by name.
    #[must_use]
    pub fn views(&self, now_ms: u64) -> Vec<PathView> {
        let view = |(name, path): (&String, &Path)| {
            let (state, since_ms) = path.state(now_ms);
            PathView {
                name: name.clone(),
                area: path.way.area.clone(),
                carrier: path.way.carrier,
                state,
                since_ms,
                heard_ms: path.heard_ms,
                delivered_ms: path.delivered_ms,
                failures: path.failures,
                queue: path.queue,
            }
        };
        self.paths.iter().map(view).collect()
    }
}

#[cfg(test)]
mod tests;
