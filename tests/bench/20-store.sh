#!/bin/sh
# The store: events written through common/store, against a bare loop over
# SQLite with the same tables.  BENCH_EVENTS (300000) among BENCH_PEOPLE.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

"$B/tests/tools/bench_store" "$dir" "${BENCH_EVENTS:-300000}" \
	"${BENCH_PEOPLE:-100000}" 50000 | sed 's/^/store: /'
