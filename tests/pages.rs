//! Every page and every mail renders with every sample, with the templates and files as they are built in.

use kernel::pages::Pages;
use platform::{app, pages};

#[test]
fn every_page_and_mail_renders_with_every_sample() {
    let loaded: Pages = pages::load(&app::assets()).expect("the templates");
    let samples = pages::all();
    let wrong: Vec<String> =
        samples.iter().filter_map(|s| (s.render)(&loaded).err().map(|error| format!("{}: {error:#}", s.name))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_page_and_mail_is_on_the_list() {
    // A struct that implements Page or Mail and is not in pages::all() would never be rendered by a test.
    let listed = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../platform/app/src/pages.rs")).expect("pages.rs");
    let mut missing = Vec::new();
    for (path, text) in crate::tidy::sources("platform/app/src") {
        for line in text.lines() {
            let Some(name) = line.strip_prefix("impl Page for ").or_else(|| line.strip_prefix("impl Mail for ")) else { continue };
            let name = name.trim_end_matches([' ', '{']);
            if !listed.contains(&format!("{name}>(")) {
                missing.push(format!("{path}: {name}"));
            }
        }
    }
    assert!(missing.is_empty(), "not in pages::all(): {missing:?}");
}

#[tokio::test]
async fn problems_are_pages_in_the_brand() {
    let app = tests::TestApp::start().await;
    let visitor = app.visitor("acme");
    let page = visitor.get("/nothing/here").await.expect(404);
    let text = page.text();
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(text.contains("acme") && text.contains(page.header("x-request-id")), "brand and reference stand on it: {text}");
    visitor.get("/sign-in/not-a-token").await.expect(410);
    visitor.get("/invitation/not-an-id").await.expect(400);
    visitor.get(format!("/invitation/{}", uuid::Uuid::now_v7())).await.expect(410);
    let form = visitor.post("/sign-in").file(vec![b'x'; 70_000]).header("content-type", "application/x-www-form-urlencoded").await;
    form.expect(413);
    let binary =
        visitor.post("/sign-in").file(vec![0xff, 0x00, b'=', 0xfe]).header("content-type", "application/x-www-form-urlencoded").await;
    binary.expect(422);
    for path in ["/manifest.webmanifest", "/brand/icon.svg", "/health/live", "/health/ready"] {
        visitor.get(path).await.expect(200);
    }
    visitor.get("/brand/logo").await.expect(404);
}
