#!/bin/sh
# What others made of Twilio's interface takes what we send, and we take what
# it signs: Prism with Twilio's published OpenAPI, and Twilio's own library.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
node=$TOP/tests/node
modules=$node/node_modules
spec=$SHARED/data/twilio_messages_prism.json
needs node curl

umask 077
echo secret >token
workflow text <<'!!'
trigger: {event: Text}
reentry: always
steps:
  - sms: {id: s, body: "Hi {{ event.text }}: é & + ☕", deadline: 2h}
!!
workflow mms <<'!!'
trigger: {event: Mms}
reentry: always
steps:
  - sms:
      id: s
      body: Look
      media: ["https://example.com/1.png", "https://example.com/2.png"]
      options: {risk_check: disable, provide_feedback: true, content_retention: discard}
      sender: number
!!
workflow wa <<'!!'
trigger: {event: Wa}
reentry: always
steps:
  - whatsapp:
      id: s
      template: HX0123456789abcdef0123456789abcdef
      data: {"1": "{{ event.text }}"}
!!
settings() {
	cat >jr.yaml <<!!
brand: Acme
caps: {sms: [], whatsapp: []}
quiet_hours: {channels: []}
channels: {sms: {provider: twilio}, whatsapp: {provider: twilio}}
senders:
  main: {service: MG0123456789abcdef0123456789abcdef, type: toll_free, registered: true}
  number: {from: "+12025550100", type: toll_free, registered: true}
providers:
  twilio:
    account_sid: AC0123456789abcdef0123456789abcdef
    auth_token_file: token
    whatsapp_from: "+12025550101"
    status_callback: https://hooks.example.com/twilio?from=jr
    base_url: $1
!!
}
settings http://127.0.0.1:1
person u1 '"whatsapp_phone":"+12065550001","whatsapp_consent":true,"whatsapp_consent_at":1793000000,"whatsapp_consent_ip":"192.0.2.1"'
event u1 Text "$(at 0 15:00)" '"text":"you"'
event u1 Mms "$(at 0 15:00)"
event u1 Wa "$(at 0 15:00)" '"text":"you \"there\""'
check 'three kinds of messages' 0 sh -c "jr-ingest --now $(at 0 15:00) <in | jr-schedule --now $(at 0 15:00)"
mv out offered
json 'are offered' offered '[.[] | select(.type == "message")] | length == 3'

if [ -e "$spec" ]; then
	check 'their requests' 0 jr-send-sms --dry-run --now "$(at 0 15:00)" <offered
	jq -r 'select(.type == "request") | .body' out >bodies
	[ "$(grep -c . bodies)" = 3 ]
	result $? 'are three forms'
	check 'whose names and patterns are those of the OpenAPI' 0 node "$node/twilio_names.mjs" "$spec" <bodies
else
	skip "Twilio's OpenAPI (../shared/data)"
fi

# prism: on a port that nobody else took since it was free; port is which.
prism() {
	for _ in 1 2 3; do
		port=$(free_port)
		node "$modules/.bin/prism" mock -h 127.0.0.1 -p "$port" "$spec" >prism.log 2>&1 &
		children="$children $!"
		tries=0
		while kill -0 $! 2>/dev/null && [ $((tries += 1)) -lt 600 ]; do
			! grep -q 'is listening' prism.log || return 0
			sleep 0.1
		done
		kill $! 2>/dev/null
		ended $!
	done
	return 1
}
if [ -e "$spec" ] && [ -e "$modules/@stoplight/prism-cli/dist/index.js" ]; then
	check 'Prism starts' 0 prism
	settings "http://127.0.0.1:$port"
	check 'Prism takes them' 0 jr-send-sms --now "$(at 0 15:00)" <offered
	json 'all' out '[.[] | select(.metric == "sent")] | length == 3'
	# The published examples of answers are not all as they should be.
	grep 'Violation: request' prism.log >why
	[ ! -s why ]
	result $? 'without a word against them'
	check 'and our question for the list' 0 jr-send-sms --reconcile --now "$(at 0 15:30)"
	# The published examples of answers are not all as they should be.
	grep 'Violation: request' prism.log >why
	[ ! -s why ]
	result $? 'likewise'
else
	skip 'Prism (make deps)'
fi

if [ -e "$modules/twilio/package.json" ]; then
	cat >asked <<'!!'
{"url":"https://hooks.example.com/h","params":{"MessageSid":"SM1","From":"+12065550001","To":"+12025550100","Body":"Hé llo ☕ +&=","NumMedia":""}}
{"url":"https://hooks.example.com/h?a=1&b=%20x","params":{"MessageSid":"SM2","From":"+12065550001","To":"+12025550100","Body":""}}
{"url":"https://hooks.example.com:8443/h","params":{"MessageSid":"SM3","MessageStatus":"delivered","To":"+12065550001","From":"+12025550100","rest":["b","a","b"]}}
!!
	check 'Twilio signs' 0 node "$node/twilio_signature.mjs" secret <asked
	printf %s secret >token
	paste -d '\t' asked out >signed
	python3 - <<'!!'
import json, urllib.parse
for line in open("signed"):
    asked, signature = line.rstrip("\n").split("\t")
    asked = json.loads(asked)
    for altered in (False, True):
        params = dict(asked["params"])
        if altered:
            params["From"] = "+12065550002"
        print(json.dumps({
            "source": "twilio", "url": asked["url"],
            "headers": {"X-Twilio-Signature": signature},
            "received_at": 1793631900,
            "body": urllib.parse.urlencode(params, doseq=True)}),
            file=open("altered" if altered else "genuine", "a"))
!!
	check 'what it signed is believed' 0 jr-ingest --now "$(at 0 15:05)" <genuine
	check 'what was altered is not' 65 jr-ingest --now "$(at 0 15:05)" <altered
	[ "$(grep -c 'altered\|signature\|signed' err)" -ge 3 ]
	result $? 'none of it'
else
	skip "Twilio's library (make deps)"
fi
finish
