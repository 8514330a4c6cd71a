//! Reports by text message. A gateway (Debian's Kannel) calls here with the text alone, and sends our answer back to
//! whoever wrote: their number is never told to us, so that nothing here could keep it.
//!
//! A message begins with the place: a constituency or station (`NA-40-15`), or a district's name in English or Urdu. A
//! message that is a receipt code asks for the answer.

use super::{
    Public,
    flood::Buckets,
    intake::{self, Telling, Turned},
    routes::{fate, place},
    write::Tongue,
};
use crate::node::Node;
use axum::{
    Router,
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use pehra_domain::{AreaId, ConstituencyId, StationId};
use pehra_exchange::form::value;
use pehra_ops::report::{Door, Language, Phase, Topic, receipt::Receipt, word};
use std::collections::BTreeMap;

/// The door at which the gateway calls: `?text=%b&coding=%c`, and nothing that names the sender.
pub fn sms_router(public: &Public) -> Router {
    Router::new().route("/", get(message)).with_state(public.clone())
}

async fn message(State(public): State<Public>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let Some(text) = text_of(&query) else { return StatusCode::BAD_REQUEST.into_response() };
    let answered =
        tokio::task::spawn_blocking(move || answer(&public.node, &public.buckets, &text)).await;
    let Ok(words) = answered else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    if !words.is_ascii() {
        // Letters beyond the alphabet of telephones go out as UCS-2.
        headers.insert(HeaderName::from_static("x-kannel-coding"), HeaderValue::from_static("2"));
    }
    (headers, words).into_response()
}

/// The text of a call: UTF-16 where the gateway hands Unicode on as it came, UTF-8 otherwise.
fn text_of(query: &str) -> Option<String> {
    let bytes = value(query, "text")?;
    if value(query, "coding").as_deref() != Some(b"2") {
        return Some(String::from_utf8_lossy(&bytes).into_owned());
    }
    if let Ok(text) = std::str::from_utf8(&bytes)
        && !text.contains('\0')
        && !text.is_ascii()
    {
        return Some(text.to_owned());
    }
    let units = bytes.chunks_exact(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok());
    let letters = char::decode_utf16(units.map(u16::from_be_bytes));
    Some(letters.map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

/// What goes back to whoever wrote.
fn answer(node: &Node, buckets: &Buckets, text: &str) -> String {
    let text = word::clean(text);
    let urdu = text.chars().any(|c| ('\u{0600}'..='\u{06ff}').contains(&c));
    let tongue = if urdu { Tongue::Urdu } else { Tongue::English };
    if let Some(receipt) = Receipt::parse(&text) {
        return fate_words(node, buckets, tongue, &receipt);
    }
    let Some((found, rest)) = placed(node, &text) else {
        return tongue
            .say(
                "Nothing was kept. Begin with your constituency or district, then what happened: NA-40 the gate is locked",
                "کچھ محفوظ نہیں ہوا۔ پہلے حلقہ یا ضلع لکھیں، پھر کیا ہوا: NA-40 دروازہ بند ہے",
            )
            .to_owned();
    };
    let (area, constituency, station) = found;
    let telling = Telling {
        door: Door::Sms,
        topic: Topic::Other,
        about_guards: false,
        area,
        constituency,
        station,
        at: None,
        language: if urdu { Language::Urdu } else { Language::English },
        // Nobody can be asked to write it again without the number.
        text: word::mask(&rest),
        contact: String::new(),
    };
    match intake::take(node, buckets, None, &telling) {
        Ok(taken) => {
            let says = tongue.say("Received. Your code:", "اطلاع مل گئی۔ آپ کا نمبر:");
            let then = tongue.say(
                "Send it here for the answer, and delete these messages.",
                "جواب کے لیے یہی نمبر بھیجیں، اور یہ پیغامات مٹا دیں۔",
            );
            format!("{says} {} {then}", taken.receipt.grouped())
        }
        Err(turned) => turned_words(tongue, &turned).to_owned(),
    }
}

fn turned_words(tongue: Tongue, turned: &Turned) -> &'static str {
    match turned {
        Turned::Empty => tongue.say(
            "Nothing was kept. Write what happened behind the place.",
            "کچھ محفوظ نہیں ہوا۔ جگہ کے بعد لکھیں کہ کیا ہوا۔",
        ),
        Turned::NoReader => tongue.say(
            "Nothing was kept: the desk that may read this is not open yet. Call 111-327-000.",
            "کچھ محفوظ نہیں ہوا: جو ڈیسک اسے پڑھ سکتا ہے ابھی کھلا نہیں۔ 111-327-000 پر فون کریں۔",
        ),
        Turned::Busy(_) => tongue.say(
            "Nothing was kept: too many messages at once. Send it again in a minute.",
            "کچھ محفوظ نہیں ہوا: بہت زیادہ پیغامات ہیں۔ ایک منٹ بعد دوبارہ بھیجیں۔",
        ),
        Turned::TooLong | Turned::LeadsToSomebody(_) | Turned::NoSuchPlace | Turned::Failed(_) => {
            tongue.say(
                "Nothing was kept. Send it again, shorter, or call 111-327-000.",
                "کچھ محفوظ نہیں ہوا۔ مختصر کر کے دوبارہ بھیجیں، یا 111-327-000 پر فون کریں۔",
            )
        }
    }
}

fn fate_words(node: &Node, buckets: &Buckets, tongue: Tongue, receipt: &Receipt) -> String {
    let Some((phase, answers)) = fate(node, receipt) else {
        let _counted = buckets.wrong_code(node.now());
        let none =
            tongue.say("No report with this code is here yet.", "اس نمبر کی اطلاع ابھی یہاں نہیں۔");
        return none.to_owned();
    };
    match answers.last() {
        Some((answer, note, _)) => {
            let note = if note.is_empty() { String::new() } else { format!(" {note}") };
            format!("{}{note}", super::page::answer_words(tongue, *answer))
        }
        None if phase == Phase::Received => tongue
            .say("Received; nobody has looked at it yet.", "مل گئی؛ ابھی کسی نے نہیں دیکھی۔")
            .to_owned(),
        None => tongue.say("Somebody is looking at it.", "اس پر کام ہو رہا ہے۔").to_owned(),
    }
}

type Placed = (AreaId, Option<ConstituencyId>, Option<StationId>);

/// The place with which a message begins, and what follows.
fn placed(node: &Node, text: &str) -> Option<(Placed, String)> {
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    if let (Some(seat), station) = place(first.trim_end_matches([':', ',', '.'])) {
        let area = district_of(node, &seat, station.as_ref())?;
        return Some(((area, Some(seat), station), rest.trim().to_owned()));
    }
    let low = text.to_lowercase();
    let mut best: Option<(usize, AreaId)> = None;
    for district in &node.gazetteer().districts {
        for name in [district.name.to_lowercase(), district.name_ur.clone()] {
            let follows = low.strip_prefix(name.as_str()).filter(|_| !name.is_empty());
            let whole = follows.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
            if whole && best.as_ref().is_none_or(|(length, _)| name.len() > *length) {
                best = Some((name.len(), district.area.clone()));
            }
        }
    }
    let (length, area) = best?;
    let rest = low.get(length..).unwrap_or_default().chars().count();
    let kept: String = text.chars().skip(text.chars().count().saturating_sub(rest)).collect();
    let kept = kept.trim_start_matches([':', ',', '.', '-', '\u{060c}', '\u{06d4}', ' ', '\n']);
    Some(((area, None, None), kept.to_owned()))
}

/// The district in which most stations of a constituency lie, by the published list; that of the station where it is
/// named and listed.
fn district_of(node: &Node, seat: &ConstituencyId, station: Option<&StationId>) -> Option<AreaId> {
    let world = node.world();
    let table = world.stations.as_ref()?;
    if let Some(found) = station.and_then(|id| table.named(id.as_str())) {
        return Some(found.district.clone());
    }
    let mut counts: BTreeMap<&AreaId, usize> = BTreeMap::new();
    for one in &table.stations {
        if one.contests.iter().any(|contest| contest.constituency == *seat) {
            *counts.entry(&one.district).or_default() += 1;
        }
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map(|(area, _)| area.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urdu_is_read_as_the_gateway_hands_it_on() {
        let words = "دروازہ بند";
        let utf8: String = words.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let utf16: String = words
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .map(|byte| format!("%{byte:02X}"))
            .collect();
        assert_eq!(text_of(&format!("text={utf8}&coding=0")).as_deref(), Some(words));
        assert_eq!(text_of(&format!("text={utf8}&coding=2")).as_deref(), Some(words));
        assert_eq!(text_of(&format!("coding=2&text={utf16}")).as_deref(), Some(words));
        assert_eq!(text_of("coding=2&text=%D8").as_deref(), Some(""));
        assert_eq!(text_of("coding=0"), None);
    }
}
