#!/bin/sh
# Handing SMS over: claims, gates, what the provider says, and the options.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
needs sqlite3
cat >>jr.yaml <<'!'
caps: {sms: []}
claim_limit: 10m
lease: 5m
test_recipients: ["+12065550999"]
!
workflow w <<'!'
trigger: {event: Go}
reentry: always
steps:
  - sms: {id: s, body: Hello}
!

# number ID NUMBER: someone with that number.
number() {
	echo "{\"type\":\"person\",\"identifiers\":{\"id\":\"$1\"},\"action\":\"identify\",\"timestamp\":1793000000,\"attributes\":{\"timezone\":\"America/New_York\",\"phone\":\"$2\",\"sms_consent\":true,\"sms_consent_at\":1793000000,\"sms_consent_ip\":\"192.0.2.1\"}}" >>in
}
# offer TIME: what comes in is in offered.
offer() {
	jr-ingest --now "$1" <in >out.ingest && : >in &&
		jr-schedule --now "$1" <out.ingest >offered
}
send() { # TIME OPTION...
	now=$1
	shift
	jr-send-sms --now "$now" "$@" <offered
}
states() {
	sqlite3 -separator ' ' jr.db "SELECT p.id, CASE m.state WHEN 1 THEN
		'planned' WHEN 2 THEN 'offered' WHEN 3 THEN 'claimed' WHEN 4 THEN
		'accepted' WHEN 5 THEN 'waiting' WHEN 6 THEN 'refused' WHEN 7
		THEN 'unknown' ELSE 'other' END, COALESCE(m.code, '-')
		FROM messages m JOIN people p ON p.person = m.person
		ORDER BY p.id, m.due_s" >got
}

# --- the record in the pipe is only a pointer ---
number u1 +12065550001
number u2 +12065550002
event u1 Go "$(at 0 15:00)"
check 'a message is offered' 0 offer "$(at 0 15:00)"
cp offered honest
jq -c 'if .type == "message" then .to = "+12065550002" | .body = "Pay me" |
	.person.id = "u2" else . end' honest >offered
check 'somebody alters it in the pipe' 0 send "$(at 0 15:00)"
same 'a summary is the last word' err <<'!'
jr-send-sms: 1 accepted, 1 claimed
!
jq -r '.to + " " + .body' outbox.ndjson >got
same 'it goes where and as it was decided' got <<'!'
+12065550001 Acme: Hello Reply STOP to opt out
!
cp honest offered
check 'it comes twice' 0 send "$(at 0 15:01)" -q
silent 'quietly' err
json 'and goes once' outbox.ndjson 'length == 1'
cat >offered <<'!'
{"type":"message","channel":"sms","id":"m_00000000000000000000000000"}
{"type":"message","channel":"sms"}
{"type":"message","channel":"push","id":"m_x"}
not a record
{"any":"thing","n":1.0}
!
check 'what it does not know' 0 send "$(at 0 15:01)"
same 'passes byte for byte' out <offered
says 'with a word' err 'stdin:1: a message that the state does not know'

# --- all gates once more ---
for id in u1 u2 u3 u4; do
	number $id "+1206555000${id#u}"
	event $id Go "$(at 0 16:00)"
done
check 'four messages are offered' 0 offer "$(at 0 16:00)"
attributes u1 "$(at 0 16:01)" '"sms_consent":false'
echo '{"type":"person","identifiers":{"id":"u2"},"action":"delete"}' >>in
number u3 +12065550033
ingest() { jr-ingest --now "$1" <in >out.ingest && : >in; }
sed -i 's/1793000000/1793001000/g' in
check 'then one says STOP, one is erased, one has another number' 0 \
	ingest "$(at 0 16:01)"
: >outbox.ndjson
check 'before they are taken' 0 send "$(at 0 16:02)"
json 'only the fourth gets it' outbox.ndjson 'map(.to) == ["+12065550004"]'
decided >got
same 'the others are decided anew' got <<'!'
w/s u1 no consent
w/s u3 later reachable
!
check 'the third' 0 offer "$(at 0 16:03)"
check 'is offered for the new number' 0 send "$(at 0 16:03)"
json 'and goes there' outbox.ndjson '.[1].to == "+12065550033"'
number n1 +12065550051
event n1 Go "$(at 1 01:59)"
check 'offered at a minute to nine in the evening' 0 offer "$(at 1 01:59)"
check 'taken two minutes later' 0 send "$(at 1 02:01)"
decided >got
same 'it waits for the morning' got <<'!'
w/s n1 later quiet_hours
!
# --- what the provider says ---
rm -f jr.db* outbox.ndjson in
: >in
number a0 +12065550100
number a1 +12065559901
number a2 +12065559902
number b2 +12065559902
number a3 +12065559903
number a4 +12065559904
for id in a0 a1 a2 a3 a4; do
	event $id Go "$(at 0 15:00)"
done
check 'five messages' 0 offer "$(at 0 15:00)"
check 'five answers' 0 send "$(at 0 15:00)"
states
same 'five states' got <<'!'
a0 accepted -
a1 refused 21211
a2 refused 21610
a3 waiting 20429
a4 unknown timeout
!
jq -r 'select(.object_type) | "\(.data.identifiers.id) \(.metric) \(.data.jr.state)"' out |
	sort >got
same 'five records' got <<'!'
a0 sent accepted
a1 failed refused
a2 dropped refused
a3 attempted waiting
a4 attempted unknown
!
event b2 Go "$(at 0 15:01)"
event a2 Go "$(at 0 15:01)"
check 'who opted out with the provider' 0 offer "$(at 0 15:01)"
decided offered | sort >got
same 'has opted out with us, and so has whoever has the number' got <<'!'
w/s a2 no consent
w/s b2 no consent
!
sqlite3 jr.db "SELECT method, source, channel, agreed FROM consents
	WHERE agreed = 0" >got
same 'the ledger says who said so' got <<'!'
provider|sandbox|1|0
!
check 'what waits' 0 offer "$(at 0 15:03)"
json 'is offered again' offered '[.[] | select(.type == "message") |
	.person.id] == ["a3"]'
check 'and what is unknown' 0 offer "$(at 0 20:00)"
json 'is not' offered '[.[] | select(.type == "message") | .person.id] ==
	["a3"]'

# --- the account is wrong: nothing more ---
rm -f jr.db* outbox.ndjson
number a1 +12065559905
number a2 +12065550102
number a3 +12065550103
for id in a1 a2 a3; do
	event $id Go "$(at 0 15:00)"
done
check 'three messages, the first meets a wrong key' 0 offer "$(at 0 15:00)"
{
	jq -c 'select(.person.id == "a1" and .type == "message")' offered
	jq -c 'select(.person.id != "a1" and .type == "message")' offered
	echo '{"any":"thing"}'
} >sorted
mv sorted offered
check 'the run stops: a person must look' 78 send "$(at 0 15:00)"
says 'and says why' err "provider 'sandbox' takes no more: "
json 'what was not for it has passed' out 'map(select(.any)) | length == 1'
[ "$(sqlite3 jr.db 'SELECT COUNT(*) FROM messages WHERE state IN (2, 5)')" = 3 ]
result $? 'nothing is lost: all wait or are offered'

# --- a claim that nobody settled ---
rm -f jr.db* outbox.ndjson
number a1 +12065550101
event a1 Go "$(at 0 15:00)"
check 'a message' 0 offer "$(at 0 15:00)"
crash() { JR_CRASH=send-claimed send "$(at 0 15:00)"; }
check 'whose sender dies with it in hand' 137 crash
check 'stays in its hands' 0 send "$(at 0 15:05)"
states
same 'while it may live' got <<'!'
a1 claimed -
!
: >offered
check 'and later' 0 send "$(at 0 15:11)"
states
same 'is unknown' got <<'!'
a1 unknown limit
!
json 'as a record says' out '.[0] | .metric == "attempted" and
	.data.jr.state == "unknown" and .data.jr.code == "limit"'
check 'for ever' 0 offer "$(at 3 15:00)"
silent 'and is not offered again' offered

# --- options ---
rm -f jr.db* outbox.ndjson
for i in 1 2 3; do
	number "a$i" "+1206555010$i"
	event "a$i" Go "$(at 0 15:00)"
done
check 'three messages' 0 offer "$(at 0 15:00)"
sqlite3 jr.db .dump >before
check '--dry-run' 0 send "$(at 0 15:00)" --dry-run
says 'its summary says that nothing was sent' err 'dry run: '
sqlite3 jr.db .dump >after
cmp -s before after
result $? 'keeps nothing'
json 'and shows what would be handed over' out \
	'[.[] | select(.type == "request") | .handover.to] | sort ==
	 ["+12065550101", "+12065550102", "+12065550103"]'
[ ! -s outbox.ndjson ]
result $? 'nothing left'
check '--max 2' 0 send "$(at 0 15:00)" --max 2
json 'sends two' outbox.ndjson 'length == 2'
check 'the next run' 0 send "$(at 0 15:00)"
json 'the third' outbox.ndjson 'length == 3'
check '--max below 0' 64 send "$(at 0 15:00)" --max -1
check '--provider that is not there' 78 send "$(at 0 15:00)" --provider nobody
says 'with those that are' err 'sandbox'
check '--provider of another kind' 78 send "$(at 0 15:00)" --provider apns
check '--test to someone who is not listed' 78 send "$(at 0 15:00)" \
	--test +12065550101
check '--test to someone who is' 0 send "$(at 0 15:00)" \
	--test +12065550999 --text 'Is this on?'
jq -r '.to + " " + .body' outbox.ndjson | tail -n 1 >got
same 'sends one message' got <<'!'
+12065550999 Is this on?
!
json 'as a record' out '.[0].metric == "sent"'
for i in 1 2 3 4 5 6; do
	event a1 Go "$(at 0 16:0$i)"
	offer "$(at 0 16:0$i)" && cat offered
done >all
jq -c 'select(.type == "message")' all >offered
slow() {
	start=$(date +%s%N)
	send "$(at 0 16:06)" --rate 5 || return
	ms=$((($(date +%s%N) - start) / 1000000))
	echo "it took $ms ms" >>err
	[ $ms -ge 800 ]
}
check '--rate 5: six messages take a second' 0 slow


# SIGTERM: what is in hand is handed over and settled, no more is taken.
rm -f jr.db* outbox.ndjson
i=0
while [ $((i += 1)) -le 30 ]; do
	number "a$i" "+120655501$((10 + i))"
	event "a$i" Go "$(at 0 15:00)"
done
check 'thirty messages' 0 offer "$(at 0 15:00)"
terminate() {
	jr-send-sms --now "$(at 0 15:00)" --rate 4 <offered &
	sender=$!
	sleep 1.5
	kill -TERM $sender
	wait $sender
}
check 'a sender that is asked to stop' 0 terminate
sqlite3 jr.db 'SELECT COUNT(*) FROM messages WHERE state = 3' >got
same 'leaves nothing in hand' got <<'!'
0
!
sqlite3 jr.db 'SELECT COUNT(*) FROM messages WHERE state = 4' >taken
sqlite3 jr.db 'SELECT COUNT(*) FROM messages WHERE state = 2' >left
[ "$(cat taken)" -ge 2 ] && [ "$(cat left)" -ge 5 ]
result $? 'and the rest offered'
[ "$(wc -l <outbox.ndjson)" = "$(cat taken)" ]
result $? 'what was handed over is known'

# --- who watches sees how far it is; cron, and who wants none, see nothing ---
cat >watch.py <<'!'
import pty, sys
sys.exit(pty.spawn(sys.argv[1:]) >> 8)
!
if command -v python3 >/dev/null; then
	event a1 Go "$(at 0 16:58)"
	offer "$(at 0 16:58)" >/dev/null
	check 'on a terminal' 0 python3 watch.py sh -c \
		"jr-send-sms --now $(at 0 16:58) <offered >sent"
	says 'there is progress' out '[0-9]+ messages'
	says 'and a summary' out '[0-9]+ accepted'
	event a1 Go "$(at 0 16:59)"
	offer "$(at 0 16:59)" >/dev/null
	check 'and with --quiet' 0 python3 watch.py sh -c \
		"jr-send-sms --quiet --now $(at 0 16:59) <offered >sent"
	silent 'there is none' out
fi

sed -i '/sms: {provider/d' jr.yaml
event a1 Go "$(at 0 17:00)"
check 'without a provider' 0 offer "$(at 0 17:00)"
check 'a message is an error of the configuration' 78 send "$(at 0 17:00)"
says 'that says what to write' err 'no provider for sms'
: >offered
check 'but no message is none' 0 send "$(at 0 17:00)"
full() { send "$(at 0 17:00)" >/dev/full; }
echo '{}' >offered
check 'what cannot be written is an error' 74 full
finish
