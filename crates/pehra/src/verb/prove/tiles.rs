//! `pehra prove checkpoint` and `pehra prove tiles`: the tree as any client of such logs reads it.

use super::super::printer::Printer;
use anyhow::Context;
use std::path::Path;

pub(super) fn checkpoint(data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
    let node = crate::verb::open(data)?;
    if node.checkpoint()?.is_none() {
        printer.note("nothing came since the last checkpoint");
    }
    let report = node.tree_report()?;
    let newest = report.newest.context("this node has received nothing yet")?;
    printer.text(&newest.to_text());
    for fork in &report.forked {
        printer.note(&format!("a node signed two histories of its tree: {fork}"));
    }
    Ok(())
}

/// Layout of c2sp.org/tlog-tiles: `checkpoint`, `tile/LEVEL/INDEX`, `tile/entries/INDEX`.
pub(super) fn write(data: &Path, to: &Path, printer: &mut Printer) -> anyhow::Result<()> {
    printer.stop_on_ctrl_c();
    let node = crate::verb::open(data)?;
    let mut files = 0_u64;
    let size = node.tiles(&mut |path, bytes| {
        let path = to.join(path);
        let folder = path.parent().unwrap_or(to);
        std::fs::create_dir_all(folder)?;
        files += 1;
        std::fs::write(&path, bytes)
    })?;
    printer.line(&format!("{size} entries in {files} files below {}", to.display()));
    Ok(())
}
