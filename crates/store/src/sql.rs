//! Every statement of the house, by name, so that a test prepares each one.

/// "PEHR", so that nobody takes the file for another program's.
pub(crate) const APPLICATION_ID: i32 = 0x5045_4852;

/// One step for each layout ever released; `user_version` counts the steps taken. Steps are only ever added.
pub(crate) const MIGRATIONS: &[&str] = &[
    include_str!("sql/001_begin.sql"),
    include_str!("sql/002_statements.sql"),
    include_str!("sql/003_tree.sql"),
    include_str!("sql/004_withheld.sql"),
    include_str!("sql/005_moments.sql"),
];

macro_rules! statements {
    ($($name:ident = $text:expr;)+) => {
        $(pub(crate) const $name: &str = $text;)+
        #[cfg(test)]
        pub(crate) const ALL: &[(&str, &str)] = &[$((stringify!($name), $text)),+];
    };
}

statements! {
    NODE = "SELECT epoch, identity, restored FROM node";
    NODE_SET = "UPDATE node SET epoch = ?1, identity = ?2, restored = ?3";
    NODE_IDENTITY_SET = "UPDATE node SET identity = ?1";

    DEVICE = "SELECT key FROM devices WHERE device = ?1";
    DEVICES = "SELECT key FROM devices ORDER BY device";
    DEVICE_ADD = "INSERT OR IGNORE INTO devices (device, key) VALUES (?1, ?2)";

    LOG = "SELECT id, head_seq, head_hash, head_clock, forked_at FROM logs WHERE device = ?1 AND epoch = ?2";
    LOG_LAST_BEFORE = "SELECT head_hash FROM logs WHERE device = ?1 AND epoch < ?2 AND head_seq IS NOT NULL \
        ORDER BY epoch DESC LIMIT 1";
    LOGS = "SELECT id, device, epoch, head_seq, head_hash, head_clock, forked_at FROM logs ORDER BY device, epoch";
    LOG_ADD = "INSERT INTO logs (device, epoch) VALUES (?1, ?2)";
    LOG_HEAD_SET = "UPDATE logs SET head_seq = ?2, head_hash = ?3, head_clock = ?4 WHERE id = ?1";
    LOG_FORKED = "UPDATE logs SET forked_at = min(coalesce(forked_at, ?2), ?2) WHERE id = ?1";

    ENTRY_ADD = "INSERT INTO entries (log, seq, hash, received_ms, standing, payload_state, header, signature, \
        cosignatures, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    ENTRY_KEPT = "SELECT receipt, hash, payload_state, cosignatures FROM entries WHERE log = ?1 AND seq = ?2";
    ENTRY_SIGNED = "SELECT header, signature FROM entries WHERE log = ?1 AND seq = ?2";
    ENTRY = "SELECT receipt, received_ms, standing, payload_state, header, signature, cosignatures, payload, hash \
        FROM entries WHERE log = ?1 AND seq = ?2";
    ENTRIES_OF_LOG = "SELECT receipt, received_ms, standing, payload_state, header, signature, cosignatures, \
        payload, hash FROM entries WHERE log = ?1 AND seq >= ?2 ORDER BY seq";
    ENTRIES_WITHHELD = "SELECT l.device, l.epoch, e.seq, e.receipt FROM entries e JOIN logs l ON l.id = e.log \
        WHERE e.payload_state = 1 AND e.receipt > ?1 ORDER BY e.receipt";
    LOGS_FORKED = "SELECT device, epoch, forked_at FROM logs WHERE forked_at IS NOT NULL ORDER BY device, epoch";
    ENTRIES_RECEIVED = "SELECT receipt, received_ms, standing, payload_state, header, signature, cosignatures, \
        payload, hash FROM entries WHERE receipt > ?1 ORDER BY receipt";
    ENTRIES_COUNT = "SELECT count(*), coalesce(max(receipt), 0) FROM entries";
    ENTRY_PAYLOAD_SET = "UPDATE entries SET payload = ?2, payload_state = ?3 WHERE receipt = ?1";
    ENTRY_COSIGNATURES_SET = "UPDATE entries SET cosignatures = ?2 WHERE receipt = ?1";
    ENTRY_STANDING_SET = "UPDATE entries SET standing = ?3 WHERE log = ?1 AND seq = ?2";
    ENTRY_PLACE = "SELECT l.device, l.epoch, e.seq FROM entries e JOIN logs l ON l.id = e.log WHERE e.receipt = ?1";
    LAST_RECEIPT = "SELECT coalesce(max(receipt), 0) FROM entries";
    ENTRY_HASHES = "SELECT seq, hash, payload_state, header, signature, cosignatures, payload \
        FROM entries WHERE log = ?1 ORDER BY seq";

    ENTRY_HASHES_RECEIVED = "SELECT receipt, hash FROM entries WHERE receipt > ?1 ORDER BY receipt LIMIT ?2";
    ENTRY_LAST_UNDER = "SELECT seq FROM entries WHERE log = ?1 AND seq <= ?2 AND receipt <= ?3 \
        ORDER BY seq DESC LIMIT 1";

    TREE_SIZE = "SELECT size FROM tree";
    TREE_SIZE_SET = "UPDATE tree SET size = ?1";
    TILE = "SELECT hashes FROM tiles WHERE id = ?1";
    TILE_SET = "INSERT OR REPLACE INTO tiles (id, hashes) VALUES (?1, ?2)";
    CHECKPOINT = "SELECT note FROM checkpoints WHERE text = ?1";
    CHECKPOINTS = "SELECT note FROM checkpoints WHERE origin = ?1 ORDER BY size, text";
    CHECKPOINT_SET = "INSERT INTO checkpoints (text, origin, size, note) VALUES (?1, ?2, ?3, ?4) \
        ON CONFLICT (text) DO UPDATE SET note = ?4";
    TREES = "SELECT DISTINCT origin FROM checkpoints ORDER BY origin";
    COSIGNED = "SELECT text FROM cosigned WHERE origin = ?1";
    COSIGNED_SET = "INSERT OR REPLACE INTO cosigned (origin, text) VALUES (?1, ?2)";
    TREE_FORK_ADD = "INSERT OR IGNORE INTO tree_forks (text, origin, found_ms, held, other) \
        VALUES (?1, ?2, ?3, ?4, ?5)";
    TREE_FORKS = "SELECT origin, found_ms, held, other FROM tree_forks ORDER BY origin, text";

    FORK_ADD = "INSERT OR IGNORE INTO forks (hash, device, epoch, seq, found_ms, entry, held_header, \
        held_signature) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    FORK_HELD = "SELECT held_header FROM forks WHERE hash = ?1";
    FORK_HELD_SET = "UPDATE forks SET held_header = ?2, held_signature = ?3 WHERE hash = ?1";
    FORKS = "SELECT found_ms, entry, held_header, held_signature FROM forks ORDER BY device, epoch, seq, hash";

    FORKS_AT = "SELECT entry FROM forks WHERE device = ?1 AND epoch = ?2 AND seq = ?3 ORDER BY hash";
    FORK_ENTRY_SET = "UPDATE forks SET entry = ?2 WHERE hash = ?1";

    STATEMENT_ADD = "INSERT OR IGNORE INTO statements (hash, kind, body, received_ms) VALUES (?1, ?2, ?3, ?4)";
    STATEMENTS = "SELECT kind, body FROM statements ORDER BY hash";
    STATEMENTS_RECEIVED = "SELECT kind, body, received_ms FROM statements \
        ORDER BY coalesce(received_ms, 0), hash";

    DAY_MOMENT_ADD = "INSERT INTO day_moments (first, last, day_ms) VALUES (?1, ?2, ?3)";
    DAY_MOMENTS = "SELECT first, last, day_ms FROM day_moments WHERE last > ?1 ORDER BY first";
    COMPLETION_ADD = "INSERT OR IGNORE INTO completions (receipt, received_ms) VALUES (?1, ?2)";
    COMPLETIONS = "SELECT receipt, received_ms FROM completions ORDER BY receipt";

    DATASET_ADD = "INSERT OR IGNORE INTO datasets (hash, kind, added_ms, manifest) VALUES (?1, ?2, ?3, ?4)";
    DATASET = "SELECT manifest FROM datasets WHERE hash = ?1";
    DATASETS = "SELECT hash, kind, added_ms FROM datasets ORDER BY id";
    DATASET_REMOVE = "DELETE FROM datasets WHERE hash = ?1";
    MANIFESTS = "SELECT hash, manifest FROM datasets ORDER BY id";

    CHUNK_ADD = "INSERT OR IGNORE INTO chunks (hash, bytes) VALUES (?1, ?2)";
    CHUNK = "SELECT bytes FROM chunks WHERE hash = ?1";
    CHUNK_HAS = "SELECT 1 FROM chunks WHERE hash = ?1";
    CHUNK_HASHES = "SELECT hash FROM chunks ORDER BY hash";
    CHUNK_REMOVE = "DELETE FROM chunks WHERE hash = ?1";
    CHUNK_TOTALS = "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM chunks";

    SNAPSHOT_SET = "INSERT OR REPLACE INTO snapshots (name, version, up_to, hash, bytes) VALUES (?1, ?2, ?3, ?4, ?5)";
    SNAPSHOT = "SELECT version, up_to, hash, bytes FROM snapshots WHERE name = ?1";
    SNAPSHOTS_CLEAR = "DELETE FROM snapshots";

    SECRET = "SELECT bytes FROM secrets WHERE name = ?1";
    SECRET_SET = "INSERT OR REPLACE INTO secrets (name, bytes) VALUES (?1, ?2)";
    SECRET_REMOVE = "DELETE FROM secrets WHERE name = ?1";
    ACCOUNT = "SELECT record FROM accounts WHERE name = ?1";
    ACCOUNTS = "SELECT name, record FROM accounts ORDER BY name";
    ACCOUNT_SET = "INSERT OR REPLACE INTO accounts (name, record) VALUES (?1, ?2)";
    ACCOUNT_REMOVE = "DELETE FROM accounts WHERE name = ?1";
    SETTING = "SELECT value FROM settings WHERE name = ?1";
    SETTINGS = "SELECT name, value FROM settings ORDER BY name";
    SETTING_SET = "INSERT OR REPLACE INTO settings (name, value) VALUES (?1, ?2)";
    SETTING_REMOVE = "DELETE FROM settings WHERE name = ?1";

    SEARCH_ROW = "SELECT id, area, text FROM search_rows WHERE kind = ?1 AND key = ?2";
    SEARCH_ROW_ADD = "INSERT INTO search_rows (kind, key, area, text) VALUES (?1, ?2, ?3, ?4)";
    SEARCH_ROW_REMOVE = "DELETE FROM search_rows WHERE id = ?1";
    SEARCH_KIND = "SELECT id, key, area, text FROM search_rows WHERE kind = ?1";
    SEARCH_ALL = "SELECT id, key, text FROM search_rows ORDER BY id";
    SEARCH_INDEX_CLEAR = "INSERT INTO search_index (search_index) VALUES ('delete-all')";
    SEARCH_INDEX_ADD = "INSERT INTO search_index (rowid, text) VALUES (?1, ?2)";
    SEARCH_INDEX_REMOVE = "DELETE FROM search_index WHERE rowid = ?1";
    SEARCH_RANKED = "SELECT r.kind, r.key, r.area, r.text FROM search_index i JOIN search_rows r ON r.id = i.rowid \
        WHERE search_index MATCH ?1 AND (?2 = '' OR r.kind = ?2) \
        AND (?3 = '' OR r.area = ?3 OR (r.area >= ?3 || '/' AND r.area < ?3 || '0')) \
        ORDER BY bm25(search_index), r.key LIMIT ?4";
    SEARCH_FIRST = "SELECT r.kind, r.key, r.area, r.text FROM search_index i JOIN search_rows r ON r.id = i.rowid \
        WHERE search_index MATCH ?1 AND (?2 = '' OR r.kind = ?2) \
        AND (?3 = '' OR r.area = ?3 OR (r.area >= ?3 || '/' AND r.area < ?3 || '0')) \
        ORDER BY i.rowid LIMIT ?4";
    SEARCH_COUNT = "SELECT count(*) FROM search_rows";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_statement_fits_the_newest_layout() {
        let conn = rusqlite::Connection::open_in_memory().unwrap();
        for step in MIGRATIONS {
            conn.execute_batch(step).unwrap();
        }
        for (name, statement) in ALL {
            assert!(conn.prepare(statement).is_ok(), "{name}: {:?}", conn.prepare(statement).err());
        }
        assert!(ALL.len() > 50);
    }
}
