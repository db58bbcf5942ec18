#!/bin/sh
# Taking in events: jr-ingest, durable, beside `jq -c .` on the same file and
# beside a bare C loop with a fast parser and the same inserts, each into a new
# state; then into one of as many people as there are events.  One after the
# other, RUNS (2) times; of each the quickest.  Prints seconds, CPU seconds,
# the most memory and the ratios; the goals are 1.0 of jq, 1.25 of the loop.
# On a machine with other work, which two threads feel more than one, say "chrt
# -r 1" before the command.
#
# EVENTS (1000000) among PEOPLE (100000); LARGE=1: also ten times as many
# events, whose memory must be the same.  What is generated stays in BENCH_DIR,
# if that is given, for the next time.
set -eu
EVENTS=${EVENTS:-1000000} PEOPLE=${PEOPLE:-100000} RUNS=${RUNS:-2}
B=${B:-$PWD/build}
[ -x /usr/bin/time ] || { echo 'ingest: skipped, no /usr/bin/time'; exit 0; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cache=${BENCH_DIR:-$scratch}
mkdir -p "$cache"
times=$scratch/times state=$scratch/jr.db

# make_file NAME ARGUMENT...: a file of events, unless it is there.
make_file() {
	file=$cache/$1
	shift
	[ -s "$file" ] || {
		"$B/tests/tools/make_events" "$@" >"$file.new"
		mv "$file.new" "$file"
	}
}

# measure LABEL COMMAND...: one more row of times: seconds, CPU, kilobytes.
measure() {
	label=$1
	shift
	/usr/bin/time -a -o "$times" -f "$label %e %U %S %M" "$@" >/dev/null
}

# best LABEL: its quickest row, as words.
best() {
	awk -v label="$1" '$1 == label && (!best || $2 < best) {
		best = $2
		row = sprintf("%s %.2f %d", $2, $3 + $4, $5 / 1024)
	} END { if (best) print row }' "$times"
}

ingest() { # LABEL FILE STATE
	measure "$1" jr-ingest -q --backfill --state="$3" \
		--rejects="$scratch/rejects" "$2"
}

events=$cache/events-$EVENTS-$PEOPLE.ndjson
crowd=$cache/events-$EVENTS-$EVENTS.ndjson
introduced=$cache/people-$EVENTS.ndjson
make_file "events-$EVENTS-$PEOPLE.ndjson" "$EVENTS" "$PEOPLE"
make_file "events-$EVENTS-$EVENTS.ndjson" "$EVENTS" "$EVENTS"
make_file "people-$EVENTS.ndjson" -i 0 "$EVENTS"
people=$cache/people-$EVENTS-$(jr-ingest --version | cksum | tr -d ' ').db
if [ ! -s "$people" ]; then
	ingest people "$introduced" "$state"
	mv "$state" "$people"
fi

while [ $((RUNS -= 1)) -ge 0 ]; do
	rm -f "$state"*
	measure jq jq -c . "$events"
	ingest new "$events" "$state"
	rm -f "$state"*
	measure bare "$B/tests/tools/bench_ingest" "$state" <"$events"
	rm -f "$state"*
	cp "$people" "$state"
	sync "$state"
	measure jq-crowd jq -c . "$crowd"
	ingest crowd "$crowd" "$state"
done
rm -f "$state"*

# tell WHAT LABEL [RATIO...]: a line of figures.
tell() {
	what=$1
	# shellcheck disable=SC2046 # the figures are words
	set -- $(best "$2") "${3-}" "${4-}"
	echo "ingest: $what: $1 s, $2 s of CPU, $3 MB${4:+, $4}${5:+, $5}"
}

# ratio LABEL BESIDE NAME
ratio() {
	echo "$(best "$1") $(best "$2")" |
		awk -v name="$3" '{ printf "%.2f x %s", $1 / $4, name }'
}
tell "jq -c . of $EVENTS events" jq
tell 'a bare loop, new state' bare "$(ratio bare jq jq)"
tell 'jr-ingest, new state' new "$(ratio new jq jq)" \
	"$(ratio new bare 'the bare loop')"
[ -z "$(best people)" ] || tell "jr-ingest makes $EVENTS people" people
tell "jr-ingest, among $EVENTS people" crowd "$(ratio crowd jq-crowd jq)"

[ "${LARGE-}" ] || exit 0
make_file "events-$((EVENTS * 10))-$PEOPLE.ndjson" $((EVENTS * 10)) "$PEOPLE"
ingest large "$cache/events-$((EVENTS * 10))-$PEOPLE.ndjson" "$state"
tell "jr-ingest, $((EVENTS * 10)) events" large
