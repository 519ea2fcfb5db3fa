//! How a locale writes days, numbers and money. A small table after CLDR; seven locales do not need its whole data.

use crate::Locale;
use chrono::{Datelike, NaiveDate};

/// The names of one language.
struct Names {
    months: [&'static str; 12],
    /// From Monday.
    days: [&'static str; 7],
    short_days: [&'static str; 7],
}

const ENGLISH: Names = Names {
    months: ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
    days: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    short_days: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
};
const GERMAN: Names = Names {
    months: ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"],
    days: ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
    short_days: ["Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa.", "So."],
};
const SPANISH: Names = Names {
    months: ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"],
    days: ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
    short_days: ["lun", "mar", "mié", "jue", "vie", "sáb", "dom"],
};
const FRENCH: Names = Names {
    months: ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
    days: ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    short_days: ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."],
};

/// Keeps a sign with its number.
const NBSP: char = '\u{a0}';

impl Locale {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::EnUs, Self::EnGb, Self::EnCa, Self::EnAu, Self::DeDe, Self::EsUs, Self::FrCa];

    /// Language and country: `("en", "US")`.
    pub fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::EnUs => ("en", "US"),
            Self::EnGb => ("en", "GB"),
            Self::EnCa => ("en", "CA"),
            Self::EnAu => ("en", "AU"),
            Self::DeDe => ("de", "DE"),
            Self::EsUs => ("es", "US"),
            Self::FrCa => ("fr", "CA"),
        }
    }

    fn names(self) -> &'static Names {
        match self {
            Self::EnUs | Self::EnGb | Self::EnCa | Self::EnAu => &ENGLISH,
            Self::DeDe => &GERMAN,
            Self::EsUs => &SPANISH,
            Self::FrCa => &FRENCH,
        }
    }

    /// `June 17, 2026`.
    pub fn day(self, date: NaiveDate) -> String {
        let (day, year) = (self.month_day(date), date.year());
        match self {
            Self::EnUs | Self::EnCa => format!("{day}, {year}"),
            Self::EnGb | Self::EnAu | Self::DeDe | Self::FrCa => format!("{day} {year}"),
            Self::EsUs => format!("{day} de {year}"),
        }
    }

    /// `Wednesday, June 17, 2026`.
    pub fn weekday(self, date: NaiveDate) -> String {
        let name = self.names().days[date.weekday().num_days_from_monday() as usize];
        format!("{name}{} {}", self.after_weekday(), self.day(date))
    }

    /// `Wed, June 17`; with its year when that is not the one of `near`.
    pub fn short_day(self, date: NaiveDate, near: NaiveDate) -> String {
        let name = self.names().short_days[date.weekday().num_days_from_monday() as usize];
        let day = if date.year() == near.year() { self.month_day(date) } else { self.day(date) };
        format!("{name}{} {day}", self.after_weekday())
    }

    fn after_weekday(self) -> &'static str {
        match self {
            Self::EnUs | Self::EnCa | Self::DeDe | Self::EsUs => ",",
            Self::EnGb | Self::EnAu | Self::FrCa => "",
        }
    }

    fn month_day(self, date: NaiveDate) -> String {
        let (month, day) = (self.names().months[date.month0() as usize], date.day());
        match self {
            Self::EnUs | Self::EnCa => format!("{month} {day}"),
            Self::EnGb | Self::EnAu => format!("{day} {month}"),
            Self::DeDe => format!("{day}. {month}"),
            Self::EsUs => format!("{day} de {month}"),
            Self::FrCa if day == 1 => format!("1er {month}"),
            Self::FrCa => format!("{day} {month}"),
        }
    }

    /// A whole number with its thousands apart: `12,500`.
    pub fn number(self, number: i64) -> String {
        let digits = number.unsigned_abs().to_string();
        let mut grouped = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push(self.separators().0);
            }
            grouped.push(digit);
        }
        if number < 0 { format!("-{grouped}") } else { grouped }
    }

    /// Between thousands, and before decimals.
    fn separators(self) -> (char, char) {
        match self {
            Self::EnUs | Self::EnGb | Self::EnCa | Self::EnAu | Self::EsUs => (',', '.'),
            Self::DeDe => ('.', ','),
            Self::FrCa => (NBSP, ','),
        }
    }

    /// An amount in the currency's smallest units: `$6,524.00`.
    pub fn money(self, minor: i64, currency: &str) -> String {
        let decimals = decimals(currency);
        let unit = 10u64.pow(decimals);
        let (whole, part) = (minor.unsigned_abs() / unit, minor.unsigned_abs() % unit);
        let mut amount = self.number(i64::try_from(whole).unwrap_or(i64::MAX));
        if decimals > 0 {
            amount.push(self.separators().1);
            amount.push_str(&format!("{part:0width$}", width = decimals as usize));
        }
        let minus = if minor < 0 { "-" } else { "" };
        let sign = self.currency_sign(currency);
        match self {
            Self::DeDe | Self::FrCa => format!("{minus}{amount}{NBSP}{sign}"),
            _ if sign == currency => format!("{minus}{sign}{NBSP}{amount}"),
            _ => format!("{minus}{sign}{amount}"),
        }
    }

    /// A dollar alone is the country's own.
    fn currency_sign(self, currency: &str) -> &str {
        match (currency, self.parts().1) {
            ("USD", "US") | ("CAD", "CA") | ("AUD", "AU") => "$",
            ("USD", _) if self == Self::FrCa => "$\u{a0}US",
            ("USD", "CA") => "US$",
            ("CAD", "US") => "CA$",
            ("AUD", "US" | "CA" | "GB") => "A$",
            ("USD", "DE") => "$",
            ("EUR", _) => "€",
            ("GBP", _) => "£",
            _ => currency,
        }
    }
}

/// How many decimals a currency has, by ISO 4217.
fn decimals(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_people_there_write_them() {
        let date = NaiveDate::from_ymd_opt(2026, 6, 17).unwrap();
        let near = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let expected = [
            (Locale::EnUs, "June 17, 2026", "Wednesday, June 17, 2026", "Wed, June 17"),
            (Locale::EnCa, "June 17, 2026", "Wednesday, June 17, 2026", "Wed, June 17"),
            (Locale::EnGb, "17 June 2026", "Wednesday 17 June 2026", "Wed 17 June"),
            (Locale::EnAu, "17 June 2026", "Wednesday 17 June 2026", "Wed 17 June"),
            (Locale::DeDe, "17. Juni 2026", "Mittwoch, 17. Juni 2026", "Mi., 17. Juni"),
            (Locale::EsUs, "17 de junio de 2026", "miércoles, 17 de junio de 2026", "mié, 17 de junio"),
            (Locale::FrCa, "17 juin 2026", "mercredi 17 juin 2026", "mer. 17 juin"),
        ];
        for (locale, day, weekday, short) in expected {
            assert_eq!((locale.day(date), locale.weekday(date), locale.short_day(date, near)), (day.into(), weekday.into(), short.into()));
        }
        let first = NaiveDate::from_ymd_opt(2027, 3, 1).unwrap();
        assert_eq!(Locale::FrCa.day(first), "1er mars 2027");
        assert_eq!(Locale::DeDe.short_day(first, near), "Mo., 1. März 2027");
    }

    #[test]
    fn numbers_and_money_have_the_marks_of_the_place() {
        assert_eq!(Locale::EnUs.number(1_234_567), "1,234,567");
        assert_eq!(Locale::DeDe.number(-12_500), "-12.500");
        assert_eq!(Locale::FrCa.number(999), "999");
        let cases = [
            (Locale::EnUs, 652_400, "USD", "$6,524.00"),
            (Locale::EsUs, -5, "USD", "-$0.05"),
            (Locale::EnCa, 123_456_789, "CAD", "$1,234,567.89"),
            (Locale::EnCa, 100, "USD", "US$1.00"),
            (Locale::EnGb, 100, "GBP", "£1.00"),
            (Locale::EnAu, 2_050, "AUD", "$20.50"),
            (Locale::DeDe, 123_450, "EUR", "1.234,50\u{a0}€"),
            (Locale::FrCa, 123_450, "CAD", "1\u{a0}234,50\u{a0}$"),
            (Locale::EnUs, 1_500, "JPY", "JPY\u{a0}1,500"),
            (Locale::EnUs, 1_500, "KWD", "KWD\u{a0}1.500"),
        ];
        for (locale, minor, currency, expected) in cases {
            assert_eq!(locale.money(minor, currency), expected);
        }
    }
}
