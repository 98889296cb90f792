/** From the policy options of a command to what the vault is asked for. */
import type { CreateRequest, LifetimeAction } from '../../azure/types.ts';
import type { LifetimeActionOption, VaultPolicyOptions } from '../automation/vault.ts';

/** What the options leave open, the azure room fills with what suits a client credential. */
export function policyRequest(options: VaultPolicyOptions): CreateRequest['policy'] {
  const { subject = 'client-certificate', subjectAltNames, keyType, keySize, exportable, reuseKey } = options;
  const { contentType, validityMonths, lifetimeAction, issuer, certificateType } = options;
  return {
    subject: subject.includes('=') ? subject : `CN=${subject}`,
    ...(subjectAltNames === undefined ? {} : { subjectAltNames }),
    ...(keyType === 'RSA-HSM' ? { keyType } : {}),
    ...(keySize === undefined ? {} : { keySize }),
    ...(exportable === undefined ? {} : { exportable }),
    ...(reuseKey === undefined ? {} : { reuseKey }),
    ...(contentType === undefined
      ? {}
      : { contentType: contentType === 'pem' ? 'application/x-pem-file' : 'application/x-pkcs12' }),
    ...(validityMonths === undefined ? {} : { validityMonths }),
    ...(lifetimeAction === undefined ? {} : { lifetimeActions: [toAction(lifetimeAction)] }),
    ...(issuer === undefined ? {} : { issuer }),
    ...(certificateType === undefined ? {} : { certificateType }),
  };
}

function toAction({ action, atPercent, daysBeforeExpiry }: LifetimeActionOption): LifetimeAction {
  return {
    action: action === 'renew' ? 'AutoRenew' : 'EmailContacts',
    ...(atPercent === undefined ? {} : { atPercent }),
    ...(daysBeforeExpiry === undefined ? {} : { daysBeforeExpiry }),
  };
}
