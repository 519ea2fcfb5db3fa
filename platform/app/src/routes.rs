//! Every address there is, in one table: the API, the portal, the bare domain.

use crate::{
    audit, branding, compression, documents, generated_documents, home, live, operator, pages, passkeys, people, photos, plugins,
    project_templates, projects, realm::Realms, schedule, sessions, setup, signin, signup, team, template_overrides, updates, visits,
    weather,
};
use kernel::{
    App,
    assets::Assets,
    pages::text_size,
    telemetry::{CatchPanics, Requests},
};
use poem::{
    Endpoint, EndpointExt, Response, Route, get, handler,
    http::{StatusCode, header},
    middleware::CookieJarManager,
    post,
    web::Data,
};
use poem_openapi::{ApiResponse, OpenApiService, Tags};
use std::sync::Arc;

/// Done, nothing to say.
#[derive(ApiResponse)]
pub enum NoContent {
    /// Done.
    #[oai(status = 204)]
    Done,
}

/// The parts of the API.
#[derive(Tags)]
pub enum Tag {
    /// Sign-in and the session.
    Session,
    /// One's own passkeys.
    Passkeys,
    /// One's own devices.
    Devices,
    /// The company's staff.
    Team,
    /// The company's customers.
    Customers,
    /// Who lives together and sees the same projects.
    Households,
    /// Work at a house.
    Projects,
    /// Papers, sealed.
    Documents,
    /// Documents that write themselves.
    GeneratedDocuments,
    /// Photos, sealed.
    Photos,
    /// The company's brand.
    Branding,
    /// The company's own texts for pages and mails.
    Templates,
    /// What was read and changed.
    Audit,
    /// The deployment's operators.
    Operator,
    /// The first steps of a company.
    Setup,
    /// Phases, milestones, and the days they are planned for.
    Schedule,
    /// What was done on a day.
    Updates,
    /// When somebody comes to the house.
    Visits,
    /// Forecasts, and the delays that follow.
    Weather,
    /// The company's plugins.
    Plugins,
}

type Apis = (
    (signin::api::SessionApi, passkeys::api::PasskeysApi, sessions::api::DevicesApi, team::api::TeamApi),
    (people::api::PeopleApi, projects::api::ProjectsApi, documents::api::DocumentsApi, branding::api::BrandingApi),
    (audit::api::AuditApi, audit::api::OperatorAuditApi, operator::api::OperatorApi, setup::api::SetupApi),
    (schedule::api::ScheduleApi, project_templates::api::ProjectTemplatesApi, updates::api::UpdatesApi, live::api::ActivityApi),
    (photos::api::PhotosApi, photos::api::MorePhotosApi, weather::api::WeatherApi, visits::api::VisitsApi),
    (generated_documents::api::GeneratedDocumentsApi, template_overrides::api::TemplateOverridesApi),
    (plugins::api::PluginsApi, plugins::operator_api::OperatorPluginsApi),
);

/// The API as one service; its specification is committed as `openapi.json`.
pub fn api() -> OpenApiService<Apis, ()> {
    let apis = (
        (signin::api::SessionApi, passkeys::api::PasskeysApi, sessions::api::DevicesApi, team::api::TeamApi),
        (people::api::PeopleApi, projects::api::ProjectsApi, documents::api::DocumentsApi, branding::api::BrandingApi),
        (audit::api::AuditApi, audit::api::OperatorAuditApi, operator::api::OperatorApi, setup::api::SetupApi),
        (schedule::api::ScheduleApi, project_templates::api::ProjectTemplatesApi, updates::api::UpdatesApi, live::api::ActivityApi),
        (photos::api::PhotosApi, photos::api::MorePhotosApi, weather::api::WeatherApi, visits::api::VisitsApi),
        (generated_documents::api::GeneratedDocumentsApi, template_overrides::api::TemplateOverridesApi),
        (plugins::api::PluginsApi, plugins::operator_api::OperatorPluginsApi),
    );
    OpenApiService::new(apis, "Plumbline", "1").url_prefix("/api/v1").description("The customer portal of contractor companies.")
}

/// The whole program as one endpoint.
pub fn all(app: Arc<App>, assets: Assets) -> impl Endpoint<Output = Response> {
    let health = Route::new().at("/health/live", get(alive)).at("/health/ready", get(ready));
    let realms = Realms {
        app: app.clone(),
        apex: apex(assets.clone()).map_to_response().boxed(),
        portal: portal(assets).map_to_response().boxed(),
        health: health.map_to_response().boxed(),
    };
    let inner = realms
        .data(app.clone())
        .data(Arc::new(live::Hub::default()))
        .with(CookieJarManager::new())
        .around(compression::compress)
        .with(CatchPanics)
        .with(Requests::new(app.config.clone(), app.random.clone()));
    inner.map_to_response()
}

/// What the bare domain and a company's host have in common.
fn common(assets: Assets) -> Route {
    Route::new().nest("/api/v1", api()).nest("/assets", assets).at("/text-size", post(text_size))
}

fn apex(assets: Assets) -> impl Endpoint {
    let shell = Shell { assets: assets.clone(), document: "admin/operator.html" };
    common(assets)
        .at("/", get(signup::portal::form_page))
        .at("/signup", post(signup::portal::submit))
        .at("/signup/confirm/:token", get(signup::portal::look).post(signup::portal::confirm))
        .at("/signup/progress/:id", get(signup::portal::progress))
        .at("/operator", get(shell.clone()))
        .at("/operator/*path", get(shell))
}

fn portal(assets: Assets) -> impl Endpoint {
    let shell = Shell { assets: assets.clone(), document: "admin/console.html" };
    common(assets)
        .at("/", get(home::portal::index))
        .at("/live", get(live::socket::portal))
        .at("/api/v1/live", get(live::socket::console))
        .at("/sign-in", get(signin::portal::form_page).post(signin::portal::ask))
        .at("/sign-in/code", post(signin::portal::enter_code))
        .at("/sign-in/:token", get(signin::portal::link).post(signin::portal::redeem))
        .at("/sign-out", post(signin::portal::sign_out))
        .at("/invitation/:id", get(signin::portal::invitation).post(signin::portal::accept))
        .at("/projects/:project", get(home::portal::show))
        .at("/projects/:project/documents", get(documents::portal::list))
        .at("/projects/:project/updates", get(updates::portal::list))
        .at("/projects/:project/visits", get(visits::portal::list))
        .at("/appointments/:appointment/confirmation", post(visits::portal::confirm))
        .at("/appointments/:appointment/move", get(visits::portal::move_form).post(visits::portal::ask_to_move))
        .at("/calendar", get(visits::portal::address).post(visits::portal::make_address))
        .at("/calendar/revocation", post(visits::portal::end_address))
        .at("/calendar/:file", get(visits::portal::read).head(visits::portal::read))
        .at("/documents/:document/versions/:number/file", get(documents::portal::file).head(documents::portal::file))
        .at("/projects/:project/photos", get(photos::portal::list))
        .at("/projects/:project/photos.zip", get(photos::portal::archive))
        .at("/photos/:photo/original", get(photos::portal::original))
        .at("/photos/:photo/:size", get(photos::portal::rendition))
        .at("/devices", get(sessions::portal::list))
        .at("/devices/revocation", post(sessions::portal::revoke_others))
        .at("/devices/:id/revocation", post(sessions::portal::revoke))
        .at("/verify/:token", get(generated_documents::portal::look).post(generated_documents::portal::check))
        .at("/brand/logo", get(branding::portal::logo))
        .at("/brand/icon.svg", get(pages::brand_icon))
        .at("/manifest.webmanifest", get(pages::manifest))
        .at("/console/hand-over", post(signup::portal::enter))
        .at("/console/template-preview", post(template_overrides::portal::document))
        .at("/console", get(shell.clone()))
        .at("/console/*path", get(shell))
}

/// The one HTML document of a single-page application, for every address below its root.
#[derive(Clone)]
struct Shell {
    assets: Assets,
    document: &'static str,
}

impl Endpoint for Shell {
    type Output = Response;

    async fn call(&self, _: poem::Request) -> poem::Result<Response> {
        let Some(html) = self.assets.bytes(self.document) else {
            return Ok(Response::builder()
                .status(StatusCode::SERVICE_UNAVAILABLE)
                .body("The screens are not built: run bin/setup and build again."));
        };
        Ok(Response::builder()
            .content_type("text/html; charset=utf-8")
            .header(
                header::CONTENT_SECURITY_POLICY,
                "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; frame-src 'self' blob:; object-src 'none'; base-uri 'none'; \
                 frame-ancestors 'none'; form-action 'self'",
            )
            .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
            .header(header::REFERRER_POLICY, "same-origin")
            .header(header::CACHE_CONTROL, "no-cache")
            .header("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()")
            .header("cross-origin-opener-policy", "same-origin")
            .body(html))
    }
}

/// The process runs.
#[handler]
fn alive() -> &'static str {
    "alive"
}

/// And reaches its database.
#[handler]
async fn ready(app: Data<&Arc<App>>) -> Response {
    let platform = app.tenants.platform();
    match app.tenants.begin(&platform, tenants::Scope::Staff).await {
        Ok(_) => "ready".into(),
        Err(_) => Response::builder().status(StatusCode::SERVICE_UNAVAILABLE).body("the database does not answer"),
    }
}
