//! Who is asking, for which tenant. Cheap to clone; holds no transaction. Foreign services are reached through it, outside
//! of any transaction.

use crate::{
    clock::{Clock, Random},
    config::Config,
    cx::Cx,
    ids::{CustomerId, OperatorId, StaffId},
    limits::Limits,
    mail::Mailer,
    pages::Pages,
    problem::Result,
    signals::Signals,
};
use std::sync::Arc;
use tenants::{Scope, Tenant, Tenants};
use tokio::sync::Semaphore;
use uuid::Uuid;

/// The running program, as every request and job sees it.
pub struct App {
    /// As configured.
    pub config: Arc<Config>,
    /// The isolation boundary.
    pub tenants: Tenants,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// Templates.
    pub pages: Pages,
    /// SMTP.
    pub mailer: Mailer,
    /// Rate limits.
    pub limits: Limits,
    /// Which tenants have news.
    pub signals: Signals,
    /// Turns for child processes that lay documents out.
    pub children: Semaphore,
    /// What the product keeps for as long as it runs and this crate knows nothing of.
    pub parts: http::Extensions,
}

impl App {
    /// 16 or 32 random bytes, say.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.random.fill(&mut bytes);
        bytes
    }
}

/// A person's role among the staff of a company.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    poem_openapi::Enum,
    sea_orm::EnumIter,
    sea_orm::DeriveActiveEnum,
)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename = "StaffRole")]
pub enum Role {
    /// Day-to-day work: customers, projects, documents.
    Member,
    /// And the team, the brand, the audit log.
    Manager,
    /// Everything.
    Owner,
}

impl Role {
    /// As in the tables and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Manager => "manager",
            Self::Owner => "owner",
        }
    }
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Somebody of the company.
    Staff {
        /// Who.
        id: StaffId,
        /// Their name at this time.
        name: String,
        /// What they may do.
        role: Role,
    },
    /// A client of the company.
    Customer {
        /// Who.
        id: CustomerId,
        /// Their name at this time.
        name: String,
    },
    /// Somebody who runs the deployment.
    Operator {
        /// Who.
        id: OperatorId,
        /// Their name at this time.
        name: String,
    },
    /// The program itself: a job, a schedule.
    System(&'static str),
    /// A plugin of the company. It may look; no role is high enough for anything else.
    Plugin {
        /// Which.
        id: Uuid,
        /// Its title at this time.
        name: String,
    },
    /// Nobody known yet: sign-in and signup.
    Anonymous,
}

impl Actor {
    /// The word in the audit log.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Staff { .. } => "staff",
            Self::Customer { .. } => "customer",
            Self::Operator { .. } => "operator",
            Self::System(_) => "system",
            Self::Plugin { .. } => "plugin",
            Self::Anonymous => "anonymous",
        }
    }

    /// Whose id goes into the audit log.
    pub fn id(&self) -> Option<Uuid> {
        match self {
            Self::Staff { id, .. } => Some(id.0),
            Self::Customer { id, .. } => Some(id.0),
            Self::Operator { id, .. } => Some(id.0),
            Self::Plugin { id, .. } => Some(*id),
            Self::System(_) | Self::Anonymous => None,
        }
    }

    /// The name as people know it.
    pub fn name(&self) -> &str {
        match self {
            Self::Staff { name, .. } | Self::Customer { name, .. } | Self::Operator { name, .. } | Self::Plugin { name, .. } => name,
            Self::System(name) => name,
            Self::Anonymous => "somebody not signed in",
        }
    }

    fn scope(&self) -> Scope {
        match self {
            Self::Customer { id, .. } => Scope::Customer(id.0),
            _ => Scope::Staff,
        }
    }
}

/// Where a request came from; for the audit log and the device list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// IP address.
    pub address: String,
    /// A readable browser and system, such as `Firefox on Windows`.
    pub device: String,
    /// The request's id; the reference in problems and logs.
    pub request_id: String,
}

/// Who is asking, for which tenant.
#[derive(Clone)]
pub struct Caller {
    /// The running program.
    pub app: Arc<App>,
    /// Whose data; the platform's realm for operators.
    pub tenant: Arc<Tenant>,
    /// Who acts.
    pub actor: Actor,
    /// From where.
    pub origin: Origin,
}

impl Caller {
    /// The program itself, at work for a tenant.
    pub fn system(app: Arc<App>, tenant: Arc<Tenant>, name: &'static str) -> Self {
        Self { app, tenant, actor: Actor::System(name), origin: Origin::default() }
    }

    /// The same request with another actor.
    pub fn acting_as(&self, actor: Actor) -> Self {
        Self { actor, ..self.clone() }
    }

    /// Opens a transaction in the tenant's schema: a customer's sees what that customer may see, all others the company.
    pub async fn begin(&self) -> Result<Cx> {
        let tx = self.app.tenants.begin(&self.tenant, self.actor.scope()).await?;
        Ok(Cx::new(tx, self.clone()))
    }
}
