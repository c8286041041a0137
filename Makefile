# For people who develop. Running and testing need only manage.py.
.PHONY: check fix bench prove prove-million lock

check:  # everything that looks at the code without running it
	python3 manage.py test -m checks

fix:  # what tools can repair by themselves
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

bench:  # times as ratios to a baseline of this machine
	python3 -m benchmarks

prove:  # every proof at its full count (hours)
	mkdir -p .var
	PPAOS_PROOF_SCALE=full PPAOS_PROVE_REPORT=.var/prove-million.md python3 manage.py test
	PPAOS_BENCH_PERSONS=100000 PPAOS_BENCH_MILLION=1 PPAOS_BENCH_BESIDE_ROWS=1000000 python3 -m benchmarks

prove-million:  # only the large import under blows; PPAOS_PROVE_ROWS sets its size
	mkdir -p .var
	PPAOS_PROOF_SCALE=full PPAOS_PROVE_REPORT=.var/prove-million.md python3 manage.py test tests/faults/test_million.py
	cat .var/prove-million.md

lock:  # requirements.in and requirements-dev.in to pinned versions with hashes
	.venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url requirements.in -o requirements.txt
	.venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url requirements-dev.in -o requirements-dev.txt
