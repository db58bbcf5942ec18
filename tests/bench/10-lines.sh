#!/bin/sh
# Lines: cutting and parsing them, against jq reformatting the same file.
# BENCH_LINES (300000) of about 300 bytes.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

awk -v n="${BENCH_LINES:-300000}" 'BEGIN {
	for (i = 0; i < n; i++)
		printf "{\"type\":\"person\",\"identifiers\":{\"id\":\"u_%d\"}," \
		"\"action\":\"event\",\"id\":\"01JD4VYF0A1B2C3D4E5F6G%04d\"," \
		"\"name\":\"payment_failed\",\"timestamp\":%d,\"attributes\":" \
		"{\"amount\":%d,\"currency\":\"USD\",\"billing_link\":" \
		"\"https://app.example.com/billing/%d\",\"plan\":\"pro\"," \
		"\"attempt\":%d,\"ratio\":0.%d}}\n", i % 99991, i % 9999,
		1763880000 + i, i % 10000, i, i % 5, i % 97
}' >"$dir/events"

seconds() { date +%s.%N; }
start=$(seconds)
jq -c . "$dir/events" >"$dir/out"
middle=$(seconds)
"$B/tests/tools/bench_json" "$dir/events" 2>"$dir/table" >"$dir/out"
cmp "$dir/events" "$dir/out"
sed 's/^/lines: /' "$dir/table"
awk -v jq="$(echo "$start $middle" | awk '{ print $2 - $1 }')" '
/pass on/ {
	for (i = 1; i < NF; i++) if ($(i + 1) == "s") took = $i
	printf "lines: parsed and passed on in %.2f x the time of jq -c\n", took / jq
}' "$dir/table"
