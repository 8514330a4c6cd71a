//! One look through a camera over RTSP: a key frame and the time that the camera says it is.
//!
//! The connection is opened for one look and closed after it: a camera serves few at once, and a password that was changed
//! is noticed at the next look.

use crate::ffmpeg::Codec;
use futures_util::StreamExt;
use retina::{
    client::{
        Credentials, Described, PlayOptions, Session, SessionOptions, SetupOptions,
        TcpTransportOptions, Transport,
    },
    codec::{CodecItem, FrameFormat},
};
use std::{fmt, time::Duration};
use url::Url;

/// Seconds between the beginning of NTP's time and of Unix time.
const NTP_TO_UNIX_S: i64 = 2_208_988_800;
/// After the key frame the camera has so long to say its time.
const CLOCK_PATIENCE: Duration = Duration::from_secs(6);
/// Longer is no key frame.
const FRAME_BYTES_MAX: usize = 8 << 20;

/// Where a camera is and how it lets one in. The password is shown nowhere.
#[derive(Clone)]
pub struct Address {
    pub url: Url,
    pub user: String,
    pub password: String,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} as {}", self.url, if self.user.is_empty() { "nobody" } else { "somebody" })
    }
}

/// Why an address is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    #[error("not an address such as rtsp://10.1.2.3/stream")]
    Malformed,
    #[error("only rtsp:// is spoken")]
    Scheme,
    #[error("a password does not belong in an address: give it for itself")]
    PasswordInside,
}

impl Address {
    /// # Errors
    /// [`AddressError`]; the text is not repeated.
    pub fn try_new(url: &str, user: &str, password: &str) -> Result<Self, AddressError> {
        let url = Url::parse(url).map_err(|_unread| AddressError::Malformed)?;
        if url.scheme() != "rtsp" {
            return Err(AddressError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::PasswordInside);
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(AddressError::Malformed);
        }
        Ok(Self { url, user: user.to_owned(), password: password.to_owned() })
    }
}

/// What came.
#[derive(Clone, PartialEq, Eq)]
pub struct Take {
    pub codec: Codec,
    pub key_frame: Vec<u8>,
    /// The time that the camera's sender report says, in Unix milliseconds; none when it sent none.
    pub camera_ms: Option<i64>,
}

impl fmt::Debug for Take {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} bytes of {:?}, camera's time {:?}",
            self.key_frame.len(),
            self.codec,
            self.camera_ms
        )
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Nobody answers there, or the line broke.
    #[error("the camera is not reachable: {0}")]
    Unreachable(String),
    /// It answers, and does not take the password.
    #[error("the camera does not take the password")]
    Refused,
    /// It answers, and sends no picture of a kind that can be read.
    #[error("the camera sends no picture: {0}")]
    NoPicture(String),
    /// It let us in and then sent nothing in time.
    #[error("the camera sent nothing in time")]
    Silent,
}

/// Fetches one key frame, within the patience given.
///
/// # Errors
/// [`Failure`].
pub async fn look(address: &Address, patience: Duration) -> Result<Take, Failure> {
    match tokio::time::timeout(patience, connect(address)).await {
        Err(_elapsed) => Err(Failure::Unreachable("no answer in time".to_owned())),
        Ok(Err(failure)) => Err(failure),
        Ok(Ok((session, codec))) => {
            match tokio::time::timeout(patience, watch(session, codec)).await {
                Err(_elapsed) => Err(Failure::Silent),
                Ok(taken) => taken,
            }
        }
    }
}

async fn connect(address: &Address) -> Result<(Session<Described>, Codec), Failure> {
    let credentials = (!address.user.is_empty()).then(|| Credentials {
        username: address.user.clone(),
        password: address.password.clone(),
    });
    let options = SessionOptions::default().user_agent("pehra".to_owned()).creds(credentials);
    let mut session =
        Session::describe(address.url.clone(), options).await.map_err(|error| failed(&error))?;
    let codec_of = |name: &str| match name {
        "h264" => Some(Codec::H264),
        "h265" => Some(Codec::H265),
        "jpeg" => Some(Codec::Jpeg),
        _ => None,
    };
    let video = session.streams().iter().enumerate().find_map(|(place, stream)| {
        let codec = codec_of(stream.encoding_name()).filter(|_| stream.media() == "video");
        codec.map(|codec| (place, codec))
    });
    let Some((place, codec)) = video else {
        return Err(Failure::NoPicture("no H.264, H.265 or JPEG among its streams".to_owned()));
    };
    let setup = SetupOptions::default()
        .transport(Transport::Tcp(TcpTransportOptions::default()))
        .frame_format(FrameFormat::SIMPLE);
    session.setup(place, setup).await.map_err(|error| failed(&error))?;
    Ok((session, codec))
}

async fn watch(session: Session<Described>, codec: Codec) -> Result<Take, Failure> {
    let playing = session.play(PlayOptions::default()).await.map_err(|error| failed(&error))?;
    let mut stream = playing.demuxed().map_err(|error| failed(&error))?;
    let (mut key_frame, mut camera_ms) = (None, None);
    loop {
        let next = stream.next();
        let item = if key_frame.is_some() {
            match tokio::time::timeout(CLOCK_PATIENCE, next).await {
                Ok(item) => item,
                Err(_elapsed) => break,
            }
        } else {
            next.await
        };
        match item {
            Some(Ok(CodecItem::VideoFrame(frame)))
                if key_frame.is_none() && frame.is_random_access_point() =>
            {
                let bytes = frame.data();
                if bytes.len() > FRAME_BYTES_MAX {
                    return Err(Failure::NoPicture(format!("{} bytes", bytes.len())));
                }
                key_frame = Some(bytes.to_vec());
            }
            Some(Ok(CodecItem::Rtcp(report))) => {
                camera_ms = time_of(&report).or(camera_ms);
            }
            Some(Ok(_)) => {}
            Some(Err(_)) | None if key_frame.is_some() => break,
            Some(Err(error)) => return Err(failed(&error)),
            None => return Err(Failure::Unreachable("it hung up".to_owned())),
        }
        if key_frame.is_some() && camera_ms.is_some() {
            break;
        }
    }
    let key_frame = key_frame.ok_or(Failure::Silent)?;
    Ok(Take { codec, key_frame, camera_ms })
}

fn time_of(report: &retina::rtcp::ReceivedCompoundPacket) -> Option<i64> {
    let sender = report.pkts().find_map(|packet| packet.as_sender_report().ok().flatten())?;
    let ntp = sender.ntp_timestamp().0;
    let (seconds, part) = (i64::try_from(ntp >> 32).ok()?, i64::try_from(ntp & 0xffff_ffff).ok()?);
    Some((seconds - NTP_TO_UNIX_S) * 1_000 + ((part * 1_000) >> 32))
}

/// The library's errors say much, the password among it in no case that is known; only the kind is kept all the same.
fn failed(error: &retina::Error) -> Failure {
    match error.status_code() {
        Some(401 | 403) => Failure::Refused,
        Some(status) => Failure::NoPicture(format!("answer {status}")),
        None => {
            let words = error.to_string();
            let first = words.lines().next().unwrap_or_default();
            if first.contains("nauthorized") || first.contains("uthentication") {
                return Failure::Refused;
            }
            Failure::Unreachable(first.chars().take(120).collect())
        }
    }
}
