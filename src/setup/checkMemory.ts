/**
 * Remembers what was found out about a credential as long as the files it came from stay the same: decrypting a key takes a tenth of a
 * second, and an open config is checked after every pause in typing. Holds facts and hashes, never a key.
 */
import { createHash } from 'node:crypto';
import type { AppConfig } from '../appConfig/types.ts';
import type { FileFacts, FileReader } from '../base/ports.ts';
import type { AppFacts } from '../diagnosis/types.ts';

export interface CheckMemory {
  /**
   * The facts about this credential; `look` is asked only when the config, a file that it read last time or `by` has changed.
   * @param by what else the facts follow from, as a text
   */
  facts(
    config: AppConfig,
    files: FileReader,
    look: (files: FileReader) => Promise<AppFacts>,
    now: number,
    by?: string,
  ): Promise<AppFacts>;
}

interface Remembered {
  readonly about: string;
  readonly at: number;
  /** What was read, by path and kind of question, as a hash of the answer. */
  readonly answers: ReadonlyMap<string, string>;
  readonly facts: AppFacts;
}

/** Certificates expire while a window stays open. */
const maximumAge = 3_600_000;
const maximumEntries = 50;

/** Makes a memory for one window. */
export function createCheckMemory(): CheckMemory {
  const remembered = new Map<string, Remembered>();
  return {
    async facts(config, files, look, now, by) {
      const name = `${config.file}:${config.line}`;
      const about = JSON.stringify([config.certificate, config.envFile, config.appRoot, config.alternatives, by]);
      const known = remembered.get(name);
      if (known?.about === about && now - known.at < maximumAge && (await isSame(known.answers, files)))
        return known.facts;
      const answers = new Map<string, string>();
      const facts = await look(recording(files, answers));
      remembered.delete(name);
      remembered.set(name, { about, at: now, answers, facts });
      const [oldest] = remembered.keys();
      if (remembered.size > maximumEntries && oldest !== undefined) remembered.delete(oldest);
      return facts;
    },
  };
}

function recording(files: FileReader, answers: Map<string, string>): FileReader {
  const asked = async <T>(question: string, ask: () => Promise<T>, toText: (answer: T) => string): Promise<T> => {
    try {
      const answer = await ask();
      answers.set(question, toText(answer));
      return answer;
    } catch (error) {
      // What cannot be read now may be readable later.
      answers.set(question, failure(error));
      throw error;
    }
  };
  return {
    read: (path) => asked(`read ${path}`, () => files.read(path), hash),
    stat: (path) => asked(`stat ${path}`, () => files.stat(path), textOf),
    list: (folder) => files.list(folder),
  };
}

async function isSame(answers: ReadonlyMap<string, string>, files: FileReader): Promise<boolean> {
  for (const [question, answer] of answers) {
    const path = question.slice(5);
    const now = question.startsWith('read ') ? files.read(path).then(hash) : files.stat(path).then(textOf);
    if ((await now.catch(failure)) !== answer) return false;
  }
  return true;
}

function failure(error: unknown): string {
  return `failed: ${error instanceof Error ? error.message : String(error)}`;
}

function textOf(facts: FileFacts | undefined): string {
  return facts === undefined ? '' : JSON.stringify(facts);
}

function hash(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : createHash('sha256').update(bytes).digest('base64');
}
