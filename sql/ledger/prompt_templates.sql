-- How prompts are worded, where somebody worded them otherwise than the built-in templates.

create table synthgen.prompt_template_stored (
    name     text primary key check (name in ('system', 'write', 'repair', 'author')),
    template text not null
);
comment on table synthgen.prompt_template_stored is 'Replaced prompt templates; read and changed through the view prompt_template';
comment on column synthgen.prompt_template_stored.name is 'system, write, repair or author';
comment on column synthgen.prompt_template_stored.template is 'The template, in the language of MiniJinja';

create view synthgen.prompt_template as
    select name, template
    from synthgen.prompt_template_stored;
comment on view synthgen.prompt_template is 'Prompt templates that replace built-in ones; superusers insert, update and delete here';
comment on column synthgen.prompt_template.name is 'system, write, repair or author';
comment on column synthgen.prompt_template.template is 'The template, in the language of MiniJinja';

grant select on synthgen.prompt_template to public;
