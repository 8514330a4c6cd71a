//! Many files as one ZIP archive, written as they come: nothing is kept in memory but the names.
//! Source: PKWARE, APPNOTE.TXT 6.3.10, with data descriptors behind each file.

use std::io::{self, Write};
use zip::{
    CompressionMethod, ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

/// An archive on its way out.
pub struct Archive<W: Write>(ZipWriter<StreamWriter<W>>);

impl<W: Write> Archive<W> {
    #[must_use]
    pub fn begin(out: W) -> Self {
        Self(ZipWriter::new_stream(out))
    }

    /// A file as it is: documents and workbooks are packed already.
    ///
    /// # Errors
    /// Whoever reads has left, or the name cannot stand in an archive.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        self.0.start_file(name, options).map_err(io::Error::other)?;
        self.0.write_all(bytes)
    }

    /// The list of files, which ends it.
    ///
    /// # Errors
    /// Whoever reads has left.
    pub fn finish(self) -> io::Result<()> {
        let mut out = self.0.finish().map_err(io::Error::other)?.into_inner();
        out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Read};

    #[test]
    fn what_was_written_as_a_stream_reads_back_file_by_file() {
        let mut out = Vec::new();
        let mut archive = Archive::begin(&mut out);
        archive.add("ur/poster/poster.pdf", b"%PDF").unwrap();
        archive.add("tables/a.csv", &[b'7'; 100_000]).unwrap();
        archive.finish().unwrap();
        let mut read = zip::ZipArchive::new(Cursor::new(out)).unwrap();
        assert_eq!(read.len(), 2);
        let mut text = String::new();
        read.by_name("tables/a.csv").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text.len(), 100_000);
    }
}
