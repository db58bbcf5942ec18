#!/bin/sh
# Limits on names, values and counts: the last that fits is taken, the next is
# refused, and the error names the field.
. "${0%/*}/lib.sh"

now=2026-11-02T15:00:00Z
# fill UNITS TEXT: TEXT so often.
fill() { awk -v n="$1" -v t="$2" 'BEGIN { while (n-- > 0) printf "%s", t }'; }

# limit FIELD BYTES UNIT LINE: @ in the line is what may have so many bytes, made
# of units.
limit() {
	units=$(($2 / $(printf %s "$3" | wc -c)))
	for times in $units $((units + 1)); do
		fill "$times" "$3" >text
		printf '%s\n' "$4" | awk '{
			getline t <"text"
			i = index($0, "@")
			print substr($0, 1, i - 1) t substr($0, i + 1)
		}'
	done >in
	rm -f rejects.ndjson jr.db*
	take() { jr-ingest --now $now in; }
	check "$1: more than $2 bytes of '$3' are refused" 65 take
	json "$1: the field is named, and $2 are taken" rejects.ndjson \
		"map([.line, .field]) == [[2, \"$1\"]]"
}
who='"type":"person","identifiers":{"id":"u"}'
limit identifiers.id 150 x \
	'{"type":"person","identifiers":{"id":"@"},"action":"identify"}'
limit identifiers.id 150 é \
	'{"type":"person","identifiers":{"id":"@"},"action":"identify"}'
limit identifiers.anonymous_id 150 x \
	'{"type":"person","identifiers":{"anonymous_id":"@"},"action":"identify"}'
limit primary.cio_id 150 x \
	'{"type":"person","action":"merge","primary":{"cio_id":"@"},"secondary":{"id":"u"}}'
limit attributes.anonymous_id 150 x \
	"{$who,\"action\":\"identify\",\"attributes\":{\"anonymous_id\":\"@\"}}"
limit name 100 x "{$who,\"action\":\"event\",\"name\":\"@\"}"
limit name 100 é "{$who,\"action\":\"page\",\"name\":\" @ \"}"
limit id 200 x "{$who,\"action\":\"event\",\"name\":\"e\",\"id\":\"@\"}"
limit device.token 2048 x \
	"{$who,\"action\":\"add_device\",\"device\":{\"token\":\"@\",\"platform\":\"ios\"}}"
limit reason 4096 x \
	'{"type":"delivery","action":"event","identifiers":{"id":"m"},"name":"bounced","attributes":{"reason":"@"}}'
limit attributes.a 1000 x \
	"{$who,\"action\":\"identify\",\"attributes\":{\"a\":\"@\"}}"
limit attributes.a 1000 é \
	"{$who,\"action\":\"identify\",\"attributes\":{\"a\":\"@\"}}"

limit attributes 99992 x \
	"{$who,\"action\":\"event\",\"name\":\"e\",\"attributes\":{\"a\":\"@\"}}"

# Names of attributes, and how many there are.
name150=$(fill 150 n)
for key in "$name150" "${name150}n"; do
	echo "{$who,\"action\":\"identify\",\"attributes\":{\"$key\":1,\"b\":2}}"
done >in
rm -f rejects.ndjson jr.db*
check 'a name of 151 bytes is refused' 65 take
json 'by its name' rejects.ndjson "map(.field) == [\"attributes.${name150}n\"]"
attributes() {
	awk -v from="$1" -v to="$2" -v who="$who" 'BEGIN {
		printf "{%s,\"action\":\"identify\",\"attributes\":{", who
		for (i = from; i <= to; i++)
			printf "%s\"a%d\":1", (i > from ? "," : ""), i
		print "}}"
	}'
}
rm -f rejects.ndjson jr.db*
{
	attributes 1 200
	attributes 201 300
} >in
check 'a person has 300 attributes' 0 take
attributes 301 301 >in
check 'and not one more' 65 take
json 'the one that is too many is named' rejects.ndjson \
	'map(.field) == ["attributes.a301"]'
echo "{$who,\"action\":\"identify\",\"attributes\":{\"a7\":null,\"a301\":1}}" >in
check 'unless another goes' 0 take
jr-report dump >store
json 'then there are 300' store '[.[] | select(.table == "people").row.attributes |
	fromjson | length] == [300]'
finish
