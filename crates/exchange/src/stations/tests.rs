mod real;

use super::*;
use std::ops::ControlFlow;

pub(super) fn import_bytes(bytes: &[u8], context: &Context<'_>) -> StationImport {
    let mut input = bytes;
    import(&mut input, &StationOptions::default(), context, &mut |_| ControlFlow::Continue(()))
        .unwrap()
}
