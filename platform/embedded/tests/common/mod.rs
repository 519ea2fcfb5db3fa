//! What the tests of the stand-ins share: an HTTP client.

/// A client that follows no redirect. It speaks plain HTTP here, but wants to know whose TLS it would use.
pub fn client() -> reqwest::Client {
    // The tests of one file share a process: whoever comes second finds it done.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().expect("a client")
}
