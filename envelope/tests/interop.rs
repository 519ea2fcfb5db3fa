//! The stock command-line tool opens what is sealed here, and the other way round, under one key of a key service.
//!
//! Needs `aws-encryption-sdk-cli` from PyPI and its path in `PLUMBLINE_AWS_CLI`; without the variable nothing is tried.

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use aws_sdk_kms::Client;
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::DataKeySpec;
use bytes::BytesMut;
use common::{context, header, plain};
use embedded::kms::{Kms, KmsOptions};
use envelope::{DataKey, EncryptedDataKey, FRAME_LEN, Header, Opener, Sealer};

const F: usize = FRAME_LEN as usize;
const LENGTHS: [usize; 7] = [0, 1, F - 1, F, F + 1, 2 * F, 10_000_000];
const REGION: &str = "us-east-1";
const ACCESS_KEY: &str = "interop";

/// A key service with one key, a folder for files, and the stock tool.
struct Stage {
    tool: PathBuf,
    folder: tempfile::TempDir,
    kms: Kms,
    client: Client,
    arn: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn both_ways_at_every_length() -> Result<()> {
    let Some(stage) = Stage::set().await? else { return Ok(()) };
    for len in LENGTHS {
        let plain = plain(len);
        stage.write("ours", &stage.seal(&plain).await?)?;
        stage.tool_opens("ours", "opened")?;
        ensure!(stage.read("opened")? == plain, "the tool opened our {len} bytes as something else");

        stage.write("plain", &plain)?;
        stage.tool_seals("plain", "theirs")?;
        let theirs = stage.read("theirs")?;
        ensure!(stage.open(&theirs).await? == plain, "we opened the tool's {len} bytes as something else");
        let layout = header(&theirs)?.layout();
        ensure!(layout.sealed_len(len as u64)? == theirs.len() as u64, "the tool lays {len} bytes out in another way");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tool_sees_our_context_and_commitment() -> Result<()> {
    let Some(stage) = Stage::set().await? else { return Ok(()) };
    stage.write("ours", &stage.seal(b"text").await?)?;
    let metadata = stage.tool_opens("ours", "opened")?;
    for part in ["AES_256_GCM_HKDF_SHA512_COMMIT_KEY", "\"commitment_key\"", "\"tenant\": \"acme\"", "\"frame_length\": 65536"] {
        ensure!(metadata.contains(part), "{part} is missing in {metadata}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn both_refuse_a_changed_message_and_a_disabled_key() -> Result<()> {
    let Some(stage) = Stage::set().await? else { return Ok(()) };
    let sealed = stage.seal(&plain(F + 1)).await?;
    for at in [40, sealed.len() / 2, sealed.len() - 1] {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        stage.write("changed", &changed)?;
        ensure!(stage.tool_opens("changed", "opened").is_err(), "the tool opened a message with byte {at} changed");
        ensure!(stage.open(&changed).await.is_err(), "we opened a message with byte {at} changed");
    }
    stage.write("ours", &sealed)?;
    stage.kms.disable(&stage.arn)?;
    ensure!(stage.tool_opens("ours", "opened").is_err() && stage.open(&sealed).await.is_err(), "opened without a key");
    stage.kms.enable(&stage.arn)?;
    stage.tool_opens("ours", "opened")?;
    ensure!(stage.open(&sealed).await? == plain(F + 1), "not opened with the key on again");
    Ok(())
}

impl Stage {
    #[expect(clippy::disallowed_methods, reason = "the caller of the test names the stock tool in the environment")]
    async fn set() -> Result<Option<Self>> {
        let Some(tool) = std::env::var_os("PLUMBLINE_AWS_CLI") else {
            eprintln!("not tried: PLUMBLINE_AWS_CLI does not name the stock tool");
            return Ok(None);
        };
        let folder = tempfile::tempdir()?;
        let options = KmsOptions {
            dir: folder.path().join("kms"),
            port: None,
            region: REGION.into(),
            account: "000000000000".into(),
            access_key: ACCESS_KEY.into(),
        };
        let kms = Kms::start(options).await?;
        let config = aws_config::defaults(BehaviorVersion::latest())
            .region(Region::new(REGION))
            .credentials_provider(Credentials::new(ACCESS_KEY, "secret", None, None, "test"))
            .endpoint_url(kms.endpoint());
        let client = Client::new(&config.load().await);
        let made = client.create_key().send().await?;
        let arn = made.key_metadata.and_then(|metadata| metadata.arn).context("the key has no ARN")?;
        Ok(Some(Self { tool: tool.into(), folder, kms, client, arn }))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        Ok(std::fs::write(self.path(name), bytes)?)
    }

    fn read(&self, name: &str) -> Result<Vec<u8>> {
        Ok(std::fs::read(self.path(name))?)
    }

    /// Runs the tool from one file to another, with key commitment required, and returns its metadata.
    fn tool(&self, from: &str, to: &str, arguments: &[&str]) -> Result<String> {
        let at = |path: &Path| path.display().to_string();
        let (from, to, metadata) = (at(&self.path(from)), at(&self.path(to)), at(&self.path("metadata")));
        let run = Command::new(&self.tool)
            .args(["--input", &from, "--output", &to, "--metadata-output", &metadata, "--overwrite-metadata"])
            .args(["--commitment-policy", "require-encrypt-require-decrypt"])
            .args(["--wrapping-keys", "provider=aws-kms", &format!("key={}", self.arn)])
            .args(arguments)
            .env("AWS_ENDPOINT_URL_KMS", self.kms.endpoint())
            .env("AWS_ACCESS_KEY_ID", ACCESS_KEY)
            .env("AWS_SECRET_ACCESS_KEY", "secret")
            .env("AWS_DEFAULT_REGION", REGION)
            .env("AWS_CONFIG_FILE", "/dev/null")
            .env("AWS_MAX_ATTEMPTS", "1")
            .output()
            .with_context(|| format!("{} does not run", self.tool.display()))?;
        if !run.status.success() {
            bail!("the tool failed: {}", String::from_utf8_lossy(&run.stderr));
        }
        Ok(std::fs::read_to_string(metadata)?)
    }

    fn tool_opens(&self, from: &str, to: &str) -> Result<String> {
        self.tool(from, to, &["--decrypt-unsigned", "--encryption-context", "tenant=acme"])
    }

    fn tool_seals(&self, from: &str, to: &str) -> Result<String> {
        let frame_len = FRAME_LEN.to_string();
        let suite = ["--encrypt", "--algorithm", "AES_256_GCM_HKDF_SHA512_COMMIT_KEY", "--frame-length", &frame_len];
        let pairs = context().into_iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>();
        let pairs = pairs.iter().map(String::as_str);
        self.tool(from, to, &suite.into_iter().chain(["--encryption-context"]).chain(pairs).collect::<Vec<_>>())
    }

    /// Seals under the key, as a server would: one call for a data key, then the stream.
    async fn seal(&self, plain: &[u8]) -> Result<Vec<u8>> {
        let asked = self.client.generate_data_key().key_id(&self.arn).key_spec(DataKeySpec::Aes256);
        let answer = asked.set_encryption_context(Some(context().into_iter().collect())).send().await?;
        let key = DataKey::try_from(answer.plaintext.context("no data key")?.as_ref())?;
        let blob = answer.ciphertext_blob.context("no encrypted data key")?.into_inner();
        let wrapped = EncryptedDataKey { provider: "aws-kms".into(), key_id: self.arn.clone(), blob };
        let mut message_id = [0; 32];
        aws_lc_rs::rand::fill(&mut message_id)?;
        let (mut sealer, header) = Sealer::new(&key, &context(), &[wrapped], FRAME_LEN, message_id)?;
        let mut out = BytesMut::from(&header[..]);
        sealer.update(plain, &mut out)?;
        sealer.finish(&mut out)?;
        Ok(out.to_vec())
    }

    async fn open(&self, message: &[u8]) -> Result<Vec<u8>> {
        let header = header(message)?;
        ensure!(header.context() == &context(), "another context");
        let mut opener = Opener::new(&header, &self.data_key(&header).await?)?;
        let mut out = BytesMut::new();
        opener.update(&message[header.bytes().len()..], &mut out)?;
        opener.finish()?;
        Ok(out.to_vec())
    }

    async fn data_key(&self, header: &Header) -> Result<DataKey> {
        let wrapped = header.data_keys().iter().find(|wrapped| wrapped.key_id == self.arn).context("not our key")?;
        let asked = self.client.decrypt().key_id(&self.arn).ciphertext_blob(Blob::new(wrapped.blob.clone()));
        let answer = asked.set_encryption_context(Some(header.context().clone().into_iter().collect())).send().await?;
        Ok(DataKey::try_from(answer.plaintext.context("no data key")?.as_ref())?)
    }
}
