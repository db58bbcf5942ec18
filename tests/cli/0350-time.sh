#!/bin/sh
# Cron was late, the clock was set back, files changed, people moved: what
# holds all the same.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
allow_many

# fresh: an empty state, and no workflow.
fresh() {
	rm -rf workflows jr.db* outbox.ndjson stream in
	mkdir workflows
	: >in
	: >stream
}

# --- cron was away for five days ---
workflow steps <<'!'
trigger: {event: Go}
steps:
  - wait: 1d
  - push: {id: one, title: T, body: B}
  - wait: 1d
  - push: {id: two, title: T, body: B}
!
workflow timely <<'!'
trigger: {event: Go}
steps:
  - wait: 1d
  - push: {id: one, title: T, body: B, deadline: 6h}
  - push: {id: two, title: T, body: B}
!
workflow window <<'!'
trigger: {event: Go}
steps:
  - wait: {for: 1d, window: {from: "09:00", until: "12:00"}}
  - push: {id: one, title: T, body: B}
!
person u1
device u1 t1
event u1 Go "$(at 0 15:00)"
check 'someone sets out' 0 tick "$(at 0 15:00)"
check 'and cron is away until day 5, 16:30 in New York' 0 tick "$(at 5 21:30)"
sent | sort >got
same 'one message goes, not all at once' got <<'!'
steps/one u1
timely/two u1
!
decided >got
same 'what is past its deadline is dropped' got <<'!'
timely/one u1 no deadline
!
check 'in the morning' 0 tick "$(at 6 14:00)"
sent >got
same 'a window holds' got <<'!'
window/one u1
!
check 'a day after the first' 0 tick "$(at 6 21:30)"
sent >got
same 'comes the second' got <<'!'
steps/two u1
!

# --- a minute late each time does not add up ---
fresh
{
	printf 'trigger: {event: Go}\nsteps:\n'
	for i in 1 2 3 4; do
		echo "  - wait: 1h"
		echo "  - push: {id: p$i, title: T, body: B}"
	done
} | workflow exact
person u1
device u1 t1
event u1 Go "$(at 0 12:00)"
check 'cron comes a minute late' 0 tick "$(at 0 12:00)"
: >got
for hour in 13 14 15 16; do
	tick "$(at 0 $hour:00)"
	sent | sed "s/^/$hour:00 /" >>got
	tick "$(at 0 $hour:01)"
	sent | sed "s/^/$hour:01 /" >>got
done
same 'and the journey keeps its hours' got <<'!'
13:00 exact/p1 u1
14:00 exact/p2 u1
15:00 exact/p3 u1
16:00 exact/p4 u1
!

# --- the clock is set back ---
fresh
workflow back <<'!'
trigger: {event: Go}
reentry: 1h
steps:
  - push: {id: now, title: T, body: B}
  - wait: 1h
  - push: {id: later, title: T, body: B}
!
person u1
device u1 t1
event u1 Go "$(at 0 15:00)"
check 'a journey begins' 0 tick "$(at 0 15:00)"
check 'the clock is set back two hours' 0 tick "$(at 0 13:00)"
sent >got
same 'nothing goes twice, nothing early' got </dev/null
event u1 Go "$(at 0 13:30)"
check 'an event comes from before it began' 0 tick "$(at 0 13:30)"
sent >got
same 'nobody is on it twice' got </dev/null
check 'time goes on' 0 tick "$(at 0 16:00)"
sent >got
same 'and so does the journey' got <<'!'
back/later u1
!

# --- the file changes in mid-journey ---
fresh
flow() { # BODY MORE...
	what=$1
	shift
	{
		printf 'trigger: {event: Go}\n'
		[ $# -eq 0 ] || printf '%s\n' "$@"
		printf 'steps:\n  - wait: 1h\n'
		printf '  - push: {id: p, title: T, body: %s}\n' "$what"
	} | workflow changing
}
bodies() { jq -r .body outbox.ndjson 2>/dev/null; }
flow old
for id in u1 u2 u3 u4; do
	person $id
	device $id "t-$id"
done
event u1 Go "$(at 0 12:00)"
check 'someone is on the way' 0 tick "$(at 0 12:00)"
flow new
event u2 Go "$(at 0 12:10)"
check 'the file changes' 0 tick "$(at 0 12:10)"
check 'both arrive' 0 tick "$(at 0 13:10)"
bodies >got
same 'each by the version they set out with' got <<'!'
old
new
!
event u3 Go "$(at 0 14:00)"
check 'the next one' 0 tick "$(at 0 14:00)"
flow newest 'migrate: true'
check 'the file takes over who is on the way' 0 tick "$(at 0 15:00)"
bodies >got
same 'when it says so' got <<'!'
old
new
newest
!
event u4 Go "$(at 0 16:00)"
check 'the next one sets out' 0 tick "$(at 0 16:00)"
echo 'steps: [wiat: 1d]' >>workflows/changing.yaml
check 'a file that is wrong stops all' 78 jr-schedule --now "$(at 0 17:00)"
same 'before the first record' out </dev/null
says 'and says where' err 'changing\.yaml:[0-9]+:'
check 'senders, too' 78 jr-send-push --now "$(at 0 17:00)"
rm workflows/changing.yaml
check 'a file that is gone' 0 tick "$(at 0 17:00)"
decided >got
same 'sends nothing more' got <<'!'
changing/p u4 no enabled
!

# --- people move ---
fresh
workflow nine <<'!'
trigger: {event: Go}
steps:
  - wait: {until: "09:00"}
  - push: {id: p, title: T, body: B}
!
workflow ends <<'!'
trigger: {event: Go}
steps:
  - wait: {date: ends, offset: -1d}
  - push: {id: p, title: T, body: B}
!
person u1
device u1 t1
attributes u1 "$(at 0 15:00)" '"ends":"2026-11-10T12:00:00Z"'
event u1 Go "$(at 0 15:00)"
check 'someone in New York waits for nine' 0 tick "$(at 0 15:00)"
attributes u1 "$(at 0 16:00)" '"timezone":"Europe/Paris","ends":"2026-11-12T12:00:00Z"'
check 'and flies to Paris' 0 tick "$(at 0 16:00)"
: >got
for now in "$(at 1 08:00)" "$(at 1 14:00)" "$(at 7 12:00)" "$(at 9 12:00)"; do
	tick "$now"
	sent | sed "s/^/$now /" >>got
done
same 'nine is nine there, and a date that moves moves the pause' got <<'!'
2026-11-03T08:00:00Z nine/p u1
2026-11-11T12:00:00Z ends/p u1
!
event u1 Go "$(at 10 12:00)"
person u2
event u2 Go "$(at 10 12:00)"
check 'one without the date' 0 tick "$(at 10 12:00)"
check 'explains itself' 0 jr-schedule --now "$(at 10 12:00)" --explain u2
says 'it left' out "exited: wait '1': 'ends'"

fresh
workflow w <<'!'
trigger: {event: Go}
steps:
  - wait: 1h
  - push: {id: p, title: T, body: B}
!
for id in u1 u2 u3 u4; do
	person $id
	device $id "t-$id"
	event $id Go "$(at 0 12:00)"
done
check 'four wait' 0 tick "$(at 0 12:00)"
cat >in <<'!'
{"type":"person","identifiers":{"id":"u1"},"action":"delete"}
{"type":"person","action":"merge","primary":{"id":"u2"},"secondary":{"id":"u3"}}
{"type":"person","identifiers":{"id":"u4"},"action":"suppress"}
!
check 'one is erased, two are one, one is suppressed' 0 tick "$(at 0 12:30)"
check 'the pause is over' 0 tick "$(at 0 13:00)"
sent >got
same 'and one message leaves, once' got <<'!'
w/p u2
w/p u2
!
json 'to both of their devices' outbox.ndjson \
	'map(.to) | sort == ["t-u2", "t-u3"]'
finish
