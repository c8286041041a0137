# For people who develop. Running and testing need only manage.py.
.PHONY: check fix bench prove lock

check:  # everything that looks at the code without running it
	python3 manage.py test -m checks

fix:  # what tools can repair by themselves
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

bench:  # times as ratios to a baseline of this machine
	python3 -m benchmarks

prove:  # every proof at its full count (hours)
	PPAOS_PROOF_SCALE=full python3 manage.py test
	PPAOS_BENCH_PERSONS=100000 python3 -m benchmarks

lock:  # requirements.in and requirements-dev.in to pinned versions with hashes
	.venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url requirements.in -o requirements.txt
	.venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url requirements-dev.in -o requirements-dev.txt
