//! Packet radio: AX.25 frames through a modem that speaks KISS, over TCP (direwolf and others) or a serial port.

use super::{Carrier, CarrierError, Wire, frames};
use pehra_link::{
    ax25::{Address, INFO_BYTES_MAX, Ui},
    kiss::{Deframer, Received, data_frame},
};
use std::{
    net::{TcpStream, ToSocketAddrs},
    time::Duration,
};

/// To whom everybody's frames go: a name, not a station.
pub const DESTINATION: &str = "PEHRA";
const CONNECT: Duration = Duration::from_secs(5);

/// One modem.
pub struct Radio {
    wire: Box<dyn Wire + Send>,
    own: Address,
    destination: Address,
    deframer: Deframer,
}

impl Radio {
    /// A modem that listens on TCP, as direwolf does on port 8001.
    ///
    /// # Errors
    /// [`CarrierError::Open`] or [`CarrierError::Frame`] when the name is no call sign.
    pub fn over_tcp(modem: &str, call_sign: &str) -> Result<Self, CarrierError> {
        let unreachable = |source| CarrierError::Open(format!("the modem at {modem}"), source);
        let mut last = std::io::Error::from(std::io::ErrorKind::AddrNotAvailable);
        for address in modem.to_socket_addrs().map_err(unreachable)? {
            match TcpStream::connect_timeout(&address, CONNECT) {
                Ok(stream) => {
                    stream.set_nodelay(true)?;
                    stream.set_write_timeout(Some(CONNECT))?;
                    return Self::over(Box::new(stream), call_sign);
                }
                Err(error) => last = error,
            }
        }
        Err(unreachable(last))
    }

    /// A modem on a serial port.
    ///
    /// # Errors
    /// As [`Self::over_tcp`].
    pub fn over_serial(
        port: &std::path::Path,
        baud: u32,
        call_sign: &str,
    ) -> Result<Self, CarrierError> {
        Self::over(Box::new(super::serial::open(port, baud)?), call_sign)
    }

    fn over(wire: Box<dyn Wire + Send>, call_sign: &str) -> Result<Self, CarrierError> {
        let address =
            |text| Address::parse(text).map_err(|error| CarrierError::Frame(error.to_string()));
        let (own, destination) = (address(call_sign)?, address(DESTINATION)?);
        Ok(Self { wire, own, destination, deframer: Deframer::default() })
    }
}

impl Carrier for Radio {
    fn frame_bytes(&self) -> usize {
        INFO_BYTES_MAX
    }

    fn send(&mut self, frame: &[u8]) -> Result<(), CarrierError> {
        let (destination, source) = (self.destination.clone(), self.own.clone());
        let ui = Ui { destination, source, digipeaters: Vec::new(), info: frame.to_vec() };
        let bytes = ui.encode().map_err(|error| CarrierError::Frame(error.to_string()))?;
        self.wire.write_all(&data_frame(0, &bytes))?;
        Ok(self.wire.flush()?)
    }

    fn hear(&mut self, wait: Duration) -> Result<Vec<Vec<u8>>, CarrierError> {
        let deframer = &mut self.deframer;
        frames(&mut *self.wire, wait, |bytes| {
            let frames = deframer.feed(bytes).into_iter();
            frames.filter_map(ours).collect()
        })
    }
}

/// The content of a frame that is addressed as ours are; the frequency is everybody's.
fn ours(received: Received) -> Option<Vec<u8>> {
    let Received::Data { bytes, .. } = received else { return None };
    let ui = Ui::decode(&bytes).ok()?;
    (ui.destination.to_string() == DESTINATION).then_some(ui.info)
}
