//! A tenant's brand: name, logo, one colour, one font, a few texts.
pub mod palette;
pub mod view;
pub mod words;
