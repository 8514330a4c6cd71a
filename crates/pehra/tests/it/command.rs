//! The program itself, started as a person would start it.

use std::{
    path::Path,
    process::{Child, Command, Output, Stdio},
};

/// `pehra --data DIR …`, with nothing on its standard input.
pub(crate) fn pehra(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pehra"));
    command.arg("--data").arg(data).args(arguments).stdin(Stdio::null());
    command
}

/// Runs to the end and answers what was said.
pub(crate) fn run(data: &Path, arguments: &[&str]) -> Said {
    Said::of(&pehra(data, arguments).output().unwrap())
}

/// Runs to the end and demands success.
pub(crate) fn done(data: &Path, arguments: &[&str]) -> Said {
    let said = run(data, arguments);
    assert_eq!(said.code, Some(0), "pehra {arguments:?}: {}{}", said.out, said.err);
    said
}

/// Starts and goes on.
pub(crate) fn start(data: &Path, arguments: &[&str]) -> Child {
    pehra(data, arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    fn of(output: &Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(self.out.trim()).unwrap()
    }
}

/// The record is whole: every signature, hash and chain holds.
pub(crate) fn assert_whole(data: &Path) -> serde_json::Value {
    let report = done(data, &["prove", "verify", "--json"]).json();
    assert_eq!(report["damages"], 0, "{report}");
    assert_eq!(report["unsigned"], 0, "{report}");
    report
}
