#!/bin/sh
# --explain: why someone is on a journey, or not; each step; what comes next.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
needs sqlite3
allow_many

# story TITLE TIME WORKFLOW: what is told of u1's way is what stdin says.
story() {
	check "$1" 0 jr-schedule --now "$2" --explain u1 --workflow "$3"
	sed -e 's/m_[0-9a-z]\{20,\}/m_ID/' -e 1,2d out >got
	same "$1: so it is told" got
}

cat >segments.yaml <<'!'
pro: plan == "pro"
!
workflow rich <<'!'
trigger: {event: Go}
settle: 10m
reentry: 3d
filter: plan != "gone"
steps:
  - {id: mark, set: {went: true}}
  - {id: theirs, set: {timezone: UTC}}
  - {id: not_me, if: plan == "team", track: {event: Team}}
  - branch:
      - if: plan == "pro"
        then: [push: {id: hi, title: T, body: B}]
      - else: [exit: ]
  - wait_for: {id: came, event: Came, timeout: 1d}
  - split: {name: half, arms: [{name: a, share: 1}]}
  - sms: {id: text, body: "{{ missing }}"}
!
workflow entered <<'!'
trigger: {enters: pro}
steps: [wait: 1d]
!
workflow often <<'!'
trigger: {event: Ping, where: event.n > 2}
steps: [wait: 1d]
!
workflow left <<'!'
trigger: {leaves: pro}
steps: [wait: 1d]
!
workflow dated <<'!'
trigger: {date: ends, offset: -1d}
steps: [wait: 1d]
!
workflow undated <<'!'
trigger: {date: nothing}
steps: [wait: 1d]
!
workflow cast <<'!'
trigger: {schedule: {segment: pro, day: 2026-11-20, at: "10:00"}}
steps: [wait: 1d]
!
workflow called <<'!'
trigger: {record: promo}
steps: [wait: 1d]
!
workflow called_so <<'!'
trigger: {record: sale, where: event.size == "big"}
steps: [wait: 1d]
!
workflow late <<'!'
trigger: {date: due, where: plan == "team"}
steps: [wait: 1d]
!
workflow gone <<'!'
trigger: {schedule: {segment: vips, day: 2026-10-20, at: "10:00"}}
steps: [wait: 1d]
!
workflow door <<'!'
trigger: {enters: pro, where: country == "US"}
steps: [wait: 1d]
!
workflow ways <<'!'
trigger: {event: Ways}
exit: {on: []}
goal: {event: Won}
steps:
  - branch:
      - if: plan == "team"
        then: [wait: 2d]
      - else: [wait: 1h]
  - wait_for: {id: never, event: Never, timeout: 1h}
  - wait_for: {id: state, condition: plan == "team"}
!
workflow off <<'!'
enabled: false
trigger: {event: Go}
steps: [wait: 1d]
!
person u1
device u1 t1
attributes u1 "$(at 0 14:00)" '"plan":"pro","ends":"2026-11-12T15:00:00Z"'
event u1 Go "$(at 0 15:00)"
event u1 Ping "$(at 0 15:00)" '"n":1'
attributes u1 "$(at 0 14:00)" '"due":"2026-11-02T15:00:00Z"'
event u1 Ways "$(at 0 14:00)"
echo '{"type":"person","identifiers":{"id":"u1"},"action":"trigger","name":"sale","attributes":{"size":"small"}}' >>in
check 'someone sets out' 0 tick "$(at 0 15:00)"
story 'in the pause before' "$(at 0 15:05)" rich <<'!'
rich
  run 1: entered 2026-11-02 10:00, by event 'Go'
    now at the pause before it, next 2026-11-02 10:10
!
check 'it begins' 0 tick "$(at 0 15:10)"
story 'each step, and what comes next' "$(at 0 15:11)" rich <<'!'
rich
  run 1: entered 2026-11-02 10:00, by event 'Go'
    2026-11-02 10:10  set 'mark'
    2026-11-02 10:10  set 'theirs'
      2026-11-02 10:10  no, content: 'timezone' is the person's to say
    2026-11-02 10:10  track 'not_me': Team, passed over: not plan == "team"
    2026-11-02 10:10  branch '4': went if1, plan == "pro"
    2026-11-02 10:10  push 'hi', m_ID
      2026-11-02 10:10  accepted
    2026-11-02 10:10  wait_for 'came': Came
    now at 'came', next 2026-11-03 10:10, or when that event comes
!
event u1 Came "$(at 0 20:00)"
check 'it comes' 0 tick "$(at 0 20:00)"
story 'to its end' "$(at 0 20:01)" rich <<'!'
rich
  run 1: entered 2026-11-02 10:00, by event 'Go'
    2026-11-02 10:10  set 'mark'
    2026-11-02 10:10  set 'theirs'
      2026-11-02 10:10  no, content: 'timezone' is the person's to say
    2026-11-02 10:10  track 'not_me': Team, passed over: not plan == "team"
    2026-11-02 10:10  branch '4': went if1, plan == "pro"
    2026-11-02 10:10  push 'hi', m_ID
      2026-11-02 10:10  accepted
    2026-11-02 10:10  wait_for 'came': Came, and it came
    2026-11-02 15:00  split '6': half, went a
    2026-11-02 15:00  sms 'text', m_ID
      2026-11-02 15:00  no, content: it does not render: body: 19:31: missing missing: add `| default: …` or give the person the attribute
      2026-11-02 15:00  refused, content
    2026-11-02 15:00  done
  may enter again from 2026-11-05 10:00
!
story 'entered by a segment' "$(at 0 20:01)" entered <<'!'
entered
  run 1: entered 2026-11-02 10:00, by entering segment 'pro'
    2026-11-02 10:00  wait '1'
    now at '1', next 2026-11-03 10:00
!
story 'never, for the event is another' "$(at 0 20:01)" often <<'!'
often
  never entered: event 'Ping' came once, 2026-11-02 10:00
  for that event its condition does not hold now: event.n > 2
!
story 'never, for the segment was not left' "$(at 0 20:01)" left <<'!'
left
  never entered: did not leave segment 'pro', in which they are since 2026-11-02 10:00
!
story 'not yet' "$(at 0 20:01)" dated <<'!'
dated
  never entered: 'ends' has not come, next 2026-11-11 10:00
!
story 'never, without a date' "$(at 0 20:01)" undated <<'!'
undated
  never entered: there is no 'nothing'
!
story 'a broadcast is to come' "$(at 0 20:01)" cast <<'!'
cast
  never entered: no broadcast went to them, next 2026-11-20 10:00
!
story 'nobody called' "$(at 0 20:01)" called <<'!'
called
  never entered: no trigger record 'promo'
!
story 'called, but not so' "$(at 0 20:01)" called_so <<'!'
called_so
  never entered: trigger record 'sale' came once, 2026-11-02 10:00
  for that event its condition does not hold now: event.size == "big"
!
story 'a date that came, but not so' "$(at 0 20:01)" late <<'!'
late
  never entered: 'due' is past
  its condition does not hold now: plan == "team"
!
story 'through the door, but not so' "$(at 0 20:01)" door <<'!'
door
  never entered: entered segment 'pro' 2026-11-02 10:00
  its condition does not hold now: country == "US"
!
story 'a broadcast that is over, to others' "$(at 0 20:01)" gone <<'!'
gone
  never entered: no broadcast went to them, and none is to come
  is not in segment 'vips', which there is not
!
event u1 Won "$(at 0 20:02)"
check 'the goal is reached' 0 tick "$(at 0 20:02)"
story 'which it is no matter of' "$(at 0 20:03)" ways <<'!'
ways
  run 1: entered 2026-11-02 10:00, by event 'Ways' of 2026-11-02 09:00
    2026-11-02 09:00  branch '1': went else
    2026-11-02 09:00  wait '1.else.1'
    2026-11-02 10:00  wait_for 'never': Never, and its time was up
    2026-11-02 11:00  wait_for 'state': plan == "team"
    2026-11-02 15:02  reached the goal
    now at 'state', until that holds
!
story 'a file that is off' "$(at 0 20:01)" off <<'!'
off, not enabled
  never entered: event 'Go' came once, 2026-11-02 10:00
!
workflow new <<'!'
trigger: {event: Go}
steps: [wait: 1d]
!
check 'a new file' 0 tick "$(at 0 21:00)"
story 'finds no old events' "$(at 0 21:01)" new <<'!'
new
  never entered: event 'Go' came once, 2026-11-02 10:00
  which was before this file, of 2026-11-02 16:00
!
rm workflows/entered.yaml
story 'a file that is gone' "$(at 0 21:01)" entered <<'!'
entered, whose file is gone
  run 1: entered 2026-11-02 10:00, by entering segment 'pro'
    2026-11-02 10:00  wait '1'
    now at '1', next 2026-11-03 10:00
!

# Segments that come and change: nobody goes through their door by that.
for door in enters leaves; do
	workflow "$door" <<!
trigger: {$door: late}
steps: [wait: 1d]
!
done
workflow before <<'!'
trigger: {enters: pro}
steps: [wait: 1d]
!
echo 'late: plan != "free"' >>segments.yaml
check 'a segment is defined' 0 tick "$(at 0 22:00)"
story 'who is found by it did not enter' "$(at 0 22:01)" enters <<'!'
enters
  never entered: was found in segment 'late' when it was defined, 2026-11-02 17:00: that starts no journey
!
story 'nor leave' "$(at 0 22:01)" leaves <<'!'
leaves
  never entered: did not leave segment 'late', in which they are since 2026-11-02 17:00
!
story 'a door that was passed before the file came' "$(at 0 22:01)" before <<'!'
before
  never entered: entered segment 'pro' 2026-11-02 10:00
  which was before this file, of 2026-11-02 17:00
!
sed -i 's/^pro: .*/pro: plan == "none"/' segments.yaml
workflow out <<'!'
trigger: {leaves: pro}
steps: [wait: 1d]
!
check 'one is defined anew' 0 tick "$(at 0 23:00)"
story 'who is not in it any more did not leave' "$(at 0 23:01)" out <<'!'
out
  never entered: is out of segment 'pro' because it was defined anew: that starts no journey
!
story 'nor enter since' "$(at 0 23:01)" before <<'!'
before
  never entered: entered segment 'pro' 2026-11-02 10:00
  which was before this file, of 2026-11-02 17:00
!

workflow both <<'!'
trigger: {event: Both}
steps: [wait: 1d]
!
person u2
event u1 Both "$(at 0 23:10)"
event u2 Both "$(at 0 23:10)"
check 'two are on a journey' 0 tick "$(at 0 23:10)"
echo '{"type":"person","action":"merge","primary":{"id":"u1"},"secondary":{"id":"u2"}}' >>in
check 'who become one' 0 tick "$(at 0 23:20)"
story 'whose story has both' "$(at 0 23:21)" both <<'!'
both
  run 1: entered 2026-11-02 18:10, by event 'Both'
    2026-11-02 18:10  wait '1'
    now at '1', next 2026-11-03 18:10
  a run from before they were merged: entered 2026-11-02 18:10, by event 'Both'
    2026-11-02 18:10  wait '1'
    2026-11-02 18:20  exited: merged
!

echo '# before anything was looked at'
workflow unseen <<'!'
trigger: {event: Unseen}
steps: [wait: 1d]
!
come() { jr-ingest --now "$(at 0 23:30)" <in >out && : >in; }
event u1 Unseen "$(at 0 23:30)"
check 'an event comes in' 0 come
story 'by a file that has not run' "$(at 0 23:30)" unseen <<'!'
unseen
  never entered: event 'Unseen' came once, 2026-11-02 18:30
  jr-schedule has not run with this file yet
!
rm jr.db*
person u1
check 'someone is there' 0 tick "$(at 0 23:00)"
event u1 Unseen "$(at 0 23:30)"
check 'the event comes in' 0 come
story 'which has not been looked at' "$(at 0 23:30)" unseen <<'!'
unseen
  never entered: event 'Unseen' came once, 2026-11-02 18:30
  jr-schedule has not run since
!
finish
