create schema gauntlet;
set local search_path = gauntlet, public;

create table invoice (
    id serial primary key,
    net numeric(10,2) not null check (net > 0), tax numeric(10,2) not null check (tax >= 0), gross numeric(10,2) not null, paid numeric(10,2),
    width int not null, height int not null, area int not null,
    starts date not null, days int not null check (days between 1 and 30), ends date not null,
    check (gross = net + tax), check (tax <= net * 0.25), check (paid is null or paid <= gross),
    check (area = width * height and width > 0 and height > 0), check (width + height <= 200),
    check (ends = starts + days), check (ends - starts < 31));
