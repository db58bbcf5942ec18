#!/bin/sh
# Consent counts with its evidence only, STOP wins, and START is no way around.
. "${0%/*}/lib.sh"

now=2026-11-04T14:00:00Z # 1793800800
take() { printf '%s\n' "$@" |
	jr-ingest --quiet --trust-unsigned --now "$now" >passed 2>err; }
fresh() { rm -f jr.db* rejects.ndjson; }
# agrees WHO TIMESTAMP ATTRIBUTES
agrees() {
	printf '{"type":"person","identifiers":{"id":"%s"},"action":"identify",' "$1"
	printf '"timestamp":%s,"attributes":{%s}}' "$2" "$3"
}
# sms FROM TIME TEXT: an SMS to us.
sms() {
	printf '{"source":"twilio","received_at":%s,"body":"MessageSid=SM%s%s' \
		"$2" "$1" "$2"
	printf '&SmsStatus=received&From=%%2B%s&To=%%2B12065550199&Body=%s"}' \
		"$1" "$3"
}
known() {
	jr-report dump >store
	json "$2" store "def rows(t): [.[] | select(.table == t).row];
		def attrs(id): rows(\"people\")[] | select(.id == id).attributes |
			fromjson;
		def ledger: [rows(\"consents\")[] |
			[.person, .number, .agreed, .at_s, .method]];
		$1"
}
yes='"sms_consent":true,"sms_phone":"+12065550101"'
full="$yes,\"sms_consent_at\":1793799000,\"sms_consent_ip\":\"203.0.113.7\""

take "$(agrees u 1793800000 "$full")"
known 'ledger == [[1, "+12065550101", 1, 1793799000, "api"]] and
	rows("consents")[0].ip == "203.0.113.7" and attrs("u").sms_consent' \
	'a yes with time, address and number counts'
known '[rows("log")[] | [.kind, .name, .person]] == [[1, null, 1], [6, "sms", 1]]' \
	'and stands in the log'
take "$(agrees u 1793800100 "$full,\"city\":\"Rome\"")"
known 'ledger | length == 1' 'the same, repeated, is the same'

# without WHAT ATTRIBUTES REASON
without() {
	fresh
	printf '%s\n' "$(agrees u 1793800000 "$2")" >in
	refused() { jr-ingest --now "$now" <in; }
	check "without $1 it does not count" 65 refused
	says "and it is told what is missing" err "stdin:1: 'attributes.sms_consent': "
	same 'the person is kept and passed on' out <in
	known 'ledger == [] and (attrs("u") | has("sms_consent") | not) and
		attrs("u").city == "Rome"' 'without a word of consent'
}
city='"city":"Rome"'
without 'a time' "$yes,$city,\"sms_consent_ip\":\"203.0.113.7\""
without 'evidence' "$yes,$city,\"sms_consent_at\":1793799000"
without 'a number' "\"sms_consent\":true,$city,\"sms_consent_at\":1793799000,\"sms_consent_ip\":\"203.0.113.7\""
fresh
take "$(agrees u 1793800000 "$yes,$city,\"sms_consent_at\":1793808000,\"sms_consent_ip\":\"203.0.113.7\"")"
known 'ledger == []' 'one from the future does not count'
take '{"type":"identify","userId":"s","messageId":"m","timestamp":"2026-11-04T13:50:00Z","traits":{"sms_consent":true,"phone":"+12065550105"},"context":{"ip":"203.0.113.7"}}'
known 'ledger == []' 'the time of a record is not that of a consent'
take '{"type":"identify","userId":"s","messageId":"m2","timestamp":"2026-11-04T13:50:00Z","traits":{"sms_consent":true,"sms_consent_at":1793799000,"phone":"+12065550105"},"context":{"ip":"203.0.113.7"}}'
known '[ledger[][1]] == ["+12065550105"]' 'the context gives the address'

# No needs no evidence, and takes effect by its time.
fresh
take "$(agrees u 1793800000 "$full")" "$(agrees u 1793800001 '"sms_consent":false')"
known '[ledger[] | .[1,2]] == ["+12065550101", 1, "+12065550101", 0, null, 0] and
	(attrs("u").sms_consent | not)' 'a no needs nothing'
take "$(agrees u 1793800002 "$full,\"a\":1")"
known '[ledger[][2]] == [1, 0, 0] and (attrs("u").sms_consent | not) and attrs("u").a == 1' \
	'the old yes does not come back'
take "$(agrees u 1793800010 "$yes,\"sms_consent_at\":1793800005,\"sms_consent_ip\":\"203.0.113.7\"")"
known '[ledger[][2]] == [1, 0, 0, 1] and attrs("u").sms_consent' 'a new one does'

# A number of its own.
fresh
take "$(agrees u 1793800000 "$full")" "$(agrees u 1793800001 '"sms_phone":"+12065550102"')"
known '[ledger[][1]] == ["+12065550101"]' 'a new number brings no consent along'

# STOP.
fresh
take "$(agrees u 1793800000 "$full")" "$(agrees v 1793800000 "$full")"
check 'STOP is understood' 0 sh -c "printf '%s\n' '$(sms 12065550101 1793800100 STOP)' | jr-ingest --trust-unsigned --quiet --now $now"
json 'and passed on as what it is' out '.[0] | .metric == "unsubscribed" and
	.object_type == "sms" and .data.recipient == "+12065550101" and
	.data.jr.word == "stop"'
known '[ledger[] | select(.[2] == 0) | .[1]] == ["+12065550101"] and
	(attrs("u").sms_consent or attrs("v").sms_consent | not)' \
	'it holds for everyone who has the number'
known 'rows("consents")[2].evidence | fromjson | .text == "STOP" and .provider == "twilio"' \
	'with what was written as evidence'
take "$(agrees u 1793800200 "$full,\"b\":2")"
known '(attrs("u").sms_consent | not) and attrs("u").b == 2' \
	'after it an old consent does not come back'
take "$(sms 12065550101 1793800100 STOP)"
known '[ledger[] | select(.[2] == 0)] | length == 1' 'the same SMS is the same'
take "$(sms 12065550101 1793800300 start)"
known '(attrs("u").sms_consent and attrs("v").sms_consent) and
	([ledger[] | select(.[4] == "keyword" and .[2] == 1) | .[0]] == [1, 2])' \
	'START takes it back for those who had agreed'

fresh
take "$(agrees w 1793800000 '"phone":"+12065550104"')" "$(sms 12065550104 1793800100 yes)"
known 'ledger == []' 'a yes to nothing is no consent'
take "$(sms 12065550142 1793800100 Stop.)" \
	"$(agrees x 1793800200 "\"sms_consent\":true,\"phone\":\"+12065550142\",\"sms_consent_at\":1793800050,\"sms_consent_ip\":\"203.0.113.7\"")"
known '([ledger[][1]] == ["+12065550142", "+12065550142"]) and
	(attrs("x") | has("sms_consent") | not)' \
	'a STOP of a number nobody had holds for who brings it'
take "$(agrees x 1793800300 "\"sms_consent\":true,\"phone\":\"+12065550142\",\"sms_consent_at\":1793800250,\"sms_consent_ip\":\"203.0.113.7\"")"
known '([ledger[][2]] == [0, 1, 1]) and (attrs("x") | has("sms_consent") | not)' \
	'for ever, whatever they tick in a form'
take "$(sms 12065550142 1793800090 start)"
known '(attrs("x") | has("sms_consent") | not)' 'a START from before it is none'
take "$(sms 12065550142 1793800350 start)"
known 'attrs("x").sms_consent and ([ledger[][2]] == [0, 1, 1])' \
	'until they write START themselves'
take "$(sms 12065550142 1793800360 stop)"
known 'attrs("x").sms_consent == false' 'and STOP is STOP again'
take "$(sms 12065550104 1793800400 'please+don%27t+stop')" \
	"$(sms 12065550104 1793800401 HELP)" \
	"$(sms 12065550104 1793800402 'when+will+this+end')"
known '[rows("log")[] | select(.kind == 15).name] |
	.[0] == "start" and .[1] == "stop" and index("help")' 'other words are told apart'
known '[rows("consents")[] | select(.number == "+12065550104")] == []' \
	'and opt nobody out'

# Providers that know better.
fresh
take "$(agrees u 1793800000 "$full")" \
	'{"source":"twilio","received_at":1793800100,"body":"MessageSid=SM1&MessageStatus=failed&To=%2B12065550101&ErrorCode=21610"}'
known '[ledger[][4]] == ["api", "provider"] and (attrs("u").sms_consent | not)' \
	'an error that means opted out opts out'
take '{"source":"twilio","received_at":1793800200,"body":"MessageSid=SM2&From=%2B12065550101&To=MG1&Body=arret&OptOutType=STOP"}'
known '[ledger[][4]] == ["api", "provider", "keyword"]' \
	'what the provider takes for a STOP is one'

# WhatsApp has its own.
fresh
take "$(agrees u 1793800000 "$full,\"whatsapp_consent\":true,\"whatsapp_phone\":\"+12065550101\",\"whatsapp_consent_at\":1793799000,\"whatsapp_consent_ip\":\"203.0.113.7\"")" \
	'{"source":"twilio","received_at":1793800100,"body":"MessageSid=SM3&From=whatsapp:%2B12065550101&To=whatsapp:%2B12065550199&Body=stop"}'
known 'attrs("u") | .sms_consent and (.whatsapp_consent | not)' \
	'a STOP on WhatsApp is one for WhatsApp'

# In one batch: who they are, then another number and the yes for it.
fresh
take "$(agrees u 1793800000 '"phone":"+12065550102"')" \
	"$(agrees u 1793800010 '"phone":"+12065550101","sms_consent":true,"sms_consent_at":1793799000,"sms_consent_ip":"203.0.113.7"')"
known 'ledger | map(.[0]) == [1]' \
	'a yes that comes with another number is theirs, not nobody'"'"'s'
finish
