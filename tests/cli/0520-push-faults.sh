#!/bin/sh
# Push when things go wrong below and beside: streams that are refused, reset
# or cut off, a connection that is going away, few streams, small windows,
# access tokens that expire, storms of 429, another environment's devices.
# No message comes twice to a device, unless that is asked for.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
needs node openssl sqlite3
needs_http2
push_keys
workflow w <<'!'
trigger: {event: Go}
reentry: always
steps:
  - push: {id: p, title: T, body: B, data: {x: "{{ event.x }}"}}
!
sed '/^providers/,$d' jr.yaml >head.yaml

# begin OPTIONS [PUSH-SETTINGS]: the stand-in, and a state without anybody.
begin() {
	[ -z "${standin-}" ] || end_standin
	rm -rf jr.db*
	standin '{"rsa":"rsa.pem","ec":"ec.p8","key":"key.pem","cert":"cert.pem"'"${1:+,$1}"'}' ||
		skip_all 'the stand-in did not start'
	# shellcheck disable=SC2154 # standin sets it
	url=https://127.0.0.1:$port
	jq -n --rawfile key rsa.pem --arg url "$url/token" '{
		type: "service_account", client_email: "jr@demo.example",
		private_key: $key, token_uri: $url,
		project_id: "demo-app"}' >fcm.json
	cat head.yaml - >jr.yaml <<!
caps: {push: []}
quiet_hours: {channels: []}
channels:
  push: {android: fcm, ios: apns${2:+, $2}}
providers:
  fcm:
    service_account_file: fcm.json
    base_url: "$url"
    ca_file: cert.pem
    timeout: 60s
  apns:
    key_file: ec.p8
    key_id: ABC123DEFG
    team_id: DEF123GHIJ
    topic: com.example.app
    base_url: $url
    ca_file: cert.pem
    timeout: 60s
!
}
# people FROM TO [END]: with a device each, by turns of either kind; END is
# that of tokens of FCM.
people() {
	who=$1
	while [ "$who" -le "$2" ]; do
		person "u$who"
		case $((who % 2)) in
		0) device "u$who" "token$who${3-}" ;;
		1) device "u$who" "$(printf '%064d' "$who")" ios ;;
		esac
		event "u$who" Go "$(at 0 15:00)" '"x":"'"$who"'"'
		who=$((who + 1))
	done
}
# patient: trouble stops nothing.
patient() {
	sed -i 's/timeout: .*/&\n    trouble: 100/' jr.yaml
}
# fault I NAME: what person I is sent makes the stand-in do so, once.
fault() {
	sed -i 's/^\(.*"id":"u'"$1"'"},"action":"event".*\)"x":"[^"]*"/\1"x":"fault-'"$2-$1"'"/' in
}
go() {
	jr-ingest --now "$1" <in >out.ingest && : >in &&
		jr-schedule --now "$1" <out.ingest >offered &&
		jr-send-push --now "$1" <offered
}
states() {
	sqlite3 -separator ' ' jr.db "SELECT CASE state WHEN 2 THEN 'offered'
		WHEN 4 THEN 'accepted' WHEN 5 THEN 'waiting' WHEN 6 THEN 'refused'
		WHEN 7 THEN 'unknown' ELSE state END, COUNT(*) FROM messages
		GROUP BY 1 ORDER BY 1" | tr '\n' ' '
}
ask() { curl -s --http2 --cacert cert.pem "$url/_stats" >stats; }
# counted TITLE FILTER: jq's FILTER holds for what the stand-in has seen.
counted() {
	ask
	json "$1" stats ".[0] | (.received | [.[]]) as \$times | $2"
}
is() {
	echo "got $(states)" >why
	[ "$(states)" = "$2 " ]
	result $? "$1"
}

# --- what only takes patience ---
while read -r options; do
	begin "$options"
	people 1 24
	check "with $options" 0 go "$(at 0 15:00)"
	is "all are accepted" 'accepted 24'
	counted "once each" '($times | length == 24 and all(. == 1)) and
		.problems == []'
	[ "$options" != '"streams":1' ] ||
		counted 'over one stream at a time, of each' '.most_open <= 2 and
		.sessions <= 4'
done <<'!'
"streams":1
"window":64
"expire_after":9
"delay":30,"streams":3
!

# --- what goes wrong once: the others are accepted ---
while read -r what times state; do
	begin '"delay":10'
	people 1 24
	fault 7 "$what"
	fault 12 "$what"
	# So long the others may take, too, on the busiest machine.
	[ "$what" != mute ] || sed -i 's/timeout: 60s/timeout: 12s/' jr.yaml
	check "a stream that meets '$what'" 0 go "$(at 0 15:00)"
	is "is told right" "$state"
	counted "and nothing came twice" "(\$times | all(. == 1) and
		length >= $times) and .problems == []"
done <<'!'
refuse 24 accepted 24
goaway 24 accepted 24
reset 24 accepted 22 unknown 2
mute 24 accepted 22 unknown 2
!
begin '"delay":10'
people 1 24
fault 8 kill
patient
check 'a connection that is cut' 0 go "$(at 0 15:00)"
counted 'repeats nothing' '$times | all(. == 1)'
ask
sent=$(sqlite3 jr.db 'SELECT COUNT(*) FROM messages WHERE state = 4')
arrived=$(jq '.received | length' stats)
echo "$sent accepted, $arrived arrived" >why
[ "$sent" -le "$arrived" ]
result $? 'and what is accepted arrived'
check 'a later run' 0 go "$(at 0 16:00)"
counted 'sends what was not' '$times | all(. == 1)'

# --- unknown may be sent again, under the same collapse id ---
begin '"delay":10' 'on_unknown: resend'
people 1 4
fault 2 reset
fault 3 reset
check 'with on_unknown: resend' 0 go "$(at 0 15:00)"
is 'what is unknown waits' 'accepted 2 waiting 2'
check 'and a later run' 0 go "$(at 0 15:10)"
is 'sends it again' 'accepted 4'
counted 'to replace itself' '$times | sort == [1, 1, 2, 2]'
counted 'by the same name' '[.collapse[] | length] == [1, 1, 1, 1]'

# --- a storm ---
begin ''
people 1 1
i=2
while [ $i -le 60 ]; do
	people $i $i -quota
	i=$((i + 2))
done
check 'a storm of 429 stops the run' 75 go "$(at 0 15:00)"
says 'and says why' err "provider 'fcm' takes no more: over a rate limit"
counted 'nothing came twice' '$times | all(. == 1)'
patient
check 'when it is over' 0 go "$(at 0 15:30)"
is 'all have been tried, and none is lost' 'accepted 1 waiting 30'

# --- another environment ---
begin '"unknown":true'
people 1 30
check 'devices of another environment' 78 go "$(at 0 15:00)"
says 'stop the run' err "provider 'apns' takes no more: .*environment's; no device was dropped"
sqlite3 jr.db 'SELECT COUNT(*) FROM devices WHERE gone_ms > 0' >got
same 'and no device is lost' got <<'!'
0
!

begin ''
people 21 30
i=1
while [ $i -le 12 ]; do
	person "s$i"
	echo '{"type":"person","identifiers":{"id":"s'$i'"},"action":"add_device","timestamp":1793000000,"device":{"platform":"ios","token":"'"$(printf '%060dbeef' $i)"'","attributes":{"environment":"sandbox"}}}' >>in
	event "s$i" Go "$(at 0 14:59)" '"x":"s"'
	i=$((i + 1))
done
check 'devices of developers that are all stale' 78 go "$(at 0 15:00)"
says 'are told of' err 'of the environment sandbox get the verdict'
is 'and hold up nobody else' 'accepted 10 waiting 12'

# --- --verify ---
verify() { jr-send-push --verify "$@" </dev/null; }
begin ''
check 'all is well' 0 verify
jq -c 'select(.type == "check") | [.provider, .what, .state]' out >got
same 'and said so' got <<'!'
["apns","settings","good"]
["apns","access token","good"]
["apns","a device that nobody has","good"]
["fcm","settings","good"]
["fcm","access token","good"]
["fcm","a message to nobody","good"]
!
counted 'and nobody got anything' '$times == []'
sed -i 's/ABC123DEFG/ABC123DEFH/' jr.yaml
check 'a wrong key id' 78 verify
says 'is told of' err "provider 'apns', a device that nobody has: InvalidProviderToken"
sed -i 's/ABC123DEFH/ABC123DEFG/' jr.yaml
nobody_there
check 'nobody there' 75 verify
says 'is told of' err "provider 'apns', a device that nobody has: 127.0.0.1: no connection: connection refused"
check 'it stands alone' 64 verify --dry-run

# --- runs that begin together ---
begin '"delay":20'
for i in 1 2 3 4 5 6; do
	verify -p apns >"verify.$i" 2>&1 &
	runs="${runs-} $!"
done
for run in $runs; do
	wait "$run" || echo "$run: exit $?"
done >got
silent 'six at once are all well' got
counted 'with one token for Apple' '.provider_tokens == 1'

# --- one message to a device that is listed ---
try() { jr-send-push --test "$@" --text Hello </dev/null; }
apple=$(printf '%064d' 1)
begin '"expire_after":0'
cat >>jr.yaml <<!
test_recipients: [good, t-unregistered, t-unavailable,
  "$apple", ${apple%0001}beef]
!
check 'a test' 0 try good
check 'and one for Apple' 0 try "$apple"
while read -r token code what; do
	check "to '${token##*0}'" "$code" try "$token"
	says 'it says why' err "the test message $what"
done <<!
t-unregistered 69 is refused by 'fcm': the app is gone
t-unavailable 75 is not taken now by 'fcm': FCM is overloaded
${apple%0001}beef 69 is refused by 'apns': this is no token of this environment
!
sed -i 's/DEF123GHIJ/DEF123GHIK/' jr.yaml
check 'with a wrong team it is a matter of settings' 78 try "$apple"
says 'and says which' err "refused by 'apns': the provider token is refused: check key, key_id and team_id"
jq '.client_email = "nobody"' fcm.json >other.json
chmod 600 other.json
rm -rf jr.db.cache
sed -i 's/fcm.json/other.json/' jr.yaml
check 'as without a token' 78 try good
says 'which Google does not give' err 'no access token: http-400 invalid_grant: check the service account and the clock'
nobody_there
check 'while nobody is there it is a matter of time' 75 try "$apple"
finish
