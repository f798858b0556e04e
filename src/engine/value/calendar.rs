//! Civil dates by integer arithmetic, proleptic Gregorian as in PostgreSQL.
//!
//! Algorithm: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".

/// Days from 0000-03-01 to 2000-01-01.
const EPOCH: i64 = 730_425;
/// Days in 400 years.
const DAYS_PER_ERA: i64 = 146_097;

/// A day of the civil calendar; year 0 is 1 BC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Civil {
    /// Astronomical year.
    pub year: i32,
    /// 1..=12.
    pub month: u32,
    /// 1..=31.
    pub day: u32,
}

/// The civil date of a day counted from 2000-01-01.
pub fn civil_from_days(days: i32) -> Civil {
    let shifted = i64::from(days) + EPOCH;
    let era = shifted.div_euclid(DAYS_PER_ERA);
    let day_of_era = shifted.rem_euclid(DAYS_PER_ERA) as u32;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = i64::from(year_of_era) + era * 400 + i64::from(month <= 2);
    Civil { year: year as i32, month, day }
}

/// The day of a civil date, counted from 2000-01-01; months and days are taken as valid.
pub fn days_from_civil(year: i32, month: u32, day: u32) -> i32 {
    let march_year = i64::from(year) - i64::from(month <= 2);
    let era = march_year.div_euclid(400);
    let year_of_era = march_year.rem_euclid(400);
    let march_month = i64::from(if month > 2 { month - 3 } else { month + 9 });
    let day_of_year = (153 * march_month + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    (era * DAYS_PER_ERA + day_of_era - EPOCH) as i32
}

/// Days in a month.
pub(super) fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The day so many months later; a day that the month lacks becomes its last, as PostgreSQL's intervals do.
pub fn add_months(days: i32, months: i32) -> i32 {
    let civil = civil_from_days(days);
    let index = i64::from(civil.year) * 12 + i64::from(civil.month) - 1 + i64::from(months);
    let year = index.div_euclid(12) as i32;
    let month = index.rem_euclid(12) as u32 + 1;
    days_from_civil(year, month, civil.day.min(days_in_month(year, month)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_days() {
        assert_eq!(days_from_civil(2000, 1, 1), 0);
        assert_eq!(days_from_civil(1970, 1, 1), -10_957);
        assert_eq!(days_from_civil(2024, 2, 29), 8825);
        assert_eq!(civil_from_days(8825), Civil { year: 2024, month: 2, day: 29 });
        assert_eq!(civil_from_days(-1), Civil { year: 1999, month: 12, day: 31 });
    }

    #[test]
    fn months_end_where_the_month_ends() {
        let leap = days_from_civil(2024, 2, 29);
        assert_eq!(add_months(days_from_civil(2024, 1, 31), 1), leap);
        assert_eq!(add_months(leap, -12), days_from_civil(2023, 2, 28));
        assert_eq!(add_months(leap, -3), days_from_civil(2023, 11, 29));
    }

    proptest! {
        #[test]
        fn date_to_civil_and_back(days in -2_451_545..2_145_031_948) {
            let civil = civil_from_days(days);
            prop_assert_eq!(days_from_civil(civil.year, civil.month, civil.day), days);
            let next = civil_from_days(days + 1);
            prop_assert!(civil < next);
            prop_assert!(civil.day >= 1 && civil.day <= days_in_month(civil.year, civil.month));
        }
    }
}
