//! Accounts and roles. A role is granted by one person and approved by another. No password and no key is held
//! here: they are the node's affair and never travel.

mod decide;

pub(crate) use decide::decide;

use crate::{
    authorise::{Holding, Standing},
    conflict::{self, Conflict, Describe, Noun},
    content::Piece,
    register::{Head, Reading, Register},
    stamp::{EventRef, Mark, Stamped},
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, PersonId, UnixMs, role::Role};
use std::collections::BTreeMap;

/// A node starts with at most so many accounts that nobody granted: its own console, one who grants and one who
/// approves.
pub const FIRST_ACCOUNTS_MAX: usize = 3;

/// A role for an area, until a moment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct RoleScope {
    #[n(0)]
    pub role: Role,
    #[n(1)]
    pub area: AreaId,
    #[n(2)]
    pub expires: UnixMs,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// An account with roles that nobody granted, made by the node itself at its first start.
    FirstAccount {
        area: AreaId,
        person: PersonId,
        display_name: String,
        roles: Vec<RoleScope>,
    },
    OpenAccount {
        area: AreaId,
        person: PersonId,
        display_name: String,
    },
    CloseAccount {
        area: AreaId,
        person: PersonId,
        reason: String,
    },
    GrantRole {
        person: PersonId,
        scope: RoleScope,
        reason: String,
    },
    ApproveRole {
        grant: EventRef,
    },
    /// Answers a proposed grant with no.
    RefuseRole {
        grant: EventRef,
        reason: String,
    },
    /// Ends a grant, approved or not. One person is enough: taking a right away must be quick.
    RevokeRole {
        grant: EventRef,
        reason: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(200)]
    FirstAccount {
        #[n(0)]
        person: PersonId,
        #[n(1)]
        display_name: String,
        #[n(2)]
        roles: Vec<RoleScope>,
    },
    #[n(201)]
    AccountOpened {
        #[n(0)]
        person: PersonId,
        #[n(1)]
        display_name: String,
    },
    #[n(202)]
    AccountClosed {
        #[n(0)]
        person: PersonId,
        #[n(1)]
        reason: String,
    },
    #[n(203)]
    RoleGranted {
        #[n(0)]
        person: PersonId,
        #[n(1)]
        scope: RoleScope,
        #[n(2)]
        reason: String,
    },
    /// Names the one who granted: the act is two persons'.
    #[n(204)]
    RoleApproved {
        #[n(0)]
        grant: EventRef,
        #[n(1)]
        granted_by: PersonId,
    },
    #[n(205)]
    RoleRefused {
        #[n(0)]
        grant: EventRef,
        #[n(1)]
        reason: String,
    },
    #[n(206)]
    RoleRevoked {
        #[n(0)]
        grant: EventRef,
        #[n(1)]
        reason: String,
    },
}

impl Event {
    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        match self {
            Self::FirstAccount { person, display_name, roles } => {
                see(Piece::person(person));
                see(Piece::Name(display_name));
                for scope in roles {
                    see(Piece::role(&scope.role));
                    see(Piece::Area(&scope.area));
                }
            }
            Self::AccountOpened { person, display_name } => {
                see(Piece::person(person));
                see(Piece::Name(display_name));
            }
            Self::AccountClosed { person, reason } => {
                see(Piece::person(person));
                see(Piece::Required(reason));
            }
            Self::RoleGranted { person, scope, reason } => {
                see(Piece::person(person));
                see(Piece::role(&scope.role));
                see(Piece::Area(&scope.area));
                see(Piece::Required(reason));
            }
            Self::RoleApproved { granted_by, .. } => see(Piece::person(granted_by)),
            Self::RoleRefused { reason, .. } | Self::RoleRevoked { reason, .. } => {
                see(Piece::Required(reason));
            }
        }
    }
}

/// What an account's register says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Account {
    #[n(0)]
    Open {
        #[n(0)]
        display_name: String,
    },
    #[n(1)]
    Closed,
}

impl Describe for Account {
    fn word(&self) -> &'static str {
        match self {
            Self::Open { .. } => "opened",
            Self::Closed => "closed",
        }
    }
    fn detail(&self) -> String {
        match self {
            Self::Open { display_name } => display_name.clone(),
            Self::Closed => String::new(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum GrantState {
    #[n(0)]
    Granted,
    #[n(1)]
    Approved,
    #[n(2)]
    Refused,
    #[n(3)]
    Revoked,
}

impl Describe for GrantState {
    fn word(&self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Revoked => "revoked",
        }
    }
}

/// A grant as it was proposed, and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Grant {
    /// None as long as only answers to it have arrived.
    #[n(0)]
    pub proposed: Option<Proposed>,
    #[n(1)]
    pub state: Register<GrantState>,
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Proposed {
    #[n(0)]
    pub person: PersonId,
    #[n(1)]
    pub scope: RoleScope,
    #[n(2)]
    pub by: Mark,
}

/// Roles that the node itself gave at its first start.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct First {
    #[n(0)]
    pub person: PersonId,
    #[n(1)]
    pub roles: Vec<RoleScope>,
    #[n(2)]
    pub by: Mark,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Persons {
    #[n(0)]
    pub(crate) accounts: BTreeMap<PersonId, Register<Account>>,
    #[n(1)]
    pub(crate) grants: BTreeMap<EventRef, Grant>,
    #[n(2)]
    pub(crate) first: BTreeMap<EventRef, First>,
}

/// Where an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Unknown,
    Open,
    Closed,
    Disputed,
}

impl Persons {
    /// The latest moment up to `wished` at which a role given at `at` may end.
    #[must_use]
    pub fn latest_expiry(&self, state: &crate::State, at: UnixMs, wished: UnixMs) -> UnixMs {
        decide::latest_expiry(state, at, wished)
    }

    #[must_use]
    pub fn phase(&self, person: &PersonId) -> Phase {
        match self.accounts.get(person).map(Register::reading) {
            None | Some(Reading::Empty) => Phase::Unknown,
            Some(Reading::Agreed(Account::Open { .. })) => Phase::Open,
            Some(Reading::Agreed(Account::Closed)) => Phase::Closed,
            Some(Reading::Disputed) => Phase::Disputed,
        }
    }

    /// Whether a node may still make an account by itself.
    #[must_use]
    pub fn may_bootstrap(&self) -> bool {
        self.first.len() < FIRST_ACCOUNTS_MAX && self.grants.is_empty()
    }

    pub fn accounts(&self) -> impl Iterator<Item = (&PersonId, &Register<Account>)> {
        self.accounts.iter()
    }

    pub fn grants(&self) -> impl Iterator<Item = (EventRef, &Grant)> {
        self.grants.iter().map(|(at, grant)| (*at, grant))
    }

    pub fn first_accounts(&self) -> impl Iterator<Item = (EventRef, &First)> {
        self.first.iter().map(|(at, first)| (*at, first))
    }

    /// All roles a person has held or holds, with their times. Whether one is in force at a moment is asked of
    /// the [`Standing`]. A closed or disputed account holds nothing; a disputed grant does not count.
    #[must_use]
    pub fn standing(&self, person: &PersonId) -> Standing {
        if self.phase(person) != Phase::Open {
            return Standing::default();
        }
        let first = self.first.values().filter(|first| first.person == *person).flat_map(|first| {
            first.roles.iter().map(|scope| Holding::from_scope(scope, first.by.clock_ms))
        });
        let granted = self.grants.values().filter_map(|grant| {
            let proposed = grant.proposed.as_ref()?;
            let in_force = grant.state.agreed() == Some(&GrantState::Approved);
            let from = grant.state.heads().map(|(_, head)| head.mark.clock_ms).min()?;
            (in_force && proposed.person == *person)
                .then(|| Holding::from_scope(&proposed.scope, from))
        });
        Standing { holdings: first.chain(granted).collect() }
    }

    /// Whose role an act gives, and which; none for every other act.
    pub(crate) fn given<'a>(&'a self, event: &'a Event) -> Option<(&'a PersonId, &'a Role)> {
        match event {
            Event::RoleGranted { person, scope, .. } => Some((person, &scope.role)),
            Event::RoleApproved { grant, .. } => {
                let proposed = self.grants.get(grant)?.proposed.as_ref()?;
                Some((&proposed.person, &proposed.scope.role))
            }
            Event::FirstAccount { .. }
            | Event::AccountOpened { .. }
            | Event::AccountClosed { .. }
            | Event::RoleRefused { .. }
            | Event::RoleRevoked { .. } => None,
        }
    }

    /// Every role that a person holds, held or was granted, but for what was refused.
    pub(crate) fn roles_ever(&self, person: &PersonId) -> Vec<&Role> {
        let first = self.first.values().filter(|first| first.person == *person);
        let granted = self.grants.values().filter_map(|grant| {
            let proposed = grant.proposed.as_ref().filter(|it| it.person == *person)?;
            let refused = grant.state.agreed() == Some(&GrantState::Refused);
            (!refused).then_some(&proposed.scope.role)
        });
        first.flat_map(|first| first.roles.iter().map(|scope| &scope.role)).chain(granted).collect()
    }

    /// Everybody who holds a role at a moment, in the order of their names.
    #[must_use]
    pub fn in_force(&self, at: UnixMs) -> Vec<(PersonId, Vec<Holding>)> {
        self.accounts
            .keys()
            .filter_map(|person| {
                let mut holdings = self.standing(person).holdings;
                holdings.retain(|holding| holding.is_in_force(at));
                (!holdings.is_empty()).then(|| (person.clone(), holdings))
            })
            .collect()
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        match event {
            Event::FirstAccount { person, display_name, roles } => {
                let by = stamped.mark();
                let first = First { person: person.clone(), roles: roles.clone(), by };
                self.first.insert(stamped.at, first);
                self.write_account(stamped, person, open(display_name), "");
            }
            Event::AccountOpened { person, display_name } => {
                self.write_account(stamped, person, open(display_name), "");
            }
            Event::AccountClosed { person, reason } => {
                self.write_account(stamped, person, Account::Closed, reason);
            }
            Event::RoleGranted { person, scope, reason } => {
                let grant = self.grants.entry(stamped.at).or_default();
                let (person, scope) = (person.clone(), scope.clone());
                grant.proposed = Some(Proposed { person, scope, by: stamped.mark() });
                self.write_grant(stamped, stamped.at, GrantState::Granted, reason);
            }
            Event::RoleApproved { grant, .. } => {
                self.write_grant(stamped, *grant, GrantState::Approved, "");
            }
            Event::RoleRefused { grant, reason } => {
                self.write_grant(stamped, *grant, GrantState::Refused, reason);
            }
            Event::RoleRevoked { grant, reason } => {
                self.write_grant(stamped, *grant, GrantState::Revoked, reason);
            }
        }
    }

    fn write_account(&mut self, stamped: &Stamped, person: &PersonId, value: Account, note: &str) {
        let head = Head { mark: stamped.mark(), value, note: note.to_owned() };
        let register = self.accounts.entry(person.clone()).or_default();
        register.write(stamped.at, &stamped.supersedes, head);
    }

    fn write_grant(&mut self, stamped: &Stamped, grant: EventRef, value: GrantState, note: &str) {
        let head = Head { mark: stamped.mark(), value, note: note.to_owned() };
        let grant = self.grants.entry(grant).or_default();
        grant.state.write(stamped.at, &stamped.supersedes, head);
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        let accounts = self
            .accounts
            .iter()
            .filter_map(|(person, register)| conflict::of_register(Noun::Person, person, register));
        let grants = self.grants.iter().filter_map(|(at, grant)| {
            let subject = match &grant.proposed {
                Some(p) => format!("{} {} {}", p.person, p.scope.role.as_str(), p.scope.area),
                None => at.to_string(),
            };
            conflict::of_register(Noun::Person, subject, &grant.state)
        });
        accounts.chain(grants).collect()
    }
}

fn open(display_name: &str) -> Account {
    Account::Open { display_name: display_name.to_owned() }
}

#[cfg(test)]
mod tests;
