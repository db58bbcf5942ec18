#!/bin/sh
# What starts a journey, who may enter, and how often.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"

# All send a push at once: nothing but the trigger stands in its way.
push() { printf 'steps:\n  - push: {id: p, title: T, body: %s}\n' "$1"; }
simple() { { cat; push "${2:-B}"; } | workflow "$1"; }
allow_many

simple any <<'!'
trigger: {event: Ping}
reentry: always
!
simple where <<'!'
trigger: {event: Ping, where: event.n > 2}
reentry: always
!
simple filtered <<'!'
trigger: {event: Ping}
filter: plan == "pro"
reentry: always
!
simple once <<'!'
trigger: {event: Ping}
!
simple every <<'!'
trigger: {event: Ping}
reentry: 1d
!
simple keyed <<'!'
trigger: {event: Ping}
key: event.order
!
simple off <<'!'
enabled: false
trigger: {event: Ping}
!
for id in u1 u2; do
	person $id
	device $id "token-$id"
done
attributes u2 "$(at 0 14:00)" '"plan":"pro"'
event u1 Ping "$(at 0 15:00)" '"n":3,"order":"a"'
event u2 Ping "$(at 0 15:00)" '"n":2,"order":7'
check 'an event starts the workflows it is named in' 0 tick "$(at 0 15:00)"
sent | sort >got
same 'where their conditions hold' got <<'!'
any/p u1
any/p u2
every/p u1
every/p u2
filtered/p u2
keyed/p u1
keyed/p u2
once/p u1
once/p u2
where/p u1
!
event u1 Ping "$(at 0 16:00)" '"n":1,"order":"b"'
event u2 Ping "$(at 0 16:00)" '"n":9,"order":7'
check 'an hour later' 0 tick "$(at 0 16:00)"
sent | sort >got
same 'who was there may come again as re-entry and key say' got <<'!'
any/p u1
any/p u2
filtered/p u2
keyed/p u1
where/p u2
!
event u1 Ping "$(at 1 15:00)" '"order":"b"'
check 'a day later' 0 tick "$(at 1 15:00)"
sent | sort >got
same 'the pause between entries is over' got <<'!'
any/p u1
every/p u1
!

event u1 Ping "$(at 0 15:00)" '"order":"c"'
check 'old news' 0 tick "$(at 4 15:00)"
sent >got
same 'starts nothing' got </dev/null
event u1 Ping "$(at 4 15:00)" '"order":"d"'
backfill() { jr-ingest --backfill --now "$(at 4 15:00)" <in >out && : >in; }
check 'nor does what is backfilled' 0 backfill
check 'even if it is new' 0 tick "$(at 4 15:01)"
sent >got
same 'start anything' got </dev/null
# The scheduler was away, not the events.
event u1 Ping "$(at 5 10:00)" '"order":"e"'
late() { jr-ingest --now "$(at 5 10:00)" <in >out && : >in; }
check 'what came in on time' 0 late
check 'and was not looked at for four days' 0 tick "$(at 9 10:01)"
sent >got
same 'is old news by then' got </dev/null

rm workflows/*
simple called <<'!'
trigger: {record: promo, where: event.size == "big"}
reentry: always
!
trigger() {
	echo "{\"type\":\"person\",\"identifiers\":{\"id\":\"$1\"},\"action\":\"trigger\",\"name\":\"$2\",\"attributes\":{\"size\":\"$3\"}}" >>in
}
trigger u1 promo big
trigger u1 other big
trigger u2 promo small
event u2 promo "$(at 9 11:00)" '"size":"big"'
check 'a trigger record' 0 tick "$(at 9 11:00)"
sent >got
same 'starts the workflow that waits for it' got <<'!'
called/p u1
!

rm workflows/*
cat >segments.yaml <<'!'
pro: plan == "pro"
!
simple enters <<'!'
trigger: {enters: pro}
!
simple leaves <<'!'
trigger: {leaves: pro}
!
simple settled <<'!'
trigger: {enters: pro}
settle: 30m
filter: plan == "pro"
reentry: always
!
attributes u1 "$(at 10 10:00)" '"plan":"pro"'
check 'entering a segment starts a journey' 0 tick "$(at 10 10:00)"
sent | sort >got
same 'also for who was in it from the start' got <<'!'
enters/p u1
enters/p u2
!
attributes u1 "$(at 10 10:10)" '"plan":"free"'
check 'and so does leaving' 0 tick "$(at 10 10:10)"
sent | sort >got
same 'for whoever left' got <<'!'
leaves/p u1
!
check 'after the pause' 0 tick "$(at 10 10:30)"
sent | sort >got
same 'only who still matches the filter sets out' got <<'!'
settled/p u2
!

rm workflows/* segments.yaml
simple dated <<'!'
trigger: {date: trial_ends_at, offset: -1d}
reentry: always
!
simple birthday <<'!'
trigger: {date: born, yearly: true, at: "09:00"}
reentry: always
!
attributes u1 "$(at 11 09:00)" '"trial_ends_at":"2026-11-20T15:00:00Z","born":"1990-11-15"'
attributes u2 "$(at 11 09:00)" '"trial_ends_at":"2026-11-12T15:00:00Z","born":"soon"'
check 'a date is set' 0 tick "$(at 11 09:00)"
sent >got
same 'and has not come, or is past: nothing starts' got </dev/null
check 'on the birthday, 09:00 of a New Yorker' 0 tick "$(at 13 14:00)"
sent >got
same 'the journey starts' got <<'!'
birthday/p u1
!
check 'a minute before the day before' 0 tick "$(at 17 14:59)"
same 'nothing starts' out </dev/null
attributes u1 "$(at 17 14:59)" '"trial_ends_at":"2026-11-21T15:00:00Z"'
check 'the date is moved' 0 tick "$(at 17 15:00)"
sent >got
same 'and the journey with it' got </dev/null
check 'the day after' 0 tick "$(at 18 15:00)"
sent >got
same 'it starts' got <<'!'
dated/p u1
!
check 'a year later' 0 tick 2027-11-15T14:00:00Z
sent >got
same 'the birthday comes again' got <<'!'
birthday/p u1
!
simple late_file <<'!'
trigger: {date: born, yearly: true, at: "12:00"}
!
check 'a new file' 0 tick 2027-11-15T14:01:00Z
check 'finds who has the date already' 0 tick 2027-11-15T17:00:00Z
sent >got
same 'without a new record of theirs' got <<'!'
late_file/p u1
!

rm workflows/*
cat >segments.yaml <<'!'
all: has timezone
!
simple broadcast <<'!'
trigger:
  schedule: {segment: all, day: 2027-12-01, at: "10:00"}
!
simple weekly <<'!'
trigger:
  schedule: {segment: all, days: [thu], at: "10:00"}
reentry: always
!
attributes u2 2027-11-30T00:00:00Z '"timezone":"Asia/Tokyo"'
check 'a broadcast is planned' 0 tick 2027-11-30T00:00:00Z
sent >got
same 'and nothing goes before the first clocks of the world' got </dev/null
# 01:00Z is 10:00 in Tokyo, 15:00Z is 10:00 in New York.
: >got
for now in 2027-12-01T00:59:00Z 2027-12-01T01:00:00Z 2027-12-01T14:59:00Z \
	2027-12-01T15:00:00Z 2027-12-02T01:00:00Z 2027-12-02T15:00:00Z \
	2027-12-09T15:00:00Z; do
	tick $now || break
	sent | sort | sed "s/^/$now /" >>got
done
same 'it comes to each at ten by their own clocks' got <<'!'
2027-12-01T01:00:00Z broadcast/p u2
2027-12-01T15:00:00Z broadcast/p u1
2027-12-02T01:00:00Z weekly/p u2
2027-12-02T15:00:00Z weekly/p u1
2027-12-09T15:00:00Z weekly/p u1
2027-12-09T15:00:00Z weekly/p u2
!

finish
