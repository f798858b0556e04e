-- The ledger as a run would have left it: blocks of keys, keys one by one, and another run's.
insert into synthgen.run_stored (target, seed, as_of, arguments, algorithm_version, started_by)
select 'zoo', 42, '2026-01-01Z', '{}', 1, 'postgres'::regrole from generate_series(1, 2);
insert into synthgen.run_key_stored (run_id, table_oid, table_name, first_key, last_key, key_increment, key_values) values
    (1, 'zoo.counted'::regclass, 'zoo.counted', 3, 5, 1, null),
    (1, 'zoo.counted'::regclass, 'zoo.counted', 10, 12, 2, null),
    (1, 'zoo.counted'::regclass, 'zoo.counted', null, null, null, '[["20"], ["99"]]'),
    (2, 'zoo.counted'::regclass, 'zoo.counted', 6, 9, 1, null),
    (1, 'zoo.coded'::regclass, 'zoo.coded', null, null, null, '[["x", "2"], ["y", "1"]]'),
    (2, 'zoo.coded'::regclass, 'zoo.coded', null, null, null, '[["x", "1"]]');
