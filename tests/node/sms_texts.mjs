// Make random texts, NDJSON {"text":…} on stdout, and write what Twilio's own
// calculator says of each to the file named third:
//   node sms_texts.mjs COUNT SEED ANSWERS [smart]
import { openSync, writeSync, closeSync } from "node:fs";
import calculator from "sms-segments-calculator";

const [count, seed, file, smart] = process.argv.slice(2);
const { SegmentedMessage } = calculator;

// A small generator, so that a failure can be had again.
let state = Number(seed) >>> 0;
function random(below) {
	state = (state + 0x6d2b79f5) >>> 0;
	let x = Math.imul(state ^ (state >>> 15), 1 | state);
	x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
	return ((x ^ (x >>> 14)) >>> 0) % below;
}
const pick = list => list[random(list.length)];

const plain = [..."abcdefghijklmnopqrstuvwxyz ABCXYZ 0123456789 .,!?@$_-\n\r£èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà"];
const extended = [..."^{}\\[~]|€\f"];
const smartish = [..."«»“”‘’–—…½ \t ‹›￡ＡｂＣ​﻿‐•"];
const wide = [..."çяжщ日本語한국`Łőşاشनमسतेกำ"];
const clusters = ["👨‍👩‍👧‍👦", "🇦🇹", "🇦", "👍🏽", "1️⃣", "é", "ẹ̀", "🏳️‍🌈", "각",
	"각", "क्षि", "நி", "\r\n", "‍", "️", "̈", "😀", "𝒳", "‮"];

function code_point() {
	for (;;) {
		const c = random(pick([0x80, 0x800, 0x10000, 0x110000]));
		if (c > 0 && (c < 0xd800 || c > 0xdfff)) // JSON texts hold no others
			return String.fromCodePoint(c);
	}
}

function piece(kind) {
	switch (kind) {
	case 0: return pick(plain);
	case 1: return random(6) ? pick(plain) : pick(extended);
	case 2: return random(8) ? pick(plain) : pick(smartish);
	case 3: return random(3) ? pick(plain) : pick(wide);
	case 4: return random(3) ? pick(plain) : pick(clusters);
	case 5: return pick([...wide, ...clusters]);
	case 6: return random(4) ? pick(extended) : pick(plain);
	default: return code_point();
	}
}

// Most are about as long as one, two or three parts.
function length() {
	const edge = pick([1, 35, 67, 70, 134, 153, 160, 201, 306, 459]);
	return random(3) ? Math.max(0, edge - 4 + random(9)) : random(500);
}

const answers = openSync(file, "w");
for (let i = 0; i < Number(count); i++) {
	const kind = random(8);
	let text = "";
	for (let n = length(); n > 0; n--)
		text += piece(kind);
	const m = new SegmentedMessage(text, "auto", Boolean(smart));
	const ucs2 = m.encodingName === "UCS-2";
	console.log(JSON.stringify({ text }));
	writeSync(answers, JSON.stringify({
		encoding: m.encodingName,
		units: m.messageSize / (ucs2 ? 16 : 7),
		segments: m.segmentsCount,
	}) + "\n");
}
closeSync(answers);
