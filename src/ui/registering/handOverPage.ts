/** The page that an administrator gets: what to do, where, and how to see that it is done. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { AdministratorCalls, Registration } from '../../azure/types.ts';
import type { CertificateDescription } from '../../certificates/types.ts';

export interface HandOverFacts {
  readonly appId: string;
  readonly tenant: string;
  readonly calls: AdministratorCalls;
  readonly certificate: CertificateDescription;
  /** Name of the certificate files without extension. */
  readonly file: string;
  /** As it was read, where it could be read. */
  readonly registration?: Registration;
}

/** Markdown. */
export function handOverPage(facts: HandOverFacts): string {
  const { appId, tenant, calls, certificate, file, registration } = facts;
  const { subject = '', notBefore = '', notAfter = '', thumbprintSha256 = '', thumbprintSha1 = '' } = certificate;
  const [get, patch] = calls.graph;
  const blocks = [
    `# ${l10n.t('Add a certificate to an app registration')}`,
    l10n.t(
      'Please add the public certificate in this folder to the app registration below. It replaces nothing: everything that is registered there has to stay. The private key is not in this folder and is not needed.',
    ),
    table([
      [l10n.t('App registration'), registration === undefined ? '' : plain(registration.displayName)],
      [l10n.t('Application (client) ID'), code(appId)],
      [l10n.t('Tenant'), code(tenant)],
      [l10n.t('Certificate'), code(`${file}.cer`)],
      [l10n.t('Subject'), plain(subject)],
      [l10n.t('Valid'), l10n.t('{0} to {1}', day(notBefore), day(notAfter))],
      [l10n.t('SHA-256 thumbprint'), code(thumbprintSha256)],
      [l10n.t('SHA-1 thumbprint'), l10n.t('{0} (the portal shows this one)', code(thumbprintSha1))],
    ]),
    l10n.t(
      'You need to own the app registration or to hold the role "Application Administrator" or "Cloud Application Administrator" in the tenant. One of the following three ways is enough.',
    ),
    `## 1. ${l10n.t('In the portal')}`,
    [
      calls.portal === undefined
        ? l10n.t('1. Open the app registration, **Certificates & secrets**, **Certificates**.')
        : l10n.t('1. Open [Certificates & secrets]({0}) of the app registration.', calls.portal),
      l10n.t('2. Choose **Upload certificate** and the file {0}.', code(`${file}.cer`)),
      l10n.t('3. Compare the thumbprint that the portal shows with the SHA-1 thumbprint above.'),
    ].join('\n'),
    `## 2. ${l10n.t('With the Azure CLI, in this folder')}`,
    fenced('sh', calls.az.join('\n')),
    `## 3. ${l10n.t('With Microsoft Graph')}`,
    l10n.t(
      'Graph replaces the list as a whole, so read it first and send every entry again with its "key" set to null. Entries that are left out are deleted.',
    ),
    fenced('http', `${get?.method ?? ''} ${get?.address ?? ''}`),
    fenced(
      'http',
      `${patch?.method ?? ''} ${patch?.address ?? ''}\nContent-Type: application/json\n\n${patch?.body ?? ''}`,
    ),
    `## ${l10n.t('Afterwards')}`,
    l10n.t(
      'Tell the developer that it is done. "Client Certificate: Continue Setup" or "Prove Sign-In" in VS Code goes on from there; new certificates work after some seconds, at times after some minutes. Please do not delete any client secret yet.',
    ),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function table(rows: readonly (readonly [string, string])[]): string {
  const lines = rows.filter(([, value]) => value !== '').map(([label, value]) => `| ${label} | ${value} |`);
  return ['| | |', '| --- | --- |', ...lines].join('\n');
}

/** A name is a stranger's text: it must not become markup. */
function plain(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\`*_{}[\]<>()#+\-.!|~&]/g, String.raw`\$&`);
}

const code = (text: string): string => `\`${text.replace(/[`|\r\n]/g, '')}\``;
const day = (time: string): string => time.slice(0, 10);

function fenced(language: string, text: string): string {
  return `~~~${language}\n${text.replaceAll('~~~', '')}\n~~~`;
}
