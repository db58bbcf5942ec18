#!/bin/sh
# The manual of each command says what its --help says, and its examples run.
. "${0%/*}/lib.sh"

# A folder in which the examples find what they name.
mkdir scratch
cp -R "$TOP/workflows.example/." scratch
cd scratch || exit 1
printf '%s\n' '{"type":"person","identifiers":{"id":"u_1001"},'\
'"action":"identify","timestamp":1793620800,'\
'"attributes":{"plan":"trial"}}' >events.ndjson
cp events.ndjson new.ndjson
printf 'id,plan\nu_1002,pro\n' >people.csv
: >go.log
echo 'test_recipients: [token-of-a-phone]' >>jr.yaml
mkdir spool
jr-ingest <events.ndjson >/dev/null 2>&1

for page in "$TOP"/man/jr-*.1; do
	cmd=$(basename "$page" .1)
	"$cmd" --help >help.txt
	# SYNOPSIS as words: ".Op Fl d Ar file" is "[-d file]".
	sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/{
		/^\.Sh/d
		s/^\.Nm$/'"$cmd"'/
		s/^\.Op \(.*\)/[\1]/
		s/^\.//
		s/ Ns = Ns Ar /=/g
		s/Fl /-/g
		s/Ar //g
		p
	}' "$page" | paste -sd ' ' | sed 's/ \.\.\./.../g' >said
	sed -n 's/^usage: //p' help.txt | sed 's/ \.\.\./.../g' >usage
	same "$cmd: SYNOPSIS is that of --help" usage <said

	sed -n '/^\.Sh DESCRIPTION/,/^\.Sh E[NX]/p' "$page" | sed -n '
		s/^\.It Fl \(.\) , Fl \(-[a-z-]*\)/-\1, -\2/
		s/^\.It Fl \(-[a-z-]*\)/-\1/
		s/ Ns = Ns Ar /=/
		/^-/p' | sort >said
	sed -n 's/^  \(-[^ ]*\( -[^ ]*\)*\).*/\1/p' help.txt | sort >usage
	same "$cmd: its options are those of --help" usage <said

	sed -n 's/^\.Dl //p' "$page" | sed 's/\\&//g; s/\\(aq/'"'"'/g
		s/\\(dq/"/g; s/\\e/\\/g' \
		>examples
	while read -r example; do
		printf '%s\n' "$example" >example.sh
		check "$cmd: $example" 0 sh -e example.sh
	done <examples
done
finish
