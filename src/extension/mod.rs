//! The door through which a PostgreSQL backend uses the engine; the only place that knows pgrx.

pgrx::pg_module_magic!();
