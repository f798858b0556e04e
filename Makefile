# make demo      the sample shop in a private PostgreSQL; USERS= PRODUCTS= ORDERS= REVIEWS= SEED= change the counts
# make look      rows of the demo, joined, to be read by a person
# make demo-llm  the same, its texts written by a scripted language model on this machine
# make install   into a PostgreSQL 13 to 18 of your own: make install PG_CONFIG=/path/to/pg_config
# make test      every test; make soak: the large counts; make bench: speed; make gauntlet: a schema a construct; make lint, make check-majors: what .ci/run asks besides

USERS = 200
PRODUCTS = 500
ORDERS = 1000
REVIEWS = 300
SEED = 42
PG_CONFIG = pg_config

.PHONY: demo demo-llm look demo-psql demo-stop demo-clean install prerequisites test test-server soak bench gauntlet lint check-majors notices

demo:
	@USERS='$(USERS)' PRODUCTS='$(PRODUCTS)' ORDERS='$(ORDERS)' REVIEWS='$(REVIEWS)' SEED='$(SEED)' samples/demo/demo run

# Twenty users, products, reviews and orders of the demo, joined as a person would; makes the demo where there is none.
look:
	@USERS='$(USERS)' PRODUCTS='$(PRODUCTS)' ORDERS='$(ORDERS)' REVIEWS='$(REVIEWS)' SEED='$(SEED)' samples/demo/demo look

demo-llm:
	@USERS='$(USERS)' PRODUCTS='$(PRODUCTS)' ORDERS='$(ORDERS)' REVIEWS='$(REVIEWS)' SEED='$(SEED)' samples/demo/demo llm

demo-psql:
	@samples/demo/demo psql

demo-stop:
	@samples/demo/demo stop

demo-clean:
	@samples/demo/demo clean

install:
	@PG_CONFIG='$(PG_CONFIG)' .ci/install

prerequisites:
	@.ci/prerequisites

test:
	@.ci/test

# The private server that the cluster tests use, with the extension as it is now; prints its pg_config.
test-server: prerequisites
	@.ci/server-copy test

# A million orders: memory, and nothing broken; then 200 interruptions of calls to a model and the like. Some twenty
# minutes, and about 6 GB of disk; LARGE_ORDERS= and SMALL_ORDERS= ask less.
soak:
	@tests/soak/run

# What making rows costs, without a server; then loading them beside COPY of the same rows.
bench:
	@cargo bench --bench rows
	@tests/bench/live

# A small schema for each construct, filled without rules and judged: tests/gauntlet. FEATURES="07 42" picks some.
gauntlet:
	@tests/gauntlet/run $(FEATURES)

lint:
	@.ci/lint

check-majors:
	@.ci/check-majors

# After a change of dependencies: THIRD-PARTY-NOTICES.
notices:
	@.ci/notices
