// Opens the built editor in Chromium, under the server's content security policy, and looks at what it does.
// Run after `npm run build`: npm run check   (CHROMIUM=path, SCREENSHOT=file.png; needs chromium, e.g. from apt)

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSchema, graphqlSync } from 'graphql';

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "font-src 'self' data:; connect-src 'self'";
const assets = join(dirname(fileURLToPath(import.meta.url)), '../../src/server/graphiql');
const files = {
  '/graphiql': ['index.html', 'text/html; charset=utf-8'],
  '/graphiql/graphiql.js': ['graphiql.js', 'text/javascript; charset=utf-8'],
  '/graphiql/graphiql.css': ['graphiql.css', 'text/css; charset=utf-8'],
};
const schema = buildSchema(`
  type Query { me: Me customers(first: Int): CustomerConnection! }
  type Me { id: String roles: [String!]! }
  type CustomerConnection { nodes: [Customer!]! }
  "A person who buys" type Customer {
    fullName: String phone: String email: String nationalId: String annualIncome: String birthDate: String
    owner: Employee orders(first: Int): OrderConnection!
  }
  type Employee { name: String } type OrderConnection { nodes: [Order!]! } type Order { orderNo: String }
`);
const customer = { fullName: 'W*** M***', phone: '+44 7***', orders: { nodes: [{ orderNo: 'A-1' }] } };

/** A stand-in for the gateway: the assets, and answers that say which token was sent. */
const tokens = [];
const server = createServer((request, response) => {
  const [name, type] = files[request.url] ?? [];
  if (name) {
    response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': CSP });
    response.end(readFileSync(join(assets, name)));
  } else if (request.url === '/graphql') {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      const { query } = JSON.parse(body);
      const token = request.headers.authorization ?? 'none';
      tokens.push(token);
      const rootValue = { me: { id: token, roles: ['support'] }, customers: { nodes: [customer] } };
      response.writeHead(200, { 'Content-Type': 'application/graphql-response+json' });
      response.end(JSON.stringify(graphqlSync({ schema, source: query, rootValue })));
    });
  } else {
    response.writeHead(404).end();
  }
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const origin = `http://127.0.0.1:${server.address().port}`;

/** The browser, spoken to over its debugging pipe. */
const profile = mkdtempSync(join(tmpdir(), 'sudare-graphiql-'));
const browser = spawn(
  process.env.CHROMIUM ?? 'chromium',
  [
    ...['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
    ...['--disable-component-update', '--window-size=1280,800', '--remote-debugging-pipe'],
    ...[`--user-data-dir=${profile}`, 'about:blank'],
  ],
  { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
);
const [, , , toBrowser, fromBrowser] = browser.stdio;
const waiting = new Map();
const seen = { requests: [], problems: [] };
let sent = 0;
let rest = '';
fromBrowser.on('data', (part) => {
  const messages = (rest + part).split('\0');
  rest = messages.pop();
  messages.map((message) => JSON.parse(message)).forEach(take);
});
function take({ id, result, error, method, params }) {
  if (id) {
    const { done, fail } = waiting.get(id);
    if (error) fail(new Error(error.message));
    else done(result);
  } else if (method === 'Network.requestWillBeSent') seen.requests.push(params.request.url);
  else if (method === 'Log.entryAdded' && params.entry.level === 'error') seen.problems.push(params.entry.text);
  else if (method === 'Runtime.exceptionThrown') seen.problems.push(params.exceptionDetails.exception?.description);
}
function send(method, params = {}) {
  const id = ++sent;
  toBrowser.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
  return new Promise((done, fail) => waiting.set(id, { done, fail }));
}
async function evaluate(expression) {
  const { result } = await send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
  return result.value;
}
async function until(expression) {
  for (const end = Date.now() + 20_000; Date.now() < end; ) {
    if (await evaluate(`Boolean(${expression})`)) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`did not come true in 20 s: ${expression}\n${seen.problems.join('\n')}`);
}
// The editor takes over and stores what was typed half a second later.
const settle = () => new Promise((done) => setTimeout(done, 700));
const shown = "(document.querySelector('.result-window')?.textContent ?? '')";
const box = "document.querySelector('.sudare-token input')";
const run = () => evaluate("document.querySelector('.graphiql-execute-button').click()");

let sessionId;
try {
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  ({ sessionId } = await send('Target.attachToTarget', { targetId, flatten: true }));
  await Promise.all(['Network', 'Log', 'Runtime', 'Page'].map((domain) => send(`${domain}.enable`)));

  await send('Page.navigate', { url: `${origin}/graphiql#token=first-token` });
  await until(`${box}?.value === 'first-token'`);
  assert.equal(await evaluate('location.href'), `${origin}/graphiql`, 'the token has left the address bar');
  await until("document.querySelector('.graphiql-execute-button')");
  await run();
  await until(`${shown}.includes('Bearer first-token')`);
  if (process.env.SCREENSHOT) {
    await evaluate("document.querySelector('[aria-label=\"Show Documentation Explorer\"]')?.click()");
    await until("document.querySelector('.graphiql-doc-explorer')");
    const { data } = await send('Page.captureScreenshot');
    writeFileSync(process.env.SCREENSHOT, Buffer.from(data, 'base64'));
  }

  await evaluate("location.hash = 'token=second-token'");
  await until(`${box}?.value === 'second-token'`);
  assert.equal(await evaluate('location.href'), `${origin}/graphiql`, 'the second token has left it too');
  assert.ok(!(await evaluate(shown)).includes('first-token'), "the first token's answer has left the screen");
  await run();
  await until(`${shown}.includes('Bearer second-token')`);

  const typed = JSON.stringify(JSON.stringify({ Authorization: 'Bearer typed-token' }));
  await evaluate("[...document.querySelectorAll('button')].find((one) => one.textContent === 'Headers').click()");
  await evaluate(`document.querySelectorAll('.graphiql-editor-tool .CodeMirror')[1].CodeMirror.setValue(${typed})`);
  // another query, since the history takes each query once
  const query = "document.querySelector('.graphiql-query-editor .CodeMirror')";
  await evaluate(`${query}.CodeMirror.setValue('{ me { id } customers { nodes { phone } } }')`);
  await settle();
  await run();
  await until(`${shown}.includes('Bearer typed-token')`); // a header typed by hand wins over the box

  await settle();
  const places = '{ ...sessionStorage }, { ...localStorage }, document.cookie, history.state';
  const stored = await evaluate(`JSON.stringify([${places}])`);
  assert.ok(!stored.includes('-token'), 'no token is stored in the browser');
  assert.ok(!stored.includes('W***'), 'no answer is stored in the browser');
  assert.ok(stored.includes('customers'), 'queries last as long as the tab');

  const strangers = seen.requests.filter((url) => !url.startsWith(`${origin}/`) && !/^(data|about):/.test(url));
  assert.deepEqual(strangers, [], 'nothing comes from another host');
  assert.ok(!seen.requests.some((url) => url.includes('token')), 'no address carries a token');
  assert.deepEqual(seen.problems, [], 'no error and no violation of the content security policy');
  assert.deepEqual([...new Set(tokens)], ['Bearer first-token', 'Bearer second-token', 'Bearer typed-token']);
  console.log(`the editor works: ${seen.requests.length} requests, all to itself`);
} finally {
  const gone = new Promise((done) => browser.once('exit', done));
  sessionId = undefined;
  await send('Browser.close');
  await gone;
  server.close();
  server.closeAllConnections();
  rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
