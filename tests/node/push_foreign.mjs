// Push, seen by others.
//
//   node push_foreign.mjs clients URL   other clients, at the stand-in at URL:
//                                       it makes the checks that they are made
//                                       for
//   node push_foreign.mjs ours URL      what jr-send-push sent to the stand-in:
//                                       signatures and what is encrypted
//
// Keys and the certificate are files of the folder it runs in.  Prints a line
// for each thing that was looked at; exits 1 at the first that is not well.
import crypto from "node:crypto";
import fs from "node:fs";
import http2 from "node:http2";
import https from "node:https";
import apn from "@parse/node-apn";
import ece from "http_ece";
import { importPKCS8, importJWK, jwtVerify, SignJWT, decodeProtectedHeader }
  from "jose";
import webpush from "web-push";

const [, , what, url] = process.argv;
const { port } = new URL(url);
const ca = fs.readFileSync("cert.pem");
const session = http2.connect(url, { ca });

function ask(path, { method = "GET", headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ":path": path, ":method": method,
      ...headers });
    let status, text = "";
    stream.on("response", (head) => { status = head[":status"]; });
    stream.on("data", (chunk) => { text += chunk; });
    stream.on("end", () => resolve({ status, text }));
    stream.on("error", reject);
    stream.end(body);
  });
}
const json = async (path) => JSON.parse((await ask(path)).text);

function is(title, got, wanted) {
  if (JSON.stringify(got) !== JSON.stringify(wanted)) {
    console.log(`${title}: ${JSON.stringify(got)}, not ` +
      `${JSON.stringify(wanted)}`);
    process.exit(1);
  }
  console.log(title);
}

const publicOf = (file) => crypto.createPublicKey(fs.readFileSync(file));
const hex = (end) => end.padStart(64, "0");

// --- others' clients ---

async function apns() {
  const token = { key: fs.readFileSync("ec.p8"), keyId: "ABC123DEFG",
    teamId: "DEF123GHIJ" };
  const send = async (more, note, devices) => {
    const provider = new apn.Provider({ token: { ...token, ...more }, ca,
      production: false, address: "127.0.0.1", port });
    const { sent, failed } = await provider.send(Object.assign(
      new apn.Notification({ alert: { title: "T", body: "B" } }),
      { topic: "com.example.app", pushType: "alert", ...note }), devices);
    await provider.shutdown();
    return [sent.length, ...failed.map((f) => f.response?.reason ?? "error")];
  };
  is("APNs: taken, gone, unknown", await send({}, { collapseId: "c" },
    [hex("1"), hex("dead"), hex("beef")]),
  [1, "Unregistered", "BadDeviceToken"]);
  is("APNs: another topic", await send({}, { topic: "com.other" }, hex("1")),
    [0, "TopicDisallowed"]);
  is("APNs: a key id that is not ours",
    await send({ keyId: "XXXXXXXXXX" }, {}, hex("1")),
    [0, "InvalidProviderToken"]);
  is("APNs: what is too long", await send({}, { payload: {
    x: "x".repeat(5000) } }, hex("1")), [0, "PayloadTooLarge"]);
  is("APNs: background, at once", await send({}, { pushType: "background",
    priority: 10 }, hex("1")), [0, "BadPriority"]);
}

async function accessToken() {
  const key = await importPKCS8(crypto.createPrivateKey(
    fs.readFileSync("rsa.pem")).export({ type: "pkcs8", format: "pem" }),
  "RS256");
  const assertion = await new SignJWT({
    scope: "https://www.googleapis.com/auth/firebase.messaging" })
    .setProtectedHeader({ alg: "RS256" }).setIssuer("jr@demo.example")
    .setAudience(`${url}/token`).setIssuedAt().setExpirationTime("1h")
    .sign(key);
  const body = new URLSearchParams({ assertion,
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer" }).toString();
  const { status, text } = await ask("/token", { method: "POST", body });
  is("Google: a token for an assertion of jose's", status, 200);
  return JSON.parse(text).access_token;
}

async function fcm() {
  const access_token = await accessToken();
  const { request } = https;
  // Its requests go to the stand-in, whatever host they name.
  https.request = (options, ...more) => request({ ...options, ca,
    host: "127.0.0.1", hostname: "127.0.0.1", port, servername: "127.0.0.1" },
  ...more);
  const { default: admin } = await import("firebase-admin");
  const app = admin.initializeApp({ projectId: "demo-app", credential: {
    getAccessToken: async () => ({ access_token, expires_in: 3600 }) } });
  const messaging = admin.messaging(app);
  messaging.enableLegacyHttpTransport();
  const send = (token) => messaging.send({ token,
    notification: { title: "T", body: "B", imageUrl: "https://x.example/i" },
    data: { a: "1" },
    android: { ttl: 3600000, priority: "high", collapseKey: "c",
      notification: { tag: "t", clickAction: "OPEN" } },
    apns: { headers: { "apns-collapse-id": "c" },
      payload: { aps: { mutableContent: true, threadId: "t" } } },
    webpush: { headers: { TTL: "60" }, fcmOptions: { link: "https://x" } },
    fcmOptions: { analyticsLabel: "l" } }).then(
    (name) => name.replace(/0:.*/, "0:"), (error) => error.code);
  is("FCM: taken", await send("token"), "projects/p/messages/0:");
  is("FCM: gone", await send("t-unregistered"),
    "messaging/registration-token-not-registered");
  is("FCM: another project's", await send("t-mismatch"),
    "messaging/mismatched-credential");
  is("FCM: no token", await send("nobody"), "messaging/invalid-argument");
  https.request = request;
}

async function browser() {
  const subscription = await json("/_subscribe/foreign");
  const keys = webpush.generateVAPIDKeys();
  const send = async (text, more = {}) => {
    const { headers, body, endpoint } = webpush.generateRequestDetails(
      { ...subscription, ...more }, text, { TTL: 60, topic: "c",
        urgency: "high", vapidDetails: { subject: "mailto:a@b.example",
          ...keys } });
    delete headers["Content-Length"];
    const { status } = await ask(new URL(endpoint).pathname,
      { method: "POST", headers, body });
    return status;
  };
  is("Web Push: taken", await send('{"notification":{"title":"T"}}'), 201);
  is("Web Push: read", (await json("/_got/foreign"))[0].message,
    { notification: { title: "T" } });
  is("Web Push: for another browser", await send("{}", {
    keys: (await json("/_subscribe/other")).keys }), 400);
  is("Web Push: gone", await send("{}", {
    endpoint: `${url}/wpush/x-gone` }), 410);
}

// --- what jr sent ---

async function ours() {
  const now = new Date(Number(process.env.NOW) * 1000);
  const at = (path) => seen.filter((one) => one.path.startsWith(path));
  const seen = await json("/_seen");
  const form = new URLSearchParams(
    Buffer.from(at("/token")[0].body, "base64").toString());
  const google = await jwtVerify(form.get("assertion"), publicOf("rsa.pem"),
    { currentDate: now, audience: `${url}/token`, issuer: "jr@demo.example" });
  is("jose: the assertion for Google", google.payload.exp - google.payload.iat,
    3600);
  const bearer = at("/3/device/")[0].headers.authorization.split(" ")[1];
  await jwtVerify(bearer, publicOf("ec.p8"), { currentDate: now,
    issuer: "DEF123GHIJ", algorithms: ["ES256"] });
  is("jose: the provider token for Apple", decodeProtectedHeader(bearer).kid,
    "ABC123DEFG");
  for (const { path, headers, body } of at("/wpush/")) {
    const [, t, k] = /^vapid t=(.*), k=(.*)$/.exec(headers.authorization);
    const point = Buffer.from(k, "base64url");
    const key = await importJWK({ kty: "EC", crv: "P-256",
      x: point.subarray(1, 33).toString("base64url"),
      y: point.subarray(33).toString("base64url") }, "ES256");
    const { payload } = await jwtVerify(t, key, { currentDate: now,
      audience: url });
    is("jose: the VAPID token", payload.sub, "mailto:ops@example.com");
    const secret = await json(`/_key/${path.slice("/wpush/".length)}`);
    const ecdh = crypto.createECDH("prime256v1");
    ecdh.setPrivateKey(secret.key, "base64url");
    const text = ece.decrypt(Buffer.from(body, "base64"), {
      version: "aes128gcm", privateKey: ecdh, authSecret: secret.auth });
    is("http_ece: what the browser reads",
      JSON.parse(text).notification.title, "Ünïcödé 👋");
  }
}

if (what === "ours") {
  await ours();
} else {
  await apns();
  await fcm();
  await browser();
}
session.close();
process.exit(0);
