//! Ways between all candidates and all customers, and the OR-Library's files of them.

/// A full table of ways, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    columns: usize,
    cells: Vec<i64>,
}

impl Matrix {
    /// A table from its rows; short rows are filled with nought, long ones cut.
    #[must_use]
    pub fn from_rows(rows: &[Vec<i64>]) -> Self {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let cells = rows
            .iter()
            .flat_map(|row| row.iter().copied().chain(std::iter::repeat(0)).take(columns))
            .collect();
        Self { columns, cells }
    }

    #[must_use]
    pub fn rows(&self) -> usize {
        self.cells.len().checked_div(self.columns).unwrap_or(0)
    }

    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    #[must_use]
    pub fn row(&self, row: usize) -> &[i64] {
        &self.cells[row * self.columns..(row + 1) * self.columns]
    }

    #[must_use]
    pub fn get(&self, row: usize, column: usize) -> i64 {
        self.cells[row * self.columns + column]
    }
}

/// Why a text is no p-median file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MedianFileError {
    #[error("begins with VERTICES EDGES MEDIANS; {0} was found")]
    Head(String),
    #[error("{found:?} (word {word}) is not a whole number from {least} to {most}")]
    Number { word: usize, found: String, least: i64, most: i64 },
    #[error("{expected} edges were promised, the file ends after {found}")]
    Ended { expected: usize, found: usize },
    #[error("vertex {0} cannot be reached from vertex 1")]
    Unreachable(usize),
}

/// Most vertices of a file: the table of all ways then takes 800 MB.
pub const VERTICES_MAX: i64 = 10_000;

/// Reads an OR-Library p-median file: `n m p`, then `m` undirected edges `i j length`, of which the last one for a
/// pair holds (Beasley 1985; <http://people.brunel.ac.uk/~mastjjb/jeb/orlib/pmedinfo.html>). All-pairs shortest
/// paths make the table. Also gives `p`.
///
/// # Errors
/// [`MedianFileError`].
pub fn read(text: &str) -> Result<(Matrix, usize), MedianFileError> {
    let mut words = text.split_whitespace().enumerate();
    let mut next = |least: i64, most: i64| match words.next() {
        None => Ok(None),
        Some((word, found)) => match found.parse::<i64>() {
            Ok(number) if (least..=most).contains(&number) => Ok(Some(number)),
            _ => Err(MedianFileError::Number {
                word: word + 1,
                found: found.to_owned(),
                least,
                most,
            }),
        },
    };
    let head = |number: Option<i64>| {
        number.ok_or_else(|| MedianFileError::Head("the end of the file".to_owned()))
    };
    let vertices = head(next(1, VERTICES_MAX)?)?;
    let edges = head(next(0, i64::from(u32::MAX))?)?;
    let medians = head(next(1, vertices)?)?;
    let count = usize::try_from(vertices).unwrap_or(0);
    let far = i64::MAX / 4;
    let mut cells = vec![far; count * count];
    for vertex in 0..count {
        cells[vertex * count + vertex] = 0;
    }
    for edge in 0..edges {
        let (Some(from), Some(to), Some(length)) =
            (next(1, vertices)?, next(1, vertices)?, next(0, 1 << 32)?)
        else {
            let (expected, found) =
                (usize::try_from(edges).unwrap_or(0), usize::try_from(edge).unwrap_or(0));
            return Err(MedianFileError::Ended { expected, found });
        };
        let (from, to) =
            (usize::try_from(from - 1).unwrap_or(0), usize::try_from(to - 1).unwrap_or(0));
        if from != to {
            cells[from * count + to] = length;
            cells[to * count + from] = length;
        }
    }
    shorten(&mut cells, count);
    match cells.iter().take(count).position(|&way| way >= far) {
        Some(vertex) => Err(MedianFileError::Unreachable(vertex + 1)),
        None => Ok((Matrix { columns: count, cells }, usize::try_from(medians).unwrap_or(0))),
    }
}

/// Floyd's all-pairs shortest paths.
fn shorten(cells: &mut [i64], count: usize) {
    for middle in 0..count {
        let through = cells[middle * count..(middle + 1) * count].to_vec();
        for row in cells.chunks_exact_mut(count) {
            let first = row[middle];
            if first >= i64::MAX / 4 {
                continue;
            }
            for (way, &second) in row.iter_mut().zip(&through) {
                *way = (*way).min(first + second);
            }
        }
    }
}
