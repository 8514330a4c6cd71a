//! Nouns of the plan in words for paper, and small blocks that every sheet uses.

use super::texts::{same, t};
use pehra_domain::{
    Point,
    building::BuildingKind,
    duty::Duty,
    force::StaffKind,
    plan::ShortfallReason,
    risk::RiskClass,
    sheet::{Align, Block, Cell, Column, Fact, Table, Words},
    station::StationKind,
};

pub(super) fn kind(kind: StaffKind) -> Words {
    t(match kind {
        StaffKind::PoliceMan => "kind.police_man",
        StaffKind::PoliceWoman => "kind.police_woman",
        StaffKind::CivilArmedForces => "kind.civil_armed_forces",
        StaffKind::Army => "kind.army",
    })
}

pub(super) fn class(class: RiskClass) -> Words {
    t(match class {
        RiskClass::Normal => "class.normal",
        RiskClass::Sensitive => "class.sensitive",
        RiskClass::Most => "class.most",
    })
}

pub(super) fn shape(class: RiskClass) -> u8 {
    match class {
        RiskClass::Normal => 0,
        RiskClass::Sensitive => 1,
        RiskClass::Most => 2,
    }
}

pub(super) fn duty(duty: Duty) -> Words {
    t(match duty {
        Duty::Leader => "duty.leader",
        Duty::Searcher => "duty.searcher",
        Duty::Guard => "duty.guard",
    })
}

pub(super) fn station_kind(kind: StationKind) -> Words {
    t(match kind {
        StationKind::Men => "station.men",
        StationKind::Women => "station.women",
        StationKind::Combined => "station.combined",
    })
}

pub(super) fn place_kind(kind: BuildingKind) -> Words {
    t(match kind {
        BuildingKind::PollingStations => "place.polling_stations",
        BuildingKind::ReturningOffice => "place.returning_office",
        BuildingKind::Store => "place.store",
        BuildingKind::DistributionPoint => "place.distribution_point",
        BuildingKind::Press => "place.press",
        BuildingKind::Route => "place.route",
        BuildingKind::CandidateOffice => "place.candidate_office",
        BuildingKind::Rally => "place.rally",
        BuildingKind::Procession => "place.procession",
    })
}

pub(super) fn reason(reason: ShortfallReason) -> Words {
    t(match reason {
        ShortfallReason::NobodyLeft => "reason.nobody_left",
        ShortfallReason::TooFar => "reason.too_far",
        ShortfallReason::Capped => "reason.capped",
        ShortfallReason::Locked => "reason.locked",
        ShortfallReason::NoSuchUnit => "reason.no_such_unit",
        ShortfallReason::AtHome => "reason.at_home",
        ShortfallReason::Together => "reason.together",
        ShortfallReason::TooLong => "reason.too_long",
    })
}

/// Who says a check-in, by the table's own word; a word that the texts lack stands as it is.
pub(super) fn who(who: &str) -> Words {
    match who {
        "presiding officer" => t("who.presiding_officer"),
        "station guard" => t("who.station_guard"),
        "sector" => t("who.sector"),
        "returning officer" => t("who.returning_officer"),
        other => same(other),
    }
}

/// Four digits behind the point: some ten metres.
pub(super) fn point(point: Point) -> Words {
    let degrees = |e7: i32| {
        let rounded = (i64::from(e7).abs() + 500) / 1_000;
        format!("{}.{:04}", rounded / 10_000, rounded % 10_000)
    };
    let lat = if point.lat_e7 < 0 { 'S' } else { 'N' };
    let lon = if point.lon_e7 < 0 { 'W' } else { 'E' };
    same(format!("{} {lat}, {} {lon}", degrees(point.lat_e7), degrees(point.lon_e7)))
}

/// What the sector of a net is called.
pub(super) fn sector(net: usize) -> Words {
    same(format!("S{:02}", net + 1))
}

pub(super) fn heading(key: &str) -> Block {
    Block::Heading { words: t(&format!("heading.{key}")) }
}

pub(super) fn paragraph(key: &str) -> Block {
    Block::Paragraph { words: t(&format!("text.{key}")) }
}

pub(super) fn fact(key: &str, value: Option<Words>) -> Fact {
    Fact { label: t(&format!("fact.{key}")), value }
}

pub(super) fn column(key: &str, weight: u16, align: Align) -> Column {
    Column { head: t(&format!("column.{key}")), weight, align }
}

pub(super) fn table(name: &str, columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> Block {
    Block::Table { table: Table { name: name.to_owned(), columns, rows } }
}

pub(super) fn words(words: Words) -> Cell {
    Cell::Words(words)
}

pub(super) fn text(text: impl std::fmt::Display) -> Cell {
    Cell::Words(same(text))
}

pub(super) fn number(count: impl Into<i64>) -> Cell {
    Cell::Number(count.into())
}

pub(super) const BLANK: Cell = Cell::Blank(());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_reads_as_people_write_it() {
        let lahore = Point { lat_e7: 315_203_696, lon_e7: 743_587_473 };
        assert_eq!(point(lahore), same("31.5204 N, 74.3587 E"));
    }
}
