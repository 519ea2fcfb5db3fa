//! What each kind of work bears in this company; what it has not said is as usual.

use crate::{
    events::Event,
    schedule::WorkType,
    weather::model::{Accepting, WeatherRule, WeatherRules},
};
use kernel::{Cx, Result, caller::Role};
use sea_orm::FromQueryResult;

#[derive(FromQueryResult)]
struct Row {
    work_type: WorkType,
    max_rain_mm: Option<f64>,
    max_wind_kmh: Option<f64>,
    max_heat_c: Option<f64>,
    min_frost_c: Option<f64>,
}

/// One rule for each kind of work.
pub async fn rules(cx: &Cx) -> Result<WeatherRules> {
    let mut rules = WeatherRules::usual();
    let rows: Vec<Row> = cx.rows("SELECT work_type, max_rain_mm, max_wind_kmh, max_heat_c, min_frost_c FROM weather_rules", []).await?;
    for row in rows {
        let Row { work_type, max_rain_mm, max_wind_kmh, max_heat_c, min_frost_c } = row;
        let said = WeatherRule { work_type, max_rain_mm, max_wind_kmh, max_heat_c, min_frost_c };
        rules.rules.iter_mut().filter(|rule| rule.work_type == work_type).for_each(|rule| *rule = said.clone());
    }
    if let Some(row) = cx.one("SELECT accept FROM weather_settings", []).await? {
        rules.accept = row.try_get::<Accepting>("", "accept")?;
    }
    Ok(rules)
}

/// Replaces all rules; what is left out is as usual again. For managers.
pub async fn change_rules(cx: &mut Cx, new: WeatherRules) -> Result<WeatherRules> {
    cx.require(Role::Manager)?;
    new.check()?;
    let before = rules(cx).await?;
    let sql = "INSERT INTO weather_settings (one, accept, updated_at) VALUES (true, $1, $2) \
               ON CONFLICT (one) DO UPDATE SET accept = excluded.accept, updated_at = excluded.updated_at";
    // The row of the settings is held from here on, so two changes do not mix.
    cx.execute(sql, [new.accept.name().into(), cx.now().into()]).await?;
    cx.execute("DELETE FROM weather_rules", []).await?;
    let sql = "INSERT INTO weather_rules (work_type, max_rain_mm, max_wind_kmh, max_heat_c, min_frost_c, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    for rule in &new.rules {
        let limits = [rule.max_rain_mm, rule.max_wind_kmh, rule.max_heat_c, rule.min_frost_c];
        let name = sea_orm::ActiveEnum::to_value(&rule.work_type);
        let values = std::iter::once(name.into()).chain(limits.map(Into::into)).chain([cx.now().into()]);
        cx.execute(sql, values).await?;
    }
    let after = rules(cx).await?;
    if after != before {
        cx.record(&Event::WeatherRulesChanged { tenant: cx.tenant().id.0 }).await?;
    }
    Ok(after)
}
