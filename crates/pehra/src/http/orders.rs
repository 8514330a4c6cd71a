//! Orders: given to roles in an area, and how far each came with each of its addressees.

use crate::{
    http::{
        given::Given,
        persons::execute,
        problem::{Code, Fault, Problem},
        room::Room,
        who::Access,
    },
    node::order::{Addressed, OrderView},
};
use axum::{
    Json,
    extract::{Path, State},
};
use pehra_domain::{AreaId, UnixMs, role::Role};
use pehra_ops::{
    Actor, Command, EventRef,
    order::{self, Charge, Measure, Order, Priority, is_addressed, speaking_area},
};
use serde::{Deserialize, Serialize};

/// What goes first when a path is narrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PriorityWord {
    Life,
    Urgent,
    Routine,
}

impl From<Priority> for PriorityWord {
    fn from(priority: Priority) -> Self {
        match priority {
            Priority::Life => Self::Life,
            Priority::Urgent => Self::Urgent,
            Priority::Routine => Self::Routine,
        }
    }
}

impl From<PriorityWord> for Priority {
    fn from(word: PriorityWord) -> Self {
        match word {
            PriorityWord::Life => Self::Life,
            PriorityWord::Urgent => Self::Urgent,
            PriorityWord::Routine => Self::Routine,
        }
    }
}

/// One addressee. Every time is Unix milliseconds; `None` where a stage was not reached.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AddressedView {
    /// None while nobody is known to hold the role there.
    pub person: Option<String>,
    pub role: String,
    pub area: String,
    pub sent_ms: Option<u64>,
    pub received_ms: Option<u64>,
    pub read_ms: Option<u64>,
    pub acted_ms: Option<u64>,
    /// Until when they have time: it runs from delivery.
    pub due_ms: u64,
    /// Nobody read it in its time.
    pub hand: bool,
    /// By what they can be reached: `here`, `open`, `dark` or `unknown`.
    pub reach: &'static str,
    /// It is not there and no line that leads there carries: the runner must go.
    pub not_reachable: bool,
}

/// What somebody wrote when they acted on it, or withdrew it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OrderNote {
    pub person: String,
    pub role: String,
    pub at_ms: i64,
    pub text: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OrderRow {
    /// Names the order when it is answered.
    pub id: String,
    pub area: String,
    pub to: Vec<String>,
    pub priority: PriorityWord,
    pub text: String,
    /// Who carries it by hand where no line does; may be empty.
    pub runner: String,
    pub given_by: String,
    pub given_role: String,
    pub given_ms: i64,
    pub read_by_ms: i64,
    pub withdrawn: Option<OrderNote>,
    pub notes: Vec<OrderNote>,
    pub addressees: Vec<AddressedView>,
    /// It goes to whoever asks, who has not read it yet.
    pub unread: bool,
    /// It goes to whoever asks, who has not said yet that it is done.
    pub open: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OrdersView {
    /// The newest first.
    pub orders: Vec<OrderRow>,
    /// Hands that are up in all of them.
    pub hands: usize,
    /// Orders to whoever asks that they have not read.
    pub unread: usize,
    pub now_ms: i64,
}

/// Orders within reach and orders to whoever asks, with the way of each.
#[utoipa::path(get, path = "/api/orders", tag = "orders", responses((status = 200, body = OrdersView)))]
pub async fn list(State(room): State<Room>, access: Access) -> Result<Json<OrdersView>, Problem> {
    views(&room, &access).await.map(Json)
}

async fn views(room: &Room, access: &Access) -> Result<OrdersView, Problem> {
    let (node, who) = (room.node().clone(), access.clone());
    let orders = tokio::task::spawn_blocking(move || {
        node.orders(|area, order| who.reaches(area) || own_holding(&who, area, order).is_some())
    });
    let orders = orders.await.map_err(Problem::internal)?;
    let rows: Vec<OrderRow> = orders.into_iter().map(|view| row(view, access)).collect();
    let hands = rows.iter().flat_map(|row| &row.addressees).filter(|it| it.hand).count();
    let unread = rows.iter().filter(|row| row.unread).count();
    Ok(OrdersView { orders: rows, hands, unread, now_ms: room.node().now().0 })
}

/// The role and area in which somebody is an addressee.
fn own_holding(access: &Access, area: &AreaId, order: &Order) -> Option<(Role, AreaId)> {
    let own = access.holdings.iter().filter(|it| is_addressed(order, area, &it.role, &it.area));
    own.max_by_key(|it| it.area.depth()).map(|it| (it.role.clone(), it.area.clone()))
}

fn row(view: OrderView, access: &Access) -> OrderRow {
    let OrderView { at, order, given, withdrawn, notes, addressees } = view;
    let own = own_holding(access, &given.area, &order).is_some() && withdrawn.is_none();
    let me = access.person.as_str();
    let said = |stage: usize| {
        let mine = addressees.iter().filter(|it| it.person.as_deref() == Some(me));
        mine.filter_map(|it| it.reached.get(stage).copied().flatten()).next().is_some()
    };
    let read = said(2) || said(3);
    let is_listed = addressees.iter().any(|it| it.person.as_deref() == Some(me));
    let (unread, open) = (own && is_listed && !read, own && is_listed && !said(3));
    let note = |answer: order::Answer| OrderNote {
        person: answer.mark.person.to_string(),
        role: answer.mark.role.as_str().to_owned(),
        at_ms: answer.mark.clock_ms.0,
        text: answer.note,
    };
    OrderRow {
        id: at.to_string(),
        area: given.area.as_str().to_owned(),
        to: order.to.iter().map(|role| role.as_str().to_owned()).collect(),
        priority: order.priority.into(),
        text: order.text,
        runner: order.runner,
        given_by: given.person.to_string(),
        given_role: given.role.as_str().to_owned(),
        given_ms: given.clock_ms.0,
        read_by_ms: order.read_by.0,
        withdrawn: withdrawn.map(note),
        notes: notes.into_iter().map(note).collect(),
        addressees: addressees.into_iter().map(addressed).collect(),
        unread,
        open,
    }
}

fn addressed(one: Addressed) -> AddressedView {
    let [sent_ms, received_ms, read_ms, acted_ms] = one.reached;
    let there = received_ms.or(read_ms).or(acted_ms).is_some();
    use crate::node::order::Reach;
    AddressedView {
        person: one.person,
        role: one.role,
        area: one.area.as_str().to_owned(),
        sent_ms,
        received_ms,
        read_ms,
        acted_ms,
        due_ms: one.due_ms,
        hand: one.hand,
        reach: one.reach.code(),
        not_reachable: !there && matches!(one.reach, Reach::Dark | Reach::Unknown),
    }
}

/// Roles that an order may name, and areas for which whoever asks may give one.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Addressees {
    pub roles: Vec<String>,
    pub areas: Vec<String>,
}

/// To whom orders may go.
#[utoipa::path(get, path = "/api/orders/addressees", tag = "orders",
    responses((status = 200, body = Addressees)))]
pub async fn addressees(State(room): State<Room>, access: Access) -> Json<Addressees> {
    let permissions = &room.node().rules().permissions;
    let answers = |code: &&str| {
        Role::try_new(*code)
            .is_ok_and(|role| permissions.allows(&role, pehra_ops::permission::ORDER_ANSWER))
    };
    let roles = permissions.roles().filter(answers).map(str::to_owned).collect();
    let mut areas: Vec<AreaId> = access.holdings.iter().map(|it| it.area.clone()).collect();
    let districts = &room.node().gazetteer().districts;
    for district in districts {
        let mut area = Some(district.area.clone());
        while let Some(one) = area.filter(|one| access.reaches(one)) {
            area = one.parent();
            areas.push(one);
        }
    }
    areas.sort();
    areas.dedup();
    let areas = areas.iter().map(|area| area.as_str().to_owned()).collect();
    Json(Addressees { roles, areas })
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct OrderWish {
    pub area: String,
    /// Codes of roles.
    pub to: Vec<String>,
    pub priority: PriorityWord,
    pub text: String,
    /// Whoever got it has so long to read it.
    pub minutes: u32,
    #[serde(default)]
    pub runner: String,
    /// The warning that it meets.
    pub charge: Option<ChargeWish>,
}

/// What meets a warning: who owns it, and until when they say that it is done.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ChargeWish {
    /// The warning's id.
    pub warning: String,
    /// `harden`, `reroute`, `delay`, `reinforce`.
    pub measure: String,
    /// One of those to whom the order goes.
    pub owner: String,
    pub confirm_by_ms: i64,
}

fn charge(wish: &ChargeWish) -> Result<Charge, Problem> {
    let measure = Measure::ALL.into_iter().find(|one| one.code() == wish.measure);
    Ok(Charge {
        warning: EventRef::parse(&wish.warning).ok_or_else(|| Problem::not_found(&wish.warning))?,
        measure: measure.ok_or_else(|| Problem::about(Code::ValueRefused, "measure"))?,
        owner: Role::try_new(wish.owner.trim())?,
        confirm_by: UnixMs(wish.confirm_by_ms),
    })
}

/// Gives an order.
#[utoipa::path(post, path = "/api/orders", tag = "orders", request_body = OrderWish,
    responses((status = 200, body = OrdersView), (status = 403, body = Fault), (status = 422, body = Fault)))]
pub async fn give(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<OrderWish>,
) -> Result<Json<OrdersView>, Problem> {
    let area = AreaId::try_new(wish.area.trim())?;
    let actor = access.actor(&area)?;
    let mut to = Vec::with_capacity(wish.to.len());
    for code in &wish.to {
        let role = Role::try_new(code.trim())?;
        if !room.node().rules().permissions.knows_role(&role) {
            return Err(Problem::about(Code::ValueRefused, code));
        }
        to.push(role);
    }
    let now = room.node().now();
    let order = Order {
        to,
        priority: wish.priority.into(),
        text: wish.text,
        // Whole minutes: an act that a person's own key signs is given twice, and must be the same act.
        read_by: UnixMs((now.0 / 60_000 + 1 + i64::from(wish.minutes)) * 60_000),
        runner: wish.runner,
        charge: wish.charge.as_ref().map(charge).transpose()?,
    };
    done(&room, &access, actor, order::Command::Give { area, order }).await
}

async fn done(
    room: &Room,
    access: &Access,
    actor: Actor,
    command: order::Command,
) -> Result<Json<OrdersView>, Problem> {
    execute(room, actor, Command::Order(command)).await?;
    room.node().live().publish("order", serde_json::Value::Null);
    views(room, access).await.map(Json)
}

fn find(room: &Room, id: &str) -> Result<(EventRef, Order, AreaId), Problem> {
    let at = EventRef::parse(id).ok_or_else(|| Problem::not_found(id))?;
    let (order, area) = room.node().order(at).ok_or_else(|| Problem::not_found(id))?;
    Ok((at, order, area))
}

/// An order's name, the addressee who speaks, and where they speak.
fn speaker(room: &Room, access: &Access, id: &str) -> Result<(EventRef, Actor, AreaId), Problem> {
    let (at, order, area) = find(room, id)?;
    let own = own_holding(access, &area, &order);
    let (role, own) =
        own.ok_or_else(|| pehra_ops::Refusal::of(pehra_ops::RefusalCode::OrderNotAddressed, at))?;
    let speaks = speaking_area(&area, &own).unwrap_or(&own).clone();
    Ok((at, Actor { person: access.person.clone(), role, area: own }, speaks))
}

/// Says that whoever asks has read it.
#[utoipa::path(post, path = "/api/orders/{id}/read", tag = "orders", params(("id" = String, Path)),
    responses((status = 200, body = OrdersView), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn read(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Json<OrdersView>, Problem> {
    let (order, actor, area) = speaker(&room, &access, &id)?;
    done(&room, &access, actor, order::Command::Read { area, order }).await
}

#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct OrderAnswer {
    #[serde(default)]
    pub note: String,
}

/// Says that whoever asks has carried it out.
#[utoipa::path(post, path = "/api/orders/{id}/act", tag = "orders", params(("id" = String, Path)),
    request_body = OrderAnswer,
    responses((status = 200, body = OrdersView), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn act(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(answer): Given<OrderAnswer>,
) -> Result<Json<OrdersView>, Problem> {
    let (order, actor, area) = speaker(&room, &access, &id)?;
    done(&room, &access, actor, order::Command::Act { area, order, note: answer.note }).await
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct OrderEnd {
    pub reason: String,
}

/// Withdraws an order.
#[utoipa::path(post, path = "/api/orders/{id}/withdraw", tag = "orders", params(("id" = String, Path)),
    request_body = OrderEnd,
    responses((status = 200, body = OrdersView), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn withdraw(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(end): Given<OrderEnd>,
) -> Result<Json<OrdersView>, Problem> {
    let (order, _, area) = find(&room, &id)?;
    let command = order::Command::Withdraw { order, reason: end.reason };
    done(&room, &access, access.actor(&area)?, command).await
}
