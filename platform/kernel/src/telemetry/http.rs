//! Around every request: an id, who is at the other end, one line in the log, metrics; and no panic gets out.

use crate::{
    clock::Random,
    config::Config,
    problem::{Problem, REFERENCE},
};
use data_encoding::BASE32_NOPAD;
use futures::FutureExt;
use poem::{Endpoint, IntoResponse, Middleware, PathPattern, Request, Response};
use std::{
    any::Any,
    cell::RefCell,
    net::{IpAddr, Ipv4Addr},
    panic::AssertUnwindSafe,
    sync::Arc,
    time::Instant,
};
use tracing::Instrument;

tokio::task_local! {
    static TENANT: RefCell<String>;
}

/// Tells the request's log line which tenant it was about.
pub fn note_tenant(subdomain: &str) {
    let _ = TENANT.try_with(|tenant| subdomain.clone_into(&mut tenant.borrow_mut()));
}

/// What is known of a request before anything looks at it. In the request's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The request's id: the reference in problems, the audit log and the log.
    pub id: String,
    /// The client's address, seen through our own proxies only.
    pub client: IpAddr,
}

impl Arrival {
    /// Of this request; outside of the middleware, as in a test of one handler, an empty one.
    pub fn of(request: &Request) -> Self {
        request.data::<Self>().cloned().unwrap_or(Self { id: String::new(), client: IpAddr::V4(Ipv4Addr::UNSPECIFIED) })
    }
}

/// The outermost middleware.
pub struct Requests {
    config: Arc<Config>,
    random: Arc<dyn Random>,
}

impl Requests {
    /// With the proxies of this configuration.
    pub fn new(config: Arc<Config>, random: Arc<dyn Random>) -> Self {
        Self { config, random }
    }

    fn arrival(&self, request: &Request) -> Arrival {
        let web = &self.config.web;
        let peer = request.remote_addr().as_socket_addr().map(|a| a.ip());
        let Some(peer) = peer else { return Arrival { id: self.new_id(), client: IpAddr::V4(Ipv4Addr::UNSPECIFIED) } };
        let hops: Vec<&str> = request.headers().get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok()).collect();
        let given = request.header("x-request-id").filter(|id| web.trusts(peer.to_canonical()) && is_id(id));
        Arrival { id: given.map_or_else(|| self.new_id(), str::to_owned), client: web.client(peer, &hops) }
    }

    /// 80 random bits in 16 letters: short enough to be read out on the telephone.
    fn new_id(&self) -> String {
        let mut bytes = [0; 10];
        self.random.fill(&mut bytes);
        BASE32_NOPAD.encode(&bytes).to_lowercase()
    }
}

fn is_id(text: &str) -> bool {
    (8..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

impl<E: Endpoint> Middleware<E> for Requests {
    type Output = RequestsEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        RequestsEndpoint { inner, requests: Self { config: self.config.clone(), random: self.random.clone() } }
    }
}

/// See [`Requests`].
pub struct RequestsEndpoint<E> {
    inner: E,
    requests: Requests,
}

impl<E: Endpoint> Endpoint for RequestsEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let began = Instant::now();
        let arrival = self.requests.arrival(&request);
        let id = arrival.id.clone();
        let method = method_name(request.method());
        // The path may hold a token, so the log gets the route's pattern instead.
        let span = tracing::info_span!("request", id = %id, method, client = %arrival.client);
        request.set_data(arrival);
        let work = async {
            // Boxed: this future is the whole program's, and moves up through a few more layers.
            let result = Box::pin(self.inner.call(request)).await;
            let route = match &result {
                Ok(_) => None,
                Err(error) => error.data::<PathPattern>().map(|p| p.0.clone()),
            };
            let mut response = match result {
                Ok(output) => output.into_response(),
                Err(error) => Problem::from_poem(error).json_response(),
            };
            let route = route.or_else(|| response.data::<PathPattern>().map(|p| p.0.clone())).unwrap_or_else(|| "none".into());
            if let Ok(value) = id.parse() {
                response.headers_mut().insert("x-request-id", value);
            }
            note(method, &route, response.status().as_u16(), began);
            response
        };
        let response = TENANT.scope(RefCell::default(), REFERENCE.scope(id.clone(), work.instrument(span))).await;
        Ok(response)
    }
}

fn note(method: &'static str, route: &str, status: u16, began: Instant) {
    let took = began.elapsed();
    let tenant = TENANT.try_with(|t| t.borrow().clone()).unwrap_or_default();
    let millis = took.as_secs_f64() * 1000.0;
    if route.starts_with("/assets") || route.starts_with("/health") {
        tracing::debug!(tenant, route, status, millis, "request");
    } else {
        tracing::info!(tenant, route, status, millis, "request");
    }
    let labels = [("method", method.to_owned()), ("route", route.to_owned()), ("status", status.to_string())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_seconds", "route" => route.to_owned()).record(took.as_secs_f64());
}

/// One of the few methods there are: a client that invents methods does not fill the metrics.
fn method_name(method: &poem::http::Method) -> &'static str {
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].into_iter().find(|name| method.as_str() == *name).unwrap_or("OTHER")
}

/// Turns a panic into a problem like any other. Stands inside of what shows problems as pages.
pub struct CatchPanics;

impl<E: Endpoint> Middleware<E> for CatchPanics {
    type Output = CatchPanicsEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        CatchPanicsEndpoint(inner)
    }
}

/// See [`CatchPanics`].
pub struct CatchPanicsEndpoint<E>(E);

impl<E: Endpoint> Endpoint for CatchPanicsEndpoint<E> {
    type Output = E::Output;

    async fn call(&self, request: Request) -> poem::Result<E::Output> {
        AssertUnwindSafe(self.0.call(request)).catch_unwind().await.unwrap_or_else(|panic| {
            let panic: &(dyn Any + Send) = &*panic;
            let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
            metrics::counter!("panics_total").increment(1);
            Err(Problem::internal(anyhow::anyhow!("panic: {}", text.unwrap_or("without words"))).into())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemRandom;
    use poem::{EndpointExt, Route, get, handler, test::TestClient, web::Path};

    #[handler]
    fn calm(request: &Request, Path(_): Path<String>) -> String {
        note_tenant("larkrise");
        format!("{} {}", Arrival::of(request).client, crate::problem::reference())
    }

    #[handler]
    fn panics() {
        panic!("the roof leaks");
    }

    fn client() -> TestClient<impl Endpoint> {
        let mut config = Config::default();
        config.web.trusted_proxies = vec!["10.0.0.0/8".parse().expect("a network")];
        let routes = Route::new().at("/calm/:token", get(calm)).at("/panics", get(panics)).with(CatchPanics);
        TestClient::new(routes.with(Requests::new(Arc::new(config), Arc::new(SystemRandom))))
    }

    #[tokio::test]
    async fn every_answer_has_an_id() {
        let answer = client().get("/calm/x").header("x-request-id", "forged-by-client").send().await;
        let id = answer.0.header("x-request-id").expect("an id").to_owned();
        assert!(id.len() == 16 && is_id(&id));
        answer.assert_text(format!("0.0.0.0 {id}")).await;
        let missing = client().get("/nowhere").send().await;
        missing.assert_status(poem::http::StatusCode::NOT_FOUND);
        assert_eq!(missing.0.content_type(), Some("application/problem+json"));
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_with_the_reference() {
        let mut answer = client().get("/panics").send().await;
        answer.assert_status(poem::http::StatusCode::INTERNAL_SERVER_ERROR);
        let id = answer.0.header("x-request-id").expect("an id").to_owned();
        let body = answer.0.take_body().into_string().await.expect("a body");
        assert!(body.contains(&id) && body.contains("\"internal\"") && !body.contains("roof"), "{body}");
    }

    #[test]
    fn ids_from_elsewhere() {
        assert!(is_id("0123456789abcdef") && is_id("4bf92f35-77b3_4da6"));
        for bad in ["", "short", "with space in it", "line\nbreak!", &"a".repeat(65), "ünïcödé-text"] {
            assert!(!is_id(bad), "{bad}");
        }
    }
}
