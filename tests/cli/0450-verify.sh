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

# --- lists of many pages ---
set_to 'pages=40'
check 'what stands on later pages' 0 verify "$(at 8 15:06)"
json 'is found there' out 'map(select(.state != "good")) == []'
set_to 'pages=60'
check 'what stands on none of the first fifty' 75 verify "$(at 8 15:06)"
jq -r 'select(.state != "good") | [.sender, .what, .state, .said] | join(" ")' out >got
same 'nobody knows' got <<'!!'
main brand later not among the first 50: look there
main campaign later not among the first 50: look there
free toll_free later not among the first 50: look there
pooled toll_free later not among the first 50: look there
!!
check 'and jr.yaml counts then' 0 offer_one "$(at 8 15:06)"
json 'as before' out '[.[] | select(.type == "message")] | length >= 1'
set_to 'pages=1'

set_to 'account=suspended'
check 'an account that is not active' 78 verify "$(at 8 15:06)"
set_to 'account=closed'
check 'a wrong key' 78 verify "$(at 8 15:07)"
json 'and then nothing else is asked' out 'map(.what) == ["settings", "credentials"]'

# --- Telnyx ---
telnyx() { # SENDER...
	cat >jr.yaml <<!!
brand: Acme
channels: {sms: {provider: telnyx}}
caps: {sms: []}
senders:
$(printf '  %s\n' "$@")
providers:
$(provider telnyx)
!!
}
profile=4001a1b2-0c3d-4e5f-8a9b-0123456789ab
telnyx "main: {service: $profile, type: 10dlc, registered: true}" \
	'long: {from: "+18885550100", type: 10dlc}' \
	'free: {from: "+18885550100", type: toll_free}' \
	"pooled: {service: $profile, type: toll_free}" \
	'short: {from: "12345", type: short_code}'
told() { jq -r '[.sender // "-", .what, .state, .said // "-"] | join(" ")' out >got; }
check 'Telnyx: all is well' 0 verify "$(at 9 15:00)"
told
same 'and each thing is told' got <<'!!'
- settings good -
- credentials good credit 12.50
main profile good -
main pool good 1
main assignment good ASSIGNED
main campaign good MNO_PROVISIONED
main brand good VERIFIED
long number good active
long assignment good ASSIGNED
long campaign good MNO_PROVISIONED
long brand good VERIFIED
free number good active
free toll_free good Verified
pooled profile good -
pooled pool good 1
pooled toll_free good Verified
short short_code good 12345
!!
# What is not well is told; the gate goes by it where it tells of carriers.
minute=10
while read -r change what said gate; do
	minute=$((minute + 1))
	set_to "$change"
	check "with $change" 78 verify "$(at 9 "15:$minute")"
	says 'it is told' err "provider 'telnyx', $what: $said\$"
	check 'and an event is taken' 0 offer_one "$(at 9 "15:$minute")"
	json "for which there is a $gate" out "[.[] | select(.type == \"$gate\")] | length >= 1"
	set_to 'credit=12.50&enabled=yes&pool=PN1&assignment=ASSIGNED&mno=MNO_PROVISIONED&identity=VERIFIED'
done <<'!!'
credit=0.00 credentials credit.0.00 message
enabled=no profile disabled message
pool= pool none message
assignment=PENDING_ASSIGNMENT assignment PENDING_ASSIGNMENT decision
assignment= assignment not.found decision
mno=TCR_SUSPENDED campaign TCR_SUSPENDED decision
identity=UNVERIFIED brand UNVERIFIED decision
!!
set_to 'shared=yes&identity=VETTED_VERIFIED&pages=3'
check "a shared campaign, and lists of many pages" 0 verify "$(at 9 16:02)"
told
grep -E '^(main|short|pooled)' got >some
same 'are as good' some <<'!!'
main profile good -
main pool good 2
main assignment good ASSIGNED
pooled profile good -
pooled pool good 2
pooled toll_free good Verified
short short_code good 12345
!!
set_to 'shared=&pages=1&identity=VERIFIED&number=%2B18885550777&verified=Waiting+For+Customer'
check 'a number of somebody else' 78 verify "$(at 9 16:03)"
told
grep -E '^(free|long)' got >some
same 'is none of ours' some <<'!!'
long number wrong none
long assignment good ASSIGNED
long campaign good MNO_PROVISIONED
long brand good VERIFIED
free number wrong none
free toll_free wrong none
!!
set_to 'number=%2B18885550100'

# --- MessageBird ---
cat >jr.yaml <<!!
brand: Acme
channels: {sms: {provider: messagebird}}
senders:
  main: {from: "+18885550100", type: toll_free, registered: true}
  name: {from: Acme, type: alphanumeric}
providers:
$(provider messagebird)
!!
check 'MessageBird: all is well' 0 verify "$(at 9 15:00)"
told
same 'and each thing is told' got <<'!!'
- settings good -
- credentials good credit 12.50
main number good active
!!
while read -r change what said; do
	set_to "$change"
	check "with $change" 78 verify "$(at 9 15:01)"
	says 'it is told' err "provider 'messagebird', $what: $said\$"
	set_to 'credit=12.50&bird=active&features=sms&number=%2B18885550100'
done <<'!!'
credit=-1 credentials credit.-1.00
bird=pending number pending
features=voice number it.does.not.send.sms
number=%2B18885550777 number not.found
!!
nobody_there
check 'nobody answers' 75 verify "$(at 8 15:08)"
finish
