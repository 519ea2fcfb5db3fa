//! From stored branding to what pages and mails are drawn with; our own brand; the brand of the samples.
use kernel::pages::BrandView;

use super::palette::palette;

/// Our own colour, used on the bare domain and until a tenant has chosen.
pub const HOUSE_COLOUR: &str = "#1d5fa6";

/// A brand with a name and a colour and nothing else yet: what a new tenant starts with.
pub fn plain(name: &str, colour: &str) -> BrandView {
    let palette = palette(colour).or_else(|| palette(HOUSE_COLOUR)).expect("our own colour is a colour");
    BrandView {
        name: name.to_owned(),
        tagline: String::new(),
        logo_url: None,
        font: "figtree".to_owned(),
        phone: String::new(),
        hours: String::new(),
        welcome: String::new(),
        signature: String::new(),
        light: palette.light,
        dark: palette.dark,
        stamp: 0,
    }
}

/// Our own brand, for the bare domain.
pub fn plumbline() -> BrandView {
    plain("Plumbline", HOUSE_COLOUR)
}

/// The brand of the samples and demos.
pub fn sample() -> BrandView {
    BrandView {
        tagline: "Roofs that stay dry".to_owned(),
        font: "archivo".to_owned(),
        phone: "(555) 010-0142".to_owned(),
        hours: "Monday to Friday 7 to 5".to_owned(),
        welcome: "This is where you find everything about your roof: what is happening, and every paper.".to_owned(),
        signature: "Dana and everybody at Larkrise Roofing".to_owned(),
        ..plain("Larkrise Roofing", "#1f5b3f")
    }
}
