//! The desks of the districts: each with a key of its own, enrolled here, that seals what it heard. What a desk says
//! comes in by the door of every other device: verified, authorised again, kept, folded.

use crate::node::{Node, NodeError, convert};
use pehra_domain::{AreaId, PersonId, UnixMs, role::Role};
use pehra_ledger::{
    Clock, ClockQuality, Draft, Entry, EntryRef, Payload, SigningKey,
    certificate::{CertificateBody, Subject},
    draft::Next,
};
use pehra_ops::{
    Actor, Command, Context, Holding, Keys, Refusal, Standing, act, dispatch, incident,
};

/// What a control room's desk of an exercise acts as: its own, and those whose word it passes on.
pub(super) const ROLES: [&str; 7] = ["CTRL-D", "DRO", "LOG", "PO", "RO", "SECTOR", "STN-SEC"];
/// How the names of a desk's two persons begin.
const HEARS: &str = "desk-";
const DECIDES: &str = "chief-";
const DAYS_MS: i64 = 30 * 86_400_000;

/// One district's desk: whoever hears and reports, and whoever decides, so that nobody closes what they reported.
pub(super) struct Desk {
    area: AreaId,
    hears: PersonId,
    decides: PersonId,
    key: SigningKey,
    next: Next,
    clock: Clock,
    standing: Standing,
}

/// Why a desk's act is not sealed.
#[derive(Debug, thiserror::Error)]
pub(super) enum DeskError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Node(#[from] NodeError),
    #[error("an act of the desk of {0} cannot be sealed: {1}")]
    Seal(AreaId, String),
}

/// Whether the one who decides does it. Whoever asks to go below the floor is another than the one who signs.
fn decides(command: &Command) -> bool {
    use dispatch::{Command as Unit, Deed};
    if let Command::Dispatch(Unit::Act { deed, .. }) = command {
        return !matches!(deed, Deed::Ask { .. });
    }
    matches!(
        command,
        Command::Incident(incident::Command::Act { .. }) | Command::Dispatch(Unit::Answer { .. })
    )
}

/// Whether this is a person of a simulated desk.
pub(super) fn is_simulated(person: &str) -> bool {
    person.starts_with(HEARS) || person.starts_with(DECIDES)
}

impl Desk {
    /// A desk with a new key, enrolled by the node, which is the root of its own exercise.
    ///
    /// # Errors
    /// [`NodeError`] when the node's disk failed or a name is no name.
    pub(super) fn enrol(node: &Node, area: &AreaId) -> Result<Self, NodeError> {
        let table = |error: &dyn std::fmt::Display| NodeError::Table(error.to_string());
        let tail = area.as_str().trim_start_matches("pk/").replace('/', "-");
        let name =
            |word: &str| PersonId::try_new(format!("{word}{tail}")).map_err(|error| table(&error));
        let (hears, decides) = (name(HEARS)?, name(DECIDES)?);
        let key = SigningKey::from_seed(node.random()?);
        let (from, until) = (UnixMs(node.now().0 - 1), UnixMs(node.now().0 + DAYS_MS));
        let whole = |at: UnixMs| u64::try_from(at.0).unwrap_or(0);
        let body = CertificateBody {
            election: node.ledger_election(),
            subject: Subject::DEVICE,
            key: key.public(),
            name: hears.as_str().to_owned(),
            area: area.as_str().to_owned(),
            roles: ROLES.map(str::to_owned).to_vec(),
            not_before_ms: whole(from),
            not_after_ms: whole(until),
            sealing: None,
        };
        node.enrol(node.certify(body)?)?;
        let mut holdings = Vec::with_capacity(ROLES.len());
        for role in ROLES {
            let role = Role::try_new(role).map_err(|error| table(&error))?;
            holdings.push(Holding { role, area: area.clone(), from, until });
        }
        Ok(Self {
            area: area.clone(),
            hears,
            decides,
            key,
            next: Next::FIRST,
            clock: Clock::default(),
            standing: Standing { holdings },
        })
    }

    #[must_use]
    pub(super) fn area(&self) -> &AreaId {
        &self.area
    }

    /// Decides a command by the room's state and seals what follows with the desk's key.
    ///
    /// # Errors
    /// [`DeskError`]; nothing was sealed then.
    pub(super) fn seal(
        &mut self,
        node: &Node,
        role: &str,
        command: &Command,
    ) -> Result<Vec<Vec<u8>>, DeskError> {
        let failed = |area: &AreaId, error: String| DeskError::Seal(area.clone(), error);
        let role = Role::try_new(role).map_err(|error| failed(&self.area, error.to_string()))?;
        let decides = decides(command);
        let person = if decides { &self.decides } else { &self.hears };
        let context = Context {
            actor: Actor { person: person.clone(), role, area: self.area.clone() },
            at: node.now(),
            cosigners: Vec::new(),
            attested_by_node: true,
            keys: Keys::default(),
        };
        let decided =
            node.ops(|state| act(node.rules(), &self.standing, state, &context, command))?;
        let mut sealed = Vec::with_capacity(decided.len());
        for one in decided {
            let mut causes = Vec::with_capacity(one.supersedes.len());
            for at in one.supersedes {
                let place = convert::place(at);
                if let Some(hash) = node.hash_of(place)? {
                    causes.push(convert::supersedes(EntryRef { place, hash8: hash.short() }));
                }
            }
            let payload = Payload::try_new(node.random()?, &one.event.encode())
                .map_err(|error| failed(&self.area, error.to_string()))?;
            let draft = Draft {
                election: node.ledger_election(),
                clock: self.clock.tick(u64::try_from(context.at.0).unwrap_or(0)),
                clock_quality: ClockQuality::UNKNOWN,
                area: one.area.as_str().to_owned(),
                kind: one.event.kind(),
                person: person.as_str().to_owned(),
                role: context.actor.role.as_str().to_owned(),
                causes,
                cosigners: Vec::new(),
                extras: Vec::new(),
                payload,
            };
            let entry = Entry::seal(&self.key, &draft, self.next)
                .map_err(|error| failed(&self.area, error.to_string()))?;
            let place = entry.header().place;
            self.next = Next { epoch: place.epoch, seq: place.seq + 1, previous: entry.hash() };
            sealed.push(entry.encode());
        }
        Ok(sealed)
    }
}
