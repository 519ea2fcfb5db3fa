//! A person's signed-in devices: see them, end one, end all others. Sessions themselves are the kernel's.

pub mod api;
pub mod ops;
pub mod pages;
pub mod portal;
