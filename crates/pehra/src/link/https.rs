//! Bundles over HTTPS, where nothing but web traffic passes: one request takes a bundle to an office's door for phones, and
//! its answer brings one back. Both are sealed and signed for themselves; TLS hides who speaks about how much.

use super::query_value;
use crate::node::{Node, bundle::Imported};
use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, Uri, header},
};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use pehra_link::path::{Carrier, Event, Way};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName},
    version::TLS13,
};
use serde::Deserialize;
use std::{io, path::PathBuf, str::FromStr, sync::Arc, time::Duration};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::TlsConnector;

/// Where an office's door takes bundles.
pub const PATH: &str = "/api/phone/bundles";
/// Longest bundle that goes or comes this way; larger ones go by hand.
pub const BYTES_MAX: usize = 32 << 20;
/// Longest refusal that is read.
const REFUSAL_BYTES_MAX: usize = 4_096;
const GREETING: Duration = Duration::from_secs(20);
/// A whole exchange: 32 MiB each way over a slow line.
const EXCHANGE: Duration = Duration::from_secs(900);
/// Between two exchanges of a running room; failing, twice as long each time, up to eight times.
const EVERY: Duration = Duration::from_secs(300);
const PAUSE_DOUBLED_MAX: u32 = 3;

/// An office at whose door bundles are exchanged: `https://HOST[:PORT]/?to=NAME&authority=FILE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    host: String,
    port: u16,
    /// To whom the bundle is sealed: a device's name or the beginning of its id.
    pub to: String,
    /// The certificate that the office's door hands out, as a file.
    authority: PathBuf,
}

/// Why a text names no office.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoOffice {
    #[error(
        "write https://HOST:PORT/?to=DEVICE&authority=FILE, with the office's certificate in FILE"
    )]
    Form,
    #[error("bundles are exchanged over https only")]
    Plain,
}

impl FromStr for Office {
    type Err = NoOffice;

    fn from_str(text: &str) -> Result<Self, NoOffice> {
        let (before, query) = text.split_once('?').ok_or(NoOffice::Form)?;
        let uri: Uri = before.parse().map_err(|_no_address| NoOffice::Form)?;
        if uri.scheme_str() != Some("https") {
            return Err(NoOffice::Plain);
        }
        let value = |name: &str| query_value(query, name).filter(|value| !value.is_empty());
        let host = uri.host().ok_or(NoOffice::Form)?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let to = value("to").ok_or(NoOffice::Form)?.to_owned();
        let authority = value("authority").ok_or(NoOffice::Form)?.into();
        Ok(Self { host, port: uri.port_u16().unwrap_or(443), to, authority })
    }
}

/// Why nothing was exchanged.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    #[error(
        "{0} cannot be read: save there what the office's door hands out as pehra-authority.crt"
    )]
    Authority(PathBuf, #[source] io::Error),
    #[error("{0} holds no certificate of an office's authority")]
    NoAuthority(PathBuf, #[source] rustls::Error),
    #[error("{0} is no name or address of a machine")]
    Name(String),
    #[error("{0} cannot be reached")]
    Reach(String, #[source] io::Error),
    #[error("the office does not answer in time")]
    Silent(#[from] tokio::time::error::Elapsed),
    #[error("the conversation broke")]
    Broke(#[from] hyper::Error),
    #[error("the answer is longer than {BYTES_MAX} bytes or broke")]
    Answer(#[source] axum::Error),
    #[error("the bundle has {0} bytes; more than {BYTES_MAX} go by hand: pehra link export")]
    TooLong(usize),
    #[error("the office refused it: {0} {1}")]
    Refused(u16, String),
    #[error(transparent)]
    Request(#[from] axum::http::Error),
    #[error(transparent)]
    Bundle(#[from] crate::node::bundle::BundleError),
    #[error("no thread for the exchange")]
    Thread(#[source] io::Error),
    #[error(transparent)]
    Tls(#[from] rustls::Error),
}

impl Office {
    /// The office's address, as people write it.
    #[must_use]
    pub fn address(&self) -> String {
        let Self { host, port, .. } = self;
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }

    fn config(&self) -> Result<ClientConfig, ExchangeError> {
        let path = || self.authority.clone();
        let bytes =
            std::fs::read(&self.authority).map_err(|it| ExchangeError::Authority(path(), it))?;
        let mut roots = RootCertStore::empty();
        let added = roots.add(CertificateDer::from(bytes));
        added.map_err(|it| ExchangeError::NoAuthority(path(), it))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config =
            ClientConfig::builder_with_provider(provider).with_protocol_versions(&[&TLS13])?;
        Ok(config.with_root_certificates(roots).with_no_client_auth())
    }

    async fn post(&self, bundle: Vec<u8>) -> Result<Vec<u8>, ExchangeError> {
        let config = self.config()?;
        let name = ServerName::try_from(self.host.clone());
        let name = name.map_err(|_no_name| ExchangeError::Name(self.host.clone()))?;
        let reach = |error| ExchangeError::Reach(self.address(), error);
        let stream = TcpStream::connect((self.host.as_str(), self.port));
        let stream = timeout(GREETING, stream).await?.map_err(reach)?;
        let secure = TlsConnector::from(Arc::new(config)).connect(name, stream);
        let secure = timeout(GREETING, secure).await?.map_err(reach)?;
        let (mut sender, conversation) = handshake(TokioIo::new(secure)).await?;
        let driven = tokio::spawn(conversation);
        let request = Request::post(PATH)
            .header(header::HOST, self.address())
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .body(Body::from(bundle))?;
        let answer = sender.send_request(request).await?;
        let status = answer.status();
        let most = if status.is_success() { BYTES_MAX } else { REFUSAL_BYTES_MAX };
        let bytes = to_bytes(Body::new(answer.into_body()), most).await;
        driven.abort();
        let bytes = bytes.map_err(ExchangeError::Answer)?;
        match status {
            StatusCode::OK => Ok(bytes.to_vec()),
            _ => Err(ExchangeError::Refused(status.as_u16(), refusal(&bytes))),
        }
    }

    /// Gives the office what it lacks by its last word, with every bundle that is carried here, and takes in what it
    /// answers.
    ///
    /// # Errors
    /// [`ExchangeError`]; what had arrived at the office stays there.
    pub fn exchange(&self, node: &Node) -> Result<Imported, ExchangeError> {
        let office = node.recipient(&self.to)?;
        let (bundle, _) = node.export_bundle(&[office], true)?;
        if bundle.len() > BYTES_MAX {
            return Err(ExchangeError::TooLong(bundle.len()));
        }
        let running = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let running = running.map_err(ExchangeError::Thread)?;
        let answer = running.block_on(async { timeout(EXCHANGE, self.post(bundle)).await })??;
        if answer.is_empty() {
            return Ok(Imported::default());
        }
        Ok(node.import_bundle(&answer)?)
    }
}

/// A refusal as people read it; whoever else answers at the address is told as it speaks.
fn refusal(bytes: &[u8]) -> String {
    /// What is read of a [`crate::http::problem::Fault`].
    #[derive(Deserialize)]
    struct Said {
        text_en: String,
        field: Option<String>,
    }
    match serde_json::from_slice(bytes) {
        Ok(Said { text_en, field: Some(field) }) => format!("{text_en} ({field})"),
        Ok(Said { text_en, field: None }) => text_en,
        Err(_other) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Exchanges with an office as long as the process runs; whether it answers shows on the path.
pub fn keep(node: Node, office: Office) -> std::thread::JoinHandle<()> {
    let name = format!("https {}", office.to);
    node.watch_path(&name, Way { area: node.home(), carrier: Carrier::Lan, due_every_ms: None });
    std::thread::spawn(move || {
        let mut failed = 0;
        loop {
            match office.exchange(&node) {
                Ok(_) => {
                    failed = 0;
                    node.observe_path(&name, Event::Delivered);
                }
                Err(error) => {
                    failed += 1;
                    tracing::warn!(path = name, %error, "nothing was exchanged");
                    node.observe_path(&name, Event::Failed);
                }
            }
            // Offices that were switched on together do not call together.
            let jitter = node.random::<1>().map_or(0, |[byte]| u64::from(byte));
            let pause = EVERY * (1 << failed.min(PAUSE_DOUBLED_MAX));
            std::thread::sleep(pause + Duration::from_millis(jitter * 200));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_office_is_named_with_whom_it_is_for_and_by_what_it_is_believed() {
        let office: Office =
            "https://10.1.2.3:8443/?to=quetta&authority=/media/a.crt".parse().unwrap();
        assert_eq!(office.address(), "10.1.2.3:8443");
        assert_eq!(
            (office.to.as_str(), office.authority),
            ("quetta", PathBuf::from("/media/a.crt"))
        );
        let office: Office = "https://[fd00::1]?authority=a&to=b".parse().unwrap();
        assert_eq!(office.address(), "[fd00::1]:443");
        let why = |text: &str| text.parse::<Office>().unwrap_err();
        assert_eq!(why("http://10.1.2.3/?to=a&authority=b"), NoOffice::Plain);
        assert_eq!(why("https://10.1.2.3/?to=a"), NoOffice::Form);
        assert_eq!(why("https://10.1.2.3/?to=&authority=b"), NoOffice::Form);
        assert_eq!(why("https://10.1.2.3/"), NoOffice::Form);
    }
}
