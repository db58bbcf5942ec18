#!/bin/sh
# Through Telnyx and MessageBird, played by a stand-in: accepted, refused, opted
# out, put off, lost; then settled by what they sign, or by asking them.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
. "$TOP/tests/cli/texts.sh"
needs openssl

now=$(date -u -d "$(at 0 15:00)" +%s) || skip_all 'this date knows no -d'
texts_standin "$now"

printf bird >bird.key
openssl genpkey -algorithm ed25519 -out tx.pem 2>/dev/null
public=$(openssl pkey -in tx.pem -pubout -outform DER | tail -c 32 | base64)

# world PROVIDER: all goes through it; nobody is known yet.
world() {
	rm -f jr.db* in && : >in
	cat >jr.yaml <<!!
brand: Acme
channels: {sms: {provider: $1}}
caps: {sms: []}
prices: [{prefix: "+1", segment: 0.0079}]
senders:
  main: {from: "+12025550100", type: toll_free, registered: true}
providers:
$(provider telnyx)
    public_key: "$public"
    status_callback: https://hooks.example.com/h
    timeout: 1s
    trouble: 100
$(provider messagebird)
    signing_key_file: bird.key
    status_callback: https://hooks.example.com/h
    timeout: 1s
    trouble: 100
    classes: {10-barred: opted_out}
!!
}
workflow w <<'!!'
trigger: {event: Go}
reentry: always
steps:
  - sms: {id: s, body: "{{ event.text }}", deadline: 2h, names_sender: true}
!!
offer_all() { # each line of stdin to the next number
	say_each "$(at 0 15:00)" && offer "$(at 0 15:00)"
}
send_all() { send "$(at 0 15:00)"; }
state_of() {
	states NUMBER STATE CODE PRICED KNOWN \
		"CASE m.state WHEN 5 THEN (m.wake_s - $now) / 600 * 600 ELSE 0 END"
}
id_of() { sqlite3 jr.db "SELECT id FROM messages WHERE address = '$1'"; }
provider_id_of() {
	sqlite3 jr.db "SELECT provider_id FROM messages WHERE address = '$1'"
}
# once N: the last N numbers have received theirs once each.
once() {
	get /_received >received
	json 'each was received once' received "map(to_entries[]) |
		length == $1 and all(.[]; .value == 1)"
}
opted_out() {
	[ "$(sqlite3 jr.db "SELECT COUNT(*) FROM consents
		WHERE number = '$1' AND method = 'provider'")" = 1 ]
	result $? 'who opted out there has opted out here'
}

# telnyx_says NUMBER ID STATUS URL [ERROR]: its webhook, rightly signed.
telnyx_says() {
	body="{\"data\":{\"event_type\":\"message.finalized\",\"id\":\"e-$1\",\"occurred_at\":\"$(at 0 15:01)\",\"payload\":{\"id\":\"$2\",\"parts\":1,\"to\":[{\"phone_number\":\"$1\",\"status\":\"$3\"}],\"cost\":{\"amount\":\"0.0070\",\"currency\":\"USD\"},\"errors\":[${5-}]}}}"
	printf '%s|%s' "$now" "$body" >signed
	signature=$(openssl pkeyutl -sign -inkey tx.pem -rawin -in signed |
		base64 -w 0)
	jq -cn --arg body "$body" --arg signature "$signature" \
		--arg url "$4" --arg now "$now" '{source: "telnyx", url: $url,
		body: $body, received_at: ($now | tonumber),
		headers: {"telnyx-signature-ed25519": $signature,
		"telnyx-timestamp": $now}}' >>in
}
# messagebird_says NUMBER ID STATUS REFERENCE: a GET, rightly signed.
messagebird_says() {
	python3 - "$now" "$@" >>in <<'!!'
import base64, hashlib, hmac, json, sys, urllib.parse
now, number, id_, status, reference = sys.argv[1:6]
url = "https://hooks.example.com/h?" + urllib.parse.urlencode(
    {"id": id_, "reference": reference, "recipient": number[1:],
     "status": status, "statusDatetime": "2026-11-02T15:01:00+00:00"})
b64 = lambda raw: base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
sha = lambda text: hashlib.sha256(text.encode()).hexdigest()
claims = {"iss": "MessageBird", "nbf": int(now), "exp": int(now) + 60,
          "url_hash": sha(url)}
text = ".".join(b64(json.dumps(p).encode()) for p in
                ({"alg": "HS256", "typ": "JWT"}, claims))
mac = hmac.new(b"bird", text.encode(), "sha256").digest()
print(json.dumps({"source": "messagebird", "url": url, "body": "",
                  "received_at": int(now),
                  "headers": {"MessageBird-Signature-JWT":
                              text + "." + b64(mac)}}))
!!
}
ingest() { jr-ingest --now "$(at 0 15:02)" <in; }
reconcile() { jr-send-sms --reconcile --now "$@"; }

# --- Telnyx ---
world telnyx
check 'Telnyx: messages are offered' 0 offer_all <<'!!'
Hello
end delivery_failed 40008
fault refused 400 40310
fault refused 400 40300 stop
fault refused 400 40300
fault refused 429 10011
fault status 429 Retry-After=600
fault raw nothing
fault raw half-body
fault status 503
fault hang 3
!!
check 'and handed over' 0 send_all
state_of
same 'each has the state that is true, and what it cost' got <<'!!'
0001 accepted - 5100 1 0
0002 accepted - 5100 1 0
0003 refused 40310 7900 0 0
0004 refused 40300-stop 7900 0 0
0005 refused 40300 7900 0 0
0006 waiting 10011 7900 0 0
0007 waiting http-429 7900 0 600
0008 unknown no-answer 7900 0 0
0009 unknown no-answer 7900 0 0
0010 unknown http-503 7900 0 0
0011 unknown no-answer 7900 0 0
!!
once 11
opted_out +12065550004
telnyx_says +12065550001 "$(provider_id_of +12065550001)" delivered \
	https://hooks.example.com/h
telnyx_says +12065550008 T8 delivered \
	"https://hooks.example.com/h?jr_id=$(id_of +12065550008)"
telnyx_says +12065550009 T9 delivery_failed \
	"https://hooks.example.com/h?jr_id=$(id_of +12065550009)" \
	'{"code":"40300","title":"Blocked due to STOP message"}'
check 'its webhooks settle what was lost' 0 ingest
: >in
opted_out +12065550009
check 'and asking it tells of the rest' 0 reconcile "$(at 0 15:30)"
state_of
grep -E '^00(01|02|08|09|10|11)' got >left
same 'but of what it gave no id, it cannot be asked' left <<'!!'
0001 delivered - 7000 1 0
0002 failed 40008 6200 1 0
0008 delivered - 7000 1 0
0009 failed 40300-stop 7000 1 0
0010 unknown http-503 7900 0 0
0011 unknown no-answer 7900 0 0
!!
once 11
world telnyx
i=100
check 'Telnyx: one more' 0 offer_all <<'!!'
fault refused 401 10009
!!
check 'a wrong key stops the run' 78 send_all

# --- MessageBird ---
world messagebird
i=200
check 'MessageBird: messages are offered' 0 offer_all <<'!!'
Hello
end delivery_failed 101
fault refused 422 10 recipients
fault refused 422 10 barred
fault status 429 Retry-After=600
fault raw nothing
fault raw half-body
fault status 503
fault hang 3
!!
check 'and handed over' 0 send_all
state_of
same 'each has the state that is true, and what it cost' got <<'!!'
0201 accepted - 40000 1 0
0202 accepted - 40000 1 0
0203 refused 10 7900 0 0
0204 refused 10-barred 7900 0 0
0205 waiting http-429 7900 0 600
0206 unknown no-answer 7900 0 0
0207 unknown no-answer 7900 0 0
0208 unknown http-503 7900 0 0
0209 unknown no-answer 7900 0 0
!!
once 21
opted_out +12065550204
messagebird_says +12065550206 M6 delivered "$(id_of +12065550206)"
check 'its webhooks settle what was lost' 0 ingest
: >in
check 'and its list tells of the rest' 0 reconcile "$(at 0 15:30)"
state_of
grep -E '^02(01|02|06|07|08|09)' got >left
same 'by our id; what is not there was never taken' left <<'!!'
0201 delivered - 50000 1 0
0202 failed 101 50000 1 0
0206 delivered - 7900 1 0
0207 delivered - 50000 1 0
0208 refused not-listed 7900 0 0
0209 delivered - 50000 1 0
!!
once 21
world messagebird
i=300
check 'MessageBird: one more' 0 offer_all <<'!!'
fault refused 401 2 access_key
!!
check 'a wrong key stops the run' 78 send_all
finish
