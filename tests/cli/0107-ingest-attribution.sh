#!/bin/sh
# Replies and clicks are to the credit of the message that caused them, once.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
allow_many
echo 'links: {host: go.example.com, prefix: /l/, expires: 30d}' >>jr.yaml

workflow one <<'!'
trigger: {event: Go}
reentry: always
steps:
  - sms: {id: text, body: "Look: https://app.example.com/a"}
!
# A message to each, at an instant we know.
for id in u1 u2 u3 u4 u5 u6; do
	person $id
	event $id Go 2026-11-02T15:00:00Z
done
now=2026-11-02T15:00:00Z
sent_s=1793631600
tick $now
jq -r 'select(.metric == "sent") | .data |
	"\(.identifiers.id) \(.delivery_id)"' out | sort >ids
result "$(($(wc -l <ids) != 6))" 'everyone gets a text'
id_of() { sed -n "s/^$1 //p" ids; }

# says_back DIGITS SECONDS TEXT [PREFIX]: a reply so long after the text.
says_back() {
	s=$((sent_s + $2))
	printf '{"source":"twilio","received_at":%s,"body":"MessageSid=SM%s%s' \
		"$s" "$1" "$2"
	printf '&SmsStatus=received&From=%s%%2B1206555%s&To=%%2B12025550100' \
		"${4-}" "$1"
	printf '&Body=%s"}\n' "$3"
}
# metrics: what the store counts, "METRIC WHO TIMES", of replies and clicks.
metrics() {
	jr-report dump | jq -r 'select(.table == "metrics").row |
		select(.metric != 1) | "\(.metric) \(.message)"' | sort | uniq -c |
		while read -r times metric message; do
			who=$(sed -n "s/ $message$//p" ids)
			echo "$metric ${who:-$message} $times"
		done
}
later=2026-11-08T00:00:00Z
{
	says_back 0001 259200 ok
	says_back 0002 259201 ok
	says_back 0003 0 ok
	says_back 0004 -1 ok
	says_back 0005 60 ok whatsapp:
	says_back 0006 60 STOP
	says_back 0009 60 ok
	says_back 0001 90 again
} >replies
jr-ingest --now $later <replies >out.replies
metrics | sed 's/^[0-9]* //' | sort >got
same 'a reply is for 72 hours, to that number, on that channel, and one' got <<'!'
u1 1
u3 1
u6 1
!
json 'and names the message it answers' out.replies "
	map(.data.delivery_id) == [\"$(id_of u1)\", null, \"$(id_of u3)\", null,
		null, \"$(id_of u6)\", null, \"$(id_of u1)\"]"
sms() { jr-report --now $later --format=ndjson sms; }
check 'the report is made' 0 sms
json 'an opt-out is the debit of its message, and no reply' out '
	map([(.opt_outs * .sent | round), .replied, .sent]) == [[1, 2, 6]]'

# The newest text gets the reply.
event u1 Go 2026-11-08T00:00:00Z
tick $later
newest=$(jq -r 'select(.metric == "sent").data.delivery_id' out)
says_back 0001 464401 yes >reply # 2026-11-08T00:00:01Z
jr-ingest --now 2026-11-08T00:00:02Z <reply >out.reply
json 'of two the newest' out.reply ".[0].data.delivery_id == \"$newest\""

# Clicks, by the token of the link.
token=$(jr-report dump | jq -r --arg m "$(id_of u2)" \
	'select(.table == "links").row | select(.message == $m).token')
click() {
	printf '{"type":"delivery","action":"event","identifiers":{"link":"%s"},' "$1"
	printf '"id":"c%s","name":"clicked","timestamp":%s,"attributes":{%s}}\n' \
		"$2" "$((sent_s + $2))" "${3-}"
}
clicks() {
	jr-report dump | jq -c 'select(.table == "clicks").row | [.bot, .agent]'
}
click "$token" 50 '"machine":true,"user_agent":"Preview/1"' >in
jr-ingest --now $later <in >out
metrics >got
check 'a preview is no click' 1 grep -q u2 got
{
	click "$token" 60 '"user_agent":"Browser/1"'
	click "$token" 61
	click "$token" 61
	click nobody 62
} >in
check 'clicks come by their token' 0 jr-ingest --now $later in
metrics | grep u2 | sed 's/^[0-9]* //' >got
same 'the first one counts, once' got <<'!'
u2 1
!
clicks >got
same 'all of them are kept, each once' got <<'!'
[1,"Preview/1"]
[0,"Browser/1"]
[0,null]
!
: >in
check 'the report is made' 0 sms
json 'with one click of seven texts' out 'map([(.clicked * .sent | round), .sent]) == [[1, 7]]'
finish
