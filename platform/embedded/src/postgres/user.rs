//! PostgreSQL refuses to run as root: then it runs as an unprivileged user, who must reach the folders.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// Who runs the server: we ourselves, or, when we are root, somebody else.
#[derive(Clone, Debug)]
pub struct User {
    other: Option<(u32, u32)>,
}

impl User {
    /// The owner of data that is already there; else, for root, `postgres` or `nobody`.
    pub fn for_folder(data: &Path) -> Result<User> {
        if !rustix::process::geteuid().is_root() {
            return Ok(User { other: None });
        }
        if let Ok(metadata) = fs::metadata(data)
            && metadata.uid() != 0
        {
            return Ok(User { other: Some((metadata.uid(), metadata.gid())) });
        }
        let accounts = fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
        let other = ["postgres", "nobody"].iter().find_map(|name| account(&accounts, name));
        match other {
            Some(other) => Ok(User { other: Some(other) }),
            None => bail!("PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it as"),
        }
    }

    /// Makes a command run as this user.
    pub fn apply(&self, command: &mut Command) {
        if let Some((uid, gid)) = self.other {
            command.uid(uid).gid(gid);
        }
    }

    /// Gives a folder to this user alone.
    pub fn own_privately(&self, folder: &Path) -> Result<()> {
        if let Some((uid, gid)) = self.other {
            chown(folder, Some(uid), Some(gid)).with_context(|| format!("cannot give {} away", folder.display()))?;
        }
        fs::set_permissions(folder, Permissions::from_mode(0o700))?;
        Ok(())
    }

    /// Says which folder on the way is closed to this user, if one is.
    pub fn check_reach(&self, folder: &Path) -> Result<()> {
        let Some((uid, gid)) = self.other else {
            return Ok(());
        };
        for step in folder.canonicalize()?.ancestors() {
            let metadata = fs::metadata(step)?;
            let needed = match () {
                () if metadata.uid() == uid => 0o100,
                () if metadata.gid() == gid => 0o010,
                () => 0o001,
            };
            if metadata.mode() & needed == 0 {
                bail!(
                    "PostgreSQL runs as user {uid} because we are root, and {} is closed to it: \
                     run `chmod o+x {}`, or use a folder elsewhere",
                    step.display(),
                    step.display()
                );
            }
        }
        Ok(())
    }
}

/// The ids of a user in the text of /etc/passwd, root excepted.
fn account(accounts: &str, name: &str) -> Option<(u32, u32)> {
    let mut fields = accounts.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?.split(':');
    let uid: u32 = fields.nth(1)?.parse().ok()?;
    let gid: u32 = fields.next()?.parse().ok()?;
    (uid != 0).then_some((uid, gid))
}

#[cfg(test)]
mod tests {
    use super::account;

    #[test]
    fn accounts_are_found_by_their_whole_name() {
        let accounts = "postgresql:x:7:7::/:/x\npostgres:x:101:104:admin:/:/bin/sh\ntoor:x:0:0::/:/bin/sh\n";
        assert_eq!(account(accounts, "postgres"), Some((101, 104)));
        assert_eq!(account(accounts, "toor"), None);
        assert_eq!(account(accounts, "nobody"), None);
    }
}
