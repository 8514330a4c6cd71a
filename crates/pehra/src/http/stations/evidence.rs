//! The evidence behind every factor, prepared once for as long as nothing that it rests on changes.
//!
//! What is prepared borrows from the lists that it was made of, so both live on the stack of a thread of their own,
//! which answers questions until the lists change or nobody asks any more.

use crate::{
    node::Node,
    work::{
        WorkError,
        assess::{Material, assessed_at},
        threats::posteriors,
    },
};
use pehra_domain::{Date, StationId, override_record::OverrideRecord, risk::FACTOR_COUNT};
use pehra_plan::assess::{Derived, Model, Prepared, ThreatPosterior};
use std::{
    sync::{Mutex, PoisonError, mpsc},
    time::Duration,
};

/// The lists are let go when nobody asked for so long.
const IDLE: Duration = Duration::from_secs(600);

type Evidence = [Derived; FACTOR_COUNT];

/// What evidence rests on.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    /// Stations, places, units, incidents, surveys, and the plan in force.
    manifests: [Option<[u8; 32]>; 6],
    /// Forms that were signed since the list of surveys was imported.
    forms: u64,
    model: Model,
    overrides: Vec<OverrideRecord>,
    /// What was signed about threats, and stands.
    threats: Vec<ThreatPosterior>,
    today: Date,
}

impl Key {
    fn of(node: &Node) -> Result<Self, WorkError> {
        let world = node.world();
        let as_of = assessed_at(node.now(), node.poll_date());
        Ok(Self {
            manifests: [
                world.stations.as_ref().map(|list| list.provenance.manifest),
                world.places.as_ref().map(|list| list.provenance.manifest),
                world.units.as_ref().map(|list| list.provenance.manifest),
                world.incidents.as_ref().map(|list| list.provenance.manifest),
                world.surveys.as_ref().map(|list| list.provenance.manifest),
                node.adopted_plan(&world).map(|plan| plan.provenance.manifest),
            ],
            forms: node.ops(|state| state.surveys.mark()),
            model: node.risk_model()?,
            overrides: node.overrides_in_force(as_of),
            threats: node.ops(|state| posteriors(state, &world, as_of)),
            today: Date::of_pkt(as_of),
        })
    }
}

struct Ask {
    position: usize,
    station: StationId,
    answer: mpsc::Sender<Option<Evidence>>,
}

struct Kept {
    key: Key,
    asks: mpsc::Sender<Ask>,
}

/// Prepared evidence, if anybody asked lately.
#[derive(Default)]
pub struct EvidenceKept {
    kept: Mutex<Option<Kept>>,
}

impl EvidenceKept {
    /// The evidence for a station, at its position of the table; none when it could not be prepared for what
    /// is current now, because a list was replaced meanwhile.
    ///
    /// # Errors
    /// [`WorkError`] when a signed parameter makes the model unsound.
    pub fn of(
        &self,
        node: &Node,
        position: usize,
        station: &StationId,
    ) -> Result<Option<Evidence>, WorkError> {
        let key = Key::of(node)?;
        let (answer, told) = mpsc::channel();
        let ask = Ask { position, station: station.clone(), answer };
        {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            let unsent = match kept.as_ref().filter(|kept| kept.key == key) {
                Some(kept) => kept.asks.send(ask).err().map(|mpsc::SendError(ask)| ask),
                None => Some(ask),
            };
            if let Some(ask) = unsent {
                *kept = begin(node, key, ask);
            }
        }
        // The thread that ends without an answer hangs up.
        Ok(told.recv().ok().flatten())
    }

    #[cfg(test)]
    fn key(&self) -> Option<Key> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().map(|kept| kept.key.clone())
    }
}

fn begin(node: &Node, key: Key, first: Ask) -> Option<Kept> {
    let (asks, asked) = mpsc::channel();
    asks.send(first).ok()?;
    let (node, wanted) = (node.clone(), key.clone());
    let thread = std::thread::Builder::new().name("evidence".to_owned());
    let begun = thread.spawn(move || {
        if let Err(cause) = answer(&node, &wanted, &asked) {
            tracing::warn!(%cause, "the evidence could not be prepared");
        }
    });
    match begun {
        Ok(_) => Some(Kept { key, asks }),
        Err(cause) => {
            tracing::error!(%cause, "no thread for the evidence");
            None
        }
    }
}

/// Prepares, and answers until nobody can or does ask any more.
fn answer(node: &Node, wanted: &Key, asked: &mpsc::Receiver<Ask>) -> Result<(), WorkError> {
    let material = Material::gather(node)?;
    // What was gathered is what was wanted only if nothing changed before and since.
    if Key::of(node)? != *wanted {
        return Ok(());
    }
    material.with_inputs(node, |model, inputs| {
        let prepared = Prepared::new(model, inputs);
        while let Ok(ask) = asked.recv_timeout(IDLE) {
            let station = inputs.stations.get(ask.position).filter(|s| s.id == ask.station);
            let _who_asked_has_gone = ask.answer.send(station.map(|s| prepared.derive(s)));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::OpenOptions;

    #[test]
    fn evidence_is_prepared_once_and_again_when_a_parameter_changes() {
        let folder = tempfile::tempdir().unwrap();
        let node = Node::open(folder.path(), &OpenOptions::default()).unwrap();
        let kept = EvidenceKept::default();
        let nobody = StationId::try_new("NA-1-1").unwrap();
        assert!(kept.of(&node, 0, &nobody).unwrap().is_none(), "there are no stations");
        let before = kept.key().unwrap();
        assert_eq!(before, Key::of(&node).unwrap());
        let actor = node.console("parameter.edit").unwrap();
        let change = pehra_ops::parameter::Command::Set {
            key: pehra_ops::parameter::ParameterKey {
                area: pehra_domain::AreaId::nation(),
                key: "risk.threshold.most".to_owned(),
            },
            parameter: pehra_ops::parameter::Parameter {
                value: pehra_ops::parameter::Value::Text("55".to_owned()),
                source: "a test".to_owned(),
            },
            reason: "to see".to_owned(),
        };
        node.execute(&actor, pehra_ops::Command::Parameter(change)).unwrap();
        assert!(kept.of(&node, 0, &nobody).unwrap().is_none());
        assert_ne!(kept.key().unwrap(), before);
    }
}
