// node activation.cjs FOLDER: loads and activates the extension in FOLDER with a `vscode` that answers everything and does
// nothing; prints what was required meanwhile and how long both took, in milliseconds.
const Module = require('node:module');
const path = require('node:path');
const { performance } = require('node:perf_hooks');

const folder = path.resolve(process.argv[2]);

/** Any property, any call, any `new`: again such an object. */
const anything = () =>
  new Proxy(function () {}, {
    get: (_, name) => {
      if (name === Symbol.toPrimitive) return () => '';
      if (name === Symbol.iterator) return function* () {};
      if (name === 'then') return undefined;
      if (name === 'fsPath') return folder;
      return anything();
    },
    apply: () => anything(),
    construct: () => anything(),
    // esbuild copies what a module has; what it inherits stays reachable.
    getPrototypeOf: () => anything(),
  });
const vscode = anything();
const context = new Proxy(
  { subscriptions: [], extensionPath: folder, extensionUri: { fsPath: folder, path: folder, scheme: 'file' } },
  { get: (target, name) => (name in target ? target[name] : anything()) },
);

const modules = new Set();
const load = Module._load;
Module._load = function (request, parent, isMain) {
  if (request !== path.join(folder, 'dist', 'extension.js')) modules.add(request);
  return request === 'vscode' ? vscode : load.call(this, request, parent, isMain);
};

const start = performance.now();
const extension = require(path.join(folder, 'dist', 'extension.js'));
const loaded = performance.now();
extension.activate(context);
const activated = performance.now();
process.stdout.write(
  JSON.stringify({ load: loaded - start, activate: activated - loaded, modules: [...modules].sort() }),
);
process.exit(0);
