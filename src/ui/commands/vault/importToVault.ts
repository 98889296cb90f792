/** Import Certificate into Vault: a certificate file with its key, whatever its encoding, as one that the vault takes. */
import * as vscode from 'vscode';
import { CancelledError, ExpectedError } from '../../../base/errors.ts';
import type { VaultCertificateDetails, VaultClient } from '../../../azure/types.ts';
import type { CredentialMaterial } from '../../../certificates/types.ts';
import { openCredential } from '../../flows/certificateFile.ts';
import type { CredentialFile } from '../../flows/certificateFile.ts';
import { openingOf } from '../../flows/opening.ts';
import { askVault } from '../../flows/vaultCertificate.ts';
import { askVaultName } from '../../flows/vaultName.ts';
import type { NameAnswer, NameConflict } from '../../flows/vaultName.ts';
import { back } from '../../questions.ts';
import type { Services } from '../../services.ts';
import { runSteps } from '../../steps.ts';
import type { Step } from '../../steps.ts';
import { openVault } from '../../vaults/openVault.ts';
import { askFile } from '../askFile.ts';
import { certificateExtensions, completeChoice, workspaceFiles } from '../certificateFiles.ts';
import type { Command, Run } from '../run.ts';
import { freeName, givenName } from './conflicts.ts';
import { tellCreated } from './creating.ts';
import { importToVaultSchema } from './schemas.ts';
import { changeVault, resultOf, vaultCall, vaultOf } from './target.ts';
import type { Target } from './target.ts';

/** The ways out of a taken name that make sense for an import. */
const offers: readonly NameConflict[] = ['newVersion', 'purge', 'cancelPending'];

interface Answers {
  file?: CredentialFile;
  client?: VaultClient;
  answer?: NameAnswer;
  exportable?: boolean;
}

export const importToVault: Command<'importToVault'> = {
  schema: importToVaultSchema,
  changes: true,
  fromFile: (file) => ({ file }),
  fromItem: ({ vault }) => (typeof vault === 'string' ? { vault } : {}),
  async run(run, services) {
    const { options, interactive } = run;
    const title = vscode.l10n.t('Import Certificate into Vault');
    const answers = interactive ? await ask(run, title, services) : await withoutQuestions(run, title, services);
    const { file, client, answer, exportable = options.exportable ?? true } = answers;
    if (file === undefined || client === undefined || answer === undefined) throw new CancelledError();
    const material = await usable(file, services);
    const target: Target = { client, name: answer.name, call: vaultCall(run) };
    await freeName(target, answer.conflict, options.confirm, services);
    const details = await send(target, material, exportable, run, services);
    run.log(`imported ${file.file} as ${answer.name} into ${client.vault.origin}`);
    if (interactive) tellCreated(target, details);
    return resultOf(client, details);
  },
};

/** Four questions at most, besides a password: file, vault, name, and whether the key may leave the vault again. */
async function ask(run: Run<'importToVault'>, title: string, services: Services): Promise<Answers> {
  const { options } = run;
  const announce = (secret: string) => {
    run.masker.add(secret);
  };
  let subject = '';
  const openFile = async (
    file: string,
    frame: Parameters<Step<Answers>['ask']>[1],
  ): Promise<CredentialFile | typeof back> => {
    const given = options.privateKey ?? options.password ?? options.keyPassword;
    const chosen =
      given === undefined
        ? await completeChoice(file, services.questions, frame, services, announce)
        : { ...options, file };
    if (chosen === back) return back;
    const { privateKey } = chosen as CredentialFile;
    const credential: CredentialFile = { ...openingOf(chosen as CredentialFile), file, privateKey };
    subject = (await usable(credential, services)).description.subject ?? '';
    return credential;
  };
  const steps: Step<Answers>[] = [
    {
      id: 'file',
      needed: (answers) => answers.file === undefined,
      ask: async (questions, frame) => {
        const chosen =
          options.file ??
          (await questions.file({
            ...frame,
            placeholder: vscode.l10n.t('File with certificate and private key'),
            candidates: await workspaceFiles(certificateExtensions),
            extensions: certificateExtensions,
            kind: 'file',
          }));
        if (chosen === back) return back;
        const file = await openFile(chosen, frame);
        return file === back ? back : { file };
      },
    },
    {
      id: 'vault',
      needed: (answers) => answers.client === undefined,
      ask: async (questions, frame) => {
        const vault = await askVault(services, questions, frame);
        return vault === back ? back : { client: services.azure().vaults.open(vault) };
      },
    },
    {
      id: 'name',
      needed: (answers) => answers.answer === undefined,
      ask: async (questions, frame, { client }, before) => {
        if (client === undefined) throw new Error('The vault is not chosen.');
        const value = before?.answer?.name ?? options.name ?? vaultNameFor(subject, services);
        const answer = await askVaultName(client, questions, frame, value, services.setupPorts.clock, offers);
        return answer === back ? back : { answer };
      },
    },
    {
      id: 'exportable',
      needed: (answers) => answers.exportable === undefined,
      ask: async (questions, frame) => {
        const exportable = await questions.pick({
          ...frame,
          placeholder: vscode.l10n.t('May the private key leave the vault again?'),
          choices: [
            {
              label: vscode.l10n.t('It Can Be Fetched'),
              detail: vscode.l10n.t('Apps and people with the right to read secrets get it.'),
              icon: 'unlock',
              value: true,
            },
            {
              label: vscode.l10n.t('It Never Leaves the Vault'),
              detail: vscode.l10n.t('The app has the vault sign for it. Keep the file as a backup or destroy it.'),
              icon: 'lock',
              value: false,
            },
          ],
        });
        return exportable === back ? back : { exportable };
      },
    },
  ];
  const { exportable, vault } = options;
  return runSteps(
    title,
    steps,
    {
      ...(vault === undefined ? {} : { client: await openVault(services, vault) }),
      ...(exportable === undefined ? {} : { exportable }),
    },
    services.questions,
  );
}

async function withoutQuestions(run: Run<'importToVault'>, title: string, services: Services): Promise<Answers> {
  const { options } = run;
  const placeholder = vscode.l10n.t('File with certificate and private key');
  const file = await askFile(options.file, { title, placeholder, extensions: certificateExtensions }, services);
  const credential: CredentialFile = { ...openingOf(options), file, privateKey: options.privateKey };
  // What is wrong with the file is told before a vault is asked for anything.
  await usable(credential, services);
  const client = await vaultOf(run, title, services);
  return { file: credential, client, answer: await givenName(client, run, offers, title, services) };
}

/** Certificate and key; refused where it could not serve as a credential, e.g. because it has expired. */
async function usable(file: CredentialFile, services: Services): Promise<CredentialMaterial> {
  const material = await openCredential(file, services);
  const problem = material.description.problems.find(({ severity }) => severity === 'error');
  if (problem !== undefined) throw new ExpectedError(problem.code, problem.message, { file: file.file });
  return material;
}

/** Encoded anew, since Key Vault does not read every encoding that is about; the password is for the way only. */
async function send(
  target: Target,
  material: CredentialMaterial,
  exportable: boolean,
  { options, masker }: Run<'importToVault'>,
  services: Services,
): Promise<VaultCertificateDetails> {
  const { client, name } = target;
  const { enabled, tags, contentType } = options;
  const certificates = services.certificates();
  const title = vscode.l10n.t('Importing {0} into {1}', name, client.vault.name);
  return changeVault(target, title, services, async ({ interactive, signal }) => {
    const common = {
      name,
      exportable,
      ...(enabled === undefined ? {} : { enabled }),
      ...(tags === undefined ? {} : { tags }),
    };
    const called = { interactive: interactive === true, signal };
    if (contentType === 'pem') {
      const { certificateDer, chainDer, privateKeyPkcs8 } = material;
      const parts = [certificateDer, ...chainDer].map((der) => certificates.certificatePem(der));
      const text = [await certificates.privateKeyPem(privateKeyPkcs8), ...parts].join('');
      return client.import({ ...common, kind: 'pem', content: Buffer.from(text) }, called);
    }
    const password = certificates.generatePassphrase();
    masker.add(password);
    const content = await certificates.pkcs12(material, password);
    return client.import({ ...common, kind: 'pkcs12', content, password }, called);
  });
}

/** A name that the vault takes, from the certificate's subject. */
function vaultNameFor(subject: string, services: Services): string {
  return services
    .certificates()
    .fileNameFor(subject)
    .replace(/[^0-9a-zA-Z]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 127);
}
