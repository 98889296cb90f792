/** Entry point of dist/ui.js: everything that touches the editor, loaded when a command is run for the first time. */
import type { CommandName } from '../contributions.ts';
import { runCommand } from './commands/run.ts';
import { commandTable } from './commands/table.ts';
import { invokeTool } from './languageModel/tools.ts';
import type { Ui, UiEnvironment } from './part.ts';
import { createServices } from './services.ts';
import { showCertificateFile } from './viewer/viewer.ts';
import { offerUnfinished } from './unfinished.ts';

export { configureText } from '../base/text.ts';

export function createUi(environment: UiEnvironment): Ui {
  const services = createServices(environment);
  const run = <N extends CommandName>(name: N, args: readonly unknown[]) =>
    runCommand(name, commandTable[name], args, services, environment.log);
  return {
    run,
    vaults: services.vaultTree.view.provider,
    showCertificateFile: (uri, panel) => {
      showCertificateFile(uri, panel, environment.context.extensionUri, services);
    },
    invokeTool: (name, input, token) => invokeTool(name, input, token, services),
    decideReview: (decision) => {
      services.reviewer.decide(decision);
    },
    offerUnfinishedSetup: () => offerUnfinished(services),
  };
}
