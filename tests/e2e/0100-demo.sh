#!/bin/sh
# The demo as a newcomer runs it, and its outbox held against its input.
. "${0%/*}/../cli/lib.sh"
. "$TOP/tests/cli/sums.sh"

# A sanitized build is slow: it walks the first days.
[ -z "${SANITIZED-}" ] || export DEMO_RUNS=100
few=${DEMO_RUNS:+5}
demo() { sh "$TOP/workflows.example/demo.sh" "" "$PWD/demo"; }
check 'the demo runs' 0 demo
says 'it prints the SMS' out '^all .*[0-9]'
says 'it says where the page is' out 'report\.html'
cp out first

# independent: consents, nights, caps and repeats by other means than jr's.
check 'nobody was texted who should not be' 0 \
	python3 "$TOP/tests/tools/demo_check.py" \
	"$TOP/workflows.example/demo/arrivals.log" demo/outbox.ndjson \
	demo/scheduled.ndjson "${few:-50}"
[ -z "$few" ] || finish

json 'half a line, consent without proof and a wrong number are refused' \
	demo/rejects.ndjson \
	'length == 3 and all(.[]; .reason and .line and .source)'
says 'the storm was held by the cap' demo/scheduled.ndjson '"gate":"cap"'
says 'dead tokens were dropped' demo/stream.ndjson 'UNREGISTERED'
jq -r 'select(.metric == "sent").data.delivery_id' demo/stream.ndjson |
	sort -u >sent
jq -r 'select(.type == "message").id' demo/scheduled.ndjson | sort -u >offered
check 'each message was offered before it was handed over' 0 \
	test -z "$(comm -23 sent offered)"

# What was counted along the way is what SQL finds in the rows at the end.
figures_agree demo/jr.db 2026-11-15T23:00:00Z 2026-11-05 2026-11-10

# The same input at the same times gives the same records.  Stages of a pipe
# run side by side, so only their order differs.
walk() {
	DEMO_RUNS=80 sh "$TOP/workflows.example/demo.sh" "" "$PWD/$1" \
		>/dev/null
	sort "$1/scheduled.ndjson" "$1/stream.ndjson" "$1/outbox.ndjson" \
		>"$1.sorted"
}
check 'the first days are walked' 0 walk one
check 'and walked again' 0 walk two
same 'and the same came of it' two.sorted <one.sorted
finish
