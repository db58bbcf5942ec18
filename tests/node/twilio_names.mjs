// Check forms against Twilio's own OpenAPI: lines on stdin are bodies of
// POST Messages.json; what is no parameter, or not as its pattern says, is told.
//   node twilio_names.mjs SPEC
import { readFileSync } from "node:fs";

const spec = JSON.parse(readFileSync(process.argv[2], "utf8"));
const path = Object.keys(spec.paths).find(p => p.endsWith("/Messages.json"));
const { schema } = spec.paths[path].post.requestBody
	.content["application/x-www-form-urlencoded"];
let wrong = 0;

function tell(what) {
	console.log(what);
	wrong++;
}
for (const body of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
	const form = new URLSearchParams(body);
	for (const name of schema.required ?? [])
		if (!form.has(name))
			tell(`${name} is missing`);
	for (const [name, value] of form) {
		const property = schema.properties[name];
		if (!property)
			tell(`${name} is no parameter`);
		else if (property.pattern && !new RegExp(property.pattern).test(value))
			tell(`${name} is not as ${property.pattern}`);
	}
}
process.exit(wrong ? 1 : 0);
