//! The object store as the AWS client sees it: round trips, restarts, strangers, and keys that try to leave the bucket.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod common;

use std::path::Path;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart, Delete, ObjectIdentifier};
use embedded::s3::{S3, S3Options};

const BUCKET: &str = "demo-files";

async fn start(dir: &Path) -> S3 {
    S3::start(S3Options {
        dir: dir.to_owned(),
        port: None,
        access_key: "local".into(),
        secret_key: "local-secret".into(),
        bucket: BUCKET.into(),
    })
    .await
    .unwrap()
}

fn client(s3: &S3, secret: &str) -> Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("local", secret, None, None, "test"))
        .endpoint_url(s3.endpoint())
        .force_path_style(true)
        .build();
    Client::from_conf(config)
}

async fn put(client: &Client, key: &str, body: &'static [u8]) -> Result<(), String> {
    let sent = client.put_object().bucket(BUCKET).key(key).body(ByteStream::from_static(body)).send().await;
    sent.map(drop).map_err(|error| error.code().unwrap_or("no code").to_owned())
}

async fn get(client: &Client, key: &str) -> Result<Vec<u8>, String> {
    match client.get_object().bucket(BUCKET).key(key).send().await {
        Ok(object) => Ok(object.body.collect().await.unwrap().to_vec()),
        Err(error) => Err(error.code().unwrap_or("no code").to_owned()),
    }
}

#[tokio::test]
async fn objects_are_kept_ranged_listed_and_deleted() {
    let dir = tempfile::tempdir().unwrap();
    let s3 = start(dir.path()).await;
    let first = client(&s3, "local-secret");
    put(&first, "t_demo/a/1", b"hello").await.unwrap();
    put(&first, "t_demo/b/1", b"world").await.unwrap();
    assert!(
        S3::start(S3Options {
            dir: dir.path().to_owned(),
            port: None,
            access_key: String::new(),
            secret_key: String::new(),
            bucket: BUCKET.into(),
        })
        .await
        .unwrap_err()
        .to_string()
        .contains("in use by another run")
    );
    s3.stop().await;

    let s3 = start(dir.path()).await;
    let again = client(&s3, "local-secret");
    assert_eq!(get(&again, "t_demo/a/1").await.unwrap(), b"hello");
    let part = again.get_object().bucket(BUCKET).key("t_demo/a/1").range("bytes=1-3").send().await.unwrap();
    assert_eq!(part.body.collect().await.unwrap().to_vec(), b"ell");
    assert_eq!(again.list_objects_v2().bucket(BUCKET).prefix("t_demo/").send().await.unwrap().contents().len(), 2);
    again.delete_object().bucket(BUCKET).key("t_demo/a/1").send().await.unwrap();
    assert_eq!(get(&again, "t_demo/a/1").await.unwrap_err(), "NoSuchKey");
    let names = std::fs::read_dir(dir.path().join("objects")).unwrap().count();
    assert_eq!(names, 1 + 2, "the bucket and the two files beside the object that is left");
    let elsewhere = again.put_object().bucket("not-made").key("a").send().await.unwrap_err();
    assert_eq!(elsewhere.code(), Some("NoSuchBucket"));
    s3.stop().await;
}

#[tokio::test]
async fn an_upload_in_parts_is_one_object() {
    let dir = tempfile::tempdir().unwrap();
    let s3 = start(dir.path()).await;
    let client = client(&s3, "local-secret");
    let made = client.create_multipart_upload().bucket(BUCKET).key("big/1").send().await.unwrap();
    let id = made.upload_id().unwrap();
    let mut parts = CompletedMultipartUpload::builder();
    for (number, bytes) in [(1, vec![7; 5 << 20]), (2, vec![8; 100])] {
        let upload = client.upload_part().bucket(BUCKET).key("big/1").upload_id(id).part_number(number);
        let sent = upload.body(bytes.into()).send().await.unwrap();
        parts = parts.parts(CompletedPart::builder().part_number(number).set_e_tag(sent.e_tag).build());
    }
    let complete = client.complete_multipart_upload().bucket(BUCKET).key("big/1").upload_id(id);
    complete.multipart_upload(parts.build()).send().await.unwrap();
    let all = get(&client, "big/1").await.unwrap();
    assert_eq!((all.len(), all[0], all[all.len() - 1]), ((5 << 20) + 100, 7, 8));
    s3.stop().await;
}

#[tokio::test]
async fn no_key_leaves_its_bucket() {
    let outer = tempfile::tempdir().unwrap();
    let dir = outer.path().join("a/b/s3");
    let s3 = start(&dir).await;
    let client = client(&s3, "local-secret");
    put(&client, "inside", b"x").await.unwrap();
    let secret = dir.join("secret");
    std::fs::write(&secret, "not an object").unwrap();
    let absolute = secret.display().to_string();
    let before = count(outer.path());
    let keys = ["../../secret", "../secret", "a/../../../secret", "/etc/evil", &absolute, "a//b", "a\\..\\b", "a/./b", "x\u{1}y", ".."];
    for key in keys {
        assert!(put(&client, key, b"evil").await.is_err(), "put {key:?}");
        assert!(get(&client, key).await.is_err(), "get {key:?}");
        assert!(client.head_object().bucket(BUCKET).key(key).send().await.is_err(), "head {key:?}");
        assert!(client.delete_object().bucket(BUCKET).key(key).send().await.is_err(), "delete {key:?}");
        assert!(client.create_multipart_upload().bucket(BUCKET).key(key).send().await.is_err(), "parts {key:?}");
        let id = ObjectIdentifier::builder().key(key).build().unwrap();
        let list = Delete::builder().objects(id).build().unwrap();
        assert!(client.delete_objects().bucket(BUCKET).delete(list).send().await.is_err(), "delete in a list {key:?}");
        let source = format!("{BUCKET}/{}", key.replace('\u{1}', "%01"));
        let copy = client.copy_object().bucket(BUCKET).key("copied").copy_source(source);
        assert!(copy.send().await.is_err(), "copy {key:?}");
    }
    assert_eq!(std::fs::read_to_string(&secret).unwrap(), "not an object");
    assert_eq!(count(outer.path()), before, "nothing was written anywhere");
    s3.stop().await;
}

#[tokio::test]
async fn strangers_and_wrong_sums_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let s3 = start(dir.path()).await;
    assert_eq!(put(&client(&s3, "guessed"), "a", b"x").await.unwrap_err(), "SignatureDoesNotMatch");
    let plain = common::client().get(format!("{}/{BUCKET}/a", s3.endpoint())).send().await.unwrap();
    assert_eq!(plain.status(), 403);
    let right = client(&s3, "local-secret");
    let wrong = right.put_object().bucket(BUCKET).key("a").checksum_sha256("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    assert!(wrong.body(ByteStream::from_static(b"x")).send().await.is_err());
    assert_eq!(get(&right, "a").await.unwrap_err(), "NoSuchKey");
    s3.stop().await;
}

fn count(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    entries.map(|entry| 1 + if entry.path().is_dir() { count(&entry.path()) } else { 0 }).sum()
}
