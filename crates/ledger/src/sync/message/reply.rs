//! What the side that answers says, as bytes.

use super::*;

pub(super) fn write(w: &mut Writer, reply: &Reply) {
    match reply {
        Reply::Compared { sets, basis, entries } => {
            w.uint(0_u8).array(5);
            sets.iter().for_each(|set| write_differing(w, set.as_ref()));
            w.bytes(basis).uint(*entries);
        }
        Reply::Symbols { symbols } => {
            let bytes = |one: &Symbol| [&one.sum.0[..], &one.check.to_be_bytes()].concat();
            let bytes: Vec<u8> = symbols.iter().flat_map(bytes).collect();
            w.uint(1_u8).array(1).bytes(&bytes);
        }
        Reply::Names { elements } => {
            w.uint(2_u8).array(1).bytes(&joined(elements));
        }
        Reply::Groups { digests } => {
            let bytes: Vec<u8> = digests.iter().flatten().copied().collect();
            w.uint(3_u8).array(1).bytes(&bytes);
        }
        Reply::Frontier(frontier) => {
            w.uint(4_u8);
            write_frontier(w, frontier);
        }
        Reply::Lacks { packed, later } => {
            w.uint(5_u8).array(2).bytes(packed).array(later.len());
            for next in later {
                w.uint(*next);
            }
        }
        Reply::Statements { statements } => {
            w.uint(6_u8);
            write_statements(w, statements);
        }
        Reply::Forks { forks } => {
            w.uint(7_u8);
            write_forks(w, forks);
        }
        Reply::Entries { entries, next } => {
            w.uint(8_u8).array(2);
            write_list(w, entries);
            match next {
                None => w.null(),
                Some((line, seq)) => w.array(2).uint(*line).uint(*seq),
            };
        }
        Reply::Took { new } => {
            w.uint(9_u8).array(1).uint(*new);
        }
        Reply::Object { length, bytes } => {
            w.uint(10_u8).array(2).uint(*length).bytes(bytes);
        }
        Reply::FileList { manifest } => {
            w.uint(16_u8).array(1).bytes(manifest);
        }
        Reply::FileParts { parts } => write_file_parts(w, parts),
        Reply::Absent => nothing(w, 11),
        Reply::Stale => nothing(w, 12),
        Reply::Ended => nothing(w, 13),
        Reply::Sketch { cells } => {
            let bytes: Vec<u8> = cells.iter().flat_map(|cell| cell.to_bytes()).collect();
            w.uint(15_u8).array(1).bytes(&bytes);
        }
        Reply::Refused { why } => {
            w.uint(14_u8).array(1).text(why);
        }
    }
}

pub(super) fn read(r: &mut Reader<'_>) -> Result<Reply, CanonicalError> {
    let at = r.at();
    Ok(match r.u8()? {
        0 => {
            r.array_of(5)?;
            let sets = Box::new([read_differing(r)?, read_differing(r)?, read_differing(r)?]);
            Reply::Compared { sets, basis: r.exact()?, entries: r.uint(u64::MAX)? }
        }
        1 => {
            r.array_of(1)?;
            let at = r.at();
            let bytes = r.bytes(SYMBOLS_MAX * SYMBOL_BYTES)?;
            let (whole, rest) = bytes.as_chunks::<SYMBOL_BYTES>();
            if !rest.is_empty() {
                return Err(CanonicalError::WrongType { at });
            }
            Reply::Symbols { symbols: whole.iter().map(symbol).collect() }
        }
        2 => {
            r.array_of(1)?;
            Reply::Names { elements: read_elements(r, NAMES_MAX)? }
        }
        3 => {
            r.array_of(1)?;
            let at = r.at();
            let (whole, rest) = r.bytes(GROUPS_MAX * 8)?.as_chunks::<8>();
            if !rest.is_empty() {
                return Err(CanonicalError::WrongType { at });
            }
            Reply::Groups { digests: whole.to_vec() }
        }
        4 => Reply::Frontier(read_frontier(r)?),
        5 => {
            r.array_of(2)?;
            let packed = r.bytes(PACKED_BYTES_MAX)?.to_vec();
            Reply::Lacks { packed, later: read_all(r, NAMES_MAX, |r| r.uint(SEQ_MAX + 1))? }
        }
        6 => Reply::Statements { statements: read_statements(r)? },
        7 => Reply::Forks { forks: read_all(r, LIST_MAX, read_fork)? },
        8 => read_part(r)?,
        9 => {
            r.array_of(1)?;
            Reply::Took { new: r.u32()? }
        }
        10 => {
            r.array_of(2)?;
            Reply::Object { length: r.uint(u64::MAX)?, bytes: r.bytes(CHUNK_BYTES_MAX)?.to_vec() }
        }
        11 => r.array_of(0).map(|()| Reply::Absent)?,
        12 => r.array_of(0).map(|()| Reply::Stale)?,
        13 => r.array_of(0).map(|()| Reply::Ended)?,
        14 => {
            r.array_of(1)?;
            Reply::Refused { why: r.text(256)?.to_owned() }
        }
        15 => read_cells(r)?,
        16 => {
            r.array_of(1)?;
            Reply::FileList { manifest: r.bytes(MANIFEST_BYTES_MAX)?.to_vec() }
        }
        17 => Reply::FileParts {
            parts: read_all(r, FILE_PARTS_MAX, |r| Part::decode(r.bytes(FILE_PART_BYTES_MAX)?))?,
        },
        _ => return Err(CanonicalError::WrongType { at }),
    })
}

fn nothing(w: &mut Writer, kind: u8) {
    w.uint(kind).array(0);
}

fn write_differing(w: &mut Writer, set: Option<&(Summary, Parity)>) {
    let Some((summary, parity)) = set else {
        w.null();
        return;
    };
    let bits: Vec<u8> = parity.0.iter().flat_map(|row| row.to_be_bytes()).collect();
    w.array(2);
    write_summary(w, summary);
    w.bytes(&bits);
}

fn read_part(r: &mut Reader<'_>) -> Result<Reply, CanonicalError> {
    r.array_of(2)?;
    let entries = read_entries(r)?;
    if r.is_null()? {
        return Ok(Reply::Entries { entries, next: None });
    }
    r.array_of(2)?;
    let next = Some((r.u32()?, r.uint(SEQ_MAX)?));
    Ok(Reply::Entries { entries, next })
}

fn read_cells(r: &mut Reader<'_>) -> Result<Reply, CanonicalError> {
    r.array_of(1)?;
    let at = r.at();
    let (whole, rest) = r.bytes(CELLS_MAX * CELL_BYTES)?.as_chunks::<CELL_BYTES>();
    let cells: Vec<Cell> = whole.iter().map(|bytes| Cell::from_bytes(*bytes)).collect();
    let canonical = cells.iter().zip(whole).all(|(cell, bytes)| cell.to_bytes() == *bytes);
    if rest.is_empty() && canonical {
        Ok(Reply::Sketch { cells })
    } else {
        Err(CanonicalError::WrongType { at })
    }
}

fn write_file_parts(w: &mut Writer, parts: &[Part]) {
    w.uint(17_u8).array(parts.len());
    for part in parts {
        w.bytes(&part.encode());
    }
}
