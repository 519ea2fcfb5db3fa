//! Every job and every schedule in one table.

use crate::{documents, generated_documents, news, people, photos, plugins, signin, signup, team, visits, weather};
use kernel::jobs::JobTable;
use std::time::Duration;

/// The jobs of the product.
pub fn table() -> JobTable {
    let hour = Duration::from_secs(3600);
    JobTable::new()
        .job::<signin::jobs::SendLink>()
        .job::<signup::jobs::SendConfirmation>()
        .job::<signup::jobs::Provision>()
        .job::<signup::jobs::Sweep>()
        .job::<people::jobs::SendInvitation>()
        .job::<team::jobs::SendStaffInvitation>()
        .job::<documents::jobs::ExpireUpload>()
        .job::<documents::jobs::SweepObject>()
        .job::<generated_documents::jobs::Consider>()
        .job::<generated_documents::jobs::Render>()
        .job::<photos::jobs::RenderPhoto>()
        .job::<photos::jobs::ExpirePhotos>()
        .job::<photos::jobs::SweepPhotoObjects>()
        .job::<plugins::jobs::Hear>()
        .job::<plugins::jobs::Deliver>()
        .job::<plugins::jobs::SendPluginMail>()
        .job::<plugins::jobs::SendPluginWebhook>()
        .job::<plugins::jobs::TellPluginOff>()
        .job::<plugins::jobs::SendPluginOff>()
        .job::<plugins::jobs::RehearsePlugin>()
        .job::<plugins::jobs::SweepPlugin>()
        .job::<news::jobs::TellNews>()
        .job::<news::jobs::SendNews>()
        .job::<visits::jobs::TellVisit>()
        .job::<visits::jobs::SendVisit>()
        .job::<visits::jobs::RemindVisit>()
        .job::<weather::jobs::Sweep>()
        .job::<weather::jobs::Look>()
        .job::<weather::jobs::TellDelay>()
        .job::<weather::jobs::SendDelay>()
        .every(hour, weather::jobs::Sweep {})
        .every(hour, signup::jobs::Sweep {})
}
