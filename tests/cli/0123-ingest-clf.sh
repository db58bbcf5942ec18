#!/bin/sh
# Access logs of the host of short links: clicks of people, and of machines.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
allow_many
echo 'links: {host: go.example.com, prefix: /l/}' >>jr.yaml

workflow one <<'!'
trigger: {event: Go}
steps:
  - sms: {id: text, body: "Look: https://app.example.com/a"}
!
for id in u1 u2; do
	person $id
	event $id Go 2026-11-02T15:00:00Z
done
tick 2026-11-02T15:00:00Z
jr-report dump >store
token_of() {
	jq -rs --arg who "$1" '
		([.[] | select(.table == "people").row | select(.id == $who)][0].person) as $p |
		([.[] | select(.table == "messages").row | select(.person == $p)][0].id) as $m |
		.[] | select(.table == "links").row | select(.message == $m).token' store
}
one=$(token_of u1) two=$(token_of u2)
later=2026-11-02T18:00:00Z
clf() { jr-ingest --format=clf --now "$later" log; }

phone='Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Safari/604.1'
# get ADDRESS MINUTE REQUEST STATUS [AGENT]: a line of the combined format.
get() {
	printf '%s - - [02/Nov/2026:16:%s:00 +0000] "%s" %s 0 "-" "%s"\n' \
		"$1" "$2" "$3" "$4" "${5-$phone}"
}
{
	get 192.0.2.1 01 "GET /l/$one HTTP/1.1" 302 WhatsApp/2.24
	get 192.0.2.1 02 "HEAD /l/$one HTTP/1.1" 302
	get 2001:db8::1 03 "GET /l/$one?utm=x HTTP/1.1" 302
	get 192.0.2.1 04 "GET /l/$one HTTP/1.1" 302
	get 192.0.2.9 05 'GET /favicon.ico HTTP/1.1' 404
	get 192.0.2.9 06 'GET /l/nobody00000 HTTP/1.1' 302
	get 192.0.2.9 07 "GET /l/$two HTTP/1.1" 404
	get 192.0.2.9 08 "POST /l/$two HTTP/1.1" 302
	get 192.0.2.9 09 "GET /$two HTTP/1.1" 302
	get 192.0.2.9 10 "GET /l/$two/more HTTP/1.1" 302
	get 192.0.2.9 11 'GET / HTTP/1.1' 200
	get 192.0.2.9 12 '-' 400
	echo
} >log
check 'a log is read' 65 clf
same 'but for what is no line of one' err <<'!'
jr-ingest: log:13: no line of an access log in the common or combined format
!
jq -c '[.metric, .object_type, .data.delivery_id != null, .data.machine,
	.data.jr.ip, .data.jr.user_agent[:8], .timestamp]' out >got
same 'clicks of people and of machines go out' got <<'!'
["clicked","sms",true,true,"192.0.2.1","WhatsApp",1793635260]
["clicked","sms",true,true,"192.0.2.1","Mozilla/",1793635320]
["clicked","sms",true,null,"2001:db8::1","Mozilla/",1793635380]
["clicked","sms",true,null,"192.0.2.1","Mozilla/",1793635440]
!
runs() { jr-report --format=ndjson --limit 1 runs; }
check 'the run' 0 runs
json 'says how many lines were none of ours' out '.[0].counts | fromjson ==
	{"accepted": 4, "ignored": 8, "rejected": 1}'
jr-report dump >store
json 'all are kept, and one counts' store '
	def rows(t): [.[] | select(.table == t).row];
	(rows("clicks") | map(.bot)) == [1, 1, 0, 0] and
	[rows("metrics")[] | select(.metric == 4).at_s] == [1793635380] and
	([rows("log")[] | select(.kind == 14 and .id != null) |
	[.name, (.data | fromjson.ip)]]) == [["previewed", "192.0.2.1"],
	["previewed", "192.0.2.1"], ["clicked", "2001:db8::1"],
	["clicked", "192.0.2.1"]]'
sed -i '$d' log
check 'the same log again' 0 clf
jr-report dump >again
same 'changes nothing' again <store
{
	cat log
	get 192.0.2.2 30 "GET /l/$two HTTP/1.1" 302
} >log.more
mv 'log.more' log
check 'what was added since' 0 clf
jr-report dump >store
json 'is all that is new' store '[.[] | select(.table == "clicks")] | length == 5'

# Other ways to write it.
{
	printf '192.0.2.3 - Ann B [02/Nov/2026:17:00:00 +0100] "GET /l/%s HTTP/1.0" 301 -\n' "$one"
	printf 'phone.example - - [02/Nov/2026:16:00:00 -0000] "GET https://go.example.com/l/%s HTTP/2.0" 302 0 "a \\"b\\"" "\\x41 \\"b\\"" "more"\r\n' "$one"
} >log
check 'the common format, and escapes' 0 clf
jq -c '[.timestamp, .data.machine, .data.jr.ip, .data.jr.user_agent]' out >got
same 'are understood' got <<'!'
[1793635200,null,"192.0.2.3",null]
[1793635200,null,null,"A \"b\""]
!

# wrong LINE REASON
wrong() {
	printf '%s\n' "$1" >log
	check "refused: $1" 65 clf
	says 'and told why' err "log:1: $2"
}
none='no line of an access log'
wrong 'hello' "$none"
wrong '{"type":"person"}' "$none"
wrong '192.0.2.1 - - [now] GET / 200 0' "$none"
wrong '192.0.2.1 - - [02/Nov/2026:16:00:00 +0000] "GET / HTTP/1.1' "$none"
wrong '192.0.2.1 - - [02/Nov/2026:16:00:00 +0000] "GET / HTTP/1.1" 200' "$none"
wrong "192.0.2.1 - - [02/Foo/2026:16:00:00 +0000] \"GET /l/$one HTTP/1.1\" 302 0" \
	"'time': no instant"
wrong "192.0.2.1 - - [31/Feb/2026:16:00:00 +0000] \"GET /l/$one HTTP/1.1\" 302 0" \
	"'time': no instant"
wrong "192.0.2.1 - - [02/Nov/2027:16:00:00 +0000] \"GET /l/$one HTTP/1.1\" 302 0" \
	"'time': in the future"
finish
