//! Who is let in, how often, and in which of the two ways.

use super::{
    authority::{Authority, AuthorityError, PAGE_DAYS},
    page, routes,
};
use crate::{
    http::serve::{Limits, connection},
    node::{Node, NodeError, phone::may_serve},
    public::flood::Bucket,
};
use axum::Router;
use pehra_domain::{Date, UnixMs};
use pehra_ledger::{DeviceId, Hash, PublicKey, Signature, signer::caller};
use rustls::ServerConfig;
use std::{
    collections::BTreeMap,
    io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    net::TcpStream,
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::timeout,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// The first byte of a TLS conversation (RFC 8446 §5.1: a handshake record).
const TLS_BEGINS: u8 = 0x16;
/// A whole greeting takes less than this on the slowest radio network.
const GREETING: Duration = Duration::from_secs(10);
/// Requests of one address at once, and how often another one is taken.
const PLACES: i64 = 60;
const REFILL_MS: i64 = 250;
/// Addresses that are counted; beyond, all others share one bucket.
const ADDRESSES_MAX: usize = 4_096;
/// Bundles that are worked at together: each is in memory whole.
const BUNDLES_MAX: usize = 4;
/// A number that was given out is good for so long.
const NUMBER_MS: i64 = 120_000;

#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    #[error(
        "phones would not believe this node at {0}: name a private address (10.…, 172.16–31.…, 192.168.…) with --phones"
    )]
    Address(IpAddr),
    #[error("the authority for phones could not be opened")]
    Authority(#[source] NodeError),
}

/// The door; cloning is cheap.
#[derive(Clone)]
pub struct Door {
    inner: Arc<Inner>,
}

struct Inner {
    node: Node,
    authority: Authority,
    names: Vec<String>,
    /// Pages' certificates by the address at which they are shown, and the day on which they were made.
    pages: Mutex<BTreeMap<IpAddr, (Date, Arc<ServerConfig>)>>,
    /// Behind the numbers that are given out; another one after each start.
    secret: [u8; 32],
    flood: Mutex<BTreeMap<Option<IpAddr>, Bucket>>,
    bundles: Arc<Semaphore>,
}

/// How somebody speaks.
enum Greeted {
    Secure(Box<TlsStream<TcpStream>>),
    Plain(TcpStream),
}

impl Door {
    /// Opens the door of a node that will listen at an address.
    ///
    /// # Errors
    /// [`DoorError`] when no browser would believe it there, or the authority cannot be opened.
    pub fn open(node: Node, listen: SocketAddr) -> Result<Self, DoorError> {
        if !may_serve(listen.ip()) {
            return Err(DoorError::Address(listen.ip()));
        }
        let authority = node.phone_authority().map_err(DoorError::Authority)?;
        let secret = node.random().map_err(DoorError::Authority)?;
        let names = node.phone_names();
        let (pages, flood) = (Mutex::default(), Mutex::default());
        let bundles = Arc::new(Semaphore::new(BUNDLES_MAX));
        let inner = Inner { node, authority, names, pages, secret, flood, bundles };
        Ok(Self { inner: Arc::new(inner) })
    }

    pub(super) fn node(&self) -> &Node {
        &self.inner.node
    }

    pub(super) fn authority(&self) -> &Authority {
        &self.inner.authority
    }

    pub(super) fn names(&self) -> &[String] {
        &self.inner.names
    }

    /// How much callers may take. One phone needs a few connections, an office has some hundreds of phones.
    #[must_use]
    pub fn limits() -> Limits {
        Limits {
            connections: 1_024,
            per_address: 32,
            head: Duration::from_secs(15),
            body: Duration::from_secs(30),
            anonymous: false,
        }
    }

    /// What is behind TLS.
    pub fn router(&self) -> Router {
        routes::router(self)
    }

    /// What the page's own router and the plain page's answer to a connection.
    pub fn answering(
        &self,
        closing: watch::Receiver<bool>,
    ) -> impl Fn(TcpStream, SocketAddr) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> + use<>
    {
        let (door, secure, plain) = (self.clone(), self.router(), page::router(self));
        move |stream, address| {
            let (door, closing) = (door.clone(), closing.clone());
            let (secure, plain): (Router, Router) = (secure.clone(), plain.clone());
            Box::pin(async move {
                match door.greet(stream).await {
                    Ok(Greeted::Secure(stream)) => {
                        connection(stream, address, secure, Self::limits(), closing).await;
                    }
                    Ok(Greeted::Plain(stream)) => {
                        connection(stream, address, plain, Self::limits(), closing).await;
                    }
                    Err(cause) => {
                        tracing::debug!(%cause, address = %address.ip(), "no greeting of a phone");
                    }
                }
            })
        }
    }

    async fn greet(&self, stream: TcpStream) -> io::Result<Greeted> {
        let mut first = [0];
        if timeout(GREETING, stream.peek(&mut first)).await?? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if first != [TLS_BEGINS] {
            return Ok(Greeted::Plain(stream));
        }
        let here = stream.local_addr()?.ip().to_canonical();
        let config = self.page_at(here).map_err(io::Error::other)?;
        let stream = timeout(GREETING, TlsAcceptor::from(config).accept(stream)).await??;
        Ok(Greeted::Secure(Box::new(stream)))
    }

    /// The page's certificate at the address by which somebody came: an address that changes is simply another one.
    fn page_at(&self, here: IpAddr) -> Result<Arc<ServerConfig>, AuthorityError> {
        let today = self.node().today();
        let mut pages = self.inner.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = |made: Date| (0..PAGE_DAYS / 2).contains(&(today.0 - made.0));
        pages.retain(|_, (made, _)| fresh(*made));
        if let Some((_, config)) = pages.get(&here) {
            return Ok(Arc::clone(config));
        }
        let config = self.authority().page(here, self.names(), today)?;
        pages.insert(here, (today, Arc::clone(&config)));
        Ok(config)
    }

    /// A place for a request that costs something.
    ///
    /// # Errors
    /// In how many seconds there is one.
    pub(super) fn admit(&self, address: IpAddr) -> Result<(), u32> {
        let now = self.node().now();
        let mut flood = self.inner.flood.lock().unwrap_or_else(PoisonError::into_inner);
        let full = flood.len() >= ADDRESSES_MAX;
        let whose = Some(address).filter(|_| !full || flood.contains_key(&Some(address)));
        let bucket = flood.entry(whose).or_insert_with(|| Bucket::full(now, PLACES, REFILL_MS));
        bucket.take(now, PLACES, REFILL_MS)
    }

    /// A place to work at another office's bundle, if one is free.
    pub(super) fn place_for_bundle(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.inner.bundles).try_acquire_owned().ok()
    }

    /// A number to be signed: the moment, and what shows that this node gave it out.
    pub(super) fn number(&self, now: UnixMs) -> Vec<u8> {
        let moment = now.0.to_be_bytes();
        let shown = Hash::of_parts([&self.inner.secret[..], &moment[..]]);
        [&moment[..], &shown.0[..]].concat()
    }

    /// Whether this node gave a number out just now, and the holder of a key signed it.
    pub(super) fn proves(
        &self,
        device: DeviceId,
        key: &PublicKey,
        number: &[u8],
        signature: &Signature,
    ) -> bool {
        let now = self.node().now();
        let moment = number.first_chunk::<8>().map(|bytes| UnixMs(i64::from_be_bytes(*bytes)));
        let own = moment.filter(|moment| self.number(*moment) == number);
        let timely = own.is_some_and(|it| (0..=NUMBER_MS).contains(&now.0.saturating_sub(it.0)));
        timely && key.verify(caller(device, number).bytes(), signature)
    }
}

#[cfg(test)]
mod tests;
