//! The desks of the districts: each with a key of its own, enrolled here, that seals what it heard. What a desk says
//! comes in by the door of every other device: verified, authorised again, kept, folded.

use super::bureau::Post;
use crate::node::{Node, NodeError, convert};
use pehra_domain::{AreaId, PersonId, UnixMs, role::Role};
use pehra_ledger::{
    Clock, ClockQuality, Draft, Entry, EntryRef, Payload, SigningKey,
    certificate::{CertificateBody, Subject},
    draft::Next,
};
use pehra_ops::{
    Actor, Command, Context, Holding, Keys, Refusal, Standing, act, dispatch, incident, order,
};

/// What a control room's desk of an exercise acts as: its own, and those whose word it passes on.
pub(super) const ROLES: [&str; 10] =
    ["COMMS", "CTRL-D", "DEVICE", "DRO", "LOG", "PO", "RO", "SECTOR", "SHO", "STN-SEC"];
/// How the names of a desk's two persons begin.
const HEARS: &str = "desk-";
const DECIDES: &str = "chief-";
/// How the name of the device in the field begins.
const FIELD: &str = "field-";
const DAYS_MS: i64 = 30 * 86_400_000;

/// What the device of a district's presiding officers acts as, and of the guards who see them leave.
const FIELD_ROLES: [&str; 2] = ["PO", "STN-SEC"];

/// Who acts, and on which device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hand {
    /// One of the desk's own two.
    Desk,
    /// A person at the counters of the returning officers, on the desk's device.
    Office(PersonId),
    /// A person in the field, on a device of their own: a hand-over's two halves are never signed by one key.
    Field(PersonId),
    /// Somebody of the services or of those who grade and release what they write, on a device of their own.
    Bureau(Post),
}

/// A device that signs.
pub(super) struct Pen {
    key: SigningKey,
    next: Next,
    clock: Clock,
    standing: Standing,
}

/// One district's desk: whoever hears and reports, and whoever decides, so that nobody closes what they reported.
pub(super) struct Desk {
    area: AreaId,
    hears: PersonId,
    decides: PersonId,
    pen: Pen,
    /// Where material is followed piece by piece.
    field: Option<Pen>,
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
        Command::Incident(incident::Command::Act { .. })
            | Command::Dispatch(Unit::Answer { .. })
            | Command::Order(order::Command::Give { .. })
    )
}

/// Whether this is a person of a simulated desk.
pub(super) fn is_simulated(person: &str) -> bool {
    [HEARS, DECIDES, super::bureau::PERSON].iter().any(|begins| person.starts_with(begins))
}

impl Desk {
    /// A desk with a new key, enrolled by the node, which is the root of its own exercise; `closely`: and a device for those
    /// in the field.
    ///
    /// # Errors
    /// [`NodeError`] when the node's disk failed or a name is no name.
    pub(super) fn enrol(node: &Node, area: &AreaId, closely: bool) -> Result<Self, NodeError> {
        let tail = area.as_str().trim_start_matches("pk/").replace('/', "-");
        Self::named(node, area, &tail, (&ROLES, closely))
    }

    /// The desk of the commission, which alone orders a repoll.
    ///
    /// # Errors
    /// As [`Self::enrol`].
    pub(super) fn of_commission(node: &Node) -> Result<Self, NodeError> {
        Self::named(node, &AreaId::nation(), "commission", (&["ECP-NAT"], false))
    }

    /// The desk that keeps the register of suspensions for an area.
    ///
    /// # Errors
    /// As [`Self::enrol`].
    pub(super) fn of_register(node: &Node, area: &AreaId) -> Result<Self, NodeError> {
        Self::named(node, area, "register", (&ROLES, false))
    }

    fn named(
        node: &Node,
        area: &AreaId,
        tail: &str,
        (roles, closely): (&[&str], bool),
    ) -> Result<Self, NodeError> {
        let name = |word: &str| PersonId::try_new(format!("{word}{tail}")).map_err(table);
        let (hears, decides, field) = (name(HEARS)?, name(DECIDES)?, name(FIELD)?);
        let field = closely.then(|| Pen::enrol(node, area, &field, &FIELD_ROLES)).transpose()?;
        Ok(Self {
            pen: Pen::enrol(node, area, &hears, roles)?,
            area: area.clone(),
            hears,
            decides,
            field,
        })
    }

    #[must_use]
    pub(super) fn area(&self) -> &AreaId {
        &self.area
    }

    /// Decides a command by the room's state and seals what follows with the key of whoever acts.
    ///
    /// # Errors
    /// [`DeskError`]; nothing was sealed then.
    pub(super) fn seal(
        &mut self,
        node: &Node,
        (hand, role): (&Hand, &str),
        (command, day): (&Command, UnixMs),
    ) -> Result<Vec<Vec<u8>>, DeskError> {
        let role = Role::try_new(role);
        let role = role.map_err(|error| DeskError::Seal(self.area.clone(), error.to_string()))?;
        let (pen, person) = match hand {
            Hand::Desk if decides(command) => (&mut self.pen, &self.decides),
            Hand::Desk => (&mut self.pen, &self.hears),
            Hand::Office(person) => (&mut self.pen, person),
            Hand::Bureau(post) => {
                let why = format!("{} is at no district's desk", post.person());
                return Err(DeskError::Seal(self.area.clone(), why));
            }
            Hand::Field(person) => match self.field.as_mut() {
                Some(field) => (field, person),
                None => {
                    let why = "nobody in the field has a device here".to_owned();
                    return Err(DeskError::Seal(self.area.clone(), why));
                }
            },
        };
        let actor = Actor { person: person.clone(), role, area: self.area.clone() };
        pen.seal(node, actor, (command, day))
    }
}

fn table(error: impl std::fmt::Display) -> NodeError {
    NodeError::Table(error.to_string())
}

impl Pen {
    pub(super) fn key(&self) -> &SigningKey {
        &self.key
    }

    /// A device with a new key, enrolled for some roles in an area.
    ///
    /// # Errors
    /// As [`Desk::enrol`].
    pub(super) fn enrol(
        node: &Node,
        area: &AreaId,
        name: &PersonId,
        roles: &[&str],
    ) -> Result<Self, NodeError> {
        let key = SigningKey::from_seed(node.random()?);
        let (from, until) = (UnixMs(node.now().0 - 1), UnixMs(node.now().0 + DAYS_MS));
        let whole = |at: UnixMs| u64::try_from(at.0).unwrap_or(0);
        let body = CertificateBody {
            election: node.ledger_election(),
            subject: Subject::DEVICE,
            key: key.public(),
            name: name.as_str().to_owned(),
            area: area.as_str().to_owned(),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            not_before_ms: whole(from),
            not_after_ms: whole(until),
            sealing: None,
        };
        node.enrol(node.certify(body)?)?;
        let mut holdings = Vec::with_capacity(roles.len());
        for role in roles {
            let role = Role::try_new(*role).map_err(table)?;
            holdings.push(Holding { role, area: area.clone(), from, until });
        }
        let (next, clock) = (Next::FIRST, Clock::default());
        Ok(Self { key, next, clock, standing: Standing { holdings } })
    }

    /// Decides a command by the room's state, at a moment of the day, and seals what follows.
    ///
    /// # Errors
    /// [`DeskError`]; nothing was sealed then.
    pub(super) fn seal(
        &mut self,
        node: &Node,
        actor: Actor,
        (command, day): (&Command, UnixMs),
    ) -> Result<Vec<Vec<u8>>, DeskError> {
        let area = actor.area.clone();
        let failed = |error: String| DeskError::Seal(area.clone(), error);
        let context = Context {
            actor,
            at: node.now(),
            day,
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
                .map_err(|error| failed(error.to_string()))?;
            let draft = Draft {
                election: node.ledger_election(),
                clock: self.clock.tick(u64::try_from(context.at.0).unwrap_or(0)),
                clock_quality: ClockQuality::UNKNOWN,
                area: one.area.as_str().to_owned(),
                kind: one.event.kind(),
                person: context.actor.person.as_str().to_owned(),
                role: context.actor.role.as_str().to_owned(),
                causes,
                cosigners: Vec::new(),
                extras: Vec::new(),
                payload,
            };
            let entry = Entry::seal(&self.key, &draft, self.next)
                .map_err(|error| failed(error.to_string()))?;
            let place = entry.header().place;
            self.next = Next { epoch: place.epoch, seq: place.seq + 1, previous: entry.hash() };
            sealed.push(entry.encode());
        }
        Ok(sealed)
    }
}
