//! Documents: announced, uploaded once, read in whole or in part, locked when the key is, and never without a record.

use bytes::Bytes;
use futures::{StreamExt, future::join_all, stream};
use serde_json::{Value, json};
use tests::{Client, TestApp, contents, stored};

/// Announces a document; answers its id.
async fn announce(app: &TestApp, staff: &Client, change: Value) -> String {
    let mut new = json!({
        "title": "Permit", "kind": "permit", "visibility": "client", "file_name": "permit.pdf", "media_type": "application/pdf", "bytes": 200_000,
    });
    for (key, value) in change.as_object().into_iter().flatten() {
        new[key] = value.clone();
    }
    let project = app.acme().house().projects["cora"];
    let view = staff.post(format!("/api/v1/projects/{project}/documents")).json(new).await.expect(200).json();
    assert_eq!(view["versions"][0]["state"], "uploading");
    view["id"].as_str().expect("an id").to_owned()
}

fn content(document: &str) -> String {
    format!("/api/v1/documents/{document}/versions/1/content")
}

#[tokio::test]
async fn what_goes_in_comes_out() {
    let app = TestApp::start().await;
    let (ada, cora) = (app.staff("ada").await, app.customer("cora").await);
    let bytes = contents("sizes");
    // Around the frames' border of 64 KiB, and one byte.
    for size in [1, 65_535, 65_536, 65_537, 131_072, 200_000] {
        let (bytes, file) = (bytes[..size].to_vec(), if size < 5 { "text/plain" } else { "application/pdf" });
        let name = if size < 5 { "a.txt" } else { "a.pdf" };
        let document = announce(&app, &ada, json!({ "bytes": size, "media_type": file, "file_name": name })).await;
        let path = format!("/documents/{document}/versions/1/file");
        cora.get(&path).await.expect(404);
        let view = ada.put(content(&document)).file(bytes.clone()).await.expect(200).json();
        assert_eq!((view["versions"][0]["state"].as_str(), view["versions"][0]["bytes"].as_u64()), (Some("ready"), Some(size as u64)));
        let read = cora.get(&path).await.expect(200);
        assert_eq!(read.body.as_ref(), bytes, "{size}");
        assert_eq!(read.header("content-length"), size.to_string());
        assert_eq!(read.header("x-content-type-options"), "nosniff");
        assert!(
            read.header("content-disposition").starts_with("attachment;") && read.header("content-security-policy").contains("sandbox")
        );
        assert!(read.header("cache-control").contains("no-store"));
    }
    // In pieces, without a length told.
    let document = announce(&app, &ada, json!({})).await;
    let pieces: Vec<_> = contents("sizes").chunks(7_001).map(|c| Ok(Bytes::copy_from_slice(c))).collect();
    ada.put(content(&document)).stream(stream::iter(pieces)).await.expect(200);
    assert_eq!(ada.get(content(&document)).await.expect(200).body, contents("sizes"));
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_leaves_nothing() {
    let app = TestApp::with(|config| {
        for plan in config.plans.values_mut() {
            plan.max_upload_bytes = 300_000;
        }
    })
    .await;
    let (ada, project) = (app.staff("ada").await, app.acme().house().projects["cora"]);
    let new = |bytes: u64| json!({ "title": "T", "kind": "other", "visibility": "client", "file_name": "a.bin", "media_type": "", "bytes": bytes });
    let list = format!("/api/v1/projects/{project}/documents");
    ada.post(&list).json(new(0)).await.expect_problem(422, "file_empty");
    ada.post(&list).json(new(300_001)).await.expect_problem(413, "file_too_large");
    let document = announce(&app, &ada, json!({ "file_name": "a.bin", "media_type": "" })).await;
    ada.put(content(&document)).file(vec![]).await.expect_problem(422, "file_empty");
    ada.put(content(&document)).file(vec![1; 300_001]).await.expect_problem(413, "file_too_large");
    let endless = stream::repeat(()).map(|()| Ok(Bytes::from_static(&[7; 65_536])));
    ada.put(content(&document)).stream(endless).await.expect_problem(413, "file_too_large");
    let broken = stream::iter(vec![Ok(Bytes::from_static(b"abc")), Err(std::io::ErrorKind::ConnectionReset.into())]);
    ada.put(content(&document)).stream(broken).await.expect_problem(400, "upload_broken");
    ada.get(content(&document)).await.expect(404);
    // None of it used the version up, and the limit itself fits.
    ada.put(content(&document)).file(vec![1; 300_000]).await.expect(200);
    ada.put(content(&document)).file(vec![1; 10]).await.expect_problem(409, "version_ready");
}

#[tokio::test]
async fn a_file_is_what_its_bytes_say() {
    let app = TestApp::start().await;
    let ada = app.staff("ada").await;
    let cases: [(&str, &str, &[u8], u16); 6] = [
        ("a.pdf", "application/pdf", b"<html>", 422),
        ("a.png", "image/png", b"%PDF-1.7", 422),
        ("a.pdf", "application/octet-stream", b"MZ\x90\0", 422),
        ("a.html", "text/html", b"<script>alert(1)</script>", 200),
        ("a.pdf", "application/pdf", b"%PDF-1.4 x", 200),
        ("..\\..\\evil\r\nX: y.pdf", "application/pdf", b"%PDF-1.4 x", 200),
    ];
    for (name, kind, bytes, status) in cases {
        let document = announce(&app, &ada, json!({ "file_name": name, "media_type": kind, "bytes": bytes.len() })).await;
        let answer = ada.put(content(&document)).file(bytes.to_vec()).await.expect(status);
        if status == 422 {
            assert_eq!(answer.code(), "file_type_mismatch");
            ada.get(content(&document)).await.expect(404);
            continue;
        }
        let read = ada.get(content(&document)).await.expect(200);
        assert!(!read.header("content-type").contains("html"), "never as a page: {}", read.header("content-type"));
        assert!(read.header("content-disposition").starts_with("attachment;"));
        assert!(read.headers.get("x").is_none());
    }
}

#[tokio::test]
async fn of_several_uploads_one_wins() {
    let app = TestApp::start().await;
    let ada = app.staff("ada").await;
    let document = announce(&app, &ada, json!({ "bytes": 100_000 })).await;
    let variant = |n: u8| {
        let mut bytes = contents("race")[..100_000].to_vec();
        bytes[50_000] = n;
        bytes
    };
    let all = join_all((0..4).map(|n| ada.put(content(&document)).file(variant(n)).into_future())).await;
    let won: Vec<usize> = (0..4).filter(|n| all[*n].status == 200).collect();
    assert_eq!(won.len(), 1, "{:?}", all.iter().map(|a| a.status).collect::<Vec<_>>());
    assert!(all.iter().filter(|a| a.status != 200).all(|a| a.code() == "version_ready"));
    assert_eq!(ada.get(content(&document)).await.expect(200).body, variant(u8::try_from(won[0]).expect("small")));
    let log = ada.get(format!("/api/v1/audit?kind=document.uploaded&subject={document}")).await.expect(200).json();
    assert_eq!(log["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn ranges_are_served_as_asked() {
    let app = TestApp::start().await;
    let (cora, house) = (app.customer("cora").await, app.acme().house());
    let (path, all) = (format!("/documents/{}/versions/1/file", house.documents["cora"]), contents("cora"));
    let size = all.len();
    let etag = cora.head(&path).await.expect(200).header("etag").to_owned();
    for (range, from, to) in [
        ("bytes=0-0", 0, 1),
        ("bytes=65530-65545", 65_530, 65_546),
        ("bytes=131072-", 131_072, size),
        ("bytes=-10", size - 10, size),
        ("bytes=0-999999999", 0, size),
    ] {
        let part = cora.get(&path).header("range", range).await.expect(206);
        assert_eq!(part.body.as_ref(), &all[from..to], "{range}");
        assert_eq!(part.header("content-range"), format!("bytes {from}-{}/{size}", to - 1));
        assert_eq!(part.header("content-length"), (to - from).to_string());
    }
    for range in [format!("bytes={size}-"), "bytes=5-2".into(), "bytes=-0".into()] {
        let answer = cora.get(&path).header("range", range).await.expect(416);
        assert_eq!(answer.header("content-range"), format!("bytes */{size}"));
    }
    for range in ["bytes=0-1,5-6", "lines=1-2"] {
        assert_eq!(cora.get(&path).header("range", range).await.expect(200).body.len(), size);
    }
    let same = cora.get(&path).header("range", "bytes=0-9").header("if-range", etag).await.expect(206);
    assert_eq!(same.body.len(), 10);
    assert_eq!(cora.get(&path).header("range", "bytes=0-9").header("if-range", "\"other\"").await.expect(200).body.len(), size);
    let head = cora.head(&path).await.expect(200);
    assert_eq!((head.header("content-length"), head.body.len(), head.header("accept-ranges")), (size.to_string().as_str(), 0, "bytes"));
}

#[tokio::test]
async fn a_key_that_is_off_locks_the_files_until_it_is_on() {
    let app = TestApp::start().await;
    // A company of its own, for its key is turned off.
    let (owner, _) = crate::signup::company(&app, "keyless").await;
    let customer = owner.post("/api/v1/customers").json(json!({ "name": "K", "email": "k@customers.example" })).await.expect(200).json();
    let house = json!({ "name": "K", "address": "1 Sample Street", "members": [{ "customer_id": customer["id"], "role": "signer" }] });
    let house = owner.post("/api/v1/households").json(house).await.expect(200).json();
    let project = json!({ "name": "K", "address": "1 Sample Street", "household_id": house["id"], "status": "active" });
    let project = owner.post("/api/v1/projects").json(project).await.expect(200).json();
    let list = format!("/api/v1/projects/{}/documents", project["id"].as_str().expect("an id"));
    let new = json!({ "title": "T", "kind": "other", "visibility": "client", "file_name": "a.pdf", "media_type": "application/pdf", "bytes": 200_000 });
    let mut documents = Vec::new();
    for _ in 0..2 {
        documents.push(owner.post(&list).json(new.clone()).await.expect(200).json()["id"].as_str().expect("an id").to_owned());
    }
    owner.put(content(&documents[0])).file(contents("key")).await.expect(200);
    owner.get(content(&documents[0])).await.expect(200);

    let tenant = app.app.tenants.by_host("keyless.plumbline.example").await.expect("the registry").expect("a tenant");
    let kms = &tests::shared().embedded.kms;
    kms.disable(&tenant.key_arn).expect("turned off");
    // What was opened is kept for five minutes; this is what happens after them.
    app.app.tenants.keys().forget(tenant.id);
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    owner.get(content(&documents[0])).await.expect_problem(503, "key_unusable");
    let refused = owner.put(content(&documents[1])).file(contents("key")).await.expect_problem(503, "key_unusable");
    assert!(!refused.header("retry-after").is_empty() && !refused.text().contains("arn:"), "{}", refused.text());
    let view = owner.get(format!("/api/v1/documents/{}", documents[1])).await.expect(200).json();
    assert_eq!(view["versions"][0]["state"], "uploading", "nothing half-written");
    app.staff("ada").await.get(content(&app.acme().house().documents["cora"].to_string())).await.expect(200);

    kms.enable(&tenant.key_arn).expect("turned on");
    assert_eq!(owner.get(content(&documents[0])).await.expect(200).body, contents("key"));
    owner.put(content(&documents[1])).file(contents("key")).await.expect(200);
}

#[tokio::test]
async fn no_record_no_bytes() {
    let app = TestApp::start().await;
    let (cora, house) = (app.customer("cora").await, app.acme().house());
    let path = format!("/documents/{}/versions/1/file", house.documents["cora"]);
    app.execute(&format!("ALTER TABLE {}.events ADD CONSTRAINT none CHECK (kind <> 'document.read') NOT VALID", house.schema)).await;
    let refused = cora.get(&path).await.expect(500);
    assert!(!refused.text().contains("%PDF-1.7") && !refused.text().contains("constraint"), "{}", refused.text());
    app.execute(&format!("ALTER TABLE {}.events DROP CONSTRAINT none", house.schema)).await;
    // With the record it stands there before the first byte: the answer is not read yet.
    let open = cora.get(&path).open().await;
    let seen = app.ask(&format!("SELECT count(*) FROM {}.events WHERE kind = 'document.read'", house.schema)).await;
    assert_eq!((open.status().as_u16(), seen.as_str()), (200, "1"));
}

#[tokio::test]
async fn a_download_ends_with_the_session() {
    let app = TestApp::start().await;
    let (ada, cora, house) = (app.staff("ada").await, app.customer("cora").await, app.acme().house());
    // Larger than what waits in buffers on the way.
    let size = 24_000_000;
    let document = announce(&app, &ada, json!({ "bytes": size, "file_name": "a.bin", "media_type": "" })).await;
    ada.put(content(&document)).file(vec![5; size]).await.expect(200);
    let response = cora.get(format!("/documents/{document}/versions/1/file")).open().await;
    let mut body = response.into_body().into_bytes_stream();
    let first = body.next().await.expect("a chunk").expect("bytes");
    assert!(!first.is_empty());
    app.execute(&format!("UPDATE {}.sessions SET revoked_at = now() WHERE person_kind = 'customer'", house.schema)).await;
    let (mut read, mut broken) = (first.len(), false);
    // The session is looked at again every five seconds; a reader who waits longer than that gets no more than what was under way.
    tokio::time::sleep(std::time::Duration::from_secs(6)).await;
    while let Some(chunk) = body.next().await {
        match chunk {
            Ok(bytes) => read += bytes.len(),
            Err(_) => broken = true,
        }
    }
    assert!(broken && read < size, "{read} of {size}");
}

#[tokio::test]
async fn the_store_being_away_is_said_and_passes() {
    let app = TestApp::with(|config| config.storage.endpoint = "http://127.0.0.1:9".into()).await;
    let (ada, house) = (app.staff("ada").await, app.acme().house());
    ada.get(content(&house.documents["cora"].to_string())).await.expect_problem(503, "files_unavailable");
    let document = announce(&app, &ada, json!({})).await;
    ada.put(content(&document)).file(contents("x")).await.expect_problem(503, "files_unavailable");
    let view = ada.get(format!("/api/v1/documents/{document}")).await.expect(200).json();
    assert_eq!(view["versions"][0]["state"], "uploading");
}

#[tokio::test]
async fn withdrawn_hidden_and_expired_documents_are_gone() {
    let app = TestApp::start().await;
    let (ada, cora, house) = (app.staff("ada").await, app.customer("cora").await, app.acme().house());
    let document = house.documents["cora"];
    let path = format!("/documents/{document}/versions/1/file");
    ada.patch(format!("/api/v1/documents/{document}")).json(json!({ "visibility": "internal" })).await.expect(200);
    cora.get(&path).await.expect(404);
    ada.patch(format!("/api/v1/documents/{document}")).json(json!({ "visibility": "client" })).await.expect(200);
    cora.get(&path).await.expect(200);
    ada.delete(format!("/api/v1/documents/{document}")).await.expect(204);
    cora.get(&path).await.expect(404);
    ada.get(content(&document.to_string())).await.expect(404);
    // Bytes that do not come within a day are given up, and what was left in the store is swept.
    let late = announce(&app, &ada, json!({})).await;
    app.clock.advance(chrono::Duration::hours(25));
    app.run_jobs().await;
    let ada = app.staff("ada").await;
    let view = ada.get(format!("/api/v1/documents/{late}")).await.expect(200).json();
    assert_eq!(view["versions"][0]["state"], "failed");
    ada.put(content(&late)).file(contents("x")).await.expect_problem(409, "upload_expired");
    let again = json!({ "file_name": "b.pdf", "media_type": "application/pdf", "bytes": 200_000 });
    ada.post(format!("/api/v1/documents/{late}/versions")).json(again).await.expect(200);
    ada.put(format!("/api/v1/documents/{late}/versions/2/content")).file(contents("x")).await.expect(200);
    let other = house.documents["carl"];
    assert_eq!(ada.get(content(&other.to_string())).await.expect(200).body, contents("carl"), "the sweep left the winners alone");
}

#[tokio::test]
async fn what_is_stored_is_sealed() {
    let app = TestApp::start().await;
    let house = app.acme().house();
    let tenant = app.tenant(house).await;
    let sql = format!("SELECT object_id FROM {}.document_versions WHERE document_id = '{}'", house.schema, house.documents["cora"]);
    let object = app.ask(&sql).await;
    let sealed = stored(&object);
    assert!(sealed.len() > 200_000 && sealed[..3] == [2, 4, 0x78], "message format version 2, suite 0x0478");
    let clear = contents("cora");
    assert!(!sealed.windows(16).any(|w| w == &clear[..16]), "not a byte in the clear");
    assert!(
        !tenant.key_arn.is_empty() && sealed.windows(tenant.key_arn.len()).any(|w| w == tenant.key_arn.as_bytes()),
        "under the tenant's key"
    );
}
