#!/bin/sh
# Two of each command in the same second do no harm.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
needs sqlite3

# Two workflows that send SMS: the cap of one a day must hold between them.
for w in a b; do
	workflow $w <<'!'
trigger: {event: Go}
steps:
  - wait: 1h
  - sms: {id: s, body: Hello}
  - push: {id: p, title: T, body: B}
!
done
i=0
while [ $((i += 1)) -le 150 ]; do
	person "u$i"
	device "u$i" "t-$i"
	event "u$i" Go "$(at 0 15:00)"
done
check 'people come in' 0 tick "$(at 0 15:00)"

both() { # COMMAND OUT-A OUT-B IN
	"$1" --now "$(at 0 16:00)" <"$4" >"$2" &
	one=$!
	"$1" --now "$(at 0 16:00)" <"$4" >"$3" &
	wait $one && wait $!
}
check 'two schedulers' 0 both jr-schedule one two /dev/null
cat one two >offered
json 'offer each message once' offered \
	'[.[] | select(.type == "message") | .id] | length == 450 and
	 (unique | length) == 450'
json 'and never exceed a cap' offered \
	'[.[] | select(.type == "message" and .channel == "sms") | .person.id]
	 | length == 150 and (unique | length) == 150'
check 'two senders of the same stream' 0 both jr-send-sms one two offered
check 'and two of push' 0 both jr-send-push one two offered
json 'hand each over once' outbox.ndjson \
	'map(.id) | length == 450 and (unique | length) == 450'
sqlite3 jr.db 'SELECT state, COUNT(*) FROM messages GROUP BY 1' >got
same 'all were taken, or stopped by the cap' got <<'!'
4|450
6|150
!
sqlite3 jr.db 'SELECT COUNT(*) FROM enrolments WHERE state <> 2' >got
same 'and every journey came to its end' got <<'!'
0
!
finish
