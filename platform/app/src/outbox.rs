//! Mails out: written in the brand, noted in the table `mails`, handed to SMTP. The only writer of that table, which tells
//! staff what became of a mail.

use crate::{branding, template_overrides};
use chrono::{DateTime, Utc};
use kernel::{
    Caller, Cx, Problem, Result,
    jobs::Attempt,
    mail::{MailError, Outgoing},
    pages::{Mail, MailFrame, MailText},
    session::PersonKind,
};
use sea_orm::{DbBackend, FromQueryResult, Statement};
use std::collections::HashMap;
use uuid::Uuid;

/// Who gets a mail.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// [`PersonKind::name`], or `signup` for somebody who is nobody yet.
    pub kind: &'static str,
    /// Which person; none where the mail is not shown on anybody's card.
    pub id: Option<Uuid>,
    /// Their whole name; may be empty.
    pub name: String,
    /// Where to.
    pub email: String,
}

/// What became of a mail.
#[derive(Clone, Debug, FromQueryResult)]
pub struct MailRow {
    /// `queued`, `sent` or `failed`.
    pub state: String,
    /// Why it failed or waits, in the mail server's words.
    pub detail: Option<String>,
    /// When it was first tried.
    pub created_at: DateTime<Utc>,
    person_id: Uuid,
}

/// Sends one mail from a job. The job's id is the row's and makes the Message-ID, so a job that runs twice updates one row
/// and sends no second mail. A mail that is refused for good is noted and no error; one that may go later is an error, so
/// that the queue comes back to it. No transaction is open while the mail server is spoken to.
pub async fn send<M: Mail + Sync>(caller: &Caller, attempt: &Attempt, to: Recipient, mail: &M) -> Result<()> {
    let cx = caller.begin().await?;
    if !begin(&cx, attempt.job, &to, M::NAME).await? {
        return Ok(());
    }
    let frame = MailFrame::new(M::FACE, branding::ops::mail_brand(&cx).await?, caller.tenant.time_zone, cx.now());
    cx.commit().await?;
    let written = write(caller, mail, &frame).await?;
    let outgoing = Outgoing {
        id: attempt.job,
        // The deployment's own mails carry the configured name.
        from_name: if caller.tenant.is_platform() { String::new() } else { frame.brand.name },
        to: to.email,
        to_name: to.name,
        subject: written.subject,
        html: written.html,
        text: written.text,
        ..Outgoing::default()
    };
    let result = caller.app.mailer.send(&outgoing).await;
    let (state, detail) = match &result {
        Ok(_) => ("sent", None),
        Err(MailError::Refused(words)) => ("failed", Some(words.as_str())),
        Err(MailError::Later(words)) => ("queued", Some(words.as_str())),
    };
    let cx = caller.begin().await?;
    let sent_at = result.is_ok().then(|| cx.now());
    let sql = "UPDATE mails SET state = $2, detail = $3, subject = $4, sent_at = $5 WHERE id = $1";
    let subject = without_code(&outgoing.subject, mail)?;
    cx.execute(sql, [attempt.job.into(), state.into(), detail.into(), subject.into(), sent_at.into()]).await?;
    cx.commit().await?;
    match result {
        Err(error @ MailError::Later(_)) => {
            Err(Problem::unavailable("mail_later", "The mail server does not take mail now.").caused_by(error))
        }
        Ok(_) | Err(MailError::Refused(_)) => Ok(()),
    }
}

/// The mail, in the company's own words where it has some. A text of theirs that fails is replaced by ours, and staff are told.
async fn write<M: Mail + Sync>(caller: &Caller, mail: &M, frame: &MailFrame) -> Result<MailText> {
    let theirs = template_overrides::ops::in_use(caller, frame.brand.stamp).await;
    let Some(active) = theirs.of(M::NAME) else { return Ok(caller.app.pages.mail(mail, frame)?) };
    let (written, flaw) = caller.app.pages.mail_or_ours(mail, frame, active)?;
    if let Some(flaw) = flaw {
        template_overrides::ops::failed(caller, active, &flaw).await;
    }
    Ok(written)
}

/// For [`kernel::jobs::Job::failed`]: notes that the mail of this job will not go any more.
pub async fn give_up(caller: &Caller, problem: &Problem) {
    let noted = async {
        // A job's caller carries the job's id as its request id.
        let job: Uuid = caller.origin.request_id.parse().map_err(anyhow::Error::from)?;
        let cx = caller.begin().await?;
        let sql = "UPDATE mails SET state = 'failed', detail = coalesce(detail, $2) WHERE id = $1 AND state = 'queued'";
        cx.execute(sql, [job.into(), problem.words().into()]).await?;
        cx.commit().await
    };
    if let Err(error) = noted.await {
        tracing::error!(%error, "it could not be noted that a mail was given up");
    }
}

/// The newest mail to each of these people.
pub async fn newest(cx: &Cx, kind: PersonKind, people: Vec<Uuid>) -> Result<HashMap<Uuid, MailRow>> {
    let sql = "SELECT DISTINCT ON (person_id) person_id, state, detail, created_at FROM mails \
               WHERE person_id = ANY($1) AND person_kind = $2 ORDER BY person_id, created_at DESC, id DESC";
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [people.into(), kind.name().into()]);
    let rows = MailRow::find_by_statement(statement).all(cx.db()).await?;
    Ok(rows.into_iter().map(|row| (row.person_id, row)).collect())
}

/// Writes the row, or finds that of an earlier try. False: that try had come to an end.
async fn begin(cx: &Cx, id: Uuid, to: &Recipient, template: &str) -> Result<bool> {
    let sql = "INSERT INTO mails (id, person_kind, person_id, recipient, template, subject, state, created_at) \
               VALUES ($1, $2, $3, $4, $5, '', 'queued', $6) \
               ON CONFLICT (id) DO UPDATE SET recipient = excluded.recipient WHERE mails.state = 'queued'";
    let values = [id.into(), to.kind.into(), to.id.into(), to.email.as_str().into(), template.into(), cx.now().into()];
    Ok(cx.execute(sql, values).await? > 0)
}

/// A subject as it is kept: a sign-in code does not stay in a table.
fn without_code(subject: &str, mail: &impl Mail) -> Result<String> {
    let context = serde_json::to_value(mail).map_err(Problem::internal)?;
    let code = context.get("code").and_then(|c| c.as_str()).unwrap_or_default();
    let hide = |c: char| if !code.is_empty() && c.is_ascii_digit() { '•' } else { c };
    Ok(subject.chars().map(hide).collect())
}

#[cfg(test)]
mod tests {
    use super::without_code;
    use crate::mails::{InvitationMail, SignInMail};
    use kernel::pages::Mail;

    #[test]
    fn codes_are_not_kept() {
        let sign_in = &SignInMail::samples()[0];
        assert_eq!(without_code("407 182: sign in to Larkrise", sign_in).unwrap(), "••• •••: sign in to Larkrise");
        let invitation = &InvitationMail::samples()[0];
        assert_eq!(without_code("Roof 24: your project", invitation).unwrap(), "Roof 24: your project");
    }
}
