//! The decoder, as a child process: bytes in, one picture out. It gets no file, no network and no environment.

use crate::picture::{HEIGHT, Picture, WIDTH};
use std::{io, process::Stdio, time::Duration};
use tokio::{io::AsyncReadExt, io::AsyncWriteExt, process::Command};

/// A child that takes longer is ended.
const PATIENCE: Duration = Duration::from_secs(10);
/// No picture of this size is longer, as JPEG.
const JPEG_BYTES_MAX: u64 = 4 << 20;

/// How the key frame is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    H264,
    H265,
    Jpeg,
}

impl Codec {
    fn format(self) -> &'static str {
        match self {
            Self::H264 => "h264",
            Self::H265 => "hevc",
            Self::Jpeg => "mjpeg",
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    #[error("ffmpeg cannot be started; install it, or name it with `--ffmpeg`")]
    Start(#[source] io::Error),
    #[error("ffmpeg broke off")]
    Pipe(#[source] io::Error),
    #[error("ffmpeg made no picture of these bytes: {0}")]
    NoPicture(String),
    #[error("ffmpeg took too long and was ended")]
    Slow,
}

/// Where ffmpeg is.
#[derive(Clone, Debug)]
pub struct Ffmpeg {
    program: std::path::PathBuf,
}

impl Ffmpeg {
    #[must_use]
    pub fn at(program: impl Into<std::path::PathBuf>) -> Self {
        Self { program: program.into() }
    }

    /// One key frame as a picture.
    ///
    /// # Errors
    /// [`DecodeError`].
    pub async fn decode(&self, codec: Codec, key_frame: &[u8]) -> Result<Picture, DecodeError> {
        let scale = format!("scale={WIDTH}:{HEIGHT}");
        let arguments = [
            "-f",
            codec.format(),
            "-i",
            "pipe:0",
            "-frames:v",
            "1",
            "-vf",
            &scale,
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgb24",
            "pipe:1",
        ];
        let limit = u64::try_from(Picture::BYTES).unwrap_or(u64::MAX) + 1;
        let (bytes, said) = self.run(&arguments, key_frame, limit).await?;
        Picture::of(bytes).ok_or(DecodeError::NoPicture(said))
    }

    /// A picture as JPEG, without anything that says where or when.
    ///
    /// # Errors
    /// [`DecodeError`].
    pub async fn jpeg(&self, picture: &Picture) -> Result<Vec<u8>, DecodeError> {
        let size = format!("{WIDTH}x{HEIGHT}");
        let arguments = [
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgb24",
            "-s",
            &size,
            "-i",
            "pipe:0",
            "-frames:v",
            "1",
            "-c:v",
            "mjpeg",
            "-q:v",
            "4",
            "-bitexact",
            "-f",
            "image2pipe",
            "pipe:1",
        ];
        let (bytes, said) = self.run(&arguments, picture.bytes(), JPEG_BYTES_MAX).await?;
        if bytes.starts_with(&[0xff, 0xd8]) { Ok(bytes) } else { Err(DecodeError::NoPicture(said)) }
    }

    async fn run(
        &self,
        arguments: &[&str],
        input: &[u8],
        limit: u64,
    ) -> Result<(Vec<u8>, String), DecodeError> {
        let mut child = Command::new(&self.program)
            .args(["-v", "error", "-nostdin", "-threads", "1", "-protocol_whitelist", "pipe"])
            .args(arguments)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(DecodeError::Start)?;
        let (stdin, stdout, stderr) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (mut picture, mut said) = (Vec::new(), Vec::new());
        let work = async {
            let write = async {
                if let Some(mut stdin) = stdin {
                    // It may have seen enough before the end: what counts is what comes out.
                    let _closed_early = stdin.write_all(input).await;
                }
                Ok(())
            };
            let read = async {
                if let Some(stdout) = stdout {
                    stdout.take(limit).read_to_end(&mut picture).await?;
                }
                Ok(())
            };
            let listen = async {
                if let Some(stderr) = stderr {
                    stderr.take(2_000).read_to_end(&mut said).await?;
                }
                Ok(())
            };
            let done: (io::Result<()>, io::Result<()>, io::Result<()>) =
                tokio::join!(write, read, listen);
            done.0.and(done.1).and(done.2)
        };
        tokio::time::timeout(PATIENCE, work)
            .await
            .map_err(|_elapsed| DecodeError::Slow)?
            .map_err(DecodeError::Pipe)?;
        let _ended = child.start_kill();
        let _status = child.wait().await;
        Ok((picture, String::from_utf8_lossy(&said).trim().to_owned()))
    }
}
