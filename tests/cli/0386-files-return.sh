#!/bin/sh
# Files that change and change back, go and return: what their triggers have
# set up, and those who are on the way by them.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
needs sqlite3
allow_many
cp jr.yaml plain.yaml
push='push: {id: p, title: T, body: B}'

scene() {
	rm -rf workflows jr.db* outbox.ndjson stream in segments.yaml kept
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
# ends TITLE TIME PERSON WORDS: how the newest run stands in their story.
ends() {
	check "$1" 0 jr-schedule --now "$2" --explain "$3"
	says "$1: so it is told" out "$4"
}
known() {
	for id; do
		person "$id"
		device "$id" "token-$id"
	done
}

scene 'a date whose offset changes and changes back'
dated() {
	workflow dated <<!
trigger: {date: ends, offset: $1}
steps: [$push]
!
}
dated -1d
known u1
attributes u1 "$(at 0 14:00)" '"ends":"2026-11-20T15:00:00Z"'
nothing 'a day before' "$(at 0 15:00)"
dated -3d
nothing 'three days before' "$(at 0 15:01)"
dated -1d
nothing 'a day before, again' "$(at 0 15:02)"
nothing 'is not three days before' "$(at 15 15:00)"
went 'but one' "$(at 17 15:00)" <<!
dated/p u1
!

scene 'birthdays whose file is away on one'
workflow birthday <<!
trigger: {date: born, yearly: true, at: "09:00"}
reentry: always
steps: [$push]
!
known u1 u2
attributes u1 "$(at 0 14:00)" '"born":"1990-11-05"'
attributes u2 "$(at 0 14:00)" '"born":"1990-11-10"'
nothing 'both are to come' "$(at 0 15:00)"
mv workflows kept
mkdir workflows
nothing 'the file is gone on the one' "$(at 3 15:00)"
attributes u2 "$(at 3 16:00)" '"born":"1990-11-12"'
nothing 'and when the other is found to be two days later' "$(at 3 16:00)"
rmdir workflows
mv kept workflows
nothing 'it returns' "$(at 4 15:00)"
nothing 'which is known' "$(at 8 14:00)"
went 'when it has come' "$(at 10 14:00)" <<!
birthday/p u2
!
went 'and so does the one that was missed, in a year' 2027-11-05T14:00:00Z <<!
birthday/p u1
!

scene 'a leap day'
workflow leap <<!
trigger: {date: born, yearly: true, at: "09:00"}
reentry: always
steps: [$push]
!
known u1
attributes u1 "$(at 0 14:00)" '"born":"1992-02-29"'
nothing 'is to come' "$(at 0 15:00)"
for day in 2027-02-28 2028-02-29 2029-02-28; do
	nothing "the day before $day" "$(date -u -d "$day - 1 day" +%F)T14:00:00Z"
	went "$day" "${day}T14:00:00Z" <<!
leap/p u1
!
done

scene 'a broadcast that changes and changes back'
echo 'all: has timezone' >segments.yaml
weekly() {
	workflow weekly <<!
trigger: {schedule: {segment: all, days: [$1], at: "10:00"}}
reentry: always
steps: [$push]
!
}
weekly tue
known u1
nothing 'on Tuesdays' "$(at 0 15:00)"
weekly thu
nothing 'on Thursdays' "$(at 0 15:01)"
weekly tue
nothing 'on Tuesdays, again' "$(at 0 15:02)"
went 'it is Tuesday' "$(at 1 15:00)" <<!
weekly/p u1
!
nothing 'it is Thursday' "$(at 3 15:00)"
mv workflows kept
mkdir workflows
nothing 'the file is gone on a Tuesday' "$(at 8 15:00)"
rmdir workflows
mv kept workflows
nothing 'it returns' "$(at 9 15:00)"
went 'for the next' "$(at 15 15:00)" <<!
weekly/p u1
!

scene 'people who move before a broadcast'
echo 'all: has timezone' >segments.yaml
workflow ten <<!
trigger: {schedule: {segment: all, day: 2026-11-05, at: "10:00"}}
steps: [$push]
!
known u1 u2 u3
nothing 'all are in New York' "$(at 0 15:00)"
nothing 'the broadcast has begun in the far east' "$(at 2 20:00)"
attributes u1 "$(at 3 00:00)" '"timezone":"America/Los_Angeles"'
attributes u2 "$(at 3 00:00)" '"timezone":"Europe/Paris"'
nothing 'two fly, west and east' "$(at 3 00:00)"
went 'ten in Paris' "$(at 3 09:00)" <<!
ten/p u2
!
went 'ten in New York' "$(at 3 15:00)" <<!
ten/p u3
!
nothing 'nine in the west' "$(at 3 17:00)"
went 'ten in the west' "$(at 3 18:00)" <<!
ten/p u1
!

scene 'a version that takes over who is on the way'
moved() {
	{
		printf 'migrate: true\ntrigger: {event: Go}\n'
		cat
	} | workflow moved
}
moved <<!
steps:
  - {id: pause, wait: 10d}
  - push: {id: p, title: T, body: old, deadline: 6h}
!
known u1 u2 u3 u4
for id in u1 u2 u3; do
	event $id Go "$(at 0 15:00)"
done
nothing 'three wait for ten days' "$(at 0 15:00)"
moved <<!
goal: {event: Won}
exit: {on: [goal], events: [Cancelled]}
steps:
  - {id: pause, wait: 2d}
  - push: {id: p, title: T, body: new, deadline: 6h}
!
event u1 Cancelled "$(at 3 14:00)"
event u2 Won "$(at 3 14:00)"
went 'its pauses are theirs, though they would be over by now' \
	"$(at 3 15:00)" <<!
moved/p u3
!
jq -r .body outbox.ndjson >got
same 'and its texts' got <<!
new
!
ends 'its exits' "$(at 3 15:00)" u1 'exited: event Cancelled'
ends 'its goal' "$(at 3 15:00)" u2 'left, as the goal was reached'
event u4 Go "$(at 4 15:00)"
nothing 'the next one' "$(at 4 15:00)"
moved <<!
steps:
  - {id: pause, wait_for: {event: Never, timeout: 1d}}
  - push: {id: p, title: T, body: third}
!
went 'a pause may become another step' "$(at 5 15:00)" <<!
moved/p u4
!
moved <<!
steps:
  - {id: pause, wait_for: {event: Never, timeout: 9d}}
  - push: {id: p, title: T, body: third}
!
known u5
event u5 Go "$(at 6 15:00)"
nothing 'somebody waits for nine days' "$(at 6 15:00)"
moved <<!
steps:
  - {id: pause, wait_for: {event: Never, timeout: 1d}}
  - push: {id: p, title: T, body: fourth}
!
nothing 'which become one' "$(at 6 16:00)"
went 'from its beginning' "$(at 7 15:00)" <<!
moved/p u5
!
scene 'a text that waits for the morning'
sed -i '/^quiet_hours/d' jr.yaml
moved <<!
steps: [push: {id: p, title: T, body: wrnog}]
!
known u1
event u1 Go "$(at 1 03:00)"
nothing 'is wrong' "$(at 1 03:00)"
moved <<!
steps: [push: {id: p, title: T, body: right}]
!
went 'and put right in time' "$(at 1 13:00)" <<!
moved/p u1
!
jq -r .body outbox.ndjson >got
same 'as it is said' got <<!
right
!

scene 'a filter that time alone ends'
workflow young <<!
trigger: {event: Go}
filter: created_at > 2d ago and not happened("Stop" within 1h)
exit: {on: [filter]}
steps:
  - {id: pause, wait: 4d}
  - set: {touched: true}
  - $push
!
workflow stays <<!
trigger: {event: Go}
filter: created_at > 2d ago
steps:
  - {id: pause, wait: 4d}
  - $push
!
known u1 u2 u3
for id in u1 u2; do
	attributes $id "$(at 0 13:00)" "\"created_at\":\"$(at 0 12:00)\""
	event $id Go "$(at 0 15:00)"
done
nothing 'two set out' "$(at 0 15:00)"
ends 'they wait for the end of the pause' "$(at 0 15:01)" u1 \
	"now at 'pause', next 2026-11-06 10:00"
attributes u2 "$(at 1 15:00)" "\"created_at\":\"$(at 1 12:00)\""
nothing 'the one has more time, it turns out' "$(at 1 15:00)"
nothing 'it ends while they rest' "$(at 2 12:01)"
ends 'the one has left' "$(at 2 12:01)" u1 '2026-11-04 07:01  exited: filter'
ends 'the other not yet' "$(at 2 12:01)" u2 "now at 'pause', next 2026-11-06"
nothing 'and a day later' "$(at 3 12:01)"
ends 'it has, too' "$(at 3 12:01)" u2 '2026-11-05 07:01  exited: filter'
nothing 'the pause is over' "$(at 4 15:00)"
check 'who has left is not touched' 0 jr-segment --where 'touched == true' \
	--now "$(at 4 15:00)"
silent 'by any step' out
ends 'by a filter alone nobody leaves' "$(at 4 15:00)" u1 \
	'no, filter: the workflow.s filter does not hold'

scene 'what the brake held'
cat >>jr.yaml <<'!'
brake: {min_sent: 2}
!
workflow held <<'!'
trigger: {event: Go}
steps: [sms: {id: s, body: Hello}]
!
for id in u1 u2 u3 u4 u5 u6; do
	person $id
	event $id Go "$(at 0 15:00)"
done
check 'six are texted' 0 tick "$(at 0 15:00)"
jq -r 'select(.metric == "sent") | .data.delivery_id' stream |
	while read -r id; do
		echo "{\"type\":\"delivery\",\"identifiers\":{\"id\":\"$id\"},\"action\":\"event\",\"name\":\"unsubscribed\",\"timestamp\":\"$(at 0 15:30)\"}" >>in
	done
person u8
event u8 Go "$(at 0 16:00)"
nothing 'and all opt out' "$(at 0 16:00)"
echo '{"type":"workflow","action":"release","attributes":{"workflow":"held","by":"Dana Reyes"}}' >>in
went 'goes at once when a person releases it' "$(at 0 16:10)" <<!
held/s u8
!
finish
