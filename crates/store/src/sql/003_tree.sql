-- The tree over all entries in the order of receipt: leaf n is the entry of receipt n + 1. Tiles hold up to 256 hashes
-- side by side; id = level * 2^56 + index. `size` says how many entries are in it; later ones are added when somebody
-- asks for a checkpoint, so that keeping an entry costs nothing more.
CREATE TABLE tree (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    size INTEGER NOT NULL
) STRICT;
INSERT INTO tree (one, size) VALUES (1, 0);

CREATE TABLE tiles (
    id     INTEGER PRIMARY KEY,
    hashes BLOB NOT NULL
) STRICT;

-- Checkpoints of this node and of others, with every signature that came; `text` is what they sign.
CREATE TABLE checkpoints (
    text   TEXT PRIMARY KEY,
    origin TEXT NOT NULL,
    size   INTEGER NOT NULL,
    note   TEXT NOT NULL
) STRICT;
CREATE INDEX checkpoints_of_origin ON checkpoints (origin, size);

-- The last checkpoint of each tree that this node cosigned: it never signs what does not grow out of it.
CREATE TABLE cosigned (
    origin TEXT PRIMARY KEY,
    text   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Two checkpoints that their log signed and that cannot both be true.
CREATE TABLE tree_forks (
    text     TEXT PRIMARY KEY,
    origin   TEXT NOT NULL,
    found_ms INTEGER NOT NULL,
    held     TEXT NOT NULL,
    other    TEXT NOT NULL
) STRICT;
