//! Ids: a UUIDv7 newtype per entity, so that a customer's id cannot be passed where a project's is meant.

use uuid::{Timestamp, Uuid, timestamp::context::NoContext};

/// Declares an id type: `id!(ProjectId, "A project.")`.
#[macro_export]
macro_rules! id {
    ($name:ident, $doc:literal) => {
        #[doc = $doc]
        #[derive(
            Clone,
            Copy,
            Debug,
            PartialEq,
            Eq,
            Hash,
            PartialOrd,
            Ord,
            ::serde::Serialize,
            ::serde::Deserialize,
            ::sea_orm::DeriveValueType,
            ::poem_openapi::NewType,
        )]
        #[serde(transparent)]
        pub struct $name(pub ::uuid::Uuid);

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::uuid::Error;
            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl ::sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> ::std::result::Result<Self, ::sea_orm::DbErr> {
                Err(::sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    };
}

id!(StaffId, "Somebody who works for a contractor company.");
id!(CustomerId, "A person who is a client of a contractor company.");
id!(OperatorId, "Somebody who runs the deployment.");
id!(SessionId, "One signed-in device.");

/// A version 7 UUID for this moment: ids sort by the time they were made.
pub fn uuid_at(now: chrono::DateTime<chrono::Utc>, random: [u8; 10]) -> Uuid {
    let timestamp = Timestamp::from_unix(NoContext, now.timestamp().max(0).unsigned_abs(), now.timestamp_subsec_nanos());
    let (seconds, nanos) = timestamp.to_unix();
    uuid::Builder::from_unix_timestamp_millis(seconds * 1000 + u64::from(nanos) / 1_000_000, &random).into_uuid()
}
