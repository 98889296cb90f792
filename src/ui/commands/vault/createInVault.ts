/** Create Certificate in Vault: the vault makes key and certificate. */
import * as vscode from 'vscode';
import type { CreateOptions, CreationOutcome, Vault, VaultClient, VaultPolicy } from '../../../azure/types.ts';
import type { CreatedInVault } from '../../automation/vault.ts';
import { askVault } from '../../flows/vaultCertificate.ts';
import { askVaultName } from '../../flows/vaultName.ts';
import type { NameAnswer, NameConflict } from '../../flows/vaultName.ts';
import { askPolicy } from '../../flows/vaultPolicy.ts';
import { back } from '../../questions.ts';
import type { Services } from '../../services.ts';
import { runSteps } from '../../steps.ts';
import type { Step } from '../../steps.ts';
import { openVault } from '../../vaults/openVault.ts';
import type { Command, Run } from '../run.ts';
import { freeName, givenName } from './conflicts.ts';
import { awaitCreation, tellCreated } from './creating.ts';
import { policyOf, policyTools } from './policyOptions.ts';
import { createInVaultSchema } from './schemas.ts';
import { changeVault, resultOf, vaultCall, vaultOf } from './target.ts';
import type { Target } from './target.ts';
import { askFolder, assertFree, freeFile } from './where.ts';

/** The ways out of a taken name that make sense for a creation. */
const offers: readonly NameConflict[] = ['newVersion', 'renew', 'recover', 'purge', 'wait', 'cancelPending'];

interface Answers {
  client?: VaultClient;
  answer?: NameAnswer;
  policy?: VaultPolicy;
  csrFile?: string;
}

export const createInVault: Command<'createInVault'> = {
  schema: createInVaultSchema,
  changes: true,
  fromItem: ({ vault }) => (typeof vault === 'string' ? { vault } : {}),
  async run(run, services) {
    const title = vscode.l10n.t('Create Certificate in Vault');
    const given = policyOf(run.options, services);
    if (run.options.csrFile !== undefined) await assertFree(run.options.csrFile, services);
    const answers = run.interactive
      ? await ask(run, title, given, services)
      : await withoutQuestions(run, title, services);
    const { client, answer } = answers;
    if (client === undefined || answer === undefined) throw new Error('The questions were left unanswered.');
    const policy = answers.policy ?? services.azure().vaults.completePolicy({ subject: `CN=${answer.name}`, ...given });
    const csrFile = run.options.csrFile ?? answers.csrFile;
    return perform(
      { client, name: answer.name, call: vaultCall(run) },
      answer.conflict,
      { policy, csrFile },
      run,
      services,
    );
  },
};

/** At most three questions on the usual way: vault, name, and the list of options whose first row creates. */
async function ask(
  run: Run<'createInVault'>,
  title: string,
  given: Partial<VaultPolicy>,
  services: Services,
): Promise<Answers> {
  const { options } = run;
  const { setupPorts } = services;
  const client = options.vault === undefined ? undefined : await openVault(services, options.vault);
  const clientOf = (answers: Answers): VaultClient => {
    if (answers.client === undefined) throw new Error('The vault is not chosen.');
    return answers.client;
  };
  const goesOn = ({ answer }: Answers) => answer?.conflict === undefined || changes.includes(answer.conflict);
  const steps: Step<Answers>[] = [
    {
      id: 'vault',
      needed: (answers) => answers.client === undefined,
      ask: async (questions, frame) => {
        const vault: Vault | typeof back = await askVault(services, questions, frame);
        return vault === back ? back : { client: services.azure().vaults.open(vault) };
      },
    },
    {
      id: 'name',
      needed: (answers) => answers.answer === undefined,
      ask: async (questions, frame, answers, before) => {
        const value = before?.answer?.name ?? options.name ?? '';
        const answer = await askVaultName(clientOf(answers), questions, frame, value, setupPorts.clock, offers);
        return answer === back ? back : { answer };
      },
    },
    {
      id: 'policy',
      needed: (answers) => answers.policy === undefined && goesOn(answers),
      ask: async (questions, frame, answers, before) => {
        const name = answers.answer?.name ?? '';
        const usual = services.azure().vaults.completePolicy({ subject: `CN=${name}`, ...given });
        const wish = {
          placeholder: vscode.l10n.t('Create {0} in {1}?', name, clientOf(answers).vault.name),
          done: vscode.l10n.t('Create Certificate'),
        };
        const tools = policyTools(clientOf(answers), services);
        const policy = await askPolicy(questions, frame, before?.policy ?? usual, wish, tools);
        return policy === back ? back : { policy };
      },
    },
    {
      id: 'csrFile',
      needed: ({ policy, csrFile }) =>
        policy?.issuer === 'Unknown' && csrFile === undefined && options.csrFile === undefined,
      ask: async (_questions, frame, answers) => {
        const folder = await askFolder(frame, services);
        return folder === back
          ? back
          : { csrFile: await freeFile(folder, answers.answer?.name ?? '', '.csr', services) };
      },
    },
  ];
  return runSteps(title, steps, client === undefined ? {} : { client }, services.questions);
}

/** But for what has no default: the vault and the name. */
async function withoutQuestions(run: Run<'createInVault'>, title: string, services: Services): Promise<Answers> {
  const client = await vaultOf(run, title, services);
  return { client, answer: await givenName(client, run, offers, title, services) };
}

/** These make something new; the other ways out of a taken name do not. */
const changes: readonly NameConflict[] = ['newVersion', 'purge', 'cancelPending'];

async function perform(
  target: Target,
  conflict: NameConflict | undefined,
  wish: { readonly policy: VaultPolicy; readonly csrFile: string | undefined },
  run: Run<'createInVault'>,
  services: Services,
): Promise<CreatedInVault> {
  const { client, name } = target;
  const { interactive } = run;
  const { enabled, tags, waitSeconds, confirm } = run.options;
  if (conflict === 'recover') {
    const title = vscode.l10n.t('Recovering {0} in {1}', name, client.vault.name);
    const details = await changeVault(target, title, services, (options) => client.recover(name, options));
    if (interactive) tellCreated(target, details);
    return { status: 'recovered', ...resultOf(client, details) };
  }
  await freeName(target, conflict, confirm, services);
  const title = vscode.l10n.t('Creating {0} in {1}', name, client.vault.name);
  const request = {
    name,
    policy: wish.policy,
    ...(enabled === undefined ? {} : { enabled }),
    ...(tags === undefined ? {} : { tags }),
  };
  const start = (options: CreateOptions): Promise<CreationOutcome> => {
    if (conflict === 'wait') return client.waitForCreation(name, options);
    return conflict === 'renew' ? client.renew(name, options) : client.create(request, options);
  };
  const result = await awaitCreation(
    { target, title, csrFile: wish.csrFile, waitSeconds, interactive, start },
    services,
  );
  run.log(`${name} in ${client.vault.origin}: ${result.status}`);
  return result;
}
