//! The day's distributions as data: `data/day.csv`, where every line has its source or says that it is assumed.

use crate::FactsError;
use crate::table::Table;

/// The table that the product ships.
pub const DAY_CSV: &str = include_str!("../../../../data/day.csv");

/// On what ground a figure stands.
const BASES: [&str; 3] = ["published", "derived", "assumed"];

/// Voters of each hour from opening, in thousandths.
pub const HOURS: usize = 9;

macro_rules! parameters {
    ($($name:ident: $kind:ty,)+) => {
        /// All figures, by the keys of the table. Units stand in the names: `_ppm` per million, `_permille` thousandths,
        /// `_micro` millionths, `_s` seconds.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Parameters {
            $(pub $name: $kind,)+
            pub arrivals_hourly_permille: [u32; HOURS],
        }

        impl Parameters {
            /// # Errors
            /// [`FactsError`] names the line; a key that is missing is named as its column.
            pub fn parse(text: &str) -> Result<Self, FactsError> {
                let lines = Lines::read(text)?;
                Ok(Self {
                    $($name: lines.value(stringify!($name))?,)+
                    arrivals_hourly_permille: lines.hours("arrivals_hourly_permille")?,
                })
            }

            /// Sets a whole-number figure by its key; false when there is no such key or the value does not fit.
            pub fn set(&mut self, key: &str, value: i64) -> bool {
                match key {
                    $(stringify!($name) => match value.try_into() {
                        Ok(value) => { self.$name = value; true }
                        Err(_) => false,
                    },)+
                    _ => false,
                }
            }

            /// Every whole-number figure with its key.
            pub fn each(&self, told: &mut dyn FnMut(&'static str, i64)) {
                $(told(stringify!($name), i64::from(self.$name));)+
            }
        }
    };
}

parameters! {
    attacks_poll_day_micro: u32,
    attacks_eve_micro: u32,
    killed_per_attack_permille: u32,
    killed_security_permille: u32,
    injured_per_attack_permille: u32,
    attack_armed_permille: u32,
    attack_roadside_permille: u32,
    attack_grenade_permille: u32,
    attack_device_permille: u32,
    attack_candidates_seen: u32,
    attack_night_permille: u32,
    toll_first_low_permille: u32,
    toll_revisions: u32,
    toll_revision_s: i32,
    clash_ppm: u32,
    crush_ppm: u32,
    firing_ppm: u32,
    intimidation_ppm: u32,
    women_stopped_ppm: u32,
    medical_ppm: u32,
    capture_ppm: u32,
    snatch_ppm: u32,
    hazard_ppm: u32,
    clash_stop_s: i32,
    clash_stop_spread_permille: u32,
    officer_ill_ppm: u32,
    officer_replace_s: i32,
    office_paralysed_ppm: u32,
    office_paralysed_s: i32,
    staff_absent_permille: u32,
    guard_absent_permille: u32,
    guard_leaves_ppm: u32,
    guard_flees_permille: u32,
    guard_shift_s: i32,
    opening_ready_median_s: i32,
    opening_ready_spread_s: i32,
    opening_late_permille: u32,
    opening_late_median_s: i32,
    opening_late_spread_permille: u32,
    agents_median: u32,
    turnout_men_permille: u32,
    turnout_women_permille: u32,
    turnout_spread_permille: u32,
    serve_men_s: i32,
    serve_women_s: i32,
    count_base_s: i32,
    count_voter_ms: u32,
    count_spread_permille: u32,
    form_post_s: i32,
    rejected_permille: u32,
    spoilt_permille: u32,
    sum_error_ppm: u32,
    form_not_posted_permille: u32,
    seal_misread_ppm: u32,
    report_misread_ppm: u32,
    report_forgotten_ppm: u32,
    report_late_median_s: i32,
    report_late_spread_permille: u32,
    seal_swapped_ppm: u32,
    form_altered_ppm: u32,
    book_taken_ppm: u32,
    box_stuffed_ppm: u32,
    leg_spread_permille: u32,
    roads_spread_permille: u32,
    breakdown_per_100km_ppm: u32,
    breakdown_median_s: i32,
    handover_s: i32,
    receipt_s: i32,
    receipt_spread_permille: u32,
    attempt_s: i32,
    sector_wait_s: i32,
    desk_call_s: i32,
    car_speed_m_per_h: u32,
    exchange_fails_ppm: u32,
    mast_fails_ppm: u32,
    power_fails_ppm: u32,
    outage_median_s: i32,
    outage_spread_permille: u32,
    radio_fails_ppm: u32,
    camera_fails_ppm: u32,
    camera_most_permille: u32,
    generator_permille: u32,
    generator_fails_permille: u32,
    verification_permille: u32,
    verification_fails_ppm: u32,
    repair_median_s: i32,
    courier_fails_ppm: u32,
    courier_first_s: i32,
    runner_m_per_h: u32,
    citizen_true_permille: u32,
    citizen_false_ppm: u32,
    citizen_malicious_ppm: u32,
    citizen_delay_median_s: i32,
    tips_true_permille: u32,
    tips_false_ppm: u32,
    tip_echoes: u32,
    tip_lead_s: i32,
    guard_report_s: i32,
    response_dispatch_s: i32,
    response_scene_s: i32,
    unproved_works_permille: u32,
    ballots_spare: u32,
    courier_every_s: i32,
    courier_last_s: i32,
    attack_closes_permille: u32,
    attack_stop_s: i32,
    dark_after_red_s: i32,
}

impl Parameters {
    /// The shipped table.
    ///
    /// # Errors
    /// [`FactsError`]; a test keeps it readable.
    pub fn shipped() -> Result<Self, FactsError> {
        Self::parse(DAY_CSV)
    }
}

const TABLE: &str = "day.csv";

struct Lines {
    rows: Vec<(usize, String, String)>,
}

impl Lines {
    fn read(text: &str) -> Result<Self, FactsError> {
        let table = Table::open(TABLE, text, &["key", "value", "unit", "basis", "source"])?;
        let mut rows = Vec::new();
        for (row, line) in table.rows().zip(2..) {
            let basis = table.text(&row, "basis");
            if !BASES.contains(&basis) {
                return Err(row.bad("basis", basis));
            }
            if table.text(&row, "source").is_empty() {
                return Err(row.bad("source", ""));
            }
            let cell = |column| table.text(&row, column).to_owned();
            rows.push((line, cell("key"), cell("value")));
        }
        Ok(Self { rows })
    }

    fn find(&self, key: &'static str) -> Result<&(usize, String, String), FactsError> {
        let missing = FactsError::Column { table: TABLE, column: key };
        self.rows.iter().find(|(_, found, _)| found == key).ok_or(missing)
    }

    fn value<T: std::str::FromStr>(&self, key: &'static str) -> Result<T, FactsError> {
        let (line, _, was) = self.find(key)?;
        was.parse().map_err(|_not| FactsError::Value {
            table: TABLE,
            line: *line,
            column: key,
            was: was.clone(),
        })
    }

    fn hours(&self, key: &'static str) -> Result<[u32; HOURS], FactsError> {
        let (line, _, was) = self.find(key)?;
        let wrong =
            || FactsError::Value { table: TABLE, line: *line, column: key, was: was.clone() };
        let hours: Result<Vec<u32>, _> = was.split(';').map(str::parse).collect();
        hours.map_err(|_not| wrong())?.try_into().map_err(|_count| wrong())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_is_read_whole_and_every_line_has_its_ground() {
        let shipped = Parameters::shipped().unwrap();
        assert_eq!(shipped.attacks_poll_day_micro, 51_000_000);
        assert_eq!(shipped.arrivals_hourly_permille.iter().sum::<u32>(), 1_000);
        let mut keys = vec!["arrivals_hourly_permille".to_owned()];
        shipped.each(&mut |key, _| keys.push(key.to_owned()));
        let lines = Lines::read(DAY_CSV).unwrap();
        assert_eq!(lines.rows.len(), keys.len(), "a line that nothing reads, or a key twice");
        let without = DAY_CSV.replace("51000000", "many");
        assert!(Parameters::parse(&without).unwrap_err().to_string().contains("line 2"));
        assert!(Parameters::parse(&DAY_CSV.replace(",assumed,", ",guessed,")).is_err());
    }

    #[test]
    fn a_figure_is_set_by_its_key_or_not_at_all() {
        let mut shipped = Parameters::shipped().unwrap();
        assert!(shipped.set("verification_permille", 1_000));
        assert_eq!(shipped.verification_permille, 1_000);
        assert!(!shipped.set("verification_permille", -1) && !shipped.set("luck", 1));
    }
}
