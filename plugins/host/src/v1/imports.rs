//! The guest's imports: each is one [`Call`].

use super::{Project, State, convert, failure, wit};
use crate::{
    calls::{Answer, Call, Level},
    data::Blob,
    delegate::{FailureCode, Part, PartData},
};
use wasmtime::{Result, component::Resource};
use wit::types::Failure;

/// An answer that does not belong to its call can only come from a recording that was tampered with.
fn odd<T>() -> Result<T> {
    Err(wasmtime::Error::msg("an answer of another kind"))
}

macro_rules! answer {
    ($self:ident, $call:expr, $($pattern:pat => $value:expr),+ $(,)?) => {
        match $self.door.call($call).await? {
            $($pattern => Ok(Ok($value)),)+
            Answer::Failed(why) => Ok(Err(failure(why))),
            _ => odd(),
        }
    };
}

impl wit::types::Host for State {}

impl wit::log::Host for State {
    async fn write(&mut self, level: wit::log::Level, message: String) -> Result<()> {
        let level = match level {
            wit::log::Level::Debug => Level::Debug,
            wit::log::Level::Info => Level::Info,
            wit::log::Level::Warning => Level::Warning,
            wit::log::Level::Error => Level::Error,
        };
        self.door.call(Call::Log { level, message }).await.map(drop)
    }
}

impl wit::clock::Host for State {
    async fn now(&mut self) -> Result<wit::clock::Moment> {
        match self.door.call(Call::Now).await? {
            Answer::Moment(moment) => Ok(convert::moment(moment)),
            _ => odd(),
        }
    }
}

impl wit::random::Host for State {
    async fn bytes(&mut self, count: u32) -> Result<Vec<u8>> {
        match self.door.call(Call::Random { count }).await? {
            Answer::Bytes(bytes) => Ok(bytes.0),
            // This call has no way to say no.
            Answer::Failed(_) => Err(crate::error::Halt::error(crate::Reason::TooMuchAtOnce)),
            _ => odd(),
        }
    }
}

impl wit::projects::Host for State {
    async fn company(&mut self) -> Result<std::result::Result<wit::projects::CompanyDetails, Failure>> {
        answer!(self, Call::Company, Answer::Company(company) => convert::company(company))
    }

    async fn open(&mut self, id: String) -> Result<std::result::Result<Resource<Project>, Failure>> {
        answer!(self, Call::Open { id: id.clone() }, Answer::Done => {
            self.door.give(&id);
            self.table.push(Project { id })?
        })
    }
}

impl State {
    async fn part<T>(
        &mut self,
        handle: &Resource<Project>,
        part: Part,
        take: fn(PartData) -> Option<T>,
    ) -> Result<std::result::Result<T, Failure>> {
        let Ok(project) = self.table.get(handle).map(|p| p.id.clone()) else {
            return Err(crate::error::Halt::error(crate::Reason::BadHandle));
        };
        match self.door.call(Call::Read { project, part }).await? {
            Answer::Part(data) => match take(data) {
                Some(data) => Ok(Ok(data)),
                None => Ok(Err(failure(crate::delegate::Failure::new(FailureCode::Unavailable, "The answer is not what was asked for.")))),
            },
            Answer::Failed(why) => Ok(Err(failure(why))),
            _ => odd(),
        }
    }
}

macro_rules! take {
    ($variant:ident, one $convert:path) => {
        |data| if let PartData::$variant(one) = data { Some($convert(one)) } else { None }
    };
    ($variant:ident, all $convert:path) => {
        |data| if let PartData::$variant(all) = data { Some(all.into_iter().map($convert).collect()) } else { None }
    };
}

type Handle = Resource<Project>;
type Answered<T> = Result<std::result::Result<T, Failure>>;

impl wit::projects::HostProject for State {
    async fn details(&mut self, project: Handle) -> Answered<wit::projects::Details> {
        self.part(&project, Part::Details, take!(Details, one convert::details)).await
    }

    async fn household(&mut self, project: Handle) -> Answered<Vec<wit::projects::Person>> {
        self.part(&project, Part::Household, take!(Household, all convert::person)).await
    }

    async fn milestones(&mut self, project: Handle) -> Answered<Vec<wit::projects::Milestone>> {
        self.part(&project, Part::Milestones, take!(Milestones, all convert::milestone)).await
    }

    async fn visits(&mut self, project: Handle) -> Answered<Vec<wit::projects::Visit>> {
        self.part(&project, Part::Visits, take!(Visits, all convert::visit)).await
    }

    async fn photos(&mut self, project: Handle) -> Answered<Vec<wit::projects::Photo>> {
        self.part(&project, Part::Photos, take!(Photos, all convert::photo)).await
    }

    async fn documents(&mut self, project: Handle) -> Answered<Vec<wit::projects::Document>> {
        self.part(&project, Part::Documents, take!(Documents, all convert::document)).await
    }

    async fn drop(&mut self, project: Handle) -> Result<()> {
        self.table.delete(project)?;
        Ok(())
    }
}

impl wit::kv::Host for State {
    async fn get(&mut self, key: String) -> Answered<Option<Vec<u8>>> {
        answer!(self, Call::KvGet { key }, Answer::Value(value) => value.map(|blob| blob.0))
    }

    async fn set(&mut self, key: String, value: Vec<u8>) -> Answered<()> {
        answer!(self, Call::KvSet { key, value: Blob(value) }, Answer::Done => ())
    }

    async fn delete(&mut self, key: String) -> Answered<()> {
        answer!(self, Call::KvDelete { key }, Answer::Done => ())
    }

    async fn list(&mut self, prefix: String) -> Answered<Vec<String>> {
        answer!(self, Call::KvList { prefix }, Answer::Names(names) => names)
    }
}

impl wit::http::Host for State {
    async fn send(&mut self, request: wit::types::HttpRequest) -> Answered<wit::types::HttpResponse> {
        answer!(self, Call::Http(convert::http_request(request)), Answer::Response(response) => convert::http_response(response))
    }
}

impl wit::secrets::Host for State {
    async fn names(&mut self) -> Result<Vec<String>> {
        match self.door.call(Call::SecretNames).await? {
            Answer::Names(names) => Ok(names),
            Answer::Failed(_) => Ok(Vec::new()),
            _ => odd(),
        }
    }
}
