//! What stands in a block: nodes, ways, relations, with their tags looked up in the block's own table of texts.

use super::protobuf::{Broken, Fields, Packed, Value, signed};
use pehra_domain::Point;

/// Key and value of one object, as texts of the block.
#[derive(Debug, Default)]
pub(super) struct Tags<'b> {
    pairs: Vec<(&'b [u8], &'b [u8])>,
}

impl<'b> Tags<'b> {
    /// The value of a key; empty when there is none.
    pub(super) fn get(&self, key: &str) -> &'b [u8] {
        self.pairs
            .iter()
            .find(|(known, _)| *known == key.as_bytes())
            .map_or(&[][..], |(_, value)| value)
    }

    pub(super) fn is(&self, key: &str, value: &str) -> bool {
        self.get(key) == value.as_bytes()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    #[cfg(test)]
    pub(super) fn of(pairs: &[(&'b str, &'b str)]) -> Self {
        Self { pairs: pairs.iter().map(|(k, v)| (k.as_bytes(), v.as_bytes())).collect() }
    }
}

/// One member of a relation. Kind: 0 node, 1 way, 2 relation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member<'b> {
    pub(super) role: &'b [u8],
    pub(super) id: i64,
    pub(super) kind: u64,
}

/// What a pass wants to see of a file.
pub(super) trait Visitor {
    const NODES: bool;
    const WAYS: bool;
    /// The point is none where the file's figures lie off the globe.
    fn node(&mut self, _id: i64, _point: Option<Point>, _tags: &Tags<'_>) {}
    fn way(&mut self, _id: i64, _tags: &Tags<'_>, _refs: &[i64]) {}
    fn relation(&mut self, _id: i64, _tags: &Tags<'_>, _members: &[Member<'_>]) {}
}

/// Shows a block's content to a visitor.
pub(super) fn visit<V: Visitor>(block: &[u8], visitor: &mut V) -> Result<(), Broken> {
    let mut texts = Vec::new();
    let mut groups = Vec::new();
    let mut grid = Grid { granularity: 100, lat_offset: 0, lon_offset: 0 };
    let mut fields = Fields::new(block);
    while let Some((field, value)) = fields.next()? {
        match (field, value) {
            (1, Value::Bytes(table)) => {
                let mut table = Fields::new(table);
                while let Some((field, value)) = table.next()? {
                    if let (1, Value::Bytes(text)) = (field, value) {
                        texts.push(text);
                    }
                }
            }
            (2, Value::Bytes(group)) => groups.push(group),
            (17, Value::Number(number)) => grid.granularity = number.cast_signed(),
            (19, Value::Number(number)) => grid.lat_offset = number.cast_signed(),
            (20, Value::Number(number)) => grid.lon_offset = number.cast_signed(),
            _ => {}
        }
    }
    let mut scratch =
        Scratch { texts, tags: Tags::default(), refs: Vec::new(), members: Vec::new() };
    for group in groups {
        let mut fields = Fields::new(group);
        while let Some((field, value)) = fields.next()? {
            match (field, value) {
                (1, Value::Bytes(node)) if V::NODES => scratch.node(node, grid, visitor)?,
                (2, Value::Bytes(dense)) if V::NODES => scratch.dense(dense, grid, visitor)?,
                (3, Value::Bytes(way)) if V::WAYS => scratch.way(way, visitor)?,
                (4, Value::Bytes(relation)) if V::WAYS => scratch.relation(relation, visitor)?,
                _ => {}
            }
        }
    }
    Ok(())
}

/// How whole numbers become places: nanodegrees = offset + granularity × number.
#[derive(Clone, Copy)]
struct Grid {
    granularity: i64,
    lat_offset: i64,
    lon_offset: i64,
}

impl Grid {
    fn point(self, lat: i64, lon: i64) -> Option<Point> {
        let e7 = |offset: i64, number: i64, most: i32| {
            let nano = self.granularity.checked_mul(number)?.checked_add(offset)?;
            i32::try_from(nano.div_euclid(100)).ok().filter(|e7| (-most..=most).contains(e7))
        };
        let lat_e7 = e7(self.lat_offset, lat, 900_000_000)?;
        Some(Point { lat_e7, lon_e7: e7(self.lon_offset, lon, 1_800_000_000)? })
    }
}

struct Scratch<'b> {
    texts: Vec<&'b [u8]>,
    tags: Tags<'b>,
    refs: Vec<i64>,
    members: Vec<Member<'b>>,
}

impl<'b> Scratch<'b> {
    fn text(&self, index: u64) -> Result<&'b [u8], Broken> {
        let at = usize::try_from(index).map_err(|_large| Broken)?;
        self.texts.get(at).copied().ok_or(Broken)
    }

    fn tags(&mut self, keys: &[u8], values: &[u8]) -> Result<(), Broken> {
        self.tags.pairs.clear();
        let (mut keys, mut values) = (Packed::new(keys), Packed::new(values));
        while let Some(key) = keys.next()? {
            let value = values.next()?.ok_or(Broken)?;
            let pair = (self.text(key)?, self.text(value)?);
            self.tags.pairs.push(pair);
        }
        Ok(())
    }

    fn node<V: Visitor>(
        &mut self,
        bytes: &[u8],
        grid: Grid,
        visitor: &mut V,
    ) -> Result<(), Broken> {
        let (mut id, mut lat, mut lon) = (0, 0, 0);
        let (mut keys, mut values) = (&[][..], &[][..]);
        let mut fields = Fields::new(bytes);
        while let Some((field, value)) = fields.next()? {
            match (field, value) {
                (1, Value::Number(number)) => id = signed(number),
                (2, Value::Bytes(packed)) => keys = packed,
                (3, Value::Bytes(packed)) => values = packed,
                (8, Value::Number(number)) => lat = signed(number),
                (9, Value::Number(number)) => lon = signed(number),
                _ => {}
            }
        }
        self.tags(keys, values)?;
        visitor.node(id, grid.point(lat, lon), &self.tags);
        Ok(())
    }

    fn dense<V: Visitor>(
        &mut self,
        bytes: &[u8],
        grid: Grid,
        visitor: &mut V,
    ) -> Result<(), Broken> {
        let mut parts = [&[][..]; 4];
        let mut fields = Fields::new(bytes);
        while let Some((field, value)) = fields.next()? {
            match (field, value) {
                (1, Value::Bytes(packed)) => parts[0] = packed,
                (8, Value::Bytes(packed)) => parts[1] = packed,
                (9, Value::Bytes(packed)) => parts[2] = packed,
                (10, Value::Bytes(packed)) => parts[3] = packed,
                _ => {}
            }
        }
        let [mut ids, mut lats, mut lons, mut texts] = parts.map(Packed::new);
        let (mut id, mut lat, mut lon) = (0_i64, 0_i64, 0_i64);
        while let Some(step) = ids.next_signed()? {
            id = id.wrapping_add(step);
            lat = lat.wrapping_add(lats.next_signed()?.ok_or(Broken)?);
            lon = lon.wrapping_add(lons.next_signed()?.ok_or(Broken)?);
            self.tags.pairs.clear();
            while let Some(key) = texts.next()? {
                if key == 0 {
                    break;
                }
                let pair = (self.text(key)?, self.text(texts.next()?.ok_or(Broken)?)?);
                self.tags.pairs.push(pair);
            }
            visitor.node(id, grid.point(lat, lon), &self.tags);
        }
        Ok(())
    }

    fn way<V: Visitor>(&mut self, bytes: &[u8], visitor: &mut V) -> Result<(), Broken> {
        let mut id = 0;
        let (mut keys, mut values, mut refs) = (&[][..], &[][..], &[][..]);
        let mut fields = Fields::new(bytes);
        while let Some((field, value)) = fields.next()? {
            match (field, value) {
                (1, Value::Number(number)) => id = number.cast_signed(),
                (2, Value::Bytes(packed)) => keys = packed,
                (3, Value::Bytes(packed)) => values = packed,
                (8, Value::Bytes(packed)) => refs = packed,
                _ => {}
            }
        }
        self.tags(keys, values)?;
        self.refs.clear();
        let (mut refs, mut node) = (Packed::new(refs), 0_i64);
        while let Some(step) = refs.next_signed()? {
            node = node.wrapping_add(step);
            self.refs.push(node);
        }
        visitor.way(id, &self.tags, &self.refs);
        Ok(())
    }

    fn relation<V: Visitor>(&mut self, bytes: &[u8], visitor: &mut V) -> Result<(), Broken> {
        let mut id = 0;
        let mut parts = [&[][..]; 5];
        let mut fields = Fields::new(bytes);
        while let Some((field, value)) = fields.next()? {
            match (field, value) {
                (1, Value::Number(number)) => id = number.cast_signed(),
                (2, Value::Bytes(packed)) => parts[0] = packed,
                (3, Value::Bytes(packed)) => parts[1] = packed,
                (8, Value::Bytes(packed)) => parts[2] = packed,
                (9, Value::Bytes(packed)) => parts[3] = packed,
                (10, Value::Bytes(packed)) => parts[4] = packed,
                _ => {}
            }
        }
        let [keys, values, roles, ids, kinds] = parts;
        self.tags(keys, values)?;
        self.members.clear();
        let [mut roles, mut ids, mut kinds] = [roles, ids, kinds].map(Packed::new);
        let mut member = 0_i64;
        while let Some(step) = ids.next_signed()? {
            member = member.wrapping_add(step);
            let role = self.text(roles.next()?.ok_or(Broken)?)?;
            let kind = kinds.next()?.ok_or(Broken)?;
            self.members.push(Member { role, id: member, kind });
        }
        visitor.relation(id, &self.tags, &self.members);
        Ok(())
    }
}
