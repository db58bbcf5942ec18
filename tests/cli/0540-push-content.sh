#!/bin/sh
# What a push says and to whom: silent ones, limits, cuts, payloads, programs of
# one's own, and what devices report back.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
needs sqlite3
allow_many
workflow w <<'!'
trigger: {event: Go}
reentry: always
steps:
  - push:
      id: p
      title: "{{ event.t }}"
      body: "{{ event.b }}"
      image: "{{ event.i | default: '' }}"
      link: "app://{{ event.l }}"
      data: {n: "{{ event.n | json }}", deep: {list: [1, "{{ event.l }}"]}}
      options: {sound: ding, interruption_level: time-sensitive}
!
workflow quiet <<'!'
trigger: {event: Sync}
reentry: always
steps:
  - push: {id: s, data: {what: inbox}, options: {silent: true}}
!
person u1
device u1 t1
minute=0
# go EVENT PROPERTIES [SENDER-OPTION...]
go() {
	minute=$((minute + 1))
	now=$(at 0 "$(printf '15:%02d' $minute)")
	event u1 "$1" "$now" "$2"
	shift 2
	: >outbox.ndjson
	jr-ingest --now "$now" <in >out.ingest && : >in &&
		jr-schedule --now "$now" <out.ingest >offered &&
		jr-send-push --now "$now" "$@" <offered
}
check 'all a push can say' 0 go Go '"t":"T","b":"B","i":"https://x/i.png","l":"a","n":7'
json 'arrives' outbox.ndjson '.[0] | .title == "T" and .body == "B" and
	.image == "https://x/i.png" and .link == "app://a" and
	.data == {n: 7, deep: {list: [1, "a"]}} and
	.options.sound == "ding" and .platform == "android"'
check 'a silent one' 0 go Sync ''
json 'says nothing but its data' outbox.ndjson '.[0] |
	(has("title") or has("body") | not) and .data.what == "inbox" and
	.options.silent'
check 'none is too long yet' 0 jr-schedule --check

# --- limits ---
sed -i 's/  push: {provider: sandbox}/  push: {provider: sandbox, title_max: 10, body_max: 20, title_advised: 5, body_advised: 10}/' jr.yaml
check 'a title over a limit of ours' 0 go Go '"t":"Title of more","b":"B","l":"a","n":1'
decided offered >got
same 'is not sent' got <<'!'
w/p u1 no content
!
sed -i 's/title_max/cut: true, title_max/' jr.yaml
family=👨‍👩‍👧‍👦
check 'or is cut' 0 go Go '"t":"'"$family$family$family$family$family$family$family$family$family$family$family"'","b":"More than twenty characters","l":"a","n":1'
json 'between what people see as one character' outbox.ndjson '.[0] |
	.title == "'"$family$family$family$family$family$family$family$family$family"'…" and
	.body == "More than twenty…"'
# A step has its own way.
cp workflows/w.yaml w.yaml
sed -i 's/^      id: p/      cut: false\n&/' workflows/w.yaml
check 'a step may want none of that' 0 go Go '"t":"Title of more","b":"B","l":"a","n":1'
decided offered >got
same 'and is not sent' got <<'!'
w/p u1 no content
!
sed -i 's/cut: true, //' jr.yaml
sed -i 's/cut: false/cut: true/' workflows/w.yaml
check 'or ask for it' 0 go Go '"t":"Title of more","b":"B","l":"a","n":1'
json 'alone' outbox.ndjson '.[0].title == "Title of…"'
sed -i 's/cut: true/cut: perhaps/' workflows/w.yaml
check 'by yes or no' 78 jr-schedule --check
mv w.yaml workflows/w.yaml
workflow long <<'!'
trigger: {event: Long}
steps:
  - push: {id: l, title: A title, body: A body of some length}
!
check 'what is longer than advised' 0 jr-schedule --check
says 'is told of' out 'long.yaml:[0-9:]+ warning: the title has 7 characters: keep it within 5 .push-title.'
says 'both title and body' out 'long.yaml:[0-9:]+ warning: the body has 21 characters: keep it within 10 .push-body.'
rm workflows/long.yaml

# --- who watches sees how far it is; cron sees nothing ---
cat >watch.py <<'!'
import pty, sys
sys.exit(pty.spawn(sys.argv[1:]) >> 8)
!
event u1 Go "$(at 0 16:00)" '"t":"T","b":"B","l":"a","n":1'
jr-ingest --now "$(at 0 16:00)" <in >out.ingest && : >in
jr-schedule --now "$(at 0 16:00)" <out.ingest >offered
if command -v python3 >/dev/null; then
	check 'on a terminal' 0 python3 watch.py sh -c \
		"jr-send-push --now $(at 0 16:00) <offered >sent"
	says 'there is progress' out '1 messages'
fi

# --- a program of one's own ---
cat >take <<'!'
#!/bin/sh
cat >>taken
echo '{"outcome":"accepted","id":"x1"}'
!
chmod +x take
sed -i 's/^providers:/providers:\n  exec: {command: [.\/take]}/' jr.yaml
check 'a program takes a push' 0 go Go '"t":"T","b":"B","l":"a","n":1' -p exec
json 'with the device' taken '.[0] | .to == "t1" and .kind == "fcm-token" and
	.platform == "android" and .title == "T"'

# --- what devices report ---
id=$(jq -r 'select(.type == "message") | .id' offered)
cat >in <<!
{"type":"delivery","action":"event","identifiers":{"id":"$id"},"name":"delivered","timestamp":"$now","attributes":{"device_token":"t1"}}
{"type":"delivery","action":"event","identifiers":{"id":"$id"},"name":"opened","timestamp":"$now","attributes":{"device_token":"t1"}}
{"type":"delivery","action":"event","identifiers":{"id":"$id"},"name":"opened","timestamp":"$now","attributes":{"device_token":"t1"}}
!
check 'a device reports' 0 jr-ingest --now "$now" <in
check 'the report' 0 jr-report push --now "$now" --format=ndjson
jq -c '[.workflow, .sent, .delivered_n, .tapped_n]' out >got
same 'counts delivered and, once, tapped' got <<'!'
["quiet",1,0,0]
["w",5,1,1]
!
finish
