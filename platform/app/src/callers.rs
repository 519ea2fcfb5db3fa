//! How Staff, Customer and Operator knock: host to tenant, cookie to session, session to person. An endpoint that takes one
//! of these types cannot forget to ask who is there.

use crate::{operator, people, team};
use kernel::{
    Actor, Caller, Problem, Result,
    ids::{CustomerId, OperatorId, StaffId},
    limits::Limit,
    session::{self, PersonKind, Session},
};
use poem::{FromRequest, Request, RequestBody};
use poem_openapi::{SecurityScheme, auth::ApiKey};
use std::ops::Deref;

/// A signed-in person: the caller, and the session that says so.
#[derive(Clone)]
pub struct SignedIn {
    /// Who, for which tenant.
    pub caller: Caller,
    /// On which device.
    pub session: Session,
    /// In which capacity.
    pub kind: PersonKind,
}

impl Deref for SignedIn {
    type Target = Caller;
    fn deref(&self) -> &Caller {
        &self.caller
    }
}

/// Somebody who is not signed in, on one of our hosts. Put into the request by [`crate::realm`].
pub struct Visitor(pub Caller);

impl<'a> FromRequest<'a> for Visitor {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self(visitor(request)?))
    }
}

/// Somebody who works for the company of this host.
#[derive(SecurityScheme)]
#[oai(ty = "api_key", key_name = "__Host-pl-staff", key_in = "cookie", rename = "Staff", checker = "staff")]
pub struct Staff(pub SignedIn);

impl Staff {
    /// For what is no part of the API: the live updates' socket.
    pub async fn of(request: &Request) -> poem::Result<Self> {
        let token = cookie(request, PersonKind::Staff.cookie_name()).ok_or_else(Problem::unauthenticated)?;
        Ok(Self(signed_in(visitor(request)?, PersonKind::Staff, &token).await?))
    }
}

/// Somebody who runs the deployment; on the bare domain only.
#[derive(SecurityScheme)]
#[oai(ty = "api_key", key_name = "__Host-pl-operator", key_in = "cookie", rename = "Operator", checker = "operator")]
pub struct Operator(pub SignedIn);

/// Staff on a company's host, an operator on the bare domain: for what both have, such as devices.
#[derive(SecurityScheme)]
pub enum Person {
    /// On a company's host.
    Staff(Staff),
    /// On the bare domain.
    Operator(Operator),
}

impl Person {
    /// Whoever it is.
    pub fn signed_in(self) -> SignedIn {
        match self {
            Self::Staff(Staff(person)) | Self::Operator(Operator(person)) => person,
        }
    }
}

/// A customer, for portal pages. Nobody signed in is [`Problem::unauthenticated`]; the page face turns that into the sign-in.
pub struct Customer(pub SignedIn);

impl<'a> FromRequest<'a> for Customer {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let token = cookie(request, PersonKind::Customer.cookie_name()).ok_or_else(Problem::unauthenticated)?;
        Ok(Self(signed_in(visitor(request)?, PersonKind::Customer, &token).await?))
    }
}

async fn staff(request: &Request, key: ApiKey) -> poem::Result<SignedIn> {
    Ok(signed_in(visitor(request)?, PersonKind::Staff, &key.key).await?)
}

async fn operator(request: &Request, key: ApiKey) -> poem::Result<SignedIn> {
    Ok(signed_in(visitor(request)?, PersonKind::Operator, &key.key).await?)
}

/// The caller of this request as long as nobody is known.
pub fn visitor(request: &Request) -> Result<Caller> {
    request.data::<Caller>().cloned().ok_or_else(|| Problem::internal(anyhow::anyhow!("a route outside of the realm middleware")))
}

/// A cookie of the request by name.
pub fn cookie(request: &Request, name: &str) -> Option<String> {
    let headers = request.headers().get_all("cookie").iter().filter_map(|v| v.to_str().ok());
    let mut pairs = headers.flat_map(|v| v.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(n, _)| *n == name).map(|(_, value)| value.to_owned())
}

/// The person behind a session token, on the host of `visitor`: a token of another realm finds nothing there.
pub async fn signed_in(visitor: Caller, kind: PersonKind, token: &str) -> Result<SignedIn> {
    if visitor.tenant.is_platform() != (kind == PersonKind::Operator) {
        return Err(Problem::unauthenticated());
    }
    let cx = visitor.begin().await?;
    let session = session::find(&cx, kind, token).await?.ok_or_else(Problem::unauthenticated)?;
    let actor = actor(&cx, kind, session.person_id).await?.ok_or_else(Problem::unauthenticated)?;
    cx.commit().await?;
    visitor.app.limits.check(Limit::ApiAccount, &session.person_id.to_string())?;
    Ok(SignedIn { caller: visitor.acting_as(actor), session, kind })
}

/// The person as they are now; none if they have lost access.
pub async fn actor(cx: &kernel::Cx, kind: PersonKind, person: uuid::Uuid) -> Result<Option<Actor>> {
    Ok(match kind {
        PersonKind::Staff => {
            let staff = team::ops::active(cx, StaffId(person)).await?;
            staff.map(|s| Actor::Staff { id: s.id, name: s.name, role: s.role })
        }
        PersonKind::Customer => {
            let customer = people::ops::find_person(cx, CustomerId(person)).await?;
            customer.map(|c| Actor::Customer { id: c.id, name: c.name })
        }
        PersonKind::Operator => {
            let operator = operator::ops::active(cx, OperatorId(person)).await?;
            operator.map(|o| Actor::Operator { id: o.id, name: o.name })
        }
    })
}
