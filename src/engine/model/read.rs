//! Reads a reply leniently: whatever stands around the JSON, however its keys are spelled, whole rows are kept.

use serde_json::{Map, Value as Json};

/// How alike a key and a column's name must be, of 1.
const ALIKE: f64 = 0.82;

/// A row of a reply: its number among the lines asked, from 0, and a value by column, in the order asked.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ReadRow {
    pub(super) line: usize,
    pub(super) values: Vec<Option<Json>>,
}

/// The rows of a reply, at most one for each of `count` lines; `columns` are the names asked for.
pub(super) fn rows(text: &str, columns: &[&str], count: usize) -> Vec<ReadRow> {
    let objects = objects(text);
    let numbers = line_numbers(&objects, count);
    let mut rows: Vec<ReadRow> = Vec::new();
    for (object, line) in objects.iter().zip(numbers) {
        let Some(line) = line.filter(|line| rows.iter().all(|row| row.line != *line)) else { continue };
        rows.push(ReadRow { line, values: values(object, columns) });
    }
    rows
}

/// The reply's root object, with rows or without.
pub(super) fn object(text: &str) -> Option<Map<String, Json>> {
    let text = body(text);
    let start = text.find('{')?;
    let mut stream = serde_json::Deserializer::from_str(&text[start..]).into_iter::<Json>();
    match stream.next() {
        Some(Ok(Json::Object(object))) => Some(object),
        _ => None,
    }
}

/// Which line each row is for: by its number where these are all different lines, else by its place.
fn line_numbers(objects: &[Map<String, Json>], count: usize) -> Vec<Option<usize>> {
    let number = |object: &Map<String, Json>| {
        let found = object.iter().find(|(key, _)| matches!(folded(key).as_str(), "row" | "rownumber"))?.1;
        let number = found.as_u64().or_else(|| leading_number(found.as_str()?))?;
        (1..=count as u64).contains(&number).then(|| number as usize - 1)
    };
    let numbers: Vec<Option<usize>> = objects.iter().map(number).collect();
    let mut seen = vec![false; count];
    let distinct = numbers.iter().all(|line| line.is_some_and(|line| !std::mem::replace(&mut seen[line], true)));
    if distinct { numbers } else { (0..objects.len()).map(|place| (place < count).then_some(place)).collect() }
}

/// The number at the beginning of a text ("5 stars").
pub(super) fn leading_number(text: &str) -> Option<u64> {
    let digits: String = text.trim().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Whether a key of a reply is meant for a column.
type Alike<'a> = &'a dyn Fn(&str, &str) -> bool;

/// A value for each column: under its name, under one spelled much like it, or under the only key that is left.
fn values(object: &Map<String, Json>, columns: &[&str]) -> Vec<Option<Json>> {
    let mut taken: Vec<&String> = Vec::new();
    let mut values: Vec<Option<Json>> = vec![None; columns.len()];
    let tests: [Alike; 3] = [&|key, name| key == name, &|key, name| folded(key) == folded(name), &alike];
    for test in tests {
        for (column, name) in columns.iter().enumerate() {
            if values[column].is_some() {
                continue;
            }
            if let Some((key, value)) = object.iter().find(|(key, _)| !taken.contains(key) && test(key, name)) {
                taken.push(key);
                values[column] = Some(value.clone());
            }
        }
    }
    let missing: Vec<usize> = (0..columns.len()).filter(|&column| values[column].is_none()).collect();
    let spare: Vec<&String> = object.keys().filter(|key| !taken.contains(key) && folded(key) != "row").collect();
    if let ([column], [key]) = (missing.as_slice(), spare.as_slice()) {
        values[*column] = object.get(*key).cloned();
    }
    values
}

fn alike(key: &str, name: &str) -> bool {
    let (key, name) = (folded(key), folded(name));
    strsim::jaro_winkler(&key, &name) >= ALIKE || (key.len() >= 4 && (name.ends_with(&key) || key.ends_with(&name)))
}

fn folded(key: &str) -> String {
    key.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The row objects of a reply; of one that was cut, those that are whole.
fn objects(text: &str) -> Vec<Map<String, Json>> {
    let text = body(text);
    let mut cut = false;
    for start in text.char_indices().filter(|(_, letter)| matches!(letter, '{' | '[')).map(|(at, _)| at).take(8) {
        let mut stream = serde_json::Deserializer::from_str(&text[start..]).into_iter::<Json>();
        match stream.next() {
            Some(Ok(json)) => {
                let found = rows_in(json);
                if !found.is_empty() {
                    let pieces = if cut { whole_objects(text) } else { Vec::new() };
                    return if pieces.len() > found.len() { pieces } else { found };
                }
            }
            Some(Err(error)) => cut |= error.is_eof(),
            None => {}
        }
    }
    whole_objects(text)
}

/// The largest list of objects in a document; the document itself where it is a row.
fn rows_in(json: Json) -> Vec<Map<String, Json>> {
    match json {
        Json::Array(elements) => {
            elements.into_iter().filter_map(|element| if let Json::Object(object) = element { Some(object) } else { None }).collect()
        }
        Json::Object(object) => {
            let nested = object.values().filter(|value| value.is_array() || value.is_object());
            let largest = nested.map(|value| rows_in(value.clone())).max_by_key(Vec::len);
            match largest {
                Some(rows) if !rows.is_empty() && object.values().any(Json::is_array) => rows,
                _ => vec![object],
            }
        }
        _ => Vec::new(),
    }
}

/// Objects without objects in them that are complete, wherever they stand: what is left of a reply that was cut.
fn whole_objects(text: &str) -> Vec<Map<String, Json>> {
    let (mut found, mut start, mut quoted, mut escaped) = (Vec::new(), None, false, false);
    for (at, letter) in text.char_indices() {
        if quoted {
            quoted = escaped || letter != '"';
            escaped = !escaped && letter == '\\';
            continue;
        }
        match letter {
            '"' => quoted = true,
            '{' => start = Some(at),
            '}' => {
                if let Some(begin) = start.take()
                    && let Ok(Json::Object(object)) = serde_json::from_str(&text[begin..=at])
                {
                    found.push(object);
                }
            }
            _ => {}
        }
    }
    found
}

/// The reply without what the model thought, and without a fence around the answer.
fn body(text: &str) -> &str {
    let mut text = text;
    while let Some(end) = text.find("</think>") {
        text = &text[end + "</think>".len()..];
    }
    if let Some(begin) = text.find("```") {
        let inside = &text[begin + 3..];
        let inside = inside.split_once('\n').map_or(inside, |(_, rest)| rest);
        let inside = inside.split("```").next().unwrap_or(inside);
        if inside.contains('{') {
            return inside;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str, count: usize) -> Vec<(usize, Option<Json>, Option<Json>)> {
        rows(text, &["full_title", "body_text"], count)
            .into_iter()
            .map(|row| (row.line, row.values[0].clone(), row.values[1].clone()))
            .collect()
    }

    fn both(line: usize, title: &str, body: &str) -> (usize, Option<Json>, Option<Json>) {
        (line, Some(json!(title)), Some(json!(body)))
    }

    #[test]
    fn whatever_stands_around_the_rows_is_passed_over() {
        let rows = r#"{"rows": [{"row": 2, "full_title": "a", "body_text": "b"}, {"row": 1, "full_title": "c", "body_text": "d"}]}"#;
        let expected = [both(1, "a", "b"), both(0, "c", "d")];
        for text in [
            rows.to_owned(),
            format!("Sure! Here you are:\n```json\n{rows}\n```\nHope that helps {{}}"),
            format!("<think>maybe {{\"rows\": []}}</think>\n{rows}"),
            format!("{rows} And that is all, [1]."),
            rows.replace("rows", "data"),
            rows.replace("{\"rows\": ", "").replace("]}", "]"),
        ] {
            assert_eq!(read(&text, 2), expected, "{text}");
        }
    }

    #[test]
    fn of_a_reply_that_was_cut_the_whole_rows_are_kept() {
        let text = r#"{"rows": [{"row": 1, "full_title": "a }", "body_text": "b \"{"}, {"row": 2, "full_title": "c", "bo"#;
        assert_eq!(read(text, 2), [both(0, "a }", "b \"{")]);
        let text = r#"{"rows": [{"row": 1, "full_title": "a", "body_text": "b"}, {"row": 2, "full_title": "c", "body_text": "d"}, {"row""#;
        assert_eq!(read(text, 3), [both(0, "a", "b"), both(1, "c", "d")]);
    }

    #[test]
    fn keys_may_be_spelled_otherwise() {
        assert_eq!(read(r#"[{"FullTitle": "a", "BodyText": "b"}]"#, 1), [both(0, "a", "b")]);
        assert_eq!(read(r#"[{"title": "a", "review_body_text": "b"}]"#, 1), [both(0, "a", "b")]);
        assert_eq!(read(r#"[{"title": "a"}]"#, 1), [(0, Some(json!("a")), None)]);
    }

    #[test]
    fn rows_without_sound_numbers_count_by_their_place() {
        let text = r#"[{"row": 1, "full_title": "a", "body_text": "b"}, {"row": 1, "full_title": "c", "body_text": "d"}, {"full_title": "e", "body_text": "f"}]"#;
        assert_eq!(read(text, 2), [both(0, "a", "b"), both(1, "c", "d")]);
    }

    #[test]
    fn what_is_no_json_has_no_rows() {
        for text in ["", "I am sorry, I cannot do that.", "{", "\u{feff}[[[[", "```\n```"] {
            assert_eq!(read(text, 3), [], "{text}");
        }
    }
}
