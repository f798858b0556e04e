//! The gauntlet, as `make gauntlet` runs it: a small schema for each construct, filled without rules and judged.
//! In four shares, so that two processors have something to do.

use std::path::{Path, PathBuf};

use crate::support::{Cluster, repository_file};

const SHARES: usize = 4;

/// The features, without their expectations.
fn features() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gauntlet");
    let files = std::fs::read_dir(&folder).expect("the gauntlet is there").map(|entry| entry.expect("it can be listed").path());
    let name = |file: &Path| file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut features: Vec<PathBuf> = files
        .filter(|file| name(file).starts_with(|letter: char| letter.is_ascii_digit()))
        .filter(|file| name(file).strip_suffix(".sql").is_some_and(|name| !name.ends_with(".expect")))
        .collect();
    features.sort();
    features
}

/// Every feature of a share prints one line that begins with `ok`, and nothing else.
fn share(share: usize) {
    let database = Cluster::shared().fresh_database(&format!("gauntlet_{share}"));
    for file in ["tests/gauntlet/hollow.sql", "tests/gauntlet/break.sql"] {
        database.psql(&repository_file(file));
    }
    let script = repository_file("tests/gauntlet/run.sql");
    let features = features();
    assert!(features.len() >= 90, "{} features", features.len());
    let mut failed = Vec::new();
    for feature in features.iter().skip(share).step_by(SHARES) {
        let file = feature.display().to_string();
        let expectations = file.replace(".sql", ".expect.sql");
        let output = database.psql_output(&format!("\\set feature '{file}'\n\\set expectations '{expectations}'\n{script}"));
        let printed = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        let strange: Vec<&str> = printed.lines().filter(|line| !line.is_empty() && !line.starts_with("ok ")).collect();
        if !output.status.success() || !strange.is_empty() || !printed.lines().any(|line| line.starts_with("ok ")) {
            failed.push(format!("{file}\n  {}\n  {errors}", strange.join("\n  ")));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn features_of_the_first_share_hold() {
    share(0);
}

#[test]
fn features_of_the_second_share_hold() {
    share(1);
}

#[test]
fn features_of_the_third_share_hold() {
    share(2);
}

#[test]
fn features_of_the_fourth_share_hold() {
    share(3);
}
