/**
 * Text of the module that signs an app's client assertions in Key Vault, in the style that `moduleText` expects and in 80
 * columns as Prettier writes it.
 *
 * Header, claims and life are those of MSAL's own assertions (facts/tokens.md 4.1); so is the audience, which MSAL hands in
 * (External ID, sovereign clouds and regions have their own). The vault is asked for the certificate with every signing,
 * because one answer holds the certificate and the id of its key: they belong together whatever happens to versions. MSAL
 * calls the function with every request for a token, the hits of its own cache included; hence the cache here. It holds
 * nothing of a time that is yet to come: a clock that was ahead may have been set right.
 */
import type { CodeValueSource } from '../code.types.ts';
import { importLine, moduleText, settingText, type ModuleStyle } from '../moduleText.ts';
import type { VaultValues } from '../vaultPlacement.ts';

/** Name of the module, without extension, and of what it exports. */
export const signingModule = 'keyVaultAssertion';

/** Of the property `clientAssertion`, for an interface of the app's own. */
export const assertionType = '(app: { clientId: string; tokenEndpoint?: string }) => Promise<string>';

/** The whole module. */
export function signingModuleText(style: ModuleStyle, values: VaultValues): string {
  const { url, certificate, version } = values;
  // A variable can be set to "latest" later, without new code; a literal cannot.
  const mayBeLatest = version.kind === 'environment' || version.value === 'latest';
  const usesEnvironment = [url, certificate, version].some(({ kind }) => kind === 'environment');
  const parts = [
    header(style),
    keyVaultAssertion(style),
    sign(values),
    ...(mayBeLatest ? [latest] : []),
    ...(usesEnvironment ? [setting] : []),
    ...(style.imports ? [] : [`module.exports = { ${signingModule} };`]),
  ];
  const text = `${parts.join('\n\n')}\n`;
  return moduleText(style.semicolons ? text : text.replace(/; \/\/ /g, ' // '), style);
}

function header(style: ModuleStyle): string {
  const builtIn = style.imports && style.moduleKind === 'commonjs' ? '' : 'node:';
  return `/**
 * Signs client assertions in Azure Key Vault: the private key never leaves it.
 * Needs the roles Key Vault Crypto User (key) and Key Vault Reader (certificate).
 */
${importLine(style, '{ createHash, randomUUID }', `${builtIn}crypto`)}
${importLine(style, '{ DefaultAzureCredential }', '@azure/identity')}
${importLine(style, '{ CertificateClient }', '@azure/keyvault-certificates')}
${importLine(style, '{ CryptographyClient }', '@azure/keyvault-keys')}

«type App = { clientId: string; tokenEndpoint?: string };
type Limit = { abortSignal: AbortSignal };
»const goodFor = 600; // seconds, as MSAL's assertions; kept for 540 of them
const anyTenant = { additionallyAllowedTenants: ['*'] }; // the vault names its
const kept = new Map«<string, { at: number; assertion: Promise<string> }>»();
let credential«: DefaultAzureCredential | undefined»;`;
}

function keyVaultAssertion(style: ModuleStyle): string {
  return `/** MSAL calls it for every token, also for those that MSAL has kept. */
${style.imports ? 'export ' : ''}function ${signingModule}(app«: App»)«: Promise<string>» {
  const now = Math.floor(Date.now() / 1000);
  const id = JSON.stringify([app.clientId, app.tokenEndpoint]);
  const last = kept.get(id);
  if (last && last.at <= now && now < last.at + 540) return last.assertion;
  const limit = { abortSignal: AbortSignal.timeout(30_000) };
  const late = new Promise«<never>»((_, reject) => {
    const why = 'not done in 30s: no answer, or told to wait (429)';
    limit.abortSignal.onabort = () => reject(new Error(why));
  });
  const first = Promise.race([late, sign(app, now, limit)]);
  const assertion = first.catch((cause«: unknown») => {
    kept.delete(id);
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = \`Key Vault signed no client assertion: \${why}\`;
    throw Object.assign(new Error(message), { cause });
  });
  kept.set(id, { at: now, assertion }); // all who ask meanwhile share it
  return assertion;
}`;
}

function sign({ url, certificate, version }: VaultValues): string {
  return `async function sign(app«: App», now«: number», limit«: Limit») {
  const vaultUrl = ${settingText(url)};
  const name = ${settingText(certificate)};
  credential ??= new DefaultAzureCredential(anyTenant);
  const vault = new CertificateClient(vaultUrl, credential);
${versionLines(version)}
  // One answer holds both, so that certificate and key belong together
  const one = await vault.getCertificateVersion(name, version, limit);
  if (!one.cer || !one.keyId) throw new Error(\`\${name} is not complete\`);
  const thumbprint = createHash('sha256').update(one.cer).digest('base64url');
  const header = { alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint };
  const { clientId: iss, tokenEndpoint: aud } = app;
  const times = { iat: now, nbf: now, exp: now + goodFor };
  const input = [header, { aud, iss, sub: iss, jti: randomUUID(), ...times }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const digest = createHash('sha256').update(input).digest();
  const key = new CryptographyClient(one.keyId, credential);
  const { result } = await key.sign('PS256', digest, limit);
  return \`\${input}.\${Buffer.from(result).toString('base64url')}\`;
}`;
}

function versionLines(version: CodeValueSource): string {
  if (version.kind === 'environment')
    return `  let version = ${settingText(version)};
  if (version === 'latest') version = await latest(vault, name, limit);`;
  if (version.value === 'latest') return '  const version = await latest(vault, name, limit);';
  return `  const version = ${settingText(version)};`;
}

/** The design's "Latest"; where no version is usable, the vault says why when the newest is to sign. */
const latest = `/** The newest version that had a day to be registered, else the first one. */
async function latest(«vault: CertificateClient, name: string, limit: Limit»‹vault, name, limit›) {
  const all«: { createdOn?: Date; version?: string }[]» = [];
  const list = vault.listPropertiesOfCertificateVersions(name, limit);
  for await (const one of list) {
    if (one.enabled && !(Number(one.expiresOn) < Date.now())) all.push(one);
  }
  all.sort((a, b) => Number(b.createdOn) - Number(a.createdOn));
  const dayAgo = Date.now() - 24 * 60 * 60 * 1000;
  const old = all.find((one) => Number(one.createdOn) <= dayAgo);
  return (old ?? all[all.length - 1])?.version ?? '';
}`;

const setting = `function setting(name«: string») {
  const value = process.env[name];
  if (!value) throw new Error(\`\${name} is not set\`);
  return value;
}`;
