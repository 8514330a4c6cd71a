//! Programs that are started, watched and listened to.

use anyhow::{Context, Result, bail};
use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// A program with its arguments, in a folder.
pub(crate) struct Job<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) program: &'a str,
    pub(crate) arguments: Vec<String>,
    pub(crate) settings: Vec<(&'static str, String)>,
}

impl<'a> Job<'a> {
    pub(crate) fn new(folder: &'a Path, program: &'a str, arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(|&text| text.to_owned()).collect();
        Self { folder, program, arguments, settings: Vec::new() }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.settings.push((name, value.into()));
        self
    }

    /// Below the priority of whatever else runs, where the machine has the means.
    pub(crate) fn below(mut self, steps: &str) -> Self {
        if on_path(&["nice"]).is_some() {
            let rest = std::mem::take(&mut self.arguments);
            self.arguments =
                ["-n", steps, self.program].into_iter().map(str::to_owned).chain(rest).collect();
            self.program = "nice";
        }
        self
    }

    fn line(&self) -> String {
        format!("{} {}", self.program, self.arguments.join(" "))
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(self.program);
        command.args(&self.arguments).current_dir(self.folder);
        for (name, value) in &self.settings {
            command.env(name, value);
        }
        command
    }

    /// Runs to the end; its output goes where ours goes.
    pub(crate) fn run(&self) -> Result<()> {
        println!("$ {}", self.line());
        let status = self
            .command()
            .status()
            .with_context(|| format!("{} could not be started: is it installed?", self.program))?;
        if !status.success() {
            bail!("`{}` ended with {status}", self.line());
        }
        Ok(())
    }

    /// Runs to the end, passing standard output on line by line and keeping it. The second value says whether the
    /// program was content.
    pub(crate) fn listen(&self) -> Result<(String, bool)> {
        println!("$ {}", self.line());
        let mut child =
            self.command().stdout(Stdio::piped()).spawn().with_context(|| {
                format!("{} could not be started: is it installed?", self.program)
            })?;
        let mut heard = String::new();
        if let Some(output) = child.stdout.take() {
            let mut reader = BufReader::new(output);
            let mut line = Vec::new();
            while reader.read_until(b'\n', &mut line)? > 0 {
                let text = String::from_utf8_lossy(&line);
                print!("{text}");
                std::io::stdout().flush()?;
                heard.push_str(&text);
                line.clear();
            }
        }
        Ok((heard, child.wait()?.success()))
    }

    /// Runs quietly and gives standard output; none when it cannot be started or is not content.
    pub(crate) fn ask(&self) -> Option<String> {
        let output = self.command().stderr(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// The first of these programs that the path holds.
pub(crate) fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|program| program.is_file())
}
