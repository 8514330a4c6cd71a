use super::marginal::marginals;
use super::*;
use crate::facts::{self, Facts};
use std::ops::ControlFlow;

pub(super) const FIGURES: &str = include_str!("../../../../data/ge2024.csv");
pub(super) const SEATS: &str = include_str!("../../../../data/seats.csv");
pub(super) const ROOMS: &str = include_str!("../../../../data/rooms.csv");
pub(super) const DISTRICTS: &str = include_str!("../../../../data/districts.csv");
pub(super) const TOWNS: &str = include_str!("../../../../data/towns.csv");

fn pakistan() -> (Facts, Gazetteer) {
    (Facts::parse(FIGURES, SEATS, ROOMS).unwrap(), facts::gazetteer(DISTRICTS, TOWNS).unwrap())
}

fn on(_: pehra_domain::progress::Step) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

#[test]
#[expect(clippy::print_stdout, reason = "the table is what a reader of a failure needs")]
fn every_promised_figure_is_kept_to_the_last_unit() {
    let (facts, gazetteer) = pakistan();
    let nation = generate(&facts, &gazetteer, 2024, &mut on).unwrap();
    let table = marginals(&facts, &nation);
    for row in &table {
        println!(
            "{:<36} {:<22} {:>12} {:>12} {}",
            row.area,
            row.measure.code(),
            row.promised,
            row.drawn,
            if row.promised == row.drawn { "=" } else { "DIFFERS" }
        );
    }
    assert!(table.iter().all(|row| row.promised == row.drawn));
    assert!(table.len() >= 70, "{} figures", table.len());
}
