#!/bin/sh
# jr-send-sms --count says what a text takes, as Twilio's calculator does.
. "${0%/*}/lib.sh"

echo 'no: [yaml' >jr.yaml
cat >texts <<'!!'
{"text":"hi"}
{"id":[7],"text":"😀x","note":null}
{"text":""}
{"text":"It’s – fine…"}
{"text":"ç ’"}
!!
check 'texts are counted, whatever jr.yaml says' 0 jr-send-sms --count <texts
same 'and the rest comes back in front' out <<'!!'
{"encoding":"GSM-7","units":2,"segments":1}
{"id":[7],"note":null,"encoding":"UCS-2","units":3,"segments":1}
{"encoding":"GSM-7","units":0,"segments":1}
{"encoding":"UCS-2","units":12,"segments":1}
{"encoding":"UCS-2","units":3,"segments":1}
!!
check 'after smart encoding' 0 jr-send-sms --count --smart <texts
json 'they take less' out '.[3] == {encoding: "GSM-7", units: 14, segments: 1}'
json 'but for what GSM-7 does not have' out '.[4].encoding == "UCS-2"'
printf '{"id":1}\nno\n{"text":3}\n{"text":"a"}\n' >texts
check 'a line without a text is wrong' 65 jr-send-sms --count <texts
json 'is told in its place, and the rest go on' out '(map(has("error")) == [true, true, true, false]) and .[0].id == 1'
check 'smart alone says nothing' 64 jr-send-sms --smart
# Each of these is alone, and what limits sending is not for them.
while read -r options; do
	# shellcheck disable=SC2086 # several
	check "not together: $options" 64 jr-send-sms $options
done <<'!'
--count --test +12065550100
--count --dry-run
--count --max 3
--count --verify
--reconcile --rate 3
--reconcile --count
--verify --list
--verify --dry-run
--test +12065550100 --dry-run
--test +12065550100 --max 1
--test +12065550100 --list
!
check 'an answer that cannot be written is told' 74 sh -c 'jr-send-sms --count <texts >/dev/full'

if ! command -v node >/dev/null ||
	[ ! -d "$TOP/tests/node/node_modules/sms-segments-calculator" ]; then
	skip "Twilio's calculator (make deps)"
	finish
fi
for seed in 1 2; do
	for smart in '' smart; do
		node "$TOP/tests/node/sms_texts.mjs" "${SMS_TEXTS:-3000}" $seed \
			theirs $smart >texts
		check "seed $seed $smart: random texts" 0 jr-send-sms --count ${smart:+--smart} <texts
		same "seed $seed $smart: as Twilio counts them" theirs <out
	done
done
finish
