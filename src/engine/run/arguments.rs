//! Arguments whose words are fixed, checked before anything is read.

use crate::engine::arguments::Arguments;
use crate::engine::error::{Error, sqlstate};
use crate::engine::vocabulary;

/// An argument's words: those that work and those that are not there yet.
struct Words {
    argument: &'static str,
    known: &'static [&'static str],
    later: &'static [&'static str],
}

const WORDS: [Words; 3] = [
    Words { argument: "llm", known: &["auto", "off", "replay", "require"], later: &[] },
    Words { argument: "existing", known: &["auto", "append", "error"], later: &["top_up", "truncate"] },
    Words { argument: "load", known: &["live"], later: &["rebuild"] },
];

/// The greatest factor; what it makes of a count is compared with `synthgen.max_rows`.
const MOST_SCALE: f64 = 1e9;

/// Refuses unknown words and numbers without sense.
pub(super) fn check(arguments: &Arguments) -> Result<(), Error> {
    let given = [&arguments.llm, &arguments.existing, &arguments.load];
    for (words, given) in WORDS.iter().zip(given) {
        if words.later.contains(&given.as_str()) {
            return Err(Error::new(sqlstate::NOT_SUPPORTED, format!("{} => '{given}' is not supported in this version", words.argument))
                .hint(format!("Use one of: {}.", words.known.join(", "))));
        }
        if !words.known.contains(&given.as_str()) {
            return Err(Error::new(sqlstate::INVALID_PARAMETER, format!("{} => '{given}' is unknown", words.argument))
                .hint(format!("Use one of: {}.", words.known.join(", "))));
        }
    }
    if !arguments.scale.is_finite() || !(0.0..=MOST_SCALE).contains(&arguments.scale) {
        return Err(Error::new(sqlstate::INVALID_PARAMETER, format!("scale => {} is no factor", arguments.scale))
            .hint("Use a number from 0 to 1000000000."));
    }
    if !(0..=arguments.max_rows).contains(&arguments.rows_default) {
        return Err(Error::new(sqlstate::INVALID_PARAMETER, format!("rows_default => {} is out of range", arguments.rows_default))
            .detail(format!("It is between 0 and {}.", arguments.max_rows)));
    }
    if let Some(locale) = arguments.locale.as_deref().filter(|name| vocabulary::locale(name).is_none()) {
        let known: Vec<&str> = vocabulary::locales().map(|locale| locale.name).collect();
        return Err(Error::new(sqlstate::INVALID_PARAMETER, format!("locale => '{locale}' is unknown"))
            .hint(format!("Use one of: {}; or NULL, a mix by the countries' weights.", known.join(", "))));
    }
    Ok(())
}
