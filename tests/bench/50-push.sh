#!/bin/sh
# How fast jr-send-push hands over, beside the least that libcurl takes for the
# same requests: NUMBER messages (LARGE=1: 100,000) to nghttpd, over one TLS
# connection of 100 streams.  Prints seconds and ratios, of handing over alone
# and of the whole command; messages a second and of this core; and the most
# memory at NUMBER and at a tenth of it.
set -eu
[ "${LARGE-}" ] && NUMBER=${NUMBER:-100000}
NUMBER=${NUMBER:-20000} B=${B:-$PWD/build} RUNS=${RUNS:-3}
for tool in nghttpd openssl jq /usr/bin/time; do
	command -v $tool >/dev/null || { echo "push: skipped, no $tool"; exit 0; }
done
dir=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$dir"' EXIT
cd "$dir"
umask 077
NOW=1793620900 # 2026-11-02T12:01:40Z

# --- the other side ---
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
	-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 \
	-keyout key.pem -out cert.pem 2>/dev/null
openssl genrsa -out rsa.pem 2048 2>/dev/null
mkdir -p htdocs/v1/projects/demo-app workflows
path=v1/projects/demo-app/messages:send
echo '{"name":"projects/demo-app/messages/0:1"}' >"htdocs/$path"
echo '{"access_token":"ya29.b","expires_in":3599,"token_type":"Bearer"}' \
	>htdocs/token
port=$(python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
nghttpd -a 127.0.0.1 -m 100 -d htdocs "$port" key.pem cert.pem >/dev/null &
server=$!
sleep 1
url=https://127.0.0.1:$port

# --- ours ---
jq -n --rawfile key rsa.pem --arg url "$url/token" '{type: "service_account",
	client_email: "jr@demo.example", private_key: $key,
	token_uri: $url, project_id: "demo-app"}' >fcm.json
cat >jr.yaml <<!
timezone: UTC
caps: {push: []}
quiet_hours: {channels: []}
channels:
  push: {android: fcm, ios: fcm}
providers:
  fcm: {service_account_file: fcm.json, base_url: "$url", ca_file: cert.pem}
!
cat >workflows/ping.yaml <<'!'
name: ping
approved_by: bench
approved_on: 2026-01-01
trigger: {event: Ping}
reentry: always
steps:
  - push:
      title: "Your card ends in {{ event.last4 }}"
      body: "It could not be charged, {{ first_name }}. Please look at it before Friday."
      link: "app://billing/cards"
      data: {kind: billing, card: "{{ event.last4 }}"}
!

# offer N: N messages of as many people, in offered.N and the state N.db.
offer() {
	awk -v n="$1" -v t="$((NOW - 100))" 'BEGIN { for (i = 0; i < n; i++) {
		who = "{\"type\":\"person\",\"identifiers\":{\"id\":\"u_" i "\"}"
		print who ",\"action\":\"identify\",\"timestamp\":" t \
			",\"attributes\":{\"first_name\":\"Ana\"}}"
		print who ",\"action\":\"add_device\",\"timestamp\":" t \
			",\"device\":{\"platform\":\"android\",\"token\":\"" \
			sprintf("fcmtoken%0140d", i) "\"}}"
		print who ",\"action\":\"event\",\"id\":\"p" i \
			"\",\"name\":\"Ping\",\"timestamp\":" t + 60 \
			",\"attributes\":{\"last4\":\"4242\"}}"
	} }' | jr-ingest -q --state "$1.db" --now "$NOW" >/dev/null
	jr-schedule -q --state "$1.db" --now "$NOW" </dev/null >"offered.$1"
	[ "$(grep -c '"type":"message"' "offered.$1")" -eq "$1" ]
}

# push N: seconds by the wall and of the process, and its most memory in kB.
push() {
	cp "$1.db" run.db
	/usr/bin/time -f '%e %U %S %M' -o took jr-send-push -q --state run.db \
		--now "$NOW" <"offered.$1" >out
	[ "$(grep -c '"metric":"sent"' out)" -eq "$1" ] || {
		echo 'not all were sent' >&2
		exit 1
	}
	awk '{ print $1, $2 + $3, $4 }' took
}

offer "$((NUMBER / 10))"
offer "$NUMBER"
jr-send-push -n -q --state "$NUMBER.db" --now "$NOW" <"offered.$NUMBER" |
	jq -r 'select(.type == "request") | .body | length' | sed -n 1p >bytes
for _ in $(seq "$RUNS"); do
	"$B/tests/tools/bench_push" poll "$url/$path" cert.pem "$NUMBER" 100 \
		"$(cat bytes)"
done | sort -n | head -n 1 >bare
for _ in $(seq "$RUNS"); do
	"$B/tests/tools/bench_push" sender "$url" cert.pem "$NUMBER" fcm.json
done | sort -n | head -n 1 >sender
for _ in $(seq "$RUNS"); do
	push "$NUMBER"
done | sort -n | head -n 1 >ours
push "$((NUMBER / 10))" >few
paste bare sender ours few | awk -v n="$NUMBER" '{
	printf "push %d: libcurl alone %.2f s (%.2f s of a core); handed over " \
		"%.2f s (%.2f), ratio %.2f (%.2f), goal 2\n", n, $1, $2, $3, $4,
		$3 / $1, $4 / $2
	printf "push %d: with gates, claims and answers kept %.2f s (%.2f), " \
		"ratio %.2f (%.2f), goal 2\n", n, $5, $6, $5 / $1, $6 / $2
	printf "push %d: %d a second, %d a second of one core; %d MB, " \
		"%d MB for a tenth\n", n, n / $5, n / $6, $7 / 1024, $10 / 1024
}'
