//! The check-ins of the day and what they load the channels with.

use super::airtime;

/// Minutes of a day.
const DAY: i32 = 24 * 60;

/// One check-in, from the table.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct CheckIn {
    pub code: String,
    /// Minutes from midnight of the polling day; none where it follows an event.
    pub at_minute: Option<i32>,
    pub who: String,
    pub amber_minutes: u32,
    pub red_minutes: u32,
    pub what: String,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the table of check-ins: {what}")]
pub struct ScheduleError {
    pub line: usize,
    pub what: &'static str,
}

/// Reads `code,day,time,who,amber_min,red_min,what`.
///
/// # Errors
/// [`ScheduleError`] names the line.
pub fn parse(text: &str) -> Result<Vec<CheckIn>, ScheduleError> {
    let row = |(at, row): (usize, &str)| {
        let wrong = |what| ScheduleError { line: at + 1, what };
        let cells: Vec<&str> = row.splitn(7, ',').map(str::trim).collect();
        let [code, day, time, who, amber, red, what] = cells.as_slice() else {
            return Err(wrong("seven cells are needed"));
        };
        let day: i32 = day.parse().map_err(|_not| wrong("the day is a whole number"))?;
        let number =
            |cell: &str| cell.parse::<u32>().map_err(|_not| wrong("minutes are whole numbers"));
        let at_minute = if time.is_empty() {
            None
        } else {
            Some(minute(time).ok_or_else(|| wrong("a time looks like 05:30"))? + day * DAY)
        };
        Ok(CheckIn {
            code: (*code).to_owned(),
            at_minute,
            who: (*who).to_owned(),
            amber_minutes: number(amber)?,
            red_minutes: number(red)?,
            what: (*what).to_owned(),
        })
    };
    text.lines().enumerate().skip(1).map(row).collect()
}

/// `05:30` as minutes from midnight.
#[must_use]
pub fn minute(text: &str) -> Option<i32> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (i32, i32) = (hour.parse().ok()?, minute.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
}

/// One check-in on the channels of one plan.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Load {
    pub code: String,
    pub at_minute: Option<i32>,
    /// Messages of the whole plan.
    pub messages: u64,
    /// Busy minutes of the median and of the worst sector channel, and of the worst district channel, until all have spoken.
    pub sector_median_min: u64,
    pub sector_worst_min: u64,
    pub district_worst_min: u64,
    /// Sector channels that need longer than the check-in's amber mark leaves.
    pub late_channels: u32,
}

/// Loads of all check-ins. `sector_ms` is one round on each sector's channel with all who share it, `district_ms` of each
/// district.
#[must_use]
pub fn loads(
    checkins: &[CheckIn],
    stations: u64,
    sector_ms: &[u64],
    district_ms: &[u64],
) -> Vec<Load> {
    let mut sorted = sector_ms.to_vec();
    sorted.sort_unstable();
    let minutes = |ms: u64| ms.div_ceil(60_000);
    let at = |percent: usize| {
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted.get(rank - 1).copied().unwrap_or_default()
    };
    let worst = district_ms.iter().copied().max().unwrap_or_default();
    checkins
        .iter()
        .map(|checkin| {
            let from_stations = checkin.who != "sector" && checkin.who != "returning officer";
            let amber_ms = u64::from(checkin.amber_minutes) * 60_000;
            let late = if from_stations && amber_ms > 0 {
                sector_ms.iter().filter(|&&ms| ms > amber_ms).count()
            } else {
                0
            };
            let busy = |ms: u64| if from_stations { minutes(ms) } else { 0 };
            Load {
                code: checkin.code.clone(),
                at_minute: checkin.at_minute,
                messages: if from_stations { stations } else { sector_ms.len() as u64 },
                sector_median_min: busy(at(50)),
                sector_worst_min: busy(at(100)),
                district_worst_min: minutes(worst),
                late_channels: super::narrow(late),
            }
        })
        .collect()
}

/// Milliseconds until all stations of a plan have spoken once on a single channel: what the sectors spare.
#[must_use]
pub fn without_sectors_ms(stations: u64, message_s: u64) -> u64 {
    airtime::round_ms(stations, message_s * 1_000, 1)
}
