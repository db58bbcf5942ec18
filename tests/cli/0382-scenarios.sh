#!/bin/sh
# Scenarios that other systems test, by the names they go by there, with what
# is right here.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
cp jr.yaml plain.yaml
push='push: {id: p, title: T, body: B}'

# scene NAME: an empty state, and no workflow; nothing but the journey decides.
scene() {
	rm -rf workflows jr.db* outbox.ndjson stream in segments.yaml rejects*
	mkdir workflows
	: >in
	: >stream
	cp plain.yaml jr.yaml
	[ "${2-}" = capped ] || allow_many
	echo "# $1"
}
# people ID...: each with a phone.
people() {
	for id; do
		person "$id"
		device "$id" "token-$id"
	done
}
# goes TITLE TIME: a tick; what went is what stdin says.
goes() {
	check "$1" 0 tick "$2"
	sent | sort >got
	same "$1: so it is" got
}
nothing() { goes "$1" "$2" </dev/null; }

# --- keyed entry ---
scene 'keyed event entry'
workflow order <<!
trigger: {event: Ordered}
key: event.order
steps: [$push]
!
people u1
event u1 Ordered "$(at 0 15:00)" '"order":"a"'
event u1 Ordered "$(at 0 15:00)" '"order":"a","again":true'
goes 'the same key twice is one run, one message' "$(at 0 15:00)" <<!
order/p u1
!
workflow order <<!
trigger: {event: Ordered}
key: event.order
steps:
  - wait_for:
      event: Cancelled
      where: event.order == trigger.order
      timeout: 1h
      then: [exit: ]
  - $push
!
rm -f jr.db*
people u1
event u1 Ordered "$(at 0 15:00)" '"order":"a"'
event u1 Ordered "$(at 0 15:00)" '"order":"b"'
nothing 'two runs of one person side by side' "$(at 0 15:00)"
event u1 Cancelled "$(at 0 15:30)" '"order":"a"'
nothing 'one of them is cancelled' "$(at 0 15:30)"
goes 'and the other goes on' "$(at 0 16:00)" <<!
order/p u1
!
scene 'a key that is a number, in a condition'
workflow late <<!
trigger: {event: Late, where: event.minutes >= 15}
key: event.order
steps: [$push]
!
people u1
event u1 Late "$(at 0 15:00)" '"minutes":20,"order":1'
event u1 Late "$(at 0 15:00)" '"minutes":10,"order":2'
goes 'twenty minutes are enough, ten are not' "$(at 0 15:00)" <<!
late/p u1
!

# --- time ---
scene 'a local hour of someone whose zone is not known'
echo 'timezone: America/New_York' >>jr.yaml
workflow nine <<!
trigger: {event: Go}
steps: [wait: {until: "09:00"}, $push]
!
known() { # ID ATTRIBUTES
	echo "{\"type\":\"person\",\"identifiers\":{\"id\":\"$1\"},\"action\":\"identify\",\"timestamp\":1793000000,\"attributes\":{$2}}" >>in
	device "$1" "token-$1"
	event "$1" Go "$(at 0 12:00)"
}
known u1 ''
known u2 '"timezone":""'
known u3 '"timezone":"UTC2"'
odd() { jr-ingest --now "$(at 0 12:00)" <in >out; }
check 'what is no zone is refused' 65 odd
: >in
nothing 'at nine in London' "$(at 0 13:59)"
goes 'none, an empty and an invalid zone are the default one' \
	"$(at 0 14:00)" <<!
nine/p u1
nine/p u2
nine/p u3
!
scene 'a delay'
workflow delay <<!
trigger: {event: Go}
steps:
  - wait: 2h
  - push: {id: one, title: T, body: B}
  - wait: 1d
  - push: {id: two, title: T, body: B}
!
people u1
event u1 Go "$(at 0 15:00)"
nothing 'begins' "$(at 0 15:00)"
nothing 'stops at it' "$(at 0 16:59)"
goes 'and once it is over the next step alone is done' "$(at 0 17:00)" <<!
delay/one u1
!
scene 'a window on some days'
workflow window <<!
trigger: {event: Go}
steps:
  - wait: {window: {from: "08:00", until: "10:00"}, days: [fri, sat]}
  - $push
!
people u1
event u1 Go "$(at 5 17:00)"
nothing 'Saturday noon is after it' "$(at 5 17:00)"
nothing 'Sunday morning is no day of it' "$(at 6 14:00)"
nothing 'nor is Friday before eight' "$(at 11 12:59)"
goes 'Friday at eight it is open' "$(at 11 13:00)" <<!
window/p u1
!
scene 'a window whose start is after its end'
workflow night <<!
trigger: {event: Go}
steps:
  - wait: {window: {from: "21:00", until: "08:00"}}
  - $push
!
people u1 u2
event u1 Go "$(at 0 15:00)"
nothing 'is a night, not turned round: at ten it is shut' "$(at 0 15:00)"
goes 'at nine in the evening it opens' "$(at 1 02:00)" <<!
night/p u1
!
event u2 Go "$(at 1 11:00)"
goes 'and at six it is open' "$(at 1 11:00)" <<!
night/p u2
!
scene 'two with the same instant'
workflow same <<!
trigger: {event: Go}
steps: [wait: {date: event.at}, $push]
!
people u1 u2
event u1 Go "$(at 0 15:00)" '"at":"2026-11-02T18:00:00Z","n":1'
event u1 Go "$(at 0 15:00)" '"at":"2026-11-02T18:00:00Z","n":2'
event u2 Go "$(at 0 15:00)" '"at":"soon"'
nothing 'are waiting' "$(at 0 15:00)"
goes 'and one message goes; a date that is none ends the journey' \
	"$(at 0 18:00)" <<!
same/p u1
!
check 'which is told' 0 jr-schedule --now "$(at 0 18:00)" --explain u2
says 'with the reason' out "exited: wait '1': "

# --- waiting for something ---
scene 'wait for a segment'
echo 'pro: plan == "pro"' >segments.yaml
workflow pro <<!
trigger: {event: Go}
steps:
  - wait_for:
      condition: in_segment("pro")
      timeout: 24h
      then: [push: {id: pro, title: T, body: B}]
      else: [push: {id: free, title: T, body: B}]
!
people u1 u2 u3
attributes u1 "$(at 0 14:00)" '"plan":"pro"'
for id in u1 u2 u3; do
	event $id Go "$(at 0 15:00)"
done
goes 'who is in it passes without waiting' "$(at 0 15:00)" <<!
pro/pro u1
!
attributes u2 "$(at 0 20:00)" '"plan":"pro"'
goes 'who enters it meanwhile goes on then' "$(at 0 20:00)" <<!
pro/pro u2
!
goes 'and who does not, when the time is up' "$(at 1 15:00)" <<!
pro/free u3
!

# --- entering ---
scene 'onboarding'
echo 'everyone: has timezone' >segments.yaml
workflow onboarding <<!
trigger: {enters: everyone}
steps: [$push]
!
people u1
attributes u1 "$(at 0 15:00)" '"new":true'
goes 'who comes before and after the journey does' "$(at 0 15:00)" <<!
onboarding/p u1
!
people u2
attributes u2 "$(at 3 15:00)" '"new":true'
goes 'gets the welcome' "$(at 3 15:00)" <<!
onboarding/p u2
!
scene 're-entry'
echo 'pro: plan == "pro"' >segments.yaml
workflow once <<!
trigger: {enters: pro}
steps: [$push]
!
workflow again <<!
trigger: {enters: pro}
reentry: always
steps: [$push]
!
people u1
attributes u1 "$(at 0 15:00)" '"plan":"pro"'
goes 'a segment is entered' "$(at 0 15:00)" <<!
again/p u1
once/p u1
!
event u1 Unrelated "$(at 0 16:00)"
nothing 'staying in it is no entry' "$(at 0 16:00)"
attributes u1 "$(at 0 17:00)" '"plan":"free"'
nothing 'it is left' "$(at 0 17:00)"
attributes u1 "$(at 0 18:00)" '"plan":"pro"'
goes 'and entered again' "$(at 0 18:00)" <<!
again/p u1
!
scene 'a condition on a window of time'
echo 'active: happened("Seen" within 1h)' >segments.yaml
workflow active <<!
trigger: {enters: active}
steps: [$push]
!
people u1 u2
event u1 Seen "$(at 0 13:00)"
event u2 Seen "$(at 0 14:30)"
goes 'an event outside the window enters nobody' "$(at 0 15:00)" <<!
active/p u2
!
nothing 'and time only takes people out' "$(at 0 18:00)"

# --- ways ---
scene 'a path through gates'
workflow second <<!
trigger: {event: Entrance}
steps: [push: {id: second, title: T, body: B}]
!
workflow path <<!
trigger: {event: Go}
steps:
  - branch:
      - if: plan == "pro"
        then:
          - branch:
              - if: happened("Never")
                then: [push: {id: g2yes, title: T, body: B}]
              - else:
                  - set: {seen: {times: "{{ event.n | plus: 1 | json }}"}}
                  - track: {event: Entrance}
      - else: [push: {id: g1no, title: T, body: B}]
  - push: {id: last, title: T, body: "{{ seen.times }}"}
!
people u1
attributes u1 "$(at 0 14:00)" '"plan":"pro"'
event u1 Go "$(at 0 15:00)" '"n":2'
goes 'the first rule true, the second false; the second journey begins' \
	"$(at 0 15:00)" <<!
path/last u1
second/second u1
!
jq -r 'select(.content // .body == "3") | .body' outbox.ndjson | head -n 1 >got
same 'what was written of the person is a value' got <<!
3
!
scene 'an infinite loop'
workflow ping <<!
trigger: {event: Ping}
reentry: always
steps: [$push, track: {event: Pong}]
!
workflow pong <<!
trigger: {event: Pong}
reentry: always
steps: [track: {event: Ping}]
!
people u1
event u1 Ping "$(at 0 15:00)"
check 'two journeys that start each other' 0 tick "$(at 0 15:00)"
json 'go round at most once a look' out \
	'[.[] | select(.metric == "sent")] | length <= 2'

# --- broadcasts ---
scene 'a list of twenty'
echo 'twenty: listed == true' >segments.yaml
workflow broadcast <<!
trigger: {schedule: {segment: twenty, day: 2026-11-03, at: "10:00"}}
filter: plan != "gone"
steps: [$push]
!
workflow draft <<!
enabled: false
trigger: {schedule: {segment: twenty, day: 2026-11-03, at: "10:00"}}
steps: [$push]
!
i=0
while [ $((i += 1)) -le 25 ]; do
	people "u$i"
	[ $i -gt 20 ] || attributes "u$i" "$(at 0 12:00)" '"listed":true'
done
nothing 'is not written to before its hour' "$(at 0 15:00)"
nothing 'in the first clocks of the world it begins' "$(at 1 00:00)"
attributes u3 "$(at 1 12:00)" '"plan":"gone"'
attributes u4 "$(at 1 12:00)" '"listed":false'
check 'at its hour' 0 tick "$(at 1 15:00)"
json 'all are written to but who does not match, or is listed, any more' out \
	'[.[] | select(.metric == "sent") | .data.identifiers.id] | sort ==
	 ([range(1; 21) | select(. != 3 and . != 4) | "u\(.)"] | sort)'
nothing 'and nobody twice; a draft to nobody' "$(at 1 15:01)"

# --- caps, priority, quiet hours ---
scene 'one cap for overlapping journeys: an SMS storm' capped
for p in 1 2 3 4; do
	workflow "storm$p" <<!
trigger: {event: Go}
priority: $p
steps: [sms: {id: s, body: Hello}]
!
done
people u1 u2
event u1 Go "$(at 0 15:00)"
event u2 Go "$(at 0 15:00)"
goes 'of all that are due the highest priority wins' "$(at 0 15:00)" <<!
storm4/s u1
storm4/s u2
!
decided | sort >got
same 'and the others hear why not' got <<!
storm1/s u1 no cap
storm1/s u2 no cap
storm2/s u1 no cap
storm2/s u2 no cap
storm3/s u1 no cap
storm3/s u2 no cap
!
scene 'a cap with a window that rolls' capped
workflow rolls <<!
trigger: {event: Go}
reentry: always
steps: [sms: {id: s, body: Hello, cap: defer}]
!
people u1
event u1 Go "$(at 0 15:00)"
goes 'the first' "$(at 0 15:00)" <<!
rolls/s u1
!
event u1 Go "$(at 0 16:00)"
nothing 'a second the same day' "$(at 0 16:00)"
nothing 'is put off, by exactly the interval' "$(at 1 14:59)"
goes 'and goes when the first is a day old' "$(at 1 15:00)" <<!
rolls/s u1
!
scene 'quiet hours and a cap together' capped
workflow both <<!
trigger: {event: Go}
reentry: always
steps: [sms: {id: s, body: Hello, cap: defer}]
!
people u1
event u1 Go "$(at 1 01:30)"
goes 'half past eight in the evening' "$(at 1 01:30)" <<!
both/s u1
!
event u1 Go "$(at 1 15:00)"
nothing 'the next day' "$(at 1 15:00)"
decided >got
same 'it is the cap' got <<!
both/s u1 later cap
!
nothing 'when that opens, half past eight has become quiet' "$(at 2 02:00)"
decided >got
same 'so now it is the night' got <<!
both/s u1 later quiet_hours
!
goes 'and in the morning it goes' "$(at 2 13:00)" <<!
both/s u1
!
scene 'who must not get it' capped
workflow flows <<!
trigger: {event: Go}
steps: [sms: {id: s, body: Hello}, push: {id: p, title: T, body: B}]
!
person u1
device u1 token-u1
echo '{"type":"person","identifiers":{"id":"u2"},"action":"identify","timestamp":1793000000,"attributes":{"timezone":"UTC"}}' >>in
device u2 token-u2
event u1 Go "$(at 0 15:00)"
event u2 Go "$(at 0 15:00)"
goes 'a missing number skips the message, and the journey goes on' \
	"$(at 0 15:00)" <<!
flows/p u1
flows/p u2
flows/s u1
!
finish
