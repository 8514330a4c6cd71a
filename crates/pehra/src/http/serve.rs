//! Taking connections: how many, how patiently, and how they end.
//!
//! A caller that sends its request drop by drop holds one place for a while and nobody up: heads must be whole within
//! a time, bodies must go on, and one address cannot take every place.

use axum::{Router, body::Body, extract::ConnectInfo};
use futures_util::{StreamExt, stream};
use hyper::{
    Request,
    body::Incoming,
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use std::{
    collections::BTreeMap,
    io,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::watch,
    time::{sleep, timeout},
};

/// A listener that cannot accept (no file handles left) is asked again after so long.
const ACCEPT_AGAIN: Duration = Duration::from_millis(500);
/// How often it is looked at whether all connections have ended.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// How much callers may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections in all; below the file handles that systems usually give a program.
    pub connections: usize,
    /// Connections of one address: several people may stand behind one.
    pub per_address: usize,
    /// A request's head must be whole, and a connection that is kept must be used again, within this.
    pub head: Duration,
    /// The next piece of a body must come within this.
    pub body: Duration,
    /// No address is written down or handed on.
    pub anonymous: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            per_address: 256,
            head: Duration::from_secs(30),
            body: Duration::from_secs(30),
            anonymous: false,
        }
    }
}

/// The connections that are open, by address.
#[derive(Clone, Default)]
struct Places {
    taken: Arc<Mutex<BTreeMap<IpAddr, usize>>>,
}

impl Places {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<IpAddr, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place, if there is one left.
    fn take(&self, address: IpAddr, limits: &Limits) -> Option<Place> {
        let mut taken = self.lock();
        let all: usize = taken.values().sum();
        let own = taken.get(&address).copied().unwrap_or(0);
        if all >= limits.connections || own >= limits.per_address {
            return None;
        }
        taken.insert(address, own + 1);
        Some(Place { places: self.clone(), address })
    }

    fn are_free(&self) -> bool {
        self.lock().is_empty()
    }
}

/// Held while a connection is open.
struct Place {
    places: Places,
    address: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        match taken.get_mut(&self.address) {
            Some(own) if *own > 1 => *own -= 1,
            Some(_) | None => {
                taken.remove(&self.address);
            }
        }
    }
}

/// Answers until `closing` is true, then lets open requests end. The caller sets how long that may take.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    closing: watch::Receiver<bool>,
) {
    let ends = closing.clone();
    let answer =
        move |stream, address| connection(stream, address, router.clone(), limits, ends.clone());
    serve_each(listener, limits, closing, answer).await;
}

/// As [`serve`], with another way to answer a connection.
pub async fn serve_each<F, A>(
    listener: TcpListener,
    limits: Limits,
    closing: watch::Receiver<bool>,
    answer: F,
) where
    F: Fn(TcpStream, SocketAddr) -> A,
    A: Future<Output = ()> + Send + 'static,
{
    let places = Places::default();
    let mut closed = pin!(closed(closing));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut closed => break,
        };
        match accepted {
            Ok((stream, address)) => match places.take(address.ip(), &limits) {
                Some(place) => {
                    let one = answer(stream, address);
                    tokio::spawn(async move {
                        one.await;
                        drop(place);
                    });
                }
                None if limits.anonymous => tracing::warn!("turned away: too many connections"),
                None => {
                    tracing::warn!(address = %address.ip(), "turned away: too many connections")
                }
            },
            Err(cause) if is_callers(&cause) => {}
            Err(cause) => {
                tracing::error!(%cause, "no connection can be taken");
                sleep(ACCEPT_AGAIN).await;
            }
        }
    }
    drop(listener);
    while !places.are_free() {
        sleep(LOOK_AGAIN).await;
    }
}

/// Ready once the room closes; a room that is gone has closed too.
async fn closed(mut closing: watch::Receiver<bool>) {
    let _gone = closing.wait_for(|closing| *closing).await;
}

/// The caller went away before it was taken.
fn is_callers(cause: &io::Error) -> bool {
    matches!(
        cause.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}

/// Answers the requests of one connection.
pub async fn connection(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    address: SocketAddr,
    router: Router,
    limits: Limits,
    closing: watch::Receiver<bool>,
) {
    let inner = TowerToHyperService::new(router);
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(|body| steady(Body::new(body), limits.body));
        if !limits.anonymous {
            request.extensions_mut().insert(ConnectInfo(address));
        }
        inner.call(request)
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .serve_connection(TokioIo::new(stream), service);
    let mut serving = pin!(serving);
    let ended = tokio::select! {
        ended = serving.as_mut() => ended,
        () = closed(closing) => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(cause) = ended
        && !limits.anonymous
    {
        tracing::debug!(%cause, address = %address.ip(), "a connection broke off");
    }
}

/// The body, given up when its next piece does not come in time.
fn steady(body: Body, patience: Duration) -> Body {
    let pieces = stream::unfold(Some(body.into_data_stream()), move |pieces| async move {
        let mut pieces = pieces?;
        match timeout(patience, pieces.next()).await {
            Ok(piece) => {
                let piece = piece?.map_err(io::Error::other);
                let rest = piece.is_ok().then_some(pieces);
                Some((piece, rest))
            }
            Err(_elapsed) => Some((Err(io::Error::from(io::ErrorKind::TimedOut)), None)),
        }
    });
    Body::from_stream(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    #[test]
    fn one_address_cannot_take_every_place_and_a_place_comes_back() {
        let places = Places::default();
        let limits = Limits { connections: 3, per_address: 2, ..Limits::default() };
        let [one, two, three] = [1, 2, 3].map(|last| IpAddr::V4(Ipv4Addr::new(10, 0, 0, last)));
        let first = places.take(one, &limits).unwrap();
        let _second = places.take(one, &limits).unwrap();
        assert!(places.take(one, &limits).is_none(), "no third place for one address");
        let third = places.take(two, &limits).unwrap();
        assert!(places.take(three, &limits).is_none(), "no fourth place at all");
        drop(first);
        assert!(places.take(three, &limits).is_some());
        drop(third);
        assert!(!places.are_free());
    }
}
