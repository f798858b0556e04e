create schema gauntlet;
set local search_path = gauntlet, public;

create table event (
    id serial primary key,
    kind int not null check (kind between 1 and 8),
    a int, b text, c date, d boolean, e numeric(6,2), f uuid, g timestamptz, h text[],
    check (kind <> 1 or (a is not null and num_nonnulls(b, c, d, e, f, g, h) = 0)),
    check (kind <> 2 or (b is not null and num_nonnulls(a, c, d, e, f, g, h) = 0)),
    check (kind <> 3 or (c is not null and num_nonnulls(a, b, d, e, f, g, h) = 0)),
    check (kind <> 4 or (d is not null and num_nonnulls(a, b, c, e, f, g, h) = 0)),
    check (kind <> 5 or (e is not null and num_nonnulls(a, b, c, d, f, g, h) = 0)),
    check (kind <> 6 or (f is not null and num_nonnulls(a, b, c, d, e, g, h) = 0)),
    check (kind <> 7 or (g is not null and num_nonnulls(a, b, c, d, e, f, h) = 0)),
    check (kind <> 8 or (h is not null and num_nonnulls(a, b, c, d, e, f, g) = 0)));
