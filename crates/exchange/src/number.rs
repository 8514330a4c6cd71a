//! Reads counts, decimals and dates as people type them.

use crate::identity::digit;
use pehra_domain::{Date, UnixMs};

/// A whole number: Latin or Urdu digits, thousands separators, an empty fraction (`12.0`). None when it is
/// anything else, negative, or above 4,294,967,295.
#[must_use]
pub fn count(cell: &str) -> Option<u32> {
    if !cell.is_empty() && cell.len() < 10 && cell.bytes().all(|b| b.is_ascii_digit()) {
        return cell.parse().ok();
    }
    let plain = plain_digits(cell.trim());
    let whole = match plain.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|b| b == b'0') => whole,
        Some(_) => return None,
        None => plain.as_str(),
    };
    let joined = without_thousands(whole)?;
    if joined.is_empty() { None } else { joined.parse().ok() }
}

/// Digits in Latin; other characters as they are.
#[must_use]
pub fn plain_digits(text: &str) -> String {
    text.chars()
        .map(|c| digit(c).and_then(|value| char::from_digit(value, 10)).unwrap_or(c))
        .collect()
}

/// Joins `1,234,567` and `12 345`; none when the groups after the first have not two or three digits (South
/// Asian grouping has both) or another character stands there.
fn without_thousands(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for (index, group) in text.split([',', ' ', '\u{a0}', '\u{66c}', '\'']).enumerate() {
        if group.is_empty() || !group.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        if index > 0 && !(2..=3).contains(&group.len()) {
            return None;
        }
        out.push_str(group);
    }
    Some(out)
}

/// A date as `2024-02-08`, `08/02/2024`, `8-2-2024`, `8 February 2024`, with or without a time after it. Day
/// before month, as Pakistan writes it.
#[must_use]
pub fn date(cell: &str) -> Option<Date> {
    let plain = plain_digits(cell.trim());
    let day_part = plain.split(['T']).next().unwrap_or_default();
    let parts: Vec<&str> =
        day_part.split(['-', '/', '.', ' ', ',']).filter(|part| !part.is_empty()).take(3).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let number = |text: &str| -> Option<u32> {
        (text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
    };
    let year = |text: &str| -> Option<i32> {
        (text.len() == 4).then(|| number(text)).flatten().and_then(|y| i32::try_from(y).ok())
    };
    if let Some(y) = year(first) {
        return Date::from_civil(y, month(second)?, number(third)?);
    }
    let y = year(third)?;
    match number(first) {
        Some(day) => Date::from_civil(y, month(second)?, day),
        None => Date::from_civil(y, month(first)?, number(second)?),
    }
}

fn month(text: &str) -> Option<u32> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok();
    }
    let lower = text.to_lowercase();
    const NAMES: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let at = NAMES.iter().position(|name| lower.starts_with(name))?;
    u32::try_from(at + 1).ok()
}

/// A moment in Pakistan's time: a date with `HH:MM` or `HH:MM:SS` after it, or midnight when there is none; a
/// trailing `Z` or `+05:00` is honoured.
#[must_use]
pub fn moment(cell: &str) -> Option<UnixMs> {
    let plain = plain_digits(cell.trim());
    let day = date(&plain)?;
    let (clock, offset_min) = match plain.split_once([':']) {
        None => (0, 300),
        Some((before, after)) => {
            let hour = before.rsplit(['T', ' ']).next()?.parse::<i64>().ok()?;
            let (zone, tail) = zone(after)?;
            let mut parts = tail.split(':');
            let minute = parts.next()?.trim().parse::<i64>().ok()?;
            let second = match parts.next() {
                Some(text) => text.split('.').next()?.trim().parse::<i64>().ok()?,
                None => 0,
            };
            let fits = (0..24).contains(&hour) && (0..60).contains(&minute);
            if !fits || !(0..60).contains(&second) {
                return None;
            }
            (hour * 3600 + minute * 60 + second, zone)
        }
    };
    let midnight_utc = i64::from(day.0) * 86_400;
    Some(UnixMs((midnight_utc + clock - offset_min * 60) * 1000))
}

/// Minutes east of Greenwich, and the text before the zone.
fn zone(text: &str) -> Option<(i64, &str)> {
    if let Some(tail) = text.strip_suffix(['Z', 'z']) {
        return Some((0, tail));
    }
    let Some((tail, offset)) = text.split_once('+') else { return Some((300, text)) };
    let (hours, minutes) = offset.split_once(':').unwrap_or((offset, "0"));
    let hours = hours.parse::<i64>().ok().filter(|h| (0..15).contains(h))?;
    let minutes = minutes.parse::<i64>().ok().filter(|m| (0..60).contains(m))?;
    Some((hours * 60 + minutes, tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_as_people_type_them() {
        for (text, value) in [
            ("12", 12),
            (" 1,234 ", 1234),
            ("12,85,85,760", 128_585_760),
            ("۱۲۳", 123),
            ("٤٥", 45),
            ("12.0", 12),
            ("90 675", 90_675),
            ("0", 0),
        ] {
            assert_eq!(count(text), Some(value), "{text}");
        }
        for text in ["", "-3", "1.5", "abc", "1,2", "12a", "99999999999", "1e5", ",", "."] {
            assert_eq!(count(text), None, "{text}");
        }
    }

    #[test]
    fn dates_are_read_day_before_month() {
        let day = Date::from_civil(2024, 2, 8).unwrap();
        for text in [
            "2024-02-08",
            "08/02/2024",
            "8-2-2024",
            "8 February 2024",
            "February 8, 2024",
            "2024-02-08 00:00:00.000",
            "2024-02-08T05:39:00+05:00",
            "۸-۲-۲۰۲۴",
        ] {
            assert_eq!(date(text), Some(day), "{text}");
        }
        for text in ["", "2024", "31/02/2024", "8/13/2024", "yesterday", "1-2-3"] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn moments_are_pakistan_time_unless_they_say_otherwise() {
        let noon = moment("2024-02-08 12:00").unwrap();
        assert_eq!(moment("2024-02-08T07:00:00Z"), Some(noon));
        assert_eq!(moment("2024-02-08T12:00:00+05:00"), Some(noon));
        assert_eq!(moment("08/02/2024").unwrap().0 + 12 * 3_600_000, noon.0);
        assert_eq!(moment("2024-02-08 25:00"), None);
    }
}
