//! A daily update: what was done on a day, in a few sentences, for the household or for the company alone.
//!
//! Staff of every role write them, and change or withdraw their own; managers everybody's.

kernel::id!(UpdateId, "What was done on a day.");
