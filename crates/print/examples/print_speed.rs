//! `cargo xtask bench print [PAGES]`: real sheets of a generated district, altered in every copy, through the program with two
//! hands and a bound of 600 MB. Figures, never verdicts.
#![expect(clippy::print_stdout, reason = "a measurement is told")]

use pehra_domain::sheet::{Job, Reply};
use std::{
    error::Error,
    fs,
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
    time::Instant,
};

const SHEETS: &str = include_str!("../fixtures/sheets.jsonl");

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let program = words.next().ok_or("which program? give the path of pehra-print")?;
    let wanted: u64 = words.next().map_or(Ok(2_000), |word| word.parse())?;
    let jobs: Vec<&str> = SHEETS.lines().collect();
    let folder = std::env::temp_dir().join(format!("pehra-print-speed-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let mut child = Command::new(program)
        .args(["--hands", "2", "--memory-mb", "600"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut input = child.stdin.take().ok_or("no pipe")?;
    let mut output = BufReader::new(child.stdout.take().ok_or("no pipe")?).lines();
    let ready = output.next().ok_or("it says nothing")??;
    println!("{ready}");
    let start = Instant::now();
    let (mut given, mut answered, mut pages, mut bytes) = (0_u64, 0_u64, 0_u64, 0_u64);
    let mut most_kb = 0;
    while pages < wanted {
        while given < answered + 8 {
            let Some(line) = jobs.get(usize::try_from(given)? % jobs.len()) else { break };
            // Another place in every copy: nothing is found ready in a cache that would not be there in a district.
            let altered = line.replace("Model Town", &format!("Model Town {given}"));
            let mut job: Job = serde_json::from_str(&altered)?;
            job.number = given + 1;
            job.to = folder.join(format!("{given}.pdf")).to_string_lossy().into_owned();
            serde_json::to_writer(&mut input, &job)?;
            input.write_all(b"\n")?;
            given += 1;
        }
        let line = output.next().ok_or("it ended early")??;
        match serde_json::from_str(&line)? {
            Reply::Done { pages: more, bytes: size, .. } => {
                answered += 1;
                pages += u64::from(more);
                bytes += size;
            }
            Reply::Failed { number, reason } => return Err(format!("{number}: {reason}").into()),
            Reply::Ready { .. } => {}
        }
        most_kb = most_kb.max(high_water_kb(child.id()));
    }
    let seconds = start.elapsed().as_secs_f64();
    let processor = processor_s(child.id());
    drop(input);
    child.kill()?;
    child.wait()?;
    fs::remove_dir_all(&folder)?;
    println!(
        "{pages} pages in {answered} documents, {} MB: {seconds:.1} s ({processor:.1} s of processor), {:.0} pages/s, at most {} MB \
         of memory",
        bytes / 1_000_000,
        pages as f64 / seconds,
        most_kb / 1_024
    );
    Ok(())
}

/// The most that the process ever held, as Linux counts it; 0 elsewhere.
fn high_water_kb(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// Seconds of processor that the process used, as Linux counts them in hundredths; 0 elsewhere.
fn processor_s(process: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u32 =
        after.split_whitespace().skip(11).take(2).filter_map(|it| it.parse::<u32>().ok()).sum();
    f64::from(ticks) / 100.0
}
