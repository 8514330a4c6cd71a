-- Entries whose payload never came: asked for again whenever a node that may have it is met.
CREATE INDEX entries_withheld ON entries (receipt) WHERE payload_state = 1;
