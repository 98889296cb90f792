/** One subject in the forms that certificates, OpenSSL and Windows want it in. */
import { ia5String, objectId, printableString, sequence, setOf, utf8String, type Asn1 } from './derWriting.ts';
import type { NameAttribute } from './subject.ts';

/** The Name of RFC 5280, 4.1.2.4: least specific attribute first, so the reverse of the text (RFC 4514, 2.1). */
export function nameAsn1(attributes: readonly NameAttribute[]): Asn1 {
  const write = { utf8: utf8String, printable: printableString, ia5: ia5String };
  return sequence(
    ...attributes
      .toReversed()
      .map(({ type, value }) => setOf(sequence(objectId(type.oid), write[type.encoding](value)))),
  );
}

/**
 * Argument of `openssl req -subj`: `/O=Contoso/CN=app`. A backslash makes the next character a plain one, so `/`, `+`
 * (which 3.x reads as a joiner) and `\` get one (openssl-req(1), parse_name in apps/lib/apps.c). Needs `-utf8`.
 */
export function openSslSubject(attributes: readonly NameAttribute[]): string {
  return attributes
    .toReversed()
    .map(({ type, value }) => `/${type.openSslName ?? type.name}=${value.replace(/[\\/+]/g, '\\$&')}`)
    .join('');
}

/**
 * Subject for `New-SelfSignedCertificate`, which reads it as CertStrToName does: no backslash escapes; a value with
 * special characters or outer blanks stands in double quotes, and a double quote in it is written twice. The cmdlet's
 * documentation wants semicolons between the parts when a value has a comma.
 */
export function windowsSubject(attributes: readonly NameAttribute[]): string {
  const separator = attributes.some(({ value }) => value.includes(',')) ? '; ' : ', ';
  return attributes
    .map(({ type, value }) => {
      const plain = !/[,+="<>#;]|^\s|\s$/.test(value);
      return `${type.windowsName}=${plain ? value : `"${value.replaceAll('"', '""')}"`}`;
    })
    .join(separator);
}
