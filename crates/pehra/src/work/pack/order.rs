//! The posting order of one guarded building, and the card of its check-ins: what the person in charge holds in the hand.

use super::{
    material::{Air, Filled, Material},
    noun::{
        BLANK, class, column, duty, fact, heading, kind, number, paragraph, place_kind, point,
        reason, sector, shape, station_kind, table, text, who, words,
    },
    texts::{fill, same, t},
};
use pehra_domain::{
    Point,
    building::Building,
    force::StaffKind,
    risk::RiskClass,
    sheet::{Align, Block, Cell, Fact, Mark, Sheet, Sketch, Words},
    station::PlaceBasis,
};
use pehra_plan::communication::{bearer::Bearer, schedule::CheckIn};

/// Rows of posts beyond which the table would be a book: the places that need more are offices.
const POSTS_MAX: usize = 200;

fn status(material: &Material) -> Words {
    t(if material.adopted { "status.adopted" } else { "status.draft" })
}

/// `Name · District · sector` with the plan's standing.
pub(super) fn subtitle(material: &Material, parts: &[Words]) -> Words {
    use pehra_domain::sheet::Language::{English, Urdu};
    let status = status(material);
    let join = |language, isolate: bool| {
        let one = |words: &Words| match (words, isolate) {
            (Words::Same(text), true) => format!("\u{2066}{text}\u{2069}"),
            (words, _) => words.of(language).to_owned(),
        };
        let mut all: Vec<String> = parts.iter().map(one).collect();
        all.push(one(&status));
        all.join(" · ")
    };
    Words::two(join(English, false), join(Urdu, true))
}

/// What people call a building; its number where it has no name.
pub(super) fn name(building: &Building) -> String {
    if building.name.is_empty() { building.id.to_string() } else { building.name.clone() }
}

pub(super) fn order(material: &Material, building: &Building) -> Sheet {
    let air = material.building_air(building);
    let filled = material.filled(building);
    let mut blocks = vec![Block::Beside {
        first: vec![
            Block::Facts { facts: facts(material, building, air, commander(&filled)) },
            heading("mission"),
            mission(material),
        ],
        second: second(material, building, air),
    }];
    blocks.extend(stations(material, building));
    blocks.extend(force(material, building));
    blocks.extend(posts(material, &filled));
    blocks.extend([
        heading("duties"),
        Block::List {
            items: vec![t("duty.leader_text"), t("duty.searcher_text"), t("duty.guard_text")],
            numbered: false,
        },
        heading("forbidden"),
        rules(),
    ]);
    blocks.extend(times(material, &["station guard", "sector"], "times"));
    blocks.extend(signatures(&["sign.commander", "sign.sector", "sign.received"]));
    Sheet {
        name: format!("order-{}", file_name(building.id.as_str())),
        title: t("title.posting_order"),
        subtitle: subtitle(material, &[same(name(building)), material.area(&building.district)]),
        landscape: false,
        blocks,
    }
}

/// Plain letters for a file.
pub(super) fn file_name(id: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
    id.chars().map(plain).collect()
}

fn facts(
    material: &Material,
    building: &Building,
    air: Option<Air>,
    commander: Option<Words>,
) -> Vec<Fact> {
    let at = point(building.point);
    let at = match building.place_basis {
        PlaceBasis::Estimated => fill("value.estimated", &[("point", at)]),
        PlaceBasis::Given | PlaceBasis::Repaired => at,
    };
    let kind_of = material.class(building).map_or_else(|| place_kind(building.kind), class);
    vec![
        fact("place", Some(same(name(building)))),
        fact("number", Some(same(&building.id))),
        fact("district", Some(material.area(&building.district))),
        fact("sector", air.map(|air| sector(air.net))),
        fact("class", Some(kind_of)),
        fact("position", Some(at)),
        fact("duty", Some(fill("value.duty", &[("day", same(material.day))]))),
        fact("commander", commander),
        fact("name", None),
        fact("sector_officer", None),
    ]
}

/// Whom the draw put in charge.
fn commander(filled: &[Filled]) -> Option<Words> {
    filled.first().and_then(|first| first.holder.as_ref()).map(same)
}

fn mission(material: &Material) -> Block {
    let from = same(format!("05:00 {}", material.day));
    Block::Paragraph { words: fill("text.mission", &[("from", from)]) }
}

fn second(material: &Material, building: &Building, air: Option<Air>) -> Vec<Block> {
    let mut blocks = vec![
        heading("contact"),
        Block::Facts { facts: contact(material, air) },
        paragraph("contact"),
    ];
    if let Some(air) = air {
        blocks.push(Block::Sketch { sketch: sketch(material, air, Some(building)) });
    }
    blocks
}

/// How the district is reached from a net.
pub(super) fn reaches(material: &Material, air: Air) -> Words {
    match material.net(air) {
        Some(net) if net.terminal || net.hops == 1 => t("value.direct"),
        Some(net) if net.hops > 1 => fill("value.hops", &[("hops", same(net.hops - 1))]),
        Some(_) | None => t("value.cut_off"),
    }
}

pub(super) fn channel(material: &Material, air: Air) -> Words {
    material.net(air).map_or_else(
        || t("value.no_net"),
        |net| {
            let band = if net.bearer == Bearer::Uhf { "UHF" } else { "VHF" };
            same(format!("{band} {}", net.channel + 1))
        },
    )
}

pub(super) fn contact(material: &Material, air: Option<Air>) -> Vec<Fact> {
    let Some(air) = air else {
        return vec![
            fact("call_sign", None),
            fact("channel", Some(t("value.no_net"))),
            fact("telephone", None),
        ];
    };
    let district = material.radio.scheme.districts.get(air.district);
    let site = material.net(air).and_then(|net| net.stations.get(air.place)).copied();
    let reach = district.zip(site).and_then(|(district, site)| district.reach.get(site as usize));
    let courier = match reach.map_or(0, |reach| reach.loop_minutes) {
        0 => t("value.no_courier"),
        minutes => fill("value.courier", &[("minutes", same(minutes))]),
    };
    vec![
        fact("call_sign", Some(same(material.call_sign(air)))),
        fact("channel", Some(channel(material, air))),
        fact("reaches", Some(reaches(material, air))),
        fact("courier", Some(courier)),
        fact("telephone", None),
    ]
}

fn stations(material: &Material, building: &Building) -> Vec<Block> {
    let rows: Vec<Vec<Cell>> = material
        .stations(building)
        .map(|station| {
            let sign = material.air(&station.id).map_or(BLANK, |air| text(material.call_sign(air)));
            vec![
                text(&station.id),
                text(&station.name),
                words(station_kind(station.kind)),
                words(class(material.class_of(&station.id))),
                number(station.booths.men),
                number(station.booths.women),
                number(station.voters.men),
                number(station.voters.women),
                sign,
            ]
        })
        .collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = vec![
        column("station", 0, Align::Start),
        column("name", 7, Align::Start),
        column("kind", 0, Align::Start),
        column("class", 3, Align::Start),
        column("booths_men", 2, Align::End),
        column("booths_women", 2, Align::End),
        column("voters_men", 2, Align::End),
        column("voters_women", 2, Align::End),
        column("call_sign", 0, Align::Start),
    ];
    vec![heading("stations"), table("stations", columns, rows)]
}

/// What is due and posted of each kind, why posts stay empty, and where the norm wants them.
fn force(material: &Material, building: &Building) -> Vec<Block> {
    let rows: Vec<Vec<Cell>> = material
        .needs(&building.id)
        .filter(|need| need.need > 0 || need.posted > 0)
        .map(|need| {
            let short = material.shortfalls(&building.id).find(|it| it.kind == need.kind);
            vec![
                words(kind(need.kind)),
                number(need.need),
                number(need.posted),
                number(short.map_or(0, |it| it.missing)),
                short.map_or(text(""), |it| words(reason(it.reason))),
            ]
        })
        .collect();
    let columns = vec![
        column("force", 2, Align::Start),
        column("due", 0, Align::End),
        column("posted", 0, Align::End),
        column("missing", 0, Align::End),
        column("why", 2, Align::Start),
    ];
    let mut blocks = vec![heading("force"), table("force", columns, rows)];
    blocks.extend(rings(material, building));
    blocks
}

fn rings(material: &Material, building: &Building) -> Vec<Block> {
    let due = material.due(building);
    let mut rows: Vec<Vec<Cell>> = material
        .stations(building)
        .zip(&due.inner)
        .map(|(station, &(_, posts, women))| {
            vec![words(t("ring.inner")), text(&station.id), number(posts), number(women), BLANK]
        })
        .collect();
    if due.outer > 0 {
        rows.push(vec![words(t("ring.outer")), text(""), number(due.outer), number(0), BLANK]);
    }
    if due.static_outside > 0 {
        let posts = number(due.static_outside);
        rows.push(vec![words(t("ring.static")), text(""), posts, number(0), BLANK]);
    }
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = vec![
        column("ring", 3, Align::Start),
        column("station", 0, Align::Start),
        column("posts", 0, Align::End),
        column("women", 0, Align::End),
        column("where", 3, Align::Start),
    ];
    vec![heading("rings"), table("rings", columns, rows), paragraph("rings")]
}

/// A line for each post that the plan fills.
pub(super) fn posts(material: &Material, filled: &[Filled]) -> Vec<Block> {
    if filled.is_empty() {
        return vec![heading("posts"), paragraph("no_posts")];
    }
    let rows = filled
        .iter()
        .zip(1_i64..)
        .take(POSTS_MAX)
        .map(|(post, n)| {
            vec![
                Cell::Number(n),
                words(duty(post.post.duty)),
                words(kind(post.kind)),
                text(material.unit_name(&post.unit)),
                post.holder.as_ref().map_or(BLANK, text),
                BLANK,
                BLANK,
            ]
        })
        .collect();
    // A number that was drawn takes the width that it needs; a blank one is written by hand.
    let service = if filled.iter().any(|post| post.holder.is_some()) { 0 } else { 2 };
    let columns = vec![
        column("no", 0, Align::End),
        column("duty", 0, Align::Start),
        column("force", 0, Align::Start),
        column("unit", 3, Align::Start),
        column("service", service, Align::Start),
        column("where", 2, Align::Start),
        column("relief", 1, Align::Start),
    ];
    vec![heading("posts"), table("posts", columns, rows), paragraph("blank")]
}

pub(super) fn rules() -> Block {
    let items = (1..=9).map(|n| t(&format!("rule.r{n}"))).collect();
    Block::List { items, numbered: true }
}

/// When something is planned, as people say it.
pub(super) fn when(check_in: &CheckIn) -> Words {
    match check_in.at_minute {
        None => t("time.after"),
        Some(minute) => {
            let time = minute.rem_euclid(1_440);
            let time = same(format!("{:02}:{:02}", time / 60, time % 60));
            if minute < 0 { fill("time.eve", &[("time", time)]) } else { time }
        }
    }
}

/// Check-ins of some of those who say them; of all without a name.
pub(super) fn times(material: &Material, of: &[&str], key: &str) -> Vec<Block> {
    let rows = material
        .check_ins()
        .iter()
        .filter(|it| of.is_empty() || of.contains(&it.who.as_str()))
        .map(|it| {
            vec![
                text(&it.code),
                words(when(it)),
                words(who(&it.who)),
                words(t(&format!("check_in.{}", it.code))),
                number(it.amber_minutes),
                number(it.red_minutes),
                BLANK,
            ]
        })
        .collect();
    let columns = vec![
        column("code", 0, Align::Start),
        column("time", 0, Align::Start),
        column("who", 0, Align::Start),
        column("what", 3, Align::Start),
        column("amber", 0, Align::End),
        column("red", 0, Align::End),
        column("done", 1, Align::Start),
    ];
    vec![heading(key), table("check-ins", columns, rows)]
}

pub(super) fn signatures(keys: &[&str]) -> Vec<Block> {
    vec![Block::Signatures { labels: keys.iter().map(|key| t(key)).collect() }]
}

/// The card of one building: when to speak, as whom, on which channel.
pub(super) fn card(material: &Material, building: &Building) -> Sheet {
    let air = material.building_air(building);
    let stations: Vec<Fact> = material
        .stations(building)
        .filter_map(|station| {
            let air = material.air(&station.id)?;
            let label = same(&station.id);
            Some(Fact { label, value: Some(same(material.call_sign(air))) })
        })
        .collect();
    let mut blocks = vec![
        Block::Notice { words: t("text.card") },
        Block::Beside {
            first: vec![Block::Facts { facts: contact(material, air) }],
            second: vec![Block::Facts { facts: stations }],
        },
    ];
    blocks.extend(times(material, &[], "check_ins"));
    blocks.extend([paragraph("contact"), paragraph("silence")]);
    Sheet {
        name: format!("card-{}", file_name(building.id.as_str())),
        title: t("title.check_in_card"),
        subtitle: subtitle(material, &[same(name(building)), material.area(&building.district)]),
        landscape: false,
        blocks,
    }
}

/// The places of a net as they lie to each other, north up, with a bar of scale.
pub(super) fn sketch(material: &Material, air: Air, here: Option<&Building>) -> Sketch {
    let buildings: Vec<&Building> = material.buildings(air.district, Some(air.net));
    let marks: Vec<(Point, u8, bool, String)> = buildings
        .iter()
        .map(|building| {
            let class = material.class(building).unwrap_or(RiskClass::Normal);
            let is_here = here.is_some_and(|here| here.id == building.id);
            let label = if is_here { String::new() } else { short_sign(material, building) };
            (building.point, shape(class), is_here, label)
        })
        .collect();
    drawn(&marks)
}

/// The last step of a call sign: enough on a sketch of one sector.
fn short_sign(material: &Material, building: &Building) -> String {
    let air = material.building_air(building);
    air.map_or_else(String::new, |air| format!("{:02}", air.place + 1))
}

/// Metres of a degree of latitude.
const DEGREE_M: f64 = 111_195.0;

/// Marks in a frame of 1,000 by 700, the same scale both ways.
pub(super) fn drawn(marks: &[(Point, u8, bool, String)]) -> Sketch {
    const HEIGHT: u16 = 640;
    let lat = |point: &Point| f64::from(point.lat_e7) / 1e7;
    let middle = marks.iter().map(|mark| lat(&mark.0)).sum::<f64>() / marks.len().max(1) as f64;
    let shrink = libm::cos(middle.to_radians()).max(0.1);
    let east = |point: &Point| f64::from(point.lon_e7) / 1e7 * shrink * DEGREE_M;
    let north = |point: &Point| lat(point) * DEGREE_M;
    let span = |of: &dyn Fn(&Point) -> f64| {
        let all = marks.iter().map(|mark| of(&mark.0));
        let (least, most) =
            all.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
        if least <= most { (least, most) } else { (0.0, 0.0) }
    };
    let ((west, most_east), (south, most_north)) = (span(&east), span(&north));
    let inner = (900.0, f64::from(HEIGHT) - 160.0);
    let metre =
        (inner.0 / (most_east - west).max(200.0)).min(inner.1 / (most_north - south).max(200.0));
    let pad = (
        (inner.0 - (most_east - west) * metre) / 2.0,
        (inner.1 - (most_north - south) * metre) / 2.0,
    );
    let whole = |value: f64, most: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to 0 ‥ 1,000"
        )]
        let thousandths = value.clamp(0.0, most).round() as u16;
        thousandths
    };
    let placed = marks.iter().map(|(point, shape, here, label)| Mark {
        x: whole(50.0 + pad.0 + (east(point) - west) * metre, 1_000.0),
        y: whole(
            (50.0 + pad.1 + (most_north - north(point)) * metre) / f64::from(HEIGHT) * 1_000.0,
            1_000.0,
        ),
        shape: *shape,
        here: *here,
        label: label.clone(),
    });
    let bar = [100_u32, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000]
        .into_iter()
        .rfind(|bar| f64::from(*bar) * metre <= 250.0)
        .unwrap_or(100);
    let said = if bar < 1_000 { format!("{bar} m") } else { format!("{} km", bar / 1_000) };
    Sketch {
        caption: t("text.sketch"),
        height: HEIGHT,
        marks: placed.collect(),
        scale: (said, whole(f64::from(bar) * metre, 1_000.0)),
    }
}

/// Posted people of one kind at a building.
pub(super) fn posted(material: &Material, building: &Building, kind: StaffKind) -> i64 {
    let of_kind = material.postings(&building.id).filter(|it| it.kind == kind);
    of_kind.map(|it| i64::from(it.count)).sum()
}
