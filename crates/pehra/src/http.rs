//! The room's doors: one route table, no route outside it.
