CREATE TABLE node (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    epoch    INTEGER NOT NULL,
    -- The file's identity on this disk: a copied file is another one, and begins another epoch.
    identity INTEGER NOT NULL,
    -- Why the epoch is not the first: empty, 'backup' or 'copy'.
    restored TEXT NOT NULL
) STRICT;
INSERT INTO node (one, epoch, identity, restored) VALUES (1, 0, 0, '');

CREATE TABLE devices (
    device BLOB PRIMARY KEY,
    key    BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE logs (
    id         INTEGER PRIMARY KEY,
    device     BLOB NOT NULL,
    epoch      INTEGER NOT NULL,
    head_seq   INTEGER,
    head_hash  BLOB,
    head_clock INTEGER,
    forked_at  INTEGER,
    UNIQUE (device, epoch)
) STRICT;

-- In the order of receipt. payload_state: 0 here, 1 withheld (never came), 2 deleted (does not come back).
CREATE TABLE entries (
    receipt       INTEGER PRIMARY KEY,
    log           INTEGER NOT NULL REFERENCES logs (id),
    seq           INTEGER NOT NULL,
    received_ms   INTEGER NOT NULL,
    standing      INTEGER NOT NULL,
    payload_state INTEGER NOT NULL,
    hash          BLOB NOT NULL,
    signature     BLOB NOT NULL,
    header        BLOB NOT NULL,
    cosignatures  BLOB NOT NULL,
    payload       BLOB,
    UNIQUE (log, seq)
) STRICT;

CREATE TABLE forks (
    hash           BLOB PRIMARY KEY,
    device         BLOB NOT NULL,
    epoch          INTEGER NOT NULL,
    seq            INTEGER NOT NULL,
    found_ms       INTEGER NOT NULL,
    entry          BLOB NOT NULL,
    held_header    BLOB NOT NULL,
    held_signature BLOB NOT NULL
) STRICT;

CREATE TABLE datasets (
    id       INTEGER PRIMARY KEY,
    hash     BLOB NOT NULL UNIQUE,
    kind     TEXT NOT NULL,
    added_ms INTEGER NOT NULL,
    manifest BLOB NOT NULL
) STRICT;

CREATE TABLE chunks (
    id    INTEGER PRIMARY KEY,
    hash  BLOB NOT NULL UNIQUE,
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE snapshots (
    name    TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    up_to   INTEGER NOT NULL,
    hash    BLOB NOT NULL,
    bytes   BLOB NOT NULL
) STRICT;

CREATE TABLE secrets (
    name  TEXT PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE accounts (
    name   TEXT PRIMARY KEY,
    record BLOB NOT NULL
) STRICT;

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE search_rows (
    id   INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    key  TEXT NOT NULL,
    area TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (kind, key)
) STRICT;

-- Holds the folded text only; what is shown stands in search_rows.
CREATE VIRTUAL TABLE search_index USING fts5 (
    text,
    content = '',
    contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2',
    prefix = '1 2 3'
);
INSERT INTO search_index (search_index, rank) VALUES ('secure-delete', 1);
