//! The engine knows no schema: no string literal under src/ is the name of a table or a column of the sample or of
//! the schemas it is tested on. Names live in data (CSV, JSON, SQL).

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const SCHEMAS: [&str; 3] = ["samples/sql/ecommerce.sql", "tests/sql/clinic.sql", "tests/sql/ecommerce_renamed.sql"];

/// Literals that are names there by accident, with what they are here.
const ELSE: [(&str, &str); 10] = [
    ("description", "a keyword of JSON Schema"),
    ("reason", "a field of our own documents"),
    ("id", "a field of our own documents; the ending of key columns"),
    ("name", "PostgreSQL's type; a field of our own documents"),
    ("floor", "SQL's function"),
    ("source", "a placeholder in our SQL"),
    ("user", "the role of who asks, in requests to a model"),
    ("title", "a field of a reply, in a test"),
    ("body", "a field of a reply, in a test"),
    ("rating", "a field of a reply, in a test"),
];

#[test]
fn no_literal_is_a_name_of_a_schema() {
    let names: BTreeSet<String> = SCHEMAS.iter().flat_map(|file| names(&read(&root().join(file)))).collect();
    assert!(names.len() > 400 && ["order_item", "email", "visit_date", "kuerzel"].iter().all(|name| names.contains(*name)), "{names:?}");

    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in sources(&root().join("src")) {
        let place = file.strip_prefix(root()).expect("the file lies below the root").display().to_string();
        for literal in literals(&read(&file)).into_iter().filter(|literal| names.contains(literal)) {
            found.entry(literal).or_default().push(place.clone());
        }
    }

    let missing: Vec<&str> = ELSE.iter().map(|(literal, _)| *literal).filter(|literal| !found.contains_key(*literal)).collect();
    assert!(missing.is_empty(), "no longer needed in ELSE: {missing:?}");
    found.retain(|literal, _| ELSE.iter().all(|(known, _)| known != literal));
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn literals_are_found_whatever_stands_around_them() {
    let code = concat!(
        "let a = \"one\"; // not \"this\"\n/* nor \"that\" */ let q = '\"'; let life: &'static str = r#\"two \"quoted\"\"#;\n",
        "let b = b\"three\"; let c = \"esc\\\"aped\"; let d = '\\''; let e = \"four\";"
    );

    assert_eq!(literals(code), ["one", "two \"quoted\"", "three", "esc\\\"aped", "four"]);
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("cannot read {}: {error}", file.display()))
}

/// All Rust files below a directory.
fn sources(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).unwrap_or_else(|error| panic!("cannot list {}: {error}", directory.display()));
    let paths = entries.map(|entry| entry.expect("an entry can be read").path());
    let files = paths.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    files.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

/// Tables and columns of CREATE TABLE statements that keep one column a line.
fn names(sql: &str) -> Vec<String> {
    const CONSTRAINTS: [&str; 6] = ["check", "unique", "primary", "foreign", "constraint", "exclude"];
    let mut names = Vec::new();
    let mut inside = false;
    for line in sql.lines() {
        if let Some(table) = line.strip_prefix("create table ") {
            names.extend(table.split_once('.').map(|(_, table)| word(table)));
            inside = true;
        } else if line.starts_with(");") {
            inside = false;
        } else if inside && line.starts_with("    ") && !line.starts_with("     ") {
            names.extend(Some(word(line.trim_start())).filter(|name| !CONSTRAINTS.contains(&name.as_str())));
        }
    }
    names
}

fn word(text: &str) -> String {
    text.trim_start_matches('"').chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
}

/// The contents of all string literals, as they are written.
fn literals(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find(['"', '\'', '/', 'r']) {
        let here = &rest[at..];
        let raw = raw_string(here).filter(|_| !rest[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_'));
        let taken = if here.starts_with("//") {
            here.find('\n').unwrap_or(here.len())
        } else if here.starts_with("/*") {
            here.find("*/").map_or(here.len(), |end| end + 2)
        } else if let Some((content, length)) = raw {
            found.push(content);
            length
        } else if let Some(quoted) = here.strip_prefix('"') {
            let end = end_of_string(quoted);
            found.push(quoted[..end].to_owned());
            end + 2
        } else if here.starts_with('\'') {
            character(here)
        } else {
            1
        };
        rest = rest.get(at + taken..).unwrap_or("");
    }
    found
}

/// `r"..."` or `r#"..."#` at the beginning: its content and its whole length.
fn raw_string(code: &str) -> Option<(String, usize)> {
    let hashes = code[1..].bytes().take_while(|byte| *byte == b'#').count();
    let content = code.strip_prefix('r')?[hashes..].strip_prefix('"')?;
    let end = content.find(&format!("\"{}", "#".repeat(hashes)))?;
    Some((content[..end].to_owned(), hashes + 2 + end + 1 + hashes))
}

/// Where an ordinary string ends.
fn end_of_string(content: &str) -> usize {
    let mut escaped = false;
    let end = content.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.unwrap_or(content.len())
}

/// The length of a character literal, or of the quote of a lifetime.
fn character(code: &str) -> usize {
    if code[1..].starts_with('\\') {
        return code[3..].find('\'').map_or(1, |end| end + 4);
    }
    let mut letters = code[1..].char_indices();
    let second = letters.nth(1).map_or(code.len(), |(at, _)| at + 1);
    if code[second.min(code.len())..].starts_with('\'') { second + 1 } else { 1 }
}
