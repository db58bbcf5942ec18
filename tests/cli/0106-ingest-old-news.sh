#!/bin/sh
# What is old, and what is not yet.
. "${0%/*}/lib.sh"

now=2026-11-04T14:00:00Z # 1793800800
event() {
	printf '{"type":"person","identifiers":{"id":"u"},"action":"event",'
	printf '"id":"%s","name":"x","timestamp":%s}\n' "$1" "$2"
}
{
	event fresh 1793800799
	event edge 1793541600
	event old 1793541599
	event ancient 0
	event ahead 1793801399
} >in
flags() {
	rm -f jr.db*
	jr-ingest --now "$now" "$@" <in >out 2>err
	jr-report dump | jq -c 'select(.table == "log").row |
		[.id, .flags, .at_s]' >log
}
flags
same 'older than 72 hours is history; a bit ahead is now' log <<'!'
["fresh",0,1793800799]
["edge",0,1793541600]
["old",1,1793541599]
["ancient",1,0]
["ahead",0,1793800800]
!
flags --max-age=1h
check 'the age may be another' 0 grep -q '"edge",1' log
flags --backfill
check 'of a backfill all is history' 1 grep -q ',0,' log
echo 'max_age: 365d' >jr.yaml
flags
check 'the configuration says it, too' 0 grep -q '"old",0' log
rm jr.yaml
event future 1793801401 >in
future() { jr-ingest --now "$now" <in; }
check 'what is further ahead is refused' 65 future
says 'by how far' err "'timestamp': in the future by 601 s"
finish
