#!/bin/sh
# Journeys without a goal have no rate of reaching it, and each step and each
# way where ways part says how many went there.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"

report() { jr-report --now "$now" -f ndjson "$@"; }
picked() {
	jq -c "$1" out >got
	cat >wanted
	same "$2" got <wanted
}

allow_many
workflow aims <<'!'
trigger: {event: Go}
goal: {event: Won, within: 7d}
steps:
  - sms: {id: text, body: "Hello. Reply STOP to opt out"}
!
workflow plain <<'!'
trigger: {event: Go}
steps:
  - {id: pause, wait: 1h}
  - branch:
    - if: plan == "pro"
      then: [{sms: {id: for_pro, body: "Hello. Reply STOP to opt out"}}]
    - else: [{wait_for: {id: paid, event: Paid, timeout: 1d}}]
  - {id: mark, if: plan == "free", set: {marked: true}}
!
for who in u1 u2 u3 u4 u5; do
	person $who
done
attributes u1 "$(at -1 12:00)" '"plan":"pro"'
attributes u2 "$(at -1 12:00)" '"plan":"pro"'
for who in u1 u2 u3 u4 u5; do
	event $who Go "$(at 0 15:00)"
done
check 'five begin two journeys each' 0 tick "$(at 0 15:05)"
event u1 Won "$(at 0 15:30)"
check 'come to the fork' 0 tick "$(at 0 16:30)"
event u3 Paid "$(at 0 17:00)"
check 'one pays' 0 tick "$(at 0 17:05)"
check 'of one the time is up' 0 tick "$(at 1 17:05)"
now=$(at 1 18:00)
check 'journeys' 0 report journeys
picked '[.workflow, .entered, .goal, .goal_n, .goal_of, .never, .never_of]' \
	'without a goal there is no rate of it' <<'!'
["aims",5,0.2,1,5,0.8,5]
["plain",5,null,0,0,null,0]
!
check 'in a table' 0 jr-report --now "$now" journeys
says 'a dash' out '^plain +5 +0 +[0-9]+ +- +5 +0 +-$'
says 'the sum is of those that have one' out '^all +10 +0 +7 +1 20.0 %'
check 'in CSV' 0 jr-report --now "$now" -f csv journeys
says 'nothing' out '^"plain",5,0,2,,0,0,,,5,0,,0,0,,.?$'
check 'converted' 0 report messages
picked '[.workflow, .sent, .converted, .converted_of]' \
	'is of messages that have a goal' <<'!'
["aims",5,0.2,5]
["plain",2,null,0]
!
check 'by step' 0 report -w plain --by step journeys
picked '[.step, .came, .active, .sent]' 'each who came counts once' <<'!'
["2",5,0,0]
["for_pro",2,0,2]
["mark",0,0,0]
["paid",3,0,0]
["pause",5,0,0]
!
check 'by way' 0 report -w plain --by way journeys
picked '[.step, .way, .went, .share_of]' 'and by which way they went' <<'!'
["2","else",3,5]
["2","if1",2,5]
["mark","passed over",5,5]
["paid","else",2,3]
["paid","then",1,3]
!
check 'as a graph' 0 jr-schedule --workflow plain --graph
for note in 'wait 1h\\n5 came"' 'sms, marketing.*2 came, 2 sent' \
	'else\\n3 went' 'plan ==.*\\n2 went' 'then\\n1 went' \
	'after 1d\\n2 went' '5 passed over'; do
	says "says: $note" out "$note"
done
check 'as a page' 0 jr-report --now "$now" --output=page.html html
for words in 'plan == &quot;pro&quot;: 2<' 'else: 3<' \
	'it happened: 1; time is up: 2<' '>5 passed over<' \
	'aims.*5 entered' '>end<' '>goal: Won<'; do
	tr '\n' ' ' <page.html >words
	says "shows: $words" words "$words"
done
check 'of one without a goal' 0 jr-report --now "$now" --workflow=plain html
says 'the tile is empty' out 'Goals reached</div><div class="value">.*-'
check 'both at once' 64 report --by way,variant journeys
says 'are told apart' err 'by way goes who came, by variant what was sent'
finish
