#!/bin/sh
# Liquid: the messages of the first journeys for BENCH_PEOPLE (100000), against
# liquidjs with the same templates and data; both read and parse beforehand.
set -eu
top=$(cd "${0%/*}/../.." && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

cat >"$dir/templates" <<'!'
"Hi {{ customer.first_name }}, your {{ customer.app }} payment failed. Update your card to keep your subscription: {{ event.billing_link }}"
"{{ customer.app }}: was this you? A login from {{ event.login_location | default: 'a new place' }} at {{ event.at | date: '%H:%M' }}. If not: {{ event.link }}"
"Welcome {{ customer.first_name | default: 'there' | capitalize }}! {% if customer.plan == 'pro' %}Your pro plan is ready.{% else %}Your {{ customer.plan }} plan has {{ customer.days_left }} days left.{% endif %} Start: {{ event.link }} Reply STOP to opt out."
"{% assign left = customer.days_left | plus: 0 %}Your trial ends {% case left %}{% when 0 %}today{% when 1 %}tomorrow{% else %}in {{ left }} days{% endcase %}, {{ customer.first_name }}. {{ event.billing_link }}"
"{{ customer.first_name }}, you did not finish {{ event.task | downcase | truncate: 40 }}: {% for step in event.steps %}{{ forloop.index }}. {{ step }}{% unless forloop.last %}, {% endunless %}{% endfor %}"
!
awk -v n="${BENCH_PEOPLE:-100000}" 'BEGIN {
	split("pro free team", plans); split("Ana bo Çelik maría 李", names)
	for (i = 0; i < n; i++)
		printf "{\"customer\":{\"id\":\"u_%d\",\"first_name\":\"%s\"," \
		"\"app\":\"YourApp\",\"plan\":\"%s\",\"days_left\":%d}," \
		"\"event\":{\"billing_link\":\"https://app.example.com/b/%d\"," \
		"\"link\":\"https://app.example.com/l/%d\",\"at\":%d," \
		"\"task\":\"Your First Import of Contacts Number %d\"," \
		"\"steps\":[\"connect\",\"map the fields\",\"run it\"]%s}}\n", \
		i, names[i % 5 + 1], plans[i % 3 + 1], i % 14, i, i, \
		1763880000 + i * 61, i, i % 2 ? ",\"login_location\":\"Graz\"" : ""
}' >"$dir/people"

"$B/tests/tools/bench_liquid" "$dir/templates" "$dir/people" \
	>"$dir/ours" 2>"$dir/seconds"
ours=$(cat "$dir/seconds")
count=$(wc -l <"$dir/ours")
echo "liquid: $count messages in $ours s"
if ! command -v node >/dev/null || [ ! -d "$top/tests/node/node_modules/liquidjs" ]; then
	echo 'liquid: not compared: needs node and liquidjs (make deps)'
	exit 0
fi
node "$top/tests/node/liquid_bench.mjs" "$dir/templates" "$dir/people" \
	>"$dir/theirs" 2>"$dir/seconds"
cmp "$dir/ours" "$dir/theirs"
awk -v ours="$ours" -v theirs="$(cat "$dir/seconds")" 'BEGIN {
	printf "liquid: liquidjs %s s; ours in %.2f x its time\n", theirs, ours / theirs
}'
