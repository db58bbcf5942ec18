#!/bin/sh
# Walk two weeks of a made-up product in half a minute: the whole pipeline, with
# the sandbox provider, in a scratch folder.  Nothing leaves this machine.
#
#   sh workflows.example/demo.sh [BIN [FOLDER]]
#
# BIN is where the commands are (default: found by PATH), FOLDER is where the
# state, the outbox and the report go (default: a new one below $TMPDIR).
set -eu
umask 077 # what follows holds numbers and texts

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
}' "$log" | sort | head -n "${DEMO_RUNS:-100000}" >ticks

total=$(wc -l <ticks)
n=0
from=
: >receipts.ndjson
while read -r now; do
	n=$((n + 1))
	[ ! -t 2 ] || printf '\r%s  run %d of %d ' "$now" "$n" "$total" >&2
	{
		# What arrived since the last tick, and what the provider,
		# the app and people sent back.
		awk -v from="$from" -v to="$now" \
			'$1 >= from && $1 < to { print substr($0, 22) }' "$log"
		jq -c --arg from "$from" --arg to "$now" \
			'select(.received_at >= $from and .received_at < $to)' \
			receipts.ndjson
	} >new.ndjson
	from=$now
	# Some lines are wrong on purpose: jr-ingest says so, in ingest.log.
	{ jr-ingest --quiet --trust-unsigned --now "$now" <new.ndjson 2>>ingest.log || :; } |
		jr-segment --quiet --now "$now" |
		jr-schedule --quiet --now "$now" | tee -a scheduled.ndjson |
		jr-send-sms --quiet --now "$now" |
		jr-send-push --quiet --now "$now" >>stream.ndjson
	last=$now
done <ticks
now=$last # read leaves it empty at the end
[ ! -t 2 ] || printf '\r%60s\r' '' >&2

echo "Two weeks of Tidewater, a made-up product, in $total runs of the pipeline:"
echo "$(wc -l <"$log") lines came in, $(wc -l <rejects.ndjson) of them refused;" \
	"$(wc -l <outbox.ndjson) messages went to the sandbox's outbox."
echo
for panel in sms push journeys held latency; do
	jr-report --now "$now" "$panel"
	echo
done
echo 'Refused, and why:'
jq -r '"  line \(.line): \(.field // "-"): \(.reason)"' rejects.ndjson |
	sort | uniq -c | sort -rn | head -n 8
echo
jr-report --now "$now" --output report.html html
cat <<EOF
Everything is in $folder:
  report.html       the report as a page; open it in a browser
  outbox.ndjson     each message that would have left
  scheduled.ndjson  what jr-schedule said: messages, and decisions against
  stream.ndjson     the end of the pipe: deliveries, and what went by
  jr.db             the store; ask it more:
    cd $folder
    jr-schedule --explain u_1001 --now $now
    jr-segment --where 'plan == "trial"' --now $now
EOF
