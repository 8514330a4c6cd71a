//! A room is used on its open days, one course after the other, and has so many seats.

use pehra_domain::{Date, training::Venue};

#[must_use]
pub fn opens(venue: &Venue, date: Date) -> bool {
    venue.open.binary_search(&date).is_ok()
}

/// Whether a course of so many hours still fits a day of which so many are taken.
#[must_use]
pub fn fits(venue: &Venue, taken_h: u8, hours: u8) -> bool {
    taken_h.checked_add(hours).is_some_and(|sum| sum <= venue.hours_day)
}

#[must_use]
pub fn has_seat(venue: &Venue, taken: usize) -> bool {
    u32::try_from(taken).is_ok_and(|taken| taken < venue.seats)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pehra_domain::{AreaId, Point};

    #[test]
    fn a_room_takes_what_its_days_hours_and_seats_allow() {
        let venue = Venue {
            id: "V".to_owned(),
            name: String::new(),
            district: AreaId::nation(),
            point: Point::try_from_degrees(25.0, 68.0).unwrap(),
            seats: 2,
            hours_day: 6,
            open: vec![Date(10), Date(12)],
        };
        for (date, open) in [(9, false), (10, true), (11, false), (12, true), (13, false)] {
            assert_eq!(opens(&venue, Date(date)), open, "{date}");
        }
        for (taken, hours, fit) in [
            (0, 6, true),
            (0, 7, false),
            (4, 2, true),
            (4, 3, false),
            (6, 1, false),
            (255, 1, false),
        ] {
            assert_eq!(fits(&venue, taken, hours), fit, "{taken} {hours}");
        }
        for (taken, free) in [(0, true), (1, true), (2, false), (3, false)] {
            assert_eq!(has_seat(&venue, taken), free, "{taken}");
        }
    }
}
