/** Sample text that people are meant to replace, as Microsoft's and others' samples have it. */
import type { Node } from '@babel/types';
import { isEmptyValue, keyName, stringValue, unwrap } from './nodes.ts';

const sampleText =
  /^(enter[ _-]|add[ _-]|your?[ _-]?|my[ _-](client|secret)|<.*>$|\[.*\]$|\{.*\}$|\$\{|x+$|\*+$|\.+$|(client|app)[ _-]?secret$|secret$|replace|insert|change[ _-]?me|todo|path_to|cert(ificate)?[ _-]?(thumbprint|private)|thumbprint$|private[ _-]?key$|.*[ _-]here>?$)/i;

/** True for empty text and for sample text such as `Enter_the_Client_Secret_Here`. */
export function isSampleText(value: string): boolean {
  return value.trim() === '' || sampleText.test(value.trim());
}

/** A `clientCertificate` value that says nothing: absent, or an object whose thumbprint and key are empty or sample text. */
export function isPlaceholderCertificate(value: Node): boolean {
  if (isEmptyValue(value)) return true;
  const inner = unwrap(value);
  if (inner.type !== 'ObjectExpression') return false;
  return inner.properties.every((property) => {
    if (property.type !== 'ObjectProperty') return false;
    const text = stringValue(unwrap(property.value));
    return (
      isEmptyValue(property.value) || (keyName(property) !== undefined && text !== undefined && isSampleText(text))
    );
  });
}
