#!/bin/sh
# While pushes are handed over the next are claimed, and answers written: the
# sender is killed in the midst of that.  None is handed over twice, none that
# was handed over is forgotten, and what was only claimed is told as unknown.
. "${0%/*}/../cli/lib.sh"
. "$TOP/tests/cli/world.sh"
needs node openssl sqlite3
needs_http2
people=330
push_keys
standin '{"rsa":"rsa.pem","key":"key.pem","cert":"cert.pem"}' ||
	skip_all 'the stand-in did not start'
# shellcheck disable=SC2154 # standin sets it
url=https://127.0.0.1:$port
jq -n --rawfile key rsa.pem --arg url "$url/token" '{type: "service_account",
	client_email: "jr@demo.example", private_key: $key, token_uri: $url,
	project_id: "demo-app"}' >fcm.json
sed -i '/^providers/,$d' jr.yaml
allow_many
# Claimed are ten times as many as are under way: there are seven batches.
cat >>jr.yaml <<!
claim_limit: 10m
channels:
  push: {android: fcm}
providers:
  fcm: {service_account_file: fcm.json, base_url: "$url", ca_file: cert.pem,
    in_flight: 5}
!
workflow w <<'!'
trigger: {event: Go}
reentry: always
steps:
  - push: {id: p, title: T, body: B}
!
i=0
while [ $((i += 1)) -le $people ]; do
	person "u$i"
	device "u$i" "token$i"
	event "u$i" Go "$(at 0 15:00)"
done
jr-ingest --now "$(at 0 15:00)" <in | jr-schedule --now "$(at 0 15:00)" >offered
cp jr.db fresh.db

received() {
	curl -s --http2 --cacert cert.pem "$url/_stats" | jq -r \
		'.received | to_entries[] | "\(.key) \(.value)"' | sort
}
# What holds in the end; unknown are at most two batches and what was under way
# of a third.  Ids are the same each time: what came in since.
holds() {
	received >after
	join -a 1 -e 0 -o 0,1.2,2.2 after before |
		awk '$2 > $3 { print $1, $2 - $3 }' >came
	cut -d ' ' -f 1 came >handed
	twice=$(awk '$2 > 1' came | wc -l)
	sqlite3 jr.db 'SELECT id FROM messages WHERE state = 4' | sort >accepted
	sqlite3 jr.db 'SELECT id FROM messages WHERE state = 7' | sort >unknown
	forgotten=$(sort -m accepted unknown | comm -13 - handed | wc -l)
	imagined=$(comm -13 handed accepted | wc -l)
	ended=$(sort -m accepted unknown | wc -l)
	unknown=$(wc -l <unknown)
	echo "twice $twice, forgotten $forgotten, imagined $imagined," \
		"ended $ended, unknown $unknown" >why
	[ "$twice$forgotten$imagined" = 000 ] && [ "$ended" -eq $people ]
}
# run CRASH TIME...: from the beginning, and until the claims are over.
run() {
	rm -f jr.db jr.db-*
	cp fresh.db jr.db
	received >before
	JR_CRASH=$1 jr-send-push --now "$(at 0 15:00)" <offered >out 2>log
	died=$?
	jr-send-push --now "$(at 0 15:05)" <offered >>out 2>>log
	jr-send-push --now "$(at 0 15:20)" <offered >>out 2>>log
}

run ''
holds && [ "$died" = 0 ] && [ "$unknown" = 0 ]
result $? 'nobody dies: all are accepted'
while read -r place passes; do
	for pass in $passes; do
		run "$place:$pass"
		holds && [ "$died" = 137 ] && [ "$unknown" -le 110 ]
		result $? "killed at $place, pass $pass"
	done
done <<'!'
send-claim 2 3 7
send-claimed 2 3 7
send-handed-over 50 51 75 149 300 330
send-settle 1 2 5
send-settled 1 2 6
!
finish
