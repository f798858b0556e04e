//! The file's layout: titles, headers, records and their lines; no names are looked up here.

use crate::engine::reference::problem::Problem;
use crate::engine::reference::title::{self, Title};

/// A section as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawSection {
    /// Line of the title.
    pub(super) line: u64,
    /// Its title.
    pub(super) title: Title,
    /// The header row.
    pub(super) header: Record,
    /// Rows, each of as many fields as the header.
    pub(super) records: Vec<Record>,
}

/// A record and the line it begins at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Record {
    pub(super) line: u64,
    pub(super) fields: Vec<String>,
}

/// The text of a record or a line outside of any, with the line it begins at.
struct Piece<'a> {
    line: u64,
    text: &'a str,
}

/// Reads the layout; what is wrong is noted, and reading goes on.
pub(super) fn read(file: &str, problems: &mut Vec<Problem>) -> Vec<RawSection> {
    let mut sections: Vec<RawSection> = Vec::new();
    let mut delimiter = b',';
    let mut readable = None;
    for piece in pieces(file.strip_prefix('\u{feff}').unwrap_or(file), problems) {
        if let Some(text) = title_text(piece.text) {
            readable = Some(open(&piece, text, &mut sections, problems));
        } else if is_comment(piece.text) || piece.text.trim().is_empty() {
        } else if let Some(section) = sections.last_mut().filter(|_| readable == Some(true)) {
            if section.header.fields.is_empty() {
                delimiter = delimiter_of(piece.text);
                section.header = Record { line: piece.line, fields: trimmed(split(piece.text, delimiter)) };
            } else {
                add(section, Record { line: piece.line, fields: split(piece.text, delimiter) }, problems);
            }
        } else if readable.is_none() {
            problems.push(Problem::form(piece.line, "a row before the first section").hint("Begin with a title such as # [schema.table]."));
            readable = Some(false);
        }
    }
    for section in sections.iter().filter(|section| section.header.fields.is_empty()) {
        problems.push(Problem::form(section.line, format!("the section {} has no header row", section.title.name)));
    }
    sections.retain(|section| !section.header.fields.is_empty());
    sections
}

/// Begins a section; whether its title could be read.
fn open(piece: &Piece, text: &str, sections: &mut Vec<RawSection>, problems: &mut Vec<Problem>) -> bool {
    match title::read(text) {
        Ok(title) => {
            sections.push(RawSection { line: piece.line, title, header: Record::default(), records: Vec::new() });
            true
        }
        Err(error) => {
            problems.push(Problem::form(piece.line, error.to_string()));
            false
        }
    }
}

fn add(section: &mut RawSection, record: Record, problems: &mut Vec<Problem>) {
    let (found, expected) = (record.fields.len(), section.header.fields.len());
    if record.fields.iter().all(|field| field.trim().is_empty()) {
    } else if found == expected {
        section.records.push(record);
    } else {
        problems.push(Problem::form(record.line, format!("{found} fields, the header has {expected}")));
    }
}

/// What follows the `#` of a title line.
fn title_text(text: &str) -> Option<&str> {
    text.strip_prefix('#').map(str::trim).filter(|rest| rest.starts_with('['))
}

/// `# ..`, `##..`, `#` alone. `#fff` is none: a row may begin so.
fn is_comment(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|rest| rest.trim().is_empty() || rest.starts_with([' ', '\t', '#']))
}

/// Splits a file into lines, those within quotes joined.
fn pieces<'a>(file: &'a str, problems: &mut Vec<Problem>) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let (mut start, mut first, mut end, mut quoted) = (0, 1, 0, false);
    for (index, text) in file.split_inclusive('\n').enumerate() {
        end += text.len();
        let whole = &file[start..end];
        let plain = start + text.len() == end && (title_text(text).is_some() || is_comment(text));
        quoted = !plain && quoted != (text.matches('"').count() % 2 == 1);
        if !quoted {
            pieces.push(Piece { line: first, text: whole.trim_end_matches(['\n', '\r']) });
            (start, first) = (end, index as u64 + 2);
        }
    }
    if quoted {
        problems.push(Problem::form(first, "a quote opened here is never closed"));
    }
    pieces
}

/// The delimiter a header uses: a comma, else a semicolon or a tab, as spreadsheets write.
fn delimiter_of(header: &str) -> u8 {
    let unquoted: Vec<&str> = header.split('"').step_by(2).collect();
    let used = |delimiter: &u8| unquoted.iter().any(|text| text.as_bytes().contains(delimiter));
    [b',', b';', b'\t'].into_iter().find(used).unwrap_or(b',')
}

fn split(text: &str, delimiter: u8) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(text.len().clamp(16, 8192))
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    match reader.read_record(&mut record) {
        Ok(true) => record.iter().map(str::to_owned).collect(),
        // The text is UTF-8 and lengths are free: reading a string cannot fail.
        _ => Vec::new(),
    }
}

fn trimmed(fields: Vec<String>) -> Vec<String> {
    fields.into_iter().map(|field| field.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(file: &str) -> (Vec<RawSection>, Vec<String>) {
        let mut problems = Vec::new();
        let sections = read(file, &mut problems);
        (sections, problems.iter().map(|problem| format!("{}: {}", problem.line, problem.message)).collect())
    }

    fn lines(section: &RawSection) -> Vec<(u64, Vec<&str>)> {
        section.records.iter().map(|record| (record.line, record.fields.iter().map(String::as_str).collect())).collect()
    }

    #[test]
    fn lines_are_counted_through_comments_blank_lines_and_quotes() {
        let file =
            "\u{feff}# made by hand\r\n# [a.b]\r\n\r\nx,\"y \"\"z\"\r\n1,\"two\nlines\"\r\n# 2,3\n#fff,4\n\n,\n\"# [c]\",5\n## end\n";
        let (sections, problems) = layout(file);
        assert_eq!(problems, [""; 0]);
        assert_eq!(sections.len(), 1);
        assert_eq!(sections[0].header, Record { line: 4, fields: vec!["x".into(), "y \"z".into()] });
        assert_eq!(lines(&sections[0]), [(5, vec!["1", "two\nlines"]), (8, vec!["#fff", "4"]), (11, vec!["# [c]", "5"])]);
    }

    #[test]
    fn spreadsheets_may_use_semicolons_and_tabs() {
        let (sections, _) = layout("# [a]\nx;y\n1;2,5\n# [b]\nx\ty\n1\t2;3\n");
        assert_eq!(lines(&sections[0]), [(3, vec!["1", "2,5"])]);
        assert_eq!(lines(&sections[1]), [(6, vec!["1", "2;3"])]);
    }

    #[test]
    fn faults_of_form_name_their_line() {
        let (sections, problems) = layout("1,2\n3,4\n# [a\nx\n# [b]\nx,y\n1\n1,2,3\n# [c]\n# [d]\nx\n\"1\n");
        let expected = [
            "12: a quote opened here is never closed",
            "1: a row before the first section",
            "3: the section's title is not closed by ]",
            "7: 1 fields, the header has 2",
            "8: 3 fields, the header has 2",
            "9: the section c has no header row",
        ];
        assert_eq!(problems, expected);
        assert_eq!(sections.len(), 2);
    }
}
