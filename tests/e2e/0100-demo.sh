#!/bin/sh
# The demo as a newcomer runs it, and its outbox held against its input.
. "${0%/*}/../cli/lib.sh"

demo() { sh "$TOP/workflows.example/demo.sh" "" "$dir/demo"; }
check 'the demo runs' 0 demo
says 'it prints the SMS' out '^all .*[0-9]'
says 'it says where the page is' out 'report\.html'
cp out first

# independent: consents, nights, caps and repeats by other means than jr's.
check 'nobody was texted who should not be' 0 \
	python3 "$TOP/tests/tools/demo_check.py" \
	"$TOP/workflows.example/demo/arrivals.log" demo/outbox.ndjson demo/stream.ndjson

json 'half a line, consent without proof and a wrong number are refused' \
	demo/rejects.ndjson \
	'length == 3 and all(.[]; .reason and .line and .source)'
says 'the storm was held by the cap' demo/stream.ndjson '"gate":"cap'
says 'dead tokens were dropped' demo/stream.ndjson 'UNREGISTERED'
json 'each message was offered before it was handed over' demo/stream.ndjson '
	(map(select(.type == "message").id) | unique) as $offered |
	[.[] | select(.metric == "sent").data.delivery_id] - $offered == []'

# The same input at the same times gives the same stream, byte for byte.
again() { sh "$TOP/workflows.example/demo.sh" "" "$dir/again" >/dev/null; }
check 'a second walk goes as well' 0 again
same 'and writes the same stream' again/stream.ndjson <demo/stream.ndjson
finish
