//! Papers from the outside: what is on them, what they refuse, and that they are always the same.

mod failures;
mod files;
mod hostile;
mod samples;
mod tools;
