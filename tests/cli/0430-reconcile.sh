#!/bin/sh
# jr-send-sms --reconcile settles what is unknown by the provider's own list,
# and brings status and price up to date.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
. "$TOP/tests/cli/texts.sh"

now=$(date -u -d "$(at 0 15:00)" +%s) || skip_all 'this date knows no -d'
texts_standin "$now"
sed -i 's/sms: {provider: sandbox}/sms: {provider: twilio}/; /^providers/d; /sandbox: {outbox/d; /twilio: {trust/d' jr.yaml
cat >>jr.yaml <<!!
caps: {sms: []}
links: {host: go.example.com, prefix: /s/}
prices: [{prefix: "+1", segment: 0.0079}]
providers:
  sandbox: {outbox: outbox.ndjson}
$(provider twilio)
    timeout: 1s
    trouble: 1000
!!
workflow w <<'!!'
trigger: {event: Go}
reentry: always
steps:
  - sms: {id: s, body: "{{ event.text }}", deadline: 2h, names_sender: true}
!!
state_of() { states m.address STATE CODE PRICED KNOWN COUNTED; }
say_each "$(at 0 15:00)" <<'!!'
Hello
end undelivered 30005
end sent
end undelivered 21610
fault raw nothing
fault raw half-body https://example.com/a
fault hang 3
fault status 503
fault refused 500 20500
Hello again
fault raw garbage
one more
and more
!!
check 'messages are offered' 0 offer "$(at 0 15:00)"
check 'and handed over' 0 send "$(at 0 15:00)"
state_of
[ "$(grep -c ' unknown ' got)" = 6 ]
result $? 'six of them nobody knows of'
reconcile() { jr-send-sms --reconcile --now "$@"; }

# A second opinion, before and after what is unknown is settled.
differs() {
	jr-send-sms --list --now "$(at 0 15:01)" >list || return
	jr-report -f ndjson --now "$(at 0 15:01)" --since "$(at 0 00:00)" \
		reconcile <list
}
cp jr.db before.db
check 'what the provider has on record differs' 1 differs
json 'it is listed' list 'length == 11 and all(.[]; .provider == "twilio"
	and .price == "-0.00990" and .currency == "USD" and .segments == 1
	and (.sent_at | startswith("2026-11-02")) and (.id | startswith("SM")))'
grep -c -e '+1206' -e Hello list >got
same 'without numbers and texts' got <<'!!'
0
!!
json 'by status, by price, and by what nobody knows here' out \
	'group_by(.what) | map([.[0].what, length]) ==
	[["not ours", 4], ["price", 7], ["status", 6]]'
sqlite3 before.db .dump >wanted
sqlite3 jr.db .dump >got
grep -v 'INTO runs' got >got.rows
grep -v 'INTO runs' wanted >wanted.rows
same 'and nothing changed' got.rows <wanted.rows

check 'a minute later' 0 reconcile "$(at 0 15:01)"
json 'what is listed is accepted' out '[.[] | select(.metric == "sent" and (.data.jr | has("price") | not)) | .data.recipient] | sort == ["+12065550005", "+12065550006", "+12065550007", "+12065550011"]'
state_of
same 'final states and prices are known' got <<'!!'
+12065550001 delivered - 9900 1 1
+12065550002 failed 30005 9900 1 1
+12065550003 accepted - 9900 1 1
+12065550004 failed 21610 9900 1 1
+12065550005 delivered - 9900 1 1
+12065550006 delivered - 9900 1 1
+12065550007 delivered - 9900 1 1
+12065550008 unknown http-503 7900 0 1
+12065550009 unknown http-500 7900 0 1
+12065550010 delivered - 9900 1 1
+12065550011 delivered - 9900 1 1
+12065550012 delivered - 9900 1 1
+12065550013 delivered - 9900 1 1
!!
json 'each as a delivery record, with the price' out \
	'[.[] | select(.metric == "delivered") | .data.jr.price] | length == 8 and all(.[]; . == "-0.00990")'
[ "$(sqlite3 jr.db "SELECT COUNT(*) FROM consents WHERE number = '+12065550004' AND method = 'provider'")" = 1 ]
result $? 'an opt-out that came late is one'
check 'then they differ no more' 0 differs
silent 'in nothing' out
check 'again' 0 reconcile "$(at 0 15:02)"
silent 'there is no news' out
check 'a quarter of an hour later' 0 reconcile "$(at 0 15:20)"
json 'what is not listed was never taken' out \
	'map([.metric, .data.recipient, .data.jr.code]) | sort == [["failed", "+12065550008", "not-listed"], ["failed", "+12065550009", "not-listed"]]'
state_of
grep -E ' (refused|unknown) ' got >left
same 'and gives its place back' left <<'!!'
+12065550008 refused not-listed 7900 0 0
+12065550009 refused not-listed 7900 0 0
!!
get /_received >received
json 'nothing was sent again' received 'map(to_entries[]) | all(.[]; .value == 1)'

nobody_there
check 'nobody answers' 75 reconcile "$(at 0 16:00)"
says 'and that is said' err "provider 'twilio': "
check 'it takes no dry run' 64 reconcile "$(at 0 16:00)" --dry-run
check 'its window is a duration' 64 reconcile "$(at 0 16:00)" --since=yesterday
check 'which is for it alone' 64 jr-send-sms --since 3d
check 'a list changes nothing' 64 jr-send-sms --list --reconcile
check 'and needs an answer' 75 jr-send-sms --list --now "$(at 0 16:00)"
finish
