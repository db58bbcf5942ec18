#!/bin/sh
# Ways to look: --check, --graph, --explain, --dry-run, --quiet-hours.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"

workflow onboarding <<'!'
trigger: {event: Signed Up}
goal: {event: Activated}
filter: plan != "gone"
steps:
  - wait: 1h
  - sms: {id: hello, body: "Hello {{ first_name }} Reply STOP to opt out"}
  - wait: 1d
  - push: {id: board, title: T, body: B}
!
workflow other <<'!'
trigger: {event: Never}
steps:
  - push: {id: p, title: T, body: B}
!

# --- --check ---
check 'right files' 0 jr-schedule --check
cp workflows/other.yaml saved
sed -i 's/trigger/triger/' workflows/other.yaml
printf 'trigger: {event: X}\nsteps:\n  - wait: tomorrow\n' >workflows/third.yaml
check 'all files that are wrong are told' 78 jr-schedule --check
says 'the one' err 'other\.yaml:5(:1)?: .*trigger'
says 'and the other' err 'third\.yaml:3:[0-9]+: '
rm workflows/third.yaml
mv saved workflows/other.yaml
printf 'trigger: {event: X}\nname: onboarding\nsteps: [wait: 1d]\n' >workflows/same.yaml
check 'two of one name' 78 jr-schedule --check
says 'are told' err "name 'onboarding' is that of"
rm workflows/same.yaml
workflow long <<'!'
trigger: {event: X}
steps:
  - sms: {id: s, body: "A text of more than one hundred and sixty characters is charged for twice, and so it is worth a thought whether all of these many words are really needed here, or not."}
!
check 'what is likely wrong' 0 jr-schedule --check
says 'is a warning that editors understand' out \
	'^[^:]*long\.yaml:[0-9]+:[0-9]+: (warning|note): .*\[[a-z-]+\]$'
rm workflows/long.yaml
workflow asks <<'!'
trigger: {enters: prospects}
steps:
  - push: {id: p, if: in_segment("pros"), title: T, body: B}
!
echo 'pro: plan == "pro"' >segments.yaml
check 'segments that nobody defines' 0 jr-schedule --check
says 'are told' out "asks\.yaml:[0-9:]+ warning: .*prospects"
echo 'pro: plan ==' >segments.yaml
check 'a file of segments that is wrong' 78 jr-schedule --check
says 'as well' err 'segments\.yaml:1:'
rm workflows/asks.yaml segments.yaml
mv workflows nowhere
check 'a folder that is not there' 78 jr-schedule --check
says 'is told, with what to do' err "make the folder"
mv nowhere workflows
if [ "$(id -u)" -ne 0 ]; then
	chmod 0 workflows/other.yaml
	check 'a file that cannot be read' 78 jr-schedule --check
	chmod 600 workflows/other.yaml
fi

# --- --graph ---
check 'a picture' 0 jr-schedule --graph
cp out graph.dot
says 'of each' out 'onboarding'
says 'and each' out 'other'
if command -v dot >/dev/null; then
	check 'that graphviz can draw' 0 dot -Tsvg -o graph.svg out
fi
check 'of one alone' 0 jr-schedule --graph --workflow other
grep onboarding out >got
silent 'and no other' got
check 'of one that is not there' 78 jr-schedule --graph --workflow onbording
says 'with the one that is meant' err "write 'onboarding'"

says 'it shows waits' graph.dot 'label="wait 1h"'
says 'what ends it' graph.dot 'label="onboarding\\ngoal: event Activated'
says 'conditions' graph.dot 'filter plan != \\"gone\\"'
grep -e here -e entered -e sent graph.dot >got
silent 'and no numbers without a state' got

# --- --dry-run ---
person u1 '"first_name":"Ana"'
device u1 t1
person u2
device u2 t2
event u1 'Signed Up' "$(at 0 15:00)"
check 'someone signs up' 0 tick "$(at 0 15:00)"
sqlite3 jr.db .dump >before
check 'a dry run' 0 jr-schedule --dry-run --now "$(at 0 16:00)"
json 'shows what would go' out \
	'[.[] | select(.type == "message" and .step == "hello")] | length == 1'
sqlite3 jr.db .dump >after
cmp -s before after
result $? 'and keeps nothing'
check 'it can be repeated' 0 jr-schedule --dry-run --now "$(at 0 16:00)"
check 'without a state there is nothing to try' 78 jr-schedule --dry-run \
	--state none.db

# --- --explain ---
check 'the hour is over' 0 tick "$(at 1 03:00)"
check 'the story of who is on the way' 0 jr-schedule --now "$(at 1 03:00)" \
	--explain u1
sed 's/m_[0-9a-z]*/m_ID/' out >got
same 'is told by their clocks' got <<'!'
u1
  clocks: America/New_York
onboarding
  run 1: entered 2026-11-02 10:00, by event 'Signed Up'
    2026-11-02 10:00  wait '1'
    2026-11-02 11:00  sms 'hello', m_ID
      2026-11-02 22:00  later, quiet_hours: 21:00 to 08:00 in America/New_York; opens 2026-11-03 08:00
      planned, not before 2026-11-03 08:00
    now at 'hello', next 2026-11-03 08:00
other
  never entered: no event 'Never'
!
check 'it goes on' 0 tick "$(at 1 13:00)"
check 'and so does the story' 0 jr-schedule --now "$(at 1 13:00)" \
	--explain u1 --workflow onboarding
sed 's/m_[0-9a-z]*/m_ID/' out >got
same 'of one workflow' got <<'!'
u1
  clocks: America/New_York
onboarding
  run 1: entered 2026-11-02 10:00, by event 'Signed Up'
    2026-11-02 10:00  wait '1'
    2026-11-02 11:00  sms 'hello', m_ID
      2026-11-02 22:00  later, quiet_hours: 21:00 to 08:00 in America/New_York; opens 2026-11-03 08:00
      2026-11-03 08:00  accepted
    2026-11-03 08:00  wait '3'
    now at '3', next 2026-11-04 08:00
!
check 'a picture with a state' 0 jr-schedule --graph --workflow onboarding
says 'says how many entered' out '^[[:space:]]begin .*\\n1 entered"'
says 'how many texts went, and who is there' out '"hello: sms, .*sent"'
says 'and who rests' out 'wait 1d\\n[12] came, [12] here"'
attributes u2 "$(at 1 13:00)" '"plan":"gone"'
check 'something is known of another' 0 tick "$(at 1 13:01)"
check 'who never entered' 0 jr-schedule --now "$(at 1 13:01)" \
	--explain +12065550002 --workflow onboarding
same 'hears why, also by number' out <<'!'
u2
  clocks: America/New_York
onboarding
  never entered: no event 'Signed Up'
  its filter does not hold now: plan != "gone"
!
check 'nobody' 64 jr-schedule --explain nobody
says 'is told without their name' err 'nobody, or more than one, is known'
check 'no workflow' 64 jr-schedule --explain u1 --workflow none
check '--workflow alone' 64 jr-schedule --workflow other

# --- --quiet-hours ---
quiet() { jr-schedule --quiet-hours --now 2026-11-02T12:00:00Z <ask; }
cat >ask <<'!'
{"timezone":"America/New_York","at":"2026-11-02T15:00:00Z"}
{"timezone":"America/New_York","at":1793674800}
{"timezone":"America/New_York"}
{"timezone":"America/New_York","at":"2026-11-02T20:59:59"}
{"timezone":"America/New_York","at":"2026-11-02T21:00:00"}
{"phone":"+18505550113","at":"2026-11-06T13:30:00Z"}
{"phone":"+18005550113","at":"2026-11-06T13:30:00Z"}
!
check 'anyone may ask' 0 quiet
same 'and hears until when' out <<'!'
{"quiet":false,"send_at":1793631600,"zones":["America/New_York"]}
{"quiet":true,"send_at":1793710800,"zones":["America/New_York"]}
{"quiet":true,"send_at":1793624400,"zones":["America/New_York"]}
{"quiet":false,"send_at":1793671199,"zones":["America/New_York"]}
{"quiet":true,"send_at":1793710800,"zones":["America/New_York"]}
{"quiet":true,"send_at":1793973600,"zones":["America/Chicago","America/New_York"]}
{"quiet":true,"send_at":null,"zones":[]}
!
echo 'timezone: Europe/Paris' >>jr.yaml
echo '{"phone":"+18005550113","at":"2026-11-06T21:30:00Z"}' >ask
check 'where nobody knows, the configuration may' 0 quiet
same 'and so say the gates' out <<'!'
{"quiet":true,"send_at":1794034800,"zones":["Europe/Paris"]}
!
sed -i '$d' jr.yaml
cat >ask <<'!'
{"timezone":"Mars/Olympus"}
{"at":1}
no record
{"phone":"123"}
{"timezone":"UTC","at":"soon"}
{"timezone":"UTC","at":"2026-11-02T12:00:00Z"}
{"timezone":5}
{"timezone":"UTC","phone":null,"at":null}
!
check 'a question that makes no sense' 65 quiet
json 'does not stop the others' out 'length == 2 and (.[0] == .[1])'
says 'and is told at its line' err 'stdin:4: '
says 'with what is wrong' err "stdin:7: 'timezone': a whole number where"
# The machine's own zone does not matter.
TZ=Asia/Tokyo jr-schedule --quiet-hours --now 2026-11-02T12:00:00Z <ask >tokyo 2>/dev/null
cmp -s out tokyo
result $? 'the zone of the machine does not matter'
finish
