//! A local act: authorised, decided, sealed, appended and folded, in this order and under one lock.

use super::{Node, NodeError, Writer, convert, ledger_ms, now, sign::Hand};
use crate::dataset::{Chunk, SCHEMA};
use pehra_domain::{
    AreaId, PersonId, UnixMs,
    progress::{Step, Watch},
};
use pehra_ledger::{
    Hash,
    manifest::{self, Manifest},
};
use pehra_ops::{
    Actor, Command, Context, Decided, EventRef, Hash32, Keys, act,
    dataset::{self, Dataset, DatasetKey, DatasetKind},
    election::{self, Nature},
    permission, person,
};
use pehra_store::{Batch, search::SearchChange};
use std::{collections::BTreeMap, ops::ControlFlow};

/// A list or a result on its way into the record.
#[derive(Clone, Debug)]
pub struct DatasetDraft {
    pub kind: DatasetKind,
    /// `current` for lists of which there is one; a plan's number for plans.
    pub name: String,
    pub inputs: Vec<[u8; 32]>,
    pub chunks: Vec<Chunk>,
    pub source_name: String,
    pub source_sha256: [u8; 32],
    pub counts: BTreeMap<String, u64>,
    /// Rows for the search of the room; all rows of this kind are replaced.
    pub search: Vec<SearchChange>,
    /// The manifest that the person saw before deciding.
    pub based_on: Option<[u8; 32]>,
}

impl DatasetDraft {
    /// A result computed from other datasets.
    #[must_use]
    pub fn computed(
        kind: DatasetKind,
        name: &str,
        inputs: Vec<[u8; 32]>,
        chunks: Vec<Chunk>,
        counts: &[(&str, u64)],
    ) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            inputs,
            chunks,
            source_name: "computed by this node".to_owned(),
            source_sha256: [0; 32],
            counts: named(counts),
            search: Vec::new(),
            based_on: None,
        }
    }

    /// A list that was generated or read from a file.
    #[must_use]
    pub fn generated(
        kind: DatasetKind,
        source: &str,
        chunks: Vec<Chunk>,
        counts: &[(&str, u64)],
    ) -> Self {
        let source_name = source.to_owned();
        Self { source_name, ..Self::computed(kind, "current", Vec::new(), chunks, counts) }
    }
}

fn named(counts: &[(&str, u64)]) -> BTreeMap<String, u64> {
    counts.iter().map(|&(name, count)| (name.to_owned(), count)).collect()
}

impl Node {
    /// Does what a person asks, if they may.
    ///
    /// # Errors
    /// [`NodeError::Refused`] with a sentence in both languages, [`NodeError::Unsigned`] when the person's own key must
    /// sign first, or what the disk said.
    #[expect(clippy::needless_pass_by_value, reason = "a command is spent when it is given")]
    pub fn execute(&self, actor: &Actor, command: Command) -> Result<Vec<EventRef>, NodeError> {
        self.execute_with(actor, &command, &mut Batch::default())
    }

    /// As [`Self::execute`], keeping bytes that the act names by their SHA-256 in the same transaction.
    ///
    /// # Errors
    /// As [`Self::execute`]; nothing was kept then.
    pub fn execute_keeping(
        &self,
        actor: &Actor,
        command: &Command,
        bytes: Vec<Vec<u8>>,
    ) -> Result<Vec<EventRef>, NodeError> {
        self.execute_with(actor, command, &mut Batch { chunks: bytes, ..Batch::default() })
    }

    /// Authorises and decides one command as things stand.
    pub(super) fn decide(
        &self,
        writer: &Writer,
        (actor, command): (&Actor, &Command),
        hand: &Hand,
        at: UnixMs,
    ) -> Result<(Context, Vec<Decided>), NodeError> {
        let mut context = Context {
            actor: actor.clone(),
            at,
            day: self.day_clock().map_or(at, |clock| clock.at(at)),
            cosigners: Vec::new(),
            attested_by_node: matches!(hand, Hand::Node),
            keys: Keys::default(),
        };
        let decided = self.ops(|state| {
            let area = command.area(state).unwrap_or(&actor.area);
            let since = writer.roster.keys_since(area.as_str());
            context.keys.required = since.is_some_and(|since| since <= ledger_ms(at));
            let standing = state.standing(&actor.person);
            act(self.rules(), &standing, state, &context, command)
        })?;
        Ok((context, decided))
    }

    /// As [`Self::execute`], keeping a batch's chunks, manifests and search rows in the same transaction.
    fn execute_with(
        &self,
        actor: &Actor,
        command: &Command,
        batch: &mut Batch,
    ) -> Result<Vec<EventRef>, NodeError> {
        let mut guard = self.writer();
        let writer = &mut *guard;
        let at = now();
        let hand = self.hand(&writer.roster, &actor.person, at)?;
        let (context, decided) = self.decide(writer, (actor, command), &hand, at)?;
        if decided.is_empty() {
            return Ok(Vec::new());
        }
        if !is_beginning(command) {
            for one in &decided {
                self.must_be_covered(&writer.roster, actor, &one.area, at)?;
            }
        }
        let sealed = self.seal(writer, &context, command, &decided, hand)?;
        let now = self.batch();
        (batch.received_ms, batch.day_ms) = (now.received_ms, now.day_ms);
        batch.devices = vec![self.inner.key.public()];
        batch.entries = sealed.iter().map(|entry| (entry.clone(), 0)).collect();
        writer.store.commit(batch)?;
        let refs = sealed.iter().map(|entry| convert::event_ref(entry.header().place)).collect();
        self.fold_own(writer, sealed);
        drop(guard);
        self.tell(command);
        Ok(refs)
    }

    /// Signs a list or result and makes it current.
    ///
    /// # Errors
    /// [`NodeError`]; nothing was kept then.
    pub fn commit_dataset(&self, actor: &Actor, draft: DatasetDraft) -> Result<Hash32, NodeError> {
        self.commit_dataset_watched(actor, draft, &mut |_| ControlFlow::Continue(()))
    }

    /// As [`Self::commit_dataset`]. Where the person's own key is needed and lies elsewhere, it waits for the signature
    /// and tells so.
    ///
    /// # Errors
    /// As [`Self::commit_dataset`]; [`NodeError::Cancelled`] when `watch` breaks off.
    pub fn commit_dataset_watched(
        &self,
        actor: &Actor,
        draft: DatasetDraft,
        watch: &mut Watch<'_>,
    ) -> Result<Hash32, NodeError> {
        let actor = self.acting(&actor.person, permission::of_dataset(draft.kind))?;
        let DatasetDraft {
            kind,
            name,
            inputs,
            chunks,
            source_name,
            source_sha256,
            counts,
            search,
            based_on,
        } = draft;
        let parts = named_parts(&chunks);
        let inputs = inputs.into_iter().map(Hash).collect();
        let manifest = Manifest::try_new(kind.name(), SCHEMA, inputs, parts)?;
        let hash = Hash32(manifest.hash().0);
        let nature = self.ops(|state| state.election().map_or(Nature::Real, |e| e.nature));
        let key = DatasetKey { kind, area: AreaId::nation(), name: name.clone() };
        let based_on = based_on.map(Hash32).or_else(|| {
            self.ops(|state| state.datasets.current(&key).map(|current| current.manifest))
        });
        let dataset = Dataset {
            schema: SCHEMA,
            manifest: hash,
            source_name,
            source_sha256: Hash32(source_sha256),
            counts,
            nature,
        };
        let command = Command::Dataset(dataset::Command::Commit { key, dataset, based_on });
        let mut batch = Batch {
            chunks: chunks.into_iter().map(|chunk| chunk.bytes).collect(),
            manifests: vec![manifest],
            search,
            ..Batch::default()
        };
        loop {
            match self.execute_with(&actor, &command, &mut batch) {
                Ok(_) => break,
                Err(NodeError::Unsigned(to_sign)) => {
                    let body = serde_json::json!({ "person": to_sign.person.as_str() });
                    self.live().publish("sign", body);
                    let mut go_on =
                        || watch(Step { stage: "signature", done: 0, total: 1 }).is_continue();
                    self.await_signature(&to_sign, &mut go_on)?;
                }
                Err(other) => return Err(other),
            }
        }
        self.reload(kind, &name)?;
        self.live().publish("dataset", serde_json::json!({ "kind": kind.name() }));
        Ok(hash)
    }

    /// A person in a role that holds a permission; of several the first in order. Without such a role the
    /// person's first one is given, so that ops refuses with its own reason.
    ///
    /// # Errors
    /// [`NodeError::Refused`] when the person holds no role at all.
    pub fn acting(&self, person: &PersonId, permission: &str) -> Result<Actor, NodeError> {
        let at = now();
        let standing = self.ops(|state| state.standing(person));
        let in_force = || standing.holdings.iter().filter(|holding| holding.is_in_force(at));
        let holding = in_force()
            .find(|holding| self.rules().permissions.allows(&holding.role, permission))
            .or_else(|| in_force().next())
            .or_else(|| standing.holdings.first())
            .ok_or_else(|| {
                pehra_ops::Refusal::of(pehra_ops::RefusalCode::RoleNotHeld, person.as_str())
            })?;
        Ok(Actor { person: person.clone(), role: holding.role.clone(), area: holding.area.clone() })
    }

    /// The person at this machine's keyboard, in a role that holds a permission: whoever gave their key to this
    /// process, otherwise the console.
    ///
    /// # Errors
    /// As [`Self::acting`].
    pub fn console(&self, permission: &str) -> Result<Actor, NodeError> {
        if let Some(holder) = self.holder() {
            return self.acting(&holder, permission);
        }
        self.itself(permission)
    }

    /// The node itself, where no person acts, in a role that holds a permission.
    ///
    /// # Errors
    /// As [`Self::acting`].
    pub(crate) fn itself(&self, permission: &str) -> Result<Actor, NodeError> {
        let person = PersonId::try_new(super::CONSOLE)
            .map_err(|_invalid| NodeError::Table(super::CONSOLE.to_owned()))?;
        self.acting(&person, permission)
    }

    /// The person at this machine's keyboard, as a planner.
    ///
    /// # Errors
    /// As [`Self::acting`].
    pub fn operator(&self) -> Result<Actor, NodeError> {
        self.console(permission::PLAN_EDIT)
    }

    pub(super) fn tell(&self, command: &Command) {
        let (topic, body) = match command {
            Command::Dataset(_) => return,
            Command::Parameter(_) => ("parameter", serde_json::json!({})),
            Command::Lock(_) => ("lock", serde_json::json!({})),
            Command::Plan(_) => ("plan", serde_json::json!({})),
            Command::Election(_)
            | Command::Person(_)
            | Command::OfficialClass(_)
            | Command::RiskOverride(_)
            | Command::Poll(_) => ("node", serde_json::json!({})),
            Command::Survey(_) => ("survey", serde_json::json!({})),
            // The day is told in collected frames.
            Command::CheckIn(_) | Command::Incident(_) | Command::Suspension(_) => return,
            Command::Order(_) => ("order", serde_json::json!({})),
            Command::Custody(_) => ("custody", serde_json::json!({})),
            Command::Deletion(_) => ("deletion", serde_json::json!({})),
            Command::Equipment(_) => ("equipment", serde_json::json!({})),
            Command::Draw(_) => ("draw", serde_json::json!({})),
            Command::Dispatch(_) => ("dispatch", serde_json::json!({})),
            // That something changed, and nothing of what.
            Command::Intelligence(command) => {
                if command.goes_out() {
                    self.live().publish("warning", serde_json::json!({}));
                }
                ("intelligence", serde_json::json!({}))
            }
            // That somebody complains of those who guard is told to nobody: they may be listening.
            Command::Report(_) => return,
            Command::Readiness(_) => ("readiness", serde_json::json!({})),
            Command::Patrol(_) => ("patrol", serde_json::json!({})),
            Command::Training(_) => ("training", serde_json::json!({})),
            Command::Alert(_) => ("alert", serde_json::json!({})),
            Command::Finding(_) => ("finding", serde_json::json!({})),
            Command::Campaign(_) => ("campaign", serde_json::json!({})),
            Command::Community(_) => ("community", serde_json::json!({})),
        };
        self.live().publish(topic, body);
    }
}

/// Chunks by name; several of one area are its parts, in their order.
fn named_parts(chunks: &[Chunk]) -> Vec<manifest::Chunk> {
    let mut next: BTreeMap<AreaId, u32> = BTreeMap::new();
    let named = |chunk: &Chunk| {
        let Chunk { area, bytes, rows } = chunk;
        let part = next.entry(area.clone()).or_default();
        *part += 1;
        let named = manifest::Chunk::of(area.as_str(), bytes, u64::from(*rows));
        manifest::Chunk { part: *part - 1, ..named }
    };
    chunks.iter().map(named).collect()
}

/// The first acts of a node, which come before anybody could have enrolled it.
fn is_beginning(command: &Command) -> bool {
    matches!(
        command,
        Command::Person(person::Command::FirstAccount { .. })
            | Command::Election(election::Command::Open { .. })
    )
}
