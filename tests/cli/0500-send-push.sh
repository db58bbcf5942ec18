#!/bin/sh
# Handing push over: all devices, one verdict; tokens that are dead; FCM and
# APNs played by a stand-in over HTTP/2.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
needs sqlite3
cat >>jr.yaml <<'!'
caps: {push: []}
lease: 5m
!
workflow w <<'!'
trigger: {event: Go}
reentry: always
steps:
  - push: {id: p, title: Title, body: Hello, link: "app://x", data: {a: "{{ event.n | json }}"}}
!
offer() {
	jr-ingest --now "$1" <in >out.ingest && : >in &&
		jr-schedule --now "$1" <out.ingest >offered
}
send() {
	now=$1
	shift
	jr-send-push --now "$now" "$@" <offered
}
verdicts() {
	sqlite3 -separator ' ' jr.db "SELECT p.id, CASE m.state WHEN 2 THEN
		'offered' WHEN 4 THEN 'accepted' WHEN 5 THEN 'waiting' WHEN 6 THEN
		'refused' WHEN 7 THEN 'unknown' ELSE m.state END
		FROM messages m JOIN people p ON p.person = m.person
		ORDER BY p.id, m.due_s" >got
}

person u1
device u1 good-1
device u1 good-2 ios
person u2
device u2 x-unregistered
device u2 good-3
person u3
device u3 y-unregistered
person u4
device u4 z-unknown
device u4 z-refused
person u5
device u5 z-wait
device u5 zz-unregistered
for id in u1 u2 u3 u4 u5; do
	event $id Go "$(at 0 15:00)" '"n":7'
done
check 'five people with devices' 0 offer "$(at 0 15:00)"
check 'are pushed' 0 send "$(at 0 15:00)"
verdicts
same 'each message has the best verdict of its devices' got <<'!'
u1 accepted
u2 accepted
u3 refused
u4 unknown
u5 waiting
!
jq -r 'select(.object_type) | .data.identifiers.id + " " +
	.data.recipients[0].device_id + " " + .metric' out | sort >got
same 'each device a record' got <<'!'
u1 good-1 sent
u1 good-2 sent
u2 good-3 sent
u2 x-unregistered dropped
u3 y-unregistered dropped
u4 z-refused failed
u4 z-unknown attempted
u5 z-wait attempted
u5 zz-unregistered dropped
!
json 'the content is as it was written' outbox.ndjson 'all(.[];
	.title == "Title" and .body == "Hello" and .link == "app://x" and
	.data.a == 7)'
event u3 Go "$(at 0 15:10)" '"n":7'
event u2 Go "$(at 0 15:10)" '"n":7'
: >outbox.ndjson
check 'who has no other device' 0 offer "$(at 0 15:10)"
decided offered >got
same 'is not reachable any more' got <<'!'
w/p u3 no reachable
!
check 'who has' 0 send "$(at 0 15:10)"
json 'is reached there, and what waited goes on' outbox.ndjson \
	'map(.to) | sort == ["good-3", "z-wait"]'
echo '{"type":"person","identifiers":{"id":"u3"},"action":"add_device","timestamp":"'"$(at 0 15:20)"'","device":{"token":"y-unregistered","platform":"android"}}' >>in
event u3 Go "$(at 0 15:20)" '"n":7'
check 'the app is installed again' 0 offer "$(at 0 15:20)"
json 'and reachable' offered \
	'[.[] | select(.type == "message") | .person.id] | sort ==
	 ["u3", "u5"]'
sed -i 's/push: {provider: sandbox}/push: {provider: sandbox, devices: last, on_unknown: resend}/' jr.yaml
event u1 Go "$(at 0 15:30)" '"n":7'
event u4 Go "$(at 0 15:30)" '"n":7'
: >outbox.ndjson
check 'only the device last used, and unknown may be sent again' 0 \
	offer "$(at 0 15:30)"
check 'if so configured' 0 send "$(at 0 15:30)"
json 'one device each' outbox.ndjson \
	'map(.to | select(startswith("good"))) == ["good-1"]'
verdicts
grep u4 got >got2
same 'and what is unknown waits' got2 <<'!'
u4 unknown
u4 waiting
!
workflow long <<'!'
trigger: {event: Long}
reentry: always
steps:
  - push: {id: p, title: "{{ event.t }}", body: "A body."}
!
long='A title that no lock screen in the world would ever show as a whole, I fear'
event u1 Long "$(at 0 16:00)" "\"t\":\"$long\""
check 'a title that is too long' 0 offer "$(at 0 16:00)"
decided offered >got
same 'is refused' got <<'!'
long/p u1 no content
!
sed -i 's/on_unknown: resend/on_unknown: resend, cut: true/' jr.yaml
event u1 Long "$(at 0 16:10)" "\"t\":\"$long\""
check 'or cut' 0 offer "$(at 0 16:10)"
json 'at the end of a word, if so configured' offered \
	'[.[] | select(.workflow == "long")][0].title |
	 endswith("…") and (length <= 65)'

# --- the real protocols ---
command -v node >/dev/null || { skip 'node is not here'; finish; }
command -v openssl >/dev/null || { skip 'openssl is not here'; finish; }
push_keys
standin '{"rsa":"rsa.pem","ec":"ec.p8","delay":5}' || {
	skip 'the stand-in did not start'
	finish
}
# shellcheck disable=SC2154 # standin says it
url=http://127.0.0.1:$port
jq -n --rawfile key rsa.pem --arg url "$url/token" '{type: "service_account",
	client_email: "jr@demo.example", private_key: $key,
	private_key_id: "kid1", token_uri: $url, project_id: "demo-app"}' >fcm.json
sed -i '/^providers/,$d' jr.yaml
cat >>jr.yaml <<!
caps: {push: []}
quiet_hours: {channels: []}
channels:
  push: {android: fcm, ios: apns}
providers:
  fcm: {service_account_file: fcm.json, base_url: "$url"}
  apns:
    key_file: ec.p8
    key_id: ABC123DEFG
    team_id: DEF123GHIJ
    topic: com.example.app
    base_url: $url
!
rm -f jr.db* workflows/long.yaml
hex() { printf '%064d' "$1" | sed 's/0000$/'"$2"'/'; }
i=0
while [ $((i += 1)) -le 40 ]; do
	person "u$i"
	device "u$i" "good-$i"
	device "u$i" "$(hex "${i}0000" cafe)" ios
	event "u$i" Go "$(at 0 15:00)" '"n":"7"'
done
person d1
device d1 x-unregistered
device d1 "$(hex 990000 dead)" ios
event d1 Go "$(at 0 15:00)" '"n":"7"'
check 'forty-one people, two devices each' 0 offer "$(at 0 15:00)"
check 'by FCM and APNs' 0 send "$(at 0 15:00)"
json 'forty are accepted, on both' out '[.[] | select(.metric == "sent")] |
	length == 80 and (map(.data.jr.provider) | group_by(.) |
	map(length)) == [40, 40]'
sqlite3 -separator ' ' jr.db 'SELECT d.platform, a.provider, COUNT(*)
	FROM attempts a JOIN devices d ON d.device = a.device
	GROUP BY 1, 2 ORDER BY 1' >got
same 'each attempt is known to the provider that it went to' got <<'!'
android fcm 41
ios apns 41
!
json 'the dead are dropped' out \
	'[.[] | select(.metric == "dropped")] | length == 2'
sqlite3 jr.db 'SELECT COUNT(*) FROM devices WHERE gone_ms > 0' >got
same 'and will not be asked again' got <<'!'
2
!
# Node's fetch speaks no HTTP/2; curl does.
if curl -s --http2-prior-knowledge "$url/_stats" >stats 2>/dev/null; then
	json 'each was received once by each' stats '.[0].received |
		length == 41 and all(.[]; . == 2)'
	json 'with one token of each kind' stats \
		'.[0] | .token_requests == 1 and .provider_tokens == 1'
fi
event u1 Go "$(at 0 15:10)" '"n":"7"'
check 'a minute later' 0 offer "$(at 0 15:10)"
check 'another run' 0 send "$(at 0 15:10)"
if curl -s --http2-prior-knowledge "$url/_stats" >stats 2>/dev/null; then
	json 'has the same tokens' stats \
		'.[0] | .token_requests == 1 and .provider_tokens == 1'
fi
find jr.db.cache -type f ! -perm 600 >got
silent 'which lie in files of their own' got
event u1 Go "$(at 0 15:20)" '"n":"7"'
check 'one more' 0 offer "$(at 0 15:20)"
check 'tried' 0 send "$(at 0 15:20)" --dry-run
json 'is the exact request, without what is secret' out \
	'[.[] | select(.type == "request")] | length == 2 and
	 all(.[]; .headers | map(select(startswith("authorization"))) ==
	 ["authorization: ***"])'
# --- all kinds of pushes that APNs takes ---
person t1
device t1 "$(hex 970000 cafe)" ios
for type in alert background location voip complication fileprovider \
	liveactivity pushtotalk; do
	[ $type != background ] || silent='silent: true, sound: ding,'
	workflow type <<!
trigger: {event: Type}
reentry: always
steps:
  - push: {id: p, title: T, body: B, options: {${silent-} push_type: $type}}
!
	unset silent
	event t1 Type "$(at 0 15:30)" "\"type\":\"$type\""
	check "a push of type $type" 0 offer "$(at 0 15:30)"
	check 'goes out' 0 send "$(at 0 15:30)"
	json 'and is taken' out '[.[] | select(.data.jr.workflow == "type") |
		.metric] == ["sent"]'
done
rm workflows/type.yaml
if curl -s --http2-prior-knowledge "$url/_stats" >stats 2>/dev/null; then
	json 'each shows what it should' stats '.[0].problems == []'
fi

# The stand-in's 410 speaks of 2026-11-03T10:00:00Z.
person d2
echo '{"type":"person","identifiers":{"id":"d2"},"action":"add_device","timestamp":1793700001,"device":{"platform":"ios","token":"'"$(hex 980000 dead)"'"}}' >>in
event d2 Go "$(at 1 15:00)" '"n":"7"'
check 'a device that was registered since it was gone' 0 offer "$(at 1 15:00)"
check 'is refused once' 0 send "$(at 1 15:00)"
sqlite3 jr.db 'SELECT COUNT(*) FROM devices WHERE gone_ms > 0' >got
same 'and is not taken for gone' got <<'!'
2
!
finish
