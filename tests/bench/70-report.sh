#!/bin/sh
# How fast each panel of jr-report comes over MESSAGES (1000000; ten million
# with LARGE=1), and the ratio to a bare count of the same rows by sqlite3.
# Goal: seconds, whatever the number of messages.
set -eu
[ -z "${LARGE-}" ] || MESSAGES=10000000
MESSAGES=${MESSAGES:-1000000} RUNS=${RUNS:-3}
if ! command -v sqlite3 >/dev/null; then
	echo 'report: not measured: needs sqlite3'
	exit 0
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
mkdir workflows
"$B/tests/tools/make_sends" jr.db "$MESSAGES"

# took COMMAND...: the least of RUNS times, in seconds.
took() {
	for _ in $(seq "$RUNS"); do
		begun=$(date +%s%N)
		"$@" >/dev/null || [ $? -eq 1 ] # an alarm is on
		ended=$(date +%s%N)
		awk -v a="$begun" -v b="$ended" \
			'BEGIN { printf "%.3f\n", (b - a) / 1e9 }'
	done | sort -n | head -n 1
}

bare=$(took sqlite3 jr.db 'SELECT workflow, step, COUNT(*), SUM(cost_micros)
	FROM messages WHERE accepted_s > 0 GROUP BY 1, 2')
echo "report: sqlite3 counts $MESSAGES messages in $bare s"
panel() {
	seconds=$(took jr-report --state jr.db --now 2026-11-16T00:00:00Z \
		-f ndjson "$@")
	awk -v what="$*" -v s="$seconds" -v bare="$bare" 'BEGIN {
		printf "report: %-28s %7.3f s  %5.2f of the bare count\n",
			what, s, s / bare }'
}
for one in alarms messages sms push trend cost journeys 'journeys --by step' \
	'journeys --by way' \
	held latency devices waiting health runs overlap prune \
	'sms --by day,country' 'sms --since 30d'; do
	# shellcheck disable=SC2086
	panel $one
done
seconds=$(took jr-report --state jr.db --now 2026-11-16T00:00:00Z html)
echo "report: the whole page in $seconds s"
