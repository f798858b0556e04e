//! What tests against a real server stand on: a private cluster and throw-away databases in it.

mod cluster;
mod database;
mod programs;
pub(crate) mod sample;
pub(crate) mod sentiment;
mod wire;

pub(crate) use cluster::Cluster;
pub(crate) use database::{Database, repository_file};
pub(crate) use programs::kill;
pub(crate) use wire::Wire;
