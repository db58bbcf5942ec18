#!/bin/sh
# The stand-in for push services serves clients that others wrote as the real
# ones do; and what we send it, others can verify and read.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
needs node openssl
needs_npm web-push http_ece jose @parse/node-apn firebase-admin
needs_http2
push_keys
keys='"rsa":"rsa.pem","ec":"ec.p8","key":"key.pem","cert":"cert.pem"'
foreign() { # standin says port
	# shellcheck disable=SC2154
	NOW=$(date -ud "$now" +%s) node "$TOP/tests/node/push_foreign.mjs" \
		"$1" "https://127.0.0.1:$port"
}
now=$(at 0 15:00)
standin "{$keys}" || skip_all 'the stand-in did not start'
check 'others are served as they know it' 0 foreign clients
cp out got
says 'Apple by @parse/node-apn' got '^APNs: background, at once$'
says 'FCM by firebase-admin' got '^FCM: no token$'
says 'browsers by web-push' got '^Web Push: gone$'
end_standin

standin "{$keys,\"now\":$(date -ud "$now" +%s)}" ||
	skip_all 'the stand-in did not start'
url=https://127.0.0.1:$port
jq -n --rawfile key rsa.pem --arg url "$url/token" '{type: "service_account",
	client_email: "jr@demo.example", private_key: $key,
	token_uri: $url, project_id: "demo-app"}' >fcm.json
sed -i '/^providers/,$d' jr.yaml
cat >>jr.yaml <<!
caps: {push: []}
quiet_hours: {channels: []}
channels: {push: {android: fcm, ios: apns, web: webpush}}
providers:
  fcm: {service_account_file: fcm.json, base_url: "$url", ca_file: cert.pem}
  apns:
    key_file: ec.p8
    key_id: ABC123DEFG
    team_id: DEF123GHIJ
    topic: com.example.app
    base_url: $url
    ca_file: cert.pem
  webpush:
    vapid_key_file: ec.p8
    subject: mailto:ops@example.com
    hosts: ["127.0.0.1"]
    ca_file: cert.pem
!
workflow w <<'!'
trigger: {event: Go}
steps:
  - push: {id: p, title: "Ünïcödé 👋", body: B}
!
person u1
device u1 token
device u1 "$(printf '%064d' 7)" ios
curl -s --http2 --cacert cert.pem "$url/_subscribe/u1" |
	jq -c '{type: "person", identifiers: {id: "u1"}, action: "add_device",
	timestamp: 1793000000, device: ({platform: "web"} + .)}' >>in
event u1 Go "$now"
jr-ingest --now "$now" <in >out.ingest
jr-schedule --now "$now" <out.ingest >offered
check 'one message to each service' 0 jr-send-push --now "$now" <offered
json 'is taken by each' out 'map(select(.metric == "sent")) | length == 3'
check 'and others verify it' 0 foreign ours
cp out got
same 'and read it' got <<'!'
jose: the assertion for Google
jose: the provider token for Apple
jose: the VAPID token
http_ece: what the browser reads
!
finish
