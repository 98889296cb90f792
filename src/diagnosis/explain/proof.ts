/** Explains why a proof failed, with what is known of this very app: what it sends, what the server saw, what is registered. */
import * as l10n from '@vscode/l10n';
import { explainError } from './index.ts';
import type { Explanation } from './types.ts';

export interface FailedProof {
  readonly kind: 'refused' | 'not-replicated' | 'unreachable';
  /** `AADSTS…` or kebab-case. */
  readonly code: string;
  /** The service's words, or full sentences of ours. */
  readonly text: string;
  /** Upper-case hex that the server says it saw. */
  readonly seenThumbprint?: string;
}

export interface ProofCircumstances {
  /** Upper-case hex that the code names, and under which property. */
  readonly configured: string;
  readonly property: 'thumbprint' | 'thumbprintSha256';
  /** Of the certificate that the app's private key belongs to, where it was found. */
  readonly certificate?: { readonly thumbprintSha256: string; readonly thumbprintSha1: string };
  /** Certificates of the app registration; absent when it could not be read. */
  readonly registered?: readonly RegisteredThumbprints[];
  /** It was uploaded a moment ago: the word that counts where the registration could not be read. */
  readonly uploaded?: boolean;
  readonly clientId: string;
}

export interface RegisteredThumbprints {
  readonly thumbprintSha256?: string;
  readonly thumbprintSha1?: string;
  readonly displayName?: string;
}

/** Title, cause and remedies for this case; the code is the failure's own. */
export function explainProof(failure: FailedProof, facts: ProofCircumstances): Explanation {
  const known = explainError(failure.text);
  const { code } = failure;
  if (code === 'AADSTS700027' && /key was not found|not registered/i.test(failure.text))
    return notFound(failure, facts);
  if (known.code !== 'unknown') return { ...known, code, remedies: [...known.remedies, ...listed(facts)] };
  return {
    code,
    title:
      failure.kind === 'unreachable'
        ? l10n.t('The sign-in service could not be reached')
        : l10n.t('No token was given'),
    cause: failure.text,
    remedies:
      failure.kind === 'unreachable'
        ? [
            l10n.t(
              'Check the network, the proxy settings of VS Code and the authority in the app config, then prove again.',
            ),
          ]
        : [l10n.t('Correct this in the app config, then prove again.')],
  };
}

/** The one refusal that waiting may cure: whether it will, the registration tells. */
function notFound(failure: FailedProof, facts: ProofCircumstances): Explanation {
  const { configured, registered, clientId, certificate, uploaded } = facts;
  const saw = failure.seenThumbprint ?? configured;
  const own = ownThumbprint(facts);
  if (own !== undefined && own !== configured)
    return {
      code: failure.code,
      title: l10n.t('The app names another certificate than the one its key belongs to'),
      cause: l10n.t('The app names {0}, but its private key belongs to the certificate {1}.', configured, own),
      remedies: [l10n.t('Write {0} as the thumbprint in the app config or its .env file.', own), ...listed(facts)],
    };
  const isThere = registered?.some((each) => isSame(each, configured, certificate)) ?? uploaded;
  if (isThere === true)
    return {
      code: failure.code,
      title: l10n.t('The directory does not know the certificate everywhere yet'),
      cause: l10n.t(
        'The app registration {0} lists the certificate {1}, but the sign-in service answered that it does not know it. It takes seconds, at times minutes, until a new certificate works everywhere.',
        clientId,
        saw,
      ),
      remedies: [l10n.t('Wait some minutes, then prove again. Nothing is lost: the old secret still works.')],
    };
  return {
    code: failure.code,
    title: l10n.t('The app registration does not know this certificate'),
    cause:
      registered === undefined
        ? l10n.t(
            'The server saw the thumbprint {0}, which is not among the certificates of the app registration {1}.',
            saw,
            clientId,
          )
        : l10n.t(
            'The server saw the thumbprint {0}; the app registration {1} lists {2}.',
            saw,
            clientId,
            registered.length === 0 ? l10n.t('no certificate at all') : registered.map(nameOf).join(', '),
          ),
    remedies: [
      l10n.t('Upload the certificate to this app registration ("Client Certificate: Upload to App Registration").'),
      l10n.t('If you uploaded it a moment ago, wait some minutes and prove again.'),
      l10n.t(
        'Check that client ID and tenant in the app config are those of the app registration that has the certificate.',
      ),
    ],
  };
}

function ownThumbprint({ certificate, property }: ProofCircumstances): string | undefined {
  return property === 'thumbprint' ? certificate?.thumbprintSha1 : certificate?.thumbprintSha256;
}

function isSame(
  registered: RegisteredThumbprints,
  configured: string,
  certificate: ProofCircumstances['certificate'],
): boolean {
  const wanted = [configured, certificate?.thumbprintSha256, certificate?.thumbprintSha1];
  return [registered.thumbprintSha256, registered.thumbprintSha1].some(
    (each) => each !== undefined && each !== '' && wanted.includes(each),
  );
}

function nameOf({ thumbprintSha256, thumbprintSha1, displayName }: RegisteredThumbprints): string {
  const thumbprint = thumbprintSha256 ?? thumbprintSha1 ?? '';
  return displayName === undefined ? thumbprint : l10n.t('{0} ({1})', thumbprint, displayName);
}

function listed({ configured, registered }: ProofCircumstances): string[] {
  if (registered === undefined || registered.length === 0) return [];
  return [l10n.t('The code has {0}; the app registration lists {1}.', configured, registered.map(nameOf).join(', '))];
}
