//! What an officer above a place holds: the sector, the district, the reserve, and the sums of a province or the nation.

use super::{
    material::{Air, Material},
    noun::{
        BLANK, class, column, fact, heading, kind, number, paragraph, place_kind, point, reason,
        sector as sector_name, table, text, words,
    },
    order::{
        channel, contact, file_name, name, posted, rules, signatures, sketch, subtitle, times,
    },
    radio::{count, district_name, of_area},
    texts::{fill, same, t},
};
use pehra_domain::{
    AreaId, UnitId,
    building::Building,
    force::StaffKind,
    plan::Shortfall,
    sheet::{Align, Block, Cell, Column, Sheet, Words},
};
use std::collections::{BTreeMap, BTreeSet};

/// Shortfalls that stand on a district's sheet, the dearest first; all are in the tables beside it.
const SHORTFALLS_MAX: usize = 60;

fn staff_columns() -> Vec<Column> {
    ["police", "policewomen", "caf", "army"].map(|key| column(key, 0, Align::End)).into()
}

fn staff(material: &Material, buildings: &[&Building]) -> Vec<Cell> {
    StaffKind::ALL
        .map(|kind| number(buildings.iter().map(|it| posted(material, it, kind)).sum::<i64>()))
        .into()
}

/// Due, posted and missing people at some buildings, as words.
fn sums(material: &Material, buildings: &[&Building]) -> Words {
    let (mut due, mut posted, mut missing) = (0_u64, 0_u64, 0_u64);
    for building in buildings {
        for need in material.needs(&building.id) {
            due += u64::from(need.need);
            posted += u64::from(need.posted);
        }
        let short = material.shortfalls(&building.id);
        missing += short.map(|it| u64::from(it.missing)).sum::<u64>();
    }
    let values = [("due", same(due)), ("posted", same(posted)), ("missing", same(missing))];
    fill("value.posts", &values)
}

fn places_table(material: &Material, buildings: &[&Building]) -> Block {
    let rows = buildings
        .iter()
        .zip(1_i64..)
        .map(|(building, n)| {
            let sign = material.building_air(building).map(|air| material.call_sign(air));
            let kind_of = material.class(building).map_or_else(|| place_kind(building.kind), class);
            let mut row = vec![
                Cell::Number(n),
                text(name(building)),
                text(&building.id),
                count(building.stations.len()),
                words(kind_of),
            ];
            row.extend(staff(material, &[building]));
            row.push(sign.map_or(BLANK, text));
            row
        })
        .collect();
    let mut columns = vec![
        column("no", 0, Align::End),
        column("place", 3, Align::Start),
        Column { head: t("fact.number"), weight: 0, align: Align::Start },
        column("stations", 0, Align::End),
        column("class", 0, Align::Start),
    ];
    columns.extend(staff_columns());
    columns.push(column("call_sign", 0, Align::Start));
    table("places", columns, rows)
}

pub(super) fn sector(material: &Material, district: usize, net: usize) -> Sheet {
    let buildings = material.buildings(district, Some(net));
    let air = Air { district, net, place: 0 };
    let from = same(format!("05:00 {}", material.day));
    let mission = [("places", same(buildings.len())), ("from", from)];
    let stations: usize =
        buildings.iter().map(|building| material.stations(building).count()).sum();
    let facts = vec![
        fact("sector", Some(sector_name(net))),
        fact("buildings", Some(same(buildings.len()))),
        fact("stations", Some(same(stations))),
        fact("posts", Some(sums(material, &buildings))),
        fact("sector_officer", None),
        fact("name", None),
        fact("vehicle", None),
    ];
    let mut blocks = vec![
        Block::Beside {
            first: vec![
                Block::Facts { facts },
                heading("mission"),
                Block::Paragraph { words: fill("text.mission_sector", &mission) },
                heading("contact"),
                Block::Facts { facts: contact(material, Some(air)) },
                paragraph("silence"),
            ],
            second: vec![Block::Sketch { sketch: sketch(material, air, None) }],
        },
        heading("places"),
        places_table(material, &buildings),
    ];
    blocks.extend(missing(material, &buildings));
    blocks.extend(units(material, &buildings));
    blocks.extend(times(material, &["sector", "station guard"], "times"));
    blocks.extend(signatures(&["sign.sector", "sign.district", "sign.received"]));
    Sheet {
        name: format!("sector-{}", of_area(material, district, Some(net))),
        title: t("title.sector"),
        subtitle: subtitle(material, &[district_name(material, district), sector_name(net)]),
        landscape: false,
        blocks,
    }
}

/// Posts that stay empty, the dearest first.
fn missing(material: &Material, buildings: &[&Building]) -> Vec<Block> {
    let mut short: Vec<(&Building, &Shortfall)> = buildings
        .iter()
        .flat_map(|building| material.shortfalls(&building.id).map(move |it| (*building, it)))
        .collect();
    if short.is_empty() {
        return Vec::new();
    }
    short.sort_by_key(|(building, it)| (std::cmp::Reverse(it.shadow_price), &building.id, it.kind));
    let rows = short
        .into_iter()
        .take(SHORTFALLS_MAX)
        .map(|(building, it)| {
            vec![
                text(name(building)),
                words(kind(it.kind)),
                number(it.missing),
                words(reason(it.reason)),
                BLANK,
            ]
        })
        .collect();
    let columns = vec![
        column("place", 3, Align::Start),
        column("force", 0, Align::Start),
        column("missing", 0, Align::End),
        column("why", 2, Align::Start),
        column("done", 1, Align::Start),
    ];
    vec![heading("missing"), table("missing", columns, rows)]
}

/// Which unit sends how many, here.
fn units(material: &Material, buildings: &[&Building]) -> Vec<Block> {
    let mut sent: BTreeMap<(&UnitId, StaffKind), (u64, BTreeSet<&str>)> = BTreeMap::new();
    for building in buildings {
        for posting in material.postings(&building.id) {
            let of = sent.entry((&posting.unit, posting.kind)).or_default();
            of.0 += u64::from(posting.count);
            of.1.insert(building.id.as_str());
        }
    }
    if sent.is_empty() {
        return Vec::new();
    }
    let rows = sent
        .into_iter()
        .map(|((unit, of), (people, places))| {
            vec![
                text(material.unit_name(unit)),
                words(kind(of)),
                count(people),
                count(places.len()),
                BLANK,
            ]
        })
        .collect();
    let columns = vec![
        column("unit", 3, Align::Start),
        column("force", 0, Align::Start),
        column("people", 0, Align::End),
        Column { head: t("fact.buildings"), weight: 0, align: Align::End },
        column("vehicle", 1, Align::Start),
    ];
    vec![heading("units"), table("units", columns, rows)]
}

pub(super) fn district(material: &Material, district: usize) -> Sheet {
    let buildings = material.buildings(district, None);
    let places = material.places(district);
    let stations: Vec<_> = buildings.iter().flat_map(|it| material.stations(it)).collect();
    let voters: u64 = stations.iter().map(|it| u64::from(it.voters.total())).sum();
    let facts = vec![
        fact("district", Some(district_name(material, district))),
        fact("day", Some(same(material.day))),
        fact("buildings", Some(same(buildings.len()))),
        fact("stations", Some(same(stations.len()))),
        fact("voters", Some(same(voters))),
        fact("posts", Some(sums(material, &buildings))),
        fact("commander", None),
        fact("telephone", None),
    ];
    let from = same(format!("05:00 {}", material.day));
    let mission = [("places", same(buildings.len() + places.len())), ("from", from)];
    let mut blocks = vec![
        Block::Facts { facts },
        heading("mission"),
        Block::Paragraph { words: fill("text.mission_sector", &mission) },
        heading("sectors"),
        sectors(material, district),
    ];
    if !places.is_empty() {
        blocks.extend([heading("places"), places_table(material, &places)]);
    }
    let all: Vec<&Building> = buildings.iter().chain(&places).copied().collect();
    blocks.extend(missing(material, &all));
    blocks.extend(units(material, &all));
    blocks.extend([heading("forbidden"), rules()]);
    blocks.extend(times(material, &[], "times"));
    blocks.extend(signatures(&["sign.district", "sign.returning", "sign.received"]));
    Sheet {
        name: format!("district-{}", of_area(material, district, None)),
        title: t("title.district"),
        subtitle: subtitle(material, &[district_name(material, district)]),
        landscape: false,
        blocks,
    }
}

fn sectors(material: &Material, district: usize) -> Block {
    let rows = (0..material.nets(district).len())
        .map(|net| {
            let buildings = material.buildings(district, Some(net));
            let mut row = vec![words(sector_name(net)), count(buildings.len())];
            row.extend(staff(material, &buildings));
            row.push(words(channel(material, Air { district, net, place: 0 })));
            row.push(BLANK);
            row
        })
        .collect();
    let mut columns = vec![
        column("sector", 0, Align::Start),
        Column { head: t("fact.buildings"), weight: 0, align: Align::End },
    ];
    columns.extend(staff_columns());
    columns.push(column("channel", 0, Align::Start));
    columns.push(column("service", 2, Align::Start));
    table("sectors", columns, rows)
}

/// The sums of a province or of the nation, a line for each district.
pub(super) fn summary(material: &Material, of: &AreaId) -> Sheet {
    let nation = of.depth() == 1;
    let name = if nation { Vec::new() } else { vec![material.area(of)] };
    let mut rows = Vec::new();
    let mut all: Vec<&Building> = Vec::new();
    for district in material.districts(of) {
        let mut buildings = material.buildings(district, None);
        buildings.extend(material.places(district));
        let mut row = vec![
            words(district_name(material, district)),
            count(buildings.len()),
            count(buildings.iter().map(|it| it.stations.len()).sum::<usize>()),
        ];
        row.extend(staff(material, &buildings));
        let short = buildings.iter().flat_map(|it| material.shortfalls(&it.id));
        row.push(count(short.map(|it| u64::from(it.missing)).sum::<u64>()));
        rows.push(row);
        all.extend(buildings);
    }
    let mut columns = vec![
        column("district", 3, Align::Start),
        Column { head: t("fact.buildings"), weight: 0, align: Align::End },
        column("stations", 0, Align::End),
    ];
    columns.extend(staff_columns());
    columns.push(column("missing", 0, Align::End));
    let mut blocks = vec![
        Block::Facts {
            facts: vec![
                fact("day", Some(same(material.day))),
                fact("buildings", Some(same(all.len()))),
                fact("posts", Some(sums(material, &all))),
            ],
        },
        heading("districts"),
        table("districts", columns, rows),
    ];
    blocks.extend(missing(material, &all));
    Sheet {
        name: format!("summary-{}", file_name(of.as_str())),
        title: t(if nation { "title.nation" } else { "title.province" }),
        subtitle: subtitle(material, &name),
        landscape: false,
        blocks,
    }
}

/// The teams based in a district.
pub(super) fn reserve(material: &Material, district: usize, units: &[UnitId]) -> Option<Sheet> {
    let ground = material.radio.grounds.get(district)?;
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for id in units {
        let unit = material.unit(id)?;
        if unit.district == ground.area {
            rows.push(vec![
                count(rows.len() + 1),
                text(material.unit_name(id)),
                words(point(unit.point)),
                number(unit.reserve),
                number(unit.vehicles),
                BLANK,
                BLANK,
            ]);
        }
    }
    let columns = vec![
        column("no", 0, Align::End),
        column("unit", 3, Align::Start),
        Column { head: t("fact.base"), weight: 2, align: Align::Start },
        column("people", 0, Align::End),
        column("vehicle", 0, Align::End),
        column("service", 2, Align::Start),
        column("call_sign", 1, Align::Start),
    ];
    let mut blocks = vec![
        Block::Notice { words: t("text.reserve") },
        heading("reserve"),
        if rows.is_empty() { paragraph("no_reserve") } else { table("reserve", columns, rows) },
        paragraph("blank"),
        heading("forbidden"),
        rules(),
        Block::Lines { label: t("line.notes"), count: 4 },
    ];
    blocks.extend(signatures(&["sign.team", "sign.district", "sign.received"]));
    Some(Sheet {
        name: format!("reserve-{}", of_area(material, district, None)),
        title: t("title.reserve"),
        subtitle: subtitle(material, &[district_name(material, district)]),
        landscape: false,
        blocks,
    })
}
