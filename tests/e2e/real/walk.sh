#!/bin/sh
# walk.sh [--backfill]: the whole pipe over each tick of in/, in this folder;
# what the stages added is kept in all.out.
set -eu
mkdir -p out
: >all.out
while read -r n now; do
	code=0
	jr-ingest --quiet --now "$now" ${1:+"$1"} <"in/$n.ndjson" >out/ingest \
		2>>errors || code=$?
	[ "$code" -eq 0 ] || [ "$code" -eq 65 ] || exit "$code"
	jr-segment --quiet --now "$now" <out/ingest >out/segment
	jr-schedule --quiet --now "$now" <out/segment >out/schedule
	jr-send-sms --quiet --now "$now" <out/schedule >out/sms
	jr-send-push --quiet --now "$now" <out/sms >out/push
	grep -E '^\{"type":"(segment|message|decision)"|"object_type"' \
		out/schedule out/push -h | sort -u >>all.out || :
done <in/ticks
