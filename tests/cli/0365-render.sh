#!/bin/sh
# jr-schedule --render shows what a template says, to whom and at what cost.
. "${0%/*}/lib.sh"

# ---- lines: without anything else here ----
echo 'no: [yaml' >jr.yaml
lines() { jr-schedule --render --lines --now 2026-11-23T06:40:00Z "$@"; }
cat >questions <<'!!'
{"id":1,"template":"Hi {{ n }}","data":{"n":"Ann"}}
{"id":{"a":[1,null]},"template":"{% assign v = 1 %}{% render 's', x: n %}|{% include 's' %}","data":{"n":2},"templates":{"s":"<{{x}}{{v}}>"}}
{"id":"gap","template":"[{{ customer.name }}]","data":{"name":"no namespace"}}
{"id":1.5,"template":"{{ 'now' | date: '%F %H:%M' }}","data":null}
{"id":true,"template":"{{ '</a>\u00e9' }}\n"}
{"template":"no id"}
!!
cat >answers <<'!!'
{"id":1,"output":"Hi Ann"}
{"id":{"a":[1,null]},"output":"<2>|<1>"}
{"id":"gap","output":"[]"}
{"id":1.5,"output":"2026-11-23 06:40"}
{"id":true,"output":"</a>é\n"}
{"output":"no id"}
!!
check 'lines are answered, whatever jr.yaml says' 0 lines <questions
same 'each with what it says' out <answers
silent 'and nothing is told' err

cat >questions <<'!!'
{"id":"f","template":"{{ a | nope }}"}
{"id":"t","template":"{% nope %}"}
{"id":"open","template":"{% if a %}"}
{"id":"long","template":"{% for i in (1..1000000000) %}{{ i }}{% endfor %}"}
{"id":"deep","template":"{% include 'a' %}","templates":{"a":"{% include 'a' %}"}}
{"id":"after","template":"ok"}
!!
check 'a template that is wrong is an answer' 0 lines <questions
json 'of its error' out 'map(has("error")) == [true, true, true, true, true, false]'
json 'with line and column' out '.[0].error | startswith("1:8: unknown filter")'

cat >questions <<'!!'
{"id":"none"}
{"id":"kind","template":3}
{"id":"data","template":"","data":[1]}
not JSON
[1]
{"id":"after","template":"ok"}
!!
check 'a line that is no question is a wrong record' 65 lines <questions
json 'is answered, and the rest go on' out 'map(.id) == ["none", "kind", "data", null, null, "after"] and .[5].output == "ok" and (.[:5] | all(.error))'
says 'and is told of at the end' err '^jr-schedule: 5 lines of stdin are no questions'

echo '{"id":1,"template":"Hi {{ customer.first_name }}"}' >questions
check '--strict fails what is missing' 0 lines --strict <questions
json 'by name' out '.[0].error | startswith("1:7: missing customer.first_name")'
check 'lines bring all that they need' 64 lines --person u_1 <questions
check 'nothing asked is nothing answered' 0 lines </dev/null
silent 'at all' out
check 'an answer that cannot be written is told' 74 sh -c 'jr-schedule --render --lines <questions >/dev/full'

python3 - >out 2>why <<'!!'
import subprocess, json
p = subprocess.Popen(["jr-schedule", "--render", "--lines"], bufsize=0,
                     stdin=subprocess.PIPE, stdout=subprocess.PIPE)
for i in range(3):
    p.stdin.write(b'{"id":%d,"template":"{{ 1 | plus: %d }}"}\n' % (i, i))
    print(json.loads(p.stdout.readline())["output"])
p.stdin.close()
print(p.wait())
!!
same 'each is answered before the next is asked' out <<'!!'
1
2
3
0
!!

# ---- a preview ----
rm jr.yaml
. "$TOP/tests/cli/world.sh"
cat >>jr.yaml <<'!!'
prices:
  - {prefix: "+1", segment: 0.0079, fee: 0.0031}
links: {host: go.example.com, prefix: /s/}
!!
workflow lives <<'!!'
trigger: {event: Started}
steps:
  - sms: {id: hello, body: "Acme: hi {{ first_name }}, see https://example.com/a/long/address?of=it Reply STOP to end"}
  - push: {id: note, title: "For {{ customer.first_name | default: 'you' }}", body: "{{ event.text }}"}
!!
mkdir snippets
echo 'the Acme team' >snippets/sign.liquid
echo 'Hi {{ customer.first_name }}, {{ event.amount }} is due, {% render "sign" %}' >due.liquid
person u_1 '"first_name":"Ann"'
person u_2
event u_1 Started "$(at 0 15:00)" '"text":"first","amount":1'
event u_1 Started "$(at 0 15:10)" '"text":"second","amount":2'
tick "$(at 0 15:20)"

echo '{"customer":{"first_name":"Bo"},"event":{"amount":"$5"}}' >data.json
check 'a file with JSON on stdin' 0 jr-schedule --render due.liquid <data.json
same 'says so, snippets too' out <<'!!'
Hi Bo, $5 is due, the Acme team
!!
check 'or in a file, the template on stdin' 0 jr-schedule --render --data data.json <due.liquid
same 'says the same' out <<'!!'
Hi Bo, $5 is due, the Acme team
!!
check 'a person of the state, and their last event' 0 jr-schedule --render due.liquid --person u_1 --event Started
same 'as they are' out <<'!!'
Hi Ann, 2 is due, the Acme team
!!
echo '{"name":"Started","attributes":{"amount":7}}' >event.json
check 'an event record of a file' 0 jr-schedule --render due.liquid --person u_1 --event event.json
same 'gives its properties' out <<'!!'
Hi Ann, 7 is due, the Acme team
!!
check 'what is missing is empty' 0 jr-schedule --render due.liquid --event event.json --person u_2
same 'where it is shown' out <<'!!'
Hi , 7 is due, the Acme team
!!
says 'and why it would not go is said' err 'would not be sent: .*missing customer.first_name'
check 'strictly it is an error' 65 jr-schedule --render --strict due.liquid --event event.json --person u_2
silent 'and nothing is shown' out

check 'a step of a workflow' 0 jr-schedule --render lives/hello --person u_1
says 'reads as it will' out '^Acme: hi Ann, see https://go.example.com/s/preview0000 Reply STOP to end$'
says 'with what it takes, and costs' out '^GSM-7, 72 units, 1 segment, 0.0110 USD$'
echo '{"event":{"text":"'"$(printf '%0200d' 0)"'"}}' >long.json
check 'a push' 0 jr-schedule --render lives/note --data long.json
says 'has a title' out '^title: For you$'
says 'and the lock-screen cut is shown' out '^body: 200 of 178 characters, the lock screen shows: 0{177}…$'
check 'a template as SMS' 0 sh -c "echo 'Zażółć {{ \"now\" | date: \"%Y\" }}' | jr-schedule --render --channel sms --now $(at 0 15:00)"
says 'is counted' out '^UCS-2, 11 units, 1 segment'

echo '{{ customer.id }}' >id.liquid
check 'who they are' 0 jr-schedule --render id.liquid --person u_1 --strict
same 'is an attribute, too' out <<'!!'
u_1
!!
check 'an unknown step' 64 jr-schedule --render lives/nope </dev/null
says 'and which there are' err 'write one of: hello, note'
check 'an unknown workflow' 78 jr-schedule --render live/hello </dev/null
says 'and which it may be' err "write 'lives'"
check 'neither file nor step' 64 jr-schedule --render nope </dev/null
check 'nobody' 64 jr-schedule --render lives/hello --person u_9
check 'an event nobody had' 64 jr-schedule --render lives/note --person u_1 --event Nope
check 'an unknown channel' 64 jr-schedule --render --channel fax due.liquid
check 'its options without it' 64 jr-schedule --person u_1
check 'two templates' 64 jr-schedule --render due.liquid due.liquid
echo '[1]' >data.json
check 'data that is no map' 65 jr-schedule --render due.liquid --data data.json
echo '{{ a | nope }}' >due.liquid
check 'a template that is wrong' 78 jr-schedule --render due.liquid </dev/null
says 'with file, line and column' err '^jr-schedule: due.liquid:1:8: unknown filter'
finish
