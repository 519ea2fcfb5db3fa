//! The two login roles, their passwords, and the database: made once, put right at every start.

use std::path::Path;

use anyhow::{Context, Result, anyhow};
use data_encoding::BASE32_NOPAD;
use serde::{Deserialize, Serialize};

use super::{DATABASE, Postgres, Role, connect};
use crate::folder::write_atomic;

/// The passwords, kept in a private file of the folder.
#[derive(Clone, Serialize, Deserialize)]
pub struct Passwords {
    owner: String,
    app: String,
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passwords")
    }
}

impl Passwords {
    /// Reads them; the first time it makes them.
    pub fn load(folder: &Path) -> Result<Passwords> {
        let path = folder.join("passwords.json");
        if path.exists() {
            let text = std::fs::read(&path)?;
            return serde_json::from_slice(&text).with_context(|| format!("{} cannot be read", path.display()));
        }
        let passwords = Passwords { owner: random()?, app: random()? };
        write_atomic(&path, &serde_json::to_vec_pretty(&passwords)?)?;
        Ok(passwords)
    }

    /// The password of a role.
    pub fn of(&self, role: Role) -> &str {
        match role {
            Role::Owner => &self.owner,
            Role::App => &self.app,
        }
    }
}

fn random() -> Result<String> {
    let mut bytes = [0; 20];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| anyhow!("no random bytes"))?;
    Ok(BASE32_NOPAD.encode(&bytes).to_lowercase())
}

/// Makes the roles and the database where they are missing.
pub async fn ensure(postgres: &Postgres) -> Result<()> {
    let mut statements = Vec::new();
    for role in [Role::Owner, Role::App] {
        let name = role.name();
        if !exists(postgres, "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = $1", name).await? {
            statements.push(format!("CREATE ROLE {name}"));
        }
        let attributes = match role {
            Role::Owner => "LOGIN NOSUPERUSER CREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS",
            Role::App => "LOGIN NOSUPERUSER NOINHERIT NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS",
        };
        statements.push(format!("ALTER ROLE {name} {attributes} PASSWORD '{}'", postgres.passwords.of(role)));
    }
    statements.push(format!("ALTER ROLE {} SET search_path TO ''", Role::App.name()));
    postgres.run("postgres", &statements).await?;
    if !exists(postgres, "SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1", DATABASE).await? {
        postgres.create_database(DATABASE).await?;
    }
    Ok(())
}

async fn exists(postgres: &Postgres, question: &'static str, name: &str) -> Result<bool> {
    let mut connection = connect(&postgres.socket, postgres.port, "postgres").await?;
    Ok(sqlx::query(question).bind(name).fetch_optional(&mut connection).await?.is_some())
}
