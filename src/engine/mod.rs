//! The engine: from catalog, rules and reference data to rows.
//!
//! Pure: no pgrx, no sockets, no clock. The world is reached through `port` only.
