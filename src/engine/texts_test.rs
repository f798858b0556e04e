//! Texts and names that a reader takes for real, on tables that are nobody's.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::arguments::Arguments;
use crate::engine::fixture;

/// The texts of tables' columns, row by row where there is one.
fn texts(ddl: &str, rows: i64, wanted: &[&str]) -> BTreeMap<String, Vec<String>> {
    let plan = fixture::plan(ddl, Arguments { rows_default: rows, ..Arguments::default() });
    let mut made = fixture::laid_out(&plan);
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in wanted {
        let (table, column) = name.split_once('.').expect("a table and a column");
        let id = plan.catalog.tables.iter().position(|known| known.name == table).expect("a table of the test");
        let at = plan.catalog.tables[id].columns.iter().position(|known| known.name == column).expect("a column of the test");
        let cells = (0..made.layouts[id].made).map(|row| made.cell(id, row, at)).filter(|cell| !cell.is_null());
        found.insert((*name).to_owned(), cells.map(|cell| cell.to_string()).collect());
    }
    found
}

#[test]
fn comments_speak_of_what_they_hang_under() {
    let ddl = "create table photo (id bigint primary key, title text);
        create table photo_comment (id bigint primary key, photo_id bigint not null references photo, content text not null);
        create table blog_post (id bigint primary key, title text not null);
        create table remark (id bigint primary key, blog_post_id bigint not null references blog_post, body text not null);
        create table task (id bigint primary key, title text not null);
        create table task_comment (id bigint primary key, task_id bigint not null references task, body text not null);
        create table contract (id bigint primary key, title text not null);
        create table contract_comment (id bigint primary key, contract_id bigint not null references contract, comment text not null);";
    let columns = ["photo_comment.content", "remark.body", "task_comment.body", "contract_comment.comment"];
    let made = texts(ddl, 400, &columns);
    let about = |words: &[&str], of: &str| {
        let texts = &made[of];
        let speaks = |text: &&String| words.iter().any(|word| text.to_lowercase().contains(word));
        texts.iter().filter(speaks).count() as f64 / texts.len() as f64
    };
    for (of, words) in [
        (
            "photo_comment.content",
            &[
                "light",
                "shot",
                "lens",
                "camera",
                "taken",
                "colours",
                "composition",
                "handheld",
                "crop",
                "print",
                "horizon",
                "exposure",
                "frame",
                "saturation",
                "reflection",
                "tripod",
            ][..],
        ),
        ("task_comment.body", &["done", "blocked", "moved to", "tested", "waiting", "review", "fixed", "started", "on hold", "moved"]),
        ("contract_comment.comment", &["page", "section", "version", "signed", "approved", "read it", "paragraph", "legal", "wording"]),
    ] {
        assert!(about(words, of) > 0.12, "{of} speaks of it in {:.2}", about(words, of));
        let elsewhere = made.keys().filter(|other| **other != of).map(|other| about(words, other)).fold(0.0, f64::max);
        assert!(elsewhere < about(words, of) * 0.5, "{of}: {elsewhere:.2} elsewhere, {:.2} here", about(words, of));
    }
    for (of, texts) in &made {
        let different: BTreeSet<&String> = texts.iter().collect();
        assert!(different.len() * 10 > texts.len() * 6, "{of}: {} different of {}", different.len(), texts.len());
        let words = |text: &&String| text.split_whitespace().count();
        let (short, most) = (texts.iter().filter(|text| words(text) <= 14).count(), texts.iter().map(|text| words(&text)).max());
        assert!(short * 10 > texts.len() * 6 && most <= Some(40), "{of}: {short} short ones, {most:?} words at most");
        assert!(!texts.iter().any(|text| text.contains(['{', '}'])), "{of}");
    }
}

#[test]
fn articles_have_paragraphs_on_their_title() {
    let ddl = "create table author (id bigint primary key, name text not null);
        create table article (id bigint primary key, author_id bigint not null references author, title text not null, body text not null);
        create table page (id bigint primary key, title text not null, body_html text not null, content_md text not null, content varchar(300) not null);";
    let made = texts(ddl, 400, &["article.title", "article.body", "page.body_html", "page.content_md", "page.content"]);
    let bodies = &made["article.body"];
    let paragraphs: Vec<usize> = bodies.iter().map(|body| body.split("\n\n").count()).collect();
    assert!(paragraphs.iter().all(|count| (2..=7).contains(count)), "{paragraphs:?}");
    let mut lengths: Vec<usize> = bodies.iter().map(String::len).collect();
    lengths.sort_unstable();
    let (median, mean) = (lengths[lengths.len() / 2], lengths.iter().sum::<usize>() / lengths.len());
    assert!(mean > median && (350..1_400).contains(&median), "median {median}, mean {mean}");
    assert!(bodies.iter().collect::<BTreeSet<_>>().len() * 100 > bodies.len() * 97);
    assert!(made["article.title"].iter().collect::<BTreeSet<_>>().len() > 150);
    let bread = made["article.title"].iter().zip(bodies).filter(|(title, _)| title.to_lowercase().contains("coffee"));
    let (mut seen, mut on_it) = (0, 0);
    for (_, body) in bread {
        seen += 1;
        on_it += usize::from(["grind", "beans", "cup", "water"].iter().any(|word| body.contains(word)));
    }
    assert!(seen > 2 && seen == on_it, "{on_it} of {seen}");
    assert!(made["page.body_html"].iter().all(|html| html.starts_with("<p>") && html.ends_with("</p>")));
    assert!(made["page.content_md"].iter().all(|text| text.contains("\n\n## ") && text.contains("\n- ")));
    assert!(
        made["page.content"].iter().all(|text| text.len() <= 300 && text.ends_with(['.', '?', '!'])),
        "{:?}",
        made["page.content"].first()
    );
}

#[test]
fn lists_that_others_choose_from_hold_their_own_words() {
    let ddl = "create table return_reason (id int primary key, code varchar(40) not null, name varchar(60) not null unique, description text);
        create table terms_of_payment (id int primary key, name text not null);
        create table payment_term (id int primary key, name varchar(60) not null);
        create table severity (id int primary key, name varchar(20) not null, sort_order int not null);
        create table gadget_flavour (id int primary key, name varchar(60) not null unique);
        create table lead_source (id int primary key, label text not null);
        create table contact_of_team (id int primary key, name text not null, email text not null);
        create table parcel (id bigint primary key, return_reason_id int references return_reason, gadget_flavour_id int references gadget_flavour);";
    let made = texts(
        ddl,
        100,
        &[
            "return_reason.name",
            "return_reason.code",
            "payment_term.name",
            "severity.name",
            "gadget_flavour.name",
            "lead_source.label",
            "contact_of_team.email",
        ],
    );
    assert!(made["return_reason.name"].contains(&"Wrong size".to_owned()) && made["return_reason.code"].contains(&"WRONG_SIZE".to_owned()));
    assert!(made["payment_term.name"].contains(&"Net 30".to_owned()));
    assert_eq!(made["severity.name"], ["Critical", "High", "Medium", "Low", "Informational"]);
    assert!(made["lead_source.label"].contains(&"Referral".to_owned()));
    let flavours = &made["gadget_flavour.name"];
    assert!(flavours.iter().all(|name| name.ends_with(" Gadget Flavour")) && (6..=20).contains(&flavours.len()), "{flavours:?}");
    assert_eq!(made["contact_of_team.email"].len(), 100);
    for (of, texts) in made.iter().filter(|(of, _)| !of.starts_with("contact_of")) {
        assert_eq!(texts.iter().collect::<BTreeSet<_>>().len(), texts.len(), "{of}: {texts:?}");
    }
}

#[test]
fn texts_of_unknown_columns_seldom_repeat() {
    let ddl = "create table vessel_inspection (id bigint primary key, quay_clause text not null, mooring_path text not null, hull_remark varchar(250) not null);";
    let made = texts(ddl, 1_000, &["vessel_inspection.quay_clause", "vessel_inspection.mooring_path", "vessel_inspection.hull_remark"]);
    let repeated = |of: &str| 1_000 - made[of].iter().collect::<BTreeSet<_>>().len();
    assert!(repeated("vessel_inspection.quay_clause") <= 30, "{}", repeated("vessel_inspection.quay_clause"));
    // What people write in any column comes again, but none of it often, and none speaks of the column.
    let paths = &made["vessel_inspection.mooring_path"];
    let most = paths.iter().map(|text| paths.iter().filter(|other| *other == text).count()).max();
    assert!(most.is_some_and(|most| most <= 30), "{most:?} of 1,000");
    assert!(made.values().flatten().all(|text| !text.to_lowercase().contains("quay") && !text.to_lowercase().contains("mooring")));
}

#[test]
fn goods_are_made_where_such_goods_are_made() {
    let ddl = "create table grocery_item (id bigint primary key, name text not null, category text not null check (category in ('Olive Oil', 'Headphones')),
        price numeric(8,2) not null, made_in text not null);";
    let made = texts(ddl, 400, &["grocery_item.category", "grocery_item.made_in"]);
    let from = |category: &str, countries: &[&str]| {
        let all = made["grocery_item.category"].iter().zip(&made["grocery_item.made_in"]).filter(|(of, _)| *of == category);
        let all: Vec<&String> = all.map(|(_, country)| country).collect();
        all.iter().filter(|country| countries.contains(&country.as_str())).count() as f64 / all.len() as f64
    };
    assert!(from("Olive Oil", &["Italy", "Spain", "Greece", "Portugal"]) > 0.75);
    assert!(from("Headphones", &["China", "Vietnam", "Japan", "South Korea", "Taiwan"]) > 0.75);
}

/// The cells of tables' columns as text, row by row.
fn rows(ddl: &str, many: i64, table: &str, columns: &[&str]) -> Vec<Vec<String>> {
    let plan = fixture::plan(ddl, Arguments { rows_default: many, ..Arguments::default() });
    let mut made = fixture::laid_out(&plan);
    let id = plan.catalog.tables.iter().position(|known| known.name == table).expect("a table of the test");
    let at = |name: &&str| plan.catalog.tables[id].columns.iter().position(|known| known.name == **name).expect("a column of the test");
    let columns: Vec<usize> = columns.iter().map(at).collect();
    let made_rows = made.layouts[id].made;
    (0..made_rows).map(|row| columns.iter().map(|&column| made.cell(id, row, column).to_string()).collect()).collect()
}

const PUBLISHER: &str = "create table publisher (id bigint primary key, name text not null, website text not null);
    create table genre (id bigint primary key, name text not null, under bigint references genre);
    create table book (id bigint primary key, publisher_id bigint not null references publisher, genre_id bigint references genre,
        title text not null, isbn text, blurb text not null, list_price numeric(8,2) not null, edition int not null);
    create table contract (id bigint primary key, book_id bigint not null references book, royalty_rate numeric(5,4) not null, advance numeric(10,2) not null);
    create table printing (id bigint primary key, book_id bigint not null references book, run_no int not null, copies int not null,
        ordered_on date not null, unique (book_id, run_no));
    create table sale (id bigint primary key, ordered_on date not null, total numeric(10,2));
    create table sale_line (sale_id bigint references sale, book_id bigint references book, qty int not null, price_each numeric(8,2) not null,
        primary key (sale_id, book_id));";

#[test]
fn books_cost_what_books_cost_and_are_printed_one_run_after_the_other() {
    let made = |table: &str, columns: &[&str]| rows(PUBLISHER, 200, table, columns);
    let number = |text: &String| text.parse::<f64>().expect("a number");
    let books = made("book", &["id", "list_price", "edition", "blurb"]);
    assert!(books.iter().all(|row| (5.0..=60.0).contains(&number(&row[1])) && number(&row[2]) <= 9.0), "{books:?}");
    let price: BTreeMap<&String, &String> = books.iter().map(|row| (&row[0], &row[1])).collect();
    let lines = made("sale_line", &["book_id", "price_each"]);
    assert!(lines.len() > 100 && lines.iter().all(|row| price[&row[0]] == &row[1]), "{lines:?}");
    assert!(made("contract", &["royalty_rate"]).iter().all(|row| (0.05..=0.3).contains(&number(&row[0]))));
    let mut runs: BTreeMap<String, Vec<(String, f64)>> = BTreeMap::new();
    for row in made("printing", &["book_id", "ordered_on", "run_no"]) {
        runs.entry(row[0].clone()).or_default().push((row[1].clone(), number(&row[2])));
    }
    assert!(runs.values().any(|runs| runs.len() > 2));
    for (book, runs) in &mut runs {
        runs.sort_by(|one, other| one.1.total_cmp(&other.1));
        assert!(runs.is_sorted_by(|one, other| one.0 <= other.0), "{book}: {runs:?}");
        assert!(runs.iter().enumerate().all(|(at, run)| (run.1 - at as f64 - 1.0).abs() < 0.5), "{book}: {runs:?}");
    }
}

#[test]
fn sites_are_called_after_their_firm_and_flat_lists_have_no_levels() {
    for row in rows(PUBLISHER, 100, "publisher", &["name", "website"]) {
        let first: String = row[0].to_lowercase().chars().take_while(char::is_ascii_alphabetic).collect();
        assert!(row[1].contains(&first), "{row:?}");
    }
    assert!(rows(PUBLISHER, 100, "genre", &["under"]).iter().all(|row| row[0] == "NULL" || row[0].is_empty()));
}

#[test]
fn lorries_are_lorries_and_what_was_served_last_is_due_after_it() {
    let ddl = "create table truck (id bigint primary key, make text not null, model text not null, payload_kg int not null,
        last_service_on date not null, next_service_due date not null);";
    for row in rows(ddl, 150, "truck", &["model", "payload_kg", "last_service_on", "next_service_due"]) {
        assert!(row[1].parse::<u32>().is_ok_and(|kilos| kilos >= 3000), "{row:?}");
        assert!(row[2] < row[3], "{row:?}");
    }
}

#[test]
fn claims_are_decided_one_by_one() {
    let ddl = "create table parcel (id bigint primary key, status text not null check (status in ('booked', 'in_transit', 'delivered', 'cancelled')),
            booked_at timestamptz not null);
        create table damage_claim (id bigint primary key, parcel_id bigint not null references parcel, filed_at timestamptz not null,
            amount numeric(10,2) not null, claim_status text not null check (claim_status in ('open', 'under_review', 'approved', 'rejected', 'paid')));";
    let made = rows(ddl, 400, "damage_claim", &["parcel_id", "claim_status"]);
    let count = |label: &str| made.iter().filter(|row| row[1] == label).count();
    assert!(
        (count("approved") + count("paid")) * 2 > made.len() && count("rejected") * 30 > made.len(),
        "{} {} {}",
        count("approved"),
        count("paid"),
        count("rejected")
    );
    assert!(count("open") + count("under_review") < made.len() / 4, "{} {}", count("open"), count("under_review"));
}

#[test]
fn only_a_list_itself_is_as_long_as_its_words() {
    let ddl =
        "create table shopper (id bigint primary key, login text not null, country_code char(2) not null, currency_code char(3) not null);
        create table tender (code char(3) primary key, currency_name text not null);";
    let plan = fixture::plan(ddl, Arguments { rows_default: 400, ..Arguments::default() });
    let made = fixture::laid_out(&plan);
    assert_eq!(made.layouts[0].made, 400);
}
