/** Entry point of dist/ui.js: everything that touches the editor, loaded when a command is run for the first time. */
import type { CommandName } from '../contributions.ts';
import { checkTerminal } from './checks/tasks.ts';
import { runCommand } from './commands/run.ts';
import { commandTable } from './commands/table.ts';
import { daily, eachOnItsOwn, machineTimers } from './daily.ts';
import { invokeTool } from './languageModel/tools.ts';
import type { Ui, UiEnvironment } from './part.ts';
import { createServices } from './services.ts';
import { showCertificateFile } from './viewer/viewer.ts';
import { offerRemoval, offerUnfinished } from './unfinished.ts';

export { configureText } from '../base/text.ts';

export function createUi(environment: UiEnvironment): Ui {
  const services = createServices(environment);
  let watching = false;
  const remind = () => services.checks.remindOfAll();
  const report = (error: unknown) => {
    services.report(error);
  };
  environment.context.subscriptions.push(
    daily(() => {
      if (services.roots().length === 0) return;
      // Certificates that were good yesterday.
      if (watching) services.checks.filesChanged();
      void eachOnItsOwn([() => offerRemoval(services), remind], report);
    }, machineTimers),
  );
  const run = async <N extends CommandName>(name: N, args: readonly unknown[]) => {
    let result: unknown;
    try {
      const ended = await runCommand(name, commandTable[name], args, services, environment.log);
      result = ended;
      return ended;
    } finally {
      services.workspace.commandEnded(name, result);
      // What is shown of a config changes with its certificate, its registration and its proof.
      if (watching && commandTable[name].changes) services.checks.filesChanged();
    }
  };
  return {
    run,
    vaults: services.vaultTree.view.provider,
    workspace: services.workspace.provider,
    showCertificateFile: (uri, panel) => {
      showCertificateFile(uri, panel, environment.context.extensionUri, services);
    },
    invokeTool: (name, input, token) => invokeTool(name, input, token, services),
    decideReview: (decision) => {
      services.reviewer.decide(decision);
    },
    checks: () => {
      watching = true;
      return services.checks;
    },
    checkTerminal: (definition, scope) => checkTerminal(definition, scope, services),
    offerUnfinishedSetup: () => eachOnItsOwn([() => offerUnfinished(services), remind], report),
  };
}
