// page.mjs - look at jr-report's page as a browser does:
//   node page.mjs BROWSER PAGE.html [FOLDER for screenshots]
// Prints one JSON object of what it found; see tests/cli/0640-page.sh.
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import puppeteer from 'puppeteer-core';

const [executablePath, file, folder] = process.argv.slice(2);
const url = pathToFileURL(resolve(file)).href;
const found = { errors: [], requests: 0, contrast: [], wide: [], focus: [] };

// In the page: the least contrast of any text with what is behind it (WCAG
// 2.2, 1.4.3), and the texts below what is asked for.
function contrasts() {
	const channel = (c) => {
		c /= 255;
		return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
	};
	const luminance = (c) => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) +
		0.0722 * channel(c[2]);
	const parse = (text) => {
		const n = text.match(/[\d.]+/g).map(Number);
		return n.length > 3 ? n : [...n, 1];
	};
	const behind = (element) => {
		for (let at = element; at; at = at.parentElement) {
			const color = parse(getComputedStyle(at).backgroundColor);
			if (color[3] > 0) return color;
		}
		return [255, 255, 255, 1];
	};
	const low = [];
	let least = 21, texts = 0;
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walk.nextNode()) {
		const element = walk.currentNode.parentElement;
		if (!walk.currentNode.data.trim() || element.tagName === 'title' ||
			!element.getClientRects().length) continue;
		const style = getComputedStyle(element);
		const inSvg = element.closest('svg');
		const color = parse(inSvg ? style.fill : style.color);
		const a = luminance(color), b = luminance(behind(element));
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		texts++;
		least = Math.min(least, ratio);
		if (ratio < 4.5)
			low.push(`${element.tagName}: ${walk.currentNode.data.trim().slice(0, 30)}: ${ratio.toFixed(2)}`);
	}
	return { least: Number(least.toFixed(2)), texts, low };
}

// In the page: what lies outside of it, and of what does not scroll itself.
function tooWide() {
	const room = document.documentElement.clientWidth;
	const out = [];
	if (document.documentElement.scrollWidth > room)
		out.push(`the page is ${document.documentElement.scrollWidth} wide`);
	for (const element of document.querySelectorAll('main *')) {
		if (element.closest('.scroll') || element.closest('nav')) continue;
		const box = element.getBoundingClientRect();
		if (box.width && box.right > room + 1)
			out.push(`${element.tagName}.${element.className.baseVal ?? element.className}`);
	}
	return out.slice(0, 5);
}

// In the page: texts of one chart or diagram that lie upon one another.
function overlaps() {
	const out = [];
	for (const svg of document.querySelectorAll('svg')) {
		const texts = [...svg.querySelectorAll('text')].map((t) => [t.textContent,
			t.getBoundingClientRect()]);
		for (let i = 0; i < texts.length; i++)
			for (let j = i + 1; j < texts.length; j++) {
				const [a, b] = [texts[i][1], texts[j][1]];
				if (a.left < b.right - 1 && b.left < a.right - 1 &&
					a.top < b.bottom - 2 && b.top < a.bottom - 2)
					out.push(`${texts[i][0]} / ${texts[j][0]}`);
			}
	}
	return out.slice(0, 5);
}

const browser = await puppeteer.launch({ executablePath, args: ['--no-sandbox',
	'--disable-gpu', '--force-color-profile=srgb'] });
try {
	for (const [scheme, width] of [['light', 1280], ['dark', 1280], ['light', 390],
		['dark', 390]]) {
		const page = await browser.newPage();
		page.on('console', (m) => {
			if (['error', 'warn', 'assert'].includes(m.type())) found.errors.push(m.text());
		});
		page.on('pageerror', (e) => found.errors.push(e.message));
		page.on('request', (r) => { found.requests += r.url() !== url; });
		await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
		await page.setViewport({ width, height: 900, deviceScaleFactor: 1 });
		await page.goto(url);
		await page.evaluate(() => document.querySelectorAll('details')
			.forEach((d) => { d.open = true; }));
		found.contrast.push({ scheme, width, ...await page.evaluate(contrasts) });
		found.wide.push(...(await page.evaluate(tooWide)).map((w) => `${width}: ${w}`));
		found.overlaps = await page.evaluate(overlaps);
		if (folder)
			await page.screenshot({ path: `${folder}/${scheme}-${width}.png`, fullPage: true });
		await page.close();
	}

	// By keyboard alone: the first stop leaps to the figures; each stop is seen.
	const page = await browser.newPage();
	await page.setViewport({ width: 1280, height: 900 });
	await page.goto(url);
	found.title = await page.title();
	found.sections = await page.$$eval('section', (all) => all.map((s) => s.id));
	found.links = await page.$$eval('nav a', (all) => all.length);
	found.open = await page.$$eval('details', (all) => all.length);
	for (let i = 0; i < 200; i++) {
		await page.keyboard.press('Tab');
		const at = await page.evaluate(() => {
			const e = document.activeElement;
			if (e === document.body) return null;
			const box = e.getBoundingClientRect(), style = getComputedStyle(e);
			return { what: `${e.tagName} ${e.textContent.trim().slice(0, 20)}`,
				seen: style.outlineStyle !== 'none' && box.width > 0 &&
					box.bottom > 0 && box.top < innerHeight };
		});
		if (!at) break;
		found.focus.push(at);
	}
	await page.focus('summary');
	const before = await page.$eval('summary', (s) => s.parentElement.open);
	await page.keyboard.press('Enter');
	found.toggles = before !== await page.$eval('summary', (s) => s.parentElement.open);
	const last = await page.$$('nav a');
	await last[last.length - 1].click();
	await new Promise((done) => { setTimeout(done, 200); });
	found.leapt = await page.evaluate(() => {
		const box = document.querySelector(location.hash).getBoundingClientRect();
		return box.top >= 0 && box.top < innerHeight;
	});
	found.scripts = await page.$$eval('script, iframe, img, link, object', (all) => all.length);
} finally {
	await browser.close();
}
console.log(JSON.stringify(found));
