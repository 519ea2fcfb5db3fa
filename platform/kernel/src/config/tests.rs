//! The defaults say everything, the layers lie in order, and mistakes are named.

use super::*;
use std::{ffi::OsString, io::Write};

fn read(file: &str, environment: &[(&str, &str)]) -> Result<Config, String> {
    let path = std::env::temp_dir().join(format!("plumbline-config-{}.toml", uuid::Uuid::new_v4()));
    std::fs::File::create(&path).and_then(|mut f| f.write_all(file.as_bytes())).expect("a file");
    let mut vars = environment.iter().map(|(k, v)| (OsString::from(k), OsString::from(v)));
    let config = layers::read(Some(&path), &mut vars);
    std::fs::remove_file(&path).expect("removed");
    config.map_err(|e| e.to_string())
}

fn good() -> Config {
    let pepper = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    read(&format!("database.url = 'postgres://x'\nstorage.bucket = 'b'\nauth.pepper = '{pepper}'"), &[]).expect("a configuration")
}

#[test]
fn the_defaults_are_complete() {
    // deny_unknown_fields refuses a key without a field, and a field without a key is missing.
    let config = Config::default();
    assert_eq!(config.auth.link_minutes, 15);
    assert_eq!(config.jobs.poll_ms, 500);
    assert!(config.check().is_err(), "secrets have no default");
    good().check().expect("these four settings are enough");
}

#[test]
fn every_key_is_explained() {
    let mut explained = false;
    for line in REFERENCE.lines().filter(|l| !l.is_empty()) {
        let key = line.split('=').next().unwrap_or_default().trim();
        explained = line.starts_with('#') || (explained && !line.starts_with('['));
        let own_comment = line.starts_with('#') || line.starts_with('[') || explained;
        let in_known_plan = ["max_upload_bytes", "max_plugins", "plugin_runs_per_day"].contains(&key);
        let plain = ["region", "bucket"].contains(&key);
        assert!(own_comment || in_known_plan || plain, "{key} has no comment above it in config.default.toml");
    }
}

#[test]
fn the_environment_lies_over_the_file() {
    let file = "[web]\nbase_domain = 'file.example'\npublic_port = 1\n[plans.big]\nmax_upload_bytes = 9";
    let config = read(
        file,
        &[
            ("PLUMBLINE__WEB__PUBLIC_PORT", "8443"),
            ("PLUMBLINE__WEB__TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
            ("PLUMBLINE__STORAGE__PATH_STYLE", "true"),
            ("PLUMBLINE__STORAGE__BUCKET", "12345"),
            ("PLUMBLINE__PLANS__FREE__MAX_UPLOAD_BYTES", "7"),
            ("PLUMBLINE_CONFIG", "elsewhere"),
            ("PATH", "/bin"),
        ],
    )
    .expect("a configuration");
    assert_eq!((config.web.base_domain.as_str(), config.web.public_port), ("file.example", 8443));
    assert_eq!(config.web.trusted_proxies.len(), 2);
    assert!(config.storage.path_style);
    assert_eq!(config.storage.bucket, "12345");
    assert_eq!((config.plans["big"].max_upload_bytes, config.plans["free"].max_upload_bytes), (9, 7));
}

#[test]
fn a_secret_may_be_in_a_file() {
    let path = std::env::temp_dir().join(format!("plumbline-secret-{}", uuid::Uuid::new_v4()));
    std::fs::write(&path, "postgres://secret\n").expect("a file");
    let quoted = path.display().to_string();
    let config = read(&format!("[database]\nurl = {{ file = '{quoted}' }}"), &[]).expect("a configuration");
    assert_eq!(config.database.url.expose(), "postgres://secret");
    let config = read("", &[("PLUMBLINE__DATABASE__OWNER_URL__FILE", &quoted)]).expect("a configuration");
    assert_eq!(config.database.owner_url.expose(), "postgres://secret");
    std::fs::remove_file(&path).expect("removed");
    let missing = read(&format!("[database]\nurl = {{ file = '{quoted}' }}"), &[]).expect_err("no such file");
    assert!(missing.contains("[database]") && missing.contains("cannot be read"), "{missing}");
}

#[test]
fn mistakes_are_named() {
    for (file, words) in [
        ("[web]\nlisen = 'x'", "web.lisen"),
        ("[web]\nlisen = 'x'", "did you mean listen?"),
        ("[wep]\nlisten = 'x'", "wep"),
        ("web = 1", "web in"),
        ("[web]\npublic_port = 'many'", "[web]"),
        ("[web]\npublic_scheme = 'ftp'", "[web]"),
        ("[limits]\napi_tenant = 'often'", "is no rate"),
        ("[plans.big]\nmax_upload = 9", "plans.big.max_upload"),
        ("[plans.big]", "[plans]"),
        ("[web\n", "is not TOML (line 1)"),
    ] {
        let error = read(file, &[]).expect_err(file);
        assert!(error.contains(words), "{error} should contain {words}");
    }
    let error = read("", &[("PLUMBLINE__DATABASE__ULR", "postgres://u:hunter2@h")]).expect_err("unknown");
    assert!(error.contains("database.ulr in the environment") && !error.contains("hunter2"), "{error}");
}

#[test]
fn a_check_says_what_is_missing() {
    let mut config = good();
    config.auth.pepper = Secret::new("c2hvcnQ=");
    assert!(config.check().is_err_and(|e| e.to_string().contains("auth.pepper is not 32 bytes")));
    let mut config = good();
    config.storage.access_key = Secret::new("only this");
    assert!(config.check().is_err_and(|e| e.to_string().contains("storage.access_key")));
    let mut config = good();
    config.kms.key_deletion_days = 3;
    assert!(config.check().is_err_and(|e| e.to_string().contains("kms.key_deletion_days must be 7 to 30")));
    let mut config = good();
    config.weather.poll_hours = 0;
    assert!(config.check().is_err_and(|e| e.to_string().contains("weather.poll_hours must be 1 to 24")));
    for address in ["", "https://", "api.open-meteo.com", "file:///etc/passwd"] {
        let mut config = good();
        config.weather.base_url = address.into();
        assert!(config.check().is_err_and(|e| e.to_string().contains("weather.base_url")), "{address}");
    }
}
