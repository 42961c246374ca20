// The published JavaScript SDK, unmodified, against the gateway: one behaviour after the other, on
// one transport and in one format.
// Usage: node behaviours.mjs WEB_FOLDER BASE_URL TRANSPORT FORMAT. Reads one line of JSON from its
// test: tokens. Prints a line for each behaviour that holds; `say NAME` lines ask the test to act.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import assert from 'node:assert/strict';

const [webFolder, base, transport, format] = process.argv.slice(2);
const require = createRequire(join(webFolder, 'package.json'));
const { Centrifuge } = require(format === 'protobuf' ? 'centrifuge/build/protobuf' : 'centrifuge');
const WebSocket = require('ws');
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { good, expired, bad } = JSON.parse((await lines.next()).value);
const channel = `chat:${transport}-${format}`;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const encode = (value) => (format === 'protobuf' ? encoder.encode(JSON.stringify(value)) : value);
const decode = (data) => (format === 'protobuf' ? JSON.parse(decoder.decode(data)) : data);

/// Server-sent events over fetch, as far as the SDK uses them.
class EventSource {
  constructor(url) {
    this.abort = new AbortController();
    this.run(url).catch((error) => this.onerror?.(error));
  }
  async run(url) {
    const response = await fetch(url, { signal: this.abort.signal });
    this.onopen?.({});
    let text = '';
    for await (const chunk of response.body) {
      text += decoder.decode(chunk, { stream: true });
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const line = text.slice(0, end).trim();
        text = text.slice(end + 2);
        if (line.startsWith('data: ')) {
          this.onmessage?.({ data: line.slice(6) });
        }
      }
    }
    this.onerror?.({});
  }
  close() {
    this.abort.abort();
  }
}

function client(options = {}) {
  const paths = { websocket: 'websocket', http_stream: 'http_stream', sse: 'sse' };
  const scheme = transport === 'websocket' ? 'ws' : 'http';
  return new Centrifuge(
    [{ transport, endpoint: `${scheme}://${base}/connection/${paths[transport]}` }],
    {
      websocket: WebSocket,
      fetch,
      readableStream: ReadableStream,
      eventsource: EventSource,
      emulationEndpoint: `http://${base}/emulation`,
      token: good,
      minReconnectDelay: 50,
      ...options,
    },
  );
}

const once = (emitter, event) => new Promise((resolve) => emitter.once(event, resolve));
const held = (name) => console.log(`held ${name}`);

async function waitFor(condition, emitter, event) {
  while (!condition()) {
    await once(emitter, event);
  }
}

// A token that ran out is replaced by asking for another.
{
  let asked = 0;
  const late = client({ token: expired, getToken: async () => (asked++, good) });
  const connected = once(late, 'connected');
  late.connect();
  await connected;
  assert.equal(asked, 1);
  late.disconnect();
  held('refresh');
}

// A token that was never good ends the client.
{
  const stranger = client({ token: bad });
  const ended = once(stranger, 'disconnected');
  stranger.connect();
  assert.equal((await ended).code, 3500);
  held('terminal close');
}

const listener = client();
const received = [];
const subscription = listener.newSubscription(channel, { positioned: true, recoverable: true });
subscription.on('publication', (context) => received.push(decode(context.data).n));
subscription.subscribe();
listener.connect();
await subscription.ready(10_000);
const publisher = client();
publisher.connect();
await publisher.ready(10_000);

// What one publishes the other gets.
for (let n = 0; n < 10; n++) {
  await publisher.publish(channel, encode({ n }));
}
await waitFor(() => received.length === 10, subscription, 'publication');
held('publish');

// What was missed between unsubscribe and subscribe is recovered.
{
  subscription.unsubscribe();
  for (let n = 10; n < 20; n++) {
    await publisher.publish(channel, encode({ n }));
  }
  const again = once(subscription, 'subscribed');
  subscription.subscribe();
  const context = await again;
  assert.equal(context.wasRecovering && context.recovered, true);
  await waitFor(() => received.length === 20, subscription, 'publication');
  held('recovery after unsubscribe');
}

// What was missed while the server had closed the connection is recovered.
{
  const again = once(subscription, 'subscribed');
  console.log('say close');
  const context = await again;
  assert.equal(context.wasRecovering && context.recovered, true);
  await publisher.ready(10_000);
  await publisher.publish(channel, encode({ n: 20 }));
  await waitFor(() => received.length === 21, subscription, 'publication');
  held('recovery after a close');
}

// Thousands of records come once and in order, whatever happens to the connection meanwhile.
{
  console.log('say flood');
  await waitFor(() => received.length >= 10_021, subscription, 'publication');
  assert.deepEqual(received, Array.from({ length: 10_021 }, (_, n) => n));
  held('order');
}

// A position of another history is said to be lost, and what comes then is new.
{
  const lost = client();
  const other = lost.newSubscription(channel, { since: { offset: 1, epoch: 'another' } });
  const subscribed = once(other, 'subscribed');
  other.subscribe();
  lost.connect();
  const context = await subscribed;
  assert.equal(context.wasRecovering, true);
  assert.equal(context.recovered, false);
  lost.disconnect();
  held('unrecoverable');
}

// Pings come and are answered: the connection outlives several of them.
{
  let drops = 0;
  listener.on('connecting', () => drops++);
  console.log('say pings');
  await lines.next();
  assert.equal(drops, 0);
  held('ping');
}
console.log('done');
process.exit(0);
