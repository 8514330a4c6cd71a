mod codes;
mod fixtures;
mod random;
mod real;

use super::*;
use std::ops::ControlFlow;

pub(super) const HEAD: &str = "province,constituency,ps_no,name,male_booths,female_booths,total_booths,male_voters,female_voters,total_voters,latitude,longitude";

pub(super) fn import_bytes(bytes: &[u8], context: &Context<'_>) -> StationImport {
    let mut input = bytes;
    import(&mut input, &StationOptions::default(), context, &mut |_| ControlFlow::Continue(()))
        .unwrap()
}

/// A list of the given lines under [`HEAD`].
pub(super) fn list(lines: &[&str]) -> StationImport {
    let text = format!("{HEAD}\n{}\n", lines.join("\n"));
    import_bytes(text.as_bytes(), &Context::default())
}

pub(super) fn finding<'a>(result: &'a StationImport, code: &str) -> &'a Finding {
    let found = result.findings.iter().find(|finding| finding.code == code);
    found.unwrap_or_else(|| panic!("{code} not in {:?}", result.counts))
}
