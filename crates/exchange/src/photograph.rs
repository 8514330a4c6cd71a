//! Photographs of a building: a JPEG file without everything that is not the picture.
//!
//! A camera writes more than it shows: where it stood, whose telephone it is, when, an older version of the picture.
//! Only the segments that a decoder needs are kept (ITU-T T.81, annex B); comments, application data and whatever
//! follows the end are dropped. What the picture shows is the photographer's duty: the forms say so.

/// Longest file. A screen's worth of a building at usual quality has a fifth of it.
pub const BYTES_MAX: usize = 1_000_000;
/// Longest side, in pixels.
pub const SIDE_MAX: u16 = 4_096;
/// Shortest side: nothing can be seen on less.
pub const SIDE_MIN: u16 = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhotographError {
    #[error("the photograph has {0} bytes, at most {BYTES_MAX} are kept: make it smaller")]
    TooLarge(usize),
    #[error("this is no JPEG picture")]
    NotJpeg,
    #[error("the picture breaks off or is damaged at byte {0}")]
    Damaged(usize),
    #[error(
        "the picture has {0} by {1} pixels, between {SIDE_MIN} and {SIDE_MAX} a side are taken"
    )]
    Size(u16, u16),
}

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
/// Quantisation, Huffman and restart tables, number of lines.
const TABLES: [u8; 4] = [0xdb, 0xc4, 0xdd, 0xdc];
/// Adobe's application segment says how colours are to be read; nothing else in it is known to name anybody.
const COLOURS: u8 = 0xee;
const COLOURS_LENGTH: usize = 14;

/// Frames of pictures that browsers show: baseline, extended, progressive.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xc2)
}

/// The picture alone.
///
/// # Errors
/// [`PhotographError`] says what is wrong with the file; nothing is repaired.
pub fn cleaned(file: &[u8]) -> Result<Vec<u8>, PhotographError> {
    if file.len() > BYTES_MAX {
        return Err(PhotographError::TooLarge(file.len()));
    }
    if file.get(..2) != Some(&[0xff, START]) {
        return Err(PhotographError::NotJpeg);
    }
    let mut kept = vec![0xff, START];
    let mut at = 2;
    let (mut framed, mut scanned) = (false, false);
    loop {
        let (marker, begins) = marker(file, at)?;
        if marker == END {
            if !scanned {
                return Err(PhotographError::Damaged(at));
            }
            kept.extend([0xff, END]);
            return Ok(kept);
        }
        let content = segment(file, begins)?;
        let ends = begins + 2 + content.len();
        let wanted = if is_frame(marker) {
            if framed {
                return Err(PhotographError::Damaged(at));
            }
            check_frame(content, begins)?;
            framed = true;
            true
        } else if marker == SCAN {
            if !framed {
                return Err(PhotographError::Damaged(at));
            }
            scanned = true;
            true
        } else {
            let colours = marker == COLOURS
                && content.starts_with(b"Adobe")
                && content.len() + 2 == COLOURS_LENGTH;
            colours || TABLES.contains(&marker)
        };
        if wanted {
            kept.extend([0xff, marker]);
            kept.extend(file.get(begins..ends).unwrap_or_default());
        }
        at = ends;
        if marker == SCAN {
            let data = scan(file, ends)?;
            kept.extend(file.get(ends..data).unwrap_or_default());
            at = data;
        }
    }
}

/// The next marker, past its fill bytes, and where its length stands.
fn marker(file: &[u8], at: usize) -> Result<(u8, usize), PhotographError> {
    let damaged = PhotographError::Damaged(at);
    let rest = file.get(at..).ok_or(damaged)?;
    if rest.first() != Some(&0xff) {
        return Err(damaged);
    }
    let fill = rest.iter().take_while(|byte| **byte == 0xff).count();
    match rest.get(fill) {
        // Restart marks and escapes belong inside a scan, a second start nowhere.
        None | Some(0 | 0x01 | 0xd0..=0xd8) => Err(damaged),
        Some(marker) => Ok((*marker, at + fill + 1)),
    }
}

/// The content of a segment whose two bytes of length stand at `begins`.
fn segment(file: &[u8], begins: usize) -> Result<&[u8], PhotographError> {
    let damaged = PhotographError::Damaged(begins);
    let length = file.get(begins..begins + 2).ok_or(damaged)?;
    let length = length.iter().fold(0, |sum, byte| sum * 256 + usize::from(*byte));
    if length < 2 {
        return Err(damaged);
    }
    file.get(begins + 2..begins + length).ok_or(damaged)
}

/// Precision, height, width.
fn check_frame(content: &[u8], at: usize) -> Result<(), PhotographError> {
    let &[_, high, low, wide, narrow, ..] = content else {
        return Err(PhotographError::Damaged(at));
    };
    let height = u16::from_be_bytes([high, low]);
    let width = u16::from_be_bytes([wide, narrow]);
    let allowed = SIDE_MIN..=SIDE_MAX;
    if allowed.contains(&height) && allowed.contains(&width) {
        Ok(())
    } else {
        Err(PhotographError::Size(width, height))
    }
}

/// Where the coded data of a scan end: at the first marker that is no escape and no restart.
fn scan(file: &[u8], from: usize) -> Result<usize, PhotographError> {
    let data = file.get(from..).unwrap_or_default();
    let ends = data.windows(2).position(
        |pair| matches!(pair, [0xff, marker] if !matches!(marker, 0 | 0xff | 0xd0..=0xd7)),
    );
    ends.map(|ends| from + ends).ok_or(PhotographError::Damaged(file.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn part(marker: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker], &length[..], content].concat()
    }

    fn frame(width: u16, height: u16) -> Vec<u8> {
        let (w, h) = (width.to_be_bytes(), height.to_be_bytes());
        part(0xc0, &[8, h[0], h[1], w[0], w[1], 1, 1, 0x11, 0])
    }

    const CODED: [u8; 9] = [1, 2, 0xff, 0, 3, 0xff, 0xd0, 4, 5];

    /// A picture of two scans with what a telephone adds.
    fn picture(extra: &[u8]) -> Vec<u8> {
        let mut file = vec![0xff, START];
        file.extend(extra);
        file.extend(part(0xdb, &[0; 65]));
        file.extend(frame(640, 480));
        file.extend(part(0xc4, &[0; 30]));
        for _ in 0..2 {
            file.extend(part(SCAN, &[1, 1, 0, 0, 63, 0]));
            file.extend(CODED);
        }
        file.extend([0xff, END]);
        file
    }

    #[test]
    fn the_picture_is_kept_byte_for_byte_and_what_the_telephone_adds_goes() {
        let plain = picture(&[]);
        assert_eq!(cleaned(&plain).unwrap(), plain);
        let mut extra = part(0xe1, b"Exif\0\0 latitude 24.86 serial number");
        extra.extend(part(0xe2, b"MPF the picture before this one"));
        extra.extend(part(0xfe, b"taken by"));
        extra.extend([0xff, 0xff]);
        extra.extend(&part(0xe0, b"JFIF\0 with a thumbnail")[1..]);
        let mut file = picture(&extra);
        file.extend(b"a film of three seconds");
        assert_eq!(cleaned(&file).unwrap(), plain);
        let colours = part(COLOURS, b"Adobe\0\x64\0\0\0\0\x01");
        assert_eq!(cleaned(&picture(&colours)).unwrap(), picture(&colours));
        let odd = part(COLOURS, b"Adobe\0\x64\0\0\0\0\x01 and more");
        assert_eq!(cleaned(&picture(&odd)).unwrap(), plain);
    }

    #[test]
    fn what_is_no_whole_picture_is_refused() {
        let whole = picture(&[]);
        for cut in 0..whole.len() {
            assert!(cleaned(&whole[..cut]).is_err(), "cut at {cut}");
        }
        assert_eq!(cleaned(b"\x89PNG"), Err(PhotographError::NotJpeg));
        assert_eq!(cleaned(&[0xff, START, 0xff, END]), Err(PhotographError::Damaged(2)));
        let large = vec![0; BYTES_MAX + 1];
        assert_eq!(cleaned(&large), Err(PhotographError::TooLarge(BYTES_MAX + 1)));
        let mut small = vec![0xff, START];
        small.extend(frame(20, 480));
        assert_eq!(cleaned(&small), Err(PhotographError::Size(20, 480)));
        let mut twice = vec![0xff, START];
        twice.extend(frame(640, 480));
        let second = twice.len();
        twice.extend(frame(640, 480));
        assert_eq!(cleaned(&twice), Err(PhotographError::Damaged(second)));
    }

    proptest! {
        #[test]
        fn no_bytes_bring_it_down_and_clean_is_clean(mut bytes in proptest::collection::vec(any::<u8>(), 0..400), at in 0_usize..200, value in any::<u8>()) {
            let _any = cleaned(&bytes);
            bytes.splice(0..0, [0xff, START]);
            let _any = cleaned(&bytes);
            let mut file = picture(&[]);
            if let Some(byte) = file.get_mut(at) {
                *byte = value;
            }
            if let Ok(once) = cleaned(&file) {
                prop_assert_eq!(cleaned(&once), Ok(once.clone()));
            }
        }
    }
}
