//! When each check-in is due, as data: the hours of the day, and minutes after another check-in for what follows an
//! event.

use super::Code;
use pehra_domain::{Date, UnixMs};

const MINUTE_MS: i64 = 60_000;

/// When one check-in is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Minutes from midnight (in Pakistan) of the polling day; before it for the eve.
    At(i32),
    /// Minutes after another check-in was said; not awaited before.
    After(Code, u32),
    /// Where nothing says when.
    Never,
}

/// One row of the schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub code: Code,
    pub due: Due,
    /// Minutes after the due time at which another rung is tried.
    pub amber_minutes: u32,
    /// Minutes after the due time at which the sector's car goes.
    pub red_minutes: u32,
    pub what: String,
}

/// All seventeen, in the order of the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    #[error("the schedule's line {0} is not `code,day,time,who,amber_min,red_min,what`")]
    Line(usize),
    #[error("the schedule's line {0} names another sender than the check-in has")]
    Sender(usize),
    #[error(
        "the schedule needs each of the seventeen check-ins once, in order; line {0} breaks it"
    )]
    Order(usize),
    #[error(
        "line {0} of what follows is not `code,after,minutes` with an earlier check-in that has a time or follows one"
    )]
    After(usize),
}

impl Schedule {
    /// Reads the table of hours (`code,day,time,who,amber_min,red_min,what`) and the table of what follows an event
    /// (`code,after,minutes`).
    ///
    /// # Errors
    /// [`ScheduleError`] names the line, counted from 1.
    pub fn parse(hours: &str, after: &str) -> Result<Self, ScheduleError> {
        let mut rows = Vec::with_capacity(Code::ALL.len());
        for (line, text) in (1..).zip(hours.lines()).skip(1) {
            rows.push(row(text, line, rows.len())?);
        }
        if rows.len() != Code::ALL.len() {
            return Err(ScheduleError::Order(rows.len() + 1));
        }
        for (line, text) in (1..).zip(after.lines()).skip(1) {
            follow(&mut rows, text).ok_or(ScheduleError::After(line))?;
        }
        Ok(Self { rows })
    }

    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    #[must_use]
    pub fn row(&self, code: Code) -> Option<&Row> {
        self.rows.get(code.index())
    }
}

impl Row {
    /// The moment at which it is due, when `said` tells when an earlier check-in was said; none while nothing says so.
    pub fn due_at(&self, poll: Date, said: impl Fn(Code) -> Option<UnixMs>) -> Option<UnixMs> {
        match self.due {
            Due::At(minute) => Some(UnixMs(poll.midnight_pkt().0 + i64::from(minute) * MINUTE_MS)),
            Due::After(code, minutes) => {
                Some(UnixMs(said(code)?.0 + i64::from(minutes) * MINUTE_MS))
            }
            Due::Never => None,
        }
    }
}

fn row(text: &str, line: usize, place: usize) -> Result<Row, ScheduleError> {
    let wrong = || ScheduleError::Line(line);
    let cells: Vec<&str> = text.splitn(7, ',').map(str::trim).collect();
    let [code, day, time, who, amber, red, what] = cells.as_slice() else {
        return Err(wrong());
    };
    let code = Code::parse(code).ok_or_else(wrong)?;
    if Code::ALL.get(place) != Some(&code) {
        return Err(ScheduleError::Order(line));
    }
    if code.sender().name() != *who {
        return Err(ScheduleError::Sender(line));
    }
    let day: i32 = day.parse().map_err(|_not| wrong())?;
    let due = match *time {
        "" => Due::Never,
        time => Due::At(minute(time).ok_or_else(wrong)? + day * 24 * 60),
    };
    let (amber_minutes, red_minutes) =
        (amber.parse().map_err(|_not| wrong())?, red.parse().map_err(|_not| wrong())?);
    if red_minutes < amber_minutes {
        return Err(wrong());
    }
    Ok(Row { code, due, amber_minutes, red_minutes, what: (*what).to_owned() })
}

fn follow(rows: &mut [Row], text: &str) -> Option<()> {
    let cells: Vec<&str> = text.split(',').map(str::trim).collect();
    let [code, after, minutes] = cells.as_slice() else { return None };
    let (code, after) = (Code::parse(code)?, Code::parse(after)?);
    if after >= code {
        return None;
    }
    rows.get_mut(code.index())?.due = Due::After(after, minutes.parse().ok()?);
    Some(())
}

/// `05:30` as minutes from midnight.
fn minute(text: &str) -> Option<i32> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (i32, i32) = (hour.parse().ok()?, minute.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
}
