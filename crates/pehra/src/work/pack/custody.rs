//! Material on its way: the sheet on which seals are read and bags change hands, the office to which they return, and the
//! convoys that carry them.

use super::{
    material::Material,
    noun::{
        BLANK, class, column, fact, heading, number, paragraph, place_kind, point, table, text,
        words,
    },
    order::{file_name, name, posts, signatures, subtitle, times},
    radio::count,
    texts::{fill, same, t},
};
use crate::work::convoys::{Planned, SeatFile, clock};
use pehra_domain::{
    AreaId,
    building::Building,
    sheet::{Align, Block, Cell, Column, Sheet},
    station::Station,
};

/// Empty lines for seals beyond those that the plan foresees: boxes are opened as they fill.
const SPARE_SEALS: usize = 3;

/// The seal and hand-over sheet of one station.
pub(super) fn seals(material: &Material, station: &Station) -> Sheet {
    let seats: Vec<String> = station
        .contests
        .iter()
        .map(|it| format!("{} / {}", it.constituency, it.station_no))
        .collect();
    let row = |item, contest: &str| vec![words(t(item)), text(contest), BLANK, BLANK, BLANK, BLANK];
    let mut rows: Vec<Vec<Cell>> = vec![row("item.bag", "")];
    for contest in &station.contests {
        for _ in 0..station.booths.total().max(1) {
            rows.push(row("item.box", contest.constituency.as_str()));
        }
        rows.push(row("item.te_bag", contest.constituency.as_str()));
    }
    rows.extend(std::iter::repeat_n(vec![BLANK; 6], SPARE_SEALS));
    let columns = vec![
        column("item", 2, Align::Start),
        Column { head: t("fact.seat"), weight: 1, align: Align::Start },
        column("seal_read", 2, Align::Start),
        column("seal_expected", 2, Align::Start),
        column("time", 1, Align::Start),
        column("witness", 2, Align::Start),
    ];
    let mut blocks = vec![
        Block::Notice { words: t("text.seal") },
        Block::Facts {
            facts: vec![
                fact("station", Some(same(format!("{} {}", station.id, station.name)))),
                fact("seat", Some(same(seats.join(" · ")))),
                fact("presiding_officer", None),
                fact("vehicle", None),
            ],
        },
        heading("seals"),
        table("seals", columns, rows),
        heading("hand_over"),
        hand_over(),
        paragraph("blank"),
    ];
    blocks.extend(signatures(&["sign.presiding", "sign.returning"]));
    Sheet {
        name: format!("seals-{}", file_name(station.id.as_str())),
        title: t("title.seal_sheet"),
        subtitle: subtitle(material, &[same(&station.name), material.area(&station.district)]),
        landscape: false,
        blocks,
    }
}

fn hand_over() -> Block {
    let columns = vec![
        column("step", 3, Align::Start),
        column("time", 1, Align::Start),
        column("giver", 2, Align::Start),
        column("receiver", 2, Align::Start),
        column("witness", 2, Align::Start),
    ];
    let rows = ["step.c05", "step.c08", "step.c09", "step.c11", "step.c13"]
        .iter()
        .map(|step| vec![words(t(step)), BLANK, BLANK, BLANK, BLANK])
        .collect();
    table("hand-over", columns, rows)
}

/// The order for a returning officer's office, a store or another place that is no station.
pub(super) fn office(material: &Material, place: &Building) -> Sheet {
    let mut blocks = vec![
        Block::Facts {
            facts: vec![
                fact("place", Some(same(name(place)))),
                fact("number", Some(same(&place.id))),
                fact("district", Some(material.area(&place.district))),
                fact("class", Some(place_kind(place.kind))),
                fact("position", Some(point(place.point))),
                fact("duty", Some(fill("value.duty", &[("day", same(material.day))]))),
                fact("commander", None),
                fact("telephone", None),
            ],
        },
        heading("mission"),
        paragraph("office"),
    ];
    blocks.extend(posts(material, &material.filled(place)));
    blocks.extend(times(material, &["returning officer"], "times"));
    blocks.extend([heading("hand_over"), arrivals()]);
    blocks.extend(signatures(&["sign.commander", "sign.returning", "sign.received"]));
    Sheet {
        name: format!("office-{}", file_name(place.id.as_str())),
        title: t("title.returning_office"),
        subtitle: subtitle(material, &[same(name(place)), material.area(&place.district)]),
        landscape: false,
        blocks,
    }
}

/// Lines for what arrives; more are on the next sheet of the same kind.
const ARRIVALS: usize = 14;

fn arrivals() -> Block {
    let columns = vec![
        column("time", 1, Align::Start),
        column("station", 2, Align::Start),
        column("bags", 1, Align::End),
        column("giver", 2, Align::Start),
        column("receiver", 2, Align::Start),
        column("witness", 2, Align::Start),
    ];
    table("arrivals", columns, vec![vec![BLANK; 6]; ARRIVALS])
}

/// The convoys of one seat, out on the eve and back at night.
pub(super) fn convoys(material: &Material, file: &SeatFile) -> Sheet {
    let mut blocks = vec![Block::Facts {
        facts: vec![
            fact("seat", Some(same(&file.seat))),
            fact("district", Some(material.area(&file.district))),
            fact("stations", Some(same(file.outcome.stations))),
            fact("commander", None),
        ],
    }];
    blocks.extend([heading("trips_eve"), trips("convoy-eve", &file.eve)]);
    blocks.extend([heading("trips_night"), trips("convoy-night", &file.night)]);
    blocks.push(paragraph("blank"));
    blocks.extend(signatures(&["sign.district", "sign.returning", "sign.received"]));
    Sheet {
        name: format!("convoy-{}", file_name(&file.seat)),
        title: t("title.convoy"),
        subtitle: subtitle(material, &[same(&file.seat), material.area(&file.district)]),
        landscape: false,
        blocks,
    }
}

fn trips(key: &str, planned: &Planned) -> Block {
    let mut rows = Vec::new();
    for (convoy, (of, named)) in planned.plan.convoys.iter().zip(&planned.calls).enumerate() {
        for (call, named) in of.calls.iter().zip(named) {
            rows.push(vec![
                count(convoy + 1),
                text(clock(call.arrive_s)),
                text(clock(call.overdue_s)),
                text(&named.building),
                words(class(named.class)),
                text(named.stations.join(", ")),
                number(call.bags),
                BLANK,
            ]);
        }
    }
    let columns = vec![
        column("no", 0, Align::End),
        column("arrives", 0, Align::Start),
        column("overdue", 0, Align::Start),
        column("place", 0, Align::Start),
        column("class", 0, Align::Start),
        column("stations", 3, Align::Start),
        column("bags", 0, Align::End),
        column("seal_read", 2, Align::Start),
    ];
    table(key, columns, rows)
}

/// A convoy order to fill in by hand, where no plan of convoys was given.
pub(super) fn blank_convoy(material: &Material, district: &AreaId) -> Sheet {
    let columns = vec![
        column("no", 1, Align::End),
        column("leaves", 2, Align::Start),
        column("arrives", 2, Align::Start),
        column("place", 4, Align::Start),
        column("bags", 1, Align::End),
        column("seal_read", 3, Align::Start),
    ];
    let mut blocks = vec![
        Block::Notice { words: t("text.no_convoys") },
        Block::Facts {
            facts: vec![fact("seat", None), fact("vehicle", None), fact("commander", None)],
        },
        heading("trips"),
        table("convoy-blank", columns, vec![vec![BLANK; 6]; ARRIVALS]),
    ];
    blocks.extend(signatures(&["sign.district", "sign.returning", "sign.received"]));
    Sheet {
        name: format!("convoy-{}", file_name(district.name())),
        title: t("title.convoy"),
        subtitle: subtitle(material, &[material.area(district)]),
        landscape: false,
        blocks,
    }
}
