//! The room's doors: one route table, no route outside it.
//!
//! Rows live in the store, events in the operations, and what a browser sees lives here: each noun has its file with
//! its shapes and its handlers, converted by hand, so that a changed column never reaches a screen unseen.

pub mod about;
pub mod alerts;
pub mod assessment;
pub mod bundles;
pub mod campaigns;
pub mod carriers;
pub mod communications;
pub mod community;
pub mod conflicts;
pub mod convoys;
pub mod custody;
pub mod day;
pub mod deletions;
pub mod devices;
pub mod dispatch;
pub mod draws;
pub mod drill;
pub mod export;
pub mod figures;
pub mod findings;
pub mod given;
pub mod guard;
pub mod imports;
pub mod intelligence;
pub mod jobs;
pub mod leave;
pub mod locks;
pub mod map;
pub mod mark;
pub mod net;
pub mod nodes;
pub mod observer;
pub mod orders;
pub mod packs;
pub mod parameters;
pub mod patrols;
pub mod persons;
pub mod plans;
pub mod points;
pub mod problem;
pub mod readiness;
pub mod record;
pub mod replay;
pub mod reply;
pub mod reports;
pub mod reserves;
pub mod room;
#[cfg(test)]
mod sample;
pub mod search;
pub mod serve;
pub mod session;
mod sight;
pub mod sign;
pub mod stations;
pub mod stream;
pub mod surveys;
pub mod table;
pub mod trainer;
pub mod training;
pub mod trust;
pub mod web;
pub mod who;

pub use crate::view;
pub use room::{Config, Room};

use crate::{
    auth,
    node::Node,
    phone,
    public::{self, Public},
};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
};
use pehra_domain::PersonId;
use std::{net::SocketAddr, path::PathBuf, time::Duration};
use tokio::net::TcpListener;
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder};

/// Largest body of an ordinary request; uploads have their own limit.
const BODY_BYTES_MAX: usize = 1024 * 1024;
/// Open requests and jobs get so long to end when the program is asked to stop; after it they are left where they
/// are: what was not committed is not kept, and what was is whole.
const CLOSING_TIME: Duration = Duration::from_secs(3);
/// Then threads that still work for a request get so long.
const ENDING_TIME: Duration = Duration::from_secs(1);
/// How often it is looked at whether a standing order's day has come.
const DUE_EVERY: Duration = Duration::from_mins(10);
/// How often it is looked at whether the last job has ended.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(
        "{address} cannot be listened on: another program may be using it. Choose another with --listen"
    )]
    Listen {
        address: SocketAddr,
        #[source]
        source: std::io::Error,
    },
    #[error("the folder for uploads {folder} cannot be made or emptied")]
    Uploads {
        folder: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error(transparent)]
    Phones(#[from] phone::DoorError),
    #[error("the room could not be prepared")]
    Node(#[source] crate::node::NodeError),
    #[error("the room could not be run")]
    Run(#[source] std::io::Error),
}

/// The document of all routes, without what the table adds.
fn base_document() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Pehra")
        .description(Some("The operations room of one node. Same origin only; cookie session."))
        .version(env!("CARGO_PKG_VERSION"))
        .build();
    OpenApiBuilder::new().info(info).build()
}

/// The OpenAPI document as it is committed: two-space JSON; the line feed at its end is the printer's.
#[must_use]
pub fn openapi() -> String {
    table::document(table::table()).to_pretty_json().unwrap_or_default()
}

/// The router: every row of the table behind its own guard, the screens' files for everything else.
pub fn router(room: &Room) -> Router {
    let mut router = Router::new();
    for row in table::table() {
        let guard = from_fn_with_state((room.clone(), row.door, row.reach), guard::inner);
        router = router.route(&row.path, row.router.route_layer(guard));
    }
    router
        .fallback(web::serve)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn(reply::compress))
        .layer(from_fn_with_state(room.clone(), guard::outer))
        .with_state(room.clone())
}

/// A room that listens and waits to be run.
pub struct Server {
    listener: TcpListener,
    room: Room,
    address: SocketAddr,
    public: Option<(TcpListener, SocketAddr)>,
    public_sms: Option<(TcpListener, SocketAddr)>,
    phones: Option<(TcpListener, phone::Door)>,
}

impl Server {
    /// Takes the address and prepares the folder for uploads.
    ///
    /// # Errors
    /// [`ServeError`] when the address is taken or the folder cannot be made.
    pub async fn bind(node: Node, mut config: Config) -> Result<Self, ServeError> {
        let uploads = |source| ServeError::Uploads { folder: config.uploads.clone(), source };
        prepare_folder(&config.uploads).map_err(uploads)?;
        let listen = |source| ServeError::Listen { address: config.listen, source };
        let listener = TcpListener::bind(config.listen).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let public = also_at(config.public).await?;
        let public_sms = also_at(config.public_sms).await?;
        let phones = match also_at(config.phones).await? {
            None => None,
            Some((listener, address)) => {
                config.phones = Some(address);
                Some((listener, phone::Door::open(node.clone(), address)?))
            }
        };
        let room = Room::new(node, config);
        Ok(Self { listener, room, address, public, public_sms, phones })
    }

    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the public door listens, if there is one.
    #[must_use]
    pub fn public(&self) -> Option<SocketAddr> {
        self.public.as_ref().map(|(_, address)| *address)
    }

    /// Where text messages are handed in, if anywhere.
    #[must_use]
    pub fn public_sms(&self) -> Option<SocketAddr> {
        self.public_sms.as_ref().map(|(_, address)| *address)
    }

    /// Where station phones find their page, if anywhere.
    #[must_use]
    pub fn phones(&self) -> Option<SocketAddr> {
        self.room.config().phones
    }

    #[must_use]
    pub fn room(&self) -> &Room {
        &self.room
    }

    /// Answers until `stop` is ready; then ends the live streams, asks running work to stop, and gives open requests
    /// and jobs a few seconds to end.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) {
        let (room, limits) = (self.room.clone(), self.room.config().limits);
        let serving = serve::serve(self.listener, router(&room), limits, room.closing());
        let public = Public::new(room.node().clone(), room.buckets().clone());
        let open = async |door: Option<(TcpListener, SocketAddr)>, router| {
            let Some((listener, _)) = door else { return };
            serve::serve(listener, router, public::limits(), room.closing()).await;
        };
        let pages = open(self.public, public::router(&public));
        let messages = open(self.public_sms, public::sms_router(&public));
        let phones = async {
            let Some((listener, door)) = self.phones else { return };
            let (limits, closing) = (phone::Door::limits(), room.closing());
            serve::serve_each(listener, limits, closing, door.answering(room.closing())).await;
        };
        tokio::spawn(keep_checkpoints(room.clone()));
        tokio::spawn(delete_due(room.clone()));
        let (watch, looking) = (room.config().devices.clone(), room.config().looking.clone());
        tokio::spawn(crate::devices::sign_for_ever(room.node().clone(), watch.clone()));
        tokio::spawn(crate::devices::look::look_for_ever(room.node().clone(), watch, looking));
        let stopping = async {
            stop.await;
            room.node().jobs().cancel_all();
            room.close();
            tokio::time::sleep(CLOSING_TIME).await;
        };
        let ended = async {
            tokio::join!(serving, pages, messages, phones);
            while room.node().jobs().any_running() {
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        };
        tokio::select! {
            () = ended => {}
            () = stopping => tracing::warn!("not everything had ended when the room closed"),
        }
    }
}

/// Listens at one more address, where somebody asked for it.
async fn also_at(
    address: Option<SocketAddr>,
) -> Result<Option<(TcpListener, SocketAddr)>, ServeError> {
    let Some(address) = address else { return Ok(None) };
    let listen = |source| ServeError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    Ok(Some((listener, address)))
}

/// Signs a checkpoint of what came since the last one, again and again until the room closes.
async fn keep_checkpoints(room: Room) {
    let mut closing = room.closing();
    loop {
        tokio::select! {
            () = tokio::time::sleep(room.config().checkpoint_every) => {}
            _closed = closing.wait_for(|closing| *closing) => return,
        }
        let node = room.node().clone();
        match tokio::task::spawn_blocking(move || node.checkpoint()).await {
            Ok(Ok(_)) => {}
            Ok(Err(cause)) => tracing::error!(%cause, "no checkpoint could be signed"),
            Err(cause) => tracing::error!(%cause, "a checkpoint was not finished"),
        }
    }
}

/// Carries standing orders of deletion out when their day has come, again and again until the room closes.
async fn delete_due(room: Room) {
    let mut closing = room.closing();
    loop {
        let node = room.node().clone();
        match tokio::task::spawn_blocking(move || node.delete_due()).await {
            Ok(Ok(0)) => {}
            Ok(Ok(named)) => tracing::info!(named, "contacts were deleted by a standing order"),
            Ok(Err(cause)) => tracing::error!(%cause, "contacts that are due were not deleted"),
            Err(cause) => tracing::error!(%cause, "the look for contacts that are due broke off"),
        }
        tokio::select! {
            () = tokio::time::sleep(DUE_EVERY) => {}
            _closed = closing.wait_for(|closing| *closing) => return,
        }
    }
}

/// Opens the room on `listen` and answers until Ctrl-C or a request to end. `say` gets the machine-readable lines:
/// `listening http://…` once requests are taken, and before the first account exists `setup
/// http://…/?setup=TOKEN`.
///
/// # Errors
/// [`ServeError`] says what kept the room from opening.
pub fn run(node: Node, listen: SocketAddr, say: impl FnMut(&str)) -> Result<(), ServeError> {
    let config = config_of(&node, listen);
    run_with(node, config, say)
}

/// The usual settings of a node's room.
#[must_use]
pub fn config_of(node: &Node, listen: SocketAddr) -> Config {
    let mut config = Config::local(listen.port(), node.dir().join("uploads"));
    config.listen = listen;
    config.demo_person = PersonId::try_new(crate::node::DEMO_PERSON).ok();
    config
}

/// As [`run`], with every setting.
///
/// # Errors
/// [`ServeError`] says what kept the room from opening.
pub fn run_with(node: Node, config: Config, say: impl FnMut(&str)) -> Result<(), ServeError> {
    run_until(node, config, say, std::future::pending())
}

/// As [`run_with`]; ends also when `ended` is ready.
///
/// # Errors
/// [`ServeError`] says what kept the room from opening.
pub fn run_until(
    node: Node,
    mut config: Config,
    mut say: impl FnMut(&str),
    ended: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(ServeError::Run)?;
    if config.setup_token.is_none() && node.is_first_start() {
        config.setup_token = Some(auth::hex(&node.random::<16>().map_err(ServeError::Node)?));
    }
    let token = config.setup_token.clone();
    let outcome = runtime.block_on(async {
        let server = Server::bind(node, config).await?;
        let address = reachable(server.address());
        if !server.address().ip().is_loopback() {
            say(OPEN_NETWORK);
        }
        say(&format!("listening http://{address}"));
        if let Some(address) = server.public() {
            say(&format!("public http://{}", reachable(address)));
        }
        if let Some(address) = server.public_sms() {
            say(&format!("messages http://{}", reachable(address)));
        }
        if let Some(address) = server.phones() {
            say(&format!("phones https://{address}"));
        }
        if let Some(token) = token {
            say(&format!("setup http://{address}/?setup={token}"));
        }
        let stop = async {
            tokio::select! {
                () = asked_to_stop() => {}
                () = ended => {}
            }
        };
        server.run(stop).await;
        Ok(())
    });
    // Work for a request whose caller is gone was asked to stop; nothing waits for it beyond this.
    runtime.shutdown_timeout(ENDING_TIME);
    outcome
}

/// Said when others than this machine can reach the room.
const OPEN_NETWORK: &str = "warning: this node has no TLS yet. Whoever shares the network can read passwords and plans on their way, \
    and change them. Listen on 127.0.0.1, or put a tunnel that encrypts in front.";

/// An address that a browser on this machine can open.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => {
            SocketAddr::from((std::net::Ipv4Addr::LOCALHOST, v4.port()))
        }
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => {
            SocketAddr::from((std::net::Ipv6Addr::LOCALHOST, v6.port()))
        }
        SocketAddr::V4(_) | SocketAddr::V6(_) => address,
    }
}

/// Ready on Ctrl-C, and on a request to end by the system.
async fn asked_to_stop() {
    let interrupted = async {
        if let Err(cause) = tokio::signal::ctrl_c().await {
            tracing::error!(%cause, "Ctrl-C cannot be waited for");
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let ended = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(cause) => {
                tracing::error!(%cause, "SIGTERM cannot be waited for");
                std::future::pending::<()>().await;
            }
        }
    };
    #[cfg(not(unix))]
    let ended = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = ended => {}
    }
}

/// Makes the folder, and removes what an earlier run left in it: those imports are gone with that run.
fn prepare_folder(folder: &std::path::Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "upload") {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}
