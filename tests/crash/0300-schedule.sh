#!/bin/sh
# Kill jr-schedule at each place where its state changes, in a world with every
# kind of trigger and step, and run it again at the same instant: in the end
# all is as if it had never died.
. "${0%/*}/../cli/lib.sh"
. "$TOP/tests/cli/world.sh"
needs sqlite3

cat >segments.yaml <<'!'
pro: plan == "pro"
!
workflow all <<'!'
trigger: {event: Go, where: event.n > 0}
key: event.n
goal: {event: Bought}
settle: 10m
steps:
  - set: {went: true}
  - track: {event: Went, properties: {n: "{{ event.n }}"}}
  - wait_for:
      event: Came
      timeout: 1h
      then: [push: {id: came, title: T, body: B}]
      else: [sms: {id: nudge, body: Hello, cap: defer}]
  - split:
      name: half
      arms: [{name: a, share: 0.5}, {name: b, share: 0.5}]
  - emit: {type: note, of: "{{ customer.went }}"}
  - push: {id: last, title: T, body: B}
!
workflow raised <<'!'
trigger: {event: Went}
priority: 5
steps: [sms: {id: s, body: Hello, cap: defer}]
!
workflow pro <<'!'
trigger: {enters: pro}
filter: plan == "pro"
steps: [wait: 30m, push: {id: m, title: T, body: B}]
!
workflow dated <<'!'
trigger: {date: ends, offset: -1d}
steps: [push: {id: p, title: T, body: B}]
!
workflow cast <<'!'
trigger: {schedule: {segment: pro, day: 2026-11-02, at: "11:00"}}
steps: [push: {id: p, title: T, body: B}]
!
for i in 1 2 3; do
	person "u$i" "\"email\":\"u$i@example.com\",\"plan\":\"pro\""
	device "u$i" "t-$i"
	attributes "u$i" "$(at 0 14:00)" '"ends":"2026-11-03T15:30:00Z"'
	event "u$i" Go "$(at 0 14:00)" '"n":1'
	event "u$i" Go "$(at 0 14:00)" '"n":2'
done
event u1 Came "$(at 0 14:30)"
event u2 Bought "$(at 0 14:40)"
attributes u3 "$(at 0 14:20)" '"plan":"free"'
jq -c '.timestamp = (.timestamp | if type == "number" then . else fromdate end)' \
	in >history

# reach TIME: what happened until then comes in; segments follow.
reach() {
	jq -c --arg now "$1" 'select(.timestamp <= ($now | fromdate))' \
		history | jr-ingest --now "$1" >/dev/null 2>>log
	jr-segment --now "$1" </dev/null >/dev/null 2>>log
}
instants="$(at 0 14:00) $(at 0 14:10) $(at 0 14:30) $(at 0 14:40)
	$(at 0 15:20) $(at 0 16:00) $(at 1 14:00) $(at 1 15:30) $(at 1 16:00)"

# run CRASH: all of it, each tick first with JR_CRASH.
run() {
	rm -f jr.db* log
	: >died
	for now in $instants; do
		reach "$now"
		JR_CRASH=$1 jr-schedule --now "$now" </dev/null >out 2>>log ||
			echo "$now" >>died
		jr-schedule --now "$now" </dev/null >>out 2>>log ||
			echo "again $now" >>died
	done
}

# What there is in the end, but for numbers that the store gives.
state() {
	sqlite3 jr.db "SELECT m.id, m.state, m.wake_s, m.due_s, m.variant
		FROM messages m ORDER BY 1;
		SELECT e.workflow, p.id, e.key, e.run, e.state, e.step,
		e.end_reason, e.goal_s, e.vars FROM enrolments e
		JOIN people p ON p.person = e.person ORDER BY 1, 2, 3, 4;
		SELECT d.workflow, d.step, p.id, d.message, d.gate, d.verdict,
		d.at_s, d.opens_s FROM decisions d JOIN people p
		ON p.person = d.person ORDER BY 1, 2, 3, 4, 5, 6, 7, 8;
		SELECT m.id, t.metric, t.at_s FROM metrics t JOIN messages m
		ON m.message_row = t.message_row ORDER BY 1, 2;
		SELECT kind, name, at_s, COUNT(*) FROM log
		GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
		SELECT id, attributes FROM people ORDER BY 1;
		SELECT kind, owner, person, due_s FROM timers
		ORDER BY 1, 2, 3; SELECT day, workflow, step, counted, n
		FROM counters ORDER BY 1, 2, 3, 4"
}

run list
grep -E '^[a-z]+-[a-z-]+$' log | sort | uniq -c | grep -v -e ingest- \
	-e segment- >places
cat places >why
test "$(wc -l <places)" -ge 8
result $? 'there are places to die at'
silent 'nobody dies' died
state >wanted
sqlite3 jr.db 'SELECT workflow, COUNT(*) FROM messages GROUP BY 1' >got
same 'every kind of journey went' got <<'!'
all|6
cast|2
dated|3
pro|3
raised|3
!
while read -r times place; do
	for pass in 1 2 3; do
		[ "$pass" -le "$times" ] || continue
		run "$place:$pass"
		state >got
		[ -s died ] || echo 'nobody died' >>got
		same "killed at $place, pass $pass of each run" got <wanted
	done
done <places
finish
