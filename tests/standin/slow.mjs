// Takes every message, after a while: node slow.mjs MILLISECONDS.  Listens on a
// free port of 127.0.0.1 and writes it to stdout; ends when its stdin does.
//
// node slow.mjs ask PORT COUNT AT_ONCE is the other side: it posts COUNT
// messages and writes how many a second were answered.
import { Agent, createServer, request } from "node:http";

const [mode, ...rest] = process.argv.slice(2);

function take(milliseconds) {
	let n = 0;
	const server = createServer((asked, response) => {
		asked.resume().on("end", () => setTimeout(() => {
			const sid = "SM" + String(n++).padStart(32, "0");
			response.writeHead(201, { "Content-Type": "application/json" });
			response.end(`{"sid":"${sid}","status":"queued"}`);
		}, milliseconds));
	});
	server.keepAliveTimeout = 60000;
	server.listen(0, "127.0.0.1", () => console.log(server.address().port));
	process.stdin.resume().on("end", () => process.exit(0));
}

function ask(port, count, atOnce) {
	const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
	const begin = performance.now();
	let left = count, done = 0;
	function next() {
		if (left-- <= 0)
			return;
		const post = request({
			agent, port, host: "127.0.0.1", method: "POST", path: "/",
		}, answer => answer.resume().on("end", () => {
			if (++done === count) {
				console.log(count / (performance.now() - begin) * 1000);
				process.exit(0);
			}
			next();
		}));
		post.end("To=%2B12065550100&From=%2B12025550100&Body=Hello");
	}
	for (let i = 0; i < atOnce; i++)
		next();
}

if (mode === "ask")
	ask(...rest.map(Number));
else
	take(Number(mode));
