#!/bin/sh
# Thousands of messages through a provider that fails at random, by a sender
# that is killed at random: none is taken twice, and in the end each is settled,
# as the provider has it.
#
# FAULT_MESSAGES (2000), FAULT_SEED (1).
. "${0%/*}/../cli/lib.sh"
. "$TOP/tests/cli/world.sh"
command -v python3 >/dev/null || skip_all 'python3 is not here'
command -v sqlite3 >/dev/null || skip_all 'sqlite3 is not here'
messages=${FAULT_MESSAGES:-2000}
seed=${FAULT_SEED:-1}
begin=1793631600 # day 0, 15:00

# instant MINUTES: so long after the beginning, and the stand-in's clock.
instant() {
	echo $((begin + 60 * $1)) >clock.new
	mv clock.new clock
	cat clock
}
mkfifo hold
instant 0 >/dev/null
python3 "$TOP/tests/standin/sms.py" "$PWD/clock" "$seed" <hold >port 2>standin.err &
# shellcheck disable=SC2034 # lib.sh ends it
children=$!
exec 3>hold
await port || skip_all 'the stand-in did not start'
url=http://127.0.0.1:$(cat port)
get() { python3 -c 'import sys, urllib.request as u
print(u.urlopen(sys.argv[1]).read().decode())' "$url$1"; }

umask 077
echo secret >token
cat >jr.yaml <<!!
channels: {sms: {provider: twilio}}
senders: {main: {from: "+12025550100", type: toll_free, registered: true}}
caps: {sms: []}
quiet_hours: {channels: []}
claim_limit: 2m
lease: 1m
providers:
  twilio:
    account_sid: AC00000000000000000000000000000000
    auth_token_file: token
    base_url: $url
    timeout: 1s
    trouble: 1000000
    max_connections: 16
!!
workflow w <<'!!'
trigger: {event: Go}
steps:
  - sms: {id: s, body: "Hello {{ customer.id }}", names_sender: true}
!!
i=0
while [ "$i" -lt "$messages" ]; do
	i=$((i + 1))
	person "$i"
	event "$i" Go $begin
done
check 'events are taken' 0 jr-ingest --now $begin <in

# How many are still to be handed over, or are under way.
left() { sqlite3 jr.db 'SELECT COUNT(*) FROM messages WHERE state IN (1, 2, 3, 5)'; }

# Round after round, each a minute later; most are killed on the way.
round=0 kills=0
while [ "$round" -lt 200 ]; do
	round=$((round + 1))
	now=$(instant "$round")
	jr-schedule --now "$now" </dev/null >offered 2>err || break
	jr-send-sms -q --max 120 --now "$now" <offered >sent 2>>errors &
	sender=$!
	nap=$(awk -v s="$seed$round" 'BEGIN { srand(s); r = rand(); print (r < .9 ? .03 + r / 3 : 0) }')
	if [ "$nap" != 0 ]; then
		sleep "$nap"
		if [ $((round % 5)) -eq 0 ]; then
			kill -TERM $sender 2>/dev/null
		else
			kill -KILL $sender 2>/dev/null && kills=$((kills + 1))
		fi
	fi
	wait $sender 2>/dev/null
	if [ "$round" -gt 3 ] && [ "$(left)" = 0 ]; then
		break
	fi
done
cp errors why 2>/dev/null
[ "$(left)" = 0 ]
result $? "after $round rounds and $kills kills none is under way"
[ "$kills" -ge 5 ]
result $? "and it was killed in earnest"
get /_again >again
json 'none that was taken came again' again '.[0] == []'
sqlite3 jr.db "SELECT CASE state WHEN 4 THEN 'accepted' WHEN 6 THEN 'refused'
	WHEN 7 THEN 'unknown' ELSE state END, COUNT(*) FROM messages
	GROUP BY state" >why
[ "$(grep -cvE '^(accepted|refused|unknown)' why)" = 0 ]
result $? "each is settled or unknown: $(tr '\n' ' ' <why)"

check 'reconciled' 0 jr-send-sms --reconcile --now "$(instant $((round + 20)))"
get /_taken | jq -r '.[]' | sort >theirs
sqlite3 jr.db 'SELECT address FROM messages WHERE state IN (4, 8, 9)
	ORDER BY address' >ours
same 'we know of all that they took, and of no other' ours <theirs
[ "$(sqlite3 jr.db 'SELECT COUNT(*) FROM messages WHERE state = 7')" = 0 ]
result $? 'and nothing is unknown'
get /_again >again
json 'none was sent for it' again '.[0] == []'
silent 'the stand-in was well' standin.err
finish
