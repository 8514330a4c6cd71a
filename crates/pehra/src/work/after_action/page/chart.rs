//! Two rows of bars over the hours: what was heard, and what was reported.

use super::super::Hour;
use crate::markup::clock;
use pehra_domain::UnixMs;
use std::fmt::Write;

const WIDTH: u64 = 960;
const HEIGHT: u64 = 90;
const LEFT: u64 = 44;

/// The drawing; its words stand beside it in a table.
pub(super) fn hours(hours: &[Hour], label: &str) -> String {
    let mut out = String::new();
    let _written = write!(
        out,
        "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{label}\">",
        WIDTH + LEFT,
        2 * HEIGHT + 50
    );
    let heard: Vec<u64> = hours.iter().map(|hour| hour.check_ins).collect();
    let reported: Vec<u64> = hours.iter().map(|hour| hour.incidents.iter().sum()).collect();
    bars(&mut out, &heard, 10, "bar");
    bars(&mut out, &reported, HEIGHT + 26, "bar hit");
    let step = WIDTH / (hours.len() as u64).max(1);
    for (place, hour) in (0_u64..).zip(hours) {
        if place % 6 != 0 {
            continue;
        }
        let of_day = clock(UnixMs(hour.from_ms));
        let _written = write!(
            out,
            "<text x=\"{}\" y=\"{}\">{of_day}</text>",
            LEFT + place * step,
            2 * HEIGHT + 44
        );
    }
    out.push_str("</svg>");
    out
}

fn bars(out: &mut String, values: &[u64], top: u64, class: &str) {
    let most = values.iter().copied().max().unwrap_or(0);
    let step = WIDTH / (values.len() as u64).max(1);
    let _written = write!(
        out,
        "<text x=\"0\" y=\"{}\">{most}</text><line x1=\"{LEFT}\" y1=\"{base}\" x2=\"{}\" y2=\"{base}\" stroke=\"#c9d2d9\"/>",
        top + 10,
        WIDTH + LEFT,
        base = top + HEIGHT
    );
    for (place, value) in (0_u64..).zip(values) {
        let height = (value * HEIGHT).checked_div(most).unwrap_or(0);
        if *value > 0 {
            let height = height.max(1);
            let _written = write!(
                out,
                "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{height}\"/>",
                LEFT + place * step,
                top + HEIGHT - height,
                step.saturating_sub(3).max(1)
            );
        }
    }
}
