//! Parameters written into a statement as literals: the simple query protocol has none of its own.

use synthgen::engine::port::Fields;

/// `$n` outside of quoted text, comments and names becomes the n-th parameter as a literal.
pub(super) fn with_parameters(sql: &str, parameters: &Fields) -> String {
    let mut text = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(at) = rest.find(['$', '\'', '"', '-']) {
        let (before, after) = rest.split_at(at);
        text.push_str(before);
        let length = match after.as_bytes()[0] {
            b'$' => {
                let digits = after[1..].bytes().take_while(u8::is_ascii_digit).count();
                text += &after[1..=digits].parse::<usize>().map_or_else(|_| "$".to_owned(), |number| literal(parameters[number - 1]));
                1 + digits
            }
            b'-' => copy(&mut text, after, if after.starts_with("--") { after.find('\n').unwrap_or(after.len()) } else { 1 }),
            quote => {
                let end = after[1..].bytes().position(|byte| byte == quote).map_or(after.len(), |end| end + 2);
                copy(&mut text, after, end)
            }
        };
        rest = &after[length..];
    }
    text + rest
}

fn copy(text: &mut String, from: &str, length: usize) -> usize {
    text.push_str(&from[..length]);
    length
}

/// A text as a literal, `null` where there is none.
pub(super) fn literal(parameter: Option<&str>) -> String {
    parameter.map_or_else(|| "null".to_owned(), |text| format!("'{}'", text.replace('\'', "''")))
}
