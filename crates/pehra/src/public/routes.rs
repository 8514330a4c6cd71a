//! The public door's addresses and what each answers.

use super::{
    Public,
    flood::Buckets,
    intake::{self, Telling, Turned},
    look, page,
    page::{Frame, Typed},
    write::{Tongue, clock, escape},
};
use crate::node::Node;
use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, Query, State, rejection::BytesRejection},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use pehra_domain::{ConstituencyId, StationId, UnixMs};
use pehra_exchange::form::{FORM_BYTES_MAX, Form};
use pehra_ledger::base64;
use pehra_ops::{
    election::Nature,
    report::{Door, Language, Phase, Topic, receipt::Receipt},
};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::{fmt::Write as _, sync::Arc};

/// The router of the public door.
pub fn router(public: &Public) -> Router {
    Router::new()
        .route("/", get(|| async { Redirect::to("/ur/") }))
        .route("/robots.txt", get(|| async { "User-agent: *\nDisallow: /\n" }))
        .route("/alerts/atom.xml", get(alerts))
        .route("/alerts/{file}", get(alert))
        .route("/{tongue}/", get(start))
        .route("/{tongue}/station", get(station))
        .route("/{tongue}/today", get(today))
        .route("/{tongue}/report", get(report).post(tell))
        .route("/{tongue}/follow", get(ask).post(follow))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(from_fn(crate::http::reply::compress))
        .layer(from_fn_with_state(policy(), outer))
        .with_state(public.clone())
}

/// Nothing runs, nothing is fetched, the one style is known by its hash, and forms go back here alone.
fn policy() -> Arc<str> {
    let hash = Sha256::digest(page::STYLE.as_bytes());
    let hash = base64::encode(&hash);
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
         sandbox allow-forms allow-same-origin"
    );
    policy.into()
}

async fn outer(
    State(policy): State<Arc<str>>,
    request: axum::extract::Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, value);
    }
    for (name, value) in [
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cache-control", "no-store"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

fn tongue(code: &str) -> Result<Tongue, StatusCode> {
    Tongue::of_path(code).ok_or(StatusCode::NOT_FOUND)
}

/// A page around what stands in it.
fn shown(node: &Node, tongue: Tongue, path: &str, title: &str, main: &str) -> Html<String> {
    let not_real = node.ops(|state| {
        let election = state.election()?;
        (election.nature != Nature::Real).then(|| election.id.clone())
    });
    let frame = Frame { tongue, path, not_real: not_real.as_deref() };
    Html(page::whole(&frame, title, main))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, StatusCode> {
    tokio::task::spawn_blocking(work).await.map_err(|_ended| StatusCode::INTERNAL_SERVER_ERROR)
}

/// The feed of what everybody may read.
async fn alerts(State(public): State<Public>) -> Result<Response, StatusCode> {
    let text = blocking(move || crate::alert::feed(&public.node).write()).await?;
    Ok(([(header::CONTENT_TYPE, crate::http::alerts::ATOM)], text).into_response())
}

/// One message of it, signed.
async fn alert(
    State(public): State<Public>,
    Path(file): Path<String>,
) -> Result<Response, StatusCode> {
    let text = crate::http::alerts::public_file(&public.node, &file).await;
    let text = text.map_err(|_none| StatusCode::NOT_FOUND)?;
    Ok(([(header::CONTENT_TYPE, crate::http::alerts::CAP)], text).into_response())
}

async fn start(
    State(public): State<Public>,
    Path(code): Path<String>,
) -> Result<Html<String>, StatusCode> {
    let tongue = tongue(&code)?;
    blocking(move || {
        let node = &public.node;
        let main = page::start(
            tongue,
            &look::districts(node),
            (&look::notices(node), &look::campaigns(node, tongue.language())),
            &look::all_suspensions(node),
        );
        let title =
            tongue.say("Safe voting, and telling what goes wrong", "محفوظ ووٹنگ اور خرابی کی اطلاع");
        shown(node, tongue, "", title, &main)
    })
    .await
}

#[derive(Deserialize)]
struct Search {
    #[serde(default)]
    d: String,
    #[serde(default)]
    q: String,
}

async fn station(
    State(public): State<Public>,
    Path(code): Path<String>,
    Query(search): Query<Search>,
) -> Result<Html<String>, StatusCode> {
    let tongue = tongue(&code)?;
    blocking(move || {
        let node = &public.node;
        let words: String = search.q.chars().take(60).collect();
        let found = look::district(node, &search.d).map(|area| look::find(node, &area, &words));
        let main = page::station(
            tongue,
            &look::districts(node),
            (&search.d, &words),
            found.as_ref().map(|(count, rows)| (*count, rows.as_slice())),
        );
        let title = tongue.say("Where is my station?", "میرا پولنگ سٹیشن کہاں ہے؟");
        shown(node, tongue, "station", title, &main)
    })
    .await
}

async fn today(
    State(public): State<Public>,
    Path(code): Path<String>,
    Query(search): Query<Search>,
) -> Result<Html<String>, StatusCode> {
    let tongue = tongue(&code)?;
    blocking(move || {
        let node = &public.node;
        let districts = look::districts(node);
        let area = look::district(node, &search.d);
        let named = area.as_ref().and_then(|area| districts.iter().find(|(one, ..)| one == area));
        let name = named.map_or("", |(_, english, urdu)| tongue.say(english, urdu));
        let today = area.as_ref().and_then(|area| look::today(node, area));
        let mut main = page::today(tongue, name, today.as_ref());
        let field = page::district_field(tongue, &districts, &search.d);
        let show = tongue.say("Show", "دکھائیں");
        let _to_memory = write!(main, "<form method=get>{field}<button>{show}</button></form>");
        let title = tongue.say("What works today", "آج کیا کھلا ہے");
        shown(node, tongue, "today", title, &main)
    })
    .await
}

fn report_page(node: &Node, tongue: Tongue, typed: &Typed<'_>) -> Html<String> {
    let main = page::report(tongue, &look::districts(node), typed);
    shown(node, tongue, "report", tongue.say("Report something", "اطلاع دیں"), &main)
}

async fn report(
    State(public): State<Public>,
    Path(code): Path<String>,
) -> Result<Html<String>, StatusCode> {
    let tongue = tongue(&code)?;
    blocking(move || report_page(&public.node, tongue, &Typed::default())).await
}

/// The fields of a form that a browser sent.
fn form(body: Result<Bytes, BytesRejection>) -> Result<Form, StatusCode> {
    let bytes = body.map_err(|_too_long_or_broken| StatusCode::PAYLOAD_TOO_LARGE)?;
    Form::decode(&bytes).map_err(|_no_form| StatusCode::BAD_REQUEST)
}

async fn tell(
    State(public): State<Public>,
    Path(code): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, StatusCode> {
    let tongue = tongue(&code)?;
    let form = form(body)?;
    blocking(move || told(&public.node, &public.buckets, tongue, &form)).await
}

/// What the form says, as a telling; none where a field has to be filled in.
fn telling(node: &Node, tongue: Tongue, form: &Form) -> Option<Telling> {
    let (constituency, station) = place(form.get("p"));
    let at = match form.get("w") {
        "0" => Some(node.day_now()),
        "2" => Some(UnixMs(node.day_now().0 - 3 * 3_600_000)),
        "24" => Some(UnixMs(node.day_now().0 - 24 * 3_600_000)),
        _ => None,
    };
    Some(Telling {
        door: Door::Page,
        topic: Topic::parse(form.get("t"))?,
        about_guards: form.get("g") == "1",
        area: look::district(node, form.get("d"))?,
        constituency,
        station,
        at,
        language: match tongue {
            Tongue::English => Language::English,
            Tongue::Urdu => Language::Urdu,
        },
        text: form.get("x").to_owned(),
        contact: form.get("c").to_owned(),
    })
}

/// `NA-40-15` is a station of NA-40; `NA-40` a constituency; what is neither stays in nobody's record.
#[must_use]
pub fn place(words: &str) -> (Option<ConstituencyId>, Option<StationId>) {
    let words = words.trim().to_ascii_uppercase().replace(' ', "-");
    let parts: Vec<&str> = words.split('-').collect();
    let digits = |part: &str| {
        (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let seat = |kind: &str, number: &str| {
        let known = matches!(kind, "NA" | "PP" | "PS" | "PK" | "PB");
        let id = known && digits(number);
        id.then(|| ConstituencyId::try_new(format!("{kind}-{number}")).ok()).flatten()
    };
    match parts.as_slice() {
        [kind, number] => (seat(kind, number), None),
        [kind, number, station] if digits(station) => {
            let seat = seat(kind, number);
            let id = seat.as_ref().and_then(|_| StationId::try_new(words.as_str()).ok());
            (seat, id)
        }
        _ => (None, None),
    }
}

/// The form again as it was filled in, with what is wrong.
fn typed<'a>(form: &'a Form, text: &'a str, wrong: String) -> Typed<'a> {
    Typed {
        district: form.get("d"),
        place: form.get("p"),
        topic: form.get("t"),
        when: form.get("w"),
        guards: form.get("g") == "1",
        text,
        contact: form.get("c"),
        wrong: Some(wrong),
    }
}

fn told(node: &Node, buckets: &Buckets, tongue: Tongue, form: &Form) -> Response {
    let again = |status: StatusCode, text: &str, wrong: String| {
        (status, report_page(node, tongue, &typed(form, text, wrong))).into_response()
    };
    let text = form.get("x");
    let Some(telling) = telling(node, tongue, form) else {
        let words = tongue.say(
            "Choose a district and what it is about.",
            "ضلع چنیں اور یہ بھی کہ بات کس بارے میں ہے۔",
        );
        return again(StatusCode::UNPROCESSABLE_ENTITY, text, words.to_owned());
    };
    match intake::take(node, buckets, None, &telling) {
        Ok(taken) => {
            let main = page::receipt(tongue, &taken.receipt.grouped(), taken.sealed);
            let title = tongue.say("Received", "اطلاع مل گئی");
            shown(node, tongue, "report", title, &main).into_response()
        }
        Err(turned) => {
            let (status, words) = turned_words(tongue, &turned);
            let text = if let Turned::LeadsToSomebody(masked) = &turned { masked } else { text };
            again(status, text, words)
        }
    }
}

/// Why nothing was kept, and what to do.
fn turned_words(tongue: Tongue, turned: &Turned) -> (StatusCode, String) {
    let say = |en, ur| tongue.say(en, ur).to_owned();
    match turned {
        Turned::Empty => {
            (StatusCode::UNPROCESSABLE_ENTITY, say("Write what happened.", "لکھیں کہ کیا ہوا۔"))
        }
        Turned::TooLong => (
            StatusCode::UNPROCESSABLE_ENTITY,
            say(
                "That is too long. Shorten it and send it again.",
                "تحریر بہت طویل ہے۔ مختصر کر کے دوبارہ بھیجیں۔",
            ),
        ),
        Turned::LeadsToSomebody(_) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            say(
                "Your words held an identity number, a telephone number or an address of mail. For your safety it is not kept: it was replaced by dots below. Look at the text and send it again.",
                "آپ کی تحریر میں شناختی نمبر، فون نمبر یا ای میل تھا۔ آپ کی حفاظت کے لیے اسے محفوظ نہیں کیا گیا: نیچے اس کی جگہ نقطے ہیں۔ تحریر دیکھ کر دوبارہ بھیجیں۔",
            ),
        ),
        Turned::NoReader => (
            StatusCode::SERVICE_UNAVAILABLE,
            say(
                "The desk that alone may read this has not opened its key here, so nothing was kept. Call the helpline 111-327-000 or go to the desk of the district returning officer.",
                "جو ڈیسک اسے پڑھ سکتا ہے اس کی کلید ابھی یہاں موجود نہیں، اس لیے کچھ محفوظ نہیں ہوا۔ ہیلپ لائن 111-327-000 پر فون کریں یا ضلعی ریٹرننگ افسر کے ڈیسک پر جائیں۔",
            ),
        ),
        Turned::Busy(seconds) => (StatusCode::TOO_MANY_REQUESTS, {
            let words = say(
                "Very many reports come in from this district. Nothing was kept; your words are still here. Seconds to wait:",
                "اس ضلع سے بہت سی اطلاعات آ رہی ہیں۔ کچھ محفوظ نہیں ہوا؛ آپ کی تحریر نیچے موجود ہے۔ انتظار کے سیکنڈ:",
            );
            format!("{words} <bdi>{seconds}</bdi>")
        }),
        Turned::NoSuchPlace => (
            StatusCode::UNPROCESSABLE_ENTITY,
            say("Choose your district from the list.", "فہرست سے اپنا ضلع چنیں۔"),
        ),
        Turned::Failed(cause) => {
            // The cause names no reporter: it is the node's own.
            tracing::error!(%cause, "a citizen's report could not be kept");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                say(
                    "The report could not be kept. Your words are still here: try again, or call the helpline.",
                    "اطلاع محفوظ نہ ہو سکی۔ آپ کی تحریر نیچے موجود ہے: دوبارہ کوشش کریں یا ہیلپ لائن پر فون کریں۔",
                ),
            )
        }
    }
}

fn follow_page(node: &Node, tongue: Tongue, main: &str) -> Html<String> {
    let title = tongue.say("What became of my report?", "میری اطلاع کا کیا ہوا؟");
    shown(node, tongue, "follow", title, main)
}

async fn ask(
    State(public): State<Public>,
    Path(code): Path<String>,
) -> Result<Html<String>, StatusCode> {
    let tongue = tongue(&code)?;
    blocking(move || follow_page(&public.node, tongue, &page::follow(tongue, None))).await
}

async fn follow(
    State(public): State<Public>,
    Path(code): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, StatusCode> {
    let tongue = tongue(&code)?;
    let form = form(body)?;
    blocking(move || {
        let node = &public.node;
        let again = |status, en, ur| {
            let main = page::follow(tongue, Some(&escape(tongue.say(en, ur))));
            (status, follow_page(node, tongue, &main)).into_response()
        };
        let Some(receipt) = Receipt::parse(form.get("k")) else {
            return again(
                StatusCode::UNPROCESSABLE_ENTITY,
                "That is not a receipt code: it has sixteen digits, and one of yours may be wrong.",
                "یہ رسید نمبر نہیں: اس کے سولہ ہندسے ہوتے ہیں، شاید کوئی ہندسہ غلط ہے۔",
            );
        };
        let Some((phase, answers)) = fate(node, &receipt) else {
            if public.buckets.wrong_code(node.now()).is_err() {
                return again(
                    StatusCode::TOO_MANY_REQUESTS,
                    "Too many wrong codes are being tried. Wait a minute and try again.",
                    "بہت سے غلط نمبر آزمائے جا رہے ہیں۔ ایک منٹ بعد دوبارہ کوشش کریں۔",
                );
            }
            return again(
                StatusCode::NOT_FOUND,
                "No report with this code has arrived here. A report from a place that is cut off may take hours.",
                "اس نمبر کی کوئی اطلاع ابھی یہاں نہیں پہنچی۔ جہاں رابطہ منقطع ہو وہاں سے آنے میں گھنٹے لگ سکتے ہیں۔",
            );
        };
        follow_page(node, tongue, &page::fate(tongue, phase, &answers)).into_response()
    })
    .await
}

pub(super) type Fate = (Phase, Vec<(pehra_ops::report::Answer, String, String)>);

/// How far the report of a code has come, and what was answered.
pub(super) fn fate(node: &Node, receipt: &Receipt) -> Option<Fate> {
    let hash = receipt.hash(&node.ledger_election());
    node.ops(|state| {
        let (_, record) = state.reports.of_receipt(&hash)?;
        let answers = record
            .answers()
            .into_iter()
            .map(|said| (said.answer, said.note.clone(), clock(said.mark.clock_ms)));
        Some((record.phase(), answers.collect()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_station_a_constituency_or_nothing() {
        let seat = |name: &str| ConstituencyId::try_new(name).ok();
        let station = StationId::try_new("NA-40-15").ok();
        assert_eq!(place("na-40-15"), (seat("NA-40"), station));
        assert_eq!(place(" NA 40 "), (seat("NA-40"), None));
        for none in [
            "",
            "the school",
            "XX-40",
            "NA-40-15-2",
            "NA-99999",
            "<b>",
            "0300-1234567",
            "42101-1234567-1",
        ] {
            assert_eq!(place(none), (None, None), "{none}");
        }
    }

    #[test]
    fn the_policy_names_the_style_by_its_hash_and_allows_nothing_else() {
        let policy = policy();
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        assert_eq!(base64::encode(b"Man"), "TWFu");
        assert_eq!(base64::encode(b"Ma"), "TWE=");
        assert_eq!(base64::encode(b"M"), "TQ==");
    }
}
