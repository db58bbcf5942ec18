// The same as tests/tools/bench_liquid.c, by liquidjs.
import { readFileSync, writeSync } from "node:fs";
import { Liquid } from "liquidjs";

const lines = (name) => readFileSync(name, "utf8").split("\n")
	.filter((line) => line).map((line) => JSON.parse(line));
const engine = new Liquid({
	strictFilters: true, timezoneOffset: 0, ownPropertyOnly: true,
});
const templates = lines(process.argv[2]).map((text) => engine.parse(text));
const people = lines(process.argv[3]);

// Once before, so that the compiler has seen it all.
for (const person of people.slice(0, 2000))
	for (const template of templates)
		engine.renderSync(template, person);
const out = [];
const start = process.hrtime.bigint();
for (const person of people)
	for (const template of templates)
		out.push(engine.renderSync(template, person));
const took = Number(process.hrtime.bigint() - start) / 1e9;
process.stderr.write(took.toFixed(3) + "\n");
const bytes = Buffer.from(out.join("\n") + "\n");
for (let at = 0; at < bytes.length;)
	at += writeSync(1, bytes, at);
