/** When a certificate expires soon: one rule for the vault view, the checks and the program for CI. */

const day = 86_400_000;

/** From when on a certificate wants attention. */
export interface ExpiryThresholds {
  /** Days before its end; of short-lived ones at most half their lifetime before. */
  readonly days: number;
  /** Also when so many percent of its lifetime have passed; 100 never. */
  readonly percent: number;
}

/** The settings' defaults: directories replicate, deployments take their time. */
export const defaultExpiryThresholds: ExpiryThresholds = { days: 30, percent: 90 };

/** Times in ms since the epoch. */
export interface Life {
  readonly notBefore?: number;
  readonly expires: number;
}

/** Whether at most so many days are left, and at most this part of its lifetime: one that lives 30 days would warn from birth. */
export function isWithin({ notBefore, expires }: Life, days: number, share: number, now: number): boolean {
  const lifetime = notBefore === undefined ? Infinity : expires - notBefore;
  return expires - now <= Math.min(days * day, lifetime * share);
}

/** Whether a certificate expires soon; also true of one that has expired. @param now ms since the epoch */
export function expiresSoon(life: Life, { days, percent }: ExpiryThresholds, now: number): boolean {
  const { notBefore, expires } = life;
  const passed = notBefore === undefined ? -Infinity : (now - notBefore) / (expires - notBefore);
  return (percent < 100 && passed >= percent / 100) || isWithin(life, days, 1 / 2, now);
}

/** Whether it is urgent: so many days before its end, at most a quarter of its lifetime before. */
export function isUrgent(life: Life, urgentDays: number, now: number): boolean {
  return isWithin(life, urgentDays, 1 / 4, now);
}
