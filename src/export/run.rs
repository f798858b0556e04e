//! A run as a folder: what it was given, what was read of it, what the model was asked, what came of it.
//!
//! Pure: a door runs [`RUN`] as the caller, whose views show it its own runs, and writes what [`files`] makes of it.

use std::collections::BTreeMap;

use serde_json::Value as Json;

/// The run as one JSON document: `$1` run.
pub const RUN: &str = include_str!("../../sql/export/run.sql");

/// Whether the caller may write files of the server.
pub const MAY_WRITE: &str = include_str!("../../sql/rights/may_write_files.sql");

/// The folders of a run folder.
pub const FOLDERS: [&str; 4] = ["inputs", "ir", "traces", "outputs"];

/// Documents of the ledger and the files they become.
const DOCUMENTS: [(&str, &str); 6] = [
    ("schema_ir", "ir/schema_ir.json"),
    ("ref_data_ir", "ir/ref_data_ir.json"),
    ("rules_ir", "ir/rules_ir.json"),
    ("plan", "ir/plan.json"),
    ("input_schema", "traces/input_schema.json"),
    ("output_schema", "traces/output_schema.json"),
];

/// Name of the run's folder.
pub fn folder(document: &Json) -> String {
    let target = document.pointer("/run/target").and_then(Json::as_str).unwrap_or_default();
    let run = document.pointer("/run/run_id").map(ToString::to_string).unwrap_or_default();
    format!("{}_{run}", file_name(target))
}

/// The run's target.
pub fn target(document: &Json) -> &str {
    document.pointer("/run/target").and_then(Json::as_str).unwrap_or_default()
}

/// Files of a run, relative to its folder, with their contents; the tables' rows are not among them.
pub fn files(document: &Json) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let summary = serde_json::json!({"run": document["run"], "tables": document["tables"]});
    files.push(("summary.json".to_owned(), pretty(&summary)));
    if let Some(arguments) = document.pointer("/run/arguments") {
        files.push(("inputs/arguments.json".to_owned(), pretty(arguments)));
    }
    for (name, input) in [("rules_ir", "inputs/rules.json"), ("ref_data_ir", "inputs/reference.json")] {
        if let Some(given) = document["documents"].get(name).filter(|given| !given.is_null()) {
            files.push((input.to_owned(), pretty(given)));
        }
    }
    for (name, file) in DOCUMENTS {
        if let Some(kept) = document["documents"].get(name) {
            files.push((file.to_owned(), pretty(kept)));
        }
    }
    files.extend(traces(document["calls"].as_array().map(Vec::as_slice).unwrap_or_default()));
    files
}

/// A prompt, a reply and the rows read from it for each question; numbers count by table.
fn traces(calls: &[Json]) -> Vec<(String, String)> {
    let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
    let mut files = Vec::new();
    for call in calls {
        let text = |key: &str| call.get(key).and_then(Json::as_str).unwrap_or_default();
        let table = file_name(bare(text("table_name")));
        let number = numbers.entry(table.clone()).or_insert(0);
        *number += 1;
        files.push((
            format!("traces/{table}_prompt_{number:03}.md"),
            format!("{}\n\n## Instructions\n\n{}\n\n## Prompt\n\n{}\n", heading(call), text("instructions"), text("prompt")),
        ));
        files.push((format!("traces/llm_response_{table}_{number:03}.md"), format!("{}\n\n{}\n", heading(call), text("reply"))));
        files.push((
            format!("traces/data_{table}_{number:03}.md"),
            format!("{}\n\n{}\n\n{}", heading(call), fenced("Taken", &call["extracted"]), fenced("Refused", &call["rejected"])),
        ));
    }
    files
}

fn heading(call: &Json) -> String {
    let said = |key: &str| call.get(key).map_or_else(String::new, |value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    format!(
        "# Call {}: {}, batch {}, {} (attempt {}), {}: {}",
        said("call"),
        said("table_name"),
        said("batch"),
        said("purpose"),
        said("attempt"),
        said("model"),
        said("outcome")
    )
}

fn fenced(title: &str, rows: &Json) -> String {
    if rows.is_null() { format!("## {title}\n\nnothing\n") } else { format!("## {title}\n\n```json\n{}```\n", pretty(rows)) }
}

fn pretty(json: &Json) -> String {
    format!("{json:#}\n")
}

/// A table's own name: the last part of a qualified one, without quotes.
fn bare(qualified: &str) -> &str {
    let unquoted = qualified.strip_suffix('"').and_then(|rest| rest.rsplit_once('"')).map(|(_, name)| name);
    unquoted.unwrap_or_else(|| qualified.rsplit('.').next().unwrap_or(qualified))
}

/// A name as a file may have it.
fn file_name(name: &str) -> String {
    let kept: String = name.chars().map(|letter| if letter.is_alphanumeric() || "_-".contains(letter) { letter } else { '_' }).collect();
    if kept.is_empty() { "_".to_owned() } else { kept }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_run_becomes_a_folder_of_files() {
        let call = |number: u32, table: &str| {
            json!({"call": number, "table_name": table, "batch": 1, "attempt": 1, "purpose": "write",
            "model": "m", "outcome": "ok", "instructions": "be", "prompt": "say", "reply": "said", "extracted": [{"row": 1}], "rejected": null})
        };
        let document = json!({"run": {"run_id": 7, "target": "a b", "arguments": {"seed": 1}}, "tables": [],
            "documents": {"plan": {}, "rules_ir": {"synthgen": 1}}, "calls": [call(1, "s.\"x.y\""), call(2, "s.z"), call(3, "s.z")]});
        let names: Vec<String> = files(&document).into_iter().map(|(name, _)| name).collect();
        assert_eq!(folder(&document), "a_b_7");
        for expected in [
            "summary.json",
            "inputs/rules.json",
            "ir/plan.json",
            "traces/x_y_prompt_001.md",
            "traces/llm_response_z_002.md",
            "traces/data_z_001.md",
        ] {
            assert!(names.contains(&expected.to_owned()), "{expected} in {names:?}");
        }
    }

    #[test]
    fn no_name_leaves_the_folder() {
        assert_eq!((file_name("../../etc/x"), bare("s.t"), bare("s.\"T u\"")), ("______etc_x".into(), "t", "T u"));
    }
}
