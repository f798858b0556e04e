create table s.category (category_id serial primary key, category_name varchar(60) not null unique);
create table s.customer (
    customer_id serial primary key,
    first_name varchar(40) not null,
    last_name varchar(40) not null,
    email varchar(120) not null unique,
    birth_date date not null,
    created_at timestamptz not null
);
create table s.product (
    product_id serial primary key,
    category_id int not null references s.category,
    product_name varchar(80) not null,
    description text,
    base_price numeric(10,2) not null check (base_price >= 0),
    created_at timestamptz not null
);
create table s.purchase (
    purchase_id serial primary key,
    customer_id int not null references s.customer,
    product_id int not null references s.product,
    quantity int not null check (quantity between 1 and 9),
    created_at timestamptz not null
);
create table s.product_review (
    review_id serial primary key,
    product_id int not null references s.product,
    customer_id int not null references s.customer,
    rating smallint not null check (rating between 1 and 5),
    title varchar(80) not null check (char_length(title) >= 3),
    body text,
    created_at timestamptz not null
);
