create schema gauntlet;
set local search_path = gauntlet, public;

create table concept (id int primary key, domain_id varchar(20) not null, class_id varchar(20) not null, name text not null);
create table domain (id varchar(20) primary key, concept_id int not null references concept);
create table class (id varchar(20) primary key, concept_id int not null references concept);
alter table concept add foreign key (domain_id) references domain;
alter table concept add foreign key (class_id) references class;
create table fact (id serial primary key, concept_id int not null references concept, value int not null);
