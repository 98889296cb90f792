/** Retire Client Secret: the last step, locked until the sign-in with the certificate is proven. */
import * as vscode from 'vscode';
import { ExpectedError, isExpectedError } from '../../base/errors.ts';
import type { RegisteredSecret } from '../../azure/types.ts';
import { noteRetired, prepareRetirement } from '../../setup/index.ts';
import type { LocalRetirement, SetupPorts } from '../../setup/index.ts';
import type { LeftOver, RetiredSecret, RetireSecretResult } from '../automation.ts';
import { withProgress } from '../progress.ts';
import { findLeftOvers } from '../registering/leftOvers.ts';
import { acknowledgeDeployments, confirmRemoval, openSecretList } from '../registering/retireQuestions.ts';
import type { SecretList } from '../registering/retireQuestions.ts';
import { rememberRetired, retiredBefore } from '../registering/retiredBefore.ts';
import { describeSecret, gatherRetirement } from '../registering/retirement.ts';
import type { Retirement } from '../registering/retirement.ts';
import type { Services } from '../services.ts';
import { retireReport } from '../views/retireReport.ts';
import { relative } from './appConfigs.ts';
import type { Command } from './run.ts';
import { retireSecretSchema } from './schemasRegistration.ts';

export const retireSecret: Command<'retireSecret'> = {
  schema: retireSecretSchema,
  changes: true,
  fromFile: (file) => ({ config: file }),
  async run({ options, interactive, masker, log }, services): Promise<RetireSecretResult> {
    const title = vscode.l10n.t('Retire Client Secret');
    const unattended = options.confirm === false;
    if (unattended && (options.application === undefined || options.keyIds === undefined)) throw explicitNeeded();
    const retirement = await gatherRetirement(options, title, services, masker, interactive);
    const { registration, application, config } = retirement;
    const list =
      unattended || options.keyIds !== undefined || registration.secrets.length === 0
        ? undefined
        : await openSecretList(retirement, title, services.setupPorts.clock.now());
    const chosen = async () => {
      if (!unattended) await acknowledgeDeployments(retirement);
      return chosenSecrets(retirement, options.keyIds, list, services);
    };
    const { secrets, gone } = await chosen().catch((error: unknown) => {
      list?.close();
      throw error;
    });
    const keyIds = [...secrets, ...gone].map(({ keyId }) => keyId);

    const hints = [...secrets, ...gone].flatMap(({ hint }) => (hint === undefined ? [] : [hint]));
    const remaining = registration.secrets.filter(({ keyId }) => !keyIds.includes(keyId));
    /** Certainly one of those that go: it begins like one of them and like none that stays. */
    const isRetired = (value: string): boolean =>
      hints.some((hint) => value.startsWith(hint)) &&
      !remaining.some(({ hint }) => hint === undefined || value.startsWith(hint));
    const prepared = async () => {
      const plan = await services.appConfigs().planRetire({ ...requestOf(retirement), isRetired }, services.files);
      const local = await prepareRetirement(config.file, plan.files, services.setupPorts);
      if (!unattended) await confirmRemoval(retirement, [...secrets, ...gone], local.paths.map(relative));
      return { plan, local };
    };
    const { plan, local } = await prepared().finally(() => list?.close());

    // Before the removal: a window that is closed right after it still knows whose value the local one was.
    await rememberRetired(application.appId, secrets, services);
    await withProgress(vscode.l10n.t('Removing the client secret'), (signal) =>
      services.azure().registrations.removeSecrets(application, keyIds, { interactive: true, signal }),
    );
    log(`removed ${keyIds.join(', ')} from ${application.appId}`);
    const failed = await writeLocally(local, config.file, services.setupPorts);

    const gonesOld = retirement.old.filter(({ value, example }) => !example && isRetired(value));
    const left = await findLeftOvers(
      {
        roots: retirement.roots,
        folder: config.appRoot,
        values: [...new Set(gonesOld.map(({ value }) => value))],
        variables: [...new Set(gonesOld.map(({ variable }) => variable))],
      },
      plan.left,
      services,
    );
    const { appId, objectId, displayName } = registration;
    const result: RetireSecretResult = {
      application: { appId, objectId, displayName, tenant: application.tenant },
      removed: [...secrets, ...gone].map(resultOf),
      left: [...(failed === undefined ? [] : [failed]), ...left, ...remaining.map(stillRegistered)],
      changed: failed === undefined ? local.paths : [],
      warnings: retirement.warnings,
    };
    if (interactive) show(result, local, services);
    return result;
  },
};

const requestOf = ({ config, roots, setup }: Retirement) => ({
  config,
  roots,
  ...(setup?.variables.secret === undefined ? {} : { variable: setup.variables.secret }),
});

/** What is to go, and of it what a run before this one has removed from the directory already. */
async function chosenSecrets(
  retirement: Retirement,
  keyIds: readonly string[] | undefined,
  list: SecretList | undefined,
  services: Services,
): Promise<{ secrets: readonly RegisteredSecret[]; gone: readonly RegisteredSecret[] }> {
  const { registration, application } = retirement;
  const before = retiredBefore(application.appId, services);
  if (keyIds === undefined) {
    if (registration.secrets.length === 0 && before.length > 0) return { secrets: [], gone: before };
    if (list === undefined) throw noSecrets(registration.displayName);
    return { secrets: await list.picked, gone: [] };
  }
  const wanted = [...new Set(keyIds.map((keyId) => keyId.toLowerCase()))];
  const secrets = registration.secrets.filter(({ keyId }) => wanted.includes(keyId));
  const gone = before.filter(
    ({ keyId }) => wanted.includes(keyId) && !secrets.some((secret) => secret.keyId === keyId),
  );
  const unknown = wanted.find((keyId) => ![...secrets, ...gone].some((one) => one.keyId === keyId));
  if (unknown !== undefined || wanted.length === 0) throw unknownSecret(unknown ?? '', registration.displayName);
  return { secrets, gone };
}

/** The secret is gone by now: what hinders the local files is told with the rest that is left. */
async function writeLocally(local: LocalRetirement, config: string, ports: SetupPorts): Promise<LeftOver | undefined> {
  try {
    await local.write();
    await noteRetired(config, ports);
    return undefined;
  } catch (error) {
    if (!isExpectedError(error)) throw error;
    const { file } = error.details;
    return { kind: 'value', place: 'file', ...(file === undefined ? {} : { file }), message: error.message };
  }
}

function resultOf({ keyId, displayName, hint, expires }: RegisteredSecret): RetiredSecret {
  return {
    keyId,
    ...(displayName === undefined ? {} : { displayName }),
    ...(hint === undefined ? {} : { hint }),
    ...(expires === undefined ? {} : { expires: new Date(expires).toISOString() }),
  };
}

function stillRegistered(secret: RegisteredSecret): LeftOver {
  return {
    kind: 'secret',
    place: 'registration',
    message: vscode.l10n.t('The app registration still has the client secret {0}.', describeSecret(secret)),
  };
}

function show(result: RetireSecretResult, local: LocalRetirement, services: Services): void {
  const subject = `retired ${result.application.appId}`;
  const undo = async (): Promise<void> => {
    try {
      await local.undo();
      services.reports.close(subject);
      void vscode.window.showInformationMessage(
        vscode.l10n.t(
          'The local files are as they were. The client secret itself stays removed from the app registration.',
        ),
      );
    } catch (error) {
      if (!isExpectedError(error)) throw error;
      void vscode.window.showErrorMessage(error.message);
    }
  };
  services.reports.show(subject, retireReport(result, relative, result.changed.length === 0 ? undefined : undo));
}

function explicitNeeded(): ExpectedError {
  return new ExpectedError(
    'invalid-options',
    vscode.l10n.t(
      'Removing a client secret without a question needs the options "application" and "keyIds", so that it is clear which ones are meant.',
    ),
    { data: { option: 'keyIds' } },
  );
}

function noSecrets(displayName: string): ExpectedError {
  return new ExpectedError(
    'nothing-to-do',
    vscode.l10n.t('{0} has no client secret, so there is nothing to remove.', displayName),
  );
}

function unknownSecret(keyId: string, displayName: string): ExpectedError {
  return new ExpectedError(
    'secret-not-found',
    vscode.l10n.t(
      '{1} has no client secret with the key id {0}, so nothing was removed. The portal lists the key ids as "Secret ID" under "Certificates & secrets".',
      keyId,
      displayName,
    ),
  );
}
