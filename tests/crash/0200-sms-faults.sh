#!/bin/sh
# Hundreds of messages through each provider of texts, which fails at random, by
# a sender that is killed at random: none is taken twice, and in the end each is
# settled as the provider has it, or unknown where it cannot be asked.
#
# FAULT_MESSAGES (300, to each; at most 3,300), FAULT_SEED (1), FAULT_PROVIDERS.
. "${0%/*}/../cli/lib.sh"
. "$TOP/tests/cli/world.sh"
. "$TOP/tests/cli/texts.sh"
messages=${FAULT_MESSAGES:-300}
seed=${FAULT_SEED:-1}
begin=1793631600 # day 0, 15:00
in_flight=16

# instant MINUTES: so long after the beginning, and the stand-in's clock.
instant() {
	echo $((begin + 60 * $1)) >clock.new
	mv clock.new clock
	cat clock
}
instant 0 >/dev/null
texts_standin "$PWD/clock" "$seed"
workflow w <<'!!'
trigger: {event: Go}
steps:
  - sms: {id: s, body: "Hello {{ customer.id }}", names_sender: true}
!!

# world PROVIDER FIRST: all goes through it, to the numbers from FIRST on.
world() {
	cat >jr.yaml <<!!
channels: {sms: {provider: $1}}
senders: {main: {from: "+12025550100", type: toll_free, registered: true}}
caps: {sms: []}
quiet_hours: {channels: []}
claim_limit: 2m
lease: 1m
state: $1.db
providers:
$(provider "$1")
    timeout: 1s
    trouble: 1000000
    in_flight: $in_flight
!!
	i=$2
	while [ "$i" -lt $(($2 + messages)) ]; do
		person "u$i"
		event "u$i" Go $begin
		i=$((i + 1))
	done
}
sql() { sqlite3 "$who.db" "$1"; }
# How many are still to be handed over, or are under way.
left() { sql 'SELECT COUNT(*) FROM messages WHERE state IN (1, 2, 3, 5)'; }

# killed TIME: hand over at most 20, and die meanwhile, or be asked to stop.
killed() {
	jr-send-sms -q --max 20 --now "$1" <offered >sent 2>>errors &
	sender=$!
	nap=$(awk -v s="$seed$round" 'BEGIN { srand(s); r = rand(); print (r < .9 ? .02 + r / 8 : 0) }')
	if [ "$nap" != 0 ]; then
		sleep "$nap"
		if [ $((round % 5)) -eq 0 ]; then
			kill -TERM $sender 2>/dev/null
		else
			kill -KILL $sender 2>/dev/null && kills=$((kills + 1))
		fi
	fi
	wait $sender 2>/dev/null
	open=$(sql "SELECT COUNT(*) FROM attempts WHERE state = 3 AND started_s >= $1")
	[ "$open" -le "$most" ] || most=$open
}

# through PROVIDER FIRST: round after round, each a minute later.
through() {
	who=$1 kills=0 most=0 first_round=$round
	world "$@"
	check "$who: events are taken" 0 jr-ingest --now $begin <in
	: >in
	while [ "$round" -lt $((first_round + 20 + messages / 5)) ]; do
		round=$((round + 1))
		now=$(instant "$round")
		jr-schedule --now "$now" </dev/null >offered 2>err || break
		killed "$now"
		[ "$round" -gt $((first_round + 3)) ] && [ "$(left)" = 0 ] && break
	done
	cp errors why
	[ "$(left)" = 0 ]
	result $? "after $((round - first_round)) rounds and $kills kills none is under way"
	[ "$kills" -ge 3 ]
	result $? 'and it was killed in earnest'
	[ "$most" -gt 0 ] && [ "$most" -le $((3 * in_flight)) ]
	result $? "which left no more than $most claimed"
}

# settled: what we know of them is what the provider knows.
settled() {
	get /_again >again
	json 'none that was taken came again' again '.[0] == []'
	sql "SELECT CASE state WHEN 4 THEN 'accepted' WHEN 6 THEN 'refused'
		WHEN 7 THEN 'unknown' ELSE state END, COUNT(*) FROM messages
		GROUP BY state" >why
	[ "$(grep -cvE '^(accepted|refused|unknown)' why)" = 0 ]
	result $? "each is settled or unknown: $(tr '\n' ' ' <why)"
	round=$((round + 20))
	check 'reconciled' 0 jr-send-sms --reconcile --now "$(instant $round)"
	get /_taken | jq -r '.[]' | sort >all
	sql 'SELECT address FROM messages ORDER BY address' | comm -12 - all >theirs
	sql 'SELECT address FROM messages WHERE state IN (4, 8, 9)
		ORDER BY address' >ours
	sql 'SELECT address FROM messages WHERE state = 7
		ORDER BY address' >unknown
	comm -23 theirs unknown >why.theirs
	same 'we know of all that they took, and of no other' ours <why.theirs
	get /_again >again
	json 'none was sent for it' again '.[0] == []'
}

round=0 from=1
for one in ${FAULT_PROVIDERS:-twilio telnyx messagebird}; do
	through "$one" "$from"
	from=$((from + messages))
	settled
	# Telnyx has no list: what got no answer cannot be asked for.
	[ "$one" = telnyx ] && continue
	cp unknown why
	[ ! -s unknown ]
	result $? 'and nothing is unknown'
done
silent 'the stand-in was well' standin.err
finish
