#!/bin/sh
# --check: each thing that is likely wrong, at its place, and not else.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"

cat >segments.yaml <<'!'
trialists: plan == "trial"
!

# finds TITLE CODES: what --check says of the workflow on stdin, each as
# LINE code, is CODES, one a line.
finds() {
	{
		cat <<'!'
name: one
!
		cat
	} >workflows/one.yaml
	jr-schedule --check >out 2>err
	echo "exit $?" >>err
	sed -n 's/^workflows\/one\.yaml:\([0-9]*\):[0-9]*: [a-z]*: .*: .* \[\(.*\)\]$/\1 \2/p' \
		out >got
	printf '%s' "$2" >wanted
	[ ! -s wanted ] || echo >>wanted
	same "$1" got <wanted
}
approved='approved_by: a
approved_on: 2026-10-01
why_sms: it is a test
goal: {event: Y}'
ten=0123456789
stop='Reply STOP to opt out'

finds 'nothing, where nothing is wrong' '' <<!
$approved
trigger: {event: X}
steps:
  - sms: {if: sms_consent == true, body: "Hi from Acme. $stop"}
!
finds 'an SMS over 160' '8 sms-long' <<!
$approved
trigger: {event: X}
steps:
  - sms: {if: sms_consent == true, body: "Acme $ten$ten$ten$ten$ten$ten$ten$ten$ten$ten$ten$ten$ten$ten $stop"}
!
finds 'one that a single character turns UCS-2' '8 sms-ucs2' <<!
$approved
trigger: {event: X}
steps:
  - sms: {if: sms_consent == true, body: "It’s Acme. $stop"}
!
says 'with its name' out "'’' \\(U\\+2019\\) alone"
finds 'a push title over 50' '5 push-title' <<!
goal: {event: Y}
trigger: {event: X}
steps: [{push: {body: B,
  title: "$ten$ten$ten$ten${ten}1"}}]
!
sed -n 's/.*title has \([0-9]*\) .*/\1/p' out >got
same 'by how much' got <<!
51
!
finds 'a push body over 150' '5 push-body' <<!
goal: {event: Y}
trigger: {event: X}
steps: [{push: {title: T,
  body: "$ten$ten$ten$ten$ten$ten$ten$ten$ten$ten$ten$ten$ten$ten${ten}1"}}]
!
finds 'a push that says nothing' '5 push-empty' <<!
goal: {event: Y}
trigger: {event: X}
steps:
  - push: {data: {a: 1}}
  - push: {data: {a: 1}, options: {silent: true}}
!
cp jr.yaml jr.all
odd='goal: {event: Y}
trigger: {event: X}
steps:
  - push:
      body: B
      options:
        sounds: x
        badge: many
        interruption_level: urgent
        thread_id: "{{ event.x }}"
        category: c'
finds 'options that some other program may know' '' <<!
$odd
!
sed -i 's/push: {provider: sandbox}/push: {ios: apns}/' jr.yaml
finds 'custom data under names that services keep' '6 push-data
6 push-data' <<!
goal: {event: Y}
trigger: {event: X}
steps:
  - push: {body: B,
      data: {fromage: 1, from: me, CIO: 2, google: 3}}
!
finds 'options that nobody knows, with values that none has' '8 push-option
9 push-option
10 push-option' <<!
$odd
!
sed -n 's/.*warning: \(.*\) \[.*/\1/p' out >got
same 'and what to write instead' got <<!
option 'sounds' is unknown for push: write 'sound'
option 'badge' has the wrong type: write a whole number
option 'interruption_level' cannot be that: write one of passive, active, time-sensitive, critical
!
mv jr.all jr.yaml
finds 'no filter for consent' '1 consent-filter' <<!
$approved
trigger: {event: X}
steps:
  - sms: {body: "Hi from Acme. $stop"}
!
finds 'no goal' '1 no-goal' <<!
trigger: {event: X}
steps:
  - push: {title: T, body: B}
!
finds 'no words for opting out in the first SMS' '8 opt-out-words' <<!
$approved
trigger: {event: X}
steps:
  - sms: {if: sms_consent == true, body: "Hi from Acme."}
  - sms: {if: sms_consent == true, body: "Hi again from Acme."}
!
finds 'and no name' '8 no-brand' <<!
$approved
trigger: {event: X}
steps:
  - sms: {if: sms_consent == true, body: "Hi. $stop"}
!
finds 'a segment that is not defined' '4 unknown-segment' <<!
goal: {event: Y}
trigger: {event: X}
filter: in_segment("trialist")
steps:
  - push: {title: T, body: B}
!
says 'with the one that is meant' out "write 'trialists'"
finds 'a sender that is not configured' '8 sender' <<!
$approved
trigger: {event: X}
steps:
  - sms: {if: sms_consent == true, sender: other, body: "Hi from Acme. $stop"}
!
finds 'no variable is unknown without a state' '5 no-default' <<!
goal: {event: Y}
trigger: {event: X}
steps:
  - push: {title: T, body: "{{ first_nam }} {{ event.fil }}"}
!
finds 'but what jr itself gives is known' '5 unknown-variable' <<!
goal: {event: Y}
trigger: {event: X}
steps:
  - push: {title: "{{ journey.name }}", body: "{{ journey.naem }}"}
!
says 'and what is meant' out "write 'name'"
finds 'no approval: that is an error' '' <<!
trigger: {event: X}
steps:
  - sms: {body: "Hi. $stop"}
!
says 'which stops it' err 'approved_by'
says 'with 78' err '^exit 78$'

# What does not compile is shown in its place, whoever reads the files.
cat >workflows/one.yaml <<'!'
name: one
trigger: {event: X}
goal: {event: Y}
filter: has email and plan = "pro"
steps:
  - push: {title: T, body: B}
!
cat >wanted <<'!'
jr-schedule: workflows/one.yaml:4:28: unexpected '=': write '=='
    filter: has email and plan = "pro"
                               ^
!
check 'a filter that is none' 78 jr-schedule --check
same 'is shown, with a caret' err <wanted
check 'without --check' 78 jr-schedule </dev/null
same 'too' err <wanted
check 'quietly' 78 jr-schedule --quiet </dev/null
head -n 1 wanted >first
same 'its place alone is told' err <first
check 'in a report of the workflows' 78 jr-report strategy
sed 's/^jr-schedule/jr-report/' wanted >theirs
same 'the same is shown' err <theirs
sed 's/ = / == /; s/title: T/title: "{{ x | upcas }}"/' workflows/one.yaml >w
mv w workflows/one.yaml
check 'a template that is none' 78 jr-schedule --check
same 'is shown likewise' err <<'!'
jr-schedule: workflows/one.yaml:6:27: unknown filter 'upcas': write 'upcase'
      - push: {title: "{{ x | upcas }}", body: B}
                              ^
!
for way in '>-' '|'; do
	cat >workflows/one.yaml <<!
name: one
trigger: {event: X}
goal: {event: Y}
steps:
  - push:
      title: T
      body: $way
        Hello {{ first_name | default: "you" }},

          your {{ thing | upcas }}
!
	check "a line of a template, $way" 78 jr-schedule --check
	same 'is shown, not the first' err <<'!'
jr-schedule: workflows/one.yaml:10:27: unknown filter 'upcas': write 'upcase'
              your {{ thing | upcas }}
                              ^
!
done
cat >workflows/one.yaml <<'!'
name: one
trigger: {event: X}
goal: {event: Y}
steps:
  - push: {title: "\"{{ x }}\" \u00e9 {{ y | upcas }}", body: 'it''s {{ z }}'}
!
check 'a template with escapes' 78 jr-schedule --check
same 'is shown behind them' err <<'!'
jr-schedule: workflows/one.yaml:5:46: unknown filter 'upcas': write 'upcase'
     {title: "\"{{ x }}\" \u00e9 {{ y | upcas }}", body: 'it''s {{ z }}'}
                                        ^
!
printf 'caps: {sms_per_day: 1, x: "secret"}\n' >>jr.yaml
check 'a wrong configuration' 78 jr-schedule --check
check 'whose lines may hold a number or a secret' 1 grep secret err
sed -i '$d' jr.yaml

# With a state: names that people have, and how long they are.
person u1 '"first_name":"Bartholomew-Maximilian","address":{"city":"Ulm"}'
person u2 '"first_name":"Łucja"'
event u1 X "$(at 0 15:00)" '"file":"a-rather-long-name-of-a-file.csv"'
event u1 'Order Placed' "$(at 0 15:00)"
event u1 Raised "$(at 0 15:00)"
event u1 Z "$(at 0 15:00)" '"total":7'
jr-ingest --now "$(at 0 15:00)" <in >/dev/null
finds 'attributes that nobody has' '5 unknown-attribute
6 unknown-attribute
7 unknown-attribute' <<!
goal: {event: Y}
trigger: {event: X}
steps:
  - push: {title: T, body: "{{ first_nam | default: 1 }} {{ first_name | default: 1 }}"}
  - push: {title: T, body: "{{ address.cty | default: 1 }} {{ address.city | default: 1 }}"}
  - push: {title: T, body: B, if: plam == "pro"}
!
says 'with the nearest' out "'first_nam': write 'first_name'"
says 'also within maps' out "'address.cty': write 'address.city'"
finds 'properties that no such event has' '5 unknown-property' <<!
goal: {event: Y}
trigger: {event: X}
steps:
  - push: {title: "{{ event.file }}", body: "{{ event.fille }}"}
!
says 'with the nearest' out "write 'file'"
finds 'also in conditions, each about its own event' '2 unknown-property
2 unknown-property
3 unknown-property
4 unknown-property
4 unknown-property
6 unknown-property
7 unknown-property
8 unknown-property' <<!
trigger: {event: X, where: event.fil == "a" and trigger.file == "b" and trigger.fiel == "c" and event.file == "d"}
filter: has first_name and event.ile == "a"
goal: {event: Z, where: event.totla > 5 and event.total < 9 and trigger.flie == "x"}
steps:
  - push: {title: T, body: B, if: event.files == "a"}
  - wait_for: {event: Z, where: event.file == "a", timeout: 1d}
  - branch: [{if: event.total > 3, then: [{exit: true}]}]
!
says 'with their place' out \
	"^workflows/one.yaml:2:28: warning: no 'X' came .* 'fil': write 'file'"
says 'and the nearest of their event' out \
	":4:25: warning: no 'Z' came .* 'totla': write 'total'"
finds 'also of events that a condition looks up' '3 unknown-property
4 unknown-property
7 unknown-property
8 unknown-property
9 unknown-property
9 unknown-property' <<!
trigger: {event: X}
filter: not happened("Z" where event.ttal > 5 or event.total > 5)
goal: {event: Z, where: count("X" within 7d where event.fil == trigger.file) > 1}
steps:
  - push: {title: T, body: B, if: 'count("Unseen" where event.x > 1) < 3'}
  - push: {title: T, body: B, if: 'sum(event.totals of "Z") > 3'}
  - wait_for: {condition: 'happened("Z*" where event.total > 2 and event.toll > 1)'}
  - branch: [{if: 'happened("X" followed by "Z" with same event.file)', then: [{exit: }]}, {if: 'happened("X" followed by "Z" where event.file == "a")', then: [{exit: }]}]
!
says 'at its place, with the nearest that is known' out \
	":3:32: warning: no 'Z' came .* 'ttal': write 'total'"
says 'also where only how a name begins is known' out \
	":8:68: warning: no 'Z\\*' came .* 'toll': write 'total'"
finds 'an event that is almost another' '2 unknown-event' <<!
trigger: {event: Ordr Placed}
goal: {event: Order Refunded}
exit: {events: [Raisd]}
steps:
  - track: {event: Raisd}
  - push: {title: T, body: B}
!
says 'which is named' out "no 'Ordr Placed' came: write 'Order Placed'"
finds 'what a workflow sets is known' '' <<!
goal: {event: Y}
trigger: {event: X}
steps:
  - set: {nudged: true}
  - push: {title: T, body: B, if: nudged == true}
!
finds 'too long with the longest name there is' '8 sms-long' <<!
$approved
trigger: {event: X}
steps:
  - sms: {if: sms_consent == true, body: "Acme {{ first_name | default: 'you' }} $ten$ten$ten$ten$ten$ten$ten$ten$ten$ten$ten$ten$stop"}
!
finds 'and with the longest that an event brought' '8 sms-long' <<!
$approved
trigger: {event: X}
steps:
  - sms: {if: sms_consent == true, body: "Acme {{ event.file }} $ten$ten$ten$ten$ten$ten$ten$ten$ten$ten$ten$stop"}
!
finds 'UCS-2 by what people are called' '8 sms-ucs2-value' <<!
$approved
trigger: {event: X}
steps:
  - sms: {if: sms_consent == true, body: "Acme {{ first_name | default: 'you' }} $ten$ten$ten$ten $stop"}
!
cat out err >all
grep -e Bartholomew -e ucja -e rather all >shown
silent 'nothing of anybody is shown' shown
rm workflows/one.yaml
# --- who watches sees how far it is; cron, and who wants none, see nothing ---
cat >watch.py <<'!'
import pty, sys
sys.exit(pty.spawn(sys.argv[1:]) >> 8)
!
awk 'BEGIN {
	for (i = 0; i < 1500; i++)
		printf "{\"type\":\"person\",\"identifiers\":{\"id\":\"w%d\"}," \
			"\"action\":\"identify\",\"attributes\":{\"n\":1}}\n", i
}' | jr-ingest --quiet --state many.db >many
if command -v python3 >/dev/null; then
	check 'on a terminal' 0 python3 watch.py jr-schedule --check \
		--state many.db
	says 'there is how many people it has looked at' out \
		'1000 people looked at'
	check 'and with --quiet' 0 python3 watch.py jr-schedule --check \
		--quiet --state many.db
	silent 'there is none' out
else
	skip 'there is no terminal to be had'
fi
check 'without a terminal' 0 jr-schedule --check --state many.db
silent 'neither' err
check 'the example is right' 0 jr-schedule --check \
	--config "$TOP/workflows.example/jr.yaml" --state none.db
finish
