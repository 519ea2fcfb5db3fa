//! Addresses of ours, built in one place from the configuration: only hosts that are known to be the tenant's.

use kernel::Caller;

/// The tenant's own origin, or the bare domain's for the operators; without a slash at the end.
pub fn home(caller: &Caller) -> String {
    let web = &caller.app.config.web;
    if caller.tenant.is_platform() { web.apex_url() } else { web.tenant_url(&caller.tenant.subdomain) }
}
