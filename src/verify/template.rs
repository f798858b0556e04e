//! Fills the `{names}` of a statement kept under sql/; what is filled in is not looked at again.

/// The statement with its comment lines left out and each `{name}` replaced; an unknown name stays as it is.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len() * 2);
    for line in template.lines().filter(|line| !line.trim_start().starts_with("--")) {
        if !filled.is_empty() {
            filled.push('\n');
        }
        fill_line(line, values, &mut filled);
    }
    filled
}

fn fill_line(line: &str, values: &[(&str, &str)], filled: &mut String) {
    let mut rest = line;
    while let Some(open) = rest.find('{') {
        filled.push_str(&rest[..open]);
        rest = &rest[open..];
        let Some(close) = rest.find('}') else { break };
        match values.iter().find(|(name, _)| *name == &rest[1..close]) {
            Some((_, value)) => filled.push_str(value),
            None => filled.push_str(&rest[..=close]),
        }
        rest = &rest[close + 1..];
    }
    filled.push_str(rest);
}

/// A string as an SQL literal that means the same under either setting of `standard_conforming_strings`.
pub(crate) fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') { format!("e'{}'", quoted.replace('\\', "\\\\")) } else { format!("'{quoted}'") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_not_filled_again() {
        assert_eq!(fill("-- why {a}\nselect {a}, {b}\nfrom {c}", &[("a", "'{b}'"), ("b", "2")]), "select '{b}', 2\nfrom {c}");
    }

    #[test]
    fn literals_survive_quotes_and_backslashes() {
        assert_eq!(literal("o'clock"), "'o''clock'");
        assert_eq!(literal("a\\'b"), "e'a\\\\''b'");
    }
}
