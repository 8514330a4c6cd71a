//! Everything that a terminal is told. Results go to standard output, progress and errors to standard error.

use crate::node::Node;
use pehra_domain::progress::Step;
use std::{
    io::{IsTerminal, Write},
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// How often a progress line is redrawn.
const REDRAW: Duration = Duration::from_millis(200);

pub(crate) struct Printer {
    started: Instant,
    drawn: Option<Instant>,
    stage: &'static str,
    terminal: bool,
    stop: Arc<AtomicBool>,
}

impl Printer {
    pub(crate) fn new() -> Self {
        Self {
            started: Instant::now(),
            drawn: None,
            stage: "",
            terminal: std::io::stderr().is_terminal(),
            stop: Arc::new(AtomicBool::new(false)),
        }
    }

    /// A line of the result. A reader that went away (a closed pipe) is no error.
    pub(crate) fn line(&mut self, text: &str) {
        self.clear();
        let mut out = std::io::stdout().lock();
        let _gone = writeln!(out, "{text}");
    }

    /// Lines of the result that end with a line feed already.
    pub(crate) fn text(&mut self, text: &str) {
        self.clear();
        let mut out = std::io::stdout().lock();
        let _gone = out.write_all(text.as_bytes());
    }

    /// A line for the person, not for the next program.
    pub(crate) fn note(&mut self, text: &str) {
        self.clear();
        let mut out = std::io::stderr().lock();
        let _gone = writeln!(out, "{text}");
    }

    pub(crate) fn failure(&mut self, error: &anyhow::Error) {
        self.clear();
        let mut out = std::io::stderr().lock();
        let _gone = writeln!(out, "pehra: {error}");
        for cause in error.chain().skip(1) {
            let _gone = writeln!(out, "  because: {cause}");
        }
    }

    /// Stops the current work at the next Ctrl-C; a second one ends the process.
    pub(crate) fn stop_on_ctrl_c(&self) {
        let stop = Arc::clone(&self.stop);
        std::thread::spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build()
            else {
                return;
            };
            runtime.block_on(async move {
                while tokio::signal::ctrl_c().await.is_ok() {
                    if stop.swap(true, Ordering::SeqCst) {
                        std::process::abort();
                    }
                }
            });
        });
    }

    /// One step of progress; `Break` once the person asked to stop.
    pub(crate) fn step(&mut self, step: &Step) -> ControlFlow<()> {
        if self.stop.load(Ordering::SeqCst) {
            return ControlFlow::Break(());
        }
        let new_stage = step.stage != self.stage;
        let due = self.drawn.is_none_or(|drawn| drawn.elapsed() >= REDRAW);
        if self.terminal && (new_stage || due) {
            self.drawn = Some(Instant::now());
            self.stage = step.stage;
            let mut out = std::io::stderr().lock();
            let _gone = write!(out, "\r\u{1b}[2K{}", progress_text(step, self.started.elapsed()));
            let _gone = out.flush();
        }
        ControlFlow::Continue(())
    }

    fn clear(&mut self) {
        if self.terminal && self.drawn.take().is_some() {
            let mut out = std::io::stderr().lock();
            let _gone = write!(out, "\r\u{1b}[2K");
        }
    }
}

/// The first line that a terminal is told of an exercise's node; of a real one none. On standard error, so that the next
/// program in a pipe reads the same result.
pub(super) fn head(node: &Node) {
    if let (Some(mark), Some(election)) = (node.watermark(), node.exercise()) {
        let mut out = std::io::stderr().lock();
        let _gone = writeln!(out, "{mark} · {election}");
    }
}

fn progress_text(step: &Step, elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64();
    if step.total == 0 {
        return format!("{} {} · {seconds:.1} s", step.stage, step.done);
    }
    let percent = u128::from(step.done) * 100 / u128::from(step.total);
    format!("{} {}/{} ({percent} %) · {seconds:.1} s", step.stage, step.done, step.total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_says_stage_share_and_time() {
        let step = Step { stage: "reading", done: 50, total: 200 };
        assert_eq!(
            progress_text(&step, Duration::from_millis(1_500)),
            "reading 50/200 (25 %) · 1.5 s"
        );
        let open = Step { stage: "reading", done: 50, total: 0 };
        assert_eq!(progress_text(&open, Duration::from_secs(2)), "reading 50 · 2.0 s");
    }
}
