#!/bin/sh
# People as comma-separated values: a header of names, a person a record.
. "${0%/*}/lib.sh"

now=2026-11-05T17:33:20Z # 1793900000
csv() { jr-ingest --format=csv --now "$now" "$@"; }
fresh() { rm -f jr.db* rejects.ndjson; }
# people TITLE STATUS: stdin is the file.
people() {
	fresh
	cat >in.csv
	check "$1" "$2" csv in.csv
}
# are TITLE: attributes of all that went out, one a line.
are() {
	jq -c '[(.identifiers | to_entries[] | "\(.key):\(.value)"),
		.attributes]' out >got
	same "$1" got
}

people 'a file of people' 0 <<'!'
id,email,plan,score,vip,note
u1,Ana@example.com,pro,12,true,"one, ""two"""
u2,,free,1.50,FALSE,
u3,,007,-3,null,"a
b"

,Bo@example.com,x,1e3,True,"null"
!
are 'each is an identify' <<'!'
["id:u1",{"id":"u1","email":"Ana@example.com","plan":"pro","score":12,"vip":true,"note":"one, \"two\""}]
["id:u2",{"id":"u2","plan":"free","score":1.5,"vip":false}]
["id:u3",{"id":"u3","plan":"007","score":-3,"vip":null,"note":"a\nb"}]
["email:bo@example.com",{"email":"Bo@example.com","plan":"x","score":1000,"vip":true,"note":"null"}]
!
jr-report dump >store
json 'and they are people' store '[.[] | select(.table == "people").row.id |
	select(startswith("u"))] == ["u1", "u2", "u3"]'

people 'a column may say its type' 0 <<'!'
id:text,code:text,share:number,vip:bool,at:home
7,007,0.5,yes,1
8,12,2,0,x
!
are 'and is of it' <<'!'
["id:7",{"id":"7","code":"007","share":0.5,"vip":true,"at:home":1}]
["id:8",{"id":"8","code":"12","share":2,"vip":false,"at:home":"x"}]
!
people 'what is not of it is refused' 65 <<'!'
id,share:number,vip:bool
1,half,yes
2,1,perhaps
3,1,no
!
same 'by line and name' err <<'!'
jr-ingest: in.csv:2: 'share': no number: write one such as 12 or 1.5
jr-ingest: in.csv:3: 'vip': neither true nor false
!
are 'and the others are taken' <<'!'
["id:3",{"id":"3","share":1,"vip":false}]
!

people 'dots make maps' 0 <<'!'
id,address.city,plan,address.geo.lat,address.geo.lon,cio_subscription_preferences.topics.topic_1
u1,Rome,pro,41.9,12.5,false
u2,,,,12.5,
!
are 'wherever the columns stand' <<'!'
["id:u1",{"id":"u1","address":{"city":"Rome","geo":{"lat":41.9,"lon":12.5}},"plan":"pro","cio_subscription_preferences":{"topics":{"topic_1":false}}}]
["id:u2",{"id":"u2","address":{"geo":{"lon":12.5}}}]
!
jr-report dump >store
json 'and wishes are wishes' store '[.[] | select(.table == "subscriptions").row |
	[.topic, .subscribed]] == [["topic_1", 0]]'

printf '\357\273\277id;name\r\nu1;"Ana\r\nMaria"\r\n\r\nu2;B,C\r\n' >raw
people 'a file of Windows, with semicolons' 0 <raw
are 'is read as well' <<'!'
["id:u1",{"id":"u1","name":"Ana\r\nMaria"}]
["id:u2",{"id":"u2","name":"B,C"}]
!
printf 'id\tname\nu1\tAna' >raw
people 'tabs, and no end of the last line' 0 <raw
are 'too' <<'!'
["id:u1",{"id":"u1","name":"Ana"}]
!

people 'time, phone and anonymous names' 0 <<'!'
phone,anonymous_id,timestamp,_update,sms_consent,sms_consent_at,sms_consent_ip
+12065550101,a7,2026-11-01T00:00:00Z,,true,2026-11-01T00:00:00Z,192.0.2.1
+12065550102,,1793800000,true,,,
!
json 'mean what they mean' out 'length == 1 and (.[0] |
	.timestamp == 1793491200 and .identifiers == {phone: "+12065550101"})'
jr-report dump >store
json 'and a consent with its evidence counts' store '[.[] |
	select(.table == "consents").row | [.number, .agreed, .ip, .at_s]] ==
	[["+12065550101", 1, "192.0.2.1", 1793491200]]'

people 'records that are wrong' 65 <<'!'
id,name
u1,a"b
u2,"a"b
u3
u4,x,y
,x
u5,"a
b
!
same 'are told of by the line they begin in' err <<'!'
jr-ingest: in.csv:2: a quote within a field: put the whole field in quotes, and the quote twice
jr-ingest: in.csv:3: something stands behind a closing quote: write a quote within a field twice
jr-ingest: in.csv:4: 1 fields under 2 columns
jr-ingest: in.csv:5: 3 fields under 2 columns
jr-ingest: in.csv:6: 'id': names nobody: fill id, email, cio_id or phone
jr-ingest: in.csv:7: a quote is opened and not closed
!
silent 'and not taken' out
json 'but put aside, whole' rejects.ndjson \
	'.[0].record == "u1,a\"b" and .[5].record == "u5,\"a\nb"'
printf 'id,name\nu1,\377\nu2,x\n' >raw
people 'what is no UTF-8' 65 <raw
says 'is told' err 'in.csv:2: not UTF-8'
json 'and the rest is taken' out 'length == 1'
{
	printf 'id,name\nu1,"'
	yes | head -n 1200
	echo 'u2,x'
} >raw
people 'a quote that nobody closed' 65 <raw
says 'ends after a thousand lines' err 'not closed within 1000 lines'
json 'and the rest goes on' out 'length == 1'

# header TITLE HEADER REASON
header() {
	printf '%s\nu1,x\n' "$2" >raw
	people "a header with $1" 65 <raw
	says "with $1 is told" err "in.csv:1: $3"
	says "and all below $1 is put aside" err 'in.csv:2: the header in line 1 is wrong'
}
header 'nobody' 'name,plan' 'the header names nobody'
header 'a name twice' 'id,id' "'id': stands twice"
header 'a value that is a map' 'id,a,a.b' "'a': stands twice in the header, or is both"
header 'an empty name' 'id,' 'a column without a name'
header 'a dot too many' 'id,a..b' "'a..b': a name with a dot too many"

: >raw
people 'an empty file' 0 <raw
echo id >raw
people 'a header alone' 0 <raw
silent 'is nobody' out

# The same file again, at another time.
cat >in.csv <<'!'
id,plan,timestamp
u1,pro,1793800000
u2,free,
!
fresh
check 'a file' 0 csv in.csv
now=2026-11-05T17:33:30Z
check 'again' 0 csv in.csv
jr-report dump >store
json 'what says its time is known, what does not is said anew' store \
	'[.[] | select(.table == "log")] | length == 3'
both() { csv in.csv in.csv; }
check 'each file has its own header' 0 both
json 'and its own people' out 'length == 4'
finish
