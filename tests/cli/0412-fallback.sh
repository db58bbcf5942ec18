#!/bin/sh
# A second provider takes what the first refuses for our configuration, from a
# sender of its own; and nothing else.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
. "$TOP/tests/cli/texts.sh"

texts_standin
configure() { # configure SECOND-SENDER
	cat >jr.yaml <<!!
brand: Acme
channels: {sms: {provider: twilio, fallback: telnyx}}
caps: {sms: []}
senders:
  main: {service: MG00000000000000000000000000000000, type: 10dlc, registered: true}
  $1
providers:
$(provider twilio)
    timeout: 1s
    in_flight: 1
    trouble: 3
$(provider telnyx)
!!
}
second='second: {provider: telnyx, from: "+18885550100", type: toll_free, registered: true}'
workflow w <<'!!'
trigger: {event: Go}
reentry: always
steps:
  - sms: {id: s, body: "{{ event.text }}", deadline: 9h, names_sender: true}
!!
offer_each() { # offer_each TIME; each line of stdin to another number
	say_each "$1" && offer "$1"
}
state_of() {
	states NUMBER STATE "COALESCE(m.provider, '-')" CODE m.sender
	sed -i 's/MG0*$/MG/' got
}

# --- refusals of any other kind are no reason ---
configure "$second"
check 'messages are offered' 0 offer_each "$(at 0 15:00)" <<'!!'
fault refused 400 21211
fault refused 400 21610
fault raw nothing
Hello
fault status 503
fault refused 429 20429
Hello
!!
check 'and handed over' 0 send "$(at 0 15:00)"
state_of
same 'all to the first' got <<'!!'
0001 refused twilio 21211 MG
0002 refused twilio 21610 MG
0003 unknown twilio no-answer MG
0004 accepted twilio - MG
0005 unknown twilio http-503 MG
0006 waiting twilio 20429 MG
0007 accepted twilio - MG
!!
check 'an outage is offered' 0 offer_each "$(at 0 15:01)" <<'!!'
fault status 503
fault status 503
fault status 503
Hello
Hello
!!
check 'stops the run: later will do' 75 send "$(at 0 15:01)"
[ "$(sqlite3 jr.db "SELECT COUNT(*) FROM messages WHERE provider = 'telnyx'")" = 0 ]
result $? 'and the second is not asked'

# --- our configuration is ---
rm -f jr.db*
i=20
get '/_set?account=closed' >/dev/null
offer_wrong() { offer_each "$1" <<'!!'
Hello 1
Hello 2
Hello 3
!!
}
check 'with a wrong key' 0 offer_wrong "$(at 0 15:00)"
check 'the run says so at its end' 78 send "$(at 0 15:00)"
says 'which one stopped' err "provider 'twilio' takes no more"
state_of
same 'the second takes all, from its own sender' got <<'!!'
0021 accepted telnyx - +18885550100
0022 accepted telnyx - +18885550100
0023 accepted telnyx - +18885550100
!!
get /_last >last
says 'as it knows them' last 'from.": *."[+]18885550100'
get /_taken >taken
json 'each was taken once' taken 'map(.[] | select(. > "+12065550020")) |
	sort == ["+12065550021", "+12065550022", "+12065550023"]'
[ "$(sqlite3 jr.db "SELECT COUNT(*) FROM attempts WHERE provider = 'twilio'")" -le 2 ]
result $? 'and the first was asked no more than once or twice'
rm -f jr.db*
i=30
check 'five more' 0 offer_each "$(at 0 15:00)" <<'!!'
Hello 1
Hello 2
Hello 3
Hello 4
Hello 5
!!
check 'of which four may go' 78 send "$(at 0 15:00)" --max 4
state_of
[ "$(grep -c ' accepted telnyx ' got)" = 4 ]
result $? 'are four with the second, whatever the first refused'
[ "$(grep -c ' offered ' got)" = 1 ]
result $? 'and the fifth is left'
says 'each counts once' err '^jr-send-sms: 4 accepted, 4 claimed$'
rm -f jr.db*
i=40
check 'the next run' 0 offer_each "$(at 0 15:01)" <<'!!'
fault refused 401 10009
Hello
!!
check 'where the second has a wrong key, too' 78 send "$(at 0 15:01)"
[ "$(sqlite3 jr.db "SELECT COUNT(*) FROM messages WHERE state IN (2, 5)")" -ge 1 ]
result $? 'what nobody takes waits'

# --- its sender passes the gates, too ---
configure "second: {provider: telnyx, from: \"+12025550111\", type: 10dlc}"
rm -f jr.db*
i=50
check 'where its sender is not registered' 0 offer_wrong "$(at 0 15:00)"
check 'the run stops' 78 send "$(at 0 15:00)"
json 'and the gate refuses the rest' out '[.[] |
	select(.type == "decision") | .gate] | length == 3 and all(.[]; . == "sender")'
[ "$(sqlite3 jr.db "SELECT COUNT(*) FROM messages WHERE state = 4")" = 0 ]
result $? 'so that nothing is sent from it'
configure 'third: {from: "+12025550112", type: 10dlc}'
check 'a second without a sender' 78 send "$(at 0 15:00)"
says 'is told of' err "fallback 'telnyx' has no sender to send from: add one with 'provider: telnyx'"
finish
