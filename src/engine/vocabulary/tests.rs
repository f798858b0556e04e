//! What the files of words promise, checked against the files themselves.

use super::*;

#[test]
fn every_file_parses() {
    assert!(meanings().len() > 80);
    assert!(vocabularies().count() > 20);
    assert!(status_of("out_for_delivery").is_some_and(|word| word.class == StatusClass::Open));
}
