#!/bin/sh
# segments.yaml: what is wrong is told at its place, and what changes is built.
. "${0%/*}/lib.sh"

now=2026-11-04T14:00:00Z
segment() { jr-segment --now "$now" "$@" </dev/null; }

# wrong WHAT PATTERN: segments.yaml is refused, with such a line.
wrong() {
	check "$1 stops the command" 78 segment
	says "$1: at its place" err "^jr-segment: segments.yaml:$2"
	check "$1: before there is a state" 0 sh -c \
		"! jr-report dump 2>&1 | grep -q '\"table\":\"segments\"'"
}
rm -f segments.yaml
check 'no file stops the command' 78 segment
says 'and it is named' err "cannot read 'segments.yaml'"
printf 'a: plan = "pro"\n' >segments.yaml
wrong 'an expression that is none' '1:9: '
check 'it stops a rehearsal, too' 78 segment --dry-run
tail -n 2 err >got
same 'which is shown' got <<'!'
    a: plan = "pro"
            ^
!
printf 'a: plan == "pro"\nb:\n  were: plan == 1\n' >segments.yaml
wrong 'an unknown key' "3:3: unknown key 'were': write 'where'"
printf 'a: 7\n' >segments.yaml
wrong 'a number' "1:4: 'a' is a whole number: write an expression"
printf 'a:\n  description: nothing\n' >segments.yaml
wrong 'a definition without a word' "2:3: 'a' says nothing"
printf 'a:\n  manual: true\n  where: plan == 1\n' >segments.yaml
wrong 'a list with an expression' "3:10: 'a' is manual"
printf 'a:\n  manual: true\n  file: ids.txt\n' >segments.yaml
wrong 'a list in two places' "3:9: 'a' is listed by records and in a file"
printf 'a:\n  file: nowhere.txt\n' >segments.yaml
wrong 'a list that is not there' "2:9: .*nowhere.txt.*: No such file"
printf 'u_1\nu_2,u_3\n' >ids.txt
printf 'a:\n  file: ids.txt\n' >segments.yaml
wrong 'a list of more than ids' "2:9: ids.txt:2: more than an id"
printf 'a:\n  file: 7\n' >segments.yaml
wrong 'a list that is no path' "2:9: 'file' is a whole number"
printf 'a:\n  manual: sure\n' >segments.yaml
wrong 'a list that is not quite one' "2:11: 'manual' is a text"
printf 'a b: plan == 1\n' >segments.yaml
wrong 'a name with a blank' "1:1: 'a b' cannot be"
printf -- '- plan == 1\n' >segments.yaml
wrong 'a list of definitions' '1:1: a list: write a line for each'
printf 'a: plan == 1\na: plan == 2\n' >segments.yaml
wrong 'a name that comes twice' '2:'
printf 'trialists: plan == 1\nb: plan == 2 and in_segment("trialist")\n' >segments.yaml
wrong 'a segment that is not there' \
	"2:18: there is no segment 'trialist': write 'trialists'"
printf 'a: in_segment("b")\nb: in_segment("c")\nc: not in_segment("a")\n' >segments.yaml
wrong 'a circle' '3:.*: a segment that asks for itself: a -> b -> c -> a'
printf 'a: in_segment("a")\n' >segments.yaml
wrong 'the smallest circle' '1:.*: a segment that asks for itself: a -> a'
printf 'a: [\n' >segments.yaml
wrong 'what is no YAML' '[12]'

# What stands on many lines is wrong on one of them, however YAML joins them.
cat >segments.yaml <<'!'
folded: >-
  plan == "pro" and
      logins => 3
!
wrong 'a line of a folded text' "3:14: unexpected '=': write '=='"
segment 2>&1 | tail -n 2 >got
same 'it is shown' got <<'!'
          logins => 3
                 ^
!
printf 'kept: |\n  plan == "pro" and\n  logins => 3\n' >segments.yaml
wrong 'a line of a text that is kept' "3:10: unexpected '='"
printf 'plain: plan == "pro"\n  and\n\n    logins => 3 # three\n' >segments.yaml
wrong 'a line of a plain text' "4:12: unexpected '='"
printf '\357\273\277a: n == 1\n  and n = 2\n' >segments.yaml
wrong 'a line behind the mark of Windows' "2:9: unexpected '='"
segment 2>&1 | tail -n 2 >got
same 'it is shown, too' got <<'!'
      and n = 2
            ^
!
printf 'a: >-\r\n  n == 1\r\n  and n = 2\r\n' >segments.yaml
wrong 'a line with the ends of Windows' "3:9: unexpected '='"
printf 'a: >-\n  in_segment("b")\n  and in_segment("c")\nb: n > 1\n' >segments.yaml
wrong 'a name on a line' "3:7: there is no segment 'c'"
printf 'a: "plan == \\"pro\\" and x = 1"\n' >segments.yaml
wrong 'what stands behind escapes' "1:27: unexpected '='"
printf 'a: "plan == 7 # seven\n  and x = 1"\n' >segments.yaml
wrong 'a line in quotes' "2:9: unexpected '='"

# Changes.
for who in 1 2 3 4; do
	printf '{"type":"person","identifiers":{"id":"u%s"},"action":"identify",' $who
	printf '"timestamp":1793800000,"attributes":{"n":%s}}\n' $who
done | jr-ingest --now "$now" >stream
: >segments.yaml
check 'an empty file has no segments' 0 segment
silent 'and says nothing' err
printf 'low: n <= 2\nvery: in_segment("low") and n <= 1\n' >segments.yaml
check 'a rehearsal' 0 segment --dry-run
silent 'does nothing' out
same 'but tell' err <<'!'
jr-segment: new segment 'low': 2 enter, 0 leave
jr-segment: new segment 'very': 1 enter, 0 leave
!
check 'the first time' 0 segment
json 'they enter' out 'map(select(.person) | [.segment, .person.id]) ==
	[["low", "u1"], ["very", "u1"], ["low", "u2"]]'
json 'and it is said of the segments' out 'map(select(.person | not) |
	[.segment, .change, .entered, .left]) ==
	[["low", "new", 2, 0], ["very", "new", 1, 0]]'
same 'as was told' err <<'!'
jr-segment: new segment 'low': 2 enter, 0 leave
jr-segment: new segment 'very': 1 enter, 0 leave
!
check 'the second time' 0 segment
silent 'nothing is built' err
printf 'low: n >= 2\nvery: in_segment("low") and n <= 1\n' >segments.yaml
check 'a definition that changes' 0 segment
same 'and whoever asks for it' err <<'!'
jr-segment: changed segment 'low': 2 enter, 1 leave
jr-segment: changed segment 'very': 0 enter, 1 leave
!
told() { jr-report dump | jq -c 'select(.table == "log").row |
	select(.kind == 12 or .kind == 13 or .kind == 20) | [.kind, .name, .data]'; }
told >got
same 'who enters so has no news: the log tells of the segments' got <<'!'
[20,"low","{\"change\":\"new\",\"entered\":2,\"left\":0}"]
[20,"very","{\"change\":\"new\",\"entered\":1,\"left\":0}"]
[20,"low","{\"change\":\"changed\",\"entered\":2,\"left\":1}"]
[20,"very","{\"change\":\"changed\",\"entered\":0,\"left\":1}"]
!
check 'all anew' 0 segment --rebuild
same 'and nothing was amiss' err <<'!'
jr-segment: rebuilt segment 'low': 0 enter, 0 leave
jr-segment: rebuilt segment 'very': 0 enter, 0 leave
!
printf 'very: in_segment("gone")\ngone: n > 0\n' >segments.yaml
check 'a definition that is gone' 0 segment
json 'its members leave' out 'map(select(.segment == "low") |
	[.change, .person.id, .left]) == [["left", "u2", null],
	["left", "u3", null], ["left", "u4", null], ["removed", null, 3]]'
says 'which is told' err "^jr-segment: removed segment 'low': 0 enter, 3 leave\$"

# Slips of the hand.
cat >segments.yaml <<'!'
a: n > 1 and nn < 3
b: >-
  plan == "pro" and
    pets.dog and n == 1
!
check 'names that nobody has' 0 segment
sed '/segment .*: .* enter/d' err >got
same 'are told of, once a definition' got <<'!'
jr-segment: segments.yaml:1:14: nobody has an attribute 'nn': write 'n'
    a: n > 1 and nn < 3
                 ^
jr-segment: segments.yaml:3:3: nobody has an attribute 'plan'
      plan == "pro" and
      ^
jr-segment: segments.yaml:4:5: nobody has an attribute 'pets.dog'
        pets.dog and n == 1
        ^
!
check 'and not again' 0 segment
silent 'while nothing changes' err

# A comment ends with its line, also where YAML makes one line of all.
cat >segments.yaml <<'!'
a: >-
  n > 1 # more than one
  and n < 3
!
check 'a definition with a comment' 0 segment
segment --members a -a n -f ndjson >out
same 'has members by what stands behind it' out <<'!'
{"id":"u2","n":2}
!
segment --list -f table >out
says 'and stands on one line in a table' out ' n > 1 and n < 3 +-$'
sed -i 's/^  and/  # and/' segments.yaml
check 'what becomes a comment' 0 segment
says 'is another definition' err "changed segment 'a': 2 enter, 0 leave"
segment --list -f ndjson >out
json 'which is told with its lines' out '.[0].definition ==
	"n > 1 # more than one\n  # and n < 3"'
printf 'a: >-\n  n > 1\n  and n < 3\n' >segments.yaml
segment >out 2>err
segment --list -f ndjson >out
json 'without a comment on one line' out '.[0].definition == "n > 1 and n < 3"'
printf 'a: n > 1 and n < 3\n' >segments.yaml
check 'laid out in another way' 0 segment
silent 'it is the same' err
finish
