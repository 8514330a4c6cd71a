-- Certificates and revocations as the entries of their kinds carried them: the roster is read before anything is folded.
CREATE TABLE statements (
    hash BLOB PRIMARY KEY,
    kind INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT, WITHOUT ROWID;
