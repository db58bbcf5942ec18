#!/bin/sh
# Who is who, and what is known of them, whatever order it comes in.
. "${0%/*}/lib.sh"

now=2026-11-04T14:00:00Z
# take RECORD...: each its own line, one batch.
take() { printf '%s\n' "$@" | jr-ingest --now "$now" >passed 2>err; }
# person WHO ACTION AT REST: a record of own form.
person() {
	printf '{"type":"person","identifiers":{%s},"action":"%s","timestamp":%s%s}' \
		"$1" "$2" "$3" "${4:+,$4}"
}
identify() { person "$1" identify "$2" "\"attributes\":$3"; }
did() { person "$1" event "$2" "\"name\":\"$3\",\"id\":\"$3\""; }
fresh() { rm -f jr.db* rejects.ndjson; }
# known FILTER TITLE: holds for the store.
known() {
	jr-report dump >store
	json "$2" store "def rows(t): [.[] | select(.table == t).row];
		def attrs(id): rows(\"people\")[] | select(.id == id).attributes |
			fromjson;
		def who(k; v): rows(\"identities\")[] |
			select(.kind == k and .value == v).person;
		$1"
}

# Attributes, by their time.
take "$(identify '"id":"u"' 1793800100 '{"plan":"pro","city":"Rome"}')"
take "$(identify '"id":"u"' 1793800000 '{"plan":"free","name":"Ana"}')"
known 'attrs("u") == {"plan":"pro","city":"Rome","name":"Ana"}' \
	'an older identify fills in, and overwrites nothing'
take "$(identify '"id":"u"' 1793800200 '{"city":null}')" \
	"$(identify '"id":"u"' 1793800150 '{"city":"Oslo"}')"
known 'attrs("u") == {"plan":"pro","name":"Ana"}' \
	'null removes, and what is older does not bring it back'
take "$(identify '"id":"u"' 1793800200 '{"plan":"team"}')" \
	"$(identify '"id":"u"' 1793800200 '{"plan":"solo"}')"
known 'attrs("u").plan == "solo"' 'of two at a time the later one wins'
take "$(person '"id":"u"' identify 1793800900 \
	'"attributes":{"_timestamp":1793800010,"plan":"old","new":1}')"
known 'attrs("u") | .plan == "solo" and .new == 1 and (has("_timestamp") | not)' \
	'_timestamp is the time of what is said'
long=$(awk 'BEGIN { for (i = 0; i < 1001; i++) printf "x" }')
check 'what is too long is refused' 65 sh -c "printf '%s\n' '$(
	identify '"id":"u"' 1793800300 "{\"long\":\"$long\",\"short\":1}"
)' | jr-ingest --now $now"
says 'by its name' err "stdin:1: 'attributes.long': "
known 'attrs("u") | .short == 1 and (has("long") | not)' 'and the rest is kept'
take "$(identify '"id":"u"' 1793800300 '{"timezone":"Mars/Base","phone":"call me"}')"
says 'a zone that is none is refused' err "'attributes.timezone': "
says 'and a number that is none' err "'attributes.phone': "
take "$(identify '"id":"u"' 1793800300 '{"timezone":"europe/paris"}')"
known 'attrs("u").timezone == "Europe/Paris" and
	rows("people")[0].zone == "Europe/Paris"' 'a zone is kept as it is spelled'
take "$(identify '"id":"nobody"' 1793800000 '{"_update":true,"a":1}')"
known '[rows("people")[].id] == ["u"]' 'an update makes nobody'

# Names.
fresh
take "$(identify '"id":"u"' 1793800000 '{"email":"Ana@Example.com"}')" \
	"$(did '"email":"ANA@example.com"' 1793800001 e1)"
known 'who(2; "ana@example.com") == who(1; "u") and
	([rows("log")[].person] | unique | length == 1)' \
	'an address is a name, in any case'
take "$(identify '"id":"u"' 1793800002 '{"email":"ana@new.example"}')" \
	"$(did '"email":"ana@new.example"' 1793800003 e2)" \
	"$(did '"email":"ana@example.com"' 1793800004 e3)"
known 'who(2; "ana@new.example") == who(1; "u") and
	who(2; "ana@example.com") != who(1; "u")' \
	'a new address takes the place of the old one'
take "$(identify '"id":"v"' 1793800005 '{"email":"ana@new.example","a":1}')"
says 'an address that another has is refused' err "'attributes.email': another"
known 'attrs("v") == {"a":1}' 'and the rest is kept'

fresh
take "$(did '"email":"bo@example.com"' 1793800000 e1)" \
	"$(identify '"id":"b"' 1793800001 '{"email":"bo@example.com"}')"
known '[rows("people")[].id] == ["b"] and
	([rows("log")[].person] | unique | length == 1)' \
	'who was known by an address gets an id, and stays'
take "$(identify '"email":"bo@example.com"' 1793800002 '{"id":"b2"}')"
known 'who(1; "b2") == who(1; "b")' 'an id among the attributes is a name'

fresh
take "$(did '"anonymous_id":"x7"' 1793800000 e1)" \
	"$(identify '"anonymous_id":"x7"' 1793800000 '{"utm":"ads"}')" \
	"$(identify '"id":"c"' 1793800001 '{"plan":"pro","anonymous_id":"x7"}')" \
	"$(did '"anonymous_id":"x7"' 1793800002 e2)"
known 'attrs("c") == {"plan":"pro","utm":"ads"} and
	([rows("log")[].person] | unique | length == 1) and
	who(4; "x7") == who(1; "c")' \
	'what was done anonymously comes along'
take "$(identify '"id":"d"' 1793800003 '{"anonymous_id":"x7"}')"
known 'who(4; "x7") == who(1; "c")' 'but is not taken from someone known'

fresh
take "$(identify '"id":"e"' 1793800000 '{"phone":"+12065550101"}')" \
	"$(did '"phone":"+12065550101"' 1793800001 e1)" \
	"$(did '"phone":"+12065550102"' 1793800001 e2)"
known '[rows("people")[] | .attributes | fromjson.phone] ==
	["+12065550101", "+12065550102"]' 'a number finds who has it'
take "$(identify '"id":"f"' 1793800000 '{"sms_phone":"+12065550101"}')" \
	"$(did '"phone":"+12065550101"' 1793800002 e3)"
known '[rows("log")[] | select(.id == "e3").person] |
	. != [1] and . != [3]' 'a number of two is neither'"'"'s'

fresh
take "$(identify '"phone":"+12065550101"' 1793800000 '{"x":1}')" \
	"$(identify '"phone":"+12065550101"' 1793800001 '{"phone":"+12065550102"}')" \
	"$(identify '"phone":"+12065550102"' 1793800002 '{"y":2}')" \
	"$(identify '"phone":"+12065550101"' 1793800003 '{"z":3}')"
known '[rows("people")[] | .attributes | fromjson] == [
	{"phone":"+12065550102","x":1,"y":2}, {"phone":"+12065550101","z":3}]' \
	'a new number takes the place of the old one, which is free'

# Merges.
fresh
take "$(identify '"id":"g"' 1793800000 '{"plan":"pro","sms_phone":"+12065550103"}')" \
	"$(identify '"email":"g@old.example"' 1793800001 '{"plan":"free","city":"Rome"}')" \
	"$(did '"email":"g@old.example"' 1793800001 e1)" \
	'{"type":"person","action":"merge","primary":{"id":"g"},"secondary":{"email":"g@old.example"}}' \
	"$(did '"email":"g@old.example"' 1793800002 e2)"
known 'attrs("g") == {"plan":"pro","sms_phone":"+12065550103",
		"email":"g@old.example","city":"Rome"} and
	who(2; "g@old.example") == who(1; "g") and
	([rows("log")[].person] | unique == [1])' \
	'a merge brings over names, events, and what was not known'
take '{"type":"person","action":"merge","primary":{"id":"h"},"secondary":{"id":"g"}}'
known 'who(1; "h") == who(1; "g")' 'a merge with nobody is a further name'
take '{"type":"person","action":"merge","primary":{"id":"g"},"secondary":{"id":"i"}}'
known 'who(1; "i") == who(1; "g")' 'whichever of both is not known'
take '{"type":"person","action":"merge","primary":{"id":"j"},"secondary":{"id":"j"}}'
known 'who(1; "j") != who(1; "g")' 'a merge of nobody with themselves is one'

# Devices.
device() { person "\"id\":\"$1\"" "$2" "$3" '"device":{"token":"t","platform":"ios"}'; }
fresh
take "$(device a add_device 1793800000)" "$(device b add_device 1793800010)" \
	"$(device a add_device 1793800005)"
known '[rows("devices")[].person] == [2]' 'a token is the last one'"'"'s'
known '[rows("log")[] | select(.kind == 5) | [.person, .name]] ==
	[[1, "added"], [2, "added"], [1, "added"], [1, "removed"]]' \
	'and whoever had it is told of in the log'
take "$(device b delete_device 1793800001)"
known '[rows("devices")[].person] == [2]' \
	'a device that came again later is not deleted by old news'
take "$(device b delete_device 1793800020)"
known 'rows("devices") == []' 'and is by new'

# Erasure.
fresh
take "$(identify '"id":"z"' 1793800000 '{"email":"zoe@example.com","phone":"+12065550109","secret":"xyzzy"}')" \
	"$(did '"id":"z"' 1793800001 plugh)"
take "$(person '"id":"z"' delete 1793800002)"
gone() { ! grep -qaE 'xyzzy|zoe@|5550109|plugh' jr.db jr.db-wal; }
check 'what is deleted is gone, to the last byte' 0 gone
take "$(did '"id":"z"' 1793800003 again)"
known '[rows("people")[].id] | index("z") != null' 'who comes again is somebody new'
take "$(person '"id":"z"' suppress 1793800004)" "$(did '"id":"z"' 1793800005 late)"
known '[rows("people")[].id] | index("z") == null' 'who is suppressed is gone'
check 'and what is said of them is not passed on' 1 grep -q late passed
take "$(person '"id":"z"' unsuppress 1793800006)" "$(did '"id":"z"' 1793800007 back)"
known '[rows("people")[].id] | index("z") != null' 'until that is taken back'

# Topics.
fresh
take "$(identify '"id":"t"' 1793800000 '{"unsubscribed":"TRUE","cio_subscription_preferences":{"topics":{"news":false},"channels":{"sms":true}}}')"
known '[rows("subscriptions")[] | .topic, .subscribed] == [
	"channel:email", 0, "channel:push", 0, "channel:sms", 0,
	"channel:whatsapp", 0, "news", 0]' 'who wants nothing gets nothing'
take "$(identify '"id":"t"' 1793800001 '{"unsubscribed":false,"cio_subscription_preferences.topics.news":true,"cio_subscription_preferences":{"channels":{"sms":false}}}')" \
	"$(identify '"id":"t"' 1793800000 '{"unsubscribed":true}')"
known '[rows("subscriptions")[] | .topic, .subscribed] == [
	"channel:email", 1, "channel:push", 1, "channel:sms", 0,
	"channel:whatsapp", 1, "news", 1]' 'topics and channels, the newer wish'
known 'attrs("t") == {"unsubscribed":false}' 'and are no attributes'
finish
