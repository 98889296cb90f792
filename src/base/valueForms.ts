/** The forms in which a value stands in files: as it is, as JSON writes it, and base64 without padding, as in Kubernetes manifests. */
export function valueForms(value: string): string[] {
  const base64 = Buffer.from(value).toString('base64').replace(/=+$/, '');
  return [...new Set([value, JSON.stringify(value).slice(1, -1), base64])];
}
