// Checks a domain, or a client: `node node.mjs DOMAIN RESOLVER PORT [CLIENT [SENDER [HELO]]]`.
// The library says what to ask and what the answers mean; this program moves octets.

import { connect } from "node:net";
// In a project of its own: from "dmarc-wasm".
import { checkHost, questionMessage, run } from "../../dmarc-wasm/pkg/node/index.js";

const [domain, resolver, port = "53", client, sender = `postmaster@${domain}`, helo = ""] = process.argv.slice(2);

/** Asks a resolver over TCP (RFC 7766): each message with its length before it. */
function exchange(message) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: resolver, port: Number(port), timeout: 5000 });
    let received = Buffer.alloc(0);
    socket.on("connect", () => socket.write(Buffer.concat([Buffer.from([message.length >> 8, message.length & 0xff]), message])));
    socket.on("data", (part) => {
      received = Buffer.concat([received, part]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE()) return;
      socket.destroy();
      resolve(new Uint8Array(received.subarray(2, 2 + received.readUInt16BE())));
    });
    socket.on("timeout", () => socket.destroy(new Error("TIMEOUT")));
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("CLOSED")));
  });
}

async function look(question) {
  if (question.kind !== "dns") return { status: "not-possible" };
  return exchange(questionMessage(question)).catch((why) => ({ status: "failure", reason: why.message }));
}

const report = client
  ? await checkHost({ ip: client, mail_from: sender, helo }, look)
  : await run({ check: "domain", domain, now: Math.floor(Date.now() / 1000) }, look);
console.log(JSON.stringify(report, null, 2));
