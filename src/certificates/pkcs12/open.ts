/** Opens a PKCS#12 file: finds the password's form by the MAC, decrypts the safes and walks over the bags. */
import { throwIfCancelled } from '../../base/errors.ts';
import { ContentsBuilder, type FileContents, type Pairing } from '../contents.ts';
import { children, elements, expectTag, octets, oidText, readDer, Tag, type DerNode } from '../der.ts';
import { openSealed, type Sealed } from '../encryption/decrypting.ts';
import { passwordForms, type PasswordForm } from '../encryption/kdf.ts';
import { KdfBudget } from '../encryption/kdfLimits.ts';
import { attempt, damagedFile, passwordRequired, wrongPassword, wrongPasswordOrDamaged } from '../errors.ts';
import { openEncryptedPkcs8, orLocked, type KeyContent } from '../keys/encryptedKey.ts';
import { toPkcs8 } from '../keys/pkcs8.ts';
import { stringText } from '../names.ts';
import { Oid } from '../oids.ts';
import type { FileKind, OpenOptions } from '../types.ts';
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
  spendVisible(pfx, budget, forms.length);
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

/** All derivations that can be seen before anything is decrypted; keys inside encrypted safes are added when they appear. */
function spendVisible(pfx: Pfx, budget: KdfBudget, forms: number): void {
  if (pfx.mac !== undefined) budget.spend(pfx.mac.kdf, pfx.mac.kdf.kind === 'pkcs12' ? forms : 1);
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
  for (const form of forms) if (await macFits(mac, pfx.authenticated, form, options.signal)) return form;
  if (options.password === undefined || options.password === '') {
    if (options.password === undefined) throw passwordRequired('file');
    throw wrongPassword('file');
  }
  if (await opensSomething(pfx, forms, budget, options)) throw damagedFile();
  throw wrongPassword('file');
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
      if ((await openSafe(safe.sealed, forms, budget, options)) !== undefined) return true;
      continue;
    }
    for (const bag of safe.bags) {
      if (bag.oid === Oid.shroudedKeyBag && 'pkcs8' in (await openKey(bag, budget, options))) return true;
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
      throw options.password === undefined ? passwordRequired('file') : wrongPasswordOrDamaged();
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
  return (await openSealed(sealed, forms, budget, 'pkcs12', readBags, options.signal))?.value;
}

async function addBag(bag: Bag, contents: ContentsBuilder, open: (bag: Bag) => Promise<KeyContent>): Promise<void> {
  const pairing = readPairing(bag.attributes);
  if (bag.oid === Oid.certBag) {
    const [type, wrapped] = children(bag.value);
    // SDSI certificates, the other kind of RFC 7292, are no X.509 certificates.
    if (oidText(type) !== Oid.x509Certificate) return;
    contents.addCertificate(
      octets(elements(expectTag(wrapped, Tag.context(0), 'A certificate bag').content)[0]),
      pairing,
    );
  } else if (bag.oid === Oid.keyBag) {
    const pkcs8 = toPkcs8(bag.value.bytes);
    contents.addKey(pkcs8 === undefined ? { locked: damagedFile() } : { pkcs8 }, pairing);
  } else if (bag.oid === Oid.shroudedKeyBag) {
    contents.addKey(await open(bag), pairing);
  }
  // Revocation lists, secrets and unknown bags are not needed.
}

/** Java gives keys their own password; it is tried after the file's, which `confirmed` says is right for the file. */
async function openKey(bag: Bag, budget: KdfBudget, options: OpenOptions, confirmed = false): Promise<KeyContent> {
  const passwords = [options.password ?? '', options.keyPassword].filter((password) => password !== undefined);
  const content = await orLocked(async () =>
    openEncryptedPkcs8(readKeyBag(bag), passwords, budget, 'pkcs12', options.signal),
  );
  if ('pkcs8' in content || content.locked.code !== 'wrong-password' || options.keyPassword !== undefined)
    return content;
  if (confirmed) return { locked: passwordRequired('key') };
  return { locked: options.password === undefined ? passwordRequired('file') : wrongPasswordOrDamaged() };
}

function readPairing(attributes: DerNode | undefined): Pairing {
  const pairing: { friendlyName?: string; localKeyId?: string } = {};
  for (const attribute of attributes === undefined ? [] : (attempt(() => children(attributes)) ?? [])) {
    const [type, values] = attempt(() => children(attribute)) ?? [];
    const value = values === undefined ? undefined : attempt(() => readDer(values.content));
    if (type?.tag !== Tag.oid || value === undefined) continue;
    const oid = oidText(type);
    if (oid === Oid.localKeyId) pairing.localKeyId = Buffer.from(value.content).toString('hex').toUpperCase();
    if (oid === Oid.friendlyName) {
      const text = stringText(value);
      if (text !== undefined && text !== '') pairing.friendlyName = text;
    }
  }
  return pairing;
}

function ignoreUnsupported<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as { code?: unknown }).code === 'unsupported-encryption') return undefined;
    throw error;
  }
}
