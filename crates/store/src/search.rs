//! Finding things by a few letters, in English and in Urdu.

use crate::error::StoreError;
use crate::reader::Reader;
use crate::sql;
use rusqlite::{OptionalExtension, Transaction, params};
use std::collections::{BTreeMap, BTreeSet};

/// Answers given at most.
pub const LIMIT_MAX: u32 = 200;
/// Words of a query that are looked at.
const WORDS_MAX: usize = 8;
/// Rows taken out of the index one by one.
const ONE_BY_ONE_MAX: usize = 2_000;
/// A query of so few letters matches a large part of everything: it is answered in the order of the rows.
const RANKED_LETTERS_MIN: usize = 3;

/// One thing that can be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchRow {
    /// What it is: `station`, `district`.
    pub kind: String,
    /// Names it within its kind.
    pub key: String,
    pub area: String,
    /// Everything it should be found by; shown as it stands.
    pub text: String,
}

/// A change to what can be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchChange {
    /// These are all rows of a kind from now on.
    ReplaceKind(String, Vec<SearchRow>),
    /// A row with the same kind and key is replaced.
    Put(Vec<SearchRow>),
    Remove {
        kind: String,
        key: String,
    },
}

/// What is looked for. Empty kind or area means any.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Query {
    pub text: String,
    pub kind: String,
    pub area: String,
    pub limit: u32,
}

impl Reader {
    /// Rows that have a word beginning with each word of the query, the best first.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn search(&self, query: &Query) -> Result<Vec<SearchRow>, StoreError> {
        let folded = fold(&query.text);
        let words: Vec<&str> = folded.split_whitespace().take(WORDS_MAX).collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let expression: Vec<String> = words.iter().map(|word| format!("\"{word}\"*")).collect();
        let ranked = words.iter().any(|word| word.chars().count() >= RANKED_LETTERS_MIN);
        let statement = if ranked { sql::SEARCH_RANKED } else { sql::SEARCH_FIRST };
        let mut statement = self.conn().prepare_cached(statement)?;
        let limit = query.limit.min(LIMIT_MAX);
        let rows = statement.query_map(
            params![expression.join(" "), query.kind, query.area, limit],
            |row| {
                Ok(SearchRow {
                    kind: row.get(0)?,
                    key: row.get(1)?,
                    area: row.get(2)?,
                    text: row.get(3)?,
                })
            },
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many things can be found.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn search_count(&self) -> Result<u64, StoreError> {
        let count: i64 =
            self.conn().prepare_cached(sql::SEARCH_COUNT)?.query_row([], |row| row.get(0))?;
        Ok(count.cast_unsigned())
    }
}

pub(crate) fn apply(
    transaction: &Transaction<'_>,
    change: &SearchChange,
) -> Result<(), StoreError> {
    match change {
        SearchChange::ReplaceKind(kind, rows) => replace_kind(transaction, kind, rows),
        SearchChange::Put(rows) => rows.iter().try_for_each(|row| put(transaction, row)),
        SearchChange::Remove { kind, key } => match kept(transaction, kind, key)? {
            Some((id, ..)) => remove(transaction, id),
            None => Ok(()),
        },
    }
}

/// Touches only what differs. Taking many rows out of the index one by one costs about 90 µs each; beyond a
/// point it is cheaper to fill the index anew, at about 8 µs for every row there is.
fn replace_kind(
    transaction: &Transaction<'_>,
    kind: &str,
    rows: &[SearchRow],
) -> Result<(), StoreError> {
    let coming: BTreeMap<&str, &SearchRow> =
        rows.iter().map(|row| (row.key.as_str(), row)).collect();
    let mut gone = Vec::new();
    let mut same = BTreeSet::new();
    {
        let mut statement = transaction.prepare_cached(sql::SEARCH_KIND)?;
        let mut have = statement.query([kind])?;
        while let Some(row) = have.next()? {
            let key: String = row.get(1)?;
            match coming.get(key.as_str()) {
                Some(new)
                    if new.area == row.get::<_, String>(2)?
                        && new.text == row.get::<_, String>(3)? =>
                {
                    same.insert(key);
                }
                Some(_) | None => gone.push(row.get::<_, i64>(0)?),
            }
        }
    }
    let anew = gone.len() > ONE_BY_ONE_MAX;
    let mut drop_row = transaction.prepare_cached(sql::SEARCH_ROW_REMOVE)?;
    let mut drop_words = transaction.prepare_cached(sql::SEARCH_INDEX_REMOVE)?;
    for id in gone {
        drop_row.execute([id])?;
        if !anew {
            drop_words.execute([id])?;
        }
    }
    let mut add = transaction.prepare_cached(sql::SEARCH_ROW_ADD)?;
    for row in coming.into_values().filter(|row| !same.contains(&row.key)) {
        let id = add.insert(params![kind, row.key, row.area, row.text])?;
        if !anew {
            index(transaction, id, &row.key, &row.text)?;
        }
    }
    if anew { fill_anew(transaction) } else { Ok(()) }
}

fn fill_anew(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    transaction.execute(sql::SEARCH_INDEX_CLEAR, [])?;
    let mut statement = transaction.prepare_cached(sql::SEARCH_ALL)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (key, text): (String, String) = (row.get(1)?, row.get(2)?);
        index(transaction, row.get(0)?, &key, &text)?;
    }
    Ok(())
}

fn index(transaction: &Transaction<'_>, id: i64, key: &str, text: &str) -> Result<(), StoreError> {
    let mut add = transaction.prepare_cached(sql::SEARCH_INDEX_ADD)?;
    add.execute(params![id, fold(&format!("{key} {text}"))])?;
    Ok(())
}

type Kept = Option<(i64, String, String)>;

fn kept(transaction: &Transaction<'_>, kind: &str, key: &str) -> Result<Kept, StoreError> {
    let mut statement = transaction.prepare_cached(sql::SEARCH_ROW)?;
    let read = statement
        .query_row([kind, key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    Ok(read)
}

fn remove(transaction: &Transaction<'_>, id: i64) -> Result<(), StoreError> {
    transaction.prepare_cached(sql::SEARCH_INDEX_REMOVE)?.execute([id])?;
    transaction.prepare_cached(sql::SEARCH_ROW_REMOVE)?.execute([id])?;
    Ok(())
}

fn put(transaction: &Transaction<'_>, row: &SearchRow) -> Result<(), StoreError> {
    if let Some((id, area, text)) = kept(transaction, &row.kind, &row.key)? {
        if area == row.area && text == row.text {
            return Ok(());
        }
        remove(transaction, id)?;
    }
    let mut add = transaction.prepare_cached(sql::SEARCH_ROW_ADD)?;
    let id = add.insert(params![row.kind, row.key, row.area, row.text])?;
    index(transaction, id, &row.key, &row.text)
}

/// Brings spellings together that people type for one another: vowel signs and joiners go, Arabic forms of
/// letters become the Urdu ones, Arabic and Persian digits become `0` to `9`, and what is neither letter nor
/// digit becomes a space.
fn fold(text: &str) -> String {
    text.chars().filter(|&c| !is_sign(c)).map(fold_letter).collect()
}

/// Arabic vowel signs, the lengthening stroke, and joiners without width.
fn is_sign(c: char) -> bool {
    matches!(c, '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}' | '\u{640}' | '\u{200b}'..='\u{200f}')
}

fn fold_letter(c: char) -> char {
    match c {
        'ي' | 'ى' | 'ئ' => 'ی',
        'ك' => 'ک',
        'ه' | 'ھ' | 'ة' | 'ۂ' | 'ۃ' => 'ہ',
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ؤ' => 'و',
        'ۓ' => 'ے',
        '٠' | '۰' => '0',
        '١' | '۱' => '1',
        '٢' | '۲' => '2',
        '٣' | '۳' => '3',
        '٤' | '۴' => '4',
        '٥' | '۵' => '5',
        '٦' | '۶' => '6',
        '٧' | '۷' => '7',
        '٨' | '۸' => '8',
        '٩' | '۹' => '9',
        other if other.is_alphanumeric() => other,
        // Marks that belong to a letter of another script stay with it; the index drops them.
        mark @ '\u{300}'..='\u{36f}' => mark,
        _ => ' ',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_that_people_mix_fold_together() {
        assert_eq!(fold("كراچي"), fold("کراچی"));
        assert_eq!(fold("سكهر"), fold("سکھر"));
        assert_eq!(fold("گورنمنٹ ہائِی سکُول"), fold("گورنمنٹ ہائی سکول"));
        assert_eq!(fold("NA-۲۴۸"), "NA 248");
        assert_eq!(fold("\"drop\" OR (x*)"), " drop  OR  x  ");
    }
}
