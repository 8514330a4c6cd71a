//! When this node came to know what: what a record has to say so that an hour can be seen again as it was then.

use crate::entry::Receipt;
use crate::error::StoreError;
use crate::reader::{Reader, said_in};
use crate::sql;
use pehra_ledger::statement::Said;

/// The day's own time at which a run of entries was received, where an exercise had a clock of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayMoment {
    pub first: Receipt,
    /// The run ends with it.
    pub last: Receipt,
    /// Unix milliseconds of the day.
    pub day_ms: i64,
}

/// When the content of an entry came that had arrived without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Completion {
    pub receipt: Receipt,
    /// The wall's clock, Unix milliseconds.
    pub received_ms: u64,
}

/// A statement, and when it was believed: none where that was not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learnt {
    pub said: Said,
    /// The wall's clock, Unix milliseconds.
    pub received_ms: Option<u64>,
}

impl Reader {
    /// The day's own moments of what was received after a receipt, in order; empty where the wall's clock was the day's.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn day_moments(&self, after: Receipt) -> Result<Vec<DayMoment>, StoreError> {
        let mut statement = self.conn().prepare_cached(sql::DAY_MOMENTS)?;
        let rows = statement.query_map([after.0], |row| {
            let (first, last) = (Receipt(row.get(0)?), Receipt(row.get(1)?));
            Ok(DayMoment { first, last, day_ms: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Entries whose content came later than they did, by receipt.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn completions(&self) -> Result<Vec<Completion>, StoreError> {
        let mut statement = self.conn().prepare_cached(sql::COMPLETIONS)?;
        let rows = statement.query_map([], |row| {
            let received_ms = u64::try_from(row.get::<_, i64>(1)?).unwrap_or_default();
            Ok(Completion { receipt: Receipt(row.get(0)?), received_ms })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every statement that was believed, in the order in which this node came to believe them; those of before moments
    /// were kept come first.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read or a statement is damaged.
    pub fn statements_learnt(&self) -> Result<Vec<Learnt>, StoreError> {
        let mut statement = self.conn().prepare_cached(sql::STATEMENTS_RECEIVED)?;
        let mut rows = statement.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let said = said_in(row)?;
            let received: Option<i64> = row.get(2)?;
            let received_ms = received.map(|ms| u64::try_from(ms).unwrap_or_default());
            all.push(Learnt { said, received_ms });
        }
        Ok(all)
    }
}
