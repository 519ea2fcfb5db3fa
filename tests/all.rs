//! Every test over the whole program: a file a slice, and the sweeps that a new feature joins by existing.

mod audit;
mod branding;
mod devices;
mod documents;
mod fleet;
mod input;
mod interleaved;
mod isolation;
mod journey;
mod live;
mod mails;
mod news;
mod openapi;
mod operator;
mod pages;
mod people;
mod permissions;
mod photos;
mod rows;
mod schedule;
mod signin;
mod signup;
mod team;
mod tidy;
mod updates;
mod weather;
