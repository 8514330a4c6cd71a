//! Stories told to a real room: its own folder, its own port, over TCP.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a story that cannot go on has failed, in its helpers too"
)]

mod account;
mod after_action;
mod alert;
mod backbone;
mod campaign;
mod client;
mod clock;
mod code;
mod command;
mod community;
mod convoy;
mod course;
mod court;
mod custody;
mod decoder;
mod dispatch;
mod door;
mod draw;
mod draw_record;
mod drill;
mod exercise;
mod fault;
mod finding;
mod forget;
mod house;
mod https;
mod import;
mod intelligence;
mod lan;
mod live;
mod map;
mod modem;
mod net;
mod observer;
mod order;
mod own_key;
mod pack;
mod patrol;
mod phone;
mod photograph;
mod plan;
mod proof;
mod radio;
mod readiness;
mod record;
mod replay;
mod repoll;
mod report;
mod reserves;
mod roads;
mod sample;
mod sms;
mod stick;
mod stop;
mod story;
mod survey;
mod tip;
mod trainer;
mod training;
mod trust;
