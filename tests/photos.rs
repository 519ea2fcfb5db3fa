//! Photos: what is one and what is not, what is left of the camera's notes, who sees which, and the page that shows them.

use futures::future::join_all;
use serde_json::{Value, json};
use std::io::Cursor;
use tests::{Client, TestApp, stored};
use uuid::Uuid;

/// A JPEG of one colour.
fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = image::RgbImage::from_pixel(width, height, image::Rgb([90, 120, 60]));
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).expect("a photo");
    bytes.into_inner()
}

/// What a camera writes: its name, which way up it was held, June 9, 2026 at 2:10 pm, and a place in Vermont.
fn with_notes(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [tag.to_be_bytes().as_slice(), &kind.to_be_bytes(), &count.to_be_bytes(), &value].concat()
    };
    let folder = |entries: &[Vec<u8>]| {
        let count = u16::try_from(entries.len()).expect("few").to_be_bytes();
        [count.as_slice(), &entries.concat(), &[0; 4]].concat()
    };
    let at = |place: u32| place.to_be_bytes();
    let rational = |parts: [u32; 3]| parts.iter().flat_map(|part| [part.to_be_bytes(), 1_u32.to_be_bytes()].concat()).collect::<Vec<_>>();
    // 8: four entries; 62: the camera's name; 72: one entry; 90: the time; 110: four entries; 164 and 188: the place.
    let tiff = [
        b"MM\0*\0\0\0\x08".to_vec(),
        folder(&[
            entry(0x010f, 2, 10, at(62)),
            entry(0x0112, 3, 1, [0, orientation, 0, 0]),
            entry(0x8769, 4, 1, at(72)),
            entry(0x8825, 4, 1, at(110)),
        ]),
        b"SecretCam\0".to_vec(),
        folder(&[entry(0x9003, 2, 20, at(90))]),
        b"2026:06:09 14:10:00\0".to_vec(),
        folder(&[
            entry(0x0001, 2, 2, *b"N\0\0\0"),
            entry(0x0002, 5, 3, at(164)),
            entry(0x0003, 2, 2, *b"W\0\0\0"),
            entry(0x0004, 5, 3, at(188)),
        ]),
        rational([44, 15, 36]),
        rational([72, 34, 12]),
    ]
    .concat();
    let block = [b"Exif\0\0".to_vec(), tiff].concat();
    let length = u16::try_from(block.len() + 2).expect("short").to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &block, &jpeg[2..]].concat()
}

/// The same file, whose header claims another size.
fn claims(mut jpeg: Vec<u8>, width: u16, height: u16) -> Vec<u8> {
    let frame = jpeg.windows(2).position(|w| w == [0xff, 0xc0]).expect("a frame");
    jpeg[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    jpeg[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    jpeg
}

async fn announce(by: &Client, project: Uuid, files: &[&str], change: Value) -> Vec<Uuid> {
    let files: Vec<_> = files.iter().map(|name| json!({ "file_name": name, "media_type": "image/jpeg", "bytes": 5_000 })).collect();
    let mut new = json!({ "photos": files, "visibility": "client" });
    for (key, value) in change.as_object().into_iter().flatten() {
        new[key] = value.clone();
    }
    let list = by.post(format!("/api/v1/projects/{project}/photos")).json(new).await.expect(200).json();
    list["items"].as_array().expect("photos").iter().map(|p| p["id"].as_str().expect("an id").parse().expect("an id")).collect()
}

/// Announces one photo and sends its bytes.
async fn add(by: &Client, project: Uuid, bytes: Vec<u8>, change: Value) -> Uuid {
    let photo = announce(by, project, &["a.jpg"], change).await[0];
    by.put(format!("/api/v1/photos/{photo}/content")).file(bytes).await.expect(200);
    photo
}

async fn page(by: &Client, project: Uuid, query: &str) -> String {
    by.get(format!("/projects/{project}/photos{query}")).await.expect(200).text()
}

fn shows(page: &str, photo: Uuid) -> bool {
    page.contains(&format!("id=\"cell-{photo}\"")) && page.contains(&format!("id=\"photo-{photo}\""))
}

#[tokio::test]
async fn a_household_sees_its_photos_and_no_others() {
    let app = TestApp::start().await;
    let (mel, cora, house) = (app.staff("mel").await, app.customer("cora").await, app.acme().house());
    let project = house.projects["cora"];
    let kitchen = add(&mel, project, jpeg(60, 40), json!({ "room": "Kitchen", "phase_id": house.phases["cora"] })).await;
    mel.patch(format!("/api/v1/photos/{kitchen}")).json(json!({ "caption": "New <tiles> & taps" })).await.expect(200);
    let internal = add(&mel, project, jpeg(60, 40), json!({ "visibility": "internal", "room": "Cellar" })).await;
    let withdrawn = add(&mel, project, jpeg(60, 40), json!({ "room": "Kitchen" })).await;
    mel.delete(format!("/api/v1/photos/{withdrawn}")).await.expect(204);

    let all = page(&cora, project, "").await;
    assert!(shows(&all, kitchen) && shows(&all, house.photos["cora"]), "{all}");
    assert!(all.contains("New &lt;tiles&gt; &amp; taps") && !all.contains("<tiles>"));
    assert!(all.contains("data-live=\"photos\"") && all.contains(&format!("/photos/{kitchen}/320 60w")));
    for hidden in [internal, withdrawn, house.internal_photo, house.photos["carl"], app.globex().house().photos["gil"]] {
        assert!(!all.contains(&hidden.to_string()), "{hidden}");
        cora.get(format!("/photos/{hidden}/320")).await.expect(404);
        cora.get(format!("/photos/{hidden}/original")).await.expect(404);
    }
    assert!(!all.contains("Cellar"), "a room of internal photos has no name here");
    let picture = cora.get(format!("/photos/{kitchen}/800")).await.expect(200);
    assert_eq!((picture.header("content-type"), &picture.body[8..12]), ("image/webp", b"WEBP".as_slice()));

    app.customer("carl").await.get(format!("/projects/{project}/photos")).await.expect(404);
    app.globex().customer("gil").await.get(format!("/projects/{project}/photos")).await.expect(404);
    assert_eq!(app.visitor("acme").get(format!("/projects/{project}/photos")).await.status, 303);
    // What is shown to the household and then is not, is gone at once.
    mel.patch(format!("/api/v1/photos/{kitchen}")).json(json!({ "visibility": "internal" })).await.expect(200);
    assert!(!page(&cora, project, "").await.contains(&kitchen.to_string()));
    cora.get(format!("/photos/{kitchen}/800")).await.expect(404);
    app.run_jobs().await;
}

#[tokio::test]
async fn rooms_and_steps_are_links() {
    let app = TestApp::start().await;
    let (mel, cora, house) = (app.staff("mel").await, app.customer("cora").await, app.acme().house());
    let (project, phase) = (house.projects["cora"], house.phases["cora"]);
    let bath = add(&mel, project, jpeg(60, 40), json!({ "room": "Bath & hall" })).await;
    let step = add(&mel, project, jpeg(60, 40), json!({ "phase_id": phase })).await;
    let all = page(&cora, project, "").await;
    assert!(all.contains("room=Bath+%26+hall\"") && all.contains(&format!("phase={phase}\"")), "{all}");

    let room = page(&cora, project, "?room=Bath+%26+hall").await;
    assert!(shows(&room, bath) && !shows(&room, step), "{room}");
    assert!(room.contains(&format!("phase={phase}&amp;room=Bath+%26+hall")), "the other choice stays");
    let of_step = page(&cora, project, &format!("?phase={phase}")).await;
    assert!(shows(&of_step, step) && !shows(&of_step, bath));
    let by_room = page(&cora, project, "?by=room").await;
    assert!(by_room.contains(">Bath &amp; hall</h2>") && by_room.contains(">Everywhere else</h2>"), "{by_room}");
    assert!(page(&cora, project, "?room=Nowhere").await.contains("No photos here"));
    // What cannot be read does not matter.
    assert!(shows(&page(&cora, project, "?phase=x&update=y&after=z&by=%00&room=").await, bath));
    // A step or an update of somebody else shows nothing.
    let theirs = app.globex().house();
    for query in [format!("?phase={}", theirs.phases["gil"]), format!("?update={}", theirs.update)] {
        assert!(page(&cora, project, &query).await.contains("No photos here"), "{query}");
    }
    app.run_jobs().await;
}

#[tokio::test]
async fn many_photos_stand_on_several_pages() {
    let app = TestApp::start().await;
    let (mel, cora, project) = (app.staff("mel").await, app.customer("cora").await, app.acme().house().projects["cora"]);
    let names = ["a.jpg"; 30];
    let photos = announce(&mel, project, &names, json!({ "room": "Attic" })).await;
    let waiting = page(&cora, project, "").await;
    assert!(waiting.contains("0 of 30 new photos are here."), "{waiting}");
    join_all(photos.iter().map(async |photo| mel.put(format!("/api/v1/photos/{photo}/content")).file(jpeg(40, 30)).await.expect(200)))
        .await;

    let first = page(&cora, project, "?room=Attic").await;
    assert!(!first.contains("new photos are here") && first.contains("on this page"));
    assert_eq!(photos.iter().filter(|photo| shows(&first, **photo)).count(), 24);
    let older = first.split("href=\"").filter_map(|rest| rest.split('"').next()).find(|href| href.contains("after=")).expect("older");
    let older = cora.get(older.replace("&amp;", "&")).await.expect(200).text();
    assert_eq!(photos.iter().filter(|photo| shows(&older, **photo)).count(), 6);
    assert!(photos.iter().all(|photo| shows(&first, *photo) != shows(&older, *photo)));
    assert!(older.contains("Back to the newest") && !older.contains("See older photos"));
    app.run_jobs().await;
}

#[tokio::test]
async fn of_twenty_files_three_are_no_photos() {
    let app = TestApp::start().await;
    let (mel, cora, project) = (app.staff("mel").await, app.customer("cora").await, app.acme().house().projects["cora"]);
    let good = jpeg(60, 40);
    let cut = jpeg(400, 300);
    let mut files = vec![good; 20];
    files[3] = cut[..cut.len() / 2].to_vec();
    files[9] = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec();
    files[14] = claims(jpeg(60, 40), 20_000, 10_000);
    let names: Vec<_> = (0..20).map(|n| format!("IMG_{n:04}.jpg")).collect();
    let photos = announce(&mel, project, &names.iter().map(String::as_str).collect::<Vec<_>>(), json!({})).await;
    let send = async |(photo, file): (&Uuid, &Vec<u8>)| mel.put(format!("/api/v1/photos/{photo}/content")).file(file.clone()).await;
    let answers = join_all(photos.iter().zip(&files).map(send)).await;
    for (n, answer) in answers.into_iter().enumerate() {
        let (code, words) = match n {
            3 => ("photo_damaged", "damaged or was cut off"),
            9 => ("photo_not_a_picture", "This file is not a photo"),
            14 => ("photo_too_many_pixels", "200 megapixels"),
            _ => {
                answer.expect(200);
                continue;
            }
        };
        answer.expect_problem(422, code);
        let view = mel.get(format!("/api/v1/photos/{}", photos[n])).await.expect(200).json();
        assert_eq!((view["state"].as_str(), view["error"].as_str()), (Some("failed"), Some(code)));
        assert!(view["error_words"].as_str().is_some_and(|w| w.contains(words)) && view["file_name"] == names[n], "{view}");
        cora.get(format!("/photos/{}/320", photos[n])).await.expect(404);
        mel.put(format!("/api/v1/photos/{}/content", photos[n])).file(jpeg(60, 40)).await.expect_problem(409, "photo_failed");
    }
    let all = page(&cora, project, "").await;
    assert_eq!(photos.iter().filter(|photo| shows(&all, **photo)).count(), 17);
    assert!(!all.contains("on its way"), "nobody waits for the three");
    app.run_jobs().await;
}

#[tokio::test]
async fn what_else_is_no_photo() {
    let app = TestApp::start().await;
    let (mel, project) = (app.staff("mel").await, app.acme().house().projects["cora"]);
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    let pdf = b"%PDF-1.7".to_vec();
    let gif_bomb = b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\xff\xff\xff\xff\0\x02\x02D\x01\0;".to_vec();
    for (bytes, code) in
        [(heic, "photo_heic"), (pdf, "photo_not_a_picture"), (Vec::new(), "photo_empty"), (gif_bomb, "photo_too_many_pixels")]
    {
        let photo = announce(&mel, project, &["a.jpg"], json!({})).await[0];
        mel.put(format!("/api/v1/photos/{photo}/content")).file(bytes).await.expect_problem(422, code);
    }
    let photo = announce(&mel, project, &["a.jpg"], json!({})).await[0];
    mel.put(format!("/api/v1/photos/{photo}/content")).file(vec![7; (30 << 20) + 1]).await.expect_problem(413, "photo_too_large");
}

#[tokio::test]
async fn the_cameras_notes_stay_with_the_company() {
    let app = TestApp::start().await;
    let (mel, cora, project) = (app.staff("mel").await, app.customer("cora").await, app.acme().house().projects["cora"]);
    let file = with_notes(&jpeg(900, 600), 6);
    let photo = add(&mel, project, file.clone(), json!({})).await;
    app.run_jobs().await;
    let view = mel.get(format!("/api/v1/photos/{photo}")).await.expect(200).json();
    assert_eq!((view["width"].as_i64(), view["height"].as_i64()), (Some(600), Some(900)), "turned upright");
    assert_eq!(view["taken_at"], "2026-06-09T14:10:00");
    assert_eq!((&view["latitude"], &view["longitude"]), (&Value::Null, &Value::Null), "no company has asked for the place");
    assert_eq!(view["sizes"], json!([320, 800, 1600]));
    assert!(page(&cora, project, "").await.contains("taken Tue, June 9"));

    let clean = |bytes: &[u8]| !bytes.windows(9).any(|w| w == b"SecretCam") && !bytes.windows(10).any(|w| w == b"2026:06:09");
    for size in [320, 800, 1600] {
        let picture = cora.get(format!("/photos/{photo}/{size}")).await.expect(200);
        assert!(clean(&picture.body) && !picture.body.windows(4).any(|w| w == b"EXIF" || w == b"Exif"), "{size}");
        let decoded = image::load_from_memory(&picture.body).expect("a picture");
        assert!(decoded.height() > decoded.width(), "{size}");
    }
    let saved = cora.get(format!("/photos/{photo}/original")).await.expect(200);
    assert!(clean(&saved.body) && !clean(&file) && saved.header("content-disposition").starts_with("attachment;"));
    assert_eq!(mel.get(format!("/api/v1/photos/{photo}/content")).await.expect(200).body, file, "staff get it as it came");

    app.staff("mo").await.put("/api/v1/photo-settings").json(json!({ "keep_location": true })).await.expect(200);
    let photo = add(&mel, project, file, json!({})).await;
    let view = mel.get(format!("/api/v1/photos/{photo}")).await.expect(200).json();
    assert!((view["latitude"].as_f64().expect("a place") - 44.26).abs() < 0.001, "{view}");
    assert!((view["longitude"].as_f64().expect("a place") + 72.57).abs() < 0.001, "{view}");
    app.run_jobs().await;
}

#[tokio::test]
async fn originals_are_recorded_and_sealed() {
    let app = TestApp::start().await;
    let (ada, cora, project) = (app.staff("ada").await, app.customer("cora").await, app.acme().house().projects["cora"]);
    let clear = tests::photo("sealed");
    let photo = add(&ada, project, clear.clone(), json!({})).await;
    app.run_jobs().await;
    let read = async || {
        let log = ada.get(format!("/api/v1/audit?kind=photo.read&subject={photo}")).await.expect(200).json();
        log["items"].as_array().expect("items").len()
    };
    cora.get(format!("/photos/{photo}/800")).await.expect(200);
    assert_eq!(read().await, 0, "looking is not recorded");
    cora.get(format!("/photos/{photo}/original")).await.expect(200);
    let part = ada.get(format!("/api/v1/photos/{photo}/content")).header("range", "bytes=100-199").await.expect(206);
    assert_eq!((part.body.as_ref(), part.header("content-range")), (&clear[100..200], format!("bytes 100-199/{}", clear.len()).as_str()));
    assert_eq!(read().await, 2);

    let sql = |table: &str, id: &str| {
        format!("SELECT string_agg(object_id::text, ',') FROM {}.{table} WHERE {id} = '{photo}'", app.acme().house().schema)
    };
    let mut objects = app.ask(&sql("photos", "id")).await;
    objects.push(',');
    objects.push_str(&app.ask(&sql("photo_renditions", "photo_id")).await);
    assert_eq!(objects.split(',').count(), 4);
    for object in objects.split(',') {
        let bytes = stored(object);
        assert!(bytes.len() > 500 && bytes[..3] == [2, 4, 0x78], "message format version 2, suite 0x0478");
        assert!(!bytes.windows(16).any(|w| w == &clear[..16]) && !bytes.windows(4).any(|w| w == b"WEBP"), "not a byte in the clear");
    }
}

#[tokio::test]
async fn an_update_shows_three_of_its_photos() {
    let app = TestApp::start().await;
    let (mel, cora, house) = (app.staff("mel").await, app.customer("cora").await, app.acme().house());
    let (project, update) = (house.projects["cora"], house.update);
    let mut photos = Vec::new();
    for n in 0..4 {
        let photo = add(&mel, project, jpeg(60, 40), json!({ "update_id": update })).await;
        mel.patch(format!("/api/v1/photos/{photo}")).json(json!({ "caption": format!("Picture {n}") })).await.expect(200);
        photos.push(photo);
        app.clock.advance(chrono::Duration::milliseconds(5));
    }
    let hidden = add(&mel, project, jpeg(60, 40), json!({ "update_id": update, "visibility": "internal" })).await;
    let updates = cora.get(format!("/projects/{project}/updates")).await.expect(200).text();
    let of_update = format!("/projects/{project}/photos?update={update}");
    assert!(updates.contains("See all 4 photos") && updates.contains(&format!("href=\"{of_update}\"")), "{updates}");
    assert!(updates.contains(&format!("{of_update}#photo-{}", photos[3])) && !updates.contains("Picture 0"), "the newest three");
    assert!(!updates.contains(&hidden.to_string()));
    let all = cora.get(&of_update).await.expect(200).text();
    assert!(photos.iter().all(|photo| shows(&all, *photo)) && !all.contains(&hidden.to_string()));
    assert!(all.contains("These belong to what was done on") && !shows(&all, house.photos["cora"]));
    // A withdrawn update is named nowhere; its photos stay.
    mel.delete(format!("/api/v1/updates/{update}")).await;
    app.staff("mo").await.delete(format!("/api/v1/updates/{update}")).await;
    let after = cora.get(&of_update).await.expect(200).text();
    assert!(!after.contains("These belong to what was done on") && shows(&after, photos[0]));
    app.run_jobs().await;
}

#[tokio::test]
async fn drawings_and_pairs_lie_over_the_photos() {
    let app = TestApp::start().await;
    let (mel, cora, house) = (app.staff("mel").await, app.customer("cora").await, app.acme().house());
    let (project, photo) = (house.projects["cora"], house.photos["cora"]);
    let all = page(&cora, project, "").await;
    assert!(all.contains("Before and after") && all.contains("data-compare") && !all.contains("<text"), "{all}");
    let arrow = json!({ "kind": "arrow", "x1": 0.1, "y1": 0.9, "x2": 0.5, "y2": 0.5, "text": "Here & <there>", "color": "red" });
    mel.put(format!("/api/v1/photos/{photo}/markup")).json(json!({ "shapes": [arrow] })).await.expect(200);
    let before = cora.get(format!("/photos/{photo}/800")).await.expect(200);
    let drawn = page(&cora, project, "").await;
    assert!(drawn.contains("viewBox=\"0 0 1000 750\"") && drawn.contains("class=\"pl-mark-red\""), "{drawn}");
    assert!(drawn.contains("Notes: Here &amp; &lt;there&gt;") && drawn.contains("With notes") && !drawn.contains("<there>"));
    // A pair is shown while both of its photos are.
    assert_eq!(cora.get(format!("/photos/{photo}/800")).await.expect(200).body, before.body, "the picture itself stays");
    mel.patch(format!("/api/v1/photos/{photo}")).json(json!({ "visibility": "internal" })).await.expect(200);
    let hidden = page(&cora, project, "").await;
    assert!(!hidden.contains("data-compare") && !hidden.contains("Here &amp;"));
    app.run_jobs().await;
}

#[tokio::test]
async fn all_photos_come_in_one_file() {
    let app = TestApp::start().await;
    let (mel, cora, house) = (app.staff("mel").await, app.customer("cora").await, app.acme().house());
    let project = house.projects["cora"];
    let photo = add(&mel, project, with_notes(&jpeg(60, 40), 1), json!({ "room": "Hall" })).await;
    mel.patch(format!("/api/v1/photos/{photo}")).json(json!({ "caption": "The stairs/steps" })).await.expect(200);
    add(&mel, project, jpeg(60, 40), json!({ "room": "Safe", "visibility": "internal" })).await;
    assert!(page(&cora, project, "").await.contains(&format!("/projects/{project}/photos.zip")));
    let zip = cora.get(format!("/projects/{project}/photos.zip")).await.expect(200);
    let has = |text: &str| zip.body.windows(text.len()).any(|w| w == text.as_bytes());
    assert!(!zip.broken && zip.body.starts_with(b"PK") && zip.header("content-type") == "application/zip");
    assert!(has("Hall-The stairs steps.jpg") && !has("Safe") && !has("SecretCam"), "nothing beside the pictures, and none but theirs");
    let theirs = mel.get(format!("/api/v1/projects/{project}/photo-archive")).await.expect(200);
    assert!(["SecretCam", "Safe"].iter().all(|text| theirs.body.windows(text.len()).any(|w| w == text.as_bytes())));
    let log = app.staff("ada").await.get("/api/v1/audit?kind=photo.downloaded").await.expect(200).json();
    assert_eq!(log["items"].as_array().map(Vec::len), Some(2));
    app.run_jobs().await;
}
