//! An alert as it is proposed from an incident, a warning or an area: its kind, its place and what to do in both
//! languages. Nobody's words are taken over but those that were sanitised and released.

use super::{AlertOutline, AlertWish, AlertWords};
use crate::{
    day::taxonomy,
    http::{
        problem::{Fault, Problem},
        room::Room,
        who::Access,
    },
    markup::clock,
    node::Node,
    view::{area_name, area_name_ur},
};
use axum::{
    Json,
    extract::{Query, State},
};
use pehra_domain::{AreaId, IncidentId, Point, UnixMs, role::Role};
use pehra_ops::{
    EventRef, State as Ops,
    alert::{Category, Certainty, Response, Scope, Severity, Urgency},
    check_in::Subject,
    incident::{Finding, Key, Kind, Matter, Record},
    intelligence::warning::warnings,
    permission as row,
};
use serde::Deserialize;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// How long a proposed alert holds.
const HOURS: i64 = 6;
/// How far around the place of an incident.
const RADIUS_M: u32 = 1_000;
const RESTRICTION: &str = "Responders: police, Rescue 1122, PDMA, hospitals";

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct Wanted {
    pub area: String,
    pub incident: Option<String>,
    /// The entry that released it.
    pub warning: Option<String>,
}

/// Proposes an alert. Nothing is recorded.
#[utoipa::path(get, path = "/api/alerts/seed", tag = "alerts", params(Wanted),
    responses((status = 200, body = AlertWish), (status = 403, body = Fault), (status = 404, body = Fault)))]
pub async fn seed(
    State(room): State<Room>,
    access: Access,
    Query(wanted): Query<Wanted>,
) -> Result<Json<AlertWish>, Problem> {
    let area = AreaId::try_new(wanted.area.trim())?;
    let actor = access.actor_with(room.node(), &area, row::ALERT_DRAFT)?;
    let proposed = Proposed { node: room.node(), role: &actor.role, area: &area };
    if let Some(id) = wanted.incident.as_deref().filter(|id| !id.is_empty()) {
        let incident = IncidentId::try_new(id)?;
        let key = Key { area: area.clone(), matter: Matter::Incident, incident };
        let found = room.node().ops(|state| proposed.of_incident(state, &key));
        return found.map(Json).ok_or_else(|| Problem::not_found(id));
    }
    if let Some(id) = wanted.warning.as_deref().filter(|id| !id.is_empty()) {
        let release = EventRef::parse(id).ok_or_else(|| Problem::not_found(id))?;
        if !may_use(&room, &access, release) {
            return Err(Problem::not_found(id));
        }
        let found = room.node().ops(|state| proposed.of_warning(state, release));
        return found.map(Json).ok_or_else(|| Problem::not_found(id));
    }
    Ok(Json(proposed.plain()))
}

/// Whether a warning went to whoever asks, below its area or above it.
pub(super) fn may_use(room: &Room, access: &Access, release: EventRef) -> bool {
    let node = room.node();
    let held = crate::http::who::holdings(node, &access.person, node.now());
    node.ops(|state| {
        let all = warnings(state, node.now());
        let Some(one) = all.into_iter().find(|one| one.release == release) else { return false };
        held.iter().any(|own| {
            let reads = node.rules().permissions.allows(&own.role, row::INTEL_READ_FULL);
            own.area.meets(&one.mark.area) && (reads || one.to.contains(&own.role))
        })
    })
}

struct Proposed<'a> {
    node: &'a Node,
    role: &'a Role,
    area: &'a AreaId,
}

impl Proposed<'_> {
    fn plain(&self) -> AlertWish {
        let (place, place_ur) = self.place(None);
        let words = |event: &str, place: String, office: String| AlertWords {
            event: event.to_owned(),
            place,
            office,
            ..AlertWords::default()
        };
        let (office, office_ur) = self.office();
        AlertWish {
            area: self.area.to_string(),
            category: Category::Security.name().to_owned(),
            response: Response::Monitor.name().to_owned(),
            urgency: Urgency::Expected.name().to_owned(),
            severity: Severity::Moderate.name().to_owned(),
            certainty: Certainty::Possible.name().to_owned(),
            scope: Scope::Restricted.name().to_owned(),
            restriction: RESTRICTION.to_owned(),
            addresses: Vec::new(),
            english: words("Security notice", place, office),
            urdu: words("سکیورٹی اطلاع", place_ur, office_ur),
            onset_ms: None,
            expires_ms: self.minute(HOURS * HOUR_MS).0,
            outline: AlertOutline {
                kind: "area".to_owned(),
                lat_e7: None,
                lon_e7: None,
                radius_m: None,
            },
            incident: None,
            warning: None,
            follows: None,
        }
    }

    /// So long from now, in whole minutes.
    fn minute(&self, from_now_ms: i64) -> UnixMs {
        UnixMs((self.node.now().0 + from_now_ms) / MINUTE_MS * MINUTE_MS)
    }

    /// The kind of incident, where it is and what to do; never its reporter's words.
    fn of_incident(&self, state: &Ops, key: &Key) -> Option<AlertWish> {
        let record = state.incidents.get(key)?;
        let (report, _) = record.report()?;
        let (code, severity) = record.class()?;
        let kind = taxonomy()?.kinds().iter().find(|kind| kind.code == code)?;
        let (category, response) = sort(kind);
        let station = match &report.place.subject {
            Some(Subject::Station(id)) => Some(id.as_str()),
            Some(Subject::Sector(_) | Subject::Convoy(_)) | None => None,
        };
        let (place, place_ur) = self.place(station);
        let (office, office_ur) = self.office();
        let (instruction, instruction_ur) = instruction(response);
        let hour = clock(report.at);
        let point = report.place.point.or_else(|| self.station_point(station?));
        Some(AlertWish {
            category: category.name().to_owned(),
            response: response.name().to_owned(),
            urgency: if severity.number() >= 4 { Urgency::Immediate } else { Urgency::Expected }
                .name()
                .to_owned(),
            severity: gravity(severity.number()).name().to_owned(),
            certainty: certainty(record).name().to_owned(),
            english: AlertWords {
                event: kind.title.clone(),
                headline: format!("{}: {place}", kind.title),
                description: format!("Reported at {hour} in {place}: {}.", kind.title),
                instruction: instruction.to_owned(),
                place,
                office,
            },
            urdu: AlertWords {
                event: kind.title_ur.clone(),
                headline: format!("{place_ur}: {}", kind.title_ur),
                description: format!("{hour} پر {place_ur} سے اطلاع: {}۔", kind.title_ur),
                instruction: instruction_ur.to_owned(),
                place: place_ur,
                office: office_ur,
            },
            outline: match point {
                Some(Point { lat_e7, lon_e7 }) => AlertOutline {
                    kind: "circle".to_owned(),
                    lat_e7: Some(lat_e7),
                    lon_e7: Some(lon_e7),
                    radius_m: Some(RADIUS_M),
                },
                None => self.plain().outline,
            },
            incident: Some(key.incident.to_string()),
            ..self.plain()
        })
    }

    /// What was sanitised and released, in the language in which it was written. The area alone is drawn: a narrower
    /// place could say more than the words that were released.
    fn of_warning(&self, state: &Ops, release: EventRef) -> Option<AlertWish> {
        let now = self.node.now();
        let all = warnings(state, now);
        let one = all.iter().find(|one| one.release == release && one.mark.area == *self.area)?;
        let window = one.told.window;
        let mut wish = self.plain();
        let urdu = one.text.chars().any(|sign| ('\u{0600}'..='\u{06ff}').contains(&sign));
        let words = if urdu { &mut wish.urdu } else { &mut wish.english };
        words.description = one.text.to_owned();
        let opens = window.from > now;
        let later = window.from.0 > now.0 + HOUR_MS;
        let response = Response::Prepare;
        let (instruction, instruction_ur) = instruction(response);
        wish.english.event = "Security warning".to_owned();
        wish.english.headline = format!("Security warning: {}", wish.english.place);
        wish.english.instruction = instruction.to_owned();
        wish.urdu.event = "سکیورٹی انتباہ".to_owned();
        wish.urdu.headline = format!("سکیورٹی انتباہ: {}", wish.urdu.place);
        wish.urdu.instruction = instruction_ur.to_owned();
        wish.response = response.name().to_owned();
        wish.severity = Severity::Severe.name().to_owned();
        wish.urgency = if later { Urgency::Future } else { Urgency::Expected }.name().to_owned();
        wish.onset_ms = opens.then_some(window.from.0);
        let longest = self.minute(pehra_ops::alert::HOURS_MAX * HOUR_MS);
        wish.expires_ms = window.until.min(longest).0;
        wish.warning = Some(release.to_string());
        Some(wish)
    }

    fn station_point(&self, id: &str) -> Option<Point> {
        let world = self.node.world();
        let table = world.stations.as_ref()?;
        table.named(id).map(|station| station.point)
    }

    /// Where, in both languages: a station by its name and its district.
    fn place(&self, station: Option<&str>) -> (String, String) {
        let gazetteer = self.node.gazetteer();
        let area = area_name(gazetteer, self.area);
        let area_ur = area_name_ur(gazetteer, self.area).unwrap_or_else(|| area.clone());
        let world = self.node.world();
        let named = station.and_then(|id| {
            let table = world.stations.as_ref()?;
            table.named(id).map(|station| station.name.clone())
        });
        match named.filter(|name| !name.is_empty()) {
            Some(name) => (format!("{name}, {area}"), format!("{name}، {area_ur}")),
            None => (area, area_ur),
        }
    }

    /// The office that speaks, by role and area; those who know more are a control room like any other.
    fn office(&self) -> (String, String) {
        let gazetteer = self.node.gazetteer();
        let area = area_name(gazetteer, self.area);
        let area_ur = area_name_ur(gazetteer, self.area).unwrap_or_else(|| area.clone());
        let (english, urdu) = match self.role.as_str() {
            "ECP-NAT" => ("Election Commission of Pakistan", "الیکشن کمیشن آف پاکستان"),
            "PEC" => ("Provincial Election Commissioner", "صوبائی الیکشن کمشنر"),
            "DRO" => ("District Returning Officer", "ضلعی ریٹرننگ افسر"),
            "RO" => ("Returning Officer", "ریٹرننگ افسر"),
            "POL-SP" => ("Police control room", "پولیس کنٹرول روم"),
            "PUBDESK" => ("Public desk", "عوامی ڈیسک"),
            _ => ("Election security control room", "انتخابی سکیورٹی کنٹرول روم"),
        };
        (format!("{english}, {area}"), format!("{urdu}، {area_ur}"))
    }
}

fn sort(kind: &Kind) -> (Category, Response) {
    let family = kind.code.name().split('.').next().unwrap_or_default();
    match family {
        "LOG" | "INF" => (Category::Other, Response::Monitor),
        "COM" | "DEV" | "SYS" => (Category::Infrastructure, Response::Prepare),
        "MED" => (Category::Health, Response::Avoid),
        "NAT" => (Category::Safety, Response::Avoid),
        "CUS" | "VOT" | "STF" => (Category::Security, Response::Monitor),
        _ => (Category::Security, Response::Avoid),
    }
}

fn gravity(severity: u8) -> Severity {
    match severity {
        5 => Severity::Extreme,
        4 => Severity::Severe,
        3 => Severity::Moderate,
        _ => Severity::Minor,
    }
}

fn certainty(record: &Record) -> Certainty {
    match record.finding() {
        Some(Finding::Verified) => Certainty::Observed,
        Some(Finding::False) => Certainty::Unlikely,
        Some(Finding::Unverified) | None => Certainty::Possible,
    }
}

/// What to do, in both languages.
fn instruction(response: Response) -> (&'static str, &'static str) {
    match response {
        Response::Shelter => (
            "Stay inside, away from windows, until the control room says that it is over.",
            "کنٹرول روم کی اطلاع تک عمارت کے اندر، کھڑکیوں سے دور رہیں۔",
        ),
        Response::Evacuate => (
            "Leave the place by the marked way and go to the assembly point.",
            "نشان زدہ راستے سے جگہ خالی کریں اور جمع ہونے کی جگہ پہنچیں۔",
        ),
        Response::Avoid => (
            "Keep away from the place. Leave roads free for rescue vehicles.",
            "اس جگہ سے دور رہیں۔ امدادی گاڑیوں کے لیے راستے کھلے رکھیں۔",
        ),
        Response::Prepare => (
            "Be ready to carry out what was planned for this, and watch for the next message.",
            "اس صورت کے طے شدہ منصوبے پر عمل کے لیے تیار رہیں اور اگلے پیغام پر نظر رکھیں۔",
        ),
        Response::Execute => {
            ("Carry out what was planned for this.", "اس صورت کے لیے طے شدہ منصوبے پر عمل کریں۔")
        }
        Response::Monitor | Response::Assess | Response::AllClear | Response::Nothing => (
            "Nothing has to be done yet. Watch for the next message.",
            "ابھی کچھ کرنا ضروری نہیں۔ اگلے پیغام پر نظر رکھیں۔",
        ),
    }
}
