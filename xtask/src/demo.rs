//! From a fresh clone to the room with a nation in it.

use crate::{house::House, print, run::Job, web};
use anyhow::Result;
use std::time::Instant;

const PORT: &str = "8080";

pub(crate) fn demo(house: &House, arguments: &[String]) -> Result<()> {
    let start = Instant::now();
    let say = |what: &str| println!("[{:>4} s] {what}", start.elapsed().as_secs());
    say("1 of 3: the screens (npm ci when the lock changed, vite build)");
    web::build(house)?;
    say("2 of 3: the program (cargo build --release; the first time takes minutes)");
    Job::new(&house.root, "cargo", &["build", "--release", "--locked", "-p", "pehra"]).run()?;
    let mut rest: Vec<&str> = vec!["demo"];
    if !arguments.iter().any(|it| it == "--port" || it.starts_with("--port=")) {
        rest.extend(["--port", PORT]);
    }
    rest.extend(arguments.iter().map(String::as_str));
    let program = house.target().join("release").join("pehra");
    let mut behind = if print::program(house).is_file() {
        None
    } else {
        say(
            "behind it: the typesetter for `pehra plan pack`, with what the room leaves of the machine",
        );
        Some(print::build_behind(house)?)
    };
    say("3 of 3: the demo; Ctrl+C ends it");
    let ended = Job::new(&house.root, &program.to_string_lossy(), &rest).run();
    if let Some(behind) = &mut behind {
        // Half a build is no harm: cargo goes on where it stopped.
        let _gone = behind.kill();
        let _ended = behind.wait();
    }
    ended
}
