//! How a stand-in runs: on a runtime of its own, so that it outlives the test that started it.

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::LazyLock;
use std::time::Duration;

use anyhow::{Context, Result};
use poem::listener::TcpAcceptor;
use poem::{Endpoint, IntoEndpoint};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tokio::task::JoinHandle;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("embedded")
        .enable_all()
        .build()
        .expect("the threads of the stand-ins must start")
});

/// Runs a future on the runtime of the stand-ins.
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    RUNTIME.spawn(future)
}

/// Binds 127.0.0.1 at the given port, or at a free one.
pub fn bind(port: Option<u16>) -> Result<std::net::TcpListener> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port.unwrap_or(0)));
    let listener =
        TcpListener::bind(address).with_context(|| format!("cannot listen on {address}; is another program using that port?"))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// A server in the background. Dropping it ends the server.
#[derive(Debug)]
pub struct Served {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    task: Option<JoinHandle<()>>,
}

impl Served {
    /// Starts a server; `run` gets the listener and a signal that says when to end.
    pub fn start<R, F>(listener: TcpListener, run: R) -> Result<Served>
    where
        R: FnOnce(tokio::net::TcpListener, Stopping) -> F + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let address = listener.local_addr()?;
        let listener = {
            let _inside = RUNTIME.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        let (stop, stopping) = watch::channel(false);
        let task = spawn(run(listener, Stopping(stopping)));
        Ok(Served { address, stop, task: Some(task) })
    }

    /// Starts a poem endpoint.
    pub fn http<E>(listener: TcpListener, endpoint: E) -> Result<Served>
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
        <E::Endpoint as Endpoint>::Output: 'static,
    {
        let endpoint = endpoint.into_endpoint();
        Served::start(listener, move |listener, mut stopping| async move {
            let acceptor = match TcpAcceptor::from_tokio(listener) {
                Ok(acceptor) => acceptor,
                Err(error) => return tracing::error!(%error, "a stand-in could not listen"),
            };
            let ended = poem::Server::new_with_acceptor(acceptor)
                .run_with_graceful_shutdown(endpoint, async move { stopping.wait().await }, Some(Duration::from_secs(1)))
                .await;
            if let Err(error) = ended {
                tracing::error!(%error, "a stand-in ended");
            }
        })
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends the server and waits until it has.
    pub async fn stop(&mut self) {
        self.stop.send_replace(true);
        if let Some(task) = self.task.take() {
            // A server that panicked has ended too.
            let _ = task.await;
        }
    }
}

/// Resolves when the server is to end.
#[derive(Clone, Debug)]
pub struct Stopping(watch::Receiver<bool>);

impl Stopping {
    /// Waits for the end; a dropped handle counts as one.
    pub async fn wait(&mut self) {
        while !*self.0.borrow_and_update() {
            if self.0.changed().await.is_err() {
                return;
            }
        }
    }
}
