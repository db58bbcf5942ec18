#!/bin/sh
# Kill each command at each place where its state changes, and go on: no
# message is handed over twice, none is lost, and what is unknown stays so.
. "${0%/*}/../cli/lib.sh"
. "$TOP/tests/cli/world.sh"
needs sqlite3
allow_many
cat >>jr.yaml <<'!'
claim_limit: 10m
lease: 5m
!

workflow w <<'!'
trigger: {event: Go}
goal: {event: Bought}
steps:
  - wait: 1h
  - sms: {id: s, body: "Hello {{ first_name | default: 'you' }}"}
  - push: {id: p, title: T, body: B}
  - email: {id: m, subject: S, body: B}
!
people=6
i=0
while [ $((i += 1)) -le $people ]; do
	person "u$i" "\"email\":\"u$i@example.com\""
	device "u$i" "t-$i"
	event "u$i" Go "$(at 0 15:00)"
done
cp in all
jr-ingest --now "$(at 0 15:00)" <all >/dev/null 2>err || cat err
cp jr.db fresh.db

# stages TIME: each by itself; one that dies hinders no other.
stages() {
	jr-schedule --now "$1" </dev/null >out.schedule 2>>log
	jr-send-sms --now "$1" <out.schedule >out.sms 2>>log
	jr-send-push --now "$1" <out.sms >out 2>>log
}

# run CRASH: once with JR_CRASH, and then until nothing is left to do.
run() {
	rm -f jr.db* outbox.ndjson log
	cp fresh.db jr.db
	for now in "$(at 0 15:00)" "$(at 0 16:00)"; do
		JR_CRASH=$1 stages "$now"
	done
	# A lease and a claim's limit later, and again for who set out late.
	for now in "$(at 0 16:01)" "$(at 0 16:06)" "$(at 0 16:17)" \
		"$(at 0 17:02)" "$(at 0 17:08)" "$(at 0 17:20)"; do
		stages "$now"
	done
}

# What holds at the end, wherever it died.
holds() {
	twice=$(jq -r '"\(.id) \(.to)"' outbox.ndjson | sort | uniq -d | wc -l)
	open=$(sqlite3 jr.db 'SELECT COUNT(*) FROM messages WHERE state IN
		(1, 2, 3, 5)')
	live=$(sqlite3 jr.db 'SELECT COUNT(*) FROM enrolments WHERE state = 1')
	some=$(sqlite3 jr.db 'SELECT COUNT(*) FROM messages')
	# What is accepted was handed over, but for email, which is the pipe.
	sqlite3 jr.db 'SELECT id FROM messages WHERE state = 4
		AND channel <> 3' | sort >accepted
	sqlite3 jr.db 'SELECT id FROM messages WHERE state = 7' | sort >unknown
	jq -r .id outbox.ndjson | sort >handed
	false_yes=$(comm -23 accepted handed | wc -l)
	lost=$(sort -m accepted unknown | comm -13 - handed | wc -l)
	echo "twice $twice, open $open, live $live, messages $some," \
		"accepted not handed over $false_yes, handed over and lost $lost" >why
	[ "$twice$open$live$false_yes$lost" = 00000 ] &&
		[ "$some" -eq $((people * 3)) ]
}

run list
grep -E '^[a-z]+-[a-z-]+$' log | sort | uniq -c >places
cat places >why
test "$(wc -l <places)" -ge 10
result $? 'there are places to die at'
holds
result $? 'nobody dies: all is well'
while read -r times place; do
	# The first pass, the second, and the last.
	for pass in 1 2 "$times"; do
		[ "$pass" -le "$times" ] || continue
		run "$place:$pass"
		holds
		result $? "killed at $place, pass $pass"
		[ "$pass" -ne 2 ] || [ "$times" -gt 2 ] || break
	done
done <places
finish
