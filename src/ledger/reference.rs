//! Reference data between the document that the engine reads and the rows that the ledger stores.

use serde_json::{Map, Value as Json, json};

/// The rows of a reference document (`sections`, each with `rows`) as the ledger stores them: section, line,
/// heading (the section less its rows), cells (the row as it stands), weight.
pub fn rows_of_document(document: &Json) -> Json {
    let sections = document.get("sections").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let rows = sections.iter().enumerate().flat_map(|(place, section)| {
        let mut heading = section.as_object().cloned().unwrap_or_default();
        let rows = heading.shift_remove("rows");
        let rows = rows.as_ref().and_then(Json::as_array).cloned().unwrap_or_default();
        rows.into_iter().enumerate().map(move |(number, row)| {
            let line = row.get("line").and_then(Json::as_i64).unwrap_or(number as i64 + 1);
            let weight = row.get("weight").and_then(Json::as_f64).unwrap_or(1.0);
            json!({"section": place + 1, "line": line, "heading": heading, "cells": row, "weight": weight})
        })
    });
    Json::Array(rows.collect())
}

/// The document again from stored rows, as `REFERENCE_GET` gives them; `None` where there are none.
pub fn document_of_rows(rows: &Json) -> Option<Json> {
    let rows = rows.as_array().filter(|rows| !rows.is_empty())?;
    let mut sections: Vec<Map<String, Json>> = Vec::new();
    let mut headings: Vec<&Json> = Vec::new();
    for row in rows {
        let heading = row.get("heading")?;
        if headings.last() != Some(&heading) {
            headings.push(heading);
            let mut section = heading.as_object()?.clone();
            section.insert("rows".into(), Json::Array(Vec::new()));
            sections.push(section);
        }
        let cells = row.get("cells")?.clone();
        sections.last_mut()?.get_mut("rows")?.as_array_mut()?.push(cells);
    }
    Some(json!({ "sections": sections }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_comes_back_from_its_rows() {
        let document = json!({"sections": [
            {"table": "a", "columns": ["x"], "rows": [{"line": 3, "values": ["1"], "weight": 2.5}, {"line": 4, "values": ["2"]}]},
            {"table": "b", "columns": ["y"], "rows": [{"line": 9, "values": [null]}]}]});
        let rows = rows_of_document(&document);
        assert_eq!(rows[0]["weight"], 2.5);
        assert_eq!(rows[2]["section"], 2);
        assert_eq!(document_of_rows(&rows), Some(document));
        assert_eq!(document_of_rows(&json!([])), None);
    }
}
