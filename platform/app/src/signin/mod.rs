//! Sign-in by mail: a link and a code, each for one use.
//!
//! Opening a link only shows a page; mail scanners do that too. The button's POST signs in, if it comes from the browser that
//! asked for the mail; any other browser types the six digits of the same mail. The answer to a request is the same, in the
//! same time, whether or not anybody has that address: finding out is a job's work. A link lives 15 minutes, a code 10 and
//! five wrong tries; tokens are kept as hashes, codes under a key that is not in the database.

pub mod api;
pub mod jobs;
mod model;
pub mod ops;
pub mod pages;
pub mod portal;
