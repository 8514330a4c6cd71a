//! Reads coordinates as lists write them, and mends what has one reading only.

use crate::number::plain_digits;
use pehra_domain::Point;

/// Pakistan with a margin of about 20 km: latitude 23.5–37.3, longitude 60.7–78.0 degrees. The two ranges do not
/// overlap, so swapped axes are certain.
const LAT_DEG: std::ops::RangeInclusive<f64> = 23.5..=37.3;
const LON_DEG: std::ops::RangeInclusive<f64> = 60.7..=78.0;

/// How a number was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Style {
    Plain,
    DecimalComma,
    DegreesMinutes,
}

/// What two cells say about a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Position {
    /// Both or one of the cells empty.
    Missing,
    /// No numbers.
    Unreadable,
    /// Numbers, but not in Pakistan either way round.
    Outside(f64, f64),
    At {
        point: Point,
        style: Style,
        swapped: bool,
    },
}

/// Whether a point lies in Pakistan's bounds.
#[must_use]
pub fn in_pakistan(lat: f64, lon: f64) -> bool {
    LAT_DEG.contains(&lat) && LON_DEG.contains(&lon)
}

/// Reads a latitude and a longitude cell.
#[must_use]
pub fn position(lat_cell: &str, lon_cell: &str) -> Position {
    if lat_cell.is_empty() || lon_cell.is_empty() {
        return Position::Missing;
    }
    let (Some((lat, lat_style)), Some((lon, lon_style))) = (degrees(lat_cell), degrees(lon_cell))
    else {
        return Position::Unreadable;
    };
    let style = lat_style.max(lon_style);
    let (swapped, pair) = if in_pakistan(lat, lon) {
        (false, (lat, lon))
    } else if in_pakistan(lon, lat) {
        (true, (lon, lat))
    } else {
        return Position::Outside(lat, lon);
    };
    match Point::try_from_degrees(pair.0, pair.1) {
        Some(point) => Position::At { point, style, swapped },
        None => Position::Outside(lat, lon),
    }
}

/// Splits one cell with both numbers: `25.1, 67.2`, `25.1 67.2`, `25,1; 67,2`.
#[must_use]
pub fn split_pair(cell: &str) -> Option<(&str, &str)> {
    let cell = cell.trim_matches(['(', ')', '[', ']', ' ']);
    let at = |separator: &str| -> Option<(&str, &str)> {
        let (first, second) = cell.split_once(separator)?;
        (!second.contains(separator)).then_some((first.trim(), second.trim()))
    };
    at(";").or_else(|| at("/")).or_else(|| at(", ")).or_else(|| at(",")).or_else(|| at(" "))
}

/// One number in degrees; longest accepted text is 40 bytes.
#[must_use]
pub fn degrees(cell: &str) -> Option<(f64, Style)> {
    if cell.len() > 40 {
        return None;
    }
    let simple = |text: &str| {
        let shape = text
            .bytes()
            .enumerate()
            .all(|(i, b)| b.is_ascii_digit() || b == b'.' || (i == 0 && (b == b'-' || b == b'+')));
        if shape { text.parse::<f64>().ok().filter(|value| value.is_finite()) } else { None }
    };
    if let Some(value) = simple(cell) {
        return Some((value, Style::Plain));
    }
    let plain = plain_digits(cell).replace('\u{66b}', ".").replace('\u{2212}', "-");
    let plain = plain.trim().trim_end_matches('°').trim();
    if let Some(value) = simple(plain) {
        return Some((value, Style::Plain));
    }
    if plain.matches(',').count() == 1
        && !plain.contains('.')
        && let Some(value) = simple(&plain.replace(',', "."))
    {
        return Some((value, Style::DecimalComma));
    }
    sexagesimal(plain).map(|value| (value, Style::DegreesMinutes))
}

/// `34°12'30.5"N`, `34 12 30`, `34d 12m`, `N 34° 12.5'`.
fn sexagesimal(text: &str) -> Option<f64> {
    let upper = text.to_uppercase();
    let sides = ['N', 'S', 'E', 'W'];
    let south_or_west = upper.starts_with(['S', 'W']) || upper.ends_with(['S', 'W']);
    let upper = upper.trim_matches(sides).trim();
    let known = |c: char| {
        let mark =
            matches!(c, '.' | ' ' | '°' | 'º' | '\'' | '"' | '′' | '″' | '’' | '”' | ':' | '-');
        mark || c.is_ascii_digit() || matches!(c, 'D' | 'M')
    };
    if !upper.chars().all(known) || upper.starts_with('-') {
        return None;
    }
    let parts: Vec<f64> = upper
        .split(|c: char| !c.is_ascii_digit() && c != '.')
        .filter(|part| !part.is_empty())
        .map(|part| part.parse::<f64>().ok())
        .collect::<Option<_>>()?;
    let (whole, minutes, seconds) = match parts.as_slice() {
        [whole] if upper.contains(['°', 'D']) || text.len() > upper.len() => (*whole, 0.0, 0.0),
        [whole, minutes] => (*whole, *minutes, 0.0),
        [whole, minutes, seconds] => (*whole, *minutes, *seconds),
        _ => return None,
    };
    if minutes >= 60.0 || seconds >= 60.0 || whole > 180.0 {
        return None;
    }
    let value = whole + minutes / 60.0 + seconds / 3600.0;
    Some(if south_or_west { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat: &str, lon: &str) -> (i32, i32, Style, bool) {
        match position(lat, lon) {
            Position::At { point, style, swapped } => (point.lat_e7, point.lon_e7, style, swapped),
            other @ (Position::Missing | Position::Unreadable | Position::Outside(..)) => {
                panic!("{lat} {lon}: {other:?}")
            }
        }
    }

    #[test]
    fn broken_forms_with_one_reading_are_read() {
        assert_eq!(at("25.5", "69.5"), (255_000_000, 695_000_000, Style::Plain, false));
        assert_eq!(
            at("25,5049", "69,5739"),
            (255_049_000, 695_739_000, Style::DecimalComma, false)
        );
        assert_eq!(at("69.5", "25.5"), (255_000_000, 695_000_000, Style::Plain, true));
        assert_eq!(
            at("25°30'00\"N", "69°30'00\"E"),
            (255_000_000, 695_000_000, Style::DegreesMinutes, false)
        );
        assert_eq!(
            at("25 30 0", "69 30"),
            (255_000_000, 695_000_000, Style::DegreesMinutes, false)
        );
        assert_eq!(at("۲۵.۵", "٦٩٫٥"), (255_000_000, 695_000_000, Style::Plain, false));
    }

    #[test]
    fn the_moon_and_nowhere_are_not_pakistan() {
        assert!(matches!(position("65.26897", "60.70312"), Position::Outside(..)));
        assert!(matches!(position("0", "0"), Position::Outside(..)));
        assert!(matches!(position("-66.97935", "-40.11435"), Position::Outside(..)));
        assert!(matches!(position("384400000", "12"), Position::Outside(..)));
        assert_eq!(position("", "69.5"), Position::Missing);
        for text in ["abc", "NaN", "inf", "1e5", "25.1.2", "25,1,2", "25°70'", "--25"] {
            assert_eq!(position(text, "69.5"), Position::Unreadable, "{text}");
        }
    }

    #[test]
    fn one_cell_may_hold_both_numbers() {
        assert_eq!(split_pair("25.1, 67.2"), Some(("25.1", "67.2")));
        assert_eq!(split_pair("25,1; 67,2"), Some(("25,1", "67,2")));
        assert_eq!(split_pair("(25.1 67.2)"), Some(("25.1", "67.2")));
        assert_eq!(split_pair("25.1"), None);
    }
}
