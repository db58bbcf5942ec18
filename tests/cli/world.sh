# Sourced after lib.sh by the tests of journeys and senders: a small world with
# the sandbox for a provider, and short words for what happens in it.
# shellcheck shell=sh

cat >jr.yaml <<'!'
brand: Acme
providers:
  sandbox: {outbox: outbox.ndjson}
  twilio: {trust_unsigned: true} # what these tests say to have come in
channels:
  sms: {provider: sandbox}
  push: {provider: sandbox}
senders:
  main: {from: "+12025550100", type: toll_free, registered: true}
!
mkdir workflows
: >in

# Day 0 is 2026-11-02, a Monday; hour 15 is 10:00 in New York.
# at DAY HOUR:MINUTE: an instant.
at() {
	printf '2026-11-%02dT%s:00Z' $((2 + $1)) "$2"
}

# allow_many: no caps, no quiet hours: nothing but the journey decides.
allow_many() {
	cat >>jr.yaml <<!
caps: {sms: [], push: []}
quiet_hours: {channels: []}
!
}

# person ID [ATTRIBUTES]: known, and agreed to SMS at +1206555XXXX of the id.
person() {
	digits=$(echo "$1" | tr -cd 0-9)
	number=$(printf '+1206555%04d' "$digits")
	cat >>in <<!
{"type":"person","identifiers":{"id":"$1"},"action":"identify","timestamp":1793000000,"attributes":{"timezone":"America/New_York","phone":"$number","sms_consent":true,"sms_consent_at":1793000000,"sms_consent_ip":"192.0.2.1"${2:+,$2}}}
!
}

# device ID TOKEN [PLATFORM]
device() {
	cat >>in <<!
{"type":"person","identifiers":{"id":"$1"},"action":"add_device","timestamp":1793000000,"device":{"token":"$2","platform":"${3:-android}"}}
!
}

# event ID NAME TIME [PROPERTIES]
event() {
	echo "{\"type\":\"person\",\"identifiers\":{\"id\":\"$1\"},\"action\":\"event\",\"name\":\"$2\",\"timestamp\":\"$3\",\"attributes\":{${4-}}}" >>in
}

# attributes ID TIME ATTRIBUTES
attributes() {
	echo "{\"type\":\"person\",\"identifiers\":{\"id\":\"$1\"},\"action\":\"identify\",\"timestamp\":\"$2\",\"attributes\":{$3}}" >>in
}

# workflow NAME: stdin is what the file says beside its approval.
workflow() {
	{
		cat <<!
name: $1
approved_by: a person
approved_on: 2026-10-01
why_sms: it is a test
!
		cat
	} >"workflows/$1.yaml"
}

# segment TIME: jr-segment, where there are segments.
segment() {
	if [ -e segments.yaml ]; then
		jr-segment --now "$1"
	else
		cat
	fi
}

# tick TIME: what is in the file in goes through the whole pipe; what came out
# at its end is in the file out, and behind all before in stream.
tick() {
	jr-ingest --now "$1" <in >out.ingest && : >in &&
		segment "$1" <out.ingest >out.segment &&
		jr-schedule --now "$1" <out.segment >out.schedule &&
		jr-send-sms --now "$1" <out.schedule >out.sms &&
		jr-send-push --now "$1" <out.sms >out && cat out >>stream
}

# sent: workflow/step of what was handed over, and to whom, in its order.
sent() {
	jq -r 'select(.metric == "sent") | "\(.data.jr.workflow)/\(.data.jr.step) \(.data.identifiers.id)"' "${1-out}"
}

# decided: what was not, and why.
decided() {
	jq -r 'select(.type == "decision") | "\(.workflow)/\(.step) \(.person.id) \(.verdict) \(.gate)"' "${1-out}"
}

# push_keys: as FCM and APNs hand them out, rsa.pem and ec.p8; and for a server
# at 127.0.0.1, key.pem and cert.pem.
push_keys() {
	umask 077
	openssl genrsa 2048 >rsa.pem 2>/dev/null
	openssl ecparam -name prime256v1 -genkey -noout 2>/dev/null |
		openssl pkcs8 -topk8 -nocrypt >ec.p8
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-days 2 -subj /CN=127.0.0.1 \
		-addext subjectAltName=IP:127.0.0.1 \
		-keyout key.pem -out cert.pem 2>/dev/null
}

# needs_http2: a curl that speaks it.
needs_http2() {
	needs curl
	case $(curl --version) in
	*HTTP2*) ;;
	*) skip_all 'curl speaks no HTTP/2' ;;
	esac
}

# standin OPTIONS: FCM, APNs and a browser's push service, played by
# tests/standin/push.mjs; port is where.  Status 1: it did not start.
standin() {
	rm -f hold port
	mkfifo hold
	node "$TOP/tests/standin/push.mjs" "$1" <hold >port &
	standin=$!
	children="$children $standin"
	exec 3>hold
	await port
	port=$(cat port)
	[ -n "$port" ]
}

# end_standin: it is gone when this returns: the kernel lets others in as long
# as it is not.
end_standin() {
	exec 3>&-
	ended "$standin"
}

# nobody_there: nor is anybody else where jr.yaml says that it was.
nobody_there() {
	end_standin
	was=$(cat port)
	dead_port
	sed -i "s/127\.0\.0\.1:$was/127.0.0.1:$(cat dead)/" jr.yaml
}
