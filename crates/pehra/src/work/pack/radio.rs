//! Who speaks as whom on which channel: the call-sign list, and the plan behind it.

use super::{
    material::{Air, Material},
    noun::{BLANK, column, fact, heading, number, paragraph, sector, table, text, words},
    order::{channel, file_name, reaches, signatures, subtitle, times},
    texts::{same, t},
};
use pehra_domain::sheet::{Align, Block, Cell, Fact, Sheet, Words};

/// All call signs of a district by sector, then place; of one sector when one is named.
pub(super) fn call_signs(material: &Material, district: usize, sector: Option<usize>) -> Sheet {
    let mut rows = Vec::new();
    let ground = material.radio.grounds.get(district);
    let nets = material.nets(district).iter().enumerate();
    for (net, of) in nets.filter(|(net, _)| sector.is_none_or(|it| it == *net)) {
        for (place, &site) in of.stations.iter().enumerate() {
            let Some(site) = ground.and_then(|ground| ground.sites.get(site as usize)) else {
                continue;
            };
            let air = Air { district, net, place };
            let station = material.station(&site.station);
            rows.push(vec![
                text(material.call_sign(air)),
                words(channel(material, air)),
                text(&site.station),
                text(station.map_or("", |station| station.name.as_str())),
                BLANK,
            ]);
        }
    }
    let columns = vec![
        column("call_sign", 0, Align::Start),
        column("channel", 0, Align::Start),
        column("station", 0, Align::Start),
        column("name", 3, Align::Start),
        column("service", 1, Align::Start),
    ];
    Sheet {
        name: format!("call-signs-{}", of_area(material, district, sector)),
        title: t("title.call_signs"),
        subtitle: subtitle(material, &[district_name(material, district)]),
        landscape: false,
        blocks: vec![
            Block::Notice { words: t("text.call_signs") },
            table("call-signs", columns, rows),
        ],
    }
}

pub(super) fn district_name(material: &Material, district: usize) -> Words {
    let ground = material.radio.grounds.get(district);
    ground.map_or_else(|| same(""), |ground| material.area(&ground.area))
}

/// In the names of files.
pub(super) fn of_area(material: &Material, district: usize, sector: Option<usize>) -> String {
    let ground = material.radio.grounds.get(district);
    let name = file_name(ground.map_or("", |ground| ground.area.name()));
    sector.map_or_else(|| name.clone(), |sector| format!("{name}-s{:02}", sector + 1))
}

/// The communications plan of a district: nets, relays, couriers, check-ins.
pub(super) fn communications(material: &Material, district: usize) -> Sheet {
    let mut blocks = vec![Block::Facts { facts: totals(material, district) }];
    blocks.extend(nets(material, district));
    blocks.extend(loops(material, district));
    blocks.extend(times(material, &[], "check_ins"));
    blocks.push(paragraph("silence"));
    blocks.extend(signatures(&["sign.district", "sign.received"]));
    Sheet {
        name: format!("communications-{}", of_area(material, district, None)),
        title: t("title.communications"),
        subtitle: subtitle(material, &[district_name(material, district)]),
        landscape: false,
        blocks,
    }
}

fn totals(material: &Material, district: usize) -> Vec<Fact> {
    let stations = material.radio.grounds.get(district).map_or(0, |ground| ground.sites.len());
    vec![
        fact("stations", Some(same(stations))),
        fact("sectors", Some(same(material.nets(district).len()))),
        fact("telephone", None),
    ]
}

fn nets(material: &Material, district: usize) -> Vec<Block> {
    let rows = material
        .nets(district)
        .iter()
        .enumerate()
        .map(|(net, of)| {
            let air = Air { district, net, place: 0 };
            vec![
                words(sector(net)),
                words(channel(material, air)),
                count(of.stations.len()),
                count(of.round_ms.div_ceil(60_000)),
                words(reaches(material, air)),
                of.through.map_or(text(""), |net| words(sector(net as usize))),
                BLANK,
            ]
        })
        .collect();
    let columns = vec![
        column("sector", 0, Align::Start),
        column("channel", 0, Align::Start),
        column("stations", 0, Align::End),
        column("round", 0, Align::End),
        column("reaches", 3, Align::Start),
        column("from", 0, Align::Start),
        column("service", 2, Align::Start),
    ];
    vec![heading("channels"), table("nets", columns, rows)]
}

fn loops(material: &Material, district: usize) -> Vec<Block> {
    let (Some(plan), Some(ground)) =
        (material.radio.scheme.districts.get(district), material.radio.grounds.get(district))
    else {
        return Vec::new();
    };
    let rows: Vec<Vec<Cell>> = plan
        .loops
        .iter()
        .zip(1_i64..)
        .map(|(one, n)| {
            let stops: Vec<&str> = one
                .stops
                .iter()
                .filter_map(|&site| ground.sites.get(site as usize))
                .map(|site| site.station.as_str())
                .collect();
            vec![
                Cell::Number(n),
                one.from_net.map_or_else(
                    || words(t("value.control_room")),
                    |net| words(sector(net as usize)),
                ),
                number(one.minutes),
                text(stops.join(" > ")),
                BLANK,
            ]
        })
        .collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = vec![
        column("no", 0, Align::End),
        column("from", 0, Align::Start),
        column("minutes", 0, Align::End),
        column("stops", 4, Align::Start),
        column("service", 1, Align::Start),
    ];
    vec![heading("loops"), table("courier-loops", columns, rows)]
}

pub(super) fn count(count: impl TryInto<i64>) -> Cell {
    Cell::Number(count.try_into().unwrap_or(i64::MAX))
}
