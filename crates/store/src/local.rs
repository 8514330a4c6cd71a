//! What is this node's own and never travels: key material, accounts, settings.

use crate::error::StoreError;
use crate::open::Store;
use crate::reader::Reader;
use crate::sql;
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeMap;

impl Reader {
    /// Secret bytes: a device's key, a session key.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn secret(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let mut statement = self.conn().prepare_cached(sql::SECRET)?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?)
    }

    /// An account's record as it was given: the store does not look into it.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn account(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let mut statement = self.conn().prepare_cached(sql::ACCOUNT)?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?)
    }

    /// All accounts by name.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn accounts(&self) -> Result<BTreeMap<String, Vec<u8>>, StoreError> {
        let mut statement = self.conn().prepare_cached(sql::ACCOUNTS)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A setting of this node.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let mut statement = self.conn().prepare_cached(sql::SETTING)?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?)
    }

    /// All settings by name.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn settings(&self) -> Result<BTreeMap<String, String>, StoreError> {
        let mut statement = self.conn().prepare_cached(sql::SETTINGS)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Store {
    /// Keeps secret bytes, or wipes them with `None`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_secret(&mut self, name: &str, bytes: Option<&[u8]>) -> Result<(), StoreError> {
        match bytes {
            Some(bytes) => self.conn().execute(sql::SECRET_SET, params![name, bytes])?,
            None => self.conn().execute(sql::SECRET_REMOVE, [name])?,
        };
        Ok(())
    }

    /// Empties the write-ahead log: what was overwritten or wiped is then nowhere in the folder.
    ///
    /// # Errors
    /// [`StoreError::LogHeld`] when somebody went on reading what was before for too long.
    pub fn empty_log(&self) -> Result<(), StoreError> {
        let held: bool =
            self.conn().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if held { Err(StoreError::LogHeld) } else { Ok(()) }
    }

    /// Keeps an account's record, or removes it with `None`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_account(&mut self, name: &str, record: Option<&[u8]>) -> Result<(), StoreError> {
        match record {
            Some(record) => self.conn().execute(sql::ACCOUNT_SET, params![name, record])?,
            None => self.conn().execute(sql::ACCOUNT_REMOVE, [name])?,
        };
        Ok(())
    }

    /// Keeps a setting, or removes it with `None`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_setting(&mut self, name: &str, value: Option<&str>) -> Result<(), StoreError> {
        match value {
            Some(value) => self.conn().execute(sql::SETTING_SET, params![name, value])?,
            None => self.conn().execute(sql::SETTING_REMOVE, [name])?,
        };
        Ok(())
    }
}
