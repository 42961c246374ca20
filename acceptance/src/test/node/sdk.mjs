// The published JavaScript SDK, unmodified, against a gateway that is replaced on the way.
// Usage: node sdk.mjs WEB_FOLDER ENDPOINT TOKEN CHANNEL. Talks to its test over stdin and stdout:
// it says `half`, waits for a line, goes on, and at the end prints what it received.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

const [webFolder, endpoint, token, channel] = process.argv.slice(2);
const require = createRequire(join(webFolder, 'package.json'));
const { Centrifuge } = require('centrifuge');
const WebSocket = require('ws');

const HALF = 500;
const received = [];
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

const client = new Centrifuge(endpoint, { websocket: WebSocket, token, minReconnectDelay: 100 });
client.on('disconnected', (context) => fail(`disconnected for good: ${context.code} ${context.reason}`));
client.on('error', (context) => process.stderr.write(`client: ${context.error.message}\n`));

const subscription = client.newSubscription(channel, { positioned: true, recoverable: true });
let resubscribed = () => {};
subscription.on('publication', (context) => received.push(context.data.n));
subscription.on('unsubscribed', (context) => fail(`unsubscribed: ${context.code} ${context.reason}`));
subscription.on('subscribed', (context) => {
  if (context.wasRecovering) {
    resubscribed(context.recovered);
  }
});

subscription.subscribe();
client.connect();
await subscription.ready(10_000);

for (let n = 0; n < HALF; n++) {
  await subscription.publish({ n });
}
const recovery = new Promise((resolve) => (resubscribed = resolve));
console.log('half');
const { value: last } = await lines.next(); // the number of the first message after the test's own
const recovered = await recovery;
const total = Number(last) + HALF / 2;
for (let n = Number(last); n < total; n++) {
  await subscription.publish({ n });
}
while (received.length < total) {
  await new Promise((resolve) => subscription.once('publication', resolve));
}
console.log(JSON.stringify({ recovered, received }));
process.exit(0);

function fail(reason) {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}
