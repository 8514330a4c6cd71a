//! Accounts and roles: one person grants, another approves.

use crate::{
    http::{
        given::Given,
        problem::{Code, Fault, Problem},
        room::Room,
        session,
        stations::OverrideView,
        who::{Access, Holding},
    },
    node::{Node, NodeError},
};
use axum::{
    Json,
    extract::{Path, State},
};
use pehra_domain::{AreaId, PersonId, StationId, UnixMs, role::Role};
use pehra_ops::{
    command::Command,
    person::{self, Account, GrantState, Phase, RoleScope},
    register::Reading,
    stamp::EventRef,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What the first account of a node may do: give roles, and plan. Approving them is the second account's.
const FIRST_ROLES: [&str; 2] = ["SECOFF", "PEC"];
/// What the second account may do: approve.
const SECOND_ROLES: [&str; 1] = ["PEC"];
/// A role is given for so many days when nobody says otherwise, and the rules allow it.
const ROLE_DAYS: i64 = 120;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct GrantView {
    /// Names the grant when it is approved.
    pub grant: String,
    pub role: String,
    pub area: String,
    pub expires_ms: i64,
    /// `first`, `granted` (waits for approval), `approved`, `refused`, `revoked`, `disputed`.
    pub state: String,
    pub granted_by: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PersonView {
    pub person: String,
    pub name: String,
    /// `open`, `closed` or `disputed`.
    pub state: String,
    pub roles: Vec<GrantView>,
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct OpenWish {
    pub person: String,
    pub name: String,
    /// To be handed over by word of mouth and changed at first use.
    pub password: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct GrantWish {
    pub role: String,
    pub area: String,
    /// At most fifteen days after the poll; that, when it is not given.
    pub expires_ms: Option<i64>,
    pub reason: String,
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "whatever else goes wrong below is a fault of the disk or the program, told alike"
)]
impl From<NodeError> for Problem {
    fn from(error: NodeError) -> Self {
        match error {
            NodeError::Refused(refusal) => refusal.into(),
            NodeError::Unsigned(to_sign) => {
                let mut problem = Self::about(Code::Unsigned, to_sign.person.as_str());
                problem.fault.sign = Some(Box::new((&*to_sign).into()));
                problem
            }
            NodeError::OfficeKeyClosed => Self::of(Code::OfficeKeyClosed),
            other => {
                tracing::error!(cause = %other, "the node could not keep it");
                Self::of(Code::ReadOnly)
            }
        }
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a new refusal contradicts the state, like most, until it is said to be about rights or texts"
)]
impl From<pehra_ops::Refusal> for Problem {
    fn from(refusal: pehra_ops::Refusal) -> Self {
        use axum::http::StatusCode;
        use pehra_ops::RefusalCode;
        let status = match refusal.code {
            RefusalCode::RoleLacksPermission
            | RefusalCode::RoleNotHeld
            | RefusalCode::RoleExpired
            | RefusalCode::OutsideArea
            | RefusalCode::DutiesSeparated
            | RefusalCode::SamePersonTwice => StatusCode::FORBIDDEN,
            RefusalCode::TextEmpty
            | RefusalCode::TextTooLong
            | RefusalCode::IdentityNumber
            | RefusalCode::NameMalformed => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::CONFLICT,
        };
        Self {
            status,
            fault: Fault {
                code: refusal.code.code().to_owned(),
                text_en: refusal.code.english().to_owned(),
                text_ur: refusal.code.urdu().to_owned(),
                field: Some(refusal.detail).filter(|detail| !detail.is_empty()),
                sign: None,
            },
            retry_after_s: None,
        }
    }
}

/// Whether the account is open.
#[must_use]
pub fn is_open(node: &Node, person: &PersonId) -> bool {
    node.ops(|state| state.persons.phase(person) == Phase::Open)
}

/// The person's name for people; the account's when there is none.
#[must_use]
pub fn name_of(node: &Node, person: &PersonId) -> String {
    let name = node.ops(|state| {
        let mut accounts = state.persons.accounts();
        let register =
            accounts.find(|(known, _)| *known == person).map(|(_, register)| register)?;
        match register.agreed()? {
            Account::Open { display_name } => Some(display_name.clone()),
            Account::Closed => None,
        }
    });
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| person.to_string())
}

/// The roles that a person holds at `now`.
#[must_use]
pub fn holdings(node: &Node, person: &PersonId, now: UnixMs) -> Vec<Holding> {
    let standing = node.ops(|state| state.standing(person));
    standing
        .holdings
        .into_iter()
        .filter(|holding| holding.is_in_force(now))
        .map(|holding| Holding {
            role: holding.role,
            area: holding.area,
            expires: Some(holding.until),
        })
        .collect()
}

/// Whether the table gives the role this permission.
#[must_use]
pub fn role_holds(node: &Node, role: &Role, permission: &str) -> bool {
    node.rules().permissions.allows(role, permission)
}

/// Every permission that one of the roles holds.
#[must_use]
pub fn permissions_of(node: &Node, holdings: &[Holding]) -> Vec<String> {
    let table = &node.rules().permissions;
    let all: BTreeSet<&str> =
        holdings.iter().flat_map(|holding| table.of_role(&holding.role)).collect();
    all.into_iter().map(str::to_owned).collect()
}

/// The overrides in force for a station.
#[must_use]
pub fn overrides_of(node: &Node, station: &StationId) -> Vec<OverrideView> {
    let now = node.now();
    node.ops(|state| {
        let all = state.risk_overrides.in_force(now);
        all.filter(|(_, raised, _)| raised.station == *station)
            .map(|(_, raised, mark)| OverrideView {
                code: raised.code.map_or_else(|| "hand".to_owned(), |code| format!("{code:?}")),
                reason: raised.reason.clone(),
                expires_ms: raised.expires.0,
                signed_by: mark.person.to_string(),
            })
            .collect()
    })
}

/// Makes the first account of the node, or lets an account that the command line made sign in.
///
/// # Errors
/// Refusals of the operations; faults of the disk.
pub fn open_first(node: &Node, person: &PersonId, name: &str) -> Result<(), Problem> {
    if is_open(node, person) {
        return Ok(());
    }
    bootstrap(node, person, name, &FIRST_ROLES)
}

fn bootstrap(node: &Node, person: &PersonId, name: &str, roles: &[&str]) -> Result<(), Problem> {
    node.first_account(person.as_str(), name, roles)?;
    Ok(())
}

/// The latest moment at which a role may end, as the operations say.
fn latest_end(node: &Node) -> UnixMs {
    let now = node.now();
    // To the whole day: the same wish given again, with its signature, must be the same act.
    let today = now.0 - now.0 % (24 * 3_600_000);
    let wished = UnixMs(today + ROLE_DAYS * 24 * 3_600_000);
    node.ops(|state| state.persons.latest_expiry(state, UnixMs(today), wished))
}

/// All accounts with their roles.
#[utoipa::path(get, path = "/api/persons", tag = "persons", responses((status = 200, body = Vec<PersonView>)))]
pub async fn list(State(room): State<Room>, _: Access) -> Json<Vec<PersonView>> {
    Json(room.node().ops(|state| {
        let persons = &state.persons;
        persons
            .accounts()
            .map(|(person, register)| {
                let (state, name) = match register.reading() {
                    Reading::Empty => ("closed", String::new()),
                    Reading::Agreed(Account::Open { display_name }) => {
                        ("open", display_name.clone())
                    }
                    Reading::Agreed(Account::Closed) => ("closed", String::new()),
                    Reading::Disputed => ("disputed", String::new()),
                };
                let first = persons.first_accounts().filter(|(_, first)| first.person == *person);
                let first = first.flat_map(|(at, first)| {
                    first
                        .roles
                        .iter()
                        .map(move |scope| grant_view(at, scope, "first", first.by.person.as_str()))
                });
                let granted = persons.grants().filter_map(|(at, grant)| {
                    let proposed = grant.proposed.as_ref()?;
                    let word = match grant.state.reading() {
                        Reading::Empty => return None,
                        Reading::Agreed(GrantState::Granted) => "granted",
                        Reading::Agreed(GrantState::Approved) => "approved",
                        Reading::Agreed(GrantState::Refused) => "refused",
                        Reading::Agreed(GrantState::Revoked) => "revoked",
                        Reading::Disputed => "disputed",
                    };
                    (proposed.person == *person)
                        .then(|| grant_view(at, &proposed.scope, word, proposed.by.person.as_str()))
                });
                PersonView {
                    person: person.to_string(),
                    name,
                    state: state.to_owned(),
                    roles: first.chain(granted).collect(),
                }
            })
            .collect()
    }))
}

fn grant_view(at: EventRef, scope: &RoleScope, state: &str, by: &str) -> GrantView {
    GrantView {
        grant: at.to_string(),
        role: scope.role.as_str().to_owned(),
        area: scope.area.to_string(),
        expires_ms: scope.expires.0,
        state: state.to_owned(),
        granted_by: by.to_owned(),
    }
}

/// Opens an account without any role. The second account of a node may approve roles: somebody must.
#[utoipa::path(post, path = "/api/persons", tag = "persons", request_body = OpenWish,
    responses((status = 200, body = Vec<PersonView>), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn open(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<OpenWish>,
) -> Result<Json<Vec<PersonView>>, Problem> {
    let person = PersonId::try_new(wish.person.trim())
        .map_err(|error| Problem::about(Code::ValueRefused, format!("person: {error}")))?;
    crate::auth::password::check(&wish.password, person.as_str())?;
    let actor = access.actor_of_all(&room.node().world())?;
    let (node, opened, name) = (room.node().clone(), person.clone(), wish.name.trim().to_owned());
    let done = tokio::task::spawn_blocking(move || -> Result<(), Problem> {
        if node.ops(|state| state.persons.may_bootstrap()) {
            return bootstrap(&node, &opened, &name, &SECOND_ROLES);
        }
        let command = person::Command::OpenAccount {
            area: actor.area.clone(),
            person: opened,
            display_name: name,
        };
        node.execute(&actor, Command::Person(command))?;
        Ok(())
    });
    done.await.map_err(Problem::internal)??;
    session::set_password(&room, &person, wish.password).await?;
    Ok(list(State(room), access).await)
}

/// Grants a role; it holds once another person approves it.
#[utoipa::path(post, path = "/api/persons/{person}/roles", tag = "persons", params(("person" = String, Path)),
    request_body = GrantWish,
    responses((status = 200, body = Vec<PersonView>), (status = 403, body = Fault), (status = 409, body = Fault)))]
pub async fn grant(
    State(room): State<Room>,
    access: Access,
    Path(person): Path<String>,
    Given(wish): Given<GrantWish>,
) -> Result<Json<Vec<PersonView>>, Problem> {
    let area = AreaId::try_new(wish.area.trim())?;
    let actor = access.actor(&area)?;
    let expires = wish.expires_ms.map_or_else(|| latest_end(room.node()), UnixMs);
    let scope = RoleScope { role: Role::try_new(wish.role.trim())?, area, expires };
    let command = person::Command::GrantRole {
        person: PersonId::try_new(person)?,
        scope,
        reason: wish.reason,
    };
    execute(&room, actor, Command::Person(command)).await?;
    Ok(list(State(room), access).await)
}

/// Approves a grant; by another person than granted it.
#[utoipa::path(post, path = "/api/persons/{person}/roles/{grant}/approve", tag = "persons",
    params(("person" = String, Path), ("grant" = String, Path)),
    responses((status = 200, body = Vec<PersonView>), (status = 403, body = Fault), (status = 409, body = Fault)))]
pub async fn approve(
    State(room): State<Room>,
    access: Access,
    Path(names): Path<(String, String)>,
) -> Result<Json<Vec<PersonView>>, Problem> {
    let (person, grant) = names;
    let (at, area) = grant_of(&room, &person, &grant)?;
    let actor = access.actor(&area)?;
    let command = person::Command::ApproveRole { grant: at };
    execute(&room, actor, Command::Person(command)).await?;
    Ok(list(State(room), access).await)
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct EndWish {
    /// In the words of whoever ends it.
    pub reason: String,
}

/// Refuses a grant that waits for approval.
#[utoipa::path(post, path = "/api/persons/{person}/roles/{grant}/refuse", tag = "persons",
    params(("person" = String, Path), ("grant" = String, Path)), request_body = EndWish,
    responses((status = 200, body = Vec<PersonView>), (status = 403, body = Fault), (status = 409, body = Fault)))]
pub async fn refuse(
    State(room): State<Room>,
    access: Access,
    Path(names): Path<(String, String)>,
    Given(wish): Given<EndWish>,
) -> Result<Json<Vec<PersonView>>, Problem> {
    let (person, grant) = names;
    let (at, area) = grant_of(&room, &person, &grant)?;
    let actor = access.actor(&area)?;
    let command = person::Command::RefuseRole { grant: at, reason: wish.reason };
    execute(&room, actor, Command::Person(command)).await?;
    Ok(list(State(room), access).await)
}

/// Takes a role away at once, approved or not; one person is enough.
#[utoipa::path(delete, path = "/api/persons/{person}/roles/{grant}", tag = "persons",
    params(("person" = String, Path), ("grant" = String, Path)), request_body = EndWish,
    responses((status = 200, body = Vec<PersonView>), (status = 403, body = Fault), (status = 409, body = Fault)))]
pub async fn revoke(
    State(room): State<Room>,
    access: Access,
    Path(names): Path<(String, String)>,
    Given(wish): Given<EndWish>,
) -> Result<Json<Vec<PersonView>>, Problem> {
    let (person, grant) = names;
    let (at, area) = grant_of(&room, &person, &grant)?;
    let actor = access.actor(&area)?;
    let command = person::Command::RevokeRole { grant: at, reason: wish.reason };
    execute(&room, actor, Command::Person(command)).await?;
    Ok(list(State(room), access).await)
}

/// Closes an account: its roles hold no more and its sessions end. Nobody closes the own account, and the node's
/// console stays.
#[utoipa::path(delete, path = "/api/persons/{person}", tag = "persons", params(("person" = String, Path)),
    request_body = EndWish,
    responses((status = 200, body = Vec<PersonView>), (status = 403, body = Fault), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn close(
    State(room): State<Room>,
    access: Access,
    Path(person): Path<String>,
    Given(wish): Given<EndWish>,
) -> Result<Json<Vec<PersonView>>, Problem> {
    let person = PersonId::try_new(person)?;
    if person == access.person || Node::is_console(&person) {
        return Err(Problem::about(Code::ValueRefused, person.as_str()));
    }
    let actor = access.actor_of_all(&room.node().world())?;
    let command = person::Command::CloseAccount {
        area: actor.area.clone(),
        person: person.clone(),
        reason: wish.reason,
    };
    execute(&room, actor, Command::Person(command)).await?;
    room.sessions().close_all(&person);
    Ok(list(State(room), access).await)
}

/// A grant to this person, by its name, and its area.
fn grant_of(room: &Room, person: &str, grant: &str) -> Result<(EventRef, AreaId), Problem> {
    let at = EventRef::parse(grant).ok_or_else(|| Problem::not_found(grant))?;
    let area = room.node().ops(|state| {
        let mut grants = state.persons.grants();
        let (_, found) = grants.find(|(known, _)| *known == at)?;
        let proposed = found.proposed.as_ref().filter(|of| of.person.as_str() == person)?;
        Some(proposed.scope.area.clone())
    });
    area.map(|area| (at, area)).ok_or_else(|| Problem::not_found(grant))
}

/// Signs one command off the async threads: the append waits for the disk.
///
/// # Errors
/// Refusals and faults of the disk.
pub(super) async fn execute(
    room: &Room,
    actor: pehra_ops::Actor,
    command: Command,
) -> Result<Vec<EventRef>, Problem> {
    let node = room.node().clone();
    let done = tokio::task::spawn_blocking(move || node.execute(&actor, command));
    Ok(done.await.map_err(Problem::internal)??)
}
