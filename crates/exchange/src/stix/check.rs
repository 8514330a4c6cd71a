//! The standard's own rules, as far as they concern the objects that are carried.

use pehra_domain::UnixMs;
use serde_json::Value;

pub(super) fn text<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.get(key).and_then(Value::as_str)
}

/// Whether a text names an object of a type: the type, two hyphens and a UUID.
pub(super) fn is_id(id: &str, kind: &str) -> bool {
    id.strip_prefix(kind).and_then(|rest| rest.strip_prefix("--")).is_some_and(is_uuid)
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

fn is_any_id(id: &str) -> bool {
    id.split_once("--").is_some_and(|(kind, _)| is_id(id, kind))
}

/// Names of other objects under a key: one, or a list of them.
pub(super) fn references<'a>(object: &'a Value, key: &str) -> Vec<&'a str> {
    match object.get(key) {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// A moment of the standard: RFC 3339 in UTC with `Z`, at least whole seconds.
pub(super) fn moment(object: &Value, key: &str) -> Option<UnixMs> {
    parse(text(object, key)?)
}

pub(super) fn parse(text: &str) -> Option<UnixMs> {
    let (day, rest) = text.split_once('T')?;
    let clock = rest.strip_suffix('Z')?;
    let (whole, part) = clock.split_once('.').unwrap_or((clock, "0"));
    let date = pehra_domain::date::Date::parse(day)?;
    let mut numbers = [0_i64; 3];
    let mut parts = whole.split(':');
    for number in &mut numbers {
        *number = parts.next().filter(|part| part.len() == 2)?.parse().ok()?;
    }
    let [hour, minute, second] = numbers;
    let digits = part.len() <= 9 && !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 60 || !digits {
        return None;
    }
    let millis: i64 = format!("{part:0<3}").get(..3)?.parse().ok()?;
    let seconds = i64::from(date.0) * 86_400 + hour * 3_600 + minute * 60 + second;
    Some(UnixMs(seconds * 1_000 + millis))
}

/// The first rule that an object breaks.
pub(super) fn check(kind: &str, object: &Value) -> Result<(), &'static str> {
    if !text(object, "id").is_some_and(|id| is_id(id, kind)) {
        return Err("its id is not its type, two hyphens and a UUID");
    }
    if text(object, "spec_version") != Some("2.1") {
        return Err("its spec_version is not 2.1");
    }
    let created = moment(object, "created").ok_or("created is no moment in UTC")?;
    let modified = moment(object, "modified").ok_or("modified is no moment in UTC")?;
    if modified < created {
        return Err("it was modified before it was created");
    }
    let confidence = object.get("confidence");
    if confidence.is_some_and(|value| value.as_u64().is_none_or(|number| number > 100)) {
        return Err("its confidence is not a whole number up to 100");
    }
    for key in ["object_refs", "where_sighted_refs", "sighting_of_ref", "created_by_ref"] {
        if !references(object, key).into_iter().all(is_any_id) {
            return Err("a reference is no id");
        }
    }
    match kind {
        "report" => check_report(object),
        "indicator" => check_indicator(object),
        "location" => check_location(object),
        "sighting" => check_sighting(object),
        _ => check_note(object),
    }
}

fn check_report(object: &Value) -> Result<(), &'static str> {
    text(object, "name").ok_or("a report has a name")?;
    moment(object, "published").ok_or("a report says when it was published")?;
    if references(object, "object_refs").is_empty() {
        return Err("a report refers to one object at least");
    }
    Ok(())
}

fn check_indicator(object: &Value) -> Result<(), &'static str> {
    text(object, "pattern").ok_or("an indicator has a pattern")?;
    text(object, "pattern_type").ok_or("an indicator has a pattern_type")?;
    let from = moment(object, "valid_from").ok_or("an indicator says from when it is valid")?;
    match object.get("valid_until").map(|_| moment(object, "valid_until")) {
        Some(None) => Err("valid_until is no moment in UTC"),
        Some(Some(until)) if until <= from => Err("valid_until is not later than valid_from"),
        Some(Some(_)) | None => Ok(()),
    }
}

fn check_location(object: &Value) -> Result<(), &'static str> {
    let number = |key| object.get(key).map(Value::as_f64);
    let within = |key, limit: f64| match number(key) {
        None => Ok(false),
        Some(Some(value)) if (-limit..=limit).contains(&value) => Ok(true),
        Some(_) => Err("latitude or longitude is out of range"),
    };
    let (lat, lon) = (within("latitude", 90.0)?, within("longitude", 180.0)?);
    if lat != lon {
        return Err("latitude and longitude stand together");
    }
    if number("precision").is_some_and(|value| !lat || value.is_none_or(|metres| metres < 0.0)) {
        return Err("a precision needs a latitude and a longitude");
    }
    if !lat && text(object, "region").is_none() && text(object, "country").is_none() {
        return Err("a location has a region, a country, or latitude and longitude");
    }
    Ok(())
}

fn check_sighting(object: &Value) -> Result<(), &'static str> {
    text(object, "sighting_of_ref").ok_or("a sighting says of what")?;
    let moments =
        ["first_seen", "last_seen"].map(|key| object.get(key).map(|_| moment(object, key)));
    match moments {
        [Some(None), _] | [_, Some(None)] => Err("first_seen or last_seen is no moment in UTC"),
        [Some(Some(first)), Some(Some(last))] if last < first => {
            Err("last_seen is earlier than first_seen")
        }
        _ => Ok(()),
    }
}

fn check_note(object: &Value) -> Result<(), &'static str> {
    text(object, "content").ok_or("a note has a content")?;
    if references(object, "object_refs").is_empty() {
        return Err("a note refers to one object at least");
    }
    Ok(())
}
