//! What the side that asks says, as bytes.

use super::*;

pub(super) fn write(w: &mut Writer, ask: &Ask) {
    match ask {
        Ask::Compare { key, statements, forks, heights } => {
            w.uint(0_u8).array(4).bytes(&key.0);
            for summary in [statements, forks, heights] {
                write_summary(w, summary);
            }
        }
        Ask::Symbols { set, from, count } => {
            w.uint(1_u8).array(3).uint(set.code()).uint(*from).uint(*count);
        }
        Ask::Names { set } => {
            w.uint(2_u8).array(1).uint(set.code());
        }
        Ask::Groups => {
            w.uint(3_u8).array(0);
        }
        Ask::Frontier(frontier) => {
            w.uint(4_u8);
            write_frontier(w, frontier);
        }
        Ask::TellFrontier { basis, groups } => {
            w.uint(5_u8).array(2).bytes(basis).bytes(groups);
        }
        Ask::Want { set, elements } => {
            w.uint(6_u8).array(2).uint(set.code()).bytes(&joined(elements));
        }
        Ask::WantEntries { stretches } => {
            w.uint(7_u8).array(stretches.len());
            for stretch in stretches {
                w.array(3).bytes(&stretch.tag.0).uint(stretch.from);
                w.uint(stretch.until.unwrap_or(0));
            }
        }
        Ask::Pull { line, seq } => {
            w.uint(8_u8).array(2).uint(*line).uint(*seq);
        }
        Ask::GiveStatements { statements } => {
            w.uint(9_u8);
            write_statements(w, statements);
        }
        Ask::GiveForks { forks } => {
            w.uint(10_u8);
            write_forks(w, forks);
        }
        Ask::GiveEntries { entries } => {
            w.uint(11_u8);
            write_list(w, entries);
        }
        Ask::WantPayloads { places } => {
            w.uint(12_u8).array(places.len());
            for place in places {
                w.array(3).bytes(&place.device.0).uint(place.epoch).uint(place.seq);
            }
        }
        Ask::WantObject { manifest, chunk, from } => {
            let chunk = chunk.map_or(Vec::new(), |chunk| chunk.0.to_vec());
            w.uint(13_u8).array(3).bytes(&manifest.0).bytes(&chunk).uint(*from);
        }
        Ask::End => {
            w.uint(14_u8).array(0);
        }
        Ask::Sketch { basis, from, count } => {
            w.uint(15_u8).array(3).bytes(basis).uint(*from).uint(*count);
        }
        Ask::WantRows { count, packed } => {
            w.uint(16_u8).array(2).uint(*count).bytes(packed);
        }
        Ask::WantFile { file, want } => write_want_file(w, file, want.as_ref()),
    }
}

pub(super) fn read(r: &mut Reader<'_>) -> Result<Ask, CanonicalError> {
    let at = r.at();
    Ok(match r.u8()? {
        0 => {
            r.array_of(4)?;
            let key = Key(r.exact()?);
            let (statements, forks) = (read_summary(r)?, read_summary(r)?);
            Ask::Compare { key, statements, forks, heights: read_summary(r)? }
        }
        1 => {
            r.array_of(3)?;
            Ask::Symbols { set: Set::read(r)?, from: r.u32()?, count: r.u32()? }
        }
        2 => {
            r.array_of(1)?;
            Ask::Names { set: Set::read(r)? }
        }
        3 => {
            r.array_of(0)?;
            Ask::Groups
        }
        4 => Ask::Frontier(read_frontier(r)?),
        5 => {
            r.array_of(2)?;
            Ask::TellFrontier { basis: r.exact()?, groups: r.bytes(GROUPS_MAX / 8)?.to_vec() }
        }
        6 => {
            r.array_of(2)?;
            Ask::Want { set: Set::read(r)?, elements: read_elements(r, LIST_MAX)? }
        }
        7 => Ask::WantEntries { stretches: read_all(r, LIST_MAX, read_stretch)? },
        8 => {
            r.array_of(2)?;
            Ask::Pull { line: r.u32()?, seq: r.uint(SEQ_MAX)? }
        }
        9 => Ask::GiveStatements { statements: read_statements(r)? },
        10 => Ask::GiveForks { forks: read_all(r, LIST_MAX, read_fork)? },
        11 => Ask::GiveEntries { entries: read_entries(r)? },
        12 => {
            let place = |r: &mut Reader<'_>| {
                r.array_of(3)?;
                decode_place(r)
            };
            Ask::WantPayloads { places: read_all(r, LIST_MAX, place)? }
        }
        13 => read_want_object(r)?,
        14 => {
            r.array_of(0)?;
            Ask::End
        }
        15 => {
            r.array_of(3)?;
            Ask::Sketch { basis: r.exact()?, from: r.u32()?, count: r.u32()? }
        }
        16 => {
            r.array_of(2)?;
            Ask::WantRows { count: r.u32()?, packed: r.bytes(PACKED_BYTES_MAX)?.to_vec() }
        }
        17 => read_want_file(r)?,
        _ => return Err(CanonicalError::WrongType { at }),
    })
}

fn read_want_object(r: &mut Reader<'_>) -> Result<Ask, CanonicalError> {
    r.array_of(3)?;
    let manifest = Hash(r.exact()?);
    let at = r.at();
    let chunk = match r.bytes(32)? {
        [] => None,
        bytes => {
            Some(Hash(bytes.try_into().map_err(|_at_is_enough| CanonicalError::WrongType { at })?))
        }
    };
    Ok(Ask::WantObject { manifest, chunk, from: r.uint(u64::MAX)? })
}

fn write_want_file(w: &mut Writer, file: &Hash, want: Option<&Want>) {
    let want = want.map_or(Vec::new(), Want::encode);
    w.uint(17_u8).array(2).bytes(&file.0).bytes(&want);
}

fn read_want_file(r: &mut Reader<'_>) -> Result<Ask, CanonicalError> {
    r.array_of(2)?;
    let file = Hash(r.exact()?);
    let want = match r.bytes(WANT_BYTES_MAX)? {
        [] => None,
        bytes => Some(Want::decode(bytes)?),
    };
    Ok(Ask::WantFile { file, want })
}
