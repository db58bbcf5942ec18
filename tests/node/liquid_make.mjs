// Make templates for which Shopify's language and liquidjs agree by their
// documentation: liquid_make.mjs COUNT [SEED] writes lines of
// {"id":…,"template":…,"data":{…},"templates":{…}}, the same for the same seed.
//
// Left out is what the two are known to do differently: how reals, maps and
// ranges are written (3.0, "[object Object]"), division of whole numbers, white
// space of blocks that are blank, nil in arithmetic, quotes in escape, a value
// that stands twice in a case, split at a blank, truncatewords of just so many
// words, numbers at the start of a text, comparing text with a number, letters
// that become two in capitals, and the white space within tablerow.

const count = Number(process.argv[2] ?? 1000);
let state = Number(process.argv[3] ?? 1) >>> 0;

// mulberry32: small, and the same everywhere.
function random() {
	state = (state + 0x6d2b79f5) >>> 0;
	let t = state;
	t = Math.imul(t ^ (t >>> 15), t | 1);
	t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
	return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const chance = (p) => random() < p;

const words = ["pear", "Fig", "apple pie", "x", "Ünïcode", "a,b,,c", " pad ",
	"one two  three", "naïve", "日本", "tail ", "b-c_d", "<b>&", "l1\nl2"];
const data = {
	t1: "Hello World", t2: "grüne an alle", t3: "a,b,c,d", n1: 7, n2: 42,
	n3: -3, yes: true, no: false, nil: null, none: [], blank_text: "",
	nums: [3, 1, 2, 10], texts: ["pear", "Apple", "fig", "apple"],
	m: { city: "Graz", deep: { x: 5, list: ["p", "q"] } }, key: "city",
	rows: [
		{ name: "pen", price: 2, tags: ["a", "b"], ok: true },
		{ name: "ink", price: 10, tags: [], ok: false },
		{ name: "cap", price: 2, tags: ["c"] },
	],
};
const templates = {
	card: "<{{ a }}:{{ b | default: 'none' }}>",
	each: "[{{ item }}/{{ forloop.index }}]",
};

const quote = (text) => (text.includes("'") ? `"${text}"` : `'${text}'`);
const int = () => String(below(30) - 5);
const word = () => quote(pick(words).replace(/\n/g, " "));

// Expressions without filters, by what they are.
const textAtom = () => pick(["t1", "t2", "t3", "m.city", "m['city']", "m[key]",
	"texts[0]", "texts[-1]", "texts.first", "rows[1].name", "m.deep.list.last",
	word(), word()]);
const intAtom = () => pick(["n1", "n2", "n3", "nums[0]", "nums.size", "m.deep.x",
	"rows.size", "rows[0].price", "t1.size", int(), int()]);
const listAtom = () => pick(["nums", "texts", "m.deep.list", "none",
	"rows[0].tags"]);
const textFilters = [
	() => `append: ${textAtom()}`, () => `prepend: ${textAtom()}`,
	() => "upcase", () => "downcase", () => "strip", () => "lstrip",
	() => "rstrip", () => "capitalize",
	() => `replace: ${quote(pick(["a", "l", " ", "pp", "ü"]))}, ${word()}`,
	() => `replace_first: ${quote(pick(["a", "l", " "]))}, ${word()}`,
	() => `remove: ${quote(pick(["a", "l", " ", "pear"]))}`,
	() => `remove_first: ${quote(pick(["a", "l", " "]))}`,
	() => `truncate: ${3 + below(12)}`,
	() => `truncate: ${2 + below(12)}, '~'`,
	() => `slice: ${below(4)}, ${1 + below(4)}`,
	() => "strip_newlines", () => "newline_to_br",
	() => "default: 'd'", () => `split: ${quote(pick([",", "-", "a", ""]))} | join: '|'`,
	() => "strip_html", () => "base64_encode", () => "base64_encode | base64_decode",
	() => "normalize_whitespace", () => "number_of_words", () => "size",
];
const intFilters = [
	() => `plus: ${intAtom()}`, () => `minus: ${intAtom()}`,
	() => `times: ${intAtom()}`, () => "abs", () => `at_least: ${intAtom()}`,
	() => `at_most: ${intAtom()}`, () => "ceil", () => "floor", () => "round",
];
const listFilters = [
	() => "reverse", () => "uniq", () => `concat: ${listAtom()}`,
	() => `slice: ${below(3)}, ${1 + below(3)}`, () => "compact",
	() => `push: ${textAtom()}`, () => `unshift: ${intAtom()}`, () => "pop",
	() => "shift",
];
const rowFilters = [
	() => "map: 'name'", () => "where: 'price', 2 | map: 'name'",
	() => "where: 'ok' | map: 'name'", () => "sort: 'name' | map: 'name'",
	() => "map: 'price' | uniq", () => "where_exp: 'r', 'r.price > 3' | map: 'name'",
	() => "reject: 'price', 2 | map: 'name'",
];

function chain(atom, filters, most) {
	let text = atom;
	for (let i = below(most + 1); i > 0; i--)
		text += ` | ${pick(filters)()}`;
	return text;
}
const textExpr = () => {
	const text = chain(textAtom(), textFilters, 3);
	// What counts is a number, and takes no more filters of texts here.
	return text.replace(/ \| (size|number_of_words)(?= \|).*$/s, " | $1");
};
function listExpr() {
	const pre = pick([chain(listAtom(), listFilters, 3),
		`rows | ${pick(rowFilters)()}`, "nums | sort", "nums | sort | reverse",
		"texts | sort", "t3 | split: ','", "texts | sort_natural | first | split: ''"]);
	return `${pre} | join: '${pick([",", "-", " "])}'`;
}
const date = () => `'2016-0${1 + below(9)}-${10 + below(19)}T1${below(10)}:0${below(10)}:30Z' | date: '${pick(["%Y-%m-%d", "%H:%M:%S", "%-d %B %y", "%a %b %e", "%j %u %w", "%I:%M %p", "%s", "%A"])}'`;
const output = () => `{{ ${pick([textExpr, textExpr, () => chain(intAtom(), intFilters, 3), listExpr, date])()} }}`;

function comparison() {
	return pick([
		() => `${intAtom()} ${pick(["==", "!=", "<", ">", "<=", ">="])} ${intAtom()}`,
		() => `${textAtom()} ${pick(["==", "!="])} ${textAtom()}`,
		() => `${textAtom()} contains ${quote(pick(["a", "e", "p", "World"]))}`,
		() => `texts contains ${quote(pick(["pear", "fig", "kiwi"]))}`,
		() => pick(["yes", "no", "nil", "n1", "nosuch", "none.first", "m.city", "m.nosuch"]),
		() => `${pick(["nil", "nosuch", "no", "n1", "t1"])} == ${pick(["nil", "false", "true"])}`,
		() => `${pick(["none", "blank_text", "t1", "texts"])} == empty`,
	])();
}
function condition() {
	let text = comparison();
	for (let i = below(3); i > 0; i--)
		text += ` ${pick(["and", "or"])} ${comparison()}`;
	return text;
}

let names = 0;
const body = (depth) => block(depth + 1, 1 + below(2));
const loopPart = () => pick(["", "", " limit:2", " offset:1", " reversed",
	" reversed limit:2 offset:1", " limit:1 offset:1"]);

const tags = [
	(d) => `{% if ${condition()} %}${body(d)}{% elsif ${condition()} %}${body(d)}{% else %}${body(d)}{% endif %}`,
	(d) => `{% if ${condition()} %}${body(d)}{% endif %}`,
	(d) => `{% unless ${condition()} %}${body(d)}{% else %}${body(d)}{% endunless %}`,
	(d) => `{% case ${intAtom()} %}{% when 100, 7 %}${body(d)}{% when 42 or 200 %}${body(d)}{% else %}${body(d)}{% endcase %}`,
	(d) => `{% for i in ${pick([listAtom(), "(1..3)", "(n3..n1)"])}${loopPart()} %}{{ i }}.{{ forloop.index }}${body(d)}{% unless forloop.last %},{% endunless %}{% else %}none{% endfor %}`,
	(d) => `{% for r in rows${loopPart()} %}{{ r.name }}:{{ r.price | times: 2 }}{{ forloop.first }}${chance(0.3) ? "{% if forloop.index == 2 %}{% break %}{% endif %}" : ""}${chance(0.3) ? "{% if r.price == 10 %}{% continue %}{% endif %}" : ""}${body(d)}{% endfor %}`,
	() => { const v = `v${names++ % 5}`; return `{% assign ${v} = ${textExpr()} %}{{ ${v} }}`; },
	(d) => { const v = `c${names++ % 5}`; return `{% capture ${v} %}${body(d)}{% endcapture %}{{ ${v} | size }}`; },
	() => "{% increment k %}", () => "{% decrement j %}",
	() => "{% cycle 'a', 'b', 'c' %}", () => "{% cycle 'g': 1, 2 %}",
	() => "{% comment %}{{ t1 }}{% if %}{% endcomment %}", () => "{% # note %}",
	() => "{% raw %}{{ t1 }}{% if %}{% endraw %}",
	() => `{% echo ${textExpr()} %}`,
	() => `{% liquid\n  assign q = ${intAtom()}\n  if q > 3\n    echo q\n  else\n    echo ${textAtom()}\n  endif\n%}`,
	() => `{% render 'card', a: ${textAtom()}${chance(0.5) ? `, b: ${intAtom()}` : ""} %}`,
	() => "{% render 'each' for texts as item %}",
];

function piece(depth) {
	const kind = random();
	if (kind < 0.25)
		return pick(["Hi ", "! ", ", ", "text {x} ", "\n", "100% "]);
	if (kind < 0.65 || depth > 3)
		return output();
	let tag = pick(tags)(depth);
	if (chance(0.1))
		tag = tag.replace(/^\{%/, "{%-").replace(/%\}$/, "-%}");
	return tag;
}
function block(depth, n) {
	let text = "";
	for (let i = 0; i < n; i++)
		text += piece(depth);
	return text + ".";
}

for (let id = 0; id < count; id++) {
	const line = { id, template: block(0, 2 + below(5)), data };
	if (line.template.includes("render"))
		line.templates = templates;
	process.stdout.write(JSON.stringify(line) + "\n");
}
