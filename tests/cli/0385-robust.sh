#!/bin/sh
# What holds when things go wrong around it: a missed cron with caps and
# priorities, a clock set back, files that go and come, people who change while
# their message waits, goals owed to clicks.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
needs sqlite3
cp jr.yaml plain.yaml

scene() {
	rm -rf workflows jr.db* outbox.ndjson stream in segments.yaml
	mkdir workflows
	: >in
	: >stream
	cp plain.yaml jr.yaml
	echo "# $1"
}
# went TITLE TIME: a tick; what went is what stdin says.
went() {
	check "$1" 0 tick "$2"
	sent | sort >got
	same "$1: so it is" got
}
nothing() { went "$1" "$2" </dev/null; }
heard() { # TITLE: what was decided is what stdin says
	decided | sort >got
	same "$1" got
}

scene 'cron missed three days, and comes back at night'
for p in 1 5 9; do
	workflow "p$p" <<!
trigger: {event: Go}
priority: $p
steps:
  - wait: 1d
  - sms: {id: one, body: Hello, cap: defer}
  - wait: 1d
  - sms: {id: two, body: Hello, cap: defer}
!
done
workflow short <<'!'
trigger: {event: Go}
steps:
  - wait: 1d
  - sms: {id: one, body: Hello, deadline: 6h}
!
person u1
person u2
event u1 Go "$(at 0 15:00)"
event u2 Go "$(at 0 15:00)"
nothing 'two set out on four journeys' "$(at 0 15:00)"
nothing 'at night nothing bursts out' "$(at 4 03:30)"
heard 'past its deadline it is dropped, the rest waits for the morning' <<'!'
p1/one u1 later quiet_hours
p1/one u2 later quiet_hours
p5/one u1 later quiet_hours
p5/one u2 later quiet_hours
p9/one u1 later quiet_hours
p9/one u2 later quiet_hours
short/one u1 no deadline
short/one u2 no deadline
!
went 'in the morning one text each, by priority' "$(at 4 13:00)" <<'!'
p9/one u1
p9/one u2
!
went 'a day later its next, before what waits longer' "$(at 5 13:00)" <<'!'
p9/two u1
p9/two u2
!
went 'then the others' "$(at 6 13:00)" <<'!'
p5/one u1
p5/one u2
!
nothing 'four in thirty days, no more, have their limit' "$(at 6 13:01)"
went 'the fourth' "$(at 7 13:00)" <<'!'
p5/two u1
p5/two u2
!
nothing 'there is no fifth' "$(at 10 13:00)"

scene 'cron missed what someone waited for, and when time was up'
workflow waits <<'!'
trigger: {event: Go}
steps:
  - wait_for:
      event: Came
      timeout: 1h
      then: [push: {id: came, title: T, body: B}]
      else: [push: {id: late, title: T, body: B}]
!
workflow exits <<'!'
trigger: {event: Go}
exit: {events: [Left]}
steps:
  - wait: 3d
  - push: {id: p, title: T, body: B}
!
for id in u1 u2 u3; do
	person $id
	device $id "t-$id"
	event $id Go "$(at 0 15:00)"
done
nothing 'three set out' "$(at 0 15:00)"
event u1 Came "$(at 0 15:59)"
event u2 Came "$(at 0 16:01)"
event u2 Left "$(at 0 14:59)"
event u3 Left "$(at 0 15:01)"
meanwhile() { jr-ingest --now "$(at 1 15:00)" <in >out && : >in; }
check 'things happen, in time and not' 0 meanwhile
went 'what came in time has come, whenever cron does' "$(at 3 15:00)" <<'!'
exits/p u1
exits/p u2
waits/came u1
waits/late u2
waits/late u3
!

scene 'the clock set back'
for w in first second; do
	workflow $w <<!
trigger: {event: $w}
steps: [sms: {id: s, body: Hello}]
!
done
person u1
event u1 first "$(at 1 15:00)"
went 'a text goes' "$(at 1 15:00)" <<'!'
first/s u1
!
event u1 second "$(at 0 15:00)"
nothing 'a day back, another is due' "$(at 0 15:00)"
heard 'what was sent in the future counts' <<'!'
second/s u1 no cap
!

scene 'files that go and come'
flow() {
	workflow comes <<!
trigger: {event: Go}
${2-}
steps:
  - wait: {for: 1h$3}
  - push: {id: p, title: T, body: $1}
!
	sed -i 's/^  - wait: .*/  - {id: pause, wait: 1h}/' workflows/comes.yaml
	[ -z "$3" ] || sed -i 's/id: pause, //' workflows/comes.yaml
}
flow one '' ''
person u1
device u1 t1
person u2
device u2 t2
event u1 Go "$(at 0 15:00)"
nothing 'someone is on the way' "$(at 0 15:00)"
mv workflows/comes.yaml kept
nothing 'the file is gone' "$(at 0 15:30)"
event u2 Go "$(at 0 15:30)"
nothing 'and starts nobody' "$(at 0 15:31)"
mv kept workflows/comes.yaml
went 'it is back before the pause is over' "$(at 0 16:00)" <<'!'
comes/p u1
!
event u2 Go "$(at 0 17:00)"
nothing 'the next one rests at a step' "$(at 0 17:00)"
flow two 'migrate: true' gone
went 'that a version that takes over does not have' "$(at 0 18:00)" <<'!'
comes/p u2
!
jq -r .body outbox.ndjson | tail -n 1 >got
same 'so they go on by their own' got <<'!'
one
!
# Broken in mid-journey: nothing moves, nothing is lost.
rm jr.db*
flow one '' ''
person u1
device u1 t1
event u1 Go "$(at 0 15:00)"
nothing 'on the way again' "$(at 0 15:00)"
cp workflows/comes.yaml kept
echo 'steps: [' >>workflows/comes.yaml
check 'a file that is broken stops all' 78 jr-schedule --now "$(at 0 16:00)"
check 'and again' 78 jr-schedule --now "$(at 0 16:01)"
mv kept workflows/comes.yaml
went 'when it is mended all goes on' "$(at 0 16:02)" <<'!'
comes/p u1
!

scene 'people change while their message waits'
workflow waits <<'!'
trigger: {event: Go}
steps: [sms: {id: s, body: Hello}]
!
for i in 1 2 3 4 5 6; do
	person "u$i"
	event "u$i" Go "$(at 1 02:30)"
done
nothing 'all are put off until the morning' "$(at 1 02:30)"
cat >>in <<'!'
{"type":"person","action":"merge","primary":{"id":"u1"},"secondary":{"id":"u2"}}
{"type":"person","identifiers":{"id":"u3"},"action":"delete"}
!
attributes u4 "$(at 1 03:00)" '"timezone":"America/Los_Angeles"'
attributes u5 "$(at 1 03:00)" '"timezone":"Europe/Paris"'
attributes u6 "$(at 1 03:00)" '"sms_consent":false'
went 'two become one, one is erased, one says no; in the west it is evening' \
	"$(at 1 03:00)" <<'!'
waits/s u4
!
heard 'and who moved east waits for another morning at once' <<'!'
waits/s u5 later quiet_hours
!
nothing 'the other side of the ocean is open first, but at its own time' \
	"$(at 1 06:59)"
went 'which is looked at when it comes, not in the morning of the old place' \
	"$(at 1 07:00)" <<'!'
waits/s u5
!
went 'in the morning, who is one has one number a text goes to' \
	"$(at 1 13:00)" <<'!'
waits/s u1
!
heard 'the gates were asked again' <<'!'
waits/s u6 no consent
!
sqlite3 jr.db "SELECT COUNT(*) FROM messages WHERE state IN (1, 2)" >got
same 'nothing stays behind' got <<'!'
0
!

scene 'goals owed to clicks'
cat >>jr.yaml <<'!'
caps: {sms: [], push: []}
quiet_hours: {channels: []}
!
workflow clicks <<'!'
trigger: {event: Go}
goal: {event: Bought, after: clicked, within: 2d}
exit: {on: []}
steps: [push: {id: p, title: T, body: B}]
!
workflow delivers <<'!'
trigger: {event: Go}
goal: {event: Bought, after: delivered, within: 2d}
exit: {on: []}
steps: [push: {id: p, title: T, body: B}]
!
for i in 1 2 3; do
	person "u$i"
	device "u$i" "t$i"
	event "u$i" Go "$(at 0 15:00)"
done
check 'three get two messages each' 0 tick "$(at 0 15:00)"
click() { # PERSON TIME
	jq -r --arg id "$1" 'select(.metric == "sent" and
		.data.identifiers.id == $id) | .data.delivery_id' stream |
		while read -r id; do
			echo "{\"type\":\"delivery\",\"identifiers\":{\"id\":\"$id\"},\"action\":\"event\",\"name\":\"clicked\",\"timestamp\":\"$2\"}" >>in
		done
}
click u1 "$(at 1 15:00)"
click u2 "$(at 0 16:00)"
check 'two click, on different days' 0 tick "$(at 1 15:00)"
for i in 1 2 3; do
	event "u$i" Bought "$(at 3 14:00)"
done
check 'all buy on day three' 0 tick "$(at 3 14:00)"
sqlite3 -separator ' ' jr.db "SELECT m.workflow, p.id FROM metrics x
	JOIN messages m ON m.message_row = x.message_row JOIN people p
	ON p.person = m.person WHERE x.metric = 5 ORDER BY 1, 2" >got
same 'two days after a click it is owed to it, after delivery to none' got <<'!'
clicks u1
!
finish
