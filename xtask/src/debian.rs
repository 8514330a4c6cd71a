//! Programs of others that tests and stories need: installed as root on Debian, otherwise named.

use crate::run::{Job, on_path};
use anyhow::{Result, bail};
use std::path::Path;

/// Real other ends of the tests: the program, and the package that brings it.
const OTHER_ENDS: &[(&str, &str)] = &[
    ("direwolf", "direwolf"),
    ("smsbox", "kannel"),
    ("/usr/lib/kannel/test/fakesmsc", "kannel-extras"),
    ("ffmpeg", "ffmpeg"),
    ("faketime", "faketime"),
    // Puts the authority of a room into a browser's own store, and gives this machine a private address where it has none.
    ("certutil", "libnss3-tools"),
    ("ip", "iproute2"),
    // The RTSP server that cameras are tested against; libraries have no program to look for.
    ("/usr/share/doc/gir1.2-gst-rtsp-server-1.0/copyright", "gir1.2-gst-rtsp-server-1.0"),
    ("/usr/share/doc/gstreamer1.0-plugins-base/copyright", "gstreamer1.0-plugins-base"),
    ("/usr/share/doc/gstreamer1.0-plugins-good/copyright", "gstreamer1.0-plugins-good"),
    ("/usr/share/doc/gstreamer1.0-plugins-ugly/copyright", "gstreamer1.0-plugins-ugly"),
    ("/usr/share/doc/python3-gi/copyright", "python3-gi"),
];

/// Installs a package, or says how to.
pub(crate) fn install(package: &str, otherwise: &str) -> Result<()> {
    let here = Path::new("/");
    let root = Job::new(here, "id", &["-u"]).ask().is_some_and(|id| id.trim() == "0");
    if !root || on_path(&["apt-get"]).is_none() {
        bail!(
            "{package} is missing, and it can be installed here only as root on Debian: \
             run `apt-get install -y {package}` {otherwise}"
        );
    }
    let quiet = |arguments: &[&str]| {
        Job::new(here, "apt-get", arguments).with("DEBIAN_FRONTEND", "noninteractive").run()
    };
    quiet(&["update", "-qq"])?;
    quiet(&["install", "-y", "-qq", "--no-install-recommends", package])
}

/// Everything that the tests talk to.
pub(crate) fn other_ends() -> Result<()> {
    for (program, package) in OTHER_ENDS {
        if on_path(&[program]).is_none() && !Path::new(program).is_file() {
            install(package, "before the tests")?;
        }
    }
    Ok(())
}
