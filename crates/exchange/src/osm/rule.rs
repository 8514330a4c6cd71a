//! What tags mean for a vehicle with four wheels or more. Tags are OpenStreetMap's; what each is read as is our decision and
//! stands in `docs/formats/roads.md`.

use super::block::Tags;
use pehra_domain::road::{Direction, RoadClass, Surface};

/// What all stretches of a way have in common.
#[expect(clippy::struct_excessive_bools, reason = "four independent facts about a road")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WayRule {
    pub(super) class: RoadClass,
    pub(super) surface: Surface,
    pub(super) direction: Direction,
    pub(super) limit_kmh: u8,
    pub(super) limit_unread: bool,
    pub(super) ford: bool,
    pub(super) bridge: bool,
    pub(super) private: bool,
    pub(super) duration_s: u32,
}

/// What a point of a way does to those who pass it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct NodeRule {
    pub(super) blocked: bool,
    pub(super) gate: bool,
    pub(super) ford: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Open,
    Private,
    Closed,
}

/// The rule of a way; none when vehicles do not use it.
pub(super) fn of_way(tags: &Tags<'_>) -> Option<WayRule> {
    let access = access(tags);
    let class = if tags.is("route", "ferry") {
        let for_vehicles = access == Some(Access::Open) || tags.get("foot").is_empty();
        if access == Some(Access::Closed) || !for_vehicles {
            return None;
        }
        RoadClass::Ferry
    } else {
        class(tags, access)?
    };
    if access == Some(Access::Closed)
        || tags.is("smoothness", "impassable")
        || tags.is("area", "yes")
    {
        return None;
    }
    let direction = direction(tags, class)?;
    let (limit_kmh, limit_unread) = limit(tags.get("maxspeed"));
    let crossed = |key: &str| !matches!(tags.get(key), b"" | b"no");
    Some(WayRule {
        class,
        surface: surface(tags),
        direction,
        limit_kmh,
        limit_unread,
        ford: crossed("ford"),
        bridge: crossed("bridge"),
        private: access == Some(Access::Private),
        duration_s: if class == RoadClass::Ferry { duration(tags.get("duration")) } else { 0 },
    })
}

fn class(tags: &Tags<'_>, access: Option<Access>) -> Option<RoadClass> {
    Some(match tags.get("highway") {
        b"motorway" | b"motorway_link" => RoadClass::Motorway,
        b"trunk" | b"trunk_link" => RoadClass::Trunk,
        b"primary" | b"primary_link" => RoadClass::Primary,
        b"secondary" | b"secondary_link" => RoadClass::Secondary,
        b"tertiary" | b"tertiary_link" => RoadClass::Tertiary,
        b"unclassified" | b"road" => RoadClass::Unclassified,
        b"residential" => RoadClass::Residential,
        b"living_street" => RoadClass::Living,
        b"pedestrian" if access.is_some() => RoadClass::Living,
        b"service" => RoadClass::Service,
        b"track" => RoadClass::Track,
        _ => return None,
    })
}

/// The most specific word about vehicles wins; none when nothing is said.
fn access(tags: &Tags<'_>) -> Option<Access> {
    let keys = ["motor_vehicle", "motorcar", "vehicle", "access"];
    let said = keys.into_iter().map(|key| tags.get(key)).find(|value| !value.is_empty())?;
    Some(match said {
        b"no" | b"bicycle" | b"foot" | b"bus" | b"psv" => Access::Closed,
        b"private"
        | b"destination"
        | b"customers"
        | b"permit"
        | b"delivery"
        | b"residents"
        | b"military"
        | b"agricultural"
        | b"forestry"
        | b"agricultural;forestry"
        | b"employees" => Access::Private,
        _ => Access::Open,
    })
}

/// None where the direction changes with the hour.
fn direction(tags: &Tags<'_>, class: RoadClass) -> Option<Direction> {
    match tags.get("oneway") {
        b"yes" | b"true" | b"1" => return Some(Direction::Forth),
        b"-1" | b"reverse" => return Some(Direction::Back),
        b"no" | b"false" | b"0" | b"alternating" => return Some(Direction::Both),
        b"reversible" => return None,
        _ => {}
    }
    let round = tags.is("junction", "roundabout") || tags.is("junction", "circular");
    let forth = round || (class == RoadClass::Motorway && tags.is("highway", "motorway"));
    Some(if forth { Direction::Forth } else { Direction::Both })
}

fn surface(tags: &Tags<'_>) -> Surface {
    match tags.get("surface") {
        b"paved"
        | b"asphalt"
        | b"concrete"
        | b"concrete:plates"
        | b"concrete:lanes"
        | b"chipseal"
        | b"paving_stones"
        | b"sett"
        | b"cobblestone"
        | b"unhewn_cobblestone"
        | b"metal"
        | b"wood"
        | b"bricks" => Surface::Paved,
        b"unpaved" | b"compacted" | b"gravel" | b"fine_gravel" | b"pebblestone" => Surface::Gravel,
        b"ground" | b"dirt" | b"earth" | b"mud" | b"sand" | b"grass" | b"clay" | b"rock"
        | b"stone" | b"snow" | b"ice" | b"salt" | b"grass_paver" => Surface::Earth,
        _ => match tags.get("tracktype") {
            b"grade1" => Surface::Paved,
            b"grade2" => Surface::Gravel,
            b"grade3" | b"grade4" | b"grade5" => Surface::Earth,
            _ => Surface::Unknown,
        },
    }
}

/// km/h, 0 for none or unlimited; and whether something stood there that was not understood.
fn limit(value: &[u8]) -> (u8, bool) {
    let text = std::str::from_utf8(value).unwrap_or("?").trim();
    match text {
        "" | "none" | "signals" | "variable" => return (0, false),
        "walk" => return (7, false),
        _ => {}
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits).unwrap_or(("", text));
    let Ok(number) = number.parse::<u32>() else { return (0, true) };
    let kmh = match unit.trim() {
        "" | "km/h" | "kmh" | "kph" => number,
        "mph" => number * 1_609 / 1_000,
        "knots" => number * 1_852 / 1_000,
        _ => return (0, true),
    };
    match u8::try_from(kmh) {
        Ok(kmh) if kmh > 0 => (kmh, false),
        Ok(_) | Err(_) => (0, true),
    }
}

/// `hh:mm`, `hh:mm:ss`, `PT1H30M` or minutes, as seconds; 0 when it cannot be read.
fn duration(value: &[u8]) -> u32 {
    let text = std::str::from_utf8(value).unwrap_or_default().trim();
    let whole = |part: &str| part.parse::<u32>().ok().filter(|&number| number < 10_000);
    let parts: Vec<&str> = text.split(':').collect();
    let seconds = match parts.as_slice() {
        [minutes] => match minutes.strip_prefix("PT") {
            Some(iso) => iso_seconds(iso),
            None => whole(minutes).map(|m| m * 60),
        },
        [hours, minutes] => whole(hours).zip(whole(minutes)).map(|(h, m)| h * 3_600 + m * 60),
        [hours, minutes, seconds] => whole(hours)
            .zip(whole(minutes))
            .zip(whole(seconds))
            .map(|((h, m), s)| h * 3_600 + m * 60 + s),
        _ => None,
    };
    seconds.unwrap_or_default()
}

fn iso_seconds(text: &str) -> Option<u32> {
    let (mut total, mut number) = (0_u32, 0_u32);
    for letter in text.chars() {
        let unit = match letter {
            'H' => 3_600,
            'M' => 60,
            'S' => 1,
            digit => {
                number = number.checked_mul(10)?.checked_add(digit.to_digit(10)?)?;
                continue;
            }
        };
        total = total.checked_add(number.checked_mul(unit)?)?;
        number = 0;
    }
    Some(total)
}

/// The rule of a point on a way.
pub(super) fn of_node(tags: &Tags<'_>) -> NodeRule {
    if tags.is_empty() {
        return NodeRule::default();
    }
    let ford = !matches!(tags.get("ford"), b"" | b"no") || tags.is("highway", "ford");
    let access = access(tags);
    let shut = match tags.get("barrier") {
        b"" | b"no" | b"entrance" | b"cattle_grid" | b"kerb" | b"height_restrictor"
        | b"toll_gantry" => {
            return NodeRule {
                ford,
                gate: tags.is("military", "checkpoint"),
                ..NodeRule::default()
            };
        }
        b"gate" | b"lift_gate" | b"swing_gate" | b"sliding_gate" | b"sliding_beam"
        | b"toll_booth" | b"border_control" | b"checkpoint" | b"hampshire_gate" | b"sally_port"
        | b"rope" | b"bump_gate" | b"wicket_gate" => {
            tags.is("locked", "yes") && access != Some(Access::Open)
        }
        _ => access != Some(Access::Open) && access != Some(Access::Private),
    };
    let blocked = shut || access == Some(Access::Closed);
    NodeRule { blocked, gate: !blocked, ford }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(pairs: &[(&str, &str)]) -> Option<WayRule> {
        of_way(&Tags::of(pairs))
    }

    #[test]
    fn who_may_drive_where() {
        let open = |pairs: &[(&str, &str)]| way(pairs).map(|rule| (rule.class, rule.private));
        for (pairs, expected) in [
            (&[("highway", "trunk_link")][..], Some((RoadClass::Trunk, false))),
            (&[("highway", "footway")], None),
            (&[("highway", "residential"), ("access", "no")], None),
            (
                &[("highway", "residential"), ("access", "no"), ("motor_vehicle", "yes")],
                Some((RoadClass::Residential, false)),
            ),
            (
                &[("highway", "track"), ("motor_vehicle", "agricultural")],
                Some((RoadClass::Track, true)),
            ),
            (&[("highway", "pedestrian")], None),
            (
                &[("highway", "pedestrian"), ("motor_vehicle", "delivery")],
                Some((RoadClass::Living, true)),
            ),
            (&[("route", "ferry"), ("foot", "yes")], None),
            (
                &[("route", "ferry"), ("foot", "yes"), ("motor_vehicle", "yes")],
                Some((RoadClass::Ferry, false)),
            ),
            (&[("building", "yes")], None),
            (&[("highway", "tertiary"), ("oneway", "reversible")], None),
        ] {
            assert_eq!(open(pairs), expected, "{pairs:?}");
        }
    }

    #[test]
    fn one_ways_limits_surfaces_and_durations() {
        let direction = |pairs: &[(&str, &str)]| way(pairs).unwrap().direction;
        assert_eq!(direction(&[("highway", "motorway")]), Direction::Forth);
        assert_eq!(direction(&[("highway", "primary"), ("oneway", "-1")]), Direction::Back);
        assert_eq!(
            direction(&[("highway", "primary"), ("junction", "roundabout")]),
            Direction::Forth
        );
        assert_eq!(direction(&[("highway", "motorway"), ("oneway", "no")]), Direction::Both);
        for (text, kmh, unread) in [
            ("50", 50, false),
            ("30 mph", 48, false),
            ("walk", 7, false),
            ("none", 0, false),
            ("PK:urban", 0, true),
            ("0", 0, true),
            ("900", 0, true),
        ] {
            assert_eq!(limit(text.as_bytes()), (kmh, unread), "{text}");
        }
        for (text, seconds) in [
            ("00:20", 1_200),
            ("1:00:30", 3_630),
            ("45", 2_700),
            ("PT1H30M", 5_400),
            ("soon", 0),
            ("PT", 0),
        ] {
            assert_eq!(duration(text.as_bytes()), seconds, "{text}");
        }
        assert_eq!(
            way(&[("highway", "track"), ("tracktype", "grade4")]).unwrap().surface,
            Surface::Earth
        );
    }

    #[test]
    fn barriers_block_delay_or_neither() {
        let node = |pairs: &[(&str, &str)]| of_node(&Tags::of(pairs));
        assert!(node(&[("barrier", "bollard")]).blocked);
        assert!(!node(&[("barrier", "bollard"), ("motor_vehicle", "yes")]).blocked);
        assert!(node(&[("barrier", "gate")]).gate);
        assert!(node(&[("barrier", "gate"), ("access", "no")]).blocked);
        assert!(node(&[("barrier", "gate"), ("locked", "yes")]).blocked);
        assert_eq!(node(&[("barrier", "cattle_grid")]), NodeRule::default());
        assert!(node(&[("highway", "ford")]).ford);
    }
}
