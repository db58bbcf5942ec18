#!/bin/sh
# Run one fuzzer: run.sh BUILD FUZZER SECONDS.  It begins with what is in
# tests/fuzz/corpus/NAME, if there is any, and keeps what it finds in BUILD.
set -eu
build=$1 fuzzer=$2 seconds=$3
seeds=tests/fuzz/corpus/${fuzzer#fuzz_}
found=$build/corpus/$fuzzer
mkdir -p "$found"
# The examples of each form are seeds, too.
if [ "$fuzzer" = fuzz_format ]; then
	awk -v to="$found/case" '/^< / {
		printf "%s", substr($0, 3) >(to "-" ++n)
	}' tests/cases/flow/formats.txt
fi
set -- "$found"
[ ! -d "$seeds" ] || set -- "$@" "$seeds"
log=$build/$fuzzer.log
if "$build/$fuzzer" -max_total_time="$seconds" -max_len=65536 -timeout=10 \
	-rss_limit_mb=2048 -artifact_prefix="$build/$fuzzer-" \
	-print_final_stats=1 "$@" >"$log" 2>&1; then
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
	echo "$fuzzer: $runs inputs in $seconds s, nothing found"
else
	tail -n 40 "$log"
	echo "$fuzzer: found something; the input is beside $log" >&2
	exit 1
fi
