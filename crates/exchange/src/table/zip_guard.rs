//! Unpacks every part of a workbook into nothing, counting, before anything else opens it.

use super::TableError;
use pehra_domain::progress::{Watch, tell};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Largest workbook file, packed, in bytes.
pub const ZIP_BYTES_MAX: u64 = 192 * 1024 * 1024;
/// Largest sum of all parts, unpacked, in bytes.
pub const ZIP_INFLATED_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// Most times a part may grow when unpacked, once it is over 8 MiB. Sheets of figures reach about 30.
pub const ZIP_RATIO_MAX: u64 = 150;
/// Largest part that is no sheet, unpacked, in bytes: these are held in memory while sheets are read through.
pub const ZIP_HELD_BYTES_MAX: u64 = 96 * 1024 * 1024;
/// Most parts of a workbook.
pub const ZIP_ENTRIES_MAX: usize = 2_000;

const RATIO_FREE_BYTES: u64 = 8 * 1024 * 1024;

/// Counts what comes out, never what the directory claims. `inflated_bytes_max` is [`ZIP_INFLATED_BYTES_MAX`]
/// but in tests.
pub(super) fn check(
    bytes: &[u8],
    inflated_bytes_max: u64,
    watch: &mut Watch<'_>,
) -> Result<(), TableError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| broken(&e))?;
    if archive.len() > ZIP_ENTRIES_MAX {
        return Err(TableError::ZipEntries { entries: archive.len() });
    }
    let mut total = 0_u64;
    let mut sink = vec![0_u8; 256 * 1024];
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|e| broken(&e))?;
        let packed = entry.compressed_size().max(1);
        let name = entry.name().map(|name| name.into_owned()).unwrap_or_default();
        let mut inflated = 0_u64;
        loop {
            let count = entry.read(&mut sink).map_err(|e| broken(&e))?;
            if count == 0 {
                break;
            }
            let count = u64::try_from(count).unwrap_or(u64::MAX);
            inflated = inflated.saturating_add(count);
            total = total.saturating_add(count);
            if total > inflated_bytes_max {
                return Err(TableError::ZipTooLarge);
            }
            if inflated > ZIP_HELD_BYTES_MAX && !name.contains("worksheets/") {
                return Err(TableError::ZipTooLarge);
            }
            if inflated > RATIO_FREE_BYTES && inflated / packed > ZIP_RATIO_MAX {
                return Err(TableError::ZipRatio { entry: name });
            }
            tell(watch, "unpack", total, 0)?;
        }
    }
    Ok(())
}

fn broken(error: &dyn std::fmt::Display) -> TableError {
    TableError::ZipBroken(error.to_string())
}
