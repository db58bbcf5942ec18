#!/bin/sh
# What people agreed to, took back, and wrote in their own words; and that the
# sender holds to it.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
allow_many

now=2026-11-02T15:00:00Z # 1793631600
take() { printf '%s\n' "$@" | jr-ingest --now "$now" >passed 2>err; }
fresh() { rm -f jr.db* rejects.ndjson stream out.*; }
# says ID TIME ATTRIBUTES
says_so() {
	printf '{"type":"person","identifiers":{"id":"%s"},"action":"identify",' "$1"
	printf '"timestamp":%s,"attributes":{%s}}' "$2" "$3"
}
# agrees ID TIME CONSENT_TIME NUMBER
agrees() {
	says_so "$1" "$2" "\"sms_consent\":true,\"sms_phone\":\"+1206555$4\",\"sms_consent_at\":$3,\"sms_consent_ip\":\"192.0.2.1\""
}
# sms DIGITS TIME TEXT
sms() {
	printf '{"source":"twilio","received_at":%s,"body":"MessageSid=SM%s%s' \
		"$2" "$1" "$2"
	printf '&SmsStatus=received&From=%%2B1206555%s&To=%%2B12025550100&Body=%s"}' \
		"$1" "$3"
}
known() {
	jr-report dump >store
	json "$2" store "def rows(t): [.[] | select(.table == t).row];
		def attrs(id): rows(\"people\")[] | select(.id == id).attributes |
			fromjson;
		def ledger: [rows(\"consents\")[] |
			[.person, (.number // \"-\" | .[-4:]), .agreed, .method]];
		$1"
}

# A no is for every number.
take "$(agrees u 1793600000 1793600000 0101)" \
	"$(agrees u 1793600100 1793600100 0102)" \
	"$(says_so u 1793600200 '"sms_phone":"+12065550103"')" \
	"$(agrees v 1793600000 1793600000 0101)"
known '(attrs("u").sms_consent == false) and attrs("v").sms_consent' \
	'a new number brings no consent along, and the attribute says so'
take "$(says_so u 1793600300 '"sms_phone":"+12065550102"')"
known 'attrs("u").sms_consent' 'back at one they agreed for, it says so, too'
take "$(says_so u 1793600400 '"sms_consent":false')"
known '[ledger[] | select(.[2] == 0)] == [[1, "0102", 0, "api"],
		[1, "0101", 0, "api"], [1, "-", 0, "api"]]' \
	'a no closes the number they are texted at, every other that is open, and all to come'
known 'attrs("v").sms_consent == false' \
	'and for whoever else has such a number'
take "$(says_so u 1793600500 '"sms_consent":false')"
known '[ledger[] | select(.[2] == 0)] | length == 5' \
	'again, it is written for the number they are texted at, and all to come'
take "$(agrees u 1793600450 1793600450 0109)" \
	"$(agrees v 1793600450 1793600450 0109)"
known '(attrs("u").sms_consent == false) and attrs("v").sms_consent' \
	'news of an older yes, for another number, opens nothing'

# The attribute is what the ledger says, whatever order the news come in.
fresh
take "$(says_so u 1793600150 '"sms_consent":false,"phone":"+12065550101"')" \
	"$(agrees u 1793600200 1793600100 0101)"
known 'attrs("u").sms_consent | not' 'an old yes in a new record is no yes'
fresh
take "$(agrees u 1793600200 1793600100 0101)" \
	"$(says_so u 1793600150 '"sms_consent":false')"
known 'attrs("u").sms_consent == false' 'in the other order as well'
fresh
take "$(agrees u 1793600200 1793600200 0101)" \
	"$(says_so u 1793600150 '"sms_consent":false')"
known 'attrs("u").sms_consent' 'old news of a no takes no new yes back'
take "$(says_so u 1793600300 '"sms_consent":null')"
known '(attrs("u") | has("sms_consent") | not) and ledger[-1][2] == 0' \
	'null takes the attribute away, and is a no'
fresh
take "$(agrees u 1793600000 1793600000 0101)" \
	"$(says_so w 1793600000 '"plan":"pro"')" \
	'{"type":"person","action":"merge","primary":{"id":"w"},"secondary":{"id":"u"},"timestamp":1793600100}' \
	"$(sms 0101 1793600200 stop)"
known 'attrs("w") | .sms_consent == false and .sms_phone == "+12065550101"' \
	'a merge brings consent along, and a STOP finds who has it now'

# Words of one's own.
fresh
cp jr.yaml jr.yaml.was
cat >>jr.yaml <<'!'
words:
  stop: [basta]
  start: [go on]
  help: [who]
  phrases: [no more of this]
!
take "$(agrees u 1793600000 1793600000 0101)" "$(sms 0101 1793600001 'Basta!')" \
	"$(sms 0101 1793600002 'go+on')" "$(sms 0101 1793600003 'WHO%3F')" \
	"$(sms 0101 1793600004 'please+no+more+of+this+now')" \
	"$(sms 0101 1793600005 start)" "$(sms 0101 1793600006 unsubscribe)"
known '[rows("log")[] | select(.kind == 15).name] ==
	["stop", "start", "help", "stop", "other", "stop"]' \
	'words are configuration, but those of the law opt out in any case'
cp jr.yaml.was jr.yaml

# Replies that a person reads.
fresh
workflow one <<'!'
trigger: {event: Go}
reentry: always
steps:
  - sms: {id: text, body: "Look"}
!
person u1
person u2
event u1 Go $now
event u2 Go $now
tick $now
later=2026-11-02T16:00:00Z # 1793635200
{
	sms 0001 1793631700 'could+you+stop+that+noise+next+door' && echo
	sms 0002 1793631701 'you+are+harassing+my+mother' && echo
	sms 0077 1793631702 'is+this+spam%3F' && echo
} >replies
jr-ingest --now $later <replies >passed
reviews() { jr-report --now $later --format=ndjson reviews; }
check 'what might be an opt-out is listed' 0 reviews
json 'with its words, and who wrote them' out 'map([.review, .person, .text]) == [
	[1, "u1", "could you stop that noise next door"],
	[2, "u2", "you are harassing my mother"], [3, null, "is this spam?"]]'
cp out list
check 'in words, too' 0 jr-report reviews
check 'it is not on the page, which others see' 1 sh -c \
	'jr-report html | grep -q harassing'
# settle NUMBER ACTION REST
settle() {
	printf '{"type":"review","identifiers":{"id":%s},"action":"%s",' "$1" "$2"
	printf '"timestamp":1793635000,"attributes":{%s}}\n' "$3"
}
settled() { jr-ingest --now $later settles; }
{
	settle 1 ignore '"by":"Dana Reyes"'
	settle 2 opt_out '"by":"Dana Reyes"'
	settle 3 opt_out '"by":"Sam"'
} >settles
check 'a person settles them' 0 settled
same 'which goes through the pipe' out <settles
known '[rows("reviews")[] | [.verdict, .done_by, .done_s]] == [
	["ignore", "Dana Reyes", 1793635000], ["opt_out", "Dana Reyes", 1793635000],
	["opt_out", "Sam", 1793635000]]' 'and it is kept who did it'
known '[ledger[] | select(.[2] == 0)] == [[2, "0002", 0, "review"], [0, "0077", 0, "review"]] and
	(rows("consents")[2] | .at_s == 1793631701 and
		(.evidence | fromjson) == {"review":2,"by":"Dana Reyes","text":"you are harassing my mother"})' \
	'an opt-out counts from when it was written, with what was read as evidence'
known 'attrs("u1").sms_consent and (attrs("u2").sms_consent | not)' \
	'and the person is not texted any more'
check 'nothing is left to read' 0 reviews
silent 'the list is empty' out
panel() { jr-report --now $later --format=ndjson sms; }
check 'the report is made' 0 panel
json 'the opt-out is the debit of the message it answered' out \
	'map(.opt_outs * .sent | round) == [1]'
# wrong LINE WHY
wrong() {
	echo "$1" >settles
	check "refused: $2" 65 settled
	says "it is told: $2" err "$2"
}
wrong "$(settle 2 ignore '"by":"Sam"')" "'identifiers.id': that review was settled"
wrong "$(settle 9 ignore '"by":"Sam"')" "'identifiers.id': no such review"
wrong "$(settle 0 ignore '"by":"Sam"')" "'identifiers.id': no number of a review"
wrong "$(settle 2 drop '"by":"Sam"')" "'action': nothing that is done with a review"
wrong "$(settle 2 ignore '')" "'attributes.by': missing"
event u1 Go 2026-11-02T16:00:00Z
event u2 Go 2026-11-02T16:00:00Z
tick $later
sent >got
same 'the sender holds to it' got <<'!'
one/text u1
!

# A number that was erased, and comes back.
fresh
person u3
tick $now
take "$(sms 0003 1793631600 STOP)" \
	'{"type":"person","identifiers":{"id":"u3"},"action":"delete","timestamp":1793631600}'
for file in jr.db jr.db-wal; do
	[ -e $file ] && grep -aoE '5550003|SM0003' $file
done >found
silent 'a number that is erased is in no byte of the store' found
{
	agrees new 1793635100 1793635100 0003 && echo
	says_so new 1793635100 '"timezone":"America/New_York"' && echo
} >in
event new Go 2026-11-02T16:00:00Z
tick $later
sent >got
silent 'it is texted nothing' got
decided out.schedule >got
same 'for it is on the list' got <<'!'
one/text new no consent
!
echo '{"type":"person","identifiers":{"phone":"+12065550003"},"action":"unsuppress","timestamp":1793635200}' >in
event new Go 2026-11-02T16:01:00Z
tick 2026-11-02T16:01:00Z
sent >got
same 'until someone takes it off the list' got <<'!'
one/text new
!

# A keyword opts in where it was asked for, and nowhere else.
fresh
cat >>jr.yaml <<'!'
re_permission: {on: true, approved_by: Dana Reyes}
!
workflow ask <<'!'
trigger: {event: Ask}
steps:
  - sms: {id: ask, purpose: re_permission, body: "May we text you? Reply YES"}
!
{
	says_so u4 1793600000 '"timezone":"America/New_York","phone":"+12065550004","email":"u4@example.com","email_consent":true' && echo
	says_so u5 1793600000 '"timezone":"America/New_York","phone":"+12065550005","email":"u5@example.com","email_consent":true' && echo
	says_so u6 1793600000 '"timezone":"America/New_York","phone":"+12065550006","email":"u6@example.com","email_consent":true' && echo
	sms 0004 1793631500 yes && echo
} >in
event u4 Ask $now
event u5 Ask $now
tick $now
known 'ledger == []' 'a yes before the question is none'
{
	sms 0004 1793631700 Yes. && echo
	sms 0005 1793631700 'who+is+this' && echo
	sms 0006 1793631700 yes && echo
	sms 0005 1793890801 yes && echo
} >replies
jr-ingest --now 2026-11-08T00:00:00Z <replies >passed
known 'ledger == [[1, "0004", 1, "keyword"]] and attrs("u4").sms_consent' \
	'one to the question is consent; of someone not asked, or too late, none'
take "$(agrees u7 1793600000 1793600000 0007)" \
	"$(sms 0007 1793600001 stop)" "$(sms 0007 1793600002 START)"
known '[ledger[] | select(.[1] == "0007") | .[2]] == [1, 0, 1]' \
	'who had agreed takes a STOP back'
cp jr.yaml.was jr.yaml
rm workflows/ask.yaml

# A sender of its own.
fresh
sed -i 's/^  main: .*/&\n  brand: {from: "+12025550101", type: toll_free, registered: true, scope: brand}/' jr.yaml
for one in main brand; do
	workflow $one <<!
trigger: {event: Go}
reentry: always
steps:
  - sms: {id: text, sender: $one, body: "Look"}
!
done
mv workflows/one.yaml one.yaml
person u1
says_so u2 1793600000 '"timezone":"America/New_York","phone":"+12065550002","sms_consent":true,"sms_consent_at":1793600000,"sms_consent_ip":"192.0.2.1","sms_consent_scope":"brand"' >>in
echo >>in
event u1 Go $now
event u2 Go $now
tick $now
sent | sort >got
same 'consent for every sender is for each, that for one for no other' got <<'!'
brand/text u1
brand/text u2
main/text u1
!
now=2026-11-02T15:00:30Z
take "$(sms 0002 1793631601 STOP)"
known '(attrs("u2").sms_consent == false)' 'a STOP is for every sender'
take "$(sms 0002 1793631602 START)"
event u2 Go 2026-11-02T15:01:00Z
tick 2026-11-02T15:01:00Z
sent >got
same 'and a START gives back what was agreed, and no more' got <<'!'
brand/text u2
!
rm workflows/*
mv one.yaml workflows
cp jr.yaml.was jr.yaml

# Old opt-ins from elsewhere.
fresh
import='"sms_consent":true,"sms_consent_method":"import","sms_consent_at":"2024-05-01T10:00:00Z"'
cat >old <<!
$(says_so i1 1793600000 "$import,\"phone\":\"+12065550011\",\"sms_consent_source\":\"till 4\",\"sms_consent_text\":\"I agree\",\"sms_consent_text_version\":\"3\"")
$(says_so i2 1793600000 "$import,\"phone\":\"+12065550012\",\"sms_consent_source\":\"till 4\"")
$(says_so i3 1793600000 "$import,\"phone\":\"+12065550013\",\"sms_consent_ip\":\"192.0.2.1\"")
!
old() { jr-ingest --backfill --now $now old; }
check 'an import needs where it was collected, and what was shown' 65 old
same 'each that lacks it is told' err <<'!'
jr-ingest: old:2: 'attributes.sms_consent': sms_consent does not count: add the IP address as sms_consent_ip, other evidence as sms_consent_evidence, or what was shown as sms_consent_text, sms_consent_text_sha256 or sms_consent_text_version
jr-ingest: old:3: 'attributes.sms_consent': sms_consent does not count: say where it was collected, as sms_consent_source
!
sum=$(printf 'I agree' | sha256sum)
known "rows(\"consents\") | map([.method, .source, .disclosure, .disclosure_sha, .evidence]) ==
	[[\"import\", \"till 4\", \"I agree\", \"${sum%% *}\", \"{\\\"text_version\\\":\\\"3\\\"}\"]]" \
	'the others are in the ledger with all that proves them'
fresh
cat >old.csv <<'!'
id,phone,sms_consent,sms_consent_method,sms_consent_at,sms_consent_source,sms_consent_text_version,sms_consent_evidence
i1,+12065550011,true,import,2024-05-01T10:00:00Z,till 4,3,
i2,+12065550012,yes,import,1714557600,till 4,,4711
i3,+12065550013,,import,2024-05-01T10:00:00Z,till 4,3,
i4,+12065550014,false,,,,,
i5,+12065550015,true,import,,till 4,3,
!
table() { jr-ingest --backfill --now $now --format=csv old.csv; }
check 'a table brings them, too' 65 table
says 'a line without what it needs is told' err \
	"^jr-ingest: old.csv:6: 'attributes.sms_consent': .* as sms_consent_at"
known 'rows("consents") | map([.person, .agreed, .method, .disclosure, .evidence, .at_s]) == [
	[1, 1, "import", "3", null, 1714557600],
	[2, 1, "import", null, "{\"evidence\":\"4711\"}", 1714557600],
	[4, 0, "api", null, null, 1793631630], [4, 0, "api", null, null, 1793631630]]' \
	'a cell that is empty says nothing, a no is a no'
finish
