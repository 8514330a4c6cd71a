//! Against a real RTSP server (GStreamer's) that goes up, goes dark, freezes, is covered, moved, changes its password, runs
//! two hours ahead and dies. Without one the tests say what is missing.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says where"
)]

use pehra_camera::{
    Address, Failure, Mask, Memory, Verdict,
    ffmpeg::Ffmpeg,
    rtsp::{self, Take},
};
use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

const PATIENCE: Duration = Duration::from_secs(20);

struct Server {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    port: u16,
}

impl Server {
    fn start(cameras: u32, before: &[&str]) -> Self {
        let script =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/camera/rtsp_server.py");
        let mut words: Vec<&str> = before.to_vec();
        words.push("/usr/bin/python3");
        let mut child = Command::new(words[0])
            .args(&words[1..])
            .arg(script)
            .args([&cameras.to_string(), "viewer", "first word"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 with gir1.2-gst-rtsp-server-1.0: `cargo xtask check` installs it");
        let input = child.stdin.take();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let port = line.strip_prefix("ready ").expect("the server is up").trim().parse().unwrap();
        Self { child, input, output, port }
    }

    fn tell(&mut self, line: &str) {
        writeln!(self.input.as_mut().unwrap(), "{line}").unwrap();
        let mut answer = String::new();
        self.output.read_line(&mut answer).unwrap();
        assert_eq!(answer.trim(), "done");
    }

    fn camera(&self, number: u32, password: &str) -> Address {
        let url = format!("rtsp://127.0.0.1:{}/cam{number}", self.port);
        Address::try_new(&url, "viewer", password).unwrap()
    }

    fn die(&mut self) {
        drop(self.input.take());
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.input.is_some() {
            self.die();
        }
    }
}

async fn take(address: &Address) -> Take {
    rtsp::look(address, PATIENCE).await.unwrap()
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

/// Looks until the verdict is what is waited for: pictures on their way may still be old ones, on a busy machine for long.
async fn see(address: &Address, memory: &mut Memory, mask: &Mask, expected: Verdict) {
    let mut seen = Vec::new();
    let mut next_look = tokio::time::interval(Duration::from_millis(250));
    for _ in 0..40 {
        next_look.tick().await;
        let taken = take(address).await;
        let mut picture = Ffmpeg::at("ffmpeg").decode(taken.codec, &taken.key_frame).await.unwrap();
        mask.paint(&mut picture);
        let verdict = memory.judge(&picture.grey());
        if verdict == expected {
            return;
        }
        seen.push(verdict);
    }
    panic!("{expected:?} was not seen: {seen:?}");
}

#[tokio::test]
async fn a_camera_that_goes_dark_is_covered_moved_and_frozen_is_seen_to_be_so() {
    let mut server = Server::start(1, &[]);
    let camera = server.camera(0, "first word");
    let mask = Mask::of(vec![vec![(800, 0), (1_000, 0), (1_000, 300), (800, 300)]]);
    let mut memory = Memory::new(mask.open(), None);
    see(&camera, &mut memory, &mask, Verdict::Live).await;
    for (lines, expected) in [
        ("pattern 0 black, life 0 black", Verdict::Black),
        ("pattern 0 pinwheel, life 0 snow", Verdict::Live),
        ("pattern 0 white, life 0 white", Verdict::Covered),
        ("pattern 0 pinwheel, life 0 snow", Verdict::Live),
        ("shift 0 120", Verdict::Moved),
        ("shift 0 0", Verdict::Live),
        ("life 0 blue", Verdict::Frozen),
        ("life 0 snow", Verdict::Live),
    ] {
        lines.split(", ").for_each(|line| server.tell(line));
        see(&camera, &mut memory, &mask, expected).await;
    }
}

#[tokio::test]
async fn a_changed_password_is_refused_and_a_dead_server_is_not_reachable() {
    let mut server = Server::start(1, &[]);
    let (old, new) = (server.camera(0, "first word"), server.camera(0, "second"));
    assert!(take(&old).await.key_frame.len() > 100);
    assert_eq!(rtsp::look(&new, PATIENCE).await, Err(Failure::Refused));
    server.tell("password second");
    assert_eq!(rtsp::look(&old, PATIENCE).await, Err(Failure::Refused));
    assert!(take(&new).await.key_frame.len() > 100);
    let nobody = Address::try_new(old.url.as_str(), "", "").unwrap();
    assert_eq!(rtsp::look(&nobody, PATIENCE).await, Err(Failure::Refused));
    server.die();
    let gone = rtsp::look(&new, PATIENCE).await;
    assert!(matches!(gone, Err(Failure::Unreachable(_))), "{gone:?}");
}

#[tokio::test]
async fn the_time_that_a_camera_says_is_the_one_it_has() {
    let right = Server::start(1, &[]);
    let said = take(&right.camera(0, "first word")).await.camera_ms.expect("a sender report");
    assert!((said - now_ms()).abs() < 60_000, "{said}");
    let ahead =
        Server::start(1, &["env", "FAKETIME_DONT_FAKE_MONOTONIC=1", "faketime", "-f", "+2h"]);
    let said = take(&ahead.camera(0, "first word")).await.camera_ms.expect("a sender report");
    assert!((said - now_ms() - 7_200_000).abs() < 60_000, "{said}");
}

#[tokio::test]
async fn a_masked_picture_is_kept_as_a_file_without_what_was_masked() {
    let server = Server::start(1, &[]);
    let taken = take(&server.camera(0, "first word")).await;
    let ffmpeg = Ffmpeg::at("ffmpeg");
    let mut picture = ffmpeg.decode(taken.codec, &taken.key_frame).await.unwrap();
    Mask::of(vec![vec![(0, 0), (500, 0), (500, 1_000), (0, 1_000)]]).paint(&mut picture);
    let file = ffmpeg.jpeg(&picture).await.unwrap();
    let again = ffmpeg.decode(pehra_camera::ffmpeg::Codec::Jpeg, &file).await.unwrap();
    let dark = |x: usize| again.grey().at(x, 20) < 16;
    assert!((0..78).all(dark) && (84..150).any(|x| !dark(x)));
    assert_eq!(ffmpeg.jpeg(&picture).await.unwrap(), file, "the same picture is the same file");
}

#[test]
fn an_address_holds_no_password_and_shows_none() {
    use pehra_camera::rtsp::AddressError as E;
    let refused = |url: &str| Address::try_new(url, "u", "p").unwrap_err();
    assert_eq!(refused("rtsp://u:p@10.0.0.1/a"), E::PasswordInside);
    assert_eq!(refused("http://10.0.0.1/a"), E::Scheme);
    assert_eq!(refused("10.0.0.1"), E::Malformed);
    let shown = format!("{:?}", Address::try_new("rtsp://10.0.0.1/a", "clerk", "secret7").unwrap());
    assert!(!shown.contains("secret7") && !shown.contains("clerk"), "{shown}");
}
