//! DIMACS files of minimum-cost flow, read piece by piece so that the text never lies in memory.
//!
//! ```text
//! c a comment
//! p min NODES LINKS
//! n NODE SUPPLY            nodes from 1; a demand is negative; nodes not named supply nothing
//! a TAIL HEAD LOWER CAPACITY COST
//! ```
//!
//! The format is that of the First DIMACS Implementation Challenge (1990–91), *The First DIMACS International
//! Algorithm Implementation Challenge: Problem Definitions and Specifications*.

use super::{Link, Network, NetworkError};

/// Why a text is no such file. Lines are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DimacsError {
    #[error("line {line}: begins with {found:?}; c, p, n or a was expected")]
    Kind { line: u64, found: String },
    #[error("line {line}: {expected} was expected")]
    Shape { line: u64, expected: &'static str },
    #[error("line {line}: {found:?} is not a whole number from {least} to {most}")]
    Number { line: u64, found: String, least: i64, most: i64 },
    #[error("line {line}: comes before the line \"p min NODES LINKS\"")]
    Early { line: u64 },
    #[error("line {line}: a second line \"p\"")]
    Twice { line: u64 },
    #[error("line {line}: node {node} was given a supply before")]
    SecondSupply { line: u64, node: i64 },
    #[error("line {line}: longer than {LINE_BYTES_MAX} bytes")]
    Long { line: u64 },
    #[error("{found} links where the line \"p\" promised {expected}")]
    LinkCount { found: usize, expected: usize },
    #[error("there is no line \"p min NODES LINKS\"")]
    Empty,
    #[error("line {line}: {error}")]
    Network { line: u64, error: NetworkError },
}

const LINE_BYTES_MAX: usize = 4_096;

/// Reads a file piece by piece.
#[derive(Debug, Default)]
pub struct Reader {
    rest: Vec<u8>,
    line: u64,
    network: Option<Network>,
    links: usize,
    named: Vec<bool>,
}

impl Reader {
    /// Reads the next piece; pieces may end anywhere.
    ///
    /// # Errors
    /// [`DimacsError`] names the line.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), DimacsError> {
        let mut bytes = bytes;
        while let Some(end) = bytes.iter().position(|&byte| byte == b'\n') {
            let (line, later) = bytes.split_at(end);
            bytes = later.get(1..).unwrap_or(&[]);
            if self.rest.is_empty() {
                self.take(line)?;
            } else {
                let mut whole = std::mem::take(&mut self.rest);
                whole.extend_from_slice(line);
                self.take(&whole)?;
                whole.clear();
                self.rest = whole;
            }
        }
        self.rest.extend_from_slice(bytes);
        if self.rest.len() > LINE_BYTES_MAX {
            return Err(DimacsError::Long { line: self.line + 1 });
        }
        Ok(())
    }

    /// The network, once everything was read.
    ///
    /// # Errors
    /// [`DimacsError`] when the file ended early.
    pub fn finish(mut self) -> Result<Network, DimacsError> {
        let last = std::mem::take(&mut self.rest);
        self.take(&last)?;
        let network = self.network.ok_or(DimacsError::Empty)?;
        let found = network.links().len();
        if found != self.links {
            return Err(DimacsError::LinkCount { found, expected: self.links });
        }
        Ok(network)
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), DimacsError> {
        self.line += 1;
        let line = self.line;
        if bytes.len() > LINE_BYTES_MAX {
            return Err(DimacsError::Long { line });
        }
        let mut words = bytes.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        match words.next() {
            None | Some(b"c") => Ok(()),
            Some(b"a") => self.link(&mut words),
            Some(b"n") => self.supply(&mut words),
            Some(b"p") => self.problem(&mut words),
            Some(other) => Err(DimacsError::Kind { line, found: text(other) }),
        }
    }

    fn problem<'a>(
        &mut self,
        words: &mut impl Iterator<Item = &'a [u8]>,
    ) -> Result<(), DimacsError> {
        let line = self.line;
        let shape = DimacsError::Shape { line, expected: "p min NODES LINKS" };
        if self.network.is_some() {
            return Err(DimacsError::Twice { line });
        }
        if words.next() != Some(b"min") {
            return Err(shape);
        }
        let nodes = number(words.next(), line, 0, signed(super::NODES_MAX), &shape)?;
        let links = number(words.next(), line, 0, signed(super::LINKS_MAX), &shape)?;
        end(words, shape)?;
        let nodes = usize::try_from(nodes).unwrap_or(0);
        let mut network = Network::try_new(vec![0; nodes])
            .map_err(|error| DimacsError::Network { line, error })?;
        self.links = usize::try_from(links).unwrap_or(0);
        // A promise is not yet a file: room for a few million at once, more as they come.
        network.links.reserve(self.links.min(1 << 23));
        self.named = vec![false; nodes];
        self.network = Some(network);
        Ok(())
    }

    fn supply<'a>(
        &mut self,
        words: &mut impl Iterator<Item = &'a [u8]>,
    ) -> Result<(), DimacsError> {
        let line = self.line;
        let shape = DimacsError::Shape { line, expected: "n NODE SUPPLY" };
        let network = self.network.as_mut().ok_or(DimacsError::Early { line })?;
        let node = number(words.next(), line, 1, signed(network.nodes()), &shape)?;
        let count = number(words.next(), line, -SUPPLY_MAX, SUPPLY_MAX, &shape)?;
        end(words, shape)?;
        let at = usize::try_from(node - 1).unwrap_or(0);
        if std::mem::replace(&mut self.named[at], true) {
            return Err(DimacsError::SecondSupply { line, node });
        }
        network.add_supply(at, count).map_err(|error| DimacsError::Network { line, error })
    }

    fn link<'a>(&mut self, words: &mut impl Iterator<Item = &'a [u8]>) -> Result<(), DimacsError> {
        let line = self.line;
        let shape = DimacsError::Shape { line, expected: "a TAIL HEAD LOWER CAPACITY COST" };
        let network = self.network.as_mut().ok_or(DimacsError::Early { line })?;
        let nodes = signed(network.nodes());
        let most = i64::from(u32::MAX);
        let mut next = |least, most| number(words.next(), line, least, most, &shape);
        let (tail, head) = (next(1, nodes)?, next(1, nodes)?);
        let (lower, capacity) = (next(0, most)?, next(0, most)?);
        let cost = next(-i64::from(i32::MAX), i64::from(i32::MAX))?;
        end(words, shape)?;
        let link = Link {
            tail: narrow(tail - 1),
            head: narrow(head - 1),
            capacity: narrow(capacity),
            cost: i32::try_from(cost).unwrap_or(0),
        };
        network.push_link(link, narrow(lower)).map_err(|error| DimacsError::Network { line, error })
    }
}

/// Supplies of a few quadrillion sum without overflow over all nodes.
const SUPPLY_MAX: i64 = 1 << 38;

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Only ever called with numbers that were checked to be within 32 bits.
fn narrow(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn text(word: &[u8]) -> String {
    String::from_utf8_lossy(word.get(..24).unwrap_or(word)).into_owned()
}

fn end<'a>(
    words: &mut impl Iterator<Item = &'a [u8]>,
    shape: DimacsError,
) -> Result<(), DimacsError> {
    if words.next().is_some() { Err(shape) } else { Ok(()) }
}

fn number(
    word: Option<&[u8]>,
    line: u64,
    least: i64,
    most: i64,
    shape: &DimacsError,
) -> Result<i64, DimacsError> {
    let word = word.ok_or_else(|| shape.clone())?;
    let (negative, digits) = match word.split_first() {
        Some((b'-', digits)) => (true, digits),
        _ => (false, word),
    };
    let bad = || DimacsError::Number { line, found: text(word), least, most };
    if digits.is_empty() || digits.len() > 18 {
        return Err(bad());
    }
    let mut value = 0_i64;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return Err(bad());
        }
        value = value * 10 + i64::from(digit - b'0');
    }
    let value = if negative { -value } else { value };
    if (least..=most).contains(&value) { Ok(value) } else { Err(bad()) }
}
