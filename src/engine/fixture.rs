//! Tests only: a `Catalog` read from DDL text, and rows planned and laid out for it, for tests of the engine that have no
//! server.
//!
//! Knows what the samples use. Constraint texts are as written, not as PostgreSQL would print them.

use sqlparser::ast::{
    ColumnDef, ColumnOption, CreateDomain, CreateIndex, CreateTable, Expr, ForeignKeyConstraint, GeneratedAs, Ident, IndexColumn,
    ObjectName, Statement, TableConstraint, UserDefinedTypeRepresentation,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

use std::collections::BTreeMap;

use crate::engine::arguments::Arguments;
use crate::engine::catalog::{
    Catalog, Check, Column, ColumnId, DataType, Domain, ForeignKey, ForeignKeyId, Key, Sequence, Table, TableId, TypeKind,
};
use crate::engine::expression::{CellPath, Cells};
use crate::engine::plan::{Inputs, Plan, RowIndex, TableState};
use crate::engine::rows::Rows;
use crate::engine::rules;
use crate::engine::value::{MICROS_PER_DAY, Value};

/// 2026-06-01, after every value that tests write down.
const AS_OF: i64 = 9_648 * MICROS_PER_DAY;

/// The plan for tables without a row, where no rules are given.
pub fn plan(ddl: &str, arguments: Arguments) -> Plan {
    let catalog = catalog(ddl);
    let document = serde_json::json!({"synthgen": 1});
    let (rules, _) = rules::check(&document, &catalog);
    let states = catalog
        .tables
        .iter()
        .map(|table| TableState { next_keys: (0..table.columns.len()).map(|column| (column, 1)).collect(), ..TableState::default() })
        .collect();
    let lists = crate::engine::vocabulary::Lists::default();
    Plan::build(Inputs { arguments, catalog, as_of: AS_OF, rules, rules_document: document, states, samples: BTreeMap::new(), lists })
        .expect("a plan")
}

/// Its rows, ready to be asked for cells.
pub fn laid_out(plan: &Plan) -> Rows<'_> {
    let mut rows = Rows::new(plan);
    for table in plan.layout_order() {
        rows.lay_out(table, &mut |_, candidates| Ok(vec![false; candidates.len()]), &mut || Ok(())).expect("laid out");
    }
    rows.settle();
    rows
}

/// The cells of some columns of a table, row by row.
pub fn cells<const N: usize>(plan: &Plan, rows: &mut Rows, table: &str, columns: [&str; N]) -> Vec<[Value; N]> {
    let table = plan.catalog.tables.iter().position(|known| known.name == table).expect("a table of the test");
    let at = columns.map(|name| {
        let found = plan.catalog.tables[table].columns.iter().position(|column| column.name == name);
        found.expect("a column of the test")
    });
    (0..rows.layouts[table].made).map(|row| at.map(|column| rows.cell(table, row, column))).collect()
}

/// A row that conditions are asked of.
pub struct Row<'r, 'p>(pub &'r mut Rows<'p>, pub TableId, pub RowIndex);

impl Cells for Row<'_, '_> {
    fn cell(&mut self, path: &CellPath) -> Value {
        match self.0.follow(self.1, self.2, &path.hops) {
            Some((table, row)) => self.0.cell(table, row, path.column),
            None => Value::Null,
        }
    }

    fn under(&mut self, _hops: &[ForeignKeyId], _name: &str) -> bool {
        false
    }

    fn as_of(&self) -> Value {
        Value::Stamp(self.0.plan.as_of)
    }
}

/// Reads `create type .. as enum`, `create table` and `create unique index` statements; others are passed over.
pub fn catalog(ddl: &str) -> Catalog {
    let statements = Parser::parse_sql(&PostgreSqlDialect {}, ddl).expect("the test's DDL parses");
    let mut catalog = Catalog { server_version: 150_000, encoding: "UTF8".into(), ..Catalog::default() };
    let mut enums: Vec<(String, Vec<String>)> = Vec::new();
    let mut domains: Vec<(String, DataType)> = Vec::new();
    let mut references: Vec<(TableId, ForeignKeyConstraint)> = Vec::new();
    for statement in statements {
        match statement {
            Statement::CreateType { name, representation: Some(UserDefinedTypeRepresentation::Enum { labels }) } => {
                enums.push((parts(&name).1, labels.into_iter().map(|label| label.value).collect()));
            }
            Statement::CreateDomain(create) => domains.push(domain(&create, &enums)),
            Statement::CreateTable(create) => {
                table(&mut catalog, &enums, &mut references, &create);
                for column in catalog.tables.last_mut().into_iter().flat_map(|table| &mut table.columns) {
                    if let Some((_, of_domain)) = domains.iter().find(|(name, _)| *name == column.data_type.name) {
                        column.data_type = of_domain.clone();
                    }
                }
            }
            Statement::CreateIndex(index) if index.unique => unique_index(&mut catalog, &index),
            _ => {}
        }
    }
    for (table, constraint) in references {
        foreign_key(&mut catalog, table, &constraint);
    }
    catalog
}

/// A domain's name and what columns of it have.
fn domain(create: &CreateDomain, enums: &[(String, Vec<String>)]) -> (String, DataType) {
    let name = parts(&create.name).1;
    let checks = create.constraints.iter().filter_map(|constraint| match constraint {
        TableConstraint::Check(check) => Some(check.expr.to_string()),
        _ => None,
    });
    let checks =
        checks.enumerate().map(|(place, expression)| Check { name: format!("{name}_check{place}"), expression, columns: Vec::new() });
    let checks: Vec<Check> = checks.collect();
    let type_name = create.data_type.to_string().to_lowercase();
    let data_type = DataType {
        kind: kind(&type_name, enums).0,
        name: name.clone(),
        domains: vec![Domain { name: name.clone(), not_null: false, checks }],
        inner: Vec::new(),
    };
    (name, data_type)
}

fn parts(name: &ObjectName) -> (String, String) {
    let mut idents: Vec<String> = name.0.iter().map(|part| part.as_ident().map_or_else(String::new, |ident| ident.value.clone())).collect();
    let last = idents.pop().unwrap_or_default();
    (idents.pop().unwrap_or_else(|| "public".into()), last)
}

fn table(
    catalog: &mut Catalog,
    enums: &[(String, Vec<String>)],
    references: &mut Vec<(TableId, ForeignKeyConstraint)>,
    create: &CreateTable,
) {
    let (schema, name) = parts(&create.name);
    if !catalog.schemas.contains(&schema) {
        catalog.schemas.push(schema.clone());
    }
    let id = catalog.tables.len();
    let qualified = create.name.to_string();
    catalog.tables.push(Table {
        oid: 16_384 + id as u32,
        schema,
        name,
        qualified,
        kind: "r".into(),
        in_target: true,
        persistence: "p".into(),
        may_insert: true,
        may_select: true,
        is_owner: true,
        ..Table::default()
    });
    let table = &mut catalog.tables[id];
    for definition in &create.columns {
        column(table, id, enums, references, definition);
    }
    for constraint in &create.constraints {
        match constraint {
            TableConstraint::Unique(unique) => {
                let columns = key_columns(table, &unique.columns);
                table.unique_keys.push(key(columns, None));
            }
            TableConstraint::PrimaryKey(primary) => {
                let columns = key_columns(table, &primary.columns);
                set_primary_key(table, columns);
            }
            TableConstraint::ForeignKey(foreign) => references.push((id, foreign.clone())),
            TableConstraint::Check(check) => add_check(table, &check.expr),
            _ => {}
        }
    }
}

fn column(
    table: &mut Table,
    id: TableId,
    enums: &[(String, Vec<String>)],
    references: &mut Vec<(TableId, ForeignKeyConstraint)>,
    definition: &ColumnDef,
) {
    let name = definition.data_type.to_string().to_lowercase();
    let (kind, serial) = kind(&name, enums);
    let position = table.columns.len();
    table.columns.push(Column {
        number: position as i16 + 1,
        name: definition.name.value.clone(),
        data_type: DataType { name, kind, ..DataType::default() },
        not_null: serial,
        sequence: serial.then(|| sequence(position)),
        ..Column::default()
    });
    for option in &definition.options {
        let column = &mut table.columns[position];
        match &option.option {
            ColumnOption::NotNull => column.not_null = true,
            ColumnOption::Default(expression) => column.default = Some(expression.to_string()),
            ColumnOption::PrimaryKey(_) => set_primary_key(table, vec![position]),
            ColumnOption::Unique(_) => table.unique_keys.push(key(vec![position], None)),
            ColumnOption::ForeignKey(foreign) => {
                let mut foreign = foreign.clone();
                foreign.columns = vec![definition.name.clone()];
                references.push((id, foreign));
            }
            ColumnOption::Check(check) => add_check(table, &check.expr),
            ColumnOption::Generated { generation_expr: Some(_), .. } => column.generated = true,
            ColumnOption::Generated { generated_as, .. } => {
                column.identity = Some(if matches!(generated_as, GeneratedAs::Always) { "always" } else { "by default" }.into());
                column.not_null = true;
                column.sequence = Some(sequence(position));
            }
            _ => {}
        }
    }
}

fn sequence(position: ColumnId) -> Sequence {
    Sequence { name: format!("sequence_{position}"), oid: 0, increment: 1, minimum: 1, maximum: i64::MAX, start: 1 }
}

fn kind(name: &str, enums: &[(String, Vec<String>)]) -> (TypeKind, bool) {
    let (base, arguments) = name.split_once('(').unwrap_or((name, ""));
    let mut numbers = arguments.trim_end_matches(')').split(',').map(|part| part.trim().parse::<u32>().ok());
    let mut next = || numbers.next().flatten();
    let found = match base {
        "boolean" => TypeKind::Boolean,
        "smallint" => TypeKind::Integer { bytes: 2 },
        "integer" | "int" => TypeKind::Integer { bytes: 4 },
        "bigint" => TypeKind::Integer { bytes: 8 },
        "serial" => return (TypeKind::Integer { bytes: 4 }, true),
        "bigserial" => return (TypeKind::Integer { bytes: 8 }, true),
        "numeric" => TypeKind::Numeric { precision: next().map(|digits| digits as u16), scale: Some(next().unwrap_or(0) as i16) },
        "real" => TypeKind::Float { bytes: 4 },
        "double precision" => TypeKind::Float { bytes: 8 },
        "text" => TypeKind::Text,
        "varchar" | "character varying" => TypeKind::Varchar { length: next() },
        "char" | "character" => TypeKind::Char { length: next().unwrap_or(1) },
        "date" => TypeKind::Date,
        "timestamp" | "timestamp without time zone" => TypeKind::Timestamp { zoned: false, precision: None },
        "timestamptz" | "timestamp with time zone" => TypeKind::Timestamp { zoned: true, precision: None },
        "time" => TypeKind::Time { zoned: false, precision: None },
        "interval" => TypeKind::Interval,
        "uuid" => TypeKind::Uuid,
        "json" => TypeKind::Json { binary: false },
        "jsonb" => TypeKind::Json { binary: true },
        "bytea" => TypeKind::Bytes,
        "inet" => TypeKind::Inet,
        _ if name.ends_with("[]") => TypeKind::Array { element: Box::new(kind(name.trim_end_matches("[]"), enums).0) },
        _ => {
            let plain = base.rsplit('.').next().unwrap_or(base);
            let labels = enums.iter().find(|(name, _)| name == plain).map(|(_, labels)| labels.clone());
            labels.map_or(TypeKind::Other, |labels| TypeKind::Enum { labels })
        }
    };
    (found, false)
}

fn key(columns: Vec<ColumnId>, predicate: Option<String>) -> Key {
    Key { name: String::new(), columns, expressions: Vec::new(), predicate, nulls_not_distinct: false, deferrable: false }
}

fn set_primary_key(table: &mut Table, columns: Vec<ColumnId>) {
    for &column in &columns {
        table.columns[column].not_null = true;
    }
    table.primary_key = Some(Key { name: format!("{}_pkey", table.name), ..key(columns, None) });
}

fn key_columns(table: &Table, columns: &[IndexColumn]) -> Vec<ColumnId> {
    columns
        .iter()
        .filter_map(|column| match &column.column.expr {
            Expr::Identifier(ident) => Some(position(table, ident)),
            _ => None,
        })
        .collect()
}

fn position(table: &Table, ident: &Ident) -> ColumnId {
    table.columns.iter().position(|column| column.name == ident.value).expect("the test's DDL names a column of its table")
}

fn add_check(table: &mut Table, expression: &Expr) {
    let text = expression.to_string();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let columns = (0..table.columns.len()).filter(|&id| words.contains(&table.columns[id].name.as_str())).collect();
    let name = format!("{}_check{}", table.name, table.checks.len());
    table.checks.push(Check { name, expression: text, columns });
}

fn unique_index(catalog: &mut Catalog, index: &CreateIndex) {
    let (schema, name) = parts(&index.table_name);
    let table = catalog.tables.iter_mut().find(|table| table.schema == schema && table.name == name).expect("an index is on a table");
    let columns = key_columns(table, &index.columns);
    let expressions = if columns.len() < index.columns.len() { vec!["(1)".to_owned()] } else { Vec::new() };
    let predicate = index.predicate.as_ref().map(ToString::to_string);
    table.unique_keys.push(Key { expressions, ..key(columns, predicate) });
}

fn foreign_key(catalog: &mut Catalog, table: TableId, constraint: &ForeignKeyConstraint) {
    let (schema, name) = parts(&constraint.foreign_table);
    let found = catalog.tables.iter().position(|table| table.schema == schema && table.name == name);
    let referenced_table = found.expect("a reference names a table of the test's DDL");
    let columns: Vec<ColumnId> = constraint.columns.iter().map(|ident| position(&catalog.tables[table], ident)).collect();
    let referenced = &catalog.tables[referenced_table];
    let referenced_columns = if constraint.referred_columns.is_empty() {
        referenced.primary_key.as_ref().map(|key| key.columns.clone()).unwrap_or_default()
    } else {
        constraint.referred_columns.iter().map(|ident| position(referenced, ident)).collect()
    };
    let own = &mut catalog.tables[table];
    let mandatory = columns.iter().all(|&column| own.columns[column].not_null);
    let name = format!("{}_{}_fkey", own.name, own.columns[columns[0]].name);
    let (match_full, deferrable) = (false, false);
    own.foreign_keys.push(ForeignKey {
        name,
        columns,
        referenced_table,
        referenced_columns,
        match_full,
        deferrable,
        mandatory,
        declared: true,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_read_whole() {
        let catalog = catalog(include_str!("../../samples/sql/ecommerce.sql"));
        assert_eq!(catalog.tables.len(), 33);
        assert!(catalog.tables.iter().all(|table| table.primary_key.is_some()));
        assert!(catalog.tables.iter().flat_map(|table| &table.columns).all(|column| column.data_type.kind != TypeKind::Other));
        assert!(catalog.tables.iter().map(|table| table.foreign_keys.len()).sum::<usize>() > 30);
        assert!(catalog.tables.iter().any(|table| table.columns.iter().any(|column| column.generated)));
    }
}
