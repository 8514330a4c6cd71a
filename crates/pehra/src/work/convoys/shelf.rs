//! Where plans of convoys are kept: a folder that whoever plans takes care of, or files of the node's own that its key
//! alone opens.

use crate::{
    node::{Node, convoy::ConvoyRing},
    work::{
        WorkError,
        file::{disk, write},
    },
};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use std::{
    fs,
    io::{ErrorKind, Read, Write},
    path::{Path, PathBuf},
};

/// Longest thing that is unpacked: a seat of four hundred stations takes 0.3 MB.
const UNPACKED_BYTES_MAX: u64 = 256 << 20;
const IN_NODE: &str = "convoys";

/// Things by name, each whole or not there.
pub trait Shelf: Sync {
    /// None when nothing of that name is there.
    ///
    /// # Errors
    /// [`WorkError::Input`] names what cannot be read.
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, WorkError>;

    /// # Errors
    /// [`WorkError::Input`] names what cannot be written.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), WorkError>;
}

/// A folder with plain files.
pub struct Folder(PathBuf);

impl Folder {
    /// Makes the folder if it is not there.
    ///
    /// # Errors
    /// [`WorkError::Input`] when it cannot be made.
    pub fn open(path: &Path) -> Result<Self, WorkError> {
        fs::create_dir_all(path).map_err(|error| disk(path, &error))?;
        Ok(Self(path.to_owned()))
    }
}

impl Shelf for Folder {
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, WorkError> {
        read(&self.0.join(name))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), WorkError> {
        write(&self.0.join(name), bytes)
    }
}

/// Files of the node's folder, packed and sealed: neither their content nor their names say anything without its key.
pub struct Locker {
    folder: PathBuf,
    ring: ConvoyRing,
}

impl Locker {
    /// # Errors
    /// [`WorkError`]: the folder cannot be made, or the node's store refuses.
    pub fn open(node: &Node) -> Result<Self, WorkError> {
        let folder = node.dir().join(IN_NODE);
        fs::create_dir_all(&folder).map_err(|error| disk(&folder, &error))?;
        Ok(Self { folder, ring: node.convoy_ring()? })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(self.ring.blind_name(name))
    }
}

impl Shelf for Locker {
    /// What was altered, or lies under a former key, is not there.
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, WorkError> {
        let Some(sealed) = read(&self.path(name))? else { return Ok(None) };
        let Some(packed) = self.ring.open(name, &sealed) else { return Ok(None) };
        let mut bytes = Vec::new();
        let unpacked = GzDecoder::new(&packed[..]).take(UNPACKED_BYTES_MAX).read_to_end(&mut bytes);
        Ok(unpacked.is_ok().then_some(bytes))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), WorkError> {
        let path = self.path(name);
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        let packed = encoder.write_all(bytes).and_then(|()| encoder.finish());
        let packed = packed.map_err(|error| disk(&path, &error))?;
        write(&path, &self.ring.seal(name, &packed)?)
    }
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, WorkError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(disk(path, &error)),
    }
}
