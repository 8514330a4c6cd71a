//! What a phone hands over, to a desk on a cable or from screen to camera: a mark, and records one after the other
//! ([`crate::bundle::record`]). It is not sealed and not signed as a whole; each entry in it proves itself.

/// What every parcel begins with: four letters and the version.
pub const MARK: [u8; 5] = *b"PhPa\x01";

/// The records of a parcel; none for anything else.
#[must_use]
pub fn open(bytes: &[u8]) -> Option<&[u8]> {
    bytes.strip_prefix(&MARK[..])
}

/// A parcel of records that are packed already.
#[must_use]
pub fn of(records: &[u8]) -> Vec<u8> {
    [&MARK[..], records].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::record::{Record, pack, unpack};

    #[test]
    fn a_parcel_opens_to_its_records_and_nothing_else_opens() {
        let records = vec![Record::Entry(vec![7; 300]), Record::Entry(vec![9; 2])];
        let packed = pack(&records);
        let parcel = of(packed.first().unwrap());
        let (read, damaged) = unpack(open(&parcel).unwrap());
        assert_eq!((read, damaged.len()), (records, 0));
        for other in [&b""[..], b"PhPa", b"PhPa\x02", b"PhBl\x01"] {
            assert_eq!(open(other), None);
        }
    }
}
