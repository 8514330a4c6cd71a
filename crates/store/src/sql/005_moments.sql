-- The day's own time at which entries were received, where an exercise has a clock of its own: one row for each commit,
-- over the receipts that it gave out. What no row covers was received by the wall's clock (entries.received_ms).
CREATE TABLE day_moments (
    first  INTEGER PRIMARY KEY,
    last   INTEGER NOT NULL,
    day_ms INTEGER NOT NULL
) STRICT;
-- When the content of an entry came that had arrived without it. What was completed before this layout has no row.
CREATE TABLE completions (
    receipt     INTEGER PRIMARY KEY,
    received_ms INTEGER NOT NULL
) STRICT;
-- When a statement was believed; none for those of before this layout.
ALTER TABLE statements ADD COLUMN received_ms INTEGER;
