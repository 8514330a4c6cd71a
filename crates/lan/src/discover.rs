//! Finding peers on the cable by multicast DNS (RFC 6762, 6763): no server, no name that anybody must hand out.
//!
//! An announcement says the election and the device, so that nodes of other elections are not dialled. It proves nothing;
//! the handshake does.

use mdns_sd::{ServiceDaemon, ServiceEvent, ServiceInfo};
use pehra_ledger::{DeviceId, Hash};
use std::net::SocketAddr;

const SERVICE: &str = "_pehra._tcp.local.";

/// An announcement, taken back when it is dropped.
pub struct Announced {
    daemon: ServiceDaemon,
}

/// Discovery does not work on this machine; peers can still be named by hand.
#[derive(Debug, thiserror::Error)]
#[error("peers cannot be discovered here, name them with --peers: {0}")]
pub struct DiscoverError(#[from] mdns_sd::Error);

impl Drop for Announced {
    fn drop(&mut self) {
        let _already_gone = self.daemon.shutdown();
    }
}

/// Announces this node and tells of every other node of the same election.
///
/// # Errors
/// [`DiscoverError`].
pub fn announce(
    device: DeviceId,
    election: [u8; 16],
    port: u16,
    found: impl Fn(SocketAddr) + Send + 'static,
) -> Result<Announced, DiscoverError> {
    let daemon = ServiceDaemon::new()?;
    // The election's own name is nobody's business on a cable: eight bytes of its hash tell it apart.
    let election: String =
        Hash::of(&election).short().iter().map(|byte| format!("{byte:02x}")).collect();
    let name = device.to_string();
    let host = format!("pehra-{name}.local.");
    let properties = [("election", election.as_str()), ("device", name.as_str())];
    let service =
        ServiceInfo::new(SERVICE, &name, &host, "", port, &properties[..])?.enable_addr_auto();
    let events = daemon.browse(SERVICE)?;
    daemon.register(service)?;
    std::thread::spawn(move || {
        // The channel closes with the daemon.
        while let Ok(event) = events.recv() {
            let ServiceEvent::ServiceResolved(info) = event else { continue };
            let says =
                |key: &str| info.txt_properties.get_property_val_str(key).unwrap_or_default();
            if says("election") != election || says("device") == name {
                continue;
            }
            let addresses = info.addresses.iter().map(mdns_sd::ScopedIp::to_ip_addr);
            // One way to a node is enough; the older protocol needs no scope.
            if let Some(ip) = addresses.min_by_key(std::net::IpAddr::is_ipv6) {
                found(SocketAddr::new(ip, info.port));
            }
        }
    });
    Ok(Announced { daemon })
}
