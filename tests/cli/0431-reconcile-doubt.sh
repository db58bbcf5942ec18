#!/bin/sh
# jr-send-sms --reconcile where the provider changes what it was given: nothing
# that it may have taken is settled as never taken.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
. "$TOP/tests/cli/texts.sh"

now=$(date -u -d "$(at 0 15:00)" +%s) || skip_all 'this date knows no -d'
texts_standin "$now"
cat >jr.yaml <<!!
brand: Acme
channels: {sms: {provider: twilio}, whatsapp: {provider: twilio}}
caps: {sms: [], whatsapp: []}
senders:
  main: {service: MG00000000000000000000000000000000, type: 10dlc, registered: true}
links: {host: go.example.com, prefix: /s/}
providers:
$(provider twilio)
    whatsapp_from: "+12025550101"
    shorten_urls: true
    timeout: 1s
    trouble: 1000
    trust_unsigned: true
!!
step() { # EVENT TEXT [MORE]
	workflow "w$1" <<!!
trigger: {event: Go$1}
steps:
  - sms: {id: s, body: "$2", deadline: 2h, names_sender: true${3:+, $3}}
!!
}
short='options: {shorten_urls: true}'
step 1 'fault raw nothing see https://example.com/{{ customer.id }}. Now'
step 2 'fault status 503 see https://example.com/two' "$short"
step 3 'fault raw nothing go https://go.example.com/a' "$short"
step 4 'fault raw nothing go https://go.example.com/b' "$short"
step 5 'fault raw nothing in private' 'options: {content_retention: discard}'
step 6 'fault raw nothing trial' 'options: {risk_check: disable}'
step 7 'fault raw nothing https://example.com/7' "$short, short_links: true"
step 8 'fault status 503 https://example.com/8' "$short"
workflow w9 <<'!!'
trigger: {event: Go9}
steps:
  - whatsapp: {id: w, template: HX00000000000000000000000000000000, data: {"1": "fault raw nothing"}, deadline: 2h}
!!
for i in 1 2 3 5 6 7 8 9; do
	person "u$i" '"whatsapp_consent":true,"whatsapp_consent_at":1793000000,"whatsapp_consent_ip":"192.0.2.1"'
	event "u$i" "Go$i" "$(at 0 15:00)"
done
event u3 Go4 "$(at 0 15:00)"
# What another program sent to u8 by the same account, in the same minute.
person u8
check 'messages are offered' 0 offer "$(at 0 15:00)"
check 'and handed over' 0 send "$(at 0 15:00)"
post /x 'To=%2B12065550008&Body=Your+code+is+1234'
state_of() {
	states m.workflow STATE CODE KNOWN COUNTED
	sort -o got got
}
state_of
[ "$(grep -c ' unknown ' got)" = 9 ]
result $? 'nobody knows of any'
check 'a quarter of an hour later' 0 \
	jr-send-sms --reconcile --now "$(at 0 15:20)"
state_of
same 'links are not compared, and what is in doubt stays unknown' got <<'!!'
w1 delivered - 1 1
w2 refused not-listed 0 0
w3 unknown no-answer 0 1
w4 unknown no-answer 0 1
w5 unknown no-answer 0 1
w6 unknown no-answer 0 1
w7 delivered - 1 1
w8 refused not-listed 0 0
w9 unknown no-answer 0 1
!!
says 'they are left to a person' err '5 left to a person'
check 'again' 0 jr-send-sms --reconcile --now "$(at 0 15:30)"
silent 'there is no news' out
finish
