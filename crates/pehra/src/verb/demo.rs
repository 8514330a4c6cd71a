//! `pehra demo`: a nation of true size, made while the visitor watches.

use super::{
    Arguments,
    printer::Printer,
    run::drill::{DayArguments, SEED, begin},
};
use crate::{
    drill::{Options, Stage},
    http,
    job::{JobError, JobKind},
    node::{DEMO_PERSON, Node, OpenOptions},
    work::{self, WorkError},
};
use anyhow::Context;
use clap::Args;
use pehra_domain::{PersonId, progress::Watch};
use pehra_plan::flow::{Bounding, Bounds};
use std::{net::SocketAddr, path::PathBuf};

/// Where the demo lives unless --data says otherwise.
const DEMO_FOLDER: &str = "pehra-demo";

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// The day that begins once the nation is planned.
    #[command(flatten)]
    day: DayArguments,
    /// The nation and its plan alone: no day is lived, so that a planner works undisturbed.
    #[arg(long)]
    no_day: bool,
    /// Port of the room on this machine; 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Throw away a saved demo and make a new one.
    #[arg(long)]
    fresh: bool,
}

impl Demo {
    pub(super) fn run(&self, arguments: &Arguments, printer: &mut Printer) -> anyhow::Result<()> {
        let given = arguments.data.as_os_str() != "pehra-data";
        let folder = if given { arguments.data.clone() } else { PathBuf::from(DEMO_FOLDER) };
        if self.fresh {
            crate::node::remove_synthetic(&folder)?;
        }
        let node = Node::open(&folder, &OpenOptions::synthetic())?;
        super::printer::head(&node);
        node.must_be_synthetic()?;
        let saved = node.world().stations.is_some();
        printer.note(if saved {
            "a saved demo was found and is opened (use --fresh to make a new one)"
        } else {
            "a nation of 90,675 stations is being made; watch it in the room"
        });
        let stage = Stage::default();
        // Two options that contradict each other are told before anything is made.
        let options = self.day.options(SEED)?;
        let seed = options.scenario.seed;
        start(&node, seed, &stage, (!self.no_day).then_some(options))?;
        let mut config = http::Config::local(self.port, node.dir().join("uploads"));
        config.listen = SocketAddr::from(([127, 0, 0, 1], self.port));
        config.demo_person = PersonId::try_new(DEMO_PERSON).ok();
        config.stage = stage.clone();
        let outcome = http::run_with(node, config, |text| printer.line(text));
        stage.clear();
        outcome.context("the room stopped")
    }
}

/// Generates what is missing, then assesses, then allocates, each as a job that the room shows; then the day begins.
fn start(node: &Node, seed: u64, stage: &Stage, options: Option<Options>) -> anyhow::Result<()> {
    let (runner, stage) = (node.clone(), stage.clone());
    std::thread::Builder::new().name("demo".into()).spawn(move || {
        let made = make(&runner, seed).and_then(|()| match options {
            Some(options) => begin(&runner, &stage, options),
            None => Ok(()),
        });
        if let Err(error) = made {
            tracing::error!(%error, "the demo could not be made");
        }
    })?;
    Ok(())
}

fn make(node: &Node, seed: u64) -> anyhow::Result<()> {
    let actor = node.operator()?;
    if node.world().stations.is_none() {
        let (node, actor) = (node.clone(), actor.clone());
        stage(&node.clone(), JobKind::Generate, "Generate the nation", move |watch, _| {
            work::nation::run(&node, &actor, seed, watch)
        })?;
    }
    if node.world().assessment.is_none() {
        let (node, actor) = (node.clone(), actor.clone());
        stage(&node.clone(), JobKind::Assess, "Assess every station", move |watch, _| {
            let options = work::assess::Options { fit: true, ..work::assess::Options::default() };
            work::assess::run(&node, &actor, options, watch).map(|_| ())
        })?;
    }
    if node.world().plans.is_empty() {
        let (node, actor) = (node.clone(), actor);
        stage(&node.clone(), JobKind::Allocate, "Post the forces", move |watch, bounding| {
            let kept = work::dispatch::RoadsKept::default();
            let label = "Demo plan".to_owned();
            let options =
                work::allocate::Options { seed, label, ..work::allocate::Options::default() };
            work::allocate::run(&node, &actor, &options, &kept, watch, bounding).map(|_| ())
        })?;
    }
    Ok(())
}

/// Runs one piece of work as a job and waits for its end.
fn stage(
    node: &Node,
    kind: JobKind,
    label: &str,
    work: impl FnOnce(&mut Watch<'_>, &mut Bounding<'_>) -> Result<(), WorkError> + Send + 'static,
) -> anyhow::Result<()> {
    let (ended, wait) = std::sync::mpsc::channel();
    node.jobs().start(kind, label, crate::node::CONSOLE, move |control| {
        let mut watch = control.watch();
        let mut bounding = |known: Bounds| {
            if let Some(objective) = known.objective {
                control.bound(objective, known.dual_bound);
            }
        };
        let outcome = work(&mut watch, &mut bounding);
        let _nobody_waits = ended.send(outcome.is_ok());
        outcome.map(|()| serde_json::Value::Null).map_err(JobError::from)
    })?;
    match wait.recv() {
        Ok(true) => Ok(()),
        Ok(false) | Err(_) => anyhow::bail!("{label}: not finished; see the room for the reason"),
    }
}
