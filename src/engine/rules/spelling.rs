//! Names as people spell them: case, CamelCase, underscores and the plural do not matter.

/// The least likeness (Jaro-Winkler) at which a name is offered as a correction.
const LIKE_ENOUGH: f64 = 0.75;

/// What two spellings of one name share.
pub(super) fn key(name: &str) -> String {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    if plain.ends_with("ies") {
        return plain[..plain.len() - 3].to_owned() + "y";
    }
    let plural = plain.len() > 3 && plain.ends_with('s') && !plain.ends_with("ss") && !plain.ends_with("us");
    if plural { plain[..plain.len() - 1].to_owned() } else { plain }
}

/// `Did you mean "x"?`, where a name is near.
pub(super) fn did_you_mean<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let wanted = key(wanted);
    let scored = candidates.into_iter().map(|name| (strsim::jaro_winkler(&wanted, &key(name)), name));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(likeness, _)| *likeness >= LIKE_ENOUGH)?;
    Some(format!("Did you mean \"{}\"?", best.1))
}
