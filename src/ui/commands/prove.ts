/** Prove Sign-In: a token is really requested as the app would request it. */
import * as vscode from 'vscode';
import { CancelledError, ExpectedError } from '../../base/errors.ts';
import type { AppConfig } from '../../appConfig/types.ts';
import { noteProof, proofsOf, proveApp, proveIdentity, tenantOf } from '../../setup/index.ts';
import type { ProveResult } from '../../setup/index.ts';
import { openCredential } from '../flows/certificateFile.ts';
import { chooseConfig } from '../flows/chooseConfig.ts';
import { back } from '../questions.ts';
import { proveWithProgress, provingTools } from '../registering/provingTools.ts';
import type { Services } from '../services.ts';
import { proofReport } from '../views/proofReport.ts';
import { candidateConfigs, relative } from './appConfigs.ts';
import type { Command, Run } from './run.ts';
import { proveSchema } from './schemas.ts';

export const prove: Command<'prove'> = {
  schema: proveSchema,
  // It reads keys and uses them.
  changes: true,
  fromFile: (file) => ({ config: file }),
  async run(run, services) {
    const { options } = run;
    const explicit = options.certificate !== undefined;
    const { config, result } = explicit
      ? { config: undefined, result: await proveGiven(run, services) }
      : await proveConfig(run, services);
    run.log(result.ok ? `proven with ${result.algorithm ?? ''}` : `not proven: ${result.error?.code ?? ''}`);
    if (run.interactive) services.reports.show(`proof ${config?.file ?? ''}`, proofReport(result, config, relative));
    return result;
  },
};

async function proveConfig(run: Run<'prove'>, services: Services): Promise<{ config: AppConfig; result: ProveResult }> {
  const { options } = run;
  const title = vscode.l10n.t('Prove Sign-In');
  const config = await chooseConfig(
    await candidateConfigs(options.config, options.line, services),
    title,
    services.questions,
    relative,
  );
  const { clientId, authority } = options;
  // What is given wins over what the code says.
  const asked: AppConfig = {
    ...config,
    ...(clientId === undefined ? {} : { clientId: { value: clientId, source: { kind: 'literal' } } }),
    ...(authority === undefined ? {} : { authority: { value: authority, source: { kind: 'literal' } } }),
  };
  const keep = !isOther(clientId, config.clientId?.value) && !isOther(authority, config.authority?.value);
  const tenant = options.tenant ?? (await askTenant(asked, run, services));
  const tools = provingTools(services, run.masker, run.interactive);
  const result = await proveWithProgress((progress) =>
    proveApp(asked, tools, { ...progress, keep, ...patienceOf(options), ...(tenant === undefined ? {} : { tenant }) }),
  );
  const [proof] = await proofsOf(config.file, services.setupPorts);
  if (result.ok && keep && proof !== undefined) await noteProof(config.file, proof, services.setupPorts);
  return { config, result };
}

/** Whether an option stands in for something else that the code says: then the app itself is not proven. */
function isOther(given: string | undefined, said: string | undefined): boolean {
  return given !== undefined && said !== undefined && given.toLowerCase() !== said.toLowerCase();
}

async function proveGiven(run: Run<'prove'>, services: Services): Promise<ProveResult> {
  const { certificate, clientId, authority, tenant } = run.options;
  if (certificate === undefined || clientId === undefined || authority === undefined) {
    throw new ExpectedError(
      'invalid-options',
      vscode.l10n.t(
        'A proof without app config needs the options "certificate", "clientId" and "authority". Give all three, or "config" alone.',
      ),
    );
  }
  const material = await openCredential(certificate, services);
  const { thumbprintSha256 = '', thumbprintSha1 = '' } = material.description;
  const tools = provingTools(services, run.masker, run.interactive);
  return proveWithProgress((progress) =>
    proveIdentity(
      {
        clientId: { value: clientId, source: { kind: 'literal' } },
        authority: { value: authority, source: { kind: 'literal' } },
        knownAuthorities: 'unknown',
        msal: { source: 'unknown' },
      },
      {
        sign: tools.prover.localSigner(material.privateKeyPkcs8),
        thumbprintProperty: 'thumbprintSha256',
        configured: thumbprintSha256,
        certificate: { thumbprintSha256, thumbprintSha1 },
      },
      tools,
      { ...progress, ...patienceOf(run.options), ...(tenant === undefined ? {} : { tenant }) },
    ),
  );
}

function patienceOf({ patience }: { readonly patience?: number }): { patience?: number } {
  return patience === undefined ? {} : { patience: patience * 1000 };
}

/** A token for the app itself comes from one tenant; where the authority names none, only its user knows which. */
export async function askTenant(
  config: Pick<AppConfig, 'authority' | 'tenantKind'>,
  run: Pick<Run<'prove'>, 'interactive'>,
  services: Services,
): Promise<string | undefined> {
  const authority = config.authority?.value;
  const namesNone = authority === undefined || /\/(common|organizations|consumers)\/?$/i.test(authority);
  if (!run.interactive || !namesNone || tenantOf(authority) !== undefined || config.tenantKind === 'b2c')
    return undefined;
  const tenant = await services.questions.text({
    title: vscode.l10n.t('Tenant of the App Registration'),
    prompt: vscode.l10n.t(
      'The authority names no single tenant. Tenant ID or domain in which the app is registered, as the portal shows it under "Directory (tenant) ID".',
    ),
    validate: (value) =>
      /^[0-9a-z][0-9a-z.-]*$/i.test(value.trim())
        ? undefined
        : { message: vscode.l10n.t('A tenant ID or a domain, e.g. contoso.onmicrosoft.com'), severity: 'error' },
  });
  if (tenant === back) throw new CancelledError();
  return tenant.trim();
}
