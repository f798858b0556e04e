create table maker (maker_id int primary key, maker_name text, code char(2));
create table kind_tree (kind_id int primary key, parent_kind_id int references kind_tree, kind_name text, depth int);
create table "Account" ("AccountId" int primary key, "FullName" text);
create table thing (
    thing_id int primary key,
    kind_id int not null references kind_tree,
    made_by int references maker,
    sold_by_id int references maker,
    "OwnerId" int references "Account",
    price numeric(10,2),
    made_at timestamptz,
    state text
);
