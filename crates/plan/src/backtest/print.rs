//! The report as plain text.

use super::measure::Interval;
use super::{EVENTS_MIN, Report, Verdict};
use std::fmt::Write as _;

fn percent(interval: Interval) -> String {
    let Interval { value, low, high } = interval;
    format!("{:5.1} % ({:.1} to {:.1})", 100.0 * value, 100.0 * low, 100.0 * high)
}

fn plain(interval: Interval, digits: usize) -> String {
    let Interval { value, low, high } = interval;
    format!("{value:.digits$} ({low:.digits$} to {high:.digits$})")
}

impl Report {
    /// The sentence on model and district rate, with its interval.
    #[must_use]
    pub fn verdict_text(&self) -> String {
        let gap = self.difference.by_district;
        let points = format!(
            "{:+.1} points of capture (95 % {:+.1} to {:+.1}, districts resampled; {:+.1} to {:+.1}, events resampled)",
            100.0 * gap.value,
            100.0 * gap.low,
            100.0 * gap.high,
            100.0 * self.difference.by_event.low,
            100.0 * self.difference.by_event.high,
        );
        match self.verdict {
            Verdict::Beats => format!("The model beats the district rate by {points}."),
            Verdict::AheadNotSure => format!(
                "The model is ahead of the district rate by {points}; the interval by districts reaches 0, so this may be chance."
            ),
            Verdict::DoesNotBeat => {
                format!("The model does not beat the district rate: {points}.")
            }
        }
    }

    /// The whole report, for a terminal or a page.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "Poll {}: window {} to {}, {} events in {} of {} districts; ranking of the top {}; best possible capture {:.1} %",
            self.poll,
            self.from,
            self.until,
            self.events,
            self.districts_hit,
            self.districts,
            self.top_districts,
            100.0 * self.ceiling,
        );
        if self.too_small {
            let _ = writeln!(
                out,
                "The sample is too small: with fewer than {EVENTS_MIN} events, or fewer than {} districts hit, these figures decide nothing.",
                super::DISTRICTS_MIN
            );
        }
        let _ = writeln!(
            out,
            "{:<26} {:>8} {:<26} {:<22} Brier",
            "method", "caught", "capture", "lift"
        );
        for row in &self.rows {
            let brier = row.brier.map_or_else(|| "none".to_owned(), |b| plain(b, 4));
            let _ = writeln!(
                out,
                "{:<26} {:>8} {:<26} {:<22} {brier}",
                row.method.name(),
                format!("{}/{}", row.captured, self.events),
                percent(row.capture),
                plain(row.lift, 2),
            );
        }
        let _ = writeln!(out, "{}", self.verdict_text());
        let _ = writeln!(
            out,
            "Brier score, model minus district rate: {} (below 0 the model is the better)",
            plain(self.difference.brier, 4)
        );
        self.write_reliability(&mut out);
        self.write_stations(&mut out);
        out
    }

    fn write_reliability(&self, out: &mut String) {
        for row in self.rows.iter().filter(|row| !row.reliability.is_empty()) {
            let _ = writeln!(
                out,
                "reliability by tenth of the districts, {}: forecast → observed",
                row.method.name()
            );
            for bin in &row.reliability {
                let _ = write!(out, "  {:.2} → {};", bin.forecast, plain(bin.observed, 2));
            }
            out.push('\n');
        }
    }

    fn write_stations(&self, out: &mut String) {
        let Some(stations) = &self.stations else {
            out.push_str(
                "Stations: no list of this election is given, so no station capture is reported.\n",
            );
            return;
        };
        let _ = writeln!(
            out,
            "Stations: {} of {} had an event within 1 km{}",
            stations.hit,
            stations.stations,
            if stations.too_small { "; the sample is too small to decide anything" } else { "" }
        );
        for row in &stations.rows {
            let _ = writeln!(
                out,
                "{:<26} top fifth catches {:<26} lift {}",
                row.method.name(),
                percent(row.capture),
                plain(row.lift, 2)
            );
        }
    }
}
