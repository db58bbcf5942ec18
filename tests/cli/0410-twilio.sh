#!/bin/sh
# Through Twilio, played by a stand-in that fails in every way: whatever
# happens, no message is received twice, and each ends in a state that is true.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
. "$TOP/tests/cli/texts.sh"

texts_standin
sed -i 's/from: "+12025550100", //
	s/sms: {provider: sandbox}/sms: {provider: twilio}/; /^providers/d; /sandbox: {outbox/d; /twilio: {trust/d' jr.yaml
cat >>jr.yaml <<!
caps: {sms: []}
claim_limit: 10m
lease: 5m
providers:
  sandbox: {outbox: outbox.ndjson}
$(provider twilio)
    messaging_service: MG00000000000000000000000000000000
    timeout: 2s
    trouble: 100
!
workflow w <<'!'
trigger: {event: Go}
reentry: always
steps:
  - sms: {id: s, body: "{{ event.text }}", deadline: 2h, names_sender: true}
!
state_of() { states m.address STATE CODE; }

say_each "$(at 0 15:00)" <<'!'
Hello
fault refused 400 21211
fault refused 400 21610
fault refused 429 20429
fault refused 500 20500
fault status 503
fault created 30007
fault created
fault raw garbage
fault raw half-head
fault raw half-body
fault raw nothing
fault huge 3000000
fault hang 4
fault drip 4
fault slow 1
!
check 'messages are offered' 0 offer "$(at 0 15:00)"
json 'one for each' offered \
	"[.[] | select(.type == \"message\")] | length == $i"
check 'and handed over, whatever comes of it' 0 send "$(at 0 15:00)"
state_of
same 'each has the state that is true' got <<'!'
+12065550001 accepted -
+12065550002 refused 21211
+12065550003 refused 21610
+12065550004 waiting 20429
+12065550005 unknown http-500
+12065550006 unknown http-503
+12065550007 refused 30007
+12065550008 unknown http-201
+12065550009 unknown no-answer
+12065550010 unknown no-answer
+12065550011 unknown no-answer
+12065550012 unknown no-answer
+12065550013 unknown no-answer
+12065550014 unknown no-answer
+12065550015 unknown no-answer
+12065550016 accepted -
!
get /_received >received
json 'all were received once' received \
	"map(to_entries[]) | length == $i and all(.[]; .value == 1)"
get /_last >last
says 'a deadline is its validity' last 'ValidityPeriod=7200'
json 'nothing secret in what is told' out \
	'map(tostring) | all(.[]; contains("secret") | not)'
check 'later' 0 offer "$(at 0 15:30)"
json 'only what was not taken is offered again' offered \
	'[.[] | select(.type == "message") | .to] == ["+12065550004"]'
check 'and so on' 0 send "$(at 0 15:30)"
get /_received >received
json 'nothing that may have been taken was sent again' received \
	'map(to_entries[] | select(.value > 1)) | map(.key) == ["+12065550004"]'

# --- --dry-run shows the request, without what is secret ---
person u50
event u50 Go "$(at 0 16:00)" '"text":"Hi & bye"'
check 'one more' 0 offer "$(at 0 16:00)"
check 'tried' 0 send "$(at 0 16:00)" --dry-run
jq -r 'select(.type == "request" and (.body | contains("bye"))) | .method, .headers[], .body' out |
	sed "s/jr_id[^&]*//" >got
same 'is the exact request' got <<'!'
POST
Content-Type: application/x-www-form-urlencoded
Accept: application/json
authorization: Basic ***
To=%2B12065550050&MessagingServiceSid=MG00000000000000000000000000000000&Body=Hi%20%26%20bye&ValidityPeriod=7200
!

# --- the key is wrong ---
event u1 Go "$(at 0 17:00)" '"text":"fault refused 401 20003"'
check 'a wrong key' 0 offer "$(at 0 17:00)"
check 'stops the run' 78 send "$(at 0 17:00)"
# --- a fallback for just that ---
sed -i 's/sms: {provider: twilio}/sms: {provider: twilio, fallback: sandbox}/
	s/^  main:.*/&\n  spare: {provider: sandbox, from: "+12025550109", type: toll_free, registered: true}/' jr.yaml
rm -f jr.db*
for i in 1 2 3; do
	person "u$i"
	event "u$i" Go "$(at 0 17:00)" '"text":"fault refused 401 20003"'
done
check 'with a stand-in' 0 offer "$(at 0 17:00)"
check 'the run goes on, and says so at the end' 78 send "$(at 0 17:00)" --rate 0.9
says 'which one stopped' err "provider 'twilio' takes no more"
json 'the fallback takes all' outbox.ndjson 'length == 3'

# --- nobody answers ---
nobody_there
sed -i 's/trouble: 100/trouble: 3/; s/, fallback: sandbox//' jr.yaml
rm -f jr.db*
for i in 1 2 3 4 5 6 7 8 9; do
	person "u$i"
	event "u$i" Go "$(at 0 18:00)" '"text":"Hello"'
done
check 'nobody is there' 0 offer "$(at 0 18:00)"
check 'the run stops: later will do' 75 send "$(at 0 18:00)"
state_of
[ "$(grep -cE ' (waiting|offered) ' got)" = 9 ]
result $? 'and all messages wait'
check 'the next minute' 0 offer "$(at 0 18:06)"
json 'they are offered again' offered \
	'[.[] | select(.type == "message")] | length == 9'
finish
