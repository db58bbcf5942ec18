#!/bin/sh
# Templates come out as liquidjs has them, where the languages agree.
. "${0%/*}/lib.sh"
needs_npm liquidjs
ours() { jr-schedule --render --lines --now 0 <templates; }
theirs() { node "$TOP/tests/node/liquid_render.mjs" <templates; }

for seed in 1 2; do
	node "$TOP/tests/node/liquid_make.mjs" "${LIQUID_TEMPLATES:-1500}" $seed >templates
	check "seed $seed: we render" 0 ours
	mv out ours
	check "seed $seed: liquidjs renders" 0 theirs
	same "seed $seed: as it does" ours <out
	check "seed $seed: and nothing failed" 1 grep -c '"error"' ours
done
finish
