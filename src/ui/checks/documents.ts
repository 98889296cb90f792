/** The check of the app configs that are shown: after every pause in typing, on what the editors hold, saved or not. */
import * as vscode from 'vscode';
import { isExpectedError } from '../../base/errors.ts';
import { createMasker } from '../../base/masking.ts';
import type { AppConfig, ReadAppOptions } from '../../appConfig/types.ts';
import { createCheckMemory, proofsOf } from '../../setup/index.ts';
import type { CertificateInUse, Git } from '../../setup/index.ts';
import type { Services } from '../services.ts';
import { checkHere } from './checking.ts';
import { overlay } from './overlay.ts';
import type { CheckedApp } from './statusText.ts';

export interface CheckedDocument {
  readonly uri: vscode.Uri;
  /** Version of the document that offsets count in; undefined for a file that no editor holds. */
  readonly version: number | undefined;
  readonly apps: readonly CheckedApp[];
}

export interface ConfigDocuments {
  /** Checks a document that is shown; nothing happens where it holds no config. Never rejects. */
  check(document: vscode.TextDocument): Promise<void>;
  /** The document is not shown any more. */
  close(uri: vscode.Uri): void;
  /** The file is gone. */
  remove(uri: vscode.Uri): void;
  /** Files around the configs have changed: what was found in them is forgotten. */
  forget(): void;
  /** Checks configs of files, shown or not. */
  checkConfigs(configs: readonly AppConfig[], signal: AbortSignal): Promise<readonly CheckedDocument[]>;
  /** Certificates of a config whether it is open or not, told to nobody; undefined where it cannot be read or names none. */
  certificatesOf(file: string): Promise<readonly CertificateInUse[] | 'gone' | undefined>;
  of(uri: vscode.Uri): CheckedDocument | undefined;
  all(): readonly CheckedDocument[];
  readonly onDidChange: vscode.Event<CheckedDocument>;
}

export function createConfigDocuments(services: Services, report: (error: unknown) => void): ConfigDocuments {
  const changed = new vscode.EventEmitter<CheckedDocument>();
  const checked = new Map<string, CheckedDocument>();
  /** Files that the whole workspace's check has looked at: their findings stay when they are closed. */
  const kept = new Set<string>();
  /** By document: the check that was begun last. */
  const newest = new Map<string, number>();
  let rounds = 0;
  const memory = createCheckMemory();
  let searched = new Map<string, Promise<unknown>>();
  const loads: NonNullable<ReadAppOptions['loads']> = new Map();
  const git = rememberingGit(services.setupPorts.git);

  const publish = (document: CheckedDocument) => {
    const name = document.uri.toString();
    const before = checked.get(name);
    if (document.apps.length === 0 && before === undefined) return;
    if (document.apps.length === 0) checked.delete(name);
    else checked.set(name, document);
    changed.fire(document);
  };

  const checkOne = async (config: AppConfig, isGitAsked: boolean): Promise<CheckedApp> => {
    const masker = createMasker();
    const asked = isGitAsked ? { git } : git.known(config.certificate?.keyFile);
    const announce = (secret: string) => {
      masker.add(secret);
    };
    const { setup, ...result } = await checkHere(config, services, announce, {
      memory,
      files: overlay(services.files),
      ...asked,
    });
    const thumbprint = result.certificate?.thumbprintSha256;
    const proof =
      thumbprint === undefined
        ? undefined
        : (await proofsOf(config.file, services.setupPorts)).find(
            ({ thumbprintSha256 }) => thumbprintSha256 === thumbprint,
          );
    return {
      ...result,
      ...(thumbprint !== undefined && setup?.certificate.thumbprintSha256 === thumbprint
        ? { registered: setup.registered }
        : {}),
      ...(proof === undefined ? {} : { proof }),
    };
  };

  const checkDocument = async (document: vscode.TextDocument): Promise<void> => {
    const { uri, version } = document;
    const round = ++rounds;
    newest.set(uri.toString(), round);
    const reader = overlay(services.searched);
    const roots = services.roots();
    const configs = await services.appConfigs().readAppConfigs(uri.fsPath, reader, roots, {
      searched,
      loads,
      // What a compiler wrote is not to be corrected: its source is.
      skipGenerated: true,
    });
    // Files can change while the text stays: what an earlier check of it has found is older, even when it comes last.
    const isCurrent = () => document.version === version && !document.isClosed && newest.get(uri.toString()) === round;
    if (!isCurrent()) return;
    const apps: CheckedApp[] = [];
    for (const config of configs) apps.push(await checkOne(config, false));
    if (!isCurrent()) return;
    publish({ uri, version, apps });
    // Git is another program, and slow: what it says comes after.
    if (!services.isTrusted() || configs.every(({ certificate }) => git.isKnown(certificate?.keyFile))) return;
    const withGit: CheckedApp[] = [];
    for (const config of configs) withGit.push(await checkOne(config, true));
    if (isCurrent() && codesOf(withGit) !== codesOf(apps)) {
      publish({ uri, version, apps: withGit });
    }
  };

  return {
    async check(document) {
      try {
        await checkDocument(document);
      } catch (error) {
        // Half-typed code does not parse: what was found before stays until it does.
        if (!isExpectedError(error)) report(error);
      }
    },
    close(uri) {
      newest.delete(uri.toString());
      if (kept.has(uri.toString())) return;
      publish({ uri, version: undefined, apps: [] });
    },
    remove(uri) {
      newest.delete(uri.toString());
      kept.delete(uri.toString());
      publish({ uri, version: undefined, apps: [] });
    },
    forget() {
      searched = new Map();
      git.forget();
    },
    async checkConfigs(configs, signal) {
      searched = new Map();
      git.forget();
      const byFile = new Map<string, CheckedApp[]>();
      for (const config of configs) {
        signal.throwIfAborted();
        const app = await checkOne(config, services.isTrusted());
        byFile.set(config.file, [...(byFile.get(config.file) ?? []), app]);
      }
      const documents = [...byFile].map(([file, apps]) => ({ uri: vscode.Uri.file(file), version: undefined, apps }));
      for (const old of [...kept].filter((name) => !documents.some(({ uri }) => uri.toString() === name))) {
        kept.delete(old);
        publish({ uri: vscode.Uri.parse(old), version: undefined, apps: [] });
      }
      for (const document of documents) {
        kept.add(document.uri.toString());
        publish(document);
      }
      return documents;
    },
    async certificatesOf(file) {
      try {
        const options = { searched, loads, skipGenerated: true };
        const configs = await services
          .appConfigs()
          .readAppConfigs(file, overlay(services.searched), services.roots(), options);
        if (configs.every(({ credential }) => credential === 'secret')) return 'gone';
        const apps: CheckedApp[] = [];
        for (const config of configs) apps.push(await checkOne(config, false));
        const used = usedIn({ uri: vscode.Uri.file(file), apps });
        return used.length === 0 ? undefined : used;
      } catch (error) {
        // What cannot be read just now may still use what it used.
        if (!isExpectedError(error)) throw error;
        return undefined;
      }
    },
    of: (uri) => checked.get(uri.toString()),
    all: () => [...checked.values()],
    onDidChange: changed.event,
  };
}

/** The certificates that the apps of a document sign in with, as far as they are known here. */
export function usedIn({ uri, apps }: Pick<CheckedDocument, 'uri' | 'apps'>): CertificateInUse[] {
  return apps.flatMap(({ certificate }) => {
    const { thumbprintSha256, notAfter, notBefore } = certificate ?? {};
    if (thumbprintSha256 === undefined || notAfter === undefined) return [];
    const life = { notAfter, ...(notBefore === undefined ? {} : { notBefore }) };
    return [{ config: uri.fsPath, thumbprintSha256, ...life }];
  });
}

function codesOf(apps: readonly CheckedApp[]): string {
  return apps.map(({ findings }) => findings.map(({ code }) => code).join()).join('|');
}

interface RememberingGit extends Git {
  isKnown(path: string | undefined): boolean;
  /** For spreading into the options of a check: git only where it needs not be asked. */
  known(path: string | undefined): { git?: Git };
  forget(): void;
}

/** Asks about a path once, until files have changed; until it is asked again the last answer stands, so that nothing flickers. */
function rememberingGit(asked: Git): RememberingGit {
  const answers = new Map<string, Awaited<ReturnType<Git['check']>>>();
  const current = new Set<string>();
  let generation = 0;
  const remembered: Git = { check: (paths) => Promise.resolve(answers.get(paths.join('\n')) ?? []) };
  return {
    async check(paths, signal) {
      const name = paths.join('\n');
      const known = current.has(name) ? answers.get(name) : undefined;
      if (known !== undefined) return known;
      const asking = generation;
      const facts = await asked.check(paths, signal);
      answers.set(name, facts);
      // What was asked before files changed tells nothing about after.
      if (asking === generation) current.add(name);
      return facts;
    },
    isKnown: (path) => path === undefined || current.has(path),
    known: (path) => (path !== undefined && answers.has(path) ? { git: remembered } : {}),
    forget: () => {
      generation++;
      current.clear();
    },
  };
}
