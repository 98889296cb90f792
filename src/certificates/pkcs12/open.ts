/** Opens a PKCS#12 file: finds the password's form by the MAC, decrypts the safes and walks over the bags. */
import { throwIfCancelled } from '../../base/errors.ts';
import { ContentsBuilder, type FileContents } from '../contents.ts';
import { openSealed, type Sealed } from '../encryption/decrypting.ts';
import { distinctForms, passwordForms, type PasswordForm } from '../encryption/kdf.ts';
import { KdfBudget } from '../encryption/kdfLimits.ts';
import { attempt, damagedFile, passwordRequired, wrongPassword, wrongPasswordOrDamaged } from '../errors.ts';
import { openEncryptedPkcs8, orLocked, type KeyContent } from '../keys/encryptedKey.ts';
import { Oid } from '../oids.ts';
import type { FileKind, OpenOptions } from '../types.ts';
import { addBag, encryptedParts, plainPartsAreBroken } from './bags.ts';
import { macFits } from './mac.ts';
import { readBags, readKeyBag, readPfx, type Bag, type Pfx } from './structure.ts';

/**
 * Everything in a PFX. A key that the password does not open is handed out locked.
 * Rejects with `password-required`, `wrong-password`, `damaged-file`, `unsupported-encryption`, `iterations-too-many`; throws DerError.
 */
export async function openPfx(bytes: Uint8Array, options: OpenOptions, kind: FileKind): Promise<FileContents> {
  const pfx = readPfx(bytes);
  const forms = passwordForms(options.password);
  const budget = new KdfBudget();
  spendVisible(pfx, budget);
  const form = await formByMac(pfx, forms, budget, options);
  const likely = form === undefined ? forms : [form, ...forms];
  const { bags, confirmed } = await openSafes(pfx, likely, form !== undefined, budget, options);
  const contents = new ContentsBuilder();
  for (const bag of bags) {
    throwIfCancelled(options.signal);
    await addBag(bag, contents, (key) => openKey(key, budget, options, confirmed));
  }
  return contents.build(kind);
}

/**
 * All derivations that can be seen before anything is decrypted, once each: further forms of the password are paid when they are
 * tried, and keys inside encrypted safes when they appear.
 */
function spendVisible(pfx: Pfx, budget: KdfBudget): void {
  if (pfx.mac !== undefined) budget.spend(pfx.mac.kdf);
  for (const safe of pfx.safes) {
    if ('sealed' in safe) budget.spend(safe.sealed.scheme.kdf);
    else for (const bag of safe.bags) spendBag(bag, budget);
  }
}

function spendBag(bag: Bag, budget: KdfBudget): void {
  if (bag.oid !== Oid.shroudedKeyBag) return;
  const sealed = attempt(() => ignoreUnsupported(() => readKeyBag(bag)));
  if (sealed !== undefined) budget.spend(sealed.scheme.kdf);
}

/** The form of the password that the MAC confirms; undefined when the file has no MAC. */
async function formByMac(
  pfx: Pfx,
  forms: readonly PasswordForm[],
  budget: KdfBudget,
  options: OpenOptions,
): Promise<PasswordForm | undefined> {
  const { mac } = pfx;
  if (mac === undefined) return undefined;
  for (const [index, form] of distinctForms(forms, mac.kdf).entries()) {
    if (index > 0 && !budget.afford(mac.kdf)) break;
    if (await macFits(mac, pfx.authenticated, form, options.signal)) return form;
  }
  // An absent password is tried like any other: the files of Key Vault have none, and they can be damaged as well.
  if ((await opensSomething(pfx, forms, budget, options)) || (await plainPartsAreBroken(pfx))) throw damagedFile();
  if (options.password === undefined) throw passwordRequired('file');
  // Damage that keeps two parts from opening is next to impossible; with one part, or none, it may be that.
  throw encryptedParts(pfx) > 1 ? wrongPassword() : wrongPasswordOrDamaged('checkSum');
}

/** Whether the password decrypts a part into something sensible: then it was right and the file has changed since. */
async function opensSomething(
  pfx: Pfx,
  forms: readonly PasswordForm[],
  budget: KdfBudget,
  options: OpenOptions,
): Promise<boolean> {
  for (const safe of pfx.safes) {
    if ('sealed' in safe) {
      const bags = await openSafe(safe.sealed, forms, budget, options);
      if (bags !== undefined && bags.length > 0) return true;
      continue;
    }
    for (const bag of safe.bags) {
      if (bag.oid !== Oid.shroudedKeyBag) continue;
      // Not with the key's own password: that tells nothing about the file's.
      const key = await openKeyWith([options.password ?? ''], bag, budget, options);
      if ('pkcs8' in key || key.locked.code === 'damaged-file') return true;
    }
  }
  return false;
}

/** All bags, and whether the password is known to be the right one. */
async function openSafes(
  pfx: Pfx,
  forms: readonly PasswordForm[],
  confirmedByMac: boolean,
  budget: KdfBudget,
  options: OpenOptions,
): Promise<{ bags: Bag[]; confirmed: boolean }> {
  const bags: Bag[] = [];
  let confirmed = confirmedByMac;
  for (const safe of pfx.safes) {
    if ('bags' in safe) {
      bags.push(...safe.bags);
      continue;
    }
    const found = await openSafe(safe.sealed, forms, budget, options);
    if (found === undefined) {
      // The MAC or another safe has shown that the password is right, so this part must be broken.
      if (confirmed) throw damagedFile();
      throw options.password === undefined ? passwordRequired('file') : wrongPasswordOrDamaged('file');
    }
    confirmed = true;
    for (const bag of found) spendBag(bag, budget);
    bags.push(...found);
  }
  return { bags, confirmed };
}

async function openSafe(
  sealed: Sealed,
  forms: readonly PasswordForm[],
  budget: KdfBudget,
  options: OpenOptions,
): Promise<Bag[] | undefined> {
  const { ivLength } = sealed.scheme.cipher;
  if (sealed.data.length === 0 || (ivLength > 0 && sealed.data.length % ivLength !== 0)) throw damagedFile();
  const opened = await openSealed(sealed, forms, budget, 'pkcs12', readBags, options.signal);
  if (opened === 'damaged') throw damagedFile();
  return opened?.value;
}

/** Java gives keys their own password; it is tried after the file's, which `confirmed` says is right for the file. */
async function openKey(bag: Bag, budget: KdfBudget, options: OpenOptions, confirmed: boolean): Promise<KeyContent> {
  const passwords = [options.password ?? '', options.keyPassword].filter((password) => password !== undefined);
  const content = await openKeyWith(passwords, bag, budget, options);
  if ('pkcs8' in content || content.locked.code !== 'wrong-password' || options.keyPassword !== undefined)
    return content;
  if (confirmed) return { locked: passwordRequired('key') };
  return { locked: options.password === undefined ? passwordRequired('file') : wrongPasswordOrDamaged('file') };
}

async function openKeyWith(
  passwords: readonly string[],
  bag: Bag,
  budget: KdfBudget,
  { signal }: OpenOptions,
): Promise<KeyContent> {
  return orLocked(async () => openEncryptedPkcs8(readKeyBag(bag), passwords, budget, 'pkcs12', signal));
}

function ignoreUnsupported<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as { code?: unknown }).code === 'unsupported-encryption') return undefined;
    throw error;
  }
}
