#!/bin/sh
# Several devices a person, whose token is whose, and when one is gone.
. "${0%/*}/lib.sh"

now=2026-11-02T15:00:00Z # 1793631600
take() { printf '%s\n' "$@" | jr-ingest --now "$now" >passed 2>err; }
# device WHO ACTION TIME DEVICE
device() {
	printf '{"type":"person","identifiers":{"id":"%s"},"action":"%s",' "$1" "$2"
	printf '"timestamp":%s,"device":{%s}}' "$3" "$4"
}
known() {
	jr-report dump >store
	json "$2" store "[.[] | select(.table == \"devices\").row] | $1"
}
hex=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
take "$(device a add_device 1793600000 '"token":"t1","platform":"android","last_used":1793500000,"attributes":{"push_enabled":"true","app_version":"4.2.0"}')" \
	"$(device a add_device 1793600001 '"token":"i1","kind":"fcm-fid","platform":"android"')" \
	"$(device a add_device 1793600002 "\"token\":\"$hex\",\"platform\":\"ios\",\"attributes\":{\"environment\":\"sandbox\",\"push_enabled\":\"false\"}")"
known "map([.kind, .token, .environment, .enabled, .last_used_s]) == [
	[\"fcm-token\", \"t1\", null, 1, 1793500000],
	[\"fcm-fid\", \"i1\", null, 1, 1793600001],
	[\"apns\", \"$hex\", \"sandbox\", 0, 1793600002]]" \
	'a token, an installation id, and one of Apple'"'"'s'
take "$(device a add_device 1793600010 '"token":"t1","platform":"android","last_used":1793600010,"attributes":{"push_enabled":"false"}')"
known 'length == 3 and (.[0] | [.last_used_s, .enabled] == [1793600010, 0])' \
	'the same again is the same, used later and turned off'
take "$(device a add_device 1793600005 '"token":"t1","platform":"android","attributes":{"push_enabled":"true"}')"
known '.[0].enabled == 0' 'old news changes nothing'
take "$(device b add_device 1793600020 '"token":"t1","platform":"android"')"
known 'map(select(.token == "t1") | [.person, .enabled]) == [[2, 1]]' \
	'a token that moves leaves the first'
take "$(device a add_device 1793600015 '"token":"t1","platform":"android"')"
known 'map(select(.token == "t1").person) == [2]' 'and old news do not bring it back'
take "$(device a delete_device 1793600030 '"token":"t1"')"
known 'map(select(.token == "t1").person) == [2]' \
	'who has it no longer cannot take it away'

# Reports of another system, or of our own history.
bounced() {
	printf '{"event_id":"%s","object_type":"push","metric":"bounced",' "$1"
	printf '"timestamp":%s,"data":{"identifiers":{"id":"b"},"delivery_id":"d%s",' "$2" "$1"
	printf '"campaign_id":7,"recipients":[{"device_id":"t1","device_platform":"android","failure_message":"%s"}]}}' "$3"
}
gone='map(select(.token == "t1") | [.gone_ms, .gone_reason])'
take "$(bounced b1 1793600019 UNREGISTERED)"
known "$gone == [[0, null]]" 'feedback from before it was registered is about another'
take "$(bounced b2 1793600025 UNAVAILABLE)"
known "$gone == [[0, null]]" 'a failure that passes is no feedback'
take "$(bounced b3 1793600025 UNREGISTERED)"
known "$gone == [[1793600025000, \"UNREGISTERED\"]]" 'one after it is true'
take "$(device b add_device 1793600024 '"token":"t1","platform":"android"')"
known "$gone == [[1793600025000, \"UNREGISTERED\"]]" 'what was said before it does not revive it'
take "$(device b add_device 1793600026 '"token":"t1","platform":"android"')"
known "$gone == [[0, null]]" 'an app that has the token after it does'
take "$(device b delete_device 1793600040 '"token":"t1"')"
known 'map(select(.token == "t1")) == []' 'its person takes it away'
take "$(device b add_device 1793600039 '"token":"t1","platform":"android"')"
known 'map(select(.token == "t1")) == []' 'and an older word of it does not bring it back'
take "$(device a add_device 1793600039 '"token":"t1","platform":"android"')"
known 'map(select(.token == "t1") | [.person]) == [[1]]' 'but for another it is theirs'
take "$(device b delete_device 1793600060 '"token":"t2"')" \
	"$(device b add_device 1793600050 '"token":"t2","platform":"android"')"
known 'map(select(.token == "t2")) == []' 'nor does it when the removal came first'
take "$(device b add_device 1793600060 '"token":"t2","platform":"android"')"
known 'map(select(.token == "t2") | [.person]) == [[2]]' 'at the same time the last word counts'
finish
