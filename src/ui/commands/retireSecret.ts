/** Retire Client Secret: the last step, locked until the sign-in with the certificate is proven. */
import * as vscode from 'vscode';
import { ExpectedError, isExpectedError } from '../../base/errors.ts';
import type { RegisteredSecret, Registration } from '../../azure/types.ts';
import type { LocalRetirement } from '../../setup/index.ts';
import type { LeftOver, RetiredSecret, RetireSecretResult } from '../automation.ts';
import { findLeftOvers } from '../registering/leftOvers.ts';
import { acknowledgeDeployments, confirmRemoval, openSecretList } from '../registering/retireQuestions.ts';
import type { SecretList } from '../registering/retireQuestions.ts';
import { retiredBefore } from '../registering/retiredBefore.ts';
import { describeSecret, gatherRetirement } from '../registering/retirement.ts';
import { planCleanUp, retire } from '../registering/retiring.ts';
import type { ChosenSecrets } from '../registering/retiring.ts';
import type { Services } from '../services.ts';
import { retireReport } from '../views/retireReport.ts';
import { relative } from './appConfigs.ts';
import type { Command } from './run.ts';
import { retireSecretSchema } from './schemasRegistration.ts';

export const retireSecret: Command<'retireSecret'> = {
  schema: retireSecretSchema,
  changes: true,
  fromFile: (file) => ({ config: file }),
  async run({ options, interactive, maySignIn, masker, log }, services): Promise<RetireSecretResult> {
    const title = vscode.l10n.t('Retire Client Secret');
    const unattended = options.confirm === false;
    if (unattended && (options.application === undefined || options.keyIds === undefined)) throw explicitNeeded();
    const retirement = await gatherRetirement(options, title, services, masker, { interactive, maySignIn });
    const { registration, application, config } = retirement;
    const before = retiredBefore(application.appId, services).filter(
      ({ keyId }) => !registration.secrets.some((secret) => secret.keyId === keyId),
    );
    const list =
      unattended || options.keyIds !== undefined || registration.secrets.length === 0
        ? undefined
        : await openSecretList(retirement, before, title, services.setupPorts.clock.now());
    const chosen = async () => {
      if (!unattended) await acknowledgeDeployments(retirement);
      return chosenSecrets(registration, options.keyIds, list, before);
    };
    const choice = await chosen().catch((error: unknown) => {
      list?.close();
      throw error;
    });
    const going = [...choice.secrets, ...choice.gone];
    const prepared = async () => {
      const planned = await planCleanUp(retirement, going, services);
      if (!unattended) await confirmRemoval(retirement, going, planned.local.paths.map(relative));
      return planned;
    };
    const planned = await prepared().finally(() => list?.close());
    const retired = await retire(retirement, choice, planned, services);
    const { removed, remaining, changed, cleanUp } = retired;
    log(`removed ${removed.map(({ keyId }) => keyId).join(', ')} from ${application.appId}`);

    const gonesOld = retirement.old.filter(({ value, example }) => !example && cleanUp.isRetired(value));
    const left = await findLeftOvers(
      {
        roots: retirement.roots,
        folder: config.appRoot,
        values: [...new Set(gonesOld.map(({ value }) => value))],
        variables: [...new Set(gonesOld.map(({ variable }) => variable))],
      },
      cleanUp.left,
      services,
    );
    const { appId, objectId, displayName } = registration;
    const result: RetireSecretResult = {
      application: appId,
      registration: { objectId, displayName, tenant: application.tenant },
      removed: removed.map(resultOf),
      left: [...retired.left, ...left, ...remaining.map(stillRegistered)],
      changed,
      warnings: retirement.warnings,
    };
    if (interactive) show(result, cleanUp.local, services);
    return result;
  },
};

/** @param before removed by a run before this one */
async function chosenSecrets(
  registration: Registration,
  keyIds: readonly string[] | undefined,
  list: SecretList | undefined,
  before: readonly RegisteredSecret[],
): Promise<ChosenSecrets> {
  const split = (isWanted: (secret: RegisteredSecret) => boolean): ChosenSecrets => ({
    secrets: registration.secrets.filter(isWanted),
    gone: before.filter(isWanted),
  });
  if (keyIds === undefined) {
    if (list === undefined && before.length > 0) return { secrets: [], gone: before };
    if (list === undefined) throw noSecrets(registration.displayName);
    const picked = await list.picked;
    return split(({ keyId }) => picked.some((secret) => secret.keyId === keyId));
  }
  const wanted = [...new Set(keyIds.map((keyId) => keyId.toLowerCase()))];
  const chosen = split(({ keyId }) => wanted.includes(keyId));
  const unknown = wanted.find((keyId) => ![...chosen.secrets, ...chosen.gone].some((one) => one.keyId === keyId));
  if (unknown !== undefined || wanted.length === 0) throw unknownSecret(unknown ?? '', registration.displayName);
  return chosen;
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
  const subject = `retired ${result.application}`;
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
