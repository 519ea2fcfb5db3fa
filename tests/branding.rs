//! The brand: a colour becomes a palette, a logo is made anew, both reach pages and mails.

use image::{ImageFormat, Rgba, RgbaImage};
use serde_json::{Value, json};
use std::io::Cursor;
use tests::TestApp;

fn brand(name: &str, color: &str) -> Value {
    json!({
        "name": name, "tagline": "Roofs that stay dry", "color": color, "font": "bitter", "phone": "(555) 010-0142", "hours": "Monday to Friday",
        "welcome": "Welcome to your roof.", "signature": "Ada and everybody",
    })
}

fn picture(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = RgbaImage::from_fn(900, 300, |x, y| Rgba([(x % 256) as u8, (y % 256) as u8, 90, 255]));
    match format {
        ImageFormat::Jpeg => image::DynamicImage::from(picture).to_rgb8().write_to(&mut bytes, format).expect("a picture"),
        _ => picture.write_to(&mut bytes, format).expect("a picture"),
    }
    bytes.into_inner()
}

#[tokio::test]
async fn a_colour_becomes_a_palette_that_pages_wear() {
    let app = TestApp::start().await;
    let ada = app.staff("ada").await;
    let preview = ada.post("/api/v1/branding/palette").json(json!({ "color": "#ffee00" })).await.expect(200).json();
    assert!(preview["palette"]["light"]["on-brand"].is_string() && preview["adjusted"].is_boolean(), "{preview}");
    assert!(!preview["words"].as_str().unwrap_or_default().is_empty());
    let saved = ada.put("/api/v1/branding").json(brand("Acme & Daughters", "#1F5B3F")).await.expect(200).json();
    assert_eq!((saved["color"].as_str(), saved["font"].as_str()), (Some("#1f5b3f"), Some("bitter")));
    let kept = ada.get("/api/v1/branding").await.expect(200).json();
    assert_eq!(kept, saved);
    let page = app.visitor("acme").get("/sign-in").await.expect(200).text();
    assert!(page.contains("Acme &amp; Daughters") && page.contains("(555) 010-0142"), "{page}");
    let primary = saved["palette"]["light"].as_object().expect("roles").values().next().and_then(Value::as_str).expect("a colour");
    assert!(page.contains(primary), "{primary} in {page}");
    assert!(!app.visitor("globex").get("/sign-in").await.expect(200).text().contains("Daughters"));
    for (field, bad, code) in [
        ("color", json!("green"), "color_format"),
        ("name", json!(" "), "name_missing"),
        ("tagline", json!("x".repeat(121)), "too_long"),
        ("welcome", json!("x".repeat(601)), "too_long"),
    ] {
        let mut wrong = brand("Acme", "#1f5b3f");
        wrong[field] = bad;
        ada.put("/api/v1/branding").json(wrong).await.expect_problem(422, code);
    }
    let mut wrong = brand("Acme", "#1f5b3f");
    wrong["font"] = json!("comic");
    assert!(matches!(ada.put("/api/v1/branding").json(wrong).await.status, 400 | 422));
    assert_eq!(ada.get("/api/v1/branding").await.expect(200).json(), saved, "nothing of the refused ones was kept");
}

#[tokio::test]
async fn a_hostile_name_is_text() {
    let app = TestApp::start().await;
    let mut evil = brand("<script>alert(1)</script>", "#1f5b3f");
    evil["tagline"] = json!("{{ 7 * 7 }} \" onload=x");
    app.staff("ada").await.put("/api/v1/branding").json(evil).await.expect(200);
    let visitor = app.visitor("acme");
    for path in ["/sign-in", "/nothing"] {
        let page = visitor.get(path).await.text();
        assert!(!page.contains("<script>alert") && page.contains("&lt;script&gt;") && !page.contains("49 "), "{path}: {page}");
    }
    visitor.get("/brand/icon.svg").await.expect(200);
    let manifest = visitor.get("/manifest.webmanifest").await.expect(200).json();
    assert_eq!(manifest["name"], "<script>alert(1)</script>");
}

#[tokio::test]
async fn a_logo_is_made_anew() {
    let app = TestApp::start().await;
    let ada = app.staff("ada").await;
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP] {
        let mut upload = picture(format);
        upload.extend_from_slice(b"<script>alert(1)</script>");
        let saved = ada.put("/api/v1/branding/logo").file(upload.clone()).await.expect(200).json();
        let url = saved["logo_url"].as_str().expect("an address").to_owned();
        let logo = app.visitor("acme").get(&url).await.expect(200);
        assert_eq!((logo.header("content-type"), logo.header("x-content-type-options")), ("image/png", "nosniff"));
        let read = image::load_from_memory(&logo.body).expect("a picture");
        assert_eq!((read.width(), read.height()), (512, 171), "{format:?}");
        assert!(!logo.body.windows(8).any(|w| w == b"<script>"), "no byte of the upload is served");
        assert!(app.visitor("acme").get("/sign-in").await.text().contains(&url.replace('&', "&amp;")), "on the pages");
    }
    app.visitor("globex").get("/brand/logo").await.expect(404);
    let gone = ada.delete("/api/v1/branding/logo").await.expect(200).json();
    assert!(gone["logo_url"].is_null());
    app.visitor("acme").get("/brand/logo").await.expect(404);
}

#[tokio::test]
async fn what_is_no_picture_is_refused() {
    let app = TestApp::start().await;
    let ada = app.staff("ada").await;
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec();
    let mut bomb = picture(ImageFormat::Png);
    // The header claims 60,000 x 60,000 pixels.
    bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    let mut cut = picture(ImageFormat::Png);
    cut.truncate(200);
    for (what, bytes) in [("svg", svg), ("empty", vec![]), ("text", b"hello".to_vec()), ("bomb", bomb), ("cut off", cut)] {
        let answer = ada.put("/api/v1/branding/logo").file(bytes).await;
        assert!(matches!(answer.status, 400 | 422), "{what}: {} {}", answer.status, answer.text());
    }
    ada.put("/api/v1/branding/logo").file(vec![0; (2 << 20) + 1]).await.expect_problem(413, "logo_too_large");
    assert!(ada.get("/api/v1/branding").await.expect(200).json()["logo_url"].is_null());
}
