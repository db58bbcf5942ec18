// Render lines of {"id":…,"template":…,"data":{…},"templates":{…}} with liquidjs,
// as jr-schedule --render --lines does with ours.
import { createInterface } from "node:readline";
import { Liquid } from "liquidjs";

for await (const text of createInterface({ input: process.stdin })) {
	const { id, template, data, templates = {} } = JSON.parse(text);
	const engine = new Liquid({
		templates, strictFilters: true, timezoneOffset: 0,
		ownPropertyOnly: true,
	});
	let answer;
	try {
		answer = { id, output: engine.parseAndRenderSync(template, data) };
	} catch (error) {
		answer = { id, error: error.message };
	}
	process.stdout.write(JSON.stringify(answer) + "\n");
}
