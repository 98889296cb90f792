/** Run and Test: starts the app's own script and opens its address as soon as something answers there: the guide's last step. */
import { connect } from 'node:net';
import path from 'node:path';
import * as vscode from 'vscode';
import { ExpectedError } from '../../base/errors.ts';
import type { AppConfig } from '../../appConfig/types.ts';
import { chooseConfig } from '../flows/chooseConfig.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import { addressOf, managerOf, scriptOf } from '../running/appScripts.ts';
import { candidateConfigs, relative } from './appConfigs.ts';
import type { Command } from './run.ts';
import { runAppSchema } from './schemas.ts';

/** Ms. A build before the start takes its time. */
const longestStart = 120_000;
const pollEvery = 500;

export const runApp: Command<'runApp'> = {
  schema: runAppSchema,
  changes: true,
  fromFile: (file) => ({ config: file }),
  async run({ options, log }, services) {
    const title = vscode.l10n.t('Run and Test');
    const config = await chooseConfig(
      await candidateConfigs(options.config, undefined, services),
      title,
      services.questions,
      relative,
    );
    const folder = config.appRoot;
    const json = await packageJson(folder, services);
    const script = scriptOf(json, options.script);
    if (script === undefined) throw noScript(folder, options.script);
    const values = await environmentOf(config, services);
    const address = addressOf({ ...process.env, ...Object.fromEntries(values) });
    if (await answers(address)) throw inUse(address);
    const manager = managerOf((await services.files.list(folder)).map(({ name }) => name));
    const ended = await start(manager, script, folder, values);
    log(`started ${manager} run ${script} in ${folder}`);
    const opened = await withProgress(vscode.l10n.t('Waiting for {0}', address.origin), async (signal) => {
      for (let waited = 0; waited < longestStart; waited += pollEvery) {
        if (await answers(address)) return true;
        if (ended()) return false;
        await services.setupPorts.clock.delay(pollEvery, signal);
      }
      return false;
    });
    if (!opened) throw notAnswering(address, script);
    await vscode.env.openExternal(vscode.Uri.parse(address.origin));
    return { folder, script, address: address.origin };
  },
};

/** Variables of the `.env` file: apps that load it themselves get the same values again, others could not start without. */
async function environmentOf(config: AppConfig, services: Services): Promise<ReadonlyMap<string, string>> {
  if (config.envFile === undefined) return new Map();
  return services.appConfigs().envValues(config.envFile, services.files);
}

/** Runs the script in a terminal of its own. Answers with a function that tells whether it has ended. */
async function start(
  manager: string,
  script: string,
  folder: string,
  values: ReadonlyMap<string, string>,
): Promise<() => boolean> {
  const task = new vscode.Task(
    { type: 'clientCertificate', script },
    vscode.TaskScope.Workspace,
    vscode.l10n.t('{0} of {1}', script, path.basename(folder)),
    vscode.l10n.t('Client Certificate'),
    // Values go by the environment, never by the command line.
    new vscode.ShellExecution(manager, ['run', script], { cwd: folder, env: Object.fromEntries(values) }),
  );
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, panel: vscode.TaskPanelKind.Dedicated };
  task.isBackground = true;
  let isOver = false;
  const execution = await vscode.tasks.executeTask(task);
  const listener = vscode.tasks.onDidEndTask((event) => {
    if (event.execution !== execution) return;
    isOver = true;
    listener.dispose();
  });
  return () => isOver;
}

function answers(address: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({
      host: address.hostname,
      port: Number(address.port || (address.protocol === 'https:' ? 443 : 80)),
    });
    const end = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(2_000, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

async function packageJson(folder: string, { files }: Services): Promise<unknown> {
  try {
    const bytes = await files.read(path.join(folder, 'package.json'));
    return bytes === undefined ? undefined : JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

function noScript(folder: string, wanted: string | undefined): ExpectedError {
  return new ExpectedError(
    'no-start-script',
    wanted === undefined
      ? vscode.l10n.t(
          'The app in {0} was not started because its package.json has no script "start" or "dev". Add one, or name another as option "script".',
          folder,
        )
      : vscode.l10n.t('The app in {0} was not started because its package.json has no script "{1}".', folder, wanted),
    { file: path.join(folder, 'package.json') },
  );
}

function inUse(address: URL): ExpectedError {
  return new ExpectedError(
    'address-in-use',
    vscode.l10n.t(
      'The app was not started because something answers at {0} already, perhaps the app itself with its old settings. Stop it, then try again.',
      address.origin,
    ),
  );
}

function notAnswering(address: URL, script: string): ExpectedError {
  return new ExpectedError(
    'app-not-answering',
    vscode.l10n.t(
      'The script "{0}" was started, but nothing answers at {1}. Its terminal says why; "Client Certificate: Explain Error" explains what it says.',
      script,
      address.origin,
    ),
  );
}
