//! A tenant's brand: name, logo, one colour, one font, a few texts.
//!
//! Owners and managers change it; everybody sees it, customers and strangers on every page. The palette is computed when the
//! colour is saved and kept beside it. A logo is decoded and written anew before it is kept, so no byte that somebody
//! uploaded is ever served.

pub mod api;
mod logo;
mod model;
pub mod ops;
pub mod palette;
pub mod portal;
pub mod view;
pub mod words;

pub use logo::{Logo, MAX_UPLOAD};
pub use model::{BrandFont, BrandingInput};
