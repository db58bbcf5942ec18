#!/bin/sh
# jr-ingest reads on while it keeps: it is not late for that, ends when it is
# told to or cannot go on, though nothing comes in, and takes what it has read.
. "${0%/*}/lib.sh"

event() { # ID
	echo "{\"type\":\"person\",\"identifiers\":{\"id\":\"a\"},\"action\":\"event\",\"name\":\"x\",\"id\":\"$1\"}"
}
ids() { jq -r .id "$1" | tr '\n' ' '; }

# wait_for FILE LINES: at most 20 s.
wait_for() {
	tries=0
	while [ "$(wc -l <"$1")" -lt "$2" ] && [ $((tries += 1)) -le 400 ]; do
		sleep 0.05
	done
	[ $tries -le 400 ]
}

# A line is out while the next is still to come.
mkfifo pipe
: >slow.out
jr-ingest -q <pipe >slow.out 2>slow.err &
victim=$!
children=$victim
exec 3>pipe
for id in 1 2 3; do
	event $id >&3
	check "line $id does not wait for the next" 0 wait_for slow.out $id
done

# A record without a time is as of when it came, however long it was waited for.
before=$(date +%s)
sleep 1.1
event 4 >&3
check 'line 4' 0 wait_for slow.out 4
at=$(jr-report dump | jq 'select(.table == "log" and .row.id == "4") | .row.at_s')
check 'is as of when it came' 0 test "${at:-0}" -gt "$before"

# SIGTERM while it waits: it ends, in good order, though the pipe stays open.
event 5 | head -c 20 >&3
kill "$victim"
ended() { wait "$victim"; }
check 'SIGTERM ends the wait for input' 0 ended
children=
check 'all whole lines are out' 0 test "$(ids slow.out)" = '1 2 3 4 '
exec 3>&-

# What cannot be written out ends it, too, while nothing comes in.
: >full.err
jr-ingest -q <pipe >/dev/full 2>full.err &
victim=$!
children=$victim
exec 3>pipe
event 6 >&3
check 'a full disk at the other end' 74 ended
# shellcheck disable=SC2034 # lib.sh ends them
children=
says 'is told of' full.err 'cannot write stdout: No space left'
exec 3>&-

# Refusals are told, and put aside, in the order of the lines.
awk 'BEGIN { for (i = 0; i < 150000; i++)
	if (i % 30000 == 7)
		print "{ broken " i
	else
		print "{\"type\":\"person\",\"identifiers\":{\"id\":\"u" i % 50 "\"},\"action\":\"event\",\"name\":\"x\",\"id\":\"e" i "\"}" }' >many
many() { jr-ingest -q --rejects=many.rejects <many; }
check 'more than a batch' 65 many
jq -r .id out >got
jq -Rr 'fromjson? | .id' many >want
check 'comes out in order' 0 cmp got want
jr-ingest -q --state=again.db --rejects=again.rejects <many 2>told >out
same 'refused lines are told in order' told <<'!'
jr-ingest: stdin:8: not JSON at byte 3: invalid char in json text
jr-ingest: stdin:30008: not JSON at byte 3: invalid char in json text
jr-ingest: stdin:60008: not JSON at byte 3: invalid char in json text
jr-ingest: stdin:90008: not JSON at byte 3: invalid char in json text
jr-ingest: stdin:120008: not JSON at byte 3: invalid char in json text
!
jq .line again.rejects >lines
same 'and put aside in order' lines <<'!'
8
30008
60008
90008
120008
!

# Who is who is looked up ahead, too: while what comes before changes that.
cat >hold.py <<'!'
import sqlite3, sys
db = sqlite3.connect("ahead.db", isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
for sql in sys.argv[1].split(";") + ["COMMIT"]:
    db.execute(sql)
!
people() { # ACTION REST: of a thousand and one more people
	jq -cn --arg action "$1" --argjson rest "$2" 'range(1001) | {type:
		"person", identifiers: {id: "p\(.)"}, action: $action} + $rest'
}
# whose FIRST SQL: whose event of p0 it is when that is read ahead of the
# records FIRST, or of what another command does, SQL.
whose() {
	rm -f ahead.db*
	: >ahead.out
	jr-ingest -q --state=ahead.db <pipe >ahead.out &
	victim=$!
	rm -f go
	mkfifo go
	exec 3>pipe
	people identify '{"attributes":{}}' >&3
	wait_for ahead.out 1001
	python3 hold.py "$2" <go >held &
	holder=$!
	# shellcheck disable=SC2034 # lib.sh ends them
	children="$victim $holder"
	exec 4>go
	wait_for held 1
	printf '%s' "$1" >&3
	sleep 0.3
	people event '{"name":"x"}' >&3
	sleep 1.5
	echo >&4
	exec 3>&- 4>&-
	wait "$victim" && wait "$holder" || return 1
	jr-report dump --state=ahead.db | jq -r 'select(.table == "log" and
		.row.kind == 2) | .row.person' | head -n 1
}
check 'looked up ahead' 0 whose '' 'SELECT 1'
same 'it is whose it was' out <<'!'
1
!
check 'while a merge is kept' 0 whose '{"type":"person","action":"merge","primary":{"id":"p7"},"secondary":{"id":"p0"}}
' 'SELECT 1'
same 'it is whose the name is then' out <<'!'
8
!
check 'while it is erased' 0 whose '{"type":"person","action":"delete","identifiers":{"id":"p0"}}
' 'SELECT 1'
same 'it is of someone new' out <<'!'
1002
!
check 'while another command gives it to another' 0 whose '' "UPDATE
	identities SET person = 9 WHERE value = 'p0'; UPDATE cursors
	SET seq = seq + 1 WHERE name = 'log'"
same 'it is whose it is then, too' out <<'!'
9
!
finish
