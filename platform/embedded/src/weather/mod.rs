//! A weather service that speaks the two endpoints of Open-Meteo that the product uses: the daily forecast, and the search for a place.
//!
//! Its weather is made up: plausible, and for one place and day always the same. A test writes its own over it. Each answer says by
//! the header `x-stand-in: weather` that it is no forecast of anything.

mod default;
mod script;
mod web;

use std::sync::Arc;

use anyhow::Result;

use crate::serve::{Served, bind};
pub use default::Day;
pub use script::{Script, Scripts, Trouble};

/// Where the weather service listens.
#[derive(Clone, Debug, Default)]
pub struct WeatherOptions {
    /// The port on 127.0.0.1; `None` takes a free one.
    pub port: Option<u16>,
}

/// A running weather service.
#[derive(Debug)]
pub struct Weather {
    scripts: Arc<Scripts>,
    served: Served,
}

impl Weather {
    /// Listens.
    pub async fn start(options: WeatherOptions) -> Result<Weather> {
        let scripts = Arc::new(Scripts::default());
        let served = Served::http(bind(options.port)?, web::routes(scripts.clone()))?;
        Ok(Weather { scripts, served })
    }

    /// The URL for a client's setting; the same for forecasts and for places.
    pub fn url(&self) -> String {
        format!("http://{}", self.served.address())
    }

    /// From now on this is the weather of a place, or its trouble.
    pub fn script(&self, script: Script) {
        self.scripts.set(script);
    }

    /// How often a place's forecast was asked for.
    pub fn asked(&self, latitude: f64, longitude: f64) -> u64 {
        self.scripts.asked(latitude, longitude)
    }

    /// Ends the server. Scripts are forgotten.
    pub async fn stop(mut self) {
        self.served.stop().await;
    }
}
