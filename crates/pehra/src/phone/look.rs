//! What a phone is told: before it is enrolled what everybody may know, and then what concerns it.

use crate::{
    auth::hex,
    day,
    http::trust::statement_text,
    node::{Node, NodeError, Verdict, phone::Phone},
};
use pehra_domain::{AreaId, IncidentId, UnixMs};
use pehra_ledger::{EntryRef, PublicKey};
use pehra_ops::{
    EventRef, State,
    check_in::{self, Subject, schedule::Due},
    custody::{Hold, Phase},
    incident::{self, Key, Matter},
    order::is_addressed,
};
use serde::{Deserialize, Serialize};
use utoipa::{
    ToSchema,
    openapi::{RefOr, Schema},
};

/// Incidents that a phone may ask about at once.
const REPORTS_MAX: usize = 64;
/// Orders and items that it is told at once; a station has fewer.
const ROWS_MAX: usize = 200;

/// A row of the schedule.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PhoneSchedule {
    pub code: String,
    /// The role whose word it is.
    pub role: &'static str,
    /// Minutes from midnight (in Pakistan) of the polling day.
    pub at_minute: Option<i32>,
    /// Or so many minutes after another check-in.
    pub after: Option<String>,
    pub after_minutes: Option<u32>,
    pub amber_minutes: u32,
    pub red_minutes: u32,
}

/// A kind of incident.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PhoneKind {
    /// `ARM.PST`.
    pub code: &'static str,
    /// As the act writes it.
    pub number: usize,
    pub severity: u8,
    pub title_en: String,
    pub title_ur: String,
    pub first_en: String,
    pub first_ur: String,
}

/// What everybody who opens the page may know.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PhoneHello {
    pub election: String,
    /// The ledger's name of the election: 32 hexadecimal digits.
    pub election_hex: String,
    pub node: String,
    pub device: String,
    /// The keys on which everything rests, and how many of them must sign.
    pub root: Vec<String>,
    pub threshold: usize,
    pub authority: String,
    /// To be signed by whoever wants to be told what concerns them.
    pub number: String,
    pub now_ms: i64,
    /// Midnight in Pakistan of the polling day.
    pub poll_ms: i64,
    pub exercise: Option<String>,
    pub schedule: Vec<PhoneSchedule>,
    pub kinds: Vec<PhoneKind>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct PhoneWish {
    pub device: String,
    pub number: String,
    /// Over the number and the device, by the phone's own key.
    pub signature: String,
    #[serde(default)]
    pub epoch: u32,
    /// Incidents that this phone reported.
    #[serde(default)]
    pub reports: Vec<String>,
}

/// A place in a log with eight bytes of the entry's hash.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PhoneHead {
    pub device: String,
    pub epoch: u32,
    pub seq: u64,
    pub hash8: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PhoneStation {
    pub id: String,
    pub name: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PhoneSaid {
    pub code: String,
    pub at_ms: i64,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PhoneReport {
    pub id: String,
    /// How far help has come: `reported`, `acknowledged`, …
    pub phase: &'static str,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PhoneOrder {
    pub at: PhoneHead,
    pub area: String,
    pub priority: &'static str,
    pub text: String,
    pub given_role: String,
    pub given_ms: i64,
    pub read_by_ms: i64,
    pub read: bool,
    pub acted: bool,
}

/// A thing that the phone's holder has, and the acts that say so.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PhoneItem {
    pub item: String,
    pub kind: &'static str,
    pub phase: &'static str,
    pub heads: Vec<PhoneHead>,
}

/// What is offered to the holder's role and waits to be received. It names no seal.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PhoneOffer {
    pub at: PhoneHead,
    /// The whole hash: the receiver's key signs over it.
    pub hash: String,
    pub step: String,
    pub items: Vec<String>,
    pub person: String,
    pub role: String,
    pub at_ms: i64,
}

/// What concerns one phone.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PhoneOwn {
    pub now_ms: i64,
    /// What this phone signs from now on has no effect.
    pub revoked: bool,
    pub name: String,
    pub area: String,
    pub roles: Vec<String>,
    pub until_ms: u64,
    /// The phone's certificates and those behind them, as text.
    pub certificates: String,
    pub station: Option<PhoneStation>,
    /// How far this phone's log is held here.
    pub head: Option<PhoneHead>,
    /// Entries of this phone that have no effect, and why.
    pub without_effect: Vec<PhoneVerdict>,
    pub said: Vec<PhoneSaid>,
    pub reports: Vec<PhoneReport>,
    pub orders: Vec<PhoneOrder>,
    pub items: Vec<PhoneItem>,
    pub offers: Vec<PhoneOffer>,
}

/// What became of one entry.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PhoneVerdict {
    /// Device, epoch and number; none for what is no entry.
    pub place: Option<String>,
    /// `effective`, `without-effect`, `waits`, `known`, `refused` or `forked`.
    pub is: &'static str,
    pub why_en: String,
    pub why_ur: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PhoneTaken {
    pub entries: Vec<PhoneVerdict>,
    pub damaged: usize,
    pub now_ms: i64,
}

/// The shapes of this door: it has a router of its own, and its page is written against the same document.
#[must_use]
pub fn shapes() -> Vec<(String, RefOr<Schema>)> {
    fn add<T: ToSchema>(all: &mut Vec<(String, RefOr<Schema>)>) {
        all.push((T::name().into_owned(), T::schema()));
        T::schemas(all);
    }
    let mut all = Vec::new();
    add::<PhoneHello>(&mut all);
    add::<PhoneWish>(&mut all);
    add::<PhoneOwn>(&mut all);
    add::<PhoneTaken>(&mut all);
    all
}

pub(super) fn hello(node: &Node, number: &[u8], authority: String) -> PhoneHello {
    let (root, threshold) = node.root_keys();
    let election = node.ops(|state| state.election().map(|it| (it.id.clone(), it.date)));
    let (election, date) = election.unwrap_or_default();
    PhoneHello {
        election,
        election_hex: hex(&node.ledger_election()),
        node: node.name().to_owned(),
        device: node.device().to_string(),
        root: root.iter().map(|PublicKey(key)| hex(key)).collect(),
        threshold,
        authority,
        number: hex(number),
        now_ms: node.now().0,
        poll_ms: date.midnight_pkt().0,
        exercise: node.exercise().map(str::to_owned),
        schedule: schedule(),
        kinds: kinds(),
    }
}

fn kinds() -> Vec<PhoneKind> {
    let rows = day::taxonomy().map(|it| it.kinds()).unwrap_or_default();
    let view = |row: &incident::Kind| PhoneKind {
        code: row.code.name(),
        number: incident::Code::ALL.iter().position(|it| *it == row.code).unwrap_or_default(),
        severity: row.severity as u8,
        title_en: row.title.clone(),
        title_ur: row.title_ur.clone(),
        first_en: row.first_actions.clone(),
        first_ur: row.first_actions_ur.clone(),
    };
    rows.iter().map(view).collect()
}

fn schedule() -> Vec<PhoneSchedule> {
    let rows = day::schedule().map(|it| it.rows()).unwrap_or_default();
    let view = |row: &check_in::schedule::Row| {
        let (at_minute, after, after_minutes) = match row.due {
            Due::At(minute) => (Some(minute), None, None),
            Due::After(code, minutes) => (None, Some(code.name().to_owned()), Some(minutes)),
            Due::Never => (None, None, None),
        };
        PhoneSchedule {
            code: row.code.name().to_owned(),
            role: match row.code.sender() {
                check_in::Sender::PresidingOfficer => "PO",
                check_in::Sender::StationGuard => "STN-SEC",
                check_in::Sender::Sector => "SECTOR",
                check_in::Sender::ReturningOfficer => "RO",
            },
            at_minute,
            after,
            after_minutes,
            amber_minutes: row.amber_minutes,
            red_minutes: row.red_minutes,
        }
    };
    rows.iter().map(view).collect()
}

fn head(at: EntryRef) -> PhoneHead {
    PhoneHead {
        device: at.place.device.to_string(),
        epoch: at.place.epoch,
        seq: at.place.seq,
        hash8: hex(&at.hash8),
    }
}

/// The entry at a place, as others refer to it; none when it is not held.
fn head_of(node: &Node, at: EventRef) -> Result<Option<PhoneHead>, NodeError> {
    Ok(node.reference(at)?.map(head))
}

/// Everything that concerns a phone.
pub(super) fn own(node: &Node, holder: &Phone, wish: &PhoneWish) -> Result<PhoneOwn, NodeError> {
    let station = holder.station.as_ref().map(|id| {
        let world = node.world();
        let table = world.stations.as_ref();
        let found = table.and_then(|table| table.named(id.as_str()));
        let name = found.map(|it| it.name.clone()).unwrap_or_default();
        PhoneStation { id: id.to_string(), name }
    });
    let chain = node.roster(|roster| {
        let mut all = roster.chain(holder.device);
        let persons: Vec<_> =
            roster.person(holder.person.as_str()).map(|it| it.body.key.id()).collect();
        for said in persons.into_iter().flat_map(|key| roster.chain(key)) {
            if !all.contains(&said) {
                all.push(said);
            }
        }
        all
    });
    let mut view = PhoneOwn {
        now_ms: node.now().0,
        revoked: holder.revoked,
        name: holder.name.clone(),
        area: holder.area.to_string(),
        roles: holder.roles.iter().map(|role| role.as_str().to_owned()).collect(),
        until_ms: holder.until_ms,
        certificates: chain.iter().map(statement_text).collect(),
        station,
        head: node.log_head(holder.device, wish.epoch)?.map(head),
        without_effect: without_effect(node, holder),
        said: Vec::new(),
        reports: Vec::new(),
        orders: Vec::new(),
        items: Vec::new(),
        offers: Vec::new(),
    };
    // Whoever holds a phone that was taken back learns nothing more here.
    if holder.revoked {
        return Ok(view);
    }
    (view.said, view.reports) =
        node.ops(|state| (said(state, holder), reports(state, holder, wish)));
    view.orders = orders(node, holder)?;
    (view.items, view.offers) = custody(node, holder)?;
    Ok(view)
}

fn without_effect(node: &Node, holder: &Phone) -> Vec<PhoneVerdict> {
    let view = |one: crate::node::Withheld| PhoneVerdict {
        place: Some(one.place.to_string()),
        is: "without-effect",
        why_en: one.reason_en,
        why_ur: one.reason_ur,
    };
    node.without_effect_of(holder.device).into_iter().take(ROWS_MAX).map(view).collect()
}

fn said(state: &State, holder: &Phone) -> Vec<PhoneSaid> {
    let subject = holder.station.clone().map(Subject::Station);
    let area = state.check_ins.area(&holder.area);
    let day = subject.and_then(|subject| area?.day(&subject));
    let claims = day.into_iter().flat_map(check_in::Day::standing);
    claims.map(|it| PhoneSaid { code: it.code.name().to_owned(), at_ms: it.at.0 }).collect()
}

fn reports(state: &State, holder: &Phone, wish: &PhoneWish) -> Vec<PhoneReport> {
    let phase = |id: &String| {
        let incident = IncidentId::try_new(id.as_str()).ok()?;
        let of = |matter| Key { area: holder.area.clone(), incident: incident.clone(), matter };
        let found = [Matter::Incident, Matter::Complaint]
            .into_iter()
            .find_map(|matter| state.incidents.get(&of(matter)))?;
        Some(PhoneReport { id: id.clone(), phase: found.phase().name() })
    };
    wish.reports.iter().take(REPORTS_MAX).filter_map(phase).collect()
}

fn orders(node: &Node, holder: &Phone) -> Result<Vec<PhoneOrder>, NodeError> {
    let addressed = |area: &AreaId, order: &pehra_ops::order::Order| {
        holder.roles.iter().any(|role| is_addressed(order, area, role, &holder.area))
    };
    let me = holder.person.as_str();
    let mut rows = Vec::new();
    for view in node.orders(addressed).into_iter().filter(|it| it.withdrawn.is_none()) {
        let Some(at) = head_of(node, view.at)? else { continue };
        let mine = || view.addressees.iter().filter(|it| it.person.as_deref() == Some(me));
        let reached =
            |stage: usize| mine().any(|it| it.reached.get(stage).copied().flatten().is_some());
        rows.push(PhoneOrder {
            at,
            area: view.given.area.to_string(),
            priority: view.order.priority.code(),
            text: view.order.text.clone(),
            given_role: view.given.role.as_str().to_owned(),
            given_ms: view.given.clock_ms.0,
            read_by_ms: view.order.read_by.0,
            read: reached(2) || reached(3),
            acted: reached(3),
        });
        if rows.len() >= ROWS_MAX {
            break;
        }
    }
    Ok(rows)
}

/// Items with the holder's person, and offers to the holder's role.
fn custody(node: &Node, holder: &Phone) -> Result<(Vec<PhoneItem>, Vec<PhoneOffer>), NodeError> {
    let now = node.now();
    let (held, offered) = node.ops(|state| kept(state, holder, now));
    let mut items = Vec::new();
    for (item, kind, phase, at) in held {
        let mut heads = Vec::new();
        for at in at {
            heads.extend(head_of(node, at)?);
        }
        items.push(PhoneItem { item, kind, phase, heads });
    }
    let mut offers = Vec::new();
    for mut offer in offered {
        let entry = node.entry(crate::node::convert::place(offer.0))?.entry;
        offer.1.at = head(entry.reference());
        offer.1.hash = entry.hash().to_string();
        offers.push(offer.1);
    }
    Ok((items, offers))
}

type Kept = (String, &'static str, &'static str, Vec<EventRef>);

fn kept(state: &State, holder: &Phone, now: UnixMs) -> (Vec<Kept>, Vec<(EventRef, PhoneOffer)>) {
    let custody = &state.custody;
    let (mut items, mut offers) = (Vec::new(), std::collections::BTreeMap::new());
    let Some(area) = custody.area(&holder.area) else { return (items, Vec::new()) };
    for (id, item) in area.items() {
        let heads = custody.heads(item);
        let mine = |hold: &Hold| match hold {
            Hold::Held { person, .. } => *person == holder.person,
            Hold::Offered(at) | Hold::Moving(at) => {
                custody.act(*at).is_some_and(|act| act.mark.person == holder.person)
            }
            Hold::Inside(_) | Hold::Ended => false,
        };
        if heads.iter().any(|(.., hold)| mine(hold)) && items.len() < ROWS_MAX {
            let phase: Phase = custody.phase(&holder.area, id, now);
            let at = heads.iter().map(|(at, ..)| *at).collect();
            items.push((id.to_string(), item.kind.name(), phase.name(), at));
        }
        for (.., hold) in &heads {
            let Hold::Offered(at) = hold else { continue };
            let Some((offer, mark)) = custody.offer(*at) else { continue };
            if !holder.roles.contains(&offer.to) || mark.person == holder.person {
                continue;
            }
            // Another presiding officer's bag is not this one's to take.
            let elsewhere = item.station.is_some()
                && holder.station.is_some()
                && item.station != holder.station;
            if elsewhere || offers.len() >= ROWS_MAX {
                continue;
            }
            offers.entry(*at).or_insert_with(|| PhoneOffer {
                at: PhoneHead { device: String::new(), epoch: 0, seq: 0, hash8: String::new() },
                hash: String::new(),
                step: offer.step.name().to_owned(),
                items: offer.items.iter().map(ToString::to_string).collect(),
                person: mark.person.to_string(),
                role: mark.role.as_str().to_owned(),
                at_ms: offer.at.0,
            });
        }
    }
    (items, offers.into_iter().collect())
}

pub(super) fn taken(node: &Node, parcel: crate::node::phone::Parcel) -> PhoneTaken {
    let urdu = |place: Option<pehra_ledger::Place>| {
        place.and_then(|place| node.withheld_at(place)).map(|it| it.reason_ur).unwrap_or_default()
    };
    let view = |(place, verdict): (Option<pehra_ledger::Place>, Verdict)| {
        let (is, why_en, why_ur) = match verdict {
            Verdict::Effective => ("effective", String::new(), String::new()),
            Verdict::WithoutEffect(why) => ("without-effect", why, urdu(place)),
            Verdict::Waits => ("waits", String::new(), String::new()),
            Verdict::Known => ("known", String::new(), String::new()),
            Verdict::Refused(why) => ("refused", why.to_string(), String::new()),
            Verdict::Forked(at) => ("forked", at, String::new()),
        };
        PhoneVerdict { place: place.map(|it| it.to_string()), is, why_en, why_ur }
    };
    PhoneTaken {
        damaged: parcel.damaged,
        entries: parcel.entries.into_iter().map(view).collect(),
        now_ms: node.now().0,
    }
}
