//! The thirty-two figures as data: their names, formulas and targets in both languages.

/// How many there are.
pub const COUNT: usize = 32;
const FIELDS: usize = 8;

/// The number of a figure: `K01` is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kpi(pub u8);

impl std::fmt::Display for Kpi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "K{:02}", self.0)
    }
}

/// A text in English and in Urdu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Both {
    pub en: String,
    pub ur: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub kpi: Kpi,
    pub name: Both,
    pub formula: Both,
    pub target: Both,
    /// Shown on the wall on the day.
    pub wall: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    #[error("line {0} of the figures has not the eight fields of its head")]
    Fields(usize),
    #[error("line {0} of the figures is not the one that follows in the order K01 to K32")]
    Order(usize),
    #[error("line {0} of the figures lacks a text")]
    Text(usize),
}

impl Table {
    /// Reads `id,name,name_ur,formula,formula_ur,target,target_ur,wall`.
    ///
    /// # Errors
    /// [`TableError`] names the line.
    pub fn parse(csv: &str) -> Result<Self, TableError> {
        let mut lines = Vec::with_capacity(COUNT);
        for (number, text) in (1..).zip(csv.lines()).skip(1) {
            let cells: Vec<&str> = text.split(',').map(str::trim).collect();
            let [id, name, name_ur, formula, formula_ur, target, target_ur, wall] =
                <[&str; FIELDS]>::try_from(cells).map_err(|_other| TableError::Fields(number))?;
            let kpi = u8::try_from(lines.len() + 1).map_or(Kpi(0), Kpi);
            if kpi.to_string() != id {
                return Err(TableError::Order(number));
            }
            let texts = [name, name_ur, formula, formula_ur, target, target_ur];
            if texts.iter().any(|text| text.is_empty()) {
                return Err(TableError::Text(number));
            }
            let both = |en: &str, ur: &str| Both { en: en.to_owned(), ur: ur.to_owned() };
            lines.push(Line {
                kpi,
                name: both(name, name_ur),
                formula: both(formula, formula_ur),
                target: both(target, target_ur),
                wall: wall == "1",
            });
        }
        if lines.len() == COUNT { Ok(Self { lines }) } else { Err(TableError::Order(lines.len())) }
    }

    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }
}
