#!/bin/sh
# jr-send-sms --verify asks how our account and senders stand; gate 10 goes by
# what it found.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
. "$TOP/tests/cli/texts.sh"

texts_standin
set_to() { get "/_set?$1" >/dev/null; }
cat >jr.yaml <<!!
brand: Acme
channels: {sms: {provider: twilio}}
caps: {sms: []}
senders:
  main: {service: MG00000000000000000000000000000000, type: 10dlc, registered: true}
  free: {from: "+18885550100", type: toll_free}
  pooled: {service: MG00000000000000000000000000000000, type: toll_free}
  short: {from: "12345", type: short_code}
providers:
$(provider twilio)
    messaging_url: $url
    trust_unsigned: true
!!
workflow w <<'!!'
trigger: {event: Go}
reentry: always
steps:
  - sms: {id: s, body: "{{ event.text }}"}
!!
verify() { jr-send-sms --verify --now "$1"; }
offer_one() { # what becomes of one message
	event u1 Go "$1" '"text":"Hi"'
	offer "$1" && cat offered
}
person u1
check 'all is well' 0 verify "$(at 0 15:00)"
jq -r '[.sender // "-", .what, .state, .said // "-"] | join(" ")' out >got
same 'and each thing is told' got <<'!!'
- settings good -
- credentials good active
main service good -
main pool good PN1
main brand good APPROVED
main campaign good VERIFIED
free toll_free good TWILIO_APPROVED
pooled service good -
pooled pool good PN1
pooled toll_free good TWILIO_APPROVED
short short_code good 12345
!!
check 'so it may be sent' 0 offer_one "$(at 0 15:01)"
json 'and is' out 'map(select(.type == "message")) | length == 1'

set_to campaign=PENDING
check 'a campaign that is not verified' 78 verify "$(at 0 15:02)"
says 'is told of' err "provider 'twilio', campaign: PENDING"
check 'nothing goes to +1 then' 0 offer_one "$(at 0 15:03)"
json 'whatever jr.yaml says' out '[.[] | select(.type == "decision")] | length == 1 and .[0].gate == "sender" and .[0].details.registered == false and .[0].details.verified == 1793631720'
check 'a week later that is old news' 0 offer_one "$(at 8 15:03)"
json 'and jr.yaml counts again' out '[.[] | select(.type == "message")] | length >= 1'

set_to 'campaign=VERIFIED&pool='
check 'a service without numbers' 78 verify "$(at 8 15:04)"
says 'is told of' err "provider 'twilio', pool: none"
set_to 'pool=PN1&toll_free=PENDING_REVIEW'
check 'a toll-free number in review' 78 verify "$(at 8 15:05)"
set_to 'toll_free=TWILIO_APPROVED&number=%2B18885550777'
check 'verified is another toll-free number' 78 verify "$(at 8 15:05)"
says 'which is none of ours' err "provider 'twilio', toll_free: none"
set_to 'number=%2B18885550100&code=54321'
check 'a short code of somebody else' 78 verify "$(at 8 15:05)"
says 'is told of' err "provider 'twilio', short_code: none"
set_to 'code=12345'
check 'all is well again' 0 verify "$(at 8 15:05)"
set_to 'account=suspended'
check 'an account that is not active' 78 verify "$(at 8 15:06)"
set_to 'account=closed'
check 'a wrong key' 78 verify "$(at 8 15:07)"
json 'and then nothing else is asked' out 'map(.what) == ["settings", "credentials"]'
end_standin
check 'nobody answers' 75 verify "$(at 8 15:08)"
finish
