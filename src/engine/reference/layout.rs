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

/// Reads the layout; what is wrong is noted, and reading goes on.
pub(super) fn read(file: &str, problems: &mut Vec<Problem>) -> Vec<RawSection> {
    let mut layout = Layout { problems, sections: Vec::new(), open: None, strayed: false };
    layout.file(file.strip_prefix('\u{feff}').unwrap_or(file));
    layout.close();
    layout.sections
}

/// A section whose records are being collected.
struct Open {
    line: u64,
    title: Title,
    delimiter: u8,
    /// The text of its records, header first, comments and blank lines left out.
    body: String,
    /// The line that each of them begins at.
    lines: Vec<u64>,
}

struct Layout<'a> {
    problems: &'a mut Vec<Problem>,
    sections: Vec<RawSection>,
    open: Option<Open>,
    /// A row outside of any section was told of, or the title of its section was.
    strayed: bool,
}

impl Layout<'_> {
    fn file(&mut self, file: &str) {
        let mut quoted = false;
        for (index, text) in file.split_inclusive('\n').enumerate() {
            let line = index as u64 + 1;
            if !quoted {
                if let Some(title) = title_text(text) {
                    self.title(line, title);
                    continue;
                }
                if is_comment(text) || text.trim().is_empty() {
                    continue;
                }
            }
            quoted = self.record(line, text, quoted);
        }
        if let Some(line) = self.open.as_ref().filter(|_| quoted).and_then(|open| open.lines.last()) {
            self.problems.push(Problem::form(*line, "a quote opened here is never closed"));
        }
    }

    fn title(&mut self, line: u64, text: &str) {
        self.close();
        match title::read(text) {
            Ok(title) => self.open = Some(Open { line, title, delimiter: b',', body: String::new(), lines: Vec::new() }),
            Err(error) => self.problems.push(Problem::form(line, error.to_string())),
        }
        self.strayed = true;
    }

    /// Adds a line to its section; whether a quote is open at its end.
    fn record(&mut self, line: u64, text: &str, quoted: bool) -> bool {
        let Some(open) = &mut self.open else {
            if !std::mem::replace(&mut self.strayed, true) {
                let problem = Problem::form(line, "a row before the first section");
                self.problems.push(problem.hint("Begin with a title such as # [schema.table]."));
            }
            return false;
        };
        if open.lines.is_empty() {
            open.delimiter = delimiter_of(text);
        }
        if !quoted {
            open.lines.push(line);
        }
        open.body.push_str(text);
        ends_quoted(text, quoted, open.delimiter)
    }

    /// Closes the section that is open: its text becomes records.
    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let mut records = open.lines.iter().zip(split(&open.body, open.delimiter)).map(|(&line, fields)| Record { line, fields });
        let Some(mut header) = records.next() else {
            self.problems.push(Problem::form(open.line, format!("the section {} has no header row", open.title.name)));
            return;
        };
        header.fields.iter_mut().for_each(|field| *field = field.trim().to_owned());
        let mut section = RawSection { line: open.line, title: open.title, header, records: Vec::new() };
        records.for_each(|record| add(&mut section, record, self.problems));
        self.sections.push(section);
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

/// Whether a quote is open after a line; a quote opens only where a field begins, as the csv crate reads.
fn ends_quoted(line: &str, quoted: bool, delimiter: u8) -> bool {
    let (mut quoted, mut begins) = (quoted, !quoted);
    let mut bytes = line.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' if quoted && bytes.next_if_eq(&b'"').is_some() => {}
            b'"' if quoted => quoted = false,
            b'"' if begins => quoted = true,
            _ => {}
        }
        begins = !quoted && byte == delimiter;
    }
    quoted
}

/// The delimiter a header uses: a comma, else a semicolon or a tab, as spreadsheets write.
fn delimiter_of(header: &str) -> u8 {
    let unquoted: Vec<&str> = header.split('"').step_by(2).collect();
    let used = |delimiter: &u8| unquoted.iter().any(|text| text.as_bytes().contains(delimiter));
    [b',', b';', b'\t'].into_iter().find(used).unwrap_or(b',')
}

fn split(body: &str, delimiter: u8) -> Vec<Vec<String>> {
    let mut builder = csv::ReaderBuilder::new();
    let reader = builder.has_headers(false).flexible(true).delimiter(delimiter).from_reader(body.as_bytes());
    // The text is UTF-8 and lengths are free: reading a string cannot fail.
    let records = reader.into_records().map_while(Result::ok);
    records.map(|record| record.iter().map(str::to_owned).collect()).collect()
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
    fn quotes_within_a_field_are_letters() {
        let (sections, problems) = layout("# [a]\nx,y\n5\" pipe,\"a \"\"b\"\"\nc\"\n6\",7\n");
        assert_eq!(problems, [""; 0]);
        assert_eq!(lines(&sections[0]), [(3, vec!["5\" pipe", "a \"b\"\nc"]), (5, vec!["6\"", "7"])]);
    }

    #[test]
    fn faults_of_form_name_their_line() {
        let (sections, problems) = layout("1,2\n3,4\n# [a\nx\n# [b]\nx,y\n1\n1,2,3\n# [c]\n# [d]\nx\n\"1\n");
        let expected = [
            "1: a row before the first section",
            "3: the section's title is not closed by ]",
            "7: 1 fields, the header has 2",
            "8: 3 fields, the header has 2",
            "9: the section c has no header row",
            "12: a quote opened here is never closed",
        ];
        assert_eq!(problems, expected);
        assert_eq!(sections.len(), 2);
    }
}
