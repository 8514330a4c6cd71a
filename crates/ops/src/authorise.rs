//! The one place below HTTP that says whether somebody may: role × area × permission × time × separation of
//! duties, for a local command and a remote entry alike.
//!
//! What can be judged from the entry itself, its certificate and what it causally follows is judged here, so that
//! every node comes to the same answer. What only a later meeting of two histories shows (one person in two
//! duties that are separate for ever, on nodes apart) is no refusal but [`crate::State::breaches`].

mod facts;

use crate::{
    campaign,
    command::Command,
    content, deletion, finding, order,
    permission::{self, PermissionTable, Reach, Separation},
    person::{self, RoleScope},
    refusal::{Refusal, RefusalCode},
    stamp::{Actor, Context, Decided, Keys, Stamped},
    state::State,
};
use pehra_domain::{AreaId, PersonId, UnixMs, role::Role};

/// Both tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    pub permissions: PermissionTable,
    pub separation: Separation,
}

impl Rules {
    /// Reads both tables from their CSV texts.
    ///
    /// # Errors
    /// [`permission::TableError`] of the table that is wrong.
    pub fn parse(permissions: &str, separation: &str) -> Result<Self, permission::TableError> {
        Ok(Self {
            permissions: PermissionTable::parse(permissions)?,
            separation: Separation::parse(separation)?,
        })
    }

    /// The duty of `role` that its holder may not combine with what `other` may do, where one of the two leaves no
    /// entry; none where the roles may meet in one person.
    #[must_use]
    pub fn apart(&self, role: &Role, other: &Role) -> Option<&str> {
        let silent = |duty: &str| permission::SILENT.contains(&duty);
        let pairs = self.separation.pairs().filter(|(a, b, _)| silent(a) || silent(b));
        let mut both = pairs.flat_map(|(a, b, _)| [(a, b), (b, a)]);
        let met = both.find(|(own, theirs)| {
            self.permissions.allows(role, own) && self.permissions.allows(other, theirs)
        });
        met.map(|(own, _)| own)
    }
}

/// One role that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holding {
    pub role: Role,
    pub area: AreaId,
    /// From this moment (included) to that (excluded).
    pub from: UnixMs,
    pub until: UnixMs,
}

impl Holding {
    pub(crate) fn from_scope(scope: &RoleScope, from: UnixMs) -> Self {
        Self { role: scope.role.clone(), area: scope.area.clone(), from, until: scope.expires }
    }

    #[must_use]
    pub fn is_in_force(&self, at: UnixMs) -> bool {
        self.from <= at && at < self.until
    }
}

/// What somebody may act as: from the folded state for a person signed in here, from the device's certificate for
/// a remote entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub holdings: Vec<Holding>,
}

/// Who acts, where and when, as the header says.
#[derive(Clone, Copy, Debug)]
pub struct Header<'a> {
    pub actor: &'a Actor,
    pub area: &'a AreaId,
    pub at: UnixMs,
    pub cosigners: &'a [PersonId],
    /// The device signed in the person's place.
    pub attested_by_node: bool,
    pub keys: &'a Keys,
}

impl<'a> Header<'a> {
    /// The header of an entry that is sealed already.
    #[must_use]
    pub fn of(stamped: &'a Stamped) -> Self {
        Self {
            actor: &stamped.actor,
            area: &stamped.area,
            at: stamped.clock_ms,
            cosigners: &stamped.cosigners,
            attested_by_node: stamped.attested_by_node,
            keys: &stamped.keys,
        }
    }
}

/// An earlier act about the same thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act<'a> {
    pub person: &'a PersonId,
    pub permission: &'static str,
}

/// Whether an actor may use a permission for an area at a moment. This is what an HTTP route asks that only reads.
///
/// # Errors
/// The first of: the table has no such row; the role does not hold it; the actor does not hold the role, or no
/// longer, or not for the area.
pub fn permit(
    rules: &Rules,
    standing: &Standing,
    actor: &Actor,
    area: &AreaId,
    at: UnixMs,
    permission: &str,
) -> Result<(), Refusal> {
    if !rules.permissions.has_row(permission) {
        return Err(Refusal::of(RefusalCode::PermissionUnknown, permission));
    }
    if !rules.permissions.allows(&actor.role, permission) {
        return Err(Refusal::of(RefusalCode::RoleLacksPermission, permission));
    }
    holds(standing, &actor.role, area, at)?;
    if actor.area.contains(area) {
        Ok(())
    } else {
        Err(Refusal::of(RefusalCode::OutsideArea, area))
    }
}

fn holds(standing: &Standing, role: &Role, area: &AreaId, at: UnixMs) -> Result<(), Refusal> {
    let of_role = || standing.holdings.iter().filter(|holding| holding.role == *role);
    let mut in_force = of_role().filter(|holding| holding.is_in_force(at)).peekable();
    if in_force.peek().is_none() {
        let ran_out = of_role().any(|holding| holding.until <= at);
        let code = if ran_out { RefusalCode::RoleExpired } else { RefusalCode::RoleNotHeld };
        return Err(Refusal::of(code, role.as_str()));
    }
    if in_force.any(|holding| holding.area.contains(area)) {
        Ok(())
    } else {
        Err(Refusal::of(RefusalCode::OutsideArea, area))
    }
}

/// Whether a command may be decided at all. The area is the command's, or that of what it refers to.
///
/// # Errors
/// As [`permit`]; [`RefusalCode::NotKnown`] when it refers to something that is not on record here.
pub fn command(
    rules: &Rules,
    standing: &Standing,
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<(), Refusal> {
    let permission = command.permission();
    if !rules.permissions.has_row(permission) {
        return Err(Refusal::of(RefusalCode::PermissionUnknown, permission));
    }
    if let Command::Person(person::Command::FirstAccount { roles, .. }) = command {
        return first_account(rules, state, roles);
    }
    if !rules.permissions.allows(&context.actor.role, permission) {
        return Err(Refusal::of(RefusalCode::RoleLacksPermission, permission));
    }
    let own = &context.actor.area;
    let area = command.area(state);
    permit(rules, standing, &context.actor, area.unwrap_or(own), context.at, permission)?;
    area.map(|_| ()).ok_or_else(|| Refusal::of(RefusalCode::NotKnown, permission))
}

/// A first account needs no right: it is the node's own, once, with roles that the table knows.
fn first_account(rules: &Rules, state: &State, roles: &[RoleScope]) -> Result<(), Refusal> {
    if !state.persons.may_bootstrap() {
        return Err(Refusal::of(RefusalCode::AlreadyBootstrapped, person::FIRST_ACCOUNTS_MAX));
    }
    known_roles(rules, roles)
}

fn known_roles(rules: &Rules, roles: &[RoleScope]) -> Result<(), Refusal> {
    match roles.iter().find(|scope| !rules.permissions.knows_role(&scope.role)) {
        Some(scope) => Err(Refusal::of(RefusalCode::RoleUnknown, scope.role.as_str())),
        None => Ok(()),
    }
}

/// Whether a decided event may be sealed by the local actor.
///
/// # Errors
/// As [`remote`], and [`RefusalCode::DutiesSeparated`] for duties that are separate for ever.
pub fn local_event(
    rules: &Rules,
    standing: &Standing,
    state: &State,
    context: &Context,
    decided: &Decided,
) -> Result<(), Refusal> {
    let event = &decided.event;
    // Whoever signs with a key of their own signs both headers in one go: the node seals nothing else.
    let keys = Keys { required: context.keys.required, second_over: event.approves() };
    let header = Header {
        actor: &context.actor,
        area: &decided.area,
        at: context.at,
        cosigners: &context.cosigners,
        attested_by_node: context.attested_by_node,
        keys: &keys,
    };
    if let Some(roles) = event.first_roles() {
        return first_account(rules, state, roles);
    }
    authorise(rules, standing, state, &header, event)?;
    roles_apart(rules, state, event)?;
    let person = &context.actor.person;
    for (other, reach) in rules.separation.against(event.permission()) {
        if reach == Reach::Ever && state.has_exercised(person, other) {
            return Err(Refusal::of(RefusalCode::DutiesSeparated, other));
        }
    }
    Ok(())
}

/// Duties of which one leaves no entry cannot be told apart once they are done: the roles that hold both never meet in one
/// person.
fn roles_apart(rules: &Rules, state: &State, event: &crate::Event) -> Result<(), Refusal> {
    let crate::Event::Person(event) = event else { return Ok(()) };
    let Some((person, role)) = state.persons.given(event) else { return Ok(()) };
    let held = state.persons.roles_ever(person);
    match held.into_iter().find_map(|other| rules.apart(role, other)) {
        Some(duty) => Err(Refusal::of(RefusalCode::DutiesSeparated, duty)),
        None => Ok(()),
    }
}

/// Whether a remote entry takes effect. `standing` is what the device's certificate says: it does not depend on
/// what this node happens to have heard. An entry that is refused is kept and shown without effect.
///
/// # Errors
/// The first rule that the entry breaks.
pub fn remote(
    rules: &Rules,
    standing: &Standing,
    state: &State,
    stamped: &Stamped,
) -> Result<(), Refusal> {
    let event = &stamped.event;
    content::check(event)?;
    if let crate::Event::Election(event) = event {
        crate::election::check(event)?;
    }
    if let Some(roles) = event.first_roles() {
        known_roles(rules, roles)?;
        return roles
            .iter()
            .try_for_each(|scope| holds(standing, &scope.role, &scope.area, stamped.clock_ms));
    }
    authorise(rules, standing, state, &Header::of(stamped), event)
}

/// Whether what an event refers to is on record as it says: the part of [`remote`] that looks at the state and not at
/// rights. A device's own acts are held to it as well once something that they follow from was deleted.
///
/// # Errors
/// The first reference that does not hold.
pub fn follows(state: &State, stamped: &Stamped) -> Result<(), Refusal> {
    refers(state, &Header::of(stamped), &stamped.event)
}

/// What both have in common: references, addressee and keys.
fn refers(state: &State, header: &Header<'_>, event: &crate::Event) -> Result<(), Refusal> {
    event.check_references(state, &header.actor.person, header.at)?;
    order::check_addressee(state, event, header.actor, header.area)?;
    finding::check_owner(state, event, header.actor, header.area)?;
    campaign::check_area(state, event, header.area)?;
    deletion::check_area(state, event, header.area)?;
    two_keys(state, header, event)
}

/// An act of two persons needs two persons' keys over the first one's header, as soon as persons have keys.
fn two_keys(state: &State, header: &Header<'_>, event: &crate::Event) -> Result<(), Refusal> {
    let Some(first) = event.approves().filter(|_| header.keys.required) else { return Ok(()) };
    if header.attested_by_node {
        return Err(Refusal::of(RefusalCode::OwnKeyNeeded, &header.actor.person));
    }
    let signed_first = event.first_mark(state).is_some_and(|mark| !mark.attested_by_node);
    if !signed_first {
        return Err(Refusal::of(RefusalCode::FirstKeyMissing, first));
    }
    if header.keys.second_over != Some(first) {
        return Err(Refusal::of(RefusalCode::SecondKeyMissing, first));
    }
    Ok(())
}

/// What local and remote events have in common.
fn authorise(
    rules: &Rules,
    standing: &Standing,
    state: &State,
    header: &Header<'_>,
    event: &crate::Event,
) -> Result<(), Refusal> {
    let permission = event.permission();
    permit(rules, standing, header.actor, header.area, header.at, permission)?;
    if let Some(roles) = event.granted_role() {
        known_roles(rules, roles)?;
    }
    if event.area(state).is_some_and(|area| area != header.area) {
        return Err(Refusal::of(RefusalCode::AreaMismatch, header.area));
    }
    let actor = &header.actor.person;
    for (place, cosigner) in header.cosigners.iter().enumerate() {
        if cosigner == actor || header.cosigners.iter().take(place).any(|other| other == cosigner) {
            return Err(Refusal::of(RefusalCode::SamePersonTwice, cosigner));
        }
    }
    event.check_role(&header.actor.role)?;
    refers(state, header, event)?;
    for act in event.earlier_acts(state) {
        let apart = rules.separation.against(permission).any(|(other, _)| other == act.permission);
        if apart && (act.person == actor || header.cosigners.contains(act.person)) {
            return Err(Refusal::of(RefusalCode::DutiesSeparated, act.permission));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
