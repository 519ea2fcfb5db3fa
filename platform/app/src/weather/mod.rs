//! Weather: forecasts for the places of outdoor work, and the delays that follow from them.

kernel::id!(WeatherDelayId, "A delay that the weather causes.");
