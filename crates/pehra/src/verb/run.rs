//! `pehra run`: the room, and the node's safety copy.

mod delete;
pub(super) mod drill;
mod training;
mod trust;

use super::{identity, printer::Printer};
use crate::{
    backbone::{Backbone, Servers},
    http,
    lan::{Peers, Presence},
    link::{self, radio::Radio},
    node::{Node, OpenOptions, bundle::Recipient},
};
use anyhow::Context;
use clap::{Args, Subcommand};
use pehra_lan::watch::Pace;
use pehra_link::path::{Carrier, Way};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

#[derive(Debug, Args)]
pub(super) struct Run {
    #[command(subcommand)]
    what: Option<What>,

    /// Where the room listens. Only this machine can reach 127.0.0.1.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,

    /// The national bus: entries are published to it and read from it. The ledger stays the record.
    #[arg(long, value_name = "nats://HOST:PORT,…", value_parser = Servers::parse)]
    backbone: Option<Servers>,

    /// A radio modem that speaks KISS over TCP, as direwolf does on port 8001; needs --call-sign.
    #[arg(long, value_name = "HOST:PORT", requires = "call_sign")]
    radio: Option<String>,

    /// This station's call sign, for example AP2LHR-7.
    #[arg(long, value_name = "SIGN")]
    call_sign: Option<String>,

    /// Say this node's check-ins and reports of incidents over radio, cable and text message, in frames of at most 60 bytes, before their signed
    /// entries follow: to these desks, by name, id or a file with their address.
    #[arg(long, value_name = "DESK,…", value_delimiter = ',')]
    thin_to: Vec<String>,

    /// A serial line to another node, for example /dev/ttyUSB0.
    #[arg(long, value_name = "PORT")]
    serial: Option<PathBuf>,

    #[arg(long, value_name = "BAUD", default_value_t = 9_600)]
    baud: u32,

    /// Text messages: `kannel://USER:PASSWORD@HOST:PORT/NUMBER?door=ADDRESS:PORT` for a gateway as Kannel,
    /// `modem:/dev/ttyUSB0?number=NUMBER` for a modem. The room turns them on and off.
    #[arg(long, value_name = "WAY")]
    sms: Option<link::switch::Way>,

    /// Leave text messages off until the room turns them on.
    #[arg(long, requires = "sms")]
    sms_off: bool,

    /// Speak with other nodes of this election on the local network: listen here, and be found by multicast DNS.
    #[arg(long, value_name = "ADDRESS:PORT")]
    lan: Option<SocketAddr>,

    /// Nodes to speak with, wherever they are.
    #[arg(long, value_name = "ADDRESS:PORT,…", value_delimiter = ',')]
    peers: Vec<SocketAddr>,

    /// Open the public page here: anybody reads and tells without a name, apart from the room's doors.
    #[arg(long, value_name = "ADDRESS:PORT")]
    public: Option<SocketAddr>,

    /// Take citizens' text messages here from a gateway as Kannel, which calls with `?text=%b&coding=%c` and no number.
    #[arg(long, value_name = "ADDRESS:PORT")]
    public_sms: Option<SocketAddr>,

    /// Open the station phones' page here, by TLS with an authority of this node's own; over plain HTTP the same address
    /// hands the authority out. A private address of this machine, or 0.0.0.0 for all of them.
    #[arg(long, value_name = "ADDRESS:PORT")]
    phones: Option<SocketAddr>,

    /// Nodes to speak with over a public network: when none of them answers, the area is cut off.
    #[arg(long, value_name = "ADDRESS:PORT,…", value_delimiter = ',')]
    uplinks: Vec<SocketAddr>,

    /// Offices with which bundles are exchanged over HTTPS every five minutes: `https://HOST:PORT/?to=DEVICE&authority=FILE`.
    #[arg(long, value_name = "URL")]
    office: Vec<link::https::Office>,

    /// Look through every camera whose address is known here once in so many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    camera_every: u64,

    /// The typesetter that the room prints packs with, when it is not beside this program.
    #[arg(long, value_name = "FILE")]
    printer: Option<PathBuf>,

    /// The program that decodes a camera's picture, as a child without files or network.
    #[arg(long, value_name = "PROGRAM", default_value = "ffmpeg")]
    ffmpeg: PathBuf,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Keys, cards, certificates, revocations: who may sign what.
    #[command(subcommand)]
    Trust(trust::Trust),
    /// Training as it was held: attendance, quizzes, practical tests, certificates, and how far it has come.
    #[command(subcommand)]
    Training(training::Training),
    /// Delete the payloads of entries for ever, where the retention rules demand it; says what it cannot reach.
    Delete(delete::Delete),
    /// Live an exercise's day beside the room: everything that happens goes in as the desks' signed acts. An empty folder
    /// becomes an exercise on a generated nation; a real election is refused.
    Drill(drill::RunDrill),
    /// Copy the node's database into one file, checked and complete, while the room goes on.
    Backup {
        /// The file to write; it must not be there yet.
        to: PathBuf,
    },
    /// Make a node's folder (--data) out of a backup. The node goes on in a new log epoch; in a founded election with a
    /// new key, too, whose request to be enrolled it prints: the old machine may still be running somewhere.
    Restore {
        /// The backup's file.
        from: PathBuf,
        /// Go on with the old key at once: the old machine is known to be destroyed.
        #[arg(long)]
        same_key: bool,
    },
}

impl Run {
    pub(super) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        match &self.what {
            None => self.serve(data, printer),
            Some(What::Trust(trust)) => trust.run(data, printer),
            Some(What::Training(training)) => training.run(data, printer),
            Some(What::Delete(delete)) => delete.run(data, printer),
            Some(What::Drill(drill)) => drill.run(data, printer),
            Some(What::Backup { to }) => backup(data, to, printer),
            Some(What::Restore { from, same_key }) => restore(from, data, *same_key, printer),
        }
    }

    fn serve(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = identity::open_node(data, &OpenOptions::default())?;
        self.listen_to_radio(&node)?;
        self.listen_to_cable(&node)?;
        for office in &self.office {
            link::https::keep(node.clone(), office.clone());
        }
        let sms = self.text_messages(&node)?;
        let presence = self.presence(&node, printer)?;
        let stop = Arc::new(AtomicBool::new(false));
        let backbone = self.backbone.clone().map(|servers| Backbone::new(node.clone(), servers));
        let carrying = backbone.transpose()?.map(|backbone| {
            let stop = Arc::clone(&stop);
            std::thread::spawn(move || backbone.run(&stop))
        });
        let looking = crate::devices::look::Looking {
            every: std::time::Duration::from_secs(self.camera_every),
            ffmpeg: self.ffmpeg.clone(),
        };
        let (public, public_sms, phones) = (self.public, self.public_sms, self.phones);
        let config = http::Config {
            sms,
            public,
            public_sms,
            phones,
            looking,
            printer: self.printer.clone(),
            ..http::config_of(&node, self.listen)
        };
        let outcome =
            http::run_with(node, config, printer_lines(printer)).context("the room stopped");
        stop.store(true, Ordering::Relaxed);
        if let Some(carrying) = carrying {
            carrying.thread().unpark();
            let _ended = carrying.join();
        }
        drop(presence);
        outcome
    }

    /// The node on the local network, if it was asked to be there.
    fn presence(&self, node: &Node, printer: &mut Printer) -> anyhow::Result<Option<Presence>> {
        if self.lan.is_none() && self.peers.is_empty() && self.uplinks.is_empty() {
            return Ok(None);
        }
        // On this machine alone there is nobody to be found by.
        let announce = self.lan.is_some_and(|at| !at.ip().is_loopback());
        let peers = Peers { near: &self.peers, uplinks: &self.uplinks };
        let presence = Presence::begin_with(node, self.lan, peers, announce, Pace::default())
            .context("the node cannot speak with others")?;
        if let Some(address) = presence.watch().address() {
            printer.line(&format!("nodes {address}"));
        }
        Ok(Some(presence))
    }

    fn listen_to_radio(&self, node: &Node) -> anyhow::Result<()> {
        let (Some(modem), Some(call_sign)) = (&self.radio, &self.call_sign) else { return Ok(()) };
        // A name that is none would fail for ever, in silence.
        pehra_link::ax25::Address::parse(call_sign)?;
        let way = Way { area: node.home(), carrier: Carrier::Radio, due_every_ms: None };
        let (modem, call_sign) = (modem.clone(), call_sign.clone());
        let open = move || Ok(Box::new(Radio::over_tcp(&modem, &call_sign)?) as Box<_>);
        let thin = self.thin(node)?;
        link::listen::listen(node.clone(), "radio".to_owned(), way, thin, open);
        Ok(())
    }

    fn listen_to_cable(&self, node: &Node) -> anyhow::Result<()> {
        let Some(port) = self.serial.clone() else { return Ok(()) };
        let way = Way { area: node.home(), carrier: Carrier::Serial, due_every_ms: None };
        let baud = self.baud;
        let open = move || Ok(Box::new(link::serial::Line::open(&port, baud)?) as Box<_>);
        let thin = self.thin(node)?;
        link::listen::listen(node.clone(), "serial".to_owned(), way, thin, open);
        Ok(())
    }

    fn text_messages(&self, node: &Node) -> anyhow::Result<Option<link::switch::Switch>> {
        let Some(way) = self.sms.clone() else { return Ok(None) };
        let desks = self.desks(node)?;
        let switch = link::switch::Switch::new(node.clone(), way, desks);
        if !self.sms_off {
            switch.start();
        }
        Ok(Some(switch))
    }

    /// The desks that hear this node's words before they are theirs to read signed.
    fn thin(&self, node: &Node) -> anyhow::Result<Option<link::listen::Thin>> {
        Ok(link::listen::Thin::to(node, self.desks(node)?))
    }

    fn desks(&self, node: &Node) -> anyhow::Result<Vec<Recipient>> {
        self.thin_to.iter().map(|named| super::link::recipient(node, named)).collect()
    }
}

/// The room announces itself through the terminal's printer.
fn printer_lines<'a>(printer: &'a mut Printer) -> impl FnMut(&str) + 'a {
    move |text| printer.line(text)
}

fn backup(data: &Path, to: &Path, printer: &mut Printer) -> anyhow::Result<()> {
    printer.stop_on_ctrl_c();
    let report = crate::node::backup(data, to, &mut |step| printer.step(&step))?;
    printer.line(&format!(
        "{} entries and {} chunks are in {}",
        report.entries,
        report.chunks,
        to.display()
    ));
    Ok(())
}

fn restore(from: &Path, data: &Path, same_key: bool, printer: &mut Printer) -> anyhow::Result<()> {
    let epoch = crate::node::restore(from, data)?;
    printer.line(&format!(
        "{} is restored from {}; this node goes on in log epoch {epoch}",
        data.display(),
        from.display()
    ));
    if same_key { Ok(()) } else { trust::renew_if_founded(data, printer) }
}
