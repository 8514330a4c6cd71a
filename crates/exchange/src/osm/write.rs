//! A map as a file: for maps that were made up, to prove and measure the reading of large ones. Writes dense nodes, ways and
//! turn rules, packed with zlib, a few thousand objects a block, as published files have them.

use pehra_domain::Point;
use std::io::Write;

/// Objects of one block.
const BLOCK: usize = 8_000;

/// Key and value.
pub type Tag<'t> = (&'t str, &'t str);

/// Number, place, and tags as texts of the block.
type Node = (i64, Point, Vec<(u64, u64)>);

/// Writes blocks to `out`; objects of one kind one after the other, nodes first.
pub struct Writer<W: Write> {
    out: W,
    texts: Vec<Vec<u8>>,
    nodes: Vec<Node>,
    /// Fields of ways or of relations of the current block, ready to be put into a group.
    others: Vec<(u32, Vec<u8>)>,
}

impl<W: Write> Writer<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// As `out` gives them.
    pub fn try_new(mut out: W) -> std::io::Result<Self> {
        let mut header = Vec::new();
        bytes_field(&mut header, 4, b"OsmSchema-V0.6");
        bytes_field(&mut header, 4, b"DenseNodes");
        blob(&mut out, b"OSMHeader", &header)?;
        Ok(Self { out, texts: vec![Vec::new()], nodes: Vec::new(), others: Vec::new() })
    }

    /// # Errors
    /// As `out` gives them.
    pub fn node(&mut self, id: i64, point: Point, tags: &[Tag<'_>]) -> std::io::Result<()> {
        if self.nodes.len() >= BLOCK || !self.others.is_empty() {
            self.flush()?;
        }
        let tags = tags.iter().map(|(key, value)| (self.text(key), self.text(value))).collect();
        self.nodes.push((id, point, tags));
        Ok(())
    }

    /// # Errors
    /// As `out` gives them.
    pub fn way(&mut self, id: i64, refs: &[i64], tags: &[Tag<'_>]) -> std::io::Result<()> {
        let mut way = self.tagged(id, tags)?;
        let mut packed = Vec::new();
        deltas(&mut packed, refs.iter().copied());
        bytes_field(&mut way, 8, &packed);
        self.others.push((3, way));
        Ok(())
    }

    /// A turn rule: from a way over a point to a way.
    ///
    /// # Errors
    /// As `out` gives them.
    pub fn turn(&mut self, id: i64, kind: &str, [from, via, to]: [i64; 3]) -> std::io::Result<()> {
        let mut relation = self.tagged(id, &[("type", "restriction"), ("restriction", kind)])?;
        let (mut roles, mut ids, mut kinds) = (Vec::new(), Vec::new(), Vec::new());
        for (role, kind) in [("from", 1), ("via", 0), ("to", 1)] {
            varint(&mut roles, self.text(role));
            varint(&mut kinds, kind);
        }
        deltas(&mut ids, [from, via, to].into_iter());
        bytes_field(&mut relation, 8, &roles);
        bytes_field(&mut relation, 9, &ids);
        bytes_field(&mut relation, 10, &kinds);
        self.others.push((4, relation));
        Ok(())
    }

    /// Writes what is left and gives the output back.
    ///
    /// # Errors
    /// As `out` gives them.
    pub fn finish(mut self) -> std::io::Result<W> {
        self.flush()?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn tagged(&mut self, id: i64, tags: &[Tag<'_>]) -> std::io::Result<Vec<u8>> {
        if self.others.len() >= BLOCK || !self.nodes.is_empty() {
            self.flush()?;
        }
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for (key, value) in tags {
            varint(&mut keys, self.text(key));
            varint(&mut values, self.text(value));
        }
        let mut message = Vec::new();
        number_field(&mut message, 1, id.cast_unsigned());
        bytes_field(&mut message, 2, &keys);
        bytes_field(&mut message, 3, &values);
        Ok(message)
    }

    fn text(&mut self, text: &str) -> u64 {
        let known = self.texts.iter().position(|known| known == text.as_bytes());
        let at = known.unwrap_or_else(|| {
            self.texts.push(text.as_bytes().to_vec());
            self.texts.len() - 1
        });
        u64::try_from(at).unwrap_or_default()
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let mut group = Vec::new();
        if !self.nodes.is_empty() {
            let mut dense = Vec::new();
            for (field, part) in [(1, 0), (8, 1), (9, 2)] {
                let mut packed = Vec::new();
                deltas(
                    &mut packed,
                    self.nodes.iter().map(|(id, point, _)| match part {
                        0 => *id,
                        1 => i64::from(point.lat_e7),
                        _ => i64::from(point.lon_e7),
                    }),
                );
                bytes_field(&mut dense, field, &packed);
            }
            if self.nodes.iter().any(|(.., tags)| !tags.is_empty()) {
                let mut packed = Vec::new();
                for (.., tags) in &self.nodes {
                    for &(key, value) in tags {
                        varint(&mut packed, key);
                        varint(&mut packed, value);
                    }
                    packed.push(0);
                }
                bytes_field(&mut dense, 10, &packed);
            }
            bytes_field(&mut group, 2, &dense);
        }
        for (field, message) in &self.others {
            bytes_field(&mut group, *field, message);
        }
        if group.is_empty() {
            return Ok(());
        }
        let (mut block, mut table) = (Vec::new(), Vec::new());
        for text in &self.texts {
            bytes_field(&mut table, 1, text);
        }
        bytes_field(&mut block, 1, &table);
        bytes_field(&mut block, 2, &group);
        self.texts.truncate(1);
        self.nodes.clear();
        self.others.clear();
        blob(&mut self.out, b"OSMData", &block)
    }
}

fn blob(out: &mut dyn Write, kind: &[u8], block: &[u8]) -> std::io::Result<()> {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(block)?;
    let packed = packer.finish()?;
    let mut content = Vec::with_capacity(packed.len() + 16);
    number_field(&mut content, 2, block.len() as u64);
    bytes_field(&mut content, 3, &packed);
    let mut header = Vec::new();
    bytes_field(&mut header, 1, kind);
    number_field(&mut header, 3, content.len() as u64);
    out.write_all(&u32::try_from(header.len()).unwrap_or_default().to_be_bytes())?;
    out.write_all(&header)?;
    out.write_all(&content)
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let [low, ..] = value.to_le_bytes();
        value >>= 7;
        if value == 0 {
            out.push(low & 0x7f);
            return;
        }
        out.push(low | 0x80);
    }
}

fn number_field(out: &mut Vec<u8>, field: u32, value: u64) {
    varint(out, u64::from(field) << 3);
    varint(out, value);
}

fn bytes_field(out: &mut Vec<u8>, field: u32, bytes: &[u8]) {
    varint(out, u64::from(field) << 3 | 2);
    varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn deltas(out: &mut Vec<u8>, values: impl Iterator<Item = i64>) {
    let mut last = 0_i64;
    for value in values {
        let step = value.wrapping_sub(last);
        varint(out, ((step << 1) ^ (step >> 63)).cast_unsigned());
        last = value;
    }
}
