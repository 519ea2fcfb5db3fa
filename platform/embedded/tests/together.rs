//! All five stand-ins in one folder, and a second run that must not share it.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use embedded::{Embedded, Options};

#[tokio::test]
async fn all_five_start_and_stop() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
    let options = Options { durable: false, max_connections: 10, ..Options::default() };
    let all = Embedded::start(dir.path(), options.clone()).await.unwrap();
    assert_eq!(all.summary().lines().count(), 5);
    assert!(Embedded::start(dir.path(), options.clone()).await.unwrap_err().to_string().contains("in use"));
    all.stop().await.unwrap();
    Embedded::start(dir.path(), options).await.unwrap().stop().await.unwrap();
}
