#!/bin/sh
# Walk two weeks of a made-up product in half a minute: the whole pipeline, with
# the sandbox provider, in a scratch folder.  Nothing leaves this machine.
#
#   sh workflows.example/demo.sh [BIN [FOLDER]]
#
# BIN is where the commands are (default: found by PATH), FOLDER is where the
# state, the outbox and the report go (default: a new one below $TMPDIR).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
if [ -n "${1-}" ]; then
	PATH=$(cd "$1" && pwd):$PATH
fi
folder=${2:-$(mktemp -d "${TMPDIR:-/tmp}/jr-demo-XXXXXX")}
mkdir -p "$folder"
cp -R "$here/jr.yaml" "$here/segments.yaml" "$here/workflows" "$folder"
log=$here/demo/arrivals.log
cd "$folder"

# Ticks: every hour of the two weeks, and four minutes after something urgent
# arrived, as a crontab of every few minutes would have it.
awk '
function tick(t) { if (!(t in seen)) { seen[t] = 1; print t } }
{
	day = substr($1, 1, 10); hour = substr($1, 12, 2)
	minute = substr($1, 15, 2) + 4
	if (!(day in days)) {
		days[day] = 1
		for (h = 0; h < 24; h++)
			tick(sprintf("%sT%02d:00:00Z", day, h))
	}
	if (/Payment Failed|Suspicious Login/ && minute < 60)
		tick(sprintf("%sT%s:%02d:30Z", day, hour, minute))
}' "$log" | sort >ticks

total=$(wc -l <ticks)
n=0
from=
fed=0
: >receipts.ndjson
while read -r now; do
	n=$((n + 1))
	[ ! -t 2 ] || printf '\r%s  tick %d of %d ' "$now" "$n" "$total" >&2
	{
		# What arrived since the last tick ...
		awk -v from="$from" -v to="$now" \
			'$1 >= from && $1 < to { print substr($0, 22) }' "$log"
		# ... and the provider's receipts that are due by now.
		jq -c --arg now "$now" 'select(.received_at < $now)' \
			receipts.ndjson 2>/dev/null | tail -n +$((fed + 1))
	} >new.ndjson
	from=$now
	jr-ingest --now "$now" <new.ndjson |
		jr-segment --now "$now" |
		jr-schedule --now "$now" |
		jr-send-sms --now "$now" |
		jr-send-push --now "$now" |
		cat >>stream.ndjson
done <ticks
[ ! -t 2 ] || printf '\r%60s\r' '' >&2
