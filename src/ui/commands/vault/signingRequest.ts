/** What becomes of a creation that waits for a certificate authority: its request, the answer, or the end of it. */
import { X509Certificate } from 'node:crypto';
import * as vscode from 'vscode';
import { ExpectedError } from '../../../base/errors.ts';
import type { CreationState, VaultCertificate } from '../../../azure/types.ts';
import { readWhole } from '../../flows/certificateFile.ts';
import { askFile } from '../askFile.ts';
import { certificateExtensions } from '../certificateFiles.ts';
import type { Command } from '../run.ts';
import { saveRequest, tellCreated, tellRequest } from './creating.ts';
import { cancelCreationSchema, mergeSignedSchema, saveSigningRequestSchema } from './schemas.ts';
import { changeVault, confirmed, resultOf, targetOf } from './target.ts';
import type { Target } from './target.ts';
import { assertFree, folderFor, freeFile } from './where.ts';

/** First creations under way, and new versions: the list tells of the former only. */
const isOffered = ({ pending, enabled }: VaultCertificate): boolean => pending === true || enabled;

export const saveSigningRequest: Command<'saveSigningRequest'> = {
  schema: saveSigningRequestSchema,
  changes: true,
  async run(run, services) {
    const { options, interactive } = run;
    const title = vscode.l10n.t('Save Signing Request');
    if (options.output !== undefined) await assertFree(options.output, services);
    const target = await targetOf(run, title, { filter: isOffered }, services);
    await waitingCreation(target);
    const outcome = await target.client.waitForCreation(target.name, {
      ...target.call,
      stopWaiting: AbortSignal.abort(),
    });
    if (outcome.status !== 'waitingForMerge') throw noRequest(target);
    const file =
      options.output ??
      (await freeFile(await folderFor(undefined, title, interactive, services), target.name, '.csr', services));
    await saveRequest(file, outcome.csrPem, services);
    if (interactive) void tellRequest(target, file);
    return { file };
  },
};

export const mergeSigned: Command<'mergeSigned'> = {
  schema: mergeSignedSchema,
  changes: true,
  async run(run, services) {
    const { options, interactive, log } = run;
    const title = vscode.l10n.t('Merge Signed Certificate');
    const target = await targetOf(run, title, { filter: isOffered }, services);
    const { client, name } = target;
    const { csrDer } = await waitingCreation(target);
    const placeholder = vscode.l10n.t("The certificate authority's answer");
    const file = await askFile(options.file, { title, placeholder, extensions: certificateExtensions }, services);
    const bytes = await readWhole(file, services.files);
    const { certificateDer, chainDer, description } = await services.certificates().openCertificate(bytes);
    const chain = leafFirst([certificateDer, ...chainDer], csrDer, file);
    // What concerns the certificate itself is looked at where it is the one that was asked for.
    const problem = description.problems.find(({ severity }) => severity === 'error');
    if (problem !== undefined && chain[0] === certificateDer) {
      throw new ExpectedError(problem.code, problem.message, { file });
    }
    const details = await changeVault(
      target,
      vscode.l10n.t('Merging the certificate into {0}', client.vault.name),
      services,
      // Without the signal: a request that was sent is done or not, and its answer tells which.
      () => client.merge(name, chain, target.call),
    );
    log(`merged ${file} into ${name} in ${client.vault.origin}`);
    if (interactive) tellCreated(target, details);
    return resultOf(client, details);
  },
};

export const cancelCreation: Command<'cancelCreation'> = {
  schema: cancelCreationSchema,
  changes: true,
  async run(run, services) {
    const { options, interactive } = run;
    const title = vscode.l10n.t('Cancel Creation');
    const target = await targetOf(run, title, { filter: isOffered }, services);
    const { client, name } = target;
    const { issuer } = await waitingCreation(target);
    if (options.confirm !== false) {
      await confirmed(
        vscode.l10n.t('Cancel the creation of {0} in {1}?', name, client.vault.name),
        issuer === 'Unknown'
          ? vscode.l10n.t('The private key of its signing request is lost: an answer to it can no longer be merged.')
          : vscode.l10n.t('No certificate is made, and the name can be used again.'),
        title,
      );
    }
    await changeVault(target, vscode.l10n.t('Cancelling the creation of {0}', name), services, (called) =>
      client.cancelCreation(name, called),
    );
    if (interactive) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('The creation of {0} in {1} is cancelled.', name, client.vault.name),
      );
    }
    return { vault: client.vault.origin, name };
  },
};

async function waitingCreation({ client, name, call }: Target): Promise<CreationState> {
  const state = await client.creation(name, call);
  if (state?.status === 'inProgress') return state;
  throw new ExpectedError(
    'no-pending-creation',
    vscode.l10n.t(
      'No creation of {0} is under way in {1}: it has ended or was cancelled. Look at the certificate, or create it anew.',
      name,
      client.vault.name,
    ),
  );
}

/** The certificate for the request's key and then the others in their order; a CA's answer may have any order. */
function leafFirst(all: readonly Uint8Array[], csrDer: Uint8Array | undefined, file: string): readonly Uint8Array[] {
  if (csrDer === undefined) return all;
  const request = Buffer.from(csrDer);
  const leaf = all.find((der) => request.includes(publicKeyOf(der)));
  if (leaf !== undefined) return [leaf, ...all.filter((der) => der !== leaf)];
  throw new ExpectedError(
    'key-does-not-match',
    vscode.l10n.t(
      'The certificate in {0} was made out for another key than that of the signing request. Merge the answer to the newest request of this certificate.',
      file,
    ),
    { file },
  );
}

/** SubjectPublicKeyInfo, which a PKCS#10 request holds byte by byte as the certificate does. */
function publicKeyOf(der: Uint8Array): Buffer {
  return new X509Certificate(der).publicKey.export({ type: 'spki', format: 'der' });
}

function noRequest({ client, name }: Target): ExpectedError {
  return new ExpectedError(
    'no-signing-request',
    vscode.l10n.t(
      'The creation of {0} in {1} has no signing request. Wait for it, or cancel it.',
      name,
      client.vault.name,
    ),
  );
}
