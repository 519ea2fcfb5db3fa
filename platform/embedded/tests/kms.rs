//! The key service as the AWS client sees it: round trips, contexts, key states, signatures, restarts.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod common;

use std::path::Path;

use aws_sdk_kms::Client;
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{DataKeySpec, KeyState, Tag};
use embedded::kms::{Kms, KmsOptions};

async fn start(dir: &Path) -> Kms {
    Kms::start(KmsOptions {
        dir: dir.to_owned(),
        port: None,
        region: "eu-central-1".into(),
        account: "000000000000".into(),
        access_key: "local".into(),
    })
    .await
    .unwrap()
}

fn client(kms: &Kms, access_key: &str, region: &str) -> Client {
    let config = aws_sdk_kms::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .credentials_provider(Credentials::new(access_key, "secret", None, None, "test"))
        .endpoint_url(kms.endpoint())
        .build();
    Client::from_conf(config)
}

async fn create(client: &Client) -> String {
    client.create_key().send().await.unwrap().key_metadata.unwrap().arn.unwrap()
}

/// The exception's name of an answer that must be an error.
macro_rules! code {
    ($call:expr) => {
        $call.send().await.unwrap_err().into_service_error().meta().code().unwrap().to_owned()
    };
}

#[tokio::test]
async fn data_keys_open_only_in_their_context() {
    let dir = tempfile::tempdir().unwrap();
    let kms = start(dir.path()).await;
    let client = client(&kms, "local", "eu-central-1");
    let key = create(&client).await;
    let other = create(&client).await;
    let made = client
        .generate_data_key()
        .key_id(&key)
        .key_spec(DataKeySpec::Aes256)
        .encryption_context("tenant", "acme")
        .encryption_context("object", "1")
        .send()
        .await
        .unwrap();
    assert_eq!(made.key_id(), Some(key.as_str()));
    assert_eq!(made.plaintext().unwrap().as_ref().len(), 32);
    let blob = made.ciphertext_blob.clone().unwrap();

    let open = || client.decrypt().ciphertext_blob(blob.clone());
    let right = || open().encryption_context("object", "1").encryption_context("tenant", "acme");
    let opened = right().key_id(&key).send().await.unwrap();
    assert_eq!(opened.plaintext, made.plaintext);
    assert_eq!(opened.key_id(), Some(key.as_str()));
    assert_eq!(right().send().await.unwrap().plaintext, made.plaintext);

    assert_eq!(code!(open().key_id(&key)), "InvalidCiphertextException");
    assert_eq!(code!(open().encryption_context("tenant", "acme")), "InvalidCiphertextException");
    // The same letters cut elsewhere are another context.
    let shifted = open().encryption_context("tenanta", "cme").encryption_context("object", "1");
    assert_eq!(code!(shifted), "InvalidCiphertextException");
    assert_eq!(code!(right().key_id(&other)), "IncorrectKeyException");
    assert_eq!(code!(right().key_id("alias/nothing")), "NotFoundException");
    for at in [0, 1, 20, 30, blob.as_ref().len() - 1] {
        let mut bytes = blob.as_ref().to_vec();
        bytes[at] ^= 1;
        let tampered = right().ciphertext_blob(Blob::new(bytes));
        assert_eq!(code!(tampered), "InvalidCiphertextException", "byte {at}");
    }
    assert_eq!(kms.calls()["GenerateDataKey"], 1);
    kms.stop().await;
}

#[tokio::test]
async fn a_key_that_is_off_opens_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let kms = start(dir.path()).await;
    let client = client(&kms, "local", "eu-central-1");
    let key = create(&client).await;
    let blob = client.encrypt().key_id(&key).plaintext(Blob::new("words")).send().await.unwrap().ciphertext_blob.unwrap();
    let open = || client.decrypt().ciphertext_blob(blob.clone());

    client.disable_key().key_id(&key).send().await.unwrap();
    assert_eq!(code!(open()), "DisabledException");
    assert_eq!(code!(client.generate_data_key().key_id(&key).number_of_bytes(32)), "DisabledException");
    client.enable_key().key_id(&key).send().await.unwrap();
    open().send().await.unwrap();
    kms.disable(&key).unwrap();
    assert_eq!(code!(open()), "DisabledException");
    kms.enable(&key).unwrap();

    let gone = client.schedule_key_deletion().key_id(&key).pending_window_in_days(7).send().await.unwrap();
    assert_eq!(gone.key_state(), Some(&KeyState::PendingDeletion));
    assert_eq!(code!(open()), "KMSInvalidStateException");
    assert_eq!(code!(client.enable_key().key_id(&key)), "KMSInvalidStateException");
    client.cancel_key_deletion().key_id(&key).send().await.unwrap();
    assert_eq!(code!(open()), "DisabledException");
    client.enable_key().key_id(&key).send().await.unwrap();
    assert_eq!(open().send().await.unwrap().plaintext.unwrap().as_ref(), b"words");
    kms.stop().await;
}

#[tokio::test]
async fn keys_aliases_and_tags_survive_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let kms = start(dir.path()).await;
    let first = client(&kms, "local", "eu-central-1");
    let tag = Tag::builder().tag_key("tenant").tag_value("acme").build().unwrap();
    let made = first.create_key().description("of acme").tags(tag.clone()).send().await.unwrap().key_metadata.unwrap();
    let key = made.arn().unwrap();
    assert!(key.starts_with("arn:aws:kms:eu-central-1:000000000000:key/"), "{key}");
    first.create_alias().alias_name("alias/acme").target_key_id(key).send().await.unwrap();
    assert_eq!(code!(first.create_alias().alias_name("alias/acme").target_key_id(key)), "AlreadyExistsException");
    let more = Tag::builder().tag_key("kind").tag_value("demo").build().unwrap();
    first.tag_resource().key_id(key).tags(more).send().await.unwrap();
    let sealed = first.generate_data_key_without_plaintext().key_id("alias/acme").key_spec(DataKeySpec::Aes256);
    let blob = sealed.send().await.unwrap().ciphertext_blob.unwrap();
    assert!(
        Kms::start(KmsOptions {
            dir: dir.path().to_owned(),
            port: None,
            region: "eu-central-1".into(),
            account: "000000000000".into(),
            access_key: "local".into(),
        })
        .await
        .unwrap_err()
        .to_string()
        .contains("in use by another run")
    );
    kms.stop().await;

    let kms = start(dir.path()).await;
    let again = client(&kms, "local", "eu-central-1");
    let known = again.describe_key().key_id("alias/acme").send().await.unwrap().key_metadata.unwrap();
    assert_eq!((known.arn(), known.description()), (Some(key), Some("of acme")));
    assert_eq!(again.list_resource_tags().key_id(key).send().await.unwrap().tags().len(), 2);
    assert_eq!(again.list_keys().send().await.unwrap().keys().len(), 1);
    assert_eq!(again.list_aliases().send().await.unwrap().aliases()[0].alias_name(), Some("alias/acme"));
    let other = create(&again).await;
    let moved = again.re_encrypt().ciphertext_blob(blob).destination_key_id(&other).send().await.unwrap();
    assert_eq!((moved.source_key_id(), moved.key_id()), (Some(key), Some(other.as_str())));
    again.decrypt().ciphertext_blob(moved.ciphertext_blob.unwrap()).key_id(&other).send().await.unwrap();
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(dir.path().join("keys.json")).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    kms.stop().await;
}

#[tokio::test]
async fn strangers_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let kms = start(dir.path()).await;
    assert_eq!(code!(client(&kms, "stranger", "eu-central-1").list_keys()), "UnrecognizedClientException");
    assert_eq!(code!(client(&kms, "local", "us-east-1").list_keys()), "InvalidSignatureException");
    let plain = common::client().post(kms.endpoint()).header("x-amz-target", "TrentService.ListKeys");
    let answer = plain.body("{}").send().await.unwrap();
    assert_eq!(answer.status(), 400);
    assert_eq!(answer.headers()["content-type"], "application/x-amz-json-1.1");
    assert!(answer.headers().contains_key("x-amzn-requestid"));
    assert!(answer.text().await.unwrap().contains("MissingAuthenticationTokenException"));
    assert!(kms.calls().is_empty());
    kms.stop().await;
}
