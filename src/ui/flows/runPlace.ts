/**
 * What lies beside an app and tells where it runs: names of files, and the text of a few small ones whose names do not tell. No file of
 * the app's code is read. Knows no editor.
 */
import path from 'node:path';
import type { FileReader } from '../../base/ports.ts';
import type { RunPlace } from './keyFromAdvice.ts';

/** Folders above the app that are looked at, and the small files that are read in each folder: a repository has few. */
const most = { folders: 4, files: 12, bytes: 65_536 };

/** Where deployments are described, below a project's folder. */
const subfolders = ['.github/workflows', 'infra', 'infrastructure', 'terraform', 'deploy', 'deployment'] as const;

/** Files that only the Azure Developer CLI, Azure Functions and Azure Resource Manager read. */
const azureNames = /^(azure\.ya?ml|.+\.bicep|azuredeploy\.json|mainTemplate\.json|local\.settings\.json)$/i;

/** Files whose text tells: deployments by GitHub, by Azure DevOps, and by Terraform. */
const azureTexts = [
  {
    name: /\.ya?ml$/i,
    in: '.github/workflows',
    text: /uses:\s*["']?azure\/(webapps|functions|container-apps|appservice|k8s)[\w-]*/i,
  },
  { name: /^azure-pipelines.*\.ya?ml$/i, text: /task:\s*["']?Azure(WebApp|RmWebApp|ContainerApps|FunctionApp)/i },
  { name: /\.tf$/i, text: /\bazurerm\b/ },
] as const;

const containerNames =
  /^(Dockerfile|Dockerfile\..+|.+\.dockerfile|Containerfile|(docker-)?compose(\..+)?\.ya?ml|Chart\.yaml|kustomization\.ya?ml|skaffold\.ya?ml|deployment\.ya?ml)$/i;
const containerFolders = /^(k8s|kubernetes|helm)$/i;

/**
 * Looks in the app's folder and in those above it that belong to the workspace. Azure counts more than a container, as containers run
 * there too. Undefined where nothing tells.
 * @param roots absolute paths of the workspace's folders
 */
export async function runPlace(
  appRoot: string,
  roots: readonly string[],
  files: Pick<FileReader, 'read' | 'stat' | 'list'>,
): Promise<RunPlace | undefined> {
  const found: RunPlace[] = [];
  for (const folder of foldersUpTo(appRoot, roots)) {
    const entries = await files.list(folder);
    const subs = await Promise.all(
      subfolders
        .filter((sub) => entries.some(({ name, kind }) => kind === 'folder' && name === sub.split('/')[0]))
        .map(async (sub) => ({ sub, entries: await files.list(path.join(folder, sub)) })),
    );
    for (const { sub, entries: here } of [{ sub: '', entries }, ...subs]) {
      const names = here.filter(({ kind }) => kind === 'file').map(({ name }) => name);
      const trace = (name: string): string => path.posix.join(sub, name);
      const azure = names.find((name) => azureNames.test(name)) ?? (await azureByText(folder, sub, names, files));
      if (azure !== undefined) return { kind: 'azure', trace: trace(azure) };
      const container =
        names.find((name) => containerNames.test(name)) ??
        here.find(({ name, kind }) => kind === 'folder' && containerFolders.test(name))?.name;
      if (container !== undefined) found.push({ kind: 'container', trace: trace(container) });
    }
  }
  const used = azurePackage(await textOf(path.join(appRoot, 'package.json'), files));
  return used === undefined ? found[0] : { kind: 'azure', trace: used, isPackage: true };
}

/** The app's folder first. */
function foldersUpTo(appRoot: string, roots: readonly string[]): string[] {
  const folders = [appRoot];
  for (let folder = appRoot; folders.length < most.folders && !roots.includes(folder);) {
    const above = path.dirname(folder);
    const isInside = roots.some((root) => above === root || above.startsWith(root + path.sep));
    if (above === folder || !isInside) break;
    folders.push(above);
    folder = above;
  }
  return folders;
}

async function azureByText(
  folder: string,
  sub: string,
  names: readonly string[],
  files: Pick<FileReader, 'read' | 'stat'>,
): Promise<string | undefined> {
  for (const sign of azureTexts) {
    if ('in' in sign && sign.in !== sub) continue;
    for (const name of names.filter((one) => sign.name.test(one)).slice(0, most.files)) {
      if (sign.text.test(await textOf(path.join(folder, sub, name), files))) return name;
    }
  }
  return undefined;
}

/** Empty where there is no such file, or where it is too large to be what is looked for. */
async function textOf(file: string, files: Pick<FileReader, 'read' | 'stat'>): Promise<string> {
  const facts = await files.stat(file);
  if (facts?.kind !== 'file' || facts.size > most.bytes) return '';
  return Buffer.from((await files.read(file)) ?? []).toString('utf8');
}

/** A package of the Azure SDK that the app uses; MSAL's own packages say nothing about where it runs. */
function azurePackage(packageJson: string): string | undefined {
  try {
    const { dependencies } = JSON.parse(packageJson.replace(/^\uFEFF/, '') || '{}') as { dependencies?: unknown };
    if (typeof dependencies !== 'object' || dependencies === null) return undefined;
    return Object.keys(dependencies).find((name) => /^@azure\/(?!msal-)[\w.-]{1,40}$/.test(name));
  } catch {
    return undefined;
  }
}
