/** What Create Self-Signed Certificate and Create Certificate Signing Request have in common. */
import path from 'node:path';
import * as vscode from 'vscode';
import { ExpectedError } from '../../base/errors.ts';
import { passphraseKind } from '../flows/passphrase.ts';
import { newCertificateSteps } from '../flows/newCertificateFlow.ts';
import type { NewCertificateAnswers, NewCertificateMemory } from '../flows/newCertificateFlow.ts';
import { defaultSubject } from '../flows/subject.ts';
import type { Services } from '../services.ts';
import { runSteps } from '../steps.ts';

const memoryKey = 'newCertificate';

/** Asks for what the options leave open. In automation everything but folder and subject has a default. */
export async function askForNewCertificate(
  title: string,
  options: NewCertificateAnswers & { readonly name?: string },
  asks: { readonly validity: boolean; readonly interactive: boolean },
  services: Services,
): Promise<Required<NewCertificateAnswers>> {
  const { defaults, folders } = await newCertificateDefaults(options, services);
  const [folderFound] = folders;
  const initial: NewCertificateAnswers = {
    ...options,
    ...(asks.interactive
      ? {}
      : {
          validityDays: options.validityDays ?? defaults.validityDays,
          passphrase: options.passphrase ?? 'generate',
          ...(options.folder !== undefined || folderFound === undefined ? {} : { folder: folderFound }),
        }),
  };
  const memory = services.memory.get<NewCertificateMemory>(memoryKey) ?? {};
  const flow = {
    memory,
    defaults,
    folders,
    certificates: () => services.certificates(),
  };
  const answers = await runSteps(title, newCertificateSteps(flow, asks), initial, services.questions);
  const {
    subject = defaults.subject,
    validityDays = defaults.validityDays,
    folder = '',
    passphrase = 'generate',
  } = answers;
  if (asks.interactive) {
    const kind = passphraseKind(passphrase);
    await services.memory.update(memoryKey, {
      subject,
      validityDays,
      folder,
      passphrase: kind,
    } satisfies NewCertificateMemory);
  }
  return { subject, validityDays, folder, passphrase };
}

/** What stands in the questions at first. Rejects with `invalid-options` where a given subject or name cannot be used. */
export async function newCertificateDefaults(
  given: { readonly subject?: string; readonly name?: string },
  services: Services,
): Promise<{
  readonly defaults: { readonly subject: string; readonly validityDays: number };
  /** Absolute, the one for certificates first; empty without a workspace. */
  readonly folders: readonly string[];
}> {
  checkGiven(given, services);
  const [root] = services.roots();
  const packageJson = root === undefined ? undefined : await services.files.read(path.join(root, 'package.json'));
  const text = packageJson === undefined ? undefined : Buffer.from(packageJson).toString('utf8');
  return {
    defaults: {
      subject: defaultSubject(text, path.basename(root ?? 'client-certificate'), services.certificates()),
      validityDays: services.defaultValidityDays(root),
    },
    folders: root === undefined ? [] : [services.certificateFolder(root), root],
  };
}

/** Rejects with `invalid-options`: a subject or name that cannot be used is found before anything is asked or made. */
function checkGiven(options: { readonly subject?: string; readonly name?: string }, services: Services): void {
  const certificates = services.certificates();
  const checks = [
    ['subject', options.subject === undefined ? undefined : certificates.validateSubject(options.subject)],
    ['name', options.name === undefined ? undefined : certificates.validateName(options.name)],
  ] as const;
  for (const [option, reason] of checks) {
    if (reason === undefined) continue;
    throw new ExpectedError('invalid-options', vscode.l10n.t('The option "{0}" cannot be used. {1}', option, reason), {
      data: { option },
    });
  }
}
