//! The product's own small tables: comma-separated, UTF-8, one header line, fields quoted where they hold a comma.

use crate::facts::FactsError;

/// A table whose columns have been found by name.
pub(crate) struct Table<'t> {
    name: &'static str,
    columns: Vec<String>,
    text: &'t str,
}

/// One line of a table: its number in the file (the header is line 1) and its fields.
pub(crate) struct Row {
    name: &'static str,
    line: usize,
    fields: Vec<String>,
}

impl<'t> Table<'t> {
    /// # Errors
    /// [`FactsError::Column`] when the header lacks one of `columns`.
    pub(crate) fn open(
        name: &'static str,
        text: &'t str,
        columns: &[&'static str],
    ) -> Result<Self, FactsError> {
        let header = split(text.lines().next().unwrap_or_default());
        for &column in columns {
            if !header.iter().any(|found| found == column) {
                return Err(FactsError::Column { table: name, column });
            }
        }
        Ok(Self { name, columns: header, text })
    }

    /// The lines below the header; empty lines are passed over.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row> + '_ {
        self.text
            .lines()
            .enumerate()
            .skip(1)
            .filter(|(_, line)| !line.trim().is_empty())
            .map(|(index, line)| Row { name: self.name, line: index + 1, fields: split(line) })
    }

    /// The field of `row` below `column`; empty when the line is short.
    pub(crate) fn text<'r>(&self, row: &'r Row, column: &str) -> &'r str {
        self.columns
            .iter()
            .position(|found| found == column)
            .and_then(|index| row.fields.get(index))
            .map_or("", String::as_str)
    }

    /// # Errors
    /// [`FactsError::Value`] when the field does not read as a `T`.
    pub(crate) fn value<T: std::str::FromStr>(
        &self,
        row: &Row,
        column: &'static str,
    ) -> Result<T, FactsError> {
        let text = self.text(row, column);
        text.trim().parse().map_err(|_ignored| row.bad(column, text))
    }
}

impl Row {
    pub(crate) fn bad(&self, column: &'static str, text: &str) -> FactsError {
        FactsError::Value { table: self.name, line: self.line, column, was: text.to_owned() }
    }
}

/// Splits a line at commas outside quotes; a doubled quote inside quotes stands for one.
fn split(line: &str) -> Vec<String> {
    let mut fields = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut chars = line.trim_end_matches('\r').chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                field.push('"');
                chars.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            other => field.push(other),
        }
    }
    fields.push(field);
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_and_quotes_inside_quotes_are_text() {
        assert_eq!(split(r#"a,"b, ""c""",,d"#), ["a", r#"b, "c""#, "", "d"]);
        assert_eq!(split(""), [""]);
    }

    #[test]
    fn a_bad_number_is_named_with_its_place() {
        let table = Table::open("small.csv", "n,x\n1,2\n\n3,four\n", &["n", "x"]).unwrap();
        let rows: Vec<Row> = table.rows().collect();
        assert_eq!(table.value::<u32>(&rows[0], "x"), Ok(2));
        let error = table.value::<u32>(&rows[1], "x").unwrap_err();
        assert_eq!(error.to_string(), "small.csv, line 4: column \"x\" cannot be \"four\"");
        assert!(Table::open("small.csv", "n\n", &["x"]).is_err());
    }
}
