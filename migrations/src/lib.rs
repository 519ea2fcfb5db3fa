//! The schemas of Plumbline: `platform` once a deployment, `tenant` once a contractor company, and the fleet migrator that
//! brings thousands of tenant schemas to the same version.
//!
//! A migration is a file of SQL. It may name `{schema}`, `{staff}` and `{customer}`; everything else in it is unqualified and
//! lands in the schema that the migrator put first on the search path. How to write one: README.md in this folder.

pub mod fleet;
pub mod roles;
mod set;

pub use fleet::{Fleet, Options, Outcome, Progress, Report};
pub use set::{Migration, Names, Set, apply};
