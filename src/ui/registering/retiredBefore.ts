/** Which secrets this workspace removed from the directory, so that a run that was cut off can be finished. Never a value. */
import type { RegisteredSecret } from '../../azure/types.ts';
import type { Services } from '../services.ts';

const kept = 10;
const keyOf = (appId: string): string => `retired ${appId.toLowerCase()}`;

export function retiredBefore(appId: string, { memory }: Pick<Services, 'memory'>): readonly RegisteredSecret[] {
  const known = memory.get<unknown>(keyOf(appId));
  return Array.isArray(known) ? (known as RegisteredSecret[]) : [];
}

export async function rememberRetired(
  appId: string,
  secrets: readonly RegisteredSecret[],
  services: Pick<Services, 'memory'>,
): Promise<void> {
  const others = retiredBefore(appId, services).filter(({ keyId }) => !secrets.some((one) => one.keyId === keyId));
  await services.memory.update(keyOf(appId), [...secrets, ...others].slice(0, kept));
}
