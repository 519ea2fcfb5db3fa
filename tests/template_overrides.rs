//! A company's own texts for pages and mails: they show, they stay in their sandbox, and where they fail ours are shown.

use chrono::Duration;
use serde_json::{Value, json};
use tests::{Client, House, TestApp};

const API: &str = "/api/v1/template-overrides";
const CORA: &str = "cora@acme.example";

async fn ours(client: &Client, key: &str) -> Value {
    client.get(format!("{API}/{key}")).await.expect(200).json()["ours"].clone()
}

/// Our start page with this above it.
async fn home_with(client: &Client, above: &str) -> Value {
    let ours = ours(client, "home").await;
    json!({ "html": format!("{above}\n{}", ours["html"].as_str().expect("a text")) })
}

async fn save(client: &Client, key: &str, text: Value) -> Value {
    client.put(format!("{API}/{key}")).json(json!({ "text": text, "note": "a try" })).await.expect(200).json()
}

async fn row(client: &Client, key: &str) -> Value {
    let items = client.get(API).await.expect(200).json()["items"].clone();
    items.as_array().expect("items").iter().find(|item| item["template"] == key).expect("a template").clone()
}

/// Puts a text in use that no check has seen.
async fn force(app: &TestApp, house: &House, key: &str, html: &str) {
    app.execute(&format!(
        "SET search_path TO {}; INSERT INTO template_overrides (template, updated_at) VALUES ('{key}', now()) ON CONFLICT DO NOTHING; \
         INSERT INTO template_override_versions SELECT '{key}', coalesce(max(number), 0) + 1, $t${html}$t$, '', '', '', '', NULL::uuid, 'Test', now() \
         FROM template_override_versions WHERE template = '{key}'; \
         UPDATE template_overrides SET active = (SELECT max(number) FROM template_override_versions WHERE template = '{key}') WHERE template = '{key}'; \
         UPDATE branding SET updated_at = updated_at + interval '1 second'",
        house.schema
    ))
    .await;
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn our_own_texts_would_do_and_change_nothing() {
    let app = TestApp::start().await;
    let (ada, cora, project) = (app.staff("ada").await, app.customer("cora").await, app.acme().house().projects["cora"]);
    let page = format!("/projects/{project}/documents");
    let before = words(&cora.get(&page).await.expect(200).text());
    let items = ada.get(API).await.expect(200).json()["items"].as_array().expect("items").clone();
    assert!(items.len() >= 13, "{items:?}");
    for item in items {
        let key = item["template"].as_str().expect("a key");
        assert_eq!(item["state"], "ours", "{key}");
        let view = ada.get(format!("{API}/{key}")).await.expect(200).json();
        assert_eq!(view["text"], view["ours"]);
        let fields = view["fields"].as_array().expect("fields");
        let untold: Vec<_> = fields.iter().filter(|f| f["words"].as_str().is_none_or(str::is_empty)).map(|f| f["path"].clone()).collect();
        assert!(fields.len() > 8 && untold.is_empty(), "{key}: {untold:?} say nothing");
        assert!(
            !view["required"].as_array().expect("rules").is_empty() && !view["components"].as_array().expect("components").is_empty(),
            "{key}"
        );
        let tried =
            ada.post(format!("{API}/{key}/preview")).json(json!({ "text": view["ours"], "project_id": project })).await.expect(200).json();
        assert_eq!(tried["flaws"], json!([]), "{key}");
        assert_eq!(tried["shown"]["reader"], "Cora Sample", "{key}: {tried}");
        // With a letter more, so that it is a text of theirs.
        let mut text = view["ours"].clone();
        text["html"] = json!(format!("{}\n{{# ours #}}", text["html"].as_str().expect("a text")));
        assert_eq!(save(&ada, key, text).await["about"]["state"], "yours", "{key}");
    }
    assert_eq!(words(&cora.get(&page).await.expect(200).text()), before);
    for path in [
        "/".to_owned(),
        format!("/projects/{project}"),
        format!("/projects/{project}/photos"),
        format!("/projects/{project}/visits"),
        format!("/projects/{project}/updates"),
    ] {
        cora.get(&path).await.expect(200);
    }
    for item in ada.get(API).await.expect(200).json()["items"].as_array().expect("items") {
        assert_eq!(item["state"], "yours", "{item}");
    }
}

#[tokio::test]
async fn a_text_shows_at_once_everywhere_and_in_no_other_company() {
    let app = TestApp::start().await;
    let twin = app.twin().await;
    let (ada, cora, gil) = (app.staff("ada").await, app.customer("cora").await, app.globex().customer("gil").await);
    let there = twin.customer("cora").await;
    there.get("/").await.expect(200);
    let view = save(&ada, "home", home_with(&ada, "<p class=\"pl-wrap\">Good to have you, {{ page.first_name }}.</p>").await).await;
    assert_eq!((view["about"]["state"].as_str(), view["about"]["version"].as_i64()), (Some("yours"), Some(1)));
    for client in [&cora, &there] {
        let page = client.get("/").await.expect(200).text();
        assert!(page.contains("<p class=\"pl-wrap\">Good to have you, Cora.</p>") && page.contains("id=\"part-steps\""), "{page}");
        assert!(page.contains("<title>") && page.contains("data-cursor"), "the frame is ours");
    }
    assert!(!gil.get("/").await.expect(200).text().contains("Good to have you"));
    assert_eq!(row(&app.globex().boss().await, "home").await["state"], "ours");
    // The second change lands within the same moment of the test's clock.
    save(&ada, "home", home_with(&ada, "<p class=\"pl-wrap\">Hello again.</p>").await).await;
    for client in [&cora, &there] {
        let page = client.get("/").await.expect(200).text();
        assert!(page.contains("Hello again.") && !page.contains("Good to have you"), "{page}");
    }
    let view = ada.put(format!("{API}/home/active")).json(json!({ "number": 1 })).await.expect(200).json();
    assert_eq!(view["about"]["version"], 1);
    assert!(there.get("/").await.expect(200).text().contains("Good to have you"));
    ada.delete(format!("{API}/home/active")).await.expect(200);
    for client in [&cora, &there] {
        assert!(!client.get("/").await.expect(200).text().contains("Good to have you"));
    }
    let log = ada.get("/api/v1/audit").await.expect(200).text();
    for kind in ["template_override.saved", "template_override.restored", "template_override.switched_off"] {
        assert!(log.contains(kind), "{kind}: {log}");
    }
}

#[tokio::test]
async fn mails_are_written_in_their_words() {
    let app = TestApp::start().await;
    let (ada, house) = (app.staff("ada").await, app.acme().house());
    let text = json!({
        "subject": "Come in, {{ page.first_name }}", "heading": "Your house & you",
        "html": "{% from \"mail/_parts.html\" import para, button %}{% set words %}From <strong>{{ frame.brand.name }}</strong>{% endset %}{{ para(frame, words) }}{{ button(frame, page.link, \"Open the door\") }}",
        "text": "Hello {{ page.first_name }}, open {{ page.link }}",
    });
    save(&ada, "mail_invitation", text.clone()).await;
    ada.post(format!("/api/v1/customers/{}/invitation", house.customers["cora"])).await.expect(200);
    app.run_jobs().await;
    let mail = app.mail(CORA);
    assert_eq!(mail.subject, "Come in, Cora");
    let html = mail.html.expect("HTML");
    assert!(
        html.contains("From <strong>acme</strong>") && html.contains("Open the door") && html.contains("Your house &amp; you"),
        "{html}"
    );
    assert!(mail.text.contains("Hello Cora, open https://acme.") && mail.text.contains("--"), "{}", mail.text);
    // Without its link it is no invitation, in either form.
    for (part, less) in [("html", "{{ \"Nothing to press.\" }}"), ("text", "Hello")] {
        let mut wrong = text.clone();
        wrong[part] = json!(less);
        let problem =
            ada.put(format!("{API}/mail_invitation")).json(json!({ "text": wrong })).await.expect_problem(422, "template_flawed").json();
        assert!(
            problem["fields"][0]["detail"].as_str().is_some_and(|d| d.contains("This must be there"))
                && problem["fields"][0]["field"] == part,
            "{problem}"
        );
    }
    // A mail that fails goes out in our words.
    force(&app, house, "mail_invitation", "{{ page.gone }}").await;
    ada.post(format!("/api/v1/customers/{}/invitation", house.customers["cora"])).await.expect(200);
    app.run_jobs().await;
    assert!(app.mail(CORA).html.expect("HTML").contains("See my project"));
    assert_eq!(row(&ada, "mail_invitation").await["state"], "broken");
}

#[tokio::test]
async fn what_people_type_stays_text() {
    let app = TestApp::start().await;
    let (ada, cora, project) = (app.staff("ada").await, app.customer("cora").await, app.acme().house().projects["cora"]);
    let name = "<script>alert(1)</script>\" onmouseover=\"x";
    ada.patch(format!("/api/v1/projects/{project}")).json(json!({ "name": name })).await.expect(200);
    let above = "{% if page.only %}<p class=\"pl-wrap\" title=\"{{ page.only.name }}\">{{ page.only.name }}</p>{% endif %}";
    save(&ada, "home", home_with(&ada, above).await).await;
    let page = cora.get("/").await.expect(200).text();
    let typed = "&lt;script&gt;alert(1)&lt;/script&gt;&quot; onmouseover=&quot;x";
    assert!(page.contains(&format!("<p class=\"pl-wrap\" title=\"{typed}\">{typed}</p>")), "{page}");
    assert!(!page.contains("<script>alert"));
    // Outside of quotes it would be markup: the samples let it pass, the page does not.
    let above = "{% if page.only %}<p title={{ page.only.name }}>a</p>{% endif %}";
    save(&ada, "home", home_with(&ada, &above.replace("page.only.name", "page.only.id")).await).await;
    force(&app, app.acme().house(), "home", above).await;
    let page = cora.get("/").await.expect(200).text();
    assert!(page.contains("id=\"part-steps\"") && !page.contains("onmouseover=\"x\""), "{page}");
    assert_eq!(row(&ada, "home").await["state"], "broken");
}

#[tokio::test]
async fn hostile_and_broken_texts_are_refused_with_their_line() {
    let app = TestApp::start().await;
    let (ada, project) = (app.staff("ada").await, app.acme().house().projects["cora"]);
    let ours = ours(&ada, "home").await["html"].as_str().expect("a text").to_owned();
    let list = format!("[{}]", vec!["1"; 60].join(","));
    let nested = format!("{{% for a in {list} %}}{{% for b in {list} %}}{{% for c in {list} %}}{{% endfor %}}{{% endfor %}}{{% endfor %}}");
    let cases = [
        ("<script>alert(1)</script>", true, "“<script>”"),
        ("<p onclick=\"x()\">a</p>", true, "“onclick”"),
        ("<p style=\"color:red\">a</p>", true, "“style”"),
        ("<img src=\"https://else.example/a.png\" alt=\"\">", true, "this portal only"),
        ("<iframe src=\"/\"></iframe>", true, "“<iframe>”"),
        ("<form method=\"post\" action=\"https://else.example\"></form>", true, "“<form>”"),
        ("<a href=\"javascript:alert(1)\">a</a>", true, "“javascript:”"),
        ("{% include \"signin/form.html\" %}", true, "no such file"),
        ("{% extends \"base.html\" %}", true, "extends"),
        ("{{ page.nothing }}", true, "“page.nothing”"),
        ("{{ page.first_name|safe }}", true, "filter"),
        ("{% if %}", true, "cannot be read"),
        ("{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}", false, ""),
        (nested.as_str(), false, "too many steps"),
        ("{% set x = [1] %}{% set x = [x, x] %}", true, "Lists are written"),
        ("{{ page.projects + page.projects }}", true, "|plus"),
        ("<div>", false, "never closed"),
        ("<h1>Another one</h1>", false, "one heading <h1>"),
    ];
    for (line, has_line, said) in cases {
        let text = json!({ "html": format!("{{# ours #}}\n{line}\n{ours}") });
        let tried = ada.post(format!("{API}/home/preview")).json(json!({ "text": text, "project_id": project })).await.expect(200).json();
        let flaw = &tried["flaws"][0];
        assert!(flaw["words"].as_str().is_some_and(|w| w.contains(said)), "{line}: {tried}");
        assert!(!has_line || flaw["line"] == 2, "{line}: {tried}");
        assert!(tried["shown"].is_null(), "{line}");
        ada.put(format!("{API}/home")).json(json!({ "text": text })).await.expect_problem(422, "template_flawed");
    }
    let missing = json!({ "html": ours.replace("{{ weather(project, frame) }}", "") });
    let problem = ada.put(format!("{API}/home")).json(json!({ "text": missing })).await.expect_problem(422, "template_flawed").json();
    let detail = problem["fields"][0]["detail"].as_str().expect("words").to_owned();
    assert!(detail.contains("what the weather has moved") && detail.contains("sample 1 of"), "{detail}");
    assert_eq!(row(&ada, "home").await["state"], "ours", "nothing was kept");
    ada.put(format!("{API}/sign_in_form")).json(json!({ "text": { "html": "x" } })).await.expect(404);
    assert_eq!(ada.get(format!("{API}/home/versions")).await.expect(200).json()["items"], json!([]));
}

#[tokio::test]
async fn a_text_that_breaks_later_falls_back_and_staff_see_it() {
    let app = TestApp::start().await;
    let (ada, cora) = (app.staff("ada").await, app.customer("cora").await);
    let before = words(&cora.get("/").await.expect(200).text());
    force(&app, app.acme().house(), "home", "<p>Hello</p>\n{{ page.gone }}").await;
    for _ in 0..3 {
        let page = cora.get("/").await.expect(200).text();
        assert!(page.contains("id=\"part-steps\"") && page.contains("</html>"), "{page}");
        assert_eq!(words(&page).len(), before.len(), "the whole page, and ours");
    }
    let broken = row(&ada, "home").await;
    assert_eq!(
        (broken["state"].as_str(), broken["failure"]["count"].as_i64(), broken["failure"]["line"].as_i64()),
        (Some("broken"), Some(1), Some(2)),
        "{broken}"
    );
    assert!(broken["failure"]["words"].as_str().is_some_and(|w| w.contains("page.gone")), "{broken}");
    app.clock.advance(Duration::seconds(11));
    cora.get("/").await.expect(200);
    assert_eq!(row(&ada, "home").await["failure"]["count"], 4);
    let told = app.ask(&format!("SELECT count(*) FROM {}.events WHERE kind = 'template_override.failed'", app.acme().house().schema)).await;
    assert_eq!(told, "1", "the log tells of it once");
    // What loops, floods, or does not parse is the same to the reader.
    let list = format!("[{}]", vec!["1"; 60].join(","));
    let nested =
        format!("{{% for a in {list} %}}{{% for b in {list} %}}{{% for c in {list} %}}x{{% endfor %}}{{% endfor %}}{{% endfor %}}");
    for html in [nested.as_str(), "{% set x = [1] %}{% set x = x + x %}", "{% if %}", "<p>Nothing else</p>", "<script>alert(1)</script>"] {
        force(&app, app.acme().house(), "home", html).await;
        let page = cora.get("/").await.expect(200).text();
        assert!(page.contains("id=\"part-steps\"") && !page.contains("alert(1)"), "{html}: {page}");
        assert_eq!(row(&ada, "home").await["state"], "broken", "{html}");
    }
    // It cannot be put in use again by hand, and a sound one ends the trouble.
    let newest = row(&ada, "home").await["version"].as_i64().expect("a version");
    ada.put(format!("{API}/home/active")).json(json!({ "number": newest })).await.expect_problem(422, "template_flawed");
    let view = save(&ada, "home", home_with(&ada, "<p class=\"pl-wrap\">Sound.</p>").await).await;
    assert_eq!((view["about"]["state"].as_str(), view["about"]["failure"].is_null()), (Some("yours"), true), "{view}");
    assert!(cora.get("/").await.expect(200).text().contains("Sound."));
}

#[tokio::test]
async fn versions_say_who_when_and_what() {
    let app = TestApp::start().await;
    let (ada, mo) = (app.staff("ada").await, app.staff("mo").await);
    save(&ada, "home", home_with(&ada, "<p>One</p>").await).await;
    let text = home_with(&mo, "<p>Two</p>").await;
    mo.put(format!("{API}/home")).json(json!({ "text": text, "note": "Two is better" })).await.expect(200);
    // The same again is no version.
    mo.put(format!("{API}/home")).json(json!({ "text": text, "note": "again" })).await.expect(200);
    let items = ada.get(format!("{API}/home/versions")).await.expect(200).json()["items"].clone();
    assert_eq!(items.as_array().map(Vec::len), Some(2), "{items}");
    assert_eq!(
        (items[0]["number"].as_i64(), items[0]["note"].as_str(), items[0]["active"].as_bool()),
        (Some(2), Some("Two is better"), Some(true))
    );
    assert_ne!(items[0]["author_name"], items[1]["author_name"]);
    let second = ada.get(format!("{API}/home/versions/2")).await.expect(200).json();
    let lines = second["changes"][0]["lines"].as_array().expect("lines").clone();
    let of = |change: &str| lines.iter().filter(|line| line["change"] == change).map(|line| line["text"].clone()).collect::<Vec<_>>();
    assert_eq!((of("removed"), of("added")), (vec![json!("<p>One</p>")], vec![json!("<p>Two</p>")]));
    let first = ada.get(format!("{API}/home/versions/1")).await.expect(200).json();
    assert!(first["changes"][0]["lines"].as_array().is_some_and(|lines| lines.iter().any(|line| line["text"] == "<p>One</p>")), "{first}");
    ada.get(format!("{API}/home/versions/3")).await.expect(404);
    // A version stays as it was written, whoever asks.
    let schema = &app.acme().house().schema;
    for sql in ["UPDATE template_override_versions SET html = 'x'", "DELETE FROM template_override_versions"] {
        let may = app
            .ask(&format!(
                "SELECT has_table_privilege('{schema}_staff', '{schema}.template_override_versions', '{}')::text",
                sql.split(' ').next().unwrap_or_default()
            ))
            .await;
        assert_eq!(may, "false", "{sql}");
    }
}

#[tokio::test]
async fn the_preview_shows_what_a_customer_would_see_and_runs_nothing() {
    let app = TestApp::start().await;
    let (ada, mel) = (app.staff("ada").await, app.staff("mel").await);
    let (project, strange) = (app.acme().house().projects["cora"].to_string(), app.globex().house().projects["gil"].to_string());
    let text = home_with(&ada, "<p class=\"pl-wrap\">Hello {{ page.first_name }}</p>").await;
    let html = text["html"].as_str().expect("a text");
    let ask = |client: &Client, project: &str| {
        client.post("/console/template-preview").form(&[("template", "home"), ("project", project), ("html", html)])
    };
    let answer = ask(&ada, &project).await.expect(200);
    let policy = answer.header("content-security-policy").to_owned();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'self'") && policy.contains("sandbox"), "{policy}");
    assert!(!policy.contains("script-src") && !policy.contains("allow-scripts") && !policy.contains("unsafe"), "{policy}");
    let console = ada.get("/console/").await.expect(200);
    let policy = console.header("content-security-policy");
    assert!(policy.contains("frame-src 'self' blob:"), "the console may frame it, and a document's preview: {policy}");
    let page = answer.text();
    assert!(page.contains("Hello Cora") && page.contains("portal.css"), "{page}");
    assert!(page.contains("/api/v1/photos/") && !page.contains("\"/photos/"), "pictures are asked for as staff may");
    ask(&ada, &strange).await.expect(404);
    ask(&mel, &project).await.expect(403);
    ask(&app.visitor("acme"), &project).await.expect(401);
    let body = json!({ "text": text, "project_id": strange });
    ada.post(format!("{API}/home/preview")).json(body).await.expect(404);
    let answer =
        ada.post("/console/template-preview").form(&[("template", "home"), ("project", &project), ("html", "<script>")]).await.expect(200);
    assert_eq!(answer.text(), "");
    assert_eq!(row(&ada, "home").await["state"], "ours", "nothing was kept");
}
