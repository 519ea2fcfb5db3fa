//! Weather: forecasts for the places of outdoor work, and the delays that follow from them.
//!
//! A job fetches the forecast of each project that has outdoor work in the next ten days, and compares it with what each kind of work
//! bears. Days that are lost make a proposed delay: the milestone's new days over the company's calendar, with the reason. Staff accept
//! it, which moves the milestone and tells the household once, or dismiss it; a company may have it accepted by itself. When the
//! forecast turns, a proposal vanishes unheard, and an accepted delay is withdrawn as loudly as it came. Managers change what each kind
//! of work bears. Customers see delays that count, and those that were withdrawn.
//!
//! [`open_meteo`] is the only file that speaks to the weather service.

pub mod api;
pub mod jobs;
mod model;
mod open_meteo;
pub mod ops;

pub use model::{Accepting, DelayState, ForecastDay, Hazard, WeatherRule, WeatherRules, words};

kernel::id!(WeatherDelayId, "A delay that the weather causes.");
