create schema gauntlet;
set local search_path = gauntlet, public;

create table contact (
    id serial primary key,
    mail text not null check (mail like '%_@_%.__%' and position('@' in mail) > 1),
    phone text check (phone ~ '^\+[1-9][0-9]{6,14}$'),
    iban varchar(34) check (iban similar to '[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}'),
    slug text not null check (slug = lower(slug) and slug !~ '[^a-z0-9-]' and slug not like '-%'),
    initials varchar(5) not null check (upper(initials) = initials and length(initials) between 1 and 3),
    url text check (url ilike 'http%' and length(url) < 80),
    version text not null check (version ~ '^\d+\.\d+\.\d+$'),
    zip char(5) not null check (zip ~ '^\d{5}$'));
