/** Private keys for certificates. RSA keys are slow to make, so a few are made and handed out in turn. */
import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Policy } from './model.ts';

export interface KeySource {
  /** Base64 PKCS#8 DER of a key as the policy wants it. */
  next(properties: Policy['key_props']): string;
}

/**
 * @param perKind how many keys of one kind are made before they come again; two make a renewal's key differ from the one before.
 */
export function createKeySource(perKind = 2): KeySource {
  const pools = new Map<string, { keys: string[]; turn: number }>();
  return {
    next(properties) {
      const kind = properties.kty.startsWith('EC')
        ? `EC ${properties.crv ?? ''}`
        : `RSA ${properties.key_size ?? 2048}`;
      const pool = pools.get(kind) ?? { keys: [], turn: 0 };
      pools.set(kind, pool);
      if (pool.keys.length < perKind)
        pool.keys.push(make(properties).export({ type: 'pkcs8', format: 'der' }).toString('base64'));
      const key = pool.keys[pool.turn % perKind] ?? '';
      pool.turn += 1;
      return key;
    },
  };
}

function make(properties: Policy['key_props']): KeyObject {
  return properties.kty.startsWith('EC')
    ? generateKeyPairSync('ec', { namedCurve: (properties.crv ?? 'P-256').replace('P-256K', 'secp256k1') }).privateKey
    : generateKeyPairSync('rsa', { modulusLength: properties.key_size ?? 2048 }).privateKey;
}
