//! The palette's promises, over 4,096 colours in both modes, and the two demo brands value by value.
use super::*;

/// Text on ground, each at least 4.5.
const TEXTS: [(&str, &str); 17] = [
    ("text", "surface"),
    ("text", "raised"),
    ("text", "sunken"),
    ("text", "brand-soft"),
    ("muted", "surface"),
    ("muted", "raised"),
    ("muted", "sunken"),
    ("muted", "brand-soft"),
    ("on-brand", "brand"),
    ("on-brand", "brand-hover"),
    ("on-brand", "brand-press"),
    ("brand-text", "surface"),
    ("brand-text", "raised"),
    ("brand-text", "sunken"),
    ("brand-text", "brand-soft"),
    ("on-band", "band"),
    ("on-band-soft", "band"),
];

/// Marks and control edges on ground, each at least 3.
const MARKS: [(&str, &str); 5] = [
    ("brand-mark", "surface"),
    ("brand-mark", "raised"),
    ("brand-mark", "sunken"),
    ("brand-mark", "brand-soft"),
    ("line-strong", "raised"),
];

#[test]
fn every_colour_is_readable_in_both_modes() {
    let mut wrong = Vec::new();
    let steps = || (0..=255).step_by(17);
    for (r, g, b) in steps().flat_map(|r| steps().flat_map(move |g| steps().map(move |b| (r, g, b)))) {
        let input = format!("#{r:02x}{g:02x}{b:02x}");
        let palette = palette(&input).expect("a colour");
        for (mode, roles) in [("light", &palette.light), ("dark", &palette.dark)] {
            assert_eq!(roles.len(), 19, "{input} {mode}");
            for (pairs, least) in [(&TEXTS[..], 4.5), (&MARKS[..], 3.0)] {
                let short = |(a, b): &&(&str, &str)| contrast(&roles[*a], &roles[*b]) < least;
                wrong.extend(pairs.iter().filter(short).map(|pair| format!("{input} {mode} {pair:?}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} pairs too close: {:?}", wrong.len(), &wrong[..wrong.len().min(5)]);
}

fn line(roles: &Roles) -> String {
    let order = [
        "surface",
        "raised",
        "sunken",
        "line",
        "line-strong",
        "text",
        "muted",
        "brand-soft",
        "brand-line",
        "brand",
        "on-brand",
        "brand-hover",
        "brand-press",
        "brand-text",
        "brand-mark",
        "band",
        "on-band",
        "band-line",
        "on-band-soft",
    ];
    order.map(|role| roles[role][1..].to_owned()).join(" ")
}

#[test]
fn known_brands_come_out_as_drawn() {
    let green = palette("#1f5b3f").expect("a colour");
    assert_eq!(
        line(&green.light),
        "f5f8f6 ffffff ebf0ed d8deda 7f8983 17211b 4e5852 e4f5eb b9d6c5 1f5b3f ffffff 0d4d32 004329 1f5b3f 1f5b3f 1f5b3f ffffff 4f7f65 a0cdb3"
    );
    assert_eq!(
        line(&green.dark),
        "0f1411 181e1a 090d0b 2e3632 78837d eaeeeb b0b8b3 183023 395847 5f9477 07180f 6ea386 78ae91 80b296 458062 06492e ffffff 3c6c53 87b49a"
    );
    let copper = palette("#B8573A").expect("a colour");
    assert_eq!(
        line(&copper.light),
        "faf6f5 ffffff f2edec e1dbd9 8e8380 261b18 5e524f ffebe5 f2c1b2 b8573a ffffff a7482b 9c3d20 a7482b b8573a b8573a ffffff db856b fff9f7"
    );
    assert_eq!(
        line(&copper.dark),
        "171110 221b18 100b09 3b322f 897d79 f1ebea bdb3b0 3d221a 714133 c76c51 1f0f0a d87b60 e4866a e18a71 b8573a 622a1a ffffff 845142 c89a8c"
    );
    assert!(!green.adjusted && !copper.adjusted);
    assert!(!green.near_danger && copper.near_danger);
}

#[test]
fn light_colours_keep_their_character_with_dark_text() {
    let yellow = palette("#ffd400").expect("a colour");
    assert_eq!(yellow.light["brand"], "#ffd400");
    assert_ne!(yellow.light["on-brand"], WHITE);
    assert!(!yellow.adjusted);
    let red = palette("#d02020").expect("a colour");
    assert!(red.near_danger);
    assert!(palette("#000000").expect("a colour").adjusted);
}

#[test]
fn what_is_no_colour_is_none() {
    for bad in ["", "red", "#fff", "#12345g", "1f5b3f", "#1f5b3f0", "#é12345"] {
        assert!(palette(bad).is_none(), "{bad:?}");
    }
}
