-- List prices as remembered when this version was written; whoever pays others changes or adds rows.
insert into synthgen.llm_price_stored (model, input_usd, output_usd, as_of, source, built_in)
values ('gpt-4o', 2.50, 10.00, '2025-06-01', 'list price of OpenAI', true),
       ('gpt-4o-mini', 0.15, 0.60, '2025-06-01', 'list price of OpenAI', true),
       ('gpt-4.1', 2.00, 8.00, '2025-06-01', 'list price of OpenAI', true),
       ('gpt-4.1-mini', 0.40, 1.60, '2025-06-01', 'list price of OpenAI', true),
       ('gpt-4.1-nano', 0.10, 0.40, '2025-06-01', 'list price of OpenAI', true),
       ('claude-3-5-haiku', 0.80, 4.00, '2025-06-01', 'list price of Anthropic', true),
       ('claude-3-7-sonnet', 3.00, 15.00, '2025-06-01', 'list price of Anthropic', true),
       ('claude-sonnet-4', 3.00, 15.00, '2025-06-01', 'list price of Anthropic', true),
       ('claude-opus-4', 15.00, 75.00, '2025-06-01', 'list price of Anthropic', true),
       ('llama-3.1-8b-instant', 0.05, 0.08, '2025-06-01', 'list price of Groq', true),
       ('llama-3.3-70b-versatile', 0.59, 0.79, '2025-06-01', 'list price of Groq', true);
