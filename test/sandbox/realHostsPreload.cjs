// Loaded with `node --require` into an app under test: Azure's host names lead to the sandbox, every other name is refused.
// The app itself is as its developer has it and knows nothing of this. See realHostEnvironment in realHosts.ts.
'use strict';
const tls = require('node:tls');

/** @type {Record<string, number>} ports by host name; a name that starts with a dot stands for all that end so */
const ports = JSON.parse(process.env.CCG_REAL_HOSTS ?? '{}');
const connect = tls.connect;

function portOf(host) {
  return ports[host] ?? Object.entries(ports).find(([name]) => name.startsWith('.') && host.endsWith(name))?.[1];
}

// Both https.Agent and the fetch of Node itself (undici) look this function up at every connection.
tls.connect = function (...args) {
  const [options] = args;
  if (typeof options !== 'object' || options === null) throw new Error('The preload expects options.');
  const host = options.servername || options.hostname || options.host;
  const port = portOf(host);
  if (port === undefined) throw new Error(`An app under test tried to reach ${host}.`);
  const replaced = { ...options, host: '127.0.0.1', hostname: '127.0.0.1', port, servername: 'localhost' };
  return connect.call(tls, replaced, ...args.slice(1));
};

// A test that waits for a time limit does not wait as long as a user would.
let longest = Infinity;
globalThis.limitTimeouts = (milliseconds) => {
  longest = milliseconds;
};
const { AbortSignal } = globalThis;
const timeout = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (milliseconds) => timeout(Math.min(milliseconds, longest));

// Moves with the sandbox's clock.
let ahead = 0;
const now = Date.now;
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(now() + ahead);
    else super(...args);
  }
  static now() {
    return now() + ahead;
  }
};
globalThis.moveClock = (seconds) => {
  ahead += seconds * 1000;
};
