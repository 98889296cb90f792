/**
 * node-forge's parts, imported one by one so that the bundle holds only what the room uses; @types/node-forge
 * describes the whole package only.
 */
declare module 'node-forge/lib/asn1.js' {
  import { asn1 } from 'node-forge';
  export default asn1;
}
declare module 'node-forge/lib/x509.js' {
  import { pki } from 'node-forge';
  export default pki;
}
declare module 'node-forge/lib/util.js' {
  import { util } from 'node-forge';
  export default util;
}
declare module 'node-forge/lib/rc2.js' {
  import type { util } from 'node-forge';
  /** RC2 in CBC mode. Absent from @types/node-forge. */
  interface Rc2Cipher {
    start(iv: string): void;
    update(input?: util.ByteStringBuffer): void;
    /** `pad` takes off the padding; without it forge does. */
    finish(pad?: () => boolean): boolean;
    readonly output: util.ByteStringBuffer;
  }
  const rc2: { createDecryptionCipher(key: string, effectiveBits: number): Rc2Cipher };
  export default rc2;
}
