//! Paths, what was heard over thin channels, and codes from screen to camera.

use crate::{
    http::{
        given::Given,
        problem::{Code, Fault, Problem},
        reply::apart,
        room::Room,
        who::Access,
    },
    node::{
        bundle::{BundleError, Imported},
        carriers::{AlarmKind, Frame, object_of},
    },
};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use pehra_domain::AreaId;
use pehra_link::{attest::Heard, path::Mode, screen};
use pehra_ops::{Event, check_in, incident};
use serde::{Deserialize, Serialize};

/// Frames in one answer, and in one request.
const FRAMES_MAX: usize = 64;

/// What waits for a path in one class.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct QueueView {
    /// `life`, `urgent`, `routine` or `bulk`.
    pub class: &'static str,
    pub parcels: usize,
    pub bytes: u64,
    pub oldest_ms: Option<u64>,
}

/// A path. Every time is Unix milliseconds of this node; `None` where nothing was observed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PathRow {
    pub name: String,
    pub area: String,
    /// `internet`, `sms`, `lan`, `radio`, `serial`, `screen` or `stick`.
    pub carrier: &'static str,
    /// `unknown`, `up`, `doubtful` or `lost`.
    pub state: &'static str,
    pub since_ms: Option<u64>,
    pub heard_ms: Option<u64>,
    pub delivered_ms: Option<u64>,
    pub failures: u32,
    pub queue: Vec<QueueView>,
    /// When the queue was counted.
    pub queue_ms: Option<u64>,
    /// Of a path through hands alone.
    pub hands: Option<HandsView>,
}

/// Bundles to and from one device, on sticks or by other hands.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HandsView {
    pub device: String,
    pub out_ms: Option<u64>,
    pub in_ms: Option<u64>,
    pub receipt_ms: Option<u64>,
    /// Bundles of whose arrival nothing is known, and since when the oldest is on its way.
    pub outstanding: u32,
    pub outstanding_since_ms: Option<u64>,
}

/// Text messages of this node.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SmsView {
    /// `kannel` or `modem`; none where the node was started without either.
    pub way: Option<&'static str>,
    /// To whom everything goes.
    pub number: Option<String>,
    pub running: bool,
    /// Since it was last turned on or off.
    pub since_ms: Option<i64>,
    /// What keeps it from serving, in the words of what was asked.
    pub trouble: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct SmsWish {
    pub running: bool,
}

fn sms_view(room: &Room) -> SmsView {
    let switch = room.config().sms.as_ref();
    let standing = switch.map(crate::link::switch::Switch::standing);
    SmsView {
        way: switch.map(|it| it.way().sort()),
        number: switch.map(|it| it.way().number().to_owned()),
        running: standing.as_ref().is_some_and(|it| it.running),
        since_ms: standing.as_ref().and_then(|it| it.since_ms),
        trouble: standing.and_then(|it| it.trouble),
    }
}

/// Whether text messages are on.
#[utoipa::path(get, path = "/api/sms", tag = "carriers", responses((status = 200, body = SmsView)))]
pub async fn sms(State(room): State<Room>, _: Access) -> Json<SmsView> {
    Json(sms_view(&room))
}

/// Turns text messages on or off.
#[utoipa::path(post, path = "/api/sms", tag = "carriers", request_body = SmsWish,
    responses((status = 200, body = SmsView), (status = 404, body = Fault)))]
pub async fn switch_sms(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<SmsWish>,
) -> Result<Json<SmsView>, Problem> {
    let switch = room.config().sms.clone().ok_or_else(|| Problem::not_found("sms"))?;
    tracing::info!(person = access.person.as_str(), on = wish.running, "text messages");
    apart(move || {
        if wish.running {
            switch.start();
        } else {
            switch.stop();
        }
        Ok(sms_view(&room))
    })
    .await
    .map(Json)
}

/// The mode of an area: what was observed of its public paths, never what was announced.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AreaMode {
    pub area: String,
    /// `normal`, `shutdown` or `returning`.
    pub mode: &'static str,
    pub since_ms: Option<u64>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PathsView {
    pub paths: Vec<PathRow>,
    pub areas: Vec<AreaMode>,
    pub now_ms: i64,
}

/// The state of each path, with its age and its queue, in areas within reach.
#[utoipa::path(get, path = "/api/paths", tag = "carriers",
    responses((status = 200, body = PathsView), (status = 500, body = Fault)))]
pub async fn paths(State(room): State<Room>, access: Access) -> Result<Json<PathsView>, Problem> {
    let (views, modes) = room.node().paths();
    let node = room.node().clone();
    let hands = apart(move || Ok(node.hands()?)).await?;
    let reached = |area: &str| AreaId::try_new(area).is_ok_and(|area| access.reaches(&area));
    let row = |view: pehra_link::path::PathView| PathRow {
        name: view.name,
        area: view.area,
        carrier: view.carrier.code(),
        state: view.state.code(),
        since_ms: view.since_ms,
        heard_ms: view.heard_ms,
        delivered_ms: view.delivered_ms,
        failures: view.failures,
        queue_ms: view.queue.map(|(_, ms)| ms),
        queue: view.queue.map_or_else(Vec::new, |(depths, _)| depths.iter().map(queue).collect()),
        hands: None,
    };
    let reached_any = |areas: &[String]| areas.iter().any(|area| reached(area));
    let through_hands = hands.into_iter().filter(|one| reached_any(&one.areas)).map(hand_row);
    let area = |(area, mode): (String, Mode)| {
        let (mode, since_ms) = match mode {
            Mode::Unobserved => return None,
            Mode::Normal => ("normal", None),
            Mode::Shutdown { since_ms } => ("shutdown", Some(since_ms)),
            Mode::Returning { since_ms } => ("returning", Some(since_ms)),
        };
        Some(AreaMode { area, mode, since_ms })
    };
    let own = views.into_iter().filter(|view| reached(&view.area)).map(row);
    Ok(Json(PathsView {
        paths: own.chain(through_hands).collect(),
        areas: modes.into_iter().filter(|(name, _)| reached(name)).filter_map(area).collect(),
        now_ms: room.node().now().0,
    }))
}

fn hand_row(one: crate::node::stick::Hands) -> PathRow {
    PathRow {
        name: one.name,
        area: one.areas.into_iter().next().unwrap_or_default(),
        carrier: pehra_link::path::Carrier::Stick.code(),
        state: one.state.code(),
        since_ms: one.since_ms,
        heard_ms: one.in_ms,
        delivered_ms: one.receipt_ms,
        failures: 0,
        queue_ms: one.queue.map(|(_, ms)| ms),
        queue: one.queue.map_or_else(Vec::new, |(depths, _)| depths.iter().map(queue).collect()),
        hands: Some(HandsView {
            device: one.device.to_string(),
            out_ms: one.out_ms,
            in_ms: one.in_ms,
            receipt_ms: one.receipt_ms,
            outstanding: one.outstanding,
            outstanding_since_ms: one.outstanding_since_ms,
        }),
    }
}

fn queue(depth: &pehra_link::queue::Depth) -> QueueView {
    use pehra_link::queue::Priority;
    let class = match depth.priority {
        Priority::Life => "life",
        Priority::Urgent => "urgent",
        Priority::Routine => "routine",
        Priority::Bulk => "bulk",
    };
    QueueView { class, parcels: depth.parcels, bytes: depth.bytes, oldest_ms: depth.oldest_ms }
}

/// One thing that a frame says.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SaidView {
    /// The check-in's code or the incident's: `A7`, `ARM.PST`.
    pub code: String,
    /// A station, a sector's or a convoy's name.
    pub subject: Option<String>,
    /// An incident's severity; for a check-in 1 where it reports trouble.
    pub severity: u8,
    pub at_ms: i64,
    pub note: String,
}

/// A word that was heard and is not signed yet: show it as "attested, unsigned" and nothing more.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UnsignedView {
    pub device: String,
    /// As its certificate says.
    pub name: String,
    pub seq: u64,
    /// Number of the act's kind.
    pub kind: u32,
    /// The clock of the device, whole seconds.
    pub said_ms: u64,
    pub heard_ms: u64,
    /// Empty for a form that this version cannot read.
    pub said: Vec<SaidView>,
}

/// A word that its signed entry contradicts, whose entry stays away, or whose device was revoked.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AlarmView {
    pub kind: AlarmKind,
    pub device: String,
    pub name: String,
    pub seq: u64,
    pub at_ms: u64,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AttestedView {
    pub unsigned: Vec<UnsignedView>,
    pub alarms: Vec<AlarmView>,
}

/// What was heard over thin channels and is attested, not signed; and the alarms.
#[utoipa::path(get, path = "/api/attested", tag = "carriers",
    responses((status = 200, body = AttestedView), (status = 500, body = Fault)))]
pub async fn attested(
    State(room): State<Room>,
    access: Access,
) -> Result<Json<AttestedView>, Problem> {
    let node = room.node().clone();
    let (unsigned, alarms) = apart(move || Ok(node.attested()?)).await?;
    let reached = |areas: &[String]| {
        areas
            .iter()
            .any(|area| AreaId::try_new(area.as_str()).is_ok_and(|area| access.reaches(&area)))
    };
    let unsigned = unsigned.into_iter().filter(|one| reached(&one.areas)).map(|one| UnsignedView {
        device: one.said.device.to_string(),
        name: one.name,
        seq: one.said.seq,
        kind: one.said.kind,
        said_ms: u64::from(one.said.time_s) * 1_000,
        heard_ms: one.heard_ms,
        said: one.event.as_ref().map_or_else(Vec::new, said),
    });
    let alarms = alarms.into_iter().filter_map(|one| {
        let (name, areas) = room.node().filed(one.device);
        let view = AlarmView {
            kind: one.kind,
            device: one.device.to_string(),
            name,
            seq: one.seq,
            at_ms: one.at_ms,
        };
        reached(&areas).then_some(view)
    });
    Ok(Json(AttestedView { unsigned: unsigned.collect(), alarms: alarms.collect() }))
}

fn said(event: &Event) -> Vec<SaidView> {
    if let Event::CheckIn(event) = event {
        let view = |item: &check_in::Item| SaidView {
            code: item.code.name().to_owned(),
            subject: Some(item.subject.name().to_owned()),
            severity: u8::from(item.word == check_in::Word::Trouble),
            at_ms: item.at.0,
            note: item.note.clone(),
        };
        return event.items().iter().map(view).collect();
    }
    let Event::Incident(incident::Event::Reported(report)) = event else { return Vec::new() };
    let texts = [report.place.words.as_str(), report.text.as_str()];
    let note: Vec<&str> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    vec![SaidView {
        code: report.code.name().to_owned(),
        subject: report.place.subject.as_ref().map(|it| it.name().to_owned()),
        severity: report.severity as u8,
        at_ms: report.at.0,
        note: note.join(" · "),
    }]
}

/// To whom a bundle goes: addresses as `pehra link address` writes them, names or ids of the roster.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct BundleWish {
    pub to: Vec<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CodesShown {
    /// Names what is shown.
    pub object: String,
    /// A camera needs about so many codes, whichever.
    pub codes: u32,
    pub bytes: u64,
    pub entries: u64,
    pub to: Vec<String>,
}

/// This node's address, to which others seal.
#[utoipa::path(get, path = "/api/link/address", tag = "carriers",
    responses((status = 200, body = String, content_type = "text/plain")))]
pub async fn address(State(room): State<Room>, _: Access) -> Result<String, Problem> {
    Ok(room.node().address()?)
}

/// Makes a bundle and prepares it for the screen.
#[utoipa::path(post, path = "/api/link/shown", tag = "carriers", request_body = BundleWish,
    responses((status = 200, body = CodesShown), (status = 422, body = Fault)))]
pub async fn show(
    State(room): State<Room>,
    _: Access,
    Given(wish): Given<BundleWish>,
) -> Result<Json<CodesShown>, Problem> {
    let node = room.node().clone();
    let (object, codes, report) = apart(move || {
        let recipients: Result<Vec<_>, _> = wish.to.iter().map(|to| node.recipient(to)).collect();
        let (bytes, report) =
            node.export_bundle(&recipients.map_err(problem)?, false).map_err(problem)?;
        let shown = node.show(&bytes, screen::FRAME_BYTES);
        let (object, codes) =
            shown.map_err(|error| Problem::about(Code::BundleUnusable, error.to_string()))?;
        Ok((object, codes, report))
    })
    .await?;
    Ok(Json(CodesShown {
        object: crate::auth::hex(&object.0),
        codes,
        bytes: report.bytes,
        entries: report.entries,
        to: report.to,
    }))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct Stretch {
    /// The first code's number. Numbers go on without end: those beyond the needed ones repair.
    pub from: u32,
}

/// The texts of some codes, one after the other.
#[utoipa::path(get, path = "/api/link/shown/{object}", tag = "carriers", params(("object" = String, Path), Stretch),
    responses((status = 200, body = Vec<String>), (status = 404, body = Fault)))]
pub async fn shown(
    State(room): State<Room>,
    _: Access,
    Path(object): Path<String>,
    Query(stretch): Query<Stretch>,
) -> Result<Json<Vec<String>>, Problem> {
    let until = stretch.from.saturating_add(32);
    let frames = object_of(&object).and_then(|id| room.node().shown(id, stretch.from..until));
    let frames = frames.ok_or_else(|| Problem::not_found(object))?;
    Ok(Json(frames.iter().map(|frame| screen::to_text(frame)).collect()))
}

/// Texts of codes that a camera saw.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CodesWish {
    pub texts: Vec<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CodesSeen {
    /// What is on its way.
    pub object: Option<String>,
    pub held: u32,
    pub needed: u32,
    /// Codes that are none of this program's, or are not believed.
    pub refused: u32,
    /// What the last object that became whole brought.
    pub brought: Option<Imported>,
    pub whole: bool,
}

/// Takes codes that a camera saw, in any order.
#[utoipa::path(post, path = "/api/link/seen", tag = "carriers", request_body = CodesWish,
    responses((status = 200, body = CodesSeen), (status = 422, body = Fault)))]
pub async fn seen(
    State(room): State<Room>,
    _: Access,
    Given(wish): Given<CodesWish>,
) -> Result<Json<CodesSeen>, Problem> {
    apart(move || look(&room, &wish.texts)).await.map(Json)
}

fn look(room: &Room, texts: &[String]) -> Result<CodesSeen, Problem> {
    let mut view =
        CodesSeen { object: None, held: 0, needed: 0, refused: 0, brought: None, whole: false };
    for text in texts.iter().take(FRAMES_MAX) {
        let Ok(Some(frame)) = screen::from_text(text) else {
            view.refused += 1;
            continue;
        };
        match room.node().hear_frame("screen", &frame).map_err(problem)? {
            Frame::Part { object, held, needed } => {
                (view.object, view.held, view.needed) =
                    (Some(crate::auth::hex(&object.0)), held, needed);
            }
            Frame::Whole { object, brought } => {
                view.object = Some(crate::auth::hex(&object.0));
                view.whole = true;
                view.brought = brought.map(|it| *it).or(view.brought);
            }
            Frame::Thin(Heard::Refused(_)) | Frame::Refused(_) => view.refused += 1,
            Frame::Thin(_) | Frame::Entry { .. } => {}
        }
    }
    Ok(view)
}

pub(crate) fn problem(error: BundleError) -> Problem {
    match error {
        BundleError::Node(error) => error.into(),
        other @ (BundleError::NoAddress
        | BundleError::OtherElection(_)
        | BundleError::NotEnrolled(_)
        | BundleError::Unknown(_)
        | BundleError::NoSealingKey(_)
        | BundleError::NoRecipient
        | BundleError::Bundle(_)
        | BundleError::Seal(_)
        | BundleError::Piece(_)
        | BundleError::Carry { .. }) => Problem::about(Code::BundleUnusable, other.to_string()),
    }
}
