#!/bin/sh
# Manual segments: people listed by records, or in a file.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"

allow_many
cat >segments.yaml <<'!'
vips: {manual: true}
partners:
  file: lists/partners.txt
  description: Whoever signed
both: in_segment("vips") and in_segment("partners")
!
mkdir lists
printf '# signed\nu1\n\n  u9  # not here yet\nAna@Example.com\n' >lists/partners.txt
workflow welcome <<'!'
trigger: {enters: vips}
steps:
  - sms: {id: hello, body: "Hello", if: "sms_consent == true"}
!
workflow signed <<'!'
trigger: {enters: partners}
steps:
  - sms: {id: thanks, body: "Thank you", if: "sms_consent == true"}
!
list() { # WHO ACTION TIME [LIST]
	echo "{\"type\":\"person\",\"identifiers\":{\"id\":\"$1\"},\"action\":\"$2\",\"segment\":\"${4-vips}\",\"timestamp\":\"$3\"}" >>in
}
# news: the segment records of people in out.segment.
news() { jq -c 'select(.type == "segment" and .person) | [.segment, .change, .person.id]' out.segment; }
# members NAME: their ids.
members() { jr-segment --now "$now" --members "$1" -f ndjson | jq -r .id; }

now=$(at 0 15:00)
person u1
person u2 '"email":"ana@example.com"'
person u3
list u3 add_to_segment 2026-10-01T00:00:00Z
check 'the first run' 0 tick "$now"
news >got
same 'finds who is listed in the file, and by records' got <<'!'
["vips","entered","u3"]
["partners","entered","u1"]
["partners","entered","u2"]
!

# Records.
now=$(at 0 16:00)
list u1 add_to_segment "$now"
list u2 remove_from_segment "$now"
check 'a record' 0 tick "$now"
news >got
same 'puts someone on the list, whoever asks for it follows' got <<'!'
["vips","entered","u1"]
["both","entered","u1"]
!
sent >got
same 'and it starts a journey' got <<'!'
welcome/hello u1
!
list u1 remove_from_segment "$(at 0 15:30)"
tick "$(at 0 16:01)"
news >got
silent 'an older record changes nothing' got
list u1 remove_from_segment "$(at 0 16:02)"
tick "$(at 0 16:02)"
news >got
same 'a newer one takes them off' got <<'!'
["vips","left","u1"]
["both","left","u1"]
!
now=$(at 0 16:03)
list u4 add_to_segment "$now"
tick "$now"
check 'someone nobody knew' 0 members vips
same 'is a person, and listed' out <<'!'
u3
u4
!
list u4 add_to_segment "$now" vipz
tick "$now" 2>err
says 'a list that is no segment is told of' err \
	"^jr-segment: records put people on the list 'vipz', which is no segment"
printf 'vipz: {manual: true}\n' >>segments.yaml
now=$(at 0 16:04)
tick "$now" 2>err
says 'as soon as it is one' err "^jr-segment: new segment 'vipz': 1 enter, 0 leave$"
check 'whoever is on it' 0 members vipz
same 'is in it' out <<'!'
u4
!

# Files.
now=$(at 0 17:00)
person u9
tick "$now"
news >got
same 'who is listed and comes later enters then' got <<'!'
["partners","entered","u9"]
!
printf 'u1\nu3\nu9\n' >lists/partners.txt
check 'a rehearsal of another file' 0 jr-segment --now "$now" --dry-run
silent 'does nothing' out
same 'but tell' err <<'!'
jr-segment: changed segment 'partners': 1 enter, 1 leave
jr-segment: following segment 'both': 1 enter, 0 leave
!
check 'another file' 0 tick "$now"
says 'is told of' err "^jr-segment: changed segment 'partners': 1 enter, 1 leave$"
says 'and who follows' err "^jr-segment: following segment 'both': 1 enter, 0 leave$"
news >got
same 'those that differ enter and leave' got <<'!'
["partners","left","u2"]
["partners","entered","u3"]
["both","entered","u3"]
!
sent >got
same 'as news' got <<'!'
signed/thanks u3
!
json 'and it is in the stream' out.segment 'map(select(.change == "changed")) ==
	[{"type": "segment", "timestamp": 1793638800, "segment": "partners",
	  "change": "changed", "entered": 1, "left": 1}]'
check 'again' 0 jr-segment --now "$now" </dev/null
silent 'there is nothing to do' out
check 'all anew' 0 jr-segment --now "$now" --rebuild </dev/null
json 'nothing was amiss' out 'all(.entered == 0 and .left == 0)'

# Gone.
printf 'both: plan == "pro"\n' >segments.yaml
rm workflows/*
tick "$now"
json 'a list that is no segment any more has no members' out.segment \
	'[.[] | select(.person and .segment == "vips") | .person.id] == ["u3", "u4"]'
printf 'vips: {manual: true}\n' >segments.yaml
tick "$now"
check 'when it comes back' 0 members vips
same 'so do they' out <<'!'
u3
u4
!
check 'why' 0 jr-segment --now "$now" --explain u3 -f table

# A rehearsal tells what the run then does, of whoever asks for a list, too.
# as_told TITLE: with the segments.yaml of stdin.
as_told() {
	cat >new
	cp new segments.yaml
	jr-segment --now "$now" --dry-run 2>told </dev/null
	jr-segment --now "$now" 2>err </dev/null >out
	same "$1" err <told
}
as_told 'new ones that ask for lists' <<'!'
vips: {manual: true}
partners: {file: lists/partners.txt}
signed: in_segment("partners")
others: not in_segment("partners")
old: not in_segment("signed") and not in_segment("vips")
!
says 'they are' told "new segment 'signed': 3 enter"
printf 'u2\nu4\n' >lists/partners.txt
as_told 'another list, and those that ask for it' <<'!'
vips: {file: lists/partners.txt}
partners: {file: lists/partners.txt}
signed: in_segment("partners") and id != "u2"
others: not in_segment("partners") and id != "u2"
old: not in_segment("signed") and in_segment("vips")
!
says 'they change' told "changed segment 'partners': 2 enter, 3 leave"
printf 'u1\nu2\nu3\n' >lists/partners.txt
as_told 'the same file for two lists, and what follows' <segments.yaml
says 'once each' told "following segment 'signed': 2 enter"
as_told 'lists that are none any more' <<'!'
vips: id == "u2" or id == "u4"
signed: in_segment("vips") and id != "u2"
!
finish
