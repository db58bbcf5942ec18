#!/bin/sh
# What may be written is in the manual: each key of a table of fields in
# common/rules is named by its page, and the settings shown there are right.
. "${0%/*}/lib.sh"

# keys FILE...: those of their tables, whose rows are: { "key", reader or NULL.
keys() {
	cat "$@" | tr '\n' ' ' | grep -oE '\{ "[a-z_0-9]+",[[:space:]]*[a-zN]' |
		sed 's/^{ "//; s/".*//' | sort -u
}

# named PAGE FILE...: it names all of their keys, as words.
named() {
	page=$1
	shift
	keys "$@" >keys
	# A key is marked as one: after Cm or Ql, or in a list of these.
	sed -nE '/^\.(It Cm|Cm|Ql|It)/p' "$TOP/man/$page" |
		tr -c 'a-z_0-9A-Z' '\n' | sort -u >words
	comm -23 keys words >missing
	silent "$page names every key" missing
	wc -l <keys >why
	[ "$(cat why)" -ge 50 ]
	result $? "$page: all tables were looked at"
}

named jr-config.5 "$TOP"/common/rules/policy*.c
named jr-workflow.5 "$TOP"/common/rules/workflow*.c

# quoted PAGE N: the Nth literal block of its examples.
quoted() {
	awk -v n="$2" '/^\.Sh EXAMPLES/ { in_it = 1 }
		in_it && /^\.Bd/ { i++; next }
		/^\.Ed/ { if (i == n) exit; next }
		in_it && i == n && !/^\.(Pp|Sh)/' "$TOP/man/$1" |
		sed 's/\\e/\\/g'
}

quoted jr-config.5 1 >example
same "jr-config.5 shows the settings of the example" example \
	<"$TOP/workflows.example/jr.yaml"
quoted jr-config.5 2 >jr.yaml
mkdir workflows
n_shown=0
for journey in onboarding payment_failed security_alert trial_ending \
	workflow_abandoned; do
	n_shown=$((n_shown + 1))
	quoted jr-workflow.5 $n_shown >workflows/$journey.yaml
	sed '/^#/d' "$TOP/workflows.example/workflows/$journey.yaml" >example
	same "jr-workflow.5 shows $journey" workflows/$journey.yaml <example
done
cp "$TOP/workflows.example/segments.yaml" .
check 'the settings and journeys shown are right' 0 jr-schedule --check
finish
