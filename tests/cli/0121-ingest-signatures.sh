#!/bin/sh
# Only what a provider signed is believed, unless someone said otherwise.
. "${0%/*}/lib.sh"

now=2026-11-05T17:33:20Z # 1793900000
url=https://hooks.example.com/h
secret() { (umask 077 && printf %s "$2" >"$1"); }
secret token 12345
secret bird.key bird
secret cio.key cio
keys() {
	cat >jr.yaml <<'!'
providers:
  twilio: {auth_token_file: token}
  messagebird: {signing_key_file: bird.key}
  customerio: {signing_key_file: cio.key}
!
}

# sign PROVIDER BODY [TIME]: the envelope of BODY, rightly signed.
sign() {
	python3 - "$url" "$@" <<'!'
import base64, hashlib, hmac, json, sys, urllib.parse
url, who, body = sys.argv[1:4]
at = sys.argv[4] if len(sys.argv) > 4 else "1793900000"
mac = lambda key, text, how: hmac.new(key, text.encode(), how)
b64 = lambda raw: base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
sha = lambda text: hashlib.sha256(text.encode()).hexdigest()
if who == "twilio":
    pairs = sorted(urllib.parse.parse_qsl(body, keep_blank_values=True))
    text = url + "".join(k + v for k, v in pairs)
    headers = {"x-twilio-signature":
               base64.b64encode(mac(b"12345", text, "sha1").digest()).decode()}
elif who == "messagebird":
    claims = {"iss": "MessageBird", "nbf": int(at), "exp": int(at) + 60,
              "url_hash": sha(url), "payload_hash": sha(body)}
    text = ".".join(b64(json.dumps(p).encode()) for p in
                    ({"alg": "HS256", "typ": "JWT"}, claims))
    headers = {"MessageBird-Signature-JWT":
               text + "." + b64(mac(b"bird", text, "sha256").digest())}
else:
    headers = {"X-CIO-Timestamp": at, "X-CIO-Signature":
               mac(b"cio", "v0:%s:%s" % (at, body), "sha256").hexdigest()}
print(json.dumps({"source": who, "url": url, "headers": headers,
                  "body": body, "received_at": 1793900000}))
!
}

ingest() { jr-ingest --now "$now" "$@" <in; }
fresh() { rm -f jr.db* rejects.ndjson; }
stop='MessageSid=SM1&From=%2B12065550101&To=%2B12065550199&Body=STOP'
bird='id=mb1&originator=12065550101&recipient=12065550199&body=STOP'
cio='{"event_id":"r1","object_type":"sms","metric":"sent","timestamp":1793800000,"data":{"customer_id":"u","delivery_id":"d"}}'

# Without keys.
sign twilio "$stop" >in
check 'without a key nobody is believed' 65 ingest
same 'and is told what is missing' err <<'!'
jr-ingest: stdin:1: 'headers': who sent this is not known, as there is no key to tell: write providers.twilio.auth_token_file into jr.yaml, or give --trust-unsigned
!
silent 'nothing goes out' out
json 'the line is put aside, whole' rejects.ndjson \
	'(.[0].record | fromjson).source == "twilio"'
fresh
check 'unless someone says so' 0 ingest --trust-unsigned
same 'which is said aloud' err <<'!'
jr-ingest: 1 webhook that nobody signed was believed: see jr-ingest(1), Signatures
!
json 'and it is taken' out '.[0].metric == "unsubscribed"'
runs() { jr-report --format=ndjson runs; }
check 'the run' 0 runs
json 'says so, too, and how many there were' out '.[0] |
	.note == "believes unsigned webhooks of twilio, telnyx, messagebird, customerio" and
	(.counts | fromjson).unsigned == 1'
fresh
echo 'providers: {twilio: {trust_unsigned: true}}' >jr.yaml
check 'or the configuration does, for one provider' 0 ingest
same 'which is said aloud, too' err <<'!'
jr-ingest: 1 webhook that nobody signed was believed: see jr-ingest(1), Signatures
!
sign messagebird "$bird" >in
check 'the others are not' 65 ingest

# With keys.
keys
fresh
{
	sign twilio "$stop"
	sign messagebird "$bird"
	sign customerio "$cio"
} >in
check 'what is signed is believed' 0 ingest
silent 'without a word' err
json 'all of it' out 'map(.metric) == ["unsubscribed", "unsubscribed", "sent"]'

# forge TITLE JQ: the same, changed, is refused, whatever is trusted.
forge() {
	fresh
	jq -c "$2" in >forged
	forged() { jr-ingest --trust-unsigned --now "$now" <forged; }
	check "$1" 65 forged
	silent "$1: nothing goes out" out
	json "$1: every line is put aside" rejects.ndjson 'length == 3 and
		all(.[]; .field == "headers" or .field == "body")'
	says "$1: and told why" err "$3"
}
forge 'another body' '.body |= sub("STOP|sent"; "STOPP")' 'no signature of'
forge 'another key' '.headers |= map_values("0" + .[1:])' 'it was forged'
forge 'no signature' '.headers = {}' 'log its header X-Twilio-Signature'
forge 'no headers at all' 'del(.headers)' 'no signature of twilio'
forge 'a body that is not as it came' '.body = {MessageSid: "SM1"}' \
	'nothing was signed'
sign twilio "$stop" | jq -c '.url += "?x=1"' >in
fresh
check 'nor is another address' 65 ingest

# Time.
sign messagebird "$bird" 1793899000 >in
fresh
check 'what expired before it came is old' 65 ingest
{
	sign customerio "$cio" 1793899701
	sign customerio "$cio" 1793899699
} >in
fresh
check 'five minutes are allowed' 65 ingest
json 'and no more' rejects.ndjson 'map(.line) == [2]'
sign customerio "$cio" >in
later() { jr-ingest --now 2026-11-06T00:00:00Z <in; }
check 'what counts is when the server took it' 0 later

# Telnyx signs with a key of its own, and the other half is public.
if command -v openssl >/dev/null; then
	openssl genpkey -algorithm ed25519 -out tx.pem 2>/dev/null
	public=$(openssl pkey -in tx.pem -pubout -outform DER |
		tail -c 32 | base64)
	echo "providers: {telnyx: {public_key: \"$public\"}}" >jr.yaml
	body='{"data":{"event_type":"message.received","id":"e1","occurred_at":"2026-11-05T17:33:00Z","payload":{"id":"t1","from":{"phone_number":"+12065550101"},"to":[{"phone_number":"+12065550199"}],"text":"STOP"}}}'
	printf '%s|%s' 1793900000 "$body" >signed
	signature=$(openssl pkeyutl -sign -inkey tx.pem -rawin -in signed |
		base64 -w 0)
	jq -cn --arg body "$body" --arg signature "$signature" '{
		source: "telnyx", url: "https://hooks.example.com/h", body: $body,
		headers: {"telnyx-signature-ed25519": $signature,
		"telnyx-timestamp": "1793900000"}}' >in
	fresh
	check 'Telnyx is believed by its public key' 0 ingest
	json 'and understood' out '.[0].metric == "unsubscribed"'
	jq -c '.headers["telnyx-timestamp"] = "1793900001"' in >forged
	fresh
	forged() { jr-ingest --now "$now" <forged; }
	check 'not at another time' 65 forged
	echo "$body" >forged
	check 'nor without an envelope' 65 forged
	says 'and is told to write one' err 'alone, without its signature: write'
else
	skip 'openssl is not here'
fi

# A key that cannot be read stops all before the first line.
echo 'providers: {twilio: {auth_token_file: nowhere}}' >jr.yaml
check 'a key that is not there' 78 ingest
finish
