#!/bin/sh
# Web Push, to a stand-in of a browser's push service that can read only what
# is encrypted for it; subscriptions that are gone.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
needs node openssl curl sqlite3
umask 077
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
	-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 \
	-keyout key.pem -out cert.pem 2>/dev/null
openssl ecparam -name prime256v1 -genkey -noout -out vapid.pem 2>/dev/null
now=$(at 0 15:00)
standin '{"key":"key.pem","cert":"cert.pem",
	"now":'"$(date -ud "$now" +%s)"'}' || skip_all 'the stand-in did not start'
# shellcheck disable=SC2154 # standin says it
url=https://127.0.0.1:$port
ask() { curl -s --http2 --cacert cert.pem "$url/$1"; }
needs_http2

sed -i '/^providers/,$d' jr.yaml
cat >>jr.yaml <<!
caps: {push: []}
quiet_hours: {channels: []}
channels: {push: {web: webpush}}
providers:
  webpush:
    vapid_key_file: vapid.pem
    subject: mailto:ops@example.com
    hosts: ["127.0.0.1"]
    ca_file: cert.pem
!
workflow w <<'!'
trigger: {event: Go}
reentry: always
steps:
  - push:
      id: p
      title: "Hi {{ event.n }}"
      body: "Ünïcödé 👋"
      link: https://app.example.com/x
      deadline: 10m
      data: {a: "{{ event.n | json }}"}
      options: {priority: high, icon: /i.png}
!
# own LINE: the provider's own setting; none.
own() {
	sed -i '/public_key/d' jr.yaml
	[ $# -eq 0 ] || sed -i "s|^    subject|    $1\n&|" jr.yaml
}
# browser ID NAME: the record of a device, as the browser says it.
browser() {
	ask "_subscribe/$2" | jq -c --arg id "$1" '{type: "person",
		identifiers: {id: $id}, action: "add_device",
		timestamp: 1793000000, device: ({platform: "web"} + .)}' >>in
}
offer() {
	jr-ingest --now "$1" <in >out.ingest && : >in &&
		jr-schedule --now "$1" <out.ingest >offered
}
send() {
	at=$1
	shift
	jr-send-push --now "$at" "$@" <offered
}
for id in u1 u2 u3 u4 u5; do
	person $id
	event $id Go "$now" '"n":7'
done
browser u1 one
browser u1 two
browser u2 two-gone
browser u3 three-busy
browser u4 four-other
browser u5 five
check 'browsers register' 0 offer "$now"
check 'a rehearsal' 0 send "$now" --dry-run
json 'tells what the browser would read, and no secret' out '
	[.[] | select(.type == "request")] | length == 6 and all(.[];
	.handover.body == "Ünïcödé 👋" and (.body | not) and
	(.headers | index("authorization: ***")))'
cp out dry
check 'again' 0 send "$now" --dry-run
same 'is the same' out <dry
check 'all are pushed' 0 send "$now"
jq -r 'select(.object_type) | .data.identifiers.id + " " + .metric + " " +
	(.data.jr.code // "-")' out | sort >got
same 'each has its verdict' got <<'!'
u1 sent -
u1 sent -
u2 dropped http-410
u3 attempted http-429
u4 dropped http-403
u5 sent -
!
ask _got/one >got
json 'the browser reads what was written' got '.[0] | length == 1 and
	(.[0].message.notification | .title == "Hi 7" and
	.body == "Ünïcödé 👋" and .icon == "/i.png" and .data.a == 7 and
	.data.link == "https://app.example.com/x" and
	.tag == .data."CIO-Delivery-ID")'
json 'until the deadline, soon, and once' got '.[0][0] | .ttl == 600 and
	.urgency == "high" and (.topic | test("^[A-Za-z0-9_-]{1,32}$"))'
ask _stats >got
json 'each message came once to each browser' got '.[0] |
	(.received | [.[]] | sort) == [1, 2] and .problems == []'
sqlite3 jr.db "SELECT token FROM devices WHERE gone_ms > 0" |
	sed 's/.*wpush.//' | sort >got
same 'subscriptions that are gone are not used again' got <<'!'
four-other
two-gone
!
echo "test_recipients: [\"$url/wpush/five\", \"$url/wpush/none\"]" >>jr.yaml
check 'a test to a browser that is registered' 0 jr-send-push --now "$now" \
	--test "$url/wpush/five" --text 'A test'
ask _got/five >got
json 'is read there' got '.[0] | length == 2 and
	.[1].message.notification.body == "A test"'
check 'one to a browser that is not' 69 jr-send-push --now "$now" \
	--test "$url/wpush/none"
sed -i 's/"127.0.0.1"/push.example/' jr.yaml
event u5 Go "$(at 0 15:01)" '"n":8'
check 'a minute later' 0 offer "$(at 0 15:01)"
check 'an address of no known service' 0 send "$(at 0 15:01)"
json 'is not gone to' out '[.[] | select(.metric) | .data.recipients[0] |
	.failure_message] == ["the subscription'"'"'s endpoint is of no push" +
	" service that is known: see hosts in jr-providers(5)"]'
sed -i 's/push.example/"127.0.0.1"/' jr.yaml

# --- the key, which no service looks at without a message to somebody ---
# public FILE: the public part of the key in PEM, as browsers are given it.
public() {
	openssl ec -in "$1" -pubout -outform DER 2>/dev/null | tail -c 65 |
		openssl base64 -A | tr '+/' '-_' | tr -d =
}
check 'asked what is right' 0 jr-send-push --now "$now" --verify
jq -r 'select(.type == "check") | "\(.what) \(.state) \(.said // "")"' out >got
same 'it says what browsers must have subscribed with' got <<!
settings good 
vapid key good browsers subscribe with $(public vapid.pem)
!
own "public_key: $(public vapid.pem)"
check 'the public key that goes with it' 0 jr-send-push --now "$now" --verify
openssl ecparam -name prime256v1 -genkey -noout -out other.pem 2>/dev/null
own "public_key: $(public other.pem)"
check 'the public key of another' 78 send "$(at 0 15:01)"
says 'is told of, with the right one' err \
	"'public_key' is not of vapid_key, whose public key is $(public vapid.pem)"
own 'public_key: BBBB'
check 'what is no public key' 78 send "$(at 0 15:01)"
own
for key in vapid other; do
	openssl ec -in $key.pem -outform DER -out $key.der 2>/dev/null
done
{
	echo '-----BEGIN EC PRIVATE KEY-----'
	{ head -c 56 vapid.der && tail -c 65 other.der; } | openssl base64
	echo '-----END EC PRIVATE KEY-----'
} >mixed.pem
sed -i 's/vapid.pem/mixed.pem/' jr.yaml
check 'a key of the parts of two' 78 jr-send-push --now "$now" --verify
says 'is none' err 'holds no key pair on the curve P-256'
sed -i 's/mixed.pem/vapid.pem/; s/mailto:ops@example.com/nobody/' jr.yaml
check 'a subject that is none' 78 send "$(at 0 15:01)"
says 'is told of' err "jr.yaml:[0-9]+:[0-9]+: 'subject' is something else"
finish
