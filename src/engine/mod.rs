//! The engine: from catalog, rules and reference data to rows.
//!
//! Pure: no pgrx, no sockets, no clock. The world is reached through `port` only.

#[cfg(test)]
mod agreement_test;
#[cfg(test)]
mod amounts_test;
pub mod arguments;
pub mod catalog;
pub mod constraint;
pub mod error;
pub mod expression;
#[cfg(test)]
pub(crate) mod fake_database;
#[cfg(test)]
pub mod fixture;
pub mod generator;
#[cfg(test)]
mod kinds_test;
pub mod literal;
#[cfg(test)]
mod lives_test;
pub mod model;
#[cfg(test)]
mod periods_test;
pub mod plan;
pub mod port;
#[cfg(test)]
mod random_checks_test;
pub mod reference;
pub mod rows;
pub mod rules;
pub mod run;
#[cfg(test)]
mod sales_test;
#[cfg(test)]
mod schools_test;
#[cfg(test)]
mod services_test;
pub mod survey;
#[cfg(test)]
mod texts_test;
pub mod value;
pub mod vocabulary;
