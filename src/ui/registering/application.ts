/** Which app registration a command is about: from its options, from the app config, or asked. */
import * as vscode from 'vscode';
import { CancelledError, ExpectedError, isExpectedError } from '../../base/errors.ts';
import type { AppConfig } from '../../appConfig/types.ts';
import type { ApplicationName, RegistrationSummary } from '../../azure/types.ts';
import { tenantOf } from '../../setup/index.ts';
import { configsIn, relative, workspaceConfigs } from '../commands/appConfigs.ts';
import { back } from '../questions.ts';
import type { Back, Choice } from '../questions.ts';
import type { Services } from '../services.ts';
import { fittingConfigs } from './fittingConfigs.ts';
import { checkCloud } from './otherCloud.ts';

export interface AskedApplication {
  readonly config?: string;
  readonly application?: string;
  readonly tenant?: string;
}

export interface ChosenApplication extends ApplicationName {
  /** The config that the registration was found by. */
  readonly config?: AppConfig;
}

const memoryKey = 'registrations';
const remembered = 5;

/**
 * The registration that is meant.
 * Rejects with `client-id-needed`, `several-applications`, `app-tenant-needed` where the options leave it open and nobody may be asked; with
 * `authority-in-other-cloud`; CancelledError.
 * @param interactive whether it may be asked for
 */
export async function chooseApplication(
  asked: AskedApplication,
  title: string,
  services: Services,
  interactive: boolean,
): Promise<ChosenApplication> {
  const chosen = await choose(asked, title, services, interactive);
  checkCloud(chosen.config?.authority?.value, services.azureAccess.settings().cloud);
  return chosen;
}

async function choose(
  asked: AskedApplication,
  title: string,
  services: Services,
  interactive: boolean,
): Promise<ChosenApplication> {
  const { fitting, open } = fittingConfigs(await configsFor(asked, services), asked);
  const named = asked.application;
  const [config = named === undefined ? undefined : open, another] = fitting;
  if (named !== undefined || (config !== undefined && another === undefined)) {
    const appId = named ?? config?.clientId?.value;
    if (appId === undefined || appId === '') throw clientIdNeeded(config?.file);
    // Configs that name one application and different tenants leave open which is meant.
    const tenants = new Set((fitting.length === 0 ? [config] : fitting).map((one) => tenantOf(one?.authority?.value)));
    const tenant = asked.tenant ?? (tenants.size === 1 ? [...tenants][0] : undefined);
    return finish(appId, tenant, config, title, services, interactive);
  }
  if (!interactive) throw another === undefined ? clientIdNeeded(asked.config) : severalApplications(fitting);
  const chosen = await askApplication(fitting, asked.tenant ?? tenantOf(open?.authority?.value), title, services);
  return { ...(open === undefined ? {} : { config: open }), ...chosen };
}

/** Configs that may tell; those of the whole workspace only where they are needed. */
async function configsFor({ config, application, tenant }: AskedApplication, services: Services): Promise<AppConfig[]> {
  if (config !== undefined) return configsIn(config, undefined, services);
  if (application !== undefined && tenant !== undefined) return [];
  if (services.roots().length === 0) return [];
  return workspaceConfigs(services);
}

async function finish(
  appId: string,
  tenant: string | undefined,
  config: AppConfig | undefined,
  title: string,
  services: Services,
  interactive: boolean,
): Promise<ChosenApplication> {
  const known = tenant ?? (interactive ? await askTenant(title, services) : undefined);
  if (known === undefined) throw tenantNeeded(appId, config?.file);
  return { appId, tenant: known, ...(config === undefined ? {} : { config }) };
}

async function askApplication(
  configs: readonly AppConfig[],
  tenant: string | undefined,
  title: string,
  services: Services,
): Promise<ChosenApplication> {
  const recent = recentApplications(services);
  const search = 'search';
  const chosen = await services.questions.pick<AppConfig | ApplicationName | typeof search>({
    title,
    placeholder: vscode.l10n.t('Which app registration?'),
    choices: [
      ...configs.map((config) => ({
        label: config.clientId?.value ?? '',
        description: relative(config.file),
        icon: 'file-code',
        group: vscode.l10n.t('App configs of this workspace'),
        value: config,
      })),
      ...recent.map((one) => ({
        label: one.displayName,
        description: one.appId,
        icon: 'history',
        group: vscode.l10n.t('Recent'),
        value: one,
      })),
      {
        label: vscode.l10n.t('Search app registrations…'),
        icon: 'search',
        group: vscode.l10n.t('Others'),
        value: search,
      },
    ],
  });
  if (chosen === back) throw new CancelledError();
  if (chosen === search) return searchApplication(tenant ?? (await askTenant(title, services)), title, services);
  if ('appId' in chosen) return { appId: chosen.appId, tenant: chosen.tenant };
  return finish(
    chosen.clientId?.value ?? '',
    tenant ?? tenantOf(chosen.authority?.value),
    chosen,
    title,
    services,
    true,
  );
}

/** The tenants of the account, or one that is typed: id or domain. */
async function askTenant(title: string, services: Services): Promise<string> {
  const tenant = await services.questions.pick<string>({
    title,
    placeholder: vscode.l10n.t('In which tenant is the app registered? Choose one, or type its id or domain'),
    choices: services.azureAccess.settings().tenants.map((one) => ({ label: one, icon: 'organization', value: one })),
    typed: (value) =>
      /^[\w-]+(?:\.[\w-]+)+$|^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value.trim())
        ? { label: vscode.l10n.t('Use {0}', value.trim()), icon: 'arrow-right', value: value.trim() }
        : undefined,
    more: async (add, signal) => {
      try {
        const tenants = await services.azure().discovery.tenants({ interactive: true, signal });
        add(
          tenants.map(({ id, displayName, domain }) => ({
            label: displayName ?? domain ?? id,
            description: domain ?? id,
            icon: 'organization',
            value: id,
          })),
        );
        return undefined;
      } catch (error) {
        if (!isExpectedError(error)) throw error;
        return error.message;
      }
    },
  });
  if (tenant === back) throw new CancelledError();
  return tenant;
}

/** Owned ones first, then those of the tenant that match what is typed. */
async function searchApplication(tenant: string, title: string, services: Services): Promise<ChosenApplication> {
  const { registrations } = services.azure();
  const words = await services.questions.text({
    title,
    prompt: vscode.l10n.t('Beginning of the name, or the client id; empty for all that you own'),
  });
  if (words === back) throw new CancelledError();
  const chosen: RegistrationSummary | Back = await services.questions.pick<RegistrationSummary>({
    title,
    placeholder: vscode.l10n.t('Which app registration?'),
    choices: [],
    more: async (add, signal) => {
      const call = { interactive: true, signal };
      const text = words.trim();
      const owned = await registrations.search({ tenant, scope: 'owned', text }, call);
      add(owned.registrations.map((one) => choiceOf(one, vscode.l10n.t('Owned by you'))));
      // Whoever owns none, as an application that is signed in, chooses among all.
      if (text === '' && owned.registrations.length > 0)
        return owned.more ? vscode.l10n.t('There are more; search by name.') : undefined;
      const all = await registrations.search({ tenant, scope: 'all', text }, call);
      const known = new Set(owned.registrations.map(({ appId }) => appId));
      const others = all.registrations.filter(({ appId }) => !known.has(appId));
      add(others.map((one) => choiceOf(one, vscode.l10n.t('All of the tenant'))));
      if (known.size + others.length === 0) return vscode.l10n.t('No app registration matches.');
      return all.more ? vscode.l10n.t('There are more; search by a longer name.') : undefined;
    },
  });
  if (chosen === back) throw new CancelledError();
  return { appId: chosen.appId, tenant };
}

const choiceOf = (one: RegistrationSummary, group: string): Choice<RegistrationSummary> => ({
  label: one.displayName,
  description: one.appId,
  icon: 'symbol-interface',
  group,
  value: one,
});

type Recent = ApplicationName & { readonly displayName: string };

function recentApplications({ memory }: Pick<Services, 'memory'>): readonly Recent[] {
  const kept = memory.get<unknown>(memoryKey);
  return Array.isArray(kept) ? (kept as Recent[]) : [];
}

/** The tenant in which this application was found before; undefined when that is not known. */
export function knownTenant(appId: string, services: Pick<Services, 'memory'>): string | undefined {
  return recentApplications(services).find((one) => one.appId.toLowerCase() === appId.toLowerCase())?.tenant;
}

/** Remembers a registration that was found, newest first. */
export async function rememberApplication(application: Recent, services: Services): Promise<void> {
  const { appId, tenant, displayName } = application;
  const others = recentApplications(services).filter((one) => one.appId !== appId || one.tenant !== tenant);
  await services.memory.update(memoryKey, [{ appId, tenant, displayName }, ...others].slice(0, remembered));
}

function clientIdNeeded(file: string | undefined): ExpectedError {
  return new ExpectedError(
    'client-id-needed',
    vscode.l10n.t(
      'The app registration is not known: no app config with a client id was found that can be read without running it. Give the client id as option "application", with its "tenant".',
    ),
    file === undefined ? {} : { file },
  );
}

function severalApplications(configs: readonly AppConfig[]): ExpectedError {
  const candidates = configs.map(({ clientId, file }) => ({ application: clientId?.value, config: file }));
  return new ExpectedError(
    'several-applications',
    vscode.l10n.t(
      'The workspace has app configs of several app registrations: {0}. Give one of them as option "application" or "config".',
      candidates.map(({ application, config }) => `${application ?? ''} (${relative(config)})`).join(', '),
    ),
    { data: candidates },
  );
}

function tenantNeeded(appId: string, file: string | undefined): ExpectedError {
  return new ExpectedError(
    'app-tenant-needed',
    vscode.l10n.t(
      'The tenant of the app registration {0} is not known: no authority of an app config with this client id names one. Give its id or domain as option "tenant".',
      appId,
    ),
    file === undefined ? {} : { file },
  );
}
