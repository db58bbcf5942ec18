#!/bin/sh
# Each kind of step: pauses by the person's clocks, ways that part, and what a
# journey does to the person and the world.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
allow_many

# walk FROM UNTIL MINUTES: ticks in between; when each thing was sent.
walk() {
	python3 - "$1" "$2" "$3" <<'!' >ticks
import datetime as d, sys
t, end = (d.datetime.fromisoformat(a.rstrip("Z")) for a in sys.argv[1:3])
while t <= end:
    print(t.strftime("%Y-%m-%dT%H:%M:%SZ"))
    t += d.timedelta(minutes=int(sys.argv[3]))
!
	: >got
	while read -r now; do
		tick "$now" || return
		sent | sed "s/^/$now /" >>got
	done <ticks
}

# --- wait: when it ends, by the clocks of New York ---
# Clocks go back on Sunday 2026-11-01 at 06:00Z: from UTC-4 to UTC-5.
waits() {
	rm -rf workflows jr.db* outbox.ndjson
	mkdir workflows
	{
		echo 'trigger: {event: Go}'
		echo 'steps:'
		echo "  - wait: $1"
		echo '  - push: {id: p, title: T, body: B}'
	} | workflow w
	person u1 "${4:-}"
	device u1 t1
	event u1 Go "$2" '"due":"2026-11-03T12:00:00Z"'
	jr-ingest --now "$2" <in >out && : >in &&
		jr-schedule --now "$2" </dev/null >out || return
	sqlite3 jr.db 'SELECT strftime("%Y-%m-%dT%H:%MZ", due_s, "unixepoch")
		FROM enrolments WHERE state = 1' >got
	echo "$3" >wanted
	cmp got wanted || { cat got >&2 && return 1; }
}
needs sqlite3
while IFS='|' read -r title wait from until more; do
	case $title in '' | \#*) continue ;; esac
	check "wait $wait: $title" 0 waits "$wait" "$from" "$until" "$more"
done <<'!'
a day is the same time tomorrow|1d|2026-11-02T15:00:00Z|2026-11-03T15:00Z
also when it has 25 hours|1d|2026-10-31T15:00:00Z|2026-11-01T16:00Z
24 hours are 24 hours|24h|2026-10-31T15:00:00Z|2026-11-01T15:00Z
until nine, this morning|{until: "09:00"}|2026-11-02T12:00:00Z|2026-11-02T14:00Z
until nine, tomorrow|{until: "09:00"}|2026-11-02T15:00:00Z|2026-11-03T14:00Z
a time of day on weekdays|{until: "09:00", days: [sat, sun]}|2026-11-02T15:00:00Z|2026-11-07T14:00Z
inside the window it goes on|{window: {from: "09:00", until: "17:00"}, for: 30m}|2026-11-02T15:00:00Z|2026-11-02T15:30Z
after it, tomorrow|{window: {from: "09:00", until: "17:00"}}|2026-11-02T23:00:00Z|2026-11-03T14:00Z
its end does not belong to it|{window: {from: "09:00", until: "17:00"}}|2026-11-02T22:00:00Z|2026-11-03T14:00Z
a window over midnight|{window: {from: "22:00", until: "02:00"}}|2026-11-02T15:00:00Z|2026-11-03T03:00Z
two days, then a window on weekdays|{for: 2d, window: {from: "09:00", until: "17:00"}, days: [mon, tue, wed, thu, fri]}|2026-11-05T23:00:00Z|2026-11-09T14:00Z
a date of the person|{date: ends, offset: -1d}|2026-11-02T15:00:00Z|2026-11-08T15:00Z|"ends":"2026-11-09T15:00:00Z"
a date of the event|{date: event.due}|2026-11-02T15:00:00Z|2026-11-03T12:00Z
!

# --- ways that part ---
rm -rf workflows jr.db* outbox.ndjson
mkdir workflows
workflow ways <<'!'
trigger: {event: Go}
steps:
  - branch:
      - if: plan == "pro"
        then:
          - push: {id: pro, title: T, body: B}
      - if: plan == "team"
        then:
          - push: {id: team, title: T, body: B}
          - exit:
      - else:
          - push: {id: free, title: T, body: B}
  - push: {id: all, title: T, body: B}
!
for id in u1 u2 u3; do
	person $id
	device $id "token-$id"
	event $id Go "$(at 0 15:00)"
done
attributes u1 "$(at 0 14:00)" '"plan":"pro"'
attributes u2 "$(at 0 14:00)" '"plan":"team"'
check 'people come to a branch' 0 tick "$(at 0 15:00)"
sent | sort >got
same 'each goes the first way that holds, and on from there' got <<'!'
ways/all u1
ways/all u3
ways/free u3
ways/pro u1
ways/team u2
!

workflow split <<'!'
trigger: {event: Split}
reentry: always
steps:
  - split:
      name: greeting
      arms:
        - {name: warm, share: 0.4, steps: [push: {id: warm, title: T, body: B}]}
        - {name: cool, share: 0.4, steps: [push: {id: cool, title: T, body: B}]}
      holdout: 0.2
  - push: {id: after, title: T, body: B}
!
i=0
while [ $((i += 1)) -le 200 ]; do
	person "s$i"
	device "s$i" "token-s$i"
	event "s$i" Split "$(at 0 15:10)"
done
check 'two hundred come to a split' 0 tick "$(at 0 15:10)"
sent | sort >first
json 'the arms get their shares, the holdout gets nothing' out \
	'[.[] | select(.metric == "sent") | .data.jr.step] |
	 (map(select(. == "warm")) | length) as $warm |
	 (map(select(. == "cool")) | length) as $cool |
	 $warm > 60 and $warm < 100 and $cool > 60 and $cool < 100 and
	 $warm + $cool > 140 and $warm + $cool < 180 and
	 (map(select(. == "after")) | length) == $warm + $cool'
json 'the arm is told' out '[.[] | select(.data.jr.step == "after") |
	.data.jr.variant] | unique == ["cool", "warm"]'
i=0
while [ $((i += 1)) -le 200 ]; do
	event "s$i" Split "$(at 0 15:20)"
done
check 'and come again' 0 tick "$(at 0 15:20)"
sent | sort >again
same 'each keeps the same arm' again <first

# --- wait_for ---
workflow paid <<'!'
trigger: {event: Invoice}
key: event.no
steps:
  - wait_for:
      event: Paid
      where: event.no == trigger.no
      timeout: 1d
      then:
        - push: {id: thanks, title: T, body: B}
      else:
        - push: {id: please, title: T, body: B}
  - push: {id: end, title: T, body: B}
!
workflow state <<'!'
trigger: {event: Invoice}
steps:
  - wait_for:
      condition: plan == "pro"
      then:
        - push: {id: pro, title: T, body: B}
!
workflow clock <<'!'
trigger: {event: Invoice}
steps:
  - wait_for:
      condition: deadline <= now
      timeout: 10d
  - push: {id: due, title: T, body: B}
!
event u1 Invoice "$(at 1 15:00)" '"no":1'
event u1 Invoice "$(at 1 15:00)" '"no":2'
event u2 Invoice "$(at 1 15:00)" '"no":1'
attributes u2 "$(at 1 14:00)" '"deadline":"2026-11-03T20:00:00Z"'
check 'some wait for something' 0 tick "$(at 1 15:00)"
sent >got
same 'who has it passes at once' got <<'!'
state/pro u1
!
event u1 Paid "$(at 1 16:00)" '"no":2'
event u2 Paid "$(at 1 14:59)" '"no":9'
check 'it happens, to one run of one of them' 0 tick "$(at 1 16:00)"
sent >got
same 'whose condition holds' got <<'!'
paid/thanks u1
paid/end u1
!
attributes u2 "$(at 1 17:00)" '"plan":"pro"'
check 'an attribute changes' 0 tick "$(at 1 17:00)"
sent >got
same 'and what waits for it goes on' got <<'!'
state/pro u2
!
check 'time alone makes a condition true' 0 tick "$(at 1 20:00)"
sent >got
same 'at that instant' got <<'!'
clock/due u2
!
check 'a minute before the time is up' 0 tick "$(at 2 14:59)"
sent >got
same 'nobody goes on' got </dev/null
check 'when it is up' 0 tick "$(at 2 15:00)"
sent | sort >got
same 'the others go the other way' got <<'!'
paid/end u1
paid/end u2
paid/please u1
paid/please u2
!

# --- set, track, emit ---
cat >segments.yaml <<'!'
chased: chased == "yes" and count("Chased") > 0
!
workflow acts <<'!'
trigger: {event: Act}
steps:
  - set: {chased: "yes", score: "{{ event.n | plus: 1 | json }}"}
  - branch:
      - if: score == 4
        then:
          - track: {event: Chased, properties: {by: "{{ first_name | default: 'x' }}"}}
  - emit: {type: crm, who: "{{ customer.score }}"}
  - emit: {type: bad, who: "{{ customer.nothing }}"}
  - set: {sms_consent: true}
  - push: {id: p, title: T, body: B}
!
workflow raised <<'!'
trigger: {event: Chased, where: event.by == "x"}
steps:
  - push: {id: p, title: T, body: B}
!
event u1 Act "$(at 3 15:00)" '"n":3'
check 'a journey acts' 0 tick "$(at 3 15:00)"
json 'it writes records of the user'"'"'s own' out \
	'[.[] | select(.type == "crm")] == [{"type": "crm", "who": "4"}]'
decided >got
same 'what cannot be done is decided, and the journey goes on' got <<'!'
acts/4 u1 no content
acts/5 u1 no content
!
sent >got
same 'the event it raised is heard by other journeys' got <<'!'
acts/p u1
raised/p u1
!
check 'a minute later' 0 tick "$(at 3 15:01)"
json 'and by segments, as are the attributes it set' out \
	'[.[] | select(.type == "segment" and .segment == "chased" and
	 .change == "entered")] | length == 1'
finish
