#!/bin/sh
# Killed between batches, at instants nobody chose, again and again: started
# once more, it ends where an undisturbed run does.
. "${0%/*}/lib.sh"
make_events=$B/tests/tools/make_events
[ -x "$make_events" ] || skip_all 'make_events is not built'

now=2026-11-04T14:00:00Z
"$make_events" 120000 20000 >in
dump() { jr-report --state="$1" dump | grep -v '"table":"seen"' | cksum; }
ingest() { jr-ingest -q --backfill --now "$now" --state="$1" <in; }
whole() { ingest whole.db >want.out; }
check 'an undisturbed run' 0 whole
dump whole.db >want

batch() { JR_CRASH=ingest-passed-on:2 ingest two.db >two.out; }
check 'killed after its second batch' 137 batch
lines=$(wc -l <two.out)
head -n "$lines" in >passed
check 'it has passed on what it kept' 0 cmp passed two.out
rest() { tail -n "+$((lines + 1))" in | ingest2 two.db >rest.out; }
ingest2() { jr-ingest -q --backfill --now "$now" --state="$1"; }
check 'the rest alone' 0 rest
dump two.db >got
same 'completes it' got <want

for seed in 1 2 3 4 5 6; do
	# Not through the function: that would kill a shell, and not jr-ingest.
	jr-ingest -q --backfill --now "$now" --state=any.db <in >any.out \
		2>any.err &
	victim=$!
	sleep "0.$((seed * 37 % 10))$((seed * 53 % 10))"
	kill -9 "$victim" 2>kill.err
	wait "$victim" 2>kill.err
done
any() { ingest any.db >any.out; }
check 'killed at six instants' 0 any
check 'all is passed on' 0 cmp any.out want.out
dump any.db >got
same 'the store is as after an undisturbed run' got <want
finish
