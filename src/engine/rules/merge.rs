//! Lays one rule document over another: the call's overlay over the stored one.

use serde_json::{Map, Value as Json};

use crate::engine::rules::document::VERSION;

/// The stored document with the overlay laid over it.
///
/// Members of `entities` and `counts` are replaced by name. Rules and relations are replaced by id; the overlay's
/// stand last, because of two rules that hold for a row the later one decides. What is not of the expected shape is
/// taken over as it is, for `check` to name.
pub fn merge(stored: Option<&Json>, overlay: Option<&Json>) -> Json {
    let mut merged = match stored {
        Some(Json::Object(stored)) => stored.clone(),
        _ => Map::from_iter([("synthgen".to_owned(), VERSION.into())]),
    };
    match overlay {
        None => {}
        Some(Json::Object(overlay)) => {
            for (key, value) in overlay {
                let below = merged.remove(key);
                merged.insert(key.clone(), member(below, value));
            }
        }
        Some(other) => return other.clone(),
    }
    Json::Object(merged)
}

fn member(below: Option<Json>, above: &Json) -> Json {
    match (below, above) {
        (Some(Json::Object(mut below)), Json::Object(above)) => {
            for (key, value) in above {
                below.insert(key.clone(), value.clone());
            }
            Json::Object(below)
        }
        (Some(Json::Array(mut below)), Json::Array(above)) => {
            below.retain(|old| old.get("id").is_none_or(|id| above.iter().all(|new| new.get("id") != Some(id))));
            below.extend(above.iter().cloned());
            Json::Array(below)
        }
        _ => above.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_overlay_wins_by_key_and_id() {
        let stored = json!({"synthgen": 1, "as_of": "2026-01-01", "counts": {"a": 1, "b": 2},
            "rules": [{"id": "x", "on": "a.p", "null": 0.1}, {"id": "y", "on": "a.q", "null": 0.2}]});
        let overlay = json!({"as_of": "2025-01-01", "counts": {"b": 3}, "rules": [{"id": "x", "on": "a.p", "null": 0.9}]});
        let expected = json!({"synthgen": 1, "as_of": "2025-01-01", "counts": {"a": 1, "b": 3},
            "rules": [{"id": "y", "on": "a.q", "null": 0.2}, {"id": "x", "on": "a.p", "null": 0.9}]});
        assert_eq!(merge(Some(&stored), Some(&overlay)), expected);
    }

    #[test]
    fn nothing_over_nothing_is_an_empty_document() {
        assert_eq!(merge(None, None), json!({"synthgen": 1}));
        assert_eq!(merge(Some(&json!({"synthgen": 1, "rules": []})), None), json!({"synthgen": 1, "rules": []}));
    }

    #[test]
    fn what_has_no_shape_is_left_for_the_check() {
        assert_eq!(merge(Some(&json!({"synthgen": 1})), Some(&json!([1]))), json!([1]));
        assert_eq!(merge(Some(&json!({"rules": []})), Some(&json!({"rules": 7})))["rules"], json!(7));
    }
}
