// An extension that starts before ours, in the same process, and writes down what ours does and costs: one JSON file for each window.
// PROBE_REPORTS: folder for it; PROBE_MEASURED: folder of the extension that is measured, empty where there is none;
// PROBE_PROFILE: its code is profiled, which costs time itself.
const childProcess = require('node:child_process');
const fs = require('node:fs');
const inspector = require('node:inspector');
const Module = require('node:module');
const path = require('node:path');
const { clearInterval, setInterval } = require('node:timers');
const v8 = require('node:v8');
const vm = require('node:vm');
const vscode = require('vscode');

const reports = process.env.PROBE_REPORTS;
const measured = process.env.PROBE_MEASURED;
const isProfiling = process.env.PROBE_PROFILE === 'yes';
const ours = measured === '' ? undefined : path.join(measured, 'dist') + path.sep;
/** How many documents a person looks at. */
const shown = 20;

const seen = { load: 0, activate: 0, parts: [], files: [], searches: 0, watchers: 0, programs: [] };
const profiler = new inspector.Session();

exports.activate = () => {
  if (ours !== undefined) {
    watchFiles();
    watchPrograms();
    watchModule();
  }
  measure().catch((error) => write({ error: String(error.stack) }));
};

/** Calls of the file system that our code makes, by path. */
function watchFiles() {
  const names = ['readFile', 'open', 'readdir', 'opendir', 'stat', 'lstat', 'access', 'realpath'];
  const targets = [
    ...names.map((name) => [fs.promises, name]),
    ...names.map((name) => [fs, name]),
    ...names.map((name) => [fs, `${name}Sync`]),
    [fs, 'createReadStream'],
    [fs, 'existsSync'],
  ];
  for (const [target, name] of targets) {
    const original = target[name];
    target[name] = Object.assign(function (...args) {
      // Its own files are counted as parts.
      if (isOurs() && !String(args[0]).startsWith(ours)) seen.files.push(String(args[0]));
      return original.apply(this, args);
    }, original);
  }
  Module.syncBuiltinESMExports();
}

function isOurs() {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 50;
  const { stack } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  return stack.includes(ours);
}

/** How long its loading and `activate()` take, which of its parts are loaded, and what it asks of the editor. */
function watchModule() {
  const load = Module._load;
  Module._load = function (request, parent, isMain) {
    const isPart = request.startsWith(ours);
    const begin = process.threadCpuUsage();
    const loaded = load.call(this, request, parent, isMain);
    if (request === 'vscode' && parent?.filename?.startsWith(ours)) return counting(loaded);
    if (!isPart) return loaded;
    seen.parts.push(path.basename(request));
    if (path.basename(request) !== 'extension.js') return loaded;
    seen.load = milliseconds(process.threadCpuUsage(begin));
    return { ...loaded, activate: (context) => activateTimed(loaded, context) };
  };
}

function activateTimed(extension, context) {
  const begin = process.threadCpuUsage();
  const result = extension.activate(context);
  seen.activate = milliseconds(process.threadCpuUsage(begin));
  if (!isProfiling) return result;
  profiler.connect();
  profiler.post('Profiler.enable');
  profiler.post('Profiler.setSamplingInterval', { interval: 1000 });
  profiler.post('Profiler.start');
  return result;
}

function counting(api) {
  const { workspace } = api;
  const count = (name, what) => ({
    value: (...args) => {
      seen[what]++;
      return workspace[name](...args);
    },
  });
  const counted = Object.create(workspace, {
    findFiles: count('findFiles', 'searches'),
    createFileSystemWatcher: count('createFileSystemWatcher', 'watchers'),
  });
  return Object.defineProperties({}, { ...Object.getOwnPropertyDescriptors(api), workspace: { value: counted } });
}

/** Programs that our code starts. */
function watchPrograms() {
  for (const name of ['spawn', 'execFile', 'fork', 'exec']) {
    const original = childProcess[name];
    childProcess[name] = function (program, ...args) {
      if (isOurs()) seen.programs.push(path.basename(String(program)));
      return original.call(this, program, ...args);
    };
  }
  Module.syncBuiltinESMExports();
}

async function measure() {
  await quiet();
  const started = process.cpuUsage();
  const documents = await vscode.workspace.findFiles('**/*.ts', undefined, shown);
  for (const uri of documents) await vscode.window.showTextDocument(uri);
  await quiet();
  const used = process.cpuUsage(started);
  const own = isProfiling ? await ownTime() : 0;
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc');
  collect();
  collect();
  write({
    ...seen,
    shown: documents.length,
    start: milliseconds(started),
    use: milliseconds(used),
    own,
    heap: process.memoryUsage().heapUsed,
  });
}

const milliseconds = ({ user, system }) => (user + system) / 1000;

/** Until next to nothing has run for two seconds and the measured extension, where there is one, is active. */
function quiet() {
  const step = 250;
  let calm = 0;
  let before = process.threadCpuUsage();
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      // Of this thread: the profiler's own is always busy.
      const used = milliseconds(process.threadCpuUsage(before));
      before = process.threadCpuUsage();
      const isActive = ours === undefined || seen.activate > 0;
      calm = used < step / 10 && isActive ? calm + step : 0;
      if (calm < 2000) return;
      clearInterval(timer);
      resolve();
    }, step);
  });
}

/** Milliseconds in which our code, or something that it called, ran after `activate()`. */
async function ownTime() {
  const profile = await new Promise((resolve, reject) => {
    profiler.post('Profiler.stop', (error, result) => (error ? reject(error) : resolve(result.profile)));
  });
  profiler.disconnect();
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const own = new Set();
  const visit = (node, isWithin) => {
    const isOwn = isWithin || node.callFrame.url.includes(ours);
    if (isOwn) own.add(node.id);
    for (const child of node.children ?? []) visit(nodes.get(child), isOwn);
  };
  visit(profile.nodes[0], false);
  const times = profile.samples.map((id, index) => (own.has(id) ? (profile.timeDeltas[index] ?? 0) : 0));
  return times.reduce((sum, time) => sum + time, 0) / 1000;
}

/** Whole or not at all: somebody waits for it. */
function write(report) {
  const file = path.join(reports, `${process.pid}.json`);
  fs.writeFileSync(`${file}.part`, JSON.stringify(report));
  fs.renameSync(`${file}.part`, file);
}
