#!/bin/sh
# Each form means what it means: the record that goes out, and the store.
. "${0%/*}/lib.sh"

now=2026-11-05T17:33:20Z # 1793900000
at=1793800012

# means TITLE LINE RECORD FILTER: from a fresh store, LINE goes out as RECORD
# (a jq filter over all that went out), and FILTER holds of the store, in which
# rows(table) are its rows.
means() {
	rm -f jr.db* rejects.ndjson
	printf '%s\n' "$2" >in
	jr-ingest --quiet --trust-unsigned --now "$now" <in >out 2>err ||
		cat err >>out
	json "$1: goes out" out "$3"
	jr-report dump >store
	json "$1: is kept" store "def rows(t): [.[] | select(.table == t).row];
		def log: rows(\"log\") | map([.kind, .name, .person]);
		def messages: rows(\"messages\") | map([.id, .workflow, .step,
			.channel, .state, .person]);
		def metrics: rows(\"metrics\") | map([.message, .metric]);
		def attrs: rows(\"people\")[0].attributes | fromjson;
		def wishes: rows(\"subscriptions\") |
			map({(.topic): .subscribed}) | add;
		$4"
}

# call METHOD PATH BODY: Track v1, as a web server logged it.
call() {
	printf '{"method":"%s","path":"%s","body":%s,"received_at":%s}' \
		"$1" "$2" "$3" "$at"
}

person='{"type":"person","identifiers":{"id":"u_7"},"action"'
c=/api/v1/customers/u_7

means 'identify of Track v1' \
	"$(call PUT $c '{"email":"Bo@example.com","plan":"pro","_timestamp":1793800000}')" \
	'.[0] | del(.id) == {type: "person", identifiers: {id: "u_7"},
	action: "identify", timestamp: 1793800000, attributes:
	{email: "Bo@example.com", plan: "pro", _timestamp: 1793800000}}' \
	'attrs == {email: "Bo@example.com", plan: "pro"} and
	log == [[1, null, 1]] and (rows("identities") | length) == 2'
means 'an address in the path' \
	"$(call PUT /api/v1/customers/bo%40example.com '{"plan":"pro"}')" \
	'.[0].identifiers == {email: "bo@example.com"}' \
	'attrs == {email: "bo@example.com", plan: "pro"} and
	rows("log")[0].at_s == 1793800012'
means 'a person deleted' "$(call PUT $c '{"a":1}')
$(call DELETE $c null)" \
	'.[1] | [.action, .identifiers.id] == ["delete", "u_7"]' \
	'[rows("people")[] | select(.attributes)] == []'
means 'an event' \
	"$(call POST $c/events '{"name":"paid","id":"e1","timestamp":1793800000,"data":{"n":1}}')" \
	'.[0] == {type: "person", identifiers: {id: "u_7"}, action: "event",
	id: "e1", name: "paid", timestamp: 1793800000, attributes: {n: 1}}' \
	'log == [[2, "paid", 1]]'
means 'a page' "$(call POST $c/events '{"name":"/p","type":"page"}')" \
	'.[0] | [.action, .name, .timestamp] == ["page", "/p", 1793800012]' \
	'log == [[3, "/p", 1]]'
means 'a screen' "$(call POST $c/events '{"name":"Home","type":"screen"}')" \
	'.[0].action == "screen"' 'log == [[4, "Home", 1]]'
means 'an event of someone without a name' \
	"$(call POST /api/v1/events '{"anonymous_id":"a7","name":"looked"}')" \
	'.[0].identifiers == {anonymous_id: "a7"}' 'log == [[2, "looked", 1]]'
means 'a device' \
	"$(call PUT $c/devices '{"device":{"id":"t7","platform":"android","last_used":1793800000}}')" \
	'.[0].device == {token: "t7", platform: "android", last_used: 1793800000}' \
	'(rows("devices") | map([.token, .person])) == [["t7", 1]]'
means 'a device gone' \
	"$(call PUT $c/devices '{"device":{"id":"t7","platform":"ios"}}')
$(call DELETE $c/devices/t7 null)" \
	'.[1] | [.action, .device] == ["delete_device", {token: "t7"}]' \
	'rows("devices") == []'
means 'suppressed, and no more' "$(call POST $c/suppress null)
$(call POST $c/unsuppress null)
$(call PUT $c '{"a":1}')" 'map(.action) == ["suppress", "unsuppress", "identify"]' \
	'attrs == {a: 1}'
means 'two people made one' "$(call PUT $c '{"a":1}')
$(call PUT /api/v1/customers/u_8 '{"b":2}')
$(call POST /api/v1/merge_customers '{"primary":{"id":"u_7"},"secondary":{"id":"u_8"}}')" \
	'.[2] | [.primary, .secondary] == [{id: "u_7"}, {id: "u_8"}]' \
	'attrs == {a: 1, b: 2} and rows("people")[1].merged_into == 1'
means 'a segment by list' \
	"$(call POST /api/v1/segments/7/add_customers '{"ids":["u_7","u_8"]}')" \
	'map([.action, .segment, .identifiers.id]) ==
	[["add_to_segment", "7", "u_7"], ["add_to_segment", "7", "u_8"]]' \
	'rows("lists") | length == 2'
means 'a form' "$(call POST /api/v1/forms/f1/submit '{"data":{"email":"bo@example.com"}}')" \
	'map(.action) == ["identify", "event"] and
	.[1].attributes.form_id == "f1"' \
	'log == [[1, null, 1], [2, "form_submitted", 1]]'
means 'a call of Track v2' \
	"$(call POST /api/v2/entity "$person:\"identify\",\"attributes\":{\"a\":1}}")" \
	'.[0] | [.action, .timestamp] == ["identify", 1793800012]' 'attrs == {a: 1}'
means 'a group' \
	'{"type":"group","userId":"u_7","groupId":"g1","traits":{"name":"Acme"}}' \
	'.[0].attributes == {group: {id: "g1", name: "Acme"}}' \
	'attrs.group == {id: "g1", name: "Acme"}'

# report OBJECT METRIC DATA: a reporting webhook about u_7 and d-1.
report() {
	printf '{"event_id":"r-%s","object_type":"%s","metric":"%s","timestamp":%s,' \
		"$2" "$1" "$2" "$at"
	printf '"data":{"identifiers":{"id":"u_7"}%s}}' "${3+,$3}"
}
d='"delivery_id":"d-1","campaign_id":7,"action_id":42'
# What each metric of a message makes of its state, and its number.
while read -r object channel metric number state; do
	means "$object $metric" "$(report "$object" "$metric" "$d")" \
		"length == 1 and .[0].metric == \"$metric\" and
		.[0].data.delivery_id == \"d-1\"" \
		"messages == [[\"d-1\", \"campaign_7\", \"action_42\",
			$channel, $state, 1]] and
		(metrics | index([[\"d-1\", $number]])) != null and
		log[0] == [14, \"$metric\", 1]"
done <<'!'
sms 1 drafted 13 6
sms 1 attempted 12 6
sms 1 sent 1 4
sms 1 delivered 2 8
sms 1 clicked 4 4
sms 1 converted 5 6
sms 1 bounced 8 9
sms 1 failed 9 9
sms 1 undeliverable 11 9
sms 1 replied 6 4
push 2 opened 3 4
push 2 dropped 10 6
email 3 opened 3 4
email 3 spammed 14 4
whatsapp 4 delivered 2 8
!
means 'a push to two devices' \
	"$(report push bounced "$d,\"recipients\":[{\"device_id\":\"a\"},{\"device_id\":\"b\"}]")" \
	'map(.metric) == ["bounced", "bounced"]' \
	'(metrics | index([["d-1", 8]])) != null and (messages | length) == 1'
device() {
	printf '{"type":"person","identifiers":{"id":"u_7"},"action":"add_device","timestamp":%s,"device":{"token":"%s","platform":"ios"}}' \
		"$2" "$1"
}
means 'a push to a device that is gone' "$(device a 1793800000)
$(device b 1793800000)
$(device c 1793800020)
$(report push bounced "$d,\"recipients\":[{\"device_id\":\"a\",\"failure_message\":\"UNREGISTERED\"},{\"device_id\":\"b\",\"failure_message\":\"InternalServerError\"},{\"device_id\":\"c\",\"failure_message\":\"Unregistered\"}]")" \
	'length == 6' '(rows("devices") | map([.token, .gone_ms, .gone_reason])) ==
	[["a", 1793800012000, "UNREGISTERED"], ["b", 0, null], ["c", 0, null]]'
means 'a text that a machine opened' \
	"$(report sms clicked "$d,\"machine\":true")" '.[0].data.machine' \
	'metrics == [] and log == [[14, "previewed", 1]]'
means 'what has no channel' "$(report in_app opened "$d")" \
	'.[0].object_type == "in_app"' \
	'messages == [] and log == [[14, "opened", 1]]'
means 'subscribed' "$(report customer subscribed)" \
	'.[0].attributes == {unsubscribed: false}' \
	'attrs == {unsubscribed: false} and wishes["channel:sms"] == 1'
means 'unsubscribed' "$(report customer unsubscribed)" \
	'.[0].attributes == {unsubscribed: true}' \
	'wishes == {"channel:email": 0, "channel:push": 0, "channel:sms": 0,
	"channel:whatsapp": 0} and rows("consents") == []'
means 'unsubscribed by a text' "$(report sms unsubscribed)" \
	'.[0].attributes.sms_consent == false' \
	'wishes["channel:sms"] == 0 and (rows("consents") | map([.person,
	.channel, .agreed, .at_s])) == [[1, 1, 0, 1793800012]]'
means 'unsubscribed from an e-mail' "$(report email unsubscribed "$d")" \
	'map(.metric // .action) == ["unsubscribed", "identify"]' \
	'wishes["channel:email"] == 0 and (metrics | index([["d-1", 7]])) != null'
means 'other wishes' \
	"$(report customer cio_subscription_preferences_changed '"content":"{\"topics\":{\"topic_1\":false}}"')" \
	'.[0].attributes.cio_subscription_preferences.topics.topic_1 == false' \
	'wishes == {topic_1: 0}'

# A message's own history, in any order, and what people then do.
means 'the history of a message' "$(report sms delivered "$d")
$(report sms sent "$d,\"recipient\":\"+12065550101\"")
$(call POST /unsubscribe/d-1 '{"unsubscribe":true}')" 'length == 3' \
	'(metrics | sort) == [["d-1", 1], ["d-1", 2], ["d-1", 7]] and
	messages[0][4] == 8 and wishes["channel:sms"] == 0'
means 'metrics by an SDK' "$(report push sent "$d")
$(call POST /api/v1/metrics '{"delivery_id":"d-1","metric":"delivered","recipient":"t7"}')
$(call POST /api/v1/push/events '{"delivery_id":"d-1","event":"opened","device_id":"t7"}')
{\"type\":\"delivery\",\"action\":\"event\",\"identifiers\":{\"id\":\"d-1\"},\"name\":\"converted\"}
{\"type\":\"track\",\"userId\":\"u_7\",\"event\":\"Report Delivery Event\",\"properties\":{\"deliveryId\":\"d-1\",\"metric\":\"clicked\"}}" \
	'length == 5' '(metrics | map(.[1]) | sort) == [1, 2, 3, 4, 5]'
means 'an opt-out that Telnyx tells of' \
	'{"data":{"event_type":"message.finalized","id":"e3","payload":{"id":"x","to":[{"phone_number":"+12065550101","status":"sending_failed"}],"errors":[{"code":"40300","title":"Blocked due to STOP message"}]}}}' \
	'.[0].data.jr == {provider: "telnyx", provider_message_id: "x",
	reason_code: "40300-stop"}' \
	'(rows("consents") | map([.number, .agreed, .source])) ==
	[["+12065550101", 0, "telnyx"]]'
means 'a STOP by way of MessageBird' \
	'{"source":"messagebird","url":"https://h.example/","body":"id=7&originator=12065550101&recipient=12065550199&body=STOP"}' \
	'.[0] | [.metric, .data.jr.word] == ["unsubscribed", "stop"]' \
	'(rows("consents") | map([.number, .agreed])) == [["+12065550101", 0]]'

# Whom nobody may know nobody gets to know by a report.
means 'a report of someone suppressed' "$(call POST $c/suppress null)
$(report sms sent "$d")" 'map(.action) == ["suppress"]' \
	'messages == [] and [rows("log")[] | select(.kind == 14)] == []'

# The team's whole history twice is its history once.
again() {
	jr-ingest --quiet --now "$now" <in >out &&
		jr-report dump >store && jr-ingest --quiet --now "$now" <in >out &&
		jr-report dump >twice
}
rm -f jr.db*
{
	report sms sent "$d" && echo
	report sms clicked "$d" && echo
	report customer unsubscribed && echo
} >in
check 'history may come again' 0 again
same 'and changes nothing' twice <store

# All lines of the facts' examples, each as itself.
if [ ! -e "$SHARED/data/wire-examples.ndjson" ]; then
	skip 'the examples that came with the formats'
	finish
fi
# The bodies of Track v1 stand in their calls.  A conversion is news of its own,
# beside the record that told of it.
jq -c '{"track_v1_identify": ["PUT", ""], "track_v1_event": ["POST", "/events"],
	"track_v1_page": ["POST", "/events"], "track_v1_device": ["PUT", "/devices"]
	} as $calls | .name as $name | $calls[$name] as $call |
	.payload as $payload | if $call then {method: $call[0],
	path: "/api/v1/customers/u_1001\($call[1])", body: $payload} else
	$payload end' "$SHARED/data/wire-examples.ndjson" >examples
jq -r .name "$SHARED/data/wire-examples.ndjson" >names
wc -l <examples >count
same 'there are 43' count <<'!'
43
!
cat >known <<!
{"type":"person","identifiers":{"id":"u_1001"},"action":"add_device","timestamp":1763000000,"device":{"token":"apns-token-def","platform":"ios"}}
!
: >kinds
line=0
while read -r example; do
	line=$((line + 1))
	rm -f jr.db* rejects.ndjson
	sed -n "${line}p" examples | cat known - |
		jr-ingest --quiet --now 2026-11-23T14:00:00Z >out 2>err || :
	touch rejects.ndjson
	jr-report dump | jq -rs --arg example "$example" \
		--slurpfile refused rejects.ndjson '["-", "identify", "event",
		"page", "screen", "device", "consent", "wish", "suppress",
		"unsuppress", "merge", "erase", "entered", "left", "metric"] as
		$kinds | [.[] | select(.table == "log").row |
		select(.seq > 1) | $kinds[.kind] + if .name then " \(.name)"
		else "" end] + [$refused[] | "no \(.field)"] |
		"\($example): \(join(", "))"' >>kinds
done <names
same 'and each is kept as what it is' kinds <<'!'
track_v1_identify: identify, consent sms, wish channel:email, wish channel:sms, wish channel:whatsapp, wish channel:push, wish topic_1, wish topic_2
track_v1_event: event payment_failed
track_v1_page: page https://app.example.com/pricing
track_v1_anonymous_event: event viewed_pricing
track_v1_device: device added
track_v1_metrics_sms: metric delivered
track_v2_entity_identify: identify, consent sms
track_v2_entity_event: event payment_failed
track_v2_entity_page: page /pricing
track_v2_entity_add_device: device added
track_v2_entity_delete_device: device removed
track_v2_entity_merge: merge
track_v2_entity_suppress: suppress
track_v2_entity_delivery_event: metric opened
track_v2_batch: identify, event upgraded, device removed
pipelines_identify: identify, wish topic_1, wish channel:sms, wish channel:push, no attributes.sms_consent
pipelines_track: event Payment Failed
pipelines_device: device added
pipelines_report_delivery_event: metric opened
pipelines_batch: identify, event Upgraded
webhook_sms_drafted: metric drafted
webhook_sms_attempted: metric attempted
webhook_sms_sent: metric sent
webhook_sms_delivered: metric delivered
webhook_sms_clicked: metric clicked
webhook_sms_converted: metric converted, metric converted
webhook_sms_bounced: metric bounced
webhook_sms_failed: metric failed
webhook_sms_undeliverable: metric undeliverable
webhook_sms_replied: metric replied
webhook_push_drafted: metric drafted
webhook_push_attempted: metric attempted
webhook_push_sent: metric sent
webhook_push_delivered: metric delivered
webhook_push_opened: metric opened
webhook_push_clicked: metric clicked
webhook_push_converted: metric converted, metric converted
webhook_push_bounced: metric bounced
webhook_push_dropped: metric dropped
webhook_push_failed: metric failed
webhook_push_undeliverable: metric undeliverable
webhook_customer_subscribed: identify, wish channel:email, wish channel:sms, wish channel:whatsapp, wish channel:push
webhook_customer_unsubscribed: identify, consent sms, wish channel:email, wish channel:sms, wish channel:whatsapp, wish channel:push
!
finish
