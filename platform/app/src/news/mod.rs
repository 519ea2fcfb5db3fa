//! News: what a household is mailed about its project, gathered so that a busy day is one mail and not twenty.
//!
//! An update or a photo for the household, or a finished milestone, starts a wait of ten minutes; then everything that has happened
//! since the last news of that project goes out in one mail to each invited person. What was taken back in the meantime is left out.
//! Visits, papers and weather have mails of their own: they say what changes for the reader, and do not wait.
//!
//! Whether somebody wants these mails would be asked in [`people::ops::told`](crate::people::ops::told), which says whom to write.

pub mod jobs;
mod ops;
